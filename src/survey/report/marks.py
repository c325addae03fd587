"""What the margins say of the results of a report of reconstructed data: one pass over the finished document.

No builder of a sheet knows of it. The pass asks every table and sentence for the keys of its results, looks
up their marks, and marks as unfixed what the published figures do not fix. A table with a column `fixed`
says there, row by row, what they say: a range, or that the result is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from survey.document import WORDS, Column, Key, Picture, Report, Sentence, Sheet, Table
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Mark
from survey.messages import message
from survey.report.mark_words import FORMS, mark_text


@dataclass(frozen=True)
class Kind:
    """How the marks of one kind of result are found.

    Attributes
    ----------
    measures
        What is marked; another measure goes by the first.
    rests
        Another measure and the one that it goes by, where that is not the first.
    verdict
        That of every result of this kind, whatever the margins are.
    """

    measures: tuple[str, ...]
    rests: Mapping[str, str] = field(default_factory=dict)
    verdict: str = ""

    def marked(self, measure: str) -> str:
        """The measure whose mark holds; "" for the number of respondents, which is as it is."""
        if measure in self.measures:
            return measure
        return "" if measure == "base" else self.rests.get(measure, self.measures[0])


_AVERAGES = ("rank", "median", "mean", "sd", "rank_low", "rank_high")
_SETS = ("marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high")

_ODDS = dict.fromkeys(("coefficient", "se", "ci_low", "ci_high"), "odds_ratio")

# The kinds of results by contract. One that is missing here is not fixed: nothing is known of it.
KINDS: dict[str, Kind] = {
    "frequency": Kind(("proportion",)),
    "importance": Kind(("proportion", *_AVERAGES)),
    "crosstab": Kind(
        ("proportion", "base", "difference", "p_value", "p_adjusted"),
        rests=dict.fromkeys(("share_others", "difference_low", "difference_high"), "difference")
        | {"p_equivalence": "p_adjusted"},
    ),
    "test": Kind(
        ("p_value", "p_adjusted", "statistic", "effect"),
        rests=dict.fromkeys(("ci_low", "ci_high"), "effect")
        | {"df": "statistic", "p_equivalence": "p_adjusted"},
    ),
    "rank_set": Kind(("rank", *_SETS)),
    "association_test": Kind(
        ("p_value", "p_adjusted", "effect"), rests=dict.fromkeys(("ci_low", "ci_high"), "effect")
    ),
    "correlation": Kind(
        ("p_value", "p_adjusted", "correlation"), rests=dict.fromkeys(("ci_low", "ci_high"), "correlation")
    ),
    "cooccurrence": Kind(("n", "phi"), rests=dict.fromkeys(("ci_low", "ci_high"), "phi")),
    "overlap": Kind(("n", "proportion")),
    "mention": Kind(("share_of_mentions",)),
    "mention_summary": Kind(("mean_mentions", "ticked_nothing")),
    "precision": Kind(
        ("base", "margin", "smallest_difference", "needed_base"),
        rests=dict.fromkeys(("exact_power", "first_step_power", "hypotheses"), "smallest_difference"),
    ),
    "sentence": Kind(("value",)),
    "model_need": Kind(
        ("n_yes", "marginal", "odds_ratio", "p_value", "p_adjusted"),
        rests=dict.fromkeys(("marginal_low", "marginal_high"), "marginal") | _ODDS,
    ),
    "all_need": Kind(("odds_ratio", "p_value", "p_adjusted"), rests=_ODDS),
    "reach": Kind(
        ("reach", "base", "proportion", "chosen_first"),
        rests=dict.fromkeys(("ci_low", "ci_high"), "proportion"),
    ),
    "respondents": Kind(("proportion",), verdict=FIXED),
    # No number is published of numbers and texts, and a reconstruction leaves them empty.
    "number": Kind(("mean",), verdict=OPEN),
    "net_promoter": Kind(("mean",), verdict=OPEN),
    "ranking": Kind(("n_first",), verdict=OPEN),
    "allocation": Kind(("share",), verdict=OPEN),
    "date_count": Kind(("n",), verdict=OPEN),
    "text": Kind(("n",), verdict=OPEN),
}

# Contracts of rows that are no results of answers.
_NO_ANSWERS = ("quality_rule", "quality_row")


@dataclass(frozen=True)
class Marks:
    """What is known of the results of one report.

    Attributes
    ----------
    by_result
        The mark of each measure by kind and ids of its result; None where it was marked, but for other
        settings than those of this report.
    ranged
        Whether ranges were looked for; else it is known only what is fixed, and the report says no more.
    draws
        Over how many data sets, in words.
    counts
        How many measures are fixed, bounded and open, where they are those of this report.
    looked_up
        Whether anything could be looked up; else of no result is it known whether the figures fix it.
    """

    by_result: Mapping[tuple[str, tuple[str, ...]], Mapping[str, Mark | None]]
    ranged: bool = False
    draws: str = "-"
    counts: Mapping[str, int] = field(default_factory=dict)
    looked_up: bool = True

    def mark(self, key: Key) -> Mark | None:
        """The mark of a result; None where nothing is known of it."""
        kind = KINDS.get(key.result)
        if kind is None:
            return None
        if kind.verdict:
            return Mark(kind.verdict)
        measure = kind.marked(key.measure)
        if not measure:
            return Mark(FIXED)
        known = self.by_result.get((key.result, key.ids), {})
        if measure not in known and key.measure not in kind.measures:  # it goes by what was marked
            measure = next((name for name in kind.measures if name in known), measure)
        return known.get(measure)

    def is_fixed(self, key: Key) -> bool:
        """Whether the published figures give one value."""
        mark = self.mark(key)
        return mark is not None and mark.verdict == FIXED

    def text(self, key: Key, lang: str) -> str:
        """What the figures say of a result, in words: fixed, a range, open; or only that it is not fixed.

        A range is that of the measure which was marked: one that goes by another has none of its own.
        """
        if self.is_fixed(key):
            return message("margins_fixed", lang)
        mark = self.mark(key)
        if not self.looked_up:
            return message("margins_unknown", lang)
        if mark is None or not self.ranged:
            return message("margins_unfixed", lang)
        if mark.verdict == BOUNDED and key.measure not in KINDS[key.result].measures:
            return message("margins_unfixed", lang)
        return mark_text(mark, FORMS[KINDS[key.result].marked(key.measure)], lang)


def with_marks(report: Report, marks: Marks) -> Report:
    """The same report, every number and sentence marked that the margins do not fix."""
    shown = [picture for sheet in report.sheets for picture in sheet.pictures]
    pictures = {id(one): replace(one, title=_sentence(one.title, marks)) for one in shown}
    sheets = tuple(_sheet(sheet, marks, report.lang, pictures) for sheet in report.sheets)
    return replace(report, sheets=sheets)


def _sheet(sheet: Sheet, marks: Marks, lang: str, pictures: Mapping[int, Picture]) -> Sheet:
    """A sheet with its marks; a picture on several sheets stays one object."""
    return replace(
        sheet,
        title=_sentence(sheet.title, marks),
        findings=tuple(_sentence(text, marks) for text in sheet.findings),
        lines=tuple(_sentence(text, marks) for text in sheet.lines),
        tables=tuple(_table(table, marks, lang) for table in sheet.tables),
        charts=tuple(replace(chart, title=_sentence(chart.title, marks)) for chart in sheet.charts),
        pictures=tuple(pictures[id(picture)] for picture in sheet.pictures),
    )


def _sentence(text: str, marks: Marks) -> str:
    if not isinstance(text, Sentence) or all(map(marks.is_fixed, text.keys)):
        return text
    return Sentence(text, text.keys, unfixed=True)


def _table(table: Table, marks: Marks, lang: str) -> Table:
    """A table with the marks of its numbers; one with a column `fixed` says it there in words."""
    if table.contract in _NO_ANSWERS:
        return table
    if any(column.key == "fixed" for column in table.columns):
        keyed = next((table.keys(column) for column in table.columns if column.keys), [])
        texts = [marks.text(key, lang) if key else "" for key in keyed]
        return replace(table, data=table.data.assign(fixed=texts))
    columns, added = [], {}
    for column in table.columns:
        codes = _codes(table, column, marks)
        if codes is not None:
            column = replace(column, marks=f"{column.key}_marked")
            added[column.marks] = codes
        columns.append(column)
    return replace(table, data=table.data.assign(**added), columns=tuple(columns)) if added else table


def _codes(table: Table, column: Column, marks: Marks) -> list[str] | None:
    """The marks of a column with those of what is not fixed; None where that is nothing."""
    if column.form in WORDS:
        return None
    blanks = table.data[column.key].isna().tolist()
    keys = table.keys(column)
    unfixed = [
        not (key is None or blank or marks.is_fixed(key)) for key, blank in zip(keys, blanks, strict=True)
    ]
    if not any(unfixed):
        return None
    return [
        " ".join([*codes, "unfixed"] if is_open else codes)
        for codes, is_open in zip(table.marks(column), unfixed, strict=True)
    ]
