"""Computed lines over matrices as array operations: a sum over an index of a product of two entries is a product of
matrices.

Every expression is read in a frame, the indices of its rows and of its columns: what names both is a matrix there, what
names one a column or a row.  ``Sum(A[i, k] * B[k, j], k)`` in the frame (i, j) is ``A @ B``, the factors that name
(i, k) being read in the frame (i, k) and the others in (k, j); without a factor on one side it is a sum over rows or
columns.  A quantity that is given by a definition becomes a variable of the function.

Where all arguments are vectors, what names one index is computed in the frame (`ALONE`, i), in which vectors have no
other axis, and put along rows or columns afterwards: ``Sum(v[k] * A[k, i], k)`` is ``v @ A`` there, for a whole stack.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.catalogue._formula import Formula
from symbolic.given import Define

from .operations import Operation, _Reader

__all__ = ["definitions_of", "operations_in"]

Frame = tuple[Any, Any]
TURNED = "turned"
ALONE = sp.Dummy("alone")  # in the place of an index, where there is no such axis


def definitions_of(formula: Formula) -> list[Define]:
    """The quantities that the computed line needs, each after those that it needs itself."""
    given = {_tensor(item.target): item for item in formula.derivation.given if isinstance(item, Define)}
    used = {use.name: use for use in formula.uses}
    found: dict[str, Define] = {}

    def visit(e: Any) -> None:
        for symbol in sorted(e.atoms(sp.MatrixSymbol), key=str):
            if symbol.name in given and symbol.name not in found:
                if symbol.name in used:
                    for argument in used[symbol.name].arguments.values():
                        visit(argument)
                else:
                    visit(given[symbol.name].value)
                found[symbol.name] = given[symbol.name]

    visit(formula.computed)
    return list(found.values())


def operations_in(formula: Formula, e: Any, frame: Frame) -> Operation:
    """The operations of an expression whose value has the frame's first index along rows, the second along columns."""
    return _MatrixReader(formula).read_in(e, frame)


