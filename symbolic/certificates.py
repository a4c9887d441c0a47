"""Certificates: a verdict with all that the independent checker (`symbolic.checker`) needs to replay it.

A certificate holds the claim as it was judged; for PROVED the sign cells into which the proof was split, the sets on
which equality may fail and a witness point; for REFUTED the point.  `docs/certificates.md` describes the format.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from . import terms as t
from .balls import interpretation
from .core_language import CoreWriter
from .differentiation import ranges_in, reindex, resolve, subterms
from .normal_form.conversion import Conversion
from .normal_form.polynomials import Atom, Exponent, Monomial, Poly
from .prover import Cell, NotProved, _instances, _Prover, cases_of_a_bit
from .refutation import Search
from .terms import Claim, Condition, Index, Term
from .verdict import Verdict, VerdictKind, Witness

__all__ = ["FORMAT", "VERSION", "certificate", "certified"]

FORMAT, VERSION = "derivation-certificate", 3

_SECONDS = 5.0  # for a point at which both sides are defined


def certificate(claim: Claim, verdict: Verdict) -> str | None:
    """The certificate of a verdict as JSON, or None where there is none (undecided; a shape that does not conform)."""
    writer = CoreWriter()
    data: dict[str, Any] = {"format": FORMAT, "version": VERSION, "verdict": verdict.name}
    data["claim"] = writer.claim(claim)
    if verdict.kind is VerdictKind.PROVED and verdict.witness is not None:
        trees, excepted = _recorded(claim)
        explicit = [range(d) for d in claim.indices.values() if isinstance(d, int)]
        data["cells"] = [_tree(trees.get(values, {}), writer) for values in product(*explicit)]
        data["exceptions"] = [writer.term(_term(guard)) for guard in excepted.values()]
        data["witness"] = _point(claim, verdict.witness)
    elif verdict.counterexample is not None and verdict.counterexample.kind != "shape":
        point = _point(claim, verdict.counterexample)
        data["counterexample"] = {"kind": verdict.counterexample.kind, "point": point}
        if verdict.counterexample.kind == "domain":
            data["counterexample"]["witness"] = _both_defined(claim)
    else:
        return None
    data |= {"nodes": writer.nodes, "ranges": writer.ranges}
    return json.dumps(data, separators=(",", ":"), ensure_ascii=True)


def _both_defined(claim: Claim) -> dict[str, Any] | None:
    """A point at which both sides are defined."""
    search = Search(claim)
    search.run(1, time.monotonic() + _SECONDS)
    return _point(claim, search.witness) if search.witness is not None else None


def certified(claim: Claim, verdict: Verdict) -> Verdict:
    """The verdict with its certificate; one that cannot be written leaves the verdict as it is."""
    try:
        return replace(verdict, certificate=certificate(claim, verdict) or "")
    except Exception:  # out of reach, or a defect in writing: what was decided stands without it
        return verdict


# ---- the cells of a proof

_Trees = dict[tuple[Index, ...], dict[Any, Any]]  # for explicit indices: guards, and cells by their signs


class _Recorder(_Prover):
    """A prover that notes its cells and the guards whose zeros are excepted."""

    def __init__(self, claim: Claim, dimensions: dict[str, t.Dimension]) -> None:
        super().__init__(claim, dimensions)
        self.trees: _Trees = {}
        self.exceptional: dict[object, Poly] = {}
        self._at: dict[object, dict[Any, Any]] = {}

    def instance(self, values: tuple[Index, ...], left: Term, right: Term) -> None:
        self.trees[values] = {}
        self._at = {(): self.trees[values]}
        self.pair(left, right)

    def _split(self, cell: Cell, guard: Poly, conversion: Conversion) -> Iterator[Cell]:
        node = self._at[_path(cell)]
        node["guard"] = guard
        for child in super()._split(cell, guard, conversion):
            self._at[_path(child)] = node[child.signs[-1][2]] = {}
            yield child

    def _told_apart(self, signs: list[tuple[Poly, int]]) -> set[frozenset[Index]]:
        apart = super()._told_apart(signs)
        self._at[tuple((frozenset(poly.items()), sign) for poly, sign in signs)]["apart"] = apart
        return apart

    def _nowhere_flat(self, poly: Poly) -> bool:
        flat = super()._nowhere_flat(poly)
        if flat:
            self.exceptional[frozenset(poly.items())] = poly
        return flat


def _path(cell: Cell) -> object:
    return tuple((frozenset(poly.items()), sign) for poly, _, sign in cell.signs)


def _recorded(claim: Claim) -> tuple[_Trees, dict[object, Poly]]:
    """The cells for each choice of explicit indices, and the excepted guards; by the prover's ways to a proof."""
    left, right = (resolve(side, claim.definitions) for side in (claim.left, claim.right))
    recorder = _Recorder(claim, {**claim.indices, **ranges_in(left), **ranges_in(right)})
    explicit = [i for i, d in claim.indices.items() if isinstance(d, int)]
    try:
        for assignment in _instances(claim):
            values = tuple(assignment[i] for i in explicit)
            recorder.instance(values, reindex(left, assignment), reindex(right, assignment))
    except NotProved:
        cases = cases_of_a_bit(claim)
        if cases is None:
            raise
        return _by_cases(claim, *cases)
    return recorder.trees, recorder.exceptional


