"""Every entry of the catalogue in numbers; an entry that is added is tested with no test written for it."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from derivations.catalogue import ENTRIES, FORMULAS
from numeric_bridge import (
    LineDiffers,
    NumpyFunction,
    PropertyCheck,
    check_derivation,
    check_erratum,
    compile_expression,
)
from numeric_bridge.property_check import Measured, Quantity, run_property
from symbolic.derivation import Derivation, Erratum

DERIVATIONS = [entry for entry in ENTRIES if isinstance(entry, Derivation)]
ERRATA = [entry for entry in ENTRIES if isinstance(entry, Erratum)]
COMPUTED = {formula.derivation.name for formula in FORMULAS}  # tests/derivations/formulas meets all their cases
FAULT = 1e-6


def by_name(entry: Any) -> str:
    return str(entry.name)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=by_name)
def test_every_line_agrees_with_differences(derivation: Derivation) -> None:
    computed = derivation.name in COMPUTED
    report = check_derivation(derivation, examples=settings().max_examples)
    assert report.passed, report
    assert all(line.points >= report.examples for line in report.lines), report
    every_case_was_met = all(len(signs) > 1 for signs in report.branches.values())
    assert computed or every_case_was_met, report.branches


@pytest.mark.parametrize("erratum", ERRATA, ids=by_name)
def test_every_erratum_differs_as_written_and_not_in_its_right_form(erratum: Erratum) -> None:
    report = check_erratum(erratum, examples=settings().max_examples)
    assert report.passed, report


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=by_name)
def test_every_closed_form_is_a_numpy_function(derivation: Derivation) -> None:
    """Compiled once, batched over leading axes: the values of the checked line, also far out where exp overflows."""
    function = compile_expression(derivation.closed_form, derivation.given)
    check = PropertyCheck(derivation)
    for sample in samples_of(check, 3):
        point = sample.point
        arrays = {name: point.arrays[name] for name in function.arguments}
        options = {"functions": interpreted(point.functions), "sizes": dict(point.sizes)}
        together = function(**arrays, **options)
        alone = [
            function(**{name: a[row] for name, a in arrays.items()}, **options) for row in range(check.sampler.count)
        ]
        if arrays:
            np.testing.assert_allclose(together, np.stack(alone), rtol=1e-12, atol=1e-12)
        expected, _ = check.lines[-1].quantity.at(check.with_definitions(point))
        wanted = laid_out(expected, function, together.shape)
        np.testing.assert_allclose(*np.broadcast_arrays(together, wanted), rtol=1e-9, atol=1e-9)
        far = {name: a * (300 if name not in check.sampler.summing else 1) for name, a in arrays.items()}
        assert function(**far, **options).shape == together.shape  # and no warning, which would be an error


def laid_out(measured: Measured, function: NumpyFunction, shape: tuple[int, ...]) -> Any:
    """A line's value, whose axes are sorted by name, in the layout of the function's result."""
    axes = [axis for axis in function.axes if axis is not None]
    value, _ = measured.onto(tuple(sorted(axes)))
    value = value.transpose(0, *(1 + sorted(axes).index(axis) for axis in axes))
    lengths = shape[len(shape) - len(function.axes) :]
    kept = [length for axis, length in zip(function.axes, lengths, strict=True) if axis is not None]
    return np.broadcast_to(value, (len(value), *kept)).reshape(len(value), *lengths)


def interpreted(functions: Any) -> dict[str, Any]:
    return {name: [partial(f, order) for order in range(4)] for name, f in functions.items()}


def samples_of(check: PropertyCheck, count: int) -> list[Any]:
    samples: list[Any] = []
    run_property(samples.append, check.strategy(), examples=count, seed=0)()
    return samples


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
    samples = samples_of(check, 4)
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
