"""Batches: the mean of the samples' losses in both two-layer softmax networks, and the L2 penalty.

Rows are samples: X is (m, n0) and T is (m, n2) in the sigmoid network, X is (N, P) and Y is (N, n2) in the one
with biases; every sample's targets sum to 1.  Losses are in nats; a gradient has the shape of its variable.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line
from symbolic.given import Define
from symbolic.notation import (
    D,
    Gradient,
    delta,
    elementwise,
    hadamard,
    index,
    matrix,
    ones,
    scalar,
    sigmoid,
    size,
    total,
    vector,
)

from ._two_layer_batches import BIASES, NO_BIASES, Batch, with_biases
from ._two_layer_network import SOURCE, n1, slope
from .two_layer import entry, product, source, transposed

__all__ = ["ENTRIES"]

c, i, j, k, n, p, r, s = (index(name) for name in "cijknprs")
m, N = NO_BIASES.samples, BIASES.samples


def gradients(
    name: str, net: Batch, variable: Any, at: tuple[Any, Any], of_sample: Any, closed: Any, sources: Any
) -> tuple[Derivation, Derivation]:
    """The gradient by one set of weights, entry by entry (at row and column) and as a product of matrices."""
    by, title = variable[at], f"d{net.loss}/d{variable.name} of a batch"
    logit, sample_loss = net.Z2[n, c], net.sample_loss[n, 0]
    lines = (
        Line(
            net.total(net.over_classes(net.by_logit() * D(logit, by))),
            "chain rule through every output and every logit of every sample",
        ),
        Line(net.mean(D(sample_loss, by)), "the mean of the samples' gradients"),
        Line(
            net.mean(net.over_classes(D(sample_loss, logit) * D(logit, by))),
            "chain rule through the logits of sample n",
        ),
        Line(net.mean(net.over_classes(net.error(n, c) * D(logit, by))), "output minus target"),
        Line(net.mean(of_sample), "the gradient of one sample"),
        Line(entry(closed, *at), "the sum over samples as a product of matrices"),
    )
    return (
        Derivation(f"{name}-element", f"{title}, entry by entry", D(net.loss, by), lines, net.given, sources),
        Derivation(
            name,
            f"{title}, in matrices",
            Gradient(net.loss, variable),
            (Line(closed, "rows are samples, so a product over rows sums over samples"),),
            net.given,
            sources,
        ),
    )


# ---- the sigmoid network

_ITEM_8 = source(8)
_E = NO_BIASES.output - NO_BIASES.targets
_Y1 = NO_BIASES.hidden
_DELTA_1 = hadamard(_E * NO_BIASES.W2, _Y1, ones(m, n1) - _Y1)

_sigmoid_network = (
    *gradients(
        "two-layer-batch-dE-dW2",
        NO_BIASES,
        NO_BIASES.W2,
        (r, k),
        NO_BIASES.error(n, r) * _Y1[n, k],
        product(1 / m, transposed(_E), _Y1),
        _ITEM_8,
    ),
    *gradients(
        "two-layer-batch-dE-dW1",
        NO_BIASES,
        NO_BIASES.W1,
        (k, p),
        NO_BIASES.back(k) * _Y1[n, k] * (1 - _Y1[n, k]) * NO_BIASES.X[n, p],
        product(1 / m, transposed(_DELTA_1), NO_BIASES.X),
        _ITEM_8,
    ),
)

_t, _y, _u, _e = vector("t", m), vector("y", m), vector("u", m), vector("e", m)
_E_MEAN = scalar("E")

_loss_of_a_batch = Erratum(
    "two-layer-batch-loss-wrong-index",
    "E = 1/m sum over j of -t_j log(y_i), where y_j belongs",
    before=_E_MEAN,
    as_written=total(j, m, -_t[j, 0] * sp.log(_y[i, 0])) / m,
    right=total(j, m, -_t[j, 0] * sp.log(_y[j, 0])) / m,
    given=(
        Define(_y[j, 0], sigmoid(_u[j, 0])),
        Define(_e[j, 0], -_t[j, 0] * sp.log(_y[j, 0])),
        Define(_E_MEAN, total(j, m, _e[j, 0]) / m),
    ),
    sources=source(1),
    note="Judged against the mean of the losses of m samples; for m = 1 the two are the same.",
)

# ---- the network with biases

_L = BIASES.output - BIASES.targets
_A1, _Z1 = BIASES.hidden, BIASES.Z1
_DELTA = hadamard(_L * BIASES.W2, elementwise(slope, _Z1))
_BY_W1 = BIASES.back(k) * slope(_Z1[n, k]) * BIASES.X[n, p]
_BY_B1 = BIASES.back(k) * slope(_Z1[n, k])

_with_biases = (
    *gradients(
        "two-layer-batch-dL-dW2",
        BIASES,
        BIASES.W2,
        (j, k),
        BIASES.error(n, j) * _A1[n, k],
        product(1 / N, transposed(_L), _A1),
        SOURCE,
    ),
    *gradients(
        "two-layer-batch-dL-db2",
        BIASES,
        BIASES.b2,
        (j, 0),
        BIASES.error(n, j),
        product(1 / N, transposed(_L), ones(N)),
        SOURCE,
    ),
    *gradients(
        "two-layer-batch-dL-dW1",
        BIASES,
        BIASES.W1,
        (k, p),
        _BY_W1,
        product(1 / N, transposed(_DELTA), BIASES.X),
        SOURCE,
    ),
    *gradients(
        "two-layer-batch-dL-db1", BIASES, BIASES.b1, (k, 0), _BY_B1, product(1 / N, transposed(_DELTA), ones(N)), SOURCE
    ),
)


def _erratum(
    name: str, title: str, before: Any, as_written: Any, right: Any, net: Batch = BIASES, note: str = ""
) -> Erratum:
    return Erratum(f"two-layer-batch-{name}", title, before, as_written, right, net.given, SOURCE, note)


def _matrix_form(net: Batch) -> Erratum:
    """sum over n and c of (yhat_nc - y_nc) W2 .* f'(z2) x^T at entry (k, p); z2 and x of some sample r."""
    errors = net.total(net.over_classes(net.error(n, c)))
    return _erratum(
        "dL-dW1-matrix-form",
        "sum over n and c of (yhat_nc - y_nc) W2 .* f'(z2) x^T for dL/dW1, where all sizes are equal",
        before=D(net.loss, net.W1[k, p]),
        as_written=errors * net.W2[k, p] * slope(net.Z2[r, k]) * net.X[r, p],
        right=net.mean(net.back(k) * slope(net.Z1[n, k]) * net.X[n, p]),
        net=net,
        note="z2 and x name no sample (taken as sample r); the sum of all errors is 0; 1/N is lost.",
    )