def _by_cases(claim: Claim, bit: Term, one: Condition, none: Condition) -> tuple[_Trees, dict[object, Poly]]:
    """Cells where a bit is 1, and cells where it is 0."""
    (positive, excepted), (zero, more) = (
        _recorded(replace(claim, conditions=(*claim.conditions, condition))) for condition in (one, none)
    )
    trees = {k: {"guard": bit, 1: positive.get(k, {}), 0: zero.get(k, {})} for k in positive.keys() | zero.keys()}
    return trees, excepted | more


def _tree(tree: dict[Any, Any], writer: CoreWriter) -> list[Any] | None:
    """A guard and what its signs +, 0, - lead to; nothing for a cell that is not split, or cannot occur."""
    if "guard" in tree:
        guard = tree["guard"] if isinstance(tree["guard"], Term) else _term(tree["guard"])
        return [writer.term(guard), *(_tree(tree.get(s, {}), writer) for s in (1, 0, -1))]
    cell: list[Any] | None = None
    for i, j in sorted(map(sorted, tree.get("apart", ()))):  # where they are equal, the signs contradict each other
        cell = [writer.term(t.subtract(t.ONE, t.same(_index(i), _index(j)))), cell, None, None]
    return cell


# ---- polynomials as terms


def _unquoted(text: str) -> str:
    return text.removeprefix("%n").replace("%3A", ":").replace("%25", "%")


def _index(index: Index) -> Index:
    return index if isinstance(index, int) else _unquoted(index.split(":", 1)[0])


def _term(poly: Poly) -> Term:
    return t.add(t.mul((t.number(Fraction(int(c.p), int(c.q))), _product(m))) for m, c in poly.items())


def _product(monomial: Monomial) -> Term:
    return t.mul(_power(atom, exponent) for atom, exponent in monomial)


def _power(atom: Atom, exponent: Exponent) -> Term:
    if atom.kind == "exp":
        return t.exp(t.mul((t.number(Fraction(exponent)), _product(atom.args[0]))))
    if atom.kind == "root":
        degree, radicand = atom.args
        return t.root(_term(radicand), Fraction(exponent) / degree)
    return t.power(_atom(atom), int(exponent))


def _atom(atom: Atom) -> Term:
    args = atom.args
    if atom.kind == "sum":
        body = _product(args[1])
        for bound in args[0]:
            body = t.total(str(_index(bound)), _unquoted(bound.split(":", 1)[1]), body)
        return body
    makers = {
        "symbol": lambda: t.symbol(_unquoted(args[0])),
        "constant": lambda: t.make("constant", (args[0],)),
        "size": lambda: t.size(_unquoted(args[0])),
        "entry": lambda: t.entry(_unquoted(args[0]), map(_index, args[1])),
        "same": lambda: t.same(_index(args[0]), _index(args[1])),
        "log": lambda: t.log(_term(args[0])),
        "call": lambda: t.call(args[0], _term(args[1])),
        "applied": lambda: t.applied(_unquoted(args[0]), args[1], _term(args[2])),
        "lump": lambda: _term(args[0]),
        "positive": lambda: t.split(_term(args[0]), t.ONE, t.ZERO, t.ZERO),
        "zero": lambda: t.split(_term(args[0]), t.ZERO, t.ONE, t.ZERO),
    }
    return makers[atom.kind]()


# ---- points


def _point(claim: Claim, witness: Witness) -> dict[str, Any]:
    """The point, every tensor as a flat list of its entries in the order of their indices."""
    shown = {name.split("~")[0]: name for name in claim.symbols if name not in claim.definitions}
    values = {
        shown.get(name, name): [part.strip() for part in text.replace("[", "").replace("]", "").split(",")]
        for name, text in witness.values.items()
    }
    roots = [
        claim.left,
        claim.right,
        *(d.body for d in claim.definitions.values()),
        *(c.term for c in claim.conditions),
    ]
    functions = {node.args[0] for root in roots for node in subterms(root) if node.op == "applied"}
    polynomials = {name: [str(c) for c in interpretation(name)] for name in sorted(functions)}
    return {"sizes": witness.sizes, "indices": witness.indices, "values": values, "functions": polynomials}
