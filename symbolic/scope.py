"""What the symbols in scope stand for while an expression is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .terms import Dimension, Index, Term


@dataclass
class Scope:
    """What the symbols in scope stand for: bound indices (name and dimension) and function parameters."""

    indices: dict[Any, tuple[Index, Dimension]] = field(default_factory=dict)
    parameters: dict[Any, Term] = field(default_factory=dict)
    #: what has been read in this scope: a part that occurs many times is read once
    terms: dict[Any, Term] = field(default_factory=dict)

    def binding(self, symbol: Any, index: Index, dimension: Dimension) -> Scope:
        parameters = {name: value for name, value in self.parameters.items() if name != symbol}
        return Scope({**self.indices, symbol: (index, dimension)}, parameters)

    def with_parameter(self, symbol: Any, value: Term) -> Scope:
        indices = {name: bound for name, bound in self.indices.items() if name != symbol}
        return Scope(indices, {**self.parameters, symbol: value})
