"""001 exercise 2 with numbers: a network with one hidden sigmoid layer, softmax and cross-entropy.

    a2 = sigmoid(W a1 + B), z = V a2 + C, y = softmax(z), E = -sum_k t_k log(y_k)  (nats, one sample)

Its figure is lost.  *Assumed* is the usual reading: input (1, -1); three sigmoid units with the weights (1, 1, 1) from
the first input and (-1, -1, -1) from the second; output weights (1, 1), (-1, -1), (-1, -1) from the three units; no
biases; target (1, 0).  Under it the two logits are equal, y = (1/2, 1/2), and what is propagated back cancels.

Whatever the figure was, the components of a softmax-logit gradient sum to 0, which the printed ones do not.

Shapes: a1 (2, 1), W (3, 2), B (3, 1), V (2, 3), C (2, 1), t (2, 1); gradients in the shape of their variable.
Source: 001_592b6b16dab3915e, exercise 2.
"""

from __future__ import annotations

import sympy as sp

from derivations.printed import Decimals, PrintedCalculation, Quantity
from symbolic import Define, Derivation, Entry, Erratum, Line, Source, VerdictKind, sums_to_one
from symbolic.notation import D, Gradient, index, matrix, sigmoid, size, softmax, total, vector

from ._training_data import EXERCISE_TWO

__all__ = ["ENTRIES"]

_SOURCES = (Source("001_592b6b16dab3915e", "exercise 2"),)
_ASSUMED = EXERCISE_TWO["assumed"]
_PRINTED = EXERCISE_TWO["printed"]

i, j, k = index("i"), index("j"), index("k")
a1, a2 = vector("a_1", 2), vector("a_2", 3)
W, B = matrix("W", 3, 2), vector("B", 3)
V, C = matrix("V", 2, 3), vector("C", 2)
z, y, t = vector("z", 2), vector("y", 2), vector("t", 2)
E = sp.Symbol("E", real=True)

_NETWORK = (
    Define(a2[i, 0], sigmoid(sp.Sum(W[i, k] * a1[k, 0], (k, 0, 1)) + B[i, 0])),
    Define(z, V * a2 + C),
    Define(y[i, 0], softmax(z, i)),
    Define(E, -total(k, 2, t[k, 0] * sp.log(y[k, 0]))),
)


def _equations(symbol: sp.MatrixSymbol, rows: Decimals) -> tuple[sp.Eq, ...]:
    """Every entry has its number, which is put in after differentiating."""
    return tuple(sp.Eq(symbol[r, c], sp.Rational(d)) for r, row in enumerate(rows) for c, d in enumerate(row))


_SYMBOLS = {"a_1": a1, "W": W, "B": B, "V": V, "C": C, "t": t}
_NUMBERS = tuple(eq for name, symbol in _SYMBOLS.items() for eq in _equations(symbol, _ASSUMED[name]))
_HALF = sp.Rational(1, 2)
_s = sigmoid(sp.Integer(2))  # each hidden unit: 1*1 + (-1)*(-1) = 2


def _right_gradient(name: str, variable: sp.MatrixSymbol, value: sp.ImmutableMatrix, reason: str) -> Derivation:
    return Derivation(
        f"exercise-two-dE-d{name}",
        f"dE/d{name} at the assumed numbers",
        Gradient(E, variable),
        (Line(value, reason),),
        (*_NETWORK, *_NUMBERS),
        _SOURCES,
        "The figure is lost; the numbers are assumed (see the module).",
    )


def _as_printed(name: str, gradient: sp.MatrixExpr) -> Quantity:
    return Quantity(
        f"dE/d{name} as printed",
        gradient,
        _PRINTED[f"d{name}"],
        expected=VerdictKind.REFUTED,
        reason="as printed, under the assumed numbers",
    )


_ONE = matrix("delta_z", 2, 1)  # y - t, the gradient by the logits
_CLOSED = {
    "V": _ONE * a2.T,
    "C": _ONE,
    "W": sp.HadamardProduct(V.T * _ONE, a2, sp.OneMatrix(3, 1) - a2) * a1.T,
    "B": sp.HadamardProduct(V.T * _ONE, a2, sp.OneMatrix(3, 1) - a2),
}
_GRADIENTS = {"V": V, "C": C, "W": W, "B": B}

n = size("n")
logits, target = vector("z", n), vector("t", n)
_CROSS_ENTROPY = -total(k, n, target[k, 0] * sp.log(softmax(logits, k)))
logits2, target2 = vector("z", 2), vector("t", 2)
_CROSS_ENTROPY_2 = -total(k, 2, target2[k, 0] * sp.log(softmax(logits2, k)))

