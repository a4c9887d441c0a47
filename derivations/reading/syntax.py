r"""The syntax tree of a formula: its form as written.

Nothing here is evaluated, and nothing is decided that needs to know what a symbol stands for:

- `f(x)` and `W(x+y)` are both `Juxtaposed`: which is a call and which a product is a matter of meaning;
- `^T`, `^{(2)}`, `^{[l]}` and `^2` are all superscripts;
- operators keep their name (`cdot`, `*`, `times`, ...): which product they are follows from shapes.

Every node has its `place` in the source. Two nodes are equal when they have the same form, wherever they stand.

Names of commands are kept without the backslash (`\sigma` is "sigma", `\leq`, `\le` and `≤` are "leq").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from .errors import ReadingError
from .source import NOWHERE, Place

__all__ = [
    "Annotated",
    "Big",
    "Blank",
    "Call",
    "Case",
    "Cases",
    "Condition",
    "Delimited",
    "Derivative",
    "Display",
    "Dots",
    "Fraction",
    "Juxtaposed",
    "List",
    "Matrix",
    "Node",
    "Number",
    "Product",
    "Relation",
    "Root",
    "Scripted",
    "Signed",
    "Slip",
    "Statement",
    "Sum",
    "Symbol",
    "Text",
    "Unreadable",
    "children",
    "walk",
]


@dataclass(frozen=True)
class Node:
    """A part of a formula and where it stands."""

    place: Place = field(default=NOWHERE, kw_only=True, compare=False, repr=False)


# --- Leaves


@dataclass(frozen=True)
class Number(Node):
    r"""Digits as written, with their trailing zeros and points: `0.5`, `0.`, `.5`; `1{,}000` is "1000".

    `style` is "bold" or "blackboard" for \mathbf{1} and \mathbb{1}, which may stand for more than a number.
    """

    text: str
    style: str = ""


@dataclass(frozen=True)
class Symbol(Node):
    r"""A name: a letter, a command (`sigma`), or a word set upright or known as a function (`softmax`).

    `style` is "", "roman" (\mathrm, \text, \operatorname, ...), "bold", "italic", "calligraphic", "blackboard",
    "fraktur", "sans" or "typewriter"; `accents` go from the innermost outwards: ("hat",).
    """

    name: str
    style: str = ""
    accents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text(Node):
    """Words in a formula, or around one, that are no name."""

    text: str


@dataclass(frozen=True)
class Dots(Node):
    r"""`\dots`, `\cdots`, `\ldots`, `\vdots`, `\ddots`, `...` or `..`"""


@dataclass(frozen=True)
class Blank(Node):
    """The side that a chain lacks: before the sign where a row begins with one, after it where a row ends with one."""


@dataclass(frozen=True)
class Unreadable(Node):
    """A side that cannot be read; the sides beside it can."""

    error: ReadingError = field(compare=False)


# --- Expressions


@dataclass(frozen=True)
class Scripted(Node):
    r"""A base with scripts, as written: `z_{2_j}` nests, `a^{[l]}` has a `Delimited` superscript.

    Items that are separated by commas are items of the tuples: `y_{n,j}` has two subscripts; `z_{2i}` has one, which is
    `Juxtaposed`. Scripts after a bracket have the bracket for a base: in `\operatorname{softmax}(z)_c` it is `(z)`.
    """

    base: Node
    subscripts: tuple[Node, ...] = ()
    superscripts: tuple[Node, ...] = ()
    primes: int = 0


@dataclass(frozen=True)
class Juxtaposed(Node):
    """Items side by side: a product, an application, or both. At least two items, never directly nested."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    r"""Two or more factors with operators between them, one fewer than factors, in order: `a \cdot b * c` is flat.

    Operators are "cdot", "*", "times", "odot", "circ", ".*", "otimes", "/", "@", "star", "bullet", "div".
    Juxtaposition binds tighter, so that `1/2x` has `2x` behind "/": whether that is meant is doubtful.
    """

    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Sum(Node):
    """Two or more terms with their signs "+", "-", "pm", "mp"; the first has "+" where none is written."""

    terms: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Signed(Node):
    """A single term with a sign: `-x`, and the right operand of `a * -b`."""

    sign: str
    body: Node


@dataclass(frozen=True)
class Fraction(Node):
    """A fraction with a bar. A slash is a `Product`."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Root(Node):
    """A root; `degree` is None for a square root."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True)
class Derivative(Node):
    r"""`\frac{\partial A}{\partial B}`, `\frac{dA}{dB}`, `\frac{\partial}{\partial B} A` and `\partial A / \partial B`.

    `kind` is "partial", "d", "delta" or "Delta", `order` the superscript above the line (None: first), `by` one item
    for each sign below it, as written (`x^2` in `\frac{d^2 f}{dx^2}`). An operator takes the product that follows, to
    the next + or -; `of` is None where nothing follows.
    """

    kind: str
    of: Node | None
    by: tuple[Node, ...]
    order: Node | None = None


@dataclass(frozen=True)
class Big(Node):
    r"""A sum, product, maximum, ... over something: `\sum_{j=1}^m a_j`, `\sum_C`, `\max_j z_j`, `\int`.

    The body is the product that follows, to the next + or - at the same level: whether `\sum_n a_n - b_n` was meant to
    sum both is doubtful, and stands as `Sum(Big, b_n)`. A sign directly behind belongs to the body where `lower` binds
    an index (`\sum_{j=1}^m -t_j`); else (`\sum_C - x`, `\sum_j -t_j`) the body is None, and whether a body was meant is
    doubtful.
    """

    operator: str
    lower: Node | None
    upper: Node | None
    body: Node | None


@dataclass(frozen=True)
class Call(Node):
    r"""A function command or a known function word, and its argument as written: `\log x`, `\tanh^2(z)`, `log(y)`.

    An argument without brackets is the juxtaposition that follows, to the next operator or function. Scripts behind
    brackets stay with them: `\cosh(z)^2` is a call of `(z)^2` as written, though (cosh z)^2 is meant.
    """

    function: Node
    argument: Node


@dataclass(frozen=True)
class Delimited(Node):
    r"""Something in brackets: "(", "[", "{", "|", "||", "langle", "lfloor", ...; "" for `\left.`"""

    open: str
    body: Node
    close: str


@dataclass(frozen=True)
class List(Node):
    """Items with separators between them: "," or, in brackets, ";", "|", ":"; `p(y|x; w)` has ("|", ";")."""

    items: tuple[Node, ...]
    separators: tuple[str, ...]


@dataclass(frozen=True)
class Matrix(Node):
    """Rows of entries, from a matrix or array, or from nested brackets `[[1, 2], [3, 4]]`; rows may be ragged."""

    rows: tuple[tuple[Node, ...], ...]
    open: str = ""
    close: str = ""


@dataclass(frozen=True)
class Case(Node):
    """A row of a table of cases; `condition` is None where the row states none."""

    value: Node
    condition: Condition | None


@dataclass(frozen=True)
class Cases(Node):
    """A table of cases."""

    rows: tuple[Case, ...]


@dataclass(frozen=True)
class Annotated(Node):
    """A part with something around it: `kind` "underbrace", "overbrace", "boxed", "underset", "overset", "cancel"."""

    kind: str
    body: Node
    note: Node | None = None


# --- Statements


@dataclass(frozen=True)
class Relation(Node):
    r"""A sign between two sides: "=", ":=", "<", ">", "leq", "geq", "neq", "approx", "equiv", "in", "Rightarrow", ...

    Spellings of one sign have one name: `==` is "=", `!=` is "neq". `note` is what stands over it (`\overset`).
    """

    operator: str
    note: Node | None = None


@dataclass(frozen=True)
class Condition(Node):
    r"""A condition and the word that announces it: `\text{if } i = j`, `\text{for } c = 1, \dots, C`, `otherwise`.

    `word` is in lower case; "" for a bare condition in a table of cases, "forall" for `\forall`.
    """

    word: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Slip(Node):
    """Notation that is out of order but plain: what was written, and what it was taken for."""

    written: str
    taken_for: str


@dataclass(frozen=True)
class Statement(Node):
    r"""Sides with relations between them, as written: always one side more than relations.

    A statement that begins or ends with a relation, because the chain goes on over rows or displays, has a `Blank`
    there. `\Rightarrow` stands among the relations like any other. A statement may have a single side.
    Conditions and remarks stand beside it in the same row, outside its place; `row` counts the rows of its display.
    """

    sides: tuple[Node, ...]
    relations: tuple[Relation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    remarks: tuple[Text, ...] = ()
    tag: str = ""
    label: str = ""
    row: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Display(Node):
    """All statements of one formula, in order, and the slips of notation in it."""

    statements: tuple[Statement, ...]
    environment: str = ""
    slips: tuple[Slip, ...] = field(default=(), compare=False)

    @property
    def errors(self) -> tuple[ReadingError, ...]:
        """What could not be read in it."""
        return tuple(node.error for node in walk(self) if isinstance(node, Unreadable))


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order of the fields."""
    kind: Any = type(node)
    for name in _field_names(kind):
        yield from _nodes(getattr(node, name))


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name != "place")


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the top down and from left to right."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(children(current))))
