"""The soundness campaign asks what it says it asks, and sees what is wrong."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest
import sympy as sp
from rich.console import Console

from benchmarks.soundness.__main__ import main
from benchmarks.soundness.claims import NotMade, make
from benchmarks.soundness.points import Claim, compare
from benchmarks.soundness.shrinking import shrunk
from benchmarks.soundness.trials import CHANGED, UNDECIDED, WRONG, Tally, Trial
from benchmarks.soundness.twins import twin
from symbolic import Judge, OneHot, Verdict, VerdictKind, sums_to_one
from symbolic.notation import Cases, D, index, matrix, scalar, sigmoid, size, softmax, total, vector
from symbolic.verdict import undecided

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
x, y = scalar("x"), scalar("y")
z, t = vector("z", n), vector("t", n)
A = matrix("A", n, m)


@pytest.fixture(scope="module")
def judge() -> Iterable[Judge]:
    with Judge(jobs=1, timeout=5) as judge:
        yield judge


class Liar:
    """A judge that always says the same."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def decide(self, left: Any, right: Any, given: Any = ()) -> Verdict:
        return self.verdict


def tallied(judge: Any, numbers: Iterable[int], seed: int = 7) -> Tally:
    trial, total_tally = Trial(seed, judge, judge), Tally()
    for number in numbers:
        try:
            total_tally.add(trial.run(number))
        except NotMade:
            continue
    return total_tally


def test_a_small_campaign(judge: Judge) -> None:
    tally = tallied(judge, range(1, 61))
    assert tally.claims > 50
    assert not tally.found(WRONG) + tally.found(CHANGED), tally.findings
    assert len(tally.found(UNDECIDED)) <= 2, tally.findings


def test_a_prover_that_proves_everything_is_caught() -> None:
    tally = tallied(Liar(Verdict(VerdictKind.PROVED)), range(1, 41))
    assert len(tally.found(WRONG)) > 10
    assert tally.counts["true proved"] == tally.counts["true"] > 10


def test_a_prover_that_refutes_everything_is_caught() -> None:
    tally = tallied(Liar(Verdict(VerdictKind.REFUTED)), range(1, 41))
    assert len(tally.found(WRONG)) >= tally.counts["true"] > 10


def test_a_prover_that_decides_nothing_is_counted_so() -> None:
    tally = tallied(Liar(undecided("too hard")), range(1, 11))
    assert tally.undecided == tally.claims > 5


def test_a_crash_is_counted_and_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*arguments: Any) -> Any:
        raise RuntimeError("a defect")

    monkeypatch.setattr(Trial, "_twin", crash)
    console = Console(file=io.StringIO(), width=200)
    assert main(["--claims", "3", "--jobs", "1"], console) == 1
    assert console.file.getvalue().count("RuntimeError: a defect") >= 2  # type: ignore[attr-defined]


def test_a_claim_is_a_function_of_its_seed_and_number() -> None:
    code = "from benchmarks.soundness.claims import make; print([str(make(5, k).claim) for k in (3, 4, 9)])"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": h}
        )
        for h in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert make(5, 3).claim != make(5, 4).claim


@pytest.mark.parametrize(
    ("claim", "differs"),
    [
        (Claim(D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x))), False),
        (Claim(D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)) + sp.Rational(1, 10**60)), True),
        (Claim(D(softmax(z, i), z[j, 0]), -softmax(z, i) * softmax(z, j)), True),  # only where i = j
        (Claim(t[i, 0] ** 2, t[i, 0], (OneHot(t),)), False),
        (Claim(t[i, 0] ** 2, t[i, 0], (sums_to_one(t),)), True),
        (Claim(total(k, n, t[k, 0]), sp.S.One, (sums_to_one(t),)), False),
        (Claim(sp.log(x**2), 2 * sp.log(x)), True),  # by domain
        (Claim(Cases((0, x <= 0), (x, x >= 0)), sp.Max(0, x)), False),
        (Claim(sp.Trace(A * A.T), total(i, n, total(j, m, A[i, j] ** 2))), False),
        (Claim(A, 2 * A.T.T), True),
    ],
)
def test_what_the_numbers_say(claim: Claim, differs: bool) -> None:
    comparison = compare(claim)
    assert comparison.differs is differs
    assert differs or comparison.agreed > 3


def test_a_twin_says_the_same_in_other_words(judge: Judge) -> None:
    claim = Claim(total(j, m, A[i, j] * A[i, j]), total(k, m, A[i, k] ** 2))
    others = [twin(claim, f"seed {number}") for number in range(6)]
    assert len({str(other) for other in others}) == len(others)
    assert any(other.left.atoms(sp.MatrixSymbol).pop().shape[0] != other.left.limits[0][2] for other in others)
    assert {judge.decide(o.left, o.right, o.given).kind for o in others} == {VerdictKind.PROVED}


def test_what_fails_is_shrunk() -> None:
    claim = Claim(sp.exp(x) * (z[i, 0] + sp.tanh(y)) + sp.sin(x), sp.cos(y) + sp.sqrt(x**2 + 1) * z[j, 0])
    small = shrunk(claim, lambda smaller: smaller.left.has(z) and smaller.right.has(z))
    assert (small.left, small.right) == (z[i, 0], z[j, 0])


def test_the_command_counts_and_can_ask_again() -> None:
    console = Console(file=io.StringIO(), width=200)
    assert main(["--claims", "6", "--jobs", "1", "--seed", "7"], console) == 0
    assert main(["--claim", "3", "--seed", "7"], console) == 0
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert "wrong verdicts: 0" in written
    assert "certificates checked" in written
