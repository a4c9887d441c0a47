"""Networks of two and three linear layers with any activation f between them, as they are computed on a batch.

Rows are samples: x is (m, n0), W1 (n1, n0), b1 (n1, 1) and so on; z1 = x W1^T + 1 b1^T, a1 = f(z1), ..., the output is
the last z.  On top stands the mean over the batch of cross-entropy of softmax (targets t sum to 1 in each row) or of
half the squared error.  The error d, the gradient of the loss by the last z, is (softmax(z) - t) / m or (z - t) / m.
It goes back through each layer as (d W) f'(z), the product with diag(f'(z)); a weight has the gradient d^T a, a bias
d^T 1, and the input d1 W1.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Define, sums_to_one
from symbolic.notation import D, index, keep, matrix, prime, scalar, size, total, vector

from ._formula import Argument, Formula, Use, formula
from ._row_by_row import row_by_row
from .formulas_class_losses import FORMULAS as CLASS_LOSSES
from .formulas_layers import OVERFLOW

__all__ = ["ENTRIES", "FORMULAS"]

BATCH = Source("000_e684565acf2280c2", "item 8")
LAYERS = Source("002_c01bd2233d4021c3", "1.1")
KINK = "Where the activation has a kink, its derivative is the one that is given for it there."

f = sp.Function("f")
m = size("m")
i, j, k, p, s = (index(name) for name in "ijkps")
L = scalar("L")
_PROVED = {formula.name: formula for formula in CLASS_LOSSES}


def _slope(z: Any) -> Any:
    return prime(f, z)


class _Network:
    """The quantities of a network of this many layers, and the definitions that join them."""

    def __init__(self, depth: int, loss: str) -> None:
        self.depth, self.loss = depth, loss
        sizes = [size(f"n{layer}") for layer in range(depth + 1)]
        self.sizes = sizes
        self.x = matrix("x", m, sizes[0])
        self.t = matrix("t", m, sizes[-1])
        layers = range(1, depth + 1)
        self.W = {layer: matrix(f"W{layer}", sizes[layer], sizes[layer - 1]) for layer in layers}
        self.b = {layer: vector(f"b{layer}", sizes[layer]) for layer in layers}
        self.z = {layer: matrix(f"z{layer}", m, sizes[layer]) for layer in layers}
        self.a = {layer: matrix(f"a{layer}", m, sizes[layer]) for layer in layers[:-1]} | {0: self.x}
        self.error = {layer: matrix(f"d{layer}", m, sizes[layer]) for layer in layers}
        self.sample_loss = vector("e", m)
        self.sample_error = matrix("r", m, sizes[-1])
        self.top = self.z[depth]

    def linear(self, layer: int) -> Any:
        """z of a layer, at sample s and unit i."""
        before = self.a[layer - 1]
        return total(j, self.sizes[layer - 1], before[s, j] * self.W[layer][i, j]) + self.b[layer][i, 0]

    def written_out(self, layer: int) -> Any:
        """The same without names for what is in between."""

        def unit(of: int, at: Any) -> Any:
            feeding = index(f"j{of}")
            below = self.x[s, feeding] if of == 1 else f(unit(of - 1, feeding))
            return total(feeding, self.sizes[of - 1], below * self.W[of][at, feeding]) + self.b[of][at, 0]

        return unit(layer, i)

    def uses(self) -> tuple[Use, ...]:
        """The loss of each sample and its gradient by the logits, as cross-entropy's own formulas have them."""
        if self.loss != "cross_entropy":
            return ()
        rows = {"z": self.top, "t": self.t}
        return (
            row_by_row(_PROVED["cross_entropy"], -1, self.sample_loss[s, 0], rows),
            row_by_row(_PROVED["cross_entropy_gradient"], 0, self.sample_error[s, i], rows),
        )

    def forward(self) -> tuple[Define, ...]:
        found = []
        for layer in range(1, self.depth + 1):
            found.append(Define(self.z[layer][s, i], self.linear(layer)))
            if layer < self.depth:
                found.append(Define(self.a[layer][s, i], f(self.z[layer][s, i])))
        return tuple(found)

    def given(self) -> tuple[Any, ...]:
        """Forward, the loss, and the errors that go back."""
        if self.loss == "cross_entropy":
            on_top: tuple[Any, ...] = (*(use.definition for use in self.uses()), sums_to_one(self.t))
            error = self.sample_error[s, i]
        else:
            squares = total(k, self.sizes[-1], (self.top[s, k] - self.t[s, k]) ** 2) / 2
            on_top = (Define(self.sample_loss[s, 0], squares),)
            error = keep(self.top[s, i] - self.t[s, i])
        on_top = (*on_top, Define(self.error[self.depth][s, i], error / m))
        back = [Define(self.error[layer][s, i], self.back(layer)) for layer in reversed(range(1, self.depth))]
        return (*self.forward(), *on_top, *back, Define(L, total(s, m, self.sample_loss[s, 0]) / m))

    def back(self, layer: int) -> Any:
        """The error of a hidden layer, carried back from the one above."""
        above = self.error[layer + 1]
        carried = total(k, self.sizes[layer + 1], above[s, k] * self.W[layer + 1][k, i])
        return carried * _slope(self.z[layer][s, i])

    def arguments(self, targets: bool) -> tuple[Argument, ...]:
        found = [Argument(self.x, "the input, one sample a row", ("m", "n0"))]
        if targets:
            meaning = "the targets, which sum to 1 in each row" if self.loss == "cross_entropy" else "the targets"
            found.append(Argument(self.t, meaning, ("m", f"n{self.depth}")))
        for layer in range(1, self.depth + 1):
            found.append(Argument(self.W[layer], f"the weights of layer {layer}", (f"n{layer}", f"n{layer - 1}")))
            found.append(Argument(self.b[layer], f"the biases of layer {layer}", (f"n{layer}",)))
        return tuple(found)


