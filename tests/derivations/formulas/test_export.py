"""Exported files stand on their own, give the same values, are formatted, and pass the frameworks' gradient checks."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.command.main import run
from derivations.formulas.export import LIBRARIES, export

POINTS = np.array([-30.0, -4.0, -1.3, -0.2, 0.3, 1.7, 5.0, 40.0])
LABEL = np.array([0, 2])
FAMILIES = list(dict.fromkeys(formula.family for formula in FORMULAS))
SIZES: dict[str, int] = {"m": 2, "n": 3}
BY_NAME = {formula.name: formula for formula in FORMULAS}


@cache
def source_of(name: str, library: str) -> str:
    return export(BY_NAME[name], library)


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
    if formula.is_over_matrices:
        return smooth_point(formula)
    rows = np.stack([POINTS[2:6], POINTS[1:5]])
    rows = rows.T if formula.axis == 0 else rows
    made: dict[tuple[str, ...], Any] = {("n",): rows, ("label",): LABEL, (): np.abs(POINTS[3:5])}
    return [made[a.axes] for a in formula.arguments]


def smooth_point(formula: Any) -> list[Any]:
    """Arguments off the kinks (0, 3, |y - t| = 1, s y = 1, ties) and inside the domain: small, as every entry costs."""
    if formula.is_over_matrices:
        return [matrix(argument, place) for place, argument in enumerate(formula.arguments)]
    found: list[Any] = []
    for place, a in enumerate(formula.arguments):
        if a.axes == ("label",):
            found.append(np.array([2, 0]))
        elif a.axes == ("n",):
            x = np.array([[-1.3, 0.2, 1.7], [0.4, 2.9, -0.8]]) + np.arange(6).reshape(2, 3) / 50 * place
            x = np.array([[0.2, 0.5, 0.3], [0.1, 0.3, 0.6]]) if a.name == "t" else x
            found.append(x[0] if a.name in "wb" else x.T if formula.axis == 0 else x)
        elif formula.is_elementwise and place == 0:
            found.append(np.array([-4.2, -1.3, 0.4, 1.7, 5.2]))
        else:
            signs = np.array([1.0, -1.0, -1.0, 1.0, 1.0])
            found.append(signs if a.name == "s" else np.full(5 if formula.is_elementwise else 2, 0.35))
    return found


def single(point: list[Any]) -> list[Any]:
    """The same in float32; labels stay what they are."""
    return [x.astype(np.float32) if x.dtype == np.float64 else x for x in point]


def matrix(argument: Any, place: int) -> Any:
    """An argument of a formula over matrices, every size another one; targets are distributions."""
    shape = tuple(SIZES.setdefault(axis, 2 + len(SIZES) % 3) for axis in argument.axes)
    x = np.random.default_rng(place).normal(size=shape)
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True) if argument.name == "t" else x


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_numpy_files_give_the_same_values(formula: Any, tmp_path: Path) -> None:
    source = source_of(formula.name, "numpy")
    assert "derivations" not in source
    exported = getattr(load(source, tmp_path), formula.name)
    with np.errstate(all="ignore"):
        expected = getattr(formulas, formula.name)(*values(formula))
        np.testing.assert_allclose(exported(*values(formula)), expected, rtol=2e-15)
    assert exported(*single(smooth_point(formula))).dtype == np.float32


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_the_head_names_equation_domain_and_proofs(formula: Any) -> None:
    for library in LIBRARIES:
        head = " ".join(source_of(formula.name, library).split('"""')[1].split())
        assert " ".join(formula.equation.split()) in head
        assert f"Proof: {formula.derivation.name}," in head
        assert all(part in head for part in ("Domain: ", "Source: "))


