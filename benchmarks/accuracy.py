"""Rounding errors of every formula, in units in the last place: ``python -m benchmarks.accuracy [NAME]...``.

The reference is the textbook's equation (the start of the derivation, with derivatives taken by rule), evaluated in
ball arithmetic with the precision raised until the relative radius is below 1e-20.  The bar is 4 ulp for formulas
that work entry by entry and 16 ulp for vectors, each times 1 + the condition number of the formula at that point (the
sum over the arguments of |x df/dx / f|), without that factor where the formula says so.

For matrices x runs over all entries of all arguments, and every entry of the value has its own condition number: for
one of a product, twice the sum of |a_k b_k| over |sum of a_k b_k|, for one of a sum, sum of |a_k| over |sum of a_k|.
What is in between (z1, a1, ...) adds nothing to it.  The activation is the cubic that ball arithmetic takes for an
undefined function, in Horner's form.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

from benchmarks.formula_peers import jax_calls, lambdified, scipy_function, torch_calls
from benchmarks.references import Reference
from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from symbolic.balls import interpretation

PLACES: tuple[float, ...] = (0.0, 1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.5, 1.0, 1.2784645, 2.0, 3.0, 5.0, 9.0, 18.0, 19.5)
PLACES += (30.0, 36.0, 37.5, 50.0, 87.0, 100.0, 350.0, 700.0, 740.0, 746.0, 1e3, 1e4)
GAPS = (0.0, 1e-8, 0.3, 2.0, 17.0, 36.9, 40.0, 80.0, 300.0, 700.3)
ELEMENTWISE, VECTOR = 4.0, 16.0


def _textbook_jacobian(z: Any) -> Any:
    y = special.softmax(z, axis=-1)
    return y[..., None] * (np.eye(len(y), dtype=y.dtype) - y)


def _textbook_layer_norm_vjp(x: Any, w: Any, g: Any) -> Any:
    deviation = np.sqrt(x.var() + x.dtype.type(1e-5))
    u, h = (x - x.mean()) / deviation, g * w / deviation
    return h - h.mean() - u * (h * u).mean()


def _textbook_network_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, activation: Any) -> Any:
    f, slope = activation
    z1 = x @ W1.T + b1
    error = (special.softmax(f(z1) @ W2.T + b2, axis=-1) - t) / x.dtype.type(len(x))
    return ((error @ W2) * slope(z1)).T @ x


PEERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "sigmoid": ("scipy expit", special.expit),
    "sigmoid_derivative": ("s(1-s) with expit", lambda z: special.expit(z) * (1 - special.expit(z))),
    "tanh_derivative": ("1 - tanh^2", lambda z: 1 - np.tanh(z) ** 2),
    "softplus": ("log(1+exp(z))", lambda z: np.log(1 + np.exp(z))),
    "log_sigmoid": ("scipy log_expit", special.log_expit),
    "logsumexp": ("scipy logsumexp", lambda z: special.logsumexp(z, axis=-1)),
    "softmax": ("scipy softmax", lambda z: special.softmax(z, axis=-1)),
    "log_softmax": ("scipy log_softmax", lambda z: special.log_softmax(z, axis=-1)),
    "cross_entropy": ("scipy log_softmax", lambda z, t: -np.sum(t * special.log_softmax(z, axis=-1), axis=-1)),
    "softmax_jacobian": ("y (1 - y) with scipy", _textbook_jacobian),
    "layer_norm_vjp": ("textbook's form", _textbook_layer_norm_vjp),
    "two_layer_cross_entropy_W1_gradient": ("softmax - t with scipy", _textbook_network_gradient),
    "cross_entropy_gradient": ("scipy softmax - t", lambda z, t: special.softmax(z, axis=-1) - t),
}


@dataclass(frozen=True)
class Accuracy:
    """The largest error of a formula in ulp, the largest one divided by its bar, and where that was."""

    name: str
    dtype: str
    worst: float
    of_bar: float
    where: str
    points: int


def points(formula: Formula, dtype: Any, seed: int = 0) -> Iterator[tuple[Any, ...]]:
    """Arguments: the nasty places of the first, with draws of the others."""
    random = np.random.default_rng(seed)
    if formula.is_elementwise:
        signed = [*PLACES, *(-place for place in PLACES), *random.normal(size=20) * 4]
        for place in signed:
            for _ in range(1 if len(formula.arguments) == 1 else 3):
                rest = [_scalar(a.name, a.meaning, random) for a in formula.arguments[1:]]
                yield tuple(dtype(value) for value in (place, *rest))
        return
    if formula.is_over_matrices:
        for gap in GAPS:
            yield tuple(_matrices(formula, gap, dtype, random))
        return
    for gap in GAPS:
        for _ in range(3):
            first = random.normal(size=4)
            first[random.integers(4)] += gap
            hot = int(random.integers(4)) if random.random() < 0.5 else int(np.argmax(first))
            smooth = formula.name.startswith("kl_")  # log t has no value at 0
            yield tuple(_vector(a, first, hot, dtype, random, smooth) for a in formula.arguments)


def _scalar(name: str, meaning: str, random: Any) -> float:
    if name == "s":
        return float(random.choice([-1.0, 1.0]))
    if "between" in meaning:
        return float(random.choice([0.0, 1.0, random.random()]))
    if "count" in meaning:
        return float(random.integers(10))
    return abs(random.normal()) + 0.1 if "positive" in meaning else float(random.normal() * 3)


def _matrices(formula: Formula, gap: float, dtype: Any, random: Any) -> Iterator[Any]:
    """Small matrices of normal numbers; one entry of the first lies apart.  Targets are one-hot in each row."""
    lengths: dict[str, int] = {}
    for place, argument in enumerate(formula.arguments):
        shape = tuple(lengths.setdefault(axis, 2 + len(lengths) % 2) for axis in argument.axes)
        values = random.normal(size=shape)
        if argument.name == "t":
            values = np.eye(shape[-1])[random.integers(shape[-1], size=shape[0])]
        if place == 0:
            values[tuple(int(random.integers(n)) for n in shape)] += gap
        yield values.astype(dtype)


def _cubic(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The function that ball arithmetic takes an undefined one for, and its derivative."""
    coefficients = [float(c) for c in interpretation(name)]
    slope = [k * c for k, c in enumerate(coefficients)][1:]
    return (lambda z: _horner(coefficients, z)), (lambda z: _horner(slope, z))


