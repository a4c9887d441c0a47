"""Certificates checked: the checker runs by its file path, isolated, so that nothing else of ours can help it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import symbolic

from .page import Page

__all__ = ["CHECKER", "verify_and_report"]

CHECKER = Path(symbolic.__file__).parent / "checker" / "__main__.py"


def verify_and_report(files: Sequence[str], jobs: int, page: Page) -> int:
    """Checks the files and reports; 0 if all are accepted, else 1."""
    started = time.monotonic()
    answers = list(_answers(files, jobs))
    rejected = [answer for answer in answers if not answer["accepted"]]
    for answer in rejected:
        page.print(f"rejected  {answer['file']}: {answer['reason']}")
    sizes = {name: Path(name).stat().st_size for name in files}
    largest = max(sizes, key=lambda name: sizes[name])
    kinds = [sum(a["accepted"] and a["verdict"] == kind for a in answers) for kind in ("PROVED", "REFUTED")]
    page.print(f"{kinds[0] + kinds[1]} accepted ({kinds[0]} proved, {kinds[1]} refuted), {len(rejected)} rejected")
    page.print(f"{sum(sizes.values()):,} bytes in all; the largest is {largest} with {sizes[largest]:,}")
    page.print(f"{time.monotonic() - started:.1f} s")
    return 1 if rejected or len(answers) < len(files) else 0


def _answers(files: Sequence[str], jobs: int) -> Iterator[dict[str, Any]]:
    """What the checker says of each file, in the order of the files of each process."""
    shares = [files[k::jobs] for k in range(min(jobs, len(files)))]
    running = [
        subprocess.Popen([sys.executable, "-I", "-S", str(CHECKER), "--json", *share], stdout=subprocess.PIPE)
        for share in shares
    ]
    try:
        for process in running:
            assert process.stdout is not None
            for line in process.stdout:
                yield json.loads(line)
    finally:
        for process in running:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
