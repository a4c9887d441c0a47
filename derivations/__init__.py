"""The derivations of deep-learning mathematics, proved line by line: the catalogue, the suite and the command.

`ENTRIES` is the catalogue; `prove` runs entries through a judge, and `attack` does the same with mutants:

    from derivations import ENTRIES, prove
    from symbolic import Judge

    with Judge() as judge:
        for report in prove(ENTRIES, judge):
            print(report.entry.name, report.as_expected)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .suite import MutantReport, attack, prove

if TYPE_CHECKING:
    from .catalogue import ENTRIES

__all__ = ["ENTRIES", "MutantReport", "attack", "prove"]


def __getattr__(name: str) -> Any:
    if name == "ENTRIES":  # building the catalogue takes a moment, which `derivations --help` need not wait for
        from .catalogue import ENTRIES

        return ENTRIES
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
