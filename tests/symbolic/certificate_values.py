"""The two sides of a certificate's claim at a point, by mpmath: this shares nothing with the prover or the checker.

A derivative is a central difference at many digits that cuts its variable loose from its definition.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import mpmath

mp = mpmath.mp.clone()
mp.dps = 160
STEP, CLOSE = mp.mpf(10) ** -50, mp.mpf(10) ** -9

Cell = tuple[int, ...]


class NoValue(Exception):
    """There is no value here, or it is not clear that there is one."""


class Values:
    """Values at one point of a certificate; `seed` draws other values for what no condition holds."""

    def __init__(self, data: dict[str, Any], point: dict[str, Any], seed: int | None = None) -> None:
        self.nodes, self.claim, self.point = data["nodes"], data["claim"], point
        self.definitions = {name: (parameters, body) for name, parameters, body in self.claim["definitions"]}
        self.values: dict[tuple[str, Cell], Any] = {}
        self.known: dict[Any, Any] = {}
        self.ranges = data["ranges"]
        held = set().union(*(self._names(term) for _, term, _ in self.claim["conditions"]))
        rng = random.Random(seed)
        for name, (shape, domain) in self.claim["variables"].items():
            cells = itertools.product(*(range(self.extent(d)) for d in shape))
            for cell, text in zip(cells, point["values"].get(name, []), strict=False):
                value = mp.mpf(Fraction(text).numerator) / Fraction(text).denominator
                if seed is not None and name not in held and domain != "bit":
                    value = (
                        mp.mpf(rng.randint(1, 150))
                        / 100
                        * (1 if domain in ("positive", "nonnegative") else rng.choice([1, -1]))
                    )
                    value *= -1 if domain == "negative" and value > 0 else 1
                self.values[name, cell] = value

    def _names(self, node: int) -> set[str]:
        """The variables below a node, and those of the definitions they stand for."""
        op, args = self.nodes[node]
        if op == "entry":
            return {args[0]} | (self._names(self.definitions[args[0]][1]) if args[0] in self.definitions else set())
        return set().union(*(self._names(k) for k in references(args)))

    def extent(self, dimension: int | str) -> int:
        return dimension if isinstance(dimension, int) else self.point["sizes"][dimension]

    def sides(self) -> tuple[Any, Any]:
        env = dict(self.point["indices"])
        return tuple(self._side(self.claim[name], env) for name in ("left", "right"))

    def _side(self, node: int, env: dict[str, int]) -> Any:
        try:
            return self.value(node, env, {})
        except NoValue as error:
            return error

    def value(self, node: int, env: dict[str, int], loose: dict[tuple[str, Cell], Any]) -> Any:
        key = (node, *sorted(env.items()), *sorted(loose.items()))
        if key not in self.known:
            self.known[key] = self._evaluated(node, env, loose)
        return self.known[key]

    def _evaluated(self, node: int, env: dict[str, int], loose: dict[tuple[str, Cell], Any]) -> Any:
        op, args = self.nodes[node]

        def of(arg: Any, inner: dict[str, int] = env) -> Any:
            return self.value(arg["t"], inner, loose)

        def at(i: Any) -> int:
            return i if isinstance(i, int) else env[i]

        if op == "entry":
            return self._variable(args[0], tuple(map(at, args[1])), env, loose)
        if op == "sum":
            every = range(self.extent(self.ranges[args[0]]))
            return sum((of(args[1], {**env, args[0]: k}) for k in every), mp.mpf(0))
        if op == "same":
            return mp.mpf(at(args[0]) == at(args[1]))
        if op == "derivative":
            return self._derivative(args, env, loose)
        if op == "split":
            guard = of(args[0])
            return of(args[2] if guard == 0 else args[1] if guard > 0 else args[3])
        if op == "table":
            met = [of(value) for condition, value in args if of(condition)]
            if not met or max(met) - min(met) > CLOSE:
                raise NoValue("cases")
            return met[0]
        return self._function(op, args, of)

    def _function(self, op: str, args: list[Any], of: Any) -> Any:
        if op == "number":
            return mp.mpf(Fraction(args[0]["q"]).numerator) / Fraction(args[0]["q"]).denominator
        if op == "size":
            return mp.mpf(self.extent(args[0]))
        if op == "constant":
            return mp.pi
        if op in ("add", "mul"):
            return (mp.fsum if op == "add" else mp.fprod)(map(of, args))
        if op == "applied":
            terms = [Fraction(c) for c in self.point["functions"][args[0]]]
            for _ in range(args[1]):
                terms = [k * c for k, c in enumerate(terms)][1:]
            return sum((mp.mpf(c.numerator) / c.denominator * of(args[2]) ** k for k, c in enumerate(terms)), mp.mpf(0))
        if op == "call":
            return getattr(mp, args[0])(of(args[1]))
        if op not in ("power", "exp", "log"):
            raise NoValue(op)
        x, q = of(args[0]), Fraction(args[1]["q"]) if op == "power" else Fraction(1)
        if (x <= 0 and op == "log") or (x == 0 and q < 0) or (x < 0 and q.denominator > 1):
            raise NoValue(op)
        return (
            mp.exp(x) if op == "exp" else mp.log(x) if op == "log" else mp.power(x, mp.mpf(q.numerator) / q.denominator)
        )

    def _variable(self, name: str, cell: Cell, env: dict[str, int], loose: dict[tuple[str, Cell], Any]) -> Any:
        if (name, cell) in loose:
            return loose[name, cell]
        if name not in self.definitions:
            return self.values[name, cell]
        parameters, body = self.definitions[name]
        inner = dict(self.point["indices"]) | {
            p: i for p, i in zip(parameters, cell, strict=True) if isinstance(p, str)
        }
        kept = {key: value for key, value in loose.items() if key[0] != name}
        return self.value(body, inner, kept)

    def _derivative(self, args: list[Any], env: dict[str, int], loose: dict[tuple[str, Cell], Any]) -> Any:
        _, variable = self.nodes[args[1]["t"]]
        cell = tuple(i if isinstance(i, int) else env[i] for i in variable[1])
        base = self._variable(variable[0], cell, env, loose)
        ends = [self.value(args[0]["t"], env, {**loose, (variable[0], cell): base + s * STEP}) for s in (1, -1)]
        return (ends[0] - ends[1]) / (2 * STEP)


def references(args: Any) -> list[int]:
    if isinstance(args, dict):
        return [args["t"]] if "t" in args else []
    return [k for arg in args for k in references(arg)] if isinstance(args, list) else []


def is_true(data: dict[str, Any]) -> bool:
    """Whether what an accepted certificate says is so, as far as numbers tell."""
    if data["verdict"] == "REFUTED":
        left, right = Values(data, data["counterexample"]["point"]).sides()
        lost = [isinstance(side, NoValue) for side in (left, right)]
        return any(lost) if data["counterexample"]["kind"] != "value" else not any(lost) and apart(left, right, 0)
    pairs = [Values(data, data["witness"], seed).sides() for seed in range(4)]
    return not any(
        apart(left, right) for left, right in pairs if not isinstance(left, NoValue) and not isinstance(right, NoValue)
    )


def apart(left: Any, right: Any, least: int = 1) -> bool:
    """Whether two numbers differ by more than a billionth of them, or of `least`."""
    return abs(left - right) > CLOSE * (least + abs(left) + abs(right))
