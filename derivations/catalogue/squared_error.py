"""Squared error through three layers of one unit each, with arbitrary activations f1, f2, f3.

s1 = W1 x_in, z1 = f1(s1), s2 = W2 z1, z2 = f2(s2), s_out = W_out z2, z_out = y_out = f3(s_out) and
L = (y_out - y_gt)^2 / 2 (in squared units of y_out); delta_k = dL/ds_k.  All of them are numbers.

The documents write products without transposes or sums, and so as the chain rule for numbers reads.  Layers of
every size are in `squared_error_one_output` and `squared_error_layers`.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define
from symbolic.notation import D, positive, prime, scalar

__all__ = ["ENTRIES"]

PRODUCTS = Source("002_c01bd2233d4021c3", "1.1")
DELTAS = Source("002_c01bd2233d4021c3", "1.2")
SUBSTITUTED = Source("003_a592d850349715ea", "1")
PRELUDE = Source("003_a592d850349715ea", "2")
HALF = sp.Rational(1, 2)

f1, f2, f3 = (sp.Function(name) for name in ("f1", "f2", "f3"))
x_in, W1, s1, z1, W2, s2, z2 = (scalar(name) for name in ("x_in", "W1", "s1", "z1", "W2", "s2", "z2"))
W_out, s_out, z_out, y_out, y_gt = (scalar(name) for name in ("W_out", "s_out", "z_out", "y_out", "y_gt"))
L, delta_out, delta_2, delta_1 = (scalar(name) for name in ("L", "delta_out", "delta_2", "delta_1"))
eta = positive("eta")

GIVEN = (
    Define(s1, W1 * x_in),
    Define(z1, f1(s1)),
    Define(s2, W2 * z1),
    Define(z2, f2(s2)),
    Define(s_out, W_out * z2),
    Define(z_out, f3(s_out)),
    Define(y_out, z_out),
    Define(L, HALF * (y_out - y_gt) ** 2),
)
WITH_DELTAS = (
    *GIVEN,
    Define(delta_out, D(L, s_out)),
    Define(delta_2, D(L, s2)),
    Define(delta_1, D(L, s1)),
)

# What reaches each layer, as a product of chain rule factors (002, equations 2 to 4).
TO_S_OUT = D(L, y_out) * D(y_out, s_out)
TO_S2 = TO_S_OUT * D(s_out, z2) * D(z2, s2)
TO_S1 = TO_S2 * D(s2, z1) * D(z1, s1)
Z_TO_S_OUT = D(L, z_out) * D(z_out, s_out)
Z_TO_S2 = Z_TO_S_OUT * D(s_out, z2) * D(z2, s2)
Z_TO_S1 = Z_TO_S2 * D(s2, z1) * D(z1, s1)

# The same with the layers filled in.
AT_OUT = (y_out - y_gt) * prime(f3, s_out)
AT_S2 = AT_OUT * W_out * prime(f2, s2)
AT_S1 = AT_S2 * W2 * prime(f1, s1)

# The outputs of the layers as nested functions (003, section 1).
DEEP_S2 = W2 * f1(W1 * x_in)
OUT_OF_Z2, OUT_OF_Z1, OUT_OF_X = W_out * z2, W_out * f2(W2 * z1), W_out * f2(DEEP_S2)
OUT_OF_S2, OUT_OF_S1 = W_out * f2(s2), W_out * f2(W2 * f1(s1))


def loss(s: Any) -> Any:
    """0.5 (f3(s) - y_gt)^2."""
    return HALF * (f3(s) - y_gt) ** 2


def error(s: Any) -> Any:
    """(f3(s) - y_gt) f3'(s)."""
    return (f3(s) - y_gt) * prime(f3, s)


def chain(name: str, title: str, start: Any, *lines: tuple[Any, str], source: Source, note: str = "") -> Derivation:
    """A derivation on one unit in each layer."""
    written = tuple(Line(expression, reason) for expression, reason in lines)
    return Derivation(name, title, start, written, WITH_DELTAS, (source,), note)


