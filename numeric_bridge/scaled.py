"""Numbers as mantissa times exp(shift), so that exp(800) / exp(801) is a number and not inf / inf.

Softmax, log-sum-exp and sigmoid need no forms of their own: exp keeps a large argument as the shift, sums take
out the largest shift of their terms, and logarithms give it back.  At moderate arguments there is no shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, Axes, add_up, contract, expander, multiply, plan, union

PLAIN_ARGUMENT = 50.0  # exp(50)**6 is still far from the largest float


class Scaled(NamedTuple):
    """mantissa * exp(shift); no shift stands for 0."""

    mantissa: Array
    shift: Array | None = None

    def plain(self) -> Array:
        """The number itself; what is too large for a float is inf."""
        if self.shift is None:
            return self.mantissa
        value: Array = self.mantissa * np.exp(self.shift)
        return value if np.isfinite(value).all() else np.where(self.mantissa == 0, 0.0, value)

    def at(self, index: tuple[Any, ...]) -> Scaled:
        """Aligned or picked by an index."""
        shift = None if self.shift is None else np.broadcast_to(self.shift, self.mantissa.shape)[index]
        return Scaled(self.mantissa[index], shift)

    def power(self, exponent: int) -> Scaled:
        mantissa = 1.0 / self.mantissa if exponent == -1 else self.mantissa**exponent
        return Scaled(mantissa, None if self.shift is None else exponent * self.shift)

    def root(self, exponent: float) -> Scaled:
        return Scaled(self.mantissa**exponent, None if self.shift is None else exponent * self.shift)

    def log(self) -> Scaled:
        logarithm = np.log(self.mantissa)
        return Scaled(logarithm if self.shift is None else logarithm + self.shift)

    def log1p(self) -> Scaled:
        """log(1 + x), exact for small x and finite for large."""
        if self.shift is None:
            return Scaled(np.log1p(self.mantissa))
        m, s = np.broadcast_arrays(self.mantissa, self.shift)
        small = np.log1p(m * np.exp(np.minimum(s, 0.0)))
        large = s + np.log1p((m - 1.0) + np.exp(-np.maximum(s, 0.0)))
        return Scaled(np.where(s <= 0, small, large))


def exp(argument: Array) -> Scaled:
    """exp, with the argument as the shift where it is large."""
    if np.abs(argument).max(initial=0.0) <= PLAIN_ARGUMENT:
        return Scaled(np.exp(argument))
    return Scaled(np.ones_like(argument), argument)


def product(factors: Sequence[Scaled]) -> Scaled:
    """The product of aligned numbers."""
    mantissa, shift = factors[0]
    for factor in factors[1:]:
        mantissa = mantissa * factor.mantissa
        if factor.shift is not None:
            shift = factor.shift if shift is None else shift + factor.shift
    return Scaled(mantissa, shift)


def total(terms: Sequence[Scaled]) -> Scaled:
    """The sum of aligned numbers."""
    if all(term.shift is None for term in terms):
        mantissa = terms[0].mantissa
        for term in terms[1:]:
            mantissa = mantissa + term.mantissa
        return Scaled(mantissa)
    shifts = [_effective(term) for term in terms]
    largest = shifts[0]
    for shift in shifts[1:]:
        largest = np.maximum(largest, shift)
    largest = np.where(np.isneginf(largest), 0.0, largest)
    parts = [t.mantissa * np.exp((0.0 if t.shift is None else t.shift) - largest) for t in terms]
    parts = [np.where(t.mantissa == 0, 0.0, part) for t, part in zip(terms, parts, strict=True)]
    mantissa = parts[0]
    for part in parts[1:]:
        mantissa = mantissa + part
    return Scaled(mantissa, largest)


def _effective(term: Scaled) -> Array:
    """The shift, where there is anything to shift: what is 0 has no size."""
    shift = np.zeros_like(term.mantissa) if term.shift is None else term.shift
    return np.where(term.mantissa == 0, -np.inf, shift)


def where(condition: NDArray[np.bool_], yes: Scaled, no: Scaled) -> Scaled:
    """`yes` where the condition holds, else `no`."""
    mantissa = np.where(condition, yes.mantissa, no.mantissa)
    if yes.shift is None and no.shift is None:
        return Scaled(mantissa)
    shifts = [0.0 if part.shift is None else part.shift for part in (yes, no)]
    return Scaled(mantissa, np.where(condition, *shifts))


def sum_of_products(factors: Sequence[Scaled], axes: Sequence[Axes], onto: Axes) -> Scaled:
    """The product of the factors, each with its axes, summed over the axes that are not in `onto`."""
    shifted = [n for n, factor in enumerate(factors) if factor.shift is not None]
    if not shifted:
        operands, order = [factor.mantissa for factor in factors], plan(tuple(axes), onto)
        return Scaled(contract(operands, order, multiply, add_up))
    shifted = _together(shifted, axes)
    joint = union([axes[n] for n in shifted])
    part = _without_summed_shift(product([factors[n].at(expander(axes[n], joint)) for n in shifted]), joint, onto)
    rest = [n for n in range(len(factors)) if n not in shifted]
    operands = [*(factors[n].mantissa for n in rest), part.mantissa]
    order = plan((*(axes[n] for n in rest), joint), onto)
    assert part.shift is not None
    kept = tuple(axis for axis in joint if axis in onto)
    return Scaled(contract(operands, order, multiply, add_up), part.shift[expander(kept, onto)])


def _together(shifted: list[int], axes: Sequence[Axes]) -> list[int]:
    """The factors to multiply before the largest term is sought: those with shifts, and those that need no new axes.

    A factor of 0 takes its term out of the search, so it has to be among them.
    """
    together = list(shifted)
    for n in range(len(axes)):
        joint = set(union([axes[k] for k in together]))
        if n not in together and (joint <= set(axes[n]) or set(axes[n]) <= joint):
            together.append(n)
    return together


def _without_summed_shift(number: Scaled, axes: Axes, onto: Axes) -> Scaled:
    """The same number with a shift that does not change along the axes that are summed, which it no longer has."""
    summed = tuple(n - len(axes) for n, axis in enumerate(axes) if axis not in onto)
    given = np.zeros(()) if number.shift is None else number.shift
    mantissa, shift = np.broadcast_arrays(number.mantissa, given)
    largest = _effective(Scaled(mantissa, shift)).max(axis=summed, keepdims=True)
    largest = np.where(np.isneginf(largest), 0.0, largest)
    scaled = np.where(mantissa == 0, 0.0, mantissa * np.exp(shift - largest))
    return Scaled(scaled, np.squeeze(largest, axis=summed))
