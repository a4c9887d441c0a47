"""Activations as they are computed: from the textbook's form to one that neither overflows nor cancels.

z is real; slopes are numbers.  Everything is written in exponentials that are at most 1: e = exp(-|z|), and its two
factors, p = exp(min(z, 0)) and q = exp(min(-z, 0)), of which one is 1.  So no case has to be selected entry by entry.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.notation import Cases, D, keep, positive, relu, scalar, sigmoid, softplus

from ._formula import Argument, Formula, Parameter, formula

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "activations"
SIGMOID = Source("004_9eb3eaf93dd1b904", "1.2.2, Part B2.1")
TANH = Source("004_9eb3eaf93dd1b904", "1.2.2, Part B2.2")
RELU = Source("004_9eb3eaf93dd1b904", "1.2.2, Part B2.3")
SOFTPLUS = Source("doi:10.1109/MLSP.2000.889416", "softplus")
LEAKY = Source("arXiv:1505.00853", "2.2")
ELU = Source("arXiv:1511.07289", "3")
SELU = Source("arXiv:1706.02515", "2")
SILU = Source("arXiv:1702.03118", "2.2")
GELU = Source("arXiv:1606.08415", "2")
MISH = Source("arXiv:1908.08681", "3")
SOFTSIGN = Source("proceedings.mlr.press/v9/glorot10a", "2")
HARD = Source("arXiv:1905.02244", "5.2")

z = scalar("z")
INPUT = (Argument(z, "the pre-activation"),)
a = sp.Abs(z)
e = sp.exp(-a)
p, q = sp.exp(sp.Min(z, 0)), sp.exp(sp.Min(-z, 0))
h = sp.exp(sp.Min(z, 0) / 2)  # the root of p
small = sp.exp(-z)


def step(u: Any) -> Cases:
    """1 where u is positive, else 0."""
    return Cases((1, u > 0), (0, u <= 0))


def halves(factor: Any) -> Any:
    """factor p, in two steps, which does not underflow before its value does."""
    return keep(factor * h) * h


SIGMOID_FORM = p / (1 + e)
_REFLECTED = q / (1 + e)  # sigmoid(-z)

# ---- sigmoid and its relatives

_SIGMOIDS = (
    formula(
        "sigmoid",
        FAMILY,
        "sigmoid without overflow",
        "1 / (1 + exp(-z))",
        sigmoid(z),
        (1 / (1 + small), "definition of sigmoid"),
        (SIGMOID_FORM, "expanded by exp(min(z, 0)): no exponential exceeds 1"),
        source=SIGMOID,
        arguments=INPUT,
        edges="0 at -inf, 1 at +inf",
    ),
    formula(
        "sigmoid_derivative",
        FAMILY,
        "sigmoid' without cancellation",
        "sigmoid(z) (1 - sigmoid(z))",
        D(sigmoid(z), z),
        (sigmoid(z) * (1 - sigmoid(z)), "the textbook form, which is 0 in floats from z = 37 on"),
        (e / (1 + e) ** 2, "even in z: one exponential, no difference"),
        source=SIGMOID,
        arguments=INPUT,
        slope_of="sigmoid",
        by="z",
        edges="0 at both infinities",
        unconditional=True,
    ),
    formula(
        "log_sigmoid",
        FAMILY,
        "log sigmoid without overflow",
        "log(sigmoid(z))",
        sp.log(sigmoid(z)),
        (-sp.log(1 + small), "definition of sigmoid, the logarithm of a reciprocal"),
        (sp.Min(z, 0) - sp.log(1 + e), "exp(-z) taken out of the logarithm below 0"),
        source=SIGMOID,
        arguments=INPUT,
        edges="-inf at -inf, 0 at +inf",
    ),
    formula(
        "log_sigmoid_derivative",
        FAMILY,
        "the slope of log sigmoid is sigmoid(-z)",
        "1 - sigmoid(z)",
        D(sp.log(sigmoid(z)), z),
        (1 - sigmoid(z), "sigmoid' / sigmoid"),
        (_REFLECTED, "sigmoid(-z)"),
        source=SIGMOID,
        arguments=INPUT,
        slope_of="log_sigmoid",
        by="z",
        edges="1 at -inf, 0 at +inf",
    ),
    formula(
        "softplus",
        FAMILY,
        "softplus without overflow",
        "log(1 + exp(z))",
        softplus(z),
        (sp.log(1 + sp.exp(z)), "definition of softplus"),
        (sp.Max(z, 0) + sp.log(1 + e), "exp(z) taken out of the logarithm above 0"),
        source=SOFTPLUS,
        arguments=INPUT,
        edges="0 at -inf, +inf at +inf",
        unconditional=True,
    ),
    formula(
        "softplus_derivative",
        FAMILY,
        "the slope of softplus is sigmoid",
        "sigmoid(z)",
        D(softplus(z), z),
        (sp.exp(z) / (1 + sp.exp(z)), "chain rule"),
        (SIGMOID_FORM, "as sigmoid"),
        source=SOFTPLUS,
        arguments=INPUT,
        slope_of="softplus",
        by="z",
        edges="0 at -inf, 1 at +inf",
    ),
    formula(
        "tanh",
        FAMILY,
        "tanh",
        "(exp(z) - exp(-z)) / (exp(z) + exp(-z))",
        (sp.exp(z) - small) / (sp.exp(z) + small),
        (sp.tanh(z), "a library function"),
        source=TANH,
        arguments=INPUT,
        edges="-1 at -inf, 1 at +inf",
    ),
    formula(
        "tanh_derivative",
        FAMILY,
        "tanh' without cancellation",
        "1 - tanh(z)^2",
        D(sp.tanh(z), z),
        (1 - sp.tanh(z) ** 2, "the textbook form, which is 0 in floats from z = 19 on"),
        (1 / sp.cosh(z) ** 2, "cosh^2 - sinh^2 = 1"),
        (4 * sp.exp(-2 * a) / (1 + sp.exp(-2 * a)) ** 2, "expanded by exp(-2|z|): even in z, no overflow"),
        source=TANH,
        arguments=INPUT,
        slope_of="tanh",
        by="z",
        edges="0 at both infinities",
        unconditional=True,
    ),
)

# ---- rectifiers

slope = scalar("slope")
alpha = positive("alpha")
_SLOPES = slope + keep(1 - slope) * step(z)
SLOPE = (Parameter(slope, 0.01, "the slope below 0"),)
ALPHA = (Parameter(alpha, 1.0, "minus the value at -inf", positive=True),)
_SELU_ALPHA = sp.Rational("1.6732632423543772848170429916717")
_SELU_SCALE = sp.Rational("1.0507009873554804934193349852946")
_BELOW = sp.exp(sp.Min(z, 0)) - 1

_RECTIFIERS = (
    formula(
        "relu",
        FAMILY,
        "ReLU",
        "max(0, z)",
        relu(z),
        (sp.Max(0, z), "definition of ReLU"),
        source=RELU,
        arguments=INPUT,
        edges="0 at -inf, +inf at +inf",
    ),
    formula(
        "relu_derivative",
        FAMILY,
        "the slope of ReLU, 0 at the kink",
        "1 for z > 0, 0 for z <= 0",
        D(relu(z), z),
        (step(z), "the slope of each piece"),
        source=RELU,
        arguments=INPUT,
        slope_of="relu",
        by="z",
        kink="There is no slope at z = 0; 0 is returned.",
        edges="0 at -inf, 1 at +inf",
    ),
    formula(
        "leaky_relu",
        FAMILY,
        "leaky ReLU",
        "max(0, z) + slope min(0, z)",
        Cases((z, z > 0), (slope * z, z <= 0)),
        (sp.Max(0, z) + slope * sp.Min(0, z), "one of the two is 0"),
        source=LEAKY,
        arguments=INPUT,
        parameters=SLOPE,
        edges="the limits at infinities",
    ),
    formula(
        "leaky_relu_derivative",
        FAMILY,
        "the slope of leaky ReLU",
        "1 for z > 0, slope for z <= 0",
        D(sp.Max(0, z) + slope * sp.Min(0, z), z),
        (Cases((1, z > 0), (slope, z <= 0)), "the slope of each piece"),
        (_SLOPES, "one of the two is 0"),
        source=LEAKY,
        arguments=INPUT,
        parameters=SLOPE,
        slope_of="leaky_relu",
        by="z",
        kink="There is no slope at z = 0 (unless slope = 1); slope is returned.",
        edges="slope at -inf, 1 at +inf",
    ),
    formula(
        "elu",
        FAMILY,
        "ELU without cancellation near 0",
        "z for z > 0, alpha (exp(z) - 1) for z <= 0",
        Cases((z, z > 0), (alpha * (sp.exp(z) - 1), z <= 0)),
        (Cases((z, z > 0), (alpha * _BELOW, z <= 0)), "the exponential of min(z, 0) never overflows"),
        (sp.Max(z, 0) + alpha * keep(_BELOW), "one of the two is 0"),
        source=ELU,
        arguments=INPUT,
        parameters=ALPHA,
        edges="-alpha at -inf, +inf at +inf",
    ),
    formula(
        "elu_derivative",
        FAMILY,
        "the slope of ELU",
        "1 for z > 0, alpha exp(z) for z <= 0",
        D(Cases((z, z > 0), (alpha * (sp.exp(z) - 1), z <= 0)), z),
        (Cases((1, z > 0), (alpha * sp.exp(z), z <= 0)), "the slope of each piece"),
        (p * keep(alpha + keep(1 - alpha) * step(z)), "the exponential of min(z, 0) is 1 above 0"),
        source=ELU,
        arguments=INPUT,
        parameters=ALPHA,
        slope_of="elu",
        by="z",
        kink="There is no slope at z = 0 unless alpha = 1; alpha is returned.",
        edges="0 at -inf, 1 at +inf",
    ),
    formula(
        "selu",
        FAMILY,
        "SELU",
        "scale (z for z > 0, alpha (exp(z) - 1) for z <= 0), alpha = 1.67326..., scale = 1.05070...",
        _SELU_SCALE * Cases((z, z > 0), (_SELU_ALPHA * (sp.exp(z) - 1), z <= 0)),
        (
            _SELU_SCALE * sp.Max(z, 0) + _SELU_SCALE * _SELU_ALPHA * keep(_BELOW),
            "one of the two is 0; the exponential of min(z, 0)",
        ),
        source=SELU,
        arguments=INPUT,
        edges="-1.7580993408473766 at -inf, +inf at +inf",
    ),
    formula(
        "selu_derivative",
        FAMILY,
        "the slope of SELU",
        "scale (1 for z > 0, alpha exp(z) for z <= 0)",
        D(_SELU_SCALE * Cases((z, z > 0), (_SELU_ALPHA * (sp.exp(z) - 1), z <= 0)), z),
        (
            p * keep(_SELU_SCALE * _SELU_ALPHA + _SELU_SCALE * (1 - _SELU_ALPHA) * step(z)),
            "the slope of each piece; the exponential of min(z, 0) is 1 above 0",
        ),
        source=SELU,
        arguments=INPUT,
        slope_of="selu",
        by="z",
        kink="There is no slope at z = 0; the slope from below, 1.758..., is returned.",
        edges="0 at -inf, 1.0507009873554805 at +inf",
    ),
)

FORMULAS: tuple[Formula, ...] = (*_SIGMOIDS, *_RECTIFIERS)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
