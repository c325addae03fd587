"""What a builder of the survey's report is given: the responses, the settings, each result computed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.counts import Tally
from survey.counts.row_counts import Counts, counts_of
from survey.document import Key, TitleBlock
from survey.ingest import Responses
from survey.ingest.sampling_frame import Frame
from survey.instrument import Instrument, Option, Question
from survey.instrument.kinds import kinds_with
from survey.instrument.shares import Statistic, shown_share
from survey.messages.number_forms import date_text, month_text
from survey.report.context import QuestionnaireContext, once
from survey.report.survey.population import ReportPopulation
from survey.statistics import (
    association,
    compare_group_ratings,
    compare_items,
    compare_numbers,
    compare_ratings,
    cooccurrence,
    correlations,
    crosstab,
    date_counts,
    frequencies,
    importance_shares,
    mention_summary,
    mentions,
    overlaps,
    rank_sets,
    reliability,
)
from survey.statistics.indicators import own_part
from survey.statistics.summaries import SUMMARIES

if TYPE_CHECKING:
    from survey.disclosure.protection import Tables
    from survey.ingest.quality import Quality
    from survey.ingest.rare_options import Gathered
    from survey.published.findings import Findings
    from survey.report.marks import Marks
    from survey.report.survey.previous_wave import PreviousWave
    from survey.statistics import Association


# The verdicts of a published figure that the data meet.
MET = ("reproduced", "bound holds")

_SOURCE = 100  # characters of a source at the foot of a picture


@dataclass(kw_only=True)
class SurveyContext(QuestionnaireContext):
    """The report of a survey in the making.

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

    @cached_property
    def about(self) -> TitleBlock:
        """Who the report is from, completed by what the data say; never by what the questionnaire says."""
        provenance = self.responses.provenance
        title = provenance.title or self.instrument.titled(self.lang)
        if self.findings is not None and self.reconstructed:
            title = self.findings.said(self.lang)
        return self.title_block.completed(
            title=self.say("report_title", title=title),
            fieldwork=self._answered_days or month_text(provenance.wave, self.lang),
            data_source=provenance.source or provenance.fielded_by,
        )

    @property
    def _answered_days(self) -> str:
        """The days from the first to the last answer, where the file says when each came; "" else."""
        if self.minimum or self.rows is None or "submitted" not in self.rows.meta:
            return ""
        moments = self.rows.meta["submitted"].dropna()
        if moments.empty:
            return ""
        first, last = (date_text(moment, self.lang) for moment in (moments.min(), moments.max()))
        return first if first == last else self.say("title_days", first=first, last=last)

    @property
    def banner(self) -> Question | None:
        """The first banner."""
        return self.banners[0] if self.banners else None

    @cached_property
    def protected(self) -> "Tables":
        """The tables of a report with hidden cells, protected together."""
        from survey.disclosure.protection import Tables, suppress_tables

        tables = Tables(
            {question.id: self._frequencies(question) for question in self.closed},
            {battery.id: self._importance(battery) for battery in self.batteries},
            {
                (banner.id, stub.id): self._crosstab(stub, banner)
                for banner in self.banners
                for stub in self.stubs(banner)
            },
        )
        return suppress_tables(
            self.counts, tables, banners=self.banners, only=self.only, minimum=self.minimum, lang=self.lang
        )

    @once
    def frequencies(self, question: Question) -> pd.DataFrame:
        """Frequencies of a question."""
        return self.protected.frequencies[question.id] if self.minimum else self._frequencies(question)

    def _frequencies(self, question: Question) -> pd.DataFrame:
        return frequencies(
            self.counts,
            question.id,
            confidence=self.confidence,
            population=self.population.of_all,
            lang=self.lang,
        )

    @once
    def importance(self, battery: Question) -> pd.DataFrame:
        """Importance shares of a battery."""
        return self.protected.importance[battery.id] if self.minimum else self._importance(battery)

    def _importance(self, battery: Question) -> pd.DataFrame:
        return importance_shares(
            self.counts,
            battery.id,
            confidence=self.confidence,
            population=self.population.of_all,
            lang=self.lang,
        )

    @once
    def crosstab(self, stub: Question, banner: Question) -> pd.DataFrame:
        """Cross-tab of a question by a banner, without the item whose points are its groups."""
        whole = self.protected.crosstabs[banner.id, stub.id] if self.minimum else self._crosstab(stub, banner)
        return _without_own(whole, stub, banner)

    def _crosstab(self, stub: Question, banner: Question) -> pd.DataFrame:
        return crosstab(
            self.counts,
            stub.id,
            banner=banner.id,
            only=self.only,
            confidence=self.confidence,
            min_base=self.min_base,
            population=self.population.of_banner(banner),
            equivalent_within=self.equivalent_within,
            lang=self.lang,
        )

    @once
    def columns(self, stub: Question, banner: Question) -> pd.DataFrame:
        """Every two groups of a banner against each other."""
        whole = crosstab(
            self.counts,
            stub.id,
            banner=banner.id,
            compare="columns",
            only=self.only,
            confidence=self.confidence,
            min_base=self.min_base,
            population=self.population.of_banner(banner),
            equivalent_within=self.equivalent_within,
            lang=self.lang,
        )
        return _without_own(whole, stub, banner)

    @once
    def items(self, battery: Question) -> pd.DataFrame:
        """Tests between the items of a battery."""
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        arguments["equivalent_within"] = self.equivalent_within
        return compare_items(self.counts, battery.id, lang=self.lang, **arguments)

    @once
    def rating_pairs(self, battery: Question) -> pd.DataFrame:
        """Every two items of a battery over all points of the scale."""
        return compare_ratings(self.counts, battery.id, min_base=self.min_base, lang=self.lang)

    @once
    def reliability(self, battery: Question) -> pd.DataFrame:
        """Reliability of a battery."""
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        return reliability(self.counts, battery.id, lang=self.lang, **arguments)

    @once
    def group_ratings(self, battery: Question, banner: Question) -> pd.DataFrame:
        """Ratings of each group against all others, over all points of the scale."""
        return compare_group_ratings(
            self.counts,
            battery.id,
            by=banner.id,
            only=self.only,
            confidence=self.confidence,
            min_base=self.min_base,
            lang=self.lang,
        )

    @once
    def ranks(self, question: Question) -> pd.DataFrame:
        """The ranks that each item of a battery or select-all question may truly have."""
        return rank_sets(self.counts, question.id, confidence=self.confidence, lang=self.lang)

    @once
    def association(self, stub: Question, banner: Question) -> "Association":
        """Whether a question goes together with a banner as a whole."""
        return association(self.counts, banner.id, stub.id, confidence=self.confidence, lang=self.lang)

    @once
    def together(self, question: Question) -> pd.DataFrame:
        """Options of a select-all question that are ticked together."""
        return cooccurrence(self.counts, question.id, confidence=self.confidence, lang=self.lang)

    @once
    def correlated(self, *questions: Question) -> pd.DataFrame:
        """Every two items of a battery, or every two numbers: their correlation by ranks."""
        names = [question.id for question in questions]
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        return correlations(self.counts, names, lang=self.lang, **arguments)

    @once
    def group_numbers(self, question: Question, banner: Question) -> pd.DataFrame:
        """What has a mean in each group of a banner: numbers by the kind of groups, others with the rest."""
        return self._group_means(question, banner, None if question.kind == "number" else "complement")

    @once
    def group_columns(self, question: Question, banner: Question) -> pd.DataFrame:
        """The same of every two groups."""
        return self._group_means(question, banner, "columns")

    def _group_means(self, question: Question, banner: Question, against: str | None) -> pd.DataFrame:
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        arguments |= {"by": banner.id, "against": against, "only": self.only}
        return compare_numbers(self.counts, question.id, lang=self.lang, **arguments)

    @once
    def summary(self, question: Question, banner: Question | None) -> pd.DataFrame:
        """What is computed of a question without shares, of all respondents and of each group."""
        summary = SUMMARIES[question.kind]
        level = {"confidence": self.confidence} if summary.has_level else {}
        groups = {"banner": banner.id, "only": self.only} if banner else {}
        table: pd.DataFrame = summary.compute(self.counts, question.id, lang=self.lang, **groups, **level)
        return table.assign(banner=table["banner"].where(table["banner_code"] != "", ""))

    @staticmethod
    def summary_contract(question: Question) -> str:
        """The contract of what is computed of a question without shares."""
        return SUMMARIES[question.kind].contract

    @once
    def date_counts(self, question: Question) -> pd.DataFrame:
        """How many dates lie in each month or year."""
        return date_counts(self.counts, question.id, confidence=self.confidence, lang=self.lang)

    @once
    def mentions(self, question: Question) -> pd.DataFrame:
        """Mentions of a select-all question."""
        return mentions(self.counts, question.id, lang=self.lang)

    @once
    def mention_summary(self, question: Question) -> pd.DataFrame:
        """How many options of a select-all question were ticked."""
        return mention_summary(self.counts, question.id, lang=self.lang)

    @once
    def overlaps(self, question: Question) -> pd.DataFrame:
        """Overlaps of the groups of a question."""
        return overlaps(self.counts, question.id, lang=self.lang)

    @cached_property
    def published(self) -> pd.DataFrame | None:
        """Each published figure beside what these data give; None where nothing is compared."""
        if self.findings is None:
            return None
        from survey.published.findings import reproduce

        table = reproduce(self.counts, self.findings, lang=self.lang)
        if not self.selected:
            return table
        figures = self.findings.parsed()
        kept = {figure.claim for figure in figures if figure.question in ("", *self.selected)}
        return table[table["finding"].isin(kept)].reset_index(drop=True)

    @cached_property
    def questions(self) -> list[Question]:
        """The variables that are shown, in their order: what every sheet, page and deck goes through.

        Those that were asked as the questionnaire has them, then what is derived, where nothing is selected.
        The nets of a plan come after their question.
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
        shown = {one.id for one in self.questions}
        return any(question.id in nets and name in shown for name, nets in self._nets_of.items())

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
        also those that the questionnaire keeps in their places.
        """
        if isinstance(self.sort, str):
            return self.sort
        order = self.sort.get(question.id, "share")
        return "all" if order == "share" and question.id in self.sort else order

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

    def crossed(self, banner: Question) -> list[Question]:
        """The stubs with a cross-tab: hidden cells leave none where the groups have too many combinations."""
        stubs = self.stubs(banner)
        return [
            stub for stub in stubs if not self.minimum or (banner.id, stub.id) in self.protected.crosstabs
        ]

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

    @once
    def shares(self, question: Question) -> pd.DataFrame:
        """One row per option or item, in the order shown: n of base, share and interval, of all respondents.

        The columns are those of `frequency`; of a battery the share is that of the top box, and `code` the
        item, as in a cross-tab.
        """
        if question.kind == "rating":
            table = self.importance(question).rename(columns={"n_top": "n"}).assign(result="importance")
        else:
            table = self.frequencies(question).assign(result="frequency")
        table = table.assign(stub_code=table["item" if question.kind == "rating" else "code"])
        shares = table["proportion"] if self.minimum else table["proportion"].fillna(0)  # nobody was asked
        by_share = dict(zip(table["stub_code"], shares, strict=True))
        order = shown_order(question, by_share, self.sort_of(question))
        return table.set_index("stub_code", drop=False).loc[order].reset_index(drop=True)

    @cached_property
    def reconstructed(self) -> bool:
        """Whether the data were reconstructed from published margins."""
        return self.responses.provenance.reconstructed

    def figure_key(self, question: Question, item: str, group: str, statistic: Statistic) -> Key | None:
        """What identifies the share that a published figure counts; None where no table shows it.

        `group` is as in a findings file: its groups are those of the default banner.
        """
        rated = statistic.kind == "rated"
        if not rated and statistic != shown_share(self.instrument, question):
            return None  # another box than the one that is shown
        if group != "all":
            banner = self.instrument.defaults.banner or ""
            return None if rated else Key("crosstab", (question.id, item, banner, group), "proportion")
        if rated:
            return Key("frequency", (question.id, item, str(statistic.number)), "proportion")
        if question.kind == "rating":
            return Key("importance", (question.id, item), "proportion")
        return Key("frequency", (question.id, "", item), "proportion")

    @cached_property
    def subset_text(self) -> str:
        """What the respondents are a part of, in words; empty for all: rows left out, then conditions."""
        from survey.ingest.quality import left_out_text

        left_out = left_out_text(self.responses, self.lang)
        return self.sentences(left_out, self._condition_text)

    @cached_property
    def _condition_text(self) -> str:
        """The conditions of a subset in words."""
        of_file = (self.say("subset_of_file", said=text) for text in self.responses.provenance.subset)
        return self.sentences(*of_file, self.responses.subset_text(self.lang))

    def picture_words(self, question: Question, *names: str) -> dict[str, str]:
        """The wording inside a picture."""
        words = {name: self.say(f"word_{name}") for name in names}
        return {**words, "empty": self.say("alt_empty", question=question.named(self.lang))}

    @property
    def by_weight(self) -> str:
        """The ending of messages on tests that are others where numbers are weighted."""
        return "_weighted" if self.counts.weighted else ""

    @cached_property
    def weighted_text(self) -> str:
        """That numbers are weighted, with both bases; "" where they are not."""
        if not self.counts.weighted or self.minimum:
            return ""
        effective = f"{self.counts.effective_base:.0f}"
        return self.say("weighted_bases", effective=effective, count=len(self.responses))

    @cached_property
    def data_remarks(self) -> str:
        """What a picture or chart says of its data, for it may be copied without its sheet."""
        remarks = [self.say("word_reconstructed")] if self.reconstructed else []
        return self.caption(self.weighted_text, self.sentences(*remarks, self.subset_text))

    def caption(self, *texts: str) -> str:
        """Texts in one line under a title or drawing: no full stop stands at its end."""
        return self.say("about_separator").join(text.rstrip(".\u3002") for text in texts if text)

    def source_line(self, *tests: str) -> str:
        """What stands at the foot of a picture: where the data are from, the test, what the data are."""
        source = self.about.data_source
        if len(source) > _SOURCE:
            source = source[:_SOURCE].rpartition(", ")[0] or f"{source[:_SOURCE].rstrip()}\u2026"
        named = self.say("title_data_source", source=source) if source else ""
        return self.caption(named, *tests, self.data_remarks)

    # -- words ------------------------------------------------------------------------------------------

    def small_mark(self, base: Any) -> str:
        """The mark of a share of few respondents."""
        return "small" if not pd.isna(base) and base < self.small_base else ""

    def share_mark(self, n: Any, base: Any) -> str:
        """The mark of a share of all respondents: hidden, or on few; none where nobody answered."""
        if not pd.isna(n):
            return self.small_mark(base)
        return "hidden" if pd.isna(base) or base else ""


def _without_own(table: pd.DataFrame, stub: Question, banner: Question) -> pd.DataFrame:
    """A cross-tab without the item whose own points are the groups: by itself it is 0 or 100 %."""
    own = own_part(stub, banner)
    return table[table["stub_code"] != own].reset_index(drop=True) if own else table


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
