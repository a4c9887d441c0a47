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

    def binding(self, symbol: Any, index: Index, dimension: Dimension) -> Scope:
        return Scope({**self.indices, symbol: (index, dimension)}, self.parameters)

    def with_parameter(self, symbol: Any, value: Term) -> Scope:
        return Scope(self.indices, {**self.parameters, symbol: value})
