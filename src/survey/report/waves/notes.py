"""The sheets Data and Notes of the report of waves."""

import pandas as pd

from survey.document import Column, Sheet, Table
from survey.messages import message
from survey.report.waves.context import WavesContext

_NUMBERS = {
    **dict.fromkeys(("n", "base", "other_n", "other_base", "both", "gained", "lost"), "count"),
    **dict.fromkeys(("weighted_n", "weighted_base", "effective_base"), "number"),
    **dict.fromkeys(("other_weighted_n", "other_weighted_base", "other_effective_base"), "number"),
    **dict.fromkeys(("proportion", "other_proportion", "difference", "ci_low", "ci_high"), "value"),
    **dict.fromkeys(("p_value", "p_adjusted", "panel_p", "p_equivalence"), "p"),
}


def data_sheets(context: WavesContext) -> list[Sheet]:
    """Every number of the last wave against the one before, one row per share."""
    frame = context.changes
    names = [name for name in frame.columns if name not in ("brief", "topic", "label", "question", "item")]
    columns = [
        Column("topic", context.say("waves_col_question")),
        Column("label", context.say("waves_col_share")),
    ]
    columns += [
        Column(name, name, _NUMBERS.get(name, "text"))  # type: ignore[arg-type]
        for name in ("question", "item", *names)
    ]
    worded = frame.assign(verdict=[_verdict(context, verdict) for verdict in frame["verdict"].fillna("")])
    title = context.say("waves_data_title", now=context.labels[-1], then=context.labels[-2])
    table = Table("wave_data", title, "", worded, tuple(columns), "wave")
    return [Sheet(context.say("sheet_data"), title, tables=(table,), appendix=True, printed=False)]


def _verdict(context: WavesContext, verdict: str) -> str:
    return context.say("waves_verdict_" + verdict.replace(" ", "_")) if verdict else ""


def _blocked_before(context: WavesContext) -> list[tuple[str, str]]:
    """What no earlier wave than the one before the last may be compared in, and why: topic and sentence."""
    closed = context.series[context.series["reason"].str.contains("not_comparable")]
    closed = closed[closed["place"] < len(context.waves) - 1]
    names = {one.id: one.named(context.lang) for wave in context.waves for one in wave.instrument.variables}
    return [
        (names[name], context.say("waves_note_items", items=context.labels[place - 1], why=note))
        for (name, place, note), _ in closed.groupby(["question", "place", "note"], sort=False)
    ]


def notes_sheets(context: WavesContext) -> list[Sheet]:
    """Every note once; what may not be compared and why; from what the report was made."""
    rows: list[tuple[int | None, str, str]] = [
        (number, note.topic, note.text) for number, note in enumerate(context.notes, 1)
    ]
    for (topic, note), own in context.blocked.groupby(["topic", "note"], sort=False):
        labels = own["brief"].tolist()
        several = len(labels) < len(context.changes[context.changes["topic"] == topic])
        what = context.say("waves_note_items", items=context.listed(labels), why=note) if several else note
        rows.append((None, str(topic), str(what)))
    rows += [(None, topic, text) for topic, text in _blocked_before(context)]
    code, remark = context.pair.remark_in(context.lang)
    rows += [(None, context.say("topic_waves_panel"), remark)] if code else []
    for label, wave in zip(context.labels, context.waves, strict=True):
        parts = [wave.provenance.file_names, wave.instrument.reference, wave.provenance.source]
        rows.append((None, label, context.listed(filter(None, parts))))
    rows += [(None, context.say("method_command"), context.command)] if context.command else []
    rows += [(None, topic, text) for topic, text in context.versions(("numpy", "pandas", "scipy"))]
    frame = pd.DataFrame(rows, columns=["number", "topic", "what"])
    columns = (
        Column("number", context.say("col_number"), "count"),
        Column("topic", context.say("col_topic")),
        Column("what", context.say("col_statement")),
    )
    title = context.say("notes_title")
    table = Table("notes", title, "", frame, columns)
    subtitle = message("notes_subtitle", context.lang)
    return [Sheet(context.say("sheet_notes"), title, subtitle=subtitle, tables=(table,), appendix=True)]
