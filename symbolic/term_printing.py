"""Terms as text a person reads, on one line."""

from __future__ import annotations

from .terms import Index, Term

_SUM, _PRODUCT, _POWER = 1, 2, 3


def text_of(term: Term, level: int = 0) -> str:
    """The term as text; `level` is how tightly the surrounding operator binds."""
    text, own = _write(term)
    return f"({text})" if own < level else text


def index_text(index: Index) -> str:
    """A bound index without the number that keeps it apart."""
    return str(index).split("~")[0]


def _write(term: Term) -> tuple[str, int]:
    op, args = term.op, term.args
    if op == "where":
        return _write(args[0])
    if op == "number":
        return str(args[0]), (_SUM if args[0] < 0 else _PRODUCT if args[0].denominator > 1 else 9)
    if op in ("symbol", "size", "constant"):
        return index_text(args[0]), 9
    if op == "entry":
        return f"{args[0]}[{', '.join(index_text(i) for i in args[1])}]", 9
    if op == "same":
        return f"[{index_text(args[0])} = {index_text(args[1])}]", 9
    if op == "add":
        text = " + ".join(text_of(a, _SUM) for a in args)
        return text.replace("+ -", "- "), _SUM
    if op == "mul":
        return _product(args)
    if op in ("power", "root"):
        return f"{text_of(args[0], _POWER + 1)}^{_exponent(args[1])}", _POWER
    return _write_call(term), 9


def _product(args: tuple[Term, ...]) -> tuple[str, int]:
    if args[0].op == "number" and args[0].args[0] == -1 and len(args) > 1:
        rest, level = _product(args[1:]) if len(args) > 2 else _write(args[1])
        return ("-" + (rest if level >= _PRODUCT else f"({rest})")), _SUM
    return "*".join(text_of(a, _PRODUCT) for a in args), _PRODUCT


def _exponent(exponent: object) -> str:
    text = str(exponent)
    return text if text.isdigit() else f"({text})"


def _write_call(term: Term) -> str:
    op, args = term.op, term.args
    if op in ("exp", "log"):
        return f"{op}({text_of(args[0])})"
    if op == "call":
        return f"{args[0]}({text_of(args[1])})"
    if op == "applied":
        return f"{args[0]}{chr(39) * args[1]}({text_of(args[2])})"
    if op == "sum":
        return f"sum_{index_text(args[0])}({text_of(args[2])})"
    if op == "derivative":
        return f"d({text_of(args[0])})/d({text_of(args[1])})"
    if op == "alike":
        i, j, equal, different = args
        return f"({text_of(equal)} if {index_text(i)} = {index_text(j)} else {text_of(different)})"
    if op == "split":
        guard = text_of(args[0])
        return f"({text_of(args[1])} if {guard} > 0, {text_of(args[2])} if = 0, {text_of(args[3])} if < 0)"
    if op == "table":
        return "{" + "; ".join(f"{text_of(value)} where {text_of(cond)}" for cond, value in args) + "}"
    if op == "join":
        return f"({text_of(args[1][0])} at {text_of(args[0])} = 0)"
    return op
