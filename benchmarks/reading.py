"""How many formulas readers take, and how many they read rightly: ``python -m benchmarks.reading``.

All distinct formulas of the five documents are put to this project's reader, to SymPy's two readers of LaTeX, to
latex2sympy2_extended and to Math-Verify (``pip install 'derivations[benchmarks]'``; what is not installed is left out,
and said to be). A formula is taken if anything comes of it without an error.

Of a sample of 60 it is known what each means (``benchmarks.reading_sample``). This reader's tree is compared with the
intended one, to the letter; what others make of a formula is compared with its meaning as numbers, side by side, with
the names of symbols freed of braces, backslashes and fonts. "Silently wrong" is an answer that is not what is meant.
"""

from __future__ import annotations

import importlib
import logging
import re
import signal
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import sympy as sp
from rich.console import Console
from rich.table import Table

import derivations
from derivations.reading import ReadingError, read_document, read_formula
from derivations.reading.outline import outline

from .reading_sample import SAMPLE, Sample

__all__ = ["PEERS", "formulas", "judge", "main", "ours", "same_meaning"]

SECONDS = 10  # for one formula
SIZE = 3  # for which sums are written out
Reader = Callable[[str], Any]

# --- The readers


def ours(formula: str) -> str | None:
    """The outline that this reader makes of a formula, None where any side of it is refused."""
    try:
        display = read_formula(formula)
    except ReadingError:
        return None
    return None if display.errors else outline(display)


def _sympy_antlr() -> Reader:
    importlib.import_module("antlr4")
    parse = importlib.import_module("sympy.parsing.latex").parse_latex
    return lambda formula: parse(formula, backend="antlr")


def _sympy_lark() -> Reader:
    importlib.import_module("lark")
    parse = importlib.import_module("sympy.parsing.latex").parse_latex
    return lambda formula: parse(formula, backend="lark")


def _latex2sympy() -> Reader:
    module = importlib.import_module("latex2sympy2_extended.latex2sympy2")
    configuration = module.ConversionConfig(lowercase_symbols=False)
    return lambda formula: module.latex2sympy(formula, conversion_config=configuration)


def _math_verify() -> Reader:
    module = importlib.import_module("math_verify")

    def read(formula: str) -> Any:
        found = [each for each in module.parse(f"${formula}$", parsing_timeout=None) if not isinstance(each, str)]
        if not found:
            raise ValueError("nothing found")
        return found[0]

    return read


PEERS: dict[str, Callable[[], Reader]] = {
    "SymPy, antlr": _sympy_antlr,
    "SymPy, lark": _sympy_lark,
    "latex2sympy2_extended": _latex2sympy,
    "Math-Verify": _math_verify,
}


def formulas() -> list[str]:
    """The distinct formulas of the five documents, in order."""
    folder = Path(derivations.__file__).parent / "documents"
    paths = sorted(path for path in folder.glob("0*.md") if not path.name.endswith(".context.md"))
    found = (formula.source.strip() for path in paths for formula in read_document(path.read_bytes()).formulas)
    return list(dict.fromkeys(found))


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Interrupts what takes longer, where the system has alarms."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _taken(reader: Reader, formula: str) -> Any:
    """What a peer makes of a formula, None for an error of any kind."""
    try:
        with _time_limit(SECONDS):
            return reader(formula)
    except Exception:  # whatever a peer raises, it did not take the formula
        return None


# --- What a peer means, in numbers


def same_meaning(answer: Any, meaning: Sequence[Any]) -> bool:
    """Whether the sides of an answer have the values of the sides meant."""
    sides = [side for side in _sides(answer) if side is not None]
    try:
        return len(sides) == len(meaning) and all(map(_same_value, sides, meaning))
    except (TypeError, ValueError, AttributeError, NotImplementedError, RecursionError):
        return False


def _sides(answer: Any) -> list[Any]:
    if isinstance(answer, sp.core.relational.Relational):
        return [*_sides(answer.lhs), *_sides(answer.rhs)]
    if isinstance(answer, (list, tuple)):
        return [side for each in answer for side in _sides(each)]
    return [answer]


def _same_value(answer: Any, meaning: Any) -> bool:
    if isinstance(meaning, sp.MatrixBase):
        if not isinstance(answer, sp.MatrixBase) or answer.shape != meaning.shape:
            return False
        return all(_same_value(*pair) for pair in zip(answer, meaning, strict=True))
    found, meant = _value(sp.sympify(answer, strict=True)), _value(sp.sympify(meaning, strict=True))
    return abs(found - meant) <= 1e-9 * (1 + abs(meant))