_errata = (
    _erratum(
        "dL-dW2-one-sample-activation",
        "1/N sum over n of (yhat_n - y_n) a1^T, with the activation of one sample r for all",
        before=D(BIASES.loss, BIASES.W2[j, k]),
        as_written=BIASES.mean(BIASES.error(n, j) * _A1[r, k]),
        right=BIASES.mean(BIASES.error(n, j) * _A1[n, k]),
        note="The document's a1 names no sample.",
    ),
    _erratum(
        "dL-db2-lost-parentheses",
        "1/N sum over n of yhat_n - y_n, where the sum ends before the minus sign",
        before=D(BIASES.loss, BIASES.b2[j, 0]),
        as_written=BIASES.mean(BIASES.output[n, j]) - BIASES.targets[r, j],
        right=BIASES.mean(BIASES.error(n, j)),
        note="As written y_n stands outside the sum that binds n (taken as sample r).  Read as one sum it is right.",
    ),
    _erratum(
        "dL-dW1-lost-mean",
        "dL/dw1_kp as the sum over samples, without 1/N",
        before=D(BIASES.loss, BIASES.W1[k, p]),
        as_written=BIASES.total(_BY_W1),
        right=BIASES.mean(_BY_W1),
        note="The other slips of this line are mended here, to show this one.",
    ),
    _erratum(
        "dL-db1-lost-mean",
        "dL/db1_k as the sum over samples, without 1/N",
        before=D(BIASES.loss, BIASES.b1[k, 0]),
        as_written=BIASES.total(_BY_B1),
        right=BIASES.mean(_BY_B1),
        note="The other slips of this line are mended here, to show this one.",
    ),
    _matrix_form(with_biases(N, n1, n1, n1)),
)

