"""The last lines of a run: how many of what, whether all is as expected, and how long it took."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from symbolic.verdict import VerdictKind

from .outcome import Outcome
from .page import Page
from .selection import KINDS, kind_of

__all__ = ["summary"]

_PLURALS = {"derivation": "derivations", "erratum": "errata", "calculation": "calculations"}
_MOST_NAMES = 20


def summary(outcome: Outcome, page: Page) -> None:
    """Counts, then what is not as expected, by name."""
    kinds = Counter(kind_of(report.entry) for report in outcome.entries)
    parts = [f"{kinds[kind]} {kind if kinds[kind] == 1 else _PLURALS[kind]}" for kind in KINDS if kinds[kind]]
    page.print(_entries(outcome, ", ".join(parts)))
    page.print(_steps(outcome))
    if outcome.certificates:
        page.print(f"{outcome.certificates} certificate{'s' * (outcome.certificates != 1)} written")
    if outcome.with_mutants:
        page.print(_mutants(outcome))
    for report in outcome.not_as_expected[:_MOST_NAMES]:
        labels = ", ".join(step.step.label for step in report.steps if not step.as_expected)
        page.print(Text(f"  not as expected: {report.entry.name} ({labels})", "red"))
    if len(outcome.not_as_expected) > _MOST_NAMES:
        page.print(f"  and {len(outcome.not_as_expected) - _MOST_NAMES} more")
    page.print(_last_line(outcome, page))


def _entries(outcome: Outcome, parts: str) -> Text:
    done, asked = len(outcome.entries), outcome.entries_asked
    count = f"{done} of {asked}" if done < asked else str(done)
    return Text(f"{count} {'entry' if asked == 1 else 'entries'}: {parts}" if parts else f"{count} entries")


def _steps(outcome: Outcome) -> Text:
    kinds = outcome.step_kinds
    words = [f"{kinds[kind]} {kind.value.lower()}" for kind in VerdictKind if kinds[kind]]
    total = sum(kinds.values())
    return Text(f"{total} step{'s' * (total != 1)}: {', '.join(words)}" if words else "0 steps")


def _mutants(outcome: Outcome) -> Text:
    kinds = outcome.mutant_kinds
    done, asked = len(outcome.mutants), outcome.mutants_asked
    words = [f"{kinds['refuted']} refuted", f"{kinds['equivalent']} proved equivalent"]
    words += [f"{kinds['refused']} refused: nothing to compare"] if kinds["refused"] else []
    words += [f"{kinds['undecided']} undecided", f"{kinds['proved by mistake']} proved by mistake"]
    return Text(f"{done if done == asked else f'{done} of {asked}'} mutants: {', '.join(words)}")


def _last_line(outcome: Outcome, page: Page) -> Text:
    said = {
        0: ("every verdict is the expected one", "right"),
        1: ("not every verdict is the expected one", "wrong"),
        3: ("nothing is wrong, but something is undecided", "open"),
        130: ("interrupted; this is what was done so far", "open"),
    }
    words, sign = said[outcome.exit_code]
    return Text.assemble(page.sign(sign), " ", (words, "bold"), f" ({outcome.seconds:.1f} s)")