def _value(expression: Any) -> complex:
    """The value where every name has one of its own, every unknown function is a polynomial of its own."""
    sizes = {symbol: SIZE for symbol in expression.free_symbols if _plain(str(symbol)) in ("C", "N")}
    numbers = expression.subs(sizes).replace(
        lambda each: isinstance(each, sp.Derivative) and each.expr.is_Symbol, _derivative_by_name
    )
    numbers = numbers.replace(lambda each: isinstance(each, sp.core.function.AppliedUndef), _polynomial).doit()
    numbers = numbers.replace(
        lambda each: isinstance(each, sp.Indexed), lambda each: sp.Symbol(f"{each.base}_{each.indices[0]}")
    )
    constants = {symbol: _number(_plain(str(symbol))) for symbol in numbers.free_symbols}
    return complex(numbers.subs(constants).evalf(30))


def _derivative_by_name(derivative: Any) -> Any:
    """dA/dB of two names."""
    return sp.Symbol(f"d {_plain(str(derivative.expr))} by {_plain(str(derivative.variables[0]))}")


def _polynomial(call: Any) -> Any:
    (argument, *_) = call.args
    name = _plain(call.func.__name__)
    number = _number(name.replace("'", ""))
    if "'" in name:  # a reader may keep the prime in the name
        return 3 * number * argument**2 + 2 * argument
    return number * argument**3 + argument**2 + number


def _number(name: str) -> Any:
    """A rational number between 0 and 1 for a name; e is that of exp."""
    if name == "e":
        return sp.E
    code = sum((place + 1) * ord(letter) * 7919 for place, letter in enumerate(name))
    return sp.Rational(code % 9973 + 1, 9975)


def _plain(name: str) -> str:
    """A name without braces, backslashes and fonts."""
    name = re.sub(r"\\?(?:mathcal|mathbf|mathrm|math|text|operatorname)", "", name)
    return re.sub(r"[^A-Za-z0-9_^' ]", "", name)


# --- The comparison


@dataclass(frozen=True)
class Result:
    """What one reader made of all formulas, and of the sample."""

    name: str
    taken: int
    seconds: float
    right: int
    refused: int
    wrong: tuple[str, ...]


def judge(name: str, read: Reader, is_right: Callable[[Any, Sample], bool], asked: Sequence[str]) -> Result:
    """One reader's figures; to refuse an ill-formed formula is right."""
    started = time.process_time()
    taken = sum(_taken(read, formula) is not None for formula in asked)
    seconds = time.process_time() - started
    right, refused, wrong = 0, 0, []
    for sample in SAMPLE:
        answer = _taken(read, sample.formula)
        if answer is None:
            right += not sample.outline
            refused += bool(sample.outline)
        elif sample.outline and is_right(answer, sample):
            right += 1
        else:
            wrong.append(sample.formula)
    return Result(name, taken, seconds, right, refused, tuple(wrong))


def main(console: Console | None = None) -> int:
    """Compares the readers; 1 if this project's reads anything wrongly."""
    console = console or Console()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    asked = formulas()
    results = [judge("derivations", ours, lambda answer, sample: bool(answer == sample.outline), asked)]
    for name, make in PEERS.items():
        try:
            reader = make()
        except ImportError as error:
            console.print(f"{name} is left out: {error}; pip install 'derivations\\[benchmarks]'")
            continue
        results.append(judge(name, reader, lambda answer, sample: same_meaning(answer, sample.meaning), asked))
    console.print(_table(results, len(asked)))
    for formula in results[0].wrong:
        console.print(f"wrong: {formula}", markup=False)
    return 1 if results[0].wrong else 0


def _table(results: Sequence[Result], count: int) -> Table:
    table = Table(title=f"{count} formulas of five documents, and {len(SAMPLE)} whose meaning is known")
    for column in ("reader", "taken", "formulas/s of CPU", "right", "refused", "silently wrong"):
        table.add_column(column, justify="left" if column == "reader" else "right")
    for result in results:
        figures = (result.taken, round(count / result.seconds), result.right, result.refused, len(result.wrong))
        table.add_row(result.name, *map(str, figures))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
