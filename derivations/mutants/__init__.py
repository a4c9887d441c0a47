"""Wrong variants of the derivations, to see that none is proved by mistake."""

from .comparison import differs_numerically
from .generation import Mutant, mutants_of
from .operators import OPERATORS

__all__ = ["OPERATORS", "Mutant", "differs_numerically", "mutants_of"]