PRODUCT_RULES = (
    chain(
        "squared-error-unit-dL-dW-out",
        "dL/dW_out as a product of chain rule factors",
        D(L, W_out),
        (TO_S_OUT * D(s_out, W_out), "chain rule"),
        ((y_out - y_gt) * D(f3(s_out), s_out) * D(W_out * z2, W_out), "fill in L, y_out and s_out"),
        (AT_OUT * z2, "f3' by name; s_out is linear in W_out"),
        source=PRODUCTS,
    ),
    chain(
        "squared-error-unit-dL-dW-2",
        "dL/dW_2 as a product of chain rule factors",
        D(L, W2),
        (TO_S2 * D(s2, W2), "chain rule"),
        (AT_S2 * z1, "fill in the layers"),
        source=PRODUCTS,
    ),
    chain(
        "squared-error-unit-dL-dW-1",
        "dL/dW_1 as a product of chain rule factors",
        D(L, W1),
        (TO_S1 * D(s1, W1), "chain rule"),
        (AT_S1 * x_in, "fill in the layers"),
        source=PRODUCTS,
    ),
)

DELTA_RULES = (
    chain(
        "squared-error-unit-delta-out",
        "delta_out = dL/ds_out through the unit's own activation",
        D(L, s_out),
        (Z_TO_S_OUT, "chain rule"),
        (AT_OUT, "fill in L and z_out"),
        source=DELTAS,
    ),
    chain(
        "squared-error-unit-delta-2",
        "delta_2 = dL/ds_2 through the unit's own activation",
        D(L, s2),
        (D(L, z2) * D(z2, s2), "chain rule"),
        (Z_TO_S2, "chain rule for dL/dz_2"),
        (delta_out * W_out * prime(f2, s2), "fold delta_out; fill in the layers"),
        source=DELTAS,
    ),
    chain(
        "squared-error-unit-delta-1",
        "delta_1 = dL/ds_1 through the unit's own activation",
        D(L, s1),
        (D(L, z1) * D(z1, s1), "chain rule"),
        (Z_TO_S1, "chain rule for dL/dz_1"),
        (delta_2 * W2 * prime(f1, s1), "fold delta_2; fill in the layers"),
        source=DELTAS,
    ),
    chain(
        "squared-error-unit-Delta-W-out",
        "Delta W_out = dL/dW_out = delta_out z_2",
        D(L, W_out),
        (Z_TO_S_OUT * D(s_out, W_out), "chain rule"),
        (delta_out * D(s_out, W_out), "fold delta_out"),
        (delta_out * z2, "s_out is linear in W_out"),
        source=DELTAS,
        note="The document writes z_out for y_out here.",
    ),
    chain(
        "squared-error-unit-Delta-W-2",
        "Delta W_2 = dL/dW_2 = delta_2 z_1",
        D(L, W2),
        (Z_TO_S2 * D(s2, W2), "chain rule"),
        (delta_2 * D(s2, W2), "fold delta_2"),
        (delta_2 * z1, "s_2 is linear in W_2"),
        source=DELTAS,
    ),
    chain(
        "squared-error-unit-Delta-W-1",
        "Delta W_1 = dL/dW_1 = delta_1 x_in",
        D(L, W1),
        (Z_TO_S1 * D(s1, W1), "chain rule"),
        (delta_1 * D(s1, W1), "fold delta_1"),
        (delta_1 * x_in, "s_1 is linear in W_1"),
        source=DELTAS,
    ),
)

SUBSTITUTIONS = (
    chain(
        "squared-error-unit-dL-dW-out-substituted",
        "dL/dW_out with the layers substituted",
        D(L, W_out),
        (D(HALF * (y_out - y_gt) ** 2, W_out), "definition of L"),
        (D(loss(OUT_OF_Z2), W_out), "y_out = f3(W_out z_2)"),
        (error(OUT_OF_Z2) * z2, "chain rule"),
        source=SUBSTITUTED,
    ),
    chain(
        "squared-error-unit-dL-dW-2-substituted",
        "dL/dW_2 with the layers substituted",
        D(L, W2),
        (D(HALF * (y_out - y_gt) ** 2, W2), "definition of L"),
        (D(loss(OUT_OF_Z1), W2), "y_out = f3(W_out f2(W_2 z_1))"),
        (error(OUT_OF_Z1) * (W_out * prime(f2, W2 * z1)) * z1, "chain rule"),
        (error(OUT_OF_S2) * (W_out * prime(f2, s2)) * z1, "s_2 = W_2 z_1"),
        source=SUBSTITUTED,
    ),
    chain(
        "squared-error-unit-dL-dW-1-substituted",
        "dL/dW_1 with the layers substituted",
        D(L, W1),
        (D(HALF * (y_out - y_gt) ** 2, W1), "definition of L"),
        (D(loss(OUT_OF_X), W1), "y_out = f3(W_out f2(W_2 f1(W_1 x_in)))"),
        (
            error(OUT_OF_X) * (W_out * prime(f2, DEEP_S2)) * (W2 * prime(f1, W1 * x_in)) * x_in,
            "chain rule",
        ),
        (
            error(OUT_OF_S1) * (W_out * prime(f2, s2)) * (W2 * prime(f1, s1)) * x_in,
            "s_1 = W_1 x_in, s_2 = W_2 z_1",
        ),
        source=SUBSTITUTED,
        note="The last line in the document has s_in for s_1 and x_1 for x_in, names that it gives no meaning.",
    ),
)


