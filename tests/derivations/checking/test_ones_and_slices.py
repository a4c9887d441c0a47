r"""Vectors of ones whose size the formula tells, and rows and columns written with a colon."""

from __future__ import annotations

import pytest

from derivations import check

DECLARED = r"""Let $Z \in \mathbb{R}^{h \times m}$, $W \in \mathbb{R}^{h \times n}$, $X \in \mathbb{R}^{n \times m}$,
$b \in \mathbb{R}^h$, $u \in \mathbb{R}^m$, $v \in \mathbb{R}^h$ and $c \in \mathbb{R}$.

"""

PROVED = [
    r"\mathbf{1}^\top u = \sum_i u_i",
    r"u \cdot \mathbf{1} = \sum_i u_i",
    r"Z \mathbf{1} = \sum_{s=1}^m Z_{:,s}",
    r"\mathbf{1}^T Z = \sum_i Z_{i,:}",
    r"(W X + b \mathbf{1}^T)_{is} = \sum_k W_{ik} X_{ks} + b_i",
    r"(b \mathbf{1}^T) u = b \sum_s u_s",
    r"(u - \mathbf{1} c)^T (u - \mathbf{1} c) = \sum_i (u_i - c)^2",
    r"Z - \frac{1}{m} Z \mathbf{1} \mathbf{1}^T = Z (I - \frac{1}{m} \mathbf{1} \mathbf{1}^T)",
    r"\frac{\partial}{\partial u} \mathbf{1}^T u = \mathbf{1}",
    r"\frac{\partial}{\partial b} \| W X + b \mathbf{1}^T \|_F^2 = 2 (W X + b \mathbf{1}^T) \mathbf{1}",
    r"(1 - Z) \odot \mathbf{1} = \mathbf{1} - Z",
    r"0 \cdot u = \mathbf{0}",
    r"Z_{i,:} u = \sum_{s=1}^m Z_{is} u_s",
    r"2 Z_{:,s} = Z_{:, s} + Z_{:,s}",
    r"v^T Z_{:,s} = \sum_i v_i Z_{is}",
]
REFUTED = [
    r"\mathbf{1}^\top u = \frac{1}{m} \sum_i u_i",
    r"Z \mathbf{1} = \mathbf{1}",
    r"\mathbf{1}^T Z = \mathbf{1}^T Z^T",
    r"(W X + b \mathbf{1}^T)_{is} = \sum_k W_{ik} X_{ks} + b_s",
    r"\frac{\partial}{\partial b} \| W X + b \mathbf{1}^T \|_F^2 = 2 (W X + b \mathbf{1}^T)^T \mathbf{1}",
    r"Z_{i,:} u = \sum_s Z_{si} u_s",
    r"Z_{:,s} + b = Z_{:,s}",
    r"u + u = \mathbf{0}",
    r"v + \mathbf{1}^T = \mathbf{1} + v",
    r"v^T + \mathbf{1}^T + v = v + v^T + \mathbf{1}",
]
UNREADABLE = [
    r"\mathbf{1}^T \mathbf{1} = m",
    r"\mathbf{1} \mathbf{1}^T u = \mathbf{1} \sum_i u_i",
    r"b \mathbf{1} = b",
    r"\|\mathbf{1}\|^2 = m",
    r"\operatorname{diag}(\mathbf{1}) = I",
    r"u_{:,s} Z_{:,:,s} = u",
    r"\sum_{:} Z_{:,s} = b",
    r"Z_{i,\cdot} u = \sum_s Z_{is} u_s",
]


def link(formula: str) -> tuple[str, str]:
    step = check(f"{DECLARED}$$ {formula} $$\n", jobs=1).steps[-1]
    return str(step.link), step.message or ""


@pytest.mark.parametrize("formula", PROVED)
def test_proved(formula: str) -> None:
    assert link(formula)[0] == "PROVED"


@pytest.mark.parametrize("formula", REFUTED)
def test_refuted(formula: str) -> None:
    assert link(formula)[0] == "REFUTED"


@pytest.mark.parametrize("formula", UNREADABLE)
def test_unreadable(formula: str) -> None:
    assert link(formula)[0] == "UNREADABLE"


def test_what_is_asked_for_can_be_given() -> None:
    assert link(r"\mathbf{1}^T \mathbf{1} = m")[1].endswith(r"write $\mathbf{1}_n$ for the column of n ones")
    assert link(r"\mathbf{1}_m^T \mathbf{1}_m = m")[0] == "PROVED"


def links(text: str) -> list[str]:
    return [str(step.link) for step in check(DECLARED + text, jobs=1).steps if step.kind == "claim"]


def test_columns_and_rows_are_defined_by_their_entries() -> None:
    text = r"""$$ A_{:,s} = W X_{:,s} + b $$
$$ A = W X + b \mathbf{1}^T $$
$$ A = W X + \mathbf{1} b^T $$
$$ R_{i,:} = b_i A_{i,:} $$
$$ R = \operatorname{diag}(b) A $$
$$ Q_{:,:} = A $$
"""
    assert links(text) == ["PROVED", "REFUTED", "PROVED", "UNREADABLE"]


def test_a_vector_of_ones_may_be_declared() -> None:
    report = check(
        DECLARED + "where $\\mathbf{1} \\in \\mathbb{R}^m$.\n\n$$ Z \\mathbf{1} + v = v + Z \\mathbf{1} $$\n", jobs=1
    )
    assert [(step.kind, step.link) for step in report.steps[-2:]] == [("definition", None), ("claim", "PROVED")]


def test_that_a_variable_is_zero_for_a_moment_defines_nothing() -> None:
    assert links("At $u = \\mathbf{0}$ we have $u + u = 2 u$.") == ["PROVED"]
