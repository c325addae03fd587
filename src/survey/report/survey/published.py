"""Published: each published figure beside what these data give."""

from typing import TYPE_CHECKING

import pandas as pd

from survey.document import Sheet
from survey.report.survey.context import MET, SurveyContext
from survey.result_ids import IDS

if TYPE_CHECKING:
    from survey.published.findings.figures import Figure


def sheets(context: SurveyContext) -> list[Sheet]:
    """One row per published figure; none where nothing is compared."""
    table = published_rows(context)
    if table is None or context.findings is None:
        return []
    good = int(context.published["verdict"].isin(MET).sum()) if context.published is not None else 0
    columns = [
        context.column("what", heading=context.say("col_figure")),
        context.column("locator"),
        context.column("published"),
        context.column("computed"),
        context.column("count", "count", measures=("n",)),
        context.column("base", "count", context.say("col_sample")),
        context.column("difference", "number", context.say("col_difference_points"), measures=()),
        context.column("verdict"),
        context.column("note"),
    ]
    title = context.say("published_title", good=good, all=len(table))
    return [
        Sheet(
            context.say("sheet_published"),
            title,
            subtitle=context.say("published_subtitle", name=context.findings.said(context.lang)),
            tables=(context.table("published", title, "", table, columns, "finding"),),
            footnotes=context.footnotes("published"),
            appendix=True,
        )
    ]


def published_rows(context: SurveyContext) -> pd.DataFrame | None:
    """Each published figure in words, with the ids of the result it counts."""
    if context.findings is None or context.published is None:
        return None
    figures = {figure.claim: figure for figure in context.findings.parsed()}
    table = context.published
    table = table.assign(
        what=[_figure_text(context, figures[finding]) for finding in table["finding"]],
        verdict=[context.say("verdict_" + verdict.replace(" ", "_")) for verdict in table["verdict"]],
    )
    ids = pd.DataFrame([_figure_ids(context, figures[finding]) for finding in table["finding"]])
    return table.join(ids.set_index(table.index))


def _figure_ids(context: SurveyContext, figure: "Figure") -> dict[str, str]:
    """The result that a figure counts, and the ids by which it is known."""
    if not figure.question:
        return {"result": "respondents"}
    question = context.instrument.question(figure.question)
    key = context.figure_key(question, figure.item, figure.group, figure.statistic)
    if key is None:
        return {"result": ""}
    return {"result": key.result, **dict(zip(IDS[key.result], key.ids, strict=True))}


def _figure_text(context: SurveyContext, figure: "Figure") -> str:
    """Say in words what a figure counts: question, item, group."""
    if not figure.question:
        return context.say("figure_respondents")
    question = context.instrument.question(figure.question)
    label = question.part(figure.item).said(context.lang)
    counted = context.statistic_text(figure.statistic)
    text = context.say("figure_text", question=question.named(context.lang), item=label, statistic=counted)
    if figure.group == "all" or context.banner is None:
        return text
    banner = context.instrument.question(context.instrument.defaults.banner or context.banner.id)
    return context.say("figure_in_group", text=text, group=banner.part(figure.group).said(context.lang))
