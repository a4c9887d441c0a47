"""Decisions that would eat time or memory end by their deadline, right or UNDECIDED; the next is decided as usual."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import sympy as sp

from symbolic import Judge, VerdictKind
from symbolic.notation import (
    D,
    Gradient,
    elementwise,
    index,
    keep,
    matrix,
    ones,
    positive,
    scalar,
    sigmoid,
    total,
    vector,
)

TIMEOUT, GRACE = 1.0, 1.5
x, y, a, b = scalar("x"), scalar("y"), positive("a"), positive("b")
k = index("k")
many = vector("many", 10**6)
TRUE = (D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)))


def network(depth: int, width: int) -> list[Any]:
    """The outputs of an explicit network, every unit written out."""
    units: list[Any] = [scalar(f"x{i}") for i in range(width)]
    for layer in range(depth):
        sums = [sp.Add(*(scalar(f"w{layer}_{i}_{j}") * u for j, u in enumerate(units))) for i in range(width)]
        units = [sigmoid(s) for s in sums]
    return units


def tower(u: Any, height: int) -> Any:
    for _ in range(height):
        u = sp.exp(u)
    return u


def chain(depth: int) -> Any:
    """The sum of a network's outputs, as a matrix expression."""
    h: Any = vector("x", 4)
    for layer in range(depth):
        h = elementwise(sigmoid, matrix(f"W{layer}", 4, 4) * h)
    return ones(1, 4) * h


outputs = network(12, 3)
weight, first = scalar("w0_0_0"), matrix("W0", 4, 4)
pairs = [(scalar(f"q{i}"), scalar(f"r{i}")) for i in range(40)]
products = sp.Mul(*(q + r for q, r in pairs))

HARD = {
    "12 layers": (D(sp.Add(*outputs), weight), sp.Add(*(D(u, weight) for u in outputs)), {"PROVED"}),
    "12 layers, false": (D(outputs[0], weight), D(outputs[1], weight), {"REFUTED"}),
    "12 layers, tensors": (Gradient(chain(12), first), 2 * Gradient(chain(12), first), {"REFUTED"}),
    "an exp tower": (tower(x, 40), 2 * tower(x, 39), set()),
    "the slope of an exp tower": (D(tower(x, 12), x), sp.Mul(*(tower(x, h) for h in range(1, 13))), {"PROVED"}),
    "exp of exp of what is large": (sp.exp(sp.exp(1000 * x**2)), sp.exp(sp.exp(1000 * x**2 + 1)), {"REFUTED"}),
    "10^6 terms": (total(k, 10**6, many[k, 0] ** 2), total(k, 10**6, many[k, 0]) ** 2, {"REFUTED"}),
    "10^6 terms, true": (
        total(k, 10**6, sp.exp(x + many[k, 0])),
        sp.exp(x) * total(k, 10**6, sp.exp(many[k, 0])),
        {"PROVED"},
    ),
    "a power of 10^6": ((a + b) ** (10**6), a ** (10**6), set()),
    "powers of powers": (
        (((x + y) ** 100 + 1) ** 100 + 1) ** 100,
        (((x + y) ** 100 + 1) ** 100 + 2) ** 100,
        {"REFUTED"},
    ),
    "a product of 40 sums": (products * keep(x + 1), products * x + products, {"PROVED"}),
    "a large number": (sp.Integer(10**5000 + 1) * x, sp.Integer(10**5000) * x, {"REFUTED"}),
    "the logarithm of a large number": (
        sp.log(sp.Integer(10**600 + 453) * a),
        sp.log(a) + sp.log(sp.Integer(10**600 + 453), evaluate=False),
        {"PROVED"},
    ),
    "2^14 cases": (
        sp.Add(*(sp.Max(q, r) for q, r in pairs[:14])),
        sp.Add(*((q + r + sp.Abs(q - r)) / 2 for q, r in pairs[:14])),
        {"PROVED"},
    ),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(jobs=1, timeout=TIMEOUT, memory=800) as judge:
        yield judge


@pytest.mark.parametrize("name", HARD)
def test_ends_by_its_deadline_and_the_next_is_decided(name: str, judge: Judge) -> None:
    left, right, right_verdicts = HARD[name]
    judge.decide(x, x)  # a process that has started
    started = time.monotonic()
    verdict = judge.decide(left, right)
    assert time.monotonic() - started < TIMEOUT + GRACE
    assert verdict.name in right_verdicts | {"UNDECIDED"}
    assert verdict.kind is not VerdictKind.UNDECIDED or verdict.reason
    assert judge.decide(*TRUE, timeout=10).kind is VerdictKind.PROVED
