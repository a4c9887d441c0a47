"""Certificates and the independent checker: the catalogue accepted, false and hostile certificates rejected."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import time
import tokenize
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import symbolic
from derivations import catalogue
from symbolic import Verdict, VerdictKind, Witness, lower
from symbolic.certificates import FORMAT, VERSION, _point, certificate
from symbolic.checker import Report, check
from symbolic.checker.domains import Domains
from symbolic.checker.terms import Terms
from symbolic.core_language import CoreWriter
from symbolic.decision import decide_claim
from symbolic.differentiation import subterms
from symbolic.judge import prepare
from symbolic.notation import Cases, D, delta, keep
from symbolic.refutation import Search
from symbolic.terms import Claim, Term

CHECKER = Path(symbolic.__file__).parent / "checker"
x, y = sp.symbols("x y", real=True)


def certified(claim: Claim) -> dict[str, Any]:
    text = certificate(claim, decide_claim(claim))
    assert text is not None
    return json.loads(text)


def report(data: Any) -> Report:
    return check(json.dumps(data).encode())


def splits(term: Term) -> list[Term]:
    return [node for node in subterms(term) if node.op == "split"]


def relu(u: Any) -> Any:
    return sp.Max(0, u, evaluate=False)


def catalogue_claims(start: int, step: int) -> Iterator[tuple[str, Claim]]:
    for entry in catalogue.ENTRIES[start::step]:
        for s in entry.steps():
            if getattr(entry, "decide_step", None) is None:
                claim = prepare(s.left, s.right, s.given)
                if isinstance(claim, Claim):
                    yield f"{entry.name}: {s.label}", claim


def all_accepted(start: int, step: int) -> None:
    for name, claim in catalogue_claims(start, step):
        verdict = decide_claim(claim)
        text = certificate(claim, verdict)
        assert text is not None or verdict.name == "UNDECIDED", name
        if text is None:
            continue
        answer = check(text.encode())
        assert answer.accepted, f"{name}: {answer.reason}"


@pytest.mark.slow
@pytest.mark.parametrize("start", range(5))
def test_certificates_of_the_catalogue_are_accepted(start: int) -> None:
    all_accepted(start, 5)


def test_the_checker_runs_by_file_path_with_the_standard_library_only(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    data = certified(lower(D(sp.exp(2 * x), x), 2 * sp.exp(2 * x)))
    good.write_text(json.dumps(data))
    data["claim"]["right"] = data["claim"]["left"] - 1
    bad.write_text(json.dumps(data))
    command = [sys.executable, "-I", "-S", str(CHECKER / "__main__.py")]
    assert subprocess.run([*command, str(good)], capture_output=True, check=False).returncode == 0
    refused = subprocess.run([*command, str(good), str(bad)], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert [line.split()[0] for line in refused.stdout.splitlines()] == ["accepted", "rejected"]


def test_every_import_of_the_checker_is_its_own_or_the_standard_library() -> None:
    for path in CHECKER.glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]):
                module = words[1]
                own = module.startswith(".") and not module.startswith("..")
                assert own or module.split(".")[0] in sys.stdlib_module_names, f"{path.name}: {line}"


def lines_of_code(source: str) -> int:
    """The lines that are neither blank, nor comments, nor docstrings."""
    tree, described, code = ast.parse(source), set[int](), set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            described |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.string.strip() and token.type != tokenize.COMMENT:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - described)


def test_the_checker_is_small() -> None:
    sources = [path.read_text(encoding="utf-8") for path in CHECKER.glob("*.py")]
    assert sum(map(lines_of_code, sources)) <= 1_500
    assert max(len(line) for source in sources for line in source.splitlines()) <= 120


def test_a_quantity_that_is_defined_through_itself_is_refused() -> None:
    (step, *_) = catalogue.find("unit-loss-by-input-scalar").steps()
    claim = prepare(step.left, step.right, step.given)
    assert isinstance(claim, Claim)
    data = certified(claim)
    name, parameters, _ = data["claim"]["definitions"][0]
    assert not parameters
    data["nodes"].append(["entry", [name, []]])
    data["claim"]["definitions"][0][2] = len(data["nodes"]) - 1
    assert not report(data).accepted
    assert "is defined through itself" in report(data).reason


FALSE = [
    (D(sp.exp(2 * x), x), sp.exp(2 * x)),
    (D(sp.tanh(x), x), 1 + sp.tanh(x) ** 2),
    (D(x**3, x), 3 * x),
    (D(relu(x), x), sp.Integer(1)),
    (sp.sqrt(sp.Pow(x, 2, evaluate=False), evaluate=False), x),
    (sp.log(sp.Pow(x, 2, evaluate=False), evaluate=False), 2 * sp.log(x)),
]


@pytest.mark.parametrize(("left", "right"), FALSE, ids=[str(n) for n in range(len(FALSE))])
def test_false_claims_are_not_proved_by_saying_so(left: Any, right: Any) -> None:
    claim = lower(left, right)
    text = certificate(lower(x, x), Verdict(VerdictKind.PROVED, witness=Witness(values={"x": "1"})))
    assert text is not None
    good = json.loads(text)
    refuted = certified(claim)
    lie = {k: v for k, v in refuted.items() if k != "counterexample"} | {
        "verdict": "PROVED",
        "witness": {"sizes": {}, "indices": {}, "values": {"x": ["1"]}, "functions": {}},
        "exceptions": [],
    }
    symbol = next(n for n, node in enumerate(lie["nodes"]) if node == ["entry", ["x", []]])
    for tree in (None, [symbol, None, None, None]):
        for exceptions in ([], [symbol]):
            assert not report({**lie, "cells": [tree], "exceptions": exceptions}).accepted
    assert report(good).accepted
    assert report(refuted).accepted


n = sp.Symbol("n", integer=True, positive=True)
h, i, j, k = sp.symbols("h i j k", integer=True)
z, pair, f = sp.MatrixSymbol("z", n, 1), sp.MatrixSymbol("pair", 2, 1), sp.Function("f")


def nothing(e: Any) -> Any:
    """e - e, as written: 0 where e is defined."""
    return keep(e) - keep(keep(e))


def where_equal(e: Any, a: Any, b: Any) -> Any:
    return sp.Piecewise((e, sp.Eq(a, b)), (0, True)) + nothing(z[a, 0] * z[b, 0])


above = sp.Piecewise((pair[k, 0] ** 2 + 3, pair[i, 0] > pair[j, 0]), (0, True))
VACUOUS = {
    "no value where indices are equal": (
        x + delta(i, j) / (z[i, 0] - z[j, 0]),
        sp.Max(-1000, x) + delta(i, j) / (z[i, 0] - z[j, 0]),
    ),
    "a domain at i = j only": (nothing(sp.log(x)), where_equal(nothing(sp.log(x)), i, j)),
    "a domain at other indices": (where_equal(nothing(1 / f(x)), i, j), where_equal(nothing(1 / f(x)), h, k)),
    "cases that overlap": (Cases((0, x <= 0), (1, x >= 0)), sp.Heaviside(x, 0)),
    "a kink of no width": (D(above, pair[k, 0]), 5 * delta(i, j) + D(above, pair[k, 0])),
}


@pytest.mark.parametrize("name", VACUOUS)
def test_what_has_no_value_proves_nothing(name: str) -> None:
    claim = lower(*VACUOUS[name])
    search = Search(claim)
    search.run(3, time.monotonic() + 5, most=40)
    assert search.witness is not None
    writer = CoreWriter()
    data = {"format": FORMAT, "version": VERSION, "verdict": "PROVED", "claim": writer.claim(claim)}
    guards = list(dict.fromkeys(node.args[0] for side in (claim.left, claim.right) for node in splits(side)))
    numbers = [writer.term(guard) for guard in guards if not any("~" in index for index in guard.free)]
    data |= {"nodes": writer.nodes, "ranges": writer.ranges, "witness": _point(claim, search.witness)}
    data["exceptions"] = numbers
    instances = prod(d for d in claim.indices.values() if isinstance(d, int))
    for tree in (None, *([number, None, None, None] for number in numbers)):
        assert not report({**data, "cells": [tree] * instances}).accepted


def test_true_claims_are_not_refuted_by_saying_so() -> None:
    data = certified(lower(D(sp.exp(2 * x), x), 2 * sp.exp(2 * x)))
    for kind in ("value", "domain", "cases", "shape", 3):
        lie = {**data, "verdict": "REFUTED", "counterexample": {"kind": kind, "point": data["witness"]}}
        assert not report(lie).accepted


def test_a_witness_that_breaks_a_condition_is_rejected() -> None:
    p = sp.Symbol("p", positive=True)
    data = certified(lower(sp.log(p * p, evaluate=False), 2 * sp.log(p)))
    assert report(data).accepted
    data["witness"]["values"]["p"] = ["-1"]
    assert not report(data).accepted


def test_cells_and_exceptions_are_needed() -> None:
    step = sp.Piecewise((1, x > 0), (0, True))
    data = certified(lower(D(relu(x), x), step))
    assert report(data).accepted
    (tree,) = data["cells"]
    for cells in ([], [None], [tree, tree], [tree[:3]], [[*tree, None]], {"": tree}):
        assert not report({**data, "cells": cells}).accepted
    assert not report({**data, "exceptions": []}).accepted


def test_a_tampered_index_is_rejected() -> None:
    v = sp.MatrixSymbol("v", n, 1)
    total = sp.Sum(sp.exp(v[k, 0]), (k, 0, n - 1))
    data = certified(lower(D(total, v[j, 0]) * v[i, 0], sp.exp(v[j, 0]) * v[i, 0]))
    assert report(data).accepted
    nodes = data["nodes"]
    other = [["entry", ["v", ["i", 0]]], ["exp", [{"t": len(nodes)}]]]
    other.append(["mul", [{"t": len(nodes)}, {"t": len(nodes) + 1}]])
    assert not report({**data, "nodes": nodes + other, "claim": {**data["claim"], "right": len(nodes) + 2}}).accepted


def test_guards_that_are_0_where_indices_are_equal() -> None:
    larger = sp.Max(z[i, 0], z[j, 0], evaluate=False)
    half = (z[i, 0] + z[j, 0] + sp.Abs(z[i, 0] - z[j, 0])) / 2
    assert report(certified(lower(larger, half))).accepted
    assert report(certified(lower(larger, z[i, 0]))).accepted


def test_where_indices_are_equal_and_where_they_differ() -> None:
    product = z[i, 0] * z[j, 0]
    logarithm = lower(sp.log(1 + delta(i, j)) + product, sp.log(2) * delta(i, j) + product)
    data = certified(logarithm)
    assert report(data).accepted
    assert not report({**data, "cells": [None]}).accepted
    assert not report(
        {**data, "cells": [[*data["cells"][0][:2], data["nodes"].index(["number", [{"q": "2"}]]), None]]}
    ).accepted
    other = certified(lower(sp.log(1 + delta(i, j)) + product, delta(i, j) + product))
    assert other["verdict"] == "REFUTED"
    assert report(other).accepted
    lie = {**other, "verdict": "PROVED", "cells": data["cells"], "witness": data["witness"], "exceptions": []}
    assert not report(lie).accepted


def test_zeros_have_no_interior_only_where_terms_do_not_cancel() -> None:
    terms = Terms({"i": "n", "j": "n"}, 100_000)
    algebra = Domains(terms, ("i", "j"), dict.fromkeys(("a", "b", "z"), "real"))
    a, b = (terms.make("entry", name, ()) for name in "ab")
    first, second = (terms.make("entry", "z", (index,)) for index in "ij")
    minus = terms.number(-1)
    thin = [terms.add([a, minus]), terms.add([a, b]), terms.add([terms.mul(a, b), minus]), terms.add([first, a])]
    wide = [
        terms.zero,
        terms.add([first, terms.mul(minus, second)]),
        terms.add([terms.mul(a, terms.power(a, -1)), minus]),
    ]
    assert [algebra.thin(algebra.poly(node)) for node in thin + wide] == [True] * 4 + [False] * 3


def test_zeros_have_no_interior_whatever_bits_and_held_variables_are() -> None:
    """a + t varies with a for every bit t; t a is 0 for t = 0, a - t a for t = 1, h a - a for h = 1."""
    terms = Terms({"i": "n"}, 100_000)
    algebra = Domains(terms, ("i",), {"a": "real", "h": "real", "t": "bit"})
    algebra.held = frozenset({"h"})
    a, h, t = terms.make("entry", "a", ()), terms.make("entry", "h", ()), terms.make("entry", "t", ("i",))
    minus = terms.number(-1)
    thin = [terms.add([a, t]), terms.add([a, h]), terms.add([a, terms.mul(t, terms.power(a, 2))])]
    product = terms.mul(t, a)
    unshown = [
        product,
        terms.add([a, terms.mul(minus, product)]),
        terms.add([terms.mul(h, a), terms.mul(minus, a)]),
        terms.add([t, terms.mul(minus, h)]),
        terms.add([a, t, terms.mul(minus, product)]),
    ]
    assert [algebra.thin(algebra.poly(node)) for node in thin] == [True] * 3
    assert [algebra.thin(algebra.poly(node)) for node in unshown] == [False] * 5


@pytest.mark.parametrize("part", [sp.log(sp.Rational(1, 2), evaluate=False), -sp.Pow(keep(x) - x, 0, evaluate=False)])
def test_what_is_negative_is_not_positive_by_its_form(part: Any) -> None:
    root = sp.sqrt(sp.Add(x**2, part, evaluate=False), evaluate=False)
    writer, point = CoreWriter(), {"sizes": {}, "indices": {}, "values": {"x": ["5"]}, "functions": {}}
    claim = writer.claim(lower(nothing(root), nothing(x)))
    lie = {"format": FORMAT, "version": VERSION, "verdict": "PROVED", "claim": claim, "nodes": writer.nodes}
    assert not report({**lie, "ranges": {}, "cells": [None], "exceptions": [], "witness": point}).accepted


def test_a_domain_is_refuted_only_where_the_sides_can_be_compared() -> None:
    gap = Cases((1, x > 0), (0, x < -1))
    data = certified(lower(gap, Cases((1, x > 0), (0, x <= 0))))
    assert data["counterexample"]["kind"] == "domain"
    assert report(data).accepted
    point = {"sizes": {}, "indices": {}, "values": {"p": ["1"]}, "functions": {}}
    p = sp.Symbol("p", positive=True)
    writer = CoreWriter()
    claim = writer.claim(lower(sp.log(-p, evaluate=False), sp.log(p)))
    lie = {"format": FORMAT, "version": VERSION, "verdict": "REFUTED", "claim": claim, "nodes": writer.nodes}
    lie["ranges"] = writer.ranges
    for evidence in ({"point": point}, {"point": point, "witness": point}):
        assert not report({**lie, "counterexample": {"kind": "domain", **evidence}}).accepted


@pytest.mark.parametrize("point", ["0", "1/3", "-2", "7"])
def test_one_number_does_not_refute_what_is_true(point: str) -> None:
    left = (sp.exp(x) - sp.exp(-x)) / (sp.exp(x) + sp.exp(-x))
    writer = CoreWriter()
    claim = writer.claim(lower(D(left, x), 1 - left**2))
    evidence = {"sizes": {}, "indices": {}, "values": {"x": [point]}, "functions": {}}
    lie = {"format": FORMAT, "version": VERSION, "verdict": "REFUTED", "claim": claim, "nodes": writer.nodes}
    lie["ranges"] = writer.ranges
    for kind in ("value", "domain", "cases"):
        assert not report({**lie, "counterexample": {"kind": kind, "point": evidence, "witness": evidence}}).accepted


def _hostile() -> Iterator[tuple[str, bytes]]:
    data = certified(lower(x + y, y + x))
    text = json.dumps(data)

    def changed(**parts: Any) -> bytes:
        return json.dumps({**data, **parts}).encode()

    yield "empty", b""
    yield "not text", b"\xff\xfe"
    yield "a list", b"[]"
    yield "deep JSON", b"[" * 200_000
    yield "a name twice", text.replace('"version"', '"format": "x", "version"').encode()
    yield "a huge whole number", text.replace('"version": 3', '"version": ' + "9" * 100_000).encode()
    yield "a float", text.replace('"version": 3', '"version": 1.0').encode()
    yield "NaN", text.replace('"version": 3', '"version": NaN').encode()
    yield "a huge rational", changed(nodes=[["number", [{"q": "9" * 10_000}]]])
    yield "a denominator 0", changed(nodes=[["number", [{"q": "1/0"}]]])
    yield "a cycle", changed(nodes=[["exp", [{"t": 0}]]])
    yield "a node after it", changed(nodes=[["exp", [{"t": 1}]], ["entry", ["x", []]]])
    yield "a negative reference", changed(nodes=[["entry", ["x", []]], ["exp", [{"t": -1}]]])
    yield "true for a number", changed(nodes=[["entry", ["x", []]], ["exp", [{"t": True}]]])
    yield "a huge exponent", changed(nodes=[["entry", ["x", []]], ["power", [{"t": 0}, {"q": str(10**17)}]]])
    yield "a huge root", changed(nodes=[["entry", ["x", []]], ["power", [{"t": 0}, {"q": "1/" + "9" * 300_000}]]])
    exponent = [
        ["entry", ["x", []]],
        ["number", [{"q": "9" * 390}]],
        ["exp", [{"t": 1}]],
        ["power", [{"t": 2}, {"q": "1000"}]],
    ]
    yield "a huge exponential", changed(nodes=exponent, claim={**data["claim"], "left": 3, "right": 0})
    yield "two ranges of one index", text.replace('"ranges": {', '"ranges": {"k": 3, "k": "n"').encode()
    yield "an unknown operator", changed(nodes=[["eval", ["x"]]])
    yield "an operator that is a list", changed(nodes=[[["symbol"], ["x"]]])
    yield "deep nesting", changed(nodes=[["entry", ["x", []]], *(["exp", [{"t": k}]] for k in range(5000))])
    tower: list[Any] = [["number", [{"q": "10"}]], *(["power", [{"t": k}, {"q": "1000"}]] for k in range(8))]
    yield "a tower of powers", changed(nodes=tower, claim={**data["claim"], "left": 8, "right": 8})
    doubling = [["entry", ["x", []]], *(["mul", [{"t": k}, {"t": k}]] for k in range(60))]
    yield "a doubling product", changed(nodes=doubling, claim={**data["claim"], "left": 60, "right": 59})
    grid: list[Any] = [
        ["entry", ["x", []]],
        ["entry", ["y", []]],
        ["add", [{"t": 0}, {"t": 1}]],
        ["power", [{"t": 2}, {"q": "900"}]],
    ]
    yield "a long expansion", changed(nodes=grid, claim={**data["claim"], "left": 3, "right": 2})
    yield "defined through itself", changed(claim={**data["claim"], "definitions": [["x", [], data["claim"]["left"]]]})
    yield "deep cells", changed(cells=[json.loads("[0, null, null, " * 500 + "null" + "]" * 500)])
    yield "cells of a wrong type", changed(cells=[7])
    yield "an unknown index", changed(nodes=[["number", [{"q": "1"}]], ["sum", ["k", {"t": 0}]]])
    yield "a free index that is bound", changed(nodes=[["sum", ["k", {"t": 0}]]], ranges={"k": 2})


def test_names_that_read_like_several_do_not_make_entries_equal() -> None:
    """x[a, "b','c", r] = 0 for all r says nothing of x["a','b", c, k], though both are written x['a','b','c', .]."""
    free = ["a", "b','c", "a','b", "c", "k"]

    def entry(*indices: str) -> list[Any]:
        return ["entry", ["x", list(indices)]]

    def proved(*indices: str) -> Report:
        numbers = {"sizes": {"n": 1}, "indices": dict.fromkeys(free, 0), "values": {"x": ["0"]}, "functions": {}}
        claim = {
            "left": 1,
            "right": 2,
            "free": free,
            "sizes": {"n": 1},
            "variables": {"x": [["n", "n", "n"], "real"]},
            "definitions": [],
            "conditions": [["=", 0, ["r"]]],
        }
        nodes = [entry("a", "b','c", "r"), entry(*indices), ["number", [{"q": "0"}]]]
        evidence = {"verdict": "PROVED", "cells": [None], "exceptions": [], "witness": numbers}
        ranges = dict.fromkeys([*free, "r"], "n")
        data = {"format": FORMAT, "version": VERSION, "ranges": ranges, "nodes": nodes, "claim": claim}
        return report(data | evidence)

    assert proved("a", "b','c", "k").accepted
    assert proved("a','b", "c", "k").reason == "the two sides differ"


@pytest.mark.parametrize(("what", "text"), list(_hostile()), ids=lambda value: value if isinstance(value, str) else "")
def test_hostile_certificates_are_refused(what: str, text: bytes) -> None:
    started = time.monotonic()
    answer = check(text)
    assert time.monotonic() - started < 20
    assert not answer.accepted, what
    assert "the checker failed" not in answer.reason, answer.reason
