r"""Expressions and what is given, as TeX: `\frac{e^{z_{i}}}{\sum_{k} e^{z_{k}}}`.

The order of terms and factors is that of the text (`symbolic.printing`): both read as one would write them on a
blackboard.  A sum without bounds runs over the whole range of its index; indices count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.precedence import PRECEDENCE

from .given import Define, Every, OneHot
from .printing import Blackboard
from .reading_order import begins_with_minus, below_the_bar, decimal, entrywise_rank, is_slope, restricted
from .tex_names import FUNCTIONS, RELATIONS, name_in_tex

__all__ = ["as_tex"]

_TALL = re.compile(r"\\frac|\\sum|\\begin|\\sqrt|\\left\(")
_SIGNS = {
    "sum": r"\sum",
    "d": r"\partial",
    "delta": r"\delta",
    "times": r"\,",
    "hadamard": r" \odot ",
    "transpose": r"^{\top}",
    "root": r"\sqrt",
    "pi": r"\pi",
    "oo": r"\infty",
} | RELATIONS
_FRACTION = (PRECEDENCE["Mul"] + PRECEDENCE["Pow"]) // 2  # stands free in a product, but not under a power
_LONGEST = 18  # digits that are all written
_DIGITS = 6  # of a decimal that is longer than people write


def as_tex(what: Any, names: Mapping[str, str] | None = None) -> str:
    """An expression, a relation or an item of `given` as TeX of math mode; `names` holds TeX for symbols by name."""
    if isinstance(what, Define):
        return f"{as_tex(what.target, names)} := {as_tex(what.value, names)}"
    if isinstance(what, Every):
        indices = ", ".join(as_tex(index, names) for index in what.indices)
        return rf"{as_tex(what.relation, names)} \text{{ for every }} {indices}"
    if isinstance(what, OneHot):
        every = "" if 1 in what.tensor.shape else r"\text{every row of } "
        return rf"{every}{as_tex(what.tensor, names)} \text{{ is one-hot}}"
    if isinstance(what, sp.Basic | sp.MatrixBase):
        return str(_Tex(names or {}).doprint(what))
    return rf"\text{{{what}}}"


class _Tex(Blackboard):
    """The blackboard's printer with TeX for its notation."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(plain=False)
        self.signs = _SIGNS
        self.given_names = names
        self.in_line = False  # fractions are written with a slash

    @contextmanager
    def _line(self, in_line: bool = True) -> Iterator[None]:
        before, self.in_line = self.in_line, in_line
        try:
            yield
        finally:
            self.in_line = before

    # ---- parentheses

    def level(self, e: Any) -> int:
        if isinstance(e, sp.UnevaluatedExpr) and isinstance(e.args[0], sp.Mul) and not self.in_line:
            return _FRACTION if _is_fraction(e.args[0]) else super().level(e)
        return super().level(e)

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        own = self.level(item)
        text = str(self._print(item))
        return _group(text) if own < level or (own == level and not strict) else text

    # ---- names and numbers

    def _print_Symbol(self, e: Any) -> str:
        return self.given_names.get(e.name) or name_in_tex(e.name)

    def _print_MatrixSymbol(self, e: Any) -> str:
        return self.given_names.get(e.name) or name_in_tex(e.name)

    def _print_Dummy(self, e: Any) -> str:
        return self.names.get(e) or name_in_tex(e.name)

    def _print_Rational(self, e: Any) -> str:
        if text := decimal(e, _LONGEST):
            return text
        if e.q >= 10**_DIGITS:  # a decimal with more digits than anybody reads
            return rf"{float(e):.{_DIGITS}g}\ldots"
        sign, above = ("-", -e.p) if e.p < 0 else ("", e.p)
        return f"{e.p}/{e.q}" if self.in_line else rf"{sign}\frac{{{above}}}{{{e.q}}}"

    # ---- fractions and powers

    def _print_Mul(self, e: Any) -> str:
        return super()._print_Mul(sp.Mul(*map(self._decimal, e.args), evaluate=False) if e.atoms(sp.Rational) else e)

    def _decimal(self, factor: Any) -> Any:
        """A number with many digits as a name, which does not fall apart into numerator and denominator."""
        if not factor.is_Rational or factor.q < 10**_DIGITS:
            return factor
        text = str(self._print(abs(factor)))
        name = sp.Dummy(text, positive=True)
        self.names[name] = text
        return name if factor > 0 else -name

    def _fraction(self, above: list[Any], below: list[Any], ready: list[str]) -> str:
        if self.in_line or not below:
            return super()._fraction(above, below, ready)
        above, below = _reduced(above, below)
        sums = [f for f in above if isinstance(f, sp.Sum)]
        tables = [f for f in above if _is_table(f)]
        slopes = [f for f in above if is_slope(f)]
        behind = [*tables, *slopes, *sums[-1:]]
        upper = [f for f in above if f not in behind]
        alone = len(upper) == 1 and not ready
        top = str(self._print(upper[0])) if alone else super()._fraction(upper, [], ready)
        rest = super()._fraction(behind, [], []) if behind else ""
        return self._over(top or "1", below) + (rf"\,{rest}" if rest else "")

    def _over(self, upper: str, below: list[Any]) -> str:
        if self.in_line:
            return super()._over(upper, below)
        lower = str(self._print(below[0])) if len(below) == 1 else super()._fraction(below, [], [])
        return rf"\frac{{{upper}}}{{{lower}}}"

    def _print_Pow(self, e: Any, rational: bool = False) -> str:
        base, exponent = e.args
        if exponent == sp.Rational(1, 2):
            with self._line(False):
                return rf"\sqrt{{{self._print(base)}}}"
        if _is_root(base) or isinstance(_bare(base), sp.exp):
            return _group(str(self._print(base))) + self._exponent(exponent)
        name = FUNCTIONS.get(type(base).__name__, "")
        if exponent.is_Integer and exponent > 0 and name in (r"\tanh", r"\sinh", r"\cosh"):
            return f"{name}^{{{exponent}}}{self._argument(base.args[0])}"
        return super()._print_Pow(e)

    def _exponent(self, exponent: Any) -> str:
        with self._line():
            return f"^{{{self._print(exponent)}}}"

    def _print_exp(self, e: Any) -> str:
        with self._line():
            text = str(self._print(e.args[0]))
        if _TALL.search(text):
            return rf"\exp{self._argument(e.args[0])}"
        return f"e^{{{text}}}"

    _print_ExpBase = _print_exp

    # ---- sums, softmax

    def _print_Sum(self, e: Any) -> str:
        body, restriction = restricted(e)
        left_out = None
        if restriction is None and len(e.limits) == 1:
            left_out, body = _without_term(body, e.limits[0][0])
        outer = dict(self.names)
        heads = [self._head(limits, e, restriction) for limits in reversed(e.limits)]
        if left_out is not None:
            heads = [rf"\sum_{{{self._print(e.limits[0][0])} \neq {self._print(left_out)}}}"]
        text = self.parenthesize(body, PRECEDENCE["Mul"], strict=True)
        self.names = outer
        return " ".join([*heads, text])

    def _head(self, limits: Any, e: Any, restriction: Any) -> str:
        k, low, high = limits
        super()._head(limits, e, restriction)  # names the bound index
        index = self.names[k] = name_in_tex(self.names[k])
        if restriction is not None and k in restriction.args:
            other = next(a for a in restriction.args if a != k)
            return rf"\sum_{{{index} \neq {self._print(other)}}}"
        if low != 0 or high.is_Integer:
            return rf"\sum_{{{index} = {self._print(low)}}}^{{{self._print(high)}}}"
        return rf"\sum_{{{index}}}"

    def _softmax(self, z: Any, i: Any, power: int) -> str:
        raised = "" if power == 1 else f"^{{{power}}}"
        return rf"\operatorname{{softmax}}({self._print(z)})_{{{self._print(i)}}}{raised}"

    # ---- entries, deltas, cases

    def _print_MatrixElement(self, e: Any) -> str:
        indices = e.indices[:1] if e.parent.shape[1] == 1 and e.indices[1] == 0 else e.indices
        name = self.parenthesize(e.parent, PRECEDENCE["Atom"], strict=True)
        lower = re.fullmatch(r"(.+)_\{([^{}]*)\}", name)  # W_{1} has its entries W_{1, ij}
        place = self._indices(indices)
        return f"{lower[1]}_{{{lower[2]}, {place}}}" if lower else f"{name}_{{{place}}}"

    def _print_Indexed(self, e: Any) -> str:
        return f"{name_in_tex(str(e.base.label))}_{{{self._indices(e.indices)}}}"

    def _indices(self, indices: Iterable[Any]) -> str:
        texts = [str(self._print(index)) for index in indices]
        return (" " if all(len(text) == 1 for text in texts) else ", ").join(texts)

    def _print_KroneckerDelta(self, e: Any) -> str:
        return rf"\delta_{{{self._indices(e.args)}}}"

    def _table(self, pairs: Iterable[Any]) -> str:
        rows = []
        for value, condition in pairs:
            where = r"\text{otherwise}" if condition == sp.true else rf"\text{{if }} {self._print(condition)}"
            rows.append(rf"\displaystyle {self._print(value)} & {where}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    _print_Piecewise = _print_Cases = lambda self, e: self._table(e.args)

    def _print_And(self, e: Any, order: Any = None) -> str:
        return r" \text{ and } ".join(str(self._print(a)) for a in e.args)

    def _print_Or(self, e: Any) -> str:
        return r" \text{ or } ".join(str(self._print(a)) for a in e.args)

    # ---- functions

    def _argument(self, e: Any) -> str:
        with self._line(False):
            return _group(str(self._print(e)))

    def _print_Function(self, e: Any) -> str:
        name = FUNCTIONS.get(type(e).__name__) or name_in_tex(type(e).__name__)
        return name + _group(", ".join(str(self._print(a)) for a in e.args))

    def _print_Max(self, e: Any) -> str:
        return rf"\max{_group(self._listed(e.args))}"

    def _print_Min(self, e: Any) -> str:
        return rf"\min{_group(self._listed(e.args))}"

    def _print_Abs(self, e: Any) -> str:
        return rf"\left|{self._print(e.args[0])}\right|"

    def _print_Heaviside(self, e: Any) -> str:
        text = super()._print_Heaviside(e)
        return text if text.startswith("[") else rf"\operatorname{{H}}{self._argument(e.args[0])}"

    # ---- derivatives

    def _slope(self, expression: Any, variable: Any) -> str:
        lower = self._print(variable)
        upper = str(self._print(expression))
        if expression.is_Symbol or isinstance(expression, MatrixElement | sp.MatrixSymbol | sp.Indexed):
            return rf"\frac{{\partial {upper}}}{{\partial {lower}}}"
        closed = self.level(expression) >= PRECEDENCE["Func"] and not begins_with_minus(expression)
        body = upper if closed and not is_slope(expression) else _group(upper)
        return rf"\frac{{\partial}}{{\partial {lower}}} {body}"

    def _primed(self, function: Any, order: int, argument: Any) -> str:
        primes = "'" * order if order <= 3 else f"^{{({order})}}"
        return f"{name_in_tex(function.__name__)}{primes}{self._argument(argument)}"

    def _print_Subs(self, e: Any) -> str:
        return super()._print_Subs(e).replace(" at ", r" \text{ at } ")

    # ---- matrices

    def _print_HadamardProduct(self, e: Any) -> str:
        factors = sorted(e.args, key=entrywise_rank)
        return self.signs["hadamard"].join(self._factor(f) for f in factors)

    def _print_HadamardPower(self, e: Any) -> str:
        base = self.parenthesize(e.base, PRECEDENCE["Atom"], strict=True)
        return rf"{base}^{{\odot {self._print(e.exp)}}}"

    def _print_DiagMatrix(self, e: Any) -> str:
        return rf"\operatorname{{diag}}{self._argument(e.args[0])}"

    def _print_Trace(self, e: Any) -> str:
        return rf"\operatorname{{tr}}{self._argument(e.arg)}"

    def _print_OneMatrix(self, e: Any) -> str:
        return r"\mathbf{1}"

    def _print_MatrixBase(self, e: Any) -> str:
        rows = [" & ".join(map(self._print, e.row(r))) for r in range(e.rows)]
        return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"

    _print_DenseMatrix = _print_MutableDenseMatrix = _print_ImmutableDenseMatrix = _print_MatrixBase
    _print_ImmutableMatrix = _print_MatrixBase


def _group(text: str) -> str:
    """In parentheses, tall ones where something tall stands in them."""
    return rf"\left({text}\right)" if _TALL.search(text) else f"({text})"


def _is_fraction(e: Any) -> bool:
    return any(below_the_bar(f) is not None for f in e.args) and not begins_with_minus(e)


def _reduced(above: list[Any], below: list[Any]) -> tuple[list[Any], list[Any]]:
    """One over the root of 2 for the root of 2 over 2, as SymPy keeps it."""
    for root in above:
        if isinstance(root, sp.Pow) and root.exp == sp.Rational(1, 2) and root.base in below:
            return [f for f in above if f is not root], [root if f == root.base else f for f in below]
    return above, below


def _bare(e: Any) -> Any:
    return e.args[0] if isinstance(e, sp.UnevaluatedExpr) else e


def _is_root(e: Any) -> bool:
    return isinstance(_bare(e), sp.Pow) and _bare(e).exp == sp.Rational(1, 2)


def _is_table(e: Any) -> bool:
    return isinstance(e, sp.Piecewise) or type(e).__name__ == "Cases"


def _without_term(body: Any, bound: Any) -> tuple[Any, Any]:
    """The index whose term a factor 1 - delta leaves out of a sum, and the body without that factor."""
    factors = sp.Mul.make_args(body)
    for factor in factors:
        inner = factor.args[0] if isinstance(factor, sp.UnevaluatedExpr) else None
        if not isinstance(inner, sp.Add) or len(inner.args) != 2 or sp.S.One not in inner.args:
            continue
        delta = -next(term for term in inner.args if term != 1)
        if isinstance(delta, sp.KroneckerDelta) and bound in delta.args:
            other = next(index for index in delta.args if index != bound)
            return other, sp.Mul(*(f for f in factors if f is not factor), evaluate=False)
    return None, body
