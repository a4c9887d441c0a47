r"""Expressions: sums of products of juxtaposed items, by precedence.

    sum            sign? product (sign product)*             + - \pm \mp
    product        factor (operator factor)*                 \cdot * \times \odot / ...
    factor         sign? juxtaposition
    juxtaposition  item+
    item           atom scripts | function scripts argument | \sum scripts product | \frac{d}{dx} product

The last two take all of the product that follows, so that nothing comes after them in it.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from dataclasses import replace

from .atoms import Atoms, needs_brackets
from .derivatives import slash_derivatives
from .syntax import (
    Big,
    Call,
    Derivative,
    Dots,
    Juxtaposed,
    List,
    Node,
    Number,
    Product,
    Scripted,
    Signed,
    Statement,
    Sum,
    Symbol,
)
from .tokens import Kind, Token
from .vocabulary import BIG, FUNCTIONS, LIMIT_FUNCTIONS, PLAIN_FUNCTIONS

__all__ = ["Expressions"]

_BEGINS_ITEM = {
    Kind.NUMBER,
    Kind.LETTER,
    Kind.WORD,
    Kind.KEYWORD,
    Kind.NAME,
    Kind.TEXT,
    Kind.COMMAND,
    Kind.DOTS,
    Kind.BEGIN_GROUP,
    Kind.OPEN,
    Kind.LEFT,
    Kind.BEGIN,
}


class Expressions(Atoms, ABC):
    """Reads an expression from the cursor on, as far as it goes."""

    def expression(self) -> Node:
        """A sum, or less."""
        start = self.at
        signs, terms = [self._sign()], [self.product()]
        while self.next_is(Kind.SIGN):
            signs.append(self.take().text)
            terms.append(self.product())
        if len(terms) > 1:
            return Sum(
                tuple((sign or "+", term) for sign, term in zip(signs, terms, strict=True)), place=self.place(start)
            )
        return Signed(signs[0], terms[0], place=self.place(start)) if signs[0] else terms[0]

    def _sign(self) -> str:
        return self.take().text if self.next_is(Kind.SIGN) else ""

    def product(self) -> Node:
        """Factors with operators between them, or less."""
        factors, operators = [self._factor()], list[str]()
        while self.next_is(Kind.OPERATOR):
            operators.append(self.take().text)
            factors.append(self._factor())
        factors, operators = slash_derivatives(factors, operators, self.fail)
        if not operators:
            return factors[0]
        return Product(tuple(factors), tuple(operators), place=factors[0].place | factors[-1].place)

    def _factor(self) -> Node:
        start = self.at
        sign = self._sign()
        if sign and self.next_is(Kind.SIGN):
            self.fail(self.place(start, self.at + 1), "several signs in a row", "one sign", "write brackets")
        node = self._juxtaposition()
        return Signed(sign, node, place=self.place(start)) if sign else node

    def _begins_item(self) -> bool:
        return self.at < self.end and self.tokens[self.at].kind in _BEGINS_ITEM

    def _juxtaposition(self) -> Node:
        items: list[Node] = []
        while self._begins_item():
            item = self._item()
            if isinstance(item, Number) and not item.style and items and not isinstance(items[-1], Dots):
                self._refuse_number_behind(items[-1], item)
            items.extend(item.items if isinstance(item, Juxtaposed) else (item,))
        if not items:
            raise self.unexpected("an operand")
        if len(items) == 1:
            return items[0]
        return Juxtaposed(tuple(items), place=items[0].place | items[-1].place)

    def _refuse_number_behind(self, item: Node, number: Number) -> None:
        """`W1` may be a name and `x 2` a product; two numbers side by side are neither."""
        written = self.lexemes.source[item.place | number.place]
        mend = r"write W_1 for a label, \cdot or * for a product, a comma between entries"
        self.fail(number.place, f"a number behind an operand in '{written[-20:]}'", "an operator before it", mend)

    def _item(self) -> Node:
        start = self.at
        token = self.tokens[start]
        if token.kind is Kind.COMMAND and token.text in BIG:
            return self._within_itself(self._big)
        if _is_function(token):
            return self._within_itself(self._call)
        node = self._scripted(self.atom(), start)
        if isinstance(node, Derivative) and node.of is None and self._begins_item():
            node = replace(node, of=self._within_itself(self.product), place=self.place(start))
        return node

    def _within_itself(self, read: Callable[[], Node]) -> Node:
        """What a construct reads that may hold others of its kind without any brackets."""
        self.go_deeper()
        node = read()
        self.depth -= 1
        return node

    # --- Functions and big operators

    def _call(self) -> Node:
        start = self.at
        token = self.take()
        name = Symbol(token.text, token.style or self.style, place=token.place)
        lower, upper, primes = self._scripts()
        if token.text in LIMIT_FUNCTIONS and lower is not None and upper is None and not primes:
            return Big(token.text, lower, None, self._body(lower), place=self.place(start))
        function = self._with_scripts(name, lower, upper, primes, start)
        if self.next_is(Kind.OPEN, Kind.LEFT):
            argument = self._scripted(self.atom(), self.at)
        elif self._begins_item():
            argument = self._bare_argument()
        elif self.next_is(Kind.SIGN) and token.kind is Kind.COMMAND:
            mend = rf"write \{token.text}(-x)"
            self.fail(self.place(start, self.at + 1), f"a sign behind \\{token.text}", "an argument", mend)
        else:
            return function
        return Call(function, argument, place=self.place(start))

    def _bare_argument(self) -> Node:
        """What follows a function that has no brackets, to the next operator or function."""
        items: list[Node] = []
        while self._begins_item() and not (items and _stops_argument(self.tokens[self.at])):
            item = self._item()
            items.extend(item.items if isinstance(item, Juxtaposed) else (item,))
        if len(items) == 1:
            return items[0]
        return Juxtaposed(tuple(items), place=items[0].place | items[-1].place)

    def _big(self) -> Node:
        start = self.at
        token = self.take()
        lower, upper, primes = self._scripts()
        if primes:
            self.fail(token.place, f"a prime on \\{token.text}", "limits or nothing")
        return Big(token.text, lower, upper, self._body(lower), place=self.place(start))

    def _body(self, lower: Node | None) -> Node | None:
        """The product that follows; a sign before it belongs to it only where an index is bound."""
        start = self.at
        if self.next_is(Kind.SIGN) and isinstance(lower, (Statement, List)):
            sign = self._sign()
            return Signed(sign, self.product(), place=self.place(start))
        return self.product() if self._begins_item() else None

    # --- Scripts

    def _scripted(self, base: Node, start: int) -> Node:
        return self._with_scripts(base, *self._scripts(), start)

    def _with_scripts(self, base: Node, lower: Node | None, upper: Node | None, primes: int, start: int) -> Node:
        if lower is None and upper is None and not primes:
            return base
        if needs_brackets(base):
            self.fail(base.place, "a script on a group that prints no brackets", "visible brackets")
        return Scripted(base, _items(lower), _items(upper), primes, place=base.place | self.place(start))

    def _scripts(self) -> tuple[Node | None, Node | None, int]:
        """Subscript, superscript and primes behind a base, in any order, each once."""
        lower: Node | None = None
        upper: Node | None = None
        primes = 0
        while self.next_is(Kind.SUBSCRIPT, Kind.SUPERSCRIPT, Kind.PRIME):
            token = self.take()
            if token.kind is Kind.PRIME:
                primes += 1
            elif token.kind is Kind.SUBSCRIPT:
                if lower is not None:
                    self.fail(token.place, "a second subscript", "one", "write z_{2_j} or z_{2,j}")
                lower = self._script(token)
            elif self._is_prime():
                primes += self._primes()
            else:
                if upper is not None:
                    self.fail(token.place, "a second superscript", "one", "put both in one pair of braces")
                upper = self._script(token)
        return lower, upper, primes

    def _script(self, mark: Token) -> Node:
        """What stands behind _ or ^."""
        self.in_script += 1
        node = self._script_argument(mark)
        self.in_script -= 1
        return node

    def _script_argument(self, mark: Token) -> Node:
        token = self.peek()
        if token is None:
            raise self.unexpected(f"something behind {mark.text}")
        if token.kind is Kind.BEGIN_GROUP:
            start, partner = self.at, self._closed(token)
            if start + 1 == partner:
                self.fail(
                    self.place(start, partner + 1), f"nothing in braces behind {mark.text}", "what belongs in them"
                )
            node = self.contents(start + 1, partner, in_script=True)
            self.at = partner + 1
            return node
        if token.kind in (Kind.SIGN, Kind.OPERATOR):
            return self._sign_as_script(mark)
        if token.kind is Kind.WORD or (token.kind is Kind.NUMBER and len(token.text) > 1):
            met = f"'{mark.text}{token.text}', of which TeX takes only the first character"
            self.fail(mark.place | token.place, met, "braces", f"write {mark.text}{{{token.text}}}")
        if token.kind in (Kind.OPEN, Kind.LEFT, Kind.TEXT, Kind.DOTS) or _is_function(token):
            raise self.unexpected(f"a single character or braces behind {mark.text}", f"write {mark.text}{{...}}")
        return self.atom()

    def _sign_as_script(self, mark: Token) -> Node:
        """`W^*`, `R^+`; but `e^-z` is most likely meant for `e^{-z}`."""
        token = self.take()
        following = self.peek()
        if following is not None and not following.spaced and following.kind in _BEGINS_ITEM:
            met = f"'{mark.text}{token.text}{following.text}', of which TeX takes only the sign"
            mend = f"write {mark.text}{{{token.text}{following.text}}}"
            self.fail(mark.place | following.place, met, "braces", mend)
        return Symbol(token.text, self.style, place=token.place)

    def _is_prime(self) -> bool:
        r"""Whether what follows ^ is `\prime` or a group of these."""
        token = self.peek()
        if token is not None and token.kind is Kind.BEGIN_GROUP:
            inside = self.tokens[self.at + 1 : max(self.partner[self.at], self.at + 1)]
            return bool(inside) and all(each.kind is Kind.COMMAND and each.text == "prime" for each in inside)
        return token is not None and token.kind is Kind.COMMAND and token.text == "prime"

    def _primes(self) -> int:
        start = self.at
        self.at = max(start, self.partner[start]) + 1
        return max(1, self.at - start - 2)


def _is_function(token: Token) -> bool:
    """Whether a token is a function command, or a word known as a function."""
    if token.kind is Kind.COMMAND:
        return token.text in FUNCTIONS
    if token.kind is Kind.WORD and "_" in token.text:  # sigmoid_derivative
        return True
    return token.kind in (Kind.NAME, Kind.WORD) and token.text in PLAIN_FUNCTIONS


def _stops_argument(token: Token) -> bool:
    return _is_function(token) or (token.kind is Kind.COMMAND and token.text in BIG)


def _items(script: Node | None) -> tuple[Node, ...]:
    """The comma-separated items of a script."""
    if script is None:
        return ()
    if isinstance(script, List) and set(script.separators) == {","}:
        return script.items
    return (script,)
