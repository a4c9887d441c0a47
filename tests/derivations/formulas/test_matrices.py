"""Formulas over matrices: products by BLAS, leading axes, shapes named in errors, activations, uses of others."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
import sympy as sp

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.catalogue._row_by_row import row_by_row
from derivations.catalogue.formulas_softmax import FORMULAS as SOFTMAX
from derivations.formulas import matrices, matrix_printing
from symbolic import VerdictKind, decide, lower
from symbolic.derivation import DerivationError
from symbolic.notation import index, matrix, size

from .test_formulas import arguments

OVER_MATRICES = {formula.name: formula for formula in FORMULAS if formula.is_over_matrices}
IN_BATCHES = [name for name, formula in OVER_MATRICES.items() if formula.batch]
GRADIENTS = [name for name in IN_BATCHES if name.endswith("_gradient")]


def options(formula: Formula, activation: Any = "tanh") -> dict[str, Any]:
    return {"activation": activation} if formula.activation else {}


@pytest.mark.parametrize("name", IN_BATCHES)
def test_leading_axes_are_one_batch(name: str) -> None:
    formula, function = OVER_MATRICES[name], getattr(formulas, name)
    values = dict(zip((a.name for a in formula.arguments), arguments(formula, np.float64, [0]), strict=True))
    batched = {a.name for a in formula.arguments if formula.batch in a.axes}
    rows = {k: np.concatenate([v, 2 * v]) if k in batched else v for k, v in values.items()}
    nested = {k: v.reshape(2, 3, -1) if k in batched else v for k, v in rows.items()}
    together, apart = function(*rows.values(), **options(formula)), function(*nested.values(), **options(formula))
    expected = (2, 3, *together.shape[1:]) if formula.batch in formula.result else together.shape
    assert apart.shape == expected
    np.testing.assert_array_equal(apart.reshape(together.shape), together)
    out = np.empty_like(apart)
    assert function(*nested.values(), **options(formula), out=out) is out
    np.testing.assert_array_equal(out, apart)


@pytest.mark.parametrize("name", IN_BATCHES)
def test_one_sample_needs_no_batch(name: str) -> None:
    formula, function = OVER_MATRICES[name], getattr(formulas, name)
    values = arguments(formula, np.float64, [0])
    batched = [formula.batch in a.axes for a in formula.arguments]
    one = function(*(v[0] if b else v for v, b in zip(values, batched, strict=True)), **options(formula))
    row = function(*(v[:1] if b else v for v, b in zip(values, batched, strict=True)), **options(formula))
    np.testing.assert_array_equal(one, row[0] if formula.batch in formula.result else row)


@pytest.mark.parametrize("name", OVER_MATRICES)
def test_sizes_that_do_not_fit_are_named(name: str) -> None:
    """The argument, the shape that it has and the one that is expected; each size that two arguments share."""
    formula, function = OVER_MATRICES[name], getattr(formulas, name)
    values = arguments(formula, np.float64, [0])
    seen: set[str] = set()
    for place, argument in enumerate(formula.arguments):
        if len(argument.axes) > 1 and argument.axes[-1] in seen:
            wrong = [*values[:place], values[place][..., :-1], *values[place + 1 :]]
            with pytest.raises(
                ValueError, match=rf"argument '{argument.name}' has shape .*; expected \(.* with \w+ = "
            ):
                function(*wrong)
        seen |= set(argument.axes)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: formulas.linear(x, x, 1.0), r"'b' has shape \(\); expected \(u,\)"),
        (
            lambda x: formulas.linear(x, x[:, :1], x[0]),
            r"'W' has shape \(3, 1\); expected \(u, n\) with n = 3 as in 'x'",
        ),
        (
            lambda x: formulas.linear(x[:, :0], x, x[0]),
            r"'x' has shape \(3, 0\); expected at least one entry along each axis",
        ),
        (lambda x: formulas.linear(x, x, x[0], out=x[0]), r"'out' has shape \(3,\).*expected \(3, 3\)"),
        (
            lambda x: formulas.linear_weight_vjp(x, x[:2]),
            r"'g' has shape \(2, 3\); expected the leading axes \(3,\), as",
        ),
        (lambda x: formulas.attention(x[0], x, x), r"'Q' has shape \(3,\); expected \(\.\.\., l, d\)"),
        (lambda x: formulas.attention(np.ones((2, 3, 3)), np.ones((3, 3, 3)), x), r"'Q' \(2, 3, 3\), 'K' \(3, 3, 3\)"),
        (
            lambda x: formulas.two_layer(x, x, x[0], x, x[0], activation="rellu"),
            r"no activation 'rellu'; did you mean relu",
        ),
    ],
)
def test_wrong_values_are_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(np.eye(3))


def test_activations() -> None:
    x, (f, slope) = np.eye(3), matrices.activation_functions("silu")
    layers = (x, x[0], x, x[0])
    named = formulas.two_layer(x, *layers, activation="silu")
    np.testing.assert_array_equal(formulas.two_layer(x, *layers, activation=f), named)
    gradient = formulas.two_layer_squared_error_W1_gradient
    by_name = gradient(x, x, *layers, activation="silu")
    np.testing.assert_array_equal(gradient(x, x, *layers, activation=(f, slope)), by_name)
    with pytest.raises(TypeError, match=r"expected a pair \(f, derivative\)"):
        gradient(x, x, *layers, activation=f)
    with pytest.raises(TypeError, match="activation is 3; expected the name"):
        gradient(x, x, *layers, activation=3)


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_of_networks_agree_with_differences_for_a_smooth_activation(name: str) -> None:
    for activation in ("tanh", "gelu"):
        values = arguments(OVER_MATRICES[name], np.float64, [0], seed=1)
        assert getattr(formulas, name).check(*values, activation=activation).passed


def test_a_step_of_training_by_hand() -> None:
    """dE/dW1 of a batch is delta1^T x / m with delta1 = (softmax - t) W2 diag(f')."""
    random = np.random.default_rng(3)
    x, t, b1, b2 = random.normal(size=(4, 3)), np.eye(2)[[0, 1, 1, 0]], random.normal(size=5), random.normal(size=2)
    W1, W2 = random.normal(size=(5, 3)), random.normal(size=(2, 5))
    z1 = x @ W1.T + b1
    scores = np.exp(np.maximum(z1, 0) @ W2.T + b2)
    errors = scores / scores.sum(axis=1, keepdims=True) - t
    expected = ((errors @ W2) * (z1 > 0)).T @ x / 4
    found = formulas.two_layer_cross_entropy_W1_gradient(x, t, W1, b1, W2, b2)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", OVER_MATRICES)
def test_no_array_is_larger_than_a_product_of_two_axes(name: str) -> None:
    """Sums over three indices are products of matrices."""
    code = matrix_printing.kernel_over_matrices(OVER_MATRICES[name])
    view_of_the_diagonal = 'np.einsum("...ii->...i", value)[...] ='
    assert "einsum" not in code.replace(view_of_the_diagonal, "")
    assert ", None, None" not in code


@pytest.mark.parametrize("name", OVER_MATRICES)
def test_what_another_formula_computes_is_what_that_one_proves(name: str) -> None:
    """The definition of the quantity is a line of the other derivation, and that one's conditions are given."""
    formula = OVER_MATRICES[name]
    for use in formula.uses:
        assert use.definition in formula.derivation.given
        assert len(use.formula.derivation.given) <= len(formula.derivation.given) - len(formula.uses)
        claim = lower(use.definition.value, use.definition.value, formula.derivation.given)
        assert set(map(str, use.definition.target.free_symbols)) >= set(claim.indices)


def test_a_row_of_softmax_is_softmax_of_the_row() -> None:
    m, n = size("m"), size("n")
    Z, P, r, c = matrix("Z", m, n), matrix("P", m, n), index("r"), index("c")
    softmax = next(formula for formula in SOFTMAX if formula.name == "softmax")
    use = row_by_row(softmax, 0, P[r, c], {"z": Z})
    k = index("k")
    assert (
        decide(use.definition.value, sp.exp(Z[r, c]) / sp.Sum(sp.exp(Z[r, k]), (k, 0, n - 1))).kind
        is VerdictKind.PROVED
    )
    with pytest.raises(DerivationError, match="names an index that 'softmax-computed' sums over"):
        row_by_row(softmax, 0, P[r, k], {"z": Z})


def test_float32_is_kept_by_sizes_and_activations() -> None:
    for name, formula in OVER_MATRICES.items():
        values = arguments(formula, np.float32, [0])
        assert getattr(formulas, name)(*values, **options(formula)).dtype == np.float32


def test_the_signature_says_every_axis() -> None:
    assert "(m,n),(u,n),(u)->(m,u)" in inspect.getsource(formulas.linear)
    x = np.ones((2, 4, 3))
    assert formulas.linear(x, np.ones((5, 3)), np.ones(5)).shape == (2, 4, 5)
    assert formulas.linear_bias_vjp(x).shape == (3,)
    assert formulas.softmax_jacobian(x).shape == (2, 4, 3, 3)
    assert formulas.attention(x, x[:1, :2], np.ones((2, 6))).shape == (2, 4, 6)


def test_a_mask_hides_keys() -> None:
    random = np.random.default_rng(0)
    Q, K, V, G = (random.normal(size=(2, 3, 5, 4)) for _ in range(4))  # leading axes are batches and heads
    seen = formulas.attention(Q, K[..., :3, :], V[..., :3, :])
    for hidden in (-1e9, -np.inf):
        M = np.where(np.arange(5) < 3, 0.0, hidden) * np.ones((5, 1))
        np.testing.assert_allclose(formulas.masked_attention(Q, K, V, M), seen, rtol=1e-13)
        causal = np.where(np.tri(5, dtype=bool), 0.0, hidden)
        np.testing.assert_allclose(formulas.masked_attention(Q, K, V, causal)[..., 0, :], V[..., 0, :], rtol=1e-13)
        by_keys = formulas.masked_attention_key_vjp(Q, K, V, M, G)
        np.testing.assert_array_equal(by_keys[..., 3:, :], 0)
        expected = formulas.attention_key_vjp(Q, K[..., :3, :], V[..., :3, :], G)
        np.testing.assert_allclose(by_keys[..., :3, :], expected, rtol=1e-12, atol=1e-15)
    with pytest.raises(ValueError, match="argument 'M' has shape"):
        formulas.masked_attention(Q, K, V, np.zeros((5, 6)))


def test_shapes_that_were_met_before_are_still_told_apart() -> None:
    x, W, b = np.ones((4, 3)), np.ones((2, 3)), np.zeros(2)
    for _ in range(2):
        assert formulas.linear(x, W, b).shape == (4, 2)
        assert formulas.linear(x.astype(np.float32), W, b).dtype == np.float64
        assert formulas.linear(x[None], W, b).shape == (1, 4, 2)
        assert formulas.linear(x[0], W, b).shape == (2,)
        with pytest.raises(ValueError, match="argument 'W' has shape"):
            formulas.linear(x, W.T, b)


def test_an_activation_of_ones_own_may_call_a_formula_over_matrices() -> None:
    x, W, b = np.full((4, 3), 1e300), np.full((3, 3), 1e300), np.zeros(3)
    with np.errstate(all="raise"):
        value = formulas.two_layer(x, W, b, W, b, activation=lambda z: formulas.linear(z, W, b))
    assert (value == np.inf).all()


@pytest.mark.parametrize("name", ["two_layer_cross_entropy", "three_layer_cross_entropy_W2_gradient"])
@pytest.mark.parametrize("leading", [(6,), (2, 3), ()])
def test_classes_by_their_numbers(name: str, leading: tuple[int, ...]) -> None:
    random = np.random.default_rng(0)
    depth = 2 if "two" in name else 3
    x, label = random.normal(size=(*leading, 5)), random.integers(4, size=leading).astype(np.uint8)
    layers = [array for _ in range(depth - 1) for array in (random.normal(size=(5, 5)), random.normal(size=5))]
    layers += [random.normal(size=(4, 5)), random.normal(size=4)]
    function = getattr(formulas, name)
    np.testing.assert_array_equal(function(x, label, *layers), function(x, np.eye(4)[label], *layers))
    single = [array.astype(np.float32) for array in (x, *layers)]
    assert np.asarray(function(single[0], label, *single[1:])).dtype == np.float32
    assert function.check(x, label, *layers, activation="tanh").passed


def test_classes_that_do_not_fit() -> None:
    x, W, b = np.ones((6, 5)), np.ones((4, 5)), np.ones(4)
    layers = (np.ones((5, 5)), np.ones(5), W, b)
    with pytest.raises(ValueError, match=r"'t' has shape \(5,\); expected labels \(6,\), one for each row of 'x'"):
        formulas.two_layer_cross_entropy(x, [0, 1, 2, 3, 0], *layers)
    with pytest.raises(ValueError, match="'t' goes from 0 to 4; expected 0 to 3"):
        formulas.two_layer_cross_entropy(x, [0, 1, 2, 3, 4, 0], *layers)
