"""The Jacobians of softmax and log-softmax, entry by entry, as they are computed for every n and temperature T > 0.

z is a column (n, 1) of logits, y = softmax(z / T).  The diagonal holds 1 - y_i, which cancels for the
dominant class: it is computed as 1 - exp(log y_i), from a logarithm that keeps what 1 would swallow.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.notation import D, delta, index, keep, vector

from ._formula import Formula, formula
from ._row_by_row import row_by_row
from .formulas_softmax import FORMULAS as SOFTMAX_FORMULAS
from .formulas_softmax import LOGITS, SHIFT, SOFTMAX, TEMPERATURE, T, n, z

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "jacobians"
_EDGES = "an entry -inf has probability 0; NaN where the largest logit is infinite"
_PROVED = {formula.name: formula for formula in SOFTMAX_FORMULAS}

r, c = index("r"), index("c")
y, log_y = vector("y", n), vector("log_y", n)
_KEPT = ("temperature",)
OUTPUT = row_by_row(_PROVED["softmax"], 0, y[r, 0], {"z": z}, _KEPT)
LOGARITHM = row_by_row(_PROVED["log_softmax"], -1, log_y[r, 0], {"z": z}, _KEPT)


def _rest(at: Any) -> Any:
    """1 - y at this class, from the logarithm."""
    return keep(-keep(sp.exp(log_y[at, 0]) - 1))


FORMULAS: tuple[Formula, ...] = (
    formula(
        "softmax_jacobian",
        FAMILY,
        "the Jacobian of softmax",
        "dy_i/dz_j = y_i ([i = j] - y_j) / T",
        D(OUTPUT.definition.value, z[c, 0]),
        (y[r, 0] * keep(delta(r, c) - y[c, 0]) / T, "quotient rule"),
        (
            sp.Piecewise((y[r, 0] * _rest(r) / T, sp.Eq(r, c)), (-y[r, 0] * y[c, 0] / T, True)),
            "the diagonal apart, where y = exp(log y)",
        ),
        source=SOFTMAX,
        given=(OUTPUT.definition, LOGARITHM.definition),
        uses=(OUTPUT, LOGARITHM),
        arguments=(LOGITS,),
        parameters=TEMPERATURE,
        result=("n", "n"),
        indices=(r, c),
        slope_of="softmax",
        by="z",
        edges=_EDGES,
    ),
    formula(
        "log_softmax_jacobian",
        FAMILY,
        "the Jacobian of log-softmax",
        "d(log y_i)/dz_j = ([i = j] - y_j) / T",
        D(LOGARITHM.definition.value, z[c, 0]),
        (keep(delta(r, c) - y[c, 0]) / T, "the slope of a logarithm of a sum"),
        (
            sp.Piecewise((_rest(r) / T, sp.Eq(r, c)), (-y[c, 0] / T, True)),
            "the diagonal apart, where y = exp(log y)",
        ),
        source=SHIFT,
        given=(OUTPUT.definition, LOGARITHM.definition),
        uses=(OUTPUT, LOGARITHM),
        arguments=(LOGITS,),
        parameters=TEMPERATURE,
        result=("n", "n"),
        indices=(r, c),
        slope_of="log_softmax",
        by="z",
        edges=_EDGES,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
