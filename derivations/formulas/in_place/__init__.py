"""The kernels of the formulas as statements that work in place on one block; generated, as the formulas are."""

from __future__ import annotations

__all__: list[str] = []
