"""The derivations of deep-learning mathematics, proved line by line: the catalogue, the suite and the command.

`ENTRIES` is the catalogue; `prove` runs entries through a judge, and `attack` does the same with mutants:

    from derivations import ENTRIES, prove
    from symbolic import Judge

    with Judge() as judge:
        for report in prove(ENTRIES, judge):
            print(report.entry.name, report.as_expected)

`check` reads a written derivation and decides every step of it:

    import derivations

    for step in derivations.check(text, context=context).steps:
        print(step.line, step.kind, step.link, step.head)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .catalogue import ENTRIES
    from .checking import check
    from .formulas.verification import verify_gradient
    from .suite import MutantReport, attack, prove

__all__ = ["ENTRIES", "MutantReport", "attack", "check", "prove", "verify_gradient"]

_HOMES = {"ENTRIES": "catalogue", "check": "checking", "verify_gradient": "formulas.verification"}


def __getattr__(name: str) -> Any:
    """Loads what is asked for: SymPy and the catalogue take a moment, which `derivations --help` need not wait for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES.get(name, 'suite')}", __name__), name)
