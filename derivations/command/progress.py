"""A live count of what is decided, on the error stream, and only where that is a terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

__all__ = ["Counter"]


class Counter:
    """Counts verdicts up to a total; leaves no trace when it is done."""

    def __init__(self, what: str, total: int, *, plain: bool) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=plain or not console.is_terminal,
            redirect_stdout=sys.stdout.isatty(),  # a report on the same terminal is written above the bar
        )
        self._task = self._progress.add_task(what, total=total)

    def __enter__(self) -> Counter:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def step(self) -> None:
        self._progress.advance(self._task)
