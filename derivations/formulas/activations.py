"""Activations, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import activations as blocks
from .runtime import VerifiedFormula, elementwise, positive

__all__ = [
    "elu",
    "elu_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "log_sigmoid",
    "log_sigmoid_derivative",
    "relu",
    "relu_derivative",
    "selu",
    "selu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softplus",
    "softplus_derivative",
    "tanh",
    "tanh_derivative",
]


def _sigmoid(z: Any) -> Any:
    return np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))


@VerifiedFormula
def sigmoid(z: Any, *, out: Any = None) -> Any:
    """Sigmoid without overflow.

    1 / (1 + exp(-z))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.1.
    Proof: sigmoid-computed.
    """
    return elementwise(_sigmoid, blocks.sigmoid, ("z",), (z,), (), out)


def _sigmoid_derivative(z: Any) -> Any:
    decay = np.exp(-np.abs(z))
    return decay / (1.0 + decay) ** 2


@VerifiedFormula
def sigmoid_derivative(z: Any, *, out: Any = None) -> Any:
    """Sigmoid' without cancellation.

    sigmoid(z) (1 - sigmoid(z))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at both infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.1.
    Proof: sigmoid-derivative-computed.
    """
    return elementwise(_sigmoid_derivative, blocks.sigmoid_derivative, ("z",), (z,), (), out)


def _log_sigmoid(z: Any) -> Any:
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


@VerifiedFormula
def log_sigmoid(z: Any, *, out: Any = None) -> Any:
    """Log sigmoid without overflow.

    log(sigmoid(z))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -inf at -inf, 0 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.1.
    Proof: log-sigmoid-computed.
    """
    return elementwise(_log_sigmoid, blocks.log_sigmoid, ("z",), (z,), (), out)


def _log_sigmoid_derivative(z: Any) -> Any:
    return np.exp(np.minimum(-z, 0.0)) / (1.0 + np.exp(-np.abs(z)))


@VerifiedFormula
def log_sigmoid_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of log sigmoid is sigmoid(-z).

    1 - sigmoid(z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 1 at -inf, 0 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.1.
    Proof: log-sigmoid-derivative-computed.
    """
    return elementwise(_log_sigmoid_derivative, blocks.log_sigmoid_derivative, ("z",), (z,), (), out)


def _softplus(z: Any) -> Any:
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@VerifiedFormula
def softplus(z: Any, *, out: Any = None) -> Any:
    """Softplus without overflow.

    log(1 + exp(z))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at -inf, +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1109/MLSP.2000.889416, softplus.
    Proof: softplus-computed.
    """
    return elementwise(_softplus, blocks.softplus, ("z",), (z,), (), out)


def _softplus_derivative(z: Any) -> Any:
    return np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))


