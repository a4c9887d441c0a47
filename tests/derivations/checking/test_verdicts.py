"""Single formulas in a declared context: what each comes to."""

from __future__ import annotations

import pytest

from derivations.checking import StepResult, check_with
from derivations.meaning.context import read_context
from symbolic import Judge

CONTEXT = r"""---
layout: shape
functions: g, \phi
---
$x, u, v, w, q \in \mathbb{R}^n$, $A, B \in \mathbb{R}^{n \times n}$, $M \in \mathbb{R}^{m \times n}$
$r \in \mathbb{R}^m$, $X \in \mathbb{R}^{N \times n}$, $y \in \mathbb{R}^N$
$i, j, k \in \{1, \dots, n\}$, $l \in \{1, \dots, m\}$
$\sum_i v_i = 1$, $a, b, c \in \mathbb{R}$, $\lambda > 0$
$s = M x$, $h = \tanh(s)$, $E = \frac{1}{2} \|h - r\|^2$
$p = \operatorname{softmax}(q)$, $t \in \mathrm{onehot}(n)$, $H = -\sum_i t_i \log p_i$
$\mathrm{ReLU}'(0) = 0$
"""

PROVED = [
    # products
    r"A \odot B = B \odot A",
    r"u \cdot v = \sum_i u_i v_i",
    r"u v^\top x = (v^\top x) u",
    r"u \otimes v = u v^\top",
    r"A (u + v) = A u + A v",
    r"a(b + c) = ab + ac",
    r"u .* v = v .* u",
    r"(M x)_l = \sum_j M_{lj} x_j",
    r"\langle u, v \rangle = u^T v",
    r"I_n A = A",
    r"(A B)^T = B^T A^T",
    r"u * (1 - u) * M^\top * r * x^\top = (u \odot (1 - u) \odot (M^\top r)) x^\top",
    r"A + \lambda I = \lambda I + A",
    r"(A + B)^2 = A^2 + A B + B A + B^2",
    # powers, roots, norms
    r"\|u\|^2 = u^\top u",
    r"\|u\|_2^2 = \sum_i u_i^2",
    r"\|A\|_F^2 = \operatorname{tr}(A^\top A)",
    r"\sqrt{\lambda^2} = \lambda",
    r"\sqrt{a^2} = |a|",
    r"e^{a + b} = e^a e^b",
    r"\log_2 \lambda = \frac{\log \lambda}{\log 2}",
    # sums and deltas
    r"\sum_i v_i u_j = u_j",
    r"\sum_{j \neq i} u_j = \sum_j u_j - u_i",
    r"\sum_j \delta_{ij} u_j = u_i",
    r"\sum_j \mathbb{1}_{i = j} u_j = u_i",
    r"\sum_j \mathbb{1}[i = j] u_j = u_i",
    r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
    r"\operatorname{tr}(A) = \sum_i A_{ii}",
    # functions
    r"\tanh^2(a) = 1 - \tanh'(a)",
    r"\sigma'(a) = \sigma(a)(1 - \sigma(a))",
    r"\frac{d g(a^2)}{d a} = 2 a g'(a^2)",
    r"\max(a, b) = \frac{a + b + |a - b|}{2}",
    r"\mathrm{ReLU}'(a) = \begin{cases} 1 & \text{if } a > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\operatorname{diag}(u) v = u \odot v",
    # derivatives
    r"\frac{\partial}{\partial u_i} \sum_j u_j^2 = 2 u_i",
    r"\frac{\partial u^\top A u}{\partial u} = (A + A^\top) u",
    r"\frac{\partial \|A u\|^2}{\partial u} = 2 A^\top A u",
    r"\frac{d^2 a^3}{d a^2} = 6 a",
    r"\frac{\partial s}{\partial x} = M",
    r"\frac{\partial s_l}{\partial M_{lj}} = x_j",
    r"\frac{\partial E}{\partial h} = h - r",
    r"\frac{\partial E}{\partial s} = (h - r) \odot (1 - h \odot h)",
    r"\frac{\partial E}{\partial x} = M^\top \frac{\partial E}{\partial s}",
    r"\nabla_M E = \frac{\partial E}{\partial h} \frac{\partial h}{\partial s} \frac{\partial s}{\partial M}",
    r"\frac{\partial E}{\partial M} = \frac{\partial E}{\partial s} x^\top",
    r"\nabla_M E = ((h - r) \odot (1 - h^2)) x^\top",
    r"\frac{\partial E}{\partial x_j} = \sum_l \frac{\partial E}{\partial s_l} \frac{\partial s_l}{\partial x_j}",
    r"\frac{\partial H}{\partial q_i} = p_i - t_i",
    r"\frac{\partial H}{\partial q_i} = \frac{\partial H}{\partial p_j} \frac{\partial p_j}{\partial q_i}",
    r"\frac{\partial p_i}{\partial q_j} = p_i (\delta_{ij} - p_j)",
    r"\frac{\partial p}{\partial q} = \operatorname{diag}(p) - p p^\top",
]

