r"""The signs and commands that the reader knows, and the one name that each goes by in the tree.

What is in none of these tables is not guessed at: a command that is not known is an error with its place.
"""

from __future__ import annotations

import unicodedata

__all__ = [
    "ACCENTS",
    "ALIGNED",
    "BIG",
    "CHARACTERS",
    "CLOSING",
    "CONDITION_WORDS",
    "CONNECTIVES",
    "DELIMITERS",
    "DIMENSIONS",
    "DOTS",
    "FRACTIONS",
    "FUNCTIONS",
    "IGNORED",
    "IGNORED_WITH_ARGUMENT",
    "KEYWORDS",
    "LIMIT_FUNCTIONS",
    "MATRICES",
    "NEGATED",
    "OPENING",
    "OPERATORS",
    "PLAIN_FUNCTIONS",
    "RELATIONS",
    "SIGNS",
    "SIZES",
    "SPACES",
    "STYLES",
    "SWITCHES",
    "SYMBOLS",
    "TEXT_COMMANDS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEK = _words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron pi varpi rho "
    "varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
    "Omega"
)
SYMBOLS = GREEK | _words(
    "Re Im ell hbar imath jmath infty nabla partial top bot dagger intercal emptyset varnothing aleph wp prime"
)

# --- Relations and operators: spelling -> name

RELATIONS = {
    "=": "=",
    "==": "=",
    ":=": ":=",
    "=:": "=:",
    "coloneqq": ":=",
    "triangleq": ":=",
    "!=": "neq",
    "ne": "neq",
    "neq": "neq",
    "<": "<",
    ">": ">",
    "lt": "<",
    "gt": ">",
    "<=": "leq",
    ">=": "geq",
    "le": "leq",
    "leq": "leq",
    "leqslant": "leq",
    "ge": "geq",
    "geq": "geq",
    "geqslant": "geq",
    "ll": "ll",
    "gg": "gg",
    "approx": "approx",
    "simeq": "simeq",
    "cong": "cong",
    "equiv": "equiv",
    "sim": "sim",
    "propto": "propto",
    "in": "in",
    "notin": "notin",
    "ni": "ni",
    "subset": "subset",
    "subseteq": "subseteq",
    "supset": "supset",
    "supseteq": "supseteq",
    "to": "to",
    "->": "to",
    "rightarrow": "to",
    "longrightarrow": "to",
    "mapsto": "mapsto",
    "leftarrow": "leftarrow",
    "gets": "leftarrow",
    "Rightarrow": "Rightarrow",
    "=>": "Rightarrow",
    "Longrightarrow": "Rightarrow",
    "implies": "Rightarrow",
    "Leftarrow": "Leftarrow",
    "impliedby": "Leftarrow",
    "Leftrightarrow": "Leftrightarrow",
    "iff": "Leftrightarrow",
    "perp": "perp",
    "succ": "succ",
    "prec": "prec",
    "succeq": "succeq",
    "preceq": "preceq",
}
NEGATED = {"=": "neq", "in": "notin"}

OPERATORS = {
    "*": "*",
    ".*": ".*",
    "@": "@",
    "/": "/",
    "cdot": "cdot",
    "times": "times",
    "odot": "odot",
    "circ": "circ",
    "otimes": "otimes",
    "ast": "*",
    "star": "star",
    "bullet": "bullet",
    "div": "div",
}
SIGNS = {"+": "+", "-": "-", "pm": "pm", "mp": "mp"}
DOTS = _words("... .. dots ldots cdots vdots ddots dotsc dotsb dotsm dotsi")

# --- Brackets: spelling -> name

OPENING = {
    "(": "(",
    "[": "[",
    "\\{": "{",
    "lbrace": "{",
    "lbrack": "[",
    "langle": "langle",
    "lfloor": "lfloor",
    "lceil": "lceil",
    "lvert": "|",
    "lVert": "||",
}
CLOSING = {
    ")": ")",
    "]": "]",
    "\\}": "}",
    "rbrace": "}",
    "rbrack": "]",
    "rangle": "rangle",
    "rfloor": "rfloor",
    "rceil": "rceil",
    "rvert": "|",
    "rVert": "||",
}
DELIMITERS = (
    OPENING | CLOSING | {"|": "|", "vert": "|", "\\|": "||", "Vert": "||", ".": "", "<": "langle", ">": "rangle"}
)
SIZES = {
    size + side: side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
}  # \bigl -> "l": an opening bracket

# --- Functions, big operators, fractions

FUNCTIONS = _words(
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf det dim ker gcd Pr "
    "deg lim limsup liminf"
)
PLAIN_FUNCTIONS = _words(
    "log ln exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth sech max min argmax argmin det tr Tr "
    "trace diag Diag vec rank sign sgn abs sqrt sigmoid Sigmoid logistic softmax Softmax softplus Softplus logsumexp "
    "relu ReLU ReLu Relu RELU LeakyReLU ELU GELU SiLU swish erf"
)
LIMIT_FUNCTIONS = _words("max min sup inf lim limsup liminf argmax argmin")
BIG = _words("sum prod int iint oint")
FRACTIONS = _words("frac dfrac tfrac cfrac")

# --- Fonts and accents