def _horner(coefficients: list[float], z: Any) -> Any:
    value = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = value * z + coefficient
    return value


def _vector(argument: Any, first: Any, hot: int, dtype: Any, random: Any, smooth: bool) -> Any:
    if argument.axes == ("label",):
        return hot
    if not argument.axes:
        return dtype(random.normal())
    if argument.name == "t":
        return np.array([0.125, 0.5, 0.25, 0.125], dtype) if smooth else np.eye(len(first), dtype=dtype)[hot]
    return (first if argument.name in "zx" else random.normal(size=len(first))).astype(dtype)


def measure(formula: Formula, dtype: Any, function: Callable[..., Any], seed: int = 0) -> Accuracy:
    """The errors of a function beside the formula's reference."""
    return measure_all(formula, dtype, {formula.name: function}, seed)[formula.name]


def measure_all(
    formula: Formula, dtype: Any, functions: Mapping[str, Callable[..., Any]], seed: int = 0
) -> dict[str, Accuracy]:
    """The errors of several functions at the same points, beside the formula's reference."""
    reference = Reference(formula)
    base = ELEMENTWISE if formula.is_elementwise else VECTOR
    found = {name: Accuracy(name, np.dtype(dtype).name, 0.0, 0.0, "", 0) for name in functions}
    options = {"activation": _cubic("f")} if formula.activation else {}
    for arguments in points(formula, dtype, seed):
        with np.errstate(all="ignore"):
            values = {name: np.asarray(f(*arguments, **options), dtype) for name, f in functions.items()}
        for entry in np.ndindex(next(iter(values.values())).shape):
            exact = reference.at(arguments, entry)
            if exact is None:
                continue
            condition = 0.0 if formula.unconditional else reference.condition(arguments, entry, exact)
            bar, where = base * (1 + condition), f"{arguments} entry {entry}"
            for name, value in values.items():
                found[name] = _with(found[name], ulps(value[entry], exact, dtype), condition, bar, where)
    return found


