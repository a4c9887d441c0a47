"""What names mean: quantities, sizes, indices, functions, labels and synonyms, in scopes that shadow each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .values import Value

__all__ = [
    "Alias",
    "Bound",
    "Function",
    "Index",
    "Labels",
    "Meaning",
    "Quantity",
    "Registry",
    "Scope",
    "Settings",
    "Size",
]


class Registry:
    """Symbols for the judge: what has two meanings in a document has two names there."""

    def __init__(self) -> None:
        self._owners: dict[str, Any] = {}

    def claim(self, name: str, owner: Any) -> str:
        """The name, with primes if something else has it."""
        name = name.replace("~", "").replace("@", "") or "x"
        if name.isdigit():
            name = f"({name})"
        while self._owners.setdefault(name, owner) is not owner:
            if self._owners[name] == owner:
                break
            name += "'"
        return name

    def owner(self, name: str) -> Any:
        """What has the name."""
        return self._owners.get(name)

    def index(self, name: str) -> sp.Symbol:
        return sp.Symbol(self.claim(name, ("index", name)), integer=True)

    def size(self, name: str) -> sp.Symbol:
        return sp.Symbol(self.claim(name, ("size", name)), integer=True, positive=True)


@dataclass
class Settings:
    """What mathematics has no sign for; see docs/writing-a-context.md."""

    layout: str = "shape"
    summation: str = "explicit"
    derivative: str = "total"
    #: layouts of single derivatives: (what is differentiated, by what, layout)
    layouts: list[tuple[Any, Any, str]] = field(default_factory=list)
    #: values of slopes at kinks: by the function's name, argument and value
    kinks: dict[str, dict[Any, Any]] = field(default_factory=dict)
    #: whether some synonym stands for more than a name
    composites: bool = False
    #: how far letters run, where the document shows it and nothing declares it
    ends: dict[str, s.Node] = field(default_factory=dict, compare=False)
    registry: Registry = field(default_factory=Registry, compare=False)
    unnamed: Quantity | None = field(default=None, compare=False)  # the variable of functions that have none
    #: names whose definition could not be read, and where that stands
    broken: dict[str, int] = field(default_factory=dict, compare=False)

    def layout_of(self, of: Any, by: Any) -> str:
        """The layout that is declared for a derivative."""
        for known_of, known_by, layout in reversed(self.layouts):
            if known_of == of and known_by == by:
                return layout
        return self.layout


@dataclass(eq=False)
class Quantity:
    """A variable, or what a definition defines.  ``name`` is unique among all quantities of a document.

    A family (`x_n`) has a shape for each value of its subscripts, which run over the sizes in ``family``.
    ``definition`` is a value for each member: it takes as many indices as the family has sizes.
    """

    name: str
    shape: tuple[Any, ...]
    family: tuple[Any, ...] = ()
    domain: str = "real"
    definition: Callable[..., Value] | None = None
    node: s.Node | None = None  # what defines it, as written
    numbers: tuple[tuple[sp.Rational, ...], ...] | None = None
    values: tuple[Any, ...] = ()  # those that a number can have, where they are few
    _names: frozenset[str] | None = None
    tentative: bool = False  # a parameter that was taken for a number, until it is said what it is

    @property
    def made_of(self) -> frozenset[str]:
        """The names in its definition; none where it has no definition."""
        if self.definition is None:
            return frozenset()
        if self._names is None:
            value = self.definition(*(kept.index("n") for _ in self.family))
            self._names = frozenset(kept.names_in(value.entry(*(kept.index("i") for _ in value.shape))))
        return self._names

    @property
    def symbol(self) -> Any:
        return kept.tensor(self.name, (*self.family, *self.shape), self.domain)

    @property
    def value(self) -> Value:
        """The quantity itself, where it is no family."""
        value = self.member(())
        return Value(value.shape, value.entry, origin=self)

    def member(self, which: tuple[Any, ...]) -> Value:
        """The member of the family with these subscripts."""
        whole = (*self.family, *self.shape)
        symbol = self.symbol
        entry = None if self.shape else kept.entry_of(symbol, whole, which)
        return Value(self.shape, lambda *i: kept.entry_of(symbol, whole, (*which, *i)), origin=entry or (self, which))


@dataclass(frozen=True, eq=False)
class Size:
    """A number of entries: a symbol or an integer."""

    dimension: Any


@dataclass(frozen=True, eq=False)
class Index:
    """A letter that stands for positions, and the symbol that the judge knows it by.

    ``in_a_case`` says that a condition such as i = j speaks of it.
    """

    dimension: Any | None
    symbol: Any
    in_a_case: bool = False


@dataclass(frozen=True, eq=False)
class Labels:
    """A letter that stands for labels in names: `\\delta_k` for k in {1, 2, out}."""

    labels: tuple[s.Node, ...]


@dataclass(frozen=True, eq=False)
class Bound:
    """A parameter of a function, bound to its argument."""

    value: Value


@dataclass(frozen=True, eq=False)
class Function:
    """A function of one argument, or of none that is looked at.

    ``kind`` is "undefined" (smooth), "known" (``name`` is in the table of known functions) or "defined" by ``body``.
    """

    name: str
    kind: str
    parameters: tuple[s.Node, ...] = ()
    indices: tuple[s.Node, ...] = ()
    body: s.Node | None = None
    scope: Scope | None = None


@dataclass(frozen=True, eq=False)
class Alias:
    """Another way to write something; ``slip`` says what is assumed where the document miswrites it.

    ``parameters`` are the indices of a pattern such as `\\hat y_{n,j}`.
    """

    target: s.Node
    slip: str = ""
    parameters: tuple[s.Node, ...] = ()


Meaning = Quantity | Size | Index | Labels | Bound | Function | Alias


@dataclass(eq=False)
class Scope:
    """Names and what they mean here; what is not found is looked for in the scope around it."""

    settings: Settings = field(default_factory=Settings)
    outer: Scope | None = None
    names: dict[str, dict[str, Meaning]] = field(default_factory=dict)
    hidden: list[Meaning] = field(default_factory=list)
    #: which section of a document the names are declared for; "" for all of it
    section: str = ""
    #: names in front of all that the scopes around it say
    overriding: dict[str, dict[str, Meaning]] = field(default_factory=dict)

    def inner(self) -> Scope:
        return Scope(self.settings, self)

    def declare(self, key: str, style: str, meaning: Meaning) -> None:
        """A name with its style; where it has no other, it is found under every style."""
        self.names.setdefault(key, {})[style] = meaning

    def hide(self, meaning: Meaning) -> None:
        """Looks past a meaning from here on: a synonym's own text does not mean the synonym."""
        self.hidden.append(meaning)

    def find(self, key: str, style: str = "") -> Meaning | None:
        """The name in this style, else plain, else in the one style that it was declared in."""
        return self.find_with_section(key, style)[0]

    def find_with_section(self, key: str, style: str = "") -> tuple[Meaning | None, str]:
        """The same, and the section that it is declared for."""
        hidden: list[Meaning] = []
        scope: Scope | None = self
        while scope is not None:
            hidden += scope.hidden
            for names in (scope.overriding, scope.names):
                styles = names.get(key)
                if styles:
                    meaning = styles.get(style) or styles.get("") or next(iter(styles.values()))
                    if not any(meaning is each for each in hidden):
                        return meaning, scope.section
            scope = scope.outer
        return None, ""
