"""What the decision of a step says, and the evidence it carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

#: What the reasons hold that refuse the question itself, so that nothing is left open.
NOWHERE_DEFINED = "side is nowhere defined"
ABSENT = "so there is no derivative to judge"


class VerdictKind(Enum):
    """The three answers for a step (a written document adds a fourth, "unreadable")."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True)
class Witness:
    """A point of the admissible set at which both sides are defined: the proof is not vacuous.

    ``sizes`` and ``indices`` are integers; ``values`` maps each variable to rationals written as text
    (``"-1/2"``, or ``"[[1, 2], [0, -1/2]]"`` for a tensor).
    """

    sizes: dict[str, int] = field(default_factory=dict)
    indices: dict[str, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{name} = {value}" for name, value in (self.sizes | self.indices).items()]
        parts += [f"{name} = {value}" for name, value in self.values.items()]
        return ", ".join(parts) or "(no variables)"


@dataclass(frozen=True)
class Counterexample(Witness):
    """Why a step is refuted.

    ``kind`` is ``"value"`` (both sides are defined at the point and ball arithmetic shows that they differ),
    ``"domain"`` (an open set around the point where exactly one side is defined), ``"cases"`` (two cases of
    one table claim different values at the point) or ``"shape"``.
    """

    kind: str = "value"
    left: str = ""
    right: str = ""

    def __str__(self) -> str:
        if self.kind == "shape":
            return f"shapes differ: {self.left} on the left, {self.right} on the right"
        return f"left = {self.left}, right = {self.right} at {super().__str__()}"


@dataclass(frozen=True)
class Verdict:
    """PROVED, REFUTED or UNDECIDED, with what backs it.  A verdict is never a truth value.

    ``witness`` backs PROVED, ``exceptions`` names the sets without interior on which equality may fail
    ("z = 0"); ``counterexample`` backs REFUTED; ``reason`` says why a step is UNDECIDED.  ``certificate`` is JSON for
    the independent checker, where it was asked for.
    """

    kind: VerdictKind
    witness: Witness | None = None
    exceptions: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    reason: str = ""
    layout: str | None = None
    seconds: float = 0.0
    certificate: str = field(default="", repr=False, compare=False)

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values; compare its kind: verdict.kind is VerdictKind.PROVED")

    @property
    def name(self) -> str:
        """``"PROVED"``, ``"REFUTED"`` or ``"UNDECIDED"``."""
        return self.kind.value

    @property
    def refused(self) -> bool:
        """Whether it is UNDECIDED for good: a side is shown to be nowhere defined, or a derivative by what does not
        occur; more time would not tell more."""
        return self.kind is VerdictKind.UNDECIDED and (NOWHERE_DEFINED in self.reason or ABSENT in self.reason)

    def __str__(self) -> str:
        text = self.name
        if self.exceptions:
            text += " except at " + "; ".join(self.exceptions)
        if self.counterexample is not None:
            text += f": {self.counterexample}"
        if self.reason:
            text += f": {self.reason}"
        return text


def undecided(reason: str) -> Verdict:
    """An honest "cannot tell", with the reason."""
    return Verdict(VerdictKind.UNDECIDED, reason=reason)