def _with(known: Accuracy, error: float, condition: float, bar: float, where: str) -> Accuracy:
    """With one entry more."""
    known = replace(known, points=known.points + 1, worst=max(known.worst, error if condition < 10 else 0.0))
    return replace(known, of_bar=error / bar, where=where) if error / bar > known.of_bar else known


def beside(formula: Formula, dtype: Any) -> dict[str, Callable[..., Any]]:
    """What else computes it: one line by hand or SciPy, `lambdify`, and PyTorch and JAX where they are installed."""
    found = dict([PEERS[formula.name]]) if formula.name in PEERS else {}
    if formula.is_over_matrices:
        return found
    plain = {"scipy": scipy_function(formula), "lambdify": lambdified(formula)}
    found |= {name: f for name, f in plain.items() if f is not None and not any("scipy" in n for n in found)}
    libraries = (("torch", torch_calls), ("jax", jax_calls))
    made = {name: _one_by_one(formula, dtype, calls) for name, calls in libraries}
    return found | {name: f for name, f in made.items() if f is not None}


def _one_by_one(
    formula: Formula, dtype: Any, calls: Callable[[Formula, list[Any]], list[Callable[[], Any]]]
) -> Callable[..., Any] | None:
    """A library's values at all points at once, handed out point by point; None where it has none of these shapes."""
    given = list(points(formula, dtype))
    try:
        (call,) = calls(
            formula, [tuple(np.stack([np.asarray(x) for x in column]) for column in zip(*given, strict=True))]
        )
        value = call()
    except (RuntimeError, TypeError, ValueError):
        return None
    rows = iter(np.asarray(value.detach() if hasattr(value, "detach") else value))
    return lambda *arguments: next(rows)


def ulps(value: Any, exact: Fraction, dtype: Any) -> float:
    """The error in units in the last place of the exact value; in the subnormal range those of the smallest number."""
    kind = np.finfo(dtype)
    limit = Fraction(float(kind.max))
    if abs(exact) > limit:
        return 0.0 if np.isinf(value) or abs(float(value)) >= float(kind.max) else float("inf")
    if not np.isfinite(value):
        return float("inf")
    exponent = _exponent(exact, kind)
    return float(abs(Fraction(float(value)) - exact) / Fraction(2) ** (exponent - kind.nmant))


def _exponent(exact: Fraction, kind: Any) -> int:
    least = int(kind.minexp)
    if exact == 0:
        return least
    magnitude = abs(exact)
    guess = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if Fraction(2) ** guess > magnitude:
        guess -= 1
    return max(guess, least)


def main(arguments: list[str]) -> int:
    """Measures the formulas of these names, or all; 1 if one is over its bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there, for the gallery")
    options = parser.parse_args(arguments)
    names, figures = options.names, dict[str, dict[str, Any]]()
    chosen = [formula for formula in FORMULAS if not names or formula.name in names]
    over, missed, tried = 0, dict[str, int](), dict[str, int]()
    print(f"{'formula':32} {'dtype':8} {'worst ulp':>10} {'of its bar':>10}   (worst ulp: where the condition is < 10)")
    for formula in chosen:
        for dtype in (np.float64, np.float32):
            every = {formula.name: getattr(formulas, formula.name), **beside(formula, dtype)}
            own, *others = measure_all(formula, dtype, every).values()
            over += own.of_bar > 1 or own.points == 0
            mark = f"  OVER at {own.where}" if own.of_bar > 1 else "" if own.points else "  NO POINT MEASURED"
            print(f"{own.name:32} {own.dtype:8} {own.worst:10.3g} {own.of_bar:10.3g}{mark}", flush=True)
            measured = {"worst": float(f"{own.worst:.3g}"), "of_bar": float(f"{own.of_bar:.3g}"), "points": own.points}
            figures.setdefault(own.name, {})[own.dtype] = measured
            for peer in others:
                print(f"  beside: {peer.name:22} {peer.dtype:8} {peer.worst:10.3g} {peer.of_bar:10.3g}")
                missed[peer.name] = missed.get(peer.name, 0) + (peer.of_bar > 1)
                tried[peer.name] = tried.get(peer.name, 0) + 1
    print(f"{len(chosen)} formulas, {over} over the bar")
    libraries = [name for name in ("scipy", "lambdify", "torch", "jax") if name in tried]
    print("over the same bar: " + ", ".join(f"{name} {missed[name]} of {tried[name]}" for name in libraries))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
