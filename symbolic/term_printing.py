"""Terms as text a person reads, on one line."""

from __future__ import annotations

import re

from .terms import Index, Term

_SUM, _PRODUCT, _POWER = 1, 2, 3
_BOUND = re.compile("\0(([^\0~]*)~[^\0]*)\0")


def text_of(term: Term) -> str:
    """The term as text; bound indices are written without the numbers that keep them apart."""
    return _plain_names(_text(term))


def _plain_names(text: str) -> str:
    """The bound names k~1 and k~2 become k and k'."""
    plain: dict[str, str] = {}
    taken = set(re.findall(r"\w+", _BOUND.sub(" ", text)))
    for name, stem in _BOUND.findall(text):
        if name not in plain:
            while stem in taken:
                stem += "'"
            plain[name] = stem
            taken.add(stem)
    return _BOUND.sub(lambda found: plain[found[1]], text)


def _name(name: Index) -> str:
    """A name; one with a number that keeps it apart is marked, for `_plain_names`."""
    return f"\0{name}\0" if "~" in str(name) else str(name)


def _text(term: Term, level: int = 0) -> str:
    """The term as text; `level` is how tightly the surrounding operator binds."""
    text, own = _write(term)
    return f"({text})" if own < level else text


def _write(term: Term) -> tuple[str, int]:
    op, args = term.op, term.args
    if op == "where":
        return _write(args[0])
    if op == "number":
        return str(args[0]), (_SUM if args[0] < 0 else _PRODUCT if args[0].denominator > 1 else 9)
    if op in ("symbol", "size", "constant"):
        return _name(args[0]), 9
    if op == "entry":
        return f"{args[0]}[{', '.join(map(_name, args[1]))}]", 9
    if op == "inverse":
        return f"{args[0]}^(-1)[{', '.join(map(_name, args[1]))}]", 9
    if op == "determinant":
        return f"det({args[0]})", 9
    if op == "same":
        return f"[{_name(args[0])} = {_name(args[1])}]", 9
    if op == "add":
        text = " + ".join(_text(a, _SUM) for a in args)
        return text.replace("+ -", "- "), _SUM
    if op == "mul":
        return _product(args)
    if op in ("power", "root"):
        return f"{_text(args[0], _POWER + 1)}^{_exponent(args[1])}", _POWER
    return _write_call(term), 9


def _product(args: tuple[Term, ...]) -> tuple[str, int]:
    if args[0].op == "number" and args[0].args[0] == -1 and len(args) > 1:
        rest, level = _product(args[1:]) if len(args) > 2 else _write(args[1])
        return ("-" + (rest if level >= _PRODUCT else f"({rest})")), _SUM
    return "*".join(_text(a, _PRODUCT) for a in args), _PRODUCT


def _exponent(exponent: object) -> str:
    text = str(exponent)
    return text if text.isdigit() else f"({text})"


def _write_call(term: Term) -> str:
    op, args = term.op, term.args
    if op in ("exp", "log"):
        return f"{op}({_text(args[0])})"
    if op == "call":
        return f"{args[0]}({_text(args[1])})"
    if op == "applied":
        return f"{args[0]}{chr(39) * args[1]}({_text(args[2])})"
    if op == "sum":
        return f"sum_{_name(args[0])}({_text(args[2])})"
    if op == "derivative":
        return f"d({_text(args[0])})/d({_text(args[1])})"
    if op == "alike":
        i, j, equal, different = args
        return f"({_text(equal)} if {_name(i)} = {_name(j)} else {_text(different)})"
    if op == "split":
        guard = _text(args[0])
        return f"({_text(args[1])} if {guard} > 0, {_text(args[2])} if = 0, {_text(args[3])} if < 0)"
    if op == "table":
        return "{" + "; ".join(f"{_text(value)} where {_text(cond)}" for cond, value in args) + "}"
    if op == "join":
        return f"({_text(args[1][0])} at {_text(args[0])} = 0)"
    return op
