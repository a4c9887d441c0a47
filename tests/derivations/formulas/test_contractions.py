"""Sums over an index, read as products of matrices, sums of rows or of columns by their structure alone."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from derivations.catalogue._formula import Argument, Formula
from derivations.formulas.matrix_printing import kernel_over_matrices
from symbolic.derivation import Derivation, Line
from symbolic.given import Define
from symbolic.notation import index, keep, matrix, size, total, vector

m, n, u = size("m"), size("n"), size("u")
i, j, k, s = (index(name) for name in "ijks")
A, B, C, v, w = matrix("A", m, n), matrix("B", n, u), matrix("C", u, n), vector("v", n), vector("w", m)
ARGUMENTS = (
    Argument(A, "a matrix", ("m", "n")),
    Argument(B, "another", ("n", "u")),
    Argument(C, "one that fits when transposed", ("u", "n")),
    Argument(v, "a vector", ("n",)),
    Argument(w, "a vector of rows", ("m",)),
)


def code(line: Any, indices: tuple[Any, ...], batch: str = "m", given: tuple[Any, ...] = ()) -> list[str]:
    """The lines of the function that evaluates a line."""
    derivation = Derivation("made-up", "a line", sp.Integer(0), (Line(line, "as it stands"),), given)
    formula = Formula("f", "made_up", "", derivation, ARGUMENTS, indices=indices, batch=batch)
    return [text.strip() for text in kernel_over_matrices(formula).splitlines()[1:]]


@pytest.mark.parametrize(
    ("line", "indices", "expected"),
    [
        (total(k, n, A[i, k] * B[k, j]), (i, j), "A @ B"),
        (total(k, n, A[i, k] * C[j, k]), (i, j), "A @ C.T"),
        (total(k, n, C[i, k] * A[j, k]), (i, j), "C @ A.T"),
        (total(s, m, A[s, i] * A[s, j]), (i, j), "A.T @ A"),
        (total(s, m, A[s, i] * w[s, 0] * A[s, j]), (i, j), "A.T * w @ A"),
        (total(k, n, A[i, k] * total(j, u, C[j, k] * B[s, j])), (i, s), "A @ (B @ C).T"),
        (v[j, 0] * total(k, n, A[i, k]), (i, j), "v * np.add.reduce(A, axis=-1, keepdims=True)"),
        (total(s, m, A[s, j]), (j,), "np.add.reduce(A, axis=-2, keepdims=True)"),
        (total(k, n, keep(A[i, k] - v[k, 0]) ** 2), (i, j), "np.add.reduce((A - v)**2, axis=-1, keepdims=True)"),
    ],
)
def test_a_sum_is_what_its_indices_say(line: Any, indices: tuple[Any, ...], expected: str) -> None:
    assert code(line, indices) == [f"return {expected}"]


def test_stacks_are_transposed_by_their_last_axes() -> None:
    expected = "return A @ np.swapaxes(C, -1, -2) + v[..., None, :]"
    (found,) = code(total(k, n, A[i, k] * C[j, k]) + v[j, 0], (i, j), batch="")
    assert sorted(found.removeprefix("return ").split(" + ")) == sorted(expected.removeprefix("return ").split(" + "))


def test_a_quantity_that_is_given_is_computed_once_and_only_where_it_is_needed() -> None:
    Z, mu, unused = matrix("Z", m, u), vector("mu", m), matrix("unused", m, u)
    given = (
        Define(Z[s, i], total(k, n, A[s, k] * B[k, i])),
        Define(unused[s, i], Z[s, i] ** 2),
        Define(mu[s, 0], total(k, u, Z[s, k]) / u),
    )
    assert code(keep(Z[i, j] - mu[i, 0]) * Z[i, j], (i, j), given=given) == [
        "Z = A @ B",
        "mu = np.add.reduce(Z, axis=-1, keepdims=True) / B.shape[-1]",
        "return Z * (Z - mu)",
    ]


def test_a_product_is_worked_on_in_place_where_nothing_else_needs_it() -> None:
    product = total(k, n, A[i, k] * B[k, j])
    assert code(product * w[i, 0], (i, j)) == ["value = A @ B", "value *= w[..., None]", "return value"]
    assert code(product / sp.sqrt(n), (i, j), batch="") == [
        "value = A @ B",
        "value /= A.shape[-1]**0.5",
        "return value",
    ]
    assert code(product * keep(product + 1), (i, j)) == ["product = A @ B", "return product * (1 + product)"]
    assert code(w[i, 0] - product, (i, j)) == ["return w[..., None] - A @ B"]


def test_what_is_no_product_of_matrices_is_refused() -> None:
    with pytest.raises(NotImplementedError, match=r"f: exp\(A\[i, k\]\*B\[k, j\]\) names both indices"):
        code(total(k, n, sp.exp(A[i, k] * B[k, j])), (i, j))
