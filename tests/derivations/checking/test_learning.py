"""What a document says of its letters as it goes on, without a context."""

from __future__ import annotations

import pytest

import derivations
from derivations.checking import Report, check_with
from derivations.meaning.context import read_context
from symbolic import Judge

DECLARED = r"""
# Problem 1
Let $p_i = \frac{e^{z_i}}{\sum_{k=1}^n e^{z_k}}$ with $z \in \mathbb{R}^n$, and $q \in \mathbb{R}^n$ with $q_i > 0$,
$\sum_i q_i = 1$.

$$D = \sum_i q_i \log \frac{q_i}{p_i}$$

$$\frac{\partial D}{\partial z_j} = p_j - q_j$$

# Problem 2
Let $z \in \mathbb{R}$ and $D = z^2$. Then $\frac{\partial D}{\partial z} = 2 z$, and at $z = 1$ it is 2;
but $z^2 = z$ is wrong.
"""

FEW_VALUES = r"""
Let $x, w \in \mathbb{R}^d$, $b \in \mathbb{R}$, $y \in \{0, 1\}$.

$$p = \sigma(w^\top x + b), \qquad J = -y \log p - (1 - y) \log(1 - p)$$

$$\nabla_w J = (p - y) x$$

$$y^2 = y$$

$$y^2 = 2 y$$
"""

VARIANCE = r"""
Let $x \in \mathbb{R}^m$, $\epsilon > 0$.

$$\mu = \frac{1}{m} \sum_{i=1}^m x_i, \qquad \sigma^2 = \frac{1}{m} \sum_{i=1}^m (x_i - \mu)^2$$

$$\frac{\partial \sigma^2}{\partial x_i} = \frac{2}{m} (x_i - \mu)$$
"""

UPDATE = r"""
With $X = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$ and $W = \begin{bmatrix} 1 \\ 1 \end{bmatrix}$:

$$s = X W = \begin{bmatrix} 3.0 \\ 7.0 \end{bmatrix}$$

$$W = W - 0.5 W = \begin{bmatrix} 0.5 \\ 0.5 \end{bmatrix}$$

$$s = X W = \begin{bmatrix} 1.5 \\ 3.4 \end{bmatrix}$$
"""

OTHER_PART = r"""
# 1
Let $x \in \mathbb{R}^n$ and $E = x^\top x$.

# 2
$$\sigma'(x) = \sigma(x) \sigma(-x)$$

With $x \in \mathbb{R}$ one has

$$\sigma'(x) = \sigma(x) \sigma(-x)$$
"""

LOST = r"""
$a \in \mathbb{R}$

$$L = a + q$$

$$L + 1 = 1 + L$$

$$a = a + 1$$

$$e = 2 a$$

$$e^2 = 4 a^2$$

$$(a I_n)^2 = a^2 I$$
"""


def _links(report: Report) -> list[tuple[str, str | None]]:
    return [(step.kind, step.link) for step in report.steps]


def _check(text: str, judge: Judge) -> Report:
    report = check_with(judge, text, read_context(""))
    assert not report.problems
    return report


def test_conditions_and_later_declarations_of_a_sentence(judge: Judge) -> None:
    report = _check(DECLARED, judge)
    assert _links(report) == [
        *(("definition", None), ("definition", None), ("definition", None)),
        *(("assumption", None), ("assumption", None)),
        *(("definition", None), ("claim", "PROVED")),
        *(("definition", None), ("definition", None), ("claim", "PROVED")),
        *(("assumption", None), ("claim", "REFUTED")),
    ]
    assert report.steps[3].message == "given from here on in this section"


def test_numbers_with_few_values_are_taken_case_by_case(judge: Judge) -> None:
    claims = [step for step in _check(FEW_VALUES, judge).steps if step.kind == "claim"]
    assert [step.link for step in claims] == ["PROVED", "PROVED", "REFUTED"]


def test_a_variance_is_a_name_with_its_square(judge: Judge) -> None:
    assert _links(_check(VARIANCE, judge))[2:] == [("definition", None), ("definition", None), ("claim", "PROVED")]


def test_an_update_makes_what_was_computed_from_it_anew(judge: Judge) -> None:
    context = "\n".join(UPDATE.splitlines()[1:2])
    report = check_with(judge, UPDATE, read_context(context))
    assert _links(report)[2:] == [
        *(("definition", None), ("numeric", "PROVED")),
        *(("update", None), ("numeric", "PROVED")),
        *(("definition", None), ("numeric", "REFUTED")),
    ]