ENTRIES: tuple[Entry, ...] = (
    Derivation(
        "softmax-logit-gradient-sums-to-0",
        "the components of dE/dz sum to 0 for cross-entropy on softmax, whatever the numbers",
        total(i, n, D(_CROSS_ENTROPY, logits[i, 0])),
        (
            Line(total(i, n, softmax(logits, i) - target[i, 0]), "dE/dz = y - t"),
            Line(total(i, n, softmax(logits, i)) - total(i, n, target[i, 0]), "sum term by term"),
            Line(sp.Integer(0), "both sums are 1"),
        ),
        (sums_to_one(target),),
        _SOURCES,
    ),
    Erratum(
        "exercise-two-logit-gradient-sum",
        "the printed dE/dC has the components 0.125 and 0.125, which cannot be: they sum to 0",
        total(i, 2, D(_CROSS_ENTROPY_2, logits2[i, 0])),
        sp.Rational("0.125") + sp.Rational("0.125"),
        sp.Integer(0),
        (sums_to_one(target2),),
        _SOURCES,
        "Refuted under any reading of the lost figure. Where 0.125 comes from the print does not decide: (t - a)^2 / 2 "
        "gives it for both outputs, and so do others.",
    ),
    Erratum(
        "exercise-two-output-weights-gradient-sum",
        "the columns of the printed dE/dV do not sum to 0 over the outputs, which they must",
        total(i, 2, D(E, V[i, j])),
        2 * sp.Rational("0.11009963"),
        sp.Integer(0),
        (*_NETWORK, sums_to_one(t)),
        _SOURCES,
        "Refuted under any reading of the lost figure. 0.11009963 is 0.125 sigmoid(2).",
    ),
    Erratum(
        "exercise-two-sign-of-the-gradient",
        "(t - a) a_2^T is the negative of dE/dV",
        Gradient(E, V),
        (t - y) * a2.T,
        (y - t) * a2.T,
        (*_NETWORK, sums_to_one(t)),
        _SOURCES,
        "The document writes dO/dV = (t - a) a_2^T: the direction of descent, not the derivative.",
    ),
    _right_gradient(
        "V", V, sp.ImmutableMatrix([[-_HALF * _s] * 3, [_HALF * _s] * 3]), "y - t = (-1/2, 1/2), a_2 = sigmoid(2)"
    ),
    _right_gradient("C", C, sp.ImmutableMatrix([-_HALF, _HALF]), "y - t with equal logits"),
    _right_gradient("W", W, sp.ImmutableMatrix([[0, 0]] * 3), "V^T (y - t) = 0: both outputs have the same weights"),
    _right_gradient("B", B, sp.ImmutableMatrix([0, 0, 0]), "V^T (y - t) = 0"),
    *(
        Derivation(
            f"exercise-two-dE-d{name}-closed-form",
            f"dE/d{name} of this network, for any numbers",
            Gradient(E, variable),
            (Line(_CLOSED[name].xreplace({_ONE: y - t}), "back-propagation"),),
            (*_NETWORK, sums_to_one(t)),
            _SOURCES,
        )
        for name, variable in _GRADIENTS.items()
    ),
    PrintedCalculation(
        "exercise-two-printed",
        "the four printed gradients, under the assumed numbers",
        {name: _ASSUMED[name] for name in _SYMBOLS},
        tuple(_as_printed(name, _CLOSED[name].xreplace({_ONE: y - t})) for name in _GRADIENTS),
        _NETWORK,
        _SOURCES,
        "The closed forms are proved beside it. Right under the assumption: dE/dV = -+sigmoid(2)/2 = -+0.44039854 in "
        "its two rows, dE/dC = (-0.5, 0.5), dE/dW = 0 and dE/dB = 0. All four printed matrices use 0.125 for both "
        "components of (t - a).",
    ),
    PrintedCalculation(
        "exercise-two-carried-forward",
        "given the wrong dE/dC = (0.125, 0.125), the other three printed gradients follow from it",
        {**{name: _ASSUMED[name] for name in _SYMBOLS}, "delta_z": _PRINTED["dC"]},
        tuple(
            Quantity(f"dE/d{name} from the printed dE/dC", _CLOSED[name], _PRINTED[f"d{name}"])
            for name in _GRADIENTS
            if name != "C"
        ),
        _NETWORK,
        _SOURCES,
        "A mistake carried forward: each of these steps holds as a link and fails at the head.",
    ),
)
