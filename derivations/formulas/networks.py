"""Networks, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

from .matrices import over_matrices
from .runtime import VerifiedFormula

__all__ = ["three_layer", "two_layer"]


def _two_layer(x: Any, W1: Any, b1: Any, W2: Any, b2: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    value = a1 @ W2.T
    value += b2
    return value


@VerifiedFormula
def two_layer(x: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, activation: Any = "relu", out: Any = None) -> Any:
    """A network of 2 linear layers with an activation between them.

    f(x W1^T + b1) W2^T + b2

    x: (..., n0), the input, one sample a row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (..., n2); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 002_c01bd2233d4021c3, 1.1.
    Proof: two-layer-computed.
    """
    return over_matrices(
        _two_layer,
        {"x": x, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        "(m,n0),(n1,n0),(n1),(n2,n1),(n2)->(m,n2)",
        batch="m",
        activation=activation,
        out=out,
    )


def _three_layer(x: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any, f: Any, slope: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    a1 = f(z1)
    z2 = a1 @ W2.T
    z2 += b2
    a2 = f(z2)
    value = a2 @ W3.T
    value += b3
    return value


@VerifiedFormula
def three_layer(
    x: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any, *, activation: Any = "relu", out: Any = None
) -> Any:
    """A network of 3 linear layers with an activation between them.

    f(f(x W1^T + b1) W2^T + b2) W3^T + b3

    x: (..., n0), the input, one sample a row
    W1: (n1, n0), the weights of layer 1
    b1: (n1,), the biases of layer 1
    W2: (n2, n1), the weights of layer 2
    b2: (n2,), the biases of layer 2
    W3: (n3, n2), the weights of layer 3
    b3: (n3,), the biases of layer 3
    activation: f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f
        alone does where no derivative is needed
    Returns (..., n3); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 002_c01bd2233d4021c3, 1.1.
    Proof: three-layer-computed.
    """
    return over_matrices(
        _three_layer,
        {"x": x, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3},
        "(m,n0),(n1,n0),(n1),(n2,n1),(n2),(n3,n2),(n3)->(m,n3)",
        batch="m",
        activation=activation,
        out=out,
    )
