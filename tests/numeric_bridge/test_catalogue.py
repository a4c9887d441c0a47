"""Every entry of the catalogue in numbers; an entry that is added is tested with no test written for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from derivations.catalogue import ENTRIES
from numeric_bridge import LineDiffers, PropertyCheck, check_derivation, check_erratum
from numeric_bridge.property_check import Measured, Quantity, run_property
from symbolic.derivation import Derivation, Erratum

DERIVATIONS = [entry for entry in ENTRIES if isinstance(entry, Derivation)]
ERRATA = [entry for entry in ENTRIES if isinstance(entry, Erratum)]
FAULT = 1e-6


def by_name(entry: Any) -> str:
    return str(entry.name)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=by_name)
def test_every_line_agrees_with_differences(derivation: Derivation) -> None:
    report = check_derivation(derivation, examples=settings().max_examples)
    assert report.passed, report
    assert all(line.points >= report.examples for line in report.lines), report
    assert all(len(signs) > 1 for signs in report.branches.values()), report.branches  # every case was reached


@pytest.mark.parametrize("erratum", ERRATA, ids=by_name)
def test_every_erratum_differs_as_written_and_not_in_its_right_form(erratum: Erratum) -> None:
    report = check_erratum(erratum, examples=settings().max_examples)
    assert report.passed, report


class Faulty:
    """A line's value with a fault planted in it."""

    def __init__(self, quantity: Quantity, relative: bool) -> None:
        self.quantity, self.relative = quantity, relative
        self.vanishes = True

    def at(self, point: Any) -> Any:
        measured, run = self.quantity.at(point)
        self.vanishes &= bool((np.abs(measured.value) < 1e-3).all())
        fault = FAULT * measured.value if self.relative else FAULT
        return Measured(measured.value + fault, measured.tolerance, measured.axes), run


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=by_name)
def test_a_fault_in_any_line_is_caught(derivation: Derivation) -> None:
    """A fault of a millionth; a relative one shows in any line that does not vanish."""
    check = PropertyCheck(derivation)
    samples: list[Any] = []
    run_property(samples.append, check.strategy(), examples=4, seed=0)()
    for line in check.lines:
        whole = line.quantity
        for relative in (False, True):
            line.quantity = faulty = Faulty(whole, relative)  # type: ignore[assignment]
            caught = any(fails(check, sample) for sample in samples)
            assert caught or (relative and faulty.vanishes), f"{derivation.name}: {line.reason}"
        line.quantity = whole


def fails(check: PropertyCheck, sample: Any) -> bool:
    try:
        check.check(sample)
    except LineDiffers:
        return True
    return False
