"""Conditions that a sentence sets: which claims they hold for, and which they do not."""

from __future__ import annotations

import pytest

from derivations import check

DECLARED = r"""Let $z \in \mathbb{R}^n$ and $y_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$.
Let $x \in \mathbb{R}$ and $a \in \mathbb{R}$.

"""


def links(text: str) -> list[str]:
    report = check(DECLARED + text, jobs=1)
    return [str(step.link) for step in report.steps if step.link is not None]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"If $i = j$, then $\frac{\partial y_i}{\partial z_j} = y_i (1 - y_i)$.", ["PROVED"]),
        (r"If $i \ne j$, then $\frac{\partial y_i}{\partial z_j} = y_i (1 - y_i)$.", ["REFUTED"]),
        (r"If $x > 0$, then $$|x| = x$$ and if $x < 0$, then $$|x| = -x.$$", ["PROVED", "PROVED"]),
        (r"When $x \geq 0$ we get $\sqrt{x^2} = x$; when $x < 0$ we get $\sqrt{x^2} = -x$.", ["PROVED", "PROVED"]),
        (r"$\sqrt{x^2} = -x$ for $x < 0$, and $|x| = x$ for $x > 0$.", ["PROVED", "PROVED"]),
        (r"If $x > 0$ and $a > 0$, then $\log(x a) = \log x + \log a$.", ["PROVED"]),
        (r"If $x > 0$, then $|x| = x$. Hence $|x|^2 = x |x|$, and so $\sqrt{x^2} = x$.", ["PROVED"] * 3),
        ("For $x > 0$ we have\n\n$$|x| = x$$\n\nFor $x < 0$ we have\n\n$$|x| = -x$$", ["PROVED", "PROVED"]),
        ("For $x \\in [0, 1]$ we have\n\n$$|x| = x$$\n\nIn general,\n\n$$|x| = x$$", ["PROVED", "REFUTED"]),
        (r"If $x \ge 0$ then $\sqrt{x^2} = x$. In general $\sqrt{x^2} = x$.", ["PROVED", "REFUTED"]),
        (r"If $a = 2$ then $a^2 = 4$. If $a = 2$ then $a^2 = 5$.", ["PROVED", "REFUTED"]),
        (r"If $a = x^2$ then $\sqrt{a} = |x|$. In general $\sqrt{a} = |x|$.", ["PROVED", "REFUTED"]),
        (r"For $b = \tanh(x)$ we get $\frac{db}{dx} = 1 - b^2 = \frac{1}{\cosh(x)}$.", ["PROVED", "REFUTED"]),
    ],
)
def test_a_condition_holds_in_its_sentence(text: str, wanted: list[str]) -> None:
    assert links(text) == wanted


def test_a_definition_for_a_case_is_no_definition() -> None:
    report = check(DECLARED + r"If $x > 0$, then $g(x) = x$. $g(x) = -x$", jobs=1)
    assert report.steps[-2].link is not None
    assert str(report.steps[-2].link) == "UNREADABLE"
    assert "cases" in (report.steps[-2].message or "")
    assert str(report.steps[-1].link) != "PROVED"


def test_a_domain_said_of_a_definition_is_kept() -> None:
    assert links(r"For $x > 0$ define $g(x) = \log x$. Then $g'(x) = 1/x$.") == ["PROVED"]
