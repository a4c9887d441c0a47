"""Formulas of tokens in any order: each is answered, none by an internal error."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from derivations.checking import check_with
from derivations.meaning.context import read_context
from symbolic import Judge
from symbolic.verdict import Verdict, undecided

CONTEXT = r"""
$x, u, q \in \mathbb{R}^n$, $A \in \mathbb{R}^{n \times n}$, $M \in \mathbb{R}^{m \times n}$, $a, b \in \mathbb{R}$
$i, j \in \{1, \dots, n\}$, $s = M x$, $E = \|s\|^2$, $p = \operatorname{softmax}(q)$, $\lambda > 0$
"""

_TEXT = r"""
x u A M E p q s a b \lambda x_i u_j A_{ij} p_{k} 1 2 0.5 \frac{1}{2} \sum_i \sum_{j\neq i} \sum_{l=1}^m
^T ^2 ^{-1} ' ( ) \odot \cdot * / + - = = \approx \equiv \Rightarrow < \log \tanh g softmax | \|
\delta_{ij} I I_n \mathbf{1} \mathbb{1}_{i=j} e^{a} W_1 z \nabla_x \in\mathbb{R}^n \max(0,x)
\frac{\partial{E}}{\partial{x}} \frac{\partial{s}}{\partial{M}}
M_{:,j} A_{i,:} _{:,1} \mathbf{1}^T \mathbf{0} || diag tan \arctan
"""
TOKENS = _TEXT.split()


class Undecided:
    """A judge that reads no claim."""

    def decide_all(self, claims: Iterable[tuple[Any, Any, Iterable[Any]]]) -> Iterator[tuple[int, Verdict]]:
        for position, _ in enumerate(claims):
            yield position, undecided("not asked")


@pytest.mark.parametrize("seed", range(4))
def test_every_formula_is_answered(seed: int) -> None:
    chance = random.Random(seed)
    formulas = [" ".join(chance.choice(TOKENS) for _ in range(chance.randint(2, 9))) for _ in range(60)]
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    judge: Judge = Undecided()  # type: ignore[assignment]
    report = check_with(judge, text, read_context(CONTEXT))
    assert report.steps
    assert [step.message for step in report.steps if "internal error" in (step.message or "")] == []
