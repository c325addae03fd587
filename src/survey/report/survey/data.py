"""Data: every number of the report in one long table, to filter, pivot and be read by programs."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pandas as pd

from survey.document import Column, Key, Sheet
from survey.report.survey.banners import sheet_name
from survey.report.survey.changes_since import change_frames, mean_frames
from survey.report.survey.context import SurveyContext
from survey.report.survey.data_measures import (
    COLUMNS,
    INTERVAL_OF_STATISTIC,
    LABELS,
    MEASURES,
    OTHERS,
    PLACES,
    Measure,
)
from survey.report.survey.explained import explained, needs_of
from survey.report.survey.kind_tables import KIND_TABLES
from survey.report.survey.kind_tests import compared_rankings
from survey.report.survey.marked_results import FRAMES
from survey.report.survey.nonresponse import changes, examined, rates_of, sensitivity_of
from survey.report.survey.published import published_rows
from survey.report.survey.topline import TOPLINE, text_rows
from survey.result_ids import IDS
from survey.statistics.summaries import SUMMARIES
from survey.tables import has_reason

_PLACE = COLUMNS.index("weighted_base") + 1
_EVERY = (*COLUMNS[:_PLACE], "effective_base", *COLUMNS[_PLACE:])  # with weights
_TEXTS = frozenset(COLUMNS[:11]) | {"test", "fixed", "reason"}


def sheets(context: SurveyContext) -> list[Sheet]:
    """The one long table; `fixed` is filled where the data are reconstructed."""
    rows = [
        row for kind in MEASURES for frame in _frames(context, kind) for row in _rows(context, kind, frame)
    ]
    if not rows:
        return []
    data = pd.DataFrame(rows, columns=[*_EVERY, "key"])
    names = _EVERY if context.counts.weighted else COLUMNS
    data = data[[*names, "key"]]
    columns = [
        Column(
            name,
            name,
            "text" if name in _TEXTS else "value",
            keys="key" if name == "value" else "",
            measures=(),
        )
        for name in names
    ]
    return [
        Sheet(
            context.say("sheet_data"),
            context.say("data_title"),
            subtitle=context.say("data_subtitle"),
            tables=(context.table("data", context.say("data_title"), "", data, columns),),
            lines=(context.say("data_reading"),),
            printed=False,
        )
    ]


def _frames(context: SurveyContext, kind: str) -> Iterable[pd.DataFrame]:
    """The frames of a kind of result, as far as a report with hidden cells has them."""
    if context.minimum and kind not in ("frequency", "importance", "crosstab"):
        return ()
    return (_OWN_FRAMES.get(kind) or FRAMES[kind])(context)


def _summary_frames(kind: str, context: SurveyContext) -> Iterator[pd.DataFrame]:
    for question in context.of_kind(kind):
        yield context.summary(question, None)
        for banner in context.banners:
            if question in context.of_kind_by(kind, banner):
                table = context.summary(question, banner)
                yield table[table["banner_code"] != ""]


def _frequency_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from FRAMES["frequency"](context)
    yield from map(context.frequencies, [] if context.minimum else context.of_kind("nps"))


def _date_count_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.date_counts, context.of_kind("date"))


def _text_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    if rows := text_rows(context):
        yield pd.DataFrame(rows)


def _column_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for banner in context.banners if context.compare == "columns" else ():
        stubs = [*context.crossed(banner), *compared_rankings(context, banner)]
        yield from (context.columns(stub, banner) for stub in stubs)


def _finding_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    table = published_rows(context)
    if table is not None:
        yield table.assign(share=table["count"] / table["base"], label=table["what"])


def _need_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from (needs_of(context, stub, banner) for stub, banner in explained(context))


def _sensitivity_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    if changes(context) is not None:
        yield from (sensitivity_of(context, stub, banner) for stub, banner in examined(context))


def _rate_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from (rates_of(context, question) for question in context.sampling_frame)


# The kinds of results that take no marks, or are marked by less than they show; the frames of the others
# stand beside their marks.
_OWN_FRAMES: dict[str, Callable[[SurveyContext], Iterator[pd.DataFrame]]] = {
    **{
        summary.contract: partial(_summary_frames, kind)
        for kind, summary in SUMMARIES.items()
        if summary.contract in MEASURES
    },
    "frequency": _frequency_frames,
    "date_count": _date_count_frames,
    "text": _text_frames,
    "columns": _column_frames,
    "finding": _finding_frames,
    "model_need": _need_frames,
    "sensitivity": _sensitivity_frames,
    "response_rate": _rate_frames,
    "wave": change_frames,
    "wave_mean": mean_frames,
}


def _rows(context: SurveyContext, kind: str, frame: pd.DataFrame) -> Iterator[list[Any]]:
    """A list of cells, in the order of the columns and the key last, for each measure of each row."""
    if kind == "crosstab":
        others = frame["complement_weighted_n"] / frame["complement_weighted_base"]
        frame = frame.assign(share_others=others)
    names = list(frame.columns)
    values = frame.to_numpy(object)
    values[frame.isna().to_numpy()] = None  # so that columns of numbers stay numbers
    records = [dict(zip(names, cells, strict=True)) for cells in values.tolist()]
    for measure in MEASURES[kind]:
        is_first = measure is MEASURES[kind][0]
        for record in records:
            if not pd.isna(record.get(measure.value)) or (is_first and _says_something(measure, record)):
                yield _row(context, kind, measure, record)


def _says_something(measure: Measure, record: dict[str, Any]) -> bool:
    """Whether a row without a value has something to say: why it has none, a count of nobody, a p-value."""
    if any(has_reason(str(record.get("reason", "")), code) for code in ("suppressed", "not_comparable")):
        return True
    counted = measure.n if measure.n else "p_value" if measure.test else ""
    return bool(counted) and not pd.isna(record.get(counted))


def _row(context: SurveyContext, kind: str, measure: Measure, record: dict[str, Any]) -> list[Any]:
    cells: dict[str, Any] = {"measure": measure.name}
    cells["sheet"], cells["table"] = _place(context, kind, record)
    for name, place in PLACES.get(kind, {}).items():
        cells[place] = record.get(name, "")
    _name(context, kind, record, cells)
    for name, column in (("value", measure.value), ("n", measure.n), ("base", measure.base)):
        cells[name] = record.get(column) if column else None
    of_base = f"{measure.base.removesuffix('base')}weighted_base" if measure.base else ""
    cells["weighted_base"] = record.get(of_base, cells["base"])
    cells["effective_base"] = record.get(of_base.replace("weighted", "effective"), cells["base"])
    limits = {"ci_low": measure.low, "ci_high": measure.high}
    if kind == "test" and measure.name == "statistic" and pd.isna(record["effect"]):
        limits = INTERVAL_OF_STATISTIC  # of a coefficient without a test
    cells |= {name: record.get(column) if column else None for name, column in limits.items()}
    if measure.test:
        cells["test"] = record.get(measure.test, "")
        cells["p_value"], cells["p_adjusted"] = record.get("p_value"), record.get("p_adjusted")
    cells["reason"] = record.get("reason", "")
    result = record["result"] if kind == "finding" else kind  # a figure is a share that another table shows
    ids = tuple(str(record.get(name, "")) for name in IDS.get(result, ()))
    cells["key"] = Key(result, ids, _known_by(kind, measure, cells)) if result else None
    return [cells.get(name, "" if name in _TEXTS else None) for name in (*_EVERY, "key")]


def _name(context: SurveyContext, kind: str, record: dict[str, Any], cells: dict[str, Any]) -> None:
    """Put in what a row is about: ids and labels of the question, its part, and the group."""
    for name in ("question", "item", "code", "label"):
        cells.setdefault(name, record.get(name, ""))
    if kind in LABELS:
        label, group_label = LABELS[kind]
        cells["label"] = record.get(label, "") if label else cells["label"]
        cells["group_label"] = record[group_label]
        if "stub_code" in record:
            rating = context.instrument.question(record["stub"]).kind == "rating"
            cells["item" if rating else "code"] = record["stub_code"]
    elif kind in _SUMMARIZED:
        cells["group_label"] = record["banner_label"] if record["banner_code"] else ""
    if kind in OTHERS:
        cells["other"] = record["other_item"] or record[OTHERS[kind]]
    if kind in ("test", "precision"):
        cells["label"] = _label(context, record)


def _known_by(kind: str, measure: Measure, cells: dict[str, Any]) -> str:
    """The measure by whose mark a row is known: the p-value where that is all that it says."""
    if kind == "finding":
        return "proportion"
    if measure.test and pd.isna(cells["value"]) and not pd.isna(cells["p_value"]):
        return "p_value"
    return measure.known_by or measure.value


def _label(context: SurveyContext, record: dict[str, Any]) -> str:
    if not record["question"]:
        return ""
    question = context.instrument.question(record["question"])
    return (
        question.part(record["item"]).said(context.lang) if record["item"] else question.named(context.lang)
    )


# The kinds of results that are summaries of a question, and how they are shown.
_SUMMARIZED = {summary.contract: KIND_TABLES[kind] for kind, summary in SUMMARIES.items()}


def _by_name(contract: str) -> str:
    """The first of the tables by groups that show a summary."""
    shown = _SUMMARIZED[contract]
    return shown.across[0].measure if shown.across else shown.name


# The sheet and the table that show a kind of result; what stands in this table alone is of its own sheet.
_SHOWN: dict[str, tuple[str, str]] = {
    "frequency": ("topline", TOPLINE),
    "importance": ("topline", TOPLINE),
    **{contract: ("topline", shown.name) for contract, shown in _SUMMARIZED.items()},
    "text": ("topline", "texts"),
    "precision": ("precision", "precision"),
    "finding": ("published", "published"),
    "correlation": ("correlations", "correlations"),
    "mention": ("data", "data"),
    "mention_summary": ("data", "data"),
    "model_need": ("tests", "explained"),
    "all_need": ("tests", "explained_together"),
    "reach": ("tests", "explained_bundles"),
    "sensitivity": ("tests", "sensitivity"),
    "response_rate": ("quality", "response_rates"),
    "wave": ("topline", TOPLINE),
}


def _place(context: SurveyContext, kind: str, record: dict[str, Any]) -> tuple[str, str]:
    """The sheet and the table that show a result."""
    by = str(record.get("banner", "")) if kind in ("crosstab", *_SUMMARIZED) else ""
    if by:
        ranked = kind == "crosstab" and context.instrument.question(record["stub"]).kind == "ranking"
        table = f"by_{by}" if kind == "crosstab" else f"{_by_name(kind)}_by_{by}"
        table = f"{_by_name('ranking')}_by_{by}" if ranked else table
        return sheet_name(context, context.instrument.with_shares(by)), table
    if kind == "frequency" and context.instrument.question(record["question"]).kind == "nps":
        return context.say("sheet_topline"), f"scores_{record['question']}"
    if kind == "date_count":
        return context.say("sheet_topline"), f"periods_{record['question']}"
    sheet, table = _SHOWN.get(kind, ("tests", "tests"))
    if kind == "correlation":
        numbers = context.instrument.question(record["question"]).kind == "number"
        table = "correlations_numbers" if numbers else f"correlations_{record['question']}"
    if kind == "frequency" and record["item"]:
        table = f"answers_{record['question']}"
    return context.say(f"sheet_{sheet}"), table
