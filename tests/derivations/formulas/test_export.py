"""Exported files stand on their own and give the same values; what is registered as a derivative is one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.command.main import run
from derivations.formulas.export import export

POINTS = np.array([-30.0, -4.0, -1.3, -0.2, 0.3, 1.7, 5.0, 40.0])
LABEL = np.array([0, 2])
SLOPES = [f for f in FORMULAS if f.slope_of and f.is_elementwise and len(f.arguments) == 1]


def load(source: str, folder: Path) -> ModuleType:
    path = folder / "exported.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def values(formula: Any) -> list[Any]:
    rows = np.stack([POINTS[2:6], POINTS[1:5]])
    made: dict[tuple[str, ...], Any] = {("n",): rows, ("label",): LABEL, (): np.abs(POINTS[3:5])}
    return [made[a.axes] for a in formula.arguments]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_numpy_files_give_the_same_values(formula: Any, tmp_path: Path) -> None:
    source = export(formula, "numpy")
    assert "derivations" not in source
    assert formula.derivation.name in source
    exported = getattr(load(source, tmp_path), formula.name)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(exported(*values(formula)), getattr(formulas, formula.name)(*values(formula)))


@pytest.mark.frameworks
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_jax_files_give_the_same_values_and_slopes(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="did not run: JAX is not installed")
    jax.config.update("jax_enable_x64", True)
    for formula in FORMULAS:
        exported = getattr(load(export(formula, "jax"), tmp_path), formula.name)
        expected = getattr(formulas, formula.name)(*values(formula))
        np.testing.assert_allclose(exported(*values(formula)), expected, rtol=1e-12, atol=1e-15)
    for slope in SLOPES:
        formula = next(f for f in FORMULAS if f.name == slope.slope_of)
        exported = getattr(load(export(formula, "jax"), tmp_path), formula.name)
        found = jax.vmap(jax.grad(exported))(jax.numpy.asarray(POINTS))
        np.testing.assert_allclose(found, getattr(formulas, slope.name)(POINTS), rtol=1e-12, atol=1e-300)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["formulas", "--plain"]) == 0
    assert f"{len(FORMULAS)} formulas" in capsys.readouterr().out
    assert run(["formulas", "log-softmax", "--plain"]) == 0
    assert "log-softmax-computed: PROVED" in capsys.readouterr().out
    assert run(["export", "gelu"]) == 0
    assert "def gelu(z):" in capsys.readouterr().out
    assert run(["export", "gelo"]) == 2
    assert "Did you mean gelu" in capsys.readouterr().err
