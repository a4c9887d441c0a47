"""How fast the formulas are: ``python -m benchmarks.formulas [--quick] [--only NAME]... [--json]``.

Beside what people write by hand (`benchmarks.handwritten`), SymPy's `lambdify`, SciPy, PyTorch and JAX, at several
batch sizes, float64 (matrices also float32), ten classes, one thread on one core.  All take turns within a cell and the
least time counts; the inputs change from call to call, so that no processor learns them by heart.  A number is our time
divided by theirs: below 1 the formula is faster.  `copy` is `np.copyto` of the arguments, what memory itself takes.

The two that the bar compares, ours (A) and the best by hand (B), are timed once more side by side and equally many
calls, in the order ABBABAAB after one B that is not timed, or the same with A and B exchanged: each comes once after
itself and three times after the other, so that what one leaves in the cache favours neither.  The least of four of each
is taken, of the time that the thread has computed, so that it does not count who else was given the processor.  The
middle of the ratios of all such turns counts (`/ best`), and a bar is met if the middle of what they say is within it.
Memory that is given back stays with the process (`MEMORY`): what a temporary costs would else depend on what ran
before, by a factor of two from run to run, as the system takes pages back and charges for new ones.  Kept, all have the
same pages at hand, which is best for those that make many temporaries.

The bars: against the best form by hand at most 1.05 times plus 1 microsecond from batch 100 on; for softmax, its
products and the gradients of cross-entropy at most 0.6 times from batch 10,000 on.  `compiled / best` is what the
extra `compiled` takes, where Numba is installed: for softmax and cross-entropy with all that belongs to them at most
0.4 times from batch 100 on.  Exit 1 if one is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks import handwritten
from benchmarks.formula_peers import jax_calls, lambdified, scipy_function, torch_calls
from benchmarks.handwritten_matrices import BEST_OF_MATRICES, NAIVE_OF_MATRICES
from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas import compiled

BEST, NAIVE = handwritten.BEST | BEST_OF_MATRICES, handwritten.NAIVE | NAIVE_OF_MATRICES
CLASSES = 10
BATCHES, QUICK = (1, 100, 10_000, 1_000_000), (1, 100, 10_000)
OURS, BY_HAND = "ours", "best"
ORDER = (0, 1, 1, 0, 1, 0, 0, 1)  # of the two that are compared, which who is first begins
PEERS = ("best", "naive", "lambdify", "scipy", "torch", "jax", "copy")
ACROSS = {"softmax", "softmax_jvp", "log_softmax_jvp", "log_softmax_vjp"}
ACROSS |= {"cross_entropy_gradient", "cross_entropy_label_gradient"}
COMPILED = ACROSS | {"log_softmax", "logsumexp", "cross_entropy", "cross_entropy_label"}
WIDTHS = {"n": 784, "u": 128, "n0": 784, "n1": 128, "n2": CLASSES, "d": 64, "e": 64}  # of layers and of attention
SEQUENCE = 100  # queries and keys that attend to each other; a batch of more is a stack
FLOAT32_BATCH = 100
TIMES, SPARE, ACROSS_TIMES, COMPILED_TIMES = 1.05, 1e-6, 0.6, 0.4
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
ONE_THREAD["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
MEMORY = {"GLIBC_TUNABLES": f"glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold={1 << 40}"}  # read by GNU's libc only
ENTRIES = 2_000_000  # of all inputs that take turns
SAMPLE = 1e-3  # seconds: what one measurement takes at least

WIDTH = 148

Call = Callable[[], Any]


@dataclass(eq=False)
class Cell:
    """One formula at one batch size: seconds for a call of each contestant, and for ours and the best in pairs."""

    name: str
    batch: int
    seconds: dict[str, float] = field(default_factory=dict)
    pairs: list[tuple[float, float]] = field(default_factory=list)
    dtype: str = "float64"

    @property
    def title(self) -> str:
        return self.name if self.dtype == "float64" else f"{self.name}, {self.dtype}"

    def ratio(self, peer: str, who: str = OURS) -> float | None:
        if self.pairs and (who, peer) == (OURS, BY_HAND):
            return float(np.median([ours / best for ours, best in self.pairs]))
        return self.seconds[who] / self.seconds[peer] if {peer, who} <= self.seconds.keys() else None

    def allowed(self, best: float) -> float:
        """The seconds that are allowed where the best by hand takes so many."""
        across = self.name in ACROSS and self.batch >= 10_000
        return ACROSS_TIMES * best if across else TIMES * best + SPARE

    @property
    def met(self) -> bool | None:
        """Whether the bar is met, if there is one."""
        if self.batch < 100 or BY_HAND not in self.seconds:
            return None
        pairs = self.pairs or [(self.seconds[OURS], self.seconds[BY_HAND])]
        return bool(np.median([ours / self.allowed(best) for ours, best in pairs]) <= 1)

    @property
    def compiled_met(self) -> bool | None:
        """Whether the compiled function is within its bar, if it has one."""
        ratio = self.ratio("best", "compiled")
        return None if ratio is None or self.name not in COMPILED or self.batch < 100 else ratio <= COMPILED_TIMES


def arguments(formula: Formula, batch: int, seed: int) -> tuple[Any, ...]:
    """Inputs of a usual size; weights of entries are shared by all vectors."""
    chance = np.random.default_rng(seed)
    if formula.is_over_matrices:
        return _of_matrices(formula, batch, chance)
    found: list[Any] = []
    for argument in formula.arguments:
        if argument.axes == ("label",):
            found.append(chance.integers(0, CLASSES, size=batch))
            continue
        shape = (batch, CLASSES) if argument.axes else (batch,)
        x = chance.normal(size=CLASSES if argument.name in ("w", "b") else shape) * 3
        if argument.name == "variance":
            x = np.abs(x) + 0.1
        elif argument.name == "s":
            x = np.sign(x)
        elif argument.name == "t" and ("between" in argument.meaning or argument.axes):
            x = chance.random(shape)
            x = x / x.sum(axis=-1, keepdims=True) if argument.axes else x
        found.append(x)
    return tuple(found)


def _of_matrices(formula: Formula, batch: int, chance: Any) -> tuple[Any, ...]:
    sequence = min(batch, SEQUENCE)
    sizes = WIDTHS | {"l": sequence, "s": sequence, "m": batch}
    stack: tuple[int, ...] = (batch // sequence,) if "attention" in formula.name and batch > sequence else ()
    if formula.family == "jacobians":
        sizes, stack = {"n": CLASSES}, (batch,)
    shapes = {a.name: (*stack, *(sizes[axis] for axis in a.axes)) for a in formula.arguments}
    made = {name: chance.normal(size=shape) * 0.1 for name, shape in shapes.items()}
    if "t" in made:
        made["t"] = np.eye(CLASSES)[chance.integers(0, CLASSES, size=batch)]
    return tuple(made.values())


def contestants(formula: Formula, inputs: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, list[Call]]]:
    """The calls of each, one for every input."""
    functions = {"ours": getattr(formulas, formula.name), "best": BEST[formula.name], "naive": NAIVE[formula.name]}
    if not formula.is_over_matrices:
        functions |= {"scipy": scipy_function(formula), "lambdify": lambdified(formula)}
        functions |= {"compiled": getattr(compiled, formula.name) if importlib.util.find_spec("numba") else None}
    for who, function in functions.items():
        if function is not None:
            yield who, [partial(function, *given) for given in inputs]
    if not formula.is_over_matrices:
        for who, made in (("torch", torch_calls), ("jax", jax_calls)):
            if calls := made(formula, inputs):
                yield who, calls
    yield "copy", [partial(_copy, given, [np.empty_like(x) for x in given]) for given in inputs[:4]]


def _copy(given: Sequence[Any], spare: Sequence[Any]) -> None:
    for x, y in zip(given, spare, strict=True):
        np.copyto(y, x)


def measure(formula: Formula, batch: int, budget: float, dtype: str = "float64") -> Cell:
    """The least time of a call for each, taking turns until the budget is spent, at least two rounds."""
    size = sum(np.size(x) for x in arguments(formula, batch, 0))
    count = int(np.clip(ENTRIES // size, 1, 16))
    inputs = [arguments(formula, batch, seed) for seed in range(count)]
    if dtype != "float64":
        inputs = [tuple(x.astype(dtype) for x in given) for given in inputs]
    cell, calls, repeats = Cell(formula.name, batch, dtype=dtype), {}, {}
    for who, made in contestants(formula, inputs):
        once = cell.seconds[who] = min(_timed(made, 1) for _ in range(2))
        calls[who], repeats[who] = made, max(1, round(SAMPLE / max(once * len(made), 1e-9)))
    repeats[OURS] = repeats[BY_HAND] = max(repeats[OURS], repeats[BY_HAND])
    started, rounds, chance = time.perf_counter(), 0, random.Random(0)
    while rounds < 2 or (time.perf_counter() - started < budget and rounds < 200):
        rounds += 1
        for who in chance.sample(list(calls), len(calls)):  # who comes after whom decides what is in the cache
            cell.seconds[who] = min(cell.seconds[who], _timed(calls[who], repeats[who]))
        for both in ((OURS, BY_HAND), (BY_HAND, OURS)):
            cell.pairs.append(_compared(both, calls, repeats[OURS]))
    return cell


def _compared(both: tuple[str, str], calls: Mapping[str, Sequence[Call]], repeats: int) -> tuple[float, float]:
    """The least time of ours and of the best by hand, in a turn that these two have for themselves."""
    _timed(calls[both[1]], repeats)
    found = [(both[k], _timed(calls[both[k]], repeats, time.thread_time)) for k in ORDER]
    ours, best = (min(seconds for who, seconds in found if who == name) for name in (OURS, BY_HAND))
    return ours, best


def _timed(calls: Sequence[Call], repeats: int, clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    for _ in range(repeats):
        for call in calls:
            call()
    return (clock() - started) / (repeats * len(calls))


def chosen(names: Sequence[str]) -> list[Formula]:
    """The formulas of these names, or all that are in the listing by hand."""
    known = {formula.name: formula for formula in FORMULAS if formula.name in BEST}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"no formula {', '.join(unknown)} in the listing; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(known.values())


def cells_of(formula: Formula, quick: bool) -> list[tuple[int, str]]:
    """The batch sizes, with their dtypes; the inputs of a network of a million samples do not fit."""
    found = QUICK if quick else BATCHES
    if formula.is_over_matrices:
        return [*((batch, "float64") for batch in found[:3]), (FLOAT32_BATCH, "float32")]
    return [(batch, "float64") for batch in found]


_MARKS = {None: Text(""), True: Text("met", "green"), False: Text("missed", "bold red")}


def table_of(cells: Sequence[Cell]) -> Table:
    """Our time, and that divided by the others'."""
    table = Table(box=None, header_style="bold", pad_edge=False, width=WIDTH)
    for title in ("formula", "batch", "time", *(f"/ {peer}" for peer in PEERS), "bar", "compiled / best"):
        table.add_column(title, justify="left" if title == "formula" else "right", no_wrap=True)
    last = ""
    for cell in cells:
        row = [
            Text(cell.title if cell.title != last else ""),
            Text(f"{cell.batch:,}"),
            Text(_time(cell.seconds["ours"])),
        ]
        row += [_coloured(cell.ratio(peer)) for peer in PEERS]
        row += [
            _MARKS[cell.met],
            Text.assemble(_coloured(cell.ratio("best", "compiled")), " ", _MARKS[cell.compiled_met]),
        ]
        table.add_row(*row)
        last = cell.title
    return table


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _coloured(ratio: float | None) -> Text:
    if ratio is None:
        return Text("-", "dim")
    return Text(f"{ratio:.2f}", "green" if ratio <= 0.95 else "yellow" if ratio <= TIMES else "red")


