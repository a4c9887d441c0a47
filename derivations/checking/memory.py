"""What a document has said so far, brought into what its context declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ..meaning.choices import Choices
from ..meaning.context import Situation
from ..meaning.declarations import Declarations, Given
from ..meaning.errors import MeaningError
from ..meaning.formulas import FormulaReader
from ..meaning.givens import definition_of, reachable
from ..meaning.kept import names_in
from ..meaning.lookup import family_key
from ..meaning.names import SAMPLE, canonical, style_of
from ..meaning.scope import Quantity, Scope
from ..reading import syntax as s

__all__ = ["Circular", "Learned", "Memory", "World"]


class Circular(MeaningError):
    """What looks like a definition, of a variable by what is made of it."""


@dataclass
class Learned:
    """One thing that was learned: a definition (of a name, a function), a domain, or an update."""

    kind: str  # "definition", "again" (after an update), "name", "parameter", "like" (another) or "condition"
    statement: s.Statement
    plan: tuple[int, ...] = ()
    section: str = ""


@dataclass
class World:
    """A situation with what has been learned brought in."""

    scope: Scope
    given: Given
    taken: int = 0
    assumed: list[tuple[str, Any]] = field(default_factory=list)  # conditions by the section that they hold in
    cache: dict[str, Any] = field(default_factory=dict)


class Memory:
    """What has been learned, in order; each situation takes up what it has not yet."""

    def __init__(self) -> None:
        self.learned: list[Learned] = []
        self._worlds: dict[int, World] = {}

    def world(self, situation: Situation) -> World:
        world = self._worlds.get(id(situation))
        if world is None:
            given = Given(list(situation.given.conditions), dict(situation.given.quantities))
            world = self._worlds[id(situation)] = World(situation.scope, given)
        for each in self.learned[world.taken :]:
            _take_up(each, world)
        world.taken = len(self.learned)
        return world

    def learn(self, each: Learned, world: World, test: Callable[[Scope], object] = lambda scope: None) -> None:
        """Adds what was learned; raises MeaningError if it has no meaning in this world, or the test finds none."""
        assert world.taken == len(self.learned)
        before = world.scope
        _apply(each, world)
        try:
            test(world.scope)
        except MeaningError:
            world.scope = before
            raise
        self.learned.append(each)
        world.taken += 1


def _take_up(each: Learned, world: World) -> None:
    try:
        _apply(each, world)
    except MeaningError:
        return  # what another section said has no meaning here


def _apply(each: Learned, world: World) -> None:
    scope = world.scope.inner()
    declarations = Declarations(scope, world.given, within=world.scope)
    if each.kind == "parameter":
        parameter = each.statement.sides[0]
        declarations.quantity(canonical(parameter), (), "", _shape_of_samples(parameter, scope)).tentative = True
    elif each.kind == "like":
        name, other = each.statement.sides
        found = FormulaReader(Choices(), scope).resolve(other, scope)
        if found is None or not isinstance(found[1], Quantity):
            raise MeaningError(f"{canonical(other)} has no shape")
        declarations.quantity(canonical(name), (), style_of(name), found[1].shape)
    elif each.kind == "condition":
        before = len(world.given.conditions)
        declarations.condition(each.statement)
        world.assumed += [(each.section, condition) for condition in world.given.conditions[before:]]
        del world.given.conditions[before:]
    elif each.kind == "name":
        declarations.declare_name(each.statement, "")
    else:
        left, right = each.statement.sides
        defined = declarations.define(left, right, Choices(each.plan), again=each.kind == "again")
        if defined is not None:
            _refuse_circles(defined, world)
    world.scope = scope


def _shape_of_samples(parameter: s.Node, scope: Scope) -> tuple[Any, ...]:
    """The shape of x^{(i)}, where x is the argument of a function of samples; that of a number otherwise."""
    assert isinstance(parameter, s.Symbol)
    sample = replace(parameter, accents=(*parameter.accents, SAMPLE))
    found = scope.find(family_key(canonical(sample), 1))
    return found.shape if isinstance(found, Quantity) else ()


def _refuse_circles(quantity: Quantity, world: World) -> None:
    """A variable is not defined by what is made of it."""
    below = names_in(definition_of(quantity).value)
    if quantity.name in below | set(reachable(below, world.given, world.cache)):
        quantity.definition = None
        raise Circular(f"{quantity.name} would be defined through itself")