REFUTED = [
    r"A B = B A",
    r"\|u\|_1 = \sum_i u_i",
    r"\sqrt{a^2} = a",
    r"\frac{\partial u^\top A u}{\partial u} = 2 A u",
    r"\sum_i v_i u_j = u_i",
    r"u_i = \sum_{j \neq i} u_j",
    r"\frac{\partial s_l}{\partial M_{lj}} = x_l",
    r"\frac{\partial s}{\partial x} = M^\top x",
    r"\frac{\partial E}{\partial s} = h - r",
    r"\frac{\partial E}{\partial M} = x \frac{\partial E}{\partial s}",
    r"\frac{\partial H}{\partial q_i} = p_j - t_j",
    r"\frac{\partial H}{\partial q_i} = \frac{\partial H}{\partial p_i} \frac{\partial p_i}{\partial q_i}",
    r"\frac{\partial p_i}{\partial q_j} = p_i (1 - p_j)",
    r"M x = M u",
    r"u v = v u",
    r"M + A = A + M",
    r"x \in \mathbb{R}^m",
]

UNREADABLE = {
    r"A * B = B * A": "two readings fit",
    r"1/2a = \frac{1}{2a}": "two readings fit",
    r"9^{9^9} = 1": "exponent larger",
    r"A^{-1} A = 1": "positive whole number",
    r"z + 1 = 1 + z": "z has no meaning here",
    r"g(a)' = g'(a)": "by which variable",
    r"\sum_{i \neq j} u_j = 1": "which of i and j runs",
    r"\frac{\partial u}{\partial v} = 0": "depends on nothing",
    r"\frac{\Delta E}{\Delta x} = 1": "",
    r"\frac{\partial E}{\partial (a + b)} = 1": "no variable",
    r"\sinh^{-1}(a) = \frac{1}{\sinh(a)}": "its inverse, or its reciprocal",
    r"\|A\| = 1": "a norm of a matrix",
    r"a \pm b = b \pm a": "two values",
    r"u_{i+1} = u_i": "no index",
    r"\left.\frac{\partial E}{\partial x}\right|_{x = 0} = 0": "",
}


def _steps(formulas: list[str], judge: Judge) -> dict[str, StepResult]:
    """Each formula on a line of its own, in one document."""
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    report = check_with(judge, text, read_context(CONTEXT))
    assert not report.problems
    steps = {}
    for step in report.steps:
        steps[formulas[(step.line - 1) // 2]] = step
    return steps


@pytest.fixture(scope="module")
def steps(judge: Judge) -> dict[str, StepResult]:
    return _steps([*PROVED, *REFUTED, *UNREADABLE], judge)


@pytest.mark.parametrize("formula", PROVED)
def test_proved(formula: str, steps: dict[str, StepResult]) -> None:
    step = steps[formula]
    assert (step.link, step.head) == ("PROVED", "PROVED"), step.message or step.counterexample


@pytest.mark.parametrize("formula", REFUTED)
def test_refuted(formula: str, steps: dict[str, StepResult]) -> None:
    step = steps[formula]
    assert step.link == "REFUTED", step.message
    assert step.counterexample


@pytest.mark.parametrize("formula", UNREADABLE)
def test_unreadable(formula: str, steps: dict[str, StepResult]) -> None:
    step = steps[formula]
    assert step.link == "UNREADABLE"
    assert step.message is not None
    assert UNREADABLE[formula] in step.message
