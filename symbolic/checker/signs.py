"""Sets of signs: what is known of a number is which of -1, 0 and 1 its sign may be."""

from __future__ import annotations

from fractions import Fraction

Signs = frozenset[int]

POSITIVE, NEGATIVE, ZERO, ANY = frozenset({1}), frozenset({-1}), frozenset({0}), frozenset({-1, 0, 1})

#: What the values of a variable may be (a bit is 0 or 1), and what a condition asks of its term.
DOMAINS = {
    "real": ANY,
    "positive": POSITIVE,
    "nonnegative": ZERO | POSITIVE,
    "negative": NEGATIVE,
    "bit": ZERO | POSITIVE,
}
RELATIONS = {"=": ZERO, ">": POSITIVE, ">=": ZERO | POSITIVE, "!=": NEGATIVE | POSITIVE}


def signs_of(number: Fraction | int) -> Signs:
    return frozenset({(number > 0) - (number < 0)})


def narrowed(signs: Signs, others: Signs) -> Signs:
    """Both hold; where they contradict each other nothing is concluded."""
    return signs & others or signs


def times(*factors: Signs) -> Signs:
    result = POSITIVE
    for signs in factors:
        result = frozenset(a * b for a in result for b in signs)
    return result


def plus(*terms: Signs) -> Signs:
    """The signs of a sum whose terms have these."""
    result = ZERO
    for signs in terms:
        result = frozenset().union(*(ANY if a * b < 0 else signs_of(a + b) for a in result for b in signs))
    return result
