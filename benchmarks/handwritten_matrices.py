"""Layers, networks and attention as people write them by hand in NumPy: the part of the listing with matrices.

Rows are samples.  The two listings are what they are in `benchmarks.handwritten`: the textbook's equation as it stands,
and the fastest form of equal accuracy that we know.  What a product of matrices takes is the same for all; what is left
is how often the batch is gone through besides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.handwritten import (
    best_cross_entropy,
    best_cross_entropy_gradient,
    best_softmax,
    naive_log_softmax,
    naive_softmax,
    total,
)

__all__ = ["BEST_OF_MATRICES", "NAIVE_OF_MATRICES"]

Function = Callable[..., Any]


def transposed(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


# ---- as the textbook has it


def naive_two_layer(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return np.maximum(0, x @ W1.T + b1) @ W2.T + b2


def naive_two_layer_cross_entropy(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return -(t * naive_log_softmax(naive_two_layer(x, W1, b1, W2, b2))).sum(axis=-1).mean()


def naive_network_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    z1 = x @ W1.T + b1
    y = naive_softmax(np.maximum(0, z1) @ W2.T + b2)
    d1 = ((y - t) @ W2) * (z1 > 0)
    return d1.T @ x / len(x)


def naive_softmax_jacobian(z: Any) -> Any:
    y = naive_softmax(z)
    return y[..., None] * (np.eye(z.shape[-1]) - y[..., None, :])


def naive_weights(Q: Any, K: Any) -> Any:
    return naive_softmax(Q @ transposed(K) / np.sqrt(Q.shape[-1]))


def naive_layer_norm_weight_vjp(x: Any, g: Any) -> Any:
    u = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
    return (g * u).sum(axis=0)


NAIVE_OF_MATRICES: dict[str, Function] = {
    "linear": lambda x, W, b: x @ W.T + b,
    "linear_vjp": lambda W, g: g @ W,
    "linear_weight_vjp": lambda x, g: g.T @ x,
    "linear_bias_vjp": lambda g: g.sum(axis=0),
    "two_layer": naive_two_layer,
    "two_layer_cross_entropy": naive_two_layer_cross_entropy,
    "two_layer_cross_entropy_W1_gradient": naive_network_gradient,
    "softmax_jacobian": naive_softmax_jacobian,
    "attention": lambda Q, K, V: naive_weights(Q, K) @ V,
    "attention_value_vjp": lambda Q, K, G: transposed(naive_weights(Q, K)) @ G,
    "layer_norm_weight_vjp": naive_layer_norm_weight_vjp,
}


# ---- as an expert writes it


def best_linear(x: Any, W: Any, b: Any) -> Any:
    result = x @ W.T
    result += b
    return result


def best_two_layer(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    a1 = best_linear(x, W1, b1)
    np.maximum(a1, 0.0, out=a1) if a1.size < 1 << 12 else np.clip(a1, 0.0, np.inf, out=a1)
    return best_linear(a1, W2, b2)


def best_two_layer_cross_entropy(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return best_cross_entropy(best_two_layer(x, W1, b1, W2, b2), t).sum() / len(x)


def best_network_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    z2 = np.maximum(z1, 0) @ W2.T
    z2 += b2
    d2 = best_cross_entropy_gradient(z2, t)
    d2 /= len(x)
    d1 = d2 @ W2
    d1 *= z1 > 0
    return d1.T @ x


def best_softmax_jacobian(z: Any) -> Any:
    """What is left of 1 beside the largest class is the sum of the others; beside another, nothing cancels."""
    m = z.argmax(axis=-1, keepdims=True)
    e = z - np.take_along_axis(z, m, axis=-1)
    np.exp(e, out=e)
    y = e / total(e)
    np.put_along_axis(e, m, 0.0, axis=-1)
    rest = total(e)
    left = (1.0 + rest) - e
    np.put_along_axis(left, m, rest, axis=-1)
    left /= 1.0 + rest
    left *= y
    result = -y[..., None] * y[..., None, :]
    np.einsum("...ii->...i", result)[...] = left
    return result


def best_weights(Q: Any, K: Any) -> Any:
    scores = Q @ transposed(K)
    scores *= 1 / np.sqrt(Q.shape[-1])
    return best_softmax(scores)


def best_layer_norm_weight_vjp(x: Any, g: Any) -> Any:
    u = x - total(x) / x.shape[-1]
    u /= np.sqrt(total(np.square(u)) / x.shape[-1] + 1e-5)
    u *= g
    return u.sum(axis=0)


BEST_OF_MATRICES: dict[str, Function] = NAIVE_OF_MATRICES | {
    "linear": best_linear,
    "two_layer": best_two_layer,
    "two_layer_cross_entropy": best_two_layer_cross_entropy,
    "two_layer_cross_entropy_W1_gradient": best_network_gradient,
    "softmax_jacobian": best_softmax_jacobian,
    "attention": lambda Q, K, V: best_weights(Q, K) @ V,
    "attention_value_vjp": lambda Q, K, G: transposed(best_weights(Q, K)) @ G,
    "layer_norm_weight_vjp": best_layer_norm_weight_vjp,
}
