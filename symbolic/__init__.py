"""What a derivation is and how a step is decided."""

from .lowering import lower

__all__ = ["lower"]
