"""The derivative of an exported formula for JAX: `custom_jvp`, or `custom_vjp` where the proof is of a vector times the
Jacobian.
"""

from __future__ import annotations

from derivations.catalogue._formula import Formula

from .export_rules import Form, Rule, rules_of
from .export_writer import signature

__all__ = ["SUM_TO_SHAPE", "differentiated_in_jax"]

SUM_TO_SHAPE = '''def sum_to_shape(array, shape):
    """The array, summed over the axes along which one of this shape was broadcast."""
    added = array.ndim - len(shape)
    axes = [k for k in range(array.ndim) if k < added or shape[k - added] == 1]
    return jnp.sum(array, axis=tuple(axes), keepdims=True).reshape(shape)
'''


def differentiated_in_jax(formula: Formula, doc: str) -> tuple[tuple[Rule, ...], str]:
    """The rules that are used, and the source of the function with its derivative; nothing where none is proved."""
    rules = _rules(formula)
    if all(rule.derivative is None for rule in rules):
        return rules, ""
    backwards = any(rule.form is Form.REVERSE and formula.result for rule in rules)
    kind = "vjp" if backwards else "jvp"
    places = tuple(range(len(rules), len(rules) + len(formula.parameters)))
    fixed = f"@functools.partial(jax.custom_{kind}, nondiff_argnums={places})" if places else f"@jax.custom_{kind}"
    lines = [fixed, f"def {formula.name}({signature(formula)}):", *doc.splitlines(), f"    return {_plain(formula)}"]
    return rules, "\n".join([*lines, "", "", *(_reverse(formula, rules) if backwards else _forward(formula, rules))])


def _rules(formula: Formula) -> tuple[Rule, ...]:
    """Rules that go forwards where they can; else those that go backwards."""
    rules = rules_of(formula)
    if any(rule.form is Form.REVERSE and formula.result for rule in rules):
        forwards = rules_of(formula, without=[Form.REVERSE])
        if [rule.derivative is None for rule in forwards] == [rule.derivative is None for rule in rules]:
            return forwards
        return rules_of(formula, without=[Form.FORWARD])
    return rules


def _plain(formula: Formula) -> str:
    names = [*(a.name for a in formula.arguments), *(p.name for p in formula.parameters)]
    return f"{formula.name}_plain({', '.join(names)})"


def _unpacked(names: list[str], value: str) -> str:
    return f"    {_tuple(names) if len(names) == 1 else ', '.join(names)} = {value}"


def _rest(formula: Formula, left: list[str]) -> list[str]:
    """The function of the arguments by which no derivative is proved."""
    return ["", f"    def rest({', '.join(left)}):", f"        return {_plain(formula)}", ""]


def _parameters(formula: Formula) -> str:
    return "".join(f"{p.name}, " for p in formula.parameters)


def _forward(formula: Formula, rules: tuple[Rule, ...]) -> list[str]:
    left = [rule.name for rule in rules if rule.form is Form.UNPROVED]
    tangents = ["_" if rule.form is Form.DISCRETE else f"{rule.name}_dot" for rule in rules]
    lines = [f"@{formula.name}.defjvp", f"def _{formula.name}_jvp({_parameters(formula)}primals, tangents):"]
    lines += [_unpacked([rule.name for rule in rules], "primals"), _unpacked(tangents, "tangents")]
    terms = []
    if left:
        dots = [f"{name}_dot" for name in left]
        along = f"{_tuple(left)}, {_tuple(dots)}"
        lines += [*_rest(formula, left), f"    value, slope = jax.jvp(rest, {along})"]
        terms.append("slope")
    else:
        lines.append(f"    value = {_plain(formula)}")
    for rule in rules:
        if rule.derivative is not None:
            lines += [f"    by_{rule.name} = {_along(formula, rule)}"]
            terms.append(f"by_{rule.name}")
    return [*lines, f"    return value, {' + '.join(terms)}"]


def _along(formula: Formula, rule: Rule) -> str:
    """The derivative in the direction of a tangent."""
    dot = f"{rule.name}_dot"
    if rule.form is Form.SLOPE:
        return f"{rule.call()} * {dot}"
    if rule.form is Form.FORWARD:
        return rule.call(dot)
    gradient = (
        rule.call(f"jnp.ones({rule.name}.shape[:-1], {rule.name}.dtype)") if rule.form is Form.REVERSE else rule.call()
    )
    return f"jnp.sum({gradient} * {dot}{'' if formula.is_over_matrices else ', axis=-1'})"


def _reverse(formula: Formula, rules: tuple[Rule, ...]) -> list[str]:
    own = f"_{formula.name}"
    saved = _tuple([rule.name for rule in rules])
    lines = [f"def {own}_forward({signature(formula)}):", f"    return {_plain(formula)}, {saved}", "", ""]
    lines += [f"def {own}_backward({_parameters(formula)}saved, gradient):"]
    lines += [_unpacked([rule.name for rule in rules], "saved")]
    for rule in rules:
        if rule.derivative is not None:
            lines += [f"    by_{rule.name} = {rule.call('gradient')}"]
            lines += [f"    by_{rule.name} = sum_to_shape(by_{rule.name}, {rule.name}.shape)"]
    left = [rule.name for rule in rules if rule.form is Form.UNPROVED]
    if left:
        lines += [*_rest(formula, left), f"    _, pull = jax.vjp(rest, {', '.join(left)})"]
        lines += [_unpacked([f"by_{name}" for name in left], "pull(gradient)")]
    back = ["None" if rule.form is Form.DISCRETE else f"by_{rule.name}" for rule in rules]
    lines += [f"    return {_tuple(back) if len(back) == 1 else ', '.join(back)}", "", ""]
    return [*lines, f"{formula.name}.defvjp({own}_forward, {own}_backward)"]


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
