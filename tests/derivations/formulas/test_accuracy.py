"""Rounding errors beside ball arithmetic, of the formulas that may not lose digits anywhere; the benchmark has all."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from benchmarks.accuracy import PEERS, beside, measure, measure_all, ulps
from derivations import formulas
from derivations.catalogue import FORMULAS

STRICT = [formula for formula in FORMULAS if formula.unconditional]
SOME = ("softmax_hinge_gradient", "layer_norm_vjp", "batch_norm_vjp", "softmax_jacobian", "attention_value_vjp")


def test_what_the_bar_without_condition_number_is_asked_of() -> None:
    asked = {
        "sigmoid_derivative",
        "tanh_derivative",
        "softplus",
        "log_softmax",
        "cross_entropy",
        "cross_entropy_gradient",
    }
    assert asked <= {formula.name for formula in STRICT}


@pytest.mark.parametrize("formula", [*STRICT, *(f for f in FORMULAS if f.name in SOME)], ids=lambda f: f.name)
def test_errors_stay_within_their_bar(formula: object) -> None:
    found = measure(formula, np.float64, getattr(formulas, formula.name))  # type: ignore[arg-type,attr-defined]
    assert found.points >= 30
    assert found.of_bar <= 1, found


@pytest.mark.parametrize("name", ["log_softmax", "softmax_jacobian", "layer_norm_vjp"])
def test_a_form_that_cancels_is_seen(name: str) -> None:
    formula = next(f for f in FORMULAS if f.name == name)
    assert measure(formula, np.float64, PEERS[name][1]).of_bar > 10


def test_units_in_the_last_place() -> None:
    assert ulps(1.0 + 2.0**-52, Fraction(1), np.float64) == 1.0
    assert ulps(0.0, Fraction(5e-324), np.float64) == 1.0
    assert ulps(np.inf, Fraction(2) ** 1025, np.float64) == 0.0


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_libraries_are_measured_at_the_same_points(library: str) -> None:
    pytest.importorskip(library)
    formula = next(f for f in FORMULAS if f.name == "log_softmax")
    found = measure_all(formula, np.float64, {"ours": formulas.log_softmax, **beside(formula, np.float64)})
    assert found["ours"].of_bar < 1
    assert found[library].of_bar > 1e6  # 0 for the dominant class
    assert found[library].points == found["ours"].points > 0
