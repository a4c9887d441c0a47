"""Pieces of homework as people write them, without a context: every step is read, and only mistakes are refuted."""

from __future__ import annotations

from derivations import check

NOTES = r"""# Attention

Let $Q \in \mathbb{R}^{n \times d}$, $K \in \mathbb{R}^{m \times d}$, $V \in \mathbb{R}^{m \times p}$.

$$ S = \frac{Q K^\top}{\sqrt{d}}, \qquad P_{ij} = \frac{\exp(S_{ij})}{\sum_{l=1}^m \exp(S_{il})}, \qquad O = P V $$

$$ \frac{\partial P_{ij}}{\partial S_{ik}} = P_{ij}(\delta_{jk} - P_{ik}) $$
$$ \frac{\partial O_{ia}}{\partial V_{jb}} = P_{ij} \delta_{ab} $$
$$ \frac{\partial S_{ij}}{\partial Q_{ka}} = \frac{1}{\sqrt d} \delta_{ik} K_{ja} $$
$$ \sum_j P_{ij} = 1 $$
$$ P \mathbf{1} = \mathbf{1} $$
$$ \frac{\partial O_{ia}}{\partial S_{ik}} = P_{ik} (V_{ka} - O_{ia}) $$
$$ \frac{\partial O_{ia}}{\partial S_{ik}} = P_{ik} V_{ka} $$

# Layer norm

Let $x \in \mathbb{R}^d$, $\gamma, \beta \in \mathbb{R}^d$, $\epsilon > 0$.
$\mu = \frac1d \mathbf{1}^T x$, $\sigma^2 = \frac1d \|x - \mu \mathbf{1}\|^2$,
$\hat x = \frac{x - \mu \mathbf{1}}{\sqrt{\sigma^2 + \epsilon}}$, $y = \gamma \odot \hat x + \beta$.

$$ \frac{\partial y}{\partial \beta} = I $$
$$ \frac{\partial y}{\partial \gamma} = \operatorname{diag}(\hat x) $$
$$ \mathbf{1}^T \hat x = 0 $$
$$ \frac{\partial \mu}{\partial x} = \frac1d \mathbf{1} $$
$$ \frac{\partial \sigma^2}{\partial x} = \frac2d (x - \mu\mathbf{1}) $$

# Gaussian

Let $\theta \in \mathbb{R}$, $s > 0$, $a \in \mathbb{R}^n$. 
$\ell = \sum_{i=1}^n \left[ \frac{(a_i - \theta)^2}{2 s^2} + \log s + \frac12 \log 2\pi \right]$

$$ \frac{\partial \ell}{\partial \theta} = -\frac{1}{s^2} \sum_i (a_i - \theta) $$
$$ \frac{\partial \ell}{\partial \theta} = \frac{n}{s^2} (\theta - \bar a) $$
where $\bar a = \frac1n \sum_i a_i$.
$$ \frac{\partial \ell}{\partial s} = \frac{n}{s} - \frac{1}{s^3} \sum_i (a_i - \theta)^2 $$
$$ \frac{\partial^2 \ell}{\partial \theta^2} = \frac{n}{s^2} $$
"""

HOMEWORK = r"""\documentclass[11pt]{article}
\usepackage{amsmath,amssymb}
\DeclareMathOperator{\softmax}{softmax}
\newcommand{\R}{\mathbb{R}}
\newcommand{\bx}{\mathbf{x}}
\newcommand{\bW}{\mathbf{W}}
\def\yh{\hat{\mathbf{y}}}
\title{HW3}
\begin{document}
\maketitle
\section*{Problem 1}
Let $\bx \in \R^{d}$, $\bW \in \R^{k\times d}$, $\mathbf{b} \in \R^k$, and $\mathbf{y} \in \{0,1\}^k$ one-hot.
Define $\mathbf{z} = \bW \bx + \mathbf{b}$ and $\yh = \softmax(\mathbf{z})$.
\begin{equation}\label{eq:loss}
  L = -\sum_{i=1}^{k} y_i \log \hat{y}_i
\end{equation}
\begin{align}
  L &= -\sum_i y_i \Big( z_i - \log \sum_j e^{z_j} \Big) \tag{by definition} \\
    &= -\sum_i y_i z_i + \log \sum_j e^{z_j} && \text{since } \textstyle\sum_i y_i = 1 \label{eq:a}\\
\intertext{Differentiating \eqref{eq:a} with respect to $z_m$,}
  \frac{\partial L}{\partial z_m} &= -y_m + \frac{e^{z_m}}{\sum_j e^{z_j}} \nonumber \\
    &= \hat{y}_m - y_m .
\end{align}
Therefore
\[
  \nabla_{\mathbf{z}} L = \yh - \mathbf{y} \qquad
  \Rightarrow \qquad \nabla_{\bW} L = (\yh - \mathbf{y}) \bx^\top, \quad \nabla_{\mathbf b} L = \yh - \mathbf{y}.
\]
\[
\begin{aligned}
  \frac{\partial L}{\partial \bx} &= \bW (\yh - \mathbf{y}) % wrong: transpose
\end{aligned}
\]
\section*{Problem 2}
Consider $f(u) = \log(1 + e^{-u})$, $u \in \R$.
\begin{eqnarray*}
 f'(u) & = & \frac{-e^{-u}}{1+e^{-u}} \\
       & = & -\frac{1}{1+e^{u}} \\
       & = & \sigma(u) - 1
\end{eqnarray*}
where $\sigma(u) = 1/(1+e^{-u})$. Also,
\begin{align*}
 f''(u) = \sigma(u)(1-\sigma(u)) \le \frac14 .
\end{align*}
\end{document}
"""


def verdicts(text: str) -> list[tuple[str, str]]:
    """Claims that are not proved, by their right side, and whether anything was left unread."""
    steps = check(text, jobs=1).steps
    assert [step.message for step in steps if str(step.link) in ("UNREADABLE", "UNDECIDED")] == []
    assert sum(str(step.link) == "PROVED" for step in steps) > 10
    return [(str(step.link), step.rhs) for step in steps if step.kind == "claim" and str(step.link) != "PROVED"]


def test_attention_layer_norm_and_a_gaussian() -> None:
    assert verdicts(NOTES) == [("REFUTED", "P_{ik} V_{ka}")]


def test_a_homework_in_latex() -> None:
    assert verdicts(HOMEWORK) == [("REFUTED", r"\bW (\yh - \mathbf{y})")]
