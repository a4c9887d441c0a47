"""The computed line of a formula as array operations, still without a library: what `printing` writes out.

Sums with what a careful programmer would write, recognised by structure: log(1 + u) is log1p(u), exp(u) - 1 is
expm1(u), 1 - erf(u) is erfc(u), u log u is xlogy(u, u), and the exponential of a difference of two entries is
`exp_difference`, which also takes in what rounding drops from the difference.  Nothing else is rearranged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.catalogue._formula import Formula
from symbolic.notation import Cases

__all__ = ["Operation", "operations_of"]


@dataclass(frozen=True)
class Operation:
    """One operation: its kind, its operands, and the text that a name, number, function or relation has."""

    kind: str
    operands: tuple[Operation, ...] = ()
    text: str = ""

    @property
    def is_constant(self) -> bool:
        """Whether it is the same for all entries: made of numbers and parameters only."""
        if self.kind in ("array", "sum", "position"):
            return False
        return all(operand.is_constant for operand in self.operands)


def operations_of(formula: Formula) -> Operation:
    """The operations of a formula's computed line."""
    return _Reader(formula).read(formula.computed)


def number(value: Any) -> Operation:
    return Operation("number", text=str(value))


ONE, ZERO, NAN = number(1), number(0), number("nan")
_FUNCTIONS = {sp.exp: "exp", sp.log: "log", sp.Abs: "abs", sp.tanh: "tanh", sp.sinh: "sinh", sp.erf: "erf"}
_FUNCTIONS |= {sp.sign: "sign"}
_EXACT = 64  # fractions of small numbers are written as such


def call(name: str, *operands: Operation) -> Operation:
    return Operation("call", operands, name)


def where(condition: Operation, yes: Operation, no: Operation) -> Operation:
    """A selection, as far inside as its branches are alike: 1/s or e/s is (1 or e)/s, to the last bit."""
    alike = (yes.kind, yes.text, len(yes.operands)) == (no.kind, no.text, len(no.operands))
    differing = [k for k, (a, b) in enumerate(zip(yes.operands, no.operands, strict=False)) if a != b]
    if not alike or len(differing) != 1 or yes.kind in _WHOLE or _names_an_index(condition):
        return Operation("where", (condition, yes, no))
    operands = list(yes.operands)
    operands[differing[0]] = where(condition, yes.operands[differing[0]], no.operands[differing[0]])
    return Operation(yes.kind, tuple(operands), yes.text)


_WHOLE = ("sum", "where", "compare", "and", "position")


def _names_an_index(condition: Operation) -> bool:
    return condition.kind == "diagonal" or any(part.kind == "position" for part in condition.operands)


