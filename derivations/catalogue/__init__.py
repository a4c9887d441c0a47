"""The catalogue: every derivation of the documents, with its intermediate lines, and every mistake in them.

`ENTRIES` holds all of them in reading order (`entries()` gives the same), `find(name)` gives one.
"""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches

from symbolic.derivation import DerivationError, Entry

from . import (
    activations,
    binary_cross_entropy,
    cross_entropy,
    exercise_two,
    formulas_activations,
    formulas_attention,
    formulas_class_losses,
    formulas_gates,
    formulas_hinges,
    formulas_jacobians,
    formulas_layers,
    formulas_losses,
    formulas_networks,
    formulas_norm_parameters,
    formulas_normal,
    formulas_norms,
    formulas_softmax,
    hinge,
    relu_tanh,
    softmax,
    squared_error,
    squared_error_layers,
    squared_error_one_output,
    training_numbers,
    two_layer,
    two_layer_batch,
    two_layer_biases,
)
from ._formula import Formula

__all__ = ["ENTRIES", "FORMULAS", "entries", "find"]

#: Every formula to import; its derivation ends in the line that is computed.
FORMULAS: tuple[Formula, ...] = (
    *formulas_activations.FORMULAS,
    *formulas_gates.FORMULAS,
    *formulas_softmax.FORMULAS,
    *formulas_losses.FORMULAS,
    *formulas_class_losses.FORMULAS,
    *formulas_hinges.FORMULAS,
    *formulas_norms.FORMULAS,
    *formulas_normal.FORMULAS,
    *formulas_norm_parameters.FORMULAS,
    *formulas_jacobians.FORMULAS,
    *formulas_layers.FORMULAS,
    *formulas_networks.FORMULAS,
    *formulas_attention.FORMULAS,
)

#: All entries in reading order: scalars, softmax, losses, layers, networks, numbers.
ENTRIES: tuple[Entry, ...] = (
    *activations.ENTRIES,
    *softmax.ENTRIES,
    *cross_entropy.ENTRIES,
    *binary_cross_entropy.ENTRIES,
    *hinge.ENTRIES,
    *squared_error.ENTRIES,
    *squared_error_layers.ENTRIES,
    *squared_error_one_output.ENTRIES,
    *two_layer.ENTRIES,
    *two_layer_biases.ENTRIES,
    *two_layer_batch.ENTRIES,
    *relu_tanh.ENTRIES,
    *training_numbers.ENTRIES,
    *exercise_two.ENTRIES,
    *(formula.derivation for formula in FORMULAS),
)

_BY_NAME = {entry.name: entry for entry in ENTRIES}

if len(_BY_NAME) < len(ENTRIES):
    repeated = [name for name, count in Counter(entry.name for entry in ENTRIES).items() if count > 1]
    raise DerivationError(f"two entries of the catalogue have one name: {', '.join(repeated)}; rename one of them")


def entries() -> tuple[Entry, ...]:
    """All entries in reading order."""
    return ENTRIES


def find(name: str) -> Entry:
    """The entry of this name; a KeyError says which names come near."""
    if name not in _BY_NAME:
        near = get_close_matches(name, _BY_NAME, n=3)
        raise KeyError(f"no entry {name!r} in the catalogue" + (f"; near it: {', '.join(near)}" if near else ""))
    return _BY_NAME[name]
