"""Squared error through three layers with one output and hidden layers of every size.

s1 = W1 x_in, z1 = f1(s1), s2 = W2 z1, z2 = f2(s2), s_out = W_out z2, z_out = y_out = f3(s_out) and
L = (y_out - y_gt)^2 / 2 (in squared units of y_out), with arbitrary activations f1, f2, f3.

x_in: (n0, 1), W1: (n1, n0), W2: (n2, n1), W_out: a row (1, n2); s_out, y_out and y_gt are numbers.  The gradient
by a matrix has the matrix's shape.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define
from symbolic.notation import D, Gradient, elementwise, hadamard, index, matrix, prime, scalar, size, total, vector

from .squared_error_layers import product_as_written, slopes

__all__ = ["ENTRIES"]

PRODUCTS = Source("002_c01bd2233d4021c3", "1.1")
DELTAS = Source("002_c01bd2233d4021c3", "1.2")
SUBSTITUTED = Source("003_a592d850349715ea", "1")
HALF = sp.Rational(1, 2)

n0, n1, n2 = (size(f"n{layer}") for layer in range(3))
i, j, k = (index(name) for name in "ijk")
f1, f2, f3 = (sp.Function(name) for name in ("f1", "f2", "f3"))
x_in, s1, z1, s2, z2 = (vector(name, n) for name, n in (("x_in", n0), ("s1", n1), ("z1", n1), ("s2", n2), ("z2", n2)))
W1, W2, W_out = matrix("W1", n1, n0), matrix("W2", n2, n1), matrix("W_out", 1, n2)
s_out, z_out, y_out, y_gt = (scalar(name) for name in ("s_out", "z_out", "y_out", "y_gt"))
L, delta_out, delta_2, delta_1 = scalar("L"), scalar("delta_out"), vector("delta_2", n2), vector("delta_1", n1)

GIVEN = (
    Define(s1, W1 * x_in),
    Define(z1, elementwise(f1, s1)),
    Define(s2, W2 * z1),
    Define(z2, elementwise(f2, s2)),
    Define(s_out, total(j, n2, W_out[0, j] * z2[j, 0])),
    Define(z_out, f3(s_out)),
    Define(y_out, z_out),
    Define(L, HALF * (y_out - y_gt) ** 2),
    Define(delta_out, D(L, s_out)),
    Define(delta_2, Gradient(L, s2)),
    Define(delta_1, Gradient(L, s1)),
)

TO_S_OUT = D(L, y_out) * D(y_out, s_out)
AT_OUT = (y_out - y_gt) * prime(f3, s_out)
LAYERS = "fill in the layers"


def through_s2(i: Any) -> Any:
    """dL/ds2_i as a product of chain rule factors."""
    return TO_S_OUT * D(s_out, z2[i, 0]) * D(z2[i, 0], s2[i, 0])


def chain(name: str, title: str, start: Any, *lines: tuple[Any, str], source: Source, note: str = "") -> Derivation:
    """A derivation on one output and hidden layers of every size."""
    written = tuple(Line(expression, reason) for expression, reason in lines)
    return Derivation(f"squared-error-one-output-{name}", title, start, written, GIVEN, (source,), note)


ENTRY_BY_ENTRY = (
    chain(
        "dL-dW-out-entry",
        "dL/dW_out, entry by entry",
        D(L, W_out[0, j]),
        (TO_S_OUT * D(s_out, W_out[0, j]), "chain rule"),
        (
            (y_out - y_gt) * D(f3(s_out), s_out) * D(total(k, n2, W_out[0, k] * z2[k, 0]), W_out[0, j]),
            "fill in L, y_out and s_out",
        ),
        (AT_OUT * z2[j, 0], "f3' by name; only the j-th term of s_out depends on W_out_j"),
        source=PRODUCTS,
    ),
    chain(
        "dL-dW-2-entry",
        "dL/dW_2, entry by entry",
        D(L, W2[i, j]),
        (through_s2(i) * D(s2[i, 0], W2[i, j]), "chain rule; only unit i depends on row i of W_2"),
        (AT_OUT * W_out[0, i] * prime(f2, s2[i, 0]) * z1[j, 0], LAYERS),
        source=PRODUCTS,
    ),
    chain(
        "dL-dW-1-entry",
        "dL/dW_1, entry by entry",
        D(L, W1[i, j]),
        (
            total(k, n2, through_s2(k) * D(s2[k, 0], z1[i, 0])) * D(z1[i, 0], s1[i, 0]) * D(s1[i, 0], W1[i, j]),
            "chain rule, summed over the units of the second layer",
        ),
        (
            AT_OUT * total(k, n2, W_out[0, k] * prime(f2, s2[k, 0]) * W2[k, i]) * prime(f1, s1[i, 0]) * x_in[j, 0],
            LAYERS,
        ),
        source=PRODUCTS,
        note="The document leaves the sum over the second layer to the reader.",
    ),
    chain(
        "delta-2-entry",
        "delta_2, entry by entry",
        D(L, s2[i, 0]),
        (
            D(L, z_out) * D(z_out, s_out) * D(s_out, z2[i, 0]) * D(z2[i, 0], s2[i, 0]),
            "chain rule; the document writes z_out for y_out here",
        ),
        (delta_out * W_out[0, i] * prime(f2, s2[i, 0]), "fold delta_out; fill in the layers"),
        source=DELTAS,
    ),
    chain(
        "delta-1-entry",
        "delta_1, entry by entry",
        D(L, s1[i, 0]),
        (
            total(k, n2, D(L, s2[k, 0]) * D(s2[k, 0], z1[i, 0])) * D(z1[i, 0], s1[i, 0]),
            "chain rule, summed over the units of the second layer",
        ),
        (total(k, n2, delta_2[k, 0] * W2[k, i]) * prime(f1, s1[i, 0]), "fold delta_2; fill in the layers"),
        source=DELTAS,
    ),
)

BACK_TO_S2 = hadamard(W_out.T, slopes(f2, s2))
BACK_TO_S1 = hadamard(W2.T * BACK_TO_S2, slopes(f1, s1))


def weighted(weights: Any, row: Any, n: Any, units: Any) -> Any:
    """sum over a unit of weights[row, unit] times that unit's output."""
    unit = sp.Dummy("k", integer=True)
    return total(unit, n, weights[row, unit] * units(unit))


