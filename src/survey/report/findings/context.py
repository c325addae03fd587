"""What a builder of the reports of published figures is given: the audit, and what the margins fix."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from survey.document import Column, Table
from survey.messages.number_forms import month_text
from survey.published.audit.feasible_margins import known_ratings, known_shares
from survey.published.audit.ranges import Ranges
from survey.published.audit.verdicts import Audit, verdict_key
from survey.published.bounds.queries import FeasibleMargins, feasible_margins
from survey.published.findings.figures import EVERYONE
from survey.report.context import QuestionnaireContext

if TYPE_CHECKING:
    from survey.instrument import Instrument, Question


@dataclass(kw_only=True)
class FindingsContext(QuestionnaireContext):
    """The report of published figures in the making, in the language of their audit."""

    audit: Audit
    silences: list[tuple[str, str]] = field(default_factory=list)  # what there is nothing to say of

    headings: ClassVar[str] = "audit_col"

    @property
    def instrument(self) -> "Instrument":
        """The instrument of the findings."""
        return self.audit.findings.instrument

    @property
    def about_text(self) -> str:
        """Of whom and of what the report is, in a line."""
        findings = self.audit.findings
        parts = [self.say("about_sample", count=findings.respondents)] if findings.respondents else []
        parts += (
            [self.say("about_fieldwork", fieldwork=month_text(findings.wave, self.lang))]
            if findings.wave
            else []
        )
        return self.say("about_separator").join([*parts, self.say("about_figures")])

    def question(self, question_id: str) -> "Question | None":
        """A question of the instrument; None where there is none of this id."""
        known = {question.id: question for question in self.instrument.questions}
        return known.get(question_id)

    def subject(self, question_id: str, item: str, group: str) -> str:
        """Question, item and group in words."""
        question = self.question(question_id)
        if question is None:
            return self.say("figure_respondents")
        parts = [question.named(self.lang)]
        parts += [question.part(item).said(self.lang)] if item else []
        parts += [self.group(group)] if group not in ("all", "groups") else []
        return self.say("item_separator").join(parts)

    def group(self, group: str) -> str:
        """The wording of a group."""
        banner = self.question(self.instrument.defaults.banner or "")
        return banner.part(group).said(self.lang) if banner else group

    def people_brief(self, group: str) -> str:
        """Whom a statement is about, in words: a group, an answer to a question, the id of a question."""
        question_id, sign, option = group.partition("=")
        if sign and (question := self.question(question_id)):
            return self.brief(question, option)
        banner = self.question(self.instrument.defaults.banner or "")
        known = {option.id for option in banner.options} if banner else set()
        return self.group_brief(group) if group in known else group

    def group_brief(self, group: str) -> str:
        """The wording of a group without what stands in brackets behind it."""
        banner = self.question(self.instrument.defaults.banner or "")
        return self.brief(banner, group) if banner else group

    def verdict(self, verdict: str) -> str:
        """The wording of a verdict."""
        return self.say(verdict_key(verdict))

    def worded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame with its verdicts in words."""
        return frame.assign(verdict=[self.verdict(verdict) for verdict in frame["verdict"]])

    def whole(
        self, name: str, title: str, frame: pd.DataFrame, columns: list[Column], contract: str = ""
    ) -> Table:
        """A table about all that was published."""
        return self.table(name, title, "", frame, columns, contract)

    # -- what the margins fix ---------------------------------------------------------------------------

    @cached_property
    def ranges(self) -> Ranges | None:
        """The proved ranges; None where the number of respondents is not known."""
        if self.audit.findings.respondents is None:
            return None
        return Ranges(self.audit.known or feasible_margins(self.audit.findings))

    @property
    def proved(self) -> Ranges:
        """The proved ranges, where the number of respondents is known."""
        assert self.ranges is not None
        return self.ranges

    @property
    def known(self) -> FeasibleMargins:
        """The margins."""
        return self.proved.known

    @cached_property
    def asked(self) -> "list[Question]":
        """The questions of counts that a figure is about: batteries first, the banner last."""
        margins = self.known.margins
        every = [*margins.questions, *([margins.banner] if margins.banner else [])]
        with_figures = [question for question in every if self.proved.spoken_of(question)]
        return sorted(with_figures, key=lambda question: question.kind != "rating")

    def shares(self, question: "Question", group: str = EVERYONE) -> pd.DataFrame:
        """What is known of the shares of a question, among all respondents or in a group."""
        return known_shares(self.proved, question, group, confidence=self.confidence, lang=self.lang)

    @cached_property
    def by_question(self) -> dict[str, pd.DataFrame]:
        """What is known of each question among all respondents."""
        return {
            question.id: known_ratings(self.proved, question, confidence=self.confidence, lang=self.lang)
            if question.kind == "rating"
            else self.shares(question)
            for question in self.asked
        }

    @cached_property
    def by_group(self) -> dict[str, pd.DataFrame]:
        """What is known of each question by group: a row per part and group with figures."""
        banner, groups = self.known.margins.banner, self.known.margins.groups
        tables = {}
        for question in self.asked if groups else ():
            if question != banner:
                parts = [self.shares(question, group) for group in groups]
                whole = pd.concat(parts, ignore_index=True)
                order = {part.id: at for at, part in enumerate(question.parts)}
                whole["order"] = [order[item] for item in whole["item"]]
                tables[question.id] = whole.sort_values("order", kind="stable", ignore_index=True)
        return tables
