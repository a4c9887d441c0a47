"""Wrong lines about the two-layer softmax network with biases, each with the right form beside it.

Sizes are arbitrary, or equal where a line only conforms for equal sizes: then it is refuted by value.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Erratum
from symbolic.notation import D, Gradient, delta, elementwise, hadamard, matrix, total

from ._two_layer_network import NET, SOURCE, Network, P, c, i, j, k, n1, n2, network, p, slope

__all__ = ["ERRATA"]

_SLOPE_NOTE = "The slope belongs to the hidden layer, whose input is z1."
_SUM_NOTE = "The sum over c binds nothing in the matrix: it is sum yhat - sum y = 0, and the line would be 0."


def _erratum(
    name: str, title: str, before: Any, as_written: Any, right: Any, net: Network = NET, note: str = ""
) -> Erratum:
    return Erratum(f"two-layer-biases-{name}", title, before, as_written, right, net.given, SOURCE, note)


def _slope_at_z2(name: str, sizes: str, net: Network) -> tuple[Erratum, Erratum]:
    """dL/dw1_kp and dL/db1_k with f'(z2_k) where f'(z1_k) belongs."""
    wrong, right = slope(net.z2[k, 0]), slope(net.z1[k, 0])

    def through(factor: Any, then: Any = 1) -> Any:
        return total(c, net.y.shape[0], net.error(c) * net.W2[c, k] * factor * then)

    return (
        _erratum(
            f"dL-dW1-slope-at-z2{name}",
            f"dL/dw1_kp with the slope at z2_k, {sizes}",
            before=D(net.L, net.W1[k, p]),
            as_written=through(wrong, net.x[p, 0]),
            right=through(right, net.x[p, 0]),
            net=net,
            note=_SLOPE_NOTE,
        ),
        _erratum(
            f"dL-db1-slope-at-z2{name}",
            f"dL/db1_k with the slope at z2_k, {sizes}",
            before=D(net.L, net.b1[k, 0]),
            as_written=through(wrong),
            right=through(right),
            net=net,
            note=_SLOPE_NOTE,
        ),
    )


def _matrix_form(name: str, sizes: str, net: Network) -> Erratum:
    """dL/dW1 = sum over c of (yhat_c - y_c) W2 .* f'(z2) x^T."""
    return _erratum(
        f"dL-dW1-matrix-form{name}",
        f"sum over c of (yhat_c - y_c) W2 .* f'(z2) x^T for dL/dW1, {sizes}",
        before=Gradient(net.L, net.W1),
        as_written=total(c, net.y.shape[0], net.error(c)) * hadamard(net.W2, elementwise(slope, net.z2) * net.x.T),
        right=hadamard(net.carried(), elementwise(slope, net.z1)) * net.x.T,
        net=net,
        note=_SUM_NOTE,
    )


_SQUARE = network(n1, n1, n2)
_HIDDEN_PATH = D(NET.a1[k, 0], NET.z1[k, 0])
_SAME_SIZES = "with as many classes as hidden units"

ERRATA = (
    _erratum(
        "dz2-db2-without-delta",
        "dz2_j/db2_k = 1, which holds for j = k alone",
        before=D(NET.z2[j, 0], NET.b2[k, 0]),
        as_written=sp.Integer(1),
        right=delta(j, k),
    ),
    _erratum(
        "dL-db2-wrong-index",
        "dL/db2_k = yhat_j - y_j, the error of another class",
        before=D(NET.L, NET.b2[k, 0]),
        as_written=NET.error(j),
        right=NET.error(k),
    ),
    _erratum(
        "dz1-dW1-indices-swapped",
        "dz1_j/dw1_ij = x_i, with the indices of the weight swapped",
        before=D(_SQUARE.z1[j, 0], _SQUARE.W1[i, j]),
        as_written=_SQUARE.x[i, 0],
        right=delta(i, j) * _SQUARE.x[j, 0],
        net=_SQUARE,
        note="w1_ij with j a hidden unit exists only where there are as many features as hidden units; "
        "dz1_j/dw1_ji = x_i is right.",
    ),
    _erratum(
        "dz1-db1-without-delta",
        "dz1_j/db1_k = 1, which holds for j = k alone",
        before=D(NET.z1[j, 0], NET.b1[k, 0]),
        as_written=sp.Integer(1),
        right=delta(j, k),
    ),
    _erratum(
        "dL-dW1-lost-cross-terms",
        "the chain for dL/dw1_kp takes each class by its own logit and loses dyhat_d/dz2_c for d /= c",
        before=D(NET.L, NET.W1[k, p]),
        as_written=NET.own_path(k) * _HIDDEN_PATH * D(NET.z1[k, 0], NET.W1[k, p]),
        right=NET.every_path(k) * _HIDDEN_PATH * D(NET.z1[k, 0], NET.W1[k, p]),
        note="Read with the sum over c that the repeated index means; without any sum it is wrong as well.",
    ),
    _erratum(
        "dL-db1-lost-cross-terms",
        "the chain for dL/db1_k takes each class by its own logit and loses dyhat_d/dz2_c for d /= c",
        before=D(NET.L, NET.b1[k, 0]),
        as_written=NET.own_path(k) * _HIDDEN_PATH * D(NET.z1[k, 0], NET.b1[k, 0]),
        right=NET.every_path(k) * _HIDDEN_PATH * D(NET.z1[k, 0], NET.b1[k, 0]),
        note="Read with the sum over c that the repeated index means; without any sum it is wrong as well.",
    ),
    *_slope_at_z2("", "where unit k of n1 is no class of n2", NET),
    *_slope_at_z2("-equal-sizes", _SAME_SIZES, network(P, n1, n1)),
    _matrix_form("", "which does not conform", NET),
    _matrix_form("-equal-sizes", "where all sizes are equal and it conforms", network(n1, n1, n1)),
    _erratum(
        "dL-dW1-wrong-shape",
        "dL/dW1 as a matrix of shape (n1, n2)",
        before=Gradient(NET.L, NET.W1),
        as_written=matrix("G", n1, n2),
        right=hadamard(NET.carried(), elementwise(slope, NET.z1)) * NET.x.T,
        note="G is any matrix of the claimed shape; dL/dW1 has the shape (n1, P) of W1, for a batch too.",
    ),
    _erratum(
        "dL-db1-matrix-form",
        "sum over c of (yhat_c - y_c) W2 .* f'(z2) for dL/db1, which does not conform",
        before=Gradient(NET.L, NET.b1),
        as_written=total(c, n2, NET.error(c)) * hadamard(NET.W2, elementwise(slope, NET.z2)),
        right=hadamard(NET.carried(), elementwise(slope, NET.z1)),
        note=_SUM_NOTE + "  The form for a batch repeats it.",
    ),
)
