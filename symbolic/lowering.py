"""SymPy in, terms out: the tree is read as it stands; SymPy evaluates nothing on the way.

Bound indices get names of their own on entry, so a bound index called like a free one captures nothing.  The
dimension of every index is inferred from the tensors that it indexes, and checked at every use.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.matexpr import MatrixElement

from . import terms as t
from .case_lowering import CaseReader
from .errors import OutOfReach, ShapeMismatch
from .given import Define
from .given_lowering import GivenReader
from .index_lowering import IndexReader
from .matrix_lowering import MatrixEntries
from .notation import Cases, Partial
from .scope import Scope
from .terms import Claim, Condition, Definition, Dimension, Tensor, Term

LARGEST_EXPONENT = 200
DIGITS_OF_A_NUMBER = 2000

_NAMED_FUNCTIONS = {"erf": "erf", "sin": "sin", "cos": "cos"}


class Lowering(IndexReader, MatrixEntries, CaseReader, GivenReader):
    """Reads the expressions of one claim into terms, and collects their symbols, tensors, indices and sizes."""

    def __init__(self) -> None:
        self.free_indices: dict[Any, Dimension] = {}
        self.sizes: dict[str, int] = {}
        self.symbols: dict[str, str] = {}
        self.tensors: dict[str, Tensor] = {}
        self.definitions: dict[str, Definition] = {}
        self._declared: dict[str, Any] = {}
        self.assumed: dict[str, Condition] = {}  # by name: what the domains do not say
        self._bound = itertools.count()
        self._summed: set[Any] = set()
        self._inferred: set[Any] = set()
        self._handlers = {
            sp.Add: lambda e, s: t.add([self.scalar(a, s) for a in e.args]),
            sp.Mul: lambda e, s: t.mul([self.scalar(a, s) for a in e.args]),
            sp.UnevaluatedExpr: lambda e, s: self.scalar(e.args[0], s),
            sp.Pow: self._power,
            sp.exp: lambda e, s: t.exp(self.scalar(e.args[0], s)),
            sp.log: self._log,
            sp.KroneckerDelta: lambda e, s: t.same(*self._pair(e.args[0], e.args[1], s)),
            sp.Sum: self._sum,
            sp.Derivative: self._derivative,
            sp.Subs: self._substitution,
            sp.Piecewise: self._piecewise,
            sp.Max: lambda e, s: self._extreme(e, s, 1),
            sp.Min: lambda e, s: self._extreme(e, s, -1),
            sp.Abs: lambda e, s: self._absolute(self.scalar(e.args[0], s)),
            sp.sign: lambda e, s: t.split(self.scalar(e.args[0], s), t.ONE, t.ZERO, t.number(-1)),
            sp.Heaviside: self._heaviside,
            sp.Trace: self._trace,
            sp.Determinant: self.determinant,
            Partial: lambda e, s: t.derivative(self.scalar(e.expression, s), self._variable(e.variable, s)),
            Cases: self._table,
        }

    # ---- scalars

    def tensor(self, symbol: Any, shape: Iterable[Any]) -> str:
        """The name of a tensor, declared with its shape."""
        name = str(symbol.name if hasattr(symbol, "name") else symbol.label)
        self._declare(name, symbol)
        if name not in self.tensors:
            self.tensors[name] = Tensor(tuple(self.dimension(d) for d in shape), _domain(symbol))
        return name

    def scalar(self, e: Any, scope: Scope) -> Term:
        """The term of a scalar expression."""
        if e not in scope.terms:
            scope.terms[e] = self._scalar(e, scope)
        return scope.terms[e]

    def _scalar(self, e: Any, scope: Scope) -> Term:
        if isinstance(e, MatrixExpr):
            if e.shape == (1, 1):
                return self.entry(e, 0, 0, scope)
            raise ShapeMismatch(f"shape {e.shape}", "a scalar")
        if e.is_Rational:
            return t.number(_rational(e))
        if e.is_Float:
            return t.number(_decimal(e))
        if e.is_Symbol:
            return self._symbol(e, scope)
        if e is sp.pi:
            return t.make("constant", ("pi",))
        if e is sp.E:
            return t.exp(t.ONE)
        if isinstance(e, MatrixElement):
            return self._matrix_element(e, scope)
        if isinstance(e, sp.Indexed):
            return self._indexed(e, scope)
        if isinstance(e, AppliedUndef):
            return self._undefined_function(e, scope)
        for kind in type(e).__mro__:
            if kind in self._handlers:
                return self._handlers[kind](e, scope)
        if isinstance(e, sp.Function) and len(e.args) == 1:
            return self._function(e.func.__name__, self.scalar(e.args[0], scope))
        raise OutOfReach(f"{type(e).__name__} is not a construct that is decided: {str(e)[:80]}")

    def _symbol(self, e: Any, scope: Scope) -> Term:
        if e in scope.parameters:
            return scope.parameters[e]
        if e in scope.indices or e in self.free_indices:
            raise OutOfReach(f"the index {e} is used as a number")
        if e.is_integer and e.is_positive:
            return t.size(self.dimension(e))
        if e.is_commutative is False or e.is_real is False:
            raise OutOfReach(f"{e} is not a real variable")
        self._declare(e.name, e)
        self.symbols.setdefault(e.name, _domain(e))
        if e.is_nonzero and self.symbols[e.name] == "real":
            self.assumed[e.name] = Condition("!=", t.symbol(e.name))
        return t.symbol(e.name)

    def _matrix_element(self, e: Any, scope: Scope) -> Term:
        rows, columns = (self.dimension(d) for d in e.parent.shape)
        return self.entry(
            e.parent, self.index(e.indices[0], scope, rows), self.index(e.indices[1], scope, columns), scope
        )

    def _indexed(self, e: Any, scope: Scope) -> Term:
        shape = e.base.shape
        if shape is None:
            shape = [self._dimension_of(i, scope) for i in e.indices]
            if None in shape:
                raise OutOfReach(
                    f"the shape of {e.base} is not known; declare it: IndexedBase({str(e.base)!r}, shape=(...))"
                )
            shape = [d if isinstance(d, int) else sp.Symbol(d, integer=True, positive=True) for d in shape]
        name = self.tensor(e.base, shape)
        dimensions = self.tensors[name].dimensions
        if len(dimensions) != len(e.indices):
            raise ShapeMismatch(f"{len(e.indices)} indices", f"{name} with {len(dimensions)}")
        return t.entry(name, [self.index(i, scope, d) for i, d in zip(e.indices, dimensions, strict=True)])

    def _undefined_function(self, e: Any, scope: Scope) -> Term:
        if len(e.args) != 1:
            raise OutOfReach(f"an undefined function of {len(e.args)} arguments: {e}")
        if e.is_extended_nonnegative or e.is_extended_nonpositive or e.is_integer:
            raise OutOfReach(f"{e.func} is declared to have a sign or whole values; give that as a condition")
        return t.applied(e.func.__name__, 0, self.scalar(e.args[0], scope))

    def _power(self, e: Any, scope: Scope) -> Term:
        base, exponent = e.args
        if base is sp.E:
            return t.exp(self.scalar(exponent, scope))
        if exponent.is_Integer:
            if abs(int(exponent)) > LARGEST_EXPONENT:
                raise OutOfReach(f"the exponent {exponent} is larger than {LARGEST_EXPONENT}")
            return t.power(self.scalar(base, scope), int(exponent))
        if exponent.is_Rational:
            return t.root(self.scalar(base, scope), _rational(exponent))
        if exponent.is_integer and not base.is_positive:
            raise OutOfReach(f"a symbolic whole power of what may be negative: {e}")
        return t.exp(t.mul((self.scalar(exponent, scope), t.log(self.scalar(base, scope)))))

    def _log(self, e: Any, scope: Scope) -> Term:
        if len(e.args) == 2:
            return t.mul((t.log(self.scalar(e.args[0], scope)), t.reciprocal(t.log(self.scalar(e.args[1], scope)))))
        return t.log(self.scalar(e.args[0], scope))

    def _function(self, name: str, u: Term) -> Term:
        if name in _NAMED_FUNCTIONS:
            return t.call(_NAMED_FUNCTIONS[name], u)
        up, down = t.exp(u), t.exp(t.negative(u))
        half = t.number(Fraction(1, 2))
        unfoldings = {
            "sigmoid": lambda: t.reciprocal(t.add((t.ONE, down))),
            "relu": lambda: t.split(u, u, t.ZERO, t.ZERO),
            "softplus": lambda: t.log(t.add((t.ONE, up))),
            "sinh": lambda: t.mul((half, t.subtract(up, down))),
            "cosh": lambda: t.mul((half, t.add((up, down)))),
            "tanh": lambda: t.mul((t.subtract(up, down), t.reciprocal(t.add((up, down))))),
            "coth": lambda: t.mul((t.add((up, down)), t.reciprocal(t.subtract(up, down)))),
            "sech": lambda: t.mul((t.number(2), t.reciprocal(t.add((up, down))))),
            "csch": lambda: t.mul((t.number(2), t.reciprocal(t.subtract(up, down)))),
        }
        if name not in unfoldings:
            raise OutOfReach(f"the function {name} is not known here")
        return unfoldings[name]()

    def _sum(self, e: Any, scope: Scope) -> Term:
        bound: list[tuple[str, Dimension]] = []
        for symbol, low, high in reversed(e.limits):
            dimension = self._range(low, high, symbol)
            if symbol.name in self.sizes and not isinstance(symbol, sp.Dummy):  # a dummy is nothing but itself
                raise OutOfReach(f"the size {symbol} is used as an index")
            self._summed.add(symbol)
            name = self.fresh(symbol.name)
            scope = scope.binding(symbol, name, dimension)
            bound.append((name, dimension))
        body = self.scalar(e.function, scope)
        for name, dimension in reversed(bound):
            body = t.total(name, dimension, body)
        return body

    def _range(self, low: Any, high: Any, symbol: Any) -> Dimension:
        low, high = sp.sympify(low, strict=True), sp.sympify(high, strict=True)
        if low != 0:
            raise OutOfReach(f"the sum over {symbol} starts at {low}; indices are counted from 0 here")
        if high.is_Integer:
            if high < -1:
                raise OutOfReach(f"the sum over {symbol} ends at {high}, below its start")
            return int(high) + 1
        return self.dimension(high + 1)

    def _trace(self, e: Any, scope: Scope) -> Term:
        rows, columns = (self.dimension(d) for d in e.arg.shape)
        if rows != columns:
            raise ShapeMismatch(f"{rows} rows", f"{columns} columns under a trace")
        i = self.fresh("i")
        return t.total(i, rows, self.entry(e.arg, i, i, scope))

    # ---- derivatives

    def _variable(self, e: Any, scope: Scope) -> Term:
        variable = self.scalar(e, scope)
        if variable.op not in ("symbol", "entry"):
            raise OutOfReach(f"a derivative by {e}: only by a symbol or an entry of a tensor")
        if e in scope.parameters and "~" not in variable.args[0]:
            raise OutOfReach(f"a derivative by {e}, for which {variable!r} is substituted")
        return variable

    def _derivative(self, e: Any, scope: Scope) -> Term:
        body = self.scalar(e.expr, scope)
        for variable, count in e.variable_count:
            if not sp.sympify(count, strict=True).is_Integer:
                raise OutOfReach(f"a derivative of order {count}")
            for _ in range(int(count)):
                body = t.derivative(body, self._variable(variable, scope))
        return body

    def _substitution(self, e: Any, scope: Scope) -> Term:
        """f'(u), or a derivative taken first and evaluated at u: the variable becomes a definition of its own."""
        body = e.expr
        if len(e.variables) == 1 and isinstance(body, sp.Derivative) and isinstance(body.expr, AppliedUndef):
            xi = e.variables[0]
            if body.expr.args == (xi,) and all(v == xi for v in body.variables):
                return t.applied(body.expr.func.__name__, len(body.variables), self.scalar(e.point[0], scope))
        outer = scope
        for variable, value in zip(e.variables, e.point, strict=True):
            scope = scope.with_parameter(variable, self.named(variable, self.scalar(value, outer)))
        return self.scalar(body, scope)

    def named(self, variable: Any, value: Term) -> Term:
        """A quantity of its own that is defined to have the value: derivatives by it cut it loose."""
        name, indices = self.fresh(variable.name), tuple(sorted(value.free))
        self.definitions[name] = Definition(name, indices, value)
        return t.entry(name, indices) if indices else t.symbol(name)


