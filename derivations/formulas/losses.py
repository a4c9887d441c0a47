"""Losses, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import losses as blocks
from .runtime import VerifiedFormula, elementwise, positive

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "focal",
    "focal_gradient",
    "gaussian_nll",
    "gaussian_nll_gradient",
    "gaussian_nll_variance_gradient",
    "hinge",
    "hinge_gradient",
    "huber",
    "huber_gradient",
    "log_cosh",
    "log_cosh_gradient",
    "poisson_nll",
    "poisson_nll_gradient",
    "squared_error",
    "squared_error_gradient",
    "squared_hinge",
    "squared_hinge_gradient",
]


def _squared_error(y: Any, t: Any) -> Any:
    return (y - t) ** 2 / 2.0


@VerifiedFormula
def squared_error(y: Any, t: Any, *, out: Any = None) -> Any:
    """Half the squared error.

    (y - t)^2 / 2

    y: (...), the output
    t: (...), the target
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 003_a592d850349715ea, 4.2.
    Proof: squared-error-computed.
    """
    return elementwise(_squared_error, blocks.squared_error, ("y", "t"), (y, t), (), out)


def _squared_error_gradient(y: Any, t: Any) -> Any:
    return y - t


@VerifiedFormula
def squared_error_gradient(y: Any, t: Any, *, out: Any = None) -> Any:
    """The slope of half the squared error.

    y - t

    y: (...), the output
    t: (...), the target
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 003_a592d850349715ea, 4.2.
    Proof: squared-error-gradient-computed.
    """
    return elementwise(_squared_error_gradient, blocks.squared_error_gradient, ("y", "t"), (y, t), (), out)


def _huber(y: Any, t: Any, delta: float) -> Any:
    size = np.abs(t - y)
    least = np.minimum(size, delta)
    return least * (size - least / 2.0)


@VerifiedFormula
def huber(y: Any, t: Any, *, delta: float = 1.0, out: Any = None) -> Any:
    """The Huber loss.

    (y - t)^2 / 2 for |y - t| <= delta, delta (|y - t| - delta/2) beyond

    y: (...), the output
    t: (...), the target
    delta: where the loss turns from quadratic to linear (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1214/aoms/1177703732, 4.
    Proof: huber-computed.
    """
    return elementwise(_huber, blocks.huber, ("y", "t"), (y, t), (positive("delta", delta),), out)


def _huber_gradient(y: Any, t: Any, delta: float) -> Any:
    return np.maximum(np.minimum(y - t, delta), -delta)


@VerifiedFormula
def huber_gradient(y: Any, t: Any, *, delta: float = 1.0, out: Any = None) -> Any:
    """The slope of the Huber loss clips the error.

    y - t clipped to [-delta, delta]

    y: (...), the output
    t: (...), the target
    delta: where the loss turns from quadratic to linear (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -delta and delta.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1214/aoms/1177703732, 4.
    Proof: huber-gradient-computed.
    """
    return elementwise(_huber_gradient, blocks.huber_gradient, ("y", "t"), (y, t), (positive("delta", delta),), out)


def _log_cosh(y: Any, t: Any) -> Any:
    size = np.abs(t - y)
    least = np.minimum(size, 1.0)
    term = size - least
    return term + np.log1p(2.0 * np.sinh(least / 2.0) ** 2 + np.exp(-least) * np.expm1(-(2.0 * term)) / 2.0)


@VerifiedFormula
def log_cosh(y: Any, t: Any, *, out: Any = None) -> Any:
    """Log cosh without overflow or cancellation.

    log(cosh(y - t))

    y: (...), the output
    t: (...), the target
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: +inf at infinities.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1080/10556788.2011.577775, log-cosh.
    Proof: log-cosh-computed.
    """
    return elementwise(_log_cosh, blocks.log_cosh, ("y", "t"), (y, t), (), out)


def _log_cosh_gradient(y: Any, t: Any) -> Any:
    return np.tanh(y - t)


@VerifiedFormula
def log_cosh_gradient(y: Any, t: Any, *, out: Any = None) -> Any:
    """The slope of log cosh is tanh.

    tanh(y - t)

    y: (...), the output
    t: (...), the target
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -1 and 1.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1080/10556788.2011.577775, log-cosh.
    Proof: log-cosh-gradient-computed.
    """
    return elementwise(_log_cosh_gradient, blocks.log_cosh_gradient, ("y", "t"), (y, t), (), out)


def _hinge(y: Any, s: Any) -> Any:
    return np.maximum(1.0 - s * y, 0.0)


@VerifiedFormula
def hinge(y: Any, s: Any, *, out: Any = None) -> Any:
    """The hinge loss of a class s = -1 or 1.

    max(0, 1 - s y)

    y: (...), the output
    s: (...), the class, -1 or 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1306.0239, 2.
    Proof: hinge-computed.
    """
    return elementwise(_hinge, blocks.hinge, ("y", "s"), (y, s), (), out)


def _hinge_gradient(y: Any, s: Any) -> Any:
    return -(s * np.heaviside(1.0 - s * y, 0.0))


@VerifiedFormula
def hinge_gradient(y: Any, s: Any, *, out: Any = None) -> Any:
    """The slope of the hinge loss.

    -s where s y < 1, else 0

    y: (...), the output
    s: (...), the class, -1 or 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    There is no slope at s y = 1; 0 is returned.
    At infinities: the limits.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1306.0239, 2.
    Proof: hinge-gradient-computed.
    """
    return elementwise(_hinge_gradient, blocks.hinge_gradient, ("y", "s"), (y, s), (), out)


def _squared_hinge(y: Any, s: Any) -> Any:
    return np.maximum(1.0 - s * y, 0.0) ** 2


@VerifiedFormula
def squared_hinge(y: Any, s: Any, *, out: Any = None) -> Any:
    """The squared hinge loss.

    max(0, 1 - s y)^2

    y: (...), the output
    s: (...), the class, -1 or 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1306.0239, 2.
    Proof: squared-hinge-computed.
    """
    return elementwise(_squared_hinge, blocks.squared_hinge, ("y", "s"), (y, s), (), out)


def _squared_hinge_gradient(y: Any, s: Any) -> Any:
    return -(2.0 * np.maximum(1.0 - s * y, 0.0) * s)


@VerifiedFormula
def squared_hinge_gradient(y: Any, s: Any, *, out: Any = None) -> Any:
    """The slope of the squared hinge loss.

    -2 s max(0, 1 - s y)

    y: (...), the output
    s: (...), the class, -1 or 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1306.0239, 2.
    Proof: squared-hinge-gradient-computed.
    """
    return elementwise(_squared_hinge_gradient, blocks.squared_hinge_gradient, ("y", "s"), (y, s), (), out)


def _binary_cross_entropy(z: Any, t: Any) -> Any:
    return t * np.maximum(-z, 0.0) + (1.0 - t) * np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@VerifiedFormula
def binary_cross_entropy(z: Any, t: Any, *, out: Any = None) -> Any:
    """Binary cross-entropy on a logit.

    -t log(sigmoid(z)) - (1 - t) log(1 - sigmoid(z))

    z: (...), the logit
    t: (...), the target, between 0 and 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: +inf, or NaN where 0 times infinity is met.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 001_592b6b16dab3915e, exercise 1.
    Proof: binary-cross-entropy-computed.
    """
    return elementwise(_binary_cross_entropy, blocks.binary_cross_entropy, ("z", "t"), (z, t), (), out)


def _binary_cross_entropy_gradient(z: Any, t: Any) -> Any:
    decay = np.exp(np.minimum(z, 0.0))
    decay_2 = np.exp(np.minimum(-z, 0.0))
    return (decay * (1.0 - t) - t * decay_2) / (decay + decay_2)


@VerifiedFormula
def binary_cross_entropy_gradient(z: Any, t: Any, *, out: Any = None) -> Any:
    """The slope of binary cross-entropy on a logit.

    sigmoid(z) - t

    z: (...), the logit
    t: (...), the target, between 0 and 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 001_592b6b16dab3915e, exercise 1.
    Proof: binary-cross-entropy-gradient-computed.
    """
    return elementwise(
        _binary_cross_entropy_gradient, blocks.binary_cross_entropy_gradient, ("z", "t"), (z, t), (), out
    )


def _focal(z: Any, gamma: float) -> Any:
    excess = np.log1p(np.exp(-np.abs(z)))
    return np.exp(-(gamma * (np.maximum(z, 0.0) + excess))) * (np.maximum(-z, 0.0) + excess)


@VerifiedFormula
def focal(z: Any, *, gamma: float = 2.0, out: Any = None) -> Any:
    """The focal loss on the logit of the true class.

    -(1 - sigmoid(z))^gamma log(sigmoid(z))

    z: (...), the logit
    gamma: the focusing exponent (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: +inf at -inf, 0 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1708.02002, 3.
    Proof: focal-computed.
    """
    return elementwise(_focal, blocks.focal, ("z",), (z,), (positive("gamma", gamma),), out)


def _focal_gradient(z: Any, gamma: float) -> Any:
    excess = np.log1p(np.exp(-np.abs(z)))
    decay = np.exp(np.minimum(z, 0.0))
    decay_2 = np.exp(np.minimum(-z, 0.0))
    return -(
        np.exp(-(gamma * (np.maximum(z, 0.0) + excess)))
        * (gamma * decay * (np.maximum(-z, 0.0) + excess) + decay_2)
        / (decay + decay_2)
    )


@VerifiedFormula
def focal_gradient(z: Any, *, gamma: float = 2.0, out: Any = None) -> Any:
    """The slope of the focal loss.

    -(1 - p)^gamma (gamma p (-log p) + 1 - p), p = sigmoid(z)

    z: (...), the logit
    gamma: the focusing exponent (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: -1 at -inf or NaN, 0 at +inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1708.02002, 3.
    Proof: focal-gradient-computed.
    """
    return elementwise(_focal_gradient, blocks.focal_gradient, ("z",), (z,), (positive("gamma", gamma),), out)


def _gaussian_nll(y: Any, t: Any, variance: Any) -> Any:
    term = y - t
    return (term * (term / variance) + np.log(6.283185307179586 * variance)) / 2.0


@VerifiedFormula
def gaussian_nll(y: Any, t: Any, variance: Any, *, out: Any = None) -> Any:
    """The negative log-likelihood of a normal distribution.

    log(2 pi variance) / 2 + (y - t)^2 / (2 variance)

    y: (...), the output
    t: (...), the target
    variance: (...), the variance, positive
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1109/ICNN.1994.374138, 2.
    Proof: gaussian-nll-computed.
    """
    return elementwise(_gaussian_nll, blocks.gaussian_nll, ("y", "t", "variance"), (y, t, variance), (), out)


def _gaussian_nll_gradient(y: Any, t: Any, variance: Any) -> Any:
    return (y - t) / variance


@VerifiedFormula
def gaussian_nll_gradient(y: Any, t: Any, variance: Any, *, out: Any = None) -> Any:
    """Its slope by the mean y.

    (y - t) / variance

    y: (...), the output
    t: (...), the target
    variance: (...), the variance, positive
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1109/ICNN.1994.374138, 2.
    Proof: gaussian-nll-gradient-computed.
    """
    return elementwise(
        _gaussian_nll_gradient, blocks.gaussian_nll_gradient, ("y", "t", "variance"), (y, t, variance), (), out
    )


def _gaussian_nll_variance_gradient(y: Any, t: Any, variance: Any) -> Any:
    term = y - t
    return (1.0 - term * (term / variance)) / (2.0 * variance)


@VerifiedFormula
def gaussian_nll_variance_gradient(y: Any, t: Any, variance: Any, *, out: Any = None) -> Any:
    """Its slope by the variance.

    (1 - (y - t)^2 / variance) / (2 variance)

    y: (...), the output
    t: (...), the target
    variance: (...), the variance, positive
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1109/ICNN.1994.374138, 2.
    Proof: gaussian-nll-variance-gradient-computed.
    """
    return elementwise(
        _gaussian_nll_variance_gradient,
        blocks.gaussian_nll_variance_gradient,
        ("y", "t", "variance"),
        (y, t, variance),
        (),
        out,
    )


def _poisson_nll(z: Any, t: Any) -> Any:
    return np.exp(z) - t * z


@VerifiedFormula
def poisson_nll(z: Any, t: Any, *, out: Any = None) -> Any:
    """The negative log-likelihood of a Poisson count t with rate exp(z), without log t!.

    exp(z) - t z

    z: (...), the logarithm of the rate
    t: (...), the count
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; NaN where exp(z) and t z both overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.2307/2344614, 2.
    Proof: poisson-nll-computed.
    """
    return elementwise(_poisson_nll, blocks.poisson_nll, ("z", "t"), (z, t), (), out)


def _poisson_nll_gradient(z: Any, t: Any) -> Any:
    return np.exp(z) - t


@VerifiedFormula
def poisson_nll_gradient(z: Any, t: Any, *, out: Any = None) -> Any:
    """Its slope by the logarithm of the rate.

    exp(z) - t

    z: (...), the logarithm of the rate
    t: (...), the count
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.2307/2344614, 2.
    Proof: poisson-nll-gradient-computed.
    """
    return elementwise(_poisson_nll_gradient, blocks.poisson_nll_gradient, ("z", "t"), (z, t), (), out)
