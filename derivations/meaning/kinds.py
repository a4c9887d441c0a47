"""What kind of thing a name is: declarations of shapes, sizes, indices, labels, synonyms and functions."""

from __future__ import annotations

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
from .sums import letters_in
from .values import Value, shape_text

__all__ = ["Given", "Kinds", "function_head"]


@dataclass
class Given:
    """Conditions that hold in a scope, as SymPy relations and the like, each made when it is first needed."""

    conditions: list[Any] = field(default_factory=list)
    quantities: dict[str, Quantity] = field(default_factory=dict)


class Kinds:
    """Declares what statements say, in a scope; ``given`` collects what is no name."""

    def __init__(self, scope: Scope, given: Given, within: Scope | None = None) -> None:
        self.scope = scope
        self.given = given
        self.within = within or scope  # where right sides are read
        self.text: Callable[[s.Node], str] = canonical  # how nodes are shown

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
        again = self.scope.names.get(key, {}).get(style)
        if isinstance(again, Quantity) and again.definition is None and again.shape != domain.shape and rows is None:
            del self.scope.names[key][style]  # which of the two is meant is not for us to choose
            raise MeaningError(
                f"{key} is declared twice, as {shape_text(again.shape)} and as {shape_text(domain.shape)}",
                place=name.place,
            )
        if isinstance(known, Quantity) and domain.shape == known.shape and key in self.scope.names:
            quantity = known
        elif rows is not None:
            quantity = rows
        else:
            base, family, _ = self.split_family(name, declared=True)
            quantity = self.quantity(base, family, style, domain.shape)
        if domain.sign != "real":
            quantity.domain = domain.sign
        if domain.kind == "onehot":
            self.given.conditions.append(OneHot(quantity.symbol))
        if domain.kind == "values" and quantity.shape == () and not quantity.family:
            quantity.values = domain.values
            return
        whole = quantity.member(tuple(kept.index("n") for _ in quantity.family))
        entry = whole.entry(*(kept.ZERO if d == 1 else kept.index(i) for i, d in zip("ij", whole.shape, strict=False)))
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

    def split_family(self, name: s.Node, declared: bool = False) -> tuple[str, tuple[Any, ...], tuple[s.Node, ...]]:
        """A name without the declared index letters behind it, the sizes that they run over, and the letters."""
        if not isinstance(name, s.Scripted) or not name.subscripts:
            return canonical(name), (), ()
        atoms = script_atoms(name.subscripts)
        sizes: list[Any] = []
        for atom in reversed(atoms):
            size = self._end_of(atom, declared)
            if size is None:
                break
            sizes.insert(0, size)
        if not sizes:
            return canonical(name), (), ()
        cut = len(atoms) - len(sizes)
        return canonical(replace(name, subscripts=atoms[:cut])), tuple(sizes), atoms[cut:]

    def _end_of(self, atom: s.Node, declared: bool) -> Any | None:
        """How far an index letter runs: as it is declared, or, in a declaration, as the document shows it."""
        if not isinstance(atom, s.Symbol):
            return None
        meaning = self.scope.find(canonical(atom))
        if isinstance(meaning, Index) and meaning.dimension is not None:
            return meaning.dimension
        end = self.scope.settings.ends.get(canonical(atom)) if declared else None
        if end is None or not (meaning is None or isinstance(meaning, Index)):
            return None
        return self.size(end)

    def _synonym(self, left: s.Node, target: s.Node, is_slip: bool) -> None:
        slip = f"{self.text(left)} is read as {self.text(target)}" if is_slip else ""
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
        if not isinstance(left, s.Symbol | s.Scripted):
            self.scope.settings.composites = True
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
        if not (isinstance(known, Function) and known.kind == "defined" and len(known.parameters) != len(arguments)):
            self.scope.declare(key, style_of(name), function)
        self.scope.declare(f"{key}({len(arguments)})", style_of(name), function)
        return True

    def _kink(self, name: s.Scripted, arguments: tuple[s.Node, ...], right: s.Node) -> bool:
        if len(arguments) != 1 or not isinstance(arguments[0], s.Number):
            return False
        key = canonical(replace(name, primes=0)) if name.subscripts else canonical(name.base)
        at, value = (self.reader(self.scope).value(node, self.scope).entry() for node in (arguments[0], right))
        self.scope.settings.kinks.setdefault(known_function(key) or key, {})[at] = value
        return True

    def _size(self, left: s.Symbol | s.Scripted, right: s.Node) -> bool:
        if self.reader(self.scope).resolve(left, self.scope) is not None:
            return False
        if isinstance(right, s.Number):
            whole = right.text.isdigit() and int(right.text) > 0
        else:
            whole = isinstance(right, s.Symbol | s.Scripted) and isinstance(self.scope.find(canonical(right)), Size)
        if whole:
            self.scope.declare(canonical(left), "", Size(self.size(right)))
        return whole


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


def _dummies(relation: Any) -> tuple[Any, ...]:
    return tuple(d for d in relation.free_symbols if isinstance(d, sp.Dummy))
