"""Where a term is defined, and which zeros have no interior."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from .algebra import NOT_NEGATIVE
from .polynomials import ONE, Known, Monomial, Poly, add, atoms_in, is_indicator, scale, subtract, without
from .sums import Sums
from .terms import Node, Rejected, Terms, need, subterms


@dataclass(frozen=True)
class Need:
    """What must hold where a term is defined: the node is "nonzero", "positive" or "nonnegative", or nothing helps."""

    kind: str
    node: Node


class NeedSign(Rejected):
    """The sign of a guard decides what comes next, and no cell gives it."""


class Conflict(Rejected):
    """Two cases of a table may hold together with different values; if that is certain, the table itself is refuted."""

    def __init__(self, text: str, certain: bool) -> None:
        super().__init__(text)
        self.certain = certain


class Domains(Sums):
    """The algebra of a cell, with what its terms need to be defined."""

    def __init__(self, terms: Terms, known: Known) -> None:
        super().__init__(terms, known)
        self._needs: dict[Node, frozenset[Need]] = {}

    # ---- the values of cases

    def split(self, node: Node) -> Poly:
        guard, above, at, below = node.args
        poly = self.poly(guard)
        sign = self.sign(poly)
        if sign is not None:
            return self.poly(above if sign > 0 else below if sign < 0 else at)
        if guard.free <= self.known.fixed and not is_indicator(node) and not self.is_bit(poly):
            raise NeedSign(f"{guard}: a sign is needed that no cell gives")
        up, zero = self.indicators(poly)
        valued = self.has_value(at, zero)
        self.exceptional |= {} if valued else {self.node(poly): None}
        middle = self.product(zero, self.poly(at)) if valued else {}
        down = self.product(subtract(subtract(ONE, up), zero), self.poly(below))
        return add(self.product(up, self.poly(above)), middle, down)

    def has_value(self, at: Node, zero: Poly) -> bool:
        """Whether a slope at a kink has a value: values and slopes of both sides agree where the bit `zero` is 1."""
        if at.op != "join":
            return at.op != "undefined"
        _, slopes, values = at.args
        gaps = (subtract(self.poly(a), self.poly(b)) for a, b in (values[:2], values[1:], slopes))
        return all(self.is_zero(self.product(zero, gap)) for gap in gaps)

    def table(self, node: Node) -> Poly:
        """The value of the first case that holds."""
        result, left = dict[Monomial, Fraction](), ONE
        for condition, value in node.args:
            holds = self.poly(condition)
            result = add(result, self.product(left, holds, self.poly(value))) if holds else result
            left = self.product(left, subtract(ONE, holds))
        return result

    # ---- where a term is defined

    def under(self, needs: frozenset[Need]) -> Domains:
        """The algebra where these needs hold."""
        known = replace(self.known, signs=[*self.known.signs], nonzero=[*self.known.nonzero])
        algebra = Domains(self.terms, known)
        ordered = sorted(needs, key=lambda n: n.node.serial)
        for n in [*ordered, *ordered]:  # a fact may be shorter under the facts after it
            if n.kind != "nonnegative":
                algebra.learn(algebra.poly(n.node), 1 if n.kind == "positive" else None)
        return algebra

    def needs(self, node: Node) -> frozenset[Need]:
        """What must hold for the expanded term to be defined, less what the facts show."""
        if node not in self._needs:
            self._needs[node] = self._needs_of(node)
        return self._needs[node]

    def _needs_of(self, node: Node) -> frozenset[Need]:
        op, args = node.op, node.args
        if op == "undefined":
            return frozenset({Need("never", self.terms.zero)})
        if op in ("split", "table"):
            return self._needs_of_split(*args) if op == "split" else self._needs_of_table(node)
        if op == "join":
            need(self.has_value(node, ONE), f"{node}: slopes or values that are not shown to agree at a kink")
            return self.needs(args[1][0])
        explicit = range(args[1]) if op == "sum" and isinstance(args[1], int) else None
        parts = [a for a in args if isinstance(a, Node)]
        if explicit is not None:
            parts = [self.terms.reindex(args[2], {args[0]: k}) for k in explicit]
        found = frozenset().union(*map(self.needs, parts))
        if op == "power" and args[1] < 0:
            found |= self._required("nonzero", args[0])
        if op in ("log", "root"):
            found |= self._required("nonnegative" if op == "root" and args[1] > 0 else "positive", args[0])
        return found

    def _required(self, kind: str, node: Node) -> frozenset[Need]:
        poly = self.poly(node)
        sign = self.sign(poly)
        enough = {"nonzero": (1, -1), "positive": (1,), "nonnegative": (0, 1)}[kind]
        if sign in enough or (kind == "nonnegative" and self.strength(poly) == NOT_NEGATIVE):
            return frozenset()
        return frozenset({Need(kind if sign is None else "never", self.node(poly))})

    def _needs_of_split(self, guard: Node, above: Node, at: Node, below: Node) -> frozenset[Need]:
        found, sign = self.needs(guard), self.sign(self.poly(guard))
        if sign is not None:
            return found | self.needs(above if sign > 0 else below if sign < 0 else at)
        self.poly(self.terms.make("split", guard, above, at, below))  # asks for the sign if no sum binds the guard
        for value in (above, below, *([at] if at.op not in ("join", "undefined") else [])):
            need(not self.needs(value), f"{guard}: not in the checker's reach: a case that may be undefined")
        return found

    def _needs_of_table(self, node: Node) -> frozenset[Need]:
        """Cases do not overlap with different values, and leave no point uncovered."""
        found, left, met = frozenset[Need](), ONE, list[tuple[Poly, Node]]()
        for condition, value in node.args:
            holds = self.poly(condition)
            found |= self.needs(condition)
            bit = self.is_zero(self.product(holds, subtract(holds, ONE)))
            need(bit, f"{condition}: a condition that is not 0 or 1")
            if not holds:
                continue
            own = self.needs(value)
            need(holds == ONE or not own, f"{node}: not in the checker's reach: a case that may be undefined")
            found |= own
            for other, earlier in met:
                gap = self.product(holds, other, subtract(self.poly(value), self.poly(earlier)))
                if not self.is_zero(gap):
                    raise Conflict(f"{node}: two cases may hold together with different values", bool(self.sign(gap)))
            met.append((holds, value))
            left = self.product(left, subtract(ONE, holds))
        covered = self.is_zero(left)
        need(covered or not met, f"{node}: not in the checker's reach: a table that may leave points uncovered")
        return found if met else frozenset({Need("never", self.terms.zero)})

    def provable(self, wanted: Need, others: frozenset[Need]) -> bool:
        """Whether a need holds, but on a set without interior, if these others hold."""
        if wanted.kind == "never" or wanted in others:
            return wanted in others
        algebra = self.under(others)
        poly = algebra.poly(wanted.node)
        if wanted.kind == "nonzero":
            return algebra.factors_nonzero(poly) or self.thin(self.poly(wanted.node))
        if algebra.sign(poly) == 1 or (wanted.kind == "nonnegative" and algebra.strength(poly) >= NOT_NEGATIVE):
            return True
        return (
            wanted.kind == "positive" and algebra.strength(poly) == NOT_NEGATIVE and self.thin(self.poly(wanted.node))
        )

    # ---- zeros without interior

    def thin(self, poly: Poly) -> bool:
        """Whether the zeros of the polynomial have no interior: for every size, also where indices coincide.

        Shown where it is of one sign, or analytic in variables that no condition holds and not 0 throughout.  It is not
        0 throughout if that shows in the powers of one variable, or where every variable is 1.
        """
        if not poly or self.sign(poly):
            return bool(poly)
        below = subterms(self.node(poly))
        names = self.node(poly).names
        free = all(name not in self.known.held and self.known.domains[name] != "negative" for name in names)
        smooth = ("number", "constant", "symbol", "size", "entry", "add", "mul", "power", "exp", "sum")
        if not free or any(n.op not in smooth for n in below):
            return False
        at_one = [self._positive_at_one(scale(poly, s)) for s in (1, -1)]
        return any(at_one) or any(self._leads(atom, poly) for atom in atoms_in(poly))

    def _positive_at_one(self, poly: Poly) -> bool:
        """Whether every coefficient is positive, and every atom where all variables are 1."""

        def positive(atom: Node) -> bool:
            if atom.op == "sum":
                return self._positive_at_one(self.poly(atom.args[2]))
            return atom.op in ("symbol", "entry", "exp", "size", "constant")

        return all(c > 0 for c in poly.values()) and all(map(positive, atoms_in(poly)))

    def _leads(self, atom: Node, poly: Poly) -> bool:
        """Whether a variable stands nowhere but in its powers, and the highest one has a coefficient with a sign."""
        if atom.op not in ("symbol", "entry"):
            return False
        rests = {m: without(m, atom) for m in poly}
        powers = {m: Fraction(dict(m).get(atom, 0)) for m in poly}
        top = max(poly, key=lambda m: abs(powers[m]))
        alone = list(powers.values()).count(powers[top]) == 1
        return (
            alone
            and self.sign(rests[top]) is not None
            and not any(atom.args[0] in self.node(rest).names for rest in rests.values())
        )
