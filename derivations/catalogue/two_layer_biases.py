"""Gradients of the two-layer softmax network with biases: an arbitrary activation, then sigmoid, tanh, ReLU.

A derivative by a column that is written `Jacobian` is a row or a matrix in numerator layout, a `Gradient` has
the shape of its variable.  Quantities, shapes and domains are those of `_two_layer_network`; with ReLU units
the proofs except z1 = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Line
from symbolic.notation import (
    D,
    Gradient,
    Jacobian,
    delta,
    diag,
    elementwise,
    hadamard,
    ones,
    relu,
    sigmoid,
    total,
)

from ._two_layer_biases_errata import ERRATA
from ._two_layer_network import NET, SOURCE, Network, P, c, d, i, j, k, n1, n2, network, p, s, slope
from .two_layer import entry, product, transposed

__all__ = ["ENTRIES"]

x, W1, b1, z1, a1, W2, b2 = NET.x, NET.W1, NET.b1, NET.z1, NET.a1, NET.W2, NET.b2
z2, yhat, y, L, error, back = NET.z2, NET.yhat, NET.y, NET.L, NET.error, NET.back


def derivation(name: str, title: str, start: Any, *lines: tuple[Any, str], note: str = "") -> Derivation:
    """A chain about `NET`."""
    steps = tuple(Line(expression, reason) for expression, reason in lines)
    return Derivation(f"two-layer-biases-{name}", title, start, steps, NET.given, SOURCE, note)


# ---- the factors of the chain rule

_RANGE_NOTE = (
    "The document's sum runs from k = 0 to n1, one term more than a1 has; its own list of indices, "
    "{0, ..., n1 - 1}, is right."
)

_factors = (
    derivation(
        "dz2-dW2",
        "dz2_j/dw2_jk = a1_k",
        D(z2[j, 0], W2[j, k]),
        (
            D(total(s, n1, W2[j, s] * a1[s, 0]) + b2[j, 0], W2[j, k]),
            "z2_j is row j of W2 times a1, plus b2_j",
        ),
        (total(s, n1, delta(s, k) * a1[s, 0]), "dw2_js/dw2_jk = delta_sk"),
        (a1[k, 0], "the delta leaves s = k"),
        note=_RANGE_NOTE,
    ),
    derivation(
        "dz2-db2",
        "dz2_j/db2_j = 1",
        D(z2[j, 0], b2[j, 0]),
        (
            D(total(s, n1, W2[j, s] * a1[s, 0]) + b2[j, 0], b2[j, 0]),
            "z2_j is row j of W2 times a1, plus b2_j",
        ),
        (sp.Integer(1), "b2_j stands alone"),
    ),
    derivation(
        "dz2-da1",
        "dz2_j/da1_k = w2_jk",
        D(z2[j, 0], a1[k, 0]),
        (
            D(total(s, n1, W2[j, s] * a1[s, 0]) + b2[j, 0], a1[k, 0]),
            "z2_j is row j of W2 times a1, plus b2_j",
        ),
        (total(s, n1, W2[j, s] * delta(s, k)), "da1_s/da1_k = delta_sk"),
        (W2[j, k], "the delta leaves s = k"),
    ),
    derivation(
        "da1-dz1",
        "da1/dz1 = diag(f'(z1))",
        Jacobian(a1, z1),
        (diag(elementwise(slope, z1)), "a1_k depends on z1_k alone"),
        note="The document writes f'(z1), which is right unit by unit: it is the diagonal of the Jacobian.",
    ),
    derivation(
        "da1-dz1-element",
        "da1_k/dz1_k = f'(z1_k)",
        D(a1[k, 0], z1[k, 0]),
        (slope(z1[k, 0]), "a1_k = f(z1_k)"),
    ),
    derivation(
        "dz1-dW1",
        "dz1_j/dw1_ji = x_i",
        D(z1[j, 0], W1[j, i]),
        (D(total(p, P, W1[j, p] * x[p, 0]) + b1[j, 0], W1[j, i]), "z1_j is row j of W1 times x, plus b1_j"),
        (total(p, P, delta(p, i) * x[p, 0]), "dw1_jp/dw1_ji = delta_pi"),
        (x[i, 0], "the delta leaves p = i"),
        note="The document's sum runs from i = 0 to p, one term more than x has.",
    ),
    derivation(
        "dz1-db1",
        "dz1_k/db1_k = 1",
        D(z1[k, 0], b1[k, 0]),
        (D(total(p, P, W1[k, p] * x[p, 0]) + b1[k, 0], b1[k, 0]), "z1_k is row k of W1 times x, plus b1_k"),
        (sp.Integer(1), "b1_k stands alone"),
    ),
    derivation(
        "dL-dz2",
        "dL/dz2_i = yhat_i - y_i",
        D(L, z2[i, 0]),
        (total(j, n2, D(L, yhat[j, 0]) * D(yhat[j, 0], z2[i, 0])), "chain rule through every yhat_j"),
        (error(i), "the targets sum to 1"),
        note="The document leaves the sum over j, repeated in a product of chain-rule factors, unwritten.",
    ),
)

# ---- the second layer

_BY_YHAT = Jacobian(L, yhat) * Jacobian(yhat, z2)

_second_layer = (
    derivation(
        "dL-dW2-element",
        "dL/dw2_jk = (yhat_j - y_j) a1_k",
        D(L, W2[j, k]),
        (
            total(c, n2, total(d, n2, D(L, yhat[d, 0]) * D(yhat[d, 0], z2[c, 0])) * D(z2[c, 0], W2[j, k])),
            "chain rule through every yhat_d and every z2_c",
        ),
        (total(c, n2, error(c) * D(z2[c, 0], W2[j, k])), "dL/dz2_c = yhat_c - y_c"),
        (total(c, n2, error(c) * delta(c, j) * a1[k, 0]), "z2_c holds w2_jk only for c = j"),
        (error(j) * a1[k, 0], "the delta leaves c = j"),
        note="The document's chain of factors means these sums; it does not write them.",
    ),
    derivation(
        "dL-dW2",
        "dL/dW2 = (yhat - y) a1^T",
        Gradient(L, W2),
        (product(transposed(_BY_YHAT), a1.T), "chain rule: dz2_c/dw2_jk = delta_cj a1_k"),
        ((yhat - y) * a1.T, "dL/dz2 = (yhat - y)^T"),
        note="Shape (n2, n1), as the document says.",
    ),
    derivation(
        "dL-db2-element",
        "dL/db2_k = yhat_k - y_k",
        D(L, b2[k, 0]),
        (
            total(c, n2, total(d, n2, D(L, yhat[d, 0]) * D(yhat[d, 0], z2[c, 0])) * D(z2[c, 0], b2[k, 0])),
            "chain rule through every yhat_d and every z2_c",
        ),
        (total(c, n2, error(c) * D(z2[c, 0], b2[k, 0])), "dL/dz2_c = yhat_c - y_c"),
        (total(c, n2, error(c) * delta(c, k)), "dz2_c/db2_k = delta_ck"),
        (error(k), "the delta leaves c = k"),
    ),
    derivation(
        "dL-db2",
        "dL/db2 = yhat - y",
        Gradient(L, b2),
        (transposed(_BY_YHAT), "chain rule: dz2/db2 is the identity"),
        (yhat - y, "dL/dz2 = (yhat - y)^T"),
    ),
)

# ---- the first layer

_BY_Z1 = _BY_YHAT * Jacobian(z2, a1) * Jacobian(a1, z1)
_BY_A1 = total(c, n2, error(c) * D(z2[c, 0], a1[k, 0]))
_ROW = transposed(yhat - y)
_SLOPES = elementwise(slope, z1)

_first_layer = (
    derivation(
        "dL-dW1-element",
        "dL/dw1_kp = sum over c of (yhat_c - y_c) w2_ck f'(z1_k) x_p",
        D(L, W1[k, p]),
        (
            NET.every_path(k) * D(a1[k, 0], z1[k, 0]) * D(z1[k, 0], W1[k, p]),
            "chain rule through every yhat_d and every z2_c; w1_kp acts on unit k alone",
        ),
        (_BY_A1 * D(a1[k, 0], z1[k, 0]) * D(z1[k, 0], W1[k, p]), "dL/dz2_c = yhat_c - y_c"),
        (back(k) * D(a1[k, 0], z1[k, 0]) * D(z1[k, 0], W1[k, p]), "dz2_c/da1_k = w2_ck"),
        (back(k) * slope(z1[k, 0]) * D(z1[k, 0], W1[k, p]), "da1_k/dz1_k = f'(z1_k)"),
        (total(c, n2, error(c) * W2[c, k] * slope(z1[k, 0]) * x[p, 0]), "dz1_k/dw1_kp = x_p"),
        (entry(hadamard(NET.carried(), _SLOPES) * x.T, k, p), "as a product of matrices"),
    ),
    derivation(
        "dL-dW1",
        "dL/dW1 = (W2^T (yhat - y) .* f'(z1)) x^T",
        Gradient(L, W1),
        (
            product(transposed(_BY_Z1), x.T),
            "chain rule: dz1_s/dw1_kp = delta_sk x_p",
        ),
        (product(transposed(product(_ROW, W2, Jacobian(a1, z1))), x.T), "dL/dz2 = (yhat - y)^T and dz2/da1 = W2"),
        (diag(_SLOPES) * W2.T * (yhat - y) * x.T, "da1/dz1 = diag(f'(z1))"),
        (hadamard(NET.carried(), _SLOPES) * x.T, "diag(v) u = v .* u"),
        note="Shape (n1, P).",
    ),
    derivation(
        "dL-db1-element",
        "dL/db1_k = sum over c of (yhat_c - y_c) w2_ck f'(z1_k)",
        D(L, b1[k, 0]),
        (
            NET.every_path(k) * D(a1[k, 0], z1[k, 0]) * D(z1[k, 0], b1[k, 0]),
            "chain rule through every yhat_d and every z2_c; b1_k acts on unit k alone",
        ),
        (_BY_A1 * D(a1[k, 0], z1[k, 0]) * D(z1[k, 0], b1[k, 0]), "dL/dz2_c = yhat_c - y_c"),
        (back(k) * D(a1[k, 0], z1[k, 0]), "dz2_c/da1_k = w2_ck and dz1_k/db1_k = 1"),
        (total(c, n2, error(c) * W2[c, k] * slope(z1[k, 0])), "da1_k/dz1_k = f'(z1_k)"),
    ),
    derivation(
        "dL-db1",
        "dL/db1 = W2^T (yhat - y) .* f'(z1)",
        Gradient(L, b1),
        (transposed(_BY_Z1), "chain rule: dz1/db1 is the identity"),
        (diag(_SLOPES) * W2.T * (yhat - y), "dL/dz2 = (yhat - y)^T, dz2/da1 = W2, da1/dz1 = diag(f'(z1))"),
        (hadamard(NET.carried(), _SLOPES), "diag(v) u = v .* u"),
    ),
)

# ---- the first layer with an activation of one's choice


def _step(u: Any) -> Any:
    return sp.Piecewise((1, u > 0), (0, True))


def _with_activation(name: str, activation: Any, by_z1: Any, closed: Callable[[Network], Any]) -> Derivation:
    net = network(P, n1, n2, activation)
    carried, row = net.carried(), transposed(net.yhat - net.y)
    return Derivation(
        f"two-layer-biases-dL-dW1-{name.lower()}",
        f"dL/dW1 of the two-layer softmax network with {name} units",
        start=Gradient(net.L, net.W1),
        lines=(
            Line(Jacobian(net.L, net.z1).T * net.x.T, "chain rule: dz1_s/dw1_kp = delta_sk x_p"),
            Line(
                product(transposed(product(row, net.W2, Jacobian(net.a1, net.z1))), net.x.T), "dL/da1 = (yhat - y)^T W2"
            ),
            Line(hadamard(carried, elementwise(by_z1, net.z1)) * net.x.T, "the slope of each unit"),
            Line(closed(net), "the slope in terms of the activation"),
        ),
        given=net.given,
        sources=SOURCE,
    )


_activations = (
    _with_activation(
        "sigmoid",
        sigmoid,
        lambda u: sp.exp(-u) / (1 + sp.exp(-u)) ** 2,
        lambda net: hadamard(net.carried(), net.a1, ones(n1) - net.a1) * net.x.T,
    ),
    _with_activation(
        "tanh",
        sp.tanh,
        lambda u: sp.cosh(u) ** -2,
        lambda net: hadamard(net.carried(), ones(n1) - hadamard(net.a1, net.a1)) * net.x.T,
    ),
    _with_activation(
        "ReLU",
        relu,
        lambda u: sp.Heaviside(u, 0),
        lambda net: hadamard(net.carried(), elementwise(_step, net.a1)) * net.x.T,
    ),
)

ENTRIES = (*_factors, *_second_layer, *_first_layer, *_activations, *ERRATA)
