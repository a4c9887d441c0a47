"""Losses of one number as they are computed: value and slope.  y or z is the output, t the target; losses in nats.

On logits everything is written in e = exp(-|z|), p = exp(min(z, 0)) and q = exp(min(-z, 0)): terms of one sign are
added, so that nothing cancels for targets between 0 and 1.
"""

from __future__ import annotations

import sympy as sp

from symbolic.derivation import Source
from symbolic.notation import Cases, D, keep, positive, scalar, sigmoid, softplus

from ._formula import Argument, Formula, Parameter, formula
from .formulas_activations import p, q, step

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "losses"
BINARY = Source("001_592b6b16dab3915e", "exercise 1")
HUBER = Source("doi:10.1214/aoms/1177703732", "4")
LOG_COSH = Source("doi:10.1080/10556788.2011.577775", "log-cosh")
HINGE = Source("arXiv:1306.0239", "2")
FOCAL = Source("arXiv:1708.02002", "3")
NORMAL = Source("doi:10.1109/ICNN.1994.374138", "2")
POISSON = Source("doi:10.2307/2344614", "2")

z, y, t, s = scalar("z"), scalar("y"), scalar("t"), scalar("s")
delta = positive("delta")
gamma = positive("gamma")
variance = positive("variance")
a, e = sp.Abs(z), sp.exp(-sp.Abs(z))
LOGIT = Argument(z, "the logit")
OUTPUT = Argument(y, "the output")
TARGET = Argument(t, "the target")
PROBABLE = Argument(t, "the target, between 0 and 1")
SIGN = Argument(s, "the class, -1 or 1")
DELTA = (Parameter(delta, 1.0, "where the loss turns from quadratic to linear", positive=True),)
GAMMA = (Parameter(gamma, 2.0, "the focusing exponent", positive=True),)

_d = keep(y - t)
_SQUARED = (y - t) ** 2 / 2
_HUBER = Cases(((y - t) ** 2 / 2, sp.Abs(y - t) <= delta), (delta * (sp.Abs(y - t) - delta / 2), sp.Abs(y - t) > delta))
_LOG_COSH = sp.log(sp.cosh(y - t))
_UP_TO_1 = sp.Min(sp.Abs(y - t), 1)
_PAST = keep(sp.Abs(y - t) - _UP_TO_1)
_MARGIN = sp.Max(0, 1 - s * y)
_BCE = -t * sp.log(sigmoid(z)) - (1 - t) * sp.log(1 - sigmoid(z))
_FOCAL = -((1 - sigmoid(z)) ** gamma) * sp.log(sigmoid(z))
_LOG_P = sp.Max(-z, 0) + sp.log(1 + e)  # -log sigmoid(z)
_LOG_Q = sp.Max(z, 0) + sp.log(1 + e)  # -log sigmoid(-z)
_NORMAL = sp.log(2 * sp.pi * variance) / 2 + (y - t) ** 2 / (2 * variance)
_POISSON = sp.exp(z) - t * z
_FINITE = "the limits where they exist, else NaN"

