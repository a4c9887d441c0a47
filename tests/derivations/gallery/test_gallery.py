"""The gallery: pages that say what they should and render in a real browser; LaTeX, MathML and plots beside it."""

from __future__ import annotations

import inspect
import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import derivations
from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.command.main import run
from derivations.formulas.plotting import svg_of
from derivations.formulas.typesetting import as_mathml, equation_of, lines_of, mathml_of
from derivations.gallery import build

BY_NAME = {formula.name: formula for formula in FORMULAS}
SHOWN = list({formula.family: formula for formula in FORMULAS}.values())  # the last one of each family
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIET += " --disable-component-update --disable-sync --hide-scrollbars --window-size=1280,900"
PROBE = """<!doctype html><pre id="found"></pre><script>
const pages = %s, found = {};
for (const name of pages) {
  const frame = document.createElement("iframe");
  frame.width = 1200; frame.height = 900; frame.src = name;
  frame.onload = () => {
    const inside = frame.contentDocument;
    const sizes = [...inside.querySelectorAll("math")].map((m) => m.getBoundingClientRect());
    const plot = inside.querySelector("svg")?.getBoundingClientRect();
    found[name] = {
      math: sizes.length, empty: sizes.filter((s) => s.width < 4 || s.height < 6).length,
      errors: inside.querySelectorAll("merror").length, plot: plot ? plot.width * plot.height : 0,
      wide: inside.documentElement.scrollWidth,
    };
    document.getElementById("found").textContent = JSON.stringify(found);
  };
  document.body.append(frame);
}
</script>"""


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_every_line_becomes_mathml(formula: Any) -> None:
    texts = [equation_of(formula), *(line.tex for line in lines_of(formula))]
    assert all(tex.count("{") == tex.count("}") for tex in texts)
    for mathml in (*map(as_mathml, texts), mathml_of(formula)):
        assert ElementTree.fromstring(mathml).tag.endswith("math")
        assert "\\" not in mathml, "a command that latex2mathml does not know"


@pytest.mark.slow
def test_the_tex_of_activations_is_read_back_and_proved_again() -> None:
    """What is printed says what was proved: the reader of documents takes each step for a true claim."""
    steps = ["Let $z \\in \\mathbb{R}$."]
    for formula in FORMULAS:
        if formula.is_elementwise and len(formula.arguments) == 1 and not formula.parameters:
            lines = [line.tex for line in lines_of(formula)]
            if not any("ldots" in line for line in lines):  # SELU's constants are shortened
                steps += [f"$${before} = {after}$$" for before, after in itertools.pairwise(lines)]
    claims = [step for step in derivations.check("\n\n".join(steps)).steps if step.kind != "definition"]
    assert len(claims) > 30
    assert [(step.lhs, step.rhs, step.message) for step in claims if step.link != "PROVED"] == []


def test_a_function_knows_its_typeset_form() -> None:
    assert formulas.sigmoid_derivative.latex == (
        "\\begin{align*}\n"
        "& \\frac{\\partial}{\\partial z} \\sigma(z) \\\\\n"
        "={} & \\sigma(z)\\,(1 - \\sigma(z)) && \\text{the textbook form, which is 0 in floats from z = 37 on} \\\\\n"
        "={} & \\frac{e^{-\\left|z\\right|}}{(1 + e^{-\\left|z\\right|})^{2}} && \\text{even in z: one exponential, "
        "no difference}\n\\end{align*}"
    )
    assert ElementTree.fromstring(formulas.sigmoid_derivative.mathml).tag.endswith("math")


def test_the_equation_says_more_than_the_name() -> None:
    assert equation_of(BY_NAME["sigmoid"]) == r"\operatorname{sigmoid}(z) = \frac{1}{1 + e^{-z}}"
    assert equation_of(BY_NAME["softmax"]).startswith(
        r"\operatorname{softmax}(z)_{i} = \frac{\partial}{\partial z_{i}}"
    )