def _domain(symbol: Any) -> str:
    if isinstance(symbol, MatrixExpr):
        return "real"
    assumed = symbol.label if isinstance(symbol, sp.IndexedBase) else symbol
    for domain in ("positive", "negative", "nonnegative"):
        if getattr(assumed, f"is_{domain}"):
            return domain
    for other in ("integer", "irrational", "nonpositive"):
        if getattr(assumed, f"is_{other}"):
            raise OutOfReach(f"{symbol} is declared {other}; variables are real, positive, nonnegative or negative")
    return "real"


def _rational(e: Any) -> Fraction:
    if max(int(e.p).bit_length(), int(e.q).bit_length()) > DIGITS_OF_A_NUMBER * 4:
        raise OutOfReach(f"a number of more than {DIGITS_OF_A_NUMBER} digits")
    return Fraction(int(e.p), int(e.q))


def _decimal(e: Any) -> Fraction:
    """A decimal in a formula is the rational that its digits say."""
    if abs(e._mpf_[2]) > DIGITS_OF_A_NUMBER * 4:
        raise OutOfReach(f"a number of more than {DIGITS_OF_A_NUMBER} digits")
    return Fraction(str(e))


def lower(left: Any, right: Any, given: Iterable[Any] = ()) -> Claim:
    """The claim ``left = right`` in lowered form.

    Raises OutOfReach for a construct that is not decided, ShapeMismatch where shapes do not conform.
    """
    reader = Lowering()
    left, right = sp.sympify(left, strict=True), sp.sympify(right, strict=True)
    matrices = [isinstance(side, MatrixExpr) for side in (left, right)]
    if all(matrices) and tuple(left.shape) != tuple(right.shape):
        raise ShapeMismatch(_shape_text(left.shape), _shape_text(right.shape))
    given = [_as_definition(g) for g in given]
    for side in (left, right):
        reader.infer(side)
    for item in given:
        if isinstance(item, Define):
            reader.define(item)
    indices: dict[str, Dimension] = {}
    if any(matrices) and not all(tuple(s.shape) == (1, 1) for s, m in zip((left, right), matrices, strict=True) if m):
        if not all(matrices):
            raise ShapeMismatch(
                *(_shape_text(s.shape) if m else "a scalar" for s, m in zip((left, right), matrices, strict=True))
            )
        names = (reader.unused("row"), reader.unused("column"))
        row, column = (0 if reader.dimension(d) == 1 else x for x, d in zip(names, left.shape, strict=True))
        indices = {str(x): reader.dimension(d) for x, d in zip((row, column), left.shape, strict=True) if x != 0}
        terms = [reader.entry(side, row, column, Scope()) for side in (left, right)]
    else:
        terms = [reader.scalar(side, Scope()) for side in (left, right)]
    conditions = [reader.condition(item) for item in given if not isinstance(item, Define)]
    conditions += [*reader.assumed.values(), *_signs_of_definitions(reader)]
    indices |= {str(symbol.name): d for symbol, d in reader.free_indices.items()}
    return Claim(
        terms[0],
        terms[1],
        indices,
        reader.sizes,
        reader.symbols,
        reader.tensors,
        reader.definitions,
        tuple(c for c in conditions if c is not None),
    )


def _signs_of_definitions(reader: Lowering) -> Iterator[Condition]:
    """A defined symbol that is declared to have a sign restricts what it is made of."""
    for name in reader.definitions:
        if name in reader.tensors and reader.tensors[name].domain != "real":
            raise OutOfReach(
                f"{name} is defined and declared {reader.tensors[name].domain}; give its sign as a condition"
            )
        domain = reader.symbols.get(name, "real")
        if domain != "real":
            term = t.symbol(name)
            yield Condition(
                ">=" if domain == "nonnegative" else ">", t.negative(term) if domain == "negative" else term
            )


def _shape_text(shape: Any) -> str:
    return " x ".join(str(d) for d in shape)


def _as_definition(given: Any) -> Any:
    """``Eq`` with a whole matrix symbol at its left side is a definition."""
    if isinstance(given, sp.Eq) and isinstance(given.lhs, sp.MatrixSymbol) and isinstance(given.rhs, MatrixExpr):
        return Define(given.lhs, given.rhs)
    return given
