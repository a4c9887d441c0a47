r"""A syntax tree in one line, for tests and for looking at.

Leaves stand for themselves, everything else is `(head part part ...)`:

    \frac{\partial L}{\partial W_1} = 2x^T      (= (partial L by (_ W 1)) (juxt 2 (^ x T)))
"""

from __future__ import annotations

from functools import singledispatch

from . import syntax

__all__ = ["outline"]


def outline(node: syntax.Node | None) -> str:
    """The node and all below it in one line."""
    return "." if node is None else _outline(node)


def _list(head: str, *parts: object) -> str:
    return f"({' '.join([head, *(part if isinstance(part, str) else outline(part) for part in parts)])})"  # type: ignore[arg-type]


@singledispatch
def _outline(node: syntax.Node) -> str:
    raise TypeError(type(node).__name__)


@_outline.register
def _(node: syntax.Number) -> str:
    return f"{node.style}:{node.text}" if node.style else node.text


@_outline.register
def _(node: syntax.Symbol) -> str:
    name = f'"{node.name}"' if " " in node.name else node.name
    return ":".join([*reversed(node.accents), *filter(None, [node.style]), name])


@_outline.register
def _(node: syntax.Text) -> str:
    return f'"{node.text}"'


@_outline.register
def _(node: syntax.Dots) -> str:
    return "..."


@_outline.register
def _(node: syntax.Blank) -> str:
    return "_"


@_outline.register
def _(node: syntax.Unreadable) -> str:
    return "UNREADABLE"


@_outline.register
def _(node: syntax.Scripted) -> str:
    text = outline(node.base)
    if node.primes:
        text = f"({'′' * node.primes} {text})"
    if node.subscripts:
        text = _list("_", text, *node.subscripts)
    if node.superscripts:
        text = _list("^", text, *node.superscripts)
    return text


@_outline.register
def _(node: syntax.Juxtaposed) -> str:
    return _list("juxt", *node.items)


@_outline.register
def _(node: syntax.Product) -> str:
    if len(set(node.operators)) == 1:
        return _list(node.operators[0], *node.factors)
    rest = [part for pair in zip(node.operators, node.factors[1:], strict=True) for part in pair]
    return _list("product", node.factors[0], *rest)


@_outline.register
def _(node: syntax.Sum) -> str:
    (sign, first), *rest = node.terms
    head = first if sign == "+" else _list(sign, first)
    return _list("sum", head, *(part for pair in rest for part in pair))


@_outline.register
def _(node: syntax.Signed) -> str:
    return _list(node.sign, node.body)


@_outline.register
def _(node: syntax.Fraction) -> str:
    return _list("frac", node.numerator, node.denominator)


@_outline.register
def _(node: syntax.Root) -> str:
    return _list("root", node.body) if node.degree is None else _list("root", node.body, node.degree)


@_outline.register
def _(node: syntax.Derivative) -> str:
    order = f"{node.kind}^{outline(node.order)}" if node.order is not None else node.kind
    return _list(order, node.of or ".", "by", *node.by)


@_outline.register
def _(node: syntax.Big) -> str:
    return _list(f"Big:{node.operator}", node.lower or ".", node.upper or ".", node.body or ".")


@_outline.register
def _(node: syntax.Call) -> str:
    return _list("call", node.function, node.argument)


@_outline.register
def _(node: syntax.Delimited) -> str:
    return _list(f"{node.open or '.'}{node.close or '.'}", node.body)


@_outline.register
def _(node: syntax.List) -> str:
    if set(node.separators) == {","}:
        return _list("list", *node.items)
    rest = [part for pair in zip(node.separators, node.items[1:], strict=True) for part in pair]
    return _list("list", node.items[0], *rest)


@_outline.register
def _(node: syntax.Matrix) -> str:
    rows = (f"[{' '.join(map(outline, row))}]" for row in node.rows)
    return _list(f"matrix{node.open}{node.close}", *rows)


@_outline.register
def _(node: syntax.Cases) -> str:
    return _list("cases", *node.rows)


@_outline.register
def _(node: syntax.Case) -> str:
    return f"[{outline(node.value)} {outline(node.condition)}]"


@_outline.register
def _(node: syntax.Annotated) -> str:
    return _list(node.kind, node.body) if node.note is None else _list(node.kind, node.body, node.note)


@_outline.register
def _(node: syntax.Relation) -> str:
    return node.operator if node.note is None else _list(node.operator, node.note)


@_outline.register
def _(node: syntax.Condition) -> str:
    return _list(f"{node.word or 'when'}:", *node.statements)


@_outline.register
def _(node: syntax.Statement) -> str:
    beside = [*node.remarks, *node.conditions, *filter(None, [f"#{node.tag}" if node.tag else ""])]
    if not node.relations:
        text = outline(node.sides[0])
    elif len(node.relations) == 1 or len({relation.operator for relation in node.relations}) == 1:
        text = _list(outline(node.relations[0]), *node.sides)
    else:
        rest = [part for pair in zip(node.relations, node.sides[1:], strict=True) for part in pair]
        text = _list("chain", node.sides[0], *rest)
    return _list("with", text, *beside) if beside else text


@_outline.register
def _(node: syntax.Display) -> str:
    return " ; ".join(map(outline, node.statements))
