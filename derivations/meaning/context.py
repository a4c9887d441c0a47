"""A context: front matter and declarations in mathematics, each for all of a document, a section, or single chains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..reading import Document, Formula, Heading, ReadingError, SourceText, read_document, read_formula
from ..reading import syntax as s
from .declarations import Declarations, Given
from .errors import MeaningError
from .names import canonical
from .ranges import Ranges, ranges_of
from .scope import Function, Registry, Scope, Settings
from .spelling import respelled

__all__ = ["Block", "Context", "Problem", "Situation", "compact", "read_context", "relevant", "taken_apart"]

_FRONT_MATTER = re.compile(r"\A﻿?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_LAYOUTS = ("shape", "numerator", "denominator")
_LAYOUT = re.compile(r"\(layout:\s*(\w+)\)")
_DOTS = re.compile(r"\\(?:dots|ldots|cdots)\s*$|\.\.\.\s*$")


@dataclass(frozen=True)
class Problem:
    """What could not be read in a context, and where (line from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True)
class _Line:
    """A declaration: a statement, the text of its source line, and its line."""

    statement: s.Statement
    remark: str
    line: int


@dataclass
class Block:
    """Declarations under one heading: for which section, and for which chains of it (all, where there are none)."""

    section: str = ""
    chains: tuple[str, ...] = ()
    lines: list[_Line] = field(default_factory=list)

    def holds(self, sections: Sequence[Heading], chain: str) -> bool:
        """Whether the block speaks of a chain, by the headings it stands under and its text without spaces."""
        if self.section and not any(_is_section(self.section, heading) for heading in relevant(sections)):
            return False
        return not self.chains or any(_begins(chain, pattern) for pattern in self.chains)


@dataclass
class Situation:
    """Everything that is declared for a chain."""

    scope: Scope
    given: Given
    problems: tuple[Problem, ...] = ()


@dataclass
class Context:
    """All that a context says."""

    settings: Settings = field(default_factory=Settings)
    functions: tuple[s.Node, ...] = ()
    names: frozenset[str] = frozenset()
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._situations: dict[tuple[int, ...], Situation] = {}
        self._source: SourceText | None = None

    def text(self, node: s.Node) -> str:
        """A node as the context writes it."""
        written = " ".join(self._source[node.place].split()) if self._source is not None else ""
        return written or canonical(node)

    def joined(self, other: Context) -> Context:
        """Both contexts; what the other says comes later."""
        return Context(
            self.settings if other.settings == Settings() else other.settings,
            self.functions + other.functions,
            self.names | other.names,
            self.blocks + other.blocks,
            self.problems + other.problems,
        )

    def with_ranges(self, nodes: Iterable[s.Node]) -> tuple[Context, Ranges]:
        """The context with what it and these formulas of a document show of how far letters run."""
        lines = [line for block in self.blocks for line in block.lines]
        ranges = ranges_of([*(line.statement for line in lines), *nodes])
        blocks = [
            replace(b, lines=[replace(line, statement=ranges.spelled(line.statement)) for line in b.lines])
            for b in self.blocks
        ]
        result = replace(self, settings=replace(self.settings, ends=ranges.ends), blocks=blocks)
        result._source = self._source
        return result, ranges

    @property
    def declared(self) -> frozenset[str]:
        """The names that it says anything of."""
        lefts = [line.statement.sides[0] for block in self.blocks for line in block.lines]
        return frozenset(
            canonical(name) for left in lefts for name in (left.items if isinstance(left, s.List) else (left,))
        )

    def situation(self, sections: Sequence[Heading], chain: str) -> Situation:
        """What holds for a chain: the outer blocks first, then those that are more special."""
        active = tuple(number for number, block in enumerate(self.blocks) if block.holds(sections, chain))
        active = tuple(sorted(active, key=lambda number: (self._depth(number, sections), number)))
        if active not in self._situations:
            self._situations[active] = _build([self.blocks[number] for number in active], self)
        return self._situations[active]

    def _depth(self, number: int, sections: Sequence[Heading]) -> tuple[int, int]:
        block = self.blocks[number]
        if not block.section:
            return (0, 0)
        where = [depth for depth, heading in enumerate(relevant(sections)) if _is_section(block.section, heading)]
        return (1 + max(where, default=0), len(block.chains) > 0)


