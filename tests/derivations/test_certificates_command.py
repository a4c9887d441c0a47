"""`derivations prove --certificates` and `derivations verify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivations.command.main import run


def test_what_is_proved_is_accepted_and_what_is_changed_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prove", "tanh-derivative", "--plain", "--certificates", str(tmp_path / "out")]) == 0
    files = sorted((tmp_path / "out").iterdir())
    assert f"{len(files)} certificates written" in capsys.readouterr().out
    assert run(["verify", "--plain", *map(str, files)]) == 0
    assert f"{len(files)} accepted" in capsys.readouterr().out
    data = json.loads(files[0].read_text(encoding="utf-8"))
    data["claim"]["right"] = data["claim"]["left"] - 1
    files[0].write_text(json.dumps(data), encoding="utf-8")
    assert run(["verify", "--plain", *map(str, files)]) == 1
    assert "rejected" in capsys.readouterr().out


def test_the_verdicts_on_a_document_have_certificates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "notes.md"
    document.write_text(
        "Let $x \\in \\mathbb{R}$ and $z \\in \\mathbb{R}^n$.\n\n"
        "$$\\frac{d}{dx} \\tanh(x) = 1 - \\tanh(x)^2 = 1 - \\tanh(x)$$\n\n"
        "$$\\frac{\\partial}{\\partial z_j} \\log \\sum_k e^{z_k} = \\frac{e^{z_j}}{\\sum_k e^{z_k}}$$\n",
        encoding="utf-8",
    )
    assert run(["check", str(document), "--plain", "--certificates", str(tmp_path / "out")]) == 1
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name.split(".")[:2] for file in files] == [["notes", "3"]] * 3 + [["notes", "5"]]
    assert "4 certificates written" in capsys.readouterr().out
    assert run(["verify", "--plain", *map(str, files)]) == 0
    assert "4 accepted (2 proved, 2 refuted)" in capsys.readouterr().out


def test_a_slope_at_a_defined_vector_has_a_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "slope.md"
    document.write_text(
        "Let $x \\in \\mathbb{R}^m$, $W \\in \\mathbb{R}^{n \\times m}$ and $s = W x$.\n\n"
        "$$\\tanh'(s) = 1 - \\tanh^2(s)$$\n",
        encoding="utf-8",
    )
    assert run(["check", str(document), "--plain", "--certificates", str(tmp_path / "out")]) == 0
    assert "1 certificate written" in capsys.readouterr().out
    assert run(["verify", "--plain", *map(str, (tmp_path / "out").iterdir())]) == 0