@pytest.mark.parametrize("name", ["gelu", "huber", "softmax", "cross_entropy_label", "relu_derivative", "linear"])
def test_plots_take_the_colour_of_the_text(name: str) -> None:
    drawn = svg_of(BY_NAME[name])
    assert drawn.startswith("<svg")
    assert "currentColor" in drawn
    assert svg_of(BY_NAME[name]) == drawn


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["formulas", "softmax", "--latex"]) == 0
    assert r"\begin{align*}" in capsys.readouterr().out
    assert run(["formulas", "softmax", "--mathml"]) == 0
    assert capsys.readouterr().out.startswith("<math")
    assert run(["formulas", "tanh", "--plot", str(tmp_path / "tanh.png")]) == 0
    assert (tmp_path / "tanh.png").read_bytes().startswith(b"\x89PNG")
    monkeypatch.chdir(tmp_path)
    assert run(["formulas", "tanh", "--plot"]) == 0
    assert (tmp_path / "tanh.svg").is_file()
    assert run(["formulas", "tanh", "--plot", "tanh.abc"]) == 2
    assert "cannot be drawn" in capsys.readouterr().err
    assert run(["formulas", "--latex"]) == 2
    assert "which formula?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "arguments", "mend"),
    [
        ("latex2mathml.converter", ["formulas", "tanh", "--mathml"], "derivations[docs]"),
        ("matplotlib.figure", ["formulas", "tanh", "--plot"], "derivations[plots]"),
        ("jinja2", ["gallery", "pages"], "derivations[docs]"),
    ],
)
def test_a_missing_library_is_named_with_its_mend(
    module: str, arguments: list[str], mend: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert run(arguments) == 1
    error = capsys.readouterr().err
    assert f"pip install '{mend}'" in error
    assert "Traceback" not in error


def test_pages_stand_on_their_own(tmp_path: Path) -> None:
    pages = build(tmp_path, [BY_NAME["softmax"], BY_NAME["relu_derivative"]])
    assert [page.name for page in pages] == ["index.html", "softmax.html", "relu_derivative.html"]
    text = pages[1].read_text(encoding="utf-8")
    for part in (
        "Derivation",
        "✓ proved",
        "chain rule through the logarithm",
        "derivations export softmax --to torch",
        "Accuracy",
        "relu_derivative.html",
    ):
        assert part in text
    assert "proved except at z = 0" in pages[2].read_text(encoding="utf-8")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<script|<link|<img|@import|url\((?!#)|src=", text), "something from elsewhere"


def test_the_figures_of_accuracy_are_those_of_formulas_and_within_their_bars() -> None:
    figures = json.loads((Path(inspect.getfile(build)).parent / "accuracy.json").read_text(encoding="utf-8"))
    assert set(figures) <= set(BY_NAME)
    assert all(figure["of_bar"] <= 1 and figure["points"] for of in figures.values() for figure in of.values())


def starts(browser: str) -> bool:
    """Whether it is one: a stub that asks for another package is not."""
    try:
        return subprocess.run([browser, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@pytest.mark.browser
@pytest.mark.slow
def test_pages_render_in_a_browser(tmp_path: Path) -> None:
    found_browsers = filter(None, map(shutil.which, BROWSERS))
    browser = next((path for path in found_browsers if starts(path)), None)
    if browser is None:
        pytest.skip("did not run: no Chromium to open the gallery with")
    names = [page.name for page in build(tmp_path / "gallery", SHOWN)]
    probe = tmp_path / "gallery" / "probe.html"
    probe.write_text(PROBE % json.dumps(names), encoding="utf-8")
    profile = tmp_path / "profile"
    command = [
        browser,
        *QUIET.split(),
        "--allow-file-access-from-files",
        "--enable-logging=stderr",
        f"--user-data-dir={profile}",
    ]
    done = subprocess.run(
        [*command, "--virtual-time-budget=30000", "--dump-dom", probe.as_uri()],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    found = json.loads(re.findall(r'<pre id="found">(.*?)</pre>', done.stdout)[0])
    assert set(found) == set(names)
    for name, seen in found.items():
        assert seen["math"] > (len(SHOWN) if name == "index.html" else 3) - 1, name
        assert (seen["empty"], seen["errors"]) == (0, 0), name
        assert name == "index.html" or seen["plot"] > 10_000, name
        assert seen["wide"] <= 1200, f"{name} scrolls sideways"
