"""What works in place gives the bits of the readable kernels, whatever the size, the layout and the values."""

from __future__ import annotations

import importlib
import pickle
import threading
from typing import Any

import numpy as np
import pytest

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas import blocks
from derivations.formulas.block_bodies import block_body_of
from derivations.formulas.operations import ONE, ZERO, Operation, call, number, where
from derivations.formulas.rewriting import for_blocks, with_steps

PLAIN = [formula for formula in FORMULAS if not formula.is_over_matrices]
NASTY = [0.0, -0.0, 5e-324, -1e-300, 1e-8, 0.5, 1.0, -1.0, 3.0, -3.0, 36.9, -37.1, 700.5, -745.2, 1e4, -1e300, 1e300]
NASTY += [np.inf, -np.inf, np.nan]


def kernels(formula: Formula) -> tuple[Any, Any]:
    """The readable one and the one in place."""
    family = importlib.import_module(f"derivations.formulas.{formula.family}")
    in_place = importlib.import_module(f"derivations.formulas.in_place.{formula.family}")
    return getattr(family, f"_{formula.name}"), getattr(in_place, formula.name)


def values(formula: Formula, count: int, n: int, seed: int, nasty: bool) -> list[Any]:
    random = np.random.default_rng(seed)
    found: list[Any] = []
    for argument in formula.arguments:
        shape = (count, n) if argument.axes == ("n",) else (count,)
        if argument.axes == ("label",):
            found.append(random.integers(0, n, size=count))
            continue
        x = random.choice(NASTY, size=shape) if nasty else random.normal(size=shape) * 5
        found.append(np.abs(x) if argument.name == "variance" else x)
    return found


@pytest.mark.parametrize("nasty", [False, True])
@pytest.mark.parametrize("formula", PLAIN, ids=lambda f: f.name)
def test_the_same_bits(formula: Formula, nasty: bool) -> None:
    readable, in_place = kernels(formula)
    parameters = [p.default for p in formula.parameters]
    # from 8 entries on NumPy adds in another order where they lie side by side
    for seed, n in enumerate((1, 3, 7)):
        given = values(formula, 64, n, seed, nasty)
        rows = [np.asfortranarray(x) if x.ndim == 2 else x if formula.is_elementwise else x[:, None] for x in given]
        with np.errstate(all="ignore"):
            expected = np.asarray(readable(*rows, *parameters))
            turned = [x.T.copy() if x.ndim == 2 else x for x in given]
            shape = (64,) if formula.is_elementwise else (n, 64)
            out = np.empty(shape if formula.is_elementwise or formula.result else 64)
            with blocks.Room() as room:
                number = blocks.NUMBERS[out.dtype]
                in_place.kernel(number, out, *turned, *parameters, *in_place.scratch(room, shape, out.dtype))
            if formula.is_elementwise:  # one that makes its buffers itself, and the other way to a step
                np.testing.assert_array_equal(in_place.kernel(number, None, *given, *parameters), out)
                many = (np.tile(x, 9) for x in given)
                np.testing.assert_array_equal(in_place.kernel(number, None, *many, *parameters), np.tile(out, 9))
        if not formula.is_elementwise:
            expected = np.broadcast_to(expected, (64, n)).T if formula.result else expected[:, 0]
        np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("formula", [f for f in PLAIN if f.axis == -1], ids=lambda f: f.name)
def test_every_size_and_every_way_to_a_kernel(formula: Formula) -> None:
    function = getattr(formulas, formula.name)
    given = values(formula, 9_000 if formula.is_elementwise else 3_001, 10, 0, False)
    many = [np.concatenate([x] * (4 if formula.is_elementwise else 1)) for x in given]
    together = function(*many)
    for few in (1, 40, 700):
        np.testing.assert_allclose(together[:few], function(*(x[:few] for x in many)), rtol=1e-12, atol=1e-14)
    strided = function(*(np.repeat(x, 2, axis=0)[::2] for x in many))
    np.testing.assert_allclose(strided, together, rtol=1e-12, atol=1e-14)
    out = np.empty_like(together)
    assert function(*many, out=out) is out
    np.testing.assert_allclose(out, together, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "name",
    ["sigmoid", "mish_derivative", "softmax", "softmax_jvp", "log_softmax", "cross_entropy_gradient", "layer_norm"],
)
def test_an_argument_as_out(name: str) -> None:
    formula = next(f for f in FORMULAS if f.name == name)
    for count, n in ((5, 10), (40_000, 10), (5, 100), (4_000, 100)):
        given = values(formula, count, n, 1, False)
        expected = getattr(formulas, name)(*given)
        assert getattr(formulas, name)(*given, out=given[0]) is given[0]
        np.testing.assert_array_equal(given[0], expected)


