"""Names in formulas: quantities, their entries, bound parameters, indices and synonyms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .errors import MeaningError, Misfit
from .names import GREEK, Candidate, candidates, canonical, is_transpose, is_whole_axis, script_atoms
from .scope import Alias, Bound, Function, Index, Labels, Meaning, Quantity, Scope, Size
from .values import Value, scalar, shape_text, transposed

__all__ = ["NameReader", "family_key"]


def family_key(name: str, count: int) -> str:
    """The key of what takes ``count`` more subscripts than its name: a family of tensors, or a pattern."""
    return f"{name}/{count}"


class NameReader:
    """The part of `FormulaReader` that resolves names."""

    value: Callable[[s.Node, Scope], Value]
    raise_to: Callable[..., Value]
    apply_to_own_parameters: Callable[..., Value]
    slip: Callable[[str], None]
    note: Callable[[str], None]
    free: Scope
    met_indices: dict[str, None]

    def name(self, node: s.Node, scope: Scope) -> Value:
        """The value of a symbol with scripts."""
        found = self.resolve(node, scope)
        if found is None:
            raise self.unknown(node)
        candidate, meaning = found
        if isinstance(meaning, Alias):
            return self._alias(node, candidate, meaning, scope)
        subscripts = candidate.subscripts
        if isinstance(meaning, Quantity):
            value, subscripts = self._quantity(meaning, subscripts, scope)
        elif isinstance(meaning, Size):
            value = scalar(meaning.dimension)
        elif isinstance(meaning, Bound):
            value = meaning.value
        elif isinstance(meaning, Function):
            value = self.apply_to_own_parameters(meaning, candidate, scope)
            subscripts = subscripts[len(meaning.indices) :]
            candidate = replace(candidate, primes=0)
        else:
            raise MeaningError(f"{canonical(node)} is an index here, not a quantity", place=node.place)
        if subscripts:
            value = self.entry_at(value, subscripts, scope, canonical(node))
        return self._scripts(value, node, candidate, scope)

    def _scripts(self, value: Value, node: s.Node, candidate: Candidate, scope: Scope) -> Value:
        if candidate.primes:
            raise MeaningError(
                f"{candidate.key} is no function, so that {canonical(node)} has no meaning", place=node.place
            )
        if not candidate.superscripts:
            return value
        if candidate.whole_superscripts and isinstance(node, s.Scripted):
            return self.superscripts(value, node.superscripts, scope)
        return self.superscripts(value, candidate.superscripts, scope)

    def superscripts(self, value: Value, scripts: tuple[s.Node, ...], scope: Scope) -> Value:
        """Transposes and powers."""
        for script in scripts:
            transposes = is_transpose(script) and not (value.is_scalar and self._is_number(script, scope))
            value = transposed(value) if transposes else self.raise_to(value, script, scope)
        return value

    def _is_number(self, script: s.Node, scope: Scope) -> bool:
        """Whether T is a number that is declared, such as a number of steps."""
        meaning = scope.find(canonical(script)) if isinstance(script, s.Symbol) else None
        return isinstance(meaning, Size) or (isinstance(meaning, Quantity) and meaning.shape == ())

    def resolve(self, node: s.Node, scope: Scope) -> tuple[Candidate, Meaning] | None:
        """The longest declared name that the node begins with."""
        for candidate in candidates(node):
            meaning = self._family(candidate, scope) or scope.find(candidate.key, candidate.style)
            if meaning is None or isinstance(meaning, Labels):
                continue
            if candidate.primes and isinstance(meaning, Quantity):
                continue
            if any(self._is_word(atom, scope) for atom in candidate.subscripts):
                continue
            if isinstance(meaning, Quantity) and not self._takes(meaning, candidate.subscripts, scope):
                continue
            return candidate, meaning
        return None

    def _is_word(self, atom: s.Node, scope: Scope) -> bool:
        """Whether a script is a word such as ReLU or out, which belongs to a name."""
        return (
            isinstance(atom, s.Symbol)
            and len(atom.name) > 1
            and atom.style in ("roman", "")
            and not (
                atom.accents or isinstance(scope.find(canonical(atom)), Index | Bound) or atom.name.lower() in GREEK
            )
        )

    def _takes(self, quantity: Quantity, atoms: tuple[s.Node, ...], scope: Scope) -> bool:
        """Whether a quantity has as many dimensions as there are subscripts; `y_{out}` is no entry of y."""
        most = len(quantity.family) + sum(d != 1 for d in quantity.shape)
        atoms = tuple(atom for atom in self._joined(atoms, scope) if not self._is_single(atom, scope))
        return len(_without_ones(atoms, quantity.shape)) <= most

    def _joined(self, atoms: tuple[s.Node, ...], scope: Scope) -> tuple[s.Node, ...]:
        """Atoms with those joined that are an index of several, such as y_i in `p_{y_i}`."""
        joined: list[s.Node] = []
        for atom in atoms:
            if joined:
                both = s.Scripted(joined[-1], (atom,), place=joined[-1].place | atom.place)
                if isinstance(scope.find(canonical(both)), Index):
                    joined[-1] = both
                    continue
            joined.append(atom)
        return tuple(joined)

    def _family(self, candidate: Candidate, scope: Scope) -> Meaning | None:
        """What is declared with index letters behind its name, where as many follow here."""
        for count in range(len(candidate.subscripts), 0, -1):
            meaning = scope.find(family_key(candidate.key, count), candidate.style)
            if isinstance(meaning, Alias) and count == len(candidate.subscripts):
                return meaning
            if isinstance(meaning, Quantity) and self._runs_over(meaning, candidate.subscripts[:count], scope):
                return meaning
        return None

    def _runs_over(self, family: Quantity, atoms: tuple[s.Node, ...], scope: Scope) -> bool:
        numbered = "^{()}" in family.name  # a sample may go by its number
        for atom, dimension in zip(atoms, family.family, strict=False):
            if numbered and isinstance(atom, s.Number):
                continue
            meaning = scope.find(canonical(atom)) if isinstance(atom, s.Symbol) else None
            if meaning is None and isinstance(atom, s.Symbol) and canonical(atom) in scope.settings.ends:
                continue  # a letter that runs, which nothing declares
            if not isinstance(meaning, Index) or meaning.dimension not in (None, dimension):
                return False
        return True

    def _quantity(
        self, quantity: Quantity, atoms: tuple[s.Node, ...], scope: Scope
    ) -> tuple[Value, tuple[s.Node, ...]]:
        count = len(quantity.family)
        if count == 0:
            return quantity.value, atoms
        if len(atoms) < count:
            raise MeaningError(f"{quantity.name} needs {count} subscript(s)")
        which = tuple(self.index(a, d, scope) for a, d in zip(atoms[:count], quantity.family, strict=True))
        return quantity.member(which), atoms[count:]

    def _alias(self, node: s.Node, candidate: Candidate, alias: Alias, scope: Scope) -> Value:
        if alias.slip:
            self.slip(alias.slip)
        inner = scope.inner()
        inner.hide(alias)
        subscripts = candidate.subscripts
        for parameter, atom in zip(alias.parameters, subscripts, strict=False):
            if isinstance(parameter, s.Symbol) and isinstance(atom, s.Symbol | s.Number):
                inner.declare(canonical(parameter), "", self._index_meaning(atom, scope))
        subscripts = subscripts[len(alias.parameters) :]
        target = alias.target
        if isinstance(target, s.Symbol | s.Scripted) and (subscripts or candidate.primes):
            target = _with_more(target, subscripts, candidate.primes)
            subscripts = ()
        value = self.value(target, inner)
        if subscripts:
            value = self.entry_at(value, subscripts, scope, canonical(node))
        return self._scripts(value, node, replace(candidate, primes=0), scope)

    # ---- entries and indices

    def entry_at(self, value: Value, atoms: tuple[s.Node, ...], scope: Scope, text: str) -> Value:
        """One entry, or one row of a matrix as a column."""
        if any(map(is_whole_axis, atoms)):
            return self._slice(value, atoms, scope, text)
        atoms = self._joined(atoms, scope)
        axes = [position for position, d in enumerate(value.shape) if d != 1]
        if len(axes) == 2 and len(atoms) == 1 and isinstance(atoms[0], s.Number) and len(atoms[0].text) == 2:
            atoms = tuple(s.Number(digit, place=atoms[0].place) for digit in atoms[0].text)
        if len(atoms) > len(axes):
            atoms = _without_ones(tuple(a for a in atoms if not self._is_single(a, scope)), value.shape)
        if len(atoms) > len(axes):
            raise MeaningError(
                f"{text} has {len(atoms)} subscripts, but what they are put to is {shape_text(value.shape)}",
                "declare the name with its scripts, or declare a shape with as many dimensions",
            )
        which = {p: self.index(a, value.shape[p], scope) for p, a in zip(axes, atoms, strict=False)}
        if len(which) < len(axes):
            return Value((value.shape[1], 1), lambda i, j: value.entry(which[0], i))
        entry = value.entry(*(which.get(p, kept.ZERO) for p in range(len(value.shape))))
        return Value((), lambda: entry, origin=entry if value.origin is not None else None)

    def _slice(self, value: Value, atoms: tuple[s.Node, ...], scope: Scope, text: str) -> Value:
        """A row or a column of a matrix, with a colon for the index that runs: `Z_{i,:}`, `Z_{:,j}`."""
        if len(atoms) != 2 or len(value.shape) != 2:
            raise MeaningError(f"{text} is no row or column of a matrix", "write $Z_{i,:}$ or $Z_{:,j}$")
        which = [
            None if is_whole_axis(atom) else self.index(atom, d, scope)
            for atom, d in zip(atoms, value.shape, strict=True)
        ]
        shape = tuple(d if at is None else 1 for at, d in zip(which, value.shape, strict=True))

        def entry(*indices: Any) -> sp.Expr:
            return value.entry(*(i if at is None else at for at, i in zip(which, indices, strict=True)))

        return Value(shape, entry) if set(shape) != {1} else scalar(entry(kept.ZERO, kept.ZERO))

    def _is_single(self, atom: s.Node, scope: Scope) -> bool:
        meaning = scope.find(canonical(atom)) if isinstance(atom, s.Symbol) else None
        return isinstance(meaning, Index) and meaning.dimension == 1

    def index(self, atom: s.Node, dimension: Any, scope: Scope) -> Any:
        """An index in a dimension; a letter that nothing declares is an index of the whole formula."""
        if isinstance(atom, s.Number) and atom.text.isdigit():
            return sp.Integer(int(atom.text) - 1)
        declared = isinstance(atom, s.Scripted) and isinstance(scope.find(canonical(atom)), Index)
        if (isinstance(atom, s.Symbol) and not is_whole_axis(atom)) or declared:
            meaning = self._index_meaning(atom, scope)
            if dimension is not None and meaning.dimension not in (None, dimension):
                raise Misfit(
                    f"the index {canonical(atom)} over {meaning.dimension}", f"a dimension of size {dimension}"
                )
            return meaning.symbol
        raise MeaningError(
            f"the subscript {canonical(atom)} is no index", "indices are letters and numbers", place=atom.place
        )

    def _index_meaning(self, atom: s.Node, scope: Scope) -> Index:
        if isinstance(atom, s.Number):
            return Index(None, sp.Integer(int(atom.text) - 1))
        key = canonical(atom)
        meaning = scope.find(key)
        if isinstance(meaning, Index):
            if meaning.symbol.is_Symbol and not meaning.symbol.is_Dummy:
                self.met_indices[key] = None
            return meaning
        if meaning is not None and not isinstance(meaning, Labels):
            raise MeaningError(
                f"the subscript {key} is declared, but not as an index",
                f"declare it: ${key} \\in \\{{1, \\dots, n\\}}$",
                place=atom.place,
            )
        if not isinstance(atom, s.Symbol) or (len(atom.name) > 1 and atom.style):
            raise MeaningError(f"the subscript {key} is no index", place=atom.place)
        meaning = Index(None, self.free.settings.registry.index(key))
        self.free.declare(key, "", meaning)
        self.met_indices[key] = None
        return meaning

    def unknown(self, node: s.Node) -> MeaningError:
        """What is said of a name that nothing declares."""
        if isinstance(node, s.Scripted) and node.primes:
            return MeaningError(
                f"{canonical(node)} has no meaning here: a prime is a derivative of a function",
                "declare the function in the front matter, functions: f",
                place=node.place,
            )
        if isinstance(node, s.Scripted) and not any(isinstance(x, s.Delimited) for x in node.superscripts):
            node = replace(node, superscripts=(), primes=0)
        text = canonical(node)
        if text == "d":
            meant = r"$dw \equiv \frac{\partial L}{\partial w}$"
            mend = f"if dw is a name, say so in the front matter, names: dw, and what it is, {meant}"
            return MeaningError("d has no meaning here", mend, node.place)
        whole, space = _with_its_entries(node, text)
        return MeaningError(
            f"{text} has no meaning here",
            f"declare its shape, ${whole} \\in \\mathbb{{R}}^{space}$, or what it is, ${text} = \\dots$ "
            f"(a function: functions: {text} in the front matter)",
            place=node.place,
        )


def _with_its_entries(node: s.Node, text: str) -> tuple[str, str]:
    """What to declare for a name, and in which space: of $y_i$ the whole of $y$."""
    if not isinstance(node, s.Scripted) or node.superscripts:
        return text, "n"
    atoms = script_atoms(node.subscripts)
    if not 0 < len(atoms) <= 2 or not all(isinstance(a, s.Symbol) and a.name in set("cijklpqr") for a in atoms):
        return text, "n"
    return canonical(node.base), "n" if len(atoms) == 1 else r"{m \times n}"


def _without_ones(atoms: tuple[s.Node, ...], shape: tuple[Any, ...]) -> tuple[s.Node, ...]:
    """`W_{1j}` of a row: without the 1 that names its only row."""
    if len(atoms) != 2 or len(shape) != 2:
        return atoms
    return tuple(a for a, d in zip(atoms, shape, strict=True) if not (d == 1 and a == s.Number("1")))


def _with_more(target: s.Symbol | s.Scripted, subscripts: tuple[s.Node, ...], primes: int) -> s.Node:
    if isinstance(target, s.Symbol):
        return s.Scripted(target, subscripts, (), primes, place=target.place)
    below = script_atoms(target.subscripts) + subscripts
    return s.Scripted(target.base, below, target.superscripts, target.primes + primes, place=target.place)
