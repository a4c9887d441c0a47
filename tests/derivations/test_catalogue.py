"""Every entry of the catalogue has the verdicts that it expects, and a wrong derivation fails the suite by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sympy as sp

from derivations import catalogue
from derivations.command.main import run
from derivations.suite import prove
from symbolic import Judge
from symbolic.derivation import Derivation, EntryReport, Line
from symbolic.given import Define, sums_to_one
from symbolic.notation import (
    D,
    Gradient,
    Jacobian,
    delta,
    index,
    matrix,
    scalar,
    sigmoid,
    size,
    softmax,
    total,
    vector,
)
from symbolic.printing import as_text
from symbolic.verdict import VerdictKind

NAMES = [entry.name for entry in catalogue.ENTRIES]
DOCUMENTS = {
    "000_e684565acf2280c2",
    "001_592b6b16dab3915e",
    "002_c01bd2233d4021c3",
    "003_a592d850349715ea",
    "004_9eb3eaf93dd1b904",
}


@pytest.mark.slow
def test_every_entry_has_the_expected_verdicts_with_their_evidence() -> None:
    with Judge(jobs=2, timeout=30) as judge:
        reports = list(prove(catalogue.ENTRIES, judge))
    assert [report.entry.name for report in reports] == NAMES
    wrong = [text for report in reports for text in wrong_steps(report)]
    assert not wrong, "\n".join(wrong)
    assert [name for report in reports for name in without_evidence(report)] == []
    chains = [report for report in reports if isinstance(report.entry, Derivation) and len(report.steps) > 1]
    assert len(chains) > 50
    heads = {report.entry.name: report.steps[-1].head for report in chains}
    assert [name for name, head in heads.items() if head is None or head.kind is not VerdictKind.PROVED] == []


def wrong_steps(report: EntryReport) -> Iterator[str]:
    """The steps whose verdict is not the expected one, with both lines."""
    for step in report.steps:
        if not step.as_expected:
            yield (
                f"{report.entry.name}, {step.step.label}: expected {step.step.expected.value}, but {step.verdict}\n"
                f"    {as_text(step.step.left)}\n  = {as_text(step.step.right)}"
            )


def without_evidence(report: EntryReport) -> Iterator[str]:
    """Proofs without a witness and refutations without a counterexample; printed numbers carry their own."""
    for step in report.steps if not hasattr(report.entry, "decide_step") else ():
        evidence = {
            VerdictKind.PROVED: step.verdict.witness,
            VerdictKind.REFUTED: step.verdict.counterexample,
            VerdictKind.UNDECIDED: None,
        }
        if evidence[step.verdict.kind] is None:
            yield f"{report.entry.name}, {step.step.label}"


def test_names_are_unique_and_can_be_typed() -> None:
    assert [name for name, count in Counter(NAMES).items() if count > 1] == []
    assert [name for name in NAMES if not name.isascii() or set(name) & set(" *?[]")] == []


def test_what_a_reader_sees_can_be_printed_everywhere() -> None:
    for entry in catalogue.ENTRIES:
        assert entry.title
        shown = [entry.title, entry.note, *(step.reason for step in entry.steps())]
        assert [text for text in shown if not text.isascii()] == [], entry.name


def test_only_proved_or_refuted_is_expected() -> None:
    expected = {step.expected for entry in catalogue.ENTRIES for step in entry.steps()}
    assert expected == {VerdictKind.PROVED, VerdictKind.REFUTED}


def test_every_document_is_answered() -> None:
    cited = {source.document for entry in catalogue.ENTRIES for source in entry.sources}
    assert cited >= DOCUMENTS


# ---- wrong derivations are caught, through the command, with the step named

n, n0, n1, n2 = size("n"), size("n0"), size("n1"), size("n2")
i, j, k, p, s = (index(name) for name in "ijkps")
u, E = scalar("u"), scalar("E")
z = vector("z", n)
x, z1, y1 = vector("x", n0), vector("z1", n1), vector("y1", n1)
z2, y2, t = vector("z2", n2), vector("y2", n2), vector("t", n2)
W1, W2 = matrix("W1", n1, n0), matrix("W2", n2, n1)
NETWORK = (
    Define(z1[i, 0], total(p, n0, W1[i, p] * x[p, 0])),
    Define(y1[i, 0], sigmoid(z1[i, 0])),
    Define(z2[i, 0], total(s, n1, W2[i, s] * y1[s, 0])),
    Define(y2[i, 0], softmax(z2, i)),
    Define(E, -total(k, n2, t[k, 0] * sp.log(y2[k, 0]))),
    sums_to_one(t),
)

WRONG = [
    Derivation(
        "wrong-tanh-derivative",
        "tanh' with its square lost",
        start=D(sp.tanh(u), u),
        lines=(
            Line((sp.cosh(u) ** 2 - sp.sinh(u) ** 2) / sp.cosh(u) ** 2, "quotient rule"),
            Line(1 - sp.tanh(u), "fold tanh"),
        ),
    ),
    Derivation(
        "wrong-softmax-jacobian",
        "the softmax Jacobian without its cross term",
        start=D(softmax(z, i), z[j, 0]),
        lines=(
            Line(delta(i, j) * softmax(z, i) - softmax(z, i) * softmax(z, j), "quotient rule"),
            Line(delta(i, j) * softmax(z, i) * (1 - softmax(z, i)), "each output depends on its own logit"),
        ),
    ),
    Derivation(
        "wrong-two-layer-dE-dW1",
        "dE/dW1 without diag(y1 .* (1 - y1))",
        start=Gradient(E, W1),
        lines=(
            Line(Jacobian(E, z1).T * x.T, "chain rule through z1"),
            Line(W2.T * (y2 - t) * x.T, "the error carried back"),
        ),
        given=NETWORK,
    ),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda derivation: derivation.name)
def test_a_wrong_derivation_fails_the_suite_with_its_step_named(
    wrong: Derivation, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    right = catalogue.ENTRIES[0]
    monkeypatch.setattr(catalogue, "ENTRIES", (right, wrong))
    assert run(["prove", "--plain"]) == 1
    out = capsys.readouterr().out
    last = wrong.lines[-1]
    assert f"ok {right.name}" in out
    assert f"WRONG {wrong.name}" in out
    assert f"{wrong.name}, line 2 ({last.reason})" in out
    assert f"{wrong.name}, line 1" not in out
    left, claimed = (as_text(line.expression, plain=True) for line in wrong.lines)
    assert f"{left}\n      = {claimed}\n" in out
    assert "expected proved, but refuted: left = " in out
    assert " at " in out[out.index("but refuted") :]
    assert f"not as expected: {wrong.name} (line 2)" in out
