"""The checker's normal forms and signs against numbers, on random terms, also under facts that hold at the point."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from symbolic.checker.domains import Domains
from symbolic.checker.terms import Node, Rejected, Terms

VALUES = {"a": [0.5, 1.0, 3.25], "b": [-2.0, -0.5, 0.0, 1.0], "c": [0.0, 0.5, 2.0], "d": [0.0, 1.0]}
DOMAINS = {"a": "positive", "b": "real", "c": "nonnegative", "d": "bit"}
NUMBERS = [Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-3)]
EXPONENTS = [Fraction(q) for q in ("0", "1", "2", "3", "-1", "-2", "1/2", "-1/2", "3/2")]


def random_term(terms: Terms, rng: random.Random, depth: int) -> Node:
    """A term in the scalars a, b, c, d."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice([terms.number(rng.choice(NUMBERS)), terms.make("entry", rng.choice("abcd"), ())])
    op = rng.choice(["add", "mul", "power", "exp", "log", "split"])
    part = random_term(terms, rng, depth - 1)
    if op in ("add", "mul"):
        return terms.make(op, part, *(random_term(terms, rng, depth - 1) for _ in range(rng.randint(0, 2))))
    if op == "power":
        return terms.make(op, part, rng.choice(EXPONENTS))
    return terms.indicator(part, rng.random() < 0.5) if op == "split" else terms.make(op, part)


def value(node: Node, point: dict[str, float]) -> float:
    """The value that the checker takes a term to have, also where it is not defined."""
    op, args = node.op, node.args
    if op == "number":
        return float(args[0])
    if op == "entry":
        return point[args[0]]
    parts = [value(a, point) for a in args if isinstance(a, Node)]
    if op in ("add", "mul"):
        return math.fsum(parts) if op == "add" else math.prod(parts)
    if op == "split":
        return parts[1] if parts[0] > 1e-9 else parts[3] if parts[0] < -1e-9 else parts[2]
    if op == "exp":
        return math.exp(parts[0])
    if op == "log":
        return math.log(abs(parts[0])) if parts[0] else 0.0
    if not args[1] or not parts[0]:
        return float(not args[1])
    return float(parts[0] ** int(args[1]) if args[1].denominator == 1 else abs(parts[0]) ** float(args[1]))


def sign(number: float) -> int:
    return 0 if abs(number) < 1e-7 else 1 if number > 0 else -1


@pytest.mark.parametrize("seed", range(4))
def test_values_and_signs_are_those_of_numbers(seed: int) -> None:
    rng, tried = random.Random(seed), 0
    for _ in range(250):
        terms = Terms({}, 200_000)
        point = {name: rng.choice(values) for name, values in VALUES.items()}
        nodes = [random_term(terms, rng, rng.randint(1, 4)) for _ in range(6)]
        try:
            numbers = [value(node, point) for node in nodes]
        except OverflowError:
            continue
        if any(0 < abs(v) < 1e-4 or abs(v) > 1e8 for v in numbers):
            continue
        facts = [(n, frozenset({sign(v), rng.choice([-1, 0, 1])})) for n, v in zip(nodes[:3], numbers, strict=False)]
        algebra = Domains(terms, (), DOMAINS).under(facts[: rng.randint(0, 3)])
        assert not algebra.impossible
        for node, number in zip(nodes, numbers, strict=True):
            try:
                poly = algebra.poly(node)
                signs, written, zero = algebra.signs(poly), algebra.as_written(node), algebra.is_zero(poly)
            except Rejected:
                continue
            tried += 1
            assert value(algebra.node(poly), point) == pytest.approx(number, rel=1e-5, abs=1e-5)
            assert sign(number) in signs & written
            assert not zero or abs(number) < 1e-5
    assert tried > 500
