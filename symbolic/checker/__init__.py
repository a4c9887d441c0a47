"""An independent checker of certificates: the standard library, and nothing else of the project."""

from .check import Report, check

__all__ = ["Report", "check"]
