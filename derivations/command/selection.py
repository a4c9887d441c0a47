"""Which entries a name or a pattern means, what comes near a name that means none, and what kind an entry is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from symbolic.derivation import Derivation, Entry, Erratum

__all__ = ["KINDS", "UnknownName", "kind_of", "select"]

KINDS = ("derivation", "erratum", "calculation")
_MOST_SUGGESTIONS = 5


class UnknownName(ValueError):
    """No entry has this name, or none fits this pattern; the text says which names come near."""


def kind_of(entry: Entry) -> str:
    """`"derivation"`, `"erratum"` or `"calculation"` (a claim with numbers)."""
    if isinstance(entry, Derivation):
        return "derivation"
    return "erratum" if isinstance(entry, Erratum) else "calculation"


def select(entries: Iterable[Entry], names: Sequence[str]) -> list[Entry]:
    """The entries with these names (or patterns such as `softmax-*`), in the order of the catalogue; all if none."""
    entries = list(entries)
    if not names:
        return entries
    wanted: set[str] = set()
    known = [entry.name for entry in entries]
    for name in names:
        fitting = {other for other in known if name == other or fnmatchcase(other, name)}
        if not fitting:
            raise UnknownName(_unknown(name, known))
        wanted |= fitting
    return [entry for entry in entries if entry.name in wanted]


def _unknown(name: str, known: Sequence[str]) -> str:
    near = _near(name, known)
    start = f"there is no derivation {name!r}." if not set(name) & set("*?[") else f"nothing fits {name!r}."
    if not near:
        return f"{start} `derivations list` shows all that there is."
    listed = "\n".join(f"  {other}" for other in near)
    return f"{start} Near to it:\n{listed}\n`derivations list` shows all that there is."


def _near(name: str, known: Sequence[str]) -> list[str]:
    """Names that hold the text come first, then names spelt like it, then names of which a word is spelt like it."""
    text = name.strip("*?").lower()
    lower = {other.lower(): other for other in known}
    words = {word for other in lower for word in other.split("-")}
    found = [other for other in lower if text and text in other]
    found += difflib.get_close_matches(text, lower, n=_MOST_SUGGESTIONS, cutoff=0.5)
    for word in difflib.get_close_matches(text, sorted(words), n=1, cutoff=0.7):
        found += [other for other in lower if word in other.split("-")]
    return [lower[other] for other in dict.fromkeys(found)][:_MOST_SUGGESTIONS]
