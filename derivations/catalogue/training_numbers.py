"""003 section 3 with numbers: three training steps of a ReLU-tanh network, all 33 printed matrices.

    s = X W, s_relu = relu(s), s_out = s_relu W_out, y_out = tanh(s_out), loss = (y_out - Y)^2 / 2

Shapes: X (4, 2), Y (4, 1), W (2, 3), W_out (3, 1); rows are samples, the loss is one number a sample.
Domain: relu'(u) = 1 for u > 0 and 0 for u <= 0; no printed s is 0.
Source: 003_a592d850349715ea, sections 3.1 to 3.3; X, Y and the first weights are recovered (see `_training_data`).
"""

from __future__ import annotations

import sympy as sp

from derivations.printed import PrintedCalculation, Quantity
from symbolic import Define, Source
from symbolic.notation import elementwise, hadamard, matrix, ones, relu

from ._training_data import FIRST_OUTPUT_WEIGHTS, FIRST_WEIGHTS, INPUTS, PRINTED, TARGETS

__all__ = ["ENTRIES"]

_SAMPLES, _INPUTS, _HIDDEN = 4, 2, 3
_RATE = sp.Rational(1, 2)

#: The quantities of one iteration, in the order of the document, with the formula it states for each.
_FORMULAS = {
    "s": "X W",
    "s_relu": "ReLU(s)",
    "s_out": "s_relu W_out",
    "y_out": "tanh(s_out)",
    "loss": "0.5 (y_out - Y)^2",
    "delta_out": "(1 - tanh^2(s_out)) x (y_out - Y)",
    "delta_s": "ReLU'(s) x (delta_out W_out^T)",
    "dW": "X^T delta_s",
    "dW_out": "s_relu^T delta_out",
    "W": "W - 0.5 dW",
    "W_out": "W_out - 0.5 dW_out",
}
_WIDTHS = {"s": _HIDDEN, "s_relu": _HIDDEN, "delta_s": _HIDDEN}

X = matrix("X", _SAMPLES, _INPUTS)
Y = matrix("Y", _SAMPLES, 1)


def _weights(iteration: int) -> tuple[sp.MatrixSymbol, sp.MatrixSymbol]:
    """W and W_out before an iteration (counted from 1)."""
    return matrix(f"W_{iteration}", _INPUTS, _HIDDEN), matrix(f"W_out_{iteration}", _HIDDEN, 1)


def _slope(u: sp.Expr) -> sp.Expr:
    return sp.Piecewise((1, u > 0), (0, True))


def _iteration(number: int) -> dict[str, tuple[sp.MatrixSymbol, sp.MatrixExpr]]:
    """Each quantity of one iteration: its symbol and its definition."""
    W, W_out = _weights(number)
    W_next, W_out_next = _weights(number + 1)
    symbols = {
        name: matrix(f"{name}_{number}", _SAMPLES, _WIDTHS.get(name, 1))
        for name in ("s", "s_relu", "s_out", "y_out", "loss", "delta_out", "delta_s")
    }
    s, s_relu, s_out, y_out, loss, delta_out, delta_s = symbols.values()
    dW, dW_out = matrix(f"dW_{number}", _INPUTS, _HIDDEN), matrix(f"dW_out_{number}", _HIDDEN, 1)
    tanh_squared = elementwise(lambda u: sp.tanh(u) ** 2, s_out)
    return {
        "s": (s, X * W),
        "s_relu": (s_relu, elementwise(relu, s)),
        "s_out": (s_out, s_relu * W_out),
        "y_out": (y_out, elementwise(sp.tanh, s_out)),
        "loss": (loss, elementwise(lambda u: u**2 / 2, y_out - Y)),
        "delta_out": (delta_out, hadamard(ones(_SAMPLES) - tanh_squared, y_out - Y)),
        "delta_s": (delta_s, hadamard(elementwise(_slope, s), delta_out * W_out.T)),
        "dW": (dW, X.T * delta_s),
        "dW_out": (dW_out, s_relu.T * delta_out),
        "W": (W_next, W - _RATE * dW),
        "W_out": (W_out_next, W_out - _RATE * dW_out),
    }


def _quantity(number: int, name: str, symbol: sp.MatrixSymbol) -> Quantity:
    """The first iteration is printed to eight places, but for the last weights; all else to twelve digits."""
    eight_places = number == 1 and name not in ("dW_out", "W_out")
    return Quantity(
        f"iteration {number}: {name} = {_FORMULAS[name]}",
        symbol,
        PRINTED[number, name],
        places=8 if eight_places else None,
        digits=None if eight_places else 12,
    )


_ITERATIONS = {number: _iteration(number) for number in (1, 2, 3)}
_DEFINITIONS = tuple(Define(symbol, value) for one in _ITERATIONS.values() for symbol, value in one.values())

ENTRIES = tuple(
    PrintedCalculation(
        f"relu-tanh-training-{number}",
        f"training step {number} with numbers: 11 printed matrices",
        {"X": INPUTS, "Y": TARGETS, "W_1": FIRST_WEIGHTS, "W_out_1": FIRST_OUTPUT_WEIGHTS},
        tuple(_quantity(number, name, symbol) for name, (symbol, _) in quantities.items()),
        _DEFINITIONS,
        (Source("003_a592d850349715ea", f"3.{number}"),),
        "X, Y and the first weights are not printed: recovered from what is. The state is carried unrounded. "
        "W = W - 0.5 dW is an update, not an equation: the weights after the step are called W_2, W_3, W_4 here.",
    )
    for number, quantities in _ITERATIONS.items()
)
