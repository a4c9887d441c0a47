"""Attention, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .matrices import over_matrices
from .runtime import VerifiedFormula
from .softmax import softmax, softmax_jvp

__all__ = [
    "attention",
    "attention_key_vjp",
    "attention_query_vjp",
    "attention_value_vjp",
    "masked_attention",
    "masked_attention_key_vjp",
    "masked_attention_mask_vjp",
    "masked_attention_query_vjp",
    "masked_attention_value_vjp",
]


def _attention(Q: Any, K: Any, V: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2)
    S *= 1 / Q.shape[-1] ** 0.5
    P = softmax(S, out=S)
    return P @ V


@VerifiedFormula
def attention(Q: Any, K: Any, V: Any, *, out: Any = None) -> Any:
    """Scaled dot-product attention.

    softmax(Q K^T / sqrt(d)) V, softmax of each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    Returns (..., l, e); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; scores beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: attention-computed, with softmax-computed.
    """
    return over_matrices(_attention, {"Q": Q, "K": K, "V": V}, "(l,d),(s,d),(s,e)->(l,e)", out=out)


def _attention_query_vjp(Q: Any, K: Any, V: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2)
    S *= 1 / Q.shape[-1] ** 0.5
    dP = G @ np.swapaxes(V, -1, -2)
    dS = softmax_jvp(S, dP)
    value = dS @ K
    value /= Q.shape[-1] ** 0.5
    return value


@VerifiedFormula
def attention_query_vjp(Q: Any, K: Any, V: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of attention by the queries.

    dS K / sqrt(d), dS the Jacobian of softmax times G V^T in each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    G: (..., l, e), the gradient by the output
    Returns (..., l, d); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; scores beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: attention-query-vjp-computed, with softmax-jvp-computed.
    """
    return over_matrices(
        _attention_query_vjp, {"Q": Q, "K": K, "V": V, "G": G}, "(l,d),(s,d),(s,e),(l,e)->(l,d)", out=out
    )


def _attention_key_vjp(Q: Any, K: Any, V: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2)
    S *= 1 / Q.shape[-1] ** 0.5
    dP = G @ np.swapaxes(V, -1, -2)
    dS = softmax_jvp(S, dP)
    value = np.swapaxes(dS, -1, -2) @ Q
    value /= Q.shape[-1] ** 0.5
    return value


