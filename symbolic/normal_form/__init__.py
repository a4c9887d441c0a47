"""The normal form: sparse Laurent polynomials over the rationals in atoms, for scalars and tensors of any size."""

from .calculus import Calculus

__all__ = ["Calculus"]
