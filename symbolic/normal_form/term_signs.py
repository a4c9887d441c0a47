"""Signs that show in a term as it is written, before its squares are expanded: a variance is not negative."""

from __future__ import annotations

from collections.abc import Callable

from ..terms import Term

POSITIVE, NONNEGATIVE, UNKNOWN = 2, 1, 0


def plain_strength(term: Term, of_leaf: Callable[[Term], int]) -> int:
    """2: positive wherever it is defined, 1: not negative there, 0: not known.

    Sums and products of what is not negative, even powers, exponentials and roots; ``of_leaf`` tells of the rest.
    """
    op, args = term.op, term.args
    if op == "exp":
        return POSITIVE
    if op in ("add", "mul"):
        parts = [plain_strength(part, of_leaf) for part in args]
        return min(parts) if op == "mul" or UNKNOWN in parts else max(parts)
    if op == "power":
        base = plain_strength(args[0], of_leaf)
        return base if base else NONNEGATIVE if args[1] % 2 == 0 else UNKNOWN
    if op == "root":
        return plain_strength(args[0], of_leaf) or NONNEGATIVE
    if op == "sum":
        own = plain_strength(args[2], of_leaf)
        return own if isinstance(args[1], str) or args[1] > 0 else min(own, NONNEGATIVE)
    return of_leaf(term)