@VerifiedFormula
def attention_key_vjp(Q: Any, K: Any, V: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of attention by the keys.

    dS^T Q / sqrt(d), dS the Jacobian of softmax times G V^T in each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    G: (..., l, e), the gradient by the output
    Returns (..., s, d); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; scores beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: attention-key-vjp-computed, with softmax-jvp-computed.
    """
    return over_matrices(
        _attention_key_vjp, {"Q": Q, "K": K, "V": V, "G": G}, "(l,d),(s,d),(s,e),(l,e)->(s,d)", out=out
    )


def _attention_value_vjp(Q: Any, K: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2)
    S *= 1 / Q.shape[-1] ** 0.5
    P = softmax(S, out=S)
    return np.swapaxes(P, -1, -2) @ G


@VerifiedFormula
def attention_value_vjp(Q: Any, K: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of attention by the values.

    P^T G, P = softmax(Q K^T / sqrt(d))

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    G: (..., l, e), the gradient by the output
    Returns (..., s, e); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; scores beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: attention-value-vjp-computed, with softmax-computed.
    """
    return over_matrices(_attention_value_vjp, {"Q": Q, "K": K, "G": G}, "(l,d),(s,d),(l,e)->(s,e)", out=out)


def _masked_attention(Q: Any, K: Any, V: Any, M: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2) * (1 / Q.shape[-1] ** 0.5) + M
    P = softmax(S, out=S)
    return P @ V


@VerifiedFormula
def masked_attention(Q: Any, K: Any, V: Any, M: Any, *, out: Any = None) -> Any:
    """Scaled dot-product attention with a mask.

    softmax(Q K^T / sqrt(d) + M) V, softmax of each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    M: (..., l, s), added to the scores: 0 for a key that is seen, -1e9 or -inf for one that is not
    Returns (..., l, e); float32 and float64 are kept; losses are in nats.
    At infinities: -inf in M hides a key, nothing else in a row gives NaN; the limits where they exist, else
        NaN; scores beyond the largest float overflow.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: masked-attention-computed, with softmax-computed.
    """
    return over_matrices(_masked_attention, {"Q": Q, "K": K, "V": V, "M": M}, "(l,d),(s,d),(s,e),(l,s)->(l,e)", out=out)


def _masked_attention_query_vjp(Q: Any, K: Any, V: Any, M: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2) * (1 / Q.shape[-1] ** 0.5) + M
    dP = G @ np.swapaxes(V, -1, -2)
    dS = softmax_jvp(S, dP)
    value = dS @ K
    value /= Q.shape[-1] ** 0.5
    return value


@VerifiedFormula
def masked_attention_query_vjp(Q: Any, K: Any, V: Any, M: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of masked attention by the queries.

    dS K / sqrt(d), dS the Jacobian of softmax times G V^T in each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    M: (..., l, s), added to the scores: 0 for a key that is seen, -1e9 or -inf for one that is not
    G: (..., l, e), the gradient by the output
    Returns (..., l, d); float32 and float64 are kept; losses are in nats.
    At infinities: -inf in M hides a key, nothing else in a row gives NaN; the limits where they exist, else
        NaN; scores beyond the largest float overflow.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: masked-attention-query-vjp-computed, with softmax-jvp-computed.
    """
    return over_matrices(
        _masked_attention_query_vjp,
        {"Q": Q, "K": K, "V": V, "M": M, "G": G},
        "(l,d),(s,d),(s,e),(l,s),(l,e)->(l,d)",
        out=out,
    )


def _masked_attention_key_vjp(Q: Any, K: Any, V: Any, M: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2) * (1 / Q.shape[-1] ** 0.5) + M
    dP = G @ np.swapaxes(V, -1, -2)
    dS = softmax_jvp(S, dP)
    value = np.swapaxes(dS, -1, -2) @ Q
    value /= Q.shape[-1] ** 0.5
    return value


@VerifiedFormula
def masked_attention_key_vjp(Q: Any, K: Any, V: Any, M: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of masked attention by the keys.

    dS^T Q / sqrt(d), dS the Jacobian of softmax times G V^T in each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    M: (..., l, s), added to the scores: 0 for a key that is seen, -1e9 or -inf for one that is not
    G: (..., l, e), the gradient by the output
    Returns (..., s, d); float32 and float64 are kept; losses are in nats.
    At infinities: -inf in M hides a key, nothing else in a row gives NaN; the limits where they exist, else
        NaN; scores beyond the largest float overflow.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: masked-attention-key-vjp-computed, with softmax-jvp-computed.
    """
    return over_matrices(
        _masked_attention_key_vjp,
        {"Q": Q, "K": K, "V": V, "M": M, "G": G},
        "(l,d),(s,d),(s,e),(l,s),(l,e)->(s,d)",
        out=out,
    )


def _masked_attention_value_vjp(Q: Any, K: Any, M: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2) * (1 / Q.shape[-1] ** 0.5) + M
    P = softmax(S, out=S)
    return np.swapaxes(P, -1, -2) @ G


@VerifiedFormula
def masked_attention_value_vjp(Q: Any, K: Any, M: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of masked attention by the values.

    P^T G, P = softmax(Q K^T / sqrt(d) + M)

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    M: (..., l, s), added to the scores: 0 for a key that is seen, -1e9 or -inf for one that is not
    G: (..., l, e), the gradient by the output
    Returns (..., s, e); float32 and float64 are kept; losses are in nats.
    At infinities: -inf in M hides a key, nothing else in a row gives NaN; the limits where they exist, else
        NaN; scores beyond the largest float overflow.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: masked-attention-value-vjp-computed, with softmax-computed.
    """
    return over_matrices(
        _masked_attention_value_vjp, {"Q": Q, "K": K, "M": M, "G": G}, "(l,d),(s,d),(l,s),(l,e)->(s,e)", out=out
    )


def _masked_attention_mask_vjp(Q: Any, K: Any, V: Any, M: Any, G: Any) -> Any:
    S = Q @ np.swapaxes(K, -1, -2) * (1 / Q.shape[-1] ** 0.5) + M
    dP = G @ np.swapaxes(V, -1, -2)
    dS = softmax_jvp(S, dP)
    return dS


@VerifiedFormula
def masked_attention_mask_vjp(Q: Any, K: Any, V: Any, M: Any, G: Any, *, out: Any = None) -> Any:
    """The gradient of masked attention by the mask.

    dS, the Jacobian of softmax times G V^T in each row

    Q: (..., l, d), the queries, one a row
    K: (..., s, d), the keys, one a row
    V: (..., s, e), the values, one for each key
    M: (..., l, s), added to the scores: 0 for a key that is seen, -1e9 or -inf for one that is not
    G: (..., l, e), the gradient by the output
    Returns (..., l, s); float32 and float64 are kept; losses are in nats.
    At infinities: -inf in M hides a key, nothing else in a row gives NaN; the limits where they exist, else
        NaN; scores beyond the largest float overflow.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1706.03762, 3.2.1.
    Proof: masked-attention-mask-vjp-computed, with softmax-jvp-computed.
    """
    return over_matrices(
        _masked_attention_mask_vjp,
        {"Q": Q, "K": K, "V": V, "M": M, "G": G},
        "(l,d),(s,d),(s,e),(l,s),(l,e)->(l,s)",
        out=out,
    )
