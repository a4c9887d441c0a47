"""Compiled formulas give the bits of the NumPy functions, take what they take, and say what they need."""

from __future__ import annotations

import importlib
import pickle
import sys
import threading
from typing import Any

import numpy as np
import pytest
from scipy import special

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas import compiled
from derivations.formulas.loop_plan import Plan
from derivations.formulas.loops import loops_of
from derivations.formulas.operations import Operation, call, number, operations_of
from derivations.formulas.rewriting import spelt_out

from .test_in_place import NASTY, PLAIN

needs_numba = pytest.mark.frameworks("numba")
FEW = ("sigmoid", "kl_divergence", "cross_entropy_label_gradient", "softmax_jvp")


def values(formula: Formula, count: int, n: int, nasty: bool, dtype: Any = np.float64) -> list[Any]:
    random = np.random.default_rng(n)
    found: list[Any] = []
    for argument in formula.arguments:
        shape = (count, n) if argument.axes == ("n",) else (count,)
        if argument.axes == ("label",):
            found.append(random.integers(0, n, size=count))
            continue
        x = random.choice(NASTY, size=shape) if nasty else random.normal(size=shape) * 5
        found.append((np.abs(x) if argument.name == "variance" else x).astype(dtype))
    return found


def expected_of(formula: Formula, given: list[Any]) -> Any:
    return getattr(formulas, formula.name)(*given, **({"axis": -1} if formula.axis == 0 else {}))


def test_the_same_names_and_signatures() -> None:
    assert compiled.__all__ == sorted(formulas.__all__)
    for formula in FORMULAS:
        ours, theirs = getattr(compiled, formula.name), getattr(formulas, formula.name)
        assert ours.__signature__ == theirs.__signature__
        assert (ours is theirs) == formula.is_over_matrices
        assert pickle.loads(pickle.dumps(ours)) is ours


@pytest.mark.parametrize("formula", PLAIN, ids=lambda f: f.name)
def test_the_loops_as_python_give_the_same_bits(formula: Formula) -> None:
    module = importlib.import_module(f"derivations.formulas.compiled.{formula.family}")
    loops = getattr(module, f"_{formula.name}")
    functions = [getattr(np, name, None) or getattr(special, name) for name in loops.names]
    sizes = ((12, 1, True), (12, 3, True), (12, 10, False)) if not formula.is_elementwise else ((40, 1, True),)
    for count, n, nasty in sizes:
        with np.errstate(all="ignore"):
            given = values(formula, count, n, nasty)
            expected = expected_of(formula, given)
            found = np.empty_like(expected)
            loops.kernel(found, *given, *(p.default for p in formula.parameters), *functions)
        np.testing.assert_array_equal(found, expected)


def same_bits(formula: Formula, sizes: tuple[int, ...], dtypes: tuple[Any, ...]) -> None:
    function = getattr(compiled, formula.name)
    options = {"axis": -1} if formula.axis == 0 else {}
    for dtype in dtypes:
        for n in sizes:
            for nasty in (False, True):
                with np.errstate(all="ignore"):
                    given = values(formula, 700, n, nasty, dtype)
                    expected = expected_of(formula, given)
                found = function(*given, **options)
                assert found.dtype == dtype
                np.testing.assert_array_equal(found, expected)


@needs_numba
@pytest.mark.parametrize("name", FEW)
def test_compiled_with_the_same_bits(name: str) -> None:
    same_bits(next(formula for formula in PLAIN if formula.name == name), (10, 70), (np.float64, np.float32))


@needs_numba
@pytest.mark.slow
@pytest.mark.parametrize("formula", PLAIN, ids=lambda f: f.name)
def test_all_compiled_with_the_same_bits(formula: Formula) -> None:
    same_bits(formula, (1, 2, 10, 64, 65, 300), (np.float64,))  # float32 is compiled from the same text


@needs_numba
def test_arguments_as_numpy_users_give_them() -> None:
    z, v = np.random.default_rng(0).normal(size=(2, 4, 30, 10)) * 3
    ours, theirs = compiled.softmax_jvp, formulas.softmax_jvp
    np.testing.assert_array_equal(ours(z, v), theirs(z, v))
    np.testing.assert_array_equal(ours(z, v[0, 0]), theirs(z, v[0, 0]))
    np.testing.assert_array_equal(ours(z, v, axis=1, temperature=2.0), theirs(z, v, axis=1, temperature=2.0))
    np.testing.assert_array_equal(ours(z[:, ::2], v[:, ::2]), theirs(z[:, ::2], v[:, ::2]))
    np.testing.assert_allclose(ours(z[0, 0].tolist(), v[0, 0]), theirs(z[0, 0], v[0, 0]), rtol=1e-15)
    assert ours(z.astype(np.float32), v).dtype == np.float64
    assert ours(z[:0], v[:0]).shape == (0, 30, 10)
    expected, out = theirs(z, v), np.empty_like(z)
    assert ours(z, v, out=out) is out
    np.testing.assert_array_equal(out, expected)
    assert ours(z, v, out=z) is z
    np.testing.assert_array_equal(z, expected)


