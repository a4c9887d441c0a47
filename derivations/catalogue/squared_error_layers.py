"""Squared error through three layers of every size, with arbitrary activations f1, f2, f3.

s1 = W1 x_in, z1 = f1(s1), s2 = W2 z1, z2 = f2(s2), s_out = W_out z2, y_out = f3(s_out) and
L = sum over the outputs of (y_out - y_gt)^2 / 2 (in squared units of y_out); delta_k = dL/ds_k.

x_in: (n0, 1), W1: (n1, n0), W2: (n2, n1), W_out: (n3, n2), y_out and y_gt: (n3, 1); columns for s, z and
delta.  The gradient by a matrix has the matrix's shape; a Jacobian dy/dz has a row for each y.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define
from symbolic.notation import (
    D,
    Gradient,
    Jacobian,
    diag,
    elementwise,
    hadamard,
    index,
    matrix,
    positive,
    prime,
    scalar,
    size,
    total,
    vector,
)

__all__ = ["ENTRIES"]

PRODUCTS = Source("002_c01bd2233d4021c3", "1.1")
DELTAS = Source("002_c01bd2233d4021c3", "1.2")
SUBSTITUTED = Source("003_a592d850349715ea", "1")
PRELUDE = Source("003_a592d850349715ea", "2")
HALF = sp.Rational(1, 2)

n0, n1, n2, n3 = (size(f"n{layer}") for layer in range(4))
i, j, k, q = (index(name) for name in "ijkq")
f1, f2, f3 = (sp.Function(name) for name in ("f1", "f2", "f3"))
x_in, y_gt, y_out, s_out = vector("x_in", n0), vector("y_gt", n3), vector("y_out", n3), vector("s_out", n3)
s1, z1, s2, z2 = vector("s1", n1), vector("z1", n1), vector("s2", n2), vector("z2", n2)
W1, W2, W_out = matrix("W1", n1, n0), matrix("W2", n2, n1), matrix("W_out", n3, n2)
delta_out, delta_2, delta_1 = vector("delta_out", n3), vector("delta_2", n2), vector("delta_1", n1)
L, eta = scalar("L"), positive("eta")

GIVEN = (
    Define(s1, W1 * x_in),
    Define(z1, elementwise(f1, s1)),
    Define(s2, W2 * z1),
    Define(z2, elementwise(f2, s2)),
    Define(s_out, W_out * z2),
    Define(y_out, elementwise(f3, s_out)),
    Define(L, HALF * total(k, n3, (y_out[k, 0] - y_gt[k, 0]) ** 2)),
    Define(delta_out, Gradient(L, s_out)),
    Define(delta_2, Gradient(L, s2)),
    Define(delta_1, Gradient(L, s1)),
)


def slopes(f: Any, s: Any) -> Any:
    """The column f'(s)."""
    return elementwise(lambda u: prime(f, u), s)


def chain(name: str, title: str, start: Any, *lines: tuple[Any, str], source: Source, note: str = "") -> Derivation:
    """A derivation on layers of every size."""
    written = tuple(Line(expression, reason) for expression, reason in lines)
    return Derivation(f"squared-error-{name}", title, start, written, GIVEN, (source,), note)


TO_OUTPUT = D(L, y_out[k, 0]) * D(y_out[k, 0], s_out[k, 0])
AT_OUTPUT = (y_out[k, 0] - y_gt[k, 0]) * prime(f3, s_out[k, 0])
TO_SECOND = total(k, n3, TO_OUTPUT * D(s_out[k, 0], z2[q, 0])) * D(z2[q, 0], s2[q, 0])
AT_SECOND = total(k, n3, AT_OUTPUT * W_out[k, q]) * prime(f2, s2[q, 0])
TO_FIRST = total(q, n2, TO_SECOND * D(s2[q, 0], z1[i, 0])) * D(z1[i, 0], s1[i, 0])
AT_FIRST = total(q, n2, AT_SECOND * W2[q, i]) * prime(f1, s1[i, 0])

