"""Points of the admissible set: small rational numbers that satisfy every declared sign and condition, exactly.

Sizes are small and unequal first (equal ones hide a transpose, size 1 a Jacobian), indices both equal and different.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from .balls import Evaluation, Point
from .boundaries import IN_DOMAIN, about_boundaries
from .differentiation import names_in, subterms
from .knowledge import hot_axis
from .terms import Claim, Condition, Dimension, Term

_SIZE_PATTERNS = ((2, 3, 4), (3, 2, 4), (1, 2, 3), (2, 2, 2), (1, 1, 1), (4, 3, 2), (2, 1, 3))
_VALUES = {
    "real": [Fraction(k, 4) for k in range(-10, 11) if k],
    # small ones too: a margin of 1 or more never lets a hinge on probabilities rest
    "positive": [Fraction(1, k) for k in (32, 16, 8)] * 2 + [Fraction(k, 4) for k in range(1, 11)],
    "nonnegative": [Fraction(k, 4) for k in range(0, 11)],
    "negative": [Fraction(-k, 4) for k in range(1, 11)],
}
_TRIES = 60

#: A variable at a point: an entry of a tensor, or the name of a scalar.
Key = tuple[int, ...] | str


def points(claim: Claim, seed: int = 0) -> Iterator[Point]:
    """Admissible points, without end (or none, where no point is found that satisfies the conditions)."""
    rng = random.Random(seed)
    barren = 0
    for attempt in itertools.count():
        if barren > _TRIES:
            return
        point = _candidate(claim, attempt, rng)
        if point is None or not _in_domains(claim, point) or not _fulfilled(claim, point):
            barren += 1
            continue
        barren = 0
        yield point


def _candidate(claim: Claim, attempt: int, rng: random.Random) -> Point | None:
    point = Point(sizes=_sizes(claim, attempt, rng))

    def extent(dimension: Dimension) -> int:
        return dimension if isinstance(dimension, int) else point.sizes[dimension]

    point.indices = _index_values({i: extent(d) for i, d in claim.indices.items()}, attempt, rng)
    for name, domain in claim.symbols.items():
        if name not in claim.definitions:
            point.scalars[name] = rng.choice(_pool(claim, name, domain))
    one_hot = {c.tensor for c in claim.conditions if c.relation == "one-hot"}
    for name, tensor in claim.tensors.items():
        if name in claim.definitions:
            continue
        shape = tuple(extent(d) for d in tensor.dimensions)
        cells = list(itertools.product(*(range(n) for n in shape)))
        if name in one_hot:
            point.tensors[name] = _one_hot(cells, shape, hot_axis(tensor.dimensions), rng)
        else:
            pool = _pool(claim, name, tensor.domain)
            point.tensors[name] = {cell: rng.choice(pool) for cell in cells}
    if attempt % 8 == 6:
        _far_away(point, one_hot)
    if not _repair(claim, point, rng):
        return None
    if attempt % 4 == 3:
        _onto_a_boundary(claim, point, rng)
    if attempt % 4 in (1, 2) and attempt > len(_SIZE_PATTERNS):
        about_boundaries(claim, point, rng)
    return point


def _far_away(point: Point, one_hot: set[str]) -> None:
    """Larger values: some cases begin only there."""
    point.scalars = {name: 4 * value for name, value in point.scalars.items()}
    for name, cells in point.tensors.items():
        if name not in one_hot:
            point.tensors[name] = {cell: 4 * value for cell, value in cells.items()}


def _pool(claim: Claim, name: str, domain: str) -> list[Fraction]:
    """Values of the domain; of these only such as satisfy the inequalities on single entries (o_k < 1), if any do.

    An equation on a single entry, y_i (y_i - 1) = 0, leaves those of its small solutions that are whole.
    """
    pool = _VALUES[domain]
    for condition in claim.conditions:
        if condition.relation == "=" and names_in(condition.term) == {name} and _is_about_one_entry(condition.term):
            whole = [value for value in map(Fraction, range(-2, 3)) if IN_DOMAIN[domain](value)]
            pool = [value for value in whole if _single(condition.term, value) == 0] or pool
        if condition.relation in (">", ">=") and names_in(condition.term) == {name}:
            values = {value: _single(condition.term, value) for value in pool}
            pool = [v for v, at in values.items() if at is not None and _compare(condition.relation, at)] or pool
    return pool


def _is_about_one_entry(term: Term) -> bool:
    """Whether all of a term speaks of one entry, and not linearly: what is linear is solved instead."""
    entries = {node for node in subterms(term) if node.op in ("symbol", "entry")}
    values = [_single(term, Fraction(value)) for value in range(3)]
    if len(entries) != 1 or None in values:
        return False
    return values[0] - 2 * values[1] + values[2] != 0  # type: ignore[operator]


def _single(term: Term, value: Fraction) -> Fraction | None:
    """The value of a polynomial in one variable, all of whose entries are alike; None for other terms."""
    op, args = term.op, term.args
    if op in ("symbol", "entry"):
        return value
    if op == "number":
        return Fraction(args[0])
    if op == "add":
        return _added([_single(a, value) for a in args])
    return _multiplied(_single(a, value) for a in args) if op == "mul" else None


def _sizes(claim: Claim, attempt: int, rng: random.Random) -> dict[str, int]:
    names = sorted(claim.sizes)
    if attempt < len(_SIZE_PATTERNS):
        pattern = itertools.cycle(_SIZE_PATTERNS[attempt])
        chosen = {name: next(pattern) for name in names}
    else:
        chosen = {name: rng.randint(1, 4) for name in names}
    return {name: max(value, claim.sizes[name]) for name, value in chosen.items()}


def _index_values(extents: Mapping[str, int], attempt: int, rng: random.Random) -> dict[str, int]:
    different = {name: place % extents[name] for place, name in enumerate(sorted(extents))}
    if attempt % 3 == 0:  # different where they can be
        return different
    if attempt % 6 == 4 and len(extents) > 2:  # only two of them equal
        first, second = rng.sample(sorted(extents), 2)
        return {**different, second: different[first] % extents[second]}
    if attempt % 3 == 1:  # equal where they can be
        common = rng.randrange(4)
        return {name: common % extent for name, extent in extents.items()}
    return {name: rng.randrange(extent) for name, extent in extents.items()}


def _one_hot(
    cells: list[tuple[int, ...]], shape: tuple[int, ...], axis: int, rng: random.Random
) -> dict[tuple[int, ...], Fraction]:
    hot: dict[tuple[int, ...], int] = {}
    for cell in cells:
        hot.setdefault(cell[:axis] + cell[axis + 1 :], rng.randrange(shape[axis]))
    return {cell: Fraction(cell[axis] == hot[cell[:axis] + cell[axis + 1 :]]) for cell in cells}


def _is_one_hot(cells: Mapping[tuple[int, ...], Fraction], axis: int) -> bool:
    sums: dict[tuple[int, ...], Fraction] = {}
    for cell, value in cells.items():
        line = cell[:axis] + cell[axis + 1 :]
        sums[line] = sums.get(line, Fraction(0)) + value
    return all(value in (0, 1) for value in cells.values()) and all(total == 1 for total in sums.values())


# ---- conditions


def _in_domains(claim: Claim, point: Point) -> bool:
    scalars = all(IN_DOMAIN[claim.symbols[name]](value) for name, value in point.scalars.items())
    return scalars and all(
        IN_DOMAIN[claim.tensors[name].domain](value)
        for name, cells in point.tensors.items()
        for value in cells.values()
    )


def _fulfilled(claim: Claim, point: Point) -> bool:
    evaluation = Evaluation(point, claim.definitions)
    for condition in claim.conditions:
        if condition.relation == "one-hot":
            if not _is_one_hot(point.tensors[condition.tensor], hot_axis(claim.tensors[condition.tensor].dimensions)):
                return False
            continue
        exact = [rational(condition.term, env, point) for env in _environments(condition, point)]
        if None in exact:
            if evaluation.holds(condition) is not True:
                return False
        elif not all(_compare(condition.relation, value) for value in exact if value is not None):
            return False
    return True


def _compare(relation: str, value: Fraction) -> bool:
    return {"=": value == 0, "!=": value != 0, ">": value > 0, ">=": value >= 0}[relation]


def _environments(condition: Condition, point: Point) -> list[dict[str, int]]:
    environments = [dict(point.indices)]
    for index, dimension in condition.quantified:
        extent = dimension if isinstance(dimension, int) else point.sizes[dimension]
        environments = [{**env, index: k} for env in environments for k in range(extent)]
    return environments


def _repair(claim: Claim, point: Point, rng: random.Random) -> bool:
    """Solves each equation for one of its variables that no other equation has taken."""
    taken: set[tuple[str, Key]] = set()
    for condition in claim.conditions:
        if condition.relation != "=" or condition.term.op == "same":
            continue
        for env in _environments(condition, point):
            if rational(condition.term, env, point) in (0, None):
                continue
            if not _solve(claim, condition.term, env, point, taken):
                return False
    return True


def _onto_a_boundary(claim: Claim, point: Point, rng: random.Random) -> None:
    """Moves the point to where a case of a table begins, if the claim has tables: they may overlap just there."""
    guards = list(dict.fromkeys(g for side in (claim.left, claim.right) for g in table_guards(side) if not bound(g)))
    if guards:
        _solve(claim, rng.choice(guards), dict(point.indices), point, set())


def table_guards(term: Term) -> Iterator[Term]:
    """What the conditions of tables of cases compare with 0."""
    if term.op == "table":
        for condition, _ in term.args:
            pending = [condition]
            while pending:
                node = pending.pop()
                pending += node.children()
                if node.op == "split":
                    yield node.args[0]
    for child in term.children():
        yield from table_guards(child)


def bound(term: Term) -> bool:
    """Whether a bound index is free in the term."""
    return any("~" in i for i in term.free)


def _solve(claim: Claim, term: Term, env: dict[str, int], point: Point, taken: set[tuple[str, Key]]) -> bool:
    """Makes a term 0 by one variable, or by one factor for all entries of a tensor (sum_k t_k = 1, each positive)."""
    one_hot = {c.tensor for c in claim.conditions if c.relation == "one-hot"}
    names = sorted(names_in(term) - one_hot - claim.definitions.keys())
    for name, strictly in itertools.product(names, (True, False)):
        store: Any = point.tensors.get(name, point.scalars)
        keys: list[Key] = sorted(point.tensors[name], reverse=True) if name in point.tensors else [name]
        free = [key for key in keys if (name, key) not in taken]
        value, allowed = partial(rational, term, env, point), partial(_allowed, claim, name, strictly)
        for met in [*([key] for key in free), [key for key in free if _matters(key, store, value)]]:
            if _solved_along({key: store[key] if len(met) > 1 else Fraction(1) for key in met}, store, allowed, value):
                taken |= {(name, key) for key in met}
                return True
    return False


def _solved_along(
    direction: dict[Key, Fraction],
    store: dict[Any, Fraction],
    allowed: Callable[[Fraction], bool],
    value: Callable[[], Fraction | None],
) -> bool:
    """Sets the variables to that multiple of the direction at which a value that is linear in it is 0."""
    before = {key: store[key] for key in direction}
    values = []
    for factor in (0, 1, 2):
        store.update({key: factor * step for key, step in direction.items()})
        values.append(value())
    at0, at1, at2 = values
    if at0 is not None and at1 is not None and at2 is not None and at0 - 2 * at1 + at2 == 0 and at1 != at0:
        solution = {key: step * -at0 / (at1 - at0) for key, step in direction.items()}
        if all(map(allowed, solution.values())):
            store.update(solution)
            return True
    store.update(before)
    return False


def _matters(key: Key, store: dict[Any, Fraction], value: Callable[[], Fraction | None]) -> bool:
    """Whether the value depends on one variable."""
    before, here = store[key], value()
    store[key] += 1
    there = value()
    store[key] = before
    return there != here


def _allowed(claim: Claim, name: str, strictly: bool, value: Fraction) -> bool:
    """Whether a value is in a variable's domain and, strictly, satisfies what is given of single entries."""
    domain = claim.tensors[name].domain if name in claim.tensors else claim.symbols[name]
    if not IN_DOMAIN[domain](value):
        return False
    single = (c for c in claim.conditions if c.relation in (">", ">=") and names_in(c.term) == {name})
    values = ((c.relation, _single(c.term, value)) for c in single if strictly)
    return all(at is None or _compare(relation, at) for relation, at in values)


