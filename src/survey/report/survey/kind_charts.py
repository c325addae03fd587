"""The charts of kinds of questions that have no shares."""

from survey.document import Chart
from survey.instrument import Question
from survey.report.survey.context import SurveyContext
from survey.report.survey.kind_tables import KIND_TABLES, KindTable, heading_values
from survey.report.survey.weighted import head_count


def kind_charts(context: SurveyContext) -> list[Chart]:
    """A chart of each question that has one: bars of its options, or one stacked bar."""
    charts = []
    for kind, shown in KIND_TABLES.items():
        first, heads = 0, head_count(context) if shown.order else 0
        for question in context.of_kind(kind) if shown.drawn and not context.minimum else []:
            rows = len(question.parts) if shown.order else 1
            first += heads
            base = int(context.summary(question, None)["base"].max())
            if base:
                charts.append(_chart(context, question, shown, (first, rows, base)))
            first += rows
    return charts


def _chart(
    context: SurveyContext, question: Question, shown: KindTable, where: tuple[int, int, int]
) -> Chart:
    first, rows, base = where
    measure = context.say(
        shown.columns[0].heading, **heading_values(context, context.summary(question, None))
    )
    named = question.named(context.lang)
    named = context.say("section_asked", question=named, asked=measure) if shown.order else named
    finding = shown.finding(context, question) if shown.finding else None
    return Chart(
        f"chart_{question.id}",
        "bar" if shown.order else "stacked",
        str(finding or named),
        "label",
        shown.drawn,
        context.say("alt_chart_shares", question=question.named(context.lang), options=max(rows, 1)),
        subtitle=context.caption(
            context.say("chart_of_shares", question=named, n=base),
            context.data_remarks(context.summary(question, None)),
        ),
        table=shown.name,
        first=first,
        rows=rows,
    )
