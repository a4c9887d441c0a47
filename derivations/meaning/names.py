"""Names as declarations and formulas write them: which scripts belong to a name, and which are left over.

`W_1`, `a^{[l]}`, `y_{out}` and `\\hat y` are names if they are declared; what is left of the scripts are indices,
powers or transposes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..reading import syntax as s

__all__ = ["GREEK", "SAMPLE", "Candidate", "candidates", "canonical", "is_transpose", "script_atoms", "style_of"]

#: letters that are written out
GREEK = frozenset(
    {
        *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta"),
        *("theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi"),
        *("pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon"),
        *("phi", "varphi", "chi", "psi", "omega", "ell"),
    }
)

#: the mark of a name whose first subscript stood above it in brackets: `x^{(i)}`
SAMPLE = "sample"

_PLAIN_STYLES = ("", "roman", "italic")


@dataclass(frozen=True)
class Candidate:
    """One way to take a name off a node: its key, and the scripts that are left."""

    key: str
    style: str
    subscripts: tuple[s.Node, ...]
    superscripts: tuple[s.Node, ...]
    primes: int
    whole_superscripts: bool  # none of them belongs to the name


def canonical(node: s.Node) -> str:
    """The node as text, the same for all ways to write it; styles are left out."""
    match node:
        case s.Number(text=text):
            return text
        case s.Symbol(name=name, accents=accents):
            name = f"\\{name}" if name.lower() in GREEK else name
            for accent in accents:
                name = f"{name}^{{()}}" if accent == SAMPLE else f"\\{accent}{{{name}}}"
            return name
        case s.Text(text=text):
            return text.strip()
        case s.Scripted(base=base, subscripts=below, superscripts=above, primes=primes):
            return _key(base, script_atoms(below), script_atoms(above), primes)
        case s.Annotated(body=body):
            return canonical(body)
    return _composite(node)


def _composite(node: s.Node) -> str:
    match node:
        case s.Juxtaposed(items=items):
            return "".join(map(canonical, items))
        case s.List(items=items):
            return ",".join(map(canonical, items))
        case s.Delimited(open=opening, body=body, close=closing):
            return f"{opening}{canonical(body)}{closing}"
        case s.Sum(terms=terms):
            return "".join(sign + canonical(term) for sign, term in terms).removeprefix("+")
        case s.Signed(sign=sign, body=body):
            return sign + canonical(body)
        case s.Product(factors=factors, operators=operators):
            return _interleaved(factors, operators)
        case s.Statement(sides=sides, relations=relations):
            return _interleaved(sides, tuple(relation.operator for relation in relations))
        case s.Call(function=function, argument=argument):
            return canonical(function) + canonical(argument)
        case s.Big(operator=operator, lower=lower, upper=upper, body=body):
            return operator + "".join(f"[{'' if part is None else canonical(part)}]" for part in (lower, upper, body))
        case s.Fraction(numerator=above, denominator=below):
            return f"({canonical(above)})/({canonical(below)})"
    return repr(node)


def _interleaved(nodes: tuple[s.Node, ...], signs: tuple[str, ...]) -> str:
    return canonical(nodes[0]) + "".join(f" {o} {canonical(n)}" for o, n in zip(signs, nodes[1:], strict=True))


def _key(base: s.Node, below: tuple[s.Node, ...], above: tuple[s.Node, ...], primes: int) -> str:
    key = canonical(base)
    for sign, atoms in (("_", below), ("^", above)):
        text = "".join(map(canonical, atoms))
        if atoms:
            key += f"{sign}{text}" if len(text) == 1 else f"{sign}{{{text}}}"
    return key + "'" * primes


def is_whole_axis(atom: s.Node) -> bool:
    """The colon of `Z_{:,s}`, in the place of an index."""
    return atom == s.Symbol(":")


def script_atoms(scripts: tuple[s.Node, ...]) -> tuple[s.Node, ...]:
    """Scripts taken apart: `2_j`, `2j` and `2, j` are all the atoms 2 and j."""
    atoms: list[s.Node] = []
    for script in scripts:
        match script:
            case s.Juxtaposed(items=items) | s.List(items=items):
                atoms += script_atoms(items)
            case s.Scripted(base=base, subscripts=below, superscripts=(), primes=0):
                atoms += script_atoms((base,)) + script_atoms(below)
            case s.Annotated(body=body):
                atoms += script_atoms((body,))
            case _:
                atoms.append(script)
    return tuple(atoms)


def style_of(node: s.Node) -> str:
    """The style that tells a name from others: bold, calligraphic, ...; "" for plain, upright and italic."""
    while isinstance(node, s.Scripted):
        node = node.base
    style = node.style if isinstance(node, s.Symbol | s.Number) else ""
    return "" if style in _PLAIN_STYLES else style


def candidates(node: s.Node) -> Iterator[Candidate]:
    """The names that the node may begin with, the longest first."""
    style = style_of(node)
    if isinstance(node, s.Symbol):
        yield Candidate(canonical(node), style, (), (), 0, True)
    if not isinstance(node, s.Scripted):
        return
    below, above = script_atoms(node.subscripts), script_atoms(node.superscripts)
    for primes in dict.fromkeys((node.primes, 0)):
        for last in range(len(below), -1, -1):
            for top in range(len(above), -1, -1):
                key = _key(node.base, below[:last], above[:top], primes)
                yield Candidate(key, style, below[last:], above[top:], node.primes - primes, top == 0)


def is_transpose(node: s.Node) -> bool:
    """Whether a superscript is a transpose sign."""
    if isinstance(node, s.Delimited | s.Annotated):
        return is_transpose(node.body)
    return isinstance(node, s.Symbol) and node.name in ("T", "top", "intercal", "mathsf{T}") and not node.accents
