"""Expressions that have a value everywhere, so that what is proved of them for all values stays true of any."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic import Define, notation

from .kept import names_in

__all__ = ["without_far_definitions"]

_SMOOTH = (sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.erf, notation.sigmoid, notation.softplus)
_TOTAL = (notation.relu, sp.Abs, sp.sign, sp.Max, sp.Min, sp.KroneckerDelta)
_FEW = 4


def without_far_definitions(left: Any, right: Any, given: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The definitions of what stands in the claim itself; None where a proof from them need be no proof of the claim.

    Where both sides and all definitions have a value everywhere, what holds for all values of the quantities further
    down holds for those that their own definitions give.
    """
    definitions = [item for item in given if isinstance(item, Define)]
    if len(definitions) < _FEW or len(definitions) < len(given):
        return None  # a condition may contradict the definitions, and nothing is proved from that
    if not all(_is_total(each) for each in (left, right, *(definition.value for definition in definitions))):
        return None
    names = names_in(left) | names_in(right)
    return tuple(item for item in definitions if names_in(item.target) & names)


def _is_total(expression: Any) -> bool:
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, sp.Symbol | sp.Indexed) or node.is_Rational:
            continue
        if isinstance(node, (sp.Add, sp.Mul, *_TOTAL, *_SMOOTH)):
            pending += node.args
        elif (isinstance(node, sp.Pow) and node.args[1].is_Integer and node.args[1].is_positive) or isinstance(
            node, sp.Sum
        ):
            pending.append(node.args[0])
        elif isinstance(node, sp.Piecewise) and node.args[-1].args[1] == sp.true:
            for value, condition in (case.args for case in node.args):
                pending.append(value)
                pending += condition.args
        elif isinstance(node, sp.Subs) and _is_smooth_slope(node):
            pending += node.point
        else:
            return False
    return True


def _is_smooth_slope(node: sp.Subs) -> bool:
    """The derivative of a smooth function by its own variable, evaluated somewhere."""
    body, variables = node.expr, node.variables
    while isinstance(body, notation.Partial) and (body.variable,) == variables:
        body = body.expression
    return isinstance(body, _SMOOTH) and body.args == variables
