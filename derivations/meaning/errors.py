"""Why a formula has no meaning, or none that conforms."""

from __future__ import annotations

from ..reading import Place

__all__ = ["IllFormed", "MeaningError", "Misfit"]


class MeaningError(Exception):
    """A formula without a meaning: what was met, what would mend it, and where it stands."""

    def __init__(self, message: str, mend: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.message, self.mend, self.place = message, mend, place

    def __str__(self) -> str:
        return f"{self.message}; {self.mend}" if self.mend else self.message

    def at(self, place: Place) -> MeaningError:
        """The same error, with a place unless it has one."""
        if self.place is None:
            self.place = place
        return self


class IllFormed(MeaningError):
    """A formula that no declaration could mend."""


class Misfit(MeaningError):
    """Shapes that do not conform: the formula has a meaning, which is nowhere defined."""

    def __init__(self, left: str, right: str, place: Place | None = None) -> None:
        super().__init__(f"shapes do not conform: {left} against {right}", place=place)
        self.left, self.right = left, right
