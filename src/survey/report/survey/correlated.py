"""Correlations: every two items of a battery, and every two numbers, with a picture of each."""

import pandas as pd

from survey.counts import Tally
from survey.document import Key, Picture, Sentence, Sheet, Table
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.weighted import weighted_columns
from survey.result_ids import IDS
from survey.statistics.fallbacks import leads_with_effects

_LEAST_CORRELATION = 0.1  # of so many respondents that nearly every one is reliable
_MOST_ROWS = 100  # pairs that a table of the sheet lists; the long table has them all


def sheets(context: SurveyContext) -> list[Sheet]:
    """The strongest pairs of each battery and of the numbers; none where nothing could be computed."""
    frames = [context.correlated(*questions) for questions in correlated_questions(context)]
    frames = [frame for frame in frames if frame["correlation"].notna().any()]
    if not frames:
        return []
    tables = [_table(context, frame) for frame in frames]
    more = sum(max(0, len(frame) - _MOST_ROWS) for frame in frames)
    listed = {"count": more, "sheet": context.say("sheet_data")}
    return [
        Sheet(
            context.say("sheet_correlations"),
            correlation_finding(context, frames[0]),
            subtitle=context.say("correlations_subtitle", level=context.percent_level),
            tables=tuple(tables),
            lines=(context.say("correlations_more", **listed),) if more else (),
            pictures=tuple(correlation_picture(context, *_questions(context, frame)) for frame in frames),
            footnotes=context.footnotes("correlations", alpha=_alpha(context), minimum=context.min_base),
            appendix=True,
        )
    ]


def correlated_questions(context: SurveyContext) -> list[tuple[Question, ...]]:
    """What is correlated with each other: the items of every battery, and the numbers."""
    groups: list[tuple[Question, ...]] = [(one,) for one in context.batteries if len(one.items) > 1]
    numbers = tuple(context.of_kind("number"))
    if len(numbers) > 1 and not isinstance(context.responses, Tally):
        groups.append(numbers)
    return groups


def _questions(context: SurveyContext, frame: pd.DataFrame) -> list[Question]:
    names = dict.fromkeys([*frame["question"], *frame["other_question"]])
    return [context.instrument.question(name) for name in names]


def _alpha(context: SurveyContext) -> str:
    return f"{100 * (1 - context.confidence):.3g}%"


def _named(context: SurveyContext, frame: pd.DataFrame) -> str:
    """What is correlated: a battery by its short name, or the numbers."""
    question = context.instrument.question(frame["question"].iloc[0])
    return question.named(context.lang) if question.kind == "rating" else context.say("numbers_heading")


def _table(context: SurveyContext, frame: pd.DataFrame) -> Table:
    alpha = 1 - context.confidence
    shown = frame.reindex(frame["correlation"].abs().sort_values(ascending=False, kind="stable").index)
    shown = shown.head(_MOST_ROWS).assign(
        reliable=[context.say("word_yes") if p < alpha else "" for p in shown["p_adjusted"].head(_MOST_ROWS)]
    )
    level = context.percent_level
    title = context.say("correlations_of", question=_named(context, frame))
    columns = [
        context.column("label", heading=_named(context, frame)),
        context.column("other_label", heading=context.say("col_compared_with")),
        context.column("correlation", "number", context.say("col_correlation")),
        *(
            context.column(end, "number", context.say(f"col_{end}", level=level))
            for end in ("ci_low", "ci_high")
        ),
        context.column("base", "count", context.say("col_sample")),
        *weighted_columns(context),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
        context.column("reliable"),
        context.column("note"),
    ]
    first = context.instrument.question(frame["question"].iloc[0])
    name = f"correlations_{'numbers' if first.kind == 'number' else first.id}"
    return context.table(name, title, "", shown, columns, "correlation")


def correlation_finding(context: SurveyContext, frame: pd.DataFrame) -> Sentence:
    """How many pairs go together reliably."""
    known = frame[frame["correlation"].notna()]
    least = _LEAST_CORRELATION if leads_with_effects(len(context.counts)) else 0.0
    alike = known[(known["p_adjusted"] < 1 - context.confidence) & (known["correlation"] > least)]
    key = "correlations_none"
    if len(alike):
        key = "correlations_all" if len(alike) == len(known) else "correlations_some"
    ids = zip(*(alike[name].astype(str) for name in IDS["correlation"]), strict=True)
    return context.sentence(
        key,
        *(Key("correlation", tuple(row), "p_adjusted") for row in ids),
        items=_named(context, frame),
        all=len(known),
        count=len(alike),
    )


@once
def correlation_picture(context: SurveyContext, *questions: Question) -> Picture:
    """Every two items as a cell, coloured by their correlation."""
    frame = context.correlated(*questions)
    title = correlation_finding(context, frame)
    named = _named(context, frame)
    known = frame[frame["correlation"].notna()]
    low, high = known.loc[known["correlation"].idxmin()], known.loc[known["correlation"].idxmax()]
    alt = context.say(
        "alt_correlations",
        question=named,
        pairs=len(known),
        low=f"{low['correlation']:.2f}",
        low_pair=context.say("pair_of_names", one=low["label"], other=low["other_label"]),
        high=f"{high['correlation']:.2f}",
        high_pair=context.say("pair_of_names", one=high["label"], other=high["other_label"]),
    )
    subtitle = context.say("picture_of_correlations", question=named)
    test = context.say("picture_test_correlations") if title.keys else ""
    words = {"empty": context.say("alt_empty", question=named)}
    footer = context.source_line(test)
    name = f"correlations_{questions[0].id}"
    return Picture(name, "correlations", frame, alt, title, words, subtitle=subtitle, footer=footer)
