"""A verdict has three values and says what backs it."""

import pytest

from symbolic import Counterexample, Verdict, VerdictKind, Witness
from symbolic.transport import verdict_from_json, verdict_to_json
from symbolic.verdict import undecided


def test_a_verdict_is_never_a_truth_value():
    with pytest.raises(TypeError, match=r"compare its kind: verdict\.kind is VerdictKind\.PROVED"):
        bool(undecided("out of reach"))


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Verdict(VerdictKind.PROVED), "PROVED"),
        (Verdict(VerdictKind.PROVED, exceptions=("z = 0",)), "PROVED except at z = 0"),
        (undecided("out of time"), "UNDECIDED: out of time"),
        (
            Verdict(
                VerdictKind.REFUTED,
                counterexample=Counterexample({"n": 2}, {"i": 0}, {"z": "[1/2, 3]"}, "value", "0.25", "0.5"),
            ),
            "REFUTED: left = 0.25, right = 0.5 at n = 2, i = 0, z = [1/2, 3]",
        ),
        (
            Verdict(VerdictKind.REFUTED, counterexample=Counterexample(kind="shape", left="n x 1", right="1 x n")),
            "REFUTED: shapes differ: n x 1 on the left, 1 x n on the right",
        ),
    ],
)
def test_text_and_transport(verdict, text):
    assert str(verdict) == text
    assert verdict_from_json(verdict_to_json(verdict)) == verdict


def test_witness_without_variables():
    assert str(Witness()) == "(no variables)"
