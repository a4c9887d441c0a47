"""The command as it is used: what it prints, what it exits with, and what it does on a terminal and on Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from derivations import catalogue, suite
from derivations.command.main import run
from symbolic.derivation import Derivation, Erratum, Line, Source, Step
from symbolic.given import Define
from symbolic.notation import Cases, D, index, keep, relu, scalar, total, vector
from symbolic.verdict import Verdict, undecided

ROOT = Path(__file__).resolve().parent.parent.parent
x, y, w, E = scalar("x"), scalar("y"), scalar("w"), scalar("E")
FIRST, SECOND = Source("document_one", "1.2"), Source("document_two", "B")


@dataclass(frozen=True)
class Printed:
    """A calculation whose numbers cannot be read."""

    name: str = "printed-number"
    title: str = "a printed number"
    sources: tuple[Source, ...] = ()
    note: str = ""

    def steps(self) -> Iterator[Step]:
        yield Step("the number", x, y, "as printed")

    def decide_step(self, step: Step) -> Verdict:
        return undecided("its digits cannot be read")


SQUARE = Derivation(
    "square-derivative",
    "the slope of a square",
    start=D(x**2, x),
    lines=(Line(keep(2) * x * D(x, x), "chain rule"), Line(2 * x, "dx/dx = 1")),
    sources=(FIRST, SECOND),
    note="A parabola.",
)
KINK = Derivation(
    "relu-slope",
    "the slope of ReLU",
    start=D(relu(x), x),
    lines=(Line(Cases((1, x > 0), (0, x <= 0)), "each piece"),),
    sources=(SECOND,),
)
SLIP = Erratum(
    "square-slip",
    "the slope of a square without its factor",
    before=D(E, x),
    as_written=x,
    right=2 * x,
    given=(Define(E, x**2),),
    sources=(FIRST,),
)
WRONG = Derivation(
    "cube-wrong", "a wrong slope", D(x**3, x), (Line(3 * x, "power rule"), Line(x + keep(2 * x), "split"))
)
SMALL = (SQUARE, KINK, SLIP)


@pytest.fixture
def catalogue_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a small catalogue in the place of the real one."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return lambda *entries: monkeypatch.setattr(catalogue, "ENTRIES", entries)


def test_list_groups_by_document_and_kind(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(*SMALL, Printed())
    assert run(["list"]) == 0
    out = capsys.readouterr().out
    one, two, none = (out.index(text) for text in ("document_one", "document_two", "in no document"))
    assert one < two < none
    assert "derivations (1)\n    square-derivative  1.2\n        the slope of a square" in out[one:two]
    assert "errata (1)\n    square-slip" in out[one:two]
    assert "square-derivative  B" in out[two:none]
    assert "printed-number" in out[none:]
    assert out.endswith("4 entries: 2 derivations, 1 erratum, 1 calculation\n")


def test_prove_says_one_line_for_each_entry(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(*SMALL)
    assert run(["prove"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[:2] for line in out.splitlines()[:3]] == [["✓", entry.name] for entry in SMALL]
    assert "2 lines proved" in out
    assert "1 line proved, except at x = 0" in out
    assert "as written: refuted, right form: proved" in out
    assert "5 steps: 4 proved, 1 refuted\n✓ every verdict is the expected one" in out
    assert err == ""  # no live display where there is no terminal


def test_plain_is_ascii_without_colour(catalogue_of: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    catalogue_of(*SMALL)
    assert run(["prove", "--plain", "--explain"]) == 0
    assert run(["list", "--plain"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert "d(x^2)/dx" in out


def test_explain_shows_every_line_and_why(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(*SMALL)
    assert run(["prove", "square-*", "--explain"]) == 0
    out = capsys.readouterr().out
    expected = """
        square-derivative
        the slope of a square
        source: document_one, 1.2; document_two, B
        note: A parabola.
        start     ∂(x²)/∂x
        line 1  = 2·x · ∂x/∂x
        chain rule
        ✓ proved; witness: x = 3/4
        line 2  = 2·x
        dx/dx = 1
        ✓ proved
        so        ∂(x²)/∂x
        = 2·x
        ✓ proved: follows from the lines
        square-slip
        given         E := x²
        start         ∂E/∂x
        as written  = x
        ✓ refuted, as expected: left = 1.5, right = 0.75 at x = 3/4
        right form  = 2·x
        what it should say
        ✓ proved; witness: x = 3/4
    """
    lines = iter(line.strip() for line in out.splitlines())
    for line in expected.strip().splitlines():
        assert line.strip() in lines, out  # in this order
    assert "relu-slope" not in out


def test_a_wrong_step_is_named_with_both_lines_and_the_counterexample(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(SQUARE, WRONG)
    assert run(["prove"]) == 1
    out = capsys.readouterr().out
    assert "✗ cube-wrong" in out
    failure = out[out.index("cube-wrong, line 1 (power rule)") :]
    assert "∂(x³)/∂x\n      = 3·x\n" in failure
    assert "expected proved, but refuted: left = " in failure
    assert "right = " in failure
    assert "the closed form against the start: refuted" in failure
    assert "not as expected: cube-wrong (line 1)\n✗ not every verdict is the expected one" in failure


def test_an_erratum_that_is_right_as_written_is_wrong(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(Erratum("no-slip", "no mistake", before=D(x**2, x), as_written=2 * x, right=x + keep(x)))
    assert run(["prove"]) == 1
    assert "expected refuted, but proved" in capsys.readouterr().out


def test_undecided_is_not_wrong_and_not_right(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(SQUARE, Printed())
    assert run(["prove"]) == 3
    out = capsys.readouterr().out
    assert "? printed-number" in out
    assert "expected proved, but undecided: its digits cannot be read" in out
    assert "nothing is wrong, but something is undecided" in out
    catalogue_of(WRONG, Printed())
    assert run(["prove"]) == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("square", "square-derivative"),
        ("sqare-derivative", "square-derivative"),
        ("relou", "relu-slope"),
        ("cube*", ""),
    ],
)
def test_an_unknown_name_says_what_comes_near(name: str, near: str, catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(*SMALL)
    assert run(["prove", "square-slip", name]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert name in err
    assert near in err
    assert "derivations list" in err


@pytest.mark.parametrize(
    "arguments", [["prove", "--jobs", "0"], ["prove", "--timeout", "0"], ["prove", "--no"], ["prov"]]
)
def test_wrong_use(arguments: list[str], capsys: Any) -> None:
    assert run(arguments) == 2
    assert "Error: " in capsys.readouterr().err


def test_help_teaches_with_examples(capsys: Any) -> None:
    assert run(["--help"]) == 0
    assert run(["prove", "--help"]) == 0
    out = capsys.readouterr().out
    assert "derivations prove two-layer-dE-dW1 --explain" in out
    assert "Exit codes:" in out


def test_json_is_the_documented_document(catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(*SMALL, WRONG)
    assert run(["prove", "--json", "--mutants"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert {key: report[key] for key in ("format", "exit_code", "complete")} == {
        "format": 1,
        "exit_code": 1,
        "complete": True,
    }
    assert {key: report["summary"][key] for key in ("entries", "entries_as_expected", "steps")} == {
        "entries": 4,
        "entries_as_expected": 3,
        "steps": 7,
    }
    square, kink, slip, wrong = report["entries"]
    assert (square["kind"], slip["kind"]) == ("derivation", "erratum")
    assert square["head"]["reason"] == "follows from the lines"
    assert kink["head"] is None
    assert kink["steps"][0]["verdict"]["exceptions"] == ["x = 0"]
    assert slip["steps"][0]["expected"] == slip["steps"][0]["verdict"]["verdict"] == "REFUTED"
    assert slip["steps"][0]["given"] == ["E := x²"]
    assert wrong["steps"][0]["verdict"]["counterexample"]["values"]["x"]
    mutants = report["mutants"]
    assert mutants["summary"]["mutants"] == len(mutants["mutants"]) > 10
    assert mutants["summary"]["proved_by_mistake"] == 0
    page = (ROOT / "docs" / "prove-json.md").read_text(encoding="utf-8")
    for part in (report, report["summary"], square, square["steps"][0], square["head"], mutants["mutants"][0]):
        assert [key for key in part if f"`{key}`" not in page] == []


def test_mutants_are_counted_by_operator_and_equivalents_listed(catalogue_of: Any, capsys: Any) -> None:
    even = Derivation("cosh-even", "cosh is even", sp.cosh(x), (Line(keep(sp.cosh(x)), "cosh again"),))
    catalogue_of(even, SQUARE)
    assert run(["prove", "--mutants"]) == 0
    out = capsys.readouterr().out
    header = next(line for line in out.splitlines() if line.startswith("mutants by operator"))
    assert " ".join(header.split()) == "mutants by operator refuted equivalent refused undecided proved by mistake"
    assert "cosh-even, line 1: sign: x → -x" in out
    assert ", 0 proved by mistake" in out


def test_a_mutant_that_leaves_nothing_to_compare_is_refused(catalogue_of: Any, capsys: Any) -> None:
    a = sp.Symbol("a", positive=True)
    catalogue_of(Derivation("log-square", "log a^2", 2 * sp.log(a), (Line(sp.log(keep(a) ** 2), "a power"),)))
    doubled = Derivation("log-product", "log 3a", sp.log(a) + sp.log(3), (Line(sp.log(3 * a), "a product"),))
    catalogue_of(doubled)
    assert run(["prove", "--mutants"]) == 0
    out = capsys.readouterr().out
    assert " refused: nothing to compare, 0 undecided" in out
    assert run(["prove", "--mutants", "--explain"]) == 0
    assert "side is nowhere defined" in capsys.readouterr().out


@pytest.mark.parametrize("jobs", ["2", "3"])
def test_results_come_in_one_order_whatever_the_number_of_jobs(jobs: str, catalogue_of: Any, capsys: Any) -> None:
    catalogue_of(*SMALL)

    def report(number: str) -> Any:
        run(["prove", "--mutants", "--json", "--jobs", number])
        return without_seconds(json.loads(capsys.readouterr().out))

    assert report(jobs) == report("1")


def without_seconds(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: without_seconds(value) for key, value in document.items() if key != "seconds"}
    return list(map(without_seconds, document)) if isinstance(document, list) else document


def test_a_step_that_needs_more_memory_is_undecided(catalogue_of: Any, capsys: Any) -> None:
    k, many = index("k"), vector("many", 10**6)
    long = total(k, 10**6, many[k, 0] ** 2)
    catalogue_of(Derivation("long", "a long sum", long, (Line(keep(long) + 1, "wrong"),)), SQUARE)
    assert run(["prove", "--memory", "512", "--timeout", "30", "--jobs", "1"]) == 3
    out = capsys.readouterr().out
    assert "out of memory" in out
    assert "square-derivative" in out
    assert run(["prove", "--memory", "10"]) == 2


def test_a_mutant_proved_by_mistake_fails_the_run(
    catalogue_of: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue_of(Derivation("cosh-even", "cosh is even", sp.cosh(x), (Line(keep(sp.cosh(x)), "cosh again"),)))
    monkeypatch.setattr("derivations.command.proving.differs_numerically", lambda mutant: True)
    assert run(["prove", "--mutants"]) == 1
    out = capsys.readouterr().out
    assert "PROVED BY MISTAKE" in out
    assert "(the two sides differ in numbers)" in out


def test_an_interrupt_reports_what_is_done(catalogue_of: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any) -> Iterator[Any]:
        yield next(suite_prove(*arguments))
        raise KeyboardInterrupt

    suite_prove = suite.prove
    monkeypatch.setattr(suite, "prove", interrupted)
    catalogue_of(*SMALL)
    assert run(["prove"]) == 130
    out = capsys.readouterr().out
    assert "✓ square-derivative" in out
    assert "1 of 3 entries: 1 derivation" in out
    assert "interrupted; this is what was done so far" in out
    assert run(["prove", "--json"]) == 130
    assert json.loads(capsys.readouterr().out)["complete"] is False


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "derivations", *arguments]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends the signal of a POSIX terminal")
def test_ctrl_c_ends_at_once() -> None:
    with subprocess.Popen(
        command("prove", "--mutants", "--plain"), cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        out = process.stdout.read()
        assert process.wait(timeout=20) == 130
    assert time.monotonic() - sent < 10
    assert first.startswith("ok ")
    assert "interrupted; this is what was done so far" in out


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX pseudo-terminal")
@pytest.mark.parametrize("plain", [False, True])
def test_progress_is_shown_on_a_terminal_only_and_on_the_error_stream(plain: bool) -> None:
    import pty

    primary, secondary = pty.openpty()
    arguments = ["prove", "tanh-derivative", *(["--plain"] if plain else [])]
    environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            command(*arguments), cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=secondary, timeout=60
        )
    finally:
        os.close(secondary)
    shown = b""
    try:
        while chunk := os.read(primary, 4096):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(primary)
    assert done.returncode == 0
    assert b"tanh-derivative" in done.stdout
    assert b"\x1b" not in done.stdout
    assert (b"proving" in shown) is not plain
