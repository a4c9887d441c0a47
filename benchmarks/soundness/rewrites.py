"""True rewrites of scalar nodes: each gives an equal expression that is defined at the same points, or None.

Equality may fail, or a slope be missing, on edges of cases only, which have no interior.  That is what the rules of a
textbook say; the prover has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import rebuild, times
from symbolic.notation import Cases, relu, sigmoid, softplus

from .grammar import Grammar, P, apply, negative, plus, power, product_of, quotient
from .sum_rewrites import (
    all_but_one,
    matrix_entry,
    mean,
    pick_by_delta,
    product_of_sums,
    renamed_bound_index,
    sum_term_by_term,
    sums_exchanged,
    times_probability,
)

__all__ = ["REWRITES", "is_positive"]

Rewrite = Callable[[Any, Grammar], Any]
HALF = sp.Rational(1, 2)


def is_positive(u: Any) -> bool:
    """Whether every value is positive, by the shape of the expression."""
    if u.is_Number or u.is_Symbol:
        return bool(u.is_positive)
    if isinstance(u, MatrixElement):
        return bool(u.parent == P)
    if isinstance(u, sp.exp | sigmoid | sp.cosh):
        return True
    if isinstance(u, sp.Add):
        return any(map(is_positive, u.args)) and all(is_positive(a) or _is_square(a) for a in u.args)
    if isinstance(u, sp.Mul):
        return all(map(is_positive, u.args))
    if isinstance(u, sp.Pow):
        return is_positive(u.base)
    if isinstance(u, sp.Sum):
        return is_positive(u.args[0])
    return isinstance(u, sp.UnevaluatedExpr) and is_positive(u.args[0])


def _is_square(u: Any) -> bool:
    return isinstance(u, sp.Pow) and bool(u.exp.is_Integer and u.exp > 0 and u.exp % 2 == 0)


# ---- algebra


def add_and_take_away(u: Any, g: Grammar) -> Any:
    w = g.real(1)
    return plus(u, w, negative(w))


def times_one(u: Any, g: Grammar) -> Any:
    p = g.positive(1)
    return quotient(product_of(u, p), p)


def distribute(u: Any, g: Grammar) -> Any:
    if not isinstance(u, sp.Mul):
        return None
    position = next((k for k, a in enumerate(u.args) if isinstance(a, sp.Add)), None)
    if position is None:
        return None
    rest = u.args[:position] + u.args[position + 1 :]
    return plus(*(product_of(*rest, term) for term in u.args[position].args))


def factor_out(u: Any, g: Grammar) -> Any:
    p = g.positive(0)
    return product_of(p, plus(*(quotient(a, p) for a in u.args))) if isinstance(u, sp.Add) else None


def square_out(u: Any, g: Grammar) -> Any:
    if not (isinstance(u, sp.Pow) and u.exp.is_Integer and 2 <= u.exp <= 3):
        return None
    if isinstance(u.base, sp.Add) and len(u.base.args) == 2 and u.exp == 2:
        a, b = u.base.args
        return plus(power(a, 2), product_of(sp.Integer(2), a, b), power(b, 2))
    return product_of(*[sp.UnevaluatedExpr(u.base)] * int(u.exp))


def difference_of_squares(u: Any, g: Grammar) -> Any:
    if not (isinstance(u, sp.Pow) and u.exp == 2):
        return None
    w = g.real(0)
    return plus(product_of(plus(u.base, w), plus(u.base, negative(w))), power(w, 2))


def common_denominator(u: Any, g: Grammar) -> Any:
    if not isinstance(u, sp.Add) or len(u.args) < 2:
        return None
    p, q = g.positive(0), g.positive(1)
    a, *rest = u.args
    return quotient(plus(product_of(a, p, q), product_of(plus(*rest), q, p)), product_of(p, q))


def partial_fractions(u: Any, g: Grammar) -> Any:
    p, q = g.positive(0), g.positive(0)
    parts = plus(quotient(sp.S.One, p), quotient(sp.S.One, q))
    return product_of(u, parts, quotient(product_of(p, q), plus(p, q)))


def keep_as_written(u: Any, g: Grammar) -> Any:
    return sp.UnevaluatedExpr(u)


# ---- exponentials, logarithms, roots


def exponential_of_a_sum(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.exp) and isinstance(u.args[0], sp.Add):
        return product_of(*(apply(sp.exp, a) for a in u.args[0].args))
    if isinstance(u, sp.exp):
        w = g.real(0)
        return quotient(apply(sp.exp, plus(u.args[0], w)), apply(sp.exp, w))
    return None


def exponential_as_power(u: Any, g: Grammar) -> Any:
    return power(apply(sp.exp, times(sp.Rational(1, 2), u.args[0])), 2) if isinstance(u, sp.exp) else None


def logarithm_of_a_product(u: Any, g: Grammar) -> Any:
    if not isinstance(u, sp.log):
        return None
    (v,) = u.args
    if isinstance(v, sp.Mul) and is_positive(v):
        return plus(*(apply(sp.log, a) for a in v.args))
    if isinstance(v, sp.Pow) and is_positive(v.base):
        return product_of(v.exp, apply(sp.log, v.base))
    p = g.positive(0)
    return plus(apply(sp.log, product_of(v, p)), negative(apply(sp.log, p))) if is_positive(v) else None


def through_the_logarithm(u: Any, g: Grammar) -> Any:
    if is_positive(u) and g.chance(0.5):
        return apply(sp.exp, apply(sp.log, u))
    return apply(sp.log, apply(sp.exp, u))


def through_the_root(u: Any, g: Grammar) -> Any:
    if not is_positive(u):
        return None
    return power(power(u, HALF), 2) if g.chance(0.5) else power(power(sp.UnevaluatedExpr(u), 2), HALF)


def root_of_a_product(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.Pow) and not u.exp.is_Integer and u.exp.is_Rational and is_positive(u.base):
        if isinstance(u.base, sp.Mul):
            return product_of(*(power(a, u.exp) for a in u.base.args))
        return product_of(power(u.base, u.exp - 1), u.base)
    return None


def power_by_exponential(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.Pow) and is_positive(u.base) and u.exp.is_Rational:
        return apply(sp.exp, product_of(u.exp, apply(sp.log, u.base)))
    return None


# ---- named functions


def hyperbolic(u: Any, g: Grammar) -> Any:
    if not isinstance(u, sp.tanh | sp.sinh | sp.cosh):
        return None
    (v,) = u.args
    up, down = apply(sp.exp, v), apply(sp.exp, negative(v))
    odd, even = times(HALF, plus(up, negative(down))), times(HALF, plus(up, down))
    if isinstance(u, sp.sinh):
        return odd if g.chance(0.6) else negative(apply(sp.sinh, negative(v)))
    if isinstance(u, sp.cosh):
        return even if g.chance(0.6) else apply(sp.cosh, negative(v))
    double = times(sp.Integer(2), v)
    forms = [
        quotient(apply(sp.sinh, v), apply(sp.cosh, v)),
        quotient(odd, even),
        plus(times(sp.Integer(2), apply(sigmoid, double)), sp.S.NegativeOne),
        quotient(plus(apply(sp.exp, double), sp.S.NegativeOne), plus(apply(sp.exp, double), sp.S.One)),
        negative(apply(sp.tanh, negative(v))),
    ]
    return g.source.choice(forms)


def logistic(u: Any, g: Grammar) -> Any:
    if isinstance(u, sigmoid):
        (v,) = u.args
        up, down = apply(sp.exp, v), apply(sp.exp, negative(v))
        forms = [
            quotient(sp.S.One, plus(sp.S.One, down)),
            quotient(up, plus(sp.S.One, up)),
            plus(sp.S.One, negative(apply(sigmoid, negative(v)))),
            times(HALF, plus(sp.S.One, apply(sp.tanh, times(HALF, v)))),
        ]
        return g.source.choice(forms)
    if isinstance(u, softplus):
        (v,) = u.args
        forms = [
            apply(sp.log, plus(sp.S.One, apply(sp.exp, v))),
            plus(v, apply(softplus, negative(v))),
            negative(apply(sp.log, apply(sigmoid, negative(v)))),
            plus(apply(sp.Max, v, sp.S.Zero), apply(sp.log, plus(sp.S.One, apply(sp.exp, negative(apply(sp.Abs, v)))))),
        ]
        return g.source.choice(forms[:3] if g.chance(0.8) else forms)
    return None


def odd_and_even(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.erf | sp.sin):
        return negative(apply(u.func, negative(u.args[0])))
    return apply(sp.cos, negative(u.args[0])) if isinstance(u, sp.cos) else None


def pythagoras(u: Any, g: Grammar) -> Any:
    w = g.real(1)
    circle = plus(power(apply(sp.sin, w), 2), power(apply(sp.cos, w), 2))
    hyperbola = plus(power(apply(sp.cosh, w), 2), negative(power(apply(sp.sinh, w), 2)))
    return product_of(u, g.source.choice([circle, hyperbola]))


# ---- cases


def extremes(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.Max) and len(u.args) == 2:
        a, b = u.args
        forms = [
            times(HALF, plus(a, b, apply(sp.Abs, plus(a, negative(b))))),
            negative(apply(sp.Min, negative(a), negative(b))),
            plus(a, apply(relu, plus(b, negative(a)))),
            sp.Piecewise((a, sp.Gt(a, b)), (b, True), evaluate=False),
        ]
        return g.source.choice(forms)
    if isinstance(u, sp.Min) and len(u.args) == 2:
        a, b = u.args
        return plus(a, b, negative(apply(sp.Max, a, b)))
    return None


def absolute_value(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.Abs):
        (v,) = u.args
        forms = [
            apply(sp.Max, v, negative(v)),
            product_of(apply(sp.sign, v), v),
            power(power(sp.UnevaluatedExpr(v), 2), HALF),
            plus(apply(relu, v), apply(relu, negative(v))),
        ]
        return g.source.choice(forms)
    if isinstance(u, relu):
        (v,) = u.args
        forms = [
            apply(sp.Max, sp.S.Zero, v),
            times(HALF, plus(v, apply(sp.Abs, v))),
            product_of(v, apply(sp.Heaviside, v)),
            Cases((v, sp.Ge(v, 0)), (sp.S.Zero, sp.Lt(v, 0))) if not v.is_Number else None,
        ]
        return g.source.choice(forms)
    return None


def by_cases(u: Any, g: Grammar) -> Any:
    return sp.Piecewise((u, g.condition()), (sp.UnevaluatedExpr(u), True), evaluate=False)


def case_outside(u: Any, g: Grammar) -> Any:
    """h(cases) = cases of h, for a function or a sum of one case table."""
    if not isinstance(u, sp.Add | sp.Mul | sp.tanh | sp.exp | sigmoid):
        return None
    position = next((k for k, a in enumerate(u.args) if isinstance(a, sp.Piecewise)), None)
    if position is None:
        return None
    pairs = [(_at(u, position, value), condition) for value, condition in u.args[position].args]
    return sp.Piecewise(*pairs, evaluate=False)


def _at(u: Any, position: int, value: Any) -> Any:
    args = list(u.args)
    args[position] = value
    return rebuild(u, args)


REWRITES: tuple[Rewrite, ...] = (
    add_and_take_away,
    times_one,
    distribute,
    factor_out,
    square_out,
    difference_of_squares,
    common_denominator,
    partial_fractions,
    keep_as_written,
    exponential_of_a_sum,
    exponential_as_power,
    logarithm_of_a_product,
    through_the_logarithm,
    through_the_root,
    root_of_a_product,
    power_by_exponential,
    hyperbolic,
    logistic,
    odd_and_even,
    pythagoras,
    extremes,
    absolute_value,
    by_cases,
    case_outside,
    pick_by_delta,
    times_probability,
    mean,
    sum_term_by_term,
    all_but_one,
    renamed_bound_index,
    sums_exchanged,
    product_of_sums,
    matrix_entry,
)
#: Those whose result holds something new; they come less often than those that take the expression itself apart.
NEW = {add_and_take_away, times_one, partial_fractions, pythagoras, times_probability, by_cases, mean, keep_as_written}
