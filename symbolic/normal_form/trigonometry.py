"""Sine and cosine of sums and of whole multiples of angles, as polynomials in the sines and cosines of the angles.

- sin(u + v) = sin(u) * cos(v) + cos(u) * sin(v), cos(u + v) = cos(u) * cos(v) - sin(u) * sin(v)
- sin(-u) = -sin(u), cos(-u) = cos(u)
- sin(pi) = 0, cos(pi) = -1, sin(pi / 2) = 1, cos(pi / 2) = 0
"""

from __future__ import annotations

from flint import fmpq

from .polynomials import ONE, ZERO, Monomial, Poly, add, constant, negative, of_atom, subtract
from .products import Products

__all__ = ["Trigonometry"]

_MOST_ANGLES, _LARGEST_MULTIPLE = 4, 8

#: The sine and the cosine of one angle.
Pair = tuple[Poly, Poly]


class Trigonometry(Products):
    """Angles taken apart where they are few."""

    def sine_and_cosine(self, angle: Poly) -> Pair:
        """Sine and cosine in normal form."""
        if len(angle) > _MOST_ANGLES:
            return self._turned(angle)
        result: Pair = ZERO, ONE
        for monomial, c in angle.items():
            result = self._angles_added(result, self._multiple(monomial, c))
        return result

    def _angles_added(self, u: Pair, v: Pair) -> Pair:
        return (
            add(self.multiply(u[0], v[1]), self.multiply(u[1], v[0])),
            subtract(self.multiply(u[1], v[1]), self.multiply(u[0], v[0])),
        )

    def _multiple(self, monomial: Monomial, c: fmpq) -> Pair:
        """Of p / q times the monomial, by those of the q-th part of it."""
        times, parts = abs(int(c.p)), int(c.q)
        if len(monomial) == 1 and monomial[0][0].kind == "constant" and monomial[0][1] == 1 and parts <= 2:
            return self._right_angles(int(c.p) * 2 // parts)
        if times > _LARGEST_MULTIPLE:
            times, part = 1, self._turned({monomial: abs(c)})
        else:
            part = self._turned({monomial: fmpq(1, parts)})
        result: Pair = ZERO, ONE
        for _ in range(times):
            result = self._angles_added(result, part)
        return result if c > 0 else (negative(result[0]), result[1])

    def _right_angles(self, count: int) -> Pair:
        sines = (0, 1, 0, -1)
        return constant(sines[count % 4]), constant(sines[(count + 1) % 4])

    def _turned(self, angle: Poly) -> Pair:
        """The two atoms of one angle, its sign normalised."""
        direction, _ = self.orientation(angle)
        oriented = angle if direction > 0 else negative(angle)
        sine = of_atom(self.atom("call", "sin", oriented))
        return sine if direction > 0 else negative(sine), of_atom(self.atom("call", "cos", oriented))
