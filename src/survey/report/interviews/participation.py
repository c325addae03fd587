"""Who is said to have said what: attribution, uneven voices, the segments."""

from survey.document import Sheet, Table
from survey.report.interviews.agreement import agreement_tables
from survey.report.interviews.composing import with_sign
from survey.report.interviews.context import InterviewContext, short_of_all
from survey.report.interviews.framework import difference_tables

_MOST_DOCUMENTS = 40
_SIGNS = {"holds": "holds", "does not hold": "fails"}  # of verdicts; all others are open


def sources(context: InterviewContext) -> list[Sheet]:
    """Who gives how much, which quotations are given to several, how coders agree."""
    agreement, agreement_notes = agreement_tables(context)
    apart, apart_lines = difference_tables(context)
    tables = [_voices_table(context), _attribution_table(context)]
    tables += [*agreement, *apart, *_documents_tables(context)]
    lines = [context.say("coded_voices_line", even=1 / context.size if context.size else 0.0)]
    lines += [*attribution_lines(context), *apart_lines]
    footnotes = context.footnotes("coded_attribution", similarity=context.similarity)
    return [
        Sheet(
            context.say("coded_sheet_sources"),
            context.say("coded_title_sources"),
            subtitle=context.about(),
            lines=tuple(lines),
            tables=tuple(tables),
            footnotes=footnotes + agreement_notes,
            appendix=True,
            lines_across=True,
        )
    ]


def attribution_lines(context: InterviewContext) -> list[str]:
    """How many quotations stand in several places, and what could not be compared."""
    repeated = context.repeated
    lines = [context.say("coded_say_repeated_none")]
    if len(repeated):
        conflicts = repeated[repeated["conflict"]]
        values = {"count": len(repeated), "conflicts": len(conflicts)}
        across = int(conflicts["across_groups"].sum())
        lines = [context.say("coded_say_repeated", **values, across=across)]
    if not context.segments.data["text"].notna().any():
        lines.append(context.say("coded_no_text"))
    return lines


def _attribution_table(context: InterviewContext) -> Table:
    """Quotations that stand in more than one place, those given to different people first."""
    repeated = context.repeated
    data = repeated.assign(
        by_label=[context.say(f"coded_by_{way}") for way in repeated["by"]],
        given_to=[
            context.say(f"coded_given_{'groups' if across else 'people' if conflict else 'one'}")
            for conflict, across in zip(repeated["conflict"], repeated["across_groups"], strict=True)
        ],
        within_code=[_labels(context, codes) for codes in repeated["within_code"]],
        codes=[_labels(context, codes) for codes in repeated["codes"]],
        text=[_words(context, names, "text") for names in repeated["segments"]],
        similarity=short_of_all(repeated["similarity"]),
    )
    columns = [
        context.column("quote"),
        context.column("participants"),
        context.column("given_to"),
        *([context.column("within_code")] if any(data["within_code"]) else []),
        context.column("segments"),
        context.column("codes"),
        context.column("by_label", heading=context.say("coded_col_by")),
        context.column("similarity", "share"),
        *([context.column("gist")] if context.gists else []),
        *([context.column("text")] if context.quotations and any(data["text"]) else []),
    ]
    return context.shown("attribution", context.say("coded_title_attribution"), data, columns, "attribution")


def _labels(context: InterviewContext, codes: tuple[str, ...]) -> str:
    return context.say("item_separator").join(context.labels.get(code, code) for code in codes)


def _words(context: InterviewContext, segments: tuple[str, ...], column: str) -> str:
    """The gists or texts of segments, each once, a line each."""
    data = context.segments.data
    texts = data.loc[data["segment"].isin(segments), ["segment", column]].dropna()
    return "\n".join(dict.fromkeys(f"{row[0]}: {row[1]}" for row in texts.itertuples(index=False)))


