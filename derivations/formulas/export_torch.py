"""The derivative of an exported formula for PyTorch: a `torch.autograd.Function` with the proved backward."""

from __future__ import annotations

from derivations.catalogue._formula import Formula

from .export_rules import Form, Rule, rules_of
from .export_writer import signature

__all__ = ["differentiated_in_torch"]


def differentiated_in_torch(formula: Formula, doc: str) -> tuple[tuple[Rule, ...], str]:
    """The rules that are used, and the source of the function with its derivative; nothing where none is proved."""
    rules = rules_of(formula, without=[Form.FORWARD])
    if all(rule.derivative is None for rule in rules):
        return rules, ""
    name = "".join(part.capitalize() for part in formula.name.split("_"))
    names = [*(rule.name for rule in rules), *(p.name for p in formula.parameters)]
    call = ", ".join(names)
    public = [f"def {formula.name}({signature(formula)}):", *doc.splitlines(), f"    return {name}.apply({call})"]
    lines = [
        f"class {name}(torch.autograd.Function):",
        f'    """`{formula.name}` with its proved derivative."""',
        "",
        "    generate_vmap_rule = True",
        "",
        "    @staticmethod",
        f"    def forward({call}):",
        f"        return {formula.name}_plain({call})",
        "",
        "    @staticmethod",
        "    def setup_context(ctx, inputs, output):",
        *_saved(formula, rules),
        "",
        "    @staticmethod",
        "    def backward(ctx, gradient):",
        *_backward(formula, rules),
    ]
    return rules, "\n".join([*lines, "", "", *public])


def _saved(formula: Formula, rules: tuple[Rule, ...]) -> list[str]:
    tensors = [rule.name for rule in rules]
    kept = [*tensors, *(f"ctx.{p.name}" for p in formula.parameters)]
    return [f"        {_unpacked(kept)} = inputs", f"        ctx.save_for_backward({', '.join(tensors)})"]


def _backward(formula: Formula, rules: tuple[Rule, ...]) -> list[str]:
    names = ", ".join(rule.name for rule in rules) + ("," if len(rules) == 1 else "")
    lines = [
        f"        {names} = ctx.saved_tensors".replace(
            f"{names} =", f"({names}) =" if len(rules) == 1 else f"{names} ="
        )
    ]
    lines += [f"        {p.name} = ctx.{p.name}" for p in formula.parameters]
    wanted = [rule for rule in rules if rule.form is not Form.DISCRETE]
    lines.append(f"        {' = '.join(f'by_{rule.name}' for rule in wanted)} = None")
    for place, rule in enumerate(rules):
        if rule.form is Form.DISCRETE:
            continue
        lines.append(f"        if ctx.needs_input_grad[{place}]:")
        lines += [f"            {line}".rstrip() for line in _term(formula, rule)]
    back = ["None" if rule.form is Form.DISCRETE else f"by_{rule.name}" for rule in rules]
    return [*lines, f"        return {', '.join([*back, *('None' for _ in formula.parameters)])}"]


def _term(formula: Formula, rule: Rule) -> list[str]:
    """The gradient by one argument."""
    by, name = f"by_{rule.name}", rule.name
    if rule.derivative is None:
        names = ", ".join([*(a.name for a in formula.arguments), *(p.name for p in formula.parameters)])
        of_it = ["", f"def of_{name}({name}):", f"    return {formula.name}_plain({names})", ""]
        return [*of_it, f"_, pull = torch.func.vjp(of_{name}, {name})", f"({by},) = pull(gradient)"]
    if rule.form is Form.REVERSE:
        product = rule.call("gradient")
    else:
        of_vectors = rule.form is Form.GRADIENT and not formula.is_over_matrices
        product = f"gradient{'[..., None]' if of_vectors else ''} * {rule.call()}"
    return [f"{by} = {product}", f"{by} = {by}.sum_to_size({name}.shape)"]


def _unpacked(names: list[str]) -> str:
    return f"({names[0]},)" if len(names) == 1 else ", ".join(names)