class _Reader:
    """Reads SymPy trees of the constructs that computed lines are made of."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.chosen = {choice.symbol: choice for choice in formula.choices}
        self.labels = {a.symbol for a in formula.arguments if a.axes == ("label",)}
        self.constants = {parameter.symbol for parameter in formula.parameters}

    def read(self, e: Any) -> Operation:
        if isinstance(e, sp.UnevaluatedExpr):
            return self.read(e.args[0])
        if e.is_number:
            return self._number(e)
        if isinstance(e, MatrixElement):
            return self._entry(str(e.parent), e.indices[0])
        if e.is_Symbol:
            return self._symbol(e)
        for kind, rule in _RULES.items():
            if isinstance(e, kind):
                result: Operation = rule(self, e)
                return result
        if type(e) in _FUNCTIONS:
            return call(_FUNCTIONS[type(e)], self.read(e.args[0]))
        raise NotImplementedError(f"{self.formula.name}: no operation for {type(e).__name__}: {e}")

    # ---- atoms

    def _number(self, e: Any) -> Operation:
        if e.is_Integer:
            return number(int(e))
        return number(repr(float(_bare(e).evalf(40))))

    def _symbol(self, e: Any) -> Operation:
        if e in self.constants:
            return Operation("parameter", text=e.name)
        if e.is_integer and e.is_positive:
            return Operation("size")
        return Operation("array", text=e.name)

    def _entry(self, tensor: str, index: Any) -> Operation:
        whole = Operation("array", text=tensor)
        if index in self.chosen and self.chosen[index].of == tensor and not self.chosen[index].by_size:
            return call("max", whole)
        if index in self.chosen or index in self.labels:
            return call("take", whole, self._position(index))
        return whole

    def _position(self, index: Any) -> Operation:
        if index in self.chosen:
            choice = self.chosen[index]
            array = Operation("array", text=choice.of) if isinstance(choice.of, str) else self.read(choice.of)
            return Operation("position", (call("abs", array) if choice.by_size else array,), "largest")
        return Operation("array", text=index.name) if index in self.labels else Operation("position", text="index")

    # ---- arithmetic

    def _add(self, e: Any) -> Operation:
        terms = list(e.args)
        if len(terms) == 2 and any(isinstance(_bare(part), sp.exp) for part in terms) and sp.S.NegativeOne in terms:
            return call("expm1", self.read(next(p for p in terms if p != -1).args[0]))
        if len(terms) == 2 and sp.S.One in terms:
            (other,) = (part for part in terms if part != 1)
            sign, inner = _signed(other)
            if isinstance(inner, sp.erf):
                argument = inner.args[0] if sign < 0 else -inner.args[0]
                return call("erfc", self.read(argument))
        signed = [_signed(term) for term in terms]
        signed.sort(key=lambda part: part[0] < 0)  # what is subtracted comes last
        return Operation("add", tuple(self.read(part) for _, part in signed), "".join("+-"[s < 0] for s, _ in signed))

    def _mul(self, e: Any) -> Operation:
        sign, rest = _signed(e)
        if sign < 0:
            return Operation("negative", (self.read(rest),))
        coefficient, factors = _coefficient(e.args)
        if len(factors) == 2 and any(f == sp.log(g) for f, g in (factors, factors[::-1])) and coefficient == 1:
            inner = self.read(min(factors, key=lambda f: isinstance(f, sp.log)))
            return call("xlogy", inner, inner)
        above, below = [], []
        for factor in factors:
            if isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp < 0:
                below.append(self._raised(factor.base, -factor.exp))
            else:
                above.append(self.read(factor))
        if coefficient.is_Rational and max(abs(coefficient.p), coefficient.q) <= _EXACT:
            above = _with_number(number(coefficient.p), above) if coefficient.p != 1 else above
            below = [number(coefficient.q), *below] if coefficient.q != 1 else below
        else:
            above = _with_number(self._number(coefficient), above)
        top = _product(above) if above else ONE
        return Operation("divide", (top, _product(below))) if below else top

    def _power(self, e: Any) -> Operation:
        if e.exp.is_Rational and e.exp < 0:
            return Operation("divide", (ONE, self._raised(e.base, -e.exp)))
        return self._raised(e.base, e.exp)

    def _raised(self, base: Any, exponent: Any) -> Operation:
        if exponent == 1:
            return self.read(base)
        if exponent == sp.Rational(1, 2):
            return call("sqrt", self.read(base))
        if not exponent.is_Integer:
            raise NotImplementedError(f"{self.formula.name}: the power {exponent}")
        return Operation("power", (self.read(base),), str(exponent))

    def _log(self, e: Any) -> Operation:
        inner = e.args[0]
        if isinstance(inner, sp.Add) and sp.S.One in inner.args:
            return call("log1p", self.read(inner - 1))
        return call("log", self.read(inner))

    def _exp(self, e: Any) -> Operation:
        factors = sp.Mul.make_args(e.args[0])
        differences = [f for f in factors if isinstance(f, sp.UnevaluatedExpr) and self._is_difference(f.args[0])]
        if len(differences) == 1:
            first, second = _minuend_first(differences[0].args[0])
            scale = [1 / f for f in factors if f is not differences[0]]
            return call("exp_difference", *(self.read(part) for part in (first, second, *scale)))
        return call("exp", self.read(e.args[0]))

    def _is_difference(self, e: Any) -> bool:
        return isinstance(e, sp.Add) and len(e.args) == 2 and {_signed(part)[0] for part in e.args} == {1, -1}

    def _extreme(self, e: Any) -> Operation:
        name = "maximum" if isinstance(e, sp.Max) else "minimum"
        operands = sorted((self.read(part) for part in e.args), key=lambda part: part.is_constant)
        result = operands[0]
        for operand in operands[1:]:
            result = call(name, result, operand)
        return result

    # ---- cases, sums, indices

    def _cases(self, e: Any) -> Operation:
        pairs = [(self.read(value), condition) for value, condition in e.args]
        value, condition = pairs[-1]
        result = value
        if value.is_constant and condition not in (True, sp.true):  # NaN meets no condition
            result = where(self._condition(condition), value, NAN)
        for value, condition in reversed(pairs[:-1]):
            result = where(self._condition(condition), value, result)
        return result

    def _condition(self, e: Any) -> Operation:
        if isinstance(e, sp.And):
            return Operation("and", tuple(self._condition(part) for part in sorted(e.args, key=str)))
        operands = [side if side in self._indices() else None for side in (e.lhs, e.rhs)]
        if None not in operands:
            return Operation("compare", (self._position(e.lhs), self._position(e.rhs)), e.rel_op)
        return Operation("compare", (self.read(e.lhs), self.read(e.rhs)), e.rel_op)

    def _indices(self) -> set[Any]:
        return {s for s in self.formula.computed.atoms(sp.Symbol) if s.is_integer and not s.is_positive}

    def _delta(self, e: Any) -> Operation:
        return Operation("compare", tuple(self._position(part) for part in e.args), "==")

    def _sum(self, e: Any) -> Operation:
        body, (bound, _, _) = e.function, e.limits[0]
        factors = sp.Mul.make_args(body)
        for factor in factors:
            left_out = _left_out(factor, bound)
            if left_out is not None:
                rest = self.read(sp.Mul(*(f for f in factors if f is not factor)))
                at = Operation("compare", (Operation("position", text="index"), self._position(left_out)), "==")
                return Operation("sum", (Operation("where", (at, ZERO, rest)),))
        return Operation("sum", (self.read(body),))


_RULES: dict[Any, Any] = {
    sp.Add: _Reader._add,
    sp.Mul: _Reader._mul,
    sp.exp: _Reader._exp,
    sp.Pow: _Reader._power,
    sp.log: _Reader._log,
    sp.Max: _Reader._extreme,
    sp.Min: _Reader._extreme,
    Cases: _Reader._cases,
    sp.Piecewise: _Reader._cases,
    sp.KroneckerDelta: _Reader._delta,
    sp.Sum: _Reader._sum,
}


def _bare(e: Any) -> Any:
    return e.args[0] if isinstance(e, sp.UnevaluatedExpr) else e


def _signed(e: Any) -> tuple[int, Any]:
    """The sign of a term's number, and the term without it."""
    if e.is_number and e.is_Rational:
        return (-1, -e) if e < 0 else (1, e)
    coefficient, _ = e.as_coeff_Mul()
    return (-1, -e) if coefficient.is_Rational and coefficient < 0 else (1, e)


