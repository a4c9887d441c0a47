"""What holds for all of the source: who may import whom, what is never called, what is never written."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("symbolic", "numeric_bridge", "derivations")  # each may import itself and those before it
NEVER_IMPORTED = {
    "symbolic": {"numpy", "scipy", "hypothesis", "click", "rich", "pytest", "tests", "benchmarks"},
    "numeric_bridge": {"click", "rich", "pytest", "tests", "benchmarks"},
    "derivations": {"pytest", "tests", "benchmarks"},
}
# `sympify` is let through with `strict=True`, which takes Python numbers and SymPy trees but no text.
NEVER_CALLED = {"eval", "exec", "sympify", "parse_expr", "lambdify", "simplify", "equals"}
NEVER_CALLED_IN_A_VERDICT = {"diff", "doit", "subs"}  # of SymPy: wrong, or captures bound indices

MODULES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
PACKAGES = sorted({path.parent for path in MODULES})


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def package_of(path: Path) -> tuple[str, ...]:
    """The dotted parts of the package that a module lies in."""
    return path.relative_to(ROOT).parent.parts


def imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Every import, also those inside functions, as (line, absolute dotted name)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield from ((node.lineno, f"{module}.{alias.name}".lstrip(".")) for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value


def called(node: ast.Call) -> str:
    """The last name of what is called: `simplify` in `sympy.simplify(x)`."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def wrong_imports(room: str, tree: ast.Module, package: tuple[str, ...]) -> list[str]:
    later = set(ROOMS[ROOMS.index(room) + 1 :])
    never = later | NEVER_IMPORTED[room]
    return [f"line {line}: {name}" for line, name in imports(tree, package) if name.split(".")[0] in never]


def takes_no_text(node: ast.Call) -> bool:
    """Whether this is `sympify(..., strict=True)`."""
    return called(node) == "sympify" and any(
        keyword.arg == "strict" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )


def wrong_calls(room: str, tree: ast.Module) -> list[str]:
    never = NEVER_CALLED | (NEVER_CALLED_IN_A_VERDICT if room == "symbolic" else set())
    found = [
        f"line {node.lineno}: {called(node)}(...)"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in never and not takes_no_text(node)
    ]
    found += [
        f"line {node.lineno}: import of {alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sympy"
        for alias in node.names
        if alias.name in never - {"sympify"}
    ]
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    package = package_of(path)
    assert wrong_imports(package[0], tree_of(path), package) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_evaluates_text_or_lets_sympy_judge(path: Path) -> None:
    assert wrong_calls(package_of(path)[0], tree_of(path)) == []


@pytest.mark.parametrize("folder", PACKAGES, ids=name_of)
def test_every_package_says_what_it_offers(folder: Path) -> None:
    assert (folder / "__init__.py").is_file(), f"{name_of(folder)} has no __init__.py"
    package = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
    assert hasattr(package, "__all__"), f"{package.__name__} has no __all__"
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_typed(room: str) -> None:
    assert (ROOT / room / "py.typed").is_file()


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("symbolic", "import numpy as np"),
        ("symbolic", "def f():\n    from scipy.special import erf"),
        ("symbolic", "from numeric_bridge import differences"),
        ("symbolic", "from ..numeric_bridge import differences"),
        ("symbolic", "import importlib\nimportlib.import_module('derivations')"),
        ("numeric_bridge", "import derivations.catalogue"),
        ("derivations", "import tests.helpers"),
    ],
)
def test_a_wrong_import_is_seen(room: str, source: str) -> None:
    assert len(wrong_imports(room, ast.parse(source), (room,))) == 1


def test_a_right_import_is_let_through() -> None:
    source = "import sympy\nfrom . import verdict\nfrom symbolic import decide\nfrom .terms import Term"
    assert wrong_imports("symbolic", ast.parse(source), ("symbolic",)) == []
    assert wrong_imports("derivations", ast.parse(source), ("derivations", "catalogue")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("derivations", "eval('1')"),
        ("derivations", "sympy.simplify(a - b)"),
        ("derivations", "sympify(text)"),
        ("derivations", "sympy.sympify(text, strict=False)"),
        ("numeric_bridge", "f = lambdify(x, y)"),
        ("numeric_bridge", "from sympy import lambdify as compiled"),
        ("symbolic", "left.equals(right)"),
        ("symbolic", "left.doit()"),
        ("symbolic", "left.subs(x, 1)"),
    ],
)
def test_a_wrong_call_is_seen(room: str, source: str) -> None:
    assert len(wrong_calls(room, ast.parse(source))) == 1


def test_sympify_is_let_through_where_it_takes_no_text() -> None:
    source = "from sympy import sympify\nsympify(3, strict=True)"
    assert wrong_calls("symbolic", ast.parse(source)) == []


# An absolute path into somebody's home or workspace: it exists on one machine only.
MACHINE_PATH = re.compile(r"(?<![\w.~/-])(?:/(?:home|root|work|Users)(?:/|\b(?!\w))|[A-Za-z]:\\Users\\)")


def committed_texts() -> list[Path]:
    """The files that git knows, or would take, without those that are not text."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("did not run: this is not a git checkout")
    files = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in committed_texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("parts", [("home", "ada", "x.py"), ("root",), ("Users", "ada"), ("work", "main")])
def test_a_machine_path_is_seen(parts: tuple[str, ...]) -> None:
    assert MACHINE_PATH.search("see /" + "/".join(parts))


@pytest.mark.parametrize("text", ["a/root", "docs/work/x", "https://example.org/home/", "/rooted", "1/work"])
def test_what_only_looks_like_a_machine_path_is_let_through(text: str) -> None:
    assert not MACHINE_PATH.search(text)
