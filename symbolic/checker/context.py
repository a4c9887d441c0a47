"""What a claim declares and gives, as an algebra in which it may be used."""

from __future__ import annotations

from .domains import Domains
from .expansion import Expansion
from .facts import Fact
from .reading import Claim
from .signs import RELATIONS
from .terms import Index, Terms, subterms


class Context:
    """The declarations and conditions of a claim."""

    def __init__(self, claim: Claim, terms: Terms) -> None:
        self.claim, self.terms, self.expansion = claim, terms, Expansion(claim, terms)
        self.sides = [self.expansion.expand(side) for side in (claim.left, claim.right)]

    def algebra(self, equal: dict[str, Index]) -> Domains:
        """The algebra where indices of the claim are explicit ones or equal to others.

        Variables that a condition may hold on a set without interior are noted as held.
        """
        domains = {name: domain for name, (_, domain) in self.claim.variables.items()}
        algebra, facts = Domains(self.terms, self.claim.free, domains), list[Fact]()
        for relation, condition, _ in self.claim.conditions:
            term = self.expansion.expand(condition)
            if relation in ("=", ">=") or any(n.op in ("split", "table", "same") for n in subterms(term)):
                algebra.held |= term.names
            facts.append((term, RELATIONS[relation]))
        algebra.equal = equal
        return algebra.under(facts)
