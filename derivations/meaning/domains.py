"""What stands behind an "in": shapes, sizes, indices, labels, intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .errors import MeaningError
from .names import canonical

__all__ = ["Domain", "bounds_of", "domain_of", "is_real_space"]


@dataclass(frozen=True)
class Domain:
    """``kind`` is "real", "sizes", "indices", "labels", "onehot", "interval" or "values"."""

    kind: str
    shape: tuple[Any, ...] = ()
    sign: str = "real"
    labels: tuple[s.Node, ...] = ()
    low: tuple[str, Any] | None = None
    high: tuple[str, Any] | None = None
    values: tuple[sp.Rational, ...] = ()

    def conditions(self, entry: sp.Expr) -> list[Any]:
        """What holds of every entry."""
        if self.kind == "values":
            differences = [kept.add((entry, kept.negative(value))) for value in self.values]
            return [kept.compare("=", kept.mul(differences), kept.ZERO)]
        bounds = (self.low, self.high)
        return [kept.compare(bound[0], entry, bound[1]) for bound in bounds if bound is not None]


def is_real_space(node: s.Node) -> bool:
    """Whether the node is the real numbers, or tuples of them."""
    base = node.base if isinstance(node, s.Scripted) else node
    if not isinstance(base, s.Symbol):
        return False
    return base.name in ("Re", "Reals", "reals", "mathbb{R}", "ℝ") or (
        base.name == "R" and base.style in ("blackboard", "bold", "roman")
    )


def domain_of(node: s.Node, size: Callable[[s.Node], Any]) -> Domain:
    """The domain that a node names.

    Raises:
        MeaningError: it names none that is known.
    """
    if is_real_space(node):
        return _real_space(node, size)
    base = node.base if isinstance(node, s.Scripted) else node
    if isinstance(base, s.Symbol) and base.name in ("N", "Z") and base.style == "blackboard":
        return Domain("sizes")
    if isinstance(node, s.Delimited) and node.open in ("{", "lbrace"):
        return _set(node, size)
    if isinstance(node, s.Delimited) and isinstance(node.body, s.List) and len(node.body.items) == 2:
        return _interval(node)
    if isinstance(node, s.Scripted) and _is_power_of_a_set(node):
        inner = domain_of(node.base, size)
        if inner.kind in ("interval", "values"):
            return replace(inner, shape=_shape(node.superscripts[0], size, node))
    onehot = _onehot(node, size)
    if onehot is not None:
        return onehot
    if isinstance(base, s.Symbol) and base.style not in ("blackboard", "fraktur") and not _has_superscript(node):
        return Domain("indices", (size(node),))
    raise MeaningError(
        f"{canonical(node)} is no domain that is known",
        "write $\\mathbb{R}^{n \\times m}$, $\\{1, \\dots, n\\}$, $\\mathbb{N}$, $[0, 1]$ or $\\mathrm{onehot}(n)$",
        place=node.place,
    )


def _has_superscript(node: s.Node) -> bool:
    return isinstance(node, s.Scripted) and bool(node.superscripts or node.primes)


def _real_space(node: s.Node, size: Callable[[s.Node], Any]) -> Domain:
    sign = "real"
    if isinstance(node, s.Scripted) and node.subscripts:
        text = canonical(node.subscripts[0]).replace(canonical(s.Blank()), "").replace(" ", "")
        sign = {"+": "nonnegative", ">0": "positive", "++": "positive", "geq0": "nonnegative"}.get(text, "")
        if not sign:
            raise MeaningError(f"the real numbers with the subscript {text}", place=node.place)
    if not isinstance(node, s.Scripted) or not node.superscripts:
        return Domain("real", (), sign)
    return Domain("real", _shape(node.superscripts[0], size, node), sign)


def _is_power_of_a_set(node: s.Scripted) -> bool:
    """`\\{0, 1\\}^n`, `[0, 1]^{m \\times n}`."""
    return isinstance(node.base, s.Delimited) and len(node.superscripts) == 1 and not node.subscripts


def _shape(exponent: s.Node, size: Callable[[s.Node], Any], node: s.Node) -> tuple[Any, ...]:
    """The shape of tuples and matrices: n, m \\times n."""
    factors: tuple[s.Node, ...] = (exponent,)
    if isinstance(exponent, s.Product) and all(operator in ("times", "cdot", "*") for operator in exponent.operators):
        factors = exponent.factors
    sizes = tuple(size(factor) for factor in factors)
    if len(sizes) == 1:
        sizes = (sizes[0], sp.Integer(1))
    if len(sizes) > 2:
        raise MeaningError("tensors of more than two dimensions are not declared so", place=node.place)
    return () if sizes == (1, 1) else sizes


def _set(node: s.Delimited, size: Callable[[s.Node], Any]) -> Domain:
    items = node.body.items if isinstance(node.body, s.List) else (node.body,)
    if any(isinstance(item, s.Dots) for item in items):
        first, last = items[0], items[-1]
        if not isinstance(first, s.Number) or first.text not in ("0", "1"):
            raise MeaningError("a range that starts neither at 0 nor at 1", place=node.place)
        if first.text == "0":
            if not (isinstance(last, s.Sum) and len(last.terms) == 2 and last.terms[1] == ("-", s.Number("1"))):
                raise MeaningError("a range from 0 ends at a size less 1", place=node.place)
            last = last.terms[0][1]
        return Domain("indices", (size(last),))
    numbers = [_number(item) for item in items]
    if [value for value in numbers if value is not None] in ([0, 1], [-1, 1], [1, -1], [1, 0]):
        return Domain("values", values=tuple(value for value in numbers if value is not None))
    if all(isinstance(item, s.Number | s.Symbol | s.Juxtaposed | s.Text) for item in items):
        return Domain("labels", labels=tuple(items))
    raise MeaningError(f"the set {canonical(node)} is not read", place=node.place)


def bounds_of(left: s.Node, right: s.Node) -> list[s.Statement]:
    """`0 \\leq x` and `x < 1`, of x in [0, 1): what an interval says of something that has a meaning."""
    if not isinstance(right, s.Delimited) or not isinstance(right.body, s.List) or len(right.body.items) != 2:
        return []
    if isinstance(left, s.List) or right.open not in ("(", "[") or right.close not in (")", "]"):
        return []
    low, high = right.body.items
    bounds = []
    if _number(low) is not None:
        bounds.append(s.Statement((left, low), (s.Relation("geq" if right.open == "[" else ">"),)))
    if _number(high) is not None:
        bounds.append(s.Statement((left, high), (s.Relation("leq" if right.close == "]" else "<"),)))
    return bounds


def _number(node: s.Node) -> sp.Rational | None:
    if isinstance(node, s.Number):
        return kept.number(node.text)
    if isinstance(node, s.Signed) and node.sign in ("-", "+") and isinstance(node.body, s.Number):
        return kept.number(node.sign + node.body.text)
    return None


def _interval(node: s.Delimited) -> Domain:
    assert isinstance(node.body, s.List)
    ends: list[sp.Rational | None] = []
    for item in node.body.items:
        text = canonical(item)
        if text.lstrip("+-") in ("infty", "\\infty"):
            ends.append(None)
            continue
        bound = _number(item)
        if bound is None:
            raise MeaningError(f"the bound {text} of an interval", place=item.place)
        ends.append(bound)
    low = None if ends[0] is None else (">=" if node.open == "[" else ">", ends[0])
    high = None if ends[1] is None else ("<=" if node.close == "]" else "<", ends[1])
    return Domain("interval", low=low, high=high)


def _onehot(node: s.Node, size: Callable[[s.Node], Any]) -> Domain | None:
    if isinstance(node, s.Call):
        name, brackets = node.function, node.argument
    elif isinstance(node, s.Juxtaposed) and len(node.items) == 2:
        name, brackets = node.items
    else:
        return None
    if canonical(name) != "onehot" or not isinstance(brackets, s.Delimited):
        return None
    return Domain("onehot", (size(brackets.body), sp.Integer(1)))
