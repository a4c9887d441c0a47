"""What the words before a formula make of it: a condition that is declared, an equation to be solved, or a claim."""

from __future__ import annotations

import re

from ..reading import SourceText
from ..reading import syntax as s
from .chains import Chain
from .numbers import printed

__all__ = ["as_one_hot", "declares", "is_a_reason", "is_to_be_solved"]

_CONCLUDES = re.compile(
    r"\b(then|so|hence|thus|therefore|gets?|ha(ve|s)|gives?|obtains?|finds?|found|follows|yields?|holds|becomes?)\b|:\s",
    re.IGNORECASE,
)
_DECLARES = re.compile(
    r"\b(let|with|where|assum\w*|suppos\w*|provided|given|such that|for|fix|satisf\w+|one-hot|sums? to|normali[sz]ed"
    r"|symmetric|orthogonal|orthonormal)\b",
    re.IGNORECASE,
)
_SETS = re.compile(r"\b(?:set|sets|setting|equate|equating|put|putting)\b", re.IGNORECASE)
_TO_ZERO = re.compile(r"\b(?:zero|vanish\w*)\b|=\s*\\?(?:mathbf|boldsymbol|vec)?\{?0\}?|\bto 0\b", re.IGNORECASE)
_SOLVES = re.compile(r"\bsolv(?:e|es|ing)\b|\bnormal equations?\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:since|because|using)\s*\}?[\s,$&{(]*(?:\\(?:text|display)style\b)?[\s$&{(]*$", re.IGNORECASE
)
_ONE_HOT = r"one[- ]?hot(?:[- ]encoded)?"
_CALLED_ONE_HOT = re.compile(rf"\b{_ONE_HOT}(?:\s+(?:class|label|target|vector|encoding)s?)*[\s,:]*\$*$", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not?|non|never|nor|neither|instead of|rather than|unlike|without)\b[^.;$]*$", re.IGNORECASE)
_IS_ONE_HOT = re.compile(rf"[\s$)]*,?\s*(?:\(|(?:is|are|be|being|as)\s)?\s*(?:a |the )?{_ONE_HOT}\b", re.IGNORECASE)
_LONGEST = 2_000  # characters of a sentence that are looked at
_NEAR = 80  # characters beside a formula that are looked at
_END = re.compile(r"\n[ \t]*\n|[.;][ \t\n]")


def declares(chain: Chain, source: SourceText) -> bool:
    """Whether the formula stands in a sentence that declares: let, with, where, assume, ...

    What is said *for* something is a claim about it, unless it is the value of something: for $y = 1$.
    """
    if is_a_reason(chain, source.text):
        return True
    if chain.kind != "inline":
        return False
    sentence = _sentence(chain, source)
    words = list(_DECLARES.finditer(sentence))
    if not words or _CONCLUDES.search(sentence, words[-1].end()):
        return False
    is_equation = chain.relations[0].operator in ("=", ":=")
    return words[-1][0].lower() != "for" or not is_equation or printed(chain.sides[1]) is not None


def is_a_reason(chain: Chain, text: str) -> bool:
    """Since $\\sum_i y_i = 1$: something set to a number, or to the identity, which is no rule of calculation."""
    if len(chain.relations) != 1 or not (isinstance(chain.sides[1], s.Number) or chain.sides[1] == s.Symbol("I")):
        return False
    return _REASON.search(text[max(0, chain.start - _NEAR) : chain.start]) is not None


def as_one_hot(chain: Chain, source: SourceText) -> s.Node:
    """The space that a vector is declared in; that of one-hot vectors, where the words beside it call it so."""
    space = chain.sides[1]
    if not isinstance(space, s.Scripted) or len(space.superscripts) != 1 or space.subscripts:
        return space
    before, behind = source.text[max(0, chain.start - _NEAR) : chain.start], source.text[chain.end : chain.end + _NEAR]
    called = _CALLED_ONE_HOT.search(before)
    called = None if called is None or _DENIES.search(before[: called.start()]) else called
    if called is None and _IS_ONE_HOT.match(behind) is None:
        return space
    brackets = s.Delimited("(", space.superscripts[0], ")", place=space.place)
    return s.Juxtaposed((s.Symbol("onehot"), brackets), place=space.place)


def is_to_be_solved(chain: Chain, source: SourceText) -> bool:
    """Whether a formula is an equation that holds at the solution only: setting ... to zero, solving ..."""
    if chain.relations[0].operator != "=" or len(chain.relations) != 1:
        return False
    sentence = _sentence(chain, source) if chain.kind == "inline" else _END.split(chain.before.strip())[-1]
    if _SOLVES.search(sentence):
        return True
    at_zero = _TO_ZERO.search(sentence) is not None or chain.sides[1] == s.Number("0")
    return _SETS.search(sentence) is not None and at_zero


def _sentence(chain: Chain, source: SourceText) -> str:
    """What stands before an inline formula in its sentence."""
    return _END.split(source.text[max(0, chain.start - _LONGEST) : chain.start])[-1]
