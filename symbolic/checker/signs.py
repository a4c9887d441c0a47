"""Sets of signs: what is known of a number is which of -1, 0 and 1 its sign may be."""

from fractions import Fraction
from functools import reduce

Signs = frozenset[int]

POSITIVE, NEGATIVE, ZERO, ANY = frozenset({1}), frozenset({-1}), frozenset({0}), frozenset({-1, 0, 1})
NONNEGATIVE, NONZERO = ANY - NEGATIVE, ANY - ZERO

#: What the values of a variable may be (a bit is 0 or 1), and what a condition asks of its term.
DOMAINS = {"real": ANY, "positive": POSITIVE, "nonnegative": NONNEGATIVE, "negative": NEGATIVE, "bit": NONNEGATIVE}
RELATIONS = {"=": ZERO, ">": POSITIVE, ">=": NONNEGATIVE, "!=": NONZERO}


def signs_of(number: Fraction | int) -> Signs:
    return frozenset({(number > 0) - (number < 0)})


def narrowed(signs: Signs, others: Signs) -> Signs:
    """Both hold; where they contradict each other nothing is concluded."""
    return signs & others or signs


def times(*factors: Signs) -> Signs:
    return reduce(lambda left, right: frozenset(a * b for a in left for b in right), factors, POSITIVE)


def plus(*terms: Signs) -> Signs:
    """The signs of a sum whose terms have these."""
    return reduce(lambda left, right: frozenset().union(*(_SUMS[a, b] for a in left for b in right)), terms, ZERO)


_SUMS = {(a, b): ANY if a * b < 0 else signs_of(a + b) for a in ANY for b in ANY}
