r"""Sixty formulas as the five documents have them, or parts of such, with what each means, put down by hand.

`outline` is the intended syntax tree, "" where the formula is ill-formed and has to be refused. `meaning` is the same
in SymPy, one expression for each side. Names with labels are names: `W_out`, `W^(2)`; a bare superscript, which nobody
can tell from a power without knowing what it stands for, may be read as one. A quantity with a bound index is `Indexed`.
dA/dB is a quantity of its own.
"""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

__all__ = ["SAMPLE", "Sample"]


@dataclass(frozen=True)
class Sample:
    """A formula, its intended outline, and its sides in SymPy."""

    formula: str
    outline: str
    meaning: tuple[Any, ...] = ()


def s(name: str) -> Any:
    """A quantity."""
    return sp.Symbol(name)


def d(above: str, below: str) -> Any:
    """The derivative of one quantity by another."""
    return sp.Derivative(s(above), s(below), evaluate=False)


def prime(name: str, argument: Any) -> Any:
    """f'(x)"""
    x = sp.Dummy()
    return sp.Subs(sp.Derivative(sp.Function(name)(x), x), x, argument)


a, b, e, f, i, j, k, n, t, x, y, z = map(s, ("a", "b", "e", "f", "i", "j", "k", "n", "t", "x", "y", "z"))
C, E, L, N, W = map(s, ("C", "E", "L", "N", "W"))
sigma, softmax, sigmoid, relu, diag = map(sp.Function, ("sigma", "softmax", "sigmoid", "ReLU", "diag"))
F = sp.Function("f")
Y, H, Z, T, P = map(sp.IndexedBase, ("y", "haty", "z", "t", "p"))
exp, log, tanh, cosh, sinh = sp.exp, sp.log, sp.tanh, sp.cosh, sp.sinh
g = 1 / (1 + exp(-z))
delta = s("y_out") - s("s_out")


