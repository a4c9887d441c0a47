"""The two-layer softmax network without biases: z1 = W1 x, y1 = sigmoid(z1), z2 = W2 y1, y2 = softmax(z2).

x: (n0, 1), W1: (n1, n0), W2: (n2, n1), targets t: (n2, 1) with sum t = 1, and the cross-entropy
E = -sum over k of t_k log y2_k (nats).  A derivative by a column is a row (numerator layout), one by a
matrix has the matrix's shape.  Every size is arbitrary.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define, sums_to_one
from symbolic.notation import (
    D,
    Gradient,
    Jacobian,
    delta,
    diag,
    hadamard,
    index,
    keep,
    matrix,
    ones,
    scalar,
    sigmoid,
    size,
    softmax,
    total,
    total_except,
    vector,
)

__all__ = ["ENTRIES", "entry", "product", "source", "transposed"]


def entry(expression: Any, row: Any, column: Any) -> Any:
    """Entry (row, column) of a matrix expression as written; SymPy's own brackets multiply it out."""
    return MatrixElement(expression, row, column)


def transposed(expression: Any) -> Any:
    """The transpose as written: SymPy's own goes into sums and products."""
    return sp.Transpose(expression)


def product(*factors: Any) -> Any:
    """The product of matrices as written."""
    return sp.MatMul(*factors)


def source(item: int) -> tuple[Source, ...]:
    """An item of the document's list."""
    return (Source("000_e684565acf2280c2", f"item {item}"),)


n0, n1, n2 = size("n0"), size("n1"), size("n2")
c, i, j, k, p, r, s = (index(name) for name in "cijkprs")
x, z1, y1 = vector("x", n0), vector("z1", n1), vector("y1", n1)
z2, y2, t = vector("z2", n2), vector("y2", n2), vector("t", n2)
W1, W2 = matrix("W1", n1, n0), matrix("W2", n2, n1)
E = scalar("E")

GIVEN = (
    Define(z1[i, 0], total(p, n0, W1[i, p] * x[p, 0])),
    Define(y1[i, 0], sigmoid(z1[i, 0])),
    Define(z2[i, 0], total(s, n1, W2[i, s] * y1[s, 0])),
    Define(y2[i, 0], softmax(z2, i)),
    Define(E, -total(k, n2, t[k, 0] * sp.log(y2[k, 0]))),
    sums_to_one(t),
)

ROW = transposed(y2 - t)  # dE/dz2
SLOPE = diag(hadamard(y1, ones(n1) - y1))  # diag(y1 .* (1 - y1))


def error(position: Any) -> Any:
    """(y2 - t) at one output."""
    return y2[position, 0] - t[position, 0]


def sigmoid_slope(position: Any) -> Any:
    """y1 (1 - y1) at one hidden unit."""
    return y1[position, 0] * (1 - y1[position, 0])


def back(position: Any) -> Any:
    """sum over k of (y2_k - t_k) W2[k, position]: the error carried back to one hidden unit."""
    return total(k, n2, error(k) * W2[k, position])


# ---- item 2: by z2

_OWN_TERM = -t[i, 0] / y2[i, 0] * keep(y2[i, 0] * (1 - y2[i, 0]))
_CROSS_TERM = -t[j, 0] / y2[j, 0] * keep(-y2[j, 0] * y2[i, 0])
_APART = D(E, y2[i, 0]) * D(y2[i, 0], z2[i, 0]) + total_except(j, n2, i, D(E, y2[j, 0]) * D(y2[j, 0], z2[i, 0]))
_BY_Z2 = _OWN_TERM + total_except(j, n2, i, _CROSS_TERM)
_COLLECTED = -t[i, 0] * (1 - y2[i, 0]) + y2[i, 0] * total_except(j, n2, i, t[j, 0])