def relevant(sections: Sequence[Heading]) -> list[Heading]:
    """The headings that a place stands under, without those that number its own heading's neighbours."""
    if not sections:
        return []
    last = sections[-1]
    return [h for h in sections[:-1] if not (h.number.isdigit() and last.number.isdigit())] + [last]


def _is_section(section: str, heading: Heading) -> bool:
    wanted, number = section.casefold(), heading.number.casefold()
    return number == wanted or number.startswith(wanted + ".") or heading.title.casefold().strip() == wanted


def _begins(chain: str, pattern: str) -> bool:
    start = _DOTS.sub("", pattern)
    text = compact(start)
    return chain.startswith(text) if start != pattern else chain == text


def compact(text: str) -> str:
    """A formula's text without spaces and alignment."""
    return re.sub(r"\\(?:quad|qquad|,|;|!|:)(?![a-zA-Z])|[\s&]", "", text)


# ---- reading


def read_context(text: str, name: str = "context") -> Context:
    """Reads a context; what cannot be read in it is among its problems."""
    context = Context()
    match = _FRONT_MATTER.match(text)
    if match:
        _front_matter(match.group(1), context)
        text = re.sub(r"[^\n]", " ", text[: match.end()]) + text[match.end() :]
    headings = list(_HEADING.finditer(text))
    blank = _HEADING.sub(lambda m: " " * len(m.group(0)), text)
    document = read_document(blank, name, words=context.names)
    context._source = document.source
    context.problems += [Problem(document.source.position(e.place.start)[0], e.summary) for e in document.errors]
    starts = [heading.start() for heading in headings]
    context.blocks = [Block(), *(_block(heading) for heading in headings)]
    for formula in document.formulas:
        number = sum(start <= formula.place.start for start in starts)
        _take(formula, document, context.blocks[number], context)
    return context


_CONTEXT_HEADING = re.compile(r"^(#{1,6})[ \t]+Context[ \t]*$", re.MULTILINE | re.IGNORECASE)


