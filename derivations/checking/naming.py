"""Which sides of a chain are names, and whether the document has defined them before."""

from __future__ import annotations

from dataclasses import dataclass

from ..meaning.choices import Choices
from ..meaning.declarations import function_head
from ..meaning.formulas import FormulaReader
from ..meaning.functions import ELEMENTARY, known_function
from ..meaning.labels import with_labels
from ..meaning.names import canonical, is_transpose, script_atoms
from ..meaning.scope import Alias, Function, Quantity, Scope
from ..reading import syntax as s

__all__ = ["Name", "name_of", "takes_others"]


@dataclass(frozen=True)
class Name:
    """A side that is a bare name: the keys that it goes by (one for each label), and whether it takes arguments."""

    keys: tuple[str, ...]
    node: s.Node
    is_function: bool = False


def name_of(node: s.Node, scope: Scope) -> Name | None:
    """The side as a name; None for what is no bare name."""
    if isinstance(node, s.Annotated):
        return name_of(node.body, scope)
    keys = []
    is_function = False
    for each, _ in with_labels(node, scope):
        head = function_head(each)
        name = each
        if head is not None:
            name, arguments, _ = head
            is_function = True
            base = name.base if isinstance(name, s.Scripted) else name
            changed = isinstance(name, s.Scripted) and bool(name.primes or name.superscripts)
            known = canonical(base) in ELEMENTARY or (changed and known_function(canonical(base)) is not None)
            known = known or (isinstance(name, s.Scripted) and bool(name.primes))
            if known or not all(isinstance(a, s.Symbol | s.Scripted) for a in arguments):
                return None
        key = _key(name, scope)
        if key is None:
            return None
        if head is not None and takes_others(key, len(head[1]), scope):
            key = f"{key}({len(head[1])})"
        keys.append(key)
    return Name(tuple(keys), node, is_function)


def takes_others(key: str, count: int, scope: Scope) -> bool:
    """Whether a function of this name takes another number of arguments: H(p), of H(p, q)."""
    known = scope.find(key)
    return isinstance(known, Function) and known.kind == "defined" and len(known.parameters) != count


def _key(node: s.Node, scope: Scope) -> str | None:
    if not isinstance(node, s.Symbol | s.Scripted) or (isinstance(node, s.Scripted) and node.primes):
        return None
    if isinstance(node, s.Scripted) and not isinstance(node.base, s.Symbol):
        return None
    found = FormulaReader(Choices(), scope).resolve(node, scope)
    if found is None:
        base = node.base if isinstance(node, s.Scripted) else node
        if base == s.Symbol("pi") or (base == s.Symbol("e") and node != base):
            return None
        if canonical(base) == "\\delta" and _has_two_letters(node):
            return None
        if isinstance(node, s.Scripted) and not _may_be_a_name(node):
            return None
        return canonical(node)
    candidate, meaning = found
    if candidate.superscripts or not isinstance(meaning, Quantity | Function | Alias):
        return None
    if not all(isinstance(atom, s.Symbol | s.Number) for atom in candidate.subscripts):
        return None
    return candidate.key


def _has_two_letters(node: s.Node) -> bool:
    atoms = script_atoms(node.subscripts) if isinstance(node, s.Scripted) else ()
    return len(atoms) == 2 and all(isinstance(atom, s.Symbol) and len(atom.name) == 1 for atom in atoms)


def _may_be_a_name(node: s.Scripted) -> bool:
    plain = all(isinstance(atom, s.Symbol | s.Number) for atom in script_atoms(node.subscripts))
    labels = all(map(_is_label, script_atoms(node.superscripts)))
    squared = [canonical(atom) for atom in node.superscripts] == ["2"]  # a variance is called \\sigma^2
    return plain and (labels or squared)


def _is_label(superscript: s.Node) -> bool:
    """Whether a superscript of what has no meaning yet belongs to its name: `a^{(1)}`, `a^{[l]}`, `w^*`."""
    if isinstance(superscript, s.Delimited):
        return superscript.open in ("(", "[", "langle")
    return isinstance(superscript, s.Symbol) and not is_transpose(superscript)
