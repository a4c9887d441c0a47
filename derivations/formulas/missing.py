"""What is said where an optional library is not installed."""

from __future__ import annotations

__all__ = ["MissingLibrary"]


class MissingLibrary(ImportError):
    """A library of an extra is missing; the message names the mend."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what}, which is not installed; pip install 'derivations[{extra}]' brings it")