def claims_sheet(context: InterviewContext) -> list[Sheet]:
    """Statements that were given, against the people behind their codes."""
    claims = context.checked
    if claims is None:
        return []
    data = claims.assign(
        rule=[context.say(f"coded_rule_{one}") for one in claims["rule"]],
        verdict=[
            with_sign(context, verdict, context.say(f"coded_claim_{verdict.replace(' ', '_')}"), _SIGNS)
            for verdict in claims["verdict"]
        ],
        who=[one or context.say("coded_everybody") for one in claims["who"]],
        direction=[context.say(f"coded_counts_{one or 'all'}") for one in claims["direction"]],
    )
    columns = [
        context.column("statement"),
        context.column("locator"),
        context.column("verdict", heading=context.say("coded_col_claim_verdict")),
        context.column("rule"),
        context.column("who", heading=context.say("coded_col_claim_who")),
        *([context.column("direction")] if claims["direction"].any() else []),
        context.column("n", "count"),
        context.column("base", "count"),
        *context.directions,
        context.column("label"),
        context.column("other_label"),
        context.column("participants"),
        context.column("others"),
        context.column("note"),
    ]
    verdicts = claims["verdict"].tolist()
    holds, fails = verdicts.count("holds"), verdicts.count("does not hold")
    title = context.say("coded_title_claims")
    if verdicts:
        counts = {"holds": holds, "fails": fails, "read": len(verdicts) - holds - fails}
        title = context.say("coded_find_claims", all=len(verdicts), **counts).rstrip(".\u3002")
    return [
        Sheet(
            context.say("coded_sheet_claims"),
            title,
            subtitle=context.about(),
            tables=(context.shown("claims", title, data, columns, "interview_claim"),),
            footnotes=context.footnotes("coded_claims"),
        )
    ]


def _voices_table(context: InterviewContext) -> Table:
    """How many segments each person gives, and in how many documents."""
    frame = context.voices
    data = frame[frame["document"] == ""].reset_index(drop=True)
    documents = [name for name in dict.fromkeys(frame["document"]) if name]
    parts = frame[(frame["document"] != "") & (frame["n_segments"] > 0)]
    held = parts.groupby("participant")["document"].nunique()
    data = data.assign(documents=data["participant"].map(held).fillna(0).astype(int))
    columns = [
        context.column("participant"),
        context.column("group"),
        context.column("n_segments", "count"),
        context.column("base", "count", context.say("coded_col_all_segments")),
        context.column("share", "share"),
        context.column("n_quotations", "count"),
        context.column("n_codes", "count"),
        *context.directions,
        context.column(
            "documents", "count", context.say("coded_col_documents", count=len(documents)), measures=()
        ),
    ]
    return context.shown("voices", context.say("coded_title_voices"), data, columns, "voice")


def _documents_tables(context: InterviewContext) -> list[Table]:
    """How many segments each person has in each document, where several people stand in one."""
    frame = context.voices
    parts = frame[(frame["document"] != "") & (frame["n_segments"] > 0)]
    if not context.shares_documents or parts["document"].nunique() > _MOST_DOCUMENTS:
        return []
    columns = [
        context.column("document"),
        context.column("participant"),
        context.column("group"),
        context.column("n_segments", "count"),
    ]
    order = {name: place for place, name in enumerate(dict.fromkeys(frame["document"]))}
    data = parts.sort_values("document", key=lambda names: names.map(order), kind="stable")
    title = context.say("coded_title_documents")
    return [context.shown("documents", title, data.reset_index(drop=True), columns, "voice")]


def segments_sheet(context: InterviewContext) -> list[Sheet]:
    """Every code on a segment: who, where, under what; gists and quotations as the report was asked for."""
    data = context.segments.data
    group_of = context.segments.participants["group"]
    data = data.assign(
        label=[context.labels.get(code, code) for code in data["code"]],
        level=[context.say(f"coded_level_{one}") for one in data["level"]],
        group=data["participant"].map(group_of),
        direction=[
            context.say(f"direction_{one}") if isinstance(one, str) else None for one in data["direction"]
        ],
    )
    beside = ("direction", "quote", "coder", *(("document",) if context.shares_documents else ()))
    present = [name for name in beside if data[name].notna().any()]
    words = [("gist", context.gists), ("text", context.quotations)]
    present += [name for name, wanted in words if wanted and data[name].notna().any()]
    columns = [
        context.column(name) for name in ("segment", "participant", "group", "label", "level", *present)
    ]
    title = context.say("coded_title_segments")
    return [
        Sheet(
            context.say("coded_sheet_segments"),
            title,
            subtitle=context.about(),
            appendix=True,
            tables=(context.shown("segments", title, data, columns),),
        )
    ]
