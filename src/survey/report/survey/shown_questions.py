"""Which questions the report of a survey shows, in which order, and by what settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from survey.counts import Tally
from survey.counts.row_counts import Counts, counts_of
from survey.document import TitleBlock
from survey.ingest import Responses
from survey.ingest.sampling_frame import Frame
from survey.instrument import Instrument, Option, Question
from survey.instrument.kinds import kinds_with
from survey.report.context import QuestionnaireContext
from survey.report.survey.population import ReportPopulation

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest.quality import Quality
    from survey.ingest.rare_options import Gathered
    from survey.published.findings import Findings
    from survey.report.marks import Marks
    from survey.report.survey.previous_wave import PreviousWave


@dataclass(kw_only=True)
class ShownQuestions(QuestionnaireContext):
    """The responses, the settings of the report, and the questions that it shows.

    Attributes
    ----------
    banners
        The questions by whose groups the others are shown; the first is that of the default where none is
        asked for.
    population
        How many there are, of whom the respondents are a random sample, where that is known.
    equivalent_within
        The margin within which two shares are the same, as a fraction; None: that is not asked.
    min_base, small_base
        Groups of fewer are not tested; shares of fewer stand in brackets.
    minimum
        Counts below it are hidden; 0: nothing is.
    selected
        The ids of the questions that are shown, in their order; all where there are none.
    sort
        "share" or "questionnaire": how options and items are ordered, of all questions or of some by id.
    """

    responses: Responses | Tally
    banners: tuple[Question, ...] = ()
    min_base: int = 5
    small_base: int = 30
    population: ReportPopulation = field(default_factory=ReportPopulation)
    equivalent_within: float | None = None
    findings: "Findings | None" = None
    quality: "Quality | None" = None
    compare: str = "complement"
    only: str | None = None
    minimum: int = 0
    selected: tuple[str, ...] = ()
    sort: str | Mapping[str, str] = "share"
    open_text: bool = False
    models: bool = False  # whether the report explains needs by models, which takes a while
    sampling_frame: Frame = field(default_factory=dict)  # firms by question and option, where it is known
    title_block: TitleBlock = field(default_factory=TitleBlock)
    marks: "Marks | None" = None
    asked: Instrument | None = None  # the instrument as its file says it, where options stand together here
    gathered: tuple["Gathered", ...] = ()  # the options that stand together
    weights_left_out: bool = False  # the data have weights, and hidden cells are those of respondents
    previous: "PreviousWave | None" = None  # the wave before, where what changed since is shown
    previous_left_out: bool = False  # there is one, and hidden cells would be given away
    flagged: int = 0  # rows that the rules of quality found, though not all of them are listed

    @property
    def rows(self) -> Responses | None:
        """The respondents one by one; None where there is a tally alone."""
        return self.responses if isinstance(self.responses, Responses) else None

    @cached_property
    def counts(self) -> Counts:
        """What the statistics compute from; answers are coded once for all of them."""
        return counts_of(self.responses)

    @property
    def instrument(self) -> Instrument:
        """The instrument of the responses."""
        return self.responses.instrument

    @property
    def schema(self) -> Instrument:
        """The instrument as its file says it."""
        return self.asked or self.instrument

    @property
    def banner(self) -> Question | None:
        """The first banner."""
        return self.banners[0] if self.banners else None

    @cached_property
    def questions(self) -> list[Question]:
        """The variables that are shown, in their order: what every sheet, page and deck goes through.

        Those that were asked as the questionnaire has them, then what is derived, where nothing is selected.
        The nets of a plan come after their question, or after that of their item.
        """
        known = {question.id: question for question in self._showable}
        apart = {net for nets in self._nets_of.values() for net in nets}
        named = [name for name in self.selected or known if name not in apart]
        shown = [one for name in named for one in (name, *self._nets_of.get(name, ()))]
        shown += [name for name in self.selected if name not in shown]  # a net without its question
        return [known[name] for name in shown]

    @cached_property
    def _nets_of(self) -> dict[str, list[str]]:
        return {} if self.minimum else self.instrument.nets_of

    def is_among_options(self, question: Question) -> bool:
        """Whether a variable has its rows below the options of a question, without a head: a plan's nets."""
        have_rows = {one.id for one in self.questions if one.traits.banner}  # of an item or a number: a head
        return any(question.id in nets and name in have_rows for name, nets in self._nets_of.items())

    def row_labels(self, question: Question, labels: "pd.Series[str]") -> "pd.Series[str]":
        """The labels of the rows of a variable; a net among the options of its question is called one."""
        if not self.is_among_options(question):
            return labels
        return labels.map(lambda label: self.say("net_row", label=label))

    @property
    def asked_questions(self) -> list[Question]:
        """The questions that were asked and are shown."""
        asked = {question.id for question in self.instrument.questions}
        return [question for question in self.questions if question.id in asked]

    @property
    def _showable(self) -> tuple[Question, ...]:
        """The variables that may be shown.

        Where cells are hidden there is nothing derived: it counts the same respondents in another way.
        """
        return self.instrument.questions if self.minimum else self.instrument.stubs

    @cached_property
    def left_out(self) -> list[Question]:
        """The variables that could be shown and are not."""
        shown = {question.id for question in self.questions}
        return [question for question in self._showable if question.id not in shown]

    @cached_property
    def not_shown_text(self) -> str:
        """How many questions are not shown, and which."""
        names = [question.named(self.lang) for question in self.left_out]
        values = {"count": len(names), "all": len(self._showable)}
        return self.say("selection_left_out", **values, questions=names)

    @property
    def order_notes(self) -> list[str]:
        """The notes on how options and items are ordered."""
        if isinstance(self.sort, str):
            return ["order"] if self.sort == "share" else ["order_questionnaire"]
        return ["order", "order_own"]

    @property
    def own_orders(self) -> str:
        """The questions whose options are ordered in their own way, with the way."""
        own = self.sort if isinstance(self.sort, Mapping) else {}
        return self.listed(
            self.say(f"order_{order}", question=self.instrument.question(name).named(self.lang))
            for name, order in own.items()
        )

    def sort_of(self, question: Question) -> str:
        """How the options or items of a question are ordered: "share", "questionnaire", or "all": by share
        also those that the questionnaire keeps in their places. Nets of a plan are ordered as their question.
        """
        if isinstance(self.sort, str):
            return self.sort
        asked = [name for name, nets in self._nets_of.items() if question.id in nets]
        named = [name for name in (question.id, *asked) if name in self.sort]
        order = self.sort[named[0]] if named else "share"
        return "all" if order == "share" and named else order

    @cached_property
    def batteries(self) -> list[Question]:
        """The rating batteries, the default one first."""
        batteries = [question for question in self.questions if question.kind == "rating"]
        default = self.instrument.defaults.battery
        return sorted(batteries, key=lambda question: question.id != default)

    @cached_property
    def closed(self) -> list[Question]:
        """The questions with options or items that are shown."""
        return self.of_kind(*kinds_with(shares=True))

    def of_kind(self, *kinds: str) -> list[Question]:
        """The variables of some kinds that are shown."""
        return [question for question in self.questions if question.kind in kinds]

    def asked_of_kind(self, *kinds: str) -> list[Question]:
        """Those of them that were asked."""
        return [question for question in self.asked_questions if question.kind in kinds]

    def stubs(self, banner: Question) -> list[Question]:
        """The questions that can be crossed with a banner: not what either is made of."""
        return [question for question in self.closed if self.instrument.are_apart(question, banner)]

    def of_kind_by(self, kind: str, banner: Question) -> list[Question]:
        """The variables of a kind that are shown by the groups of a banner."""
        return [one for one in self.of_kind(kind) if self.instrument.are_apart(one, banner)]

    @cached_property
    def ranked(self) -> list[Question]:
        """The questions whose items are ranked: batteries, then select-all questions but the banners.

        An item that stands alone has no rank.
        """
        own = {banner.id for banner in self.banners}
        batteries = [battery for battery in self.batteries if len(battery.items) > 1]
        choices = [question for question in self.asked_of_kind("multiple") if len(question.groups) > 1]
        return [*batteries, *(question for question in choices if question.id not in own)]

    def was_asked(self, question: Question) -> bool:
        """Whether anybody was asked; with no respondents at all it counts as asked."""
        names = question.answer_columns
        others = (self.counts.missing_kinds(name)["not_asked"] < len(self.counts) for name in names)
        return not len(self.counts) or any(others)


def shown_order(question: Question, shares: dict[str, float], sort: str = "share") -> list[str]:
    """The options or items by their share, the highest first; or as the questionnaire has them.

    Options marked `fixed` keep their places, as the steps of a scale; what is pinned there, "other" and what
    excludes all others come last; of a question that is `fixed` all keep their places. With `sort` "all" what
    is marked `fixed` falls by share too. Where a share is hidden the order would tell of it: then it is that
    of the questionnaire.
    """
    parts = [part.id for part in question.parts]
    in_place = sort == "questionnaire" or (question.fixed and sort != "all")
    if in_place or any(share != share for share in shares.values()):
        return parts
    last = [part.id for part in question.parts if _comes_last(question, part)]
    last.sort(key=lambda part: question.part(part).exclusive)
    fixed = {part.id for part in question.parts if part.fixed and part.id not in last and sort != "all"}
    free = iter(sorted((p for p in parts if p not in fixed and p not in last), key=lambda p: -shares[p]))
    first = [part if part in fixed else next(free) for part in parts if part not in last]
    return [*first, *last]


def _comes_last(question: Question, part: Option) -> bool:
    stands_last = part.exclusive or part.text or part.id == "other"
    return part.pinned == "last" or (question.kind != "rating" and stands_last)
