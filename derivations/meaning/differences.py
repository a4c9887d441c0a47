"""`\\Delta W` is one name."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ..reading import syntax as s

__all__ = ["with_differences"]


def with_differences(node: Any) -> Any:
    """The node with each Delta that stands before a name joined to it."""
    if isinstance(node, tuple):
        return tuple(with_differences(item) for item in node)
    if not isinstance(node, s.Node):
        return node
    changes = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, s.Node | tuple):
            new = with_differences(value)
            if new != value or new is not value:
                changes[each.name] = new
    if changes:
        node = replace(node, **changes)
    return _joined(node) if isinstance(node, s.Juxtaposed) else node


def _joined(node: s.Juxtaposed) -> s.Node:
    items: list[s.Node] = []
    for item in node.items:
        if items and items[-1] == s.Symbol("Delta") and isinstance(item, s.Symbol | s.Scripted):
            joined = _prefixed(item, items[-1])
            if joined is not None:
                items[-1] = joined
                continue
        items.append(item)
    return items[0] if len(items) == 1 else replace(node, items=tuple(items))


def _prefixed(item: s.Symbol | s.Scripted, delta: s.Node) -> s.Node | None:
    if isinstance(item, s.Symbol):
        return replace(item, name=f"Δ{item.name}", place=delta.place | item.place)
    if isinstance(item.base, s.Symbol):
        return replace(item, base=_prefixed(item.base, delta), place=delta.place | item.place)
    return None
