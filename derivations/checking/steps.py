"""A chain step by step: what is learnt from it, and what the judge is asked."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from ..meaning.bare import bare_functions
from ..meaning.choices import Choices
from ..meaning.claims import PairReading, Side, read_pair, survey
from ..meaning.domains import bounds_of, domain_of, is_real_space
from ..meaning.errors import MeaningError, Misfit
from ..meaning.formulas import FormulaReader
from ..meaning.givens import case_symbols, given_by_cases
from ..meaning.kinds import Given
from ..meaning.labels import with_labels
from ..meaning.ranges import as_range
from ..meaning.scope import Index, Quantity
from ..meaning.values import Value, shape_text
from ..reading import SourceText
from ..reading import syntax as s
from .chains import Chain
from .clauses import meaning_of_clause
from .learning import Student
from .memory import Circular
from .naming import Name
from .numbers import printed
from .numeric import numeric_question
from .questions import Answer, Cases, Question, misfit, unreadable
from .results import StepResult
from .sentences import as_one_hot, declares, is_to_be_solved
from .taking import taken

__all__ = ["ChainReader", "Posed"]

_EQUALITY = ("=", ":=", "equiv", "approx", "simeq", "triangleq", "doteq", "coloneqq", "leftarrow")
_APPROXIMATE = ("approx", "simeq")
_DEFINED_UNDER_A_CONDITION = (
    r"a definition under a condition of its sentence is not read; write it as \begin{cases} ... \end{cases}"
)
_ORDER = ("<", ">", "leq", "geq", "le", "ge", "neq", "ll", "gg")


@dataclass
class Posed:
    """A step and what is asked about it; ``check`` asks whether a definition is what the context says."""

    result: StepResult
    link: Question | None = None
    head: Question | None = None
    check: Question | None = None
    is_approximate: bool = False


class ChainReader:
    """The steps of one chain."""

    def __init__(self, chain: Chain, source: SourceText, student: Student) -> None:
        self.chain, self.source, self.student = chain, source, student
        self.taken = taken(student, chain.sides)
        self.world = student.world
        self.free = self.world.scope.inner()
        self.extra: list[Any] = []
        for name, function in bare_functions(chain.sides, self.free):
            self.free.declare(name, "", function)
        self._conditions()
        self._surveys: dict[int, Side] = {}
        self.variable = self._variable()

    # ---- what holds along the chain

    def _conditions(self) -> None:
        reader = FormulaReader(Choices(), self.free)
        for condition in self.chain.conditions:
            for statement in condition.statements:
                try:
                    self.extra += reader.relations(statement, self.free)
                except MeaningError:
                    continue  # ranges such as c = 1, ..., C say nothing that shapes do not
        clause = [condition for condition in self.chain.clause if not self.student.was_taken_for_definition(condition)]
        of_sentence, self.unread = meaning_of_clause(clause, reader, self.free, self.source)
        self.extra += of_sentence
        for relation in (*self.extra, *self.world.given.conditions):
            for symbol in case_symbols(relation):
                known = self.free.find(symbol.name)
                dimension = known.dimension if isinstance(known, Index) else None
                self.free.declare(symbol.name, "", Index(dimension, symbol, in_a_case=True))

    def _variable(self) -> Value | None:
        first = self.chain.sides[0]
        if isinstance(first, s.Derivative) and len(first.by) == 1:
            try:
                return FormulaReader(Choices(), self.free).target(first.by[0], self.free)
            except MeaningError:
                return None
        return None

    def survey(self, position: int) -> Side:
        """A first look at a side."""
        if position not in self._surveys:
            side = with_labels(self.chain.sides[position], self.free)[0][0]
            fixed = self.survey(0).free if position else frozenset()
            self._surveys[position] = survey(side, self.free, fixed, self.variable)
        return self._surveys[position]

    def given(self, expressions: tuple[Any, ...]) -> Cases:
        """What is given with a claim about these expressions, case by case."""
        section = self.student.section
        assumed = [c for where, c in self.world.assumed if where == section or section.startswith(f"{where}.")]
        known = Given(self.world.given.conditions + assumed, self.world.given.quantities)
        cases = given_by_cases(expressions, known, self.world.cache)
        return [(words, (*items, *self.extra)) for words, items in cases]

    # ---- steps

    def steps(self) -> list[Posed]:
        """All steps in order; what the chain defines or updates is learnt."""
        chain, posed = self.chain, []
        if chain.is_condition and not self.student.take_for_definition(chain, self.free):
            return [_without_verdict(self._result(0), "assumption", "given in its sentence")]
        update = self.student.is_update(chain)
        assumed = not update and self._is_assumption()
        names = [] if update or assumed else self.student.new_names(chain, self.free)
        if as_range(s.Statement(tuple(chain.sides), tuple(chain.relations))) is not None:
            return [_without_verdict(self._result(0), "definition")]
        if not names and not assumed and is_to_be_solved(chain, self.source):
            return [self._equation()]
        start = 1 if update else 0  # the side that the others are held against
        for position, relation in enumerate(chain.relations):
            result = self._result(position)
            if relation.operator == "in":
                posed.append(self._membership(position, result))
            elif relation.operator in _ORDER:
                posed.append(self._inequality(position, result))
            elif relation.operator not in _EQUALITY:
                posed.append(_without_verdict(result, "prose"))
            elif position < len(names):
                posed.append(self._definition(position, names, result))
            elif position == 0 and update:
                posed.append(_without_verdict(result, "update"))
            elif position == 0 and assumed:
                posed.append(self._assumption(result))
            else:
                posed.append(self._claim(position, min(start, position), result))
        if update:
            try:
                self.student.update(chain)
            except MeaningError as error:
                posed[0].result.message = str(error)
        return posed

    def _result(self, position: int) -> StepResult:
        left, right = self.chain.sides[position], self.chain.sides[position + 1]
        line, column = self.source.position(right.place.start)
        slips = [
            f"{slip.written} is read as {slip.taken_for}"
            for slip in self.chain.slips
            if _within(slip, right) or (position == 0 and _within(slip, left))
        ]
        relation = self.chain.relations[position]
        return StepResult(
            document=self.source.name,
            section=self.student.section,
            line=line,
            column=column,
            lhs=self.source[left.place].strip(),
            rhs=self.source[right.place].strip(),
            relation=self.source[relation.place].strip() or relation.operator,
            kind="claim",
            slip="; ".join(slips) or None,
            reading="; ".join(self.taken) or None,
        )

    # ---- definitions and assumptions

    def _definition(self, position: int, names: list[Name], result: StepResult) -> Posed:
        sides, name = self.chain.sides, names[position]
        at = min(len(names), len(sides) - 1)
        body, check = sides[at], None
        if isinstance(body, s.Unreadable):
            return self._claim(position, 0, result)
        try:
            known = self.student.meaning_of(name, self.free) is not None
            if known:
                surveys = self.survey(position), self.survey(at)
                shown = result if at == position + 1 else None
                check = self._question(name.node, body, *surveys, shown, with_left=position == 0)
                if check.settled is not None and check.settled.name == "UNREADABLE":
                    raise MeaningError(check.settled.message or "")
            else:
                self._free_parameters(name)
            if not known:
                self._condition_of_definition()
                self.student.define(name, body, self.chain)
                result.reading = "; ".join(filter(None, (result.reading, self.student.reading))) or None
                self.world = self.student.world
                self.free = self.world.scope.inner()
                self._surveys.clear()
                if at == position + 1:
                    self._slips_of(body, result)
        except Misfit as error:
            result.kind = "claim"
            question = Question(misfit(error.left, error.right))
            return Posed(result, question, question)
        except Circular:
            return self._claim(position, 0, result)
        except MeaningError as error:
            question = Question(unreadable(self.student.explained(str(error))))
            self.student.failed(name, result.line)
            return Posed(result, question, question)
        result.kind = "definition"
        self.student.note(name, self.free)
        return Posed(result, check=check)

    def _condition_of_definition(self) -> None:
        """For $x > 0$ let $f(x) = \\dots$: given from here on; a definition for a case is none."""
        for condition in self.chain.clause:
            given, _ = meaning_of_clause([condition], FormulaReader(Choices(), self.free), self.free, self.source)
            is_domain = condition.word == "for" and condition.statements[0].relations[0].operator not in ("=", "neq")
            if not is_domain and (given or condition.word != "for"):
                raise MeaningError(_DEFINED_UNDER_A_CONDITION)
            for statement in condition.statements if given else ():
                self.student.assume(statement)

    def _slips_of(self, body: s.Node, result: StepResult) -> None:
        """The slips in what defines a name."""
        reader = FormulaReader(Choices(), self.free)
        with contextlib.suppress(MeaningError):
            reader.value(body, self.free)
        if reader.slips:
            result.slip = "; ".join(filter(None, (result.slip, *reader.slips)))

    def _free_parameters(self, name: Name) -> None:
        for text in self.student.declare_parameters(name):
            del text
        self.world = self.student.world
        self.free = self.world.scope.inner()

    def _is_assumption(self) -> bool:
        right = self.chain.sides[1]
        if self._is_a_value_of_a_variable():
            return True
        body = right.body if isinstance(right, s.Delimited) and right.open != "langle" else None
        interval = isinstance(body, s.List) and len(body.items) == 2
        return interval or (
            declares(self.chain, self.source) and self.student.is_about_variables(self.chain, self.free)
        )

    def _inequality(self, position: int, result: StepResult) -> Posed:
        (left, right), relation = self.chain.sides[position : position + 2], self.chain.relations[position]
        if declares(self.chain, self.source) or self.student.is_new(left, self.free):
            self.student.take_for_numbers_between(left, right)
            self._assume(s.Statement((left, right), (relation,)), result)
        else:
            result.message = "an inequality, which is not judged"
        return _without_verdict(result, "assumption")

    def _assume(self, statement: s.Statement, result: StepResult) -> None:
        """What a sentence declares is given from there on in its section."""
        try:
            self.student.assume(statement)
        except MeaningError as error:
            result.message = str(error)
        else:
            result.message = "given from here on in this section"

    def _is_a_value_of_a_variable(self) -> bool:
        """`z = 0` of a declared variable: it is said for a moment, and defines nothing."""
        left, right = self.chain.sides[:2]
        is_number = printed(right) is not None or (isinstance(right, s.Number) and bool(right.style))
        return is_number and self.student.is_variable(left, self.free)

    def _assumption(self, result: StepResult) -> Posed:
        right = self.chain.sides[1]
        if isinstance(right, s.Delimited) and result.relation in ("=", "=="):
            slip = f"= {result.rhs} is read as: lie in the interval {result.rhs}"
            result.slip = f"{result.slip}; {slip}" if result.slip else slip
        elif not self._is_a_value_of_a_variable():
            self._assume(s.Statement(tuple(self.chain.sides[:2]), tuple(self.chain.relations[:1])), result)
        return _without_verdict(result, "assumption")

    def _equation(self) -> Posed:
        """An equation that holds at its solution only: nothing is judged, and nothing follows from it here."""
        posed = _without_verdict(self._result(0), "assumption")
        posed.result.message = "an equation to be solved: it is not judged, and nothing is concluded from it"
        return posed

    # ---- shapes and sets

    def _membership(self, position: int, result: StepResult) -> Posed:
        left, right = self.chain.sides[position], self.chain.sides[position + 1]
        right = as_one_hot(self.chain, self.source) if len(self.chain.sides) == 2 else right
        for side in (left, right):
            if isinstance(side, s.Unreadable):
                question = Question(unreadable(side.error.summary))
                return Posed(result, question, question)
        result.kind = "shape" if is_real_space(right) else "definition"
        if isinstance(left, s.Number) and left.style and is_real_space(right):  # \mathbf{1}, of the size that is needed
            result.kind = "definition"
            return Posed(result)
        if position == 0 and self.student.declares(left, right, self.free):
            result.kind = "definition"
            return Posed(result)
        if not is_real_space(right):
            for bound in bounds_of(left, right):
                result.kind = "assumption"
                self._assume(bound, result)
            return Posed(result)
        try:
            wanted = domain_of(right, self.student.size_of).shape
            value = FormulaReader(Choices(), self.free).value(left, self.free)
        except Misfit as error:
            return Posed(result, Question(misfit(error.left, error.right)))
        except MeaningError as error:
            return Posed(result, Question(unreadable(str(error))))
        if value.shape == wanted:
            return Posed(result, Question(Answer("PROVED")))
        return Posed(result, Question(misfit(shape_text(value.shape), shape_text(wanted))))

    # ---- claims

    def _of_another_part(self, statement: s.Statement) -> Answer | None:
        """Shapes that do not conform, where a letter has its shape from another part of the document."""
        reader = FormulaReader(Choices(), self.free)
        for node in s.walk(statement):
            found = reader.resolve(node, self.free) if isinstance(node, s.Symbol | s.Scripted) else None
            if found is None or not isinstance(found[1], Quantity):
                continue
            part = self.student.elsewhere(found[1].name)
            if part is not None:
                shape = shape_text(found[1].shape)
                return unreadable(f"{found[0].key} was declared under {part!r}, as {shape}; declare it anew here")
        return None

    def _claim(self, position: int, start: int, result: StepResult) -> Posed:
        posed = Posed(result)
        decimals = printed(self.chain.sides[position + 1])
        if decimals is not None and (len(decimals) > 1 or len(decimals[0]) > 1):
            result.kind = "numeric"
        posed.link = self._asked(position, position + 1, result)
        posed.head = posed.link if position == start else self._asked(start, position + 1, None)
        posed.is_approximate = self.chain.relations[position].operator in _APPROXIMATE
        return posed

    def _asked(self, left: int, right: int, result: StepResult | None) -> Question:
        try:
            return self._between(left, right, result)
        except Misfit as error:
            return Question(misfit(error.left, error.right))
        except MeaningError as error:
            return Question(unreadable(str(error)))

    def _between(self, left: int, right: int, result: StepResult | None) -> Question:
        if self.unread:
            raise MeaningError(self.unread)
        sides = self.chain.sides
        nodes = (sides[left], sides[right])
        surveys = (self.survey(left), self.survey(right))
        for node in nodes:
            if isinstance(node, s.Unreadable):
                return Question(unreadable(node.error.summary))
        decimals = printed(nodes[1])
        approximate = self.chain.relations[right - 1].operator in _APPROXIMATE
        if decimals is not None and (approximate or printed(nodes[0]) is None):
            question = numeric_question(nodes[0], decimals, self.free, self.world, self.variable)
            if question is not None:
                if result is not None:
                    result.kind = "numeric"
                return question
        return self._question(nodes[0], nodes[1], surveys[0], surveys[1], result, with_left=left == 0)

    def _question(
        self,
        left: s.Node,
        right: s.Node,
        left_side: Side,
        right_side: Side,
        result: StepResult | None,
        with_left: bool = True,
    ) -> Question:
        question = Question()
        fixed = self.survey(0).free
        slips: dict[str, None] = {}
        for statement, label in with_labels(s.Statement((left, right)), self.free):
            reading = read_pair(
                statement.sides[0], statement.sides[1], self.free, (left_side, right_side), fixed, self.variable
            )
            slips |= dict.fromkeys((*(reading.slips[0] if with_left else ()), *reading.slips[1]))
            settled = _settled(reading)
            if settled is not None and reading.misfit is not None:
                settled = self._of_another_part(statement) or settled
            if settled is not None:
                question.settled = settled
                break
            try:
                question.ask(label, reading, self.given)
            except Misfit as error:
                question.settled = misfit(error.left, error.right)
                break
            except MeaningError as error:
                question.settled = unreadable(str(error))
                break
        if result is not None and slips:
            result.slip = "; ".join(filter(None, (result.slip, *slips)))
        return question


def _settled(reading: PairReading) -> Answer | None:
    for error in reading.unreadable:
        if error is not None:
            return unreadable(str(error))
    if not reading.alternatives:
        assert reading.misfit is not None
        return misfit(reading.misfit.left, reading.misfit.right)
    return None


def _without_verdict(result: StepResult, kind: str, message: str = "") -> Posed:
    result.kind, result.message = kind, message or result.message
    return Posed(result)


def _within(slip: s.Slip, node: s.Node) -> bool:
    return node.place.start <= slip.place.start and slip.place.end <= node.place.end
