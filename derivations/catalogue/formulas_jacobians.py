"""The Jacobians of softmax and log-softmax, entry by entry, as they are computed for every n and temperature T > 0.

z is a column (n, 1) of logits, y = softmax(z / T).  The diagonal holds 1 - y_i, which cancels for the
dominant class: it is computed as the sum of the other outputs.
"""

from __future__ import annotations

import sympy as sp

from symbolic.notation import D, delta, index, keep, total, vector

from ._formula import Formula, formula
from ._row_by_row import row_by_row
from .formulas_softmax import FORMULAS as SOFTMAX_FORMULAS
from .formulas_softmax import LOGITS, SHIFT, SOFTMAX, TEMPERATURE, T, n, z

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "jacobians"
_EDGES = "an entry -inf has probability 0; NaN where the largest logit is infinite"
_PROVED = {formula.name: formula for formula in SOFTMAX_FORMULAS}

r, c, k = index("r"), index("c"), index("k")
y, log_y = vector("y", n), vector("log_y", n)
OUTPUT = row_by_row(_PROVED["softmax"], 0, y[r, 0], {"z": z}, ("temperature",))
_LOGARITHM = row_by_row(_PROVED["log_softmax"], -1, log_y[r, 0], {"z": z}, ("temperature",)).definition.value
_SLOPE = keep(y[r, 0] / T)
_REST = total(k, n, keep(1 - delta(k, r)) * y[k, 0])  # 1 - y_r


FORMULAS: tuple[Formula, ...] = (
    formula(
        "softmax_jacobian",
        FAMILY,
        "the Jacobian of softmax",
        "dy_i/dz_j = y_i ([i = j] - y_j) / T",
        D(OUTPUT.definition.value, z[c, 0]),
        (y[r, 0] * keep(delta(r, c) - y[c, 0]) / T, "quotient rule"),
        (
            sp.Piecewise((_SLOPE * _REST, sp.Eq(r, c)), (keep(-_SLOPE) * y[c, 0], True)),
            "the diagonal apart, as the outputs sum to 1",
        ),
        source=SOFTMAX,
        given=(OUTPUT.definition,),
        uses=(OUTPUT,),
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
        D(_LOGARITHM, z[c, 0]),
        (keep(delta(r, c) - y[c, 0]) / T, "the slope of a logarithm of a sum"),
        (
            sp.Piecewise((_REST / T, sp.Eq(r, c)), (-y[c, 0] / T, True)),
            "the diagonal apart, as the outputs sum to 1",
        ),
        source=SHIFT,
        given=(OUTPUT.definition,),
        uses=(OUTPUT,),
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