STYLES = {
    "mathbf": "bold",
    "bm": "bold",
    "boldsymbol": "bold",
    "pmb": "bold",
    "textbf": "bold",
    "mathrm": "roman",
    "mathup": "roman",
    "textrm": "roman",
    "textup": "roman",
    "textnormal": "roman",
    "text": "roman",
    "mbox": "roman",
    "hbox": "roman",
    "operatorname": "roman",
    "mathop": "roman",
    "mathit": "italic",
    "mathnormal": "",
    "textit": "italic",
    "emph": "italic",
    "mathcal": "calligraphic",
    "mathscr": "calligraphic",
    "mathbb": "blackboard",
    "mathds": "blackboard",
    "mathfrak": "fraktur",
    "mathsf": "sans",
    "textsf": "sans",
    "mathtt": "typewriter",
    "texttt": "typewriter",
}
SWITCHES = {"bf": "mathbf", "rm": "mathrm", "it": "mathit", "cal": "mathcal", "tt": "mathtt", "sf": "mathsf"}
TEXT_COMMANDS = _words("text textrm textnormal textup textit textbf texttt textsf emph mbox hbox")
ACCENTS = {
    "hat": "hat",
    "widehat": "hat",
    "tilde": "tilde",
    "widetilde": "tilde",
    "bar": "bar",
    "overline": "bar",
    "vec": "vec",
    "overrightarrow": "vec",
    "dot": "dot",
    "ddot": "ddot",
    "check": "check",
    "breve": "breve",
    "acute": "acute",
    "grave": "grave",
    "mathring": "ring",
    "underline": "underline",
}

# --- What prints nothing, or only space

DIMENSIONS = {"em": 1.0, "ex": 0.5, "pt": 0.1, "mm": 0.3, "cm": 3.0, "in": 7.0}  # in em, about
SPACES = frozenset({",", ";", ":", "!", ">", " ", "\n", "\t", "/"}) | _words("thinspace medspace thickspace enspace")
IGNORED = _words(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hline centering noindent "
    "allowbreak nobreak break newline small footnotesize normalsize large Large relax strut mathstrut"
)
IGNORED_WITH_ARGUMENT = _words("vspace phantom hphantom vphantom color textcolor intertext shortintertext")

# --- Environments

ALIGNED = {  # and in how many columns: in one, nothing may be aligned; in two, each second & separates formulas
    "align": 2,
    "aligned": 2,
    "alignat": 2,
    "alignedat": 2,
    "flalign": 2,
    "split": 2,
    "eqnarray": 3,
    "gather": 1,
    "gathered": 1,
    "multline": 1,
    "equation": 1,
    "displaymath": 1,
    "math": 1,
    "dmath": 1,
}
MATRICES = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "tabular": ("", ""),
    "bmatrix": ("[", "]"),
    "pmatrix": ("(", ")"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("||", "||"),
}

# --- Words

CONDITION_WORDS = (
    "if and only if",
    "for all",
    "for any",
    "for each",
    "for every",
    "for some",
    "for",
    "if",
    "whenever",
    "when",
    "where",
    "with",
    "unless",
    "otherwise",
    "else",
    "such that",
    "s.t.",
    "provided that",
    "given that",
    "assuming",
)
CONNECTIVES = _words(
    "and or so thus hence then therefore since because but also let where with by from as is we note that i.e. e.g. "
    "which similarly likewise using recall finally first second now const."
)
KEYWORDS = _words("if for otherwise when where else")  # taken for words also where they stand in plain letters

# --- Characters: what TeX writes for them

CHARACTERS = {
    **{character: unicodedata.name(character).split()[-1].lower() for character in "αβγδεζηθικμνξοπρστυφχψω"},
    **{character: unicodedata.name(character).split()[-1].title() for character in "ΓΔΘΞΠΣΥΦΨΩ"},
    "λ": "lambda",
    "Λ": "Lambda",
    "ς": "varsigma",
    "ϵ": "epsilon",
    "ϕ": "phi",
    "µ": "mu",
    "∂": "partial",
    "∇": "nabla",
    "∆": "Delta",
    "∞": "infty",
    "ℓ": "ell",
    "∑": "sum",
    "∏": "prod",
    "∫": "int",
    "⊤": "top",
    "·": "cdot",
    "⋅": "cdot",
    "×": "times",
    "⊙": "odot",
    "∘": "circ",
    "⊗": "otimes",
    "÷": "div",
    "±": "pm",
    "−": "-",
    "–": "-",
    "≤": "leq",
    "≥": "geq",
    "≠": "neq",
    "≈": "approx",
    "≡": "equiv",
    "∼": "sim",
    "∝": "propto",
    "≔": ":=",
    "∈": "in",
    "∉": "notin",
    "⊂": "subset",
    "⊆": "subseteq",
    "→": "to",
    "↦": "mapsto",
    "←": "leftarrow",
    "⇒": "Rightarrow",
    "⇐": "Leftarrow",
    "⇔": "Leftrightarrow",
    "∀": "forall",
    "…": "dots",
    "⋯": "cdots",
    "⋮": "vdots",
    "′": "'",
    "’": "'",
    "⟨": "langle",
    "⟩": "rangle",
    "‖": "Vert",
}
