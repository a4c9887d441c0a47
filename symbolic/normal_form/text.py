"""Polynomials as text, for messages."""

from __future__ import annotations

from typing import Any

from .polynomials import Atom, Poly


def poly_text(poly: Poly) -> str:
    """The polynomial on one line."""
    parts = []
    for monomial, c in poly.items():
        factors = [_atom(a) + ("" if e == 1 else f"^{e}" if str(e).isdigit() else f"^({e})") for a, e in monomial]
        if c != 1 or not factors:
            factors.insert(0, str(c))
        parts.append("*".join(factors))
    return " + ".join(parts).replace("+ -1*", "- ").replace("+ -", "- ") or "0"


def _index(index: Any) -> str:
    return str(index).split(":")[0].split("~")[0] or "k"


def _atom(atom: Atom) -> str:
    args = atom.args
    if atom.kind in ("symbol", "constant", "size"):
        return str(args[0]).split("~")[0]
    if atom.kind == "entry":
        return f"{args[0]}[{', '.join(map(_index, args[1]))}]"
    if atom.kind in ("inverse", "determinant"):
        indices = f"[{', '.join(map(_index, args[1]))}]" if atom.kind == "inverse" else ""
        return f"{atom.kind}({args[0]}){indices}"
    if atom.kind == "same":
        return f"[{_index(args[0])} = {_index(args[1])}]"
    if atom.kind == "exp":
        return f"exp({poly_text({args[0]: 1})})"  # type: ignore[dict-item]
    if atom.kind == "sum":
        return f"sum({poly_text({args[1]: 1})})"  # type: ignore[dict-item]
    if atom.kind == "applied":
        return f"{args[0]}{chr(39) * args[1]}({poly_text(args[2])})"
    if atom.kind in ("positive", "zero"):
        return f"[{poly_text(args[0])} {'>' if atom.kind == 'positive' else '='} 0]"
    if atom.kind == "root":
        return f"({poly_text(args[1])})^(1/{args[0]})"
    name = {"lump": "", "call": str(args[0])}.get(atom.kind, atom.kind)
    return f"{name}({poly_text(args[-1])})"