FORMULAS: tuple[Formula, ...] = (
    formula(
        "squared_error",
        FAMILY,
        "half the squared error",
        "(y - t)^2 / 2",
        _SQUARED,
        (y**2 / 2 - y * t + t**2 / 2, "expanded, which would cancel"),
        (_d**2 / 2, "the square of the difference"),
        source=Source("003_a592d850349715ea", "4.2"),
        arguments=(OUTPUT, TARGET),
        edges=_FINITE,
    ),
    formula(
        "squared_error_gradient",
        FAMILY,
        "the slope of half the squared error",
        "y - t",
        D(_SQUARED, y),
        (y - t, "power rule"),
        source=Source("003_a592d850349715ea", "4.2"),
        arguments=(OUTPUT, TARGET),
        slope_of="squared_error",
        by="y",
        edges=_FINITE,
    ),
    formula(
        "huber",
        FAMILY,
        "the Huber loss",
        "(y - t)^2 / 2 for |y - t| <= delta, delta (|y - t| - delta/2) beyond",
        _HUBER,
        (
            keep(sp.Min(sp.Abs(y - t), delta)) * keep(sp.Abs(y - t) - sp.Min(sp.Abs(y - t), delta) / 2),
            "both branches in one, with c = min(|y - t|, delta): c (|y - t| - c/2)",
        ),
        source=HUBER,
        arguments=(OUTPUT, TARGET),
        parameters=DELTA,
        edges=_FINITE,
    ),
    formula(
        "huber_gradient",
        FAMILY,
        "the slope of the Huber loss clips the error",
        "y - t clipped to [-delta, delta]",
        D(_HUBER, y),
        (
            Cases((y - t, sp.Abs(y - t) <= delta), (delta * sp.sign(y - t), sp.Abs(y - t) > delta)),
            "the slope of each piece; they join",
        ),
        (sp.Max(-delta, sp.Min(delta, y - t)), "clipped"),
        source=HUBER,
        arguments=(OUTPUT, TARGET),
        parameters=DELTA,
        slope_of="huber",
        by="y",
        edges="-delta and delta",
    ),
    formula(
        "log_cosh",
        FAMILY,
        "log cosh without overflow or cancellation",
        "log(cosh(y - t))",
        _LOG_COSH,
        (
            sp.log(1 + keep(sp.sinh(keep(y - t) / 2) ** 2) * 2),
            "cosh d = 1 + 2 sinh(d/2)^2; overflows for a large error",
        ),
        (
            Cases(
                (sp.log(1 + 2 * sp.sinh(sp.Min(sp.Abs(y - t), 1) / 2) ** 2), sp.Abs(y - t) <= 1),
                (
                    sp.Abs(y - t) + sp.log(1 + sp.exp(-2 * sp.Abs(y - t))) - sp.log(2),
                    sp.Abs(y - t) > 1,
                ),
            ),
            "exp(|d|) taken out of the logarithm beyond 1",
        ),
        (
            _PAST
            + sp.log(1 + keep(2 * sp.sinh(_UP_TO_1 / 2) ** 2 + sp.exp(-_UP_TO_1) * keep(sp.exp(-2 * _PAST) - 1) / 2)),
            "both in one, with |d| = c + r, c = min(|d|, 1): r + log(cosh(c + r) / exp(r))",
        ),
        source=LOG_COSH,
        arguments=(OUTPUT, TARGET),
        edges="+inf at infinities",
    ),
    formula(
        "log_cosh_gradient",
        FAMILY,
        "the slope of log cosh is tanh",
        "tanh(y - t)",
        D(_LOG_COSH, y),
        (sp.sinh(y - t) / sp.cosh(y - t), "cosh' / cosh"),
        (sp.tanh(_d), "definition of tanh"),
        source=LOG_COSH,
        arguments=(OUTPUT, TARGET),
        slope_of="log_cosh",
        by="y",
        edges="-1 and 1",
    ),
    formula(
        "hinge",
        FAMILY,
        "the hinge loss of a class s = -1 or 1",
        "max(0, 1 - s y)",
        sp.Piecewise((1 - s * y, s * y < 1), (0, True)),
        (_MARGIN, "0 from the margin 1 on"),
        source=HINGE,
        arguments=(OUTPUT, SIGN),
        edges="the limits",
    ),
    formula(
        "hinge_gradient",
        FAMILY,
        "the slope of the hinge loss",
        "-s where s y < 1, else 0",
        D(_MARGIN, y),
        (-s * step(1 - s * y), "the slope of each piece"),
        source=HINGE,
        arguments=(OUTPUT, SIGN),
        slope_of="hinge",
        by="y",
        kink="There is no slope at s y = 1; 0 is returned.",
        edges="the limits",
    ),
    formula(
        "squared_hinge",
        FAMILY,
        "the squared hinge loss",
        "max(0, 1 - s y)^2",
        sp.Piecewise(((1 - s * y) ** 2, s * y < 1), (0, True)),
        (_MARGIN**2, "0 from the margin 1 on"),
        source=HINGE,
        arguments=(OUTPUT, SIGN),
        edges="the limits",
    ),
    formula(
        "squared_hinge_gradient",
        FAMILY,
        "the slope of the squared hinge loss",
        "-2 s max(0, 1 - s y)",
        D(_MARGIN**2, y),
        (Cases((-2 * s * (1 - s * y), s * y < 1), (0, s * y >= 1)), "the slope of each piece; they join"),
        (-2 * s * _MARGIN, "both in one"),
        source=HINGE,
        arguments=(OUTPUT, SIGN),
        slope_of="squared_hinge",
        by="y",
        edges="the limits",
    ),
    formula(
        "binary_cross_entropy",
        FAMILY,
        "binary cross-entropy on a logit",
        "-t log(sigmoid(z)) - (1 - t) log(1 - sigmoid(z))",
        _BCE,
        (t * softplus(-z) + (1 - t) * softplus(z), "-log sigmoid(z) = softplus(-z), 1 - sigmoid(z) = sigmoid(-z)"),
        (
            sp.log(1 + e) + t * sp.Max(-z, 0) + (1 - t) * sp.Max(z, 0),
            "softplus as it is computed: terms of one sign for t between 0 and 1",
        ),
        source=BINARY,
        arguments=(LOGIT, PROBABLE),
        edges="+inf, or NaN where 0 times infinity is met",
    ),
    formula(
        "binary_cross_entropy_gradient",
        FAMILY,
        "the slope of binary cross-entropy on a logit",
        "sigmoid(z) - t",
        D(_BCE, z),
        (sigmoid(z) - t, "the textbook form, which cancels for t = 1"),
        (
            (keep(1 - t) * p - t * q) / (p + q),
            "(1 - t) sigmoid(z) - t sigmoid(-z), sigmoid(z) = p / (p + q)",
        ),
        source=BINARY,
        arguments=(LOGIT, PROBABLE),
        slope_of="binary_cross_entropy",
        by="z",
        edges="the limits",
    ),
    formula(
        "focal",
        FAMILY,
        "the focal loss on the logit of the true class",
        "-(1 - sigmoid(z))^gamma log(sigmoid(z))",
        sp.exp(gamma * sp.log(1 - sigmoid(z))) * -sp.log(sigmoid(z)),
        (sp.exp(-gamma * softplus(z)) * softplus(-z), "1 - sigmoid(z) = exp(-softplus(z))"),
        (sp.exp(-gamma * keep(_LOG_Q)) * keep(_LOG_P), "softplus as it is computed"),
        source=FOCAL,
        arguments=(LOGIT,),
        parameters=GAMMA,
        edges="+inf at -inf, 0 at +inf",
    ),
    formula(
        "focal_gradient",
        FAMILY,
        "the slope of the focal loss",
        "-(1 - p)^gamma (gamma p (-log p) + 1 - p), p = sigmoid(z)",
        D(sp.exp(-gamma * softplus(z)) * softplus(-z), z),
        (
            -sp.exp(-gamma * softplus(z)) * (gamma * sigmoid(z) * softplus(-z) + sigmoid(-z)),
            "product rule; softplus' = sigmoid",
        ),
        (
            -sp.exp(-gamma * keep(_LOG_Q)) * keep(gamma * keep(_LOG_P) * p + q) / (p + q),
            "softplus and sigmoid as they are computed: terms of one sign",
        ),
        source=FOCAL,
        arguments=(LOGIT,),
        parameters=GAMMA,
        slope_of="focal",
        by="z",
        edges="-1 at -inf or NaN, 0 at +inf",
    ),
    formula(
        "gaussian_nll",
        FAMILY,
        "the negative log-likelihood of a normal distribution",
        "log(2 pi variance) / 2 + (y - t)^2 / (2 variance)",
        -sp.log(sp.exp(-((y - t) ** 2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)),
        (_NORMAL, "the logarithm of a quotient"),
        (keep(sp.log(2 * sp.pi * variance) + _d * keep(_d / variance)) / 2, "half of both"),
        source=NORMAL,
        arguments=(OUTPUT, TARGET, Argument(variance, "the variance, positive")),
        edges=_FINITE,
    ),
    formula(
        "gaussian_nll_gradient",
        FAMILY,
        "its slope by the mean y",
        "(y - t) / variance",
        D(_NORMAL, y),
        (keep(2 * (y - t)) / (2 * variance), "power rule"),
        (_d / variance, "reduced"),
        source=NORMAL,
        arguments=(OUTPUT, TARGET, Argument(variance, "the variance, positive")),
        slope_of="gaussian_nll",
        by="y",
        edges=_FINITE,
    ),
    formula(
        "gaussian_nll_variance_gradient",
        FAMILY,
        "its slope by the variance",
        "(1 - (y - t)^2 / variance) / (2 variance)",
        D(_NORMAL, variance),
        (1 / (2 * variance) - (y - t) ** 2 / (2 * variance**2), "term by term"),
        (keep(1 - _d * keep(_d / variance)) / (2 * variance), "over one denominator"),
        source=NORMAL,
        arguments=(OUTPUT, TARGET, Argument(variance, "the variance, positive")),
        slope_of="gaussian_nll",
        by="variance",
        edges=_FINITE,
    ),
    formula(
        "poisson_nll",
        FAMILY,
        "the negative log-likelihood of a Poisson count t with rate exp(z), without log t!",
        "exp(z) - t z",
        -sp.log(sp.exp(t * z) * sp.exp(-sp.exp(z))),
        (_POISSON, "the logarithm of a product"),
        source=POISSON,
        arguments=(Argument(z, "the logarithm of the rate"), Argument(t, "the count")),
        edges="the limits where they exist, else NaN; NaN where exp(z) and t z both overflow",
    ),
    formula(
        "poisson_nll_gradient",
        FAMILY,
        "its slope by the logarithm of the rate",
        "exp(z) - t",
        D(_POISSON, z),
        (sp.exp(z) - t, "term by term"),
        source=POISSON,
        arguments=(Argument(z, "the logarithm of the rate"), Argument(t, "the count")),
        slope_of="poisson_nll",
        by="z",
        edges=_FINITE,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
