"""Reports of one list each: how often words stand, where one stands, what changed between two codings."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from survey.document import Column, Form, Report, Sheet, Table
from survey.interviews.case_facts import FactsLike
from survey.interviews.coding_changes import coding_changes
from survey.interviews.coding_effects import coding_effects
from survey.interviews.propositions import PropositionsLike
from survey.interviews.segments import Segments
from survey.interviews.words import keyword_in_context, word_counts
from survey.report.interviews.context import InterviewContext


def words_report(
    segments: Segments, *, by: str | None = None, drop: Iterable[str] = (), top: int = 50, lang: str = "en"
) -> Report:
    """The commonest words, a row each: how often, by how many people, in all and in each group."""
    context = InterviewContext(segments=segments.grouped_by(by), lang=lang)
    counts = word_counts(context.segments, drop=drop)
    words = list(counts["word"].unique()[:top])
    groups = list(dict.fromkeys(counts["group"]))
    rows: dict[str, dict[str, object]] = {word: {"word": word} for word in words}
    for row in counts[counts["word"].isin(words)].itertuples():
        place = groups.index(row.group)
        rows[row.word] |= {f"n_{place}": row.n, f"people_{place}": row.n_participants}
    bases = dict(zip(counts["group"], counts["base"], strict=True))
    columns = [context.column("word", heading=context.say("words_col_word"))]
    for place, group in enumerate(groups):
        name = group or context.say("words_all")
        values = {"group": name, "base": bases[group], "people": _people_of(context, group)}
        columns += [
            Column(f"{key}_{place}", context.say(f"words_col_{key}", **values), "count", total=not group)
            for key in ("n", "people")
        ]
    data = pd.DataFrame(list(rows.values()), columns=[column.key for column in columns])
    table = context.shown("words", context.say("words_title"), data, columns)
    line = context.say("words_line", shown=len(words), all=counts["word"].nunique())
    return _report(context, "words_sheet", table, line)


def _people_of(context: InterviewContext, group: str) -> int:
    return context.segments.bases.get(group, context.size)


def keyword_report(segments: Segments, keyword: str, *, lang: str = "en") -> Report:
    """Every place where a word stands, with what is said before and after it."""
    context = InterviewContext(segments=segments, lang=lang)
    places = keyword_in_context(segments, keyword)
    data = places.assign(group=places["participant"].map(segments.participants["group"]))
    names = ["participant", "group", *(["document"] if context.shares_documents else []), "segment"]
    columns = [context.column(name) for name in names if name != "segment" or (data["segment"] != "").any()]
    columns += [
        context.column(name, heading=context.say(f"words_col_{name}"))
        for name in ("before", "keyword", "after")
    ]
    title = context.say("keyword_title", keyword=keyword)
    people = int(places["participant"].nunique())
    line = context.say("keyword_line", count=len(places), people=people, size=context.size)
    return _report(context, "keyword_sheet", context.shown("keyword", title, data, columns), line)


def changes_report(
    old: Segments,
    new: Segments,
    *,
    claims: "str | Path | pd.DataFrame | None" = None,
    propositions: PropositionsLike | None = None,
    facts: FactsLike | None = None,
    password: str | None = None,
    lang: str = "en",
) -> Report:
    """Every code that a segment got or lost from one coding to the other, and what that changes.

    A sheet for each table of the study in which anything changed, before and after beside each other.
    """
    context = InterviewContext(segments=new, lang=lang)
    changes = coding_changes(old, new, lang=lang)
    data = changes.assign(change=[context.say(f"change_{kind}") for kind in changes["change"]])
    names = ["segment", "participant", "change", "label", "gist"]
    if (changes["change"] == "direction").any():
        names[4:4] = ["direction_before", "direction"]
        for name in ("direction_before", "direction"):
            data[name] = [context.say(f"direction_{one}") if one else "" for one in changes[name]]
    columns = [context.column(name, heading=context.say(f"changes_col_{name}")) for name in names]
    counts = changes["change"].value_counts()
    line = context.say(
        "changes_line",
        added=int(counts.get("added", 0)),
        removed=int(counts.get("removed", 0)),
        segments_added=int(changes.loc[changes["change"] == "segment_added", "segment"].nunique()),
        segments_removed=int(changes.loc[changes["change"] == "segment_removed", "segment"].nunique()),
    )
    table = context.shown("changes", context.say("changes_title"), data, columns)
    report = _report(context, "changes_sheet", table, line)
    effects = coding_effects(
        old, new, claims=claims, propositions=propositions, facts=facts, password=password, lang=lang
    )
    sheets = [_effects_sheet(context, name, rows) for name, rows in effects.groupby("table", sort=False)]
    return replace(report, sheets=(*report.sheets, *(sheet for sheet in sheets if sheet)))


def _effects_sheet(context: InterviewContext, name: str, effects: pd.DataFrame) -> Sheet | None:
    """One table of the study: the rows that changed, each number before and after; None where none did."""
    changed = list(effects.loc[effects["changed"], "id"].unique())
    if not changed:
        return None
    shown = effects[effects["id"].isin(changed)]
    moved = set(shown.loc[shown["changed"], "measure"])
    measures = [measure for measure in shown["measure"].unique() if measure in moved]
    other_verdict = set(shown.loc[shown["changed"] & (shown["measure"] == "verdict"), "id"])
    rows: dict[str, dict[str, object]] = {}
    for cell in shown.itertuples():
        row = rows.setdefault(cell.id, {"label": cell.label})
        for side in ("before", "after"):
            row[f"{cell.measure}_{side}"] = _worded(context, name, cell.measure, getattr(cell, side))
    columns = [Column("label", context.say(f"effects_label_{name}"))]
    for measure in measures:
        what = context.say(f"effects_col_{measure}")
        form: Form = _FORMS.get(measure, "count")
        columns += [
            Column(f"{measure}_{side}", context.say(f"effects_{side}", what=what), form)
            for side in ("before", "after")
        ]
    title = context.say(f"effects_title_{name}", count=len(changed), all=effects["id"].nunique())
    if (shown["measure"] == "verdict").any():
        title += context.say("effects_verdicts", count=len(other_verdict))
    first = sorted(rows, key=lambda row_id: row_id not in other_verdict)  # those with another verdict
    table = context.shown(name, title, pd.DataFrame([rows[row_id] for row_id in first]), columns)
    return Sheet(context.say(f"effects_sheet_{name}"), title, subtitle=context.about(), tables=(table,))


_FORMS: dict[str, Form] = {
    **dict.fromkeys(("verdict", "strong", "by_group", "by_company"), "text"),
    **{"share_reached": "share", "mean_cumulative": "number"},
}
_VERDICTS = {
    "codebook_evidence": "coded_verdict",
    "interview_claim": "coded_claim",
    "proposition": "proposition",
}


def _worded(context: InterviewContext, table: str, measure: str, value: object) -> object:
    """A value as a reader reads it."""
    if measure == "verdict" and isinstance(value, str):
        return context.say(f"{_VERDICTS[table]}_{value.replace(' ', '_')}")
    if isinstance(value, bool):
        return context.say("effects_yes" if value else "effects_no")
    return value


def _report(context: InterviewContext, sheet: str, table: Table, line: str) -> Report:
    """A report of one sheet with one table."""
    made = Sheet(
        context.say(sheet),
        table.title,
        subtitle=context.about(),
        lines=(line,),
        tables=(table,),
        lines_across=True,
    )
    properties = {
        "title": table.title,
        "subject": context.codebook.reference,
        "creator": "expansion-survey",
        "description": line,
    }
    return Report(context.lang, (made,), "", properties)
