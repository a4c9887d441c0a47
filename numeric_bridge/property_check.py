"""One check for any derivation: every line against finite differences of the function it starts from.

The derivatives that the start asks for are differenced, everything else is worked out; a start without a
derivative is compared as it is.  One draw and one difference serve all lines.  The tolerance is what the
difference says about its own error plus the rounding of the terms that were added up, nothing else.

    report = check_derivation(derivation, examples=200)   # report.passed, str(report)

or, in a test of one's own:

    check = PropertyCheck(derivation)

    @given(check.strategy())
    def test(sample):
        check.check(sample)                               # raises LineDiffers, an AssertionError
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from symbolic import lower
from symbolic.derivation import Derivation
from symbolic.errors import OutOfReach, ShapeMismatch
from symbolic.terms import Claim, Definition, Tensor

from .arrays import Array, Axes, expander, union
from .conditions import Conditions, with_quantified
from .evaluation import Point, Run, whole_value
from .points import POINTS_AT_ONCE, Sample, Sampler
from .program import DIFFERENCES, EXACT, Program, compile_terms, unfolded_guards, whole
from .rounding import errors_of, tolerance_of

SHARP = 1e-7
"""A comparison counts only where its tolerance is below this (relative to the value where that exceeds 1)."""


class LineDiffers(AssertionError):
    """A line is not what the derivation starts from: where, and both values."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


@dataclass(frozen=True)
class Failure:
    """The line (counted from 1), the point, and what was found there."""

    line: int
    reason: str
    point: str
    at: str
    expected: float
    found: float
    tolerance: float

    def __str__(self) -> str:
        where = f" at {self.at}" if self.at else ""
        return (
            f"line {self.line} ({self.reason}){where}: the start gives {self.expected!r}, the line {self.found!r}, "
            f"tolerance {self.tolerance:.3g}; {self.point}"
        )


@dataclass
class LineReport:
    """How often a line was compared, and how far it was off at the worst (in tolerances, and in itself)."""

    label: str
    points: int = 0
    largest: float = 0.0
    discrepancy: float = 0.0
    tolerance: float = 0.0


@dataclass
class PropertyReport:
    """What the check of one derivation saw.

    ``branches`` says for every guard of a case which signs it had; ``problem`` why a line cannot be compared at
    all (its shape, a construct out of reach).
    """

    name: str
    lines: list[LineReport]
    examples: int = 0
    branches: dict[str, set[int]] = field(default_factory=dict)
    failure: Failure | None = None
    problem: str = ""

    @property
    def passed(self) -> bool:
        """No line failed, and every line was compared."""
        return self.failure is None and not self.problem and all(line.points for line in self.lines)

    def __str__(self) -> str:
        if self.failure is not None:
            return f"{self.name}: {self.failure}"
        if self.problem:
            return f"{self.name}: {self.problem}"
        parts = [f"{r.label} {r.points} points, worst {r.largest:.2g} of {r.tolerance:.2g}" for r in self.lines]
        idle = [r.label for r in self.lines if not r.points]
        note = f"; never compared: {', '.join(idle)}" if idle else ""
        return f"{self.name}: {self.examples} examples; " + "; ".join(parts) + note


@dataclass(frozen=True)
class Measured:
    """A value with its axes and its tolerance."""

    value: Array
    tolerance: Array
    axes: Axes

    def onto(self, axes: Axes) -> tuple[Array, Array]:
        index = expander(self.axes, axes)
        return _named(self.value, self.axes)[index], _named(self.tolerance, self.axes)[index]


def _named(array: Array, axes: Axes) -> Array:
    """The array with all its axes there, the points' axis too."""
    return array.reshape((1,) * (1 + len(axes) - array.ndim) + array.shape)


class Quantity:
    """Terms of a claim as a program with the tolerance of its first output."""

    def __init__(self, claim: Claim, side: str, inputs: frozenset[str], derivatives: str) -> None:
        term = claim.left if side == "left" else claim.right
        self.guards = [] if derivatives == DIFFERENCES else unfolded_guards(term, _without(claim, inputs))
        self.program = compile_terms([term, *self.guards], claim, inputs, derivatives)

    def at(self, point: Point) -> tuple[Measured, Run]:
        run = Run(self.program, point)
        return Measured(run.output(), tolerance_of(run, errors_of(run)), self.program.axes()), run

    def signs(self, run: Run) -> dict[str, set[int]]:
        """The signs that the guards of cases have at a point."""
        seen = {}
        for n, guard in enumerate(self.guards, 1):
            values = run.output(n)
            seen[repr(guard)] = {sign for sign in (-1, 0, 1) if (np.sign(values) == sign).any()}
        return seen


