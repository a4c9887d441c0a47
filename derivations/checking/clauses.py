"""Conditions in a sentence: if $x > 0$, then $|x| = x$; or the claim first, and behind it: when $i = j$.

A condition in front of claims holds to the end of its sentence; one behind a formula, for that formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..meaning.domains import bounds_of, is_real_space
from ..meaning.errors import MeaningError
from ..meaning.formulas import FormulaReader
from ..meaning.ranges import as_range
from ..meaning.scope import Scope
from ..reading import SourceText
from ..reading import syntax as s
from .chains import Chain
from .sentences import is_a_reason

__all__ = ["meaning_of_clause", "with_conditions_of_sentences"]

_DELIMITERS = re.compile(r"\$+|`+|\\[\[\](){}]|\\(?:begin|end)\{[a-z*]+\}|&|\\label\{[^}]*\}")
_WORDS = r"(?:if|when|whenever|as long as|in (?:the )?case|for(?: all| any| every| each)?)"
_ANNOUNCES = re.compile(rf"\b{_WORDS}\s*$", re.I)
_BEHIND = re.compile(rf"[\s,(]*{_WORDS}\s*")  # a capital letter begins a sentence
_STRONG = re.compile(r"\b(if|when|whenever|as long as|case)\s*$", re.I)
_JOINS = re.compile(r"\s*and(?: if| when)?\s*")
_LISTS = re.compile(r"\s*,?\s*")
_CONCLUDES = re.compile(r"(?i:hence|thus|therefore|so|then|consequently|it follows)\b")
_GOES_ON = re.compile(rf"{_CONCLUDES.pattern}|[^A-Z]")
_ENDS = re.compile(r"[.;!?](?:\s|$)")
_NEW_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*(?=\w)")
_DECLARES = re.compile(r"\b(let|defin\w*|consider|denot\w*|where|with|given|suppos\w*|assum\w*|set|put|fix)\b", re.I)
_RELATIONS = frozenset({"=", "neq", "ne", "<", ">", "leq", "geq", "le", "ge", "in"})
_LONGEST = 500  # characters of a sentence that are looked at


def with_conditions_of_sentences(chains: Sequence[Chain], text: str) -> list[Chain]:
    """The chains, with the conditions that their sentences set, and those that are such conditions marked."""
    result = list(chains)
    role = ""  # of the condition before, which "and" goes on with
    targets: list[int] = []
    for position, chain in enumerate(chains):
        before = _between(chains, position, text)
        joined = bool(role) and _goes_with_the_condition_before(chain, before)
        if not joined:
            role, targets = _role(chains, position, text)
        if role and targets and (target := [t for t in targets if t != position]):
            word = "if" if _STRONG.search(before) else "for"
            condition = s.Condition(word, tuple(_statements(chain)))
            result[position] = replace(result[position], is_condition=True)
            for t in target:
                result[t] = replace(result[t], clause=[*result[t].clause, condition])
        if position and chain.kind != "inline" and chains[position - 1].end == chain.end and is_a_reason(chain, text):
            last, condition = result[position - 1], s.Condition("if", tuple(_statements(chain)))
            result[position - 1] = replace(last, clause=[*last.clause, condition])
    return result


def meaning_of_clause(
    clause: Sequence[s.Condition], reader: FormulaReader, scope: Scope, source: SourceText
) -> tuple[list[Any], str]:
    """What the conditions of a sentence give, and why one of them has no meaning."""
    given: list[Any] = []
    for condition in clause:
        for statement in condition.statements:
            try:
                given += reader.relations(statement, scope)
            except MeaningError as error:
                if condition.word == "for":
                    continue  # for $l = 1, 2$: layers and the like, which say nothing that can be used
                written = source.text[statement.sides[0].place.start : statement.sides[-1].place.end]
                return given, f"the condition {written} of its sentence: {error}"
    return given, ""


def _role(chains: Sequence[Chain], position: int, text: str) -> tuple[str, list[int]]:
    """Whether a chain is a condition behind a formula or in front of some, and of which."""
    chain, before = chains[position], _between(chains, position, text)
    if not _is_condition(chain) or _ANNOUNCES.search(before) is None:
        return "", []
    is_strong = _STRONG.search(before) is not None
    if position and _BEHIND.fullmatch(before) and _same_section(chains, position):
        last = chains[position - 1]
        sentence = _ENDS.split(text[max(0, last.start - _LONGEST) : last.start])[-1]
        if is_strong or not _DECLARES.search(sentence):
            return "behind", [q for q in range(position) if chains[q].end == last.end]
    return "in front", list(_rest_of_sentence(chains, position, text))


def _rest_of_sentence(chains: Sequence[Chain], position: int, text: str) -> Iterator[int]:
    """The chains that follow in the same sentence, up to another condition."""
    for q in range(position + 1, len(chains)):
        between = _between(chains, q, text)
        if not _same_section(chains, q) or _ends_sentence(between, chains[q - 1]):
            return
        announced = _is_condition(chains[q]) and _ANNOUNCES.search(between) is not None
        if not announced and not (q == position + 1 and _goes_with_the_condition_before(chains[q], between)):
            yield q
        elif announced and _BEHIND.fullmatch(between) is None:
            return


def _goes_with_the_condition_before(chain: Chain, between: str) -> bool:
    """if $x > 0$ and $y = 1$; if $x > 0$, $y > 0$."""
    if not _is_condition(chain):
        return False
    is_order = chain.relations[0].operator not in ("=", "in")
    return _JOINS.fullmatch(between) is not None or (is_order and _LISTS.fullmatch(between) is not None)


def _is_condition(chain: Chain) -> bool:
    """One relation inline that can be a condition: no range, no declaration of a vector."""
    if chain.kind != "inline" or len(chain.relations) != 1 or chain.relations[0].operator not in _RELATIONS:
        return False
    if chain.relations[0].operator == "in":
        return not is_real_space(chain.sides[1]) and bool(_statements(chain))
    return as_range(s.Statement(tuple(chain.sides), tuple(chain.relations))) is None


def _statements(chain: Chain) -> list[s.Statement]:
    if chain.relations[0].operator == "in":
        return list(bounds_of(chain.sides[0], chain.sides[1]))
    return [s.Statement(tuple(chain.sides), tuple(chain.relations))]


def _between(chains: Sequence[Chain], position: int, text: str) -> str:
    """The words between a chain and the one before it."""
    chain = chains[position]
    start = max(chains[position - 1].end, chains[position - 1].sides[-1].place.end) if position else 0
    return _DELIMITERS.sub(" ", text[max(start, chain.start - _LONGEST) : chain.start]) if start < chain.start else ""


def _same_section(chains: Sequence[Chain], position: int) -> bool:
    return chains[position].sections == chains[position - 1].sections


def _ends_sentence(between: str, last: Chain) -> bool:
    words = between.strip()
    if any(not _CONCLUDES.match(between[end.end() :].lstrip()) for end in _ENDS.finditer(between)):
        return True
    if last.kind != "inline" and words and not _GOES_ON.match(words):
        return True
    breaks = _NEW_PARAGRAPH.search(between)
    return breaks is not None and not _GOES_ON.match(between[breaks.end() :])
