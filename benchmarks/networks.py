"""Networks of practical size, and deep ones: the time of a decision and the largest memory of its worker process.

Each claim is that the slope of the loss by the first weights is what back-propagation says.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sympy as sp
from rich.table import Table

from symbolic import Define, Judge, Verdict, sums_to_one
from symbolic.notation import (
    D,
    Gradient,
    elementwise,
    hadamard,
    matrix,
    ones,
    prime,
    scalar,
    sigmoid,
    size,
    softmax,
    vector,
)

__all__ = ["NETWORKS", "Network", "chain", "decided", "networks", "one_entry", "whole_gradient"]

EXPLICIT = ((8, 16, 10), (16, 32, 10))
DEPTHS = (2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Network:
    """A claim and how it is called."""

    title: str
    left: Any
    right: Any
    given: tuple[Any, ...] = ()


def one_entry(inputs: int, hidden: int, outputs: int) -> Network:
    """dE/dW1[0, 0] of sigmoid, softmax and cross-entropy, every weight a scalar and every sum written out."""
    x = [scalar(f"x{j}") for j in range(inputs)]
    t = [scalar(f"t{k}") for k in range(outputs)]
    first = [[scalar(f"W1_{i}_{j}") for j in range(inputs)] for i in range(hidden)]
    second = [[scalar(f"W2_{k}_{i}") for i in range(hidden)] for k in range(outputs)]
    a = [sigmoid(sp.Add(*map(sp.Mul, row, x))) for row in first]
    z = [sp.Add(*map(sp.Mul, row, a)) for row in second]
    whole = sp.Add(*map(sp.exp, z))
    y = [sp.exp(u) / whole for u in z]
    loss = -sp.Add(*(target * sp.log(p) for target, p in zip(t, y, strict=True)))
    back = sp.Add(*((p - target) * row[0] for p, target, row in zip(y, t, second, strict=True)))
    title = f"{inputs}-{hidden}-{outputs}, one entry, scalars"
    return Network(title, D(loss, first[0][0]), back * a[0] * (1 - a[0]) * x[0], (sp.Eq(sp.Add(*t), 1),))


def whole_gradient(inputs: int, hidden: int, outputs: int) -> Network:
    """All of dE/dW1 of the same network, its tensors of explicit sizes."""
    x, t, z, a = vector("x", inputs), vector("t", outputs), vector("z", outputs), vector("a", hidden)
    first, second = matrix("W1", hidden, inputs), matrix("W2", outputs, hidden)
    y, k = vector("y", outputs), sp.Symbol("k", integer=True)
    given = (
        Define(a, elementwise(sigmoid, first * x)),
        Define(z, second * a),
        Define(y[k, 0], softmax(z, k)),
        sums_to_one(t),
    )
    loss = -(t.T * elementwise(sp.log, y))
    back = hadamard(second.T * (y - t), a, ones(hidden) - a) * x.T
    return Network(f"{inputs}-{hidden}-{outputs}, all of dE/dW1, tensors", Gradient(loss, first), back, given)


def chain(depth: int) -> Network:
    """dE/dW1 of so many layers, each with its own activation and size, for every size."""
    sizes = [size(f"n{layer}") for layer in range(depth + 1)]
    weights = [matrix(f"W{layer}", sizes[layer], sizes[layer - 1]) for layer in range(1, depth + 1)]
    x, t = vector("x", sizes[0]), vector("t", sizes[-1])
    given: list[Any] = []
    before, slopes = x, []
    for layer, weight in enumerate(weights, 1):
        s, a, f = vector(f"s{layer}", sizes[layer]), vector(f"a{layer}", sizes[layer]), sp.Function(f"f{layer}")
        given += [Define(s, weight * before), Define(a, elementwise(f, s))]
        slopes.append(elementwise(partial(prime, f), s))
        before = a
    back = hadamard(before - t, slopes[-1])
    for weight, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        back = hadamard(weight.T * back, slope)
    loss = ((before - t).T * (before - t)) / 2
    return Network(f"{depth} layers, every size", Gradient(loss, weights[0]), back * x.T, tuple(given))


NETWORKS = (
    *(make(*sizes) for sizes in EXPLICIT for make in (one_entry, whole_gradient)),
    *(chain(depth) for depth in DEPTHS),
)


def networks(limit: float, asked: Sequence[Network] = NETWORKS) -> Iterator[Table]:
    """One table: the verdict, its time and the memory of its worker for each network."""
    table = Table(title=f"slopes of networks by their first weights, {limit:g} s and 2048 MB each")
    for heading in ("network", "verdict", "seconds", "largest memory, MB"):
        table.add_column(heading, justify="left" if heading == "network" else "right")
    for network in asked:
        verdict, seconds, memory = decided(network, limit)
        table.add_row(network.title, verdict.name.lower(), f"{seconds:.3f}", "?" if memory is None else f"{memory:.0f}")
    yield table


def decided(network: Network, limit: float) -> tuple[Verdict, float, float | None]:
    """The verdict in a worker of its own, from the expression on; the seconds; megabytes, where the system says."""
    with Judge(jobs=1, timeout=limit) as judge:
        judge.decide(sp.S.One, sp.S.One)  # starts the worker
        workers = judge.processes
        started = time.perf_counter()
        verdict = judge.decide(network.left, network.right, network.given)
        seconds = time.perf_counter() - started
        return verdict, seconds, _largest_memory(workers[0]) if judge.processes == workers else None


def _largest_memory(process: int) -> float | None:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return kilobytes[0] / 1024 if kilobytes else None
