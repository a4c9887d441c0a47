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
        if isinstance(item, s.Scripted) and item.base == s.Symbol("nabla") and len(item.subscripts) == 1:
            rest = items[position + 1 :]
            of = rest[0] if len(rest) == 1 else s.Juxtaposed(tuple(rest), place=rest[0].place | rest[-1].place)
            items[position:] = [s.Derivative("nabla", of, item.subscripts, place=item.place | of.place)]
            break
    return items[0] if len(items) == 1 else replace(node, items=tuple(items))


def _pair(first: s.Node, second: s.Node) -> s.Node | None:
    """Two items as one, where they belong together."""
    if first == s.Symbol("Delta") and isinstance(second, s.Symbol | s.Scripted):
        return _prefixed(second, first)
    body = second.body if isinstance(second, s.Delimited) else None
    if isinstance(first, s.Number) and first.style and isinstance(body, s.Statement):
        return s.Scripted(first, (body,), place=first.place | second.place)
    return None


def _prefixed(item: s.Symbol | s.Scripted, delta: s.Node) -> s.Node | None:
    place = delta.place | item.place
    if isinstance(item, s.Symbol):
        return replace(item, name=f"Δ{item.name}", place=place)
    if isinstance(item.base, s.Symbol):
        return replace(item, base=replace(item.base, name=f"Δ{item.base.name}", place=place), place=place)
    return None
