"""The checker's normal forms and signs against numbers, on random terms, also under facts that hold at the point."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from mpmath import cos, exp, fprod, fsum, log, mpf, sign, sin, workdps

from symbolic.checker.domains import Domains
from symbolic.checker.terms import Node, Rejected, Terms

VALUES = {"a": [0.5, 1.0, 3.25], "b": [-2.0, -0.5, 0.0, 1.0], "c": [0.0, 0.5, 2.0], "d": [0.0, 1.0]}
DOMAINS = {"a": "positive", "b": "real", "c": "nonnegative", "d": "bit"}
NUMBERS = [Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-3)]
EXPONENTS = [Fraction(q) for q in ("0", "1", "2", "3", "-1", "-2", "1/2", "-1/2", "3/2")]


INDEXED = {"p": [0.5, 1.0, 2.0], "v": [-1.0, 0.0, 0.5, 2.0]}
DOMAINS |= {"p": "positive", "v": "real"}

Point = dict[str, float | list[float]]
Env = dict[str, int]


def random_term(terms: Terms, rng: random.Random, depth: int, indices: tuple[str, ...] = ()) -> Node:
    """A term in the scalars a, b, c, d, and in the vectors p and v if there are indices."""
    if depth == 0 or rng.random() < 0.15:
        leaves = [terms.number(rng.choice(NUMBERS)), terms.make("entry", rng.choice("abcd"), ())]
        if indices:
            leaves.append(terms.make("entry", rng.choice("pv"), (rng.choice(indices),)))
            leaves.append(terms.same(rng.choice(indices), rng.choice(indices)))
        return rng.choice(leaves)
    op = rng.choice(["add", "mul", "power", "exp", "log", "split", "call", "quotient", *["sum"] * bool(indices)])
    if op == "sum":
        bound = terms.fresh("n")
        return terms.make("sum", bound, random_term(terms, rng, depth - 1, (*indices, bound)))
    part = random_term(terms, rng, depth - 1, indices)
    if op == "call":
        return terms.make("call", rng.choice(["sin", "cos"]), part)
    if op == "quotient":  # sums over sums, as in softmax
        sums = [terms.add([part, random_term(terms, rng, depth - 1, indices)]) for _ in range(2)]
        return terms.mul(sums[0], part, terms.power(sums[1], -1))
    if op in ("add", "mul"):
        return terms.make(op, part, *(random_term(terms, rng, depth - 1, indices) for _ in range(rng.randint(0, 2))))
    if op == "power":
        return terms.make(op, part, rng.choice(EXPONENTS))
    return terms.indicator(part, rng.random() < 0.5) if op == "split" else terms.make(op, part)


def value(node: Node, point: Point, env: Env) -> Any:
    """The value that the checker takes a term to have, also where it is not defined; to 60 digits."""
    op, args = node.op, node.args
    if op == "number":
        return mpf(args[0].numerator) / args[0].denominator
    if op == "size":
        return mpf(len(point["v"]))
    if op == "entry":
        return mpf(point[args[0]][env[args[1][0]]] if args[1] else point[args[0]])
    if op == "same":
        return mpf(env[args[0]] == env[args[1]])
    if op == "sum":
        return near(fsum(value(args[1], point, {**env, args[0]: k}) for k in range(len(point["v"]))))
    parts = [value(a, point, env) for a in args if isinstance(a, Node)]
    if any(abs(part) > 100 for part in parts):
        raise OverflowError
    if op in ("add", "mul"):
        return near((fsum if op == "add" else fprod)(parts))
    if op == "split":
        return parts[2 - int(sign(parts[0]))] if parts[0] else parts[2]
    if op == "call":
        return near({"sin": sin, "cos": cos}[args[0]](parts[0]))
    if op == "exp":
        return near(exp(parts[0]))
    if op == "log":
        return near(log(abs(parts[0]))) if parts[0] else mpf(0)
    if not args[1] or not parts[0]:
        return mpf(not args[1])
    whole = args[1].denominator == 1
    return parts[0] ** int(args[1]) if whole else abs(parts[0]) ** (mpf(args[1].numerator) / args[1].denominator)


def near(number: Any) -> Any:
    """0 for what is 0 to 50 digits; numbers that are small otherwise are left out."""
    small = mpf(10) ** -50
    if small < abs(number) < mpf(10) ** -10:
        raise OverflowError
    return number if abs(number) > small else mpf(0)


@workdps(60)
def tried(seed: int, fixed: tuple[str, ...], tries: int = 40) -> int:
    """How many random terms were compared with their values."""
    rng, count = random.Random(seed), 0
    for _ in range(tries):
        terms = Terms(dict.fromkeys(fixed, "n"), 6_000)
        point: Point = {name: rng.choice(values) for name, values in VALUES.items()}
        n = rng.randint(1, 3)
        point |= {name: [rng.choice(values) for _ in range(n)] for name, values in INDEXED.items()}
        env = {i: rng.randrange(n) for i in fixed}
        nodes = [random_term(terms, rng, rng.randint(1, 4), fixed) for _ in range(6)]
        try:
            numbers = [value(node, point, env) for node in nodes]
        except OverflowError:
            continue
        facts = [
            (n, frozenset({int(sign(v)), rng.choice([-1, 0, 1])})) for n, v in zip(nodes[:3], numbers, strict=False)
        ]
        algebra = Domains(terms, fixed, DOMAINS).under(facts[: rng.randint(0, 3)])
        assert not algebra.impossible
        for node, number in zip(nodes, numbers, strict=True):
            try:
                poly = algebra.poly(node)
                signs, written, zero = algebra.signs(poly), algebra.as_written(node), algebra.is_zero(poly)
                found = value(algebra.node(poly), point, env)
            except (Rejected, OverflowError):
                continue
            count += 1
            assert abs(found - number) <= 1e-20 * (1 + abs(number))
            assert int(sign(number)) in signs & written
            assert not zero or not number
    return count


@pytest.mark.parametrize("seed", range(2))
def test_values_and_signs_are_those_of_numbers(seed: int) -> None:
    assert tried(seed, ()) > 100


@pytest.mark.parametrize("seed", range(2))
def test_values_and_signs_of_entries_and_sums_are_those_of_numbers(seed: int) -> None:
    assert tried(seed, ("i", "j")) > 60
