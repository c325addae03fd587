"""What a builder of the survey's report is given: the responses, the settings, each result computed once."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.document import Key, TitleBlock
from survey.instrument import Question
from survey.instrument.shares import Statistic, shown_share
from survey.messages.number_forms import date_text, month_text
from survey.report.context import once
from survey.report.properties import of_reconstruction
from survey.report.survey.shown_questions import ShownQuestions, shown_order
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
    from survey.statistics import Association


# The verdicts of a published figure that the data meet.
MET = ("reproduced", "bound holds")

_SOURCE = 100  # characters of a source at the foot of a picture


@dataclass(kw_only=True)
class SurveyContext(ShownQuestions):
    """The report of a survey in the making: what it shows, each result computed once, and its words."""

    @cached_property
    def about(self) -> TitleBlock:
        """Who the report is from, completed by what the data say; never by what the questionnaire says."""
        provenance = self.responses.provenance
        title = provenance.title or self.instrument.titled(self.lang)
        if self.findings is not None and self.reconstructed:
            title = self.findings.said(self.lang)
        block = self.title_block.completed(
            title=self.say("report_title", title=title),
            fieldwork=self._answered_days or month_text(provenance.wave, self.lang),
            data_source=provenance.source or provenance.fielded_by,
        )
        return of_reconstruction(block, self.lang) if self.reconstructed else block

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

    def crossed(self, banner: Question) -> list[Question]:
        """The stubs with a cross-tab: hidden cells leave none where the groups have too many combinations."""
        stubs = self.stubs(banner)
        return [
            stub for stub in stubs if not self.minimum or (banner.id, stub.id) in self.protected.crosstabs
        ]

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
        effective = f"{self.counts.effective_base:.1f}"
        return self.say("weighted_bases", effective=effective, count=len(self.responses))

    def _weighted_bases(self, table: pd.DataFrame | None) -> str:
        """The same of those who answered the row of a table that most answered; of all without a table."""
        if table is None or not self.weighted_text or not len(table):
            return self.weighted_text
        row = table.iloc[int(table["base"].fillna(0).to_numpy().argmax())]
        effective = f"{row['effective_base']:.1f}"
        return self.say("weighted_bases", effective=effective, count=int(row["base"]))

    def data_remarks(self, table: pd.DataFrame | None = None) -> str:
        """What a picture or chart says of its data, for it may be copied without its sheet.

        `table` is what is drawn: one row for each base.
        """
        made_up = self.say("word_reconstructed") if self.reconstructed else ""
        return self.caption(self._weighted_bases(table), self.sentences(made_up, self.subset_text))

    @property
    def data_note(self) -> str:
        """That nobody gave the answers, as every slide says it; "" where somebody did."""
        return self.caption(self.say("word_reconstructed")) if self.reconstructed else ""

    def source_line(self, *tests: str, table: pd.DataFrame | None = None) -> str:
        """What stands at the foot of a picture: where the data are from, the test, what the data are."""
        source = self.about.data_source
        if len(source) > _SOURCE:
            source = source[:_SOURCE].rpartition(", ")[0] or f"{source[:_SOURCE].rstrip()}\u2026"
        named = self.say("title_data_source", source=source) if source else ""
        return self.caption(named, *tests, self.data_remarks(table))

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
