"""What the generated kernels call and no proved line spells out: traced back to an expression, and decided."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from derivations.formulas.runtime import exp_difference
from symbolic import decide
from symbolic.notation import positive, scalar

_UFUNCS = {np.add: sp.Add, np.multiply: sp.Mul, np.exp: sp.exp, np.fmax: sp.Max}
_UFUNCS |= {np.subtract: lambda a, b: a - b, np.divide: lambda a, b: a / b}


class Traced(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of which only the mathematics is kept: NumPy's functions of it are expressions."""

    def __init__(self, expression: Any) -> None:
        self.expression = expression

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        assert method == "__call__"
        assert not options
        return Traced(_UFUNCS[ufunc](*(expression_of(value) for value in inputs)))


def expression_of(value: Any) -> Any:
    return value.expression if isinstance(value, Traced) else sp.sympify(value)


def test_the_exponential_of_a_difference_is_what_its_name_says() -> None:
    first, second, scale = scalar("first"), scalar("second"), positive("scale")
    traced = exp_difference(Traced(first), Traced(second), Traced(scale))  # type: ignore[arg-type]
    assert decide(traced.expression, sp.exp((first - second) / scale)).name == "PROVED"
    assert decide(traced.expression, sp.exp((second - first) / scale)).name == "REFUTED"