@needs_numba
def test_numbers_and_shapes_entry_by_entry() -> None:
    z = np.random.default_rng(0).normal(size=(40, 50)) * 3
    assert compiled.sigmoid(0.5) == formulas.sigmoid(0.5)
    assert type(compiled.sigmoid(np.float32(0.5))) is np.float32
    assert compiled.sigmoid(np.zeros((0, 3))).shape == (0, 3)
    np.testing.assert_array_equal(compiled.sigmoid([-1, 0, 3]), formulas.sigmoid([-1, 0, 3]))
    for x in (z, z.T, z[::2, ::3]):
        np.testing.assert_array_equal(compiled.sigmoid(x), formulas.sigmoid(x))
    np.testing.assert_array_equal(compiled.huber(z, z[0], delta=0.7), formulas.huber(z, z[0], delta=0.7))
    np.testing.assert_array_equal(compiled.huber(z, 1), formulas.huber(z, 1))


@needs_numba
def test_the_checks_are_those_of_the_formulas() -> None:
    with pytest.raises(ValueError, match=r"argument 't' has shape \(2, 4\); expected 3 entries along axis -1"):
        compiled.kl_divergence(np.ones((2, 3)), np.ones((2, 4)))
    with pytest.raises(ValueError, match="argument 't' is no distribution"):
        compiled.kl_divergence([1.0, 2.0], [0.5, 0.6], validate=True)
    with pytest.raises(ValueError, match="argument 'label' goes from 0 to 3; expected 0 to 2"):
        compiled.cross_entropy_label_gradient(np.ones((2, 3)), np.array([0, 3]))
    with pytest.raises(TypeError, match="argument 'z' has dtype complex128"):
        compiled.sigmoid(1j)
    with np.errstate(all="raise"):  # nothing warns
        compiled.sigmoid(np.array([-1e300, 1e300]))


@needs_numba
def test_the_proof_and_the_check_are_there() -> None:
    assert str(compiled.sigmoid.proof) == "sigmoid-computed: PROVED, 2 steps"
    assert compiled.sigmoid.check(np.array([0.3, -20.0])).passed


@needs_numba
def test_threads() -> None:
    z = [np.random.default_rng(seed).normal(size=(5_000, 10)) for seed in range(4)]
    found: dict[int, Any] = {}

    def work(k: int) -> None:
        for _ in range(5):
            found[k] = compiled.softmax_jvp(z[k], z[k])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, x in enumerate(z):
        np.testing.assert_array_equal(found[k], formulas.softmax_jvp(x, x))


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "derivations.formulas.compiled.compiler", raising=False)
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert compiled.linear is formulas.linear
    with pytest.raises(ModuleNotFoundError, match=r"need Numba.*pip install 'derivations\[compiled\]'"):
        compiled.relu(np.ones(3))


# ---- how loops are made


def test_what_comes_before_a_library_call_is_kept_for_what_comes_after() -> None:
    z = Operation("array", text="z")
    power = call("exp", Operation("negative", (z,)))
    loops = loops_of(Operation("divide", (number(1), Operation("add", (number(1), power), "++"))), (), ("z",))
    assert loops.functions == ("exp",)
    assert [line.strip() for line in loops.lines[-5:]] == [
        "for i in range(len(out_)):",
        "a[i] = -z_[i]",
        "apply(exp, a, a, len(out_))",
        "for i in range(len(out_)):",
        "out_[i] = real(1) / (real(1) + a[i])",
    ]


def test_a_sum_waits_for_a_loop_over_the_entries() -> None:
    z = Operation("array", text="z")
    square = Operation("power", (z,), "2")
    total = Operation("sum", (square,))
    plan = Plan(Operation("divide", (square, total)), frozenset("z"))
    assert (plan.when(square), plan.earliest(total), plan.is_entry(total)) == ((0, 0), (0, 1), False)
    assert square in plan.stored  # it is summed, and then divided


def test_two_functions_of_one_value_do_not_write_over_it() -> None:
    z = Operation("array", text="z")
    double = Operation("multiply", (number(2), z))
    both = Operation("add", (call("exp", double), call("tanh", double)), "++")
    lines = [line.strip() for line in loops_of(both, (), ("z",)).lines]
    assert "apply(exp, a, b, len(out_))" in lines
    assert "apply(tanh, a, a, len(out_))" in lines


@pytest.mark.parametrize("name", ["layer_norm_vjp", "softmax_hinge_gradient"])
def test_a_position_is_never_kept_as_a_float(name: str) -> None:
    formula = next(formula for formula in PLAIN if formula.name == name)
    plan = Plan(spelt_out(operations_of(formula)), frozenset(a.name for a in formula.arguments if a.axes == ("n",)))
    assert all(node.kind != "position" for node in plan.stored)
