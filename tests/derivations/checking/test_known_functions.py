r"""Functions by their names: those that are known, and those that are never taken for just any function."""

from __future__ import annotations

import pytest

from derivations import check

DECLARED = r"Let $a, c \in \mathbb{R}$ and $x \in \mathbb{R}^n$." + "\n\n"


def last(formula: str) -> tuple[str, str, str]:
    step = check(f"{DECLARED}$$ {formula} $$\n", jobs=1).steps[-1]
    return step.kind, str(step.link), step.message or ""


@pytest.mark.parametrize(
    "formula",
    [
        r"\tan(a) = \frac{\sin a}{\cos a}",
        r"\tan'(a) = 1 + \tan^2 a",
        r"\frac{d}{da} \tan a = \sec^2 a",
        r"\cot a = \frac{1}{\tan a}",
        r"\csc(a) \sin(a) = 1",
        r"\operatorname{sech}^2 a = 1 - \tanh^2 a",
        r"a^{-1} a = 1",
        r"a^{-2} a^3 = a",
        r"\|x\|_2^2 = \langle x, x \rangle",
    ],
)
def test_proved(formula: str) -> None:
    assert last(formula)[:2] == ("claim", "PROVED")


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\arctan'(a) = \frac{1}{1 + a^2}", "arctan is no function that is known here; define it"),
        (r"\operatorname{GELU}'(a) = 3", "GELU is no function that is known here; define it"),
        (r"f(a) = f(a)", "f has no meaning here"),
        (r"g(a) = 1 + g(a)", "g has no meaning here"),
        (r"\gcd(a, c) = \gcd(c, a)", "gcd is no function that is known"),
        (r"d(a^2) = 2 a\, da", "d has no meaning here"),
    ],
)
def test_a_function_that_is_not_known_is_not_judged(formula: str, message: str) -> None:
    kind, verdict, said = last(formula)
    assert (kind, verdict) == ("claim", "UNREADABLE")
    assert said.startswith(message)
