"""Sums: over a range, over a set, over all but one index, under a name, or without a sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .errors import IllFormed, MeaningError
from .names import canonical, is_whole_axis, script_atoms
from .scope import Alias, Index, Scope, Size
from .slopes import dimension_of
from .values import Value

__all__ = ["SumReader"]


_MENDS = {
    "prod": "take logarithms: $\\sum_i \\log p_i$",
    "max": "give it a name: $m \\in \\mathbb{R}$",
    "min": "give it a name: $m \\in \\mathbb{R}$",
    "int": "integrals are beyond this checker; state what the integral is as a definition",
    "lim": "limits are beyond this checker",
}


@dataclass
class _Range:
    """A bound letter, its dimension (None: that of its use), what it differs from or is, and a slip in its bounds."""

    letter: s.Node
    dimension: Any | None = None
    other_than: Any | None = None
    equal_to: Any | None = None
    slip: str = ""


class SumReader:
    """The part of `FormulaReader` that reads sums."""

    value: Callable[[s.Node, Scope], Value]
    index: Callable[..., Any]
    note: Callable[[str], None]
    slip: Callable[[str], None]
    multiply_nodes: Callable[..., Value]
    fixed: frozenset[str]
    summed: frozenset[str]
    repeated: dict[str, None]
    free: Scope

    def big(self, node: s.Big, scope: Scope) -> Value:
        """A sum."""
        if node.operator != "sum":
            raise MeaningError(f"\\{node.operator} over a range is not read", _MENDS.get(node.operator, ""), node.place)
        if node.body is None:
            raise IllFormed(
                f"a sum of nothing ({canonical(node)})", "say what it abbreviates: $\\sum_C \\equiv ...$", node.place
            )
        bare = scope.find(canonical(s.Big(node.operator, node.lower, node.upper, None)))
        if isinstance(bare, Alias):
            return self.multiply_nodes([s.Big(node.operator, node.lower, node.upper, None), node.body], [""], scope)
        ranges = self._ranges(node, scope)
        inner = scope.inner()
        symbols = []
        for each in ranges:
            symbol = kept.index(canonical(each.letter)) if each.equal_to is None else each.equal_to
            inner.declare(canonical(each.letter), "", Index(each.dimension, symbol))
            symbols.append(symbol)
        body = self.value(node.body, inner)
        for each, symbol in zip(reversed(ranges), reversed(symbols), strict=True):
            if each.equal_to is None:
                body = self._total(body, each, symbol)
        return body

    def _total(self, body: Value, each: _Range, symbol: sp.Symbol) -> Value:
        dimension = each.dimension
        if dimension is None:
            dimension = dimension_of(body.entry(*(kept.index("i") for _ in body.shape)), symbol)
        if dimension is None:
            raise MeaningError(
                f"how far {canonical(each.letter)} runs is not said",
                f"write its bounds, or declare ${canonical(each.letter)} \\in \\{{1, \\dots, n\\}}$",
            )
        if each.slip:
            self.slip(each.slip)
        if not body.literal and not _occurs(symbol, body):
            self.note(f"{canonical(each.letter)} runs in a sum whose terms do not have it")

        def entry(*indices: Any) -> sp.Expr:
            summand = body.entry(*indices)
            if each.other_than is not None:
                summand = kept.when((summand, kept.compare("!=", symbol, each.other_than)), (kept.ZERO, sp.true))
            return kept.total(symbol, dimension, summand)

        return Value(body.shape, entry)

    # ---- bounds

    def _ranges(self, node: s.Big, scope: Scope) -> list[_Range]:
        lower = node.lower
        if lower is None or is_whole_axis(lower):
            raise MeaningError("a sum without a letter that runs", place=node.place)
        parts = lower.items if isinstance(lower, s.List) else (lower,)
        return [self._range(part, node, scope) for part in parts]

    def _range(self, part: s.Node, node: s.Big, scope: Scope) -> _Range:
        upper = None if node.upper is None else self._size(node.upper, scope)
        if isinstance(part, s.Symbol | s.Scripted):
            known = scope.find(canonical(part))
            if isinstance(known, Size):
                raise MeaningError(f"a sum over {canonical(part)}, which is a size: by which letter?", place=part.place)
            dimension = known.dimension if isinstance(known, Index) else upper
            return _Range(part, dimension)
        if not isinstance(part, s.Statement) or len(part.sides) != 2:
            raise MeaningError(f"a sum over {canonical(part)}", place=part.place)
        letter, bound = part.sides
        sign = part.relations[0].operator
        if sign == "in":
            return _Range(letter, self._size(bound, scope))
        if sign == "neq":
            return self._all_but(letter, bound, upper, scope)
        if sign == "=" and isinstance(bound, s.Number):
            return self._from(letter, bound, node, upper, scope)
        if sign == "=":
            return self._only(letter, bound, scope)
        raise MeaningError(f"a sum over what is {sign} something", place=part.place)

    def _from(self, letter: s.Node, start: s.Number, node: s.Big, upper: Any, scope: Scope) -> _Range:
        if start.text not in ("0", "1"):
            raise MeaningError(f"a sum that starts at {start.text}", place=start.place)
        if node.upper is None:
            return _Range(letter)
        if start.text == "1":
            if upper is None:
                self.note(f"{canonical(node.upper)} is taken for the number of values of {canonical(letter)}")
            return _Range(letter, upper)
        below = _less_one(node.upper)
        if below is not None:
            return _Range(letter, self._size(below, scope))
        text = canonical(node.upper)
        return _Range(
            letter,
            upper,
            slip=f"the sum from 0 to {text} has one term more than there are entries: read over all of them",
        )

    def _size(self, node: s.Node, scope: Scope) -> Any | None:
        """A size, or None where it is not known."""
        if isinstance(node, s.Number) and node.text.isdigit():
            return sp.Integer(int(node.text))
        if isinstance(node, s.Symbol | s.Scripted):
            meaning = scope.find(canonical(node))
            if isinstance(meaning, Size):
                return meaning.dimension
            if meaning is None:
                return None
            if isinstance(meaning, Alias):
                if meaning.slip:
                    self.slip(meaning.slip)
                return self._size(meaning.target, scope)
        raise MeaningError(f"the bound {canonical(node)} is no size", place=node.place)

    def _runs(self, first: s.Node, second: s.Node, scope: Scope) -> tuple[s.Node, s.Node]:
        """Which of two letters runs: the other one is fixed outside of the sum."""
        fixed = [self._is_fixed(node, scope) for node in (first, second)]
        if (
            fixed == [False, False]
            and isinstance(second, s.Scripted)
            and isinstance(scope.find(canonical(second)), Index)
        ):
            return first, second
        if fixed == [False, True]:
            return first, second
        if fixed == [True, False]:
            return second, first
        raise IllFormed(
            f"which of {canonical(first)} and {canonical(second)} runs in this sum is not said",
            "name the component on the left side, or write the bounds of the sum",
            first.place,
        )

    def _is_fixed(self, node: s.Node, scope: Scope) -> bool:
        meaning = scope.find(canonical(node))
        if isinstance(meaning, Index) and (meaning.symbol.is_Integer or meaning.symbol.is_Dummy):
            return True
        return canonical(node) in self.fixed

    def _all_but(self, first: s.Node, second: s.Node, upper: Any, scope: Scope) -> _Range:
        letter, other = self._runs(first, second, scope)
        return _Range(letter, upper, other_than=self.index(other, None, scope))

    def _only(self, first: s.Node, second: s.Node, scope: Scope) -> _Range:
        letter, other = self._runs(first, second, scope)
        return _Range(letter, None, equal_to=self.index(other, None, scope))

    # ---- sums that are not written as they are meant

    def with_whole_sum(self, node: s.Sum, scope: Scope) -> s.Node:
        """`\\sum_n a_n - b_n` as the sum of a_n - b_n, where n stands for nothing outside of the sum."""
        for position, (sign, term) in enumerate(node.terms[:-1]):
            before, big = _last_big(term)
            letter = _letter(big)
            if big is None or letter is None or letter in self.fixed or sign not in ("+", "-"):
                continue
            meaning = scope.find(letter)
            if isinstance(meaning, Index) and (meaning.symbol.is_Dummy or meaning.symbol.is_Integer):
                continue
            rest = node.terms[position + 1 :]
            if not any(letter in free_letters(later) for _, later in rest):
                continue
            assert big.body is not None
            whole = s.Sum((("+", big.body), *rest), place=big.body.place | node.place)
            body = s.Big(big.operator, big.lower, big.upper, whole, place=big.place)
            self.slip(f"the sum is read over the whole difference: the {letter} behind it is bound nowhere else")
            replaced = before(body)
            if position == 0:
                return replaced if sign == "+" else s.Signed(sign, replaced, place=node.place)
            return s.Sum((*node.terms[:position], (sign, replaced)), place=node.place)
        return node

    # ---- sums without a sign

    def repeats_itself(self, node: s.Node, scope: Scope) -> bool:
        """Whether an index stands twice in one factor, as in `A_{ii}`, where repeated indices are summed."""
        if self.free.settings.summation != "implied" or not isinstance(node, s.Scripted):
            return False
        atoms = [canonical(a) for a in script_atoms(node.subscripts) if isinstance(a, s.Symbol)]
        twice = [letter for letter in dict.fromkeys(atoms) if atoms.count(letter) > 1 and self._may_run(letter, scope)]
        self.repeated.update(dict.fromkeys(twice))
        return any(letter in self.summed for letter in twice)

    def repeated_letters(self, nodes: list[s.Node], scope: Scope) -> list[str]:
        """Letters that stand as indices in two or more factors: of derivatives, or of any where that is declared."""
        everywhere = self.free.settings.summation == "implied"
        counts: dict[str, int] = {}
        for node in nodes:
            if not everywhere and not isinstance(node, s.Derivative):
                continue
            for letter in letters_in(node):
                if self._may_run(letter, scope):
                    counts[letter] = counts.get(letter, 0) + 1
        if len(nodes) == 1 and everywhere:
            counts = {letter: 2 for letter in counts}
        found = [letter for letter, count in counts.items() if count > 1]
        self.repeated.update(dict.fromkeys(found))
        return found

    def _may_run(self, letter: str, scope: Scope) -> bool:
        meaning = scope.find(letter)
        if meaning is None:
            return letter != ":"
        return isinstance(meaning, Index) and meaning.symbol.is_Symbol and not meaning.symbol.is_Dummy

    def summing(self, nodes: list[s.Node], scope: Scope, read: Callable[[Scope], Value]) -> Value:
        """A product, summed over the repeated letters that stand nowhere else."""
        letters = [letter for letter in self.repeated_letters(nodes, scope) if letter in self.summed]
        if not letters:
            return read(scope)
        inner = scope.inner()
        symbols = {letter: kept.index(letter) for letter in letters}
        for letter, symbol in symbols.items():
            known = scope.find(letter)
            inner.declare(letter, "", Index(known.dimension if isinstance(known, Index) else None, symbol))
        value = read(inner)
        for letter, symbol in symbols.items():
            if not _occurs(symbol, value):
                continue
            known = scope.find(letter)
            dimension = known.dimension if isinstance(known, Index) else None
            value = self._total(value, _Range(s.Symbol(letter), dimension), symbol)
            self.note(f"summed over the repeated {letter}")
        return value


def _last_big(term: s.Node) -> tuple[Callable[[s.Node], s.Node], s.Big | None]:
    """The sum that a term ends in, and how to put another in its place."""
    if isinstance(term, s.Big):
        return (lambda new: new), term if term.body is not None else None
    if isinstance(term, s.Juxtaposed) and isinstance(term.items[-1], s.Big):
        items = term.items[:-1]
        big = term.items[-1]
        return (lambda new: s.Juxtaposed((*items, new), place=term.place)), big if big.body is not None else None
    return (lambda new: new), None


def _letter(big: s.Big | None) -> str | None:
    """The letter that a sum binds."""
    if big is None or big.lower is None:
        return None
    lower = big.lower
    if isinstance(lower, s.Statement):
        sign, bound = lower.relations[0].operator, lower.sides[-1]
        if not (sign == "in" or (sign == "=" and isinstance(bound, s.Number))):
            return None
        lower = lower.sides[0]
    return canonical(lower) if isinstance(lower, s.Symbol) and not is_whole_axis(lower) else None


def letters_in(node: s.Node) -> list[str]:
    """The letters in the scripts of a node, each once."""
    found: dict[str, None] = {}
    for each in s.walk(node):
        if isinstance(each, s.Scripted):
            for atom in script_atoms(each.subscripts):
                if isinstance(atom, s.Symbol) and len(atom.name) == 1:
                    found[canonical(atom)] = None
    return list(found)


def _occurs(symbol: sp.Symbol, value: Value) -> bool:
    """Whether an index stands in a value at all."""
    pending, seen = [value.entry(*(kept.index("i") for _ in value.shape))], set()
    while pending:
        node = pending.pop()
        if node == symbol:
            return True
        if node not in seen:
            seen.add(node)
            pending += node.args
    return False


def free_letters(node: s.Node) -> set[str]:
    """The letters in the scripts of a node that no sum in it binds."""
    if isinstance(node, s.Big):
        parts = [part for part in (node.lower, node.upper, node.body) if part is not None]
        inside = set().union(*(free_letters(part) for part in parts)) if parts else set()
        return inside - ({letter} if (letter := _letter(node)) is not None else set())
    found = set(letters_in(replace(node, base=s.Symbol("x")))) if isinstance(node, s.Scripted) else set()
    return found.union(*(free_letters(child) for child in s.children(node)))


def _less_one(node: s.Node) -> s.Node | None:
    """n, of n - 1."""
    if isinstance(node, s.Sum) and len(node.terms) == 2 and node.terms[1] == ("-", s.Number("1")):
        return node.terms[0][1]
    return None
