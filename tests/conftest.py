"""What all tests share: how many examples hypothesis draws, and what tests do without their frameworks."""

from __future__ import annotations

import importlib.util
import os

import pytest
from hypothesis import settings

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

NAMES = {"torch": "PyTorch", "jax": "JAX", "numba": "Numba"}
NOT_RUN = "did not run: "


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a framework that is not installed: `frameworks("torch")`; PyTorch or JAX by default."""
    for mark in item.iter_markers("frameworks"):
        wanted = mark.args or ("torch", "jax")
        missing = [name for name in wanted if importlib.util.find_spec(name) is None]
        if missing and (mark.args or len(missing) == len(wanted)):
            names = " and ".join(NAMES[name] for name in missing)
            pytest.skip(f"{NOT_RUN}{names} not installed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end which tests did not run, and why: a skipped test is not a passed one."""
    reasons = [str(report.longrepr[-1]) for report in terminalreporter.stats.get("skipped", [])]
    for reason in sorted({reason for reason in reasons if NOT_RUN in reason}):
        terminalreporter.write_line(f"{reasons.count(reason)} test(s) {reason.removeprefix('Skipped: ')}")
