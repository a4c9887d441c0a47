"""How the parts of an expression are read: in which order, with which sign, and where a softmax stands."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from .notation import Gradient, Jacobian, Partial


def is_slope(e: Any) -> bool:
    return isinstance(e, Partial | Gradient | Jacobian | sp.Derivative)


def is_primed_function(e: Any) -> bool:
    """Whether this is a derivative f'(x) of an undefined function by its own argument."""
    return (
        isinstance(e, sp.Derivative)
        and isinstance(e.expr, AppliedUndef)
        and e.expr.args == (e.variables[0],)
        and len(e.variable_count) == 1
    )


def below_the_bar(factor: Any) -> Any:
    """What stands below the bar for a factor with a negative exponent; None for any other factor.

    A kept sum to a negative power stays a power, as it was written.
    """
    if not isinstance(factor, sp.Pow) or not factor.exp.is_Rational or not factor.exp < 0:
        return None
    if is_kept_sum(factor.base):
        return None
    return factor.base if factor.exp == -1 else sp.Pow(factor.base, -factor.exp, evaluate=False)


def entrywise_rank(factor: Any) -> int:
    """Products of matrices, then what has a name, then sums, then what divides."""
    if isinstance(factor, sp.HadamardPower) and factor.exp == -1:
        return 3
    return 0 if isinstance(factor, sp.MatMul) else 2 if isinstance(factor, sp.MatAdd) else 1


def is_kept_sum(e: Any) -> bool:
    return isinstance(e, sp.UnevaluatedExpr) and isinstance(e.args[0], sp.Add)


def begins_with_minus(e: Any) -> bool:
    """Whether the text begins with a minus."""
    if isinstance(e, sp.UnevaluatedExpr):
        return begins_with_minus(e.args[0])
    if isinstance(e, sp.Mul | sp.MatMul):
        return bool(without_sign(e)[0])
    return bool(e.is_number and e.is_negative)


def without_sign(e: Any) -> tuple[str, list[Any]]:
    """A product as its sign and its factors without it."""
    factors = list(e.args)
    first = factors[0]
    if first.is_Number and first.is_negative:
        return "-", ([] if first == -1 and len(factors) > 1 else [-first]) + factors[1:]
    if isinstance(e, sp.MatMul) and isinstance(first, sp.Mul) and begins_with_minus(first):
        return "-", [-first, *factors[1:]]
    return "", factors


_MOST_DIGITS = 64  # SELU's constants have 31, their product 62
_LARGEST_FRACTION = 16  # 3/16 is a fraction as people write it, 88/125 was a decimal


def decimal(e: Any, most_digits: int = _MOST_DIGITS) -> str:
    """A rational as a decimal, where it is one exactly and its denominator says that it was written so; else ""."""
    denominator = int(e.q)
    digits = next((d for d in range(most_digits + 1) if 10**d % denominator == 0), 0)
    if digits == 0 or (denominator % 10 != 0 and denominator <= _LARGEST_FRACTION):
        return ""
    scaled = abs(int(e.p)) * 10**digits // denominator
    whole = str(scaled).zfill(digits + 1)
    return f"{'-' if e.p < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    return name


def restricted(e: Any) -> tuple[Any, Any]:
    """The body of a sum, and the condition k != other that its terms are restricted to, if there is one."""
    body = e.function
    if isinstance(body, sp.Piecewise) and len(body.args) == 2 and body.args[1] == (0, sp.true):
        value, condition = body.args[0]
        apart = isinstance(condition, sp.Ne) and condition.lhs != condition.rhs  # k != k restricts to nothing
        if apart and any(limits[0] in condition.args for limits in e.limits):
            return value, condition
    return body, None


def in_reading_order(factors: list[Any]) -> list[Any]:
    """Numbers, names, kept groups, functions, sums of terms, logarithms, derivatives along their chain, and last the
    sum over an index, which reaches to the end.
    """

    def rank(factor: Any) -> int:
        inner = factor.args[0] if isinstance(factor, sp.UnevaluatedExpr) else factor
        if factor.is_number:
            return 0
        if inner is not factor and not isinstance(inner, sp.Add):
            return 2
        kinds = ((MatrixElement | sp.Symbol, 1), (sp.Add, 4), (sp.log, 5), (sp.Sum, 7))
        return 6 if is_slope(inner) else next((place for kind, place in kinds if isinstance(inner, kind)), 3)

    ordered = sorted(factors, key=rank)
    slopes = [f for f in ordered if isinstance(f, Partial)]
    chained = iter(_chain(slopes))
    return [next(chained) if isinstance(f, Partial) else f for f in ordered]


def _chain(slopes: list[Any]) -> list[Any]:
    """dA/dB before dB/dC."""
    done: list[Any] = []

    def put(slope: Any) -> None:
        if slope not in done:
            done.append(slope)
            for after in slopes:
                if after.args[0] == slope.args[1]:
                    put(after)

    inner = {slope.args[1] for slope in slopes}
    for slope in sorted(slopes, key=lambda s: s.args[0] in inner):
        put(slope)
    return done


# ---- softmax, which SymPy keeps as exp(z[i]) times the reciprocal of a sum over an index without a name


def softmaxes(factors: list[Any]) -> tuple[list[tuple[Any, Any, int]], list[Any]]:
    """(z, i, power) for every softmax among the factors of a product, and the factors that are left."""
    found: list[tuple[Any, Any, int]] = []
    rest = list(factors)
    for factor in factors:
        divisor = _softmax_divisor(factor)
        if divisor is None:
            continue
        z, power = divisor
        for other in rest:
            i = _exponent_entry(other, z, power)
            if i is not None:
                rest.remove(other)
                rest.remove(factor)
                found.append((z, i, power))
                break
    return found, rest


def _softmax_divisor(factor: Any) -> tuple[Any, int] | None:
    """(z, p) for the reciprocal of (sum over a nameless k of exp(z[k]))^p."""
    if not isinstance(factor, sp.Pow) or not factor.exp.is_Integer or factor.exp > 0:
        return None
    total = factor.base
    if not isinstance(total, sp.Sum) or len(total.limits) != 1 or not isinstance(total.limits[0][0], sp.Dummy):
        return None
    entry = total.function.args[0] if isinstance(total.function, sp.exp) else None
    if not isinstance(entry, MatrixElement) or entry.indices != (total.limits[0][0], 0):
        return None
    return entry.parent, -int(factor.exp)


def _exponent_entry(factor: Any, z: Any, power: int) -> Any:
    """i where the factor is exp(z[i])^power."""
    if not isinstance(factor, sp.exp):
        return None
    coefficient, entry = factor.args[0].as_coeff_Mul()
    if coefficient == power and isinstance(entry, MatrixElement) and entry.parent == z and entry.indices[1] == 0:
        return entry.indices[0]
    return None


def is_softmax(e: Any) -> bool:
    found, rest = softmaxes(list(e.args) if isinstance(e, sp.Mul) else [e])
    return len(found) == 1 and found[0][2] == 1 and not rest
