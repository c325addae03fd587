"""Charts: native ones that a reader can restyle and copy, and the pictures that no chart can show."""

import pandas as pd

from survey.document import Chart, Picture, Sheet
from survey.instrument import Question
from survey.instrument.question import Grid
from survey.report.survey.context import SurveyContext
from survey.report.survey.explained import effect_pictures
from survey.report.survey.kind_charts import kind_charts
from survey.report.survey.pictures import battery_picture, overlap_picture, rank_picture, supported_heatmaps
from survey.report.survey.titles import LEAST_TEXT, led_by_effects, rank_title, standing
from survey.report.survey.topline import TOPLINE, answered, answered_grids, grid_options, grid_rows
from survey.report.survey.weighted import head_count


def sheets(context: SurveyContext) -> list[Sheet]:
    """A chart of the shares of every question, and of all points of every battery."""
    charts = _charts(context)
    pictures = _pictures(context)
    if not charts and not pictures:
        return []
    return [
        Sheet(
            context.say("sheet_charts"),
            context.say("charts_title"),
            subtitle=context.say(
                "charts_subtitle_by" if led_by_effects(context) else "charts_subtitle",
                sheet=context.say("sheet_topline"),
                least=LEAST_TEXT,
            ),
            charts=tuple(charts),
            pictures=tuple(pictures),
        )
    ]


def _charts(context: SurveyContext) -> list[Chart]:
    charts = []
    first = 0
    for question in answered(context):
        rows = len(question.parts)
        if context.is_among_options(question):
            first += rows
            continue
        first += head_count(context)
        if context.shares(question)["n"].notna().all():
            charts.append(_share_chart(context, question, first, rows))
        first += rows
    for grid in answered_grids(context):
        if all(context.frequencies(row)["n"].notna().all() for row in grid_rows(context, grid)):
            charts += [_grid_chart(context, grid)] if grid.answer == "single" else []
    for battery in answered(context):
        if battery.kind == "rating" and context.frequencies(battery)["n"].notna().all():
            charts.append(_answer_chart(context, battery))
    return [*charts, *kind_charts(context)]


def _share_chart(context: SurveyContext, question: Question, first: int, rows: int) -> Chart:
    """Bars of the shares; where ranks are sure, those that may be first bear the accent."""
    short = question.named(context.lang)
    title, accent = context.section_text(question), None
    if question in context.ranked and not context.minimum:
        title = rank_title(context, question)
        order = context.shares(question)["stub_code"].tolist()
        places = standing(context, question)
        if places.trailing:
            accent = tuple(order.index(item) for item in places.leaders)
    return Chart(
        f"chart_{question.id}",
        "bar",
        title,
        "label",
        ("proportion",),
        context.say("alt_chart_shares", question=short, options=rows),
        subtitle=_subtitle(context, question, title),
        table=TOPLINE,
        first=first,
        rows=rows,
        accent=accent,
    )


def _answer_chart(context: SurveyContext, battery: Question) -> Chart:
    """Stacked bars of all points of a battery."""
    scale = context.instrument.scale_of(battery)
    return Chart(
        f"chart_answers_{battery.id}",
        "stacked",
        context.say("answers_title", question=battery.named(context.lang)),
        "label",
        tuple(f"point_{point.value}" for point in (*scale.rated, *scale.unrated)),
        context.say("alt_chart_points", question=battery.named(context.lang), items=len(battery.items)),
        subtitle=context.caption(context.data_remarks(context.frequencies(battery))),
        table=f"answers_{battery.id}",
        aside=len(scale.unrated),
    )


def _grid_chart(context: SurveyContext, grid: Grid) -> Chart:
    """Stacked bars of all options of a grid, a bar for each row; of steps in colours that rise."""
    short = grid.named(context.lang)
    bases = pd.concat([context.frequencies(row) for row in grid_rows(context, grid)])
    return Chart(
        f"chart_grid_{grid.id}",
        "stacked",
        context.say("answers_title", question=short),
        "label",
        tuple(option.id for option in grid_options(context, grid)),
        context.say("alt_chart_options", question=short, rows=len(grid.rows)),
        subtitle=context.caption(context.data_remarks(bases)),
        table=f"grid_{grid.id}",
        ordered=all(row.has_steps for row in grid_rows(context, grid)),
    )


def _subtitle(context: SurveyContext, question: Question, title: str) -> str:
    """What is measured, of how many, and what the data are: a chart may be copied without its sheet."""
    base = int(context.shares(question)["base"].max())
    named = context.section_text(question)
    text = context.say("chart_of_shares", question=named, n=base)
    text = context.say("chart_base", n=base) if named == title else text
    return context.caption(text, context.data_remarks(context.shares(question)))


def _pictures(context: SurveyContext) -> list[Picture]:
    """All points of each battery, the ranks of what is ranked first, overlaps, and where groups differ."""
    if context.minimum:
        return []
    batteries = [question for question in answered(context) if question.kind == "rating"]
    pictures = [battery_picture(context, battery) for battery in batteries]
    ranked = [question for question in context.ranked if context.ranks(question)["marginal_low"].any()]
    pictures += [rank_picture(context, question) for question in ranked[:1]]
    several = [
        banner for banner in context.banners if banner.kind == "multiple" and banner in answered(context)
    ]
    pictures += [overlap_picture(context, banner) for banner in several]
    return [*pictures, *supported_heatmaps(context), *effect_pictures(context)]
