"""What the formulas are timed beside computes the same, and is as accurate as it is said to be."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from benchmarks import formulas as benchmark
from benchmarks.accuracy import measure
from benchmarks.formulas import BEST, NAIVE
from derivations import formulas
from derivations.catalogue import FORMULAS

LISTED = benchmark.chosen([])


def test_the_listing_covers_the_formulas() -> None:
    assert NAIVE.keys() == BEST.keys()
    assert {"softmax", "softmax_jvp", "sigmoid_derivative", "two_layer_cross_entropy_W1_gradient"} <= BEST.keys()
    assert {formula.name for formula in LISTED} == BEST.keys()


@pytest.mark.parametrize("formula", LISTED, ids=lambda f: f.name)
def test_what_is_written_by_hand_gives_the_same_values(formula: Any) -> None:
    given = benchmark.arguments(formula, 20, 0)
    expected = getattr(formulas, formula.name)(*given)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(BEST[formula.name](*given), expected, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(NAIVE[formula.name](*given), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("formula", [f for f in LISTED if not f.is_over_matrices], ids=lambda f: f.name)
def test_the_best_by_hand_is_as_accurate(formula: Any) -> None:
    function = BEST[formula.name]

    def of_arrays(*given: Any) -> Any:
        return function(*map(np.atleast_1d, given)) if formula.is_elementwise else function(*given)

    assert measure(formula, np.float64, of_arrays).of_bar <= 1


@pytest.mark.frameworks
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_libraries_give_the_same_values() -> None:
    asked = set()
    for formula in LISTED:
        given = benchmark.arguments(formula, 20, 0)
        expected = getattr(formulas, formula.name)(*given)
        for who, calls in benchmark.contestants(formula, [given]):
            if who not in ("copy", "compiled"):  # what is compiled has tests of its own, bit for bit
                value = calls[0]()
                value = np.asarray(value.detach() if hasattr(value, "detach") else value)
                np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-7, err_msg=f"{who}: {formula.name}")
                asked.add(who)
    assert {"ours", "best", "naive", "scipy", "lambdify"} <= asked


def test_bars() -> None:
    def cell(name: str, batch: int, ours: float) -> benchmark.Cell:
        return benchmark.Cell(name, batch, {"ours": ours, "best": 10e-6})

    assert cell("sigmoid", 1, 90e-6).met is None
    assert cell("sigmoid", 100, 11.4e-6).met
    assert not cell("sigmoid", 100, 11.6e-6).met
    assert not cell("softmax", 10_000, 7e-6).met
    assert cell("softmax", 10_000, 5e-6).met


def test_bars_of_what_is_compiled() -> None:
    def cell(name: str, batch: int, **seconds: float) -> benchmark.Cell:
        return benchmark.Cell(name, batch, {"ours": 10e-6, "best": 10e-6} | seconds)

    assert cell("softmax", 100, compiled=3.9e-6).compiled_met
    assert not cell("cross_entropy", 10_000, compiled=4.1e-6).compiled_met
    assert cell("softmax", 1, compiled=9e-6).compiled_met is None
    assert cell("sigmoid", 100, compiled=9e-6).compiled_met is None
    assert cell("softmax", 100).compiled_met is None  # without Numba
    written = benchmark.summary([cell("softmax", 100, compiled=3e-6), cell("logsumexp", 100, compiled=5e-6)])
    assert "1 of 2 compiled bars met; missed: logsumexp at 100 (0.50)" in written


def test_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "QUICK", (1, 100))
    monkeypatch.setattr(benchmark, "SAMPLE", 1e-6)
    monkeypatch.setattr(benchmark, "torch_calls", lambda *_: [])
    monkeypatch.setattr(benchmark, "jax_calls", lambda *_: [])
    monkeypatch.setattr(benchmark.os, "sched_setaffinity", lambda *_: None)
    console = Console(file=io.StringIO(), width=132)
    status = benchmark.main(["--quick", "--only", "sigmoid"], console)
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert status == ("missed:" in written)
    assert "bars met" in written
    with pytest.raises(SystemExit, match="no formula sigmoyd"):
        benchmark.main(["--only", "sigmoyd"], console)


def test_all_formulas_of_one_vector_or_number_are_listed_or_known_not_to_be() -> None:
    left_out = {f.name for f in FORMULAS if not f.is_over_matrices} - BEST.keys()
    assert len(left_out) < len(BEST) / 2
