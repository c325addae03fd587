"""What a builder of the survey's report is given: the responses, the settings, each result computed once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.document import Column, Form
from survey.ingest import Responses
from survey.ingest.provenance import FIXED, Mark, Marks, PublishedShare, key_of
from survey.ingest.responses import digest_of
from survey.instrument import Instrument, Question
from survey.instrument.shares import SELECTING, Statistic, shown_share
from survey.report.context import ReportContext, once
from survey.report.marks import FORMS, SETTINGS, mark_bracket, mark_text
from survey.rounding import printed_share
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

if TYPE_CHECKING:
    import pandas as pd

    from survey.disclosure.protection import Tables
    from survey.ingest.quality import Quality
    from survey.published.findings import Findings


Asked = tuple[str, str, tuple[object, ...], str]  # name, result, ids, measure

# Marks a result on reconstructed data that the published figures do not fix.
OPEN = "[r]"
LOW = "[low]"
_CONFIDENCE, _MIN_BASE = 0.95, 5  # what stored marks were made with
_BY_GROUP = ("cross", "group_ratings")  # sentences that count over the groups of the banner

# The verdicts of a published figure that the data meet.
MET = ("reproduced", "bound holds")


@dataclass(kw_only=True)
class SurveyContext(ReportContext):
    """The report of a survey in the making. `minimum`: counts below it are hidden; 0: nothing is."""

    responses: Responses
    banner: Question | None = None
    min_base: int = 5
    findings: "Findings | None" = None
    quality: "Quality | None" = None
    compare: str = "complement"
    only: str | None = None
    minimum: int = 0
    open_text: bool = False

    @property
    def instrument(self) -> Instrument:
        """The instrument of the responses."""
        return self.responses.instrument

    @cached_property
    def tables(self) -> "Tables":
        """The tables of a report with hidden cells, protected together."""
        from survey.disclosure.protection import Tables, suppress_tables

        several = [q for q in self.instrument.questions if q.kind in ("single", "multiple", "rating")]
        found = Tables(
            {question.id: self._frequencies(question) for question in several},
            {battery.id: self._importance(battery) for battery in self.batteries},
            {stub.id: self._crosstab(stub) for stub in self.stubs} if self.banner else {},
        )
        return suppress_tables(
            self.responses, found, banner=self.banner, only=self.only, minimum=self.minimum, lang=self.lang
        )

    @once
    def frequencies(self, question: Question) -> "pd.DataFrame":
        """Frequencies of a question."""
        return self.tables.frequencies[question.id] if self.minimum else self._frequencies(question)

    def _frequencies(self, question: Question) -> "pd.DataFrame":
        return frequencies(self.responses, question.id, confidence=self.confidence, lang=self.lang)

    @once
    def importance(self, battery: Question) -> "pd.DataFrame":
        """Importance shares of a battery."""
        return self.tables.importance[battery.id] if self.minimum else self._importance(battery)

    def _importance(self, battery: Question) -> "pd.DataFrame":
        return importance_shares(self.responses, battery.id, confidence=self.confidence, lang=self.lang)

    @once
    def crosstab(self, stub: Question) -> "pd.DataFrame":
        """Cross-tab of a question by the banner."""
        return self.tables.crosstabs[stub.id] if self.minimum else self._crosstab(stub)

    def _crosstab(self, stub: Question) -> "pd.DataFrame":
        return crosstab(
            self.responses,
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
            self.responses,
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
        return compare_items(self.responses, battery.id, lang=self.lang, **arguments)

    @once
    def rating_pairs(self, battery: Question) -> "pd.DataFrame":
        """Every two items of a battery over all points of the scale."""
        return compare_ratings(self.responses, battery.id, min_base=self.min_base, lang=self.lang)

    @once
    def reliability(self, battery: Question) -> "pd.DataFrame":
        """Reliability of a battery."""
        arguments: dict[str, Any] = {"confidence": self.confidence, "min_base": self.min_base}
        return reliability(self.responses, battery.id, lang=self.lang, **arguments)

    @once
    def mentions(self, question: Question) -> "pd.DataFrame":
        """Mentions of a select-all question."""
        return mentions(self.responses, question.id, lang=self.lang)

    @once
    def mention_summary(self, question: Question) -> "pd.DataFrame":
        """How many options of a select-all question were ticked."""
        return mention_summary(self.responses, question.id)

    @once
    def overlaps(self, question: Question) -> "pd.DataFrame":
        """Overlaps of the groups of a question."""
        return overlaps(self.responses, question.id, lang=self.lang)

    @cached_property
    def published(self) -> "pd.DataFrame | None":
        """Each published figure beside what these data give; None where nothing is compared."""
        if self.findings is None:
            return None
        from survey.published.findings import reproduce

        return reproduce(self.responses, self.findings, lang=self.lang)

    @cached_property
    def batteries(self) -> list[Question]:
        """The rating batteries, the default one first."""
        found = [question for question in self.instrument.questions if question.kind == "rating"]
        default = self.instrument.defaults.battery
        return sorted(found, key=lambda question: question.id != default)

    @cached_property
    def stubs(self) -> list[Question]:
        """The questions that can be crossed with the banner."""
        kinds = ("single", "multiple", "rating")
        banner = self.banner.id if self.banner else ""
        return [q for q in self.instrument.questions if q.kind in kinds and q.id != banner]

    @cached_property
    def reconstructed(self) -> bool:
        """Whether the data were reconstructed from published margins."""
        return self.responses.provenance.reconstructed

    @cached_property
    def _fixed(self) -> frozenset[PublishedShare]:
        made = self.responses.provenance.reconstruction
        return frozenset(made.fixed if made and not self.responses.subset and not self._changed else ())

    @cached_property
    def _changed(self) -> bool:
        """Whether somebody changed the answers after they were made from the figures."""
        provenance = self.responses.provenance
        made = provenance.reconstruction
        if made is None or provenance.carried_from or not made.answers_digest:
            return False
        return made.answers_digest != digest_of(self.responses.data)

    @cached_property
    def marks(self) -> Marks:
        """What the margins say of the results, as stored with reconstructed data; none of a part of them."""
        provenance = self.responses.provenance
        made = provenance.reconstruction
        part = provenance.subset or provenance.screening or provenance.carried_from
        if made is None or not made.answers_digest or self.responses.subset or part or self.minimum:
            return {}
        return {} if self._changed else made.marks

    @cached_property
    def as_marked(self) -> bool:
        """Whether the report has the groups and settings that stored marks were made with."""
        return self._marked_groups and (self.confidence, self.min_base) == (_CONFIDENCE, _MIN_BASE)

    @cached_property
    def _marked_groups(self) -> bool:
        return not self.only and (self.banner.id if self.banner else None) == self.instrument.defaults.banner

    def mark(self, result: str, ids: "tuple[object, ...]", measure: str) -> Mark | None:
        """The mark of one measure; None where none is stored for a report with these settings."""
        if measure in SETTINGS and (self.confidence != _CONFIDENCE or self.min_base != _MIN_BASE):
            return None
        if self.only and result in ("crosstab", "group_rating"):
            return None
        if result == "sentence" and ids[0] in _BY_GROUP and not self._marked_groups:
            return None  # its key names no banner
        return self.marks.get(key_of(result, ids), {}).get(measure)

    def bracket(self, result: str, ids: "tuple[object, ...]", measure: str) -> str:
        """The mark of one measure inside a text: [r] where none is stored, nothing where it is fixed."""
        mark = self.mark(result, ids, measure)
        return mark_bracket(mark, FORMS[measure], self.lang) if mark else OPEN

    def margins_text(self, asked: "Iterable[Asked]") -> str:
        """What the margins say of some measures of a row, those with the same answer together."""
        asked = list(asked)
        alike: dict[str, list[str]] = {}
        verdicts = set()
        for name, result, ids, measure in asked:
            stored = self.marks.get(key_of(result, ids))
            if stored is not None and measure not in stored:
                continue  # it was never measured: there is no number
            mark = self.mark(result, ids, measure)
            alike.setdefault(mark_text(mark, FORMS[measure], self.lang) if mark else OPEN, []).append(name)
            verdicts.add(mark.verdict if mark else None)
        if len(asked) == 1 or verdicts <= {None} or verdicts == {FIXED}:
            return next(iter(alike), "")
        return self.say("item_separator").join(
            self.say("margins_part", names=self.say("list_separator").join(names), said=said)
            for said, names in alike.items()
        )

    def asks(self, result: str, ids: "tuple[object, ...]", *measures: str) -> "list[Asked]":
        """The measures of one result, each under its own name."""
        return [(self.say(f"margins_of_{measure}"), result, ids, measure) for measure in measures]

    def with_margins(
        self, frame: "pd.DataFrame", result: str, keys: "list[Any]", *measures: str
    ) -> "pd.DataFrame":
        """The frame with a column `margins`; `keys` are its columns, or lists, that identify the result."""
        if not self.marks:
            return frame
        columns = [frame[key].tolist() if isinstance(key, str) else key for key in keys]
        texts = [self.margins_text(self.asks(result, ids, *measures)) for ids in zip(*columns, strict=True)]
        return frame.assign(margins=texts)

    def margins_columns(self) -> list[Column]:
        """The column that says what the margins say, where marks are stored; else that of [r]."""
        if self.marks:
            return [self.column("margins")]
        return [self.column("mark")] if self.reconstructed else []

    def is_open(
        self, question: Question, item: str = "", group: str = "all", statistic: Statistic | None = None
    ) -> bool:
        """Whether a result on reconstructed data is not fixed by the published figures.

        `statistic` is the share that tables show where None: of those who chose it, or of the top box.
        """
        if not self.reconstructed:
            return False
        statistic = statistic or shown_share(self.instrument, question)
        if self.marks and (mark := self._share_mark(question, item, group, statistic)):
            return mark.verdict != FIXED
        if group != "all" and (
            self.only or self.banner is None or self.banner.id != self.instrument.defaults.banner
        ):
            return True  # the groups of the published figures are those of the default banner, whole
        return PublishedShare(question.id, item, group, statistic) not in self._fixed

    def _share_mark(self, question: Question, item: str, group: str, statistic: Statistic) -> Mark | None:
        """The mark of a share that a findings file could name."""
        key = self.share_key(question, item, group, statistic)
        return self.mark(*key, "proportion") if key else None

    def share_key(
        self, question: Question, item: str, group: str, statistic: Statistic
    ) -> "tuple[str, tuple[object, ...]] | None":
        """The result, and what identifies it, of a share that a findings file could name."""
        rated = statistic.kind == "rated"
        if not rated and statistic != shown_share(self.instrument, question):
            return None  # another box than the one that is shown
        if group != "all":
            banner = self.banner.id if self.banner else ""
            return None if rated else ("crosstab", (question.id, item, banner, group))
        if rated:
            return "frequency", (question.id, item, statistic.number)
        if question.kind == "rating":
            return "importance", (question.id, item)
        return "frequency", (question.id, "", item)

    def any_open(self, result: str, keys: "Iterable[tuple[object, ...]]", measure: str) -> bool:
        """Whether a measure is not fixed in some row: what the heading of its column says."""
        if not self.marks:
            return self.reconstructed
        return any(self.bracket(result, ids, measure) for ids in keys)

    def lead_is_open(self, question: Question, leaders: "pd.DataFrame") -> bool:
        """Whether it is open that these options lead: each share is fixed, and no open one can pass them."""
        codes = leaders["code"].tolist()
        if any(self.is_open(question, code) for code in codes):
            return True
        least = 100 * leaders["proportion"].min()
        others = [option.id for option in question.options if option.id not in codes]
        made = self.responses.provenance.reconstruction
        bounds = {bound.share: bound.percent for bound in (made.below if made else ())}
        shares = (PublishedShare(question.id, code, "all", SELECTING) for code in others)
        highest = (bounds.get(share, "100") for share in shares)
        return any(
            float(bound) > least and self.is_open(question, code)
            for code, bound in zip(others, highest, strict=True)
        )

    def rank_is_open(self, battery: Question) -> bool:
        """Whether the ranks of a battery are open: they hang on the shares of all its items."""
        marks = [self.mark("importance", (battery.id, item.id), "rank") for item in battery.items]
        if any(marks):
            return any(mark is None or mark.verdict != FIXED for mark in marks)
        return any(self.is_open(battery, item.id) for item in battery.items)

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
        said = [self.say("word_reconstructed")] if self.reconstructed else []
        said += [self.subset_text] if self.subset_text else []
        if said:
            words["base"] = self.say("word_base", count=len(self.responses), said=self.sentences(*said))
        return words

    def sentence(self, text: str, *, is_open: bool | None = None, mark: str | None = None) -> str:
        """A sentence of the Summary; on reconstructed data what the figures do not fix begins with a mark.

        `mark` is that of the number in it, where one is stored: [r] with its range, [open], or nothing.
        """
        if mark is not None and self.marks:
            return f"{mark} {text}".lstrip()
        return f"{OPEN} {text}" if (self.reconstructed if is_open is None else is_open) else text

    def open_note(self) -> list[str]:
        """What the marks stand for, where they are used."""
        if self.marks:
            made = self.responses.provenance.reconstruction
            return [self.say("note_margins", draws=made.mark_draws if made else "-")]
        return [self.say("note_open")] if self.reconstructed else []

    def share(self, count: int, base: int) -> str:
        """A share as text with count and base: "86.1 % (118 of 137)"."""
        return self.say("share_text", share=printed_share(count, base, 1), n=count, base=base)

    def share_with_interval(self, row: Any, count: str = "n") -> str:
        """A share as text with count, base and interval, from a row of a contract frame."""
        return self.say(
            "share_interval_text",
            share=printed_share(int(row[count]), int(row["base"]), 1),
            n=int(row[count]),
            base=int(row["base"]),
            level=self.percent_level,
            low=f"{100 * row['ci_low']:.1f}",
            high=f"{100 * row['ci_high']:.1f}",
        )

    @once
    def base_text(self, question: Question) -> str:
        """The base of a question in words, with what is left out and why, by count."""
        columns = list(question.answer_columns)
        answers = self.responses.data[columns]
        total = len(answers)
        answered = answers.notna().any(axis=1)
        per_column = answers.notna().sum()
        base = int(answered.sum())
        key = "base_text_ticks" if question.kind == "multiple" else "base_text"
        text = self.say(key, base=base, total=total)
        if base and per_column.min() < base:
            text += self.say("base_text_range", low=int(per_column.min()), high=int(per_column.max()))
        if base < total:
            kinds = Counter(self.responses.missing.loc[~answered, columns[0]].astype(str))
            said = self.say("list_separator").join(
                f"{self.say(f'missing_{kind}')} {count}" for kind, count in sorted(kinds.items()) if kind
            )
            text += self.say("base_text_left_out", out=total - base, total=total, reasons=said)
        return self.sentences(text, self.subset_text)

    def open_column(
        self, key: str, form: Form, heading: str | None = None, *, is_open: bool | None = None
    ) -> Column:
        """A column of results; its heading ends in [r] where the published figures do not fix them."""
        plain = self.column(key, form, heading)
        is_open = self.reconstructed if is_open is None else is_open
        return Column(key, f"{plain.heading} {OPEN}" if is_open else plain.heading, form)

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

    def marked(self, frame: "pd.DataFrame", question: Question, items: "list[str]") -> "pd.DataFrame":
        """The frame with a column `mark`: [low] below the minimum base, [r] where figures leave it open."""
        marks = [
            " ".join([LOW] * bool(base < self.min_base) + [OPEN] * self.bare_mark(question, item))
            for base, item in zip(frame["base"], items, strict=True)
        ]
        return frame.assign(mark=marks)

    def bare_mark(self, question: Question, item: str) -> bool:
        """Whether the column of marks says [r]: not where a column of its own says what the margins say."""
        return not self.marks and self.is_open(question, item)