def _minuend_first(e: Any) -> tuple[Any, Any]:
    (minuend,) = (part for part in e.args if _signed(part)[0] > 0)
    (subtrahend,) = (-part for part in e.args if _signed(part)[0] < 0)
    return minuend, subtrahend


def _coefficient(factors: Any) -> tuple[Any, list[Any]]:
    """The product of the numbers among the factors, and the others."""
    numbers = [f for f in factors if f.is_number]
    return sp.Mul(*numbers), [f for f in factors if not f.is_number]


def _product(operands: list[Operation]) -> Operation:
    return operands[0] if len(operands) == 1 else Operation("multiply", tuple(operands))


def _with_number(coefficient: Operation, factors: list[Operation]) -> list[Operation]:
    """The number goes to what is computed, which it is multiplied into, rather than to an array that is given."""
    return [coefficient, *sorted(factors, key=lambda factor: factor.kind == "array")]


def _left_out(factor: Any, bound: Any) -> Any:
    """The index that a factor 1 - delta leaves out of a sum over the bound one."""
    inner = _bare(factor)
    if isinstance(factor, sp.UnevaluatedExpr) and isinstance(inner, sp.Add) and sp.S.One in inner.args:
        other = inner - 1
        sign, delta = _signed(other)
        if sign < 0 and isinstance(delta, sp.KroneckerDelta) and bound in delta.args:
            return next(index for index in delta.args if index != bound)
    return None
