"""Gates, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from .in_place import gates as blocks
from .runtime import VerifiedFormula, elementwise

__all__ = [
    "gelu",
    "gelu_derivative",
    "gelu_tanh",
    "gelu_tanh_derivative",
    "hard_sigmoid",
    "hard_sigmoid_derivative",
    "hard_swish",
    "hard_swish_derivative",
    "mish",
    "mish_derivative",
    "silu",
    "silu_derivative",
    "softsign",
    "softsign_derivative",
]


def _silu(z: Any) -> Any:
    decay = np.exp(np.minimum(z, 0.0) / 2.0)
    return decay * (z * decay) / (1.0 + np.exp(-np.abs(z)))


@VerifiedFormula
def silu(z: Any, *, out: Any = None) -> Any:
    """SiLU (swish) without early underflow.

    z sigmoid(z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at -inf (0 times infinity), +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1702.03118, 2.2.
    Proof: silu-computed.
    """
    return elementwise(_silu, blocks.silu, ("z",), (z,), (), out)


def _silu_derivative(z: Any) -> Any:
    decay = np.exp(np.minimum(z, 0.0) / 2.0)
    decay_2 = np.exp(np.minimum(-z, 0.0))
    term = 1.0 + decay_2 * decay**2
    return decay * (decay * (z * decay_2 + term)) / term**2


@VerifiedFormula
def silu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of SiLU.

    sigmoid(z) (1 + z (1 - sigmoid(z)))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at both infinities (0 times infinity).  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1702.03118, 2.2.
    Proof: silu-derivative-computed.
    """
    return elementwise(_silu_derivative, blocks.silu_derivative, ("z",), (z,), (), out)


def _gelu(z: Any) -> Any:
    return z * special.erfc(-(0.7071067811865476 * z)) / 2.0


@VerifiedFormula
def gelu(z: Any, *, out: Any = None) -> Any:
    """GELU by the complementary error function.

    z Phi(z), Phi the normal distribution function

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at -inf (0 times infinity), +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1606.08415, 2.
    Proof: gelu-computed.
    """
    return elementwise(_gelu, blocks.gelu, ("z",), (z,), (), out)


def _gelu_derivative(z: Any) -> Any:
    return special.erfc(-(0.7071067811865476 * z)) / 2.0 + 0.3989422804014327 * np.exp(-(z**2 / 2.0)) * z


@VerifiedFormula
def gelu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of GELU.

    Phi(z) + z phi(z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at both infinities (0 times infinity).  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1606.08415, 2.
    Proof: gelu-derivative-computed.
    """
    return elementwise(_gelu_derivative, blocks.gelu_derivative, ("z",), (z,), (), out)


def _gelu_tanh(z: Any) -> Any:
    decay = np.exp(-(np.abs(z) * (0.7978845608028654 + 0.035677408136300125 * z**2)))
    return (np.maximum(z, 0.0) + np.minimum(z, 0.0) * decay * decay) / (1.0 + decay**2)


@VerifiedFormula
def gelu_tanh(z: Any, *, out: Any = None) -> Any:
    """The tanh form of GELU without cancellation.

    z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at -inf (0 times infinity), +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1606.08415, 2.
    Proof: gelu-tanh-computed.
    """
    return elementwise(_gelu_tanh, blocks.gelu_tanh, ("z",), (z,), (), out)


def _gelu_tanh_derivative(z: Any) -> Any:
    decay = np.exp(-(np.abs(z) * (1.5957691216057308 + 0.07135481627260025 * z**2)))
    factor = z * decay
    term = 1.0 + decay
    return (
        np.heaviside(z, 0.0) * (1.0 - decay)
        + 1.5957691216057308 * (0.134145 * (z * (z * factor)) + factor) / term
        + decay
    ) / term


@VerifiedFormula
def gelu_tanh_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of the tanh form of GELU.

    s + z s (1 - s) 2 u', s = sigmoid(2u), u = sqrt(2/pi) (z + 0.044715 z^3)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at both infinities (0 times infinity).  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1606.08415, 2.
    Proof: gelu-tanh-derivative-computed.
    """
    return elementwise(_gelu_tanh_derivative, blocks.gelu_tanh_derivative, ("z",), (z,), (), out)


def _mish(z: Any) -> Any:
    decay = np.exp(np.minimum(z, 0.0) / 2.0)
    square = decay**2
    decay_2 = np.exp(np.minimum(-z, 0.0))
    term = square + 2.0 * decay_2
    return decay * (z * decay) * term / (2.0 * decay_2**2 + square * term)


@VerifiedFormula
def mish(z: Any, *, out: Any = None) -> Any:
    """Mish without overflow.

    z tanh(softplus(z))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at -inf (0 times infinity), +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1908.08681, 3.
    Proof: mish-computed.
    """
    return elementwise(_mish, blocks.mish, ("z",), (z,), (), out)


def _mish_derivative(z: Any) -> Any:
    decay = np.exp(np.minimum(z, 0.0) / 2.0)
    square = decay**2
    decay_2 = np.exp(np.minimum(-z, 0.0))
    term = square + 2.0 * decay_2
    term_2 = 2.0 * decay_2**2 + square * term
    return decay * (decay * (term * term_2 + 4.0 * decay_2 * (z * decay_2) * (square + decay_2))) / term_2**2


@VerifiedFormula
def mish_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of Mish.

    tanh(p) + z (1 - tanh(p)^2) sigmoid(z), p = softplus(z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at both infinities (0 times infinity).  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1908.08681, 3.
    Proof: mish-derivative-computed.
    """
    return elementwise(_mish_derivative, blocks.mish_derivative, ("z",), (z,), (), out)


def _softsign(z: Any) -> Any:
    return z / (1.0 + np.abs(z))


@VerifiedFormula
def softsign(z: Any, *, out: Any = None) -> Any:
    """Softsign.

    z / (1 + |z|)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: proceedings.mlr.press/v9/glorot10a, 2.
    Proof: softsign-computed.
    """
    return elementwise(_softsign, blocks.softsign, ("z",), (z,), (), out)


def _softsign_derivative(z: Any) -> Any:
    return (1.0 / (1.0 + np.abs(z))) ** 2


@VerifiedFormula
def softsign_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of softsign.

    1 / (1 + |z|)^2

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: proceedings.mlr.press/v9/glorot10a, 2.
    Proof: softsign-derivative-computed.
    """
    return elementwise(_softsign_derivative, blocks.softsign_derivative, ("z",), (z,), (), out)


def _hard_sigmoid(z: Any) -> Any:
    return np.minimum(np.maximum(3.0 + z, 0.0), 6.0) / 6.0


@VerifiedFormula
def hard_sigmoid(z: Any, *, out: Any = None) -> Any:
    """Hard sigmoid.

    0 for z <= -3, 1 for z >= 3, (z + 3)/6 between

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1905.02244, 5.2.
    Proof: hard-sigmoid-computed.
    """
    return elementwise(_hard_sigmoid, blocks.hard_sigmoid, ("z",), (z,), (), out)


def _hard_sigmoid_derivative(z: Any) -> Any:
    return 0.16666666666666666 * np.heaviside(3.0 - np.abs(z), 0.0)


@VerifiedFormula
def hard_sigmoid_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of hard sigmoid.

    1/6 for |z| < 3, else 0

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at z = -3 and z = 3; 0 is returned.
    At infinities: 0 at infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1905.02244, 5.2.
    Proof: hard-sigmoid-derivative-computed.
    """
    return elementwise(_hard_sigmoid_derivative, blocks.hard_sigmoid_derivative, ("z",), (z,), (), out)


def _hard_swish(z: Any) -> Any:
    return z * (np.minimum(np.maximum(3.0 + z, 0.0), 6.0) / 6.0)


@VerifiedFormula
def hard_swish(z: Any, *, out: Any = None) -> Any:
    """Hard swish.

    z hard_sigmoid(z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: NaN at -inf (0 times infinity), +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1905.02244, 5.2.
    Proof: hard-swish-computed.
    """
    return elementwise(_hard_swish, blocks.hard_swish, ("z",), (z,), (), out)


def _hard_swish_derivative(z: Any) -> Any:
    return (
        np.heaviside(3.0 - np.abs(z), 0.0) * np.minimum(np.maximum(z, -3.0), 3.0)
        + np.minimum(np.maximum(3.0 + z, 0.0), 6.0)
    ) / 6.0


@VerifiedFormula
def hard_swish_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of hard swish.

    0 for z < -3, 1 for z > 3, (2z + 3)/6 between

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at z = -3 and z = 3; 0 and 1 are returned.
    At infinities: 0 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1905.02244, 5.2.
    Proof: hard-swish-derivative-computed.
    """
    return elementwise(_hard_swish_derivative, blocks.hard_swish_derivative, ("z",), (z,), (), out)
