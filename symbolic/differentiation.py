"""Derivatives and definitions of terms: what a `derivative` node means, written out.

`resolve` returns a term without derivative nodes and without defined names.  A derivative by a defined quantity
follows the definitions of what is differentiated until that quantity appears, and treats it as independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

from . import terms as t
from .errors import OutOfReach
from .terms import Definition, Dimension, Index, Term
from .verdict import ABSENT


def rebuild(term: Term, change: Callable[[Term], Term]) -> Term:
    """The term with every child changed."""

    def changed(arg: Any) -> Any:
        if isinstance(arg, Term):
            return change(arg)
        return tuple(changed(a) for a in arg) if isinstance(arg, tuple) else arg

    args = tuple(changed(arg) for arg in term.args)
    if args == term.args:
        return term
    if term.op == "add":
        return t.add(args)
    return t.mul(args) if term.op == "mul" else t.make(term.op, args)


_OF_A_VARIABLE = ("symbol", "entry", "inverse", "determinant")
_names: WeakKeyDictionary[Term, frozenset[str]] = WeakKeyDictionary()


def names_in(term: Term) -> frozenset[str]:
    """The scalar variables and tensors that occur in the term."""
    known = _names.get(term)
    if known is None:
        own = frozenset({term.args[0]}) if term.op in _OF_A_VARIABLE else frozenset()
        known = own.union(*(names_in(child) for child in term.children()))
        _names[term] = known
    return known


def subterms(term: Term) -> Iterator[Term]:
    """The term and everything below it, each once."""
    seen: set[Term] = set()
    pending = [term]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += node.children()
            yield node


def ranges_in(term: Term) -> dict[str, Dimension]:
    """The bound indices of the term and the dimensions that they range over."""
    return {node.args[0]: node.args[1] for node in subterms(term) if node.op == "sum"}


def reindex(term: Term, mapping: Mapping[str, Index]) -> Term:
    """The term with free indices replaced."""
    memo: dict[Term, Term] = {}

    def change(node: Term) -> Term:
        if not any(name in node.free for name in mapping):
            return node
        if node not in memo:
            memo[node] = replaced(node)
        return memo[node]

    def replaced(node: Term) -> Term:
        if node.op in ("entry", "inverse"):
            indices = tuple(mapping.get(i, i) if isinstance(i, str) else i for i in node.args[1])
            return t.make(node.op, (node.args[0], indices))
        if node.op in ("same", "alike"):
            i, j = (mapping.get(i, i) if isinstance(i, str) else i for i in node.args[:2])
            if node.op == "same":
                return t.same(i, j)
            return t.alike(i, j, change(node.args[2]), change(node.args[3]))
        return rebuild(node, change)

    return change(term)


def resolve(term: Term, definitions: Mapping[str, Definition]) -> Term:
    """The term with its derivatives taken and its definitions unfolded.

    Raises OutOfReach where a derivative is by a quantity that does not occur in what is differentiated: that is
    said, not taken for 0.
    """
    return _Resolver(definitions).resolve(term, frozenset())


_written: WeakKeyDictionary[Term, Term] = WeakKeyDictionary()


def as_written(guard: Term) -> Term:
    """A resolved guard as it stood before its definitions were unfolded, for messages."""
    return _written.get(guard, guard)


class _Resolver:
    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self.memo: dict[tuple[Term, frozenset[str]], Term] = {}
        self.unfolding: list[str] = []

    def resolve(self, term: Term, cut: frozenset[str]) -> Term:
        """Derivatives taken, definitions unfolded except those of the quantities that are cut loose."""
        key = (term, cut)
        if key not in self.memo:
            self.memo[key] = self._resolved(term, cut)
        return self.memo[key]

    def _resolved(self, term: Term, cut: frozenset[str]) -> Term:
        if term.op in ("symbol", "entry") and term.args[0] in self.definitions and term.args[0] not in cut:
            if term.args[0] in self.unfolding:
                raise OutOfReach(f"{term.args[0]} is defined through itself")
            self.unfolding.append(term.args[0])
            unfolded = self.resolve(self._definition_at(term), cut)
            self.unfolding.pop()
            return unfolded
        if term.op in ("inverse", "determinant") and term.args[0] in self.definitions:
            raise OutOfReach(f"the {term.op} of {term.args[0]}, which is defined")
        if term.op != "derivative":
            resolved = rebuild(term, lambda child: self.resolve(child, cut))
            if term.op == resolved.op == "split" and term.args[0] is not resolved.args[0]:
                _written.setdefault(resolved.args[0], term.args[0])
            return resolved
        body, variable = term.args
        inner = self.resolve(body, cut | {variable.args[0]})
        if variable.args[0] not in names_in(inner):
            raise OutOfReach(f"{variable!r} does not occur in {body!r}, {ABSENT}")
        inner = _cases_outside(inner, variable.args[0])
        slope = differentiate(inner, variable)
        if slope is not t.UNDEFINED and may_be_undefined(inner):
            slope = t.make("where", (slope, inner))
        return self.resolve(slope, cut)

    def _definition_at(self, term: Term) -> Term:
        definition = self.definitions[term.args[0]]
        indices = term.args[1] if term.op == "entry" else ()
        mapping: dict[str, Index] = {}
        for parameter, index in zip(definition.parameters, indices, strict=True):
            if isinstance(parameter, str):
                mapping[parameter] = index
            elif parameter != index:
                raise OutOfReach(f"{term!r} has no definition")
        return reindex(definition.body, mapping)


_MOST_CASES_OUTSIDE = 3


def _cases_outside(term: Term, name: str) -> Term:
    """The same value with its cases outermost, so that slopes are compared of the whole: max(0, x)^2 is smooth at 0.

    Only for guards that depend on the variable and on no bound index, and not for many of them; and for guards that
    are defined everywhere, since a guard in a case that is not taken is not looked at.
    """
    met = dict.fromkeys(node.args[0] for node in subterms(term) if node.op == "split")
    guards = [guard for guard in met if name in names_in(guard) and not _under_sum(guard)]
    guards = [guard for guard in guards if not may_be_undefined(guard)]
    if term.op == "split" and len(guards) == 1:
        return term
    if len(guards) > _MOST_CASES_OUTSIDE:
        return term
    for guard in guards:
        term = t.split(guard, *(_assuming(term, guard, sign) for sign in (1, 0, -1)))
    return term


def _under_sum(guard: Term) -> bool:
    return any("~" in index for index in guard.free)


def _assuming(term: Term, guard: Term, sign: int) -> Term:
    """The term where the guard has this sign."""

    memo: dict[Term, Term] = {}

    def change(node: Term) -> Term:
        if node not in memo:
            if node.op == "split" and node.args[0] is guard:
                memo[node] = change(node.args[1 if sign > 0 else 3 if sign < 0 else 2])
            else:
                memo[node] = rebuild(node, change)
        return memo[node]

    return change(term)


def may_be_undefined(term: Term) -> bool:
    """Whether the term holds a construct that is not defined everywhere."""
    partial = ("log", "root", "table", "undefined", "where", "join", "inverse")
    return any(node.op in partial or (node.op == "power" and node.args[1] < 0) for node in subterms(term))


def differentiate(term: Term, variable: Term) -> Term:
    """d(term)/d(variable) for a resolved term; `variable` is a symbol or an entry."""
    memo: dict[Term, Term] = {}
    name = variable.args[0]

    def d(node: Term) -> Term:
        if name not in names_in(node):
            return t.UNDEFINED if node is t.UNDEFINED else t.ZERO
        if node not in memo:
            memo[node] = _RULES[node.op](node, variable, d)
        return memo[node]

    return d(term)


_Rule = Callable[[Term, Term, Callable[[Term], Term]], Term]


def _entry(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    return _product(t.same(i, j) for i, j in zip(node.args[1], variable.args[1], strict=True))


def _mul(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    factors = node.args
    return t.add(
        _product((*factors[:position], d(factor), *factors[position + 1 :])) for position, factor in enumerate(factors)
    )


def _power(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    base, exponent = node.args
    return _product((t.number(exponent), t.power(base, exponent - 1) if exponent != 1 else t.ONE, d(base)))


def _root(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    base, exponent = node.args
    return _product((t.number(exponent), t.root(base, exponent - 1), d(base)))


def _call(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    name, u = node.args
    slopes = {
        "erf": lambda: t.mul(
            (
                t.number(2),
                t.root(t.make("constant", ("pi",)), Fraction(-1, 2)),
                t.exp(t.negative(t.power(u, 2))),
            )
        ),
        "sin": lambda: t.call("cos", u),
        "cos": lambda: t.negative(t.call("sin", u)),
    }
    return _product((slopes[name](), d(u)))


def _inverse(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    """d(X^-1)[k, l] / dX[i, j] = -X^-1[k, i] * X^-1[j, l]."""
    name, (k, last) = node.args
    i, j = variable.args[1]
    return _product((t.number(-1), t.inverse(name, k, i), t.inverse(name, j, last)))


def _determinant(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    """d det(X) / dX[i, j] = det(X) * X^-1[j, i], where X has an inverse."""
    i, j = variable.args[1]
    return _product((node, t.inverse(node.args[0], j, i)))


def _split(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    guard, positive, zero, negative = node.args
    if variable.args[0] not in names_in(guard):
        return t.split(guard, d(positive), d(zero), d(negative))
    slopes = d(positive), d(zero), d(negative)
    at_zero = t.make("join", (guard, slopes, (positive, zero, negative), d(guard)))
    return t.make("split", (guard, slopes[0], at_zero, slopes[2]))


def _table(node: Term, variable: Term, d: Callable[[Term], Term]) -> Term:
    result = t.table((condition, d(value)) for condition, value in node.args)
    for guard in {g: None for condition, _ in node.args for g in _guards(condition)}:
        if variable.args[0] in names_in(guard):
            result = t.make("split", (guard, result, t.UNDEFINED, result))
    return result


def _guards(condition: Term) -> list[Term]:
    own = [condition.args[0]] if condition.op == "split" else []
    return own + [guard for child in condition.children() for guard in _guards(child)]


def _product(factors: Any) -> Term:
    """A product in which a factor 0 (what does not depend on the variable) ends it, where all else is defined."""
    kept = tuple(factors)
    return t.ZERO if any(factor is t.ZERO for factor in kept) else t.mul(kept)


_RULES: dict[str, _Rule] = {
    "symbol": lambda node, variable, d: t.ONE,
    "entry": _entry,
    "inverse": _inverse,
    "determinant": _determinant,
    "add": lambda node, variable, d: t.add(d(a) for a in node.args),
    "mul": _mul,
    "power": _power,
    "root": _root,
    "exp": lambda node, variable, d: _product((node, d(node.args[0]))),
    "log": lambda node, variable, d: _product((t.reciprocal(node.args[0]), d(node.args[0]))),
    "call": _call,
    "applied": lambda node, variable, d: _product(
        (t.applied(node.args[0], node.args[1] + 1, node.args[2]), d(node.args[2]))
    ),
    "sum": lambda node, variable, d: (
        t.ZERO if (slope := d(node.args[2])) is t.ZERO else t.total(node.args[0], node.args[1], slope)
    ),
    "alike": lambda node, variable, d: t.alike(node.args[0], node.args[1], d(node.args[2]), d(node.args[3])),
    "split": _split,
    "table": _table,
    "where": lambda node, variable, d: t.make("where", (d(node.args[0]), node.args[1])),
    "join": lambda node, variable, d: t.UNDEFINED,
}
