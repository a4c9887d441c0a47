"""Rewritings of array operations that change no bit of the value, for what works in place.

Values at one position of each vector are put there instead of chosen entry by entry, and operations are exchanged for
cheaper ones with the same rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .operations import NAN, ONE, ZERO, Operation, call, number

__all__ = ["for_blocks", "spelt_out", "with_steps"]

_DIVISOR_LIMIT = 1 << 20


def for_blocks(operation: Operation) -> Operation:
    """With positions as places to put values at, differences spelt out, and cheaper operations."""
    for rule in (_spelt_out, _cheaper, _step, _placed, _beside_its_value, _unused_where_replaced):
        operation = _everywhere(operation, rule)
    return operation


def spelt_out(operation: Operation) -> Operation:
    """With what is known as one function in the readable form in its own operations, and positions beside values."""
    return _everywhere(_everywhere(operation, _spelt_out), _beside_its_value)


def with_steps(operation: Operation) -> Operation:
    """With every 1 for x > 0 and 0 for x <= 0 as one operation."""
    return _everywhere(operation, _step)


def in_floats(operation: Operation) -> Operation:
    """With numbers as floats: NumPy takes a third longer for whole ones, as it asks each time what they fit in."""
    return _everywhere(operation, _float)


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
    correction = Operation("without_nan", (_over(dropped, scale),))
    return _plus(power, Operation("multiply", (power, correction)))


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
        numbers = [k for k, part in enumerate(inner.operands) if part.kind == "number"]
        if inner.kind in ("multiply", "divide") and numbers:
            return _with(inner, numbers[0], _negated(inner.operands[numbers[0]]))
        return node
    if node.kind == "call" and node.text in _CLIPPED:
        return _clipped(node)
    if node.kind == "divide" and _is_power_of_two(node.operands[1]):
        return Operation("multiply", (node.operands[0], number(1 / float(node.operands[1].text))))
    return node


_INFINITY = number("np.inf")
_CLIPPED = {"maximum": (1, 2), "minimum": (2, 1)}  # what is given, and what is left infinite


def _clipped(node: Operation) -> Operation:
    """`clip` for bounds that are numbers: it is fast for those, where maximum and minimum are fast for arrays."""
    inner, bound = node.operands
    if not bound.is_constant:
        return node
    place, other = _CLIPPED[node.text]
    infinite = _INFINITY if place == 2 else Operation("negative", (_INFINITY,))
    if (inner.kind, inner.text) == ("call", "clip") and inner.operands[place] == infinite:
        if not _in_order(*((inner.operands[other], bound) if place == 2 else (bound, inner.operands[other]))):
            return node
        return _with(inner, place, bound)
    infinite = _INFINITY if other == 2 else Operation("negative", (_INFINITY,))
    return call("clip", inner, *((bound, infinite) if place == 1 else (infinite, bound)))


def _in_order(low: Operation, high: Operation) -> bool:
    if low.kind == high.kind == "number":
        return float(low.text) <= float(high.text)
    return low == Operation("negative", (high,))


def _float(node: Operation) -> Operation:
    is_whole = node.kind == "number" and node.text.lstrip("-").isdigit()
    return number(f"{node.text}.0") if is_whole else node


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


def _step(node: Operation) -> Operation:
    """`step(x)` for 1 where x > 0, 0 where x <= 0, and NaN elsewhere."""
    if node.kind != "where" or node.operands[2].kind != "where":
        return node
    (above, one, below) = node.operands
    if (one, below.operands[1:]) != (ONE, (ZERO, NAN)) or (above.kind, above.text) != ("compare", ">"):
        return node
    if above.operands[1] != ZERO or below.operands[0] != replace(above, text="<="):
        return node
    return Operation("step", (above.operands[0],))


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


def _beside_its_value(node: Operation) -> Operation:
    """A position with the entry that is there, which says where to look."""
    if node.kind == "position" and len(node.operands) == 1:
        return replace(node, operands=(*node.operands, call("max", node.operands[0])))
    return node


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
        if part.kind == "placed":
            return _with(part, 0, visit(part.operands[0]))
        if part.kind in ("sum", "position") or (part.kind, part.text) == ("call", "take"):
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
