"""Standalone source of a formula for NumPy or JAX: no dependency on this project, the proof's name in its head."""

from __future__ import annotations

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula

from .build import docstring, vector_of
from .operations import operations_of
from .printing import JAX, NUMPY, Dialect, body_of

__all__ = ["LIBRARIES", "export"]

LIBRARIES = {"numpy": NUMPY, "jax": JAX}
_IMPORTS = {"np": "import numpy as np\n", "jnp": "import jax.numpy as jnp\n"}
_SPECIAL = {"np": "from scipy import special\n", "jnp": "from jax.scipy import special\n"}
_EXP_DIFFERENCE = '''
def exp_difference(first, second, scale=1.0):
    """exp((first - second) / scale), with what rounding drops from the difference."""
    difference = first - second
    back = first - difference
    dropped = (first - (difference + back)) + (back - second)
    dropped = {library}.where(dropped == dropped, dropped, 0)
    power = {library}.exp(difference / scale)
    return power + power * (dropped / scale)

'''
_RULE = """

@{name}.defjvp
def _{name}_jvp({head}primals, tangents):
    ({argument},), (tangent,) = primals, tangents
    return {name}({call}), {slope}({call}) * tangent
"""


def export(formula: Formula, library: str) -> str:
    """The source of a module with the formula, vectors along the last axis.

    For JAX, the slope of a function of one array is registered as its derivative (`custom_jvp`).
    """
    dialect = LIBRARIES[library]
    slope = next((f for f in FORMULAS if f.slope_of == formula.name and _is_simple(f)), None)
    rule = slope is not None and library == "jax" and _is_simple(formula)
    parts = [_function(slope, dialect)] if rule and slope is not None else []
    parts.append((_decorator(formula) if rule else "") + _function(formula, dialect))
    if rule and slope is not None:
        parts.append(_jvp(formula, slope))
    text = "\n\n".join(part.strip("\n") + "\n" for part in parts)
    names = ", ".join(f.derivation.name for f in (formula, slope if rule else None) if f is not None)
    head = f'"""{formula.title[0].upper()}{formula.title[1:]}; proved: {names}."""\n\n'
    head += "import functools\n\nimport jax\n" if rule else ""
    head += _IMPORTS[dialect.library] + (_SPECIAL[dialect.library] if "special." in text else "") + "\n"
    return head + (_EXP_DIFFERENCE.format(library=dialect.library) if "exp_difference" in text else "") + "\n" + text


def _is_simple(formula: Formula) -> bool:
    return formula.is_elementwise and len(formula.arguments) == 1


def _function(formula: Formula, dialect: Dialect) -> str:
    arguments = [*(a.name for a in formula.arguments), *(f"{p.name}={p.default!r}" for p in formula.parameters)]
    text = [line for line in docstring(formula).splitlines() if not line.startswith(("validate:", "Raises", "Returns"))]
    lines = [f"def {formula.name}({', '.join(arguments)}):", *(f"    {line}" if line else "" for line in text)]
    for argument in formula.arguments:
        if not formula.is_elementwise and argument.axes != ("n",):
            lines.append(f"    {argument.name} = {dialect.library}.asarray({argument.name})[..., None]")
    body = body_of(operations_of(formula), vector_of(formula), dialect)
    *rest, last = body.splitlines()
    given = [f"    result = {last.strip().removeprefix('return ')}"]
    if not formula.is_elementwise and not formula.result:
        body = "\n".join([*rest, *given, "    return result[..., 0]"])
    elif formula.result and any(not argument.axes for argument in formula.arguments):
        shape = f"{vector_of(formula)}.shape"
        body = "\n".join([*rest, *given, f"    return {dialect.library}.broadcast_to(result, {shape})"])
    return "\n".join([*lines, body])


def _decorator(formula: Formula) -> str:
    fixed = tuple(range(1, 1 + len(formula.parameters)))
    return f"@functools.partial(jax.custom_jvp, nondiff_argnums={fixed})\n"


def _jvp(formula: Formula, slope: Formula) -> str:
    parameters = [p.name for p in formula.parameters]
    argument = formula.arguments[0].name
    return _RULE.format(
        name=formula.name,
        slope=slope.name,
        argument=argument,
        head="".join(f"{name}, " for name in parameters),
        call=", ".join([argument, *parameters]),
    )
