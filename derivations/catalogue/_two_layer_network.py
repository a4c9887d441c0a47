"""The two-layer softmax network with biases and an arbitrary activation f, for one sample.

z1 = W1 x + b1, a1 = f(z1), z2 = W2 a1 + b2, yhat = softmax(z2), y one-hot, and the cross-entropy
L = -sum over c of y_c log yhat_c (nats).  x: (P, 1), W1: (n1, P), b1: (n1, 1), W2: (n2, n1), b2: (n2, 1).
f is smooth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Define, OneHot
from symbolic.notation import D, index, matrix, prime, scalar, size, softmax, total, vector

__all__ = [
    "NET",
    "SOURCE",
    "Network",
    "P",
    "actFun",
    "c",
    "d",
    "i",
    "j",
    "k",
    "n1",
    "n2",
    "network",
    "p",
    "s",
    "slope",
]

SOURCE = (Source("004_9eb3eaf93dd1b904", "1.4.1"),)

P, n1, n2 = size("P"), size("n1"), size("n2")
c, d, i, j, k, p, s = (index(name) for name in "cdijkps")
actFun = sp.Function("actFun")


@dataclass(frozen=True)
class Network:
    """The quantities of one network, and the definitions that join them."""

    x: Any
    W1: Any
    b1: Any
    z1: Any
    a1: Any
    W2: Any
    b2: Any
    z2: Any
    yhat: Any
    y: Any
    L: Any
    given: tuple[Any, ...]

    def error(self, unit: Any) -> Any:
        """yhat - y at one class."""
        return self.yhat[unit, 0] - self.y[unit, 0]

    def carried(self) -> Any:
        """W2^T (yhat - y), the same for all hidden units."""
        return self.W2.T * (self.yhat - self.y)

    def own_path(self, unit: Any) -> Any:
        """sum over c of dL/dyhat_c dyhat_c/dz2_c dz2_c/da1_k: each class by its own logit only."""
        L, yhat, z2 = self.L, self.yhat, self.z2
        return total(c, self.y.shape[0], D(L, yhat[c, 0]) * D(yhat[c, 0], z2[c, 0]) * D(z2[c, 0], self.a1[unit, 0]))

    def every_path(self, unit: Any) -> Any:
        """sum over c and d of dL/dyhat_d dyhat_d/dz2_c dz2_c/da1_k: each class by every logit."""
        L, yhat, z2, classes = self.L, self.yhat, self.z2, self.y.shape[0]
        by_z2 = total(d, classes, D(L, yhat[d, 0]) * D(yhat[d, 0], z2[c, 0]))
        return total(c, classes, by_z2 * D(z2[c, 0], self.a1[unit, 0]))

    def back(self, unit: Any) -> Any:
        """sum over c of (yhat_c - y_c) w2_ck: the error carried back to hidden unit k."""
        return total(c, self.y.shape[0], self.error(c) * self.W2[c, unit])


def network(features: Any, hidden: Any, classes: Any, activation: Callable[[Any], Any] = actFun) -> Network:
    """The network with these sizes: numbers of features, of hidden units and of classes."""
    x, W1, b1 = vector("x", features), matrix("W1", hidden, features), vector("b1", hidden)
    z1, a1 = vector("z1", hidden), vector("a1", hidden)
    W2, b2, z2 = matrix("W2", classes, hidden), vector("b2", classes), vector("z2", classes)
    yhat, y, L = vector("yhat", classes), vector("y", classes), scalar("L")
    given = (
        Define(z1[i, 0], total(p, features, W1[i, p] * x[p, 0]) + b1[i, 0]),
        Define(a1[i, 0], activation(z1[i, 0])),
        Define(z2[i, 0], total(s, hidden, W2[i, s] * a1[s, 0]) + b2[i, 0]),
        Define(yhat[i, 0], softmax(z2, i)),
        Define(L, -total(c, classes, y[c, 0] * sp.log(yhat[c, 0]))),
        OneHot(y),
    )
    return Network(x, W1, b1, z1, a1, W2, b2, z2, yhat, y, L, given)


def slope(u: Any) -> Any:
    """f'(u)."""
    return prime(actFun, u)


NET = network(P, n1, n2)