def test_a_letter_of_another_part_is_asked_for(judge: Judge) -> None:
    steps = _check(OTHER_PART, judge).steps
    assert [step.link for step in steps if step.kind == "claim"] == ["UNREADABLE", "PROVED"]
    assert "was declared under '1', as n x 1" in str(steps[2].message)


@pytest.fixture(scope="module")
def lost(judge: Judge) -> Report:
    return _check(LOST, judge)


def test_a_definition_that_could_not_be_read_is_named(lost: Report) -> None:
    assert lost.steps[2].message == "L has no meaning here: its definition in line 4 could not be read"


def test_a_variable_is_not_defined_by_itself(lost: Report) -> None:
    assert (lost.steps[3].kind, lost.steps[3].link) in (("claim", "REFUTED"), ("update", None))


def test_e_may_be_a_name(lost: Report) -> None:
    assert (lost.steps[4].kind, lost.steps[5].link) == ("definition", "PROVED")


def test_what_a_sentence_concludes_is_a_claim(judge: Judge) -> None:
    text = "With $x, y \\in \\mathbb{R}$ we get $(x + y)^2 = x^2 + y^2$."
    assert _links(_check(text, judge))[-1] == ("claim", "REFUTED")


def test_a_name_that_the_context_declares_twice_has_no_meaning() -> None:
    context = r"$X \in \mathbb{R}^{N \times d}$, $w \in \mathbb{R}^d$, $w \in \mathbb{R}^{d \times 2}$"
    report = derivations.check(r"$$X w = X w + 0$$", context=context, jobs=1)
    assert [step.link for step in report.steps] == ["UNREADABLE"]
    assert "w is declared twice" in report.problems[0]
    assert report.exit_code == 3


BARS = r"""
Let $u \in \mathbb{R}$.

$$\left. \frac{d}{du} u^3 \right|_{u = 2} = 12$$

$$\left. \frac{d}{du} u^3 \right|_{u = 2} = 6$$

$$\left. \sigma'(u) \right|_{u = 0} = \frac{1}{4}$$

$$y = u^2$$

$$\left. \frac{dy}{du} \right|_{u = 1} = 2$$
"""


def test_values_at_a_point(judge: Judge) -> None:
    links = [step.link for step in _check(BARS, judge).steps if step.kind != "definition"]
    assert links == ["PROVED", "REFUTED", "UNREADABLE", "UNREADABLE"]


CONDITIONS = r"""
Let $x \in \mathbb{R}$. Then $\sqrt{x^2} = x$ is wrong.

- For $x \in [0, 1]$: $\sqrt{x^2} = x$

With $\sigma'(x) = \sigma(x) (1 + \sigma(x))$ one has

$$\sigma'(x) = \sigma(x) \sigma(-x)$$

For $x, y \in \mathbb{R}$, $(x + y)^2 = x^2 + y^2$.

Setting $\frac{d}{dx} (x - 1)^2$ to zero gives $2 (x - 1) = 0$.
"""


def test_what_is_given_and_what_is_claimed(judge: Judge) -> None:
    report = _check(CONDITIONS, judge)
    assert [(step.kind, step.link) for step in report.steps if step.kind != "definition"] == [
        *(("claim", "REFUTED"), ("assumption", None), ("claim", "PROVED")),
        *(("claim", "REFUTED"), ("claim", "PROVED"), ("claim", "REFUTED"), ("assumption", None)),
    ]
    assert "to be solved" in str(report.steps[-1].message)


FUNCTIONS = r"""
$$\sigma' = \sigma (1 - \sigma)$$

$$\sigma' = \sigma(1 + \sigma)$$

$$\frac{d \sigma}{dz} = \sigma(z) \sigma(-z)$$

$$\frac{z - 1}{\sigma} = 1$$

$$(\tanh z)' = 1 - \tanh^2 z$$
"""


def test_functions_without_their_argument(judge: Judge) -> None:
    assert [step.link for step in _check(FUNCTIONS, judge).steps] == [
        *("PROVED", "REFUTED", "PROVED", "UNREADABLE", "PROVED")
    ]


