#!/usr/bin/env python3
"""Set up and run the project: `python3 run.py prove` or `python3 run.py test`.

Needs only the standard library.  The syntax is that of Python 3.6, so that an old Python can still say what
is missing.
"""

import difflib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HELP = """\
Usage: python3 run.py COMMAND [ARGUMENT ...]

  prove   prove the suite: every derivation, line by line, for every size
  test    pass the tests

What follows the command is passed on:

  python3 run.py prove tanh-derivative --explain
  python3 run.py prove --help
  python3 run.py test tests/test_rooms.py -x

The first run makes a virtual environment in .venv and installs the project into it; nothing outside the
checkout is changed.  Later runs start at once.  Delete .venv to begin afresh; .venv/bin/derivations (on
Windows .venv\\Scripts\\derivations) is the command itself.

The exit code is the command's own; 4 means that the set-up failed."""

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
EXTRA = "test"
COMMANDS = {
    "prove": ["-m", "derivations", "prove"],
    "test": ["-m", "pytest", "-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"],
}
PROBE = """\
import importlib.util, json, sys
pip = importlib.util.find_spec("pip") is not None
print(json.dumps([sys.version_info[:2], sys.base_prefix, sys.prefix != sys.base_prefix, pip]))"""
WRONG_USE, NOT_SET_UP, INTERRUPTED = 2, 4, 130


class SetupError(Exception):
    """What is missing, and the mend."""


def main(arguments: list) -> int:
    """Run one command; the exit code is the command's own."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(HELP)
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print(unknown(name), file=sys.stderr)
        return WRONG_USE
    try:
        require_python(sys.version_info[:2], arguments)
        python = set_up()
        return hand_over([str(python)] + COMMANDS[name] + rest)
    except SetupError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return NOT_SET_UP
    except KeyboardInterrupt:
        return INTERRUPTED


def unknown(name: str) -> str:
    """What to say of a command that does not exist."""
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"run.py: there is no command {name!r}.{hint}\n\n{HELP}"


def require_python(version: tuple, arguments: list) -> None:
    """Refuse a Python that is too old, and name one on this machine that will do."""
    if version >= OLDEST:
        return
    oldest = dotted(OLDEST)
    newer = newer_python()
    mend = (
        f"This machine has a newer one: {newer} run.py {' '.join(arguments)}"
        if newer
        else f"Install Python {oldest} or newer and run this script with it."
    )
    raise SetupError(f"needs Python {oldest} or newer; this is Python {dotted(version)}.\n{mend}")


def newer_python() -> str:
    """The name of a newer Python that really runs, or an empty text."""
    for minor in range(OLDEST[1] + 8, OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        path = shutil.which(name)
        if path and ask([path, "-c", "print('runs')"]) == "runs":
            return name
    return ""


def dotted(version: tuple) -> str:
    return ".".join(str(part) for part in version)


def set_up() -> Path:
    """The virtual environment's Python, with the project installed."""
    python = python_of(VENV)
    trouble = trouble_with(python)
    if trouble:
        say(f"Making a virtual environment in .venv ({trouble}) ...")
        make_environment()
    stamp = VENV / "installed-by-run.txt"
    wanted = fingerprint()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        say("Installing the project and what it needs into .venv (a minute or so, only this once) ...")
        if stamp.exists():
            stamp.unlink()
        install(python)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def python_of(environment: Path, windows: bool = os.name == "nt") -> Path:
    """The interpreter of a virtual environment."""
    return environment / "Scripts" / "python.exe" if windows else environment / "bin" / "python"


def trouble_with(python: Path) -> str:
    """Why this environment cannot be used; empty if it can.  It has to be ours, whole, and of this Python."""
    if not python.exists():
        return "there is none yet" if not VENV.exists() else "the one here has no Python that runs"
    try:
        version, base, isolated, pip = json.loads(ask([str(python), "-c", PROBE]))
    except ValueError:
        return "the one here has no Python that runs"
    if not isolated or not pip:
        return "the one here is broken"
    if version != list(sys.version_info[:2]) or os.path.realpath(base) != os.path.realpath(sys.base_prefix):
        return f"the one here was made by another Python, {dotted(version)} in {base}"
    return ""


def ask(command: list) -> str:
    """What a short command prints; empty if it fails."""
    try:
        done = subprocess.run(
            command,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def make_environment() -> None:
    """Make a fresh virtual environment in place of what is there."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise SetupError(without_venv(missing))
    if not run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise SetupError(
            f"could not make a virtual environment in {VENV}; the reason stands above.\n"
            "Mend that (a full disk, a place that cannot be written), or delete .venv and try again."
        )


def without_venv(missing: list) -> str:
    """What to say where Python came without its venv parts."""
    version = dotted(sys.version_info[:2])
    return (
        f"this Python cannot make virtual environments: it has no {' and no '.join(missing)}.\n"
        f"On Debian and Ubuntu: sudo apt install python3-venv (or python{version}-venv).\n"
        "Elsewhere: use a Python from python.org or from your system that has venv and ensurepip."
    )


def fingerprint() -> str:
    """What an installation depends on: where the checkout is, and its pyproject.toml."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{ROOT}\n{EXTRA}\n{digest}\n"


def install(python: Path) -> None:
    """Install the project, editable, with what the tests need."""
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if not run([*pip, "--editable", f".[{EXTRA}]"]):
        raise SetupError(
            "pip could not install what the project needs; its reason stands above.\n"
            "- Without a connection: connect this machine, or give pip a mirror (PIP_INDEX_URL) or a folder\n"
            "  of wheels (PIP_FIND_LINKS).\n"
            f"- Where pip finds nothing for Python {dotted(sys.version_info[:2])}: it may be too new. Use\n"
            f"  another, {dotted(OLDEST)} or newer.\n"
            "Then run the same command again."
        )


def run(command: list) -> bool:
    """Run a command of the set-up; what it prints goes to the error stream, to keep the output clean."""
    return subprocess.run(command, cwd=str(ROOT), env=clean_environment(), stdout=sys.stderr).returncode == 0


def clean_environment() -> dict:
    """The caller's environment without what would draw packages from, or put them, outside .venv."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    environment["PIP_USER"] = "0"
    return environment


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def hand_over(command: list) -> int:
    """Become the command: its signals and its exit code are ours."""
    os.chdir(str(ROOT))
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, clean_environment())
    with subprocess.Popen(command, env=clean_environment()) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the command has received it too, and ends in its own way


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
