"""Expressions and what is given, as one line of text a person reads.

A line looks as it does on a blackboard: `Σ_k (y2[k] - t[k])·W2[k, r]`, `∂E/∂W1[r, c]`, `diag(y1 ⊙ (1 - y1))·W2ᵀ`;
with ``plain=True`` it is ASCII: `sum_k (y2[k] - t[k])*W2[k, r]`.  Indices count from 0, and a sum without bounds runs
over the whole range of its index.  Text is for reading only: nothing is ever read back from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.precedence import PRECEDENCE, precedence

from .given import Define, Every, OneHot
from .matrix_printing import MatrixPrinter
from .notation import Partial
from .reading_order import (
    begins_with_minus,
    below_the_bar,
    decimal,
    fresh,
    in_reading_order,
    is_kept_sum,
    is_primed_function,
    is_slope,
    is_softmax,
    restricted,
    softmaxes,
    without_sign,
)

__all__ = ["as_text"]

_ADD, _MUL, _POW, _ATOM = (PRECEDENCE[kind] for kind in ("Add", "Mul", "Pow", "Atom"))
_SLOPE = (_MUL + _POW) // 2  # ∂E/∂z stands free in a product, but (∂E/∂z)² does not
_SIGNS = {
    "sum": ("Σ", "sum"),
    "d": ("∂", "d"),
    "delta": ("δ", "delta"),
    "times": ("·", "*"),
    "hadamard": (" ⊙ ", " .* "),
    "transpose": ("ᵀ", "^T"),
    "root": ("√", "sqrt"),
    "!=": ("≠", "!="),
    ">=": ("≥", ">="),
    "<=": ("≤", "<="),
    "pi": ("π", "pi"),
    "oo": ("∞", "oo"),
}  # on a blackboard, and in ASCII
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def as_text(what: Any, *, plain: bool = False) -> str:
    """An expression, a relation or an item of `given` on one line; ``plain`` keeps to ASCII."""
    if isinstance(what, Define):
        return f"{as_text(what.target, plain=plain)} := {as_text(what.value, plain=plain)}"
    if isinstance(what, Every):
        indices = ", ".join(as_text(index, plain=plain) for index in what.indices)
        return f"{as_text(what.relation, plain=plain)} for every {indices}"
    if isinstance(what, OneHot):
        name = as_text(what.tensor, plain=plain)
        return f"{name} is one-hot" if 1 in what.tensor.shape else f"every row of {name} is one-hot"
    if isinstance(what, sp.Basic | sp.MatrixBase):
        return str(Blackboard(plain).doprint(what))
    return str(what)


class Blackboard(MatrixPrinter):
    """SymPy's text printer with the notation of the blackboard."""

    printmethod = "_never"  # what a class says of its own text does not know the blackboard

    def __init__(self, plain: bool) -> None:
        super().__init__({"full_prec": False})
        self.plain = plain
        self.signs = {name: pair[plain] for name, pair in _SIGNS.items()}
        self.names: dict[Any, str] = {}  # the text that stands for a nameless symbol

    # ---- how tightly the text of an expression binds

    def level(self, e: Any) -> int:
        if isinstance(e, sp.UnevaluatedExpr):
            return self.level(e.args[0])
        if isinstance(e, ElementwiseApplyFunction):
            return self.level(e.function.expr)
        if is_slope(e):
            return _ATOM if is_primed_function(e) else _SLOPE
        if self._closed(e):
            return _ATOM
        if isinstance(e, sp.Sum) or (isinstance(e, sp.Pow) and below_the_bar(e) is not None):
            return _MUL
        if isinstance(e, sp.HadamardProduct | sp.MatMul):
            return _ADD if begins_with_minus(e) else _MUL
        if isinstance(e, sp.HadamardPower | sp.Transpose):
            return _POW
        return int(precedence(e))

    def _closed(self, e: Any) -> bool:
        """Whether the text is a name, a call or a number without a sign."""
        if isinstance(e, sp.Rational) and not isinstance(e, sp.Integer):
            return bool(e > 0 and decimal(e))
        root = isinstance(e, sp.Pow) and e.exp == sp.Rational(1, 2)
        return root or isinstance(e, sp.exp | sp.Subs) or (isinstance(e, sp.Mul | sp.Pow) and is_softmax(e))

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """The text of the item, in parentheses if it binds no tighter (strict: if it binds less tightly)."""
        own = self.level(item)
        text = str(self._print(item))
        return f"({text})" if own < level or (own == level and not strict) else text

    # ---- sums of terms

    def _print_Add(self, e: Any, order: Any = None) -> str:
        return self._signed_sum(list(self._as_ordered_terms(e, order=order)))

    def _print_MatAdd(self, e: Any) -> str:
        return self._signed_sum(list(e.args))

    def _signed_sum(self, terms: list[Any]) -> str:
        """A kept group, or else the first term without a minus, leads; the others stay where they are."""
        positive = [t for t in terms if not begins_with_minus(t)]
        leads = [t for t in terms if is_kept_sum(t)]
        leads += [t for t in positive if t.is_number and len(positive) < len(terms)]
        if lead := next(iter(leads + positive), None):
            terms = [lead, *(t for t in terms if t is not lead)]
        text = ""
        for term in terms:
            own = "1" if isinstance(term, sp.OneMatrix) else self._term(term, first=not text)
            if own.startswith("-") and text:
                text += f" - {own[1:]}"
            else:
                text += f" + {own}" if text else own
        return text

    def _term(self, term: Any, first: bool) -> str:
        return self.parenthesize(term, _ADD, strict=first or begins_with_minus(term))

    # ---- products

    def _print_Mul(self, e: Any) -> str:
        sign, factors = without_sign(e)
        above: list[Any] = []
        below: list[Any] = []
        found, factors = softmaxes(factors)
        for factor in factors:
            if isinstance(factor, sp.Rational) and not isinstance(factor, sp.Integer) and not decimal(factor):
                above += [sp.Integer(factor.p)] if factor.p != 1 else []
                below.append(sp.Integer(factor.q))
            elif (base := below_the_bar(factor)) is not None:
                below.append(base)
            else:
                above.append(factor)
        return sign + self._fraction(above, below, [self._softmax(*parts) for parts in found])

    def _fraction(self, above: list[Any], below: list[Any], ready: list[str]) -> str:
        """Factors over factors; derivatives, and a sum that reaches to the end, come after the fraction."""
        above = in_reading_order(above)
        last = [self._print(above.pop())] if above and isinstance(above[-1], sp.Sum) else []
        slopes = [f for f in above if is_slope(f)]
        upper = [self._factor(f) for f in above if not is_slope(f)]
        numbers = len([f for f in above if f.is_number])
        upper[numbers:numbers] = ready
        sign = self.signs["times"]
        product = sign.join(upper)
        if below:
            product = self._over(product or "1", below)
        wide = f" {sign} " if slopes else sign
        return wide.join([*([product] if product else []), *map(self._factor, slopes), *last]) or "1"

    def _over(self, upper: str, below: list[Any]) -> str:
        """The upper text over the product of the lower factors; a sum may stand open at the very end."""
        if len(below) == 1:
            kept = isinstance(below[0], sp.UnevaluatedExpr)
            return f"{upper}/{self.parenthesize(below[0], _POW if kept else _MUL)}"
        return f"{upper}/({self._times(below, [self._factor(f) for f in below])})"

    def _factor(self, factor: Any) -> str:
        return self.parenthesize(factor, _MUL)

    def _times(self, factors: Iterable[Any], texts: list[str]) -> str:
        sign = self.signs["times"]
        return (f" {sign} " if any(map(is_slope, factors)) else sign).join(texts)

    def _print_Pow(self, e: Any, rational: bool = False) -> str:
        found, rest = softmaxes([e])
        if found:
            return self._fraction(rest, [], [self._softmax(*parts) for parts in found])
        base, exponent = e.args
        if base is sp.E:
            return f"exp({self._print(exponent)})"
        if exponent == sp.Rational(1, 2):
            inner = self._print(base)
            atom = not self.plain and (base.is_Symbol or base.is_Integer) and base.is_nonnegative
            return f"{self.signs['root']}{inner}" if atom else f"{self.signs['root']}({inner})"
        if (below := below_the_bar(e)) is not None:
            return self._over("1", [below])
        return self.parenthesize(base, _POW) + self._exponent(exponent)

    def _exponent(self, exponent: Any) -> str:
        if exponent.is_Integer and not self.plain:
            return str(exponent).translate(_SUPERSCRIPTS)
        return f"^{self.parenthesize(exponent, _POW)}"

    def _print_Rational(self, e: Any) -> str:
        return decimal(e) or f"{e.p}/{e.q}"

    def _print_UnevaluatedExpr(self, e: Any) -> str:
        return str(self._print(e.args[0]))

    # ---- sums over indices, softmax

    def _print_Sum(self, e: Any) -> str:
        body, restriction = restricted(e)
        outer = dict(self.names)
        heads = [self._head(limits, e, restriction) for limits in reversed(e.limits)]
        text = self.parenthesize(body, _MUL, strict=True)
        self.names = outer
        return " ".join([*heads, text])

    def _head(self, limits: Any, e: Any, restriction: Any) -> str:
        k, low, high = limits
        if isinstance(k, sp.Dummy):
            taken = {s.name for s in e.free_symbols | e.function.free_symbols if s != k} | set(self.names.values())
            self.names[k] = fresh(k.name, taken)
        else:
            self.names[k] = k.name
        bounds = self._print(k)
        if restriction is not None and k in restriction.args:
            other = next(a for a in restriction.args if a != k)
            return f"{self.signs['sum']}_{{{bounds} {self.signs['!=']} {self._print(other)}}}"
        if low != 0 or high.is_Integer:
            return f"{self.signs['sum']}_{{{bounds} = {self._print(low)}..{self._print(high)}}}"
        return f"{self.signs['sum']}_{bounds}"

    def _softmax(self, z: Any, i: Any, power: int) -> str:
        text = f"softmax({self._print(z)})[{self._print(i)}]"
        return text if power == 1 else text + self._exponent(sp.Integer(power))

    def _print_Dummy(self, e: Any) -> str:
        return self.names.get(e, e.name)

    # ---- entries, deltas, cases

    def _print_MatrixElement(self, e: Any) -> str:
        indices = e.indices[:1] if e.parent.shape[1] == 1 and e.indices[1] == 0 else e.indices
        return f"{self.parenthesize(e.parent, _ATOM, strict=True)}[{', '.join(map(self._print, indices))}]"

    def _print_Indexed(self, e: Any) -> str:
        return f"{e.base.label}[{', '.join(map(self._print, e.indices))}]"

    def _print_KroneckerDelta(self, e: Any) -> str:
        return f"{self.signs['delta']}({self._print(e.args[0])}, {self._print(e.args[1])})"

    def _print_Piecewise(self, e: Any) -> str:
        return self._table(e.args)

    _print_Cases = _print_Piecewise

    def _table(self, pairs: Iterable[Any]) -> str:
        cases = [
            f"{self._print(value)} {'otherwise' if condition == sp.true else f'if {self._print(condition)}'}"
            for value, condition in pairs
        ]
        return "{" + "; ".join(cases) + "}"

    def _print_Relational(self, e: Any) -> str:
        sign = self.signs.get(e.rel_op, e.rel_op)
        left, right = self._print(e.lhs), self._print(e.rhs)
        return f"{left} {'=' if sign == '==' else sign} {right}"

    def _print_And(self, e: Any, order: Any = None) -> str:
        return " and ".join(self.parenthesize(a, PRECEDENCE["And"]) for a in e.args)

    def _print_Or(self, e: Any) -> str:
        return " or ".join(self.parenthesize(a, PRECEDENCE["Or"]) for a in e.args)

    def _print_Not(self, e: Any) -> str:
        return f"not ({self._print(e.args[0])})"

    def _print_Pi(self, e: Any) -> str:
        return self.signs["pi"]

    def _print_Exp1(self, e: Any) -> str:
        return "e"

    def _print_Infinity(self, e: Any) -> str:
        return self.signs["oo"]

    # ---- functions

    def _print_Max(self, e: Any) -> str:
        return f"max({self._listed(e.args)})"

    def _print_Min(self, e: Any) -> str:
        return f"min({self._listed(e.args)})"

    def _listed(self, args: Iterable[Any]) -> str:
        return ", ".join(map(self._print, sorted(args, key=lambda a: not a.is_number)))  # max(0, u), not max(u, 0)

    def _print_Abs(self, e: Any) -> str:
        return f"|{self._print(e.args[0])}|"

    def _print_Heaviside(self, e: Any) -> str:
        """[u > 0] or [u >= 0] where the value at 0 says so."""
        signs = {sp.Integer(0): ">", sp.Integer(1): self.signs[">="]}
        if len(e.args) == 2 and e.args[1] in signs:
            return f"[{self._print(e.args[0])} {signs[e.args[1]]} 0]"
        return f"Heaviside({self._print(e.args[0])})"

    # ---- derivatives

    def _print_Partial(self, e: Any) -> str:
        return self._slope(e.args[0], e.args[1])

    _print_Gradient = _print_Partial
    _print_Jacobian = _print_Partial

    def _print_Derivative(self, e: Any) -> str:
        if is_primed_function(e):
            return self._primed(e.expr.func, len(e.variables), e.expr.args[0])
        inner = e.expr
        for variable in e.variables:
            inner = Partial(inner, variable)
        return str(self._print(inner))

    def _slope(self, expression: Any, variable: Any) -> str:
        bare = not self.plain and self.level(expression) >= PRECEDENCE["Func"] and not is_slope(expression)
        bare = bare or expression.is_Symbol or isinstance(expression, sp.MatrixSymbol | sp.Indexed)
        if isinstance(expression, MatrixElement):
            bare = isinstance(expression.parent, sp.MatrixSymbol)
        upper = self._print(expression)
        lower = self.parenthesize(variable, _ATOM, strict=True)
        d = self.signs["d"]
        return f"{d}{upper}/{d}{lower}" if bare else f"{d}({upper})/{d}{lower}"

    def _print_Subs(self, e: Any) -> str:
        """f'(u), or a derivative with the point at which it is taken."""
        body = e.expr
        if len(e.variables) == 1 and isinstance(body, sp.Derivative) and isinstance(body.expr, AppliedUndef):
            xi = e.variables[0]
            if body.expr.args == (xi,) and all(v == xi for v in body.variables):
                return self._primed(body.expr.func, len(body.variables), e.point[0])
        points = [f"{self._print(v)} = {self._print(p)}" for v, p in zip(e.variables, e.point, strict=True)]
        return f"({self._print(body)} at {', '.join(points)})"

    def _primed(self, function: Any, order: int, argument: Any) -> str:
        primes = "'" * order if order <= 3 else f"^({order})"
        return f"{function.__name__}{primes}({self._print(argument)})"
