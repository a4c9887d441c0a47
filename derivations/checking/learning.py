"""What a document teaches as it goes on: names by definition, domains, updates."""

from __future__ import annotations

from typing import Any

from ..meaning import kept
from ..meaning.choices import Choices
from ..meaning.context import Situation
from ..meaning.declarations import Declarations, function_head
from ..meaning.domains import domain_of, is_real_space
from ..meaning.errors import MeaningError
from ..meaning.formulas import FormulaReader
from ..meaning.functions import known_function
from ..meaning.givens import reachable
from ..meaning.labels import with_labels
from ..meaning.names import canonical
from ..meaning.plans import plan_of
from ..meaning.scope import Alias, Function, Index, Meaning, Quantity, Scope, Size
from ..reading import syntax as s
from .chains import Chain
from .memory import Circular, Learned, Memory, World
from .naming import Name, name_of, takes_others
from .numbers import printed

__all__ = ["Student"]


class Student:
    """Learns from a document; `enter` says where it stands."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.reading = ""  # how the last definition was read, where there was a choice
        self.never_plain: frozenset[str] = frozenset()  # names that are not taken for numbers
        self.section = ""
        self.exercise = ""
        self.root = ""  # the part of the document that it stands in
        self._situation: Situation | None = None
        #: the names that the document has defined, and the section that their meaning is declared for
        self._defined: dict[str, str] = {}
        self._outdated: set[str] = set()
        self._failed: dict[str, int] = {}
        self._roots: dict[str, str] = {}  # in which part of the document a quantity was declared
        self._introduced: list[tuple[s.Node, ...]] = []  # names and what they are, by a condition of a sentence
        self._exercises: dict[str, str] = {}  # in which exercise a name was defined
        self._confirmed: set[tuple[str, str]] = set()  # quantities and parts whose definitions they fit into

    def enter(self, situation: Situation, section: str, exercise: str = "", part: str = "") -> None:
        """Goes to a chain; ``exercise`` is the heading of the exercise that it belongs to, if it belongs to one."""
        self._situation, self.section, self.exercise, self.root = situation, section, exercise, part
        situation.scope.settings.broken |= self._failed

    @property
    def world(self) -> World:
        """The situation with all that has been learned."""
        assert self._situation is not None
        return self.memory.world(self._situation)

    # ---- names

    def failed(self, name: Name, line: int) -> None:
        """The definition of a name that could not be read."""
        self._failed |= {key.partition("_")[0]: line for key in name.keys}
        self.world.scope.settings.broken |= self._failed

    def explained(self, message: str) -> str:
        """A message about a name without a meaning, where its definition could not be read."""
        name, found, _ = message.partition(" has no meaning here")
        line = self._failed.get(name.partition("_")[0]) if found else None
        if line is None:
            return message
        return f"{name} has no meaning here: its definition in line {line} could not be read"

    def new_names(self, chain: Chain, scope: Scope) -> list[Name]:
        """The names at the beginning of a chain that the document has not defined yet."""
        names: list[Name] = []
        for side, relation, following in zip(chain.sides, chain.relations, chain.sides[1:], strict=False):
            if printed(following) is not None and (names or side == s.Symbol("e")):
                break
            name = name_of(side, scope) if relation.operator not in ("in", "neq") else None
            if name is None or all(self._is_defined(key, scope) for key in name.keys):
                break
            names.append(name)
        return names

    def elsewhere(self, name: str) -> str | None:
        """The other part of the document in which a quantity was declared, if it was."""
        root = self._roots.get(name)
        return None if root in (None, self.root) or (name, self.root) in self._confirmed else root

    def _is_defined(self, key: str, scope: Scope) -> bool:
        section = self._defined.get(key)
        if section == "" and self._exercises.get(key, self.exercise) != self.exercise:
            self._outdated.add(key)  # another exercise may use the letter anew
            return False
        return section is not None and section == scope.find_with_section(key)[1]

    def note(self, name: Name, scope: Scope) -> None:
        """The document has defined the name."""
        again = name_of(name.node, scope)
        for key in {*name.keys, *(again.keys if again is not None else ())}:
            self._defined[key] = scope.find_with_section(key)[1]
            self._outdated.discard(key)

    def meaning_of(self, name: Name, scope: Scope) -> Meaning | None:
        """What a name means already; None where it has at most a shape."""
        node = with_labels(name.node, scope)[0][0]
        head = function_head(node)
        bare = head[0] if head is not None else node
        if self._outdated & set(name.keys):
            return None
        found = FormulaReader(Choices(), scope).resolve(bare, scope)
        if found is None:
            known = known_function(canonical(bare)) if head is not None else None
            return Function(known, "known") if known else None
        meaning = found[1]
        if isinstance(meaning, Quantity) and meaning.definition is None and meaning.numbers is None:
            return None
        if head is not None and takes_others(canonical(bare), len(head[1]), scope):
            return scope.find(f"{canonical(bare)}({len(head[1])})")
        return meaning if isinstance(meaning, Quantity | Function | Alias) else None

    def is_variable(self, node: s.Node, scope: Scope) -> bool:
        """Whether a side is a name that is declared as a variable, and defined nowhere."""
        if not isinstance(node, s.Symbol | s.Scripted):
            return False
        found = FormulaReader(Choices(), scope).resolve(node, scope)
        if found is not None and isinstance(found[1], Size):
            return True
        if found is None or not isinstance(found[1], Quantity) or found[0].superscripts:
            return False
        return found[1].definition is None and found[1].numbers is None

    def declare_parameters(self, name: Name) -> list[str]:
        """Arguments of a new function that nothing declares are numbers; their names."""
        head = function_head(name.node)
        if head is None:
            return []
        declared = []
        for argument in head[1]:
            if isinstance(argument, s.Symbol) and self.world.scope.find(canonical(argument)) is None:
                self.memory.learn(Learned("parameter", s.Statement((argument,))), self.world)
                declared.append(canonical(argument))
        return declared

    def define(self, name: Name, body: s.Node, chain: Chain) -> None:
        """Learns what the name stands for.

        Raises:
            MeaningError: the body has no meaning.
        """
        world, self.reading = self.world, ""
        self._exercises |= dict.fromkeys(name.keys, self.exercise)
        statements = with_labels(s.Statement((name.node, body), (s.Relation("="),)), world.scope)
        head = function_head(name.node)
        if head is not None and any(node == head[0] for node in s.walk(body)):
            raise Circular(f"{canonical(head[0])} would be defined through itself")
        for statement, _ in statements:
            if head is not None:
                self.memory.learn(Learned("name", statement), self.world, lambda scope: _has_value(name.node, scope))
                continue
            plan = self._plan(statement.sides[0], statement.sides[1], chain)
            kind = "again" if self._outdated & set(name.keys) else "definition"
            self.memory.learn(Learned(kind, statement, plan), self.world)
        self._confirm(body)

    def _confirm(self, body: s.Node) -> None:
        """What a definition in this part is made of is here what it was declared elsewhere."""
        reader = FormulaReader(Choices(), self.world.scope)
        for node in s.walk(body):
            found = reader.resolve(node, self.world.scope) if isinstance(node, s.Symbol | s.Scripted) else None
            if found is not None and isinstance(found[1], Quantity):
                self._confirmed.add((found[1].name, self.root))

    def _plan(self, name: s.Node, body: s.Node, chain: Chain) -> tuple[int, ...]:
        """The reading of a definition, where several fit: see `plan_of`."""
        scope = self.world.scope.inner()
        shapes: list[tuple[Any, ...]] = [(len(p), len(p[0])) for p in map(printed, chain.sides) if p is not None]
        found = FormulaReader(Choices(), scope).resolve(name, scope) if not shapes else None
        if found is not None and isinstance(found[1], Quantity) and not found[0].subscripts:
            shapes = [found[1].shape or (1, 1)]
        plan, words = plan_of(body, scope, shapes)
        if words:
            self.reading = words
        return plan

    # ---- assumptions

    def assume(self, statement: s.Statement) -> None:
        """A condition that holds in this section from here on.

        Raises:
            MeaningError: it has no meaning.
        """
        self.memory.learn(Learned("condition", statement, section=self.section), self.world)

    def take_for_numbers_between(self, left: s.Node, right: s.Node) -> None:
        """`q < 1` of a letter without a meaning: a number; `q > 0` says so by itself."""
        if right == s.Number("0"):
            return
        for letter, bound in ((left, right), (right, left)):
            if isinstance(letter, s.Symbol) and printed(bound) is not None and self.is_new(letter, self.world.scope):
                self.memory.learn(Learned("parameter", s.Statement((letter,))), self.world)

    def is_new(self, node: s.Node, scope: Scope) -> bool:
        """Whether a side is a name without a meaning."""
        return isinstance(node, s.Symbol | s.Scripted) and FormulaReader(Choices(), scope).resolve(node, scope) is None

    def take_for_definition(self, chain: Chain, scope: Scope) -> bool:
        """For $a = \\tanh(u)$, ...: said of a name without a meaning, a condition is a definition, and noted as one."""
        left, right = chain.sides[:2]
        if chain.relations[0].operator != "=" or not self.is_new(left, scope) or isinstance(right, s.Symbol):
            return False
        if not self._quantities_in(right, scope):
            return False
        self._introduced.append((left, right))
        return True

    def was_taken_for_definition(self, condition: s.Condition) -> bool:
        """Whether a condition of a sentence was taken for the definition of a name."""
        return all(statement.sides in self._introduced for statement in condition.statements)

    def is_about_variables(self, chain: Chain, scope: Scope) -> bool:
        """Whether a relation says something of declared variables only, and nothing that could be derived."""
        if len(chain.relations) != 1 or name_of(chain.sides[0], scope) is not None:
            return False
        found: list[Quantity] = []
        for side in chain.sides:
            quantities = self._quantities_in(side, scope)
            if quantities is None or any(self._can_be_derived(node, scope) for node in s.walk(side)):
                return False
            found += quantities
        return bool(found) and all(quantity.definition is None for quantity in found)

    def _quantities_in(self, side: s.Node, scope: Scope) -> list[Quantity] | None:
        """What the side speaks of; None where it has no meaning."""
        try:
            value = FormulaReader(Choices(), scope).value(side, scope)
            names = kept.names_in(value.entry(*(kept.index("i") for _ in value.shape)))
        except MeaningError:
            return None
        return [self.world.given.quantities[name] for name in names & set(self.world.given.quantities)]

    def _can_be_derived(self, node: s.Node, scope: Scope) -> bool:
        """Whether what is said of a part could be derived: it is a derivative, or a function that is known."""
        if isinstance(node, s.Derivative | s.Call | s.Root) or (isinstance(node, s.Scripted) and node.primes):
            return True
        head = function_head(node)
        if head is None:
            return False
        found = FormulaReader(Choices(), scope).resolve(head[0], scope)
        known = isinstance(found[1], Function) if found is not None else known_function(canonical(head[0])) is not None
        return known

    # ---- updates

    def is_update(self, chain: Chain) -> bool:
        """`W = W - eta G`: a name on the left that has a value and stands on the right as well."""
        left, right = chain.sides[0], chain.sides[1] if len(chain.sides) > 1 else None
        if not isinstance(left, s.Symbol | s.Scripted) or right is None:
            return False
        assigned = chain.relations[0].operator in (":=", "leftarrow") and any(node == left for node in s.walk(right))
        if not assigned and not (isinstance(right, s.Sum) and any(term == left for _, term in right.terms)):
            return False
        found = FormulaReader(Choices(), self.world.scope).resolve(left, self.world.scope)
        return found is not None and isinstance(found[1], Quantity) and (assigned or not found[0].subscripts)

    def update(self, chain: Chain) -> None:
        """The name has its new value from here on; what was computed from the old one may be computed anew."""
        left, right = chain.sides[0], chain.sides[1]
        world = self.world
        found = FormulaReader(Choices(), world.scope).resolve(left, world.scope)
        assert found is not None
        if found[0].subscripts:
            return  # an entry for itself: what its new value changes is not followed up
        key, old = found[0].key, found[1]
        assert isinstance(old, Quantity)
        for name in set(self._defined) - {key}:
            meaning = world.scope.find(name)
            if isinstance(meaning, Quantity) and old.name in reachable({meaning.name}, world.given, world.cache):
                del self._defined[name]
                self._outdated.add(name)
        self.memory.learn(
            Learned("again", s.Statement((left, right), (s.Relation("="),)), self._plan(left, right, chain)), world
        )

    # ---- domains

    def declares(self, left: s.Node, right: s.Node, scope: Scope) -> bool:
        """Learns what an "in" says of names that have no meaning yet; False where they have one."""
        new: list[s.Node] = []
        for name in left.items if isinstance(left, s.List) else (left,):
            if not isinstance(name, s.Symbol | s.Scripted):
                return False
            found = FormulaReader(Choices(), scope).resolve(name, scope)
            meaning = found[1] if found is not None else None
            anew = isinstance(meaning, Quantity) and (meaning.tentative or self.elsewhere(meaning.name) is not None)
            if meaning is not None and not isinstance(meaning, Index) and not anew:
                if isinstance(left, s.List) and self._is_said_again(meaning, right):
                    continue
                return False
            new.append(name)
        left = (
            left if len(new) == 1 and left == new[0] else s.List(tuple(new), (",",) * (len(new) - 1), place=left.place)
        )
        before = set(self.world.given.quantities)
        try:
            self.memory.learn(Learned("name", s.Statement((left, right), (s.Relation("in"),))), self.world)
        except MeaningError:
            return False
        self._roots |= dict.fromkeys(set(self.world.given.quantities) - before, self.root)
        return True

    def _is_said_again(self, meaning: Meaning, domain: s.Node) -> bool:
        """Whether a variable of a list has been declared just so: `x, y \\in \\mathbb{R}` where x is known."""
        try:
            shape = domain_of(domain, self.size_of).shape
        except MeaningError:
            return False
        return isinstance(meaning, Quantity) and meaning.shape == shape and is_real_space(domain)

    def size_of(self, node: s.Node) -> Any:
        """A size by its name."""
        return Declarations(self.world.scope.inner(), self.world.given).size(node)


def _has_value(node: s.Node, scope: Scope) -> None:
    """Raises MeaningError where the body of a function has no meaning."""
    value = FormulaReader(Choices(), scope).value(node, scope)
    value.entry(*(kept.index("i") for _ in value.shape))
