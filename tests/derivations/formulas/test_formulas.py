"""The formulas to import: made from proved lines, right at every case, quiet however extreme, clear about wrong use."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas import build
from symbolic import VerdictKind

FOLDER = Path(inspect.getfile(build)).parent
ALL = {formula.name: formula for formula in FORMULAS}
EXTREME = {np.float64: [0, 2, 5, 100, 300], np.float32: [0, 2, 5, 20, 37]}
OVERFLOWS = {name for name, formula in ALL.items() if "overflow" in formula.edges}  # as their docstrings say


def options(formula: Formula) -> dict[str, int]:
    """Vectors lie along the last axis here."""
    return {} if formula.axis == -1 else {"axis": -1}


def arguments(formula: Formula, dtype: Any, exponents: list[int], seed: int = 0) -> list[Any]:
    """Three rows of arguments; variances are positive, targets distributions, classes of a margin -1 or 1.

    A matrix has 3 rows in the batch and different sizes along all other axes; a stack of three goes without a batch.
    """
    random = np.random.default_rng(seed)
    found: list[Any] = []
    lengths = {axis: 3 + k for k, axis in enumerate(dict.fromkeys(x for a in formula.arguments for x in a.axes))}
    for argument in formula.arguments:
        if argument.axes == ("label",):
            found.append(np.array([0, 3, 2]))
            continue
        shape: tuple[int, ...] = (3, 5) if argument.axes == ("n",) else (3,)
        if formula.is_over_matrices:
            shape = tuple(3 if axis == formula.batch else lengths[axis] for axis in argument.axes)
            shape = shape if formula.batch else (3, *shape)
        x = random.normal(size=shape) * 2.5 * 10.0 ** random.choice(exponents, size=shape)
        if argument.name == "variance":
            x = np.abs(x) + 0.1
        elif argument.name == "s":
            x = np.sign(x)
        elif argument.name == "t" and ("between" in argument.meaning or argument.axes):
            x = random.random(shape)
            x = x / x.sum(axis=-1, keepdims=True) if argument.axes else x
        found.append(x.astype(dtype))
    return found


def test_every_formula_is_offered() -> None:
    assert set(formulas.__all__) == set(ALL)
    assert len(ALL) >= 45


MODULES = build.modules()


@pytest.mark.parametrize("family", MODULES)
def test_the_functions_are_what_the_proved_lines_say(family: str) -> None:
    """The same operations, whatever the layout; ``python -m derivations.formulas.build`` writes them anew."""
    committed = ast.parse((FOLDER / f"{family}.py").read_text(encoding="utf-8"))
    made = ast.parse(MODULES[family])
    assert kernels(committed) == kernels(made)


def kernels(tree: ast.Module) -> dict[str, str]:
    return {node.name: ast.dump(node) for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", ALL)
def test_values_agree_with_differences_at_points_of_the_user(name: str) -> None:
    for seed in range(4):
        values = arguments(ALL[name], np.float64, [0], seed)
        report = getattr(formulas, name).check(*values, **options(ALL[name]))
        assert report.passed, report


@pytest.mark.parametrize("name", ["hard_sigmoid", "hard_sigmoid_derivative", "hard_swish", "hard_swish_derivative"])
def test_every_case_of_the_hard_forms_is_met(name: str) -> None:
    assert getattr(formulas, name).check(np.array([-5.0, -3.5, -2.0, 0.5, 2.9, 3.5, 8.0])).passed


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ALL)
def test_finite_input_gives_no_warning_and_no_nan_and_keeps_its_precision(name: str, dtype: Any) -> None:
    for seed in range(5):
        exponents = EXTREME[dtype] if name not in OVERFLOWS else [0, 2, 5]
        values = arguments(ALL[name], dtype, exponents, seed)
        with np.errstate(all="raise"):
            result = getattr(formulas, name)(*values, **options(ALL[name]))
        assert result.dtype == dtype
        assert not np.isnan(result).any(), values


@pytest.mark.parametrize("name", [n for n, f in ALL.items() if not f.batch])
def test_leading_axes_and_out(name: str) -> None:
    function, values = getattr(formulas, name), arguments(ALL[name], np.float64, [0])
    function = partial(function, **options(ALL[name]))
    together = function(*values)
    alone = np.stack([function(*(value[row] for value in values)) for row in range(3)])
    np.testing.assert_allclose(together, alone, rtol=1e-14, atol=1e-300)
    out = np.empty_like(together)
    assert function(*values, out=out) is out
    np.testing.assert_array_equal(out, together)


@pytest.mark.parametrize("name", ["sigmoid", "elu", "softmax", "cross_entropy_label", "cross_entropy_gradient"])
def test_blocks_change_nothing(name: str) -> None:
    values = [np.repeat(value, 30_000, axis=0) for value in arguments(ALL[name], np.float64, [0])]
    together = getattr(formulas, name)(*values)
    few = getattr(formulas, name)(*(value[::30_000] for value in values))
    np.testing.assert_allclose(together[::30_000], few, rtol=1e-14)


@pytest.mark.parametrize("name", [n for n, f in ALL.items() if f.is_elementwise])
def test_nan_gives_nan(name: str) -> None:
    values = [np.full(2, np.nan) for _ in ALL[name].arguments]
    assert np.isnan(getattr(formulas, name)(*values)).all()


def test_an_axis_of_ones_own() -> None:
    z = np.random.default_rng(1).normal(size=(4, 3, 2))
    np.testing.assert_array_equal(
        formulas.softmax(z, axis=1), np.moveaxis(formulas.softmax(np.moveaxis(z, 1, -1)), -1, 1)
    )
    assert formulas.logsumexp(z, axis=1).shape == (4, 2)


def test_a_masked_class_has_probability_0() -> None:
    np.testing.assert_array_equal(formulas.softmax([0.0, -np.inf, 0.0]), [0.5, 0.0, 0.5])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: formulas.cross_entropy(np.ones((2, 3)), np.ones((2, 4))),
            r"'t' has shape \(2, 4\); expected 3 entries",
        ),
        (lambda: formulas.cross_entropy(np.ones(2), np.ones(2), validate=True), "'t' is no distribution"),
        (lambda: formulas.cross_entropy_label(np.ones(2), 2), r"'label' goes from 2 to 2; expected 0 to 1"),
        (lambda: formulas.huber(np.ones(2), np.ones(3)), r"'y' \(2,\), 't' \(3,\)"),
        (lambda: formulas.softmax(1.0), r"'z' has shape \(\); expected an axis -1"),
        (lambda: formulas.softmax(np.ones(2), temperature=0), "temperature is 0"),
        (lambda: formulas.sigmoid(np.ones(2), out=np.empty(3)), r"'out' has shape \(3,\).*expected \(2,\)"),
    ],
)
def test_wrong_values_are_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("value", [1j, "one", np.float16(1)])
def test_other_dtypes_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"argument 'z' has dtype .*expected float64"):
        formulas.sigmoid(value)


def test_the_proof_stands_beside_the_function() -> None:
    proof = formulas.relu_derivative.proof
    assert proof.verdict is VerdictKind.PROVED
    assert proof.exceptions == ("z = 0",)
    assert proof.derivation.closed_form == ALL["relu_derivative"].computed
    assert all(certificate for certificate in proof.certificate)


@pytest.mark.parametrize("name", ALL)
def test_the_docstring_says_what_is_needed(name: str) -> None:
    text = inspect.getdoc(getattr(formulas, name)) or ""
    assert all(word in text for word in ("Returns", "At infinities", "Raises", "Source:", "Proof:"))
    assert list(inspect.signature(getattr(formulas, name)).parameters)[-1] == "out"


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.uint64])
def test_labels_of_every_kind_of_integer(dtype: type) -> None:
    random = np.random.default_rng(0)
    z, label = random.normal(size=(700, 10)), random.integers(10, size=700)
    for function in (formulas.cross_entropy_label, formulas.cross_entropy_label_gradient):
        np.testing.assert_array_equal(function(z, label.astype(dtype)), function(z, label))


def test_the_modules_are_written_also_where_one_is_missing() -> None:
    program = """
import sys

class Gone:
    def find_spec(self, name, *_):
        if name == "derivations.formulas.softmax":
            raise ModuleNotFoundError(f"No module named {name!r}")

sys.meta_path.insert(0, Gone())
from derivations.formulas import build
assert "softmax" in build.modules()
try:
    from derivations.formulas import softmax
except ImportError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "softmax cannot be loaded: No module named" in run.stdout
    assert "python -m derivations.formulas.build" in run.stdout
