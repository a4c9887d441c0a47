"""How the time grows with the size, beside the proof for every size."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from derivations.catalogue import find
from symbolic import Derivation, Judge, Step, VerdictKind

from .explicit import explicit_claims, unfolded
from .peers import PEERS, ask

EVERY = "every n"


@dataclass(frozen=True)
class Family:
    """A derivation whose closed form is claimed equal to its start, size after size.

    ``indices`` picks one entry; without it, every entry is asked for.
    """

    title: str
    name: str
    sizes: Sequence[int]
    indices: Sequence[str] | None = None

    def step(self) -> Step:
        derivation = find(self.name)
        assert isinstance(derivation, Derivation)
        return Step("head", derivation.start, derivation.closed_form, self.title, derivation.given)


FAMILIES = (
    Family("softmax Jacobian, all n x n entries", "softmax-jacobian", (2, 4, 8, 16, 32)),
    Family("dE/dW1[0, 0] of a network with layers n, n, n", "two-layer-dE-dW1", (2, 3, 4, 8, 16), ("r", "c")),
)


def growth(limit: float, largest: int) -> Iterator[Table]:
    """One table for each family: seconds at each size, and for every size at once."""
    for family in FAMILIES:
        step = family.step()
        table = Table(title=family.title)
        for heading in ("n", "claims", "this project", *PEERS):
            table.add_column(heading, justify="right")
        late: set[str] = set()
        for size in [size for size in family.sizes if size <= largest]:
            table.add_row(*_row(step, size, _first_entry(family, step), limit, late))
        seconds, verdict = _ours([(step.left, step.right, step.given)])
        table.add_row(EVERY, "1", _text(seconds, verdict), *("cannot be asked" for _ in PEERS))
        yield table


def _first_entry(family: Family, step: Step) -> Mapping[Any, int] | None:
    if family.indices is None:
        return None
    return {
        symbol: 0 for symbol in step.left.atoms(type(step.left.args[1].indices[0])) if symbol.name in family.indices
    }


def _row(step: Step, size: int, indices: Mapping[Any, int] | None, limit: float, late: set[str]) -> Iterator[str]:
    """A peer that was late once is not asked at a larger size."""
    claims = explicit_claims(step, size, indices)
    yield str(size)
    yield str(len(claims))
    yield _text(*_ours([(claim.left, claim.right, claim.given) for claim in claims]))
    pairs = list(map(unfolded, claims)) if len(late) < len(PEERS) else []
    for peer in PEERS:
        if peer in late:
            yield "-"
            continue
        answer = ask(peer, pairs, limit)
        if answer.note == "time":
            late.add(peer)
            yield f"> {limit:g}"
        else:
            yield _text(answer.seconds, answer.equal is True)


def _ours(claims: Sequence[tuple[Any, Any, Any]]) -> tuple[float, bool]:
    with Judge(jobs=1) as judge:
        judge.decide(claims[0][0], claims[0][0], claims[0][2])  # starts the worker
        started = time.perf_counter()
        kinds = {verdict.kind for _, verdict in judge.decide_all(claims)}
        return time.perf_counter() - started, kinds == {VerdictKind.PROVED}


def _text(seconds: float, right: bool) -> str:
    return f"{seconds:.3f}" if right else f"{seconds:.3f}, not decided"
