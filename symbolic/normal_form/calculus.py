"""The calculus of normal forms, with what is known applied to entries and symbols."""

from __future__ import annotations

from .polynomials import Index, Poly, atoms_of, of_atom
from .products import representative
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
                if quantified and self._exchanges(tensor, indices, value, names):
                    continue
                return self.rename(value, names)
        return None

    def _exchanges(self, tensor: str, indices: tuple[Index, ...], value: Poly, names: dict[str, Index]) -> bool:
        """Whether a rule such as A[i, j] = A[j, i] would put an entry's indices out of order."""
        entries = [a for a in atoms_of(value) if a.kind == "entry" and a.args[0] == tensor]
        new = [names.get(i, i) if isinstance(i, str) else i for a in entries for i in a.args[1]]
        return bool(entries) and list(map(representative, new)) >= list(map(representative, indices))