def _without(claim: Claim, names: frozenset[str]) -> dict[str, Definition]:
    return {name: found for name, found in claim.definitions.items() if name not in names}


class Line:
    """One line: its claim, its program, and the conditions under which it is compared."""

    def __init__(self, claim: Claim, inputs: frozenset[str], reason: str) -> None:
        self.reason, self.claim = reason, claim
        self.quantity = Quantity(claim, "right", inputs, EXACT)


class PropertyCheck:
    """A derivation made ready: lowered and compiled once, then checked at any number of samples."""

    def __init__(self, derivation: Derivation, count: int = POINTS_AT_ONCE) -> None:
        self.derivation = derivation
        claims = [_claim(derivation, n) for n in range(len(derivation.lines))]
        first = _merged(claims)
        self.given = _shared_definitions(first, claims)
        self.definitions = _definitions(first, self.given)
        inputs = frozenset(self.given)
        self.start = Quantity(first, "left", frozenset(), DIFFERENCES)
        pairs = zip(claims, derivation.lines, strict=True)
        self.lines = [Line(claim, inputs, line.reason) for claim, line in pairs]
        self.conditions = {claim.conditions: Conditions(claim) for claim in claims}
        self.sampler = Sampler(first, [claim.right for claim in claims], count)

    def strategy(self) -> SearchStrategy[Sample]:
        """The points at which the derivation is checked."""
        return self.sampler.strategy()

    # ---- one sample

    def check(self, sample: Sample, report: PropertyReport | None = None) -> None:
        """Compares every line at every point of the sample; raises LineDiffers at the first that differs."""
        point = sample.point
        start, _ = self.start.at(point)
        masks = {key: conditions.at(point) for key, conditions in self.conditions.items()}
        filled = self.with_definitions(point)
        for n, line in enumerate(self.lines):
            found, run = line.quantity.at(filled)
            axes = union([start.axes, found.axes, *(mask.axes for mask in masks[line.claim.conditions])])
            allowed = sample.admissible.reshape(-1, *(1,) * len(axes))
            for mask in masks[line.claim.conditions]:
                allowed = allowed & _named(mask.holds, mask.axes)[expander(mask.axes, axes)]
            self._compare(n, axes, start, found, allowed, sample, report)
            if report is not None:
                for guard, signs in line.quantity.signs(run).items():
                    report.branches.setdefault(guard, set()).update(signs)

    def with_definitions(self, point: Point) -> Point:
        """The point with the values of the defined quantities."""
        run = Run(self.definitions, point)
        tolerances = errors_of(run)
        arrays, errors = dict(point.arrays), dict(point.errors)
        for n, name in enumerate(self.given):
            axes, dimensions = self.definitions.axes(n), self._dimensions(name)
            arrays[name] = whole_value(run.output(n), axes, name, dimensions, point)
            error = tolerances[self.definitions.outputs[n]]
            if error is not None:
                error = np.broadcast_to(error, np.broadcast(error, run.output(n)).shape)
                errors[name] = whole_value(error, axes, name, dimensions, point)
        return Point(point.sizes, arrays, point.functions, point.rank, errors)

    def _dimensions(self, name: str) -> tuple[Any, ...]:
        tensors = self.sampler.claim.tensors
        return tensors[name].dimensions if name in tensors else ()

    def _compare(
        self, n: int, axes: Axes, start: Measured, found: Measured, allowed: NDArray[np.bool_], sample: Sample,
        report: PropertyReport | None,
    ) -> None:  # fmt: skip
        (expected, unsure), (value, rounding) = start.onto(axes), found.onto(axes)
        special = sample.special.reshape(-1, *(1,) * len(axes))
        with np.errstate(all="ignore"):
            defined = np.isfinite(expected), np.isfinite(value)
            known = ~np.isposinf(unsure) & ~np.isposinf(rounding)
            tolerance = unsure + rounding
            off = np.abs(value - expected)
            sharp = defined[0] & defined[1] & (tolerance <= SHARP * np.maximum(1.0, np.abs(expected)))
            used = sharp & allowed
            one_sided = (defined[0] ^ defined[1]) & known & allowed & ~special
            wrong = (used & ~(off <= tolerance)) | one_sided
        if wrong.any():
            parts = np.broadcast_arrays(wrong, expected, value, tolerance)
            raise LineDiffers(self._failure(n, axes, parts, sample))
        if report is not None and used.any():
            _note(report.lines[n], used, off, tolerance)

    def _failure(self, n: int, axes: Axes, parts: Any, sample: Sample) -> Failure:
        wrong, expected, value, tolerance = parts
        row, *position = (int(k) for k in np.argwhere(wrong)[0])
        at = ", ".join(f"{axis} = {k}" for axis, k in zip(axes, position, strict=True))
        cell = (row, *position)
        numbers = (float(expected[cell]), float(value[cell]), float(tolerance[cell]))
        return Failure(n + 1, self.lines[n].reason, sample.text(row), at, *numbers)


