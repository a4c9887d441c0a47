"""Hand-made certificates of false claims, each of which the checker once accepted; and such as took too long."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import symbolic
from symbolic.certificates import FORMAT, VERSION
from symbolic.checker import Report, check

CHECKER = Path(symbolic.__file__).parent / "checker"
REAL, VECTOR = [[], "real"], [["n"], "real"]

Part = dict[str, int] | int


class Paper:
    """The nodes of a certificate; whole numbers stand for themselves."""

    def __init__(self, **ranges: str | int) -> None:
        self.nodes: list[Any] = []
        self.ranges = ranges

    def put(self, op: str, *args: Any) -> dict[str, int]:
        node = [op, list(args)]
        if node not in self.nodes:
            self.nodes.append(node)
        return {"t": self.nodes.index(node)}

    def of(self, part: Part) -> dict[str, int]:
        return part if isinstance(part, dict) else self.put("number", {"q": str(part)})

    def entry(self, name: str, *indices: str | int) -> dict[str, int]:
        return self.put("entry", name, list(indices))

    def add(self, *parts: Part) -> dict[str, int]:
        return self.put("add", *map(self.of, parts))

    def mul(self, *parts: Part) -> dict[str, int]:
        return self.put("mul", *map(self.of, parts))

    def power(self, base: Part, exponent: int) -> dict[str, int]:
        return self.put("power", self.of(base), {"q": str(exponent)})

    def split(self, *parts: Part) -> dict[str, int]:
        return self.put("split", *map(self.of, parts))

    def slope(self, part: Part, variable: Part) -> dict[str, int]:
        return self.put("derivative", self.of(part), variable)

    def _tree(self, tree: Any) -> Any:
        return None if tree is None else [self.of(tree[0])["t"], *map(self._tree, tree[1:])]

    def report(self, left: Part, right: Part, **parts: Any) -> Report:
        """The answer to the claim that both sides are equal."""
        claim: dict[str, Any] = {"left": self.of(left)["t"], "right": self.of(right)["t"], "definitions": []}
        claim |= {name: parts.pop(name, []) for name in ("free", "conditions")}
        claim |= {name: parts.pop(name, {}) for name in ("sizes", "variables")}
        claim["conditions"] = [[relation, self.of(term)["t"], on] for relation, term, on in claim["conditions"]]
        if "within" in parts:
            claim |= {"within": self.of(parts.pop("within"))["t"], "values": parts.pop("values")}
        data = {"format": FORMAT, "version": VERSION, "verdict": "PROVED", "ranges": self.ranges, "claim": claim}
        data["exceptions"] = [self.of(part)["t"] for part in parts.pop("exceptions", [])]
        data["cells"] = [self._tree(tree) for tree in parts.pop("cells", [None])]
        return check(json.dumps(data | {"nodes": self.nodes} | parts).encode())


def point(**values: list[str] | str) -> dict[str, Any]:
    """Numbers for variables; n is the length of the longest list, and i = 0."""
    lists = {name: [numbers] if isinstance(numbers, str) else numbers for name, numbers in values.items()}
    return {"sizes": {}, "indices": {}, "values": lists, "functions": {}}


def vectors(**values: list[str] | str) -> dict[str, Any]:
    extent = max(len(numbers) for numbers in values.values() if isinstance(numbers, list))
    return point(**values) | {"sizes": {"n": extent}, "indices": {"i": 0}}


def test_a_fraction_that_is_0_has_no_sign() -> None:
    """x^-2 / D + y / D - 1 = 0 for D = x^-2 + y, also where D is negative and 0 is not seen: 0 = 1 followed."""
    for names in ("xy", "yx"):
        p = Paper()
        x, y = (p.entry(name) for name in names)
        below = p.add(p.power(x, -2), y)
        nothing = p.add(p.mul(p.power(x, -2), p.power(below, -1)), p.mul(y, p.power(below, -1)), -1)
        whole = p.add(p.mul(x, x, y), 1)
        split = [whole, None, None, None]
        answer = p.report(
            0,
            1,
            variables=dict.fromkeys(names, REAL),
            conditions=[(">", p.mul(-1, below), [])],
            cells=[[nothing, None, None, [x, split, None, split]]],
            exceptions=[whole],
            witness=point(**{names[0]: "1", names[1]: "-2"}),
        )
        assert not answer.accepted


def test_a_condition_on_a_slope_says_nothing_of_kinks_that_are_not_understood() -> None:
    """h(u) = u, written with cases by the sign of exp(u) - 1, has the slope 1 also at 0: x may be 0, and y then 5."""
    p = Paper(r="n", i="n")

    def guard(i: str) -> dict[str, int]:
        return p.add(p.put("exp", p.entry("x", i)), -1)

    def h(i: str) -> dict[str, int]:
        return p.split(guard(i), p.entry("x", i), 0, p.entry("x", i))

    at_zero = p.split(guard("i"), 0, 1, 0)
    slope = p.add(p.slope(h("r"), p.entry("x", "r")), -1)
    answer = p.report(
        p.split(p.entry("y"), 5, 0, 5),
        0,
        free=["i"],
        sizes={"n": 1},
        variables={"x": VECTOR, "y": REAL},
        conditions=[("=", slope, ["r"]), ("=", p.split(at_zero, 0, p.entry("y"), p.entry("y")), [])],
        cells=[[at_zero, None, None, None]],
        witness=vectors(x=["1"], y="0"),
    )
    assert not answer.accepted


def test_a_slope_at_a_kink_needs_the_slopes_of_all_cases() -> None:
    """x log(-x) for x < 0, else 0: at x = 0 it falls infinitely fast, and y is any number there."""
    p = Paper()
    x, y = p.entry("x"), p.entry("y")
    h = p.split(x, 0, 0, p.mul(x, p.put("log", p.mul(-1, x))))
    answer = p.report(
        p.slope(h, x),
        0,
        variables={"x": REAL, "y": REAL},
        conditions=[("=", p.mul(x, p.add(y, -1)), []), (">=", x, [])],
        cells=[[x, None, None, None]],
        witness=point(x="1", y="1"),
    )
    assert not answer.accepted


def test_a_guard_that_jumps_makes_a_kink_where_it_is_not_0() -> None:
    """5 for x >= 0 and 7 for x < 0, by the sign of a term that is 1 or -1, has no slope at 0."""
    p = Paper(k=1)
    jump = p.split(p.entry("x", "k"), 1, 1, -1)
    total = p.put("sum", "k", p.split(jump, 5, 0, 7))
    slope = p.slope(total, p.entry("x", 0))
    for number, accepted in (("0", False), ("1", True)):
        answer = p.report(slope, 0, variables={"x": [[1], "real"]}, within=0, values={"x": [number]})
        assert answer.accepted is accepted


def test_what_holds_at_an_index_of_the_claim_does_not_hold_at_bound_ones() -> None:
    """x[i] = 0 for one i; at the point x[1] is 0 as well, but not nearby, where both sides are 0."""
    p = Paper(b="n", c="n", i="n")
    other = p.mul(p.add(1, p.mul(-1, p.put("same", "b", "i"))), p.entry("w"))
    guard = p.add(p.mul(p.entry("x", "b"), p.entry("y", "i")), p.entry("x", "c"), other)
    apart = p.add(1, p.mul(-1, p.put("same", "c", "i")))
    summand = p.mul(p.put("same", "b", "i"), apart, p.split(guard, 0, 1, 0))
    answer = p.report(
        p.put("sum", "b", p.put("sum", "c", summand)),
        0,
        verdict="REFUTED",
        free=["i"],
        sizes={"n": 1},
        variables={"x": VECTOR, "y": VECTOR, "w": REAL},
        conditions=[("=", p.entry("x", "i"), [])],
        counterexample={"kind": "value", "point": vectors(x=["0", "0"], y=["1", "1"], w="1")},
    )
    assert not answer.accepted


def test_cases_by_the_variable_itself_have_no_slope() -> None:
    """1 where x = 1 and 0 where x = 0, where x is nothing else: that cannot be differentiated."""
    for domain, conditions in (("real", True), ("bit", False)):
        p = Paper()
        x = p.entry("x")
        rest = p.add(1, p.mul(-1, x))
        table = p.put("table", [x, p.of(1)], [rest, p.of(0)])
        answer = p.report(
            p.slope(table, x),
            0,
            variables={"x": [[], domain]},
            conditions=[("=", p.mul(x, rest), [])] * conditions,
            witness=point(x="1"),
        )
        assert not answer.accepted


def test_an_exception_is_not_all_that_there_is() -> None:
    """sqrt(-x^2) is defined at 0 alone: to leave that out leaves nothing, in a condition as on both sides."""
    for given in (True, False):
        p = Paper()
        x = p.entry("x")
        root = p.put("power", p.mul(-1, p.power(x, 2)), {"q": "1/2"})
        answer = p.report(
            p.add(root, p.split(x, 0, 5, 0)),
            root,
            variables={"x": REAL},
            conditions=[(">", p.add(root, 1), [])] * given,
            cells=[[x, None, None, None]],
            exceptions=[x],
            witness=point(x="0"),
        )
        assert not answer.accepted


# ---- what took too long, or too much


def test_many_bound_indices_that_nothing_tells_apart() -> None:
    p = Paper(**{f"k{n}": "n" for n in range(14)})
    term = p.put("applied", "f", 0, p.add(*(p.entry("x", i) for i in p.ranges)))
    for i in p.ranges:
        term = p.put("sum", i, term)
    evidence = vectors(x=["1"]) | {"indices": {}, "functions": {"f": ["1"]}}
    started = time.monotonic()
    assert p.report(term, term, sizes={"n": 1}, variables={"x": VECTOR}, witness=evidence).accepted
    assert time.monotonic() - started < 10


def test_a_condition_for_more_indices_than_can_be_tried() -> None:
    p = Paper(**{f"k{n}": "n" for n in range(20)})
    evidence = {"sizes": {"n": 10}, "indices": {}, "values": {}, "functions": {}}
    started = time.monotonic()
    answer = p.report(1, 1, sizes={"n": 1}, conditions=[(">", 1, list(p.ranges))], witness=evidence)
    assert answer.reason.endswith("too much work")
    assert time.monotonic() - started < 10


def test_many_slopes_of_many_variables() -> None:
    names, data = [f"a{n}" for n in range(4_000)], Paper()
    data.nodes = [["entry", [name, []]] for name in names] + [["add", [{"t": n} for n in range(4_000)]]]
    data.nodes += [["derivative", [{"t": 4_000}, {"t": n}]] for n in range(4_000)]
    data.nodes += [["add", [{"t": 4_001 + n} for n in range(4_000)]]]
    started = time.monotonic()
    answer = data.report({"t": 8_001}, {"t": 8_001}, variables=dict.fromkeys(names, REAL), witness=point())
    assert answer.reason.endswith("too much work")
    assert time.monotonic() - started < 10


def test_names_hold_nothing_that_a_terminal_acts_on(tmp_path: Path) -> None:
    """Nor what cannot be printed: the program says what is wrong, in one line."""
    for name in ("x\naccepted", "\ud800", "\x1b[2J"):
        path, p = tmp_path / "file.json", Paper()
        answer = p.report(0, 0, variables={name: REAL}, witness=point(**{name: "0"}))
        assert answer.reason.startswith("not a name")
        p.ranges = {name: 1}
        path.write_text(json.dumps({"format": FORMAT, "version": VERSION, "verdict": "PROVED", "ranges": p.ranges}))
        command = [sys.executable, "-I", "-S", str(CHECKER / "__main__.py"), str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (told.returncode, told.stdout.count("\n"), told.stderr) == (1, 1, "")


def test_many_functions_at_a_point() -> None:
    """Each is a series of hundreds of terms, which counts as work."""
    p = Paper()
    many = p.add(*(p.put("call", "erf", p.add(p.entry("x"), n)) for n in range(1, 600)))
    evidence = {"kind": "value", "point": point(x="-300")}
    assert (
        "a large argument"
        in p.report(many, 0, verdict="REFUTED", variables={"x": REAL}, counterexample=evidence).reason
    )
    nearby = p.add(*(p.put("call", "erf", p.put("mul", p.entry("x"), p.of(n))) for n in range(1, 600)))
    evidence = {"kind": "value", "point": point(x="1/1000")}
    assert (
        "too much work" in p.report(nearby, 0, verdict="REFUTED", variables={"x": REAL}, counterexample=evidence).reason
    )


def test_many_conditions_for_every_index() -> None:
    p, names = Paper(r="n", i="n"), [f"a{n}" for n in range(1_500)]
    conditions = [
        (
            ">",
            p.add(p.entry(name, "r"), p.entry(names[n * 7 % 1_500], "r"), p.mul(n + 2, p.entry(names[n // 2], "r"))),
            ["r"],
        )
        for n, name in enumerate(names)
    ]
    root = p.put("log", p.add(*(p.entry(name, "i") for name in names)))
    evidence = vectors(**{name: ["1"] for name in names})
    started = time.monotonic()
    variables = dict.fromkeys(names, VECTOR)
    p.report(root, root, free=["i"], sizes={"n": 1}, variables=variables, conditions=conditions, witness=evidence)
    assert time.monotonic() - started < 15