ENTRY_BY_ENTRY = (
    chain(
        "dL-dW-out-entry",
        "dL/dW_out, entry by entry",
        D(L, W_out[k, j]),
        (TO_OUTPUT * D(s_out[k, 0], W_out[k, j]), "chain rule; only output k depends on row k"),
        (AT_OUTPUT * z2[j, 0], "fill in the layers"),
        (delta_out[k, 0] * z2[j, 0], "fold delta_out"),
        source=PRODUCTS,
    ),
    chain(
        "dL-dW-2-entry",
        "dL/dW_2, entry by entry",
        D(L, W2[q, j]),
        (TO_SECOND * D(s2[q, 0], W2[q, j]), "chain rule, summed over the outputs"),
        (AT_SECOND * z1[j, 0], "fill in the layers"),
        (delta_2[q, 0] * z1[j, 0], "fold delta_2"),
        source=PRODUCTS,
    ),
    chain(
        "dL-dW-1-entry",
        "dL/dW_1, entry by entry",
        D(L, W1[i, j]),
        (TO_FIRST * D(s1[i, 0], W1[i, j]), "chain rule, summed over the outputs and the second layer"),
        (AT_FIRST * x_in[j, 0], "fill in the layers"),
        (delta_1[i, 0] * x_in[j, 0], "fold delta_1"),
        source=PRODUCTS,
    ),
    chain(
        "delta-2-entry",
        "delta_2, entry by entry",
        D(L, s2[i, 0]),
        (D(L, z2[i, 0]) * D(z2[i, 0], s2[i, 0]), "chain rule: s_2 acts through z_2, unit by unit"),
        (
            total(k, n3, D(L, s_out[k, 0]) * D(s_out[k, 0], z2[i, 0])) * D(z2[i, 0], s2[i, 0]),
            "chain rule, summed over the outputs",
        ),
        (total(k, n3, delta_out[k, 0] * W_out[k, i]) * prime(f2, s2[i, 0]), "fold delta_out"),
        source=DELTAS,
    ),
    chain(
        "delta-1-entry",
        "delta_1, entry by entry",
        D(L, s1[i, 0]),
        (D(L, z1[i, 0]) * D(z1[i, 0], s1[i, 0]), "chain rule: s_1 acts through z_1, unit by unit"),
        (
            total(k, n2, D(L, s2[k, 0]) * D(s2[k, 0], z1[i, 0])) * D(z1[i, 0], s1[i, 0]),
            "chain rule, summed over the second layer",
        ),
        (total(k, n2, delta_2[k, 0] * W2[k, i]) * prime(f1, s1[i, 0]), "fold delta_2"),
        source=DELTAS,
    ),
)

DELTA_OUT = hadamard(y_out - y_gt, slopes(f3, s_out))
DELTA_2 = hadamard(W_out.T * delta_out, slopes(f2, s2))
DELTA_1 = hadamard(W2.T * delta_2, slopes(f1, s1))

