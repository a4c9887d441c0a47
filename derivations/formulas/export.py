"""Standalone source of a formula for NumPy, JAX or PyTorch: no dependency on this project, the proofs in its head.

For JAX and PyTorch the derivatives that the catalogue proves are registered with the framework.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import sympy as sp

from derivations.catalogue._formula import Formula
from symbolic.printing import as_text

from .export_jax import SUM_TO_SHAPE, differentiated_in_jax
from .export_rules import Form, Rule
from .export_torch import differentiated_in_torch
from .export_writer import LIBRARIES, WIDTH, Library, function_of

__all__ = ["LIBRARIES", "export"]

_EXP_DIFFERENCE = '''def exp_difference(first, second, scale=1.0):
    """exp((first - second) / scale), with what rounding drops from the difference."""
    difference = first - second
    back = first - difference
    dropped = (first - (difference + back)) + (back - second)
    dropped = {library}.where(dropped == dropped, dropped, 0)
    power = {library}.exp(difference / scale)
    return power + power * (dropped / scale)
'''
_DERIVATIVES = {"jax": differentiated_in_jax, "torch": differentiated_in_torch}
_SHAPES = {(): "(...)", ("n",): "(..., n)", ("label",): "(...) integers"}


def export(formula: Formula, to: str) -> str:
    """The source of a module with the formula, vectors along the last axis."""
    library = LIBRARIES[to]
    rules: tuple[Rule, ...] = ()
    differentiated = ""
    if to in _DERIVATIVES:
        rules, differentiated = _DERIVATIVES[to](formula, textwrap.indent(_doc(formula), "    "))
    functions = [differentiated] if differentiated else []
    for rule in rules:
        if rule.derivative is not None:
            functions.insert(0, function_of(rule.derivative, library, doc=_short_doc(rule.derivative)))
    plain = f"{formula.name}_plain" if differentiated else formula.name
    functions.insert(0, function_of(formula, library, plain, _short_doc(formula) if differentiated else _doc(formula)))
    text = "\n".join(functions)
    helpers = [_EXP_DIFFERENCE.format(library=library.name)] if "exp_difference" in text else []
    helpers += [SUM_TO_SHAPE] if "sum_to_shape" in text else []
    blocks = [block.strip("\n") for block in [*helpers, *functions]]
    head = [_head(formula, library, rules), *_imports(library, text)]
    return "\n\n\n".join(["\n\n".join(head), *blocks]) + "\n"


def _imports(library: Library, text: str) -> list[str]:
    """The imports in groups: of the standard library, and of others."""
    standard = [f"import {name}" for name in ("functools", "math") if f"{name}." in text]
    named = {"np": "import numpy as np", "jnp": "import jax.numpy as jnp", "torch": "import torch"}[library.name]
    others = [named] if f"{library.name}." in text else []
    if library.name == "jnp" and re.search(r"\bjax\.", text):
        others.insert(0, "import jax")
    if re.search(r"(?<!\.)\bspecial\.", text):
        others.append({"np": "from scipy import special", "jnp": "from jax.scipy import special"}[library.name])
    return ["\n".join(group) for group in (standard, others) if group]


def _head(formula: Formula, library: Library, rules: Iterable[Rule]) -> str:
    lines = [*_filled("", f'"""{_title(formula)}, for {library.title}.'), ""]
    lines += _filled("Equation: ", formula.equation + ".")
    lines += _filled("Domain: ", _domain(formula) + ".")
    lines += _filled("Proof: ", f"{formula.derivation.name}, that the computed form equals the equation.")
    for rule in rules:
        lines += _filled(f"Derivative by {rule.name}: ", _of_rule(rule, library))
    lines += _filled("Source: ", "; ".join(map(str, formula.derivation.sources)) + ".")
    return "\n".join([*lines, '"""'])


def _of_rule(rule: Rule, library: Library) -> str:
    if rule.form is Form.DISCRETE:
        return "none, it is an integer."
    if rule.derivative is None:
        return f"no proof of one is at hand; {library.title} differentiates the plain function."
    kink = f"  {rule.derivative.kink}" if rule.derivative.kink else ""
    return f"proved, {rule.derivative.derivation.name}.{kink}"


def _domain(formula: Formula) -> str:
    """What arguments and parameters range over, and what is given beside."""
    symbols = [*(a.symbol for a in formula.arguments), *(p.symbol for p in formula.parameters)]
    positive = [s.name for s in symbols if isinstance(s, sp.Symbol) and s.is_positive]
    real = [s.name for s in symbols if s.name not in positive and not getattr(s, "is_integer", False)]
    parts = [f"{', '.join(real)} real"] if real else []
    parts += [f"{', '.join(positive)} > 0"] if positive else []
    parts += [f"{a.name} an integer from 0 to n - 1" for a in formula.arguments if a.axes == ("label",)]
    return "; ".join([*parts, *(as_text(item, plain=True) for item in formula.derivation.given)])


def _doc(formula: Formula) -> str:
    lines = [*_filled("", f'"""{_title(formula)}.'), "", *_filled("", formula.equation), ""]
    for a in formula.arguments:
        lines += _filled(f"{a.name}: ", f"{_SHAPES[a.axes]}, {a.meaning}")
    for p in formula.parameters:
        lines += _filled(f"{p.name}: ", f"{p.meaning}{' (positive)' if p.positive else ''}")
    lines += _filled("Returns ", f"{_SHAPES[formula.result]}. {formula.kink}".strip())
    lines += _filled("At infinities: ", f"{formula.edges}. NaN gives NaN.")
    return "\n".join([*lines, '"""'])


def _short_doc(formula: Formula) -> str:
    lines = _filled("", f'"""{formula.equation}. Proof: {formula.derivation.name}."""')
    return "\n".join(lines)


def _title(formula: Formula) -> str:
    return formula.title[0].upper() + formula.title[1:]


def _filled(head: str, text: str) -> list[str]:
    return textwrap.wrap(head + text, width=WIDTH - 4, subsequent_indent="    " if head else "")
