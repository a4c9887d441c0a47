"""What people write by hand in NumPy, for comparison: a fixed listing, vectors along the last axis.

`NAIVE` is the textbook's equation as it stands.  `BEST` is the fastest form that we know on whole arrays with the same
bar of rounding errors as the verified formula (`benchmarks.accuracy` measures both; a test asks it of every one), for
any values of its parameters, and with NaN for NaN: temporaries are written over, nothing is computed twice, and no
entry is chosen by `np.where` where arithmetic does it, as choosing costs more than an exponential on data that no
processor has seen before.
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


def naive_network_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    z1 = x @ W1.T + b1
    y = naive_softmax(np.maximum(0, z1) @ W2.T + b2)
    d1 = ((y - t) @ W2) * (z1 > 0)
    return d1.T @ x / len(x)


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
    "two_layer_cross_entropy_W1_gradient": naive_network_gradient,
}


# ---- as an expert writes it


def decay(z: Any) -> Any:
    """exp(-|z|)."""
    e = np.abs(z)
    np.negative(e, out=e)
    return np.exp(e, out=e)


def at_most_1(z: Any) -> Any:
    """exp(min(z, 0))."""
    e = np.minimum(z, 0)
    return np.exp(e, out=e)


def between(z: Any, above: float, below: float) -> Any:
    """One number where z > 0, another elsewhere; NaN stays."""
    result = np.maximum(z, 0)
    np.sign(result, out=result)
    result *= above - below
    result += below
    return result


def best_sigmoid(z: Any) -> Any:
    result, e = at_most_1(z), decay(z)
    e += 1
    result /= e
    return result


def best_reflected_sigmoid(z: Any) -> Any:
    return best_sigmoid(-z)


def best_sigmoid_derivative(z: Any) -> Any:
    e = decay(z)
    below = 1 + e
    below *= below
    e /= below
    return e


def best_softplus(z: Any) -> Any:
    e = decay(z)
    np.log1p(e, out=e)
    e += np.maximum(z, 0)
    return e


def best_log_sigmoid(z: Any) -> Any:
    e = decay(z)
    np.log1p(e, out=e)
    return np.subtract(np.minimum(z, 0), e, out=e)


def best_tanh_derivative(z: Any) -> Any:
    e = np.abs(z)
    e *= -2
    np.exp(e, out=e)
    below = 1 + e
    below *= below
    e *= 4
    e /= below
    return e


def best_elu(z: Any, alpha: float = 1.0) -> Any:
    result = np.minimum(z, 0)
    np.expm1(result, out=result)
    result *= alpha
    result += np.maximum(z, 0)
    return result


def best_elu_derivative(z: Any, alpha: float = 1.0) -> Any:
    result = at_most_1(z)
    result *= between(z, 1, alpha)
    return result


def best_leaky_relu(z: Any, slope: float = 0.01) -> Any:
    result = np.minimum(z, 0)
    result *= slope
    result += np.maximum(z, 0)
    return result


def best_selu(z: Any) -> Any:
    result = np.minimum(z, 0)
    np.expm1(result, out=result)
    result *= ALPHA
    result += np.maximum(z, 0)
    result *= SCALE
    return result


def best_selu_derivative(z: Any) -> Any:
    result = at_most_1(z)
    result *= between(z, SCALE, SCALE * ALPHA)
    return result


def best_silu(z: Any) -> Any:
    half = np.minimum(z, 0)
    half /= 2
    np.exp(half, out=half)
    below = decay(z)
    below += 1
    result = z * half
    result *= half
    result /= below
    return result


def best_silu_derivative(z: Any) -> Any:
    half = np.exp(np.minimum(z, 0) / 2)
    q = np.exp(-np.maximum(z, 0))
    e = half * half
    e *= q
    q *= z
    q += 1
    q += e
    q *= half
    q *= half
    e += 1
    e *= e
    q /= e
    return q


def best_gelu(z: Any) -> Any:
    result = z * -SQRT_HALF
    special.erfc(result, out=result)
    result *= z
    result /= 2
    return result


def best_gelu_derivative(z: Any) -> Any:
    density = z * z
    density /= -2
    np.exp(density, out=density)
    density *= z
    density *= DENSITY
    phi = z * -SQRT_HALF
    special.erfc(phi, out=phi)
    phi /= 2
    phi += density
    return phi


def best_gelu_tanh(z: Any) -> Any:
    u = z * z
    u *= CUBIC
    u += 1
    u *= z
    u *= RATE
    half = np.exp(np.minimum(u, 0))
    np.abs(u, out=u)
    u *= -2
    np.exp(u, out=u)
    u += 1
    result = z * half
    result *= half
    result /= u
    return result


def best_gelu_tanh_derivative(z: Any) -> Any:
    square = z * z
    u = z * (1 + CUBIC * square)
    u *= 2 * RATE
    result = np.exp(np.minimum(u, 0))
    np.abs(u, out=u)
    e = np.exp(-u)
    below = 1 + e
    e *= z
    e *= (2 * RATE) * (1 + (3 * CUBIC) * square)
    e /= below
    result += e
    result /= below
    return result


def best_mish(z: Any) -> Any:
    half = np.exp(np.minimum(z, 0) / 2)
    a, b = half * half, np.exp(-np.maximum(z, 0))
    inner = a * (a + 2 * b)
    result = z * half
    result *= half
    result *= a + 2 * b
    result /= inner + 2 * b * b
    return result


def best_mish_derivative(z: Any) -> Any:
    half = np.exp(np.minimum(z, 0) / 2)
    a, b = half * half, np.exp(-np.maximum(z, 0))
    w = a + 2 * b
    below = a * w + 2 * b * b
    result = z * b
    result *= 4 * b
    result *= a + b
    result += w * below
    result *= half
    result *= half
    result /= below * below
    return result


def best_softsign(z: Any) -> Any:
    below = np.abs(z)
    below += 1
    return np.divide(z, below, out=below)


def best_softsign_derivative(z: Any) -> Any:
    below = np.abs(z)
    below += 1
    np.divide(1, below, out=below)
    below *= below
    return below


def best_hard_sigmoid(z: Any) -> Any:
    result = z + 3
    np.clip(result, 0, 6, out=result)
    result /= 6
    return result


def best_hard_swish(z: Any) -> Any:
    result = best_hard_sigmoid(z)
    result *= z
    return result


def best_squared_error(y: Any, t: Any) -> Any:
    result = y - t
    result *= result
    result /= 2
    return result


def best_huber(y: Any, t: Any) -> Any:
    size = y - t
    np.abs(size, out=size)
    clipped = np.minimum(size, 1)
    size -= clipped / 2
    size *= clipped
    return size


def best_huber_gradient(y: Any, t: Any) -> Any:
    result = y - t
    return np.clip(result, -1, 1, out=result)


def best_log_cosh(y: Any, t: Any) -> Any:
    past = np.abs(y - t)
    size = np.minimum(past, 1)
    past -= size
    result = np.sinh(size / 2)
    result *= result
    result *= 2
    np.negative(size, out=size)
    np.exp(size, out=size)
    size *= np.expm1(-2 * past)
    size /= 2
    result += size
    np.log1p(result, out=result)
    result += past
    return result


def best_log_cosh_gradient(y: Any, t: Any) -> Any:
    result = y - t
    return np.tanh(result, out=result)


def best_hinge(y: Any, s: Any) -> Any:
    result = s * y
    np.subtract(1, result, out=result)
    return np.maximum(result, 0, out=result)


def best_squared_hinge(y: Any, s: Any) -> Any:
    result = best_hinge(y, s)
    result *= result
    return result


def best_squared_hinge_gradient(y: Any, s: Any) -> Any:
    result = best_hinge(y, s)
    result *= s
    result *= -2
    return result


def best_binary_cross_entropy(z: Any, t: Any) -> Any:
    e = decay(z)
    np.log1p(e, out=e)
    e += t * np.maximum(-z, 0)
    e += (1 - t) * np.maximum(z, 0)
    return e


def best_binary_cross_entropy_gradient(z: Any, t: Any) -> Any:
    p, q = at_most_1(z), at_most_1(-z)
    below = p + q
    p *= 1 - t
    q *= t
    p -= q
    p /= below
    return p


def best_focal(z: Any) -> Any:
    excess = np.log1p(decay(z))
    return np.exp(-2 * (np.maximum(z, 0) + excess)) * (np.maximum(-z, 0) + excess)


def best_focal_gradient(z: Any) -> Any:
    p, q = at_most_1(z), at_most_1(-z)
    excess = np.log1p(p * q)
    factor = np.exp(-2 * (np.maximum(z, 0) + excess))
    excess += np.maximum(-z, 0)
    excess *= 2 * p
    excess += q
    excess *= factor
    excess /= -(p + q)
    return excess


def best_gaussian_nll(y: Any, t: Any, variance: Any) -> Any:
    error = y - t
    result = error / variance
    result *= error
    result += np.log(2 * np.pi * variance)
    result /= 2
    return result


def best_gaussian_nll_variance_gradient(y: Any, t: Any, variance: Any) -> Any:
    error = y - t
    result = error / variance
    result *= error
    np.subtract(1, result, out=result)
    result /= 2 * variance
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
    e /= 1 + rest
    e -= t
    np.put_along_axis(e, m, ((1 - t_m) - t_m * rest) / (1 + rest), axis=-1)
    return e


def best_cross_entropy_label(z: Any, label: Any) -> Any:
    _, top, _, rest = others(z)
    return (top - at(z, label_column(label)) + np.log1p(rest))[..., 0]


def best_cross_entropy_label_gradient(z: Any, label: Any) -> Any:
    m, _, e, rest = others(z)
    column = label_column(label)
    right = m == column
    e /= 1 + rest
    np.put_along_axis(e, column, at(e, column) - 1, axis=-1)
    np.put_along_axis(e, m, ((1 - right) - right * rest) / (1 + rest), axis=-1)
    return e


def best_kl_divergence(z: Any, t: Any) -> Any:
    _, top, _, rest = others(z)
    behind = top - z
    behind += np.log1p(rest)
    behind *= t
    behind += special.xlogy(t, t)
    return behind.sum(axis=-1)


def best_l2_penalty(x: Any) -> Any:
    return np.square(x).sum(axis=-1) / 2


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


def best_relu_derivative(z: Any) -> Any:
    result = np.maximum(z, 0)
    return np.sign(result, out=result)


def best_leaky_relu_derivative(z: Any, slope: float = 0.01) -> Any:
    return between(z, 1, slope)


def best_hard_sigmoid_derivative(z: Any) -> Any:
    result = np.abs(z)
    np.subtract(3, result, out=result)
    result = best_relu_derivative(result)
    result /= 6
    return result


def best_hard_swish_derivative(z: Any) -> Any:
    result = np.clip(z, -3, 3)
    result *= 2
    result += 3
    inside = best_relu_derivative(3 - np.abs(z))
    result *= inside
    result /= 6
    np.subtract(1, inside, out=inside)
    inside *= best_relu_derivative(z)
    result += inside
    return result


def best_hinge_gradient(y: Any, s: Any) -> Any:
    result = s * y
    np.subtract(1, result, out=result)
    result = best_relu_derivative(result)
    result *= s
    return np.negative(result, out=result)


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


def best_two_layer_cross_entropy_W1_gradient(x: Any, t: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    z1 = x @ W1.T
    z1 += b1
    z2 = np.maximum(z1, 0) @ W2.T
    z2 += b2
    d2 = best_cross_entropy_gradient(z2, t)
    d2 /= len(x)
    d1 = d2 @ W2
    d1 *= z1 > 0
    return d1.T @ x


BEST: dict[str, Function] = {name: globals().get(f"best_{name}", function) for name, function in NAIVE.items()} | {
    "log_sigmoid_derivative": best_reflected_sigmoid,
    "softplus_derivative": best_sigmoid,
    "log_softmax_jvp": lambda z, v: centred(z, v)[2],
    "kl_divergence_gradient": best_cross_entropy_gradient,
}