# s_out as nested functions of the layers below it.
OUT_OF_Z2 = weighted(W_out, 0, n2, lambda k: z2[k, 0])
OUT_OF_Z1 = weighted(W_out, 0, n2, lambda k: f2(weighted(W2, k, n1, lambda j: z1[j, 0])))
OUT_OF_X = weighted(
    W_out, 0, n2, lambda k: f2(weighted(W2, k, n1, lambda j: f1(weighted(W1, j, n0, lambda i: x_in[i, 0]))))
)


def substituted(layer: str, weight: Any, s: Any, text: str, delta: Any, back: Any, fed_by: Any) -> Derivation:
    """The gradient by one layer's weights, from L with the layers substituted."""
    return chain(
        f"dL-dW-{layer}",
        f"dL/dW_{layer} as a matrix",
        Gradient(L, weight),
        (Gradient(HALF * (y_out - y_gt) ** 2, weight), "definition of L"),
        (Gradient(HALF * (f3(s) - y_gt) ** 2, weight), f"y_out = {text}"),
        ((f3(s) - y_gt) * prime(f3, s) * back * fed_by.T, "chain rule"),
        (AT_OUT * back * fed_by.T, "fold y_out and s_out"),
        (delta * fed_by.T, f"fold delta_{layer}"),
        source=SUBSTITUTED,
        note="For W_out the documents write the column z_2: the same up to layout." if layer == "out" else "",
    )


AS_MATRICES = (
    substituted("out", W_out, OUT_OF_Z2, "f3(W_out z_2)", delta_out, sp.Integer(1), z2),
    substituted("2", W2, OUT_OF_Z1, "f3(W_out f2(W_2 z_1))", delta_2, BACK_TO_S2, z1),
    substituted("1", W1, OUT_OF_X, "f3(W_out f2(W_2 f1(W_1 x_in)))", delta_1, BACK_TO_S1, x_in),
)

ERRATA = (
    Erratum(
        "squared-error-one-output-dL-dW-2-without-transpose",
        "W_out f2'(s_2) z_1 is no matrix of the shape of W_2",
        Gradient(L, W2),
        product_as_written(AT_OUT, W_out, slopes(f2, s2), z1),
        AT_OUT * BACK_TO_S2 * z1.T,
        GIVEN,
        (PRODUCTS, SUBSTITUTED),
        "Right where each layer has one unit.",
    ),
    Erratum(
        "squared-error-one-output-dL-dW-2-inner-product",
        "W_out . f2'(s_2), read as W_out . z_2 is, sums over the unit that has to stay",
        D(L, W2[i, j]),
        AT_OUT * total(k, n2, W_out[0, k] * prime(f2, s2[k, 0])) * z1[j, 0],
        AT_OUT * W_out[0, i] * prime(f2, s2[i, 0]) * z1[j, 0],
        GIVEN,
        (PRODUCTS, SUBSTITUTED),
        "Right where each layer has one unit.",
    ),
    Erratum(
        "squared-error-one-output-dL-dW-1-without-transpose",
        "W_out f2'(s_2) W_2 f1'(s_1) x_in is no matrix of the shape of W_1",
        Gradient(L, W1),
        product_as_written(AT_OUT, W_out, slopes(f2, s2), W2, slopes(f1, s1), x_in),
        AT_OUT * BACK_TO_S1 * x_in.T,
        GIVEN,
        (PRODUCTS, SUBSTITUTED),
        "Right where each layer has one unit.",
    ),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (*ENTRY_BY_ENTRY, *AS_MATRICES, *ERRATA)
