"""Calculations with exact numbers: whether decimals that are printed are the values that they claim to be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, product
from math import prod
from typing import Any

from flint import arb, ctx, fmpq

from . import terms as t
from .balls import Evaluation, Point
from .certificates import FORMAT, VERSION
from .core_language import CoreWriter
from .differentiation import names_in
from .errors import OutOfReach
from .jets import NotDefined, Unclear
from .terms import Claim, Tensor
from .verdict import Counterexample, Verdict, VerdictKind, Witness, undecided

__all__ = ["Decimals", "Rows", "decide_calculation"]

Rows = tuple[tuple[Fraction, ...], ...]
#: Decimals as they are printed, row by row.
Decimals = tuple[tuple[str, ...], ...]

_PRECISION = 256
_PRINTED, _WITHIN = "printed~", "within~"


def decide_calculation(claim: Claim, values: Mapping[str, Rows], decimals: Decimals, bounds: Rows) -> Verdict:
    """Holds the left side of the claim, at exact numbers, against printed decimals.

    Equation: ``|left[row, column] - printed| <= bound`` for every entry, by ball arithmetic: PROVED, or REFUTED with
    the first entry that is farther away.  ``claim`` has the indices ``row`` and ``column``, or those of the two that it
    needs; ``values`` holds the numbers, row by row, of all that has no definition.  Undecided where an entry has no
    value, where something has no number, and where the precision does not tell.
    """
    ctx.prec = _PRECISION
    evaluation = Evaluation(_point(claim, values), claim.definitions)
    try:
        for row, column in product(range(len(decimals)), range(len(decimals[0]))):
            value = evaluation.value(claim.left, {"row": row, "column": column})
            verdict = _entry(value, decimals[row][column], (row, column), bounds[row][column])
            if verdict is not None:
                return _certified(verdict, claim, values, decimals, bounds)
    except (NotDefined, Unclear) as reason:
        return undecided(str(reason) or type(reason).__name__)
    except KeyError as missing:
        return undecided(f"{missing.args[0]} has no number; give it in the context")
    proved = Verdict(VerdictKind.PROVED, witness=Witness(values={name: _text(rows) for name, rows in values.items()}))
    return _certified(proved, claim, values, decimals, bounds)


def _point(claim: Claim, values: Mapping[str, Rows]) -> Point:
    scalars = {name: rows[0][0] for name, rows in values.items() if name in claim.symbols}
    tensors = {
        name: dict(zip(_places(len(claim.tensors[name].dimensions), rows), chain(*rows), strict=True))
        for name, rows in values.items()
        if name in claim.tensors
    }
    return Point(scalars=scalars, tensors=tensors)


def _places(indices: int, rows: Rows) -> list[tuple[int, ...]]:
    """The indices of the entries, row by row; a row, column or number may have fewer than two."""
    shape = (len(rows), len(rows[0]))
    return list(product(*map(range, shape if indices == 2 else (prod(shape),) * indices)))


def _entry(value: arb, text: str, where: tuple[int, int], bound: Fraction) -> Verdict | None:
    """None if the value is near enough to what is printed."""
    gap, most = abs(value - _ball(Fraction(text))), _ball(bound)
    if gap <= most:
        return None
    if not gap > most:
        return undecided("the value is too near to the edge of what the printed digits claim")
    row, column = where
    found = Counterexample(
        indices={"row": row, "column": column}, left=value.str(12, radius=False), right=f"{text} (printed)"
    )
    return Verdict(VerdictKind.REFUTED, counterexample=found)


def _ball(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


def _text(rows: Rows) -> str:
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in rows) + "]"


# ---- certificates


def _certified(verdict: Verdict, claim: Claim, values: Mapping[str, Rows], decimals: Decimals, bounds: Rows) -> Verdict:
    """The verdict with its certificate, if there is one: numbers, expression, and how far apart they may be."""
    used = _used(claim)
    numbers = {name: [*chain(*rows)] for name, rows in values.items() if name in used - claim.definitions.keys()}
    numbers |= {_PRINTED: [Fraction(text) for text in chain(*decimals)], _WITHIN: [*chain(*bounds)]}
    try:
        if [d for d in claim.indices.values() if d != 1] != [d for d in (len(decimals), len(decimals[0])) if d != 1]:
            raise OutOfReach("an entry that does not depend on its row or column")
        data = _data(verdict, _stated(claim, used), numbers)
    except OutOfReach:
        return verdict
    return replace(verdict, certificate=json.dumps(data, separators=(",", ":"), ensure_ascii=True))


def _stated(claim: Claim, used: set[str]) -> Claim:
    """The claim against what is printed, with what it is computed from."""
    entries = Tensor(tuple(claim.indices.values()))
    return replace(
        claim,
        right=t.entry(_PRINTED, claim.indices),
        symbols={name: domain for name, domain in claim.symbols.items() if name in used},
        tensors={n: x for n, x in claim.tensors.items() if n in used} | {_PRINTED: entries, _WITHIN: entries},
        definitions={name: definition for name, definition in claim.definitions.items() if name in used},
    )


def _data(verdict: Verdict, claim: Claim, numbers: Mapping[str, Sequence[Fraction]]) -> dict[str, Any]:
    writer = CoreWriter()
    data: dict[str, Any] = {"format": FORMAT, "version": VERSION, "verdict": verdict.name}
    data["claim"] = writer.claim(claim) | {
        "within": writer.term(t.entry(_WITHIN, claim.indices)),
        "values": {name: list(map(str, entries)) for name, entries in numbers.items()},
    }
    if verdict.counterexample is not None:
        data["counterexample"] = {index: verdict.counterexample.indices[index] for index in claim.indices}
    return data | {"nodes": writer.nodes, "ranges": writer.ranges}


def _used(claim: Claim) -> set[str]:
    """The names that the left side is computed from."""
    found, pending = set[str](), [*names_in(claim.left)]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            definition = claim.definitions.get(name)
            pending += names_in(definition.body) if definition is not None else ()
    return found
