"""Declarations in mathematics: shapes, sizes, indices, synonyms, functions, definitions and conditions."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symbolic import Every, OneHot

from ..reading import syntax as s
from . import kept
from .choices import Choices
from .domains import Domain, domain_of
from .errors import MeaningError
from .formulas import FormulaReader
from .functions import known_function
from .lookup import family_key
from .names import canonical, script_atoms, style_of
from .scope import Alias, Bound, Function, Index, Labels, Quantity, Scope, Size
from .slopes import dimension_of
from .sums import letters_in
from .tables import RELATIONS
from .values import Value

__all__ = ["Declarations", "Given", "function_head"]


@dataclass
class Given:
    """Conditions that hold in a scope, as SymPy relations and the like, each made when it is first needed."""

    conditions: list[Any] = field(default_factory=list)
    quantities: dict[str, Quantity] = field(default_factory=dict)


class Declarations:
    """Declares what statements say, in a scope; ``given`` collects what is no name."""

    def __init__(self, scope: Scope, given: Given, within: Scope | None = None) -> None:
        self.scope = scope
        self.given = given
        self.within = within or scope  # where right sides are read

    def reader(self, scope: Scope, choices: Choices | None = None) -> FormulaReader:
        return FormulaReader(choices or Choices(), scope)

    # ---- names

    def declare_name(self, statement: s.Statement, remark: str) -> bool:
        """Declares what a statement says of a name's kind; False where it says something else."""
        if len(statement.sides) < 2:
            return False
        left, relation, right = statement.sides[0], statement.relations[0].operator, statement.sides[1]
        if relation == "in":
            self._membership(left, right)
        elif relation == "equiv":
            for target in statement.sides[1:]:
                self._synonym(left, target, "(slip)" in remark)
        elif relation in ("=", ":=") and function_head(left) is not None:
            return self._function(left, right)
        elif relation == "=" and isinstance(left, s.Symbol | s.Scripted):
            return self._size(left, right)
        else:
            return False
        return True

    def _membership(self, left: s.Node, right: s.Node) -> None:
        domain = domain_of(right, self.size)
        for name in left.items if isinstance(left, s.List) else (left,):
            self._member(name, domain)

    def size(self, node: s.Node) -> Any:
        """A size; a name that nothing declares becomes one."""
        if isinstance(node, s.Number) and node.text.isdigit() and int(node.text) > 0:
            return sp.Integer(int(node.text))
        if isinstance(node, s.Symbol | s.Scripted):
            key = canonical(node)
            known = self.scope.find(key)
            if isinstance(known, Size):
                return known.dimension
            if isinstance(known, Alias):
                return self.size(known.target)
            if known is None or isinstance(known, Index):
                size = Size(self.scope.settings.registry.size(key))
                self.scope.declare(key, "", size)
                return size.dimension
        raise MeaningError(f"{canonical(node)} is no size", "a size is a name or a whole number", place=node.place)

    def _member(self, name: s.Node, domain: Domain) -> None:
        key, style = canonical(name), style_of(name)
        if isinstance(name, s.Number):
            return self._constant(name, domain)
        match domain.kind:
            case "sizes":
                self.size(name)
            case "indices":
                index = Index(domain.shape[0], self.scope.settings.registry.index(key))
                self.scope.declare(key, "", index)
            case "labels":
                self.scope.declare(key, "", Labels(domain.labels))
            case _:
                self._variable(name, key, style, domain)

    def _constant(self, name: s.Number, domain: Domain) -> None:
        """`\\mathbf{1} \\in \\mathbb{R}^n`: every entry is this number."""
        if not name.style or domain.kind != "real":
            raise MeaningError(f"the number {name.text} cannot be declared", place=name.place)
        number = kept.number(name.text)
        self.scope.declare(name.text, name.style, Bound(Value(domain.shape, lambda *_: number)))

    def _variable(self, name: s.Node, key: str, style: str, domain: Domain) -> None:
        known = self.scope.find(key, style)
        rows = self._rows(name, domain)
        if isinstance(known, Quantity) and domain.shape == known.shape and key in self.scope.names:
            quantity = known
        elif rows is not None:
            quantity = rows
        else:
            base, family, _ = self.split_family(name)
            quantity = self.quantity(base, family, style, domain.shape)
        if domain.sign != "real":
            quantity.domain = domain.sign
        if domain.kind == "onehot":
            self.given.conditions.append(OneHot(quantity.symbol))
        whole = quantity.member(tuple(kept.index("n") for _ in quantity.family))
        entry = whole.entry(*(kept.ZERO if d == 1 else kept.index("i") for d in whole.shape))
        for relation in domain.conditions(entry):
            self.given.conditions.append(Every(_dummies(relation), relation))

    def _rows(self, name: s.Node, domain: Domain) -> Quantity | None:
        """The declared matrix of whose rows, or the vector of whose entries, a domain is said."""
        if not isinstance(name, s.Scripted):
            return None
        found = self.reader(self.scope).resolve(name, self.scope)
        if found is None or not isinstance(found[1], Quantity) or found[1].family or not found[0].subscripts:
            return None
        quantity, atoms = found[1], found[0].subscripts
        if not all(isinstance(self.scope.find(canonical(atom)), Index) for atom in atoms):
            return None
        axes = [d for d in quantity.shape if d != 1]
        row = domain.shape == (quantity.shape[-1], 1) and len(axes) == 2 and len(atoms) == 1
        return quantity if row or (domain.shape == () and len(atoms) == len(axes)) else None

    def quantity(self, key: str, family: tuple[Any, ...], style: str, shape: tuple[Any, ...]) -> Quantity:
        """A new quantity of this name; scalars over one index are a vector."""
        if family and shape == ():
            family, shape = family[:-1], (family[-1], sp.Integer(1))
            if family:
                family, shape = family[:-1], (family[-1], shape[0])
        registry = self.scope.settings.registry
        quantity = Quantity("", shape, family)
        quantity.name = registry.claim(key, quantity)
        self.given.quantities[quantity.name] = quantity
        self.scope.declare(family_key(key, len(family)) if family else key, style, quantity)
        return quantity

    def split_family(self, name: s.Node) -> tuple[str, tuple[Any, ...], tuple[s.Node, ...]]:
        """A name without the declared index letters behind it, the sizes that they run over, and the letters."""
        if not isinstance(name, s.Scripted) or not name.subscripts:
            return canonical(name), (), ()
        atoms = script_atoms(name.subscripts)
        count = 0
        for atom in reversed(atoms):
            meaning = self.scope.find(canonical(atom)) if isinstance(atom, s.Symbol) else None
            if not isinstance(meaning, Index) or meaning.dimension is None:
                break
            count += 1
        if count == 0:
            return canonical(name), (), ()
        letters = atoms[len(atoms) - count :]
        sizes = tuple(self.scope.find(canonical(letter)).dimension for letter in letters)  # type: ignore[union-attr]
        return canonical(replace(name, subscripts=atoms[: len(atoms) - count])), sizes, letters

    def _synonym(self, left: s.Node, target: s.Node, is_slip: bool) -> None:
        slip = f"{canonical(left)} is read as {canonical(target)}" if is_slip else ""
        parameters: tuple[s.Node, ...] = ()
        key = canonical(left)
        if isinstance(left, s.Scripted) and left.subscripts:
            atoms = script_atoms(left.subscripts)
            inside = set(letters_in(target)) | {canonical(n) for n in s.walk(target) if isinstance(n, s.Symbol)}
            count = 0
            for atom in reversed(atoms):
                known = self.scope.find(canonical(atom))
                letter = (
                    isinstance(atom, s.Symbol) and len(atom.name) == 1 and (known is None or isinstance(known, Index))
                )
                if not letter or (known is None and canonical(atom) not in inside and count == 0):
                    break
                count += 1
            if count:
                parameters = atoms[len(atoms) - count :]
                key = family_key(canonical(replace(left, subscripts=atoms[: len(atoms) - count])), count)
        self.scope.declare(key, style_of(left), Alias(target, slip, parameters))

    def _function(self, left: s.Node, right: s.Node) -> bool:
        head = function_head(left)
        assert head is not None
        name, arguments, indices = head
        if isinstance(name, s.Scripted) and name.primes == 1:
            return self._kink(name, arguments, right)
        known = self.scope.find(canonical(name), style_of(name))
        if isinstance(known, Quantity) or any(not isinstance(a, s.Symbol | s.Scripted) for a in arguments):
            return False
        key = canonical(name)
        function = Function(key, "defined", arguments, indices, right, self.scope)
        self.scope.declare(key, style_of(name), function)
        return True

    def _kink(self, name: s.Scripted, arguments: tuple[s.Node, ...], right: s.Node) -> bool:
        if len(arguments) != 1 or not isinstance(arguments[0], s.Number):
            return False
        key = canonical(replace(name, primes=0)) if name.subscripts else canonical(name.base)
        at, value = (self.reader(self.scope).value(node, self.scope).entry() for node in (arguments[0], right))
        self.scope.settings.kinks.setdefault(known_function(key) or key, {})[at] = value
        return True

    def _size(self, left: s.Symbol | s.Scripted, right: s.Node) -> bool:
        if self.scope.find(canonical(left), style_of(left)) is not None:
            return False
        if isinstance(right, s.Number):
            whole = right.text.isdigit() and int(right.text) > 0
        else:
            whole = isinstance(right, s.Symbol | s.Scripted) and isinstance(self.scope.find(canonical(right)), Size)
        if whole:
            self.scope.declare(canonical(left), "", Size(self.size(right)))
        return whole

    # ---- definitions and conditions

    def define(
        self, left: s.Node, right: s.Node, choices: Choices | None = None, again: bool = False
    ) -> Quantity | None:
        """``left := right`` for a name; None where the left side is no name that can be defined (or is defined)."""
        if not isinstance(left, s.Symbol | s.Scripted):
            return None
        if again:
            return self._introduce(left, right, choices)
        reader = self.reader(self.scope)
        found = reader.resolve(left, self.scope)
        declared, atoms = None, ()
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
                return self._introduce(left, right, choices)
            if declared.definition is not None:
                declared = None if canonical(left) not in self.scope.names else declared
            if declared is not None and (declared.definition is not None or declared.numbers is not None):
                return None
        if declared is not None:
            letters = script_atoms(left.subscripts) if isinstance(left, s.Scripted) and declared.family else atoms
            return self._complete(declared, letters if declared.family else atoms, right, choices)
        return self._introduce(left, right, choices)

    def _are_indices(self, atoms: tuple[s.Node, ...], right: s.Node) -> bool:
        """Whether scripts behind a name are index letters: declared as such, or used so on the right side."""
        looking = self.within.inner()
        reader = self.reader(looking)
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
        reader = self.reader(looking)
        reader.value(right, looking)
        inside = set(reader.met_indices)
        atoms = script_atoms(left.subscripts)
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
        first = self.reader(looking, Choices() if choices is None else Choices(choices.plan))
        with contextlib.suppress(MeaningError):
            first.value(right, looking)
        summed = frozenset(first.repeated) - {canonical(letter) for letter in letters}

        def member(*which: Any) -> Value:
            inner = scope.inner()
            for letter, position in zip(letters, which, strict=True):
                known = scope.find(canonical(letter))
                dimension = known.dimension if isinstance(known, Index) else None
                inner.declare(canonical(letter), "", Index(dimension, position))
            taken = Choices() if choices is None else Choices(choices.plan)
            return FormulaReader(taken, inner, summed).value(right, inner)

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

    def layout(self, node: s.Node, layout: str) -> None:
        """The layout of one derivative."""
        value = self.reader(self.scope).value(node, self.scope)
        if value.slope is None:
            raise MeaningError(f"a layout for {canonical(node)}, which is no derivative", place=node.place)
        self.scope.settings.layouts.append((value.slope.of, value.slope.by, layout))

    def numbers(self, left: s.Node, right: s.Node) -> bool:
        """`X = [[1, 2], [3, 4]]`: the value of a quantity."""
        if not isinstance(left, s.Symbol | s.Scripted) or not isinstance(right, s.Matrix):
            return False
        value = self.reader(self.scope).value(right, self.scope)
        rows, columns = (value.shape or (1, 1))[:2]
        found = self.scope.find(canonical(left), style_of(left))
        quantity = found if isinstance(found, Quantity) and canonical(left) in self.scope.names else None
        if quantity is None:
            quantity = self.quantity(canonical(left), (), style_of(left), value.shape)
        if quantity.shape != value.shape:
            raise MeaningError(f"{quantity.name} is declared with the shape {quantity.shape}, not {value.shape}")
        cells = [
            [value.entry(*((sp.Integer(r), sp.Integer(c)) if value.shape else ())) for c in range(int(columns))]
            for r in range(int(rows))
        ]
        quantity.numbers = tuple(tuple(_rational(cell) for cell in row) for row in cells)
        return True

    def condition(self, statement: s.Statement) -> None:
        """What a statement says is given, for all values of the indices in it."""
        reader = self.reader(self.scope.inner())
        for left, relation, right in zip(statement.sides, statement.relations, statement.sides[1:], strict=False):
            if relation.operator not in RELATIONS:
                raise MeaningError(f"a condition with the sign {relation.operator}", place=relation.place)
            sign = RELATIONS[relation.operator]
            if self._domain_of_sign(left, sign, right):
                continue
            pair = s.Statement((left, right), (relation,))
            case = reader.is_index(left, reader.free) or reader.is_index(right, reader.free)
            (given,) = reader.relations(pair, reader.free)
            self.given.conditions.append(given if case else self._for_every(pair, reader, given))

    def _for_every(self, pair: s.Statement, reader: FormulaReader, given: Any) -> Any:
        """The relation for every value of the index letters in it."""
        if not reader.met_indices:
            return given
        inner = self.scope.inner()
        fresh = {letter: kept.index(letter) for letter in reader.met_indices}
        for letter, symbol in fresh.items():
            known = self.scope.find(letter)
            inner.declare(letter, "", Index(known.dimension if isinstance(known, Index) else None, symbol))
        (relation,) = self.reader(inner).relations(pair, inner)
        return Every(tuple(fresh.values()), relation)

    def _domain_of_sign(self, left: s.Node, sign: str, right: s.Node) -> bool:
        """`\\eta > 0` of a variable: a matter of its domain."""
        if right != s.Number("0") or sign not in (">", ">=", "<") or not isinstance(left, s.Symbol | s.Scripted):
            return False
        found = self.reader(self.scope).resolve(left, self.scope)
        if found is None:
            quantity = self.quantity(canonical(left), (), style_of(left), ())
        else:
            candidate, meaning = found
            if not isinstance(meaning, Quantity) or candidate.superscripts or meaning.definition is not None:
                return False
            quantity = meaning
            if any(isinstance(atom, s.Number) for atom in candidate.subscripts):
                return False
        quantity.domain = {">": "positive", ">=": "nonnegative", "<": "negative"}[sign]
        return True