_z2 = (
    Derivation(
        "two-layer-dE-dz2-element",
        "dE/dz2 of the two-layer softmax network, entry by entry",
        start=D(E, z2[i, 0]),
        lines=(
            Line(total(j, n2, D(E, y2[j, 0]) * D(y2[j, 0], z2[i, 0])), "chain rule through every y2_j"),
            Line(_APART, "the term j = i apart from the others"),
            Line(_BY_Z2, "dE/dy2_j = -t_j / y2_j; the softmax Jacobian for equal and for unequal indices"),
            Line(_COLLECTED, "y2 cancels in every term"),
            Line(-t[i, 0] + y2[i, 0] * total(j, n2, t[j, 0]), "t_i y2_i joins the sum"),
            Line(y2[i, 0] - t[i, 0], "the targets sum to 1"),
        ),
        given=GIVEN,
        sources=source(2),
    ),
    Derivation(
        "two-layer-dE-dz2",
        "dE/dz2 = (y2 - t)^T of the two-layer softmax network",
        start=Jacobian(E, z2),
        lines=(
            Line(Jacobian(E, y2) * Jacobian(y2, z2), "chain rule: rows times Jacobians"),
            Line(
                product(-1, transposed(hadamard(t, sp.HadamardPower(y2, -1))), diag(y2) - y2 * y2.T),
                "dE/dy2 = -(t ./ y2)^T and the softmax Jacobian",
            ),
            Line(ROW, "the targets sum to 1"),
        ),
        given=GIVEN,
        sources=source(2),
        note="The document's left side reads W/dz2, a slip of the name for dE/dz2; the derivative is a row.",
    ),
    Erratum(
        "two-layer-dE-dz2-wrong-denominator",
        "the terms of unequal indices divide by y_i, so that y_j is left where y_i should be",
        before=_APART,
        as_written=_OWN_TERM + total_except(j, n2, i, -t[j, 0] / y2[i, 0] * keep(-y2[i, 0] * y2[j, 0])),
        right=_BY_Z2,
        given=GIVEN,
        sources=source(2),
        note="Each term is dE/dy_j dy_j/dz_i = (-t_j / y_j)(-y_j y_i) = t_j y_i.",
    ),
    Erratum(
        "two-layer-dE-dz2-lost-sum",
        "-t (1 - y) + t y, where the second product stands for y_i times the sum of the other targets",
        before=_BY_Z2,
        as_written=-t[i, 0] * (1 - y2[i, 0]) + t[i, 0] * y2[i, 0],
        right=_COLLECTED,
        given=GIVEN,
        sources=source(2),
        note="Read entry by entry.  The document's next line, y - t, is right again, but not by this line.",
    ),
)

# ---- item 3: by y1

_y1 = (
    Derivation(
        "two-layer-dE-dy1",
        "dE/dy1 = (y2 - t)^T W2 of the two-layer softmax network",
        start=Jacobian(E, y1),
        lines=(
            Line(Jacobian(E, z2) * Jacobian(z2, y1), "chain rule through z2"),
            Line(product(ROW, Jacobian(z2, y1)), "dE/dz2 = (y2 - t)^T"),
            Line(product(ROW, W2), "z2 = W2 y1 is linear in y1"),
        ),
        given=GIVEN,
        sources=source(3),
    ),
    Derivation(
        "two-layer-dE-dy1-element",
        "dE/dy1 of the two-layer softmax network, entry by entry",
        start=D(E, y1[r, 0]),
        lines=(
            Line(total(k, n2, D(E, z2[k, 0]) * D(z2[k, 0], y1[r, 0])), "chain rule through every z2_k"),
            Line(total(k, n2, error(k) * D(total(s, n1, W2[k, s] * y1[s, 0]), y1[r, 0])), "as above: y2 - t"),
            Line(total(k, n2, error(k) * total(s, n1, W2[k, s] * delta(s, r))), "dy1_s/dy1_r = delta_sr"),
            Line(back(r), "the delta leaves one term of the inner sum"),
        ),
        given=GIVEN,
        sources=source(3),
    ),
)

# ---- item 4: by W2