def summary(cells: Sequence[Cell]) -> str:
    """How many bars were met, which were missed, and the middle ratios."""
    lines = [_of_bars("bars", "ours", {cell: cell.met for cell in cells})]
    if any(cell.compiled_met is not None for cell in cells):
        lines.append(_of_bars("compiled bars", "compiled", {cell: cell.compiled_met for cell in cells}))
    late = [cell for cell in cells if cell.batch >= 100]
    pairs = [(peer, peer, "ours") for peer in PEERS] + [("compiled / best", "best", "compiled")]
    middle = [
        f"{title} {np.median(ratios):.2f}"
        for title, peer, who in pairs
        if (ratios := [ratio for cell in late if (ratio := cell.ratio(peer, who)) is not None])
    ]
    return "\n".join([*lines, f"our time divided by theirs, the middle from batch 100 on: {', '.join(middle)}"])


def _row(cell: Cell) -> dict[str, Any]:
    verdicts = {"ratio": cell.ratio(BY_HAND), "met": cell.met, "compiled_met": cell.compiled_met}
    return {name: value for name, value in asdict(cell).items() if name != "pairs"} | verdicts


def _of_bars(title: str, who: str, verdicts: Mapping[Cell, bool | None]) -> str:
    asked = [cell for cell, met in verdicts.items() if met is not None]
    missed = [cell for cell in asked if not verdicts[cell]]
    named = ", ".join(f"{cell.title} at {cell.batch:,} ({cell.ratio('best', who):.2f})" for cell in missed)
    return f"{len(asked) - len(missed)} of {len(asked)} {title} met" + (f"; missed: {named}" if named else "")


