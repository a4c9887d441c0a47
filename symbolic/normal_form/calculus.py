"""The calculus of normal forms, with what is known applied to entries and symbols."""

from __future__ import annotations

from .polynomials import Index, Poly, of_atom
from .zero_test import ZeroTest


class Calculus(ZeroTest):
    """Normal forms under given knowledge: build polynomials with its methods, then ask `is_zero`, `sign`, ..."""

    def entry(self, tensor: str, indices: tuple[Index, ...]) -> Poly:
        """An entry of a tensor, or what a linear condition says it is."""
        found = self._substituted(tensor, indices)
        return of_atom(self.atom("entry", tensor, indices)) if found is None else found

    def symbol(self, name: str) -> Poly:
        """A scalar variable, or what a linear condition says it is."""
        found = self._substituted(name, ())
        return of_atom(self.atom("symbol", name)) if found is None else found

    def _substituted(self, name: str, indices: tuple[Index, ...]) -> Poly | None:
        for tensor, pattern, quantified, value in self.known.substitutions:
            if tensor != name or len(pattern) != len(indices):
                continue
            names: dict[str, Index] = {}
            for wanted, met in zip(pattern, indices, strict=True):
                if isinstance(wanted, str) and wanted in quantified:
                    if names.setdefault(wanted, met) != met:
                        break
                elif wanted != met:
                    break
            else:
                return self.rename(value, names)
        return None
