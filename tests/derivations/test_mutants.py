"""Mutants: every operator where it applies, nothing evaluated on the way, and none of them proved by mistake."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.catalogue import ENTRIES, find
from derivations.mutants import OPERATORS, Mutant, differs_numerically, mutants_of
from derivations.mutants.trees import free_indices, places, replace, substitute
from symbolic import Derivation, Judge, Line, VerdictKind, lower
from symbolic.errors import OutOfReach, ShapeMismatch
from symbolic.given import Define, OneHot, sums_to_one
from symbolic.notation import (
    Cases,
    D,
    Jacobian,
    delta,
    diag,
    elementwise,
    index,
    keep,
    matrix,
    prime,
    relu,
    scalar,
    sigmoid,
    size,
    softmax,
    softplus,
    total,
    total_except,
    vector,
)

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
z, y, t = vector("z", n), vector("y", n), vector("t", n)
W, Q = matrix("W", m, n), matrix("Q", n, n)
x, u, w = scalar("x"), scalar("u"), scalar("w")
f = sp.Function("f")


def chain(line: Any, start: Any = x, given: tuple[Any, ...] = ()) -> Derivation:
    return Derivation("example", "an example", start, (Line(line, "for the test"),), given)


def variants(line: Any, operator: str, start: Any = x) -> list[Any]:
    """What an operator makes of a line."""
    return [mutant.right for mutant in mutants_of(chain(line, start)) if mutant.operator == operator]


def claim(left: Any, right: Any, *given: Any) -> Any:
    return SimpleNamespace(left=sp.sympify(left), right=sp.sympify(right), given=given)


def product_of(*factors: Any) -> Any:
    return sp.Mul(*factors, evaluate=False)


# ---- operators


def test_signs_of_terms_and_arguments() -> None:
    found = variants(u - sp.exp(-w), "sign")
    assert set(found) == {
        product_of(-1, u - sp.exp(-w)),
        sp.Add(-u, -sp.exp(-w), evaluate=False),
        sp.Add(u, sp.exp(-w), evaluate=False),
        sp.Add(u, product_of(-1, sp.exp(w)), evaluate=False),
    }


def test_a_factor_is_not_negated_beside_its_product() -> None:
    assert variants(u * sp.exp(w), "sign") == [product_of(-1, u, sp.exp(w)), product_of(u, sp.exp(-w))]


def test_terms_and_factors_are_dropped() -> None:
    assert set(variants(u + w - 1, "term dropped")) == {u + w, u - 1, w - 1}
    assert set(variants(2 * u * w, "factor dropped")) == {u * w, 2 * u, 2 * w}


def test_a_matrix_is_not_left_without_its_matrix() -> None:
    assert variants(2 * Q, "factor dropped") == [Q]


def test_doubled_and_repeated_factors() -> None:
    assert product_of(2, u, w) in variants(u * w, "factor doubled")
    assert set(variants(u * w, "factor repeated")) == {product_of(u**2, w), product_of(u, w**2)}


@pytest.mark.parametrize(
    ("line", "dropped", "doubled"),
    [(u**2, [u], [u**4]), (u**-2, [u**-1], [u**-4]), (1 / u, [], [u**-2]), (sp.sqrt(u), [], [u])],
)
def test_exponents(line: Any, dropped: list[Any], doubled: list[Any]) -> None:
    assert variants(line, "square dropped") == dropped
    found = variants(line, "exponent doubled")
    assert [(power.base, power.exp) for power in found] == [power.as_base_exp() for power in doubled]


def test_one_over_a_size_is_dropped() -> None:
    assert variants(product_of(1 / n, total(k, n, z[k, 0])), "1/N dropped") == [total(k, n, z[k, 0])]
    assert variants(1 / u, "1/N dropped") == []


def test_indices_are_swapped_for_those_of_the_same_dimension() -> None:
    found = variants(z[i, 0] * total(k, n, W[j, k]), "index swapped", start=z[i, 0])
    assert set(found) == {z[i, 0] * total(k, n, W[j, i])}  # j runs over m, alone


def test_two_free_indices_exchange_places() -> None:
    assert z[j, 0] * y[i, 0] in variants(z[i, 0] * y[j, 0], "index swapped")


def test_deltas_are_dropped() -> None:
    one, zero = variants(delta(i, j) * z[i, 0] * z[j, 0], "delta dropped")
    assert one == z[i, 0] * z[j, 0]
    assert sp.S.Zero in zero.args
    assert len(variants(sp.Identity(n) - Q, "delta dropped", start=Q)) == 2


def test_a_dropped_sum_leaves_an_index_that_no_other_has() -> None:
    (found,) = variants(total(k, n, z[k, 0]), "sum dropped")
    assert found == z[k, 0]
    (found,) = variants(z[k, 0] * total(k, n, z[k, 0]), "sum dropped")
    assert sorted(str(symbol) for symbol in free_indices(found)) == ["k", "k'"]


def test_transposes() -> None:
    assert variants(W.T * y.T.T, "transpose dropped") == [sp.Basic.__new__(sp.MatMul, W, y)]
    (mutant,) = [mutant for mutant in mutants_of(chain(W * z, start=W * y)) if mutant.operator == "W for W^T"]
    assert mutant.sizes == ((n, m),)
    square = sp.MatrixSymbol("W", m, m)
    assert mutant.right == sp.MatMul(square.T, sp.MatrixSymbol("z", m, 1))
    assert mutant.left == sp.MatMul(square, sp.MatrixSymbol("y", m, 1))
    assert variants(Q[i, j] * z[i, 0], "W for W^T") == [Q[j, i] * z[i, 0]]


def test_equal_sizes_are_equal_in_what_is_given_too() -> None:
    given = (Define(z[i, 0], sigmoid(y[i, 0])), sums_to_one(t), OneHot(W))
    line = chain(total(k, n, W[j, k] * z[k, 0]), start=y[0, 0], given=given)
    mutant = next(mutant for mutant in mutants_of(line) if mutant.operator == "W for W^T")
    assert not any(n in part.atoms(sp.Symbol) for part in (mutant.left, mutant.right))
    definition, condition, one_hot = mutant.given
    assert n not in definition.target.atoms(sp.Symbol) | definition.value.atoms(sp.Symbol)
    assert n not in condition.atoms(sp.Symbol)
    assert one_hot.tensor.shape == (m, m)


def test_a_diagonal_is_dropped() -> None:
    assert variants(diag(z) * Q, "diag dropped", start=Q) == [sp.MatMul(sp.MatMul(z, sp.OneMatrix(1, n)), Q)]
    assert z * y.T in variants(sp.MatMul(diag(z), y.T), "diag dropped", start=Q)


@pytest.mark.parametrize(
    ("line", "swapped"),
    [
        (sp.Max(u, w), sp.Min(u, w)),
        (relu(u), sp.Min(0, u)),
        (sp.Piecewise((u, u > w), (w, True)), sp.Piecewise((w, u > w), (u, True))),
        (Cases((1, u > 0), (0, u <= 0)), Cases((0, u > 0), (1, u <= 0))),
        (sp.Heaviside(u), sp.Heaviside(-u)),
    ],
)
def test_branches_are_swapped(line: Any, swapped: Any) -> None:
    assert variants(line, "branch swapped") == [swapped]


@pytest.mark.parametrize(
    ("line", "other"),
    [
        (f(u), prime(f, u)),
        (prime(f, u), f(u)),
        (prime(f, u, 2), prime(f, u)),
        (sigmoid(u), sigmoid(u) * (1 - sigmoid(u))),
        (sp.tanh(u), 1 - sp.tanh(u) ** 2),
        (softplus(u), sigmoid(u)),
    ],
)
def test_a_derivative_stands_for_its_function(line: Any, other: Any) -> None:
    assert [variant.func(*variant.args) for variant in variants(line, "f' for f")] == [other]


def test_functions_of_every_entry_are_gone_through() -> None:
    (found,) = variants(elementwise(f, z), "f' for f")
    assert isinstance(found.args[0].expr, sp.Subs)


# ---- generation


SOFTMAX = softmax(z, i) * (delta(i, j) - softmax(z, j))


def test_every_operator_has_a_name_and_says_what_it_does() -> None:
    assert all(function.__doc__ for function in OPERATORS.values())


def test_no_mutant_twice_and_none_that_is_the_line() -> None:
    found = list(mutants_of(chain(SOFTMAX, start=D(softmax(z, i), z[j, 0]))))
    assert len({(mutant.right, mutant.sizes) for mutant in found}) == len(found) > 20
    assert all(mutant.right != SOFTMAX for mutant in found)


def test_what_was_kept_as_written_stays_so() -> None:
    line = sp.Add(keep(1 - w), keep(w), u, evaluate=False)
    assert line in [replace(line, place.path, place.node) for place in places(line)]
    assert all(keep(w) in mutant.right.args or mutant.before != u for mutant in mutants_of(chain(line)))


def test_substitution_goes_through_shapes_and_limits() -> None:
    changed = substitute(total(k, n, W[j, k] * z[k, 0]), {n: m})
    assert n not in changed.atoms(sp.Symbol)
    assert lower(changed, changed).indices == {"j": "m"}


def test_a_bound_on_each_line_is_stable_and_keeps_every_operator() -> None:
    entry = chain(SOFTMAX, start=D(softmax(z, i), z[j, 0]))
    everything = list(mutants_of(entry))
    operators = {mutant.operator for mutant in everything}
    some = list(mutants_of(entry, per_line=len(operators)))
    assert {mutant.operator for mutant in some} == operators
    assert some == list(mutants_of(entry, per_line=len(operators)))
    assert set(some) <= set(everything)
    assert len(list(mutants_of(entry, per_line=3))) == 3


def test_a_mutant_says_where_it_is() -> None:
    mutant = next(mutant for mutant in mutants_of(chain(u - w)) if mutant.operator == "term dropped")
    assert (mutant.name, mutant.description) == ("example, line 1: term dropped", "u - w -> -w")


# ---- numbers


TRUE = [
    claim(D(softmax(z, i), z[j, 0]), SOFTMAX),
    claim(Jacobian(elementwise(sigmoid, z), z), diag(elementwise(lambda v: sigmoid(v) * (1 - sigmoid(v)), z))),
    claim(D(f(x) ** 2, x), 2 * f(x) * prime(f, x)),
    claim(D(sp.log(x), x), 1 / x, sp.Gt(x, 0)),
    claim(D(W[0, 0] ** 2, W[0, 0]), 6, sp.Eq(W[0, 0], 3)),  # numbers are put in after differentiating
    claim(total(k, n, t[k, 0] * x), x, sums_to_one(t)),
    claim(total(k, n, t[k, 0] ** 2), 1, OneHot(t)),
    claim(delta(i, j) * z[i, 0] * z[j, 0], 0, sp.Ne(i, j)),
    claim(D(u, w), 2 * w, Define(u, w**2), Define(w, 3 * x)),
    claim(total_except(k, n, i, z[k, 0]), total(k, n, z[k, 0]) - z[i, 0]),
    claim(sp.Abs(x), x, sp.Gt(x, 0)),
    claim(MatrixElement(W * z, j, 0), total(k, n, W[j, k] * z[k, 0])),
]  # fmt: skip
FALSE = [
    claim(D(sp.log(x), x), 1 / x),  # the left side is not defined for x < 0
    claim(D(softmax(z, i), z[j, 0]), softmax(z, i) * delta(i, j)),
    claim(D(sp.tanh(x), x), 1 - sp.tanh(x)),
    claim(total(k, n, t[k, 0] ** 2), 1, sums_to_one(t)),
    claim(delta(i, j) * z[i, 0] * z[j, 0], 0),
    claim(sp.Abs(x), x),
    claim(sp.log(sp.Pow(x, 2)), 2 * sp.log(x)),
    claim(W * z, sp.Basic.__new__(sp.MatMul, W, y.T)),
    claim(x, prime(f, x)),
    claim(D(u, w), 0, Define(u, w**2), Define(w, 3 * x)),
]


@pytest.mark.parametrize("step", TRUE, ids=lambda step: str(step.right)[:40])
def test_numbers_agree(step: Any) -> None:
    assert differs_numerically(step) is False


@pytest.mark.parametrize("step", FALSE, ids=lambda step: str(step.right)[:40])
def test_numbers_differ(step: Any) -> None:
    assert differs_numerically(step) is True


@pytest.mark.parametrize(
    "step",
    [
        claim(sp.zeta(x), sp.zeta(x)),  # not evaluated here
        claim(x, x, sp.Gt(x, 1), sp.Lt(x, 0)),  # no admissible point
        claim(sp.log(sp.Mul(-1, sp.exp(x))), sp.log(sp.Mul(-1, sp.exp(x)))),  # nowhere defined
    ],
)
def test_numbers_cannot_tell(step: Any) -> None:
    assert differs_numerically(step) is None


# ---- over the catalogue

DERIVATIONS = [entry for entry in ENTRIES if isinstance(entry, Derivation)]


def test_the_catalogue_gives_mutants_of_every_operator() -> None:
    counts = Counter(mutant.operator for entry in DERIVATIONS for mutant in mutants_of(entry))
    assert set(counts) == set(OPERATORS)
    assert sum(counts.values()) >= 500


def test_mutants_are_read() -> None:
    """Of a few per line, each lowers or is refuted by its shape; the prover has no excuse for the others."""
    unread = []
    for entry in DERIVATIONS[::4]:
        for mutant in mutants_of(entry, per_line=3):
            try:
                lower(mutant.left, mutant.right, mutant.given)
            except ShapeMismatch:
                pass
            except OutOfReach as reason:
                unread.append((mutant.name, str(reason)))
    assert unread == []


@pytest.mark.parametrize(
    ("name", "operator", "before"),
    [
        ("tanh-derivative", "square dropped", sp.Pow),  # 1 - tanh
        ("softmax-jacobian", "delta dropped", sp.KroneckerDelta),
        ("two-layer-dE-dW1-matrix", "factor dropped", sp.MatMul),  # without diag(y1 .* (1 - y1))
    ],
)
def test_well_known_mistakes_are_among_the_mutants(name: str, operator: str, before: Any) -> None:
    mutants = mutants_of(find(name))
    assert any(mutant.operator == operator and isinstance(mutant.before, before) for mutant in mutants)


@pytest.mark.slow
def test_no_mutant_is_proved_by_mistake() -> None:
    mutants = [mutant for entry in DERIVATIONS for mutant in mutants_of(entry, per_line=2)]
    with Judge(jobs=2) as judge:
        claims = [(mutant.left, mutant.right, mutant.given) for mutant in mutants]
        verdicts = dict(judge.decide_all(claims))
    assert len(verdicts) == len(mutants) >= 500
    assert [mutants[p].name for p, verdict in verdicts.items() if _is_wrong(mutants[p], verdict)] == []
    assert all(verdict.reason for verdict in verdicts.values() if verdict.kind is VerdictKind.UNDECIDED)


def _is_wrong(mutant: Mutant, verdict: Any) -> bool:
    if verdict.kind is VerdictKind.PROVED:
        return differs_numerically(mutant) is not False
    return verdict.kind is VerdictKind.REFUTED and verdict.counterexample is None


@pytest.mark.slow
def test_numbers_say_the_same_of_the_catalogue_itself() -> None:
    """The lines as they stand, in numbers: what is to be proved agrees, what is to be refuted differs."""
    wrong = []
    for entry in [entry for entry in ENTRIES if isinstance(entry, Derivation)][::8]:
        for step in entry.steps():
            if differs_numerically(step) is not (step.expected is VerdictKind.REFUTED):
                wrong.append(f"{entry.name}, {step.label}")
    assert wrong == []