def test_the_files_are_formatted(tmp_path: Path) -> None:
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("did not run: ruff is not installed")
    for formula in FORMULAS:
        for library in LIBRARIES:
            (tmp_path / f"{formula.name}_{library}.py").write_text(source_of(formula.name, library), encoding="utf-8")
    for command in (["format", "--check", "--diff"], ["check", "--select", "E,F,I,B,UP,SIM,RUF100"]):
        done = subprocess.run([ruff, *command, "--isolated", tmp_path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[:2000]


def test_what_has_no_proved_derivative_is_said() -> None:
    source = source_of("huber", "torch")
    assert "Derivative by y: proved, huber-gradient-computed." in source
    assert "Derivative by t: no proof of one is at hand" in source
    assert "Derivative by label: none, it is an integer." in source_of("cross_entropy_label", "jax")


@pytest.mark.frameworks("torch")
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("family", FAMILIES)
def test_torch_files_pass_gradcheck(family: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="did not run: PyTorch is not installed")
    torch.set_num_threads(1)
    for formula in (f for f in FORMULAS if f.family == family):
        exported = getattr(load(source_of(formula.name, "torch"), tmp_path), formula.name)
        point = smooth_point(formula)
        tensors = [torch.tensor(x, requires_grad=x.dtype == np.float64) for x in point]
        value = exported(*tensors).detach().numpy()
        np.testing.assert_allclose(value, getattr(formulas, formula.name)(*point), rtol=1e-12, atol=1e-15)
        assert torch.autograd.gradcheck(exported, tensors, fast_mode=formula.is_over_matrices), formula.name
        assert exported(*map(torch.tensor, single(point))).dtype == torch.float32, formula.name


@pytest.mark.frameworks("jax")
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("family", FAMILIES)
def test_jax_files_pass_check_grads(family: str, tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="did not run: JAX is not installed")
    test_util = pytest.importorskip("jax.test_util")
    jax.config.update("jax_enable_x64", True)
    for formula in (f for f in FORMULAS if f.family == family):
        source = source_of(formula.name, "jax")
        exported = getattr(load(source, tmp_path), formula.name)
        point = smooth_point(formula)
        expected = getattr(formulas, formula.name)(*point)
        np.testing.assert_allclose(exported(*point), expected, rtol=1e-12, atol=1e-15)
        free = [k for k, x in enumerate(point) if x.dtype == np.float64]

        def of_floats(*floats: Any, exported: Any = exported, point: Any = point, free: Any = free) -> Any:
            given = dict(zip(free, floats, strict=True))
            return exported(*(given.get(k, x) for k, x in enumerate(point)))

        slopes = jax.grad(lambda *floats, f=of_floats: f(*floats).sum(), argnums=tuple(range(len(free))))
        for traced in jax.eval_shape(slopes, *(single(point)[k] for k in free)):  # float32 also under x64
            assert traced.dtype == np.float32, formula.name
        modes = ["rev"] if "custom_vjp" in source else ["fwd", "rev"] if "custom_jvp" in source else ["fwd"]
        test_util.check_grads(of_floats, [point[k] for k in free], order=1, modes=modes)


@pytest.mark.frameworks
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_derivatives_of_broadcast_arguments(tmp_path: Path) -> None:
    x, w, b = np.array([[1.0, 2.1, 3.3], [0.1, -1.2, 0.7]]), np.array([0.5, 0.9, 2.0]), np.array([0.0, 1.0, -1.0])
    for name, arguments in (("rms_norm", (x, w)), ("layer_norm", (x, w, b)), ("huber", (x, w))):
        torch = pytest.importorskip("torch", reason="did not run: PyTorch is not installed")
        exported = getattr(load(source_of(name, "torch"), tmp_path), name)
        assert torch.autograd.gradcheck(exported, [torch.tensor(a, requires_grad=True) for a in arguments])
        jax = pytest.importorskip("jax", reason="did not run: JAX is not installed")
        jax.config.update("jax_enable_x64", True)
        exported = getattr(load(source_of(name, "jax"), tmp_path), name)
        pytest.importorskip("jax.test_util").check_grads(exported, arguments, order=1, modes=["rev"])


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["formulas", "--plain"]) == 0
    assert f"{len(FORMULAS)} formulas" in capsys.readouterr().out
    assert run(["formulas", "log-softmax", "--plain"]) == 0
    assert "log-softmax-computed: PROVED" in capsys.readouterr().out
    assert run(["export", "gelu"]) == 0
    assert "def gelu(z):" in capsys.readouterr().out
    assert run(["export", "gelu", "--to", "torch"]) == 0
    assert "class Gelu(torch.autograd.Function):" in capsys.readouterr().out
    assert run(["export", "gelo"]) == 2
    assert "Did you mean gelu" in capsys.readouterr().err
