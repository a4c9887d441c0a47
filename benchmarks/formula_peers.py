"""The formulas as libraries offer them: SciPy, PyTorch and JAX where installed, and SymPy's `lambdify`.

A derivative is the library's own: `torch.autograd.grad` of the function, and JAX's `grad` compiled by `jit`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import sympy as sp
from scipy import special

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from symbolic.notation import Cases

__all__ = ["jax_calls", "lambdified", "scipy_function", "torch_calls"]

Call = Callable[[], Any]
Function = Callable[..., Any]

_SCIPY: dict[str, Function] = {
    "sigmoid": special.expit,
    "softplus_derivative": special.expit,
    "log_sigmoid": special.log_expit,
    "logsumexp": partial(special.logsumexp, axis=-1),
    "softmax": partial(special.softmax, axis=-1),
    "log_softmax": partial(special.log_softmax, axis=-1),
    "cross_entropy": lambda z, t: -np.sum(t * special.log_softmax(z, axis=-1), axis=-1),
    "cross_entropy_gradient": lambda z, t: special.softmax(z, axis=-1) - t,
    "kl_divergence": lambda z, t: np.sum(special.rel_entr(t, special.softmax(z, axis=-1)), axis=-1),
    "huber": lambda y, t: special.huber(1.0, y - t),
}
_PRODUCTS = {"softmax_jvp": "softmax", "log_softmax_vjp": "log_softmax", "rms_norm_vjp": "rms_norm"}


def scipy_function(formula: Formula) -> Function | None:
    """SciPy's function, or one line around it."""
    return _SCIPY.get(formula.name)


# ---- PyTorch


def _torch_forward() -> dict[str, Function]:
    import torch
    from torch.nn import functional as F

    plain = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "log_sigmoid": F.logsigmoid}
    plain |= {name: getattr(F, name) for name in ("softplus", "leaky_relu", "elu", "selu", "silu", "gelu", "mish")}
    return plain | {
        "gelu_tanh": partial(F.gelu, approximate="tanh"),
        "softsign": F.softsign,
        "hard_sigmoid": F.hardsigmoid,
        "hard_swish": F.hardswish,
        "squared_error": lambda y, t: (y - t) ** 2 / 2,
        "huber": partial(F.huber_loss, reduction="none"),
        "binary_cross_entropy": partial(F.binary_cross_entropy_with_logits, reduction="none"),
        "poisson_nll": partial(F.poisson_nll_loss, reduction="none"),
        "gaussian_nll": partial(F.gaussian_nll_loss, full=True, reduction="none"),
        "logsumexp": partial(torch.logsumexp, dim=-1),
        "softmax": partial(torch.softmax, dim=-1),
        "log_softmax": partial(torch.log_softmax, dim=-1),
        "cross_entropy": lambda z, t: -(t * torch.log_softmax(z, -1)).sum(-1),
        "cross_entropy_label": partial(F.cross_entropy, reduction="none"),
        "kl_divergence": lambda z, t: F.kl_div(torch.log_softmax(z, -1), t, reduction="none").sum(-1),
        "mean": partial(torch.mean, dim=-1),
        "l2_penalty": lambda x: (x * x).sum(-1) / 2,
        "layer_norm": lambda x, w, b: F.layer_norm(x, x.shape[-1:], w, b),
        "rms_norm": lambda x, w: F.rms_norm(x, x.shape[-1:], w, 1e-5),
    }


def torch_calls(formula: Formula, inputs: Sequence[tuple[Any, ...]]) -> list[Call]:
    """The calls in PyTorch on these arguments; none if there is no such function."""
    if importlib.util.find_spec("torch") is None:
        return []
    import torch

    torch.set_num_threads(1)
    forward = _torch_forward()
    calls = [_torch_call(formula, forward, [torch.from_numpy(value) for value in given]) for given in inputs]
    return [call for call in calls if call is not None]


def _torch_call(formula: Formula, forward: dict[str, Function], given: list[Any]) -> Call | None:
    import torch

    if formula.name in forward:
        return partial(forward[formula.name], *given)
    place = _place(formula)
    if formula.name in _PRODUCTS:
        function, seed, given = forward[_PRODUCTS[formula.name]], given[-1], given[:-1]
    elif _is_slope(formula) and formula.slope_of in forward:
        function, seed = forward[formula.slope_of], None
    else:
        return None
    given[place].requires_grad_(True)

    def gradient() -> Any:
        value = function(*given)
        return torch.autograd.grad(value, given[place], torch.ones_like(value) if seed is None else seed)[0]

    return gradient