# ---- the L2 penalty

_LAMBDA, _J = scalar("lambda"), scalar("J")
_ROWS, _COLUMNS = size("rows"), size("columns")
_W = matrix("W", _ROWS, _COLUMNS)


def _squares(W: Any) -> Any:
    """The sum of the squares of all entries."""
    return total(i, W.shape[0], total(j, W.shape[1], W[i, j] ** 2))


def _penalty_gradient(name: str, factor: Any) -> Derivation:
    twice = total(i, _ROWS, total(j, _COLUMNS, 2 * _W[i, j] * delta(i, r) * delta(j, c)))
    return Derivation(
        f"l2-penalty-{name}",
        f"the derivative of {factor} ||W||^2 by one weight",
        start=D(factor * _squares(_W), _W[r, c]),
        lines=(
            Line(factor * twice, "dW[i, j]/dW[r, c] = delta_ir delta_jc"),
            Line(2 * factor * _W[r, c], "both deltas collapse"),
        ),
        sources=source(9),
    )


def _penalized(name: str, factor: Any) -> tuple[Derivation, Derivation]:
    """The gradients of J = E + factor (||W1||^2 + ||W2||^2) by both layers."""
    W1, W2, E = NO_BIASES.W1, NO_BIASES.W2, NO_BIASES.loss
    given = (*NO_BIASES.given, Define(_J, E + factor * (_squares(W1) + _squares(W2))))

    def chain(W: Any, unpenalized: Any) -> Derivation:
        return Derivation(
            f"two-layer-l2-{name}-dJ-d{W.name}",
            f"dJ/d{W.name} for J = E + {factor} (||W1||^2 + ||W2||^2)",
            start=Gradient(_J, W),
            lines=(
                Line(Gradient(E, W) + Gradient(factor * _squares(W), W), "the other layer's penalty is constant"),
                Line(Gradient(E, W) + 2 * factor * W, "the derivative of the penalty"),
                Line(unpenalized + 2 * factor * W, "the gradient of the batch"),
            ),
            given=given,
            sources=source(9),
        )

    return chain(W1, product(1 / m, transposed(_DELTA_1), NO_BIASES.X)), chain(W2, product(1 / m, transposed(_E), _Y1))


def _l2_errata() -> tuple[Erratum, Erratum]:
    W1, E = NO_BIASES.W1, NO_BIASES.loss
    return (
        Erratum(
            "two-layer-l2-multiplied",
            "the gradient multiplied by lambda W, where lambda W is added",
            before=Gradient(_J, W1),
            as_written=hadamard(Gradient(E, W1), _LAMBDA * W1),
            right=Gradient(E, W1) + _LAMBDA * W1,
            given=(*NO_BIASES.given, Define(_J, E + _LAMBDA / 2 * _squares(W1))),
            sources=source(9),
            note="The penalty is lambda/2 ||W1||^2 here, the one for which lambda W is the right term to add.",
        ),
        Erratum(
            "two-layer-l2-lost-factor-2",
            "lambda W as the gradient of the penalty lambda ||W||^2",
            before=Gradient(_J, W1),
            as_written=Gradient(E, W1) + _LAMBDA * W1,
            right=Gradient(E, W1) + 2 * _LAMBDA * W1,
            given=(*NO_BIASES.given, Define(_J, E + _LAMBDA * _squares(W1))),
            sources=source(9),
            note="The document names no penalty ('normalization'); lambda W is right for lambda/2 ||W||^2.",
        ),
    )


_l2 = (
    _penalty_gradient("half", _LAMBDA / 2),
    _penalty_gradient("full", _LAMBDA),
    *_penalized("half", _LAMBDA / 2),
    *_penalized("full", _LAMBDA),
    *_l2_errata(),
)

ENTRIES = (*_sigmoid_network, _loss_of_a_batch, *_with_biases, *_errata, *_l2)
