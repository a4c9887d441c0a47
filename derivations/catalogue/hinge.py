"""The hinge loss on a softmax, L = sum over j != y of max(0, p_j - p_y + margin), and its single terms.

o: n logits (a column), p = softmax(o) (probabilities, without unit), y: the index of the true class, margin:
positive.  A derivative by o_i has no unit; where some p_j - p_y + margin is 0 it does not exist, and the
indicator [p_j - p_y + margin > 0] is 0 there by choice.  Every n is arbitrary.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define
from symbolic.notation import (
    Cases,
    D,
    delta,
    index,
    keep,
    positive,
    scalar,
    size,
    softmax,
    total,
    total_except,
    vector,
)

__all__ = ["ENTRIES"]

DOCUMENT = "003_a592d850349715ea"
LOSS, SLOPES = Source(DOCUMENT, "4.1"), Source(DOCUMENT, "4.2")

n = size("n")
i, j, k, y = (index(name) for name in "ijky")
o, p = vector("o", n), vector("p", n)
margin, L = positive("margin"), scalar("L")
S = total(k, n, sp.exp(o[k, 0]))


def excess(j: Any) -> Any:
    """p_j - p_y + margin: what class j adds to the loss where it is positive."""
    return p[j, 0] - p[y, 0] + margin


def counts(j: Any) -> Any:
    """1 where p_j - p_y + margin > 0, else 0."""
    return sp.Heaviside(excess(j), 0)


SOFTMAX = (Define(p[i, 0], softmax(o, i)),)
GIVEN = (*SOFTMAX, Define(L, total_except(j, n, y, sp.Max(0, excess(j)))))
FALSE_CLASS = (sp.Ne(j, y),)


def active(value: Any, inactive: Any = 0) -> Cases:
    """The table of section 4.2: the value where p_j - p_y + margin > 0, else 0."""
    return Cases((inactive, excess(j) <= 0), (value, excess(j) > 0))


def slope(j: Any, i: Any) -> Any:
    """dp_j/do_i = p_j (delta_ij - p_i)."""
    return p[j, 0] * (delta(i, j) - p[i, 0])


softmax_cases = Derivation(
    "hinge-softmax-cases",
    "dp_j/do_i of a softmax, by cases",
    start=D(p[j, 0], o[i, 0]),
    lines=(
        Line(D(softmax(o, j), o[i, 0]), "p = softmax(o)"),
        Line(
            (delta(i, j) * sp.exp(o[j, 0]) * S - sp.exp(o[j, 0]) * sp.exp(o[i, 0])) / S**2,
            "quotient rule; only the i-th term of the sum depends on o_i",
        ),
        Line(slope(j, i), "fold p"),
        Line(
            Cases((p[i, 0] * (1 - p[i, 0]), sp.Eq(j, i)), (-p[j, 0] * p[i, 0], sp.Ne(j, i))),
            "the two cases of delta_ij",
        ),
    ),
    given=SOFTMAX,
    sources=(SLOPES,),
)

by_any_logit = Derivation(
    "hinge-dL-do",
    "dL/do_i for the sum over all classes but the true one",
    start=D(L, o[i, 0]),
    lines=(
        Line(D(total_except(j, n, y, sp.Max(0, excess(j))), o[i, 0]), "definition of L"),
        Line(
            total_except(j, n, y, active(D(excess(j), o[i, 0]))),
            "each term on its own: where it is positive, the derivative of what stands in it, else 0",
        ),
        Line(
            total_except(j, n, y, counts(j) * (D(p[j, 0], o[i, 0]) - D(p[y, 0], o[i, 0]))),
            "the margin is constant",
        ),
        Line(
            total_except(j, n, y, counts(j) * (slope(j, i) - slope(y, i))),
            "softmax derivative, for both probabilities",
        ),
        Line(
            p[i, 0]
            * (
                (1 - delta(i, y)) * counts(i)
                - delta(i, y) * total_except(j, n, y, counts(j))
                - total_except(j, n, y, counts(j) * (p[j, 0] - p[y, 0]))
            ),
            "delta_ij leaves one term of the sum; p_y delta_iy is p_i delta_iy",
        ),
    ),
    given=GIVEN,
    sources=(LOSS, SLOPES),
    note="The derivative does not exist where some p_j - p_y + margin is 0; the right sides take 0 there.",
)

by_true_logit = Derivation(
    "hinge-dL-do-true-class",
    "dL/do_y for the sum over all classes but the true one",
    start=D(L, o[y, 0]),
    lines=(
        Line(
            total_except(j, n, y, counts(j) * (D(p[j, 0], o[y, 0]) - D(p[y, 0], o[y, 0]))),
            "each term that is positive, on its own",
        ),
        Line(
            total_except(j, n, y, counts(j) * (-p[y, 0] * p[j, 0] - p[y, 0] * (1 - p[y, 0]))),
            "softmax derivative: j != y in the first, the same index in the second",
        ),
        Line(
            -p[y, 0] * total_except(j, n, y, counts(j) * (1 + p[j, 0] - p[y, 0])),
            "take out -p_y",
        ),
    ),
    given=GIVEN,
    sources=(SLOPES,),
    note="Each positive term gives -p_y p_j - p_y (1 - p_y): what the document assigns to o_j belongs here.",
)

by_false_logit = Derivation(
    "hinge-dL-do-other-class",
    "dL/do_i, i != y, for the sum over all classes but the true one",
    start=D(L, o[i, 0]),
    lines=(
        Line(
            total_except(j, n, y, counts(j) * (D(p[j, 0], o[i, 0]) - D(p[y, 0], o[i, 0]))),
            "each term that is positive, on its own",
        ),
        Line(
            total_except(j, n, y, counts(j) * (slope(j, i) + p[y, 0] * p[i, 0])),
            "softmax derivative; i is not the true class",
        ),
        Line(
            p[i, 0] * (counts(i) - total_except(j, n, y, counts(j) * (p[j, 0] - p[y, 0]))),
            "delta_ij leaves the term of class i; take out p_i",
        ),
    ),
    given=(*GIVEN, sp.Ne(i, y)),
    sources=(SLOPES,),
)

SINGLE = sp.Max(0, excess(j))

single_by_own_logit = Derivation(
    "hinge-term-by-its-logit",
    "the derivative of one term, max(0, p_j - p_y + margin), by o_j",
    start=D(SINGLE, o[j, 0]),
    lines=(
        Line(active(D(excess(j), o[j, 0])), "the part that is larger than zero"),
        Line(active(D(p[j, 0], o[j, 0]) - D(p[y, 0], o[j, 0])), "the margin is constant"),
        Line(
            active(p[j, 0] * (1 - p[j, 0]) - keep(-p[y, 0] * p[j, 0])),
            "softmax derivative: the same index in the first, j != y in the second",
        ),
        Line(active(p[j, 0] * (1 - p[j, 0] + p[y, 0])), "take out p_j"),
    ),
    given=(*SOFTMAX, *FALSE_CLASS),
    sources=(SLOPES,),
    note="The document writes y_i for the true class of example i; one example is meant here, with true class y.",
)

single_by_true_logit = Derivation(
    "hinge-term-by-the-true-logit",
    "the derivative of one term, max(0, p_j - p_y + margin), by o_y",
    start=D(SINGLE, o[y, 0]),
    lines=(
        Line(active(D(excess(j), o[y, 0])), "the part that is larger than zero"),
        Line(active(D(p[j, 0], o[y, 0]) - D(p[y, 0], o[y, 0])), "the margin is constant"),
        Line(
            active(-p[y, 0] * p[j, 0] - p[y, 0] * (1 - p[y, 0])),
            "softmax derivative: j != y in the first, the same index in the second",
        ),
        Line(active(-p[y, 0] * (1 + p[j, 0] - p[y, 0])), "take out -p_y"),
    ),
    given=(*SOFTMAX, *FALSE_CLASS),
    sources=(SLOPES,),
    note="With i = y this is the formula that the document writes for o_j.",
)

single_by_any_logit = Derivation(
    "hinge-term-by-any-logit",
    "the derivative of one term, max(0, p_j - p_y + margin), by o_i",
    start=D(SINGLE, o[i, 0]),
    lines=(
        Line(active(D(p[j, 0], o[i, 0]) - D(p[y, 0], o[i, 0])), "the part that is larger than zero"),
        Line(active(slope(j, i) - slope(y, i)), "softmax derivative, for both probabilities"),
    ),
    given=SOFTMAX,
    sources=(SLOPES,),
    note="For j = y the term is the constant margin, and both sides are 0.",
)

wrong_logit = Erratum(
    "hinge-term-by-another-logit",
    "the derivative by o_y is given as the derivative by o_j",
    before=D(SINGLE, o[j, 0]),
    as_written=active(-p[y, 0] * p[j, 0] - p[y, 0] * (1 - p[y, 0])),
    right=active(p[j, 0] * (1 - p[j, 0]) + p[j, 0] * p[y, 0]),
    given=(*SOFTMAX, *FALSE_CLASS),
    sources=(SLOPES,),
    note="p_i is read as the true class's probability, the only reading in which the formula is a derivative at all.",
)

unnamed_logit = Erratum(
    "hinge-term-by-an-unnamed-logit",
    "the right side depends on a class i that the left side does not name",
    before=D(SINGLE, o[j, 0]),
    as_written=active(-p[i, 0] * p[j, 0] - p[i, 0] * (1 - p[i, 0])),
    right=active(p[j, 0] * (1 - p[j, 0]) + p[j, 0] * p[y, 0]),
    given=(*SOFTMAX, *FALSE_CLASS),
    sources=(SLOPES,),
    note="The same formula, with i read as any class.",
)

lost_sum = Erratum(
    "hinge-lost-sum",
    "the sum over the classes is lost: o_j moves every probability, not only the j-th term",
    before=D(L, o[j, 0]),
    as_written=active(D(excess(j), o[j, 0])),
    right=total_except(k, n, y, counts(k) * D(excess(k), o[j, 0])),
    given=(*GIVEN, *FALSE_CLASS),
    sources=(SLOPES,),
)

margin_on_the_wrong_side = Erratum(
    "hinge-margin-on-the-wrong-side",
    "a class counts when it exceeds the true class less the margin, not the true class plus the margin",
    before=SINGLE,
    as_written=Cases((excess(j), p[j, 0] > p[y, 0] + margin), (0, p[j, 0] <= p[y, 0] + margin)),
    right=Cases((excess(j), p[j, 0] > p[y, 0] - margin), (0, p[j, 0] <= p[y, 0] - margin)),
    given=(*SOFTMAX, *FALSE_CLASS),
    sources=(LOSS,),
    note="The document says it in words, and writes the right condition in its section 4.2.",
)

ENTRIES = (
    softmax_cases,
    by_any_logit,
    by_true_logit,
    by_false_logit,
    single_by_own_logit,
    single_by_true_logit,
    single_by_any_logit,
    wrong_logit,
    unnamed_logit,
    lost_sum,
    margin_on_the_wrong_side,
)
