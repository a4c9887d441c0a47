"""The catalogue: every derivation of the documents, with its intermediate lines, and every mistake in them.

`ENTRIES` holds all of them in reading order, `find(name)` gives one.
"""

from __future__ import annotations

import importlib
from collections import Counter
from difflib import get_close_matches

from symbolic.derivation import DerivationError, Entry

__all__ = ["ENTRIES", "entries", "find"]

_MODULES = (
    "activations",
    "softmax",
    "cross_entropy",
    "binary_cross_entropy",
    "hinge",
    "squared_error",
    "squared_error_layers",
    "squared_error_one_output",
    "relu_tanh",
    "two_layer",
    "two_layer_biases",
    "two_layer_batch",
    "training_numbers",
    "exercise_two",
)


def _collected() -> tuple[Entry, ...]:
    collected: list[Entry] = []
    for module in _MODULES:
        try:
            collected += importlib.import_module(f".{module}", __package__).ENTRIES
        except ModuleNotFoundError:
            continue
    repeated = [name for name, count in Counter(entry.name for entry in collected).items() if count > 1]
    if repeated:
        raise DerivationError(f"two entries of the catalogue have one name: {', '.join(repeated)}")
    return tuple(collected)


#: All entries in reading order: scalars, softmax, losses, layers, networks, numbers.
ENTRIES: tuple[Entry, ...] = _collected()


def entries() -> tuple[Entry, ...]:
    """All entries in reading order."""
    return ENTRIES


def find(name: str) -> Entry:
    """The entry of this name; a KeyError says which names come near."""
    for entry in ENTRIES:
        if entry.name == name:
            return entry
    near = get_close_matches(name, [entry.name for entry in ENTRIES], n=3)
    raise KeyError(f"no entry {name!r} in the catalogue" + (f"; near it: {', '.join(near)}" if near else ""))
