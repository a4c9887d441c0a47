"""Cross entropy two layers, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .class_losses import cross_entropy, cross_entropy_gradient
from .matrices import over_matrices
from .runtime import VerifiedFormula

__all__ = [
    "two_layer_cross_entropy",
    "two_layer_cross_entropy_W1_gradient",
    "two_layer_cross_entropy_W2_gradient",
    "two_layer_cross_entropy_b1_gradient",
    "two_layer_cross_entropy_b2_gradient",
    "two_layer_cross_entropy_x_gradient",
]


def _two_layer_cross_entropy(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    e = cross_entropy(z2, t)
    return np.add.reduce(e[..., None], axis=-2, keepdims=True) / x.shape[-2]


@VerifiedFormula
def two_layer_cross_entropy(
    x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """The mean of cross-entropy of softmax over a batch, on a network of 2 layers.

    1/m sum over s of cross-entropy of softmax of z2 in row s

    x: (..., n0), the input, one sample a row
    t: (..., n2), the targets, which sum to 1 in each row; or (...) integers, the class of each row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns a number; float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: two-layer-cross-entropy-computed, with cross-entropy-computed.
    """
    return over_matrices(
        _two_layer_cross_entropy,
        {"x": x, "t": t, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(m,n2),(n1,n0),(n1),(n2,n1),(n2)->()",
        batch="m",
        activation=activation,
        classes="t",
        out=out,
    )


def _two_layer_cross_entropy_W1_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    r = cross_entropy_gradient(z2, t)
    d2 = r / x.shape[-2]
    d1 = d2 @ W2
    d1 *= slope(z1)
    return d1.T @ x


@VerifiedFormula
def two_layer_cross_entropy_W1_gradient(
    x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """The gradient of two_layer_cross_entropy by the weights of layer 1.

    dL/dW1 = d1^T x, d1 = (d2 W2) f'(z1), d2 = (softmax(z2) - t) / m

    x: (..., n0), the input, one sample a row
    t: (..., n2), the targets, which sum to 1 in each row; or (...) integers, the class of each row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (n1, n0); float32 and float64 are kept; losses are in nats.
    Where the activation has a kink, its derivative is the one that is given for it there.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: two-layer-cross-entropy-W1-gradient-computed, with cross-entropy-gradient-computed.
    """
    return over_matrices(
        _two_layer_cross_entropy_W1_gradient,
        {"x": x, "t": t, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(m,n2),(n1,n0),(n1),(n2,n1),(n2)->(n1,n0)",
        batch="m",
        activation=activation,
        classes="t",
        out=out,
    )


def _two_layer_cross_entropy_b1_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    r = cross_entropy_gradient(z2, t)
    d2 = r / x.shape[-2]
    d1 = d2 @ W2
    d1 *= slope(z1)
    return np.add.reduce(d1, axis=-2, keepdims=True)


@VerifiedFormula
def two_layer_cross_entropy_b1_gradient(
    x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """The gradient of two_layer_cross_entropy by the biases of layer 1.

    dL/db1 = d1^T 1, d1 = (d2 W2) f'(z1), d2 = (softmax(z2) - t) / m

    x: (..., n0), the input, one sample a row
    t: (..., n2), the targets, which sum to 1 in each row; or (...) integers, the class of each row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (n1,); float32 and float64 are kept; losses are in nats.
    Where the activation has a kink, its derivative is the one that is given for it there.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: two-layer-cross-entropy-b1-gradient-computed, with cross-entropy-gradient-computed.
    """
    return over_matrices(
        _two_layer_cross_entropy_b1_gradient,
        {"x": x, "t": t, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(m,n2),(n1,n0),(n1),(n2,n1),(n2)->(n1)",
        batch="m",
        activation=activation,
        classes="t",
        out=out,
    )


def _two_layer_cross_entropy_W2_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    r = cross_entropy_gradient(z2, t)
    d2 = r / x.shape[-2]
    return d2.T @ a1


@VerifiedFormula
def two_layer_cross_entropy_W2_gradient(
    x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """The gradient of two_layer_cross_entropy by the weights of layer 2.

    dL/dW2 = d2^T a1, d2 = (softmax(z2) - t) / m

    x: (..., n0), the input, one sample a row
    t: (..., n2), the targets, which sum to 1 in each row; or (...) integers, the class of each row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (n2, n1); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: two-layer-cross-entropy-W2-gradient-computed, with cross-entropy-gradient-computed.
    """
    return over_matrices(
        _two_layer_cross_entropy_W2_gradient,
        {"x": x, "t": t, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(m,n2),(n1,n0),(n1),(n2,n1),(n2)->(n2,n1)",
        batch="m",
        activation=activation,
        classes="t",
        out=out,
    )


def _two_layer_cross_entropy_b2_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    r = cross_entropy_gradient(z2, t)
    d2 = r / x.shape[-2]
    return np.add.reduce(d2, axis=-2, keepdims=True)


@VerifiedFormula
def two_layer_cross_entropy_b2_gradient(
    x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """The gradient of two_layer_cross_entropy by the biases of layer 2.

    dL/db2 = d2^T 1, d2 = (softmax(z2) - t) / m

    x: (..., n0), the input, one sample a row
    t: (..., n2), the targets, which sum to 1 in each row; or (...) integers, the class of each row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (n2,); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: two-layer-cross-entropy-b2-gradient-computed, with cross-entropy-gradient-computed.
    """
    return over_matrices(
        _two_layer_cross_entropy_b2_gradient,
        {"x": x, "t": t, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(m,n2),(n1,n0),(n1),(n2,n1),(n2)->(n2)",
        batch="m",
        activation=activation,
        classes="t",
        out=out,
    )


def _two_layer_cross_entropy_x_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    r = cross_entropy_gradient(z2, t)
    d2 = r / x.shape[-2]
    d1 = d2 @ W2
    d1 *= slope(z1)
    return d1 @ W1


@VerifiedFormula
def two_layer_cross_entropy_x_gradient(
    x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """The gradient of two_layer_cross_entropy by the input.

    dL/dx = d1 W1, d1 = (d2 W2) f'(z1), d2 = (softmax(z2) - t) / m

    x: (..., n0), the input, one sample a row
    t: (..., n2), the targets, which sum to 1 in each row; or (...) integers, the class of each row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (..., n0); float32 and float64 are kept; losses are in nats.
    Where the activation has a kink, its derivative is the one that is given for it there.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: two-layer-cross-entropy-x-gradient-computed, with cross-entropy-gradient-computed.
    """
    return over_matrices(
        _two_layer_cross_entropy_x_gradient,
        {"x": x, "t": t, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(m,n2),(n1,n0),(n1),(n2,n1),(n2)->(m,n0)",
        batch="m",
        activation=activation,
        classes="t",
        out=out,
    )
