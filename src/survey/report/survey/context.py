"""What a builder of the survey's report is given: the responses, the settings, each result computed once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.counts import Tally
from survey.counts.row_counts import Counts, counts_of
from survey.document import Column, Key, TitleBlock
from survey.ingest import Responses
from survey.instrument import Instrument, Question
from survey.instrument.shares import Statistic, shown_share
from survey.report.context import ReportContext, once
from survey.statistics import (
    compare_items,
    compare_ratings,
    crosstab,
    frequencies,
    importance_shares,
    mention_summary,
    mentions,
    overlaps,
    reliability,
)
from survey.statistics.indicators import answered, column_bases

if TYPE_CHECKING:
    import pandas as pd

    from survey.disclosure.protection import Tables
    from survey.ingest.quality import Quality
    from survey.published.findings import Findings


LOW = "[low]"
HIDDEN = "[c]"

# The verdicts of a published figure that the data meet.
MET = ("reproduced", "bound holds")


@dataclass(kw_only=True)
class SurveyContext(ReportContext):
    """The report of a survey in the making. `minimum`: counts below it are hidden; 0: nothing is."""

    responses: Responses | Tally
    banner: Question | None = None
    min_base: int = 5
    findings: "Findings | None" = None
    quality: "Quality | None" = None
    compare: str = "complement"
    only: str | None = None
    minimum: int = 0
    open_text: bool = False
    title_block: TitleBlock = field(default_factory=TitleBlock)

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

    @cached_property
    def about(self) -> TitleBlock:
        """Who the report is from, completed by what the data say; never by what the questionnaire says."""
        provenance = self.responses.provenance
        title = provenance.title or self.instrument.titled(self.lang)
        if self.findings is not None and self.reconstructed:
            title = self.findings.said(self.lang)
        return self.title_block.completed(
            title=self.say("report_title", title=title),
            fieldwork=self._answered_days or provenance.wave,
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
        first, last = (f"{moment:%Y-%m-%d}" for moment in (moments.min(), moments.max()))
        return first if first == last else self.say("title_days", first=first, last=last)

    @cached_property
    def protected(self) -> "Tables":
        """The tables of a report with hidden cells, protected together."""
        from survey.disclosure.protection import Tables, suppress_tables

        several = [q for q in self.instrument.questions if q.kind in ("single", "multiple", "rating")]
        tables = Tables(
            {question.id: self._frequencies(question) for question in several},
            {battery.id: self._importance(battery) for battery in self.batteries},
            {stub.id: self._crosstab(stub) for stub in self.stubs} if self.banner else {},
        )
        return suppress_tables(
            self.counts, tables, banner=self.banner, only=self.only, minimum=self.minimum, lang=self.lang
        )

    @once
    def frequencies(self, question: Question) -> "pd.DataFrame":
        """Frequencies of a question."""
        return self.protected.frequencies[question.id] if self.minimum else self._frequencies(question)

    def _frequencies(self, question: Question) -> "pd.DataFrame":
        return frequencies(self.counts, question.id, confidence=self.confidence, lang=self.lang)

    @once
    def importance(self, battery: Question) -> "pd.DataFrame":
        """Importance shares of a battery."""
        return self.protected.importance[battery.id] if self.minimum else self._importance(battery)

    def _importance(self, battery: Question) -> "pd.DataFrame":
        return importance_shares(self.counts, battery.id, confidence=self.confidence, lang=self.lang)

    @once
    def crosstab(self, stub: Question) -> "pd.DataFrame":
        """Cross-tab of a question by the banner."""
        return self.protected.crosstabs[stub.id] if self.minimum else self._crosstab(stub)

    def _crosstab(self, stub: Question) -> "pd.DataFrame":
        return crosstab(
            self.counts,
            stub.id,
            banner=self.banner.id if self.banner else None,
            only=self.only,
            confidence=self.confidence,
            min_base=self.min_base,
            lang=self.lang,
        )

    @once
    def columns(self, stub: Question) -> "pd.DataFrame":
        """Every two groups of the banner against each other."""
        return crosstab(
            self.counts,
            stub.id,
            banner=self.banner.id if self.banner else None,
            compare="columns",
            only=self.only,
            confidence=self.confidence,
            min_base=self.min_base,
            lang=self.lang,
        )

    @once
    def items(self, battery: Question) -> "pd.DataFrame":
        """Tests between the items of a battery."""
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        return compare_items(self.counts, battery.id, lang=self.lang, **arguments)

    @once
    def rating_pairs(self, battery: Question) -> "pd.DataFrame":
        """Every two items of a battery over all points of the scale."""
        return compare_ratings(self.counts, battery.id, min_base=self.min_base, lang=self.lang)

    @once
    def reliability(self, battery: Question) -> "pd.DataFrame":
        """Reliability of a battery."""
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        return reliability(self.counts, battery.id, lang=self.lang, **arguments)

    @once
    def mentions(self, question: Question) -> "pd.DataFrame":
        """Mentions of a select-all question."""
        return mentions(self.counts, question.id, lang=self.lang)

    @once
    def mention_summary(self, question: Question) -> "pd.DataFrame":
        """How many options of a select-all question were ticked."""
        return mention_summary(self.counts, question.id)

    @once
    def overlaps(self, question: Question) -> "pd.DataFrame":
        """Overlaps of the groups of a question."""
        return overlaps(self.counts, question.id, lang=self.lang)

    @cached_property
    def published(self) -> "pd.DataFrame | None":
        """Each published figure beside what these data give; None where nothing is compared."""
        if self.findings is None:
            return None
        from survey.published.findings import reproduce

        return reproduce(self.counts, self.findings, lang=self.lang)

    @cached_property
    def batteries(self) -> list[Question]:
        """The rating batteries, the default one first."""
        batteries = [question for question in self.instrument.questions if question.kind == "rating"]
        default = self.instrument.defaults.battery
        return sorted(batteries, key=lambda question: question.id != default)

    @cached_property
    def stubs(self) -> list[Question]:
        """The questions that can be crossed with the banner."""
        kinds = ("single", "multiple", "rating")
        banner = self.banner.id if self.banner else ""
        return [q for q in self.instrument.questions if q.kind in kinds and q.id != banner]

    @cached_property
    def crossed(self) -> list[Question]:
        """The stubs with a cross-tab: hidden cells leave none where the groups have too many combinations."""
        if self.banner is None:
            return []
        return [stub for stub in self.stubs if not self.minimum or stub.id in self.protected.crosstabs]

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
    def only_text(self) -> str:
        """Whom the groups of the banner hold, where they are limited; empty else."""
        if not self.only or self.banner is None:
            return ""
        return self.say(f"base_only_{self.only}", noun=self.banner.group_noun(self.lang))

    @cached_property
    def whole_text(self) -> str:
        """That groups are whole here, in a report where they are limited elsewhere; empty else."""
        return self.say("base_whole_groups") if self.only_text else ""

    @cached_property
    def _condition_text(self) -> str:
        """The conditions of a subset in words."""
        of_file = (self.say("subset_of_file", said=text) for text in self.responses.provenance.subset)
        return self.sentences(*of_file, self.responses.subset_text(self.lang))

    def picture_words(self, question: Question, *names: str) -> dict[str, str]:
        """The wording inside a picture. One that may travel alone says what its data are."""
        words = {name: self.say(f"word_{name}") for name in names}
        words["empty"] = self.say("alt_empty", question=question.named(self.lang))
        remarks = [self.say("word_reconstructed")] if self.reconstructed else []
        remarks += [self.subset_text] if self.subset_text else []
        if remarks:
            words["base"] = self.say("word_base", count=len(self.responses), said=self.sentences(*remarks))
        return words

    def share(self, count: int, base: int) -> str:
        """A share as text with count and base: "86.1% (118 of 137)"."""
        return self.say("share_text", share=Fraction(count, base), n=count, base=base)

    def share_with_interval(self, row: Any, count: str = "n") -> str:
        """A share as text with count, base and interval, from a row of a contract frame."""
        return self.say(
            "share_interval_text",
            share=Fraction(int(row[count]), int(row["base"])),
            n=int(row[count]),
            base=int(row["base"]),
            level=self.percent_level,
            low=row["ci_low"],
            high=row["ci_high"],
        )

    @once
    def base_text(self, question: Question) -> str:
        """The base of a question in words, with what is left out and why, by count.

        Where cells are hidden it says how many answered, unless that is; not why others did not: routing
        tells of answers.
        """
        if self.minimum and self.frequencies(question)["base"].isna().any():
            return self.sentences(self.say("protected_small_base", minimum=self.minimum), self.subset_text)
        total, base = len(self.counts), answered(self.counts, question)
        per_column = column_bases(self.counts, question)
        key = "base_text_ticks" if question.kind == "multiple" else "base_text"
        text = self.say(key, base=base, total=total)
        if self.minimum:
            return self.sentences(text, self.subset_text)
        if base and min(per_column) < base:
            text += self.say("base_text_range", low=min(per_column), high=max(per_column))
        if base < total:
            kinds = self.counts.unanswered_kinds(question)
            reasons = self.say("list_separator").join(
                f"{self.say(f'missing_{kind}')} {count}" for kind, count in sorted(kinds.items()) if count
            )
            text += self.say("base_text_left_out", out=total - base, total=total, reasons=reasons)
        return self.sentences(text, self.subset_text)

    def share_columns(self, count: str = "n") -> list[Column]:
        """Count, base, share and its interval."""
        level = self.percent_level
        return [
            self.column(count, "count"),
            self.column("base", "count"),
            self.column("proportion", "share"),
            self.column("ci_low", "share", self.say("col_ci_low", level=level)),
            self.column("ci_high", "share", self.say("col_ci_high", level=level)),
        ]

    def hidden_note(self) -> list[str]:
        """What [c] stands for, in a report that hides cells."""
        return [self.say("protected_note", minimum=self.minimum)] if self.minimum else []

    def sized(self, frame: "pd.DataFrame", count: str = "n") -> "pd.DataFrame":
        """The frame with a column `mark`: [c] where a count is hidden, [low] below the minimum base."""
        rows = zip(frame[count].isna(), frame["base"].fillna(0), strict=True)
        marks = [HIDDEN if gone else LOW if base < self.min_base else "" for gone, base in rows]
        return frame.assign(mark=marks)


def covered(table: "pd.DataFrame", count: str, columns: Iterable[str]) -> "pd.DataFrame":
    """The table with [c] where a count is hidden, in these columns; a base that is printed stays."""
    gone = table[count].isna()
    if not gone.any():
        return table
    shown = table.copy()
    for name in columns:
        values = shown[name].astype(object)
        shown[name] = values.where(~(gone & values.isna()), HIDDEN)
    return shown
