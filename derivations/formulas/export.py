"""Standalone source of a formula for NumPy, JAX or PyTorch: no dependency on this project, the proofs in its head.

For JAX and PyTorch the derivatives that the catalogue proves are registered with the framework.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import sympy as sp

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from symbolic.given import Define
from symbolic.printing import as_text

from .export_jax import SUM_TO_SHAPE, differentiated_in_jax
from .export_matrices import function_over_matrices, shape_over_matrices
from .export_rules import Form, Rule
from .export_torch import differentiated_in_torch
from .export_writer import LIBRARIES, WIDTH, Library, folded, function_of
from .matrix_printing import used_by

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
_AS_ROWS = '''def as_rows(array):
    """The vectors along the last axis as the rows of one matrix."""
    return array.reshape(-1, array.shape[-1])
'''
_DERIVATIVES = {"jax": differentiated_in_jax, "torch": differentiated_in_torch}


def export(formula: Formula, to: str) -> str:
    """The source of a module with the formula, vectors along the last axis (of batch norm: the first)."""
    library = LIBRARIES[to]
    rules: tuple[Rule, ...] = ()
    differentiated = ""
    if to in _DERIVATIVES:
        doc = _doc(formula, [rule.name for rule in _DERIVATIVES[to](formula, "")[0] if rule.sums_rows])
        rules, differentiated = _DERIVATIVES[to](formula, textwrap.indent(doc, "    "))
    else:
        doc = _doc(formula)
    derivatives = [rule.derivative for rule in rules if rule.derivative is not None]
    functions = _called(formula, *derivatives, library=library)
    plain = f"{formula.name}_plain" if differentiated else formula.name
    functions[plain] = _function(formula, library, plain, _short_doc(formula) if differentiated else doc)
    functions |= {f.name: _function(f, library, f.name, _short_doc(f)) for f in derivatives}
    text = "\n".join([*functions.values(), differentiated])
    helpers = [_EXP_DIFFERENCE.format(library=library.name)] if "exp_difference" in text else []
    helpers += [SUM_TO_SHAPE] if "sum_to_shape(" in text else []
    helpers += [_AS_ROWS] if "as_rows(" in text else []
    blocks = [block.strip("\n") for block in [*helpers, *functions.values(), differentiated] if block]
    head = [_head(formula, library, rules), *_imports(library, text)]
    source = "\n\n\n".join(["\n\n".join(head), *blocks]) + "\n"
    return "\n".join(folded(line) for line in source.split("\n"))


def _function(formula: Formula, library: Library, name: str, doc: str) -> str:
    over = function_over_matrices if formula.is_over_matrices else function_of
    return over(formula, library, name, doc)


def _called(*formulas: Formula, library: Library) -> dict[str, str]:
    """The functions that those of the formulas call, and their activation, which is chosen in one place."""
    found: dict[str, str] = {}
    for formula in formulas:
        for name in used_by(formula):
            used = next(f for f in FORMULAS if f.name == name)
            found |= _called(used, library=library)
            found[name] = _function(used, library, name, _short_doc(used))
    activation = next((formula.activation for formula in formulas if formula.activation), "")
    if activation:
        slope = next(f for f in FORMULAS if f.slope_of == activation)
        for used in (next(f for f in FORMULAS if f.name == activation), slope):
            found[used.name] = _function(used, library, used.name, _short_doc(used))
        found["f"] = f"# For another activation change both.\nf = {activation}\nslope = {slope.name}"
    return found


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
    for item in formula.derivation.given:
        if isinstance(item, Define):
            lines += _filled("Where ", as_text(item, plain=True) + ".")
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
    conditions = [item for item in formula.derivation.given if not isinstance(item, Define)]
    return "; ".join([*parts, *(as_text(item, plain=True) for item in conditions)])


def _doc(formula: Formula, shared: Iterable[str] = ()) -> str:
    """The docstring; those that all rows share have no leading axes."""
    lines = [*_filled("", f'"""{_title(formula)}.'), "", *_filled("", formula.equation), ""]
    for a in formula.arguments:
        shape = "(n,)" if a.name in shared else _shape(formula, a.axes)
        lines += _filled(f"{a.name}: ", f"{shape}, {a.meaning}")
    for p in formula.parameters:
        lines += _filled(f"{p.name}: ", f"{p.meaning}{' (positive)' if p.positive else ''}")
    lines += _filled("Returns ", f"{_shape(formula, formula.result)}. {formula.kink}".strip())
    lines += _filled("At infinities: ", f"{formula.edges}. NaN gives NaN.")
    return "\n".join([*lines, '"""'])


def _shape(formula: Formula, axes: tuple[str, ...]) -> str:
    if formula.is_over_matrices:
        return shape_over_matrices(formula, axes) if axes else "a number"
    if axes == ("label",):
        return "(...) integers"
    return ("(n, ...)" if formula.axis == 0 else "(..., n)") if axes else "(...)"


def _short_doc(formula: Formula) -> str:
    lines = _filled("", f'"""{formula.equation}. Proof: {formula.derivation.name}."""')
    return "\n".join(lines)


def _title(formula: Formula) -> str:
    return formula.title[0].upper() + formula.title[1:]


def _filled(head: str, text: str) -> list[str]:
    indent = "    " if head else ""
    return textwrap.wrap(head + text, width=WIDTH - 4, subsequent_indent=indent, break_on_hyphens=False)
