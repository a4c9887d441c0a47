"""Every example in README.md and docs/ runs and says what it shows; every link leads somewhere."""

from __future__ import annotations

import doctest
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,}) *(?P<language>[\w-]*) *(?P<needs>\w*)[^\n`]*$")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass
class Block:
    """One fenced block: its language, a module that it needs, the number of the line before its first, and its text."""

    language: str
    needs: str
    line: int
    text: str


def blocks(text: str) -> Iterator[Block]:
    opened: re.Match[str] | None = None
    start, inside = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None:
            if fence:
                opened, start, inside = fence, number, []
        elif fence and fence["mark"].startswith(opened["mark"]) and not fence["language"]:
            yield Block(opened["language"].lower(), opened["needs"], start, "\n".join(inside) + "\n")
            opened = None
        else:
            inside.append(line.removeprefix(opened["indent"]))
    if opened is not None:
        raise ValueError(f"the block that opens on line {start} is never closed")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run_examples(text: str, name: str) -> int:
    """Run the examples of one page in one namespace; how many blocks there were."""
    namespace: dict[str, object] = {"__name__": "example"}
    count = 0
    for block in blocks(text):
        if block.language not in ("python", "pycon"):
            assert ">>>" not in block.text, f"{name}:{block.line}: an example in a block that is not python"
            continue
        if block.needs and importlib.util.find_spec(block.needs) is None:
            continue
        count += 1
        if ">>>" not in block.text:
            exec(compile("\n" * block.line + block.text, name, "exec"), namespace)  # the line numbers fit
            continue
        example = doctest.DocTestParser().get_doctest(block.text, namespace, name, name, block.line)
        output: list[str] = []
        doctest.DocTestRunner(optionflags=OPTIONS).run(example, out=output.append, clear_globs=False)
        namespace.update(example.globs)
        if output:
            raise AssertionError("".join(output))
    return count


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_examples(page: Path) -> None:
    run_examples(page.read_text(encoding="utf-8"), name_of(page))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links(page: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(page.read_text(encoding="utf-8"))]
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if target and not (page.parent / target).exists()] == []


def test_the_blocks_of_a_page_share_a_namespace() -> None:
    parts = ["x = 1", ">>> x + 1\n2\n>>> y = 3", "assert y == 3"]
    page = "and so\n".join(f"```python\n{part}\n```\n" for part in parts)
    assert run_examples(page, "page") == 3


@pytest.mark.parametrize(
    "page",
    [
        "```python\n>>> 1 + 1\n3\n```\n",
        "```python\nassert False\n```\n",
        "```text\n>>> 1 + 1\n2\n```\n",
    ],
)
def test_a_wrong_example_is_seen(page: str) -> None:
    with pytest.raises(AssertionError):
        run_examples(page, "page")


def test_a_block_that_is_never_closed_is_seen() -> None:
    with pytest.raises(ValueError, match="line 2"):
        run_examples("text\n```python\nx = 1\n", "page")
