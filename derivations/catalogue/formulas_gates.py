"""Gated and soft activations as they are computed: SiLU, GELU, Mish, softsign and the hard forms.

As in `formulas_activations`: everything in e = exp(-|z|), p = exp(min(z, 0)) and q = exp(min(-z, 0)), of which
one is 1; a product z p is written z h h, h the root of p, which does not underflow before its value does.
"""

from __future__ import annotations

import sympy as sp

from symbolic.notation import Cases, D, keep, sigmoid, softplus

from ._formula import Formula, formula
from .formulas_activations import GELU, HARD, INPUT, MISH, SILU, SOFTSIGN, a, e, h, halves, p, q, step, z

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "gates"


# ---- SiLU

_SILU = z * sigmoid(z)
_SILUS = (
    formula(
        "silu",
        FAMILY,
        "SiLU (swish) without early underflow",
        "z sigmoid(z)",
        _SILU,
        (z * p / (1 + e), "sigmoid as it is computed"),
        (halves(z) / (1 + e), "exp(min(z, 0)) in two halves"),
        source=SILU,
        arguments=INPUT,
        edges="NaN at -inf (0 times infinity), +inf at +inf",
    ),
    formula(
        "silu_derivative",
        FAMILY,
        "the slope of SiLU",
        "sigmoid(z) (1 + z (1 - sigmoid(z)))",
        D(_SILU, z),
        (sigmoid(z) * keep(1 + z * (1 - sigmoid(z))), "product rule"),
        (
            halves(keep(1 + keep(keep(h) ** 2 * q)) + z * q) / (1 + keep(keep(h) ** 2 * q)) ** 2,
            "over one denominator, exp(min(z, 0)) taken out; exp(-|z|) = h^2 q",
        ),
        source=SILU,
        arguments=INPUT,
        slope_of="silu",
        by="z",
        edges="NaN at both infinities (0 times infinity)",
    ),
)

# ---- GELU

_PHI = (1 + sp.erf(z / sp.sqrt(2))) / 2
_RATE = sp.sqrt(2 / sp.pi)
_CUBIC = sp.Rational("0.044715")
_u = _RATE * (z + _CUBIC * z**3)
_e_u = sp.exp(-a * keep(_RATE + _RATE * _CUBIC * z**2))  # exp(-|u|)
_e_2u = sp.exp(-a * keep(2 * _RATE + 2 * _RATE * _CUBIC * z**2))
_GELU_TANH = z / 2 * (1 + sp.tanh(_u))
_SLOPE = 2 * _RATE * keep(keep(z * _e_2u) + 3 * _CUBIC * keep(keep(keep(z * _e_2u) * z) * z))

_GELUS = (
    formula(
        "gelu",
        FAMILY,
        "GELU by the complementary error function",
        "z Phi(z), Phi the normal distribution function",
        z * keep(_PHI),
        (z * keep(1 - sp.erf(-z / sp.sqrt(2))) / 2, "erf is odd: what is left is erfc, which does not cancel"),
        source=GELU,
        arguments=INPUT,
        edges="NaN at -inf (0 times infinity), +inf at +inf",
    ),
    formula(
        "gelu_derivative",
        FAMILY,
        "the slope of GELU",
        "Phi(z) + z phi(z)",
        D(z * _PHI, z),
        (_PHI + z * sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi), "product rule; the slope of Phi is the normal density"),
        (
            keep(1 - sp.erf(-z / sp.sqrt(2))) / 2 + z * sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi),
            "erf is odd: erfc, which does not cancel",
        ),
        source=GELU,
        arguments=INPUT,
        slope_of="gelu",
        by="z",
        edges="NaN at both infinities (0 times infinity)",
    ),
    formula(
        "gelu_tanh",
        FAMILY,
        "the tanh form of GELU without cancellation",
        "z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))",
        _GELU_TANH,
        (z * sigmoid(2 * _u), "(1 + tanh u) / 2 = sigmoid(2u)"),
        (
            (sp.Max(z, 0) + keep(keep(sp.Min(z, 0) * _e_u) * _e_u)) / (1 + keep(_e_u) ** 2),
            "z / (1 + exp(-2|u|)) for z > 0, z exp(-2|u|) / (1 + exp(-2|u|)) below",
        ),
        source=GELU,
        arguments=INPUT,
        edges="NaN at -inf (0 times infinity), +inf at +inf",
    ),
    formula(
        "gelu_tanh_derivative",
        FAMILY,
        "the slope of the tanh form of GELU",
        "s + z s (1 - s) 2 u', s = sigmoid(2u), u = sqrt(2/pi) (z + 0.044715 z^3)",
        D(_GELU_TANH, z),
        (
            sigmoid(2 * _u) + z * sigmoid(2 * _u) * (1 - sigmoid(2 * _u)) * 2 * _RATE * (1 + 3 * _CUBIC * z**2),
            "product rule",
        ),
        (
            keep(_e_2u + step(z) * keep(1 - _e_2u) + _SLOPE / (1 + _e_2u)) / (1 + _e_2u),
            "over 1 + exp(-2|u|); above is 1, below exp(-2|u|)",
        ),
        source=GELU,
        arguments=INPUT,
        slope_of="gelu_tanh",
        by="z",
        edges="NaN at both infinities (0 times infinity)",
    ),
)

