"""The linear layer on a batch as it is computed, and what it is made of: value and products with its Jacobians.

Rows are samples: x is (m, n), the weight W (u, n), the bias b (u, 1), the output y = x W^T + 1 b^T (m, u).  Products
with Jacobians are transposed ones (reverse mode): g (m, u) is the gradient by the output; the gradients by W and b are
sums over the batch.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.derivation import Source
from symbolic.given import Define
from symbolic.notation import D, delta, index, matrix, ones, size, total, vector

from ._formula import Argument, Formula, formula

__all__ = ["ENTRIES", "FORMULAS", "OVERFLOW"]

FAMILY = "layers"
LINEAR = Source("000_e684565acf2280c2", "item 8")
BATCH = Source("000_e684565acf2280c2", "item 1")
OVERFLOW = "the limits where they exist, else NaN; sums beyond the largest float overflow"

m, n, u = size("m"), size("n"), size("u")
i, j, k, q, r, s = (index(name) for name in "ijkqrs")
x, W, b, y, g = matrix("x", m, n), matrix("W", u, n), vector("b", u), matrix("y", m, u), matrix("g", m, u)

INPUT = Argument(x, "the input, one sample a row", ("m", "n"))
WEIGHT = Argument(W, "the weights, one row for each output", ("u", "n"))
BIAS = Argument(b, "the bias of each output", ("u",))
UPSTREAM = Argument(g, "the gradient by the output", ("m", "u"))
OUTPUT = (Define(y[s, i], total(j, n, x[s, j] * W[i, j]) + b[i, 0]),)
PRODUCT = MatrixElement(sp.MatAdd(sp.MatMul(x, sp.Transpose(W)), sp.MatMul(ones(m), sp.Transpose(b))), s, i)


def _upstream(by: Any) -> Any:
    """g times the Jacobian: the sum over all outputs of all samples."""
    return total(r, m, total(q, u, g[r, q] * D(y[r, q], by)))


FORMULAS: tuple[Formula, ...] = (
    formula(
        "linear",
        FAMILY,
        "the linear layer",
        "y = x W^T + b: sum over j of x_sj W_ij + b_i",
        PRODUCT,
        (total(j, n, x[s, j] * W[i, j]) + b[i, 0], "entry by entry"),
        source=LINEAR,
        arguments=(INPUT, WEIGHT, BIAS),
        result=("m", "u"),
        indices=(s, i),
        batch="m",
        edges=OVERFLOW,
    ),
    formula(
        "linear_vjp",
        FAMILY,
        "the gradient of the linear layer by its input",
        "g W: sum over i of g_si W_ij",
        _upstream(x[s, j]),
        (total(r, m, total(q, u, g[r, q] * delta(r, s) * W[q, j])), "dy_rq/dx_sj = delta_rs W_qj"),
        (total(i, u, g[s, i] * W[i, j]), "delta collapses"),
        source=LINEAR,
        given=OUTPUT,
        arguments=(WEIGHT, UPSTREAM),
        result=("m", "n"),
        indices=(s, j),
        batch="m",
        slope_of="linear",
        by="x",
        edges=OVERFLOW,
    ),
    formula(
        "linear_weight_vjp",
        FAMILY,
        "the gradient of the linear layer by its weights, summed over the batch",
        "g^T x: sum over s of g_si x_sj",
        _upstream(W[i, j]),
        (total(r, m, total(q, u, g[r, q] * delta(q, i) * x[r, j])), "dy_rq/dW_ij = delta_qi x_rj"),
        (total(s, m, g[s, i] * x[s, j]), "delta collapses"),
        source=LINEAR,
        given=OUTPUT,
        arguments=(INPUT, UPSTREAM),
        result=("u", "n"),
        indices=(i, j),
        batch="m",
        slope_of="linear",
        by="W",
        edges=OVERFLOW,
    ),
    formula(
        "linear_bias_vjp",
        FAMILY,
        "the gradient of the linear layer by its bias, summed over the batch",
        "g^T 1: sum over s of g_si",
        _upstream(b[i, 0]),
        (total(r, m, total(q, u, g[r, q] * delta(q, i))), "dy_rq/db_i = delta_qi"),
        (total(s, m, g[s, i]), "delta collapses"),
        source=LINEAR,
        given=OUTPUT,
        arguments=(UPSTREAM,),
        result=("u",),
        indices=(i,),
        batch="m",
        slope_of="linear",
        by="b",
        edges=OVERFLOW,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
