"""The command `derivations`: what there is, and whether it holds."""

from . import main

__all__ = ["main"]