@VerifiedFormula
def softplus_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of softplus is sigmoid.

    sigmoid(z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1109/MLSP.2000.889416, softplus.
    Proof: softplus-derivative-computed.
    """
    return elementwise(_softplus_derivative, blocks.softplus_derivative, ("z",), (z,), (), out)


def _tanh(z: Any) -> Any:
    return np.tanh(z)


@VerifiedFormula
def tanh(z: Any, *, out: Any = None) -> Any:
    """Tanh.

    (exp(z) - exp(-z)) / (exp(z) + exp(-z))

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -1 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.2.
    Proof: tanh-computed.
    """
    return elementwise(_tanh, blocks.tanh, ("z",), (z,), (), out)


def _tanh_derivative(z: Any) -> Any:
    decay = np.exp(-(2.0 * np.abs(z)))
    return 4.0 * decay / (1.0 + decay) ** 2


@VerifiedFormula
def tanh_derivative(z: Any, *, out: Any = None) -> Any:
    """Tanh' without cancellation.

    1 - tanh(z)^2

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at both infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.2.
    Proof: tanh-derivative-computed.
    """
    return elementwise(_tanh_derivative, blocks.tanh_derivative, ("z",), (z,), (), out)


def _relu(z: Any) -> Any:
    return np.maximum(z, 0.0)


@VerifiedFormula
def relu(z: Any, *, out: Any = None) -> Any:
    """ReLU.

    max(0, z)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: 0 at -inf, +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.3.
    Proof: relu-computed.
    """
    return elementwise(_relu, blocks.relu, ("z",), (z,), (), out)


def _relu_derivative(z: Any) -> Any:
    return np.heaviside(z, 0.0)


@VerifiedFormula
def relu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of ReLU, 0 at the kink.

    1 for z > 0, 0 for z <= 0

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at z = 0; 0 is returned.
    At infinities: 0 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.2.2, Part B2.3.
    Proof: relu-derivative-computed.
    """
    return elementwise(_relu_derivative, blocks.relu_derivative, ("z",), (z,), (), out)


def _leaky_relu(z: Any, slope: float) -> Any:
    return slope * np.minimum(z, 0.0) + np.maximum(z, 0.0)


@VerifiedFormula
def leaky_relu(z: Any, *, slope: float = 0.01, out: Any = None) -> Any:
    """Leaky ReLU.

    max(0, z) + slope min(0, z)

    z: (...), the pre-activation
    slope: the slope below 0
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits at infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1505.00853, 2.2.
    Proof: leaky-relu-computed.
    """
    return elementwise(_leaky_relu, blocks.leaky_relu, ("z",), (z,), (slope,), out)


def _leaky_relu_derivative(z: Any, slope: float) -> Any:
    return slope + np.heaviside(z, 0.0) * (1.0 - slope)


@VerifiedFormula
def leaky_relu_derivative(z: Any, *, slope: float = 0.01, out: Any = None) -> Any:
    """The slope of leaky ReLU.

    1 for z > 0, slope for z <= 0

    z: (...), the pre-activation
    slope: the slope below 0
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at z = 0 (unless slope = 1); slope is returned.
    At infinities: slope at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1505.00853, 2.2.
    Proof: leaky-relu-derivative-computed.
    """
    return elementwise(_leaky_relu_derivative, blocks.leaky_relu_derivative, ("z",), (z,), (slope,), out)


def _elu(z: Any, alpha: float) -> Any:
    return alpha * np.expm1(np.minimum(z, 0.0)) + np.maximum(z, 0.0)


@VerifiedFormula
def elu(z: Any, *, alpha: float = 1.0, out: Any = None) -> Any:
    """ELU without cancellation near 0.

    z for z > 0, alpha (exp(z) - 1) for z <= 0

    z: (...), the pre-activation
    alpha: minus the value at -inf (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -alpha at -inf, +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1511.07289, 3.
    Proof: elu-computed.
    """
    return elementwise(_elu, blocks.elu, ("z",), (z,), (positive("alpha", alpha),), out)


def _elu_derivative(z: Any, alpha: float) -> Any:
    return np.exp(np.minimum(z, 0.0)) * (alpha + np.heaviside(z, 0.0) * (1.0 - alpha))


@VerifiedFormula
def elu_derivative(z: Any, *, alpha: float = 1.0, out: Any = None) -> Any:
    """The slope of ELU.

    1 for z > 0, alpha exp(z) for z <= 0

    z: (...), the pre-activation
    alpha: minus the value at -inf (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at z = 0 unless alpha = 1; alpha is returned.
    At infinities: 0 at -inf, 1 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1511.07289, 3.
    Proof: elu-derivative-computed.
    """
    return elementwise(_elu_derivative, blocks.elu_derivative, ("z",), (z,), (positive("alpha", alpha),), out)


def _selu(z: Any) -> Any:
    return 1.0507009873554805 * np.maximum(z, 0.0) + 1.7580993408473768 * np.expm1(np.minimum(z, 0.0))


@VerifiedFormula
def selu(z: Any, *, out: Any = None) -> Any:
    """SELU.

    scale (z for z > 0, alpha (exp(z) - 1) for z <= 0), alpha = 1.67326..., scale = 1.05070...

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -1.7580993408473766 at -inf, +inf at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.02515, 2.
    Proof: selu-computed.
    """
    return elementwise(_selu, blocks.selu, ("z",), (z,), (), out)


def _selu_derivative(z: Any) -> Any:
    return np.exp(np.minimum(z, 0.0)) * (1.7580993408473768 - 0.7073983534918964 * np.heaviside(z, 0.0))


@VerifiedFormula
def selu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of SELU.

    scale (1 for z > 0, alpha exp(z) for z <= 0)

    z: (...), the pre-activation
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at z = 0; the slope from below, 1.758..., is returned.
    At infinities: 0 at -inf, 1.0507009873554805 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.02515, 2.
    Proof: selu-derivative-computed.
    """
    return elementwise(_selu_derivative, blocks.selu_derivative, ("z",), (z,), (), out)
