"""Definitions: a name, an entry or a row by what it is computed from."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .choices import Choices
from .errors import MeaningError
from .formulas import FormulaReader
from .kinds import Kinds
from .names import canonical, is_whole_axis, script_atoms, style_of
from .plans import plan_of
from .scope import Alias, Index, Quantity
from .slopes import dimension_of
from .values import Value

__all__ = ["Definitions"]


class Definitions(Kinds):
    """Defines names; the kinds of names are declared by `Kinds`."""

    def define(
        self, left: s.Node, right: s.Node, choices: Choices | None = None, again: bool = False
    ) -> Quantity | None:
        """``left := right`` for a name; None where the left side is no name that can be defined (or is defined)."""
        if not isinstance(left, s.Symbol | s.Scripted):
            return None
        left, right = _by_entries(left, right)
        if choices is None:
            choices = Choices(plan_of(right, self.within.inner(), self._declared_shapes(left))[0])
        if again:
            return self._introduce(left, right, choices)
        reader = self.reader(self.scope)
        found = reader.resolve(left, self.scope)
        declared: Quantity | None = None
        atoms: tuple[s.Node, ...] = ()
        if found is not None:
            candidate, meaning = found
            if isinstance(meaning, Alias) and candidate.subscripts:
                return self._introduce(left, right, choices)
            if not isinstance(meaning, Quantity) or candidate.superscripts or candidate.primes:
                return None
            if meaning.tentative:
                return self._introduce(left, right, choices)
            declared, atoms = meaning, candidate.subscripts[len(meaning.family) :]
            if atoms and not self._are_indices(atoms, right):
                if isinstance(right, s.Number):
                    return None  # `t_c = 1` is said of an entry
                return self._introduce(left, right, choices)
            if declared.definition is not None:
                declared = None if canonical(left) not in self.scope.names else declared
            if declared is not None and (declared.definition is not None or declared.numbers is not None):
                return None
        if declared is not None:
            letters = script_atoms(left.subscripts) if isinstance(left, s.Scripted) and declared.family else atoms
            return self._complete(declared, letters if declared.family else atoms, right, choices)
        return self._introduce(left, right, choices)

    def _declared_shapes(self, left: s.Symbol | s.Scripted) -> list[tuple[Any, ...]]:
        """The shape that a name has before it is defined, if it has one."""
        found = self.reader(self.scope).resolve(left, self.scope)
        if found is None or not isinstance(found[1], Quantity) or found[0].subscripts:
            return []
        return [found[1].shape or (1, 1)]

    def _are_indices(self, atoms: tuple[s.Node, ...], right: s.Node) -> bool:
        """Whether scripts behind a name are index letters: declared as such, or used so on the right side."""
        looking = self.within.inner()
        reader = FormulaReader(Choices(), looking, fixed=frozenset(map(canonical, atoms)))
        reader.value(right, looking)
        return all(
            isinstance(self.scope.find(canonical(atom)), Index) or canonical(atom) in reader.met_indices
            for atom in atoms
        )

    def _introduce(self, left: s.Symbol | s.Scripted, right: s.Node, choices: Choices | None) -> Quantity | None:
        key, family, letters = self.split_family(left)
        if not letters and isinstance(left, s.Scripted):
            key, letters = self._entry_letters(left, right)
        member = self._member_reader(letters, right, choices)
        probes = tuple(kept.index(canonical(letter)) for letter in letters)
        value = member(*probes)
        if letters and not family:
            sizes = [dimension_of(value.entry(*(kept.index("i") for _ in value.shape)), probe) for probe in probes]
            if None in sizes:
                raise MeaningError(f"how far the subscripts of {canonical(left)} run is not said")
            family = tuple(sizes)
        quantity = self.quantity(key, family, style_of(left), value.shape)
        self._set(quantity, member, len(family), right)
        return quantity

    def _entry_letters(self, left: s.Scripted, right: s.Node) -> tuple[str, tuple[s.Node, ...]]:
        """Letters behind the name that the right side has as indices."""
        looking = self.within.inner()
        atoms = script_atoms(left.subscripts)
        reader = FormulaReader(Choices(), looking, fixed=frozenset(map(canonical, atoms)))
        reader.value(right, looking)
        inside = set(reader.met_indices)
        count = 0
        for atom in reversed(atoms):
            plain = isinstance(atom, s.Symbol) and len(atom.name) == 1 and canonical(atom) in inside
            if not plain or self.scope.find(canonical(atom)) is not None:
                break
            count += 1
        if count == 0:
            return canonical(left), ()
        return canonical(replace(left, subscripts=atoms[: len(atoms) - count])), atoms[len(atoms) - count :]

    def _member_reader(
        self, letters: tuple[s.Node, ...], right: s.Node, choices: Choices | None
    ) -> Callable[..., Value]:
        scope = self.within
        looking = scope.inner()
        fixed = frozenset(canonical(letter) for letter in letters)
        first = FormulaReader(Choices() if choices is None else choices.again(), looking, fixed=fixed)
        with contextlib.suppress(MeaningError):
            first.value(right, looking)
        summed = frozenset(first.repeated) - fixed

        def member(*which: Any) -> Value:
            inner = scope.inner()
            for letter, position in zip(letters, which, strict=True):
                known = scope.find(canonical(letter))
                dimension = known.dimension if isinstance(known, Index) else None
                inner.declare(canonical(letter), "", Index(dimension, position))
            taken = Choices() if choices is None else choices.again()
            value = FormulaReader(taken, inner, summed, fixed).value(right, inner)
            if len(value.shape) > 2 or value.times_identity is not None or kept.ANY in value.shape:
                raise MeaningError("a name for what is no number, vector or matrix of a known size", place=right.place)
            return value

        return member

    def _set(self, quantity: Quantity, member: Callable[..., Value], count: int, right: s.Node) -> None:
        """The definition of a quantity, by all the subscripts that its declaration has folded into its shape."""
        folded = count - len(quantity.family)
        quantity.node = right
        if folded == 0:
            quantity.definition = member
            return

        def definition(*which: Any) -> Value:
            def entry(*indices: Any) -> sp.Expr:
                return member(*which, *indices[:folded]).entry()

            return Value(quantity.shape, entry)

        quantity.definition = definition

    def _complete(
        self, quantity: Quantity, letters: tuple[s.Node, ...], right: s.Node, choices: Choices | None
    ) -> Quantity | None:
        """The definition of a quantity whose shape is declared."""
        member = self._member_reader(letters, right, choices)
        value = member(*(kept.index(canonical(letter)) for letter in letters))
        if letters and not quantity.family:
            axes = [position for position, d in enumerate(quantity.shape) if d != 1]
            by_rows = len(letters) == 1 and len(axes) == 2 and value.shape == (quantity.shape[1], 1)
            if not by_rows and (len(axes) != len(letters) or not value.is_scalar):
                return None

            def entry(*indices: Any) -> sp.Expr:
                if by_rows:
                    return member(indices[0]).entry(indices[1], kept.ZERO)
                return member(*(indices[axis] for axis in axes)).entry()

            quantity.definition = lambda: Value(quantity.shape, entry)
        else:
            if value.shape != quantity.shape:
                raise MeaningError(
                    f"{quantity.name} is declared with the shape {quantity.shape}, and defined with {value.shape}"
                )
            quantity.definition = member
        quantity.node = right
        return quantity


def _by_entries(left: s.Symbol | s.Scripted, right: s.Node) -> tuple[s.Symbol | s.Scripted, s.Node]:
    """`Z_{:,s} = x` as `Z_{rs} = x_r`: a row or column is defined by its entries."""
    atoms = script_atoms(left.subscripts) if isinstance(left, s.Scripted) else ()
    if not isinstance(left, s.Scripted) or not any(map(is_whole_axis, atoms)):
        return left, right
    used = {node.name for side in (left, right) for node in s.walk(side) if isinstance(node, s.Symbol)}
    letter = next((s.Symbol(name) for name in "rpqlkjiuvw" if name not in used), None)
    if len(atoms) != 2 or all(map(is_whole_axis, atoms)) or letter is None:
        raise MeaningError(
            "a definition by more than a row or column", "define the entries: $Z_{ij} = \\dots$", left.place
        )
    entries = tuple(letter if is_whole_axis(atom) else atom for atom in atoms)
    entry = s.Scripted(s.Delimited("(", right, ")", place=right.place), (letter,), (), 0, place=right.place)
    return replace(left, subscripts=entries), entry
