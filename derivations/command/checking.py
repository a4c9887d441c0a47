"""One check of a document: what is read, the progress, and the report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import click

from symbolic import Judge

from ..checking import check_with
from ..checking.json_report import as_json
from ..checking.report import write_report, write_summary
from ..meaning.context import read_context
from .page import Page
from .progress import Counter

__all__ = ["Options", "check_and_report"]

_LARGEST_FILE = 20_000_000  # bytes; the reader has limits of its own


@dataclass(frozen=True)
class Options:
    """What the command line asks for; ``timeout`` in seconds."""

    as_json: bool = False
    plain: bool = False
    explain: bool = False
    timeout: float = 10.0
    jobs: int = 1


class _Progress:
    """A counter that is told its total when it is known."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain
        self.counter: Counter | None = None

    def started(self, total: int) -> None:
        self.counter = Counter("checking", total, plain=self.plain)
        self.counter.__enter__()

    def decided(self) -> None:
        if self.counter is not None:
            self.counter.step()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.counter is not None:
            self.counter.__exit__(kind, value, trace)


def check_and_report(document: Path, context: Path | None, options: Options) -> int:
    """Checks a document and reports it; the exit code."""
    text = _read(document)
    declared = read_context(_text(context), context.name) if context is not None else read_context("")
    page = Page(plain=options.plain)
    with Judge(jobs=options.jobs, timeout=options.timeout) as judge, _Progress(options.plain) as progress:
        report = check_with(judge, text, declared, document.name, progress.started, progress.decided)
    if options.as_json:
        click.echo(json.dumps(as_json(report), indent=1, ensure_ascii=options.plain))
        return report.exit_code
    write_report(report, page, explain=options.explain)
    write_summary(report, page)
    return report.exit_code


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise click.UsageError(f"{path} is larger than {_LARGEST_FILE // 1_000_000} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror or error}") from None


def _text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is not UTF-8: byte {error.start} is {error.object[error.start]:#x}") from None
