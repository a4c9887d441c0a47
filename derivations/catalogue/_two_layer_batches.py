"""The two-layer softmax networks on a batch: rows are samples, the loss is the mean of the samples' losses.

Without biases: Z1 = X W1^T, Y1 = sigmoid(Z1), Z2 = Y1 W2^T, Y2 = softmax of each row, targets T.
With biases: Z1 = X W1^T + 1 b1^T, A1 = f(Z1), Z2 = A1 W2^T + 1 b2^T, Yhat = softmax of each row, targets Y.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symbolic.given import Define, sums_to_one
from symbolic.notation import D, index, matrix, scalar, sigmoid, size, total, vector

from ._two_layer_network import P, actFun, n1, n2

__all__ = ["BIASES", "NO_BIASES", "Batch", "with_biases"]

c, d, i, n, p, s = (index(name) for name in "cdinps")


@dataclass(frozen=True)
class Batch:
    """The quantities of one network on a batch, and the definitions that join them."""

    samples: Any
    X: Any
    W1: Any
    b1: Any
    Z1: Any
    hidden: Any
    W2: Any
    b2: Any
    Z2: Any
    output: Any
    targets: Any
    sample_loss: Any
    loss: Any
    given: tuple[Any, ...]

    def total(self, body: Any) -> Any:
        """sum over n of the body."""
        return total(n, self.samples, body)

    def mean(self, body: Any) -> Any:
        """1/N times the sum over n of the body."""
        return self.total(body) / self.samples

    def over_classes(self, body: Any) -> Any:
        """sum over c of the body."""
        return total(c, self.output.shape[1], body)

    def error(self, sample: Any, unit: Any) -> Any:
        """Output minus target of one sample at one class."""
        return self.output[sample, unit] - self.targets[sample, unit]

    def by_logit(self) -> Any:
        """sum over d of dloss/doutput[n, d] doutput[n, d]/dZ2[n, c]."""
        out = self.output
        return total(d, out.shape[1], D(self.loss, out[n, d]) * D(out[n, d], self.Z2[n, c]))

    def back(self, unit: Any) -> Any:
        """sum over c of (output - target)[n, c] W2[c, unit]."""
        return self.over_classes(self.error(n, c) * self.W2[c, unit])


def _softmax_of_row(Z: Any, sample: Any, unit: Any) -> Any:
    return sp.exp(Z[sample, unit]) / total(s, Z.shape[1], sp.exp(Z[sample, s]))


def _batch(names: str, sizes: tuple[Any, Any, Any, Any], activation: Callable[[Any], Any], biases: bool) -> Batch:
    hidden_name, output_name, targets_name, sample_name, loss_name = names.split()
    samples, features, units, classes = sizes
    X, W1, b1 = matrix("X", samples, features), matrix("W1", units, features), vector("b1", units)
    Z1, hidden = matrix("Z1", samples, units), matrix(hidden_name, samples, units)
    W2, b2, Z2 = matrix("W2", classes, units), vector("b2", classes), matrix("Z2", samples, classes)
    output, targets = matrix(output_name, samples, classes), matrix(targets_name, samples, classes)
    sample_loss, loss = vector(sample_name, samples), scalar(loss_name)
    given = (
        Define(Z1[n, i], total(p, features, W1[i, p] * X[n, p]) + (b1[i, 0] if biases else 0)),
        Define(hidden[n, i], activation(Z1[n, i])),
        Define(Z2[n, i], total(s, units, W2[i, s] * hidden[n, s]) + (b2[i, 0] if biases else 0)),
        Define(output[n, i], _softmax_of_row(Z2, n, i)),
        Define(sample_loss[n, 0], -total(c, classes, targets[n, c] * sp.log(output[n, c]))),
        Define(loss, total(n, samples, sample_loss[n, 0]) / samples),
        sums_to_one(targets),
    )
    return Batch(samples, X, W1, b1, Z1, hidden, W2, b2, Z2, output, targets, sample_loss, loss, given)


def with_biases(samples: Any, features: Any, units: Any, classes: Any) -> Batch:
    """The network with biases and an arbitrary activation on a batch of these sizes."""
    return _batch("A1 Yhat Y ell L", (samples, features, units, classes), actFun, biases=True)


NO_BIASES = _batch("Y1 Y2 T e E", (size("m"), size("n0"), n1, n2), sigmoid, biases=False)
BIASES = with_biases(size("N"), P, n1, n2)