SAMPLE = (
    # scalars
    Sample(r"\frac{1}{1 + e^{-z}}", "(frac 1 (sum 1 + (^ e (- z))))", (g,)),
    Sample(r"(1 + e^{-z})^{-1}", "(^ (() (sum 1 + (^ e (- z)))) (- 1))", (g,)),
    Sample(r"= \frac{e^{-z}}{(1 + e^{-z})^2}", "(= _ (frac (^ e (- z)) (^ (() (sum 1 + (^ e (- z)))) 2)))", (exp(-z) * g**2,)),
    Sample(r"\frac{1 - e^{-z} + 1}{(1 + e^{-z})^2}", "(frac (sum 1 - (^ e (- z)) + 1) (^ (() (sum 1 + (^ e (- z)))) 2))", ((2 - exp(-z)) * g**2,)),
    Sample(r"-1 * (1 + e^{-z})^{-2} * -e^{-z}", "(- (* 1 (^ (() (sum 1 + (^ e (- z)))) (- 2)) (- (^ e (- z)))))", (exp(-z) * g**2,)),
    Sample(r"\frac{e^z - e^{-z}}{e^z + e^{-z}}", "(frac (sum (^ e z) - (^ e (- z))) (sum (^ e z) + (^ e (- z))))", (tanh(z),)),
    Sample(r"\frac{\cosh(z)^2 - \sinh(z)^2}{(\cosh(z))^2}", "(frac (sum (call cosh (^ (() z) 2)) - (call sinh (^ (() z) 2))) (^ (() (call cosh (() z))) 2))", (1 / cosh(z) ** 2,)),
    Sample(r"1 - \tanh^2(z)", "(sum 1 - (call (^ tanh 2) (() z)))", (1 - tanh(z) ** 2,)),
    Sample(r"\max(0,z)", "(call max (() (list 0 z)))", (sp.Max(0, z),)),
    Sample(r"\mathcal{L} = 0.5 * (y_{out} - y_{gt})^2", "(= calligraphic:L (* 0.5 (^ (() (sum (_ y (juxt o u t)) - (_ y (juxt g t)))) 2)))", (L, (s("y_out") - s("y_gt")) ** 2 / 2)),
    Sample(r"L = 0.5(y_{out} - y_{gt})^2", "(= L (juxt 0.5 (^ (() (sum (_ y (juxt o u t)) - (_ y (juxt g t)))) 2)))", (L, (s("y_out") - s("y_gt")) ** 2 / 2)),
    Sample(r"-t * log(y)", "(- (* t (call log (() y))))", (-t * log(y),)),
    Sample(r"-t * log(\frac{1}{1 + e^{-W*x}})", "(- (* t (call log (() (frac 1 (sum 1 + (^ e (- (* W x)))))))))", (t * log(1 + exp(-W * x)),)),
    Sample(r"-t * (1 - y) + t * y", "(sum (- (* t (() (sum 1 - y)))) + (* t y))", (-t * (1 - y) + t * y,)),
    Sample(r"\frac{-t * W * e^{e^{-Wx}}}{1 + e^{-Wx}}", "(frac (- (* t W (^ e (^ e (- (juxt W x)))))) (sum 1 + (^ e (- (juxt W x)))))", (-t * W * exp(exp(-W * x)) / (1 + exp(-W * x)),)),
    Sample(r"-t_j^x + o_j^x", "(sum (- (^ (_ t j) x)) + (^ (_ o j) x))", (-s("t_j")**x + s("o_j")**x,)),
    Sample(r"t_j^x \log o_j^x", "(juxt (^ (_ t j) x) (call log (^ (_ o j) x)))", (s("t_j")**x * log(s("o_j")**x),)),
    Sample(r"\frac{1 - t_j^x}{1 - o_j^x}", "(frac (sum 1 - (^ (_ t j) x)) (sum 1 - (^ (_ o j) x)))", ((1 - s("t_j")**x) / (1 - s("o_j")**x),)),
    Sample(r"p_j - p_{y_i} + \text{margin}", "(sum (_ p j) - (_ p (_ y i)) + roman:margin)", (s("p_j") - s("p_y_i") + s("margin"),)),
    Sample(r"= y_i (1 - y_i)", "(= _ (juxt (_ y i) (() (sum 1 - (_ y i)))))", (s("y_i") * (1 - s("y_i")),)),
    Sample(r"= -y_i y_i", "(= _ (- (juxt (_ y i) (_ y i))))", (-(s("y_i") ** 2),)),
    Sample(r"\hat{y}_i - y_i", "(sum (_ hat:y i) - (_ y i))", (s("haty_i") - s("y_i"),)),
    # calls and primes
    Sample(r"\sigma(z)(1 - \sigma(z))", "(juxt sigma (() z) (() (sum 1 - (juxt sigma (() z)))))", (sigma(z) * (1 - sigma(z)),)),
    Sample(r"= \sigma(z) - \sigma(z)^2", "(= _ (sum (juxt sigma (() z)) - (juxt sigma (^ (() z) 2))))", (sigma(z) - sigma(z) ** 2,)),
    Sample(r"f'(z) = 1 - \tanh^2(z)", "(= (juxt (′ f) (() z)) (sum 1 - (call (^ tanh 2) (() z))))", (prime("f", z), 1 - tanh(z) ** 2)),
    Sample(r"f'(z) = \sigma(z)(1 - \sigma(z))", "(= (juxt (′ f) (() z)) (juxt sigma (() z) (() (sum 1 - (juxt sigma (() z))))))", (prime("f", z), sigma(z) * (1 - sigma(z)))),
    Sample(r"\tanh'(s) \times (y - Y)", "(times (call (′ tanh) (() s)) (() (sum y - Y)))", ((1 - tanh(s("s")) ** 2) * (y - s("Y")),)),
    Sample(r"sigmoid(z) * (1-sigmoid(z))", "(* (call sigmoid (() z)) (() (sum 1 - (call sigmoid (() z)))))", (sigmoid(z) * (1 - sigmoid(z)),)),
    Sample(r"\text{ReLU}(s)", "(call roman:ReLU (() s))", (relu(s("s")),)),
    Sample(r"\operatorname{softmax}(z_2)", "(call roman:softmax (() (_ z 2)))", (softmax(s("z_2")),)),
    Sample(r"(y_{out} - s_{out}) \cdot f'_3(s_{out}) \cdot z_2", "(cdot (() (sum (_ y (juxt o u t)) - (_ s (juxt o u t)))) (juxt (_ (′ f) 3) (() (_ s (juxt o u t)))) (_ z 2))", (delta * prime("f_3", s("s_out")) * s("z_2"),)),
    Sample(r"diag(y^{(1)}. * (1 - y^{(1)}))", "(call diag (() (.* (^ y (() 1)) (() (sum 1 - (^ y (() 1)))))))", (diag(s("y^(1)") * (1 - s("y^(1)"))),)),
    # labels, transposes
    Sample(r"(y^{(2)} - t)^T * W^{(2)}", "(* (^ (() (sum (^ y (() 2)) - t)) T) (^ W (() 2)))", ((s("y^(2)") - t) ** s("T") * s("W^(2)"),)),
    Sample(r"(y^{(2)} - t) * y^{(1)T}", "(* (() (sum (^ y (() 2)) - t)) (^ y (juxt (() 1) T)))", ((s("y^(2)") - t) * s("y^(1)T"),)),
    Sample(r"(t - a) \cdot a_2^{\top}", "(cdot (() (sum t - a)) (^ (_ a 2) top))", ((t - a) * s("a_2")**s("top"),)),
    Sample(r"\Delta W = X^T \cdot \delta_s", "(= (juxt Delta W) (cdot (^ X T) (_ delta s)))", (s("Delta") * W, s("X")**s("T") * s("delta_s"))),
    Sample(r"W = W - 0.5\Delta W", "(= W (sum W - (juxt 0.5 Delta W)))", (W, W - s("Delta") * W / 2)),
    Sample(r"z_1 = \mathbf{W_1}x + b_1", "(= (_ z 1) (sum (juxt (_ bold:W 1) x) + (_ b 1)))", (s("z_1"), s("W_1") * x + s("b_1"))),
    Sample(r"z_{2_j}", "(_ z (_ 2 j))", (s("z_2_j"),)),
    # derivatives
    Sample(r"\frac{\partial E}{\partial z} = \frac{\partial E}{\partial y} * \frac{\partial y}{\partial z}", "(= (partial E by z) (* (partial E by y) (partial y by z)))", (d("E", "z"), d("E", "y") * d("y", "z"))),
    Sample(r"\frac{\partial \mathcal{L}}{\partial W_{out}}", "(partial calligraphic:L by (_ W (juxt o u t)))", (d("L", "W_out"),)),
    Sample(r"\frac{\partial E}{\partial z^{(2)}} = -t + y = y - t", "(= (partial E by (^ z (() 2))) (sum (- t) + y) (sum y - t))", (d("E", "z^(2)"), y - t, y - t)),
    Sample(r"\frac{dL}{dW_2}", "(d L by (_ W 2))", (d("L", "W_2"),)),
    Sample(r"\frac{\partial z_{1_j}}{\partial b_{1_k}} = 1", "(= (partial (_ z (_ 1 j)) by (_ b (_ 1 k))) 1)", (d("z_1_j", "b_1_k"), sp.Integer(1))),
    Sample(r"\frac{\partial \hat{y}_i}{\partial z_j}", "(partial (_ hat:y i) by (_ z j))", (d("haty_i", "z_j"),)),
    Sample(r"\delta_k = \frac{\partial \mathcal{L}}{\partial s_k}", "(= (_ delta k) (partial calligraphic:L by (_ s k)))", (s("delta_k"), d("L", "s_k"))),
    Sample(r"\frac{\partial L}{\partial \hat{y}_j}\frac{\partial \hat{y}_j}{\partial z_{2_i}} = \hat{y}_i - y_i", "(= (juxt (partial L by (_ hat:y j)) (partial (_ hat:y j) by (_ z (_ 2 i)))) (sum (_ hat:y i) - (_ y i)))", (d("L", "haty_j") * d("haty_j", "z_2_i"), s("haty_i") - s("y_i"))),
    Sample(r"\frac{\partial}{\partial x} f(x)", "(partial (juxt f (() x)) by x)", (sp.Derivative(F(x), x),)),
    # sums
    Sample(r"\frac{e^{z_c}}{\sum_{d=1}^C e^{z_d}}", "(frac (^ e (_ z c)) (Big:sum (= d 1) C (^ e (_ z d))))", (exp(s("z_c")) / sp.Sum(exp(Z[k]), (k, 1, C)),)),
    Sample(r"-\sum_{j=1}^C y_j \log(\hat{y}_j)", "(- (Big:sum (= j 1) C (juxt (_ y j) (call log (() (_ hat:y j))))))", (-sp.Sum(Y[k] * log(H[k]), (k, 1, C)),)),
    Sample(r"\frac{1}{N} \sum_{n=1}^N t_n", "(juxt (frac 1 N) (Big:sum (= n 1) N (_ t n)))", (sp.Sum(T[k], (k, 1, N)) / N,)),
    Sample(r"\sum_{j=1}^C y_j \hat{y}_i", "(Big:sum (= j 1) C (juxt (_ y j) (_ hat:y i)))", (s("haty_i") * sp.Sum(Y[k], (k, 1, C)),)),
    Sample(r"= -y_i + \hat{y}_i \sum_{j=1}^C y_j", "(= _ (sum (- (_ y i)) + (juxt (_ hat:y i) (Big:sum (= j 1) C (_ y j)))))", (-s("y_i") + s("haty_i") * sp.Sum(Y[k], (k, 1, C)),)),
    # matrices
    Sample(r"\begin{bmatrix} 0.09859 \\ 0.011215 \end{bmatrix}", "(matrix[] [0.09859] [0.011215])", (sp.Matrix(["0.09859", "0.011215"]),)),
    Sample(r"\begin{bmatrix} -0.5 & 0. \\ 0.25 & 1 \end{bmatrix}", "(matrix[] [(- 0.5) 0.] [0.25 1])", (sp.Matrix([[-0.5, 0], [0.25, 1]]),)),
    Sample(r"= [[0.125], [0.125]]", "(= _ (matrix[] [0.125] [0.125]))", (sp.Matrix([0.125, 0.125]),)),
    # ill-formed
    Sample(r"\frac{W}{\partial z^{(2)}} = (y^{(2)} - t)^T", ""),
    Sample(r"-\sum_n (\log(p(y_n|x_n; w))", ""),
    Sample(r"\frac{\partial y}{\partial z} = \begin{cases} \frac{\frac{\partial softmax(z)}{\partial z} = y*(1-y) & for \quad i=j \end{cases}", ""),
    Sample(r"a_2 \cdot (1 - a_2) \cdot V^{\top} \cdot (t", ""),
)  # fmt: skip