def taken_apart(text: str | bytes) -> tuple[str | bytes, str]:
    """A document and the context in it: its front matter, and what stands under a heading "Context".

    Both keep the lines of the whole, so that places stay true.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    parts = []
    front = _FRONT_MATTER.match(text)
    if front:
        parts.append((0, front.end()))
    heading = _CONTEXT_HEADING.search(text)
    if heading:
        depth = len(heading.group(1))
        following = re.compile(rf"^#{{1,{depth}}}[ \t]", re.MULTILINE).search(text, heading.end())
        parts.append((heading.end(), following.start() if following else len(text)))
    if not parts:
        return text, ""
    return _blanked(text, parts), _blanked(text, _others(parts, len(text)))


def _others(parts: list[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for part in parts for edge in part), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _blanked(text: str, parts: list[tuple[int, int]]) -> str:
    for start, end in parts:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _block(heading: re.Match[str]) -> Block:
    if len(heading.group(1)) == 1:
        return Block()
    section, _, rest = heading.group(2).partition(":")
    chains = tuple(re.findall(r"\$([^$]+)\$", rest))
    if "$" in section:
        section, chains = "", tuple(re.findall(r"\$([^$]+)\$", heading.group(2)))
    return Block(section.strip(), chains)


def _front_matter(text: str, context: Context) -> None:
    for number, line in enumerate(text.splitlines(), 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = (part.strip() for part in line.partition(":"))
        try:
            if key == "layout" and value not in _LAYOUTS:
                context.problems.append(
                    Problem(number, f"no layout is called {value!r}; there are {', '.join(_LAYOUTS)}")
                )
            elif not colon or not _set(key, value, context):
                context.problems.append(
                    Problem(number, f"the front matter has no {line.strip()!r}; it knows {', '.join(_KEYS)}")
                )
        except ReadingError as error:
            context.problems.append(Problem(number, error.summary))


_KEYS = ("layout", "summation", "derivative", "functions", "names")


def _set(key: str, value: str, context: Context) -> bool:
    settings = context.settings
    if key == "layout" and value in _LAYOUTS:
        settings.layout = value
    elif key == "summation" and value in ("explicit", "implied"):
        settings.summation = value
    elif key == "derivative" and value == "total":
        settings.derivative = value
    elif key == "functions":
        context.functions += tuple(
            read_formula(word.strip(), words=frozenset({word.strip()})).statements[0].sides[0]
            for word in value.split(",")
            if word.strip()
        )
        context.names |= {word.strip() for word in value.split(",") if word.strip().isalpha() and len(word.strip()) > 1}
    elif key == "names":
        context.names |= {word.strip() for word in value.split(",") if word.strip()}
    else:
        return False
    return True


def _take(formula: Formula, document: Document, block: Block, context: Context) -> None:
    line, _ = document.source.position(formula.place.start)
    if formula.display is None:
        message = formula.error.summary if formula.error is not None else "nothing could be read"
        context.problems.append(Problem(line, message))
        return
    for error in formula.display.errors:
        context.problems.append(Problem(line, error.summary))
    end, _ = document.source.position(max(formula.place.start, formula.place.end - 1))
    remark = "\n".join(document.source.line(number) for number in range(line, end + 1))
    block.lines += [_Line(respelled(each), remark, line) for each in formula.display.statements]


# ---- what holds together


def _build(blocks: list[Block], context: Context) -> Situation:
    settings = replace(context.settings, kinks={}, layouts=[], registry=Registry(), broken={}, unnamed=None)
    scope, given, problems = Scope(settings), Given(), []
    for function in context.functions:
        key = canonical(function)
        scope.declare(key, "", Function(settings.registry.claim(key, ("function", key)), "undefined"))
    layers = []
    for block in blocks:
        scope = scope.inner()
        scope.section = block.section
        layers.append((scope, block))
    later = []
    for layer, block in layers:
        declarations = Declarations(layer, given)
        declarations.text = context.text
        for line in block.lines:
            try:
                if not declarations.declare_name(line.statement, line.remark):
                    later.append((declarations, line))
            except MeaningError as error:
                problems.append(Problem(line.line, str(error)))
    _override([layer for layer, _ in layers])
    for declarations, line in later:
        try:
            _declare_rest(declarations, line)
        except MeaningError as error:
            problems += _without_overriding(declarations, line, error)
    return Situation(scope, given, tuple(problems))


def _without_overriding(declarations: Declarations, line: _Line, error: MeaningError) -> list[Problem]:
    """A declaration that does not fit what an inner block declares anew is about the names as they were."""
    hidden, declarations.scope.overriding = declarations.scope.overriding, {}
    try:
        if not hidden:
            raise error
        _declare_rest(declarations, line)
    except MeaningError:
        return [Problem(line.line, str(error))]
    finally:
        declarations.scope.overriding = hidden
    return []


def _override(layers: list[Scope]) -> None:
    """What an inner block declares anew holds in the definitions of the outer ones as well."""
    from .scope import Quantity, Size

    for depth, layer in enumerate(layers):
        for deeper in layers[depth + 1 :]:
            for key, styles in deeper.names.items():
                again = {style: m for style, m in styles.items() if isinstance(m, Quantity | Size)}
                if again and key in layer.names:
                    layer.overriding.setdefault(key, {}).update(again)


def _declare_rest(declarations: Declarations, line: _Line) -> None:
    for statement in _expanded(line.statement, declarations.scope):
        _declare_one(declarations, statement, line)


def _declare_one(declarations: Declarations, statement: s.Statement, line: _Line) -> None:
    if len(statement.sides) == 1:
        layout = _LAYOUT.search(line.remark)
        if layout and layout.group(1) in _LAYOUTS:
            declarations.layout(statement.sides[0], layout.group(1))
        return
    left, operator, right = statement.sides[0], statement.relations[0].operator, statement.sides[1]
    defines = len(statement.sides) == 2 and operator in ("=", ":=")
    if defines and (declarations.numbers(left, right) or declarations.define(left, right) is not None):
        return
    declarations.condition(statement)


def _expanded(statement: s.Statement, scope: Scope) -> list[s.Statement]:
    """One statement for each label that a letter in it stands for."""
    from .labels import with_labels

    return [each for each, _ in with_labels(statement, scope)]
