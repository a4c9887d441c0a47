"""Rewritings of array operations that change no bit of the value, for what works in place.

Values at one position of each vector are put there instead of chosen entry by entry, and operations are exchanged for
cheaper ones with the same rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .operations import NAN, ONE, ZERO, Operation, call, number, where

__all__ = ["for_blocks"]

_DIVISOR_LIMIT = 1 << 20


def for_blocks(operation: Operation) -> Operation:
    """With positions as places to put values at, differences spelt out, and cheaper operations."""
    for rule in (_spelt_out, _cheaper, _exhaustive, _placed, _unused_where_replaced):
        operation = _everywhere(operation, rule)
    return operation


def _everywhere(operation: Operation, rule: Callable[[Operation], Operation]) -> Operation:
    """The rule at every node, from the leaves up."""
    seen: dict[Operation, Operation] = {}

    def visit(node: Operation) -> Operation:
        if node not in seen:
            seen[node] = rule(replace(node, operands=tuple(map(visit, node.operands))))
        return seen[node]

    return visit(operation)


# ---- what is known as one function in the readable form


def _spelt_out(node: Operation) -> Operation:
    """exp_difference in its own operations; `runtime.exp_difference` says why."""
    if (node.kind, node.text) != ("call", "exp_difference"):
        return node
    first, second, *scale = node.operands
    difference = _minus(first, second)
    back = _minus(first, difference)
    dropped = _plus(_minus(first, _plus(difference, back)), _minus(back, second))
    power = call("exp", _over(difference, scale))
    return _plus(power, Operation("multiply", (power, call("fmax", _over(dropped, scale), number(-1)))))


def _plus(a: Operation, b: Operation) -> Operation:
    return Operation("add", (a, b), "++")


def _minus(a: Operation, b: Operation) -> Operation:
    return Operation("add", (a, b), "+-")


def _over(above: Operation, scale: list[Operation]) -> Operation:
    return Operation("divide", (above, *scale)) if scale else above


# ---- the same rounding for less


def _cheaper(node: Operation) -> Operation:
    if node.kind == "negative":
        (inner,) = node.operands
        if inner.kind in ("multiply", "divide"):
            place = 0 if inner.kind == "multiply" else 1
            if inner.operands[place].kind == "number":
                return _cheaper(_with(inner, place, _negated(inner.operands[place])))
        return node
    if node.kind == "divide" and _is_power_of_two(node.operands[1]):
        return Operation("multiply", (node.operands[0], number(1 / float(node.operands[1].text))))
    return node


def _negated(value: Operation) -> Operation:
    return number(value.text[1:] if value.text.startswith("-") else f"-{value.text}")


def _is_power_of_two(value: Operation) -> bool:
    if value.kind != "number" or not value.text.lstrip("-").isdigit():
        return False
    size = abs(int(value.text))
    return 0 < size <= _DIVISOR_LIMIT and size & (size - 1) == 0


def _with(node: Operation, place: int, operand: Operation) -> Operation:
    return replace(node, operands=(*node.operands[:place], operand, *node.operands[place + 1 :]))


# ---- cases

_OPPOSITE = {">": "<=", "<=": ">", ">=": "<", "<": ">="}


def _exhaustive(node: Operation) -> Operation:
    """`with_nan(where(c, a, b), x)` for two cases that only a NaN in x escapes."""
    if node.kind != "where" or node.operands[2].kind != "where" or node.operands[2].operands[2] != NAN:
        return node
    first, yes, (second, no, _) = node.operands[0], node.operands[1], node.operands[2].operands
    if (first.kind, second.kind) != ("compare", "compare") or first.operands != second.operands:
        return node
    if _OPPOSITE.get(first.text) != second.text:
        return node
    chosen = where(first, yes, no)
    return Operation("with_nan", (chosen, first.operands[0]))


# ---- values at one position of each vector


def _position_of(condition: Operation) -> Operation | None:
    """p, where the condition is that the index is p."""
    if condition.kind != "compare" or condition.text != "==":
        return None
    indices = [part for part in condition.operands if part.kind == "position" and not part.operands]
    others = [part for part in condition.operands if part not in indices]
    return others[0] if indices and others else None


def _placed(node: Operation) -> Operation:
    """`placed(base, p, value)`: the base with a value put at the position p of each vector."""
    if node.kind == "where" and (position := _position_of(node.operands[0])) is not None:
        return Operation("placed", (node.operands[2], position, node.operands[1]))
    if node.kind == "add" and (last := _indicator(node.operands[-1])) is not None:
        factor, position = last
        rest = Operation("add", node.operands[:-1], node.text[:-1]) if len(node.operands) > 2 else node.operands[0]
        return Operation("placed", (rest, position, factor), node.text[-1])
    return node


def _indicator(node: Operation) -> tuple[Operation, Operation] | None:
    """c and p, where the node is c times 1 at p and 0 elsewhere."""
    if (position := _position_of(node)) is not None:
        return ONE, position
    if node.kind == "multiply" and (position := _position_of(node.operands[-1])) is not None:
        factors = node.operands[:-1]
        return (factors[0] if len(factors) == 1 else Operation("multiply", factors)), position
    return None


def _unused_where_replaced(node: Operation) -> Operation:
    """What a value is put over does not matter: a vector with 0 put there serves as well as the vector itself."""
    if node.kind != "placed" or node.text:
        return node
    base, position, value = node.operands
    emptied = {part.operands[0]: part for part in _parts(value) | _parts(base) if _is_emptied(part, position)}
    if not emptied:
        return node

    def visit(part: Operation) -> Operation:
        if part in emptied:
            return emptied[part]
        if part.kind in ("sum", "placed", "position") or (part.kind, part.text) == ("call", "take"):
            return part
        return replace(part, operands=tuple(map(visit, part.operands)))

    return replace(node, operands=(visit(base), position, value))


def _is_emptied(part: Operation, position: Operation) -> bool:
    return part.kind == "placed" and not part.text and part.operands[1:] == (position, ZERO)


def _parts(node: Operation) -> set[Operation]:
    found = {node}
    for operand in node.operands:
        found |= _parts(operand)
    return found
