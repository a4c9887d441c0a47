"""Terms as sparse Laurent polynomials over the rationals in atoms, by the rules below and the facts that are shown.

An atom is a node; a monomial is a product of (atom, exponent).  The rules, all of them between values as `terms.py`
takes them (0^-1 = 0, log(u) = log|u|, u^r = |u|^r); a bit is 0 or 1: same(i, j), [u > 0], [u = 0], a declared one.

- x^a * x^b = x^(a + b); where a + b = 0 this is 1 - [x = 0];  b^e = b for a bit b
- (c * m * D)^-1 = c^-1 * m^-1 * D^-1;  lead * D^-1 = 1 - (D - lead) * D^-1 for a D that is not 0
- N / D = (N / P) / (D / P) for a P that is not 0;  same(i, j) * F(j) = same(i, j) * F(i)
- [u > 0] * [u = 0] = 0;  [u = 0] * u = 0
- [c * u > 0] = [u > 0] for c > 0;  [-u > 0] = 1 - [u > 0] - [u = 0];  [b > 0] = b for a bit b
- exp(u + v) = exp(u) * exp(v);  log(exp(u)) = u;  log(u * v) = log(u) + log(v) if neither is 0
- u^r = exp(r * log(u)) and exp(k * log(u)) = |u|^k if u is not 0;  |u|^k = u^k for even k, or positive u
- erf(-u) = -erf(u), sin(-u) = -sin(u), cos(-u) = cos(u);  cos(u)^2 = 1 - sin(u)^2
- sin(u + v) = sin(u) * cos(v) + cos(u) * sin(v);  cos(u + v) = cos(u) * cos(v) - sin(u) * sin(v)
- a case is taken where the sign of its guard is known, else all of them times [u > 0], [u = 0] and the rest
"""

import itertools
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce

from . import polynomials
from .polynomials import ONE, Exponent, Monomial, Poly, joined, monic, monomial_of, quotient, single, total, without
from .signs import NONZERO, Signs
from .terms import Index, Node, Terms, is_indicator, key_of, need, subterms

_MOST_TERMS, _MOST_BITS, _MOST_EXPONENT, _MOST_TURNS = 20_000, 20_000, 300, 8
_RULED = ("same", "split", "entry", "add", "exp", "call")  # the atoms that a rule for products is about


