"""Names in TeX: Greek letters, names with a number, upright words; functions and relations."""

from __future__ import annotations

import re

__all__ = ["FUNCTIONS", "RELATIONS", "name_in_tex"]

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
_GREEK = frozenset(f"{_LOWER} {_UPPER}".split())
_VARIANTS = {"epsilon": r"\varepsilon"}

#: How functions are written, by the name of their class.
FUNCTIONS = {
    "log": r"\log",
    "tanh": r"\tanh",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "sigmoid": r"\sigma",
    "erf": r"\operatorname{erf}",
    "sign": r"\operatorname{sign}",
    "relu": r"\operatorname{ReLU}",
    "softplus": r"\operatorname{softplus}",
}

RELATIONS = {"!=": r"\neq", ">=": r"\geq", "<=": r"\leq"}


def name_in_tex(name: str) -> str:
    """`W1` as W with the index 1, `alpha` as the letter, `log_y`, `label` as an upright word, `k'` with its prime."""
    stem, primes = name.rstrip("'"), "'" * (len(name) - len(name.rstrip("'")))
    numbered = re.fullmatch(r"([A-Za-z]+)_?(\d+)", stem)
    if numbered:
        return f"{name_in_tex(numbered[1])}_{{{numbered[2]}}}{primes}"
    if stem in _GREEK:
        return _VARIANTS.get(stem, f"\\{stem}") + primes
    if len(stem) == 1:
        return stem + primes
    function, _, argument = stem.partition("_")
    if argument and function in FUNCTIONS:  # log_y
        return f"{FUNCTIONS[function]} {name_in_tex(argument)}{primes}"
    words = stem.replace("_", r"\ ")
    return rf"\mathrm{{{words}}}" + primes