_NAMES = {2: "two_layer", 3: "three_layer"}
_ERRORS = {"cross_entropy": "(softmax(z{depth}) - t) / m", "squared_error": "(z{depth} - t) / m"}
_WORDS = {"cross_entropy": "cross-entropy of softmax", "squared_error": "half the squared error"}


def _family(net: _Network) -> str:
    return f"{net.loss}_{_NAMES[net.depth]}s"


def _options(net: _Network, targets: bool = True) -> dict[str, Any]:
    return {
        "source": BATCH if net.loss == "cross_entropy" else LAYERS,
        "arguments": net.arguments(targets),
        "batch": "m",
        "activation": "relu",
        "classes": "t" if targets and net.loss == "cross_entropy" else "",
        "edges": OVERFLOW,
    }


def _network(depth: int) -> Formula:
    """The output of a network."""
    net = _Network(depth, "")
    name = _NAMES[depth]
    above = total(j, net.sizes[depth - 1], net.a[depth - 1][s, j] * net.W[depth][i, j]) + net.b[depth][i, 0]
    return formula(
        name,
        "networks",
        f"a network of {depth} linear layers with an activation between them",
        "f(x W1^T + b1) W2^T + b2" if depth == 2 else "f(f(x W1^T + b1) W2^T + b2) W3^T + b3",
        net.written_out(depth),
        (above, "the activations under their own names"),
        given=net.forward()[:-1],
        result=("m", f"n{depth}"),
        indices=(s, i),
        **_options(net, targets=False),
    )


def _loss(net: _Network) -> Formula:
    """The loss of a network, a mean over the batch."""
    name = f"{_NAMES[net.depth]}_{net.loss}"
    return formula(
        name,
        _family(net),
        f"the mean of {_WORDS[net.loss]} over a batch, on a network of {net.depth} layers",
        f"1/m sum over s of {_WORDS[net.loss]} of z{net.depth} in row s",
        L,
        (total(s, m, net.sample_loss[s, 0]) / m, "the loss of each sample under its own name"),
        given=net.given(),
        uses=net.uses(),
        **_options(net),
    )


def _gradient(net: _Network, layer: int, by: str) -> Formula:
    """The gradient of the loss by the weights or the biases of a layer."""
    loss = f"{_NAMES[net.depth]}_{net.loss}"
    error, below = net.error[layer], net.a[layer - 1]
    variable = net.W[layer][i, j] if by == "W" else net.b[layer][i, 0]
    chain = total(s, m, total(k, net.sizes[layer], D(L, net.z[layer][s, k]) * D(net.z[layer][s, k], variable)))
    feeding = below[s, j] if by == "W" else 1
    through = "" if layer == net.depth else f", d{layer} = (d{layer + 1} W{layer + 1}) f'(z{layer})"
    sides = f"d{layer}^T {below.name}" if by == "W" else f"d{layer}^T 1"
    return formula(
        f"{loss}_{by}{layer}_gradient",
        _family(net),
        f"the gradient of {loss} by {'the weights' if by == 'W' else 'the biases'} of layer {layer}",
        f"dL/d{by}{layer} = {sides}{through}, d{net.depth} = " + _ERRORS[net.loss].format(depth=net.depth),
        D(L, variable),
        (chain, f"chain rule through z{layer} of every sample"),
        (
            total(s, m, total(k, net.sizes[layer], error[s, k] * D(net.z[layer][s, k], variable))),
            "the error of each sample, which has gone back through the layers above",
        ),
        (total(s, m, error[s, i] * feeding), "z is linear in the weights and biases"),
        given=net.given(),
        uses=net.uses(),
        result=(f"n{layer}", f"n{layer - 1}") if by == "W" else (f"n{layer}",),
        indices=(i, j) if by == "W" else (i,),
        slope_of=loss,
        by=f"{by}{layer}",
        kink=KINK if layer < net.depth else "",
        **_options(net),
    )


def _input_gradient(net: _Network) -> Formula:
    """The gradient of the loss by the input."""
    loss = f"{_NAMES[net.depth]}_{net.loss}"
    width, z, error = net.sizes[1], net.z[1], net.error[1]
    steps = ", ".join(f"d{layer} = (d{layer + 1} W{layer + 1}) f'(z{layer})" for layer in range(1, net.depth))
    variable = net.x[s, j]
    return formula(
        f"{loss}_x_gradient",
        _family(net),
        f"the gradient of {loss} by the input",
        f"dL/dx = d1 W1, {steps}, d{net.depth} = " + _ERRORS[net.loss].format(depth=net.depth),
        D(L, variable),
        (total(p, m, total(k, width, D(L, z[p, k]) * D(z[p, k], variable))), "chain rule through z1 of every sample"),
        (
            total(p, m, total(k, width, error[p, k] * D(z[p, k], variable))),
            "the error of each sample, which has gone back through the layers above",
        ),
        (total(k, width, error[s, k] * net.W[1][k, j]), "z1 of a sample is linear in that sample's input"),
        given=net.given(),
        uses=net.uses(),
        result=("m", "n0"),
        indices=(s, j),
        slope_of=loss,
        by="x",
        kink=KINK,
        **_options(net),
    )


def _losses(depth: int) -> tuple[Formula, ...]:
    nets = [_Network(depth, loss) for loss in _WORDS]
    parameters = [(layer, by) for layer in range(1, depth + 1) for by in "Wb"]
    return tuple(
        made for net in nets for made in (_loss(net), *(_gradient(net, *at) for at in parameters), _input_gradient(net))
    )


FORMULAS: tuple[Formula, ...] = (_network(2), _network(3), *_losses(2), *_losses(3))
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
