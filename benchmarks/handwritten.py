"""What people write by hand in NumPy, for comparison: a fixed listing, vectors along the last axis.

`NAIVE` is the textbook's equation as it stands.  `BEST` is the fastest form that we know on whole arrays with the same
bar of rounding errors as the verified formula (`benchmarks.accuracy` measures both; a test asks it of every one), for
any size and any values of its parameters, and with NaN for NaN: temporaries are written over, nothing is computed
twice, numbers are floats, halves are products, steps are comparisons, bounds go through whichever of `clip` and
`minimum` is faster at that length, and no entry is chosen by `np.where` where arithmetic does it, as choosing costs
more than an exponential on data that no processor has seen before.  `einsum` adds up squares in half the time of `sum`
where vectors are short, but not in pairs: it is off by 200 units in the last place at 10^5 entries, `sum` by 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

__all__ = ["BEST", "NAIVE"]

Function = Callable[..., Any]
SQRT_HALF, DENSITY, RATE, CUBIC = 0.7071067811865476, 0.3989422804014327, 0.7978845608028654, 0.044715
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805
LONG = 1 << 12  # entries


def total(x: Any) -> Any:
    return x.sum(axis=-1, keepdims=True)


def at(x: Any, position: Any) -> Any:
    return np.take_along_axis(x, position, axis=-1)


def label_column(label: Any) -> Any:
    return np.asarray(label)[..., None]


# ---- as the textbook has it


def naive_sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def naive_softmax(z: Any) -> Any:
    e = np.exp(z)
    return e / total(e)


def naive_log_softmax(z: Any) -> Any:
    return np.log(naive_softmax(z))


def naive_cross_entropy_label_gradient(z: Any, label: Any) -> Any:
    return naive_softmax(z) - np.eye(z.shape[-1])[label]


def naive_silu_derivative(z: Any) -> Any:
    s = naive_sigmoid(z)
    return s * (1 + z * (1 - s))


def naive_gelu_tanh_derivative(z: Any) -> Any:
    s = naive_sigmoid(2 * RATE * (z + CUBIC * z**3))
    return s + z * s * (1 - s) * 2 * RATE * (1 + 3 * CUBIC * z**2)


def naive_mish_derivative(z: Any) -> Any:
    t = np.tanh(np.log(1 + np.exp(z)))
    return t + z * (1 - t**2) * naive_sigmoid(z)


def naive_softmax_jvp(z: Any, v: Any) -> Any:
    y = naive_softmax(z)
    return y * (v - total(y * v))


def naive_focal(z: Any) -> Any:
    p = naive_sigmoid(z)
    return -((1 - p) ** 2) * np.log(p)


def naive_focal_gradient(z: Any) -> Any:
    p = naive_sigmoid(z)
    return -((1 - p) ** 2) * (2 * p * -np.log(p) + 1 - p)


def naive_layer_norm(x: Any, w: Any, b: Any) -> Any:
    return w * (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5) + b


def naive_rms_norm(x: Any, w: Any) -> Any:
    return w * x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)


def naive_rms_norm_vjp(x: Any, w: Any, g: Any) -> Any:
    d = np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
    return g * w / d - x / d * (g * w * x / d**2).mean(axis=-1, keepdims=True)


NAIVE: dict[str, Function] = {
    "sigmoid": naive_sigmoid,
    "sigmoid_derivative": lambda z: naive_sigmoid(z) * (1 - naive_sigmoid(z)),
    "log_sigmoid": lambda z: np.log(naive_sigmoid(z)),
    "log_sigmoid_derivative": lambda z: 1 - naive_sigmoid(z),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softplus_derivative": naive_sigmoid,
    "tanh": np.tanh,
    "tanh_derivative": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: np.maximum(0, z),
    "relu_derivative": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "leaky_relu_derivative": lambda z: np.where(z > 0, 1.0, 0.01),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "elu_derivative": lambda z: np.where(z > 0, 1, np.exp(z)),
    "selu": lambda z: SCALE * np.where(z > 0, z, ALPHA * (np.exp(z) - 1)),
    "selu_derivative": lambda z: SCALE * np.where(z > 0, 1, ALPHA * np.exp(z)),
    "silu": lambda z: z * naive_sigmoid(z),
    "silu_derivative": naive_silu_derivative,
    "gelu": lambda z: z * (1 + special.erf(z * SQRT_HALF)) / 2,
    "gelu_derivative": lambda z: (1 + special.erf(z * SQRT_HALF)) / 2 + DENSITY * z * np.exp(-(z**2) / 2),
    "gelu_tanh": lambda z: z / 2 * (1 + np.tanh(RATE * (z + CUBIC * z**3))),
    "gelu_tanh_derivative": naive_gelu_tanh_derivative,
    "mish": lambda z: z * np.tanh(np.log(1 + np.exp(z))),
    "mish_derivative": naive_mish_derivative,
    "softsign": lambda z: z / (1 + np.abs(z)),
    "softsign_derivative": lambda z: 1 / (1 + np.abs(z)) ** 2,
    "hard_sigmoid": lambda z: np.clip((z + 3) / 6, 0, 1),
    "hard_sigmoid_derivative": lambda z: np.where(np.abs(z) < 3, 1 / 6, 0.0),
    "hard_swish": lambda z: z * np.clip((z + 3) / 6, 0, 1),
    "hard_swish_derivative": lambda z: np.where(z <= -3, 0.0, np.where(z >= 3, 1.0, (2 * z + 3) / 6)),
    "squared_error": lambda y, t: (y - t) ** 2 / 2,
    "squared_error_gradient": lambda y, t: y - t,
    "huber": lambda y, t: np.where(np.abs(y - t) <= 1, (y - t) ** 2 / 2, np.abs(y - t) - 0.5),
    "huber_gradient": lambda y, t: np.where(np.abs(y - t) <= 1, y - t, np.sign(y - t)),
    "log_cosh": lambda y, t: np.log(np.cosh(y - t)),
    "log_cosh_gradient": lambda y, t: np.tanh(y - t),
    "hinge": lambda y, s: np.maximum(0, 1 - s * y),
    "hinge_gradient": lambda y, s: np.where(s * y < 1, -s, 0.0),
    "squared_hinge": lambda y, s: np.maximum(0, 1 - s * y) ** 2,
    "squared_hinge_gradient": lambda y, s: -2 * s * np.maximum(0, 1 - s * y),
    "binary_cross_entropy": lambda z, t: -t * np.log(naive_sigmoid(z)) - (1 - t) * np.log(1 - naive_sigmoid(z)),
    "binary_cross_entropy_gradient": lambda z, t: naive_sigmoid(z) - t,
    "focal": naive_focal,
    "focal_gradient": naive_focal_gradient,
    "gaussian_nll": lambda y, t, variance: np.log(2 * np.pi * variance) / 2 + (y - t) ** 2 / (2 * variance),
    "gaussian_nll_gradient": lambda y, t, variance: (y - t) / variance,
    "gaussian_nll_variance_gradient": lambda y, t, variance: (1 - (y - t) ** 2 / variance) / (2 * variance),
    "poisson_nll": lambda z, t: np.exp(z) - t * z,
    "poisson_nll_gradient": lambda z, t: np.exp(z) - t,
    "logsumexp": lambda z: np.log(np.exp(z).sum(axis=-1)),
    "softmax": naive_softmax,
    "log_softmax": naive_log_softmax,
    "softmax_jvp": naive_softmax_jvp,
    "log_softmax_jvp": lambda z, v: v - total(naive_softmax(z) * v),
    "log_softmax_vjp": lambda z, v: v - naive_softmax(z) * total(v),
    "cross_entropy": lambda z, t: -(t * naive_log_softmax(z)).sum(axis=-1),
    "cross_entropy_gradient": lambda z, t: naive_softmax(z) - t,
    "cross_entropy_label": lambda z, label: -at(naive_log_softmax(z), label_column(label))[..., 0],
    "cross_entropy_label_gradient": naive_cross_entropy_label_gradient,
    "kl_divergence": lambda z, t: (t * (np.log(t) - naive_log_softmax(z))).sum(axis=-1),
    "kl_divergence_gradient": lambda z, t: naive_softmax(z) - t,
    "mean": lambda x: x.sum(axis=-1) / x.shape[-1],
    "l2_penalty": lambda x: (x**2).sum(axis=-1) / 2,
    "layer_norm": naive_layer_norm,
    "rms_norm": naive_rms_norm,
    "rms_norm_vjp": naive_rms_norm_vjp,
}


# ---- as an expert writes it


def at_most(z: Any, bound: float) -> Any:
    """min(z, bound).  `np.clip` takes a microsecond to begin and half as long for an entry."""
    return np.minimum(z, bound) if z.size < LONG else np.clip(z, -np.inf, bound)


def at_least(z: Any, bound: float) -> Any:
    return np.maximum(z, bound) if z.size < LONG else np.clip(z, bound, np.inf)


def within(z: Any, low: float, high: float) -> Any:
    return np.minimum(np.maximum(z, low), high) if z.size < LONG else np.clip(z, low, high)


def indicator(condition: Any, z: Any) -> Any:
    """1 where the condition holds, 0 elsewhere, NaN where z is NaN."""
    result = condition.astype(z.dtype)
    if np.isnan(z.max()):
        result[np.isnan(z)] = np.nan
    return result


def decay(z: Any) -> Any:
    """exp(-|z|)."""
    e = np.abs(z)
    np.negative(e, out=e)
    return np.exp(e, out=e)


def at_most_1(z: Any) -> Any:
    """exp(min(z, 0))."""
    e = at_most(z, 0.0)
    return np.exp(e, out=e)


def between(z: Any, above: float, below: float) -> Any:
    """One number where z > 0, another elsewhere; NaN stays."""
    result = indicator(z > 0.0, z)
    result *= above - below
    result += below
    return result


def best_sigmoid(z: Any) -> Any:
    result, e = at_most_1(z), decay(z)
    e += 1.0
    result /= e
    return result


def best_reflected_sigmoid(z: Any) -> Any:
    return best_sigmoid(-z)


def best_sigmoid_derivative(z: Any) -> Any:
    e = decay(z)
    below = 1.0 + e
    below *= below
    e /= below
    return e


def best_softplus(z: Any) -> Any:
    e = decay(z)
    np.log1p(e, out=e)
    e += at_least(z, 0.0)
    return e


def best_log_sigmoid(z: Any) -> Any:
    e = decay(z)
    np.log1p(e, out=e)
    return np.subtract(at_most(z, 0.0), e, out=e)


def best_tanh_derivative(z: Any) -> Any:
    e = np.abs(z)
    e *= -2.0
    np.exp(e, out=e)
    below = 1.0 + e
    below *= below
    e *= 4.0
    e /= below
    return e


def best_elu(z: Any, alpha: float = 1.0) -> Any:
    result = at_most(z, 0.0)
    np.expm1(result, out=result)
    result *= alpha
    result += at_least(z, 0.0)
    return result


def best_elu_derivative(z: Any, alpha: float = 1.0) -> Any:
    result = at_most_1(z)
    result *= between(z, 1, alpha)
    return result


def best_leaky_relu(z: Any, slope: float = 0.01) -> Any:
    result = at_most(z, 0.0)
    result *= slope
    result += at_least(z, 0.0)
    return result


def best_selu(z: Any) -> Any:
    result = at_most(z, 0.0)
    np.expm1(result, out=result)
    result *= ALPHA
    result += at_least(z, 0.0)
    result *= SCALE
    return result


def best_selu_derivative(z: Any) -> Any:
    result = at_most_1(z)
    result *= between(z, SCALE, SCALE * ALPHA)
    return result


def best_silu(z: Any) -> Any:
    half = np.abs(z)
    half *= -0.5
    np.exp(half, out=half)
    result = at_most(z, 0.0)
    result *= half
    result *= half
    result += at_least(z, 0.0)
    half *= half
    half += 1.0
    result /= half
    return result


def best_silu_derivative(z: Any) -> Any:
    half = at_most(z, 0.0)
    half *= 0.5
    np.exp(half, out=half)
    q = at_most_1(-z)
    e = half * half
    e *= q
    q *= z
    q += 1.0
    q += e
    q *= half
    q *= half
    e += 1.0
    e *= e
    q /= e
    return q


def best_gelu(z: Any) -> Any:
    result = z * -SQRT_HALF
    special.erfc(result, out=result)
    result *= z
    result *= 0.5
    return result


def best_gelu_derivative(z: Any) -> Any:
    density = z * z
    density *= -0.5
    np.exp(density, out=density)
    density *= z
    density *= DENSITY
    phi = z * -SQRT_HALF
    special.erfc(phi, out=phi)
    phi *= 0.5
    phi += density
    return phi


def best_gelu_tanh(z: Any) -> Any:
    u = z * z
    u *= RATE * CUBIC
    u += RATE
    u *= z
    half = at_most_1(u)
    np.abs(u, out=u)
    u *= -2.0
    np.exp(u, out=u)
    u += 1.0
    result = z * half
    result *= half
    result /= u
    return result


def best_gelu_tanh_derivative(z: Any) -> Any:
    e = z * z
    e *= 2.0 * RATE * CUBIC
    e += 2.0 * RATE
    e *= z
    result = at_most_1(e)
    np.abs(e, out=e)
    np.negative(e, out=e)
    np.exp(e, out=e)
    below = 1.0 + e
    e *= z
    cubic = e * z
    cubic *= z
    cubic *= 3.0 * CUBIC
    e += cubic
    e *= 2.0 * RATE
    e /= below
    result += e
    result /= below
    return result


def best_mish(z: Any) -> Any:
    half = at_most(z, 0.0)
    half *= 0.5
    np.exp(half, out=half)
    a, b = half * half, at_most_1(-z)
    w = 2.0 * b
    w += a
    a *= w
    w *= half
    w *= z
    w *= half
    b *= b
    b *= 2.0
    a += b
    w /= a
    return w


def best_mish_derivative(z: Any) -> Any:
    half = at_most(z, 0.0)
    half *= 0.5
    np.exp(half, out=half)
    a, b = half * half, at_most_1(-z)
    w = 2.0 * b
    w += a
    below = b * b
    below *= 2.0
    below += a * w
    a += b
    a *= b
    b *= z
    b *= 4.0
    a *= b
    w *= below
    w += a
    w *= half
    w *= half
    below *= below
    w /= below
    return w


def best_softsign(z: Any) -> Any:
    below = np.abs(z)
    below += 1.0
    return np.divide(z, below, out=below)


def best_softsign_derivative(z: Any) -> Any:
    below = np.abs(z)
    below += 1.0
    np.divide(1.0, below, out=below)
    below *= below
    return below


def best_hard_sigmoid(z: Any) -> Any:
    result = within(z + 3.0, 0.0, 6.0)
    result /= 6.0
    return result


def best_hard_swish(z: Any) -> Any:
    result = best_hard_sigmoid(z)
    result *= z
    return result


def best_squared_error(y: Any, t: Any) -> Any:
    result = y - t
    result *= result
    result *= 0.5
    return result


def best_huber(y: Any, t: Any) -> Any:
    size = y - t
    np.abs(size, out=size)
    clipped = at_most(size, 1.0)
    size -= clipped * 0.5
    size *= clipped
    return size


def best_huber_gradient(y: Any, t: Any) -> Any:
    return within(y - t, -1.0, 1.0)


def best_log_cosh(y: Any, t: Any) -> Any:
    past = y - t
    np.abs(past, out=past)
    size = at_most(past, 1.0)
    past -= size
    result = size * 0.5
    np.sinh(result, out=result)
    result *= result
    result *= 2.0
    np.negative(size, out=size)
    np.exp(size, out=size)
    far = past * -2.0
    size *= np.expm1(far, out=far)
    size *= 0.5
    result += size
    np.log1p(result, out=result)
    result += past
    return result


def best_log_cosh_gradient(y: Any, t: Any) -> Any:
    result = y - t
    return np.tanh(result, out=result)


def best_hinge(y: Any, s: Any) -> Any:
    result = s * y
    np.subtract(1.0, result, out=result)
    return np.maximum(result, 0.0, out=result) if result.size < LONG else np.clip(result, 0.0, np.inf, out=result)


def best_squared_hinge(y: Any, s: Any) -> Any:
    result = best_hinge(y, s)
    result *= result
    return result


def best_squared_hinge_gradient(y: Any, s: Any) -> Any:
    result = best_hinge(y, s)
    result *= s
    result *= -2.0
    return result


def best_binary_cross_entropy(z: Any, t: Any) -> Any:
    e = decay(z)
    np.log1p(e, out=e)
    e += t * at_least(-z, 0.0)
    e += (1.0 - t) * at_least(z, 0.0)
    return e


def best_binary_cross_entropy_gradient(z: Any, t: Any) -> Any:
    p, q = at_most_1(z), at_most_1(-z)
    below = p + q
    p *= 1.0 - t
    q *= t
    p -= q
    p /= below
    return p


def best_focal(z: Any) -> Any:
    excess = decay(z)
    np.log1p(excess, out=excess)
    factor = at_least(z, 0.0)
    factor += excess
    factor *= -2.0
    np.exp(factor, out=factor)
    excess += at_least(-z, 0.0)
    excess *= factor
    return excess


def best_focal_gradient(z: Any) -> Any:
    p, q = at_most_1(z), at_most_1(-z)
    excess = p * q
    np.log1p(excess, out=excess)
    factor = at_least(z, 0.0)
    factor += excess
    factor *= -2.0
    np.exp(factor, out=factor)
    excess += at_least(-z, 0.0)
    excess *= 2.0
    excess *= p
    excess += q
    excess *= factor
    p += q
    excess /= p
    return np.negative(excess, out=excess)


def best_gaussian_nll(y: Any, t: Any, variance: Any) -> Any:
    error = y - t
    result = error / variance
    result *= error
    np.multiply(2 * np.pi, variance, out=error)
    result += np.log(error, out=error)
    result *= 0.5
    return result


def best_gaussian_nll_variance_gradient(y: Any, t: Any, variance: Any) -> Any:
    error = y - t
    result = error / variance
    result *= error
    np.subtract(1.0, result, out=result)
    result /= np.multiply(2.0, variance, out=error)
    return result


# ---- vectors: m is the position of the largest logit, e the exponentials counted from there


def shifted(z: Any) -> Any:
    e = z - z.max(axis=-1, keepdims=True)
    return np.exp(e, out=e)


def exact_shifted(z: Any, top: Any) -> Any:
    """exp(z - top) with what rounding drops from the difference, for what keeps the digits of a small sum."""
    d = z - top
    back = z - d
    dropped = (z - (d + back)) + (back - top)
    np.exp(d, out=d)
    dropped *= d
    d += dropped
    return d


def others(z: Any) -> tuple[Any, Any, Any, Any]:
    """m, z_m, the exponentials with 0 at m, and their sum."""
    m = z.argmax(axis=-1, keepdims=True)
    top = at(z, m)
    e = exact_shifted(z, top)
    np.put_along_axis(e, m, 0, axis=-1)
    return m, top, e, total(e)


def best_softmax(z: Any) -> Any:
    e = shifted(z)
    e /= total(e)
    return e


def best_logsumexp(z: Any) -> Any:
    _, top, _, rest = others(z)
    return (top + np.log1p(rest))[..., 0]


def best_log_softmax(z: Any) -> Any:
    _, top, _, rest = others(z)
    result = z - top
    result -= np.log1p(rest)
    return result


def centred(z: Any, v: Any) -> tuple[Any, Any, Any]:
    """The exponentials, their sum, and v without its mean; counted from v_m, so that nothing cancels there."""
    m = z.argmax(axis=-1, keepdims=True)
    e = z - at(z, m)
    np.exp(e, out=e)
    s = total(e)
    u = v - at(v, m)
    u -= total(e * u) / s
    return e, s, u


def best_softmax_jvp(z: Any, v: Any) -> Any:
    e, s, u = centred(z, v)
    u *= e
    u /= s
    return u


def best_log_softmax_vjp(z: Any, v: Any) -> Any:
    e = shifted(z)
    e *= total(v) / total(e)
    return np.subtract(v, e, out=e)


def best_cross_entropy(z: Any, t: Any) -> Any:
    _, top, _, rest = others(z)
    behind = top - z
    behind += np.log1p(rest)
    behind *= t
    return behind.sum(axis=-1)


def best_cross_entropy_gradient(z: Any, t: Any) -> Any:
    m, _, e, rest = others(z)
    t_m = at(t, m)
    e /= 1.0 + rest
    e -= t
    np.put_along_axis(e, m, ((1.0 - t_m) - t_m * rest) / (1.0 + rest), axis=-1)
    return e


def best_cross_entropy_label(z: Any, label: Any) -> Any:
    _, top, _, rest = others(z)
    return (top - at(z, label_column(label)) + np.log1p(rest))[..., 0]


def best_cross_entropy_label_gradient(z: Any, label: Any) -> Any:
    m, _, e, rest = others(z)
    column = label_column(label)
    right = m == column
    e /= 1.0 + rest
    np.put_along_axis(e, column, at(e, column) - 1.0, axis=-1)
    np.put_along_axis(e, m, ((1.0 - right) - right * rest) / (1.0 + rest), axis=-1)
    return e


def best_kl_divergence(z: Any, t: Any) -> Any:
    _, top, _, rest = others(z)
    behind = top - z
    behind += np.log1p(rest)
    behind *= t
    behind += special.xlogy(t, t)
    return behind.sum(axis=-1)


def best_l2_penalty(x: Any) -> Any:
    return np.square(x).sum(axis=-1) * 0.5


def best_layer_norm(x: Any, w: Any, b: Any) -> Any:
    result = x - total(x) / x.shape[-1]
    result /= np.sqrt(total(np.square(result)) / x.shape[-1] + 1e-5)
    result *= w
    result += b
    return result


def best_rms_norm(x: Any, w: Any) -> Any:
    result = x / np.sqrt(total(np.square(x)) / x.shape[-1] + 1e-5)
    result *= w
    return result


def best_gaussian_nll_gradient(y: Any, t: Any, variance: Any) -> Any:
    result = y - t
    result /= variance
    return result


def best_poisson_nll(z: Any, t: Any) -> Any:
    result = np.exp(z)
    result -= t * z
    return result


def best_poisson_nll_gradient(z: Any, t: Any) -> Any:
    result = np.exp(z)
    result -= t
    return result


def best_relu(z: Any) -> Any:
    return at_least(z, 0.0)


def best_relu_derivative(z: Any) -> Any:
    return indicator(z > 0.0, z)


def best_leaky_relu_derivative(z: Any, slope: float = 0.01) -> Any:
    return between(z, 1, slope)


def best_hard_sigmoid_derivative(z: Any) -> Any:
    size = np.abs(z)
    result = indicator(size < 3.0, size)
    result *= 1 / 6
    return result


def best_hard_swish_derivative(z: Any) -> Any:
    result = within(z + 3.0, 0.0, 6.0)
    inside = within(z, -3.0, 3.0)
    inside *= np.abs(z) < 3.0
    result += inside
    result /= 6.0
    return result


def best_hinge_gradient(y: Any, s: Any) -> Any:
    result = s * y
    inside = indicator(result < 1.0, result)
    inside *= s
    return np.negative(inside, out=inside)


def best_rms_norm_vjp(x: Any, w: Any, g: Any) -> Any:
    n = x.shape[-1]
    m = np.abs(x).argmax(axis=-1, keepdims=True)
    d = np.sqrt(total(np.square(x)) / n + 1e-5)
    u, h = x / d, g * w
    h /= d
    product, square = h * u, u * u
    everything = total(product)
    np.put_along_axis(product, m, 0, axis=-1)
    np.put_along_axis(square, m, 0, axis=-1)
    at_m = at(h, m) * (1e-5 / d**2 + total(square) / n) - at(u, m) * (total(product) / n)
    h -= u * (everything / n)
    np.put_along_axis(h, m, at_m, axis=-1)
    return h


BEST: dict[str, Function] = {name: globals().get(f"best_{name}", function) for name, function in NAIVE.items()} | {
    "log_sigmoid_derivative": best_reflected_sigmoid,
    "softplus_derivative": best_sigmoid,
    "log_softmax_jvp": lambda z, v: centred(z, v)[2],
    "kl_divergence_gradient": best_cross_entropy_gradient,
}