def function_head(node: s.Node) -> tuple[s.Node, tuple[s.Node, ...], tuple[s.Node, ...]] | None:
    """Name, arguments and subscripts of `f(x)` or `softmax(z)_c`, as the left side of a definition."""
    if isinstance(node, s.Call):
        name, brackets = node.function, node.argument
    elif isinstance(node, s.Juxtaposed) and len(node.items) == 2:
        name, brackets = node.items
    else:
        return None
    indices: tuple[s.Node, ...] = ()
    if isinstance(brackets, s.Scripted):
        if brackets.superscripts or brackets.primes:
            return None
        indices, brackets = script_atoms(brackets.subscripts), brackets.base
    if not isinstance(brackets, s.Delimited) or brackets.open != "(" or not isinstance(name, s.Symbol | s.Scripted):
        return None
    arguments = brackets.body.items if isinstance(brackets.body, s.List) else (brackets.body,)
    return name, arguments, indices


def _rational(cell: sp.Expr) -> sp.Rational:
    value = cell
    if isinstance(cell, sp.Mul) and len(cell.args) == 2 and all(a.is_Rational for a in cell.args):
        value = cell.args[0] * cell.args[1]
    if not value.is_Rational:
        raise MeaningError(f"{cell} is no number")
    return value


def _dummies(relation: Any) -> tuple[Any, ...]:
    return tuple(d for d in relation.free_symbols if isinstance(d, sp.Dummy))
