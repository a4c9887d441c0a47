"""Activations compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `activations` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import apply, choose, greater, lesser, rows_at_once, squared
from .runtime import elementwise, loops

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


@loops("exp")
def _sigmoid(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
            b[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] / (real(1) + b[i])


@VerifiedFormula
def sigmoid(z: Any, *, out: Any = None) -> Any:
    """Sigmoid without overflow: `formulas.sigmoid`, compiled."""
    return elementwise(_sigmoid, ("z",), (z,), (), out)


@loops("exp")
def _sigmoid_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] / squared(real(1) + a[i])


@VerifiedFormula
def sigmoid_derivative(z: Any, *, out: Any = None) -> Any:
    """Sigmoid' without cancellation: `formulas.sigmoid_derivative`, compiled."""
    return elementwise(_sigmoid_derivative, ("z",), (z,), (), out)


@loops("exp", "log1p")
def _log_sigmoid(out: Any, z: Any, exp: Any, log1p: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(log1p, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = lesser(z_[i], real(0)) - a[i]


@VerifiedFormula
def log_sigmoid(z: Any, *, out: Any = None) -> Any:
    """Log sigmoid without overflow: `formulas.log_sigmoid`, compiled."""
    return elementwise(_log_sigmoid, ("z",), (z,), (), out)


@loops("exp")
def _log_sigmoid_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(-z_[i], real(0))
            b[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] / (real(1) + b[i])


@VerifiedFormula
def log_sigmoid_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of log sigmoid is sigmoid(-z): `formulas.log_sigmoid_derivative`, compiled."""
    return elementwise(_log_sigmoid_derivative, ("z",), (z,), (), out)


@loops("exp", "log1p")
def _softplus(out: Any, z: Any, exp: Any, log1p: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(log1p, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = greater(z_[i], real(0)) + a[i]


@VerifiedFormula
def softplus(z: Any, *, out: Any = None) -> Any:
    """Softplus without overflow: `formulas.softplus`, compiled."""
    return elementwise(_softplus, ("z",), (z,), (), out)


@loops("exp")
def _softplus_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
            b[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] / (real(1) + b[i])


@VerifiedFormula
def softplus_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of softplus is sigmoid: `formulas.softplus_derivative`, compiled."""
    return elementwise(_softplus_derivative, ("z",), (z,), (), out)


@loops("tanh")
def _tanh(out: Any, z: Any, tanh: Any) -> None:
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        apply(tanh, z_, out_, len(out_))


@VerifiedFormula
def tanh(z: Any, *, out: Any = None) -> Any:
    """Tanh: `formulas.tanh`, compiled."""
    return elementwise(_tanh, ("z",), (z,), (), out)


@loops("exp")
def _tanh_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -(real(2) * abs(z_[i]))
        apply(exp, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = real(4) * a[i] / squared(real(1) + a[i])


@VerifiedFormula
def tanh_derivative(z: Any, *, out: Any = None) -> Any:
    """Tanh' without cancellation: `formulas.tanh_derivative`, compiled."""
    return elementwise(_tanh_derivative, ("z",), (z,), (), out)


@loops()
def _relu(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = greater(z_[i], real(0))


@VerifiedFormula
def relu(z: Any, *, out: Any = None) -> Any:
    """ReLU: `formulas.relu`, compiled."""
    return elementwise(_relu, ("z",), (z,), (), out)


@loops()
def _relu_derivative(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = choose(z_[i] > real(0), real(1), choose(z_[i] <= real(0), real(0), real(np.nan)))


@VerifiedFormula
def relu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of ReLU, 0 at the kink: `formulas.relu_derivative`, compiled."""
    return elementwise(_relu_derivative, ("z",), (z,), (), out)


@loops()
def _leaky_relu(out: Any, z: Any, slope: Any) -> None:
    real = out.dtype.type
    slope = real(slope)
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = slope * lesser(z_[i], real(0)) + greater(z_[i], real(0))


@VerifiedFormula
def leaky_relu(z: Any, *, slope: float = 0.01, out: Any = None) -> Any:
    """Leaky ReLU: `formulas.leaky_relu`, compiled."""
    return elementwise(_leaky_relu, ("z",), (z,), (slope,), out)


@loops()
def _leaky_relu_derivative(out: Any, z: Any, slope: Any) -> None:
    real = out.dtype.type
    slope = real(slope)
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = slope + choose(z_[i] > real(0), real(1), choose(z_[i] <= real(0), real(0), real(np.nan))) * (
                real(1) - slope
            )


@VerifiedFormula
def leaky_relu_derivative(z: Any, *, slope: float = 0.01, out: Any = None) -> Any:
    """The slope of leaky ReLU: `formulas.leaky_relu_derivative`, compiled."""
    return elementwise(_leaky_relu_derivative, ("z",), (z,), (slope,), out)


@loops("expm1")
def _elu(out: Any, z: Any, alpha: Any, expm1: Any) -> None:
    real = out.dtype.type
    alpha = real(alpha)
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
        apply(expm1, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = alpha * a[i] + greater(z_[i], real(0))


@VerifiedFormula
def elu(z: Any, *, alpha: float = 1.0, out: Any = None) -> Any:
    """ELU without cancellation near 0: `formulas.elu`, compiled."""
    return elementwise(_elu, ("z",), (z,), (positive("alpha", alpha),), out)


@loops("exp")
def _elu_derivative(out: Any, z: Any, alpha: Any, exp: Any) -> None:
    real = out.dtype.type
    alpha = real(alpha)
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
        apply(exp, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] * (
                alpha
                + choose(z_[i] > real(0), real(1), choose(z_[i] <= real(0), real(0), real(np.nan))) * (real(1) - alpha)
            )


@VerifiedFormula
def elu_derivative(z: Any, *, alpha: float = 1.0, out: Any = None) -> Any:
    """The slope of ELU: `formulas.elu_derivative`, compiled."""
    return elementwise(_elu_derivative, ("z",), (z,), (positive("alpha", alpha),), out)


@loops("expm1")
def _selu(out: Any, z: Any, expm1: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
        apply(expm1, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = real(1.0507009873554805) * greater(z_[i], real(0)) + real(1.7580993408473768) * a[i]


@VerifiedFormula
def selu(z: Any, *, out: Any = None) -> Any:
    """SELU: `formulas.selu`, compiled."""
    return elementwise(_selu, ("z",), (z,), (), out)


@loops("exp")
def _selu_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
        apply(exp, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] * (
                real(1.7580993408473768)
                - real(0.7073983534918964)
                * choose(z_[i] > real(0), real(1), choose(z_[i] <= real(0), real(0), real(np.nan)))
            )


@VerifiedFormula
def selu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of SELU: `formulas.selu_derivative`, compiled."""
    return elementwise(_selu_derivative, ("z",), (z,), (), out)
