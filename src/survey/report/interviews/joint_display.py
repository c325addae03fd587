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

    from survey.ingest import Responses
    from survey.instrument.joint_displays import JointDisplay

_MOST_GISTS = 3  # in a cell
_MOST_NAMED = 3  # topics in a title
_MARKS = ("agree", "contradict", "silent")


def joint(context: InterviewContext) -> list[Sheet]:
    """One row per topic and item, the voices in columns, and why a topic is marked so; else nothing."""
    joined = context.joined
    if joined is None or context.display is None or context.responses is None:
        return []
    data = _worded(context, context.responses.instrument, _voices_beside(joined))
    level = context.percent_level
    title = joint_finding(context)
    table = context.shown("joint_display", title, data, _columns(context, data, joined), "joint_display")
    why_title = _reasons_title(context, joined)
    topics = data.drop_duplicates("topic").reset_index(drop=True)
    why = context.shown("joint_reasons", why_title, topics, _reason_columns(context, topics, joined))
    return [
        Sheet(
            context.say("joint_sheet"),
            title,
            subtitle=_about(context, context.responses, joined),
            lines=tuple(_assumptions(context, context.display, context.responses)),
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


def _worded(context: InterviewContext, instrument: Instrument, data: "pd.DataFrame") -> "pd.DataFrame":
    """The rows with items and marks in words, and the notes of all voices in one column."""
    items = [
        context.say(
            "joint_item",
            question=instrument.question(question).named(context.lang),
            item=label,
            statistic=_statistic(context, instrument, instrument.question(question)),
        )
        if question
        else context.say("joint_no_item")
        for question, label in zip(data["question"], data["item_label"], strict=True)
    ]
    notes = data[[name for name in data.columns if name.startswith("note_")]]
    return data.assign(
        item_label=items,
        mark=[context.say(f"joint_mark_{mark}") for mark in data["mark"]],
        marks=["unfixed" if is_open else "" for is_open in data["open"]],
        note=notes.apply(lambda row: context.sentences(*row), axis=1),
    )


def _columns(context: InterviewContext, data: "pd.DataFrame", joined: "pd.DataFrame") -> list[Column]:
    """Topic, mark and item, the share with its interval, and the people of each voice."""
    level = context.percent_level
    names = ("label", "mark", "item_label")
    return [
        *(context.column(name, heading=context.say(f"joint_col_{name}")) for name in names),
        context.column("n", "count", context.say("joint_col_n"), marks="marks"),
        context.column("base", "count", context.say("joint_col_base")),
        context.column("proportion", "share", context.say("joint_col_proportion"), marks="marks"),
        context.column("ci_low", "share", context.say("col_ci_low", level=level)),
        context.column("ci_high", "share", context.say("col_ci_high", level=level)),
        *_people_columns(context, data, joined),
    ]


def _reason_columns(context: InterviewContext, data: "pd.DataFrame", joined: "pd.DataFrame") -> list[Column]:
    """Why a topic is marked so, and what was said of it."""
    names = ("label", "mark", "why")
    return [
        *(context.column(name, heading=context.say(f"joint_col_{name}")) for name in names),
        *(_gist_columns(context, data, joined) if context.gists else []),
        context.column("note"),
    ]


def _reasons_title(context: InterviewContext, joined: "pd.DataFrame") -> str:
    """The topics that survey and voices are apart on, where they are few."""
    apart = joined.loc[joined["mark"] == "contradict", "label"].drop_duplicates().tolist()
    if 0 < len(apart) <= _MOST_NAMED:
        return context.say("joint_reasons_apart", topics=context.joined_names(apart))
    return context.say("joint_reasons_title")


def _assumptions(context: InterviewContext, display: "JointDisplay", responses: "Responses") -> list[str]:
    """What the crosswalk takes for granted, of whom the voices and the respondents are a part."""
    lines = [text_in(display.assumption, context.lang)] if display.assumption else []
    lines += [text_in(voice.note, context.lang) for voice in display.voices if voice.note]
    if responses.subset:
        lines.append(responses.subset_text(context.lang))
    if responses.provenance.reconstructed:
        lines.append(context.say("reconstructed_report"))
    return lines


def _about(context: InterviewContext, responses: "Responses", joined: "pd.DataFrame") -> str:
    """How many respondents there are, and how many people each voice is."""
    sizes = [
        context.say("joint_about_voice", voice=voice.voice_label, count=voice.people_base)
        for voice in _voices(joined).itertuples()
    ]
    voices = context.say("joint_separator").join(sizes)
    title = responses.instrument.titled(context.lang)
    return context.say("joint_about", count=len(responses), instrument=title, voices=voices)


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
