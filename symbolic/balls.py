"""Rigorous evaluation of lowered expressions at a point, by ball arithmetic (python-flint's arb).

Independent of the prover: definitions are followed value by value, derivatives are taken by jets, and undefined
functions are interpreted as fixed polynomials, one for each name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b

from flint import arb

from . import jets
from .errors import OutOfReach
from .jets import Jet, NotDefined, Unclear
from .terms import Condition, Definition, Dimension, Index, Term, make


class CasesDiffer(Exception):
    """Two cases of one table hold at the point and give different values."""

    def __init__(self, left: arb, right: arb) -> None:
        super().__init__(f"{left} and {right}")
        self.left, self.right = left, right


@dataclass
class Point:
    """Sizes, index values and rational values of the variables."""

    sizes: dict[str, int] = field(default_factory=dict)
    indices: dict[str, int] = field(default_factory=dict)
    scalars: dict[str, Fraction] = field(default_factory=dict)
    tensors: dict[str, dict[tuple[int, ...], Fraction]] = field(default_factory=dict)


def interpretation(name: str) -> list[Fraction]:
    """The fixed cubic that stands for an undefined function: a (u - r) (u + s) (1 + c u).

    It takes both signs for positive and for negative u, so that it meets conditions, and grows slowly, so that values
    stay small.
    """
    seed = blake2b(name.encode(), digest_size=8).digest()
    r, s, c = Fraction(seed[0] % 5 + 2, 4), Fraction(seed[1] % 5 + 2, 4), Fraction(seed[2] % 3 + 1, 16)
    a = Fraction(seed[3] % 3 + 1 if seed[4] % 2 else -(seed[3] % 3 + 1), 8)
    return [-a * r * s, a * (s - r - c * r * s), a * (1 + c * (s - r)), a * c]


ZeroTest = Callable[[Term, dict[str, int], Point, "Evaluation"], bool]


class Evaluation:
    """Evaluates terms at one point in the current precision."""

    def __init__(self, point: Point, definitions: Mapping[str, Definition]) -> None:
        self.point = point
        self.definitions = definitions
        #: what shows that a guard whose ball holds 0 is 0 all around the point, if anything does
        self.is_zero: ZeroTest | None = None
        self.is_zero_freely: ZeroTest | None = None
        #: guards, denominators, arguments of logarithms that were exactly 0, with the index values where they were met
        self.zero_guards: dict[tuple[Term, tuple[tuple[str, int], ...]], None] = {}
        self._memo: dict[tuple[Term, tuple[int, ...], tuple[tuple[str, tuple[int, ...], int], ...]], Jet] = {}
        self._loose: tuple[tuple[str, tuple[int, ...], int], ...] = ()  # (variable, indices, eps bit)
        self._order: dict[Term, tuple[str, ...]] = {}
        self._unfolding: list[str] = []

    def value(self, term: Term, indices: Mapping[str, int]) -> arb:
        """The value, a ball that contains it."""
        return self.jet(term, dict(indices))[0]

    def jet(self, term: Term, env: dict[str, int]) -> Jet:
        names = self._order.get(term)
        if names is None:
            names = self._order[term] = tuple(sorted(term.free))
        try:
            key = (term, tuple(env[name] for name in names), self._loose)
        except KeyError as missing:
            raise OutOfReach(f"the index {missing} has no value") from missing
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._evaluate(term, env)
        return found

    def dimension(self, dimension: Dimension) -> int:
        return dimension if isinstance(dimension, int) else self.point.sizes[dimension]

    def _evaluate(self, term: Term, env: dict[str, int]) -> Jet:
        op, args = term.op, term.args
        if op == "number":
            return jets.constant(jets.ball(args[0]))
        if op == "size":
            return jets.constant(arb(self.dimension(args[0])))
        if op == "constant":
            return jets.constant(arb.pi())
        if op in ("symbol", "entry"):
            return self._variable(term, env)
        if op in ("inverse", "determinant"):
            return self._of_a_matrix(term, env)
        if op == "same":
            return jets.constant(arb(int(_at(args[0], env) == _at(args[1], env))))
        if op == "add":
            return jets.add([self.jet(a, env) for a in args])
        if op == "mul":
            return self._product(args, env)
        if op == "sum":
            index, dimension, body = args
            return jets.add([self.jet(body, {**env, index: k}) for k in range(self.dimension(dimension))])
        if op == "derivative":
            return self._derivative(term, env)
        if op in ("alike", "split", "table", "join", "where", "undefined"):
            return self._case(term, env)
        return self._function(term, env)

    def _product(self, factors: tuple[Term, ...], env: dict[str, int]) -> Jet:
        result = self.jet(factors[0], env)
        for factor in factors[1:]:
            result = jets.multiply(result, self.jet(factor, env))
        return result

    def _function(self, term: Term, env: dict[str, int]) -> Jet:
        op, args = term.op, term.args
        if op in ("power", "root", "log"):
            base = self.jet(args[0], env)
            try:
                return jets.log(base) if op == "log" else (jets.power if op == "power" else jets.root)(base, args[1])
            except NotDefined:
                if base[0] == 0:  # perhaps at this point alone
                    self.zero_guards[args[0], self._where(args[0], env)] = None
                raise
            except Unclear:
                below = op == "log" or args[1] < 0
                if below and base[0].contains(0) and self._zero_around(args[0], self._where(args[0], env)):
                    raise NotDefined("log(0)" if op == "log" else "1/0") from None
                raise
        if op == "exp":
            return jets.exp(self.jet(args[0], env))
        if op == "applied":
            return jets.polynomial(interpretation(args[0]), args[1], self.jet(args[2], env))
        if op == "call":
            argument = self.jet(args[1], env)
            return jets.error_function(argument) if args[0] == "erf" else jets.trigonometric(args[0], argument)
        raise OutOfReach(f"{op} has no numeric value")

    def _variable(self, term: Term, env: dict[str, int]) -> Jet:
        name = term.args[0]
        indices = tuple(_at(i, env) for i in term.args[1]) if term.op == "entry" else ()
        loose = [bit for variable, where, bit in self._loose if variable == name and where == indices]
        cut = next((place for place, (variable, _, _) in enumerate(self._loose) if variable == name), None)
        definition = self.definitions.get(name)
        if definition is None:
            base = {0: jets.ball(self.point.tensors[name][indices] if indices else self.point.scalars[name])}
        else:
            outer = self._loose
            if name in self._unfolding:
                raise OutOfReach(f"{name} is defined through itself")
            if cut is not None:  # independent of what it is made of, as far as this derivative is concerned
                self._loose = outer[:cut]
            self._unfolding.append(name)
            try:
                # a definition may speak of a free index of the claim, such as the true class
                base = self.jet(definition.body, {**self.point.indices, **_instance(definition, indices)})
            finally:
                self._loose = outer
                self._unfolding.pop()
        return base | {bit: arb(1) for bit in loose}

    def _of_a_matrix(self, term: Term, env: dict[str, int]) -> Jet:
        name = term.args[0]
        if name in self.definitions:
            raise OutOfReach(f"the {term.op} of {name}, which is defined")
        rows = 1 + max(row for row, _ in self.point.tensors[name])
        entries = [[self.jet(make("entry", (name, (r, c))), {}) for c in range(rows)] for r in range(rows)]
        inverse, determinant = jets.inverse(entries)
        if term.op == "determinant":
            return determinant
        i, j = (_at(index, env) for index in term.args[1])
        return inverse[i][j]

    def _derivative(self, term: Term, env: dict[str, int]) -> Jet:
        body, variable = term.args
        indices = tuple(_at(i, env) for i in variable.args[1]) if variable.op == "entry" else ()
        bit = 1 << len(self._loose)
        outer, self._loose = self._loose, (*self._loose, (variable.args[0], indices, bit))
        try:
            jet = self.jet(body, env)
        finally:
            self._loose = outer
        return {0: arb(0)} | {mask ^ bit: value for mask, value in jet.items() if mask & bit}

    # ---- cases

    def _case(self, term: Term, env: dict[str, int]) -> Jet:
        op, args = term.op, term.args
        if op == "alike":
            return self.jet(args[2] if _at(args[0], env) == _at(args[1], env) else args[3], env)
        if op == "where":
            self.jet(args[1], env)
            return self.jet(args[0], env)
        if op == "undefined":
            raise NotDefined("no case applies")
        if op == "table":
            return self._table(term, env)
        if op == "join":
            raise Unclear("a derivative at a kink")
        guard = self.jet(args[0], env)
        value = guard[0]
        if value > 0:
            return self.jet(args[1], env)
        if value < 0:
            return self.jet(args[3], env)
        where = self._where(args[0], env)
        if not value.is_zero() and not self._zero_around(args[0], where):
            raise Unclear("the sign of a guard")
        if len(guard) > 1:
            cut = any(name in self.definitions for name, _, _ in self._loose)  # it may differ from its definition
            if cut or not self._zero_around(args[0], where, freely=True):
                raise Unclear("a derivative at a kink")
        self.zero_guards[args[0], where] = None
        return self.jet(args[2], env)

    def _zero_around(self, guard: Term, where: tuple[tuple[str, int], ...], freely: bool = False) -> bool:
        """Whether a guard is 0 all around the point; a derivative moves ``freely``, off what the conditions allow."""
        shown = self.is_zero_freely if freely else self.is_zero
        return shown is not None and shown(guard, dict(where), self.point, self)

    def _where(self, term: Term, env: dict[str, int]) -> tuple[tuple[str, int], ...]:
        return tuple(sorted((name, env[name]) for name in term.free))

    def _table(self, term: Term, env: dict[str, int]) -> Jet:
        met: list[Jet] = []
        for condition, value in term.args:
            holds = self.jet(condition, env)[0]
            if holds == 0:
                continue
            if not holds == 1:
                raise Unclear("whether a case applies")
            met.append(self.jet(value, env))
            if not (met[0][0] - met[-1][0]).contains(0):
                raise CasesDiffer(met[0][0], met[-1][0])
        if not met:
            raise NotDefined("no case of the table applies")
        return met[0]

    # ---- conditions

    def holds(self, condition: Condition) -> bool | None:
        """Whether a condition holds at the point for all its indices; None where it cannot be told."""
        if condition.relation == "one-hot":
            return True  # by construction of the point
        environments: list[dict[str, int]] = [dict(self.point.indices)]
        for index, dimension in condition.quantified:
            environments = [{**env, index: k} for env in environments for k in range(self.dimension(dimension))]
        verdict: bool | None = True
        for env in environments:
            single = self._holds_at(condition, env)
            if single is False:
                return False
            verdict = None if single is None else verdict
        return verdict

    def _holds_at(self, condition: Condition, env: dict[str, int]) -> bool | None:
        try:
            value = self.value(condition.term, env)
        except NotDefined:
            return False
        except Unclear:
            return None
        zero = True if value == 0 else None if value.contains(0) else False
        if condition.relation in ("=", "!="):
            return zero if condition.relation == "=" or zero is None else not zero
        if zero:
            return condition.relation == ">="
        return True if value > 0 else False if value < 0 else None


def _at(index: Index, env: Mapping[str, int]) -> int:
    return index if isinstance(index, int) else env[index]


def _instance(definition: Definition, indices: tuple[int, ...]) -> dict[str, int]:
    return {p: i for p, i in zip(definition.parameters, indices, strict=True) if isinstance(p, str)}
