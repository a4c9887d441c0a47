"""One spelling for what is written in several ways: `\\Delta W` is a name, `\\nabla_W L` a derivative."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ..reading import syntax as s

__all__ = ["respelled"]


def respelled(node: Any) -> Any:
    """The node with Deltas joined to their names, gradients as derivatives, and indicators with conditions below."""
    if isinstance(node, tuple):
        return tuple(respelled(item) for item in node)
    if not isinstance(node, s.Node):
        return node
    changes = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, s.Node | tuple):
            new = respelled(value)
            if new != value or new is not value:
                changes[each.name] = new
    if changes:
        node = replace(node, **changes)
    return _joined(node) if isinstance(node, s.Juxtaposed) else node


def _joined(node: s.Juxtaposed) -> s.Node:
    items: list[s.Node] = []
    for item in node.items:
        joined = _pair(items[-1], item) if items else None
        if joined is None:
            items.append(item)
        else:
            items[-1] = joined
    for position, item in enumerate(items[:-1]):
        order = _order_of_gradient(item)
        if order:
            by = item.subscripts if isinstance(item, s.Scripted) else ()
            rest = items[position + 1 :]
            of = rest[0] if len(rest) == 1 else s.Juxtaposed(tuple(rest), place=rest[0].place | rest[-1].place)
            written = s.Number(str(order)) if order > 1 else None
            items[position:] = [s.Derivative("nabla", of, by * order, written, place=item.place | of.place)]
            break
    return items[0] if len(items) == 1 else replace(node, items=tuple(items))


def _order_of_gradient(node: s.Node) -> int:
    """1 for `\\nabla` and `\\nabla_w`, 2 for `\\nabla_w^2`, 0 for anything else."""
    if node == s.Symbol("nabla"):
        return 1
    if not isinstance(node, s.Scripted) or node.base != s.Symbol("nabla") or node.primes or len(node.subscripts) > 1:
        return 0
    orders: dict[tuple[s.Node, ...], int] = {(): 1, (s.Number("2"),): 2}
    return orders.get(node.superscripts, 0)


def _pair(first: s.Node, second: s.Node) -> s.Node | None:
    """Two items as one, where they belong together."""
    if first == s.Symbol("Delta") and isinstance(second, s.Symbol | s.Scripted):
        return _prefixed(second, first)
    body = second.body if isinstance(second, s.Delimited) else None
    if isinstance(body, s.Statement) and _announces_a_condition(first):
        return s.Scripted(s.Number("1", "blackboard"), (body,), place=first.place | second.place)
    return None


def _announces_a_condition(node: s.Node) -> bool:
    """Whether a condition in brackets behind it is counted: `\\mathbb{1}[i = j]`, `1\\{i = j\\}`, `I(i = j)`."""
    return (isinstance(node, s.Number) and node.text == "1") or (
        isinstance(node, s.Symbol) and node.name in ("I", "chi")
    )


def _prefixed(item: s.Symbol | s.Scripted, delta: s.Node) -> s.Node | None:
    place = delta.place | item.place
    if isinstance(item, s.Symbol):
        return replace(item, name=f"Δ{item.name}", place=place)
    if isinstance(item.base, s.Symbol):
        return replace(item, base=replace(item.base, name=f"Δ{item.base.name}", place=place), place=place)
    return None
