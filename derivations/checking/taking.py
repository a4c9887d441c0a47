"""What letters that nothing declares are taken for, where there is little choice; the report says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..meaning.choices import Choices
from ..meaning.formulas import FormulaReader
from ..meaning.functions import SCALAR_FUNCTIONS, known_function
from ..meaning.names import canonical
from ..meaning.scope import Quantity
from ..reading import syntax as s
from .chains import Chain
from .memory import Learned
from .naming import name_of

if TYPE_CHECKING:
    from .learning import Student

__all__ = ["never_plain", "taken"]


def taken(student: Student, sides: list[s.Node]) -> list[str]:
    """Learns what the letters of a chain that have no meaning are taken for; says what, in words."""
    return [*_numbers(student, sides), *_neighbours(student, sides)]


def never_plain(chains: Iterable[Chain]) -> frozenset[str]:
    """The names of a document that have scripts somewhere, or that something says what they are."""
    names: set[str] = set()
    for chain in chains:
        left = chain.sides[0]
        names |= {canonical(each) for each in (left.items if isinstance(left, s.List) else (left,))}
        names |= {canonical(n.base) for side in chain.sides for n in s.walk(side) if isinstance(n, s.Scripted)}
    return frozenset(names)


def _numbers(student: Student, sides: list[s.Node]) -> list[str]:
    """Letters that stand alone under a scalar function: numbers, unless a name is defined by what may be a vector."""
    found = []
    defines = name_of(sides[0], student.world.scope) is not None
    for side in sides:
        for node in s.walk(side):
            letter = _alone(_argument(node)) or _below(node)
            if letter is None or student.world.scope.find(canonical(letter)) is not None:
                continue
            if not (defines and canonical(letter) in student.never_plain):
                student.memory.learn(Learned("parameter", s.Statement((letter,))), student.world)
                found.append(f"{canonical(letter)} is taken for a real number")
    return found


def _neighbours(student: Student, sides: list[s.Node]) -> list[str]:
    """`h_{t-1}` beside `h_t`: another quantity of the same shape."""
    found = []
    for node in (node for side in sides for node in s.walk(side)):
        here = _unshifted(node)
        if here is None or canonical(node) == canonical(here):
            continue
        scope = student.world.scope
        reader = FormulaReader(Choices(), scope)
        meant = reader.resolve(here, scope) if reader.resolve(node, scope) is None else None
        if meant is None or not isinstance(meant[1], Quantity) or meant[0].subscripts or meant[0].superscripts:
            continue
        student.memory.learn(Learned("like", s.Statement((node, here))), student.world)
        found.append(f"{canonical(node)} is taken for a quantity of its own, of the shape of {canonical(here)}")
    return found


def _unshifted(node: s.Node) -> s.Scripted | None:
    """`h_t` of `h_{t-1}`, `a^{[l]}` of `a^{[l-1]}`."""
    if not isinstance(node, s.Scripted) or not isinstance(node.base, s.Symbol):
        return None
    below, above = tuple(map(_letter, node.subscripts)), tuple(map(_letter, node.superscripts))
    if below == node.subscripts and above == node.superscripts:
        return None
    return replace(node, subscripts=below, superscripts=above)


def _letter(script: s.Node) -> s.Node:
    """t of t - 1, in brackets or not; any other script as it is."""
    if isinstance(script, s.Delimited):
        return replace(script, body=_letter(script.body))
    if isinstance(script, s.Sum) and len(script.terms) == 2 and isinstance(script.terms[1][1], s.Number):
        first = script.terms[0][1]
        return first if isinstance(first, s.Symbol) else script
    return script


def _argument(node: s.Node) -> s.Node | None:
    """What a known scalar function, or e, is applied to."""
    if isinstance(node, s.Scripted) and node.base == s.Symbol("e") and len(node.superscripts) == 1:
        return node.superscripts[0]
    if isinstance(node, s.Call):
        function, argument = node.function, node.argument
    elif isinstance(node, s.Juxtaposed) and len(node.items) == 2:
        function, argument = node.items
    else:
        return None
    base = function.base if isinstance(function, s.Scripted) else function
    if not isinstance(base, s.Symbol) or known_function(base.name) not in SCALAR_FUNCTIONS:
        return None
    if isinstance(argument, s.Scripted) and isinstance(argument.base, s.Delimited):
        argument = argument.base
    return argument.body if isinstance(argument, s.Delimited) else argument


def _below(node: s.Node) -> s.Symbol | None:
    """The letter by which a known scalar function without its argument is differentiated."""
    of = node.of if isinstance(node, s.Derivative) else None
    known = isinstance(of, s.Symbol) and known_function(canonical(of)) in SCALAR_FUNCTIONS
    return _alone(node.by[0]) if known and isinstance(node, s.Derivative) and len(node.by) == 1 else None


def _alone(node: s.Node | None) -> s.Symbol | None:
    """The letter of `x`, `-x` and `2x`."""
    if isinstance(node, s.Signed):
        return _alone(node.body)
    if isinstance(node, s.Juxtaposed) and len(node.items) == 2 and isinstance(node.items[0], s.Number):
        return _alone(node.items[1])
    plain = isinstance(node, s.Symbol) and not node.accents and not node.style and node.name not in ("I", "e", "pi")
    return node if isinstance(node, s.Symbol) and plain else None