def slip(name: str, title: str, before: Any, written: Any, right: Any, source: Source, note: str = "") -> Erratum:
    """An erratum on one unit in each layer."""
    return Erratum(name, title, before, written, right, WITH_DELTAS, (source,), note)


WRONG_ERROR = "the error is y_out - y_gt, not y_out - s_out"
WRONG_VARIABLE = "the derivative is by {}, not by W_out"
AND_BACK = "The line after it is right again, so it does not follow from this one either."

ERRATA = (
    slip(
        "squared-error-unit-dL-dW-out-wrong-error",
        WRONG_ERROR,
        D(L, W_out),
        (y_out - s_out) * D(f3(s_out), s_out) * D(W_out * z2, W_out),
        (y_out - y_gt) * D(f3(s_out), s_out) * D(W_out * z2, W_out),
        PRODUCTS,
    ),
    slip(
        "squared-error-unit-dL-dW-out-wrong-error-kept",
        WRONG_ERROR,
        D(L, W_out),
        (y_out - s_out) * prime(f3, s_out) * z2,
        AT_OUT * z2,
        PRODUCTS,
        "The line before it has the same slip, so it follows from that line.",
    ),
    slip(
        "squared-error-unit-dL-dW-2-wrong-error",
        WRONG_ERROR,
        D(L, W2),
        (y_out - s_out) * prime(f3, s_out) * W_out * prime(f2, s2) * z1,
        AT_S2 * z1,
        PRODUCTS,
    ),
    slip(
        "squared-error-unit-dL-dW-1-wrong-error",
        WRONG_ERROR,
        D(L, W1),
        (y_out - s_out) * prime(f3, s_out) * W_out * prime(f2, s2) * W2 * prime(f1, s1) * x_in,
        AT_S1 * x_in,
        PRODUCTS,
    ),
    slip(
        "squared-error-unit-dL-dW-2-wrong-variable",
        WRONG_VARIABLE.format("W_2"),
        D(HALF * (y_out - y_gt) ** 2, W2),
        D(loss(OUT_OF_Z1), W_out),
        D(loss(OUT_OF_Z1), W2),
        SUBSTITUTED,
        AND_BACK,
    ),
    slip(
        "squared-error-unit-dL-dW-1-wrong-variable",
        WRONG_VARIABLE.format("W_1"),
        D(HALF * (y_out - y_gt) ** 2, W1),
        D(loss(OUT_OF_X), W_out),
        D(loss(OUT_OF_X), W1),
        SUBSTITUTED,
        AND_BACK,
    ),
    slip(
        "squared-error-unit-update-W-out-activation-slope",
        "an update takes the activation that feeds the weight, not that activation's derivative",
        -eta * D(L, W_out),
        -eta * (delta_out * D(f2(s2), s2)),
        -eta * (delta_out * f2(s2)),
        PRELUDE,
        "The document's words say activation, its formula the derivative of f, here f2 at s_2.",
    ),
    slip(
        "squared-error-unit-update-W-2-activation-slope",
        "an update takes the activation that feeds the weight, not that activation's derivative",
        -eta * D(L, W2),
        -eta * (delta_2 * D(f1(s1), s1)),
        -eta * (delta_2 * f1(s1)),
        PRELUDE,
        "The same for W_2, which f1(s_1) feeds; x_in, which feeds W_1, has no activation f at all.",
    ),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (*PRODUCT_RULES, *DELTA_RULES, *SUBSTITUTIONS, *ERRATA)
