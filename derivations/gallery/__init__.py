"""A page for every formula: equation, derivation with verdicts, plot, code, accuracy, source."""

from __future__ import annotations

from .building import build

__all__ = ["build"]
