"""Two layers on m samples at once, ReLU then tanh, under squared error.

s = X W, s_relu = ReLU(s), s_out = s_relu W_out, y_out = tanh(s_out), and the loss is the sum over all samples
and outputs of 0.5 (y_out - Y)^2 (in squared units of y_out).  Rows are samples: X: (m, n0), W: (n0, n1),
W_out: (n1, n2), Y: (m, n2).  A gradient has the shape of its variable; delta_s = dloss/ds.  Every size is
arbitrary.  ReLU has no derivative at 0; ReLU'(0) = 0 is chosen.  The formulas stand in section 3.1 of the source and
again in 3.2 and 3.3, each time with other numbers.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define
from symbolic.notation import (
    Cases,
    D,
    Gradient,
    delta,
    elementwise,
    hadamard,
    index,
    matrix,
    ones,
    positive,
    relu,
    scalar,
    size,
    total,
)

__all__ = ["ENTRIES"]

PRELUDE = Source("003_a592d850349715ea", "2")
ITERATION = Source("003_a592d850349715ea", "3.1")
HALF = sp.Rational(1, 2)

m, n0, n1, n2 = size("m"), *(size(f"n{layer}") for layer in range(3))
c, i, j, k, r = (index(name) for name in "cijkr")
X, W, Y = matrix("X", m, n0), matrix("W", n0, n1), matrix("Y", m, n2)
W_out, s, s_relu = matrix("W_out", n1, n2), matrix("s", m, n1), matrix("s_relu", m, n1)
s_out, y_out = matrix("s_out", m, n2), matrix("y_out", m, n2)
delta_s, delta_s_out, loss = matrix("delta_s", m, n1), matrix("delta_s_out", m, n2), scalar("loss")
eta = positive("eta")

GIVEN = (
    Define(s, X * W),
    Define(s_relu, elementwise(relu, s)),
    Define(s_out, s_relu * W_out),
    Define(y_out, elementwise(sp.tanh, s_out)),
    Define(loss, total(r, m, total(c, n2, HALF * (y_out[r, c] - Y[r, c]) ** 2))),
    Define(delta_s_out, Gradient(loss, s_out)),
    Define(delta_s, Gradient(loss, s)),
)
KINK = "ReLU has no derivative where an entry of s is 0; its slope is taken to be 0 there."


def relu_slope(u: Any) -> Cases:
    """ReLU'(u) as the document has it."""
    return Cases((1, u > 0), (0, u <= 0))


def tanh_slope(u: Any) -> Any:
    """tanh'(u) = 1 - tanh^2(u)."""
    return 1 - sp.tanh(u) ** 2


def chain(name: str, title: str, start: Any, *lines: tuple[Any, str], note: str = "") -> Derivation:
    """A derivation on this network."""
    written = tuple(Line(expression, reason) for expression, reason in lines)
    return Derivation(f"relu-tanh-{name}", title, start, written, GIVEN, (ITERATION,), note)


TANH_SLOPES = ones(m, n2) - elementwise(lambda u: sp.tanh(u) ** 2, s_out)
RELU_SLOPES = elementwise(relu_slope, s)
BACK = total(k, n2, delta_s_out[i, k] * W_out[j, k])

