"""Where a term is defined, and which zeros have no interior."""

import itertools
from collections.abc import Iterable

from .polynomials import ONE, Exponent, Monomial, Poly, total
from .positivity import Fact
from .signs import NONNEGATIVE, NONZERO, POSITIVE, ZERO, Signs
from .sums import Sums
from .terms import Conflict, Node, Rejected, children, is_indicator, need, subterms

Needs = frozenset[Fact]  # what must hold where a term is defined; no sign is allowed for one that nowhere is


class Domains(Sums):
    """The algebra of a cell, with what its terms need to be defined."""

    def forget(self) -> None:
        super().forget()
        self._needs: dict[Node, Needs] = {}
        self._never = Needs({(self.terms.zero, frozenset())})

    # ---- the values of cases

    def split(self, node: Node) -> Poly:
        guard, above, at, below = node.args
        poly = self.poly(guard)
        sign = self.sign(poly)
        if sign is not None:
            return self.poly(above if sign > 0 else below if sign < 0 else at)
        if guard.free <= self.fixed and not is_indicator(node) and not self.is_bit(poly):
            raise Rejected(f"{guard}: a sign is needed that no cell gives")
        up, zero = self.indicators(poly)
        valued = self.has_value(at, zero)
        self.exceptional |= {} if valued else {self.node(poly): None}
        middle = self.product(zero, self.poly(at)) if valued else Poly()
        down = self.product(ONE - up - zero, self.poly(below))
        return total(self.product(up, self.poly(above)), middle, down)

    def has_value(self, at: Node, zero: Poly) -> bool:
        """Whether a slope at a kink has a value: values and slopes of both sides agree where the bit `zero` is 1.

        So does the slope of the case at 0 where the guard may stay 0: values may agree by a condition alone.
        """
        if at.op != "join":
            return at.op != "undefined"
        _, slopes, values, of_guard = at.args
        flat = 0 in self.signs(self.poly(of_guard))
        pairs = (values[:2], values[1:], slopes[::2], *([slopes[:2]] if flat else []))
        return all(self.is_zero(self.product(zero, self.poly(a) - self.poly(b))) for a, b in pairs)

    def table(self, node: Node) -> Poly:
        """The value of the first case that holds."""
        result, left = Poly(), ONE
        for condition, value in node.args:
            holds = self.poly(condition)
            result = total(result, self.product(left, holds, self.poly(value))) if holds else result
            left = self.product(left, ONE - holds)
        return result

    # ---- where a term is defined

    def needs(self, node: Node) -> Needs:
        """What must hold for the expanded term to be defined, less what the facts show."""
        if node not in self._needs:
            self._needs[node] = self._needs_of(node)
        return self._needs[node]

    def _needs_of(self, node: Node) -> Needs:
        op, args = node.op, node.args
        if op == "undefined":
            return self._never
        if op in ("split", "table"):
            return self._needs_of_split(*args) if op == "split" else self._needs_of_table(node)
        if op == "join":
            need(self.has_value(node, ONE), f"{node}: slopes or values that are not shown to agree at a kink")
            return frozenset().union(*map(self.needs, (*args[1], *args[2])))
        explicit = self.terms.ranges[args[0]] if op == "sum" else ""
        parts = [a for a in args if isinstance(a, Node)]
        if isinstance(explicit, int):
            parts = [self.terms.reindex(args[1], {args[0]: k}) for k in range(explicit)]
        found = frozenset().union(*map(self.needs, parts))
        if op == "log" or (op == "power" and args[1].denominator > 1):
            return found | self._required(args[0], POSITIVE if op == "log" or args[1] < 0 else NONNEGATIVE)
        return found | self._required(args[0], NONZERO) if op == "power" and args[1] < 0 else found

    def _required(self, node: Node, allowed: Signs) -> Needs:
        poly = self.poly(node)
        signs, written = self.signs(poly), self.as_written(node)
        if not signs & allowed:
            return self._never
        shown = (node, written) if written <= allowed else (self.node(poly), allowed)
        return Needs() if signs <= allowed else Needs({shown})

    def _needs_of_split(self, guard: Node, above: Node, at: Node, below: Node) -> Needs:
        found, sign = self.needs(guard), self.sign(self.poly(guard))
        if sign is not None:
            return found | self.needs(above if sign > 0 else below if sign < 0 else at)
        self.poly(self.terms.make("split", guard, above, at, below))  # asks for the sign if no sum binds the guard
        for value in (above, below, *([at] if at.op not in ("join", "undefined") else [])):
            always = all(self.as_written(wanted) <= allowed for wanted, allowed in self.needs(value))
            need(always, f"{guard}: not in the checker's reach: a case that may be undefined")
            found |= self.needs(value)
        return found

    def _needs_of_table(self, node: Node) -> Needs:
        """Cases do not overlap with different values, and leave no point uncovered."""
        found, left, met = Needs(), ONE, list[tuple[Poly, Node]]()
        for condition, value in node.args:
            holds = self.poly(condition)
            found |= self.needs(condition)
            need(self.is_zero(self.product(holds, holds - ONE)), f"{condition}: a condition that is not 0 or 1")
            if not holds:
                continue
            own = self.needs(value)
            need(holds == ONE or not own, f"{node}: not in the checker's reach: a case that may be undefined")
            found |= own
            gaps = (self.product(holds, other, self.poly(value) - self.poly(earlier)) for other, earlier in met)
            if not all(map(self.is_zero, gaps)):
                raise Conflict(f"{node}: two cases may hold together with different values")
            met.append((holds, value))
            left = self.product(left, ONE - holds)
        need(not met or self.is_zero(left), f"{node}: not in the checker's reach: points that may be left uncovered")
        return found if met else self._never

    def reached(self, nodes: list[Node]) -> list[Node]:
        """The nodes and what is below them, but for cases that are not taken."""

        def below(n: Node) -> Iterable[Node]:
            sign = self.sign(self.poly(n.args[0])) if n.op == "split" else None
            return children(n.args) if sign is None else [n.args[0], n.args[(2, 1, 3)[sign]]]

        return subterms(*nodes, below=below)

    def provable(self, wanted: Fact, others: Needs) -> bool:
        """Whether a need holds, but on a set without interior, if these others hold."""
        node, allowed = wanted
        if not allowed or wanted in others:
            return wanted in others
        if self.as_written(node) <= allowed:
            return True
        algebra = self.under(others)
        missing = algebra.signs(algebra.poly(node)) - allowed
        return not missing or (missing == ZERO and self.thin(self.poly(node)))

    # ---- zeros without interior

    def thin(self, poly: Poly) -> bool:
        """Whether the zeros of the polynomial have no interior: for every size, also where indices coincide.

        Shown where it is not 0, or analytic in variables that no condition holds and not 0 throughout, whatever the
        others are.  It is not if the terms with the same powers of some of them have one sign where all of them are 1.
        """
        if not poly or 0 not in self.signs(poly):
            return bool(poly)
        node = self.node(poly)
        varied = {name for name in node.names - self.held if self.domains[name] not in ("negative", "bit")}
        smooth = ("number", "constant", "size", "entry", "add", "mul", "exp", "sum")
        others = [n for n in subterms(node) if n.op not in smooth and n.names & varied]
        if not all(n.op == "power" and n.args[1].denominator == 1 for n in others):
            return False
        entries = [n for n in subterms(node) if n.op == "entry"]
        self._apart = {name for name in node.names if self._differ([n for n in entries if n.args[0] == name])}
        inner, groups = self._inner(poly) | (node.names - varied), dict[frozenset[tuple[str, Exponent]], Poly]()
        for monomial, c in poly.items():
            groups.setdefault(self._degrees(monomial, inner), Poly())[monomial] = c
        varying = [group for group in groups.values() if all(a.names <= varied for a in group.atoms())]
        return any(self._positive_at_one(s * group) for group in varying for s in (1, -1))

    def _differ(self, entries: list[Node]) -> bool:
        """Whether these entries of one tensor are shown to stand at different places."""
        pairs = (zip(a.args[1], b.args[1], strict=True) for a, b in itertools.combinations(entries, 2))
        return all(any(not self.poly(self.terms.same(i, j)) for i, j in pair) for pair in pairs)

    def _inner(self, poly: Poly) -> frozenset[str]:
        """The variables inside exponentials, denominators and sums of several terms."""
        found = frozenset[str]()
        for atom in poly.atoms():
            body = self.poly(atom.args[1]) if atom.op == "sum" else Poly()
            found |= self._inner(body) if len(body) == 1 else atom.names if atom.op != "entry" else frozenset()
        return found

    def _degrees(self, monomial: Monomial, inner: frozenset[str]) -> frozenset[tuple[str, Exponent]]:
        """The powers of the other variables, all entries of a tensor taken as one unless they are apart."""
        degrees = dict[str, Exponent]()
        for atom, e in monomial:
            own = set[tuple[str, Exponent]]()
            if atom.op == "entry" and atom.args[0] not in inner:
                own = {(atom.key if atom.args[0] in self._apart else atom.args[0], 1)}
            if atom.op == "sum" and not atom.names <= inner:
                own = {pair for body in self.poly(atom.args[1]) for pair in self._degrees(body, inner)}
            for name, k in own:
                degrees[name] = degrees.get(name, 0) + k * e
        return frozenset((name, k) for name, k in degrees.items() if k)

    def _positive_at_one(self, poly: Poly) -> bool:
        """Whether every coefficient is positive, and every atom where all variables are 1."""
        atoms, positive = poly.atoms(), ("sum", "add", "entry", "exp", "size", "constant")
        plain = all(c > 0 for c in poly.values()) and all(a.op in positive for a in atoms)
        bodies = [a.args[1] if a.op == "sum" else a for a in atoms if a.op in ("sum", "add")]
        return plain and all(self._positive_at_one(self.poly(body)) for body in bodies)
