"""Writes the modules of formulas from the catalogue: ``python -m derivations.formulas.build``.

Each function holds the operations of the line that is proved.  A test writes them anew and compares.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula

from .block_bodies import block_body_of
from .build_compiled import compiled_modules
from .matrix_printing import module_over_matrices, proofs_of, shapes_over_matrices
from .operations import operations_of
from .printing import body_of
from .rewriting import in_floats, with_steps

__all__ = ["main", "modules"]

_FOLDER = Path(__file__).parent
_ACTIVATION = (
    "f, by the name of a verified activation or as a pair (f, derivative) of functions of arrays; f alone does"
)
_ACTIVATION += " where no derivative is needed"
_IN_PLACE_HEAD = '''"""{title} in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `{family}` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
{imports}
__all__ = [{names}]
'''

_HEAD = '''"""{title}, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
{imports}
__all__ = [{names}]
'''


def modules() -> dict[str, str]:
    """The source of each module, by family; what works in place, and what is compiled, is in a package of its own."""
    families = {family: list(group) for family, group in groupby(FORMULAS, key=lambda f: f.family)}
    matrices = {family: families.pop(family) for family in list(families) if families[family][0].is_over_matrices}
    found = {family: _module(family, group) for family, group in families.items()}
    found |= {family: module_over_matrices(family, group, docstring) for family, group in matrices.items()}
    found |= {f"in_place/{family}": _in_place_module(family, group) for family, group in families.items()}
    return found | compiled_modules(families, [f for group in matrices.values() for f in group], _function)


def kernel(formula: Formula) -> str:
    """The function of arrays that evaluates the computed line."""
    names = [*(a.name for a in formula.arguments), *(p.name for p in formula.parameters)]
    kinds = [*("Any" for _ in formula.arguments), *("float" for _ in formula.parameters)]
    signature = ", ".join(f"{name}: {kind}" for name, kind in zip(names, kinds, strict=True))
    body = body_of(in_floats(with_steps(operations_of(formula))), vector_of(formula))
    return f"def _{formula.name}({signature}) -> Any:\n{body}\n"


def kernel_in_place(formula: Formula) -> str:
    """The function that evaluates the computed line on one block."""
    long = [a.name for a in formula.arguments if formula.is_elementwise or a.axes == ("n",)]
    ones = [p.name for p in formula.parameters if p.default == 1]
    body = block_body_of(operations_of(formula), long, vector_of(formula), ones, formula.targets)
    names = ["number", "out", *(a.name for a in formula.arguments)]
    typed = [*(f"{name}: Any" for name in names), *(f"{p.name}: float" for p in formula.parameters)]
    default, result = (" = None", "Any") if formula.is_elementwise else ("", "None")
    typed += [f"{name}: Any{default}" for name in (*body.buffers, *body.masks)]
    sizes = {"buffers": len(body.buffers), "masks": len(body.masks)}
    options = [f"{name}={size}" for name, size in sizes.items() if size]
    options += ["overwrites=True"] if not formula.is_elementwise and _overwrites(body.lines, long) else []
    options += [f"lying={long.index(body.lying)}"] if body.lying else []
    counts = ", ".join(options)
    head = f"@in_place({counts})\ndef {formula.name}({', '.join(typed)}) -> {result}:\n"
    equation = textwrap.indent("\n".join(_filled('"""', formula.equation + '."""')), "    ")
    return f"{head}{equation}\n{textwrap.indent(chr(10).join(body.lines), '    ')}\n"


def _overwrites(lines: Iterable[str], arrays: Iterable[str]) -> bool:
    """Whether none of the arrays is read after the statement that first writes to `out`."""
    names = [set(re.findall(r"\w+", line)) for line in lines]
    start = next(k for k, found in enumerate(names) if "out" in found)
    return not any(found & set(arrays) for found in names[start + 1 :])


def _in_place_module(family: str, formulas: list[Formula]) -> str:
    text = "\n\n".join(kernel_in_place(f) for f in formulas)
    imports = "from scipy import special\n" if "special." in text else ""
    helpers = ("above", "below", "clip", "drop_nan", "entries", "in_place", "places", "position_of_largest", "turned")
    used = [name for name in helpers if re.search(rf"\b{name}\(", text)]
    imports += f"\nfrom ..blocks import {', '.join(used)}\n"
    names = ", ".join(f'"{f.name}"' for f in sorted(formulas, key=lambda f: f.name))
    title = family.replace("_", " ").capitalize()
    return _IN_PLACE_HEAD.format(title=title, family=family, imports=imports, names=names) + "\n\n" + text


def vector_of(formula: Formula) -> str:
    """The first argument that is a vector, or nothing."""
    return next((a.name for a in formula.arguments if a.axes == ("n",)), "")


def _module(family: str, formulas: list[Formula]) -> str:
    bodies = [f"{kernel(f)}\n\n{_function(f, (f'_{f.name}', f'blocks.{f.name}'), docstring(f))}" for f in formulas]
    text = "\n\n".join(bodies)
    used = [name for name in ("VerifiedFormula", "along_axis", "elementwise", "exp_difference", "positive")]
    used = [name for name in used if f"{name}(" in text or name == "VerifiedFormula"]
    imports = "from scipy import special\n" if "special." in text else ""
    imports += f"\nfrom .in_place import {family} as blocks\nfrom .runtime import {', '.join(used)}\n"
    names = ", ".join(f'"{f.name}"' for f in sorted(formulas, key=lambda f: f.name))
    title = family.replace("_", " ").capitalize()
    return _HEAD.format(title=title, imports=imports, names=names) + "\n\n" + text


def _function(formula: Formula, kernels: Sequence[str], documentation: str) -> str:
    options = [f"{p.name}: float = {p.default!r}" for p in formula.parameters]
    options += [] if formula.is_elementwise else [f"axis: int = {formula.axis}"]
    options += ["validate: bool = False"] if formula.targets else []
    arguments = [f"{a.name}: Any" for a in formula.arguments]
    signature = ", ".join([*arguments, "*", *options, "out: Any = None"])
    doc = textwrap.indent(documentation, "    ")
    return f"@VerifiedFormula\ndef {formula.name}({signature}) -> Any:\n{doc}\n    {_call(formula, kernels)}\n"


def _call(formula: Formula, kernels: Sequence[str]) -> str:
    def mapping(names: Iterable[str]) -> str:
        return "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"

    parameters = [f'positive("{p.name}", {p.name})' if p.positive else p.name for p in formula.parameters]
    vectors = [a.name for a in formula.arguments if a.axes == ("n",)]
    names = [a.name for a in formula.arguments] if formula.is_elementwise else vectors
    given = f"({', '.join(parameters)}{',' * (len(parameters) == 1)})"
    parts = [*kernels]
    if formula.is_elementwise:
        texts = [f"({', '.join(each)}{',' * (len(names) == 1)})" for each in ([f'"{name}"' for name in names], names)]
        return f"return elementwise({', '.join([*parts, *texts, given, 'out'])})"
    parts += [mapping(names)] + ([given] if parameters else [])
    labels = [a.name for a in formula.arguments if a.axes == ("label",)]
    scalars = [a.name for a in formula.arguments if not a.axes]
    parts.append("axis=axis")
    parts += [f"labels={mapping(labels)}"] if labels else []
    parts += [f"scalars={mapping(scalars)}"] if scalars else []
    parts += [] if formula.result else ["reduces=True"]
    if formula.targets:
        parts.append(f"distributions=({', '.join(repr(name) + ',' for name in formula.targets)}) if validate else ()")
    return f"return along_axis({', '.join(parts)}, out=out)"


def docstring(formula: Formula) -> str:
    """Equation, shapes, units, domain, errors, source and proof."""
    title = formula.title[0].upper() + formula.title[1:]
    vector = "(..., n)" if formula.axis else "(n, ...)"
    shape = {(): "(...)", ("n",): vector, ("label",): "(...) integers"} | shapes_over_matrices(formula)
    lines = [f"{title}.", "", *_filled("", formula.equation), ""]
    for a in formula.arguments:
        labels = "; or (...) integers, the class of each row" if a.name == formula.classes else ""
        lines += _filled(f"{a.name}: ", f"{shape[a.axes]}, {a.meaning}{labels}")
    for p in formula.parameters:
        lines += _filled(f"{p.name}: ", f"{p.meaning}{' (positive)' if p.positive else ''}")
    lines += _filled("activation: ", _ACTIVATION) if formula.activation else []
    if formula.targets:
        lines += _filled("validate: ", "whether targets that are no distribution are refused")
    lines += _filled("Returns ", f"{shape[formula.result]}; float32 and float64 are kept; losses are in nats.")
    lines += _filled("", formula.kink) if formula.kink else []
    lines += _filled("At infinities: ", f"{formula.edges}.  NaN gives NaN.")
    lines += _filled("", "Raises ValueError for shapes that do not fit, TypeError for other dtypes.")
    lines += _filled("Source: ", "; ".join(map(str, formula.derivation.sources)) + ".")
    lines += _filled("Proof: ", f"{proofs_of(formula)}.")
    lines[0] = '"""' + lines[0]
    return "\n".join([*lines, '"""'])


def _filled(head: str, text: str) -> list[str]:
    return textwrap.wrap(head + text, width=108, subsequent_indent="    " if head else "")


def main() -> None:
    """Writes the modules beside this one."""
    for family, source in modules().items():
        (_FOLDER / f"{family}.py").write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
