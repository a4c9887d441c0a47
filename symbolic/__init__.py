"""What a derivation is and how a step is decided.

`decide` is the one door to a verdict; `Derivation`, `Line` and `Erratum` hold chains of expressions; the notation of
the blackboard is in `symbolic.notation`.
"""

from .derivation import (
    Derivation,
    DerivationError,
    Entry,
    EntryReport,
    Erratum,
    Line,
    Source,
    Step,
    StepReport,
)
from .errors import OutOfReach, ShapeMismatch
from .given import Define, Every, OneHot, sums_to_one
from .judge import Judge, decide
from .lowering import lower
from .verdict import Counterexample, Verdict, VerdictKind, Witness

__all__ = [
    "Counterexample",
    "Define",
    "Derivation",
    "DerivationError",
    "Entry",
    "EntryReport",
    "Erratum",
    "Every",
    "Judge",
    "Line",
    "OneHot",
    "OutOfReach",
    "ShapeMismatch",
    "Source",
    "Step",
    "StepReport",
    "Verdict",
    "VerdictKind",
    "Witness",
    "decide",
    "lower",
    "sums_to_one",
]
