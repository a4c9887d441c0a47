r"""Fractions and slashes that are derivatives: what stands above and below is split at its signs d or \partial."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from .source import Place
from .syntax import Derivative, Fraction, Juxtaposed, Node, Number, Product, Scripted, Sum, Symbol

__all__ = ["fraction", "slash_derivatives"]

_KINDS = ("partial", "d", "delta", "Delta")
_KINDS_WITH_ORDER = ("partial", "d")
Fail = Callable[[Place, str, str, str], NoReturn]


def fraction(numerator: Node, denominator: Node, place: Place, fail: Fail) -> Node:
    r"""The derivative that a fraction is, else the fraction.

    `\frac{\delta x}{\delta y}` with bare signs on both sides is a derivative of kind "delta"; a \partial on one side
    only is an error, a `d` on one side only is a variable.
    """
    above, below = _kind(numerator), _kind(denominator)
    if "partial" in (above, below) and above != below:
        lone, other = (numerator, "below") if above == "partial" else (denominator, "above")
        fail(lone.place, r"\partial on one side of the line only", rf"\partial {other} the line too", "")
    if above is None or above != below or (above != "partial" and _bare(denominator)):
        return Fraction(numerator, denominator, place=place)
    if isinstance(numerator, Sum):
        fail(numerator.place, rf"a sum behind {above}", "a product, or the sum in brackets", "write brackets around it")
    order, of = _head_and_rest(numerator)
    if of is None and above in ("delta", "Delta"):
        return Fraction(numerator, denominator, place=place)
    return Derivative(above, of, _variables(denominator, above, fail), order, place=place)


def slash_derivatives(factors: list[Node], operators: list[str], fail: Fail) -> tuple[list[Node], list[str]]:
    r"""The factors of a product with every `\partial A / \partial B` and `dA/dB` in it made a derivative."""
    done, left = [factors[0]], []
    for operator, factor in zip(operators, factors[1:], strict=True):
        above, below = _kind(done[-1]), _kind(factor)
        if operator == "/" and above == below and above in ("partial", "d") and not _bare(factor):
            items = factor.items if isinstance(factor, Juxtaposed) else ()
            if len(items) > 2:
                met, mend = "more than one factor behind the slash", r"write \frac{...}{...}"
                fail(factor.place, met, f"a single variable behind {above}", mend)
            done[-1] = fraction(done[-1], factor, done[-1].place | factor.place, fail)
        else:
            done.append(factor)
            left.append(operator)
    return done, left


def _kind(node: Node) -> str | None:
    """The kind of derivative whose sign a numerator or denominator begins with; d and \\partial may have an order."""
    first = _first(node)
    kinds: tuple[str, ...] = _KINDS
    if isinstance(first, Scripted) and _is_order(first):
        first, kinds = first.base, _KINDS_WITH_ORDER
    if isinstance(first, Symbol) and first.style in ("", "roman") and not first.accents and first.name in kinds:
        return first.name
    return None


def _is_order(sign: Scripted) -> bool:
    """Whether a sign carries the order of a derivative: a number or a small letter, and nothing else."""
    if sign.subscripts or sign.primes or len(sign.superscripts) != 1:
        return False
    (order,) = sign.superscripts
    return isinstance(order, Number) or (isinstance(order, Symbol) and len(order.name) == 1 and order.name.islower())


def _first(node: Node) -> Node:
    while isinstance(node, (Juxtaposed, Product, Sum)):
        if isinstance(node, Sum):
            node = node.terms[0][1]
        else:
            node = (node.items if isinstance(node, Juxtaposed) else node.factors)[0]
    return node


def _bare(node: Node) -> bool:
    """Whether there is nothing but the sign."""
    return _first(node) is node


def _head_and_rest(node: Node) -> tuple[Node | None, Node | None]:
    """The order that the sign above the line carries, and what stands behind the sign."""
    first = _first(node)
    order = first.superscripts[0] if isinstance(first, Scripted) else None
    if first is node:
        return order, None
    if isinstance(node, Product):
        _, rest = _head_and_rest(node.factors[0])
        if rest is None:  # the sign times something: no derivative of it
            return order, node
        place = Place(rest.place.start, node.place.end)
        return order, Product((rest, *node.factors[1:]), node.operators, place=place)
    assert isinstance(node, Juxtaposed)
    return order, _juxtaposed(node.items[1:])


def _variables(node: Node, kind: str, fail: Fail) -> tuple[Node, ...]:
    """What stands behind each sign below the line."""
    if _bare(node):
        fail(node.place, f"nothing behind {_sign(kind)} below the line", "what the derivative is taken by", "")
    if not isinstance(node, Juxtaposed):
        fail(
            node.place, f"an operator behind {_sign(kind)} below the line", f"a variable behind each {_sign(kind)}", ""
        )
    groups: list[list[Node]] = []
    for item in node.items:
        if _kind(item) == kind and not (groups and not groups[-1] and kind != "partial"):
            groups.append([])
        else:
            groups[-1].append(item)
    if not all(groups):
        fail(node.place, f"{_sign(kind)} with nothing behind it", f"a variable behind each {_sign(kind)}", "")
    return tuple(_juxtaposed(tuple(group)) for group in groups)


def _sign(kind: str) -> str:
    return kind if kind == "d" else f"\\{kind}"


def _juxtaposed(items: tuple[Node, ...]) -> Node:
    return items[0] if len(items) == 1 else Juxtaposed(items, place=items[0].place | items[-1].place)
