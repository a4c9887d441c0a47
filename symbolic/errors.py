"""Why an expression cannot be judged."""

from __future__ import annotations


class OutOfReach(Exception):
    """A construct that this project does not decide; the text says which, and the verdict is UNDECIDED."""


class ShapeMismatch(Exception):
    """Shapes or index ranges that do not conform: what stands on the left and on the right."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} against {right}")
        self.left, self.right = left, right