class _MatrixReader(_Reader):
    """Reads SymPy trees in a frame of two indices; None stands for an axis of length 1."""

    def __init__(self, formula: Formula) -> None:
        super().__init__(formula)
        self.frame: Frame = (None, None)
        self.known: dict[tuple[Any, Frame], Operation] = {}
        self.sizes = _where_sizes_show(formula)
        by_others = {use.name for use in formula.uses}
        self.columns = {_tensor(item.target) for item in definitions_of(formula)} - by_others
        self.is_of_vectors = not formula.batch and all(len(argument.axes) == 1 for argument in formula.arguments)

    def read_in(self, e: Any, frame: Frame) -> Operation:
        """The expression in another frame."""
        before, self.frame = self.frame, frame
        try:
            return self.read(e)
        finally:
            self.frame = before

    def read(self, e: Any) -> Operation:
        key = (e, self.frame)
        if key not in self.known:
            self.known[key] = self._read(e)
        return self.known[key]

    def _read(self, e: Any) -> Operation:
        if isinstance(e, MatrixElement):
            return self._cell(str(e.parent), e.indices)
        if (lifted := self._lifted(e)) is not None:
            return lifted
        if isinstance(e, sp.KroneckerDelta) and set(e.args) == set(self.frame):
            return Operation("unit_matrix", text=self._own_size())
        if isinstance(e, AppliedUndef):
            return Operation("apply", (self.read(e.args[0]),), e.func.__name__)
        if isinstance(e, sp.Subs):  # f'(u)
            return Operation("apply", (self.read(e.point[0]),), "slope")
        if isinstance(e, sp.Sum):
            return self._contraction(e)
        return super().read(e)

    def _symbol(self, e: Any) -> Operation:
        return Operation("length", text=self.sizes[e.name]) if e.name in self.sizes else super()._symbol(e)

    def _condition(self, e: Any) -> Operation:
        if isinstance(e, sp.Eq) and {e.lhs, e.rhs} == set(self.frame):
            return Operation("diagonal", text=self._own_size())
        return super()._condition(e)

    def _own_size(self) -> str:
        """The size of a value that is square."""
        (letter,) = set(self.formula.result)
        return self.sizes[letter]

    def _lifted(self, e: Any) -> Operation | None:
        """What names one index of two, computed for that alone."""
        rows, columns = self.frame
        named = e.free_symbols & {rows, columns}
        if not self.is_of_vectors or ALONE in self.frame or None in self.frame or len(named) != 1:
            return None
        (index,) = named
        return Operation("column" if index == rows else "row", (self.read_in(e, (ALONE, index)),))

    def _raised(self, base: Any, exponent: Any) -> Operation:
        if exponent == sp.Rational(1, 2) and base.is_integer:
            return Operation("power", (self.read(base),), "0.5")  # a number of Python, which keeps float32
        return super()._raised(base, exponent)

    def _cell(self, tensor: str, indices: Any) -> Operation:
        """An entry of a tensor: as it is, transposed, or as a row or column."""
        rows, columns = self.frame
        whole = Operation("array", text=tensor)
        named = tuple(index for index in indices if index != 0)
        if named in (self.frame, ()) or (ALONE, *named) == self.frame:
            return whole
        if named == (columns, rows):
            return Operation(TURNED, (whole,))
        if named == (rows,):
            return whole if tensor in self.columns else Operation("column", (whole,))
        if named == (columns,):
            return Operation(TURNED if tensor in self.columns else "row", (whole,))
        raise NotImplementedError(f"{self.formula.name}: {tensor}{list(indices)} has no place in {self.frame}")

    def _contraction(self, e: Any) -> Operation:
        """A sum over one index: of rows, of columns, or a product of matrices."""
        bound = e.limits[0][0]
        rows, columns = self.frame
        outside, left, right = [], [], []
        for factor in sp.Mul.make_args(e.function):
            names = factor.free_symbols
            if bound not in names:
                outside.append(factor)
            elif columns is not None and columns in names:
                if rows is not None and rows in names:
                    raise NotImplementedError(f"{self.formula.name}: {factor} names both indices of {self.frame}")
                right.append(factor)
            else:
                left.append(factor)
        result = self._product_over(bound, left, right)
        return Operation("multiply", (*map(self.read, outside), result)) if outside else result

    def _product_over(self, bound: Any, left: list[Any], right: list[Any]) -> Operation:
        rows, columns = self.frame
        if not right and rows is not None:
            return Operation("total", (self.read_in(sp.Mul(*left), (rows, bound)),), "-1")
        if not right or (rows is None and not left):
            return Operation("total", (self.read_in(sp.Mul(*left, *right), (bound, columns)),), "-2")
        if rows is ALONE:
            sides = self.read_in(sp.Mul(*left), (ALONE, bound)), self.read_in(sp.Mul(*right), (bound, columns))
            return Operation("matmul", sides)
        first_named = [f for f in left if rows is not None and rows in f.free_symbols]
        if not first_named:  # what names the bound index only joins the columns
            return Operation("total", (self.read_in(sp.Mul(*left, *right), (bound, columns)),), "-2")
        return Operation("matmul", (self._side(left, (rows, bound)), self._side(right, (bound, columns))))

    def _side(self, factors: list[Any], frame: Frame) -> Operation:
        """One side of a product of matrices, transposed as a whole where that transposes fewer arrays."""
        e = sp.Mul(*factors)
        straight = self.read_in(e, frame)
        turned = Operation(TURNED, (self.read_in(e, frame[::-1]),))
        return min((straight, turned), key=_turns)


def _turns(operation: Operation) -> int:
    return (operation.kind == TURNED) + sum(map(_turns, operation.operands))


def _tensor(target: Any) -> str:
    return str(target.parent.name if isinstance(target, MatrixElement) else target.name)


def _where_sizes_show(formula: Formula) -> dict[str, str]:
    """For each size the text that has it: ``x.shape[-2]``."""
    found: dict[str, str] = {}
    for argument in formula.arguments:
        for position, letter in enumerate(argument.axes):
            found.setdefault(letter, f"{argument.name}.shape[{position - len(argument.axes)}]")
    return found
