"""What is special about the entries on activations, softmax and cross-entropy; the suite proves all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from derivations.catalogue import ENTRIES, find
from derivations.catalogue.binary_cross_entropy import closed, o2, t2, two_classes
from symbolic import Define, Judge, VerdictKind, sums_to_one
from symbolic.notation import D, index, keep, scalar, sigmoid, softmax, vector

SECTIONS = [
    ("000_e684565acf2280c2", "item 1", 4),
    ("000_e684565acf2280c2", "item 2", 4),
    ("000_e684565acf2280c2", "item 5", 1),
    ("001_592b6b16dab3915e", "exercise 1", 12),
    ("003_a592d850349715ea", "3", 1),
    ("003_a592d850349715ea", "4.2", 1),
    ("004_9eb3eaf93dd1b904", "1.2.2, Part B2.1", 2),
    ("004_9eb3eaf93dd1b904", "1.2.2, Part B2.2", 2),
    ("004_9eb3eaf93dd1b904", "1.2.2, Part B2.3", 1),
    ("004_9eb3eaf93dd1b904", "1.4.1", 6),
]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(jobs=1) as judge:
        yield judge


@pytest.mark.parametrize(("document", "section", "least"), SECTIONS)
def test_every_section_is_answered(document: str, section: str, least: int) -> None:
    answers = [
        entry
        for entry in ENTRIES
        if any(source.document == document and source.section == section for source in entry.sources)
    ]
    assert len(answers) >= least


def test_relu_has_no_slope_at_its_kink(judge: Judge) -> None:
    *_, table = find("relu-derivative").steps()
    verdict = judge.decide(table.left, table.right, table.given)
    assert verdict.kind is VerdictKind.PROVED
    assert verdict.exceptions == ("x = 0",)


def test_overlapping_cases_are_refuted_where_they_overlap(judge: Judge) -> None:
    as_written, _ = find("relu-derivative-overlapping-cases").steps()
    verdict = judge.decide(as_written.left, as_written.right, as_written.given)
    assert verdict.counterexample is not None
    assert verdict.counterexample.kind == "cases"
    assert verdict.counterexample.values == {"z": "0"}


def test_different_indices_need_two_classes(judge: Judge) -> None:
    for step in find("softmax-jacobian-off-diagonal").steps():
        verdict = judge.decide(step.left, step.right, step.given)
        assert verdict.witness is not None
        assert verdict.witness.sizes["n"] >= 2
        assert verdict.witness.indices["i"] != verdict.witness.indices["j"]


def test_the_general_binary_gradient_is_twice_the_difference_for_two_classes(judge: Judge) -> None:
    j = index("j")
    right = keep(2) * (o2[j, 0] - t2[j, 0])
    assert judge.decide(closed(t2, o2), right, two_classes).kind is VerdictKind.PROVED


def test_the_binary_gradient_after_a_softmax_is_not_twice_the_difference_for_three(judge: Judge) -> None:
    i, j = index("i"), index("j")
    t, o, x = vector("t", 3), vector("o", 3), vector("x", 3)
    given = (Define(o[i, 0], softmax(x, i)), sums_to_one(t))
    verdict = judge.decide(closed(t, o), keep(2) * (o[j, 0] - t[j, 0]), given)
    assert verdict.counterexample is not None
    assert verdict.counterexample.kind == "value"


def test_a_fault_in_the_slope_of_sigmoid_is_refuted(judge: Judge) -> None:
    z = scalar("z")
    verdict = judge.decide(D(sigmoid(z), z), sigmoid(z) * (1 + sigmoid(z)))
    assert verdict.kind is VerdictKind.REFUTED


def test_names_are_unique_and_an_unknown_one_says_what_is_near() -> None:
    names = [entry.name for entry in ENTRIES]
    assert len(set(names)) == len(names)
    assert find("tanh-derivative").name == "tanh-derivative"
    with pytest.raises(KeyError, match="tanh-derivative"):
        find("tanh-derivativ")
