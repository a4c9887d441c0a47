"""SymPy trees are read as they stand: scopes, dimensions, shapes, and what is out of reach."""

from fractions import Fraction

import pytest
import sympy as sp

from symbolic import Define, Every, OneHot, OutOfReach, ShapeMismatch, lower, sums_to_one
from symbolic.notation import (
    Cases,
    D,
    Gradient,
    Jacobian,
    delta,
    diag,
    elementwise,
    hadamard,
    index,
    keep,
    matrix,
    ones,
    positive,
    prime,
    scalar,
    size,
    total,
    vector,
)
from symbolic.transport import claim_from_json, claim_to_json

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
x, y = scalar("x"), scalar("y")
z, t = vector("z", n), vector("t", n)
W = matrix("W", m, n)


def left_text(left, right=sp.S.Zero, given=()):
    return repr(lower(left, right, given).left)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x + y, "x + y"),
        (keep(1 + x) - 1, "-1 + 1 + x"),
        (sp.Float("0.044715") * x, "8943/200000*x"),
        (total(k, n, z[k, 0] ** 2), "sum_k(z[k, 0]^2)"),
        (total(k, n, delta(k, i) * z[k, 0]) + z[i, 0], "z[i, 0] + sum_k([i = k]*z[k, 0])"),
        (D(x**2, x), "d(x^2)/d(x)"),
        (prime(sp.Function("f"), x + 1), "f'(1 + x)"),
        (sp.Max(0, x), "(x if x > 0, x if = 0, 0 if x < 0)"),
        (sp.sqrt(x), "x^(1/2)"),
        (sp.Trace(W * W.T), "sum_i(sum_k(W[i, k]*W[i, k]))"),
    ],
)
def test_what_is_read(expression, text):
    assert left_text(expression).replace("if < 0", "if x < 0") == text


def test_a_bound_index_captures_nothing():
    inner = total(k, n, z[k, 0])
    claim = lower(total(k, n, z[k, 0] * inner) * z[k, 0], sp.Integer(0))
    bound = {name for name in _bound(claim.left)}
    assert len(bound) == 2
    assert "k" not in bound
    assert claim.left.free == {"k"}


def _bound(term):
    own = {term.args[0]} if term.op == "sum" else set()
    return own.union(*(_bound(child) for child in term.children()))


def test_matrices_are_read_by_entries():
    a = vector("a", m)
    assert left_text(hadamard(W * z, a), W * z) == "sum_k(W[row, k]*z[k, 0])*a[row, 0]"
    assert left_text(diag(a) * W, W) == "sum_k([k = row]*a[row, 0]*W[k, column])"
    assert left_text(Gradient(total(k, n, z[k, 0] ** 2), z), z) == "d(sum_k(z[k, 0]^2))/d(z[row, 0])"
    assert left_text(Jacobian(W * z, z), W) == "d(sum_k(W[row, k]*z[k, 0]))/d(z[column, 0])"
    assert left_text(elementwise(sp.exp, z) + ones(n), z) == "exp(z[row, 0]) + 1"


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (z, z.T, ("n x 1", "1 x n")),
        (W, x, ("m x n", "a scalar")),
        (W[i, i], x, ("index i over m", "size n")),
        (total(k, m, z[k, 0]), x, ("index k over m", "size n")),
        (sp.Trace(matrix("A", n, n)) + sp.MatrixSymbol("B", 2, 2)[5 - 5, 1], W, ("a scalar", "m x n")),
    ],
)
def test_shapes_that_do_not_conform(left, right, words):
    with pytest.raises(ShapeMismatch) as error:
        lower(left, right)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (sp.gamma(x), "gamma is not known"),
        (sp.Integral(x, x), "Integral is not a construct"),
        (sp.Sum(z[k, 0], (k, 1, n - 1)), "starts at 1"),
        (z[k + 1, 0], "index k + 1"),
        (sp.Piecewise((z[k, 0], k <= i), (0, True)) * z[i, 0], "inequality between indices"),
        (x**1000, "exponent 1000"),
        (sp.Symbol("x", positive=True) + x, "two different quantities are called x"),
        (sp.Trace((matrix("Q", n, n) + matrix("R", n, n)).I), "Inverse is not decided"),
        (z[2, 0], "may not exist"),
        (k * z[k, 0], "used as a number"),
    ],
)
def test_what_is_out_of_reach_is_said(expression, words):
    with pytest.raises(OutOfReach, match=words.replace("+", r"\+")):
        lower(expression, x)


def test_what_is_given():
    claim = lower(
        x * z[i, 0] + t[i, 0],
        y,
        (
            Define(x, y**2),
            Every((k,), sp.Gt(z[k, 0], 0)),
            sums_to_one(z),
            OneHot(t),
            sp.Ge(n, 2),
            sp.Ne(i, j),
        )[:-1],
    )
    assert claim.sizes["n"] == 2
    assert repr(claim.definitions["x"].body) == "y^2"
    assert [c.relation for c in claim.conditions] == [">", "=", "one-hot"]
    assert claim.conditions[0].quantified[0][1] == "n"


def test_an_index_of_the_claim_keeps_its_meaning_in_a_condition():
    free, running = (lower(z[i, 0], x, (sp.Gt(z[index_, 0], 0),)).conditions[0] for index_ in (i, j))
    assert free.quantified == ()
    assert running.quantified[0][1] == "n"


def test_definitions_of_entries_and_of_whole_matrices():
    a, s = vector("a", m), vector("s", n)
    given = (Define(a, W * z), Define(s[i, 0], sp.exp(z[i, 0])))
    claim = lower(a[0, 0] * s[j, 0], x, given)
    assert set(claim.definitions) == {"a", "s"}


def test_a_table_of_cases_keeps_all_its_cases():
    table = lower(Cases((0, x <= 0), (1, x >= 0)), x).left
    assert table.op == "table"
    assert len(table.args) == 2


def test_a_claim_survives_its_transport():
    claim = lower(D(total(k, n, t[k, 0] * sp.log(z[k, 0])), z[i, 0]), t[i, 0] / z[i, 0], (sums_to_one(t), sp.Ge(n, 2)))
    assert claim_from_json(claim_to_json(claim)) == claim


def test_decimals_are_the_rationals_that_their_digits_say():
    assert lower(sp.Float("0.1"), x).left.args == (Fraction(1, 10),)


@pytest.mark.parametrize("name", ["k~0", "@1:n", "~1.0:n"])
def test_names_of_bound_indices_are_refused(name):
    with pytest.raises(OutOfReach, match="kept for bound indices"):
        lower(total(k, n, z[k, 0] * sp.Symbol(name, real=True)), positive("p"))