def _note(line: LineReport, used: NDArray[np.bool_], off: Array, tolerance: Array) -> None:
    used, off, tolerance = np.broadcast_arrays(used, off, tolerance)
    off, tolerance = off[used], tolerance[used]
    ratio = np.where(off == 0, 0.0, off / np.maximum(tolerance, np.finfo(float).tiny))
    worst = int(ratio.argmax())
    line.points += int(used.sum())
    line.discrepancy = max(line.discrepancy, float(off.max()))
    if ratio[worst] >= line.largest:
        line.largest, line.tolerance = float(ratio[worst]), float(tolerance[worst])


def _claim(derivation: Derivation, n: int) -> Claim:
    line = derivation.lines[n]
    try:
        return lower(derivation.start, line.expression, derivation.given)
    except ShapeMismatch as mismatch:
        raise ShapeMismatch(mismatch.left, f"{mismatch.right} (line {n + 1}, {line.reason})") from mismatch
    except OutOfReach as reason:
        raise OutOfReach(f"line {n + 1} ({line.reason}): {reason}") from reason


def _merged(claims: list[Claim]) -> Claim:
    """The first claim with the quantities of all."""
    first = claims[0]
    for claim in claims[1:]:
        sizes = {**first.sizes, **{name: max(least, first.sizes.get(name, 1)) for name, least in claim.sizes.items()}}
        symbols, tensors = {**first.symbols, **claim.symbols}, {**first.tensors, **claim.tensors}
        indices = {**first.indices, **claim.indices}
        first = replace(first, sizes=sizes, symbols=symbols, tensors=tensors, indices=indices)
    return first


def _shared_definitions(first: Claim, claims: list[Claim]) -> list[str]:
    """The defined quantities that are the same in all lines, and depend on nothing but their own indices."""
    shared = [n for n, d in first.definitions.items() if all(c.definitions.get(n) == d for c in claims)]
    shared = [n for n in shared if _is_whole(first, n)]
    program = _definitions(first, shared)
    return [n for k, n in enumerate(shared) if all(axis.startswith(f"{n}@") for axis in program.axes(k))]


def _is_whole(claim: Claim, name: str) -> bool:
    """Whether a definition says every entry."""
    parameters = claim.definitions[name].parameters
    dimensions = claim.tensors[name].dimensions if name in claim.tensors else ()
    return all(isinstance(p, str) or d == 1 for p, d in zip(parameters, dimensions, strict=True))


def _definitions(claim: Claim, names: list[str]) -> Program:
    """The program of every entry of the defined quantities."""
    claim = with_quantified(claim)
    dimensions = dict(claim.indices)
    terms = [whole(name, claim.tensors.get(name, Tensor(())), dimensions) for name in names]
    return compile_terms(terms, replace(claim, indices=dimensions))


def check_derivation(
    derivation: Derivation, examples: int = 25, seed: int = 0, count: int = POINTS_AT_ONCE, shrink: bool = True
) -> PropertyReport:
    """Checks every line at `examples` samples of `count` points each, drawn by hypothesis from the seed.

    A failure is shrunk before it is reported (unless `shrink` is false, which is faster).  A line that was never
    compared is a failure too.
    """
    lines = [LineReport(f"line {n}") for n in range(1, len(derivation.lines) + 1)]
    report = PropertyReport(derivation.name, lines)
    try:
        check = PropertyCheck(derivation, count)
    except ShapeMismatch as mismatch:
        report.problem = f"shapes do not conform: {mismatch}"
        return report
    except OutOfReach as reason:
        report.problem = str(reason)
        return report

    def one(sample: Sample) -> None:
        report.examples += report.failure is None
        try:
            check.check(sample, report if report.failure is None else None)
        except LineDiffers as found:
            report.failure = found.failure  # the last one is the one that hypothesis settled on
            raise

    with contextlib.suppress(LineDiffers):
        run_property(one, check.strategy(), examples, seed, shrink)()
    return report


def run_property(
    one: Callable[[Sample], None], strategy: SearchStrategy[Sample], examples: int, seed: int, shrink: bool = True
) -> Callable[[], None]:
    """The hypothesis test of `one` over the strategy."""
    configured = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
    )
    test: Callable[[], None] = configured(hypothesis.seed(seed)(hypothesis.given(sample=strategy)(_by_name(one))))
    return test


def _by_name(one: Callable[[Sample], None]) -> Callable[..., None]:
    def test(sample: Sample) -> None:
        one(sample)

    return test