# ---- Mish

_MISH = z * sp.tanh(softplus(z))
_p = keep(h) ** 2
_w = keep(_p + 2 * q)
_below = keep(_p * _w + 2 * keep(q) ** 2)
_MISHES = (
    formula(
        "mish",
        FAMILY,
        "Mish without overflow",
        "z tanh(softplus(z))",
        _MISH,
        (z * keep((1 + sp.exp(z)) ** 2 - 1) / keep((1 + sp.exp(z)) ** 2 + 1), "tanh of a logarithm is a fraction"),
        (halves(z) * _w / _below, "expanded, exp(z) = p / q; no difference is left"),
        source=MISH,
        arguments=INPUT,
        edges="NaN at -inf (0 times infinity), +inf at +inf",
    ),
    formula(
        "mish_derivative",
        FAMILY,
        "the slope of Mish",
        "tanh(p) + z (1 - tanh(p)^2) sigmoid(z), p = softplus(z)",
        D(_MISH, z),
        (sp.tanh(softplus(z)) + z * (1 - sp.tanh(softplus(z)) ** 2) * sigmoid(z), "product rule, chain rule"),
        (
            halves(_w * _below + 4 * keep(z * q) * q * keep(_p + q)) / _below**2,
            "over one denominator, exp(z) = p / q",
        ),
        source=MISH,
        arguments=INPUT,
        slope_of="mish",
        by="z",
        edges="NaN at both infinities (0 times infinity)",
    ),
)

# ---- softsign and the hard forms

_HARD_SIGMOID = Cases((0, z <= -3), ((z + 3) / 6, (z > -3) & (z < 3)), (1, z >= 3))
_CLIPPED = sp.Min(sp.Max(keep(z + 3), 0), 6)
_OTHERS = (
    formula(
        "softsign",
        FAMILY,
        "softsign",
        "z / (1 + |z|)",
        Cases((z / (1 + z), z >= 0), (z / (1 - z), z < 0)),
        (z / (1 + a), "both branches in one"),
        source=SOFTSIGN,
        arguments=INPUT,
        edges="NaN at infinities",
    ),
    formula(
        "softsign_derivative",
        FAMILY,
        "the slope of softsign",
        "1 / (1 + |z|)^2",
        D(z / (1 + a), z),
        (Cases(((1 + z) ** -2, z >= 0), ((1 - z) ** -2, z < 0)), "quotient rule in each branch"),
        (keep(1 / (1 + a)) ** 2, "both in one; the square of a fraction does not overflow"),
        source=SOFTSIGN,
        arguments=INPUT,
        slope_of="softsign",
        by="z",
        edges="0 at infinities",
    ),
    formula(
        "hard_sigmoid",
        FAMILY,
        "hard sigmoid",
        "0 for z <= -3, 1 for z >= 3, (z + 3)/6 between",
        _HARD_SIGMOID,
        (_CLIPPED / 6, "z + 3 clipped to [0, 6]"),
        source=HARD,
        arguments=INPUT,
        edges="0 at -inf, 1 at +inf",
    ),
    formula(
        "hard_sigmoid_derivative",
        FAMILY,
        "the slope of hard sigmoid",
        "1/6 for |z| < 3, else 0",
        D(_HARD_SIGMOID, z),
        (keep(sp.Rational(1, 6)) * step(3 - a), "the slope of each piece"),
        source=HARD,
        arguments=INPUT,
        slope_of="hard_sigmoid",
        by="z",
        kink="There is no slope at z = -3 and z = 3; 0 is returned.",
        edges="0 at infinities",
    ),
    formula(
        "hard_swish",
        FAMILY,
        "hard swish",
        "z hard_sigmoid(z)",
        z * _HARD_SIGMOID,
        (z * keep(_CLIPPED / 6), "z + 3 clipped to [0, 6]"),
        source=HARD,
        arguments=INPUT,
        edges="NaN at -inf (0 times infinity), +inf at +inf",
    ),
    formula(
        "hard_swish_derivative",
        FAMILY,
        "the slope of hard swish",
        "0 for z < -3, 1 for z > 3, (2z + 3)/6 between",
        D(z * _HARD_SIGMOID, z),
        (Cases((0, z <= -3), (keep(2 * z + 3) / 6, (z > -3) & (z < 3)), (1, z >= 3)), "the slope of each piece"),
        (
            keep(_CLIPPED + step(3 - a) * sp.Min(sp.Max(z, -3), 3)) / 6,
            "hard sigmoid, and z / 6 inside; z clipped, as infinity times 0 is no number",
        ),
        source=HARD,
        arguments=INPUT,
        slope_of="hard_swish",
        by="z",
        kink="There is no slope at z = -3 and z = 3; 0 and 1 are returned.",
        edges="0 at -inf, 1 at +inf",
    ),
)

FORMULAS: tuple[Formula, ...] = (*_SILUS, *_GELUS, *_MISHES, *_OTHERS)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
