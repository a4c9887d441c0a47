"""How much is read: whatever comes, an answer is quick."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True)
class Limits:
    """The largest input that is read; beyond each limit stands a `ReadingError` that names it."""

    document_length: int = 1_000_000  # characters
    formulas: int = 5_000  # in a document
    errors: int = 1_000  # around the formulas of a document
    formula_length: int = 20_000  # characters
    nesting: int = 40  # brackets, scripts, arguments and environments inside each other
    digits: int = 60  # of one number
    macros: int = 500  # defined in a document
    macro_length: int = 2_000  # characters of a definition outside formulas
    macro_steps: int = 20_000  # calls and tokens that the macros of one formula may produce
    macro_steps_in_all: int = 500_000  # the same for a document


LIMITS = Limits()