class Algebra:
    """Normal forms under what is known: declarations, rules for sums, solved equations, and facts."""

    sum: Callable[[Node], Poly]  # by its own rules (`sums.py`)
    split: Callable[[Node], Poly]  # cases (`domains.py`)
    table: Callable[[Node], Poly]
    signs: Callable[[Poly], Signs]  # `positivity.py`
    signs_of_atom: Callable[[Node], Signs]
    indicators: Callable[[Poly], tuple[Poly, Poly]]

    def __init__(self, terms: Terms, fixed: Iterable[str], domains: dict[str, str]) -> None:
        self.terms, self.domains = terms, domains
        self.fixed = frozenset(fixed)  # indices of the claim; what is known holds for all values of others
        self.equal: dict[str, Index] = {}  # indices that are others, or explicit
        self.substitutions: list[tuple[Node, Node]] = []  # an entry, a sum or same(i, j), and its value
        self.facts: list[tuple[Node, Signs]] = []  # a node in normal form, the signs that it may have
        self.impossible = False  # facts that contradict each other
        self._blinds: dict[Node, str] = {}
        self.forget()

    def forget(self) -> None:
        """After new facts: what was worked out without them may become shorter."""
        self._polys: dict[Node, Poly] = {}
        self._settled: dict[Monomial, Poly] = {}
        self._polys_of_facts: dict[Node, Poly] = {}
        self._written: dict[Node, Signs] = {}
        self.exceptional: dict[Node, None] = {}  # guards whose zeros were left out

    # ---- from terms and back

    def poly(self, node: Node) -> Poly:
        if node not in self._polys:
            self.terms.spend(3)
            convert = _CONVERTERS.get(node.op, lambda self, node, *parts: single(node))
            self._polys[node] = convert(self, node, *node.args)
        return self._polys[node]

    def node(self, poly: Poly) -> Node:
        """The polynomial as a term, the same for equal ones."""
        parts = []
        for monomial, c in poly.items():
            factors = sorted((self._power_node(a, e) for a, e in monomial), key=lambda n: n.key)
            parts.append(self.terms.mul(*factors, self.terms.number(c)))
        return self.terms.add(sorted(parts, key=lambda n: n.key))

    def argument(self, poly: Poly) -> Node:
        """The reduced fraction as a term."""
        return self.node(self.reduced(poly))

    def _power_node(self, atom: Node, e: Exponent) -> Node:
        if atom.op == "exp":
            return self.terms.make("exp", self.terms.mul(self.terms.number(e), atom.args[0]))
        return self.terms.power(atom, e)

    def atom(self, op: str, *args: object) -> Poly:
        return self.as_atom(self.terms.make(op, *args))

    def as_atom(self, node: Node) -> Poly:
        return self._polys.setdefault(node, single(node))

    def value(self, node: Node) -> Poly:
        """An entry, a closed sum or same(i, j), or what a linear condition says it is."""
        if not node.free.isdisjoint(self.equal):
            return self.poly(self.terms.reindex(node, self.equal))
        for pattern, value in self.substitutions:
            names = self.matched(pattern, node)
            if names is not None:
                return self.poly(self.terms.reindex(value, names))
        return single(node)

    def nonzero(self, atom: Node) -> bool:
        return 0 not in self.signs_of_atom(atom)

    def matched(self, pattern: Node, node: Node) -> dict[str, Index] | None:
        """Indices for which the pattern is the node."""
        if pattern is node:
            return {}
        running = pattern.free - self.fixed
        if not running or pattern.op != node.op or pattern.names != node.names:
            return None
        places: dict[str, set[Index]] = {i: set() for i in running}
        entries = [[n for n in subterms(part) if n.op == "entry"] for part in (pattern, node)]
        for own, other in itertools.product(*entries):
            if own.args[0] == other.args[0]:
                for i, j in zip(own.args[1], other.args[1], strict=True):
                    places.get(i, set()).add(j)
        for chosen in itertools.islice(itertools.product(*places.values()), 50):
            names = dict(zip(places, chosen, strict=True))
            if self.terms.reindex(pattern, names).key == node.key:
                return names
        return None

    def polynomial_of(self, fact: Node) -> Poly:
        """The polynomial of a fact; none while it is worked out."""
        if fact not in self._polys_of_facts:
            self._polys_of_facts[fact] = Poly()
            self._polys_of_facts[fact] = self.poly(fact)
        return self._polys_of_facts[fact]

    # ---- products

    def product(self, *polys: Poly) -> Poly:
        result, *others = sorted(polys, key=len) or [ONE]
        for poly in others:
            self.terms.spend(1 + len(result) * len(poly))
            need(len(result) * len(poly) <= _MOST_TERMS, "not in the checker's reach: too many terms")
            pairs = itertools.product(result.items(), poly.items())
            result = total(*(c * d * self._times(m, n) for (m, c), (n, d) in pairs))
            large = any(c.numerator.bit_length() > _MOST_BITS for c in result.values())
            need(not large, "not in the checker's reach: a huge number")
        return result

    def _times(self, left: Monomial, right: Monomial) -> Poly:
        both = joined(left, right)
        kept, result = dict(both), self.settled(both)
        for atom in [a for a, _ in left if a in dict(right) and a not in kept and not self.nonzero(a)]:
            result = self.product(result, ONE - self.indicators(self.poly(atom))[1])
        return result

    def power(self, poly: Poly, exponent: Exponent) -> Poly:
        need(-_MOST_EXPONENT <= exponent <= _MOST_EXPONENT, "not in the checker's reach: a large exponent")
        if exponent != int(exponent):
            return self._root(poly, Fraction(exponent))
        return self._inverse(poly, -int(exponent)) if exponent < 0 else self.product(*[poly] * int(exponent))

    # ---- fractions

    def content(self, poly: Poly) -> tuple[Monomial, Fraction, Poly]:
        """poly = monomial * coefficient * rest, a reduced fraction; the coefficient of the lead of the rest is 1.

        No atom divides the rest, nor does a sum below the line, or one that a fact speaks of.  The coefficient is 0
        for what turns out to be 0.
        """
        if not poly:
            return (), Fraction(0), ONE
        below = [a for m in poly for a, e in m if a.op == "add" and e < 0 and self.nonzero(a)]
        if below:
            atom = max(below, key=lambda a: (a.height, a.key))
            factor, poly = self.raised(poly, atom)
            monomial, c, rest = self._divided(self.content(poly), atom)
            return joined(monomial, ((atom, -factor),)), c, rest
        exponents = [{a: e for a, e in m if not self.bit(a)} for m in poly]
        common = {a: min(x.get(a, 0) for x in exponents) for a in set().union(*exponents)}
        for a in [a for a, e in common.items() if e < 0 and not all(a in x for x in exponents) and not self.nonzero(a)]:
            del common[a]  # 1 + x^-1 = x^-1 * (x + 1) for an x that is not 0
        shared = monomial_of(common)
        rest = Poly({joined(m, shared, -1): c for m, c in poly.items()})
        settled = total(*(c * self.settled(m) for m, c in rest.items()))
        if settled and settled != rest:
            monomial, c, inner = self.content(settled)
            if not common.keys() & dict(monomial).keys():
                return joined(shared, monomial), c, inner
        divisors = [n for n, _ in self.facts if n.op == "add" and n.free <= self.fixed]
        return reduce(self._divided, [self.terms.one, *divisors], (shared, Fraction(1), rest))

    def _divided(self, content: tuple[Monomial, Fraction, Poly], divisor: Node) -> tuple[Monomial, Fraction, Poly]:
        """The content with this divisor taken out of the rest, as often as it divides it."""
        monomial, c, rest = content
        own = self.polynomial_of(divisor)
        while len(own) > 1 and (found := quotient(rest, own)) and found.atoms() and self.product(found, own) == rest:
            monomial, rest = joined(monomial, ((divisor, 1),)), found
        lead = rest[self._lead(rest)]
        return monomial, c * lead, 1 / lead * rest

    def reduced(self, poly: Poly) -> Poly:
        """The same for equal fractions."""
        if not any(a.op == "add" and e < 0 for m in poly for a, e in m):
            return poly
        monomial, c, rest = self.content(poly)
        return self.product(c * monic(monomial), rest)

    def raised(self, poly: Poly, atom: Node) -> tuple[Exponent, Poly]:
        """The polynomial times a power of an atom, so that it no more stands below the line, and the exponent."""
        factor = -min(dict(m).get(atom, 0) for m in poly)
        powers = {m: self.settled(monomial_of({atom: dict(m).get(atom, 0) + factor})) for m in poly}
        return factor, total(*(c * self.product(without(m, atom), powers[m]) for m, c in poly.items()))

    def cleared(self, poly: Poly, allowed: Signs = NONZERO) -> Poly:
        """Multiplied by what stands below the line and is shown to have one of these signs."""
        below = [a for m in poly for a, e in m if e < 0 and self.signs_of_atom(a) <= allowed]
        if not below:
            return poly
        return self.cleared(self.raised(poly, max(below, key=lambda a: (a.op == "add", a.height, a.key)))[1], allowed)

    def _lead(self, poly: Poly) -> Monomial:
        """The first term in an order that does not see the names of indices; what depends on a bound one leads."""

        def rank(a: Node, e: Exponent) -> tuple[int, str, Exponent]:
            if a not in self._blinds:
                self._blinds[a] = key_of(a, {i: str(self.terms.ranges[i]) for i in a.free}, {})
            return 2 * (not a.free <= self.fixed) + bool(a.free), self._blinds[a], e

        return max(poly, key=lambda m: (sorted((rank(a, e) for a, e in m), reverse=True), sorted(a.key for a, _ in m)))

    def _inverse(self, poly: Poly, exponent: int) -> Poly:
        if not poly or self.is_bit(poly):
            return poly
        monomial, c, rest = self.content(poly)
        if not c:
            return Poly()
        parts = [self.settled(monomial_of({atom: -e * exponent})) for atom, e in monomial]
        parts += [single(self.node(rest), -exponent)] if rest != ONE else []
        return (1 / c) ** exponent * self.product(*parts)

    def settled(self, monomial: Monomial) -> Poly:
        """The monomial after the rules of products."""
        if monomial not in self._settled:
            self.terms.spend(3 + len(monomial) ** 2 // 8)
            ruled = [(a, e) for a, e in monomial if a.op in _RULED and (a.op != "exp" or a.args[0].op == "log")]
            replaced = (self._ruled(a, e, without(monomial, a)) for a, e in ruled)
            found = next((poly for poly in replaced if poly is not None), None)
            self._settled[monomial] = monic(monomial) if found is None else found
        return self._settled[monomial]

    def _ruled(self, atom: Node, e: Exponent, rest: Poly) -> Poly | None:
        """What a rule makes of atom^e * rest."""
        op, args, others = atom.op, atom.args, [a for m in rest for a, _ in m]
        if self.bit(atom) and e != 1:
            return self.product(single(atom), rest)
        if op == "same":
            return self._where_equal(atom, rest)
        if is_indicator(atom) and args[2] is self.terms.one:
            below = self.terms.indicator(args[0]) in others
            return Poly() if below else self._less_lead(atom, 1, rest, self.poly(args[0]))
        if op == "add":
            if e < 0 and self.nonzero(atom):
                return self._less_lead(atom, e, rest, self.poly(atom))
            return self.product(rest, self.power(self.poly(atom), int(e))) if e > 0 else None
        if op == "exp" and args[0].op == "log":
            return self._whole_power(atom, e, rest, args[0].args[0])
        if op == "call" and args[0] == "cos" and e > 1:
            sine = self.atom("call", "sin", args[1])
            return self.product(rest, single(atom, e - 2), ONE - self.product(sine, sine))
        return None

    def bit(self, atom: Node) -> bool:
        return atom.op == "same" or is_indicator(atom) or (atom.op == "entry" and self.domains[atom.args[0]] == "bit")

    def is_bit(self, poly: Poly) -> bool:
        return all(map(self.bit, poly.atoms())) and len(poly) < 5 and self.product(poly, poly) == poly

    def _where_equal(self, same: Node, rest: Poly) -> Poly | None:
        """same(i, j) * rest with i in the place of j, and with what is known to be a number for j."""
        ((monomial, _),), (i, j) = rest.items(), sorted(same.args, key=self.order)
        if any(j in a.free for a, _ in monomial):
            return self.product(single(same), self.rename(rest, {j: i}))
        for a, e in [(a, e) for a, e in monomial if i in a.free and j in self.fixed]:
            value = self.poly(self.terms.reindex(a, {i: j}))
            if not value.atoms():
                return self.product(single(same), self.power(value, e), without(monomial, a))
        return None

    def order(self, i: Index) -> tuple[int, str]:
        """Explicit positions first, then the claim's indices, then bound ones."""
        return 0 if isinstance(i, int) else 1 if i in self.fixed else 2, str(i)

    def _less_lead(self, atom: Node, e: Exponent, rest: Poly, poly: Poly) -> Poly | None:
        """[u = 0] * lead = [u = 0] * (lead - u), and lead * D^e = D^(e + 1) + (lead - D) * D^e, if a lead is there."""
        ((monomial, _),), lead = rest.items(), self._lead(poly) if poly else ()
        if not lead or not all(dict(monomial).get(a, 0) >= x > 0 for a, x in lead):
            return None
        left = monomial_of({a: x - dict(lead).get(a, 0) for a, x in monomial})
        others = self.product(single(atom, e), poly[lead] * monic(lead) - poly)
        whole = single(atom, e + 1) if atom.op == "add" else Poly()
        return 1 / poly[lead] * self.product(monic(left), total(whole, others))

    def rename(self, poly: Poly, names: dict[str, Index]) -> Poly:
        """The polynomial with free indices replaced (all at once)."""
        return self.poly(self.terms.reindex(self.node(poly), names))

    # ---- functions

    def exponential(self, poly: Poly) -> Poly:
        parts = [(self.terms.make("exp", self.node(monic(m))), c) for m, c in self.reduced(poly).items()]
        return self.product(*(self.settled(monomial_of({atom: c})) for atom, c in parts))

    def _logarithm(self, poly: Poly) -> Poly:
        monomial, c, rest = self.content(poly)
        if not c:
            return Poly()
        factors = [*monomial, *((self.terms.number(p), e) for p, e in polynomials.prime_powers(abs(c)))]
        factors += [(self.node(rest), 1)] if rest != ONE else []
        if len(factors) > 1 and not all(self.nonzero(a) for a, _ in factors):
            return self.atom("log", self.argument(poly))
        return total(*(e * (self.poly(a.args[0]) if a.op == "exp" else self.atom("log", a)) for a, e in factors))

    def _root(self, poly: Poly, exponent: Fraction) -> Poly:
        if poly and 0 not in self.signs(poly):
            return self.exponential(exponent * self._logarithm(poly))
        return self.atom("power", self.argument(poly), exponent) if poly else poly

    def _whole_power(self, atom: Node, e: Exponent, rest: Poly, base: Node) -> Poly | None:
        """exp(log(u))^e without exp and log, as far as it goes."""
        poly, whole = self.poly(base), int(e // 1)
        signs = self.signs(poly)
        if not whole or 0 in signs or (len(signs) > 1 and whole % 2):
            return None
        return self.product(rest, self.power(min(signs) * poly, whole), single(atom, e - whole))

    def _call(self, name: str, poly: Poly) -> Poly:
        if name == "erf":
            direction = 1 if not poly or self.content(poly)[1] > 0 else -1
            return direction * self.atom("call", name, self.node(direction * self.reduced(poly))) if poly else poly
        sine, cosine = Poly(), ONE
        for monomial, c in self.reduced(poly).items():
            times = abs(c.numerator) if abs(c.numerator) <= _MOST_TURNS else 1
            angle = self.node(abs(c) / times * monic(monomial))
            turned = (1 if c > 0 else -1) * self.atom("call", "sin", angle), self.atom("call", "cos", angle)
            for _ in range(times):
                sine, cosine = self._turned((sine, cosine), turned)
        return sine if name == "sin" else cosine

    def _turned(self, first: tuple[Poly, Poly], second: tuple[Poly, Poly]) -> tuple[Poly, Poly]:
        (s, c), (t, d) = first, second
        return total(self.product(s, d), self.product(c, t)), self.product(c, d) - self.product(s, t)


_CONVERTERS: dict[str, Callable[..., Poly]] = {
    "number": lambda self, node, value: value * ONE,
    "size": lambda self, node, value: value * ONE if isinstance(value, int) else single(node),
    "entry": lambda self, node, tensor, indices: self.value(node),
    "same": lambda self, node, i, j: self.value(node),
    "add": lambda self, node, *parts: total(*map(self.poly, parts)),
    "mul": lambda self, node, *parts: self.product(*map(self.poly, parts)),
    "power": lambda self, node, base, exponent: self.power(self.poly(base), exponent),
    "exp": lambda self, node, u: self.exponential(self.poly(u)),
    "log": lambda self, node, u: self._logarithm(self.poly(u)),
    "call": lambda self, node, name, u: self._call(name, self.poly(u)),
    "applied": lambda self, node, name, order, u: self.atom("applied", name, order, self.argument(self.poly(u))),
    "sum": lambda self, node, index, body: self.sum(node),
    "where": lambda self, node, value, body: self.poly(value),
    "join": lambda self, node, guard, slopes, values, of_guard: self.poly(slopes[0]),
    "split": lambda self, node, *parts: self.split(node),
    "table": lambda self, node, *cases: self.table(node),
}
