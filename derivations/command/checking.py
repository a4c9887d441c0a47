"""Checks of documents: what is read, the progress, and the reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import click
from rich.text import Text

from symbolic import Judge

from ..checking import Report, check_with
from ..checking.json_report import all_as_json, as_json
from ..checking.report import write_overview, write_report, write_summary
from ..checking.results import exit_code_of
from ..meaning.context import Context, read_context
from . import certificate_files
from .page import Page
from .progress import Counter

__all__ = ["Options", "check_and_report"]

_ENDINGS = (".md", ".markdown", ".tex", ".txt")
_CONTEXT = ".context.md"
_LARGEST_FILE = 20_000_000  # bytes; the reader has limits of its own


@dataclass(frozen=True)
class Options:
    """What the command line asks for; ``timeout`` in seconds, ``certificates`` a directory."""

    as_json: bool = False
    plain: bool = False
    explain: bool = False
    timeout: float = 10.0
    jobs: int = 1
    certificates: Path | None = None


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


def check_and_report(given: Sequence[Path], context: Path | None, options: Options) -> int:
    """Checks documents, and all those in folders, and reports them; the exit code.

    A document without a context of its own on the command line has the one beside it, NAME.context.md.
    """
    documents = _documents(given)
    declared = read_context(_text(context), context.name) if context is not None else None
    page = Page(plain=options.plain)
    reports: list[Report] = []
    certify = options.certificates is not None
    with Judge(jobs=options.jobs, timeout=options.timeout, certificates=certify) as judge:
        for document in documents:
            try:
                own = declared or _context_beside(document)
                with _Progress(options.plain) as progress:
                    report = check_with(
                        judge, _read(document), own, _name(document, documents), progress.started, progress.decided
                    )
            except click.UsageError as error:
                if len(documents) == 1:
                    raise
                report = Report(_name(document, documents), problems=[error.message])  # the others go on
            reports.append(report)
            if options.as_json and options.certificates is not None:
                certificate_files.write_of_document(report, options.certificates)
            if not options.as_json:
                _write(report, page, options, several=len(documents) > 1)
    if options.as_json:
        result = as_json(reports[0]) if len(documents) == 1 else all_as_json(reports)
        click.echo(json.dumps(result, indent=1, ensure_ascii=options.plain))
    elif len(documents) > 1:
        write_overview(reports, page)
    return exit_code_of(reports)


def _write(report: Report, page: Page, options: Options, several: bool) -> None:
    if several:
        page.print()
        page.print(Text(report.document, "bold underline"))
    write_report(report, page, explain=options.explain)
    write_summary(report, page)
    if options.certificates is not None:
        written = certificate_files.write_of_document(report, options.certificates)
        page.print(f"{written} certificate{'s' * (written != 1)} written")


def _documents(given: Sequence[Path]) -> list[Path]:
    """The documents that are named, and those in the folders that are named."""
    documents: dict[Path, None] = {}
    for path in given:
        found = [path]
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if _is_document(each, path))
            if not found:
                raise click.UsageError(f"no document in {path}: none ends in {', '.join(_ENDINGS)}")
        documents |= dict.fromkeys(found)
    return list(documents)


def _is_document(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix in _ENDINGS and not path.name.endswith(_CONTEXT) and path.is_file()


def _context_beside(document: Path) -> Context:
    beside = document.with_name(document.stem + _CONTEXT)
    return read_context(_text(beside), beside.name) if beside.is_file() else read_context("")


def _name(document: Path, documents: Sequence[Path]) -> str:
    """The name of the file; with its folder where another document has that name."""
    alike = sum(each.name == document.name for each in documents)
    return document.name if alike == 1 else document.as_posix()


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