_W2 = (
    Derivation(
        "two-layer-dE-dW2",
        "dE/dW2 = (y2 - t) y1^T of the two-layer softmax network",
        start=Gradient(E, W2),
        lines=(
            Line(Jacobian(E, z2).T * y1.T, "chain rule: dz2_k/dW2[r, c] = delta_kr y1_c"),
            Line((y2 - t) * y1.T, "dE/dz2 = (y2 - t)^T"),
        ),
        given=GIVEN,
        sources=source(4),
        note="Right in the layout of W2.  The document takes dE/dz2 as a column here and as a row in item 2.",
    ),
    Derivation(
        "two-layer-dE-dW2-element",
        "dE/dW2 of the two-layer softmax network, entry by entry",
        start=D(E, W2[r, c]),
        lines=(
            Line(total(k, n2, D(E, z2[k, 0]) * D(z2[k, 0], W2[r, c])), "chain rule through every z2_k"),
            Line(total(k, n2, error(k) * D(z2[k, 0], W2[r, c])), "dE/dz2_k = y2_k - t_k"),
            Line(
                total(k, n2, error(k) * total(s, n1, delta(k, r) * delta(s, c) * y1[s, 0])),
                "dW2[k, s]/dW2[r, c] = delta_kr delta_sc",
            ),
            Line(error(r) * y1[c, 0], "both deltas collapse"),
            Line(entry((y2 - t) * y1.T, r, c), "an outer product"),
        ),
        given=GIVEN,
        sources=source(4),
    ),
)

# ---- items 5 and 6: by z1

_EXP = sp.exp(-z1[i, 0])

_z1 = (
    Derivation(
        "two-layer-dy1-dz1-element",
        "dy1/dz1 of a sigmoid layer, entry by entry",
        start=D(y1[i, 0], z1[j, 0]),
        lines=(
            Line(delta(i, j) * _EXP / (1 + _EXP) ** 2, "unit i depends on z1_i alone"),
            Line(delta(i, j) * keep(1 / (1 + _EXP)) * keep(_EXP / (1 + _EXP)), "split the square"),
            Line(delta(i, j) * sigmoid_slope(i), "fold: e^-z / (1 + e^-z) = 1 - y1"),
        ),
        given=GIVEN,
        sources=source(5),
    ),
    Derivation(
        "two-layer-dy1-dz1",
        "dy1/dz1 = diag(y1 .* (1 - y1)) of a sigmoid layer",
        start=Jacobian(y1, z1),
        lines=(Line(SLOPE, "unit i depends on z1_i alone, with slope y1_i (1 - y1_i)"),),
        given=GIVEN,
        sources=source(5),
    ),
    Derivation(
        "two-layer-dE-dz1",
        "dE/dz1 = (y2 - t)^T W2 diag(y1 .* (1 - y1)) of the two-layer softmax network",
        start=Jacobian(E, z1),
        lines=(
            Line(Jacobian(E, y1) * Jacobian(y1, z1), "chain rule through y1"),
            Line(product(ROW, W2, Jacobian(y1, z1)), "dE/dy1 = (y2 - t)^T W2"),
            Line(product(ROW, W2, SLOPE), "dy1/dz1 = diag(y1 .* (1 - y1))"),
        ),
        given=GIVEN,
        sources=source(6),
    ),
    Derivation(
        "two-layer-dE-dz1-element",
        "dE/dz1 of the two-layer softmax network, entry by entry",
        start=D(E, z1[r, 0]),
        lines=(
            Line(total(s, n1, D(E, y1[s, 0]) * D(y1[s, 0], z1[r, 0])), "chain rule through every y1_s"),
            Line(total(s, n1, back(s) * delta(s, r) * sigmoid_slope(s)), "dE/dy1 and dy1/dz1 from above"),
            Line(back(r) * sigmoid_slope(r), "the delta leaves s = r"),
        ),
        given=GIVEN,
        sources=source(6),
    ),
)

# ---- item 7: by W1

_THROUGH_Y1 = total(s, n1, D(z2[k, 0], y1[s, 0]) * D(y1[s, 0], W1[r, c]))
_THROUGH_Z1 = total(s, n1, W2[k, s] * D(y1[s, 0], z1[s, 0]) * D(z1[s, 0], W1[r, c]))
_Z1_BY_W1 = total(p, n0, delta(s, r) * delta(p, c) * x[p, 0])

