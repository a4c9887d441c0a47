"""Certificates changed in every part: what is accepted is still true, by an evaluation that shares nothing with it."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from derivations import catalogue
from symbolic.certificates import certificate
from symbolic.checker import check
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.terms import Claim

from .certificate_values import is_true, references

Data = dict[str, Any]


def certificates(start: int, step: int) -> list[str]:
    """Certificates of every `step`-th claim of the catalogue."""
    claims = [
        claim
        for entry in catalogue.ENTRIES[start::step]
        if getattr(entry, "decide_step", None) is None
        for s in entry.steps()
        if isinstance(claim := prepare(s.left, s.right, s.given), Claim)
    ]
    return [text for text in (certificate(claim, decide_claim(claim)) for claim in claims) if text is not None]


def indices(data: Data) -> list[str]:
    return list(data["ranges"])


def change_a_node(data: Data, rng: random.Random) -> None:
    """The goal, or what it stands for: a number, exponent, sign, index, case, function or term."""
    node = rng.choice(data["nodes"])
    op, args = node
    if op == "number":
        args[0] = {"q": rng.choice(["2", "-1", "1/3", "0", "1"])}
    elif op == "power":
        args[1] = {"q": str(Fraction(args[1]["q"]) + rng.choice([-1, 1, 2]))}
    elif op in ("add", "mul") and len(args) > 1:
        what = rng.randrange(3)
        if what == 0:
            node[0] = "add" if op == "mul" else "mul"
        elif what == 1:
            args.append(rng.choice(args))
        else:
            args.pop(rng.randrange(len(args)))
    elif op in ("exp", "log"):
        node[0] = "log" if op == "exp" else "exp"
    elif op in ("entry", "same"):
        places = args[1] if op == "entry" else args
        if indices(data) and places:
            places[rng.randrange(len(places))] = rng.choice(indices(data))
    elif op == "split":
        args[-1], args[-2] = args[-2], args[-1]
    elif op == "applied":
        args[1] += 1
    elif op == "table":
        args.pop(rng.randrange(len(args)))


def change_a_reference(data: Data, rng: random.Random) -> None:
    """One node in place of another."""
    position = rng.randrange(len(data["nodes"]))
    found = references(data["nodes"][position][1])
    text = json.dumps(data["nodes"][position])
    if found and position:
        old, new = rng.choice(found), rng.randrange(position)
        data["nodes"][position] = json.loads(text.replace(f'{{"t": {old}}}', f'{{"t": {new}}}', 1))


def change_the_goal(data: Data, rng: random.Random) -> None:
    data["claim"][rng.choice(["left", "right"])] = rng.randrange(len(data["nodes"]))


def change_what_is_given(data: Data, rng: random.Random) -> None:
    claim = data["claim"]
    if claim["conditions"] and rng.random() < 0.7:
        relation = rng.choice(claim["conditions"])
        claim["conditions"].remove(relation)
    else:
        for variable in claim["variables"].values():
            variable[1] = rng.choice(["real", "positive", "nonnegative", "negative", "bit"])


def change_the_cells(data: Data, rng: random.Random) -> None:
    """Guards, signs and exceptional sets; they are evidence for the same goal."""
    numbers = [rng.randrange(len(data["nodes"])) for _ in range(2)]
    if "cells" in data:
        tree = rng.choice([None, [numbers[0], None, None, None]])
        data["cells"] = [tree for _ in data["cells"]]
        data["exceptions"] = rng.choice([[], numbers, [*data["exceptions"], *numbers]])


def change_the_point(data: Data, rng: random.Random) -> None:
    point = data["witness"] if "witness" in data else data["counterexample"]["point"]
    values = [v for v in point["values"].values() if v]
    if values:
        row = rng.choice(values)
        row[rng.randrange(len(row))] = rng.choice(["0", "1", "-1", "5/2"])


CHANGES: list[Callable[[Data, random.Random], None]] = [
    change_a_node,
    change_a_reference,
    change_the_goal,
    change_what_is_given,
    change_the_cells,
    change_the_point,
]


def attack(texts: list[str], rng: random.Random, each: int) -> int:
    """Tries `each` of all changes on all certificates, alone and with a change of the goal; how many are accepted."""
    accepted = 0
    for text in texts:
        for change in CHANGES * each:
            data = json.loads(text)
            change(data, rng)
            if rng.random() < 0.3:
                change_a_node(data, rng)
            report = check(json.dumps(data).encode())
            assert "the checker failed" not in report.reason, report.reason
            if report.accepted:
                accepted += 1
                assert is_true(data), json.dumps(data)
    return accepted


@pytest.mark.parametrize("seed", range(2))
def test_what_is_accepted_after_tampering_is_still_true(seed: int) -> None:
    assert attack(certificates(seed, 60), random.Random(seed), 1) > 0


@pytest.mark.slow
@pytest.mark.skipif("EXHAUSTIVE" not in os.environ, reason="ten minutes and more: set EXHAUSTIVE=1 to run it")
@pytest.mark.parametrize("start", range(10))
def test_what_is_accepted_after_tampering_is_still_true_throughout(start: int) -> None:
    attack(certificates(start, 10), random.Random(start), 5)


def test_the_evidence_of_one_claim_proves_no_false_one() -> None:
    """Claims made false by another right side, with the evidence of all kinds put to them."""
    rng = random.Random(5)
    texts = certificates(3, 24)
    evidence = [json.loads(text) for text in texts]
    for text in texts:
        data = json.loads(text)
        data["verdict"] = "PROVED"
        two = len(data["nodes"])
        data["nodes"] += [["number", [{"q": "2"}]], ["add", [{"t": data["claim"]["right"]}, {"t": two}]]]
        data["claim"]["right"] = two + 1
        point = data.pop("counterexample", {}).get("point") or data["witness"]
        for other in rng.sample(evidence, 3):
            lie = copy.deepcopy(data) | {"witness": point, "cells": other.get("cells", [None])}
            lie["exceptions"] = [k for k in other.get("exceptions", []) if k < two] + [rng.randrange(two)]
            report = check(json.dumps(lie).encode())
            assert not report.accepted or is_true(lie), json.dumps(lie)
