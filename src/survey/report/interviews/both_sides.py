"""Both sides of a matter: what may contradict itself and what is in tension, per person and per group."""

from typing import TYPE_CHECKING

import pandas as pd

from survey.document import Sheet, Table
from survey.interviews.contradictions import marked_pairs
from survey.report.interviews.context import InterviewContext

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the pairs of a table are; a tension is no contradiction and stands apart.
_CONTRADICTIONS = ("opposite", "direction")
_COUNTED = (*_CONTRADICTIONS, "tension")


def both_sides_sheet(context: InterviewContext) -> list[Sheet]:
    """Who is on both sides, counted by person and group, then what there is to read; none where nobody is."""
    sides = context.sides
    if sides.empty:
        return []
    apart = sides[sides["kind"].isin(_CONTRADICTIONS)]
    tension = sides[sides["kind"] == "tension"]
    tables = [_counts_table(context)]
    tables += [
        _pairs_table(context, name, rows) for name, rows in (("contradictions", apart), ("tensions", tension))
    ]
    return [
        Sheet(
            context.say("coded_sheet_sides"),
            context.say("coded_find_sides", **_people(sides)),
            subtitle=context.about(),
            lines=tuple(sides_lines(context)),
            tables=tuple(table for table in tables if len(table.data)),
            footnotes=context.footnotes("coded_sides", "coded_tensions"),
            appendix=True,
            lines_across=True,
        )
    ]


def _people(sides: pd.DataFrame) -> dict[str, int]:
    """How many people may contradict themselves, and how many are in a tension."""
    alone = sides[sides["scope"] == "participant"]
    return {
        "contradicting": alone.loc[alone["kind"].isin(_CONTRADICTIONS), "who"].nunique(),
        "tense": alone.loc[alone["kind"] == "tension", "who"].nunique(),
    }


def _counts_table(context: InterviewContext) -> Table:
    """A row per person and group: in how many pairs of each kind they are on both sides."""
    sides = context.sides
    order = {name: place for place, name in enumerate((*context.people, *context.groups))}
    rows = [
        {"scope": scope, "who": who, "scope_label": context.say(f"coded_scope_{scope}")}
        | {f"n_{kind}": int((own["kind"] == kind).sum()) for kind in _COUNTED}
        for (scope, who), own in sides.groupby(["scope", "who"], sort=False)
    ]
    rows.sort(key=lambda row: (row["scope"] == "group", order[str(row["who"])]))
    columns = [
        context.column("who"),
        context.column("scope_label", heading=context.say("coded_col_scope")),
        *(context.column(f"n_{kind}", "count", context.say(f"coded_kind_{kind}")) for kind in _COUNTED),
    ]
    return context.shown("sides_counts", context.say("coded_title_sides_counts"), pd.DataFrame(rows), columns)


def _pairs_table(context: InterviewContext, name: str, sides: pd.DataFrame) -> Table:
    """People and groups on both sides of pairs of one kind, with what there is to read."""
    data = sides.assign(
        kind_label=[context.say(f"coded_kind_{kind}") for kind in sides["kind"]],
        scope_label=[context.say(f"coded_scope_{one}") for one in sides["scope"]],
        gist=[_gists(context, names) for names in sides["segments"]],
        other_gist=[_gists(context, names) for names in sides["other_segments"]],
    ).reset_index(drop=True)
    columns = [
        context.column("who"),
        context.column("scope_label", heading=context.say("coded_col_scope")),
        *([context.column("kind_label", heading=context.say("coded_col_kind"))] * (name == "contradictions")),
        context.column("label"),
        *([context.column("gist")] if context.gists else [context.column("segments")]),
        context.column("other_label"),
        *([context.column("other_gist")] if context.gists else [context.column("other_segments")]),
        *([context.column("why", heading=context.say("coded_col_why"))] * (name == "tensions")),
    ]
    return context.shown(name, context.say(f"coded_title_{name}"), data, columns, "both_sides")


def _gists(context: InterviewContext, segments: "Iterable[str]") -> str:
    """The gists of segments, each once, a line each, with its direction where it is not for its code."""
    data = context.segments.data
    rows = data[data["segment"].isin(list(segments))].drop_duplicates("segment")
    return "\n".join(
        f"{row.segment}: {row.gist}" if isinstance(row.gist, str) else row.segment
        for row in rows.itertuples()
    )


def sides_lines(context: InterviewContext) -> list[str]:
    """Which opposites and how many tensions the codebook marks, and that nobody is on both sides."""
    pairs = marked_pairs(context.codebook, context.lang)
    if not pairs:
        return [context.say("coded_sides_none")]
    opposites = [pair.codes for pair in pairs if pair.kind == "opposite"]
    named = context.say("item_separator").join(
        f"{context.labels[one]} / {context.labels[two]}" for one, two in opposites
    )
    lines = [context.say("coded_sides_line", count=len(opposites), pairs=named)] if opposites else []
    if tensions := len(pairs) - len(opposites):
        lines.append(context.say("coded_tensions_line", count=tensions))
    return lines + ([context.say("coded_sides_nobody")] if context.sides.empty else [])
