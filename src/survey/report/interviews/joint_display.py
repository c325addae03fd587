"""Survey and interviews side by side: shares and intervals beside the people who speak to a topic."""

from typing import TYPE_CHECKING, Any

from survey.document import Column, Sheet
from survey.instrument import Instrument, Question
from survey.instrument.schema import text_in
from survey.instrument.shares import shown_share
from survey.report.context import inside_sentence
from survey.report.interviews.context import InterviewContext

if TYPE_CHECKING:
    import pandas as pd

_MOST_GISTS = 3  # in a cell
_MOST_NAMED = 3  # topics in a title
_MARKS = ("agree", "contradict", "silent")


def joint(context: InterviewContext) -> list[Sheet]:
    """One row per topic and item, the voices in columns, and why a topic is marked so; else nothing."""
    joined = context.joined
    if joined is None or context.display is None or context.responses is None:
        return []
    display, responses = context.display, context.responses
    instrument = responses.instrument
    reconstructed = responses.provenance.reconstructed
    data = _voices_beside(joined)
    data = data.assign(
        item_label=[
            context.say(
                "joint_item",
                question=instrument.question(question).named(context.lang),
                item=label,
                statistic=_statistic(context, instrument, instrument.question(question)),
            )
            if question
            else context.say("joint_no_item")
            for question, label in zip(data["question"], data["item_label"], strict=True)
        ],
        mark=[context.say(f"joint_mark_{one}") for one in data["mark"]],
        marks=["unfixed" if is_open else "" for is_open in data["open"]],
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
        *_people_columns(context, data, joined),
    ]
    reasons = [
        *(
            context.column(name, heading=context.say(f"joint_col_{name}"))
            for name in ("label", "mark", "why")
        ),
        *(_gist_columns(context, data, joined) if context.gists else []),
        context.column("note"),
    ]
    data["note"] = data[[name for name in data.columns if name.startswith("note_")]].apply(
        lambda notes: context.sentences(*notes), axis=1
    )
    lines = [text_in(display.assumption, context.lang)] if display.assumption else []
    lines += [text_in(voice.note, context.lang) for voice in display.voices if voice.note]
    if responses.subset:
        lines.append(responses.subset_text(context.lang))
    if reconstructed:
        lines.append(context.say("reconstructed_report"))
    sizes = [
        context.say("joint_about_voice", voice=voice.voice_label, count=voice.people_base)
        for voice in _voices(joined).itertuples()
    ]
    voices = context.say("joint_separator").join(sizes)
    about = context.say(
        "joint_about", count=len(responses), instrument=instrument.titled(context.lang), voices=voices
    )
    title = joint_finding(context)
    table = context.shown("joint_display", title, data, columns, "joint_display")
    topics = data.drop_duplicates("topic").reset_index(drop=True)
    apart = joined.loc[joined["mark"] == "contradict", "label"].drop_duplicates().tolist()
    why_title = context.say("joint_reasons_title")
    if 0 < len(apart) <= _MOST_NAMED:
        why_title = context.say("joint_reasons_apart", topics=context.joined_names(apart))
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
    lines += context.studies_beside
    sources = context.responses.instrument.sources
    return lines + [context.say("questionnaire_source_text", source=source) for source in sources]


def joint_finding(context: InterviewContext) -> str:
    """How many topics survey and voices agree on, and on how many they contradict each other."""
    assert context.joined is not None
    marks = context.joined.drop_duplicates("topic")["mark"].tolist()
    counts = {"all": len(marks)} | {mark: marks.count(mark) for mark in _MARKS}
    labels = _voices(context.joined)["voice_label"].tolist()
    if len(labels) == 1:
        return context.say("coded_find_joint", **counts)
    sides = [context.say("joint_side_survey"), *map(inside_sentence, labels)]
    return context.say("coded_find_joint_voices", sides=sides, **counts)


def _voices(joined: "pd.DataFrame") -> "pd.DataFrame":
    """One row per voice of a display, with its label and how many people it is."""
    return joined.drop_duplicates("voice")[["voice", "voice_label", "people_base"]].reset_index(drop=True)


def _voices_beside(joined: "pd.DataFrame") -> "pd.DataFrame":
    """One row per topic and item; what differs by voice has a column for each: `people_0`, `gists_1`."""
    parts = [part.reset_index(drop=True) for _, part in joined.groupby("voice", sort=False)]
    beside = {
        f"{name}_{number}": part[name]
        for number, part in enumerate(parts)
        for name in ("people", "by_group", "gists", "note")
    }
    return parts[0].assign(**beside)


def _people_columns(context: InterviewContext, data: "pd.DataFrame", joined: "pd.DataFrame") -> list[Column]:
    """How many people of each voice speak to a topic, and of which group; of nobody there is none to name."""
    columns = []
    for voice in _voices(joined).itertuples():
        people, groups = f"people_{voice.Index}", f"by_group_{voice.Index}"
        about: dict[str, Any] = {"part": voice.voice, "ids": {"voice": voice.voice}}
        heading = context.say("joint_col_people", voice=voice.voice_label, base=voice.people_base)
        columns.append(context.column(people, "count", heading, measures=("people",), **about))
        data[groups] = data[groups].where(data[people] > 0, "")
        if (data[groups] != "").any():
            heading = context.say("joint_col_by_group", voice=voice.voice_label)
            columns.append(context.column(groups, heading=heading, **about))
    return columns


def _gist_columns(context: InterviewContext, data: "pd.DataFrame", joined: "pd.DataFrame") -> list[Column]:
    """What each voice says of a topic: of the study of this report a few gists, of others all of them."""
    columns = []
    for voice in _voices(joined).itertuples():
        name = f"gists_{voice.Index}"
        if not voice.Index:
            data[name] = [_first_gists(context, text) for text in data[name]]
        columns.append(context.column(name, heading=context.say("joint_col_gists", voice=voice.voice_label)))
    return columns


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
