"""The instrument: a survey's questions with the variables derived from them, and the banners they make."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import prod

from pydantic import PrivateAttr

from survey.arguments import check_question
from survey.errors import usage
from survey.instrument.derived import CROSSED, MOST_CELLS, Derived, ordered_rules, roots_of
from survey.instrument.derived_forms import derived_question, formula_text, sources_of
from survey.instrument.kinds import KINDS, kinds_with
from survey.instrument.question import Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.schema import Fault, Wording, by_id, text_in
from survey.instrument.survey_faults import survey_faults
from survey.messages import message


class Instrument(Questionnaire):
    """A survey: its questions, scales and the words that mean "no answer".

    `listed` is what the file lists under `questions`; in `questions` a grid is one question for each row.
    `meta` names the headers of columns that are no answers, by what they say of the respondent.
    """

    _added: tuple[Derived, ...] = PrivateAttr(default=())  # for one run: a plan's nets, what banners cross
    _as_asked: dict[str, Question] = PrivateAttr(default={})  # those that `showing` shows otherwise

    @property
    def rules(self) -> tuple[Derived, ...]:
        """How what nobody was asked is made: as the file says, then what was added for one run."""
        return (*self.derived_rules, *self._added)

    @cached_property
    def variables(self) -> tuple[Question, ...]:
        """Every variable of the data: the questions asked, then what is derived from them, as questions."""
        known = {question.id: question for question in self.questions}
        for rule in ordered_rules(self.rules):
            known[rule.id] = derived_question(self, rule, self._read_by(rule, known))
        return (*self.questions, *(known[rule.id] for rule in self.rules))

    @property
    def stubs(self) -> tuple[Question, ...]:
        """The variables that tables show as rows: all but those crossed for a banner."""
        return tuple(one for one in self.variables if CROSSED not in one.id)

    def are_apart(self, one: Question, other: Question) -> bool:
        """Whether two variables can be crossed: not where one repeats what the other is made of.

        Of two that were asked only the same one does; a derived one shares the questions it is made of.
        """
        if self.rule_of(one.id) is None and self.rule_of(other.id) is None:
            alone = one if len(one.parts) == 1 else other  # whose only item is the question
            return one.id != other.id and not {one.id, other.id} <= {alone.id, *alone.answer_columns}
        return not self.roots_of(one.id) & self.roots_of(other.id)

    def rule_of(self, variable: str) -> Derived | None:
        """How a variable is made; None where it was asked."""
        return next((rule for rule in self.rules if rule.id == variable), None)

    def roots_of(self, variable: str) -> frozenset[str]:
        """The questions asked that a variable is made of in the end; of one that was asked itself."""
        return roots_of(self.rules, variable, {question.id for question in self.questions})

    def sources_of(self, rule: Derived) -> list[Question]:
        """The variables that a rule reads, items of ratings by their points."""
        known = {question.id: question for question in self.variables}
        return sources_of(self, rule, self._read_by(rule, known))

    def _read_by(self, rule: Derived, known: dict[str, Question]) -> dict[str, Question]:
        """The variables as a rule of the file reads them, as asked; what is crossed for a banner as shown."""
        return known if CROSSED in rule.id else known | self._as_asked

    def formula(self, rule: Derived, lang: str) -> str:
        """How a derived variable is made, in words."""
        return formula_text(self, rule, self.sources_of(rule), lang)

    def banner(self, name: str) -> Question:
        """The question that a banner names, or several crossed (`a*b`), whose groups are all combinations.

        Raises `UsageError` with what there is.
        """
        if not isinstance(name, str) or CROSSED not in name:
            return self._groups_of(name)
        made = self.crossed(name)
        return made.question(made._crossing(name).id)

    def crossed(self, *names: str) -> "Instrument":
        """The same with further variables: every combination of the groups of two or more (`a*b`)."""
        return self.with_rules(map(self._crossing, names))

    def with_rules(self, rules: Iterable[Derived]) -> "Instrument":
        """The same instrument with further derived variables for one run.

        They are no part of the file: hashes and what is written stay as they are.
        """
        made = {rule.id: rule for rule in rules if self.rule_of(rule.id) is None}
        if not made:
            return self
        other = self.model_copy()
        other.__dict__.pop("variables", None)
        other._added = (*self._added, *made.values())
        return other

    @property
    def nets_of(self) -> dict[str, list[str]]:
        """The nets that were added for one run, by the question that they stand with."""
        shown_with: dict[str, list[str]] = {}
        for rule in self._added:
            if rule.kind == "net":
                shown_with.setdefault(self.part_named(rule.sources[0])[0], []).append(rule.id)
        return shown_with

    def _groups_of(self, name: str) -> Question:
        """A question whose options are groups; of a quantity the error says what makes groups of it."""
        match = next((one for one in self.variables if one.id == name), None)
        if match is not None and match.traits.measured and not match.traits.split:
            raise usage("banner_of_quantities", question=name, kind=match.kind)
        return self.question(name, *kinds_with(banner=True))

    def _crossing(self, name: str) -> Derived:
        """The rule of a crossed banner; `UsageError` where a part of it is none."""
        ids = [part.strip() for part in name.split(CROSSED)]
        if not all(ids):
            raise usage("crossing_unreadable", name=name)
        parts = [self._groups_of(part) for part in ids]
        of = tuple(part.id for part in parts)
        if len(set(of)) < len(of):
            raise usage("crossing_twice", banner=name)
        cells = prod(len(part.groups) for part in parts)
        if cells > MOST_CELLS:
            raise usage("crossing_many", banner=name, count=cells, most=MOST_CELLS)
        nouns = [part.group for part in parts if part.group]
        short = self._joined([part.short for part in parts])
        group = self._joined(nouns) if len(nouns) == len(parts) else None  # else a group of its short name
        return Derived.model_construct(id=CROSSED.join(of), kind="cross", of=of, short=short, group=group)

    def _joined(self, wordings: Sequence[Wording]) -> Wording:
        """What is crossed, named in every language."""
        return {
            lang: message("cross_name_separator", lang).join(text_in(words, lang) for words in wordings)
            for lang in self.languages
        }

    def question(self, question_id: str, *kinds: str) -> Question:
        """Find a question by id; `kinds` limits what it may be. Raises `UsageError` with what there is.

        Where a single question may stand, so may an item of a rating (`battery__item`, or the rating itself
        where it has one item), an option of a ranking and an nps: its points are then the options.
        """
        if not (self._added and self.rule_of(question_id)):
            check_question(question_id)
        values = {"question": question_id, "instrument": self.reference}
        battery, item = self.item_named(question_id)
        if battery and item and (not kinds or "single" in kinds):
            return self.points_as_options(battery, item)
        whole = self.wholes.get(question_id)
        if whole is not None:
            key = "part_of_other_kind" if kinds and whole.kind not in kinds else "part_not_question"
            raise usage(key, part=question_id, question=whole.id, kind=whole.kind, kinds=_accepted(kinds))
        if rows := [one.id for one in self.questions if one.whole and one.whole.id == question_id]:
            raise usage("grid_row_needed", question=question_id, rows=rows)
        match = by_id(self.variables, question_id, "unknown_question", **values)
        if match.traits.cells == "point" and "single" in kinds and match.kind not in kinds:
            if len(match.parts) > 1:
                raise usage("rating_item_needed", question=question_id, items=list(match.answer_columns))
            return self.points_as_options(match, *match.parts)
        if kinds and match.kind not in kinds:
            raise usage("wrong_kind", question=question_id, kind=match.kind, kinds=_accepted(kinds))
        return match

    def with_shares(self, question_id: str) -> Question:
        """Find a question whose options or items have shares; of an nps, the scores are its options."""
        return self.question(question_id, *kinds_with(shares=True))

    def with_question(self, question: Question) -> "Instrument":
        """The same with another question in the place of the one with its id."""
        return self.with_questions(
            tuple(question if one.id == question.id else one for one in self.questions)
        )

    def showing(self, question: Question) -> "Instrument":
        """The same that shows a question otherwise; what is derived of it remains that of the one asked."""
        made = self.with_question(question)
        made._as_asked = {question.id: self.question(question.id)} | self._as_asked
        return made

    def with_questions(self, questions: Sequence[Question]) -> "Instrument":
        """The same with other questions."""
        own = {name: getattr(self, name) for name in type(self).model_fields if name != "listed"}
        own["derived"] = self.derived_rules  # of rows by their own names, for the grids are questions by now
        made = self.model_construct(**own, questions=tuple(questions))  # a copy would keep the hashes
        made._added, made._as_asked = self._added, self._as_asked
        return made

    def part_named(self, name: str) -> tuple[str, str]:
        """The question and the part (else "") that the name of a column, or of a question, stands for."""
        ids = [one.id for one in self.variables if name == one.id or name.startswith(f"{one.id}__")]
        if not ids:
            question, _, part = name.partition("__")
            return question, part
        longest = max(ids, key=len)
        return longest, name.removeprefix(longest).removeprefix("__")

    @cached_property
    def wholes(self) -> dict[str, Question]:
        """The question of each option or item, by the name of its column (`question__part`)."""
        wholes: dict[str, Question] = {}
        for whole in self.variables:
            for name in set(whole.answer_columns) - {whole.id}:
                wholes.setdefault(name, whole)
        return wholes

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of `Responses.data`, in the order of the variables."""
        return tuple(column for question in self.variables for column in question.columns)

    @property
    def asked_columns(self) -> tuple[str, ...]:
        """Those of them that hold answers: all but those of derived variables."""
        return tuple(column for question in self.questions for column in question.columns)

    def faults(self) -> Iterator[Fault]:
        """Find contradictions between parts: references that lead nowhere, doubles, unusable names."""
        yield from super().faults()
        yield from survey_faults(self)


def _accepted(kinds: Sequence[str]) -> list[str]:
    """The kinds that are taken where some are wanted: points may stand where a single question may."""
    pointed = {"point"} if "single" in kinds else set()
    return [name for name, kind in KINDS.items() if name in kinds or kind.cells in pointed]
