"""`derivations check` as it is used: what it prints, what it exits with, and its JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import derivations
from derivations.command.main import run

CONTEXT = "$x, y \\in \\mathbb{R}$\n"
RIGHT = "$$(x + y)^2 = x^2 + 2 x y + y^2$$\n"
WRONG = "# 1 A slip\n\n$$(x + y)^2 = x^2 + y^2$$\n"
OPEN = "$$x + z = z + x$$\n"

FIELDS = {
    *("document", "section", "line", "column", "lhs", "rhs", "relation", "kind", "link", "head", "slip", "layout"),
    *("reading", "counterexample", "message"),
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("context", CONTEXT), ("right", RIGHT), ("wrong", WRONG), ("open", OPEN)):
        (tmp_path / f"{name}.md").write_text(text)
    return tmp_path


def check(files: Path, name: str, *options: str) -> int:
    return run(["check", str(files / f"{name}.md"), "--context", str(files / "context.md"), "--jobs", "1", *options])


@pytest.mark.parametrize(("name", "code"), [("right", 0), ("wrong", 1), ("open", 3)])
def test_exit_codes(files: Path, name: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(files, name, "--plain") == code
    assert capsys.readouterr().out


def test_a_report_shows_place_formula_verdict_and_counterexample(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(files, "wrong", "--plain")
    out = capsys.readouterr().out
    for part in ("1", "    3", "WRONG", "refuted", "(x + y)^2 = x^2 + y^2", "counterexample: left =", "1 refuted"):
        assert part in out
    assert out.isascii()


def test_what_has_no_meaning_is_asked_for_by_name(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(files, "open", "--plain")
    assert "z has no meaning here; declare its shape" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("formula", "declared"),
    [
        (r"\sum_i y_i = 2", r"declare its shape, $y \in \mathbb{R}^n$"),
        (r"\sum_{i,j} A_{ij} = 2", r"declare its shape, $A \in \mathbb{R}^{m \times n}$"),
        (r"\sin(x_0) = 2", r"declare its shape, $x_0 \in \mathbb{R}^n$"),
    ],
)
def test_of_an_entry_the_whole_is_to_be_declared(
    formula: str, declared: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.md").write_text(f"$$ {formula} $$\n", encoding="utf-8")
    run(["check", str(tmp_path / "notes.md"), "--plain", "--jobs", "1"])
    assert declared in " ".join(capsys.readouterr().out.split())


def test_explain_shows_witnesses(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(files, "right", "--explain")
    assert "witness: x = " in capsys.readouterr().out


def test_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = check(files, "wrong", "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == code == 1
    assert report["format"] == 1
    assert report["summary"]["refuted"] == 1
    (step,) = report["steps"]
    assert set(step) == FIELDS
    assert (step["document"], step["line"], step["column"]) == ("wrong.md", 3, 15)
    assert (step["lhs"], step["relation"], step["rhs"]) == ("(x + y)^2", "=", "x^2 + y^2")
    assert (step["kind"], step["link"], step["head"]) == ("claim", "REFUTED", "REFUTED")
    assert "left = " in step["counterexample"]


@pytest.mark.parametrize("arguments", [["check", "no-such-file.md"], ["check"], ["check", "symbolic", "--json"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Error" in capsys.readouterr().err


def test_a_context_that_is_no_text_is_wrong_use(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "context.md").write_bytes(b"$x \\in \xff$")
    assert check(files, "right") == 2
    assert "is not UTF-8" in capsys.readouterr().err


def test_what_is_wrong_in_a_context_is_shown_with_its_line(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "context.md").write_text("$x, y \\in \\mathbb{R}$\n\n$x \\in \\mathbb{Q}^{n^2}$\n")
    assert check(files, "right", "--plain") == 3
    assert "context, line 3: " in capsys.readouterr().out


def test_from_python() -> None:
    report = derivations.check(WRONG, context=CONTEXT, jobs=1)
    (step,) = report.steps
    assert step.link_verdict is not None
    assert (step.link, step.link_verdict.name) == ("REFUTED", "REFUTED")
    assert report.exit_code == 1


def test_a_context_within_the_document() -> None:
    text = (
        f"---\nlayout: numerator\n---\n# Notes\n\n## Context\n\n{CONTEXT}$A \\in \\mathbb{{R}}^{{2 \\times 3}}$, "
        + (
            "$u \\in \\mathbb{R}^3$\n\n## Claims\n\n"
            + RIGHT
            + "\n$$\\frac{\\partial u^\\top u}{\\partial u} = 2 u^\\top$$\n"
        )
    )
    report = derivations.check(text, jobs=1)
    assert [(step.link, step.layout) for step in report.steps] == [("PROVED", None), ("PROVED", None)]
    assert not report.problems


@pytest.mark.parametrize(
    "text",
    [
        "$$9^{9^{9^9}} = 1$$",
        "$$" + "{" * 100_000 + "x" + "}" * 100_000 + " = 1$$",
        "$$" + "(" * 3000 + "x = 1$$",
        "$$" + " ".join(["x"] * 3000) + " = 1$$",
        "$$f(x) = f(x) + 1$$ $$f(1) = 2$$",
        "$$x = 1 = \\frac{1}{ $$ = = $$",
        b"\xff\xfe$$x = 1$$\x00",
        "\\newcommand{\\a}{\\a\\a} $$\\a = 1$$",
    ],
)
def test_hostile_input_is_answered(text: str | bytes) -> None:
    report = derivations.check(text, context=CONTEXT, jobs=1, timeout=1.0)
    assert report.exit_code in (0, 1, 3)
    assert all("internal error" not in (step.message or "") for step in report.steps)


def test_a_folder_and_a_broken_file_among_others(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "right.context.md").write_text(CONTEXT)
    (files / "broken.md").write_bytes(b"\xff\xfe\x00$$\\frac{")
    (files / "wrong.md").unlink()
    (files / "later").mkdir()
    (files / "later" / "right.tex").write_text("$x \\in \\mathbb{R}$ $$2 x = x + x$$")
    assert run(["check", str(files), "--json", "--jobs", "1"]) == 3
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (report["exit_code"], report["complete"]) == (3, True)
    codes = {each["document"]: each["exit_code"] for each in report["documents"]}
    assert codes == {"broken.md": 3, "context.md": 0, "open.md": 3, "right.md": 0, "right.tex": 0}


def test_several_documents_have_one_overview(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(files / name) for name in ("right.md", "wrong.md")]
    assert run(["check", *names, "--context", str(files / "context.md"), "--plain", "--jobs", "1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == ["2 documents", "  ok right.md  1 proved", "  WRONG wrong.md  1 refuted"]


def test_a_file_that_is_too_large_does_not_stop_the_others(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.command.checking._LARGEST_FILE", 30)
    names = [str(files / name) for name in ("wrong.md", "open.md")]
    assert run(["check", *names, "--plain", "--jobs", "1"]) == 3
    assert "wrong.md is larger" in capsys.readouterr().out
    assert run(["check", names[0]]) == 2