def _is_slope(formula: Formula) -> bool:
    """Whether it takes what its function takes, and nothing to multiply by."""
    function = next((f for f in FORMULAS if f.name == formula.slope_of), None)
    return function is not None and len(function.arguments) == len(formula.arguments)


def _place(formula: Formula) -> int:
    names = [argument.name for argument in formula.arguments]
    return names.index(formula.by) if formula.by in names else 0


# ---- JAX


def _jax_forward() -> dict[str, Function]:
    import jax
    import jax.numpy as jnp
    from jax import nn

    names = ("sigmoid", "log_sigmoid", "softplus", "relu", "leaky_relu", "elu", "selu", "silu", "mish")
    plain = {name: getattr(nn, name) for name in names}
    return plain | {
        "tanh": jnp.tanh,
        "gelu": partial(nn.gelu, approximate=False),
        "gelu_tanh": partial(nn.gelu, approximate=True),
        "softsign": nn.soft_sign,
        "hard_sigmoid": nn.hard_sigmoid,
        "hard_swish": nn.hard_swish,
        "squared_error": lambda y, t: (y - t) ** 2 / 2,
        "poisson_nll": lambda z, t: jnp.exp(z) - t * z,
        "gaussian_nll": lambda y, t, v: jnp.log(2 * jnp.pi * v) / 2 + (y - t) ** 2 / (2 * v),
        "binary_cross_entropy": lambda z, t: -t * nn.log_sigmoid(z) - (1 - t) * nn.log_sigmoid(-z),
        "logsumexp": partial(jax.scipy.special.logsumexp, axis=-1),
        "softmax": nn.softmax,
        "log_softmax": nn.log_softmax,
        "cross_entropy": lambda z, t: -(t * nn.log_softmax(z)).sum(-1),
        "cross_entropy_label": lambda z, c: -jnp.take_along_axis(nn.log_softmax(z), c[:, None], -1)[:, 0],
        "kl_divergence": lambda z, t: (t * (jnp.log(t) - nn.log_softmax(z))).sum(-1),
        "mean": partial(jnp.mean, axis=-1),
        "l2_penalty": lambda x: (x * x).sum(-1) / 2,
        "layer_norm": lambda x, w, b: nn.standardize(x, epsilon=1e-5) * w + b,
        "rms_norm": lambda x, w: w * x / jnp.sqrt((x * x).mean(-1, keepdims=True) + 1e-5),
    }


def jax_calls(formula: Formula, inputs: Sequence[tuple[Any, ...]]) -> list[Call]:
    """The calls in JAX on these arguments, compiled once, which wait for the result; none if it has none."""
    if importlib.util.find_spec("jax") is None:
        return []
    import jax

    jax.config.update("jax_enable_x64", True)
    forward, place = _jax_forward(), _place(formula)
    if formula.name in forward:
        function = forward[formula.name]
    elif formula.name in _PRODUCTS:
        inner = forward[_PRODUCTS[formula.name]]

        def function(*given: Any) -> Any:
            return jax.vjp(lambda x: inner(x, *given[1:-1]), given[0])[1](given[-1])[0]

    elif _is_slope(formula) and formula.slope_of in forward:
        summed = forward[formula.slope_of]
        function = jax.grad(lambda *given: summed(*given).sum(), argnums=place)
    else:
        return []
    compiled = jax.jit(function)

    def call(given: Any) -> Any:
        return compiled(*given).block_until_ready()

    return [partial(call, [jax.numpy.asarray(value) for value in arguments]) for arguments in inputs]


# ---- SymPy

_MEANINGS: dict[str, Function] = {
    "sigmoid": lambda u: 1 / (1 + sp.exp(-u)),
    "softplus": lambda u: sp.log(1 + sp.exp(u)),
    "relu": lambda u: sp.Max(0, u),
}


def lambdified(formula: Formula) -> Function | None:
    """`sympy.lambdify(cse=True)` of the textbook's line, for formulas that work entry by entry; or None."""
    if not formula.is_elementwise:
        return None
    lines = [formula.derivation.start, *(line.expression for line in formula.derivation.lines)]
    for line in lines:
        if not line.has(sp.Derivative):
            break
    expression = line.replace(lambda e: e.func.__name__ in _MEANINGS, lambda e: _MEANINGS[e.func.__name__](*e.args))
    expression = expression.replace(Cases, lambda *pairs: sp.Piecewise(*((p[0], p[1]) for p in pairs)))
    symbols = [argument.symbol for argument in formula.arguments]
    expression = expression.subs({p.symbol: p.default for p in formula.parameters})
    try:
        function = sp.lambdify(symbols, expression, modules=["scipy", "numpy"], cse=True)
        function(*(np.full(2, 0.5) for _ in symbols))
    except Exception:  # whatever it does not know
        return None
    return function
