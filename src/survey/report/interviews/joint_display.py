"""Survey and interviews side by side: shares and intervals beside the people who speak to a topic."""

from survey.document import Sheet
from survey.instrument import Instrument, Question
from survey.instrument.shares import shown_share
from survey.report.interviews.context import InterviewContext

_MOST_GISTS = 3  # in a cell
_MARKS = ("agree", "contradict", "silent")


def joint(context: InterviewContext) -> list[Sheet]:
    """One row per topic and item of the survey, and why a topic is marked so; nothing without responses."""
    joined = context.joined
    if joined is None or context.display is None or context.responses is None:
        return []
    display, responses = context.display, context.responses
    instrument = responses.instrument
    reconstructed = responses.provenance.reconstructed
    data = joined.assign(
        item_label=[
            context.say(
                "joint_item",
                question=instrument.question(question).named(context.lang),
                item=label,
                statistic=_statistic(context, instrument, instrument.question(question)),
            )
            if question
            else context.say("joint_no_item")
            for question, label in zip(joined["question"], joined["item_label"], strict=True)
        ],
        gists=[_first_gists(context, text) for text in joined["gists"]],
        mark=[context.say(f"joint_mark_{one}") for one in joined["mark"]],
        marks=["unfixed" if is_open else "" for is_open in joined["open"]],
    )
    level = context.percent_level
    names = ("label", "mark", "item_label")
    columns = [
        *(context.column(name, heading=context.say(f"joint_col_{name}")) for name in names),
        context.column("n", "count", context.say("joint_col_n"), marks="marks"),
        context.column("base", "count", context.say("joint_col_base")),
        context.column("proportion", "share", context.say("joint_col_proportion"), marks="marks"),
        context.column("ci_low", "share", context.say("col_ci_low", level=level)),
        context.column("ci_high", "share", context.say("col_ci_high", level=level)),
        context.column("interviewees", "count", context.say("joint_col_interviewees")),
        context.column("interview_base", "count", context.say("coded_col_base")),
        *([context.column("by_group", heading=context.say("joint_col_by_group"))] if context.groups else []),
    ]
    reasons = [
        *(
            context.column(name, heading=context.say(f"joint_col_{name}"))
            for name in ("label", "mark", "why")
        ),
        *([context.column("gists", heading=context.say("joint_col_gists"))] if context.gists else []),
        context.column("note"),
    ]
    lines = []
    if display.assumption:
        lines.append(display.assumption.get(context.lang) or next(iter(display.assumption.values())))
    if responses.subset:
        lines.append(responses.subset_text(context.lang))
    if reconstructed:
        lines.append(context.say("reconstructed_report"))
    about = context.say(
        "joint_about", count=len(responses), instrument=instrument.titled(context.lang), size=context.size
    )
    title = context.say("coded_find_joint_title", **joint_counts(context))
    table = context.shown("joint_display", title, data, columns, "joint_display")
    why_title = context.say("joint_reasons_title")
    topics = data.drop_duplicates("topic").reset_index(drop=True)
    why = context.shown("joint_reasons", why_title, topics, reasons)
    return [
        Sheet(
            context.say("joint_sheet"),
            title,
            subtitle=about,
            lines=tuple(lines),
            tables=(table,),
            footnotes=context.footnotes("joint", "joint_marks", level=level),
            lines_across=True,
        ),
        Sheet(
            context.say("joint_reasons_sheet"),
            why_title,
            subtitle=context.say("joint_reasons_about", sheet=context.say("joint_sheet")),
            tables=(why,),
            footnotes=context.footnotes("joint_marks", level=level),
            lines_across=True,
        ),
    ]


def joint_origin(context: InterviewContext) -> list[str]:
    """From which crosswalk and responses the two were put side by side; for the notes."""
    if context.display is None or context.responses is None:
        return []
    display, provenance = context.display, context.responses.provenance
    hashes = {"display": display.reference, "display_hash": display.content_hash}
    files = {"file": provenance.file_names or "-", "file_hash": provenance.file_hashes or "-"}
    lines = [context.say("joint_provenance", **hashes, **files)]
    sources = context.responses.instrument.sources
    return lines + [context.say("questionnaire_source_text", source=source) for source in sources]


def joint_counts(context: InterviewContext) -> dict[str, int]:
    """How many topics there are, and how many carry each mark."""
    assert context.joined is not None
    marks = context.joined.drop_duplicates("topic")["mark"].tolist()
    return {"all": len(marks)} | {mark: marks.count(mark) for mark in _MARKS}


def joint_summary(context: InterviewContext) -> list[str]:
    """How many topics carry each mark, in a sentence, with their names."""
    if context.joined is None:
        return []
    topics = context.joined.drop_duplicates("topic")
    parts = []
    for mark in _MARKS:
        labels = topics.loc[topics["mark"] == mark, "label"].tolist()
        if labels:
            names = context.say("item_separator").join(labels)
            parts.append(context.say(f"joint_say_{mark}", count=len(labels), topics=names))
    sentence = context.say("joint_separator").join(parts)
    return [context.say("joint_say", count=len(topics), said=sentence)]


def _statistic(context: InterviewContext, instrument: Instrument, question: Question) -> str:
    """What the share of a question is the share of."""
    share = shown_share(instrument, question)
    if share.kind == "top_box":
        return context.say("joint_statistic_top", top=share.number)
    return context.say("joint_statistic_share_selecting")


def _first_gists(context: InterviewContext, text: str) -> str:
    """A few of the gists, and how many more there are: all of them stand with the segments."""
    lines = str(text).split("\n")
    more = len(lines) - _MOST_GISTS
    if more <= 0:
        return str(text)
    return "\n".join([*lines[:_MOST_GISTS], context.say("joint_more_gists", count=more)])