AS_MATRICES = (
    chain(
        "delta-out",
        "delta_out as a column",
        Gradient(L, s_out),
        (hadamard(Gradient(L, y_out), slopes(f3, s_out)), "f3 acts on each output alone"),
        (DELTA_OUT, "dL/dy_out = y_out - y_gt"),
        source=DELTAS,
    ),
    chain(
        "delta-2",
        "delta_2 as a column",
        Gradient(L, s2),
        (hadamard(Gradient(L, z2), slopes(f2, s2)), "f2 acts on each unit alone"),
        (DELTA_2, "z_2 acts through s_out = W_out z_2"),
        source=DELTAS,
    ),
    chain(
        "delta-1",
        "delta_1 as a column",
        Gradient(L, s1),
        (hadamard(Gradient(L, z1), slopes(f1, s1)), "f1 acts on each unit alone"),
        (DELTA_1, "z_1 acts through s_2 = W_2 z_1"),
        source=DELTAS,
    ),
    chain(
        "delta-2-row",
        "dL/ds_2 as a row, a product of Jacobians",
        Jacobian(L, s2),
        (Jacobian(L, z2) * Jacobian(z2, s2), "chain rule"),
        (
            Jacobian(L, y_out) * Jacobian(y_out, s_out) * Jacobian(s_out, z2) * Jacobian(z2, s2),
            "chain rule for dL/dz_2",
        ),
        ((y_out - y_gt).T * diag(slopes(f3, s_out)) * W_out * diag(slopes(f2, s2)), "fill in the layers"),
        source=DELTAS,
        note="Numerator layout: the factors stand in the order of the chain rule, without transposes.",
    ),
    chain(
        "dL-dW-out",
        "dL/dW_out as a matrix",
        Gradient(L, W_out),
        (delta_out * z2.T, "s_out = W_out z_2"),
        (DELTA_OUT * z2.T, "delta_out written out"),
        source=DELTAS,
    ),
    chain(
        "dL-dW-2",
        "dL/dW_2 as a matrix",
        Gradient(L, W2),
        (delta_2 * z1.T, "s_2 = W_2 z_1"),
        (DELTA_2 * z1.T, "delta_2 written out"),
        (hadamard(W_out.T * DELTA_OUT, slopes(f2, s2)) * z1.T, "delta_out written out"),
        source=DELTAS,
    ),
    chain(
        "dL-dW-1",
        "dL/dW_1 as a matrix",
        Gradient(L, W1),
        (delta_1 * x_in.T, "s_1 = W_1 x_in"),
        (DELTA_1 * x_in.T, "delta_1 written out"),
        (hadamard(W2.T * DELTA_2, slopes(f1, s1)) * x_in.T, "delta_2 written out"),
        (
            hadamard(W2.T * hadamard(W_out.T * DELTA_OUT, slopes(f2, s2)), slopes(f1, s1)) * x_in.T,
            "delta_out written out",
        ),
        source=DELTAS,
    ),
    chain(
        "update-W-out",
        "the change -eta dL/dW_out that gradient descent makes",
        -eta * Gradient(L, W_out),
        (-eta * delta_out * z2.T, "the error times the activation that feeds the weight"),
        (-eta * delta_out * elementwise(f2, s2).T, "z_2 = f2(s_2)"),
        source=PRELUDE,
    ),
    chain(
        "update-W-2",
        "the change -eta dL/dW_2 that gradient descent makes",
        -eta * Gradient(L, W2),
        (-eta * delta_2 * z1.T, "the error times the activation that feeds the weight"),
        (-eta * delta_2 * elementwise(f1, s1).T, "z_1 = f1(s_1)"),
        source=PRELUDE,
    ),
    chain(
        "update-W-1",
        "the change -eta dL/dW_1 that gradient descent makes",
        -eta * Gradient(L, W1),
        (-eta * delta_1 * x_in.T, "the error times the input that feeds the weight"),
        source=PRELUDE,
    ),
)


def product_as_written(*factors: Any) -> Any:
    """A matrix product whose factors need not conform; whether they do is judged, not assumed."""
    return sp.Basic.__new__(sp.MatMul, *factors)


def update_slip(layer: str, weight: Any, delta: Any, slope: Any, right: Any) -> Erratum:
    """Section 2 of 003 with the activation's derivative where the activation belongs."""
    return Erratum(
        f"squared-error-update-W-{layer}-activation-slope",
        "the change of a weight takes the activation that feeds it, not that activation's derivative",
        -eta * Gradient(L, weight),
        -eta * delta * slope.T,
        -eta * delta * right.T,
        GIVEN,
        (PRELUDE,),
        "The document's words say activation, its formula df(x)/dx.  W_1 is fed by x_in, which no f gives.",
    )


def product_slip(layer: str, weight: Any, delta: Any, fed_by: Any) -> Erratum:
    """delta_k z without the transposition that makes it a matrix."""
    return Erratum(
        f"squared-error-Delta-W-{layer}-without-transpose",
        "two columns have no product; their outer product is delta z^T",
        Gradient(L, weight),
        product_as_written(delta, fed_by),
        delta * fed_by.T,
        GIVEN,
        (DELTAS,),
        "Right where each layer has one unit; for W_out, a row where there is one output, right up to layout.",
    )


MATRIX_ERRATA = (
    product_slip("out", W_out, delta_out, z2),
    product_slip("2", W2, delta_2, z1),
    product_slip("1", W1, delta_1, x_in),
    update_slip("out", W_out, delta_out, slopes(f2, s2), z2),
    update_slip("2", W2, delta_2, slopes(f1, s1), z1),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (*ENTRY_BY_ENTRY, *AS_MATRICES, *MATRIX_ERRATA)