ENTRY_BY_ENTRY = (
    chain(
        "delta-s-out-entry",
        "delta_s_out, entry by entry",
        D(loss, s_out[i, j]),
        (D(sp.tanh(s_out[i, j]), s_out[i, j]) * D(loss, y_out[i, j]), "chain rule: tanh acts on each entry alone"),
        (D(sp.tanh(s_out[i, j]), s_out[i, j]) * (y_out[i, j] - Y[i, j]), "one term of the loss depends on the entry"),
        (tanh_slope(s_out[i, j]) * (y_out[i, j] - Y[i, j]), "tanh' = 1 - tanh^2"),
    ),
    chain(
        "delta-s-entry",
        "delta_s, entry by entry",
        D(loss, s[i, j]),
        (D(relu(s[i, j]), s[i, j]) * D(loss, s_relu[i, j]), "chain rule: ReLU acts on each entry alone"),
        (
            D(relu(s[i, j]), s[i, j]) * total(k, n2, delta_s_out[i, k] * D(s_out[i, k], s_relu[i, j])),
            "chain rule, summed over the outputs; a sample acts on its own row",
        ),
        (D(relu(s[i, j]), s[i, j]) * BACK, "s_out = s_relu W_out"),
        (relu_slope(s[i, j]) * BACK, "ReLU' by cases"),
        note=KINK,
    ),
    chain(
        "dL-dW-entry",
        "dloss/dW, entry by entry",
        D(loss, W[i, j]),
        (total(r, m, total(c, n1, delta_s[r, c] * D(s[r, c], W[i, j]))), "chain rule, summed over s"),
        (total(r, m, total(c, n1, delta_s[r, c] * X[r, i] * delta(c, j))), "s = X W"),
        (total(r, m, X[r, i] * delta_s[r, j]), "delta_cj leaves one column"),
        (
            total(r, m, X[r, i] * relu_slope(s[r, j]) * total(k, n2, delta_s_out[r, k] * W_out[j, k])),
            "delta_s written out",
        ),
        note=KINK,
    ),
    chain(
        "dL-dW-out-entry",
        "dloss/dW_out, entry by entry",
        D(loss, W_out[i, j]),
        (
            total(r, m, total(c, n2, delta_s_out[r, c] * D(s_out[r, c], W_out[i, j]))),
            "chain rule, summed over s_out",
        ),
        (total(r, m, total(c, n2, delta_s_out[r, c] * s_relu[r, i] * delta(c, j))), "s_out = s_relu W_out"),
        (total(r, m, s_relu[r, i] * delta_s_out[r, j]), "delta_cj leaves one column"),
    ),
)

AS_MATRICES = (
    chain(
        "delta-s-out",
        "delta_s_out as a matrix",
        Gradient(loss, s_out),
        (hadamard(TANH_SLOPES, Gradient(loss, y_out)), "tanh acts on each entry alone; tanh' = 1 - tanh^2"),
        (hadamard(TANH_SLOPES, y_out - Y), "dloss/dy_out = y_out - Y"),
        note="The document calls the column of 0.5 (y_out - Y)^2 the loss; delta is the derivative of its sum.",
    ),
    chain(
        "delta-s",
        "delta_s as a matrix",
        Gradient(loss, s),
        (hadamard(RELU_SLOPES, Gradient(loss, s_relu)), "ReLU acts on each entry alone"),
        (hadamard(RELU_SLOPES, delta_s_out * W_out.T), "s_out = s_relu W_out"),
        note=KINK,
    ),
    chain(
        "dL-dW",
        "dloss/dW as a matrix",
        Gradient(loss, W),
        (X.T * delta_s, "s = X W"),
        (X.T * hadamard(RELU_SLOPES, delta_s_out * W_out.T), "delta_s written out"),
        (
            X.T * hadamard(RELU_SLOPES, hadamard(TANH_SLOPES, y_out - Y) * W_out.T),
            "delta_s_out written out",
        ),
        note=KINK,
    ),
    chain(
        "dL-dW-out",
        "dloss/dW_out as a matrix",
        Gradient(loss, W_out),
        (s_relu.T * delta_s_out, "s_out = s_relu W_out"),
        (s_relu.T * hadamard(TANH_SLOPES, y_out - Y), "delta_s_out written out"),
    ),
    chain(
        "update-W",
        "the new W of a step of gradient descent with rate 0.5",
        W - HALF * Gradient(loss, W),
        (W - HALF * X.T * delta_s, "the gradient is X^T delta_s"),
        note="The document writes W = W - 0.5 Delta W: an assignment, with the gradient for Delta W.  " + KINK,
    ),
    chain(
        "update-W-out",
        "the new W_out of a step of gradient descent with rate 0.5",
        W_out - HALF * Gradient(loss, W_out),
        (W_out - HALF * s_relu.T * delta_s_out, "the gradient is s_relu^T delta_s_out"),
        note="The document writes W_out = W_out - 0.5 Delta W_out: an assignment, with the gradient for Delta W_out.",
    ),
)

TWO_MEANINGS = (
    "In section 2 Delta W is the change of the weights, with -eta in it; in section 3 it is the gradient, and the "
    "update takes -0.5 times it.  Read with one meaning, one of the two is wrong."
)

ERRATA = (
    Erratum(
        "relu-tanh-Delta-W-two-meanings",
        "the change of the weights is -eta X^T delta_s, not the gradient X^T delta_s",
        -eta * Gradient(loss, W),
        X.T * delta_s,
        -eta * X.T * delta_s,
        GIVEN,
        (PRELUDE, ITERATION),
        TWO_MEANINGS,
    ),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (*ENTRY_BY_ENTRY, *AS_MATRICES, *ERRATA)