def rational(term: Term, env: Mapping[str, int], point: Point) -> Fraction | None:
    """The exact value of a term made of rationals, variables, sums, products and integer powers; else None."""
    op, args = term.op, term.args

    def at(index: int | str) -> int:
        return index if isinstance(index, int) else env[index]

    if op == "number":
        return Fraction(args[0])
    if op == "size":
        return Fraction(point.sizes[args[0]])
    if op == "symbol":
        return point.scalars.get(args[0])
    if op == "entry":
        return point.tensors.get(args[0], {}).get(tuple(at(i) for i in args[1]))
    if op == "same":
        return Fraction(at(args[0]) == at(args[1]))
    if op == "sum":
        extent = args[1] if isinstance(args[1], int) else point.sizes[args[1]]
        return _added([rational(args[2], {**env, args[0]: k}, point) for k in range(extent)])
    if op == "add":
        return _added([rational(a, env, point) for a in args])
    if op == "mul":
        return _multiplied(rational(factor, env, point) for factor in args)
    if op == "power":
        base = rational(args[0], env, point)
        return None if base is None or (base == 0 and args[1] < 0) else base ** args[1]
    return None


def _added(values: list[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _multiplied(values: Iterable[Fraction | None]) -> Fraction | None:
    product = Fraction(1)
    for value in values:
        if value is None:
            return None
        product *= value
    return product