@pytest.mark.parametrize("n", [2, 64, 65, 300])
def test_long_and_short_vectors(n: int) -> None:
    z = np.random.default_rng(0).normal(size=(700, n)) * 3
    weight = np.exp(z - z.max(axis=-1, keepdims=True))
    np.testing.assert_allclose(formulas.softmax(z), weight / weight.sum(axis=-1, keepdims=True), rtol=1e-13)
    np.testing.assert_allclose(formulas.softmax(z, temperature=2.0), formulas.softmax(z / 2), rtol=1e-13)
    w = np.linspace(1, 2, n)
    np.testing.assert_array_equal(formulas.rms_norm(z, w), formulas.rms_norm(z, np.broadcast_to(w, z.shape)))


def test_no_warning_leaks_and_none_is_swallowed_outside() -> None:
    with np.errstate(all="raise"):
        formulas.softmax(np.array([[1e300, -1e300, 0.0]] * 5))
        with pytest.raises(FloatingPointError):
            np.exp(np.array([1e4]))


def test_threads_do_not_share_their_room() -> None:
    z = [np.random.default_rng(seed).normal(size=(5_000, 10)) for seed in range(4)]
    expected = [formulas.softmax_jvp(x, x) for x in z]
    found: dict[int, Any] = {}

    def work(k: int) -> None:
        for _ in range(5):
            found[k] = formulas.softmax_jvp(z[k], z[k])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        np.testing.assert_array_equal(found[k], expected[k])


def test_room_that_is_lent_is_not_lent_again() -> None:
    with blocks.Room() as outer, blocks.Room() as inner:
        one, two = (room.array((8,), np.dtype(float)) for room in (outer, inner))
        assert not np.shares_memory(one, two)


def test_a_kernel_that_is_interrupted_by_another() -> None:
    assert blocks.quietly(lambda: blocks.quietly(np.exp, 1e4)) == np.inf


def test_formulas_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(formulas.softmax)) is formulas.softmax


# ---- rewriting

Z, T = Operation("array", text="z"), Operation("array", text="t")


def test_a_selection_goes_to_where_the_branches_differ() -> None:
    below = Operation("divide", (T, Z))
    chosen = where(Operation("compare", (Z, ZERO), ">"), Operation("divide", (ONE, Z)), below)
    assert chosen == Operation("divide", (Operation("where", (Operation("compare", (Z, ZERO), ">"), ONE, T)), Z))


def test_cheaper_operations_of_the_same_rounding() -> None:
    halved = Operation("negative", (Operation("divide", (Z, number(2))),))
    assert for_blocks(halved) == Operation("multiply", (Z, number(-0.5)))
    assert for_blocks(Operation("divide", (Z, number(6)))).kind == "divide"
    clipped = for_blocks(call("minimum", call("maximum", Z, ZERO), number(6)))
    assert clipped == call("clip", Z, ZERO, number(6))
    assert for_blocks(call("maximum", call("minimum", Z, ZERO), number(6))).operands[0].text == "clip"


def test_steps_are_found() -> None:
    above, rest = (Operation("compare", (Z, ZERO), relation) for relation in (">", "<="))
    step = where(above, ONE, where(rest, ZERO, number("nan")))
    assert with_steps(step) == Operation("step", (Z,))


def test_buffers_are_used_again() -> None:
    total = Operation("add", tuple(call("exp", Operation("add", (Z, number(k)), "++")) for k in range(5)), "+++++")
    assert len(block_body_of(total, ["z"]).buffers) <= 5
    deep = Z
    for _ in range(9):
        deep = call("exp", deep)
    assert block_body_of(deep, ["z"]).buffers == ()
