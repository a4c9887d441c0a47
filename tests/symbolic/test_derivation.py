"""Derivations: steps, errata, and what is refused when one is built."""

import pytest
import sympy as sp

from symbolic import Derivation, DerivationError, Erratum, Line, Source, VerdictKind, lower
from symbolic.decision import decide_claim
from symbolic.notation import D, index, keep, relu, scalar, sigmoid, size, vector

z = scalar("z")
i = index("i")


def test_each_step_claims_a_line_equal_to_the_line_before():
    lines = (Line(z * (1 + z), "factor"), Line(keep(z + 1) * z, "turn"))
    derivation = Derivation("d", "title", z + z**2, lines)
    steps = list(derivation.steps())
    assert [step.label for step in steps] == ["line 1", "line 2"]
    assert steps[1].left == steps[0].right
    assert derivation.closed_form == steps[-1].right


def test_a_line_that_changes_nothing_is_an_error_with_the_place_and_the_mend():
    with pytest.raises(DerivationError) as error:
        Derivation("add-one", "t", sp.exp(z), (Line(1 + sp.exp(z) - 1, "add and subtract 1"),))
    message = str(error.value)
    assert "'add-one', line 1 (add and subtract 1)" in message
    assert "changes nothing" in message
    assert "exp(z)" in message
    assert "keep(...)" in message


def test_keep_writes_the_line_that_sympy_evaluates_away():
    Derivation("add-one", "t", sp.exp(z), (Line(keep(1 + sp.exp(z)) - 1, "add and subtract 1"),))


def test_a_derivation_without_lines_is_an_error():
    with pytest.raises(DerivationError, match="'empty' has no lines"):
        Derivation("empty", "t", z, ())


def test_an_erratum_is_refuted_as_written_with_the_right_form_beside_it():
    erratum = Erratum("e", "lost square", D(sigmoid(z), z), sigmoid(z), sigmoid(z) * (1 - sigmoid(z)))
    written, right = erratum.steps()
    assert (written.expected, right.expected) == (VerdictKind.REFUTED, VerdictKind.PROVED)
    assert written.left == right.left


def test_a_source_names_the_file_and_the_section():
    assert str(Source("004_9eb3eaf93dd1b904", "1.4.1")) == "004_9eb3eaf93dd1b904, 1.4.1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3 * z - 1, "PROVED"),
        (sp.exp(z), "PROVED"),
        (sp.Max(0, z), "UNDECIDED"),
        (vector("v", size("n"))[i, 0], "PROVED"),
    ],
)
def test_a_result_is_cited_under_a_substitution_and_decided_anew(value, expected):
    relu_derivative = Derivation(
        "relu-derivative", "t", D(relu(z), z), (Line(sp.Piecewise((1, z > 0), (0, True)), "by cases"),)
    )
    step = relu_derivative.cited({z: value})
    assert decide_claim(lower(step.left, step.right, step.given)).name == expected
