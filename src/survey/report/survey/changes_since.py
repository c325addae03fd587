"""What changed since the last wave: a pass over the sheets of a report; rows of Tests, Data and Notes.

No builder of a sheet knows of it. The pass finds the shares of all respondents by their keys and puts beside
each what changed since the wave before; without one every sheet stays as it is.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd

from survey.document import Chart, Column, Key, Sentence, Sheet, Table
from survey.errors import UsageError
from survey.instrument import Question
from survey.instrument.kinds import kinds_with
from survey.messages.number_forms import all_of
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.weighted import pooled_bases
from survey.rounding import round_fraction
from survey.statistics.wave_comparisons import compare_waves
from survey.statistics.wave_means import compare_wave_means
from survey.statistics.wave_pairs import NOT_COMPARABLE

_SINCE, _MARKS, _KEY = "since", "since_marks", "since_key"  # the column that is added, and what is behind it
_MOST_NAMED = 1  # changes that the line under a chart can bear


# -- what is compared --------------------------------------------------------------------------------------


@once
def changes(context: SurveyContext) -> pd.DataFrame:
    """One row per share of the questions shown, under the contract `wave`, and its mark; none without a wave.

    A share that the report shows of other counts than were compared (options that stand together) has none.
    """
    previous = context.previous
    if previous is None or not len(previous.earlier):
        return pd.DataFrame(columns=["question", "item", "difference", "p_adjusted", "verdict", "mark"])
    frame = compare_waves(
        previous.earlier,
        previous.later,
        confidence=context.confidence,
        min_base=context.min_base,
        equivalent_within=context.equivalent_within,
        lang=context.lang,
    )
    left_out = {question.id for question in context.left_out}
    frame = frame[~frame["question"].isin(left_out)].reset_index(drop=True)
    together = {
        one.question.id: {option.id for option in one.options} | {"other"} for one in context.gathered
    }
    apart = [
        item not in together.get(question, ())
        for question, item in zip(frame["question"], frame["item"], strict=True)
    ]
    frame = frame[apart].reset_index(drop=True)
    numbers = zip(frame["difference"], frame["p_adjusted"], strict=True)
    return frame.assign(mark=[context.change_mark(*pair, len(context.counts)) for pair in numbers])


@once
def mean_changes(context: SurveyContext) -> pd.DataFrame:
    """One row per item of the ratings shown that may be compared, under the contract `wave_mean`."""
    previous = context.previous
    if previous is None or not len(previous.earlier) or not context.batteries:
        return pd.DataFrame()
    frames = [
        compare_wave_means(
            previous.earlier,
            previous.later,
            battery.id,
            confidence=context.confidence,
            min_base=context.min_base,
            lang=context.lang,
        )
        for battery in context.batteries
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame[frame["verdict"] != NOT_COMPARABLE].reset_index(drop=True)


def _comparable(context: SurveyContext) -> pd.DataFrame:
    frame = changes(context)
    return frame[frame["difference"].notna()]


def _blocked(context: SurveyContext) -> pd.DataFrame:
    frame = changes(context)
    return frame[frame["verdict"] == NOT_COMPARABLE]


def _reliable(context: SurveyContext) -> pd.DataFrame:
    """The changes with an arrow, the largest first."""
    frame = _comparable(context)
    frame = frame[frame["mark"] != ""]
    order = frame["difference"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order]


def wave_text(context: SurveyContext) -> str:
    """What the wave before is called."""
    assert context.previous is not None
    return context.previous.named(context.lang) or context.say("since_unnamed")


# -- the pass over the sheets ------------------------------------------------------------------------------


def with_changes(context: SurveyContext, sheet: Sheet) -> Sheet:
    """A sheet with what changed since the wave before; the same where none is compared."""
    if context.previous is None or not len(context.previous.earlier):
        return sheet
    tables = tuple(_with_column(context, table) for table in sheet.tables)
    shown = sheet.one_page or any(column.key == _SINCE for table in tables for column in table.columns)
    return replace(
        sheet,
        tables=tables,
        findings=(*sheet.findings, _finding(context)) if sheet.one_page else sheet.findings,
        charts=tuple(_with_line(context, chart) for chart in sheet.charts),
        footnotes=sheet.footnotes + (_footnotes(context) if shown else ()),
    )


def _with_column(context: SurveyContext, table: Table) -> Table:
    """A table with the column "since", where it shows shares of all respondents, one a row."""
    shares = next((column for column in table.columns if column.bar), None)
    keys = table.keys(shares) if shares is not None else []
    frame = changes(context)
    asked = set(frame["question"])
    if not any(key and key.result in ("frequency", "importance") and key.ids[0] in asked for key in keys):
        return table
    rows = {Key("wave", (row["question"], row["item"]), ""): row for row in frame.to_dict("records")}
    blocked = set(frame["question"]) - set(frame.loc[frame["verdict"] != NOT_COMPARABLE, "question"])
    heads = {
        key.ids[0] for key, head in zip(keys, table.head_measures, strict=True) if head and key is not None
    }
    cells: list[_Cell] = []
    for key, head in zip(keys, table.head_measures, strict=True):
        ids = tuple(filter(None, key.ids)) if key is not None else ("",)
        if head:
            own = frame[frame["question"] == ids[0]]
            cells.append(_head(context, own, head, blocked=ids[0] in blocked))
        else:
            headed = ids[0] in blocked and ids[0] in heads
            cells.append(_cell(context, rows.get(Key("wave", ids, ""), {}), headed=headed))
    data = table.data.copy()
    for name, values in zip((_SINCE, _MARKS, _KEY), zip(*cells, strict=True), strict=True):
        data[name] = pd.Series(list(values), index=data.index, dtype=object)
    heading = context.say("col_since", wave=wave_text(context))
    column = Column(_SINCE, heading, "points", marks=_MARKS, keys=_KEY)
    return replace(table, data=data, columns=(*table.columns, column))


_Cell = tuple[object, str, Key | None]


def _head(context: SurveyContext, rows: pd.DataFrame, measure: str, *, blocked: bool) -> _Cell:
    """The head of a section: how many answered then, or that nothing of the question is comparable.

    As in the head itself a base by weight is that of the share with the most answers.
    """
    if blocked:
        return context.say("since_not_comparable") if measure == "base" else None, "", None
    bases = rows["other_base"].fillna(0).astype(float)
    if not len(bases) or not bases.max():
        return None, "", None
    base = rows[f"other_{measure}"].iloc[int(bases.to_numpy().argmax())]
    return None if pd.isna(base) else float(base), "", None


def _cell(context: SurveyContext, row: dict[str, Any], *, headed: bool) -> _Cell:
    """The change of one share; that it is not comparable, where the head of its section does not say it."""
    if row.get("verdict") == NOT_COMPARABLE:
        return None if headed else context.say("since_not_comparable"), "", None
    if pd.isna(row.get("difference")):
        return None, "", None
    marks = [str(row["mark"])]
    marks += ["unfixed"] if _made_up(context) else []
    return float(row["difference"]), " ".join(filter(None, marks)), change_key(row)


def change_key(row: dict[str, Any], measure: str = "difference") -> Key:
    """What identifies a change."""
    return Key("wave", (row["question"], row["item"]), measure)


def _made_up(context: SurveyContext) -> bool:
    """Whether the wave before alone is reconstructed: then no mark of the margins says so."""
    assert context.previous is not None
    return context.previous.earlier.provenance.reconstructed and not context.reconstructed


def _with_line(context: SurveyContext, chart: Chart) -> Chart:
    """A chart of the shares of one question, with the reliable changes of it in the line under its title."""
    question = chart.name.removeprefix("chart_")
    frame = _reliable(context)
    rows = frame[frame["question"] == question].to_dict("records")
    if not rows or chart.kind != "bar":
        return chart
    named = [
        context.say(f"since_line_{row['mark']}", name=_name(context, row), points=_points(row))
        for row in rows[:_MOST_NAMED]
    ]
    key = "since_line_more" if len(rows) > _MOST_NAMED else "since_line"
    values = {"wave": wave_text(context), "changes": context.listed(named), "more": len(rows) - _MOST_NAMED}
    return replace(chart, subtitle=context.caption(chart.subtitle, context.say(key, **values)))


def _points(row: dict[str, Any]) -> str:
    """The size of a change in whole points, rounded half up as in the tables."""
    return str(int(round_fraction(Fraction(100 * abs(row["difference"])).limit_denominator(10**7), 0)))


def _name(context: SurveyContext, row: dict[str, Any]) -> str:
    return context.answer(context.instrument.with_shares(row["question"]), row["item"])


# -- sentences and notes -----------------------------------------------------------------------------------


def _finding(context: SurveyContext) -> Sentence:
    """The largest change that a test supports; else that none is, none was tested, or nothing compared."""
    wave, compared, reliable = wave_text(context), _comparable(context), _reliable(context)
    if compared.empty:
        return context.sentence("since_finding_nothing", wave=wave)
    keys = [change_key(row) for row in compared.to_dict("records")]
    if reliable.empty:
        key = "since_finding_none" if compared["p_value"].notna().any() else "since_finding_untested"
        sentence = context.sentence(key, *keys, wave=wave, all=len(compared))
    else:
        row = reliable.iloc[0].to_dict()
        question = context.instrument.with_shares(row["question"])
        sentence = context.sentence(
            f"since_finding_{row['mark']}",
            *keys,
            wave=wave,
            name=_name(context, row),
            question=context.name_inside(question),
            now=context.percent_of(row),
            then=context.percent_of(row, "other_"),
            count=len(reliable),
            all=len(compared),
        )
    return Sentence(sentence, sentence.keys, unfixed=_made_up(context))


def _footnotes(context: SurveyContext) -> tuple[int, ...]:
    """The note on the column: what it is, what an arrow says, who is in both waves, weights."""
    assert context.previous is not None
    pair = context.previous.pair
    code, _ = pair.remark_in(context.lang)
    smaller = min(len(pair.earlier), len(pair.later))
    both = {"count": len(pair.rows), "smaller": smaller}
    in_both = "waves_find_both" if len(pair.rows) else "since_nobody_in_both"
    panel = context.say(f"waves_find_{code}") if code else context.say(in_both, **both)
    weighted = [counts.weighted for counts in pair.counts]
    sides = "both" if all(weighted) else "now" if weighted[0] else "then"
    remarks = [
        panel,
        context.say(f"since_weighted_{sides}") if any(weighted) else "",
        context.say("since_no_population") if context.population.is_known else "",
        context.say("since_made_up") if context.previous.earlier.provenance.reconstructed else "",
    ]
    return context.footnotes(
        "since",
        wave=wave_text(context),
        count=len(context.previous.earlier),
        alpha=f"{100 * (1 - context.confidence):.3g}%",
        more=context.sentences(*remarks),
    )


def change_notes(context: SurveyContext) -> list[tuple[str, str]]:
    """The rows of Notes: what is not compared, one row a reason, and where the wave before is from."""
    if context.previous is None:
        hidden = context.say("since_hidden") if context.previous_left_out else ""
        return [(context.say("topic_since_not"), hidden)] if hidden else []
    topic = context.say("topic_since_not")
    if not len(context.previous.earlier):
        return [(topic, context.say("since_nobody")), *_origin(context)]
    blocked, frame = _blocked(context), changes(context)
    lines = []
    for note, rows in blocked.groupby("note", sort=False):
        names = []
        for question, own in rows.groupby("question", sort=False):
            name = _topic(context, str(question))
            if len(own) < len(frame[frame["question"] == question]):
                name = context.say("since_items", question=name, items=context.listed(own["label"]))
            names.append(name)
        lines.append(context.say("waves_note_items", items=all_of(names, context.lang), why=note))
    others = [one.named(context.lang) for one in context.questions if one.kind not in kinds_with(shares=True)]
    lines += [context.say("since_other_kinds", questions=others)] if others else []
    together = [one.question.named(context.lang) for one in context.gathered]
    lines += [context.say("since_together", questions=together)] if together else []
    return [*((topic, line) for line in lines), *_origin(context)]


def _topic(context: SurveyContext, question: str) -> str:
    """The name of a question of either wave."""
    assert context.previous is not None
    for wave in (context.previous.later, context.previous.earlier):
        with suppress(UsageError):
            return wave.instrument.question(question).named(context.lang)
    return question


def _origin(context: SurveyContext) -> Iterator[tuple[str, str]]:
    """From which file, under which version and of whom the wave before is."""
    from survey.ingest.quality import left_out_text

    assert context.previous is not None
    earlier = context.previous.earlier
    provenance = earlier.provenance
    weighting = provenance.weighting
    weighted = context.say("since_weights_of", name=weighting.name) if weighting else ""
    parts = [
        *(provenance.file_names, provenance.wave, earlier.instrument.reference),
        context.say("about_sample", count=len(earlier)),
        weighted or context.say("about_unweighted"),
    ]
    text = context.sentences(
        context.listed(filter(None, parts)),
        left_out_text(earlier, context.lang),
        earlier.subset_text(context.lang),
    )
    yield context.say("method_previous"), text
    yield context.say("method_previous_hash"), provenance.file_hashes
    yield context.say("method_previous_key"), context.say("since_key")


# -- rows of Tests and Data --------------------------------------------------------------------------------


def change_tests(context: SurveyContext) -> Iterator[tuple[Question, pd.DataFrame]]:
    """The hypotheses of the waves, question by question: its rows, with the test and what it compares."""
    for kind, frame in (("wave", _comparable(context)), ("wave_mean", mean_changes(context))):
        for name, own in frame.groupby("question", sort=False) if len(frame) else ():
            yield (
                context.instrument.question(str(name)),
                own.assign(
                    result=kind,
                    what=own["label"],
                    against=wave_text(context),
                    test_label=[
                        context.say(f"wave_test_{method}") if method else "" for method in own["method"]
                    ],
                    value_label=context.say(_EFFECTS[kind]),
                    base=own["base"].astype(float)
                    + own["other_base"].astype(float)
                    - own["both"].astype(float),
                    **pooled_bases(own, "other_", apart=own["both"] == 0),
                    value=own["difference"].astype(float),
                ),
            )


_EFFECTS = {"wave": "effect_difference", "wave_mean": "effect_mean_difference"}


def change_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    """The rows of Data of shares: those that may not be compared too, with their reason and no number."""
    frame = changes(context)
    if len(frame):
        yield _with_places(context, frame)


def mean_frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    """The rows of Data of means."""
    frame = mean_changes(context)
    if len(frame):
        yield _with_places(context, frame)


def _with_places(context: SurveyContext, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with what Data needs: items apart from options, and the wave that is compared with.

    Without what nobody answered in either wave, and counts of a panel that has nobody.
    """
    frame = frame[~((frame["base"] == 0) & (frame["other_base"] == 0)).fillna(False)]
    panel = [name for name in ("both", "gained", "lost") if name in frame]
    frame = frame.assign(**{name: frame[name].where(frame["both"] > 0) for name in panel})
    ratings = {battery.id for battery in context.questions if battery.kind == "rating"}
    is_item = frame["question"].isin(ratings)
    return frame.assign(
        own_item=frame["item"].where(is_item, ""),
        own_code=frame["item"].where(~is_item, ""),
        wave=wave_text(context),
    )