def test_a_definition_is_read_with_the_shape_that_is_declared(judge: Judge) -> None:
    text = r"Let $w, x \in \mathbb{R}^d$, $y = w \cdot x$. $y = w^\top x$, and $\frac{\partial y}{\partial w} = w$."
    steps = _check(text, judge).steps
    assert steps[1].reading == "inner product"
    assert [step.link for step in steps[2:]] == ["PROVED", "REFUTED"]


def test_a_function_whose_definition_is_lost_is_no_arbitrary_one(judge: Judge) -> None:
    steps = _check("Let $x \\in \\mathbb{R}$ and $g(x) = x \\lambda$; then $g'(x) = 3$.", judge).steps
    assert [step.link for step in steps if step.kind == "claim"] == ["UNREADABLE", "UNREADABLE"]


def test_a_set_that_cannot_be_read_is_no_declaration(judge: Judge) -> None:
    (step,) = _check("$x \\in \\foo$", judge).steps
    assert step.link == "UNREADABLE"


def test_what_stands_behind_a_colon_is_a_claim(judge: Judge) -> None:
    steps = _check("With $0 < q < 1$: $q^2 = q$, $\\sqrt{q^2} = q$, $\\sqrt{(q - 2)^2} = q - 2$.", judge).steps
    assert [step.link for step in steps] == [None, None, "REFUTED", "PROVED", "REFUTED"]


@pytest.mark.parametrize(
    ("declared", "verdict"),
    [
        (r"Let $y \in \{0, 1\}^k$ be one-hot.", "PROVED"),
        (r"Let $y \in \{0, 1\}^k$ one-hot.", "PROVED"),
        (r"The target is a one-hot vector $y \in \{0,1\}^k$.", "PROVED"),
        (r"A one-hot encoded label $y \in \mathbb{R}^k$ is given.", "PROVED"),
        (r"Let $y \in \{0, 1\}^k$.", "REFUTED"),
        (r"The one-hot label of $y \in \{0, 1\}^k$ is not used.", "REFUTED"),
        (r"Let $y \in \{0, 1\}^k$ and $t \in \mathbb{R}^k$ one-hot.", "REFUTED"),
        (r"Let $y \in \{0, 1\}^k$ and let a one-hot vector $t \in \mathbb{R}^k$ be given.", "REFUTED"),
        (r"Let $y \in \{0, 1\}^k$, not one-hot.", "REFUTED"),
        (r"This is not a one-hot vector $y \in \{0, 1\}^k$.", "REFUTED"),
        (r"Instead of a one-hot label $y \in \{0, 1\}^k$ we may have more.", "REFUTED"),
        (r"Let $y \in [0, 1]^k$.", "REFUTED"),
    ],
)
def test_words_that_call_a_vector_one_hot(judge: Judge, declared: str, verdict: str) -> None:
    report = check_with(judge, declared + "\n\n$$ \\sum_i y_i + 1 = 2 $$\n", read_context(""))
    assert report.steps[-1].link == verdict


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"y_i^2 \le y_i", "None"),
        (r"|p_i| = p_i", "PROVED"),
        (r"\log u_i^2 = 2 \log u_i", "PROVED"),
        (r"|A_{ij}| = A_{ij}", "PROVED"),
        (r"|A_{ij}| = -A_{ij}", "REFUTED"),
        (r"|p_i - 1| = p_i - 1", "REFUTED"),
    ],
)
def test_powers_of_sets(judge: Judge, formula: str, verdict: str) -> None:
    declared = r"Let $y \in \{0, 1\}^k$, $p \in [0, 1]^k$, $u \in \mathbb{R}_{>0}^k$ and $A \in (0, 1)^{m \times k}$."
    report = check_with(judge, f"{declared}\n\n$$ {formula} $$\n", read_context(""))
    assert str(report.steps[-1].link) == verdict


def test_a_reason_that_sets_something_to_a_number_is_given(judge: Judge) -> None:
    text = r"""Let $y \in \mathbb{R}^k$ and $A, B \in \mathbb{R}^{k \times k}$.
\begin{align}
c \sum_i y_i &= c && \text{since } \textstyle\sum_i y_i = 1
\end{align}
Now $(A B)^T = A^T B^T$, since $A B = B A$.
"""
    report = check_with(judge, text, read_context("$c \\in \\mathbb{R}$"))
    kinds = [(step.kind, str(step.link)) for step in report.steps if step.kind != "definition"]
    assert kinds == [("claim", "PROVED"), ("assumption", "None"), ("claim", "REFUTED"), ("claim", "REFUTED")]
