"""What a campaign says at its end."""

from __future__ import annotations

from collections.abc import Iterator

from .trials import CHANGED, WRONG, Tally

__all__ = ["summary"]


def summary(tally: Tally, seconds: float) -> Iterator[str]:
    """One line for each figure."""
    counts = tally.counts
    share = 100 * tally.undecided / max(tally.claims, 1)
    yield (f"true claims: {counts['true']} tried, {counts['true proved']} proved, {counts['true undecided']} undecided")
    yield (
        f"false claims: {counts['false']} tried, {counts['false refuted']} refuted, "
        f"{counts['false undecided']} undecided, {counts['false equivalent']} proved equivalent, "
        f"{counts['false nothing to compare']} refused (nothing to compare), "
        f"{counts['false unconfirmed']} refuted where numbers cannot tell"
    )
    yield f"wrong verdicts: {len(tally.found(WRONG))}"
    yield f"decided again, renamed and permuted: {counts['decided twice']}, changed: {len(tally.found(CHANGED))}"
    yield (
        f"certificates checked: {counts['certificates accepted'] + counts['certificates rejected']}, "
        f"rejected: {counts['certificates rejected']}, not written: {counts['no certificate']}"
    )
    yield f"{tally.claims} claims in {seconds:.0f} s, {share:.2f} % undecided"