_W1 = (
    Derivation(
        "two-layer-dE-dW1",
        "dE/dW1 = diag(y1 .* (1 - y1)) W2^T (y2 - t) x^T of the two-layer softmax network",
        start=D(E, W1[r, c]),
        lines=(
            Line(total(k, n2, D(E, z2[k, 0]) * D(z2[k, 0], W1[r, c])), "chain rule through every z2_k"),
            Line(total(k, n2, error(k) * D(z2[k, 0], W1[r, c])), "dE/dz2_k = y2_k - t_k"),
            Line(total(k, n2, error(k) * _THROUGH_Y1), "chain rule through every y1_s"),
            Line(total(k, n2, error(k) * _THROUGH_Z1), "dz2_k/dy1_s = W2[k, s]; y1_s depends on z1_s alone"),
            Line(
                total(k, n2, error(k) * total(s, n1, W2[k, s] * sigmoid_slope(s) * D(z1[s, 0], W1[r, c]))),
                "dy1_s/dz1_s = y1_s (1 - y1_s)",
            ),
            Line(
                total(k, n2, error(k) * total(s, n1, W2[k, s] * sigmoid_slope(s) * _Z1_BY_W1)),
                "dW1[s, p]/dW1[r, c] = delta_sr delta_pc",
            ),
            Line(
                total(k, n2, error(k) * total(s, n1, W2[k, s] * sigmoid_slope(s) * delta(s, r) * x[c, 0])),
                "the delta leaves p = c",
            ),
            Line(total(k, n2, error(k) * W2[k, r] * sigmoid_slope(r) * x[c, 0]), "the delta leaves s = r"),
            Line(back(r) * sigmoid_slope(r) * x[c, 0], "what does not depend on k goes before the sum"),
            Line(entry(SLOPE * W2.T * (y2 - t) * x.T, r, c), "as a product of matrices"),
        ),
        given=GIVEN,
        sources=source(7),
        note="In the layout of W1: shape (n1, n0).",
    ),
    Derivation(
        "two-layer-dE-dW1-matrix",
        "dE/dW1 of the two-layer softmax network, in matrices",
        start=Gradient(E, W1),
        lines=(
            Line(Jacobian(E, z1).T * x.T, "chain rule: dz1_s/dW1[r, c] = delta_sr x_c"),
            Line(product(transposed(product(ROW, W2, SLOPE)), x.T), "dE/dz1 from above"),
            Line(SLOPE * W2.T * (y2 - t) * x.T, "the transpose of a product; diag(...) is symmetric"),
            Line(hadamard(W2.T * (y2 - t), y1, ones(n1) - y1) * x.T, "diag(v) u = v .* u"),
        ),
        given=GIVEN,
        sources=source(7),
    ),
    Derivation(
        "two-layer-dE-dW1-through-z1",
        "dE/dW1 of the two-layer softmax network from dE/dz1, entry by entry",
        start=D(E, W1[r, c]),
        lines=(
            Line(total(s, n1, D(E, z1[s, 0]) * D(z1[s, 0], W1[r, c])), "chain rule through every z1_s"),
            Line(
                total(s, n1, D(E, z1[s, 0]) * D(total(p, n0, W1[s, p] * x[p, 0]), W1[r, c])),
                "z1_s is row s of W1 times x",
            ),
            Line(total(s, n1, D(E, z1[s, 0]) * _Z1_BY_W1), "dW1[s, p]/dW1[r, c] = delta_sr delta_pc"),
            Line(D(E, z1[r, 0]) * x[c, 0], "both deltas collapse"),
        ),
        given=GIVEN,
        sources=source(7),
    ),
    Erratum(
        "two-layer-dE-dW1-row-times-column",
        "dE/dz1 is a row and x a column: their product dE/dz1 x does not conform, and is no matrix like W1",
        before=Gradient(E, W1),
        as_written=Jacobian(E, z1) * x,
        right=Jacobian(E, z1).T * x.T,
        given=GIVEN,
        sources=source(7),
        note="Entry by entry dE/dW1[r, c] = dE/dz1_r x_c is right (two-layer-dE-dW1-through-z1).",
    ),
)

ENTRIES = (*_z2, *_y1, *_W2, *_z1, *_W1)