def main(argv: Sequence[str] | None = None, console: Console | None = None) -> int:
    """Measures and shows; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formulas", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="smaller batches and less time")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this formula")
    parser.add_argument("--json", action="store_true", help="the seconds of every cell as JSON")
    options = parser.parse_args(argv)
    console = console or Console(width=WIDTH if not sys.stdout.isatty() else None)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    budget = 0.1 if options.quick else 0.3
    cells: list[Cell] = []
    with np.errstate(all="ignore"), console.status("measuring") as status:
        for formula in chosen(options.only):
            for batch, dtype in cells_of(formula, options.quick):
                status.update(f"{formula.name}, batch {batch:,}")
                cells.append(measure(formula, batch, budget, dtype))
    if options.json:
        console.print_json(json.dumps([_row(cell) for cell in cells]))
    else:
        console.print(table_of(cells))
        console.print(summary(cells))
    return int(any(cell.met is False or cell.compiled_met is False for cell in cells))


if __name__ == "__main__":
    asked = ONE_THREAD | MEMORY
    if any(os.environ.get(name) != value for name, value in asked.items()):  # read when libraries are loaded
        again = [sys.executable, "-m", "benchmarks.formulas", *sys.argv[1:]]
        sys.exit(subprocess.run(again, env=os.environ | asked, check=False).returncode)
    sys.exit(main())
