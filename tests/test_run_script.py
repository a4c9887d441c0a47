"""run.py: what it says, what it would run, when it sets up anew.  Nothing is installed here."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "run.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module of its own, over an empty checkout."""
    spec = importlib.util.spec_from_file_location("run_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    return module


@pytest.fixture
def handed_over(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that the script would become, with the set-up done."""
    commands: list[list[str]] = []
    monkeypatch.setattr(script, "set_up", lambda: Path("python"))
    monkeypatch.setattr(script, "hand_over", lambda command: commands.append(command) or 3)
    return commands


@pytest.fixture
def set_up_steps(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of the set-up, which succeed without doing anything but making the folder."""
    commands: list[list[str]] = []

    def run(command: list[str]) -> bool:
        commands.append(command)
        script.python_of(script.VENV).parent.mkdir(parents=True, exist_ok=True)
        script.python_of(script.VENV).touch()
        return True

    def ask(command: list[str]) -> str:
        return json.dumps([sys.version_info[:2], sys.base_prefix, True, True])

    monkeypatch.setattr(script, "run", run)
    monkeypatch.setattr(script, "ask", ask)
    return commands


def test_an_old_python_can_read_the_script_and_needs_nothing_else() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
    assert "__future__" not in imported


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"], ["help"]])
def test_help_teaches_both_commands(
    script: ModuleType, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(arguments) == 0
    said = capsys.readouterr().out
    assert all(f"  {command}  " in said for command in script.COMMANDS)
    assert "Usage: python3 run.py" in said


@pytest.mark.parametrize(("name", "near"), [("prov", "prove"), ("tests", "test"), ("xyzzy", "")])
def test_an_unknown_command_is_wrong_use(
    script: ModuleType, handed_over: list[list[str]], name: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([name]) == script.WRONG_USE
    output = capsys.readouterr()
    assert output.out == ""
    assert repr(name) in output.err
    assert (f"Did you mean '{near}'?" in output.err) == bool(near)
    assert handed_over == []


def test_arguments_and_the_exit_code_are_passed_on(script: ModuleType, handed_over: list[list[str]]) -> None:
    assert script.main(["prove", "tanh-derivative", "--explain"]) == 3
    assert script.main(["prove", "--help"]) == 3
    assert handed_over == [
        ["python", "-m", "derivations", "prove", "tanh-derivative", "--explain"],
        ["python", "-m", "derivations", "prove", "--help"],
    ]


def test_the_callers_own_number_of_workers_comes_last_and_so_counts(
    script: ModuleType, handed_over: list[list[str]]
) -> None:
    script.main(["test", "-n", "0"])
    assert handed_over[0][:3] == ["python", "-m", "pytest"]
    assert handed_over[0][-2:] == ["-n", "0"]
    assert "-n" in handed_over[0][3:-2]


@pytest.mark.parametrize("version", [(3, 6), (3, 8), (3, 10)])
@pytest.mark.parametrize("newer", ["", "python3.13"])
def test_an_old_python_is_refused_with_the_mend(
    script: ModuleType, version: tuple[int, int], newer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "newer_python", lambda: newer)
    with pytest.raises(script.SetupError) as refused:
        script.require_python(version, ["prove", "--plain"])
    assert "needs Python 3.11 or newer" in str(refused.value)
    assert f"this is Python 3.{version[1]}" in str(refused.value)
    mend = f"{newer} run.py prove --plain" if newer else "Install Python 3.11 or newer"
    assert mend in str(refused.value)


def test_a_python_that_will_do_is_let_through(script: ModuleType) -> None:
    script.require_python((3, 11), [])
    script.require_python((3, 20), [])


def test_a_newer_python_counts_only_if_it_runs(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda name: f"shims-{name}")
    monkeypatch.setattr(script, "ask", lambda command: "runs" if command[0] == "shims-python3.12" else "")
    assert script.newer_python() == "python3.12"
    monkeypatch.setattr(script, "ask", lambda command: "")
    assert script.newer_python() == ""


def test_the_interpreter_of_an_environment(script: ModuleType) -> None:
    assert script.python_of(Path("e"), windows=False) == Path("e/bin/python")
    assert script.python_of(Path("e"), windows=True) == Path("e/Scripts/python.exe")


@pytest.mark.parametrize(
    ("report", "trouble"),
    [
        ([list(sys.version_info[:2]), sys.base_prefix, True, True], ""),
        ([[3, 4], sys.base_prefix, True, True], "made by another Python, 3.4"),
        ([list(sys.version_info[:2]), "elsewhere", True, True], "made by another Python"),
        ([list(sys.version_info[:2]), sys.base_prefix, False, True], "broken"),
        ([list(sys.version_info[:2]), sys.base_prefix, True, False], "broken"),
        (None, "no Python that runs"),
    ],
)
def test_only_a_whole_environment_of_this_python_is_used(
    script: ModuleType, report: list[object] | None, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "ask", lambda command: json.dumps(report) if report else "")
    python = script.python_of(script.VENV)
    assert script.trouble_with(python) == "there is none yet"
    python.parent.mkdir(parents=True)
    python.touch()
    found = script.trouble_with(python)
    assert trouble in found
    assert bool(found) == bool(trouble)


def test_the_question_to_an_environment_is_answered_by_this_one(script: ModuleType) -> None:
    version, base, isolated, _ = json.loads(script.ask([sys.executable, "-c", script.PROBE]))
    assert version == list(sys.version_info[:2])
    assert base == sys.base_prefix
    assert isolated == (sys.prefix != sys.base_prefix)


def test_asking_what_does_not_run_gives_nothing(script: ModuleType, tmp_path: Path) -> None:
    assert script.ask([str(tmp_path / "absent")]) == ""
    assert script.ask([sys.executable, "-c", "print('x'); raise SystemExit(1)"]) == ""


def test_set_up_once_and_again_only_when_the_project_changes(
    script: ModuleType, set_up_steps: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    python = script.set_up()
    assert python == script.python_of(script.VENV)
    assert [command[2] for command in set_up_steps] == ["venv", "pip"]
    assert set_up_steps[0][-2:] == ["--clear", str(script.VENV)]
    assert set_up_steps[1][0] == str(python)
    assert set_up_steps[1][-2:] == ["--editable", ".[test]"]
    output = capsys.readouterr()
    assert output.out == ""
    assert "there is none yet" in output.err

    script.set_up()
    assert len(set_up_steps) == 2
    assert capsys.readouterr().err == ""

    (script.ROOT / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    script.set_up()
    assert [command[2] for command in set_up_steps[2:]] == ["pip"]


def test_a_failed_installation_is_tried_again(
    script: ModuleType, set_up_steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    script.set_up()
    (script.ROOT / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    monkeypatch.setattr(script, "run", lambda command: False)
    with pytest.raises(script.SetupError, match="pip could not install"):
        script.set_up()
    (script.ROOT / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(script.SetupError, match="pip could not install"):
        script.set_up()  # what is installed is no longer known, though pyproject.toml is as it was


def test_a_python_without_venv_is_told_what_to_install(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.importlib.util, "find_spec", lambda name: None)
    assert script.main(["prove"]) == script.NOT_SET_UP
    said = capsys.readouterr().err
    assert "no venv and no ensurepip" in said
    assert "apt install python3-venv" in said


def test_a_failed_venv_and_a_failed_pip_say_what_to_do(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "run", lambda command: False)
    with pytest.raises(script.SetupError, match="reason stands above"):
        script.make_environment()
    with pytest.raises(script.SetupError, match="PIP_FIND_LINKS"):
        script.install(Path("python"))


def test_what_the_set_up_prints_keeps_the_output_clean(script: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    assert script.run([sys.executable, "-c", "print('from the set-up')"])
    assert not script.run([sys.executable, "-c", "raise SystemExit(1)"])
    output = capfd.readouterr()
    assert output.out == ""
    assert "from the set-up" in output.err


def test_the_callers_settings_do_not_reach_into_the_environment(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_USER"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HYPOTHESIS_PROFILE", "ci")
    environment = script.clean_environment()
    assert "PYTHONHOME" not in environment
    assert "PYTHONPATH" not in environment
    assert environment["PIP_USER"] == "0"
    assert environment["HYPOTHESIS_PROFILE"] == "ci"


def test_an_interruption_is_quiet(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(script, "set_up", interrupt)
    assert script.main(["test"]) == 130
    assert capsys.readouterr() == ("", "")


def test_on_windows_an_interruption_waits_for_the_command(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([KeyboardInterrupt(), 5])

    class Child(SimpleNamespace):
        def __enter__(self) -> Child:
            return self

        def __exit__(self, *_: object) -> None: ...

        def wait(self) -> int:
            answer = next(answers)
            if isinstance(answer, KeyboardInterrupt):
                raise answer
            return answer

    monkeypatch.chdir(script.ROOT)
    monkeypatch.setattr(script.subprocess, "Popen", lambda command, env: Child())
    monkeypatch.setattr(script, "os", SimpleNamespace(name="nt", chdir=os.chdir, environ=os.environ))
    assert script.hand_over(["python"]) == 5


@pytest.mark.skipif(os.name == "nt", reason="did not run: Windows has no exec that keeps the process")
def test_elsewhere_the_script_becomes_the_command() -> None:
    command = "import os; print(os.getpid(), os.getcwd()); raise SystemExit(7)"
    code = (
        f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import run\n"
        f"run.hand_over([sys.executable, '-c', {command!r}])"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        output, _ = child.communicate(timeout=60)
    assert child.returncode == 7
    assert output.split(maxsplit=1) == [str(child.pid), f"{SCRIPT.parent}\n"]
