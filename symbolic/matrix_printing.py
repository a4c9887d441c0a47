"""Matrix expressions as text: the part of the blackboard's printer that speaks of whole matrices."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from .reading_order import entrywise_rank, without_sign

_MUL, _POW, _ATOM = (PRECEDENCE[kind] for kind in ("Mul", "Pow", "Atom"))


class MatrixPrinter(StrPrinter):
    """Products, entry by entry products, transposes, diagonals and functions applied to every entry."""

    signs: dict[str, str]
    names: dict[Any, str]

    # ---- matrices

    def _print_MatMul(self, e: Any) -> str:
        sign, factors = without_sign(e)
        texts = [self._open_factor(f) if place == 0 else self._factor(f) for place, f in enumerate(factors)]
        return sign + self._times(factors, texts)

    def _open_factor(self, factor: Any) -> str:
        return self.parenthesize(factor, _MUL, strict=isinstance(factor, sp.Pow | sp.Mul | sp.Rational))

    def _print_HadamardProduct(self, e: Any) -> str:
        text = ""
        for factor in sorted(e.args, key=entrywise_rank):
            divides = text and isinstance(factor, sp.HadamardPower) and factor.exp == -1
            own = self.parenthesize(factor.base if divides else factor, _MUL)
            text = own if not text else f"{text} ./ {own}" if divides else f"{text}{self.signs['hadamard']}{own}"
        return text

    def _print_HadamardPower(self, e: Any) -> str:
        return f"{self.parenthesize(e.base, _ATOM, strict=True)}.^{self.parenthesize(e.exp, _POW)}"

    def _print_Transpose(self, e: Any) -> str:
        return self.parenthesize(e.arg, _POW) + self.signs["transpose"]

    def _print_DiagMatrix(self, e: Any) -> str:
        return f"diag({self._print(e.args[0])})"

    def _print_Trace(self, e: Any) -> str:
        return f"tr({self._print(e.arg)})"

    def _print_OneMatrix(self, e: Any) -> str:
        rows, columns = e.shape
        return f"ones({self._print(rows)})" if columns == 1 else f"ones({self._print(rows)}, {self._print(columns)})"

    def _print_ZeroMatrix(self, e: Any) -> str:
        return "0"

    def _print_Identity(self, e: Any) -> str:
        return "I"

    def _print_ElementwiseApplyFunction(self, e: Any) -> str:
        """The function's own text, the matrix in the place of the number."""
        (xi,), body = e.function.variables, e.function.expr
        alone = len(body.args) == 1 and body.args[0] == xi and isinstance(body, sp.Function)
        primed = isinstance(body, sp.Subs) and body.point[0] == xi
        self.names[xi] = self._print(e.expr) if alone or primed else self.parenthesize(e.expr, _ATOM, strict=True)
        return str(self._print(body))

    def _print_MatrixBase(self, e: Any) -> str:
        rows = [", ".join(map(self._print, e.row(r))) for r in range(e.rows)]
        if e.cols == 1 and e.rows > 1:
            return f"[{', '.join(rows)}]{self.signs['transpose']}"
        return "[" + "; ".join(rows) + "]"

    _print_DenseMatrix = _print_MutableDenseMatrix = _print_ImmutableDenseMatrix = _print_MatrixBase
    _print_ImmutableMatrix = _print_MatrixBase
