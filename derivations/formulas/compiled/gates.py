"""Gates compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `gates` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula
from .primitives import apply, choose, greater, lesser, rows_at_once, squared
from .runtime import elementwise, loops

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


@loops("exp")
def _silu(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0)) / real(2)
            b[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] * (z_[i] * a[i]) / (real(1) + b[i])


@VerifiedFormula
def silu(z: Any, *, out: Any = None) -> Any:
    """SiLU (swish) without early underflow: `formulas.silu`, compiled."""
    return elementwise(_silu, ("z",), (z,), (), out)


@loops("exp")
def _silu_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0)) / real(2)
            b[i] = lesser(-z_[i], real(0))
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            term = real(1) + b[i] * squared(a[i])
            out_[i] = a[i] * (a[i] * (z_[i] * b[i] + term)) / squared(term)


@VerifiedFormula
def silu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of SiLU: `formulas.silu_derivative`, compiled."""
    return elementwise(_silu_derivative, ("z",), (z,), (), out)


@loops("erfc")
def _gelu(out: Any, z: Any, erfc: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -(real(0.7071067811865476) * z_[i])
        apply(erfc, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = z_[i] * a[i] / real(2)


@VerifiedFormula
def gelu(z: Any, *, out: Any = None) -> Any:
    """GELU by the complementary error function: `formulas.gelu`, compiled."""
    return elementwise(_gelu, ("z",), (z,), (), out)


@loops("erfc", "exp")
def _gelu_derivative(out: Any, z: Any, erfc: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -(real(0.7071067811865476) * z_[i])
            b[i] = -(squared(z_[i]) / real(2))
        apply(erfc, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] / real(2) + real(0.3989422804014327) * b[i] * z_[i]


@VerifiedFormula
def gelu_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of GELU: `formulas.gelu_derivative`, compiled."""
    return elementwise(_gelu_derivative, ("z",), (z,), (), out)


@loops("exp")
def _gelu_tanh(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -(abs(z_[i]) * (real(0.7978845608028654) + real(0.035677408136300125) * squared(z_[i])))
        apply(exp, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = (greater(z_[i], real(0)) + lesser(z_[i], real(0)) * a[i] * a[i]) / (real(1) + squared(a[i]))


@VerifiedFormula
def gelu_tanh(z: Any, *, out: Any = None) -> Any:
    """The tanh form of GELU without cancellation: `formulas.gelu_tanh`, compiled."""
    return elementwise(_gelu_tanh, ("z",), (z,), (), out)


@loops("exp")
def _gelu_tanh_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -(abs(z_[i]) * (real(1.5957691216057308) + real(0.07135481627260025) * squared(z_[i])))
        apply(exp, a, a, len(out_))
        for i in range(len(out_)):
            factor = z_[i] * a[i]
            term = real(1) + a[i]
            out_[i] = (
                choose(z_[i] > real(0), real(1), choose(z_[i] <= real(0), real(0), real(np.nan))) * (real(1) - a[i])
                + real(1.5957691216057308) * (real(0.134145) * (z_[i] * (z_[i] * factor)) + factor) / term
                + a[i]
            ) / term


@VerifiedFormula
def gelu_tanh_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of the tanh form of GELU: `formulas.gelu_tanh_derivative`, compiled."""
    return elementwise(_gelu_tanh_derivative, ("z",), (z,), (), out)


@loops("exp")
def _mish(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0)) / real(2)
            b[i] = lesser(-z_[i], real(0))
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            square = squared(a[i])
            term = square + real(2) * b[i]
            out_[i] = a[i] * (z_[i] * a[i]) * term / (real(2) * squared(b[i]) + square * term)


@VerifiedFormula
def mish(z: Any, *, out: Any = None) -> Any:
    """Mish without overflow: `formulas.mish`, compiled."""
    return elementwise(_mish, ("z",), (z,), (), out)


@loops("exp")
def _mish_derivative(out: Any, z: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0)) / real(2)
            b[i] = lesser(-z_[i], real(0))
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            square = squared(a[i])
            term = square + real(2) * b[i]
            term_2 = real(2) * squared(b[i]) + square * term
            out_[i] = (
                a[i] * (a[i] * (term * term_2 + real(4) * b[i] * (z_[i] * b[i]) * (square + b[i]))) / squared(term_2)
            )


@VerifiedFormula
def mish_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of Mish: `formulas.mish_derivative`, compiled."""
    return elementwise(_mish_derivative, ("z",), (z,), (), out)


@loops()
def _softsign(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = z_[i] / (real(1) + abs(z_[i]))


@VerifiedFormula
def softsign(z: Any, *, out: Any = None) -> Any:
    """Softsign: `formulas.softsign`, compiled."""
    return elementwise(_softsign, ("z",), (z,), (), out)


@loops()
def _softsign_derivative(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = squared(real(1) / (real(1) + abs(z_[i])))


@VerifiedFormula
def softsign_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of softsign: `formulas.softsign_derivative`, compiled."""
    return elementwise(_softsign_derivative, ("z",), (z,), (), out)


@loops()
def _hard_sigmoid(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = lesser(greater(real(3) + z_[i], real(0)), real(6)) / real(6)


@VerifiedFormula
def hard_sigmoid(z: Any, *, out: Any = None) -> Any:
    """Hard sigmoid: `formulas.hard_sigmoid`, compiled."""
    return elementwise(_hard_sigmoid, ("z",), (z,), (), out)


@loops()
def _hard_sigmoid_derivative(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            term = real(3) - abs(z_[i])
            out_[i] = real(0.16666666666666666) * choose(
                term > real(0), real(1), choose(term <= real(0), real(0), real(np.nan))
            )


@VerifiedFormula
def hard_sigmoid_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of hard sigmoid: `formulas.hard_sigmoid_derivative`, compiled."""
    return elementwise(_hard_sigmoid_derivative, ("z",), (z,), (), out)


@loops()
def _hard_swish(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            out_[i] = z_[i] * (lesser(greater(real(3) + z_[i], real(0)), real(6)) / real(6))


@VerifiedFormula
def hard_swish(z: Any, *, out: Any = None) -> Any:
    """Hard swish: `formulas.hard_swish`, compiled."""
    return elementwise(_hard_swish, ("z",), (z,), (), out)


@loops()
def _hard_swish_derivative(out: Any, z: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            term = real(3) - abs(z_[i])
            out_[i] = (
                choose(term > real(0), real(1), choose(term <= real(0), real(0), real(np.nan)))
                * lesser(greater(z_[i], real(-3)), real(3))
                + lesser(greater(real(3) + z_[i], real(0)), real(6))
            ) / real(6)


@VerifiedFormula
def hard_swish_derivative(z: Any, *, out: Any = None) -> Any:
    """The slope of hard swish: `formulas.hard_swish_derivative`, compiled."""
    return elementwise(_hard_swish_derivative, ("z",), (z,), (), out)
