"""Finite differences of programs, with an error estimate of their own.

The differences are SciPy's (central, of order 8, with shrinking steps): its error estimate is the change from
one step to the next.  To it comes what rounding does to the differenced values.  Where a guard changes its sign
between the points of a difference there is a kink in between, and the error is infinite: nothing is known.
Where the function is not defined all around the point, the same; where it is undefined at the point itself, so
is the derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.differentiate import derivative

from .arrays import Array, Axes, Picks, reindex
from .evaluation import Point, Run, whole_value
from .program import Differencing
from .rounding import UNIT, errors_of, tolerance_of

ORDER = 8
FIRST_STEP = 0.1  # also the farthest that a difference reaches
SHRINKING = 2.0
ITERATIONS = 6
ATTEMPTS, CLOSER = 3, 8.0  # where the function ends within reach of a difference, it is taken closer to the point
SMALL_ENOUGH = {"atol": 1e-11, "rtol": 1e-10}


def _weight() -> float:
    """The sum of the magnitudes of the weights of the central difference, at a step of 1."""
    x = SHRINKING ** -np.arange(ORDER // 2)
    ratios = [np.prod([y * y / (y * y - own * own) for y in x if y != own]) / own for own in x]
    return float(np.sum(np.abs(ratios)))


WEIGHT = _weight()


def difference(of: Differencing, axes: Axes, point: Point) -> tuple[Array, Array]:
    """The derivative and its error, with the batch axes of the point and the named axes asked for."""
    return _Difference(of, point).result(axes)


class _Difference:
    """One derivative by every entry of its variable, at every point of the batch."""

    def __init__(self, of: Differencing, point: Point) -> None:
        self.of = of
        self.name = str(of.variable.args[0])
        self.indices: Picks = of.variable.args[1] if of.variable.op == "entry" else ()
        if of.base is not None:
            base = whole_value(Run(of.base, point).output(), of.base.axes(), self.name, of.shape, point)
            point = Point(point.sizes, {**point.arrays, self.name: base}, point.functions, point.rank, point.errors)
        self.point = point
        self.whole = point.arrays[self.name]
        self.variable_axes = tuple(dict.fromkeys(i for i in self.indices if isinstance(i, str)))
        self.lengths = tuple(point.length(of.body.dimensions[axis]) for axis in self.variable_axes)
        self.positions = self._positions()
        self.batch = np.broadcast_shapes(*(a.shape[: point.rank] for a in self._used().values()))
        self.signs: list[NDArray[Any]] = []
        self.kinked = np.zeros((len(self.positions), *self.batch), bool)

    def _used(self) -> dict[str, Array]:
        names = self.of.body.inputs | {self.name}
        return {name: array for name, array in self.point.arrays.items() if name in names}

    def _positions(self) -> list[tuple[int, ...]]:
        """Where each entry that the variable names stands in its tensor."""
        cells = np.ndindex(*self.lengths)
        named = (dict(zip(self.variable_axes, cell, strict=True)) for cell in cells)
        return [tuple(at[i] if isinstance(i, str) else i for i in self.indices) for at in named]

    # ---- the function that is differenced

    def __call__(self, x: Array) -> Array:
        """The body's entries (first axes) with each entry of the variable (next axis) set to x, over the batch."""
        abscissae = x.ndim - 1 - len(self.batch)
        if abscissae == 0:
            x = x[..., None]
        run = Run(self.of.body, self._moved(x))
        self._watch(run, abscissae == 0)
        values = run.output()
        axes = self.of.body.axes()
        shape = (*x.shape, *(run.length(axis) for axis in axes))
        values = np.broadcast_to(values, shape)
        values = np.moveaxis(values, range(x.ndim, values.ndim), range(len(axes)))
        if abscissae == 0:
            self.centre = values[..., 0]
            return self.centre
        return values

    def _moved(self, x: Array) -> Point:
        rank = self.point.rank
        arrays = {name: _between(array, rank) for name, array in self._used().items()}
        entries = self.whole.shape[rank:]
        moved = np.array(np.broadcast_to(arrays[self.name], (*x.shape, *entries)))
        for n, position in enumerate(self.positions):
            moved[n][_place(position)] = x[n]
        errors = {name: _between(error, rank) for name, error in self.point.errors.items()}
        return Point(self.point.sizes, {**arrays, self.name: moved}, self.point.functions, rank + 2, errors)

    def _watch(self, run: Run, first: bool) -> None:
        """Notes where a guard has not the sign that it has at the point itself."""
        rank = self.point.rank + 2
        for n, output in enumerate(self.of.guards):
            signs = np.sign(run.values[run.program.outputs[output]].mantissa)
            signs = signs.reshape((1,) * (rank + len(run.program.axes(output)) - signs.ndim) + signs.shape)
            if first:
                self.signs.append(signs)
                continue
            changed = signs != self.signs[n]
            changed = changed.any(axis=tuple(range(rank - 1, changed.ndim)))
            self.kinked |= changed

    # ---- the derivative

    def result(self, axes: Axes) -> tuple[Array, Array]:
        x = np.stack([self.whole[_place(position)] for position in self.positions])
        x = np.broadcast_to(x, (len(self.positions), *self.batch))
        step = np.full(x.shape, FIRST_STEP)
        with np.errstate(all="ignore"):
            for _ in range(ATTEMPTS):
                value, error = self._at_step(x, step)
                outside = np.isnan(value) & np.isfinite(self.centre)
                if not outside.any():
                    break
                step = np.where(outside.any(axis=tuple(range(value.ndim - x.ndim))), step / CLOSER, step)
            error = np.where(self.kinked | outside, np.inf, error)
        return self._laid_out(value, axes), self._laid_out(error, axes)

    def _at_step(self, x: Array, step: Array) -> tuple[Array, Array]:
        self.signs.clear()
        self.kinked[...] = False
        found = derivative(
            self, x, order=ORDER, initial_step=step, step_factor=SHRINKING, maxiter=ITERATIONS,
            tolerances=SMALL_ENOUGH, preserve_shape=True,
        )  # fmt: skip
        last_step = step / SHRINKING ** (np.maximum(found.nit, 1) - 1)
        return found.df, found.error + WEIGHT / last_step * self._rounding()

    def _rounding(self) -> Array:
        """What rounding may do to a value of the body: its entries first, then the variable's, then the batch."""
        run = Run(self.of.body, self.point)
        axes = self.of.body.axes()
        tolerance = tolerance_of(run, errors_of(run))
        tolerance = tolerance + UNIT * np.abs(run.output())
        tolerance = np.broadcast_to(tolerance, (*self.batch, *(run.length(axis) for axis in axes)))
        tolerance = np.moveaxis(tolerance, range(len(self.batch), tolerance.ndim), range(len(axes)))
        index = (*(slice(None),) * len(axes), None)
        return tolerance[index]

    def _laid_out(self, array: Array, axes: Axes) -> Array:
        """From (entries of the body, entries of the variable, batch) to (batch, axes in order)."""
        own = self.of.body.axes()
        array = np.moveaxis(array, range(len(own) + 1), range(-len(own) - 1, 0))
        array = array.reshape(*array.shape[:-1], *self.lengths)
        return reindex(array, (*own, *self.variable_axes))


def _place(position: tuple[int, ...]) -> Any:
    """The index of one entry of a tensor, whatever batch axes stand in front."""
    return (Ellipsis, *position)


def _between(array: Array, rank: int) -> Array:
    """A batch axis before the others (for the variable's entries) and one after them (for the abscissae)."""
    return array.reshape(1, *array.shape[:rank], 1, *array.shape[rank:])
