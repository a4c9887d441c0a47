"""From a text to its formulas, and from a formula to its syntax tree.

    document = read_document(text, "lecture.md")
    for formula in document.formulas:
        print(formula.section, formula.display or formula.error)

Knows TeX, places and notation; knows nothing of what a symbol stands for.
"""

from .document import Document, Formula, Heading, Prose, read_document, read_formula
from .errors import ReadingError
from .source import Place, SourceText

__all__ = [
    "Document",
    "Formula",
    "Heading",
    "Place",
    "Prose",
    "ReadingError",
    "SourceText",
    "read_document",
    "read_formula",
]
