"""Points about the places where a case changes: between the zeros of two guards, or past one.

Cells may be thin, or far.  The zeros are found by secants and need not be exact: any admissible point will do.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction

from flint import arb, ctx

from .balls import CasesDiffer, Evaluation, Point
from .differentiation import names_in, ranges_in, subterms
from .errors import OutOfReach
from .jets import NotDefined, Unclear
from .terms import Claim, Dimension, Term

__all__ = ["IN_DOMAIN", "about_boundaries"]

_PRECISION = 256
_CLOSE = Fraction(1, 2**160)
_MOST_SECANTS = 12
_TRIES = 6

IN_DOMAIN = {
    "real": lambda value: True,
    "positive": lambda value: value > 0,
    "nonnegative": lambda value: value >= 0,
    "negative": lambda value: value < 0,
}


def about_boundaries(claim: Claim, point: Point, rng: random.Random) -> None:
    """Moves a variable between the values at which two guards are 0, or past one."""
    terms = [claim.left, claim.right, *(definition.body for definition in claim.definitions.values())]
    guards = sorted({node.args[0] for term in terms for node in subterms(term) if node.op == "split"}, key=repr)
    if not guards:
        return
    extents = {i: _extent(d, point) for term in terms for i, d in ranges_in(term).items()}
    any(_moved(claim, point, rng, guards, extents) for _ in range(_TRIES))  # until one is


def _moved(claim: Claim, point: Point, rng: random.Random, guards: list[Term], extents: dict[str, int]) -> bool:
    """Tries it with one pair of guards."""
    pair = rng.choice(guards), rng.choice(guards)
    env = dict.fromkeys(pair[0].free | pair[1].free, 0)  # the parameters of definitions
    env |= {i: rng.randrange(extent) for i, extent in extents.items() if extent} | point.indices
    first, second = (_variables(claim, guard) for guard in pair)
    here = {guard: _value(claim, guard, env, point) for guard in pair}
    for name in rng.sample(sorted(first & second), len(first & second)):
        cell = rng.choice(sorted(point.tensors[name])) if name in point.tensors else ()
        zeros: dict[Term, Fraction] = {}
        for guard in here:
            end = _zero(claim, guard, env, name, cell, point, here[guard])
            if end is None:
                break
            zeros[guard] = end
        if len(zeros) == len(here):
            value = _between(min(zeros.values()), max(zeros.values()), rng.choice([1, -1]))
            if IN_DOMAIN[_domain(claim, name)](value):
                _put(point, name, cell, value)
                return True
    return False


def _extent(dimension: Dimension, point: Point) -> int:
    return dimension if isinstance(dimension, int) else point.sizes[dimension]


def _domain(claim: Claim, name: str) -> str:
    return claim.tensors[name].domain if name in claim.tensors else claim.symbols[name]


def _variables(claim: Claim, term: Term) -> frozenset[str]:
    """The variables that a term depends on, through definitions too."""
    met, pending = frozenset[str](), names_in(term)
    while pending:
        met |= pending
        defined = (claim.definitions[name].body for name in pending if name in claim.definitions)
        pending = frozenset[str]().union(*map(names_in, defined)) - met
    one_hot = {c.tensor for c in claim.conditions if c.relation == "one-hot"}
    return frozenset(name for name in met if name not in claim.definitions and name not in one_hot)


def _between(low: Fraction, high: Fraction, aside: int) -> Fraction:
    if high - low < _CLOSE:
        return _simplest(low - Fraction(1, 8), low + Fraction(1, 8)) + aside
    quarter = (high - low) / 4
    return _simplest(low + quarter, high - quarter)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational number of smallest denominator in an interval."""
    whole = low.numerator // low.denominator
    if whole == low or whole + 1 <= high:
        return Fraction(whole if whole == low else whole + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def _zero(
    claim: Claim,
    guard: Term,
    env: Mapping[str, int],
    name: str,
    cell: tuple[int, ...],
    point: Point,
    below: Fraction | None,
) -> Fraction | None:
    """About the value of one variable at which the guard is 0, by secants from where it is and the guard is `below`."""
    before = point.tensors[name][cell] if cell else point.scalars[name]

    def at(value: Fraction) -> Fraction | None:
        _put(point, name, cell, value)
        return _value(claim, guard, env, point) if IN_DOMAIN[_domain(claim, name)](value) else None

    try:
        last, here = before, before * Fraction(3, 2) or Fraction(1)
        value = at(here) if below is not None else None
        for _ in range(_MOST_SECANTS):
            if below is None or value is None or value == below:
                return None
            last, here = here, _rounded(here - value * (here - last) / (value - below))
            below, value = value, at(here)
            if abs(here - last) < _CLOSE or value == 0:
                return here
        return None
    finally:
        _put(point, name, cell, before)


def _rounded(value: Fraction) -> Fraction:
    return value if value.denominator < 2**64 else Fraction(round(value * 2**200), 2**200)


def _value(claim: Claim, term: Term, env: Mapping[str, int], point: Point) -> Fraction | None:
    """The middle of the ball in which the term's value is."""
    before, ctx.prec = ctx.prec, _PRECISION
    try:
        value: arb = Evaluation(point, claim.definitions).value(term, env)
    except (NotDefined, Unclear, CasesDiffer, OutOfReach):
        return None
    finally:
        ctx.prec = before
    if not value.is_finite():
        return None
    mantissa, exponent = map(int, value.mid().man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent if abs(exponent) < 10_000 else None


def _put(point: Point, name: str, cell: tuple[int, ...], value: Fraction) -> None:
    if cell:
        point.tensors[name][cell] = value
    else:
        point.scalars[name] = value
