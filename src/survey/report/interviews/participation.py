"""Who is said to have said what: attribution, both sides of a matter, uneven voices, the segments."""

import pandas as pd

from survey.document import Column, Sheet
from survey.interviews.contradictions import opposites
from survey.interviews.counting import parted
from survey.report.interviews.context import InterviewPlan

_MOST_DOCUMENTS = 40


def attribution(plan: InterviewPlan) -> list[Sheet]:
    """Quotations that stand in more than one place, those given to different people first."""
    found = plan.repeated
    data = found.assign(
        by=[plan.say(f"coded_by_{one}") for one in found["by"]],
        within_code=[_labels(plan, codes) for codes in found["within_code"]],
        codes=[_labels(plan, codes) for codes in found["codes"]],
        text=[_words(plan, names, "text") for names in found["segments"]],
    )
    columns = [
        plan.column("quote"),
        plan.column("conflict"),
        plan.column("participants"),
        plan.column("across_groups"),
        plan.column("within_code"),
        plan.column("segments"),
        plan.column("codes"),
        plan.column("by"),
        plan.column("similarity", "share"),
        *([plan.column("gist")] if plan.gists else []),
        *([plan.column("text")] if plan.quotations else []),
    ]
    title = plan.say("coded_title_attribution")
    conflicts = found[found["conflict"]]
    lines = [
        plan.say(
            "coded_say_repeated",
            count=len(found),
            conflicts=len(conflicts),
            across=int(conflicts["across_groups"].sum()),
        )
        if len(found)
        else plan.say("coded_say_repeated_none"),
        plan.say("coded_attribution_line", similarity=f"{100 * plan.similarity:.3g} %"),
    ]
    if not plan.segments.data["text"].notna().any():
        lines.append(plan.say("coded_no_text"))
    return [
        Sheet(
            plan.say("coded_sheet_attribution"),
            title,
            base_text=plan.base_text,
            lines=tuple(lines),
            tables=(plan.shown("attribution", title, data, columns),),
        )
    ]


def _labels(plan: InterviewPlan, codes: str) -> str:
    return plan.say("item_separator").join(plan.labels.get(code, code) for code in parted(codes))


def _words(plan: InterviewPlan, segments: str, column: str) -> str:
    """The gists or texts of segments, each once, a line each."""
    data = plan.segments.data
    found = data.loc[data["segment"].isin(parted(segments)), ["segment", column]].dropna()
    return "\n".join(dict.fromkeys(f"{row[0]}: {row[1]}" for row in found.itertuples(index=False)))


def opposite_sides(plan: InterviewPlan) -> list[Sheet]:
    """People and groups coded under a code and under its opposite, with what there is to read."""
    pairs = opposites(plan.codebook)
    found = plan.sides
    data = found.assign(
        scope=[plan.say(f"coded_scope_{one}") for one in found["scope"]],
        gist=[_words(plan, names, "gist") for names in found["segments"]],
        other_gist=[_words(plan, names, "gist") for names in found["other_segments"]],
    )
    columns = [
        plan.column("who"),
        plan.column("scope"),
        plan.column("label"),
        plan.column("segments"),
        *([plan.column("gist")] if plan.gists else []),
        plan.column("other_label"),
        plan.column("other_segments"),
        *([plan.column("other_gist")] if plan.gists else []),
    ]
    title = plan.say("coded_title_sides")
    named = plan.say("item_separator").join(f"{plan.labels[one]} / {plan.labels[two]}" for one, two in pairs)
    lines = [
        plan.say("coded_sides_line", count=len(pairs), pairs=named) if pairs else plan.say("coded_sides_none")
    ]
    if pairs and found.empty:
        lines.append(plan.say("coded_sides_nobody"))
    tables = (plan.shown("both_sides", title, data, columns),) if len(found) else ()
    return [
        Sheet(
            plan.say("coded_sheet_sides"), title, base_text=plan.base_text, lines=tuple(lines), tables=tables
        )
    ]


def claims_sheet(plan: InterviewPlan) -> list[Sheet]:
    """Statements that were given, against the people behind their codes."""
    found = plan.checked
    if found is None:
        return []
    data = found.assign(
        rule=[plan.say(f"coded_rule_{one}") for one in found["rule"]],
        verdict=[plan.say(f"coded_claim_{one.replace(' ', '_')}") for one in found["verdict"]],
        who=[one or plan.say("coded_everybody") for one in found["who"]],
        gist=[_words(plan, names, "gist") for names in found["segments"]],
        other_gist=[_words(plan, names, "gist") for names in found["other_segments"]],
    )
    columns = [
        plan.column("statement"),
        plan.column("verdict", heading=plan.say("coded_col_claim_verdict")),
        plan.column("rule"),
        plan.column("who", heading=plan.say("coded_col_claim_who")),
        plan.column("n", "count"),
        plan.column("base", "count"),
        plan.column("label"),
        plan.column("other_label"),
        plan.column("participants"),
        plan.column("others"),
        *([plan.column("gist"), plan.column("other_gist")] if plan.gists else []),
        plan.column("note"),
        plan.column("claim"),
        plan.column("locator"),
    ]
    title = plan.say("coded_title_claims")
    return [
        Sheet(
            plan.say("coded_sheet_claims"),
            title,
            base_text=plan.base_text,
            lines=(plan.say("coded_claims_line"),),
            tables=(plan.shown("claims", title, data, columns),),
        )
    ]


def voices_sheet(plan: InterviewPlan) -> list[Sheet]:
    """How many segments each person gives, in all and by document."""
    frame = plan.voices
    data = frame[frame["document"] == ""].reset_index(drop=True)
    documents = [name for name in dict.fromkeys(frame["document"]) if name]
    shown = documents if plan.shares_documents and len(documents) <= _MOST_DOCUMENTS else []
    parts = frame[(frame["document"] != "") & (frame["n_segments"] > 0)]
    held = parts.groupby("participant")["document"].nunique()
    data = data.assign(documents=data["participant"].map(held).fillna(0).astype(int))
    wide = {
        f"document_{number}": frame.loc[frame["document"] == name, "n_segments"].tolist()
        for number, name in enumerate(shown, 1)
    }
    data = pd.concat([data, pd.DataFrame(wide, index=data.index)], axis=1)
    columns = [
        plan.column("participant"),
        plan.column("group"),
        plan.column("n_segments", "count"),
        plan.column("base", "count", plan.say("coded_col_all_segments")),
        plan.column("share", "share"),
        plan.column("n_quotations", "count"),
        plan.column("n_codes", "count"),
        plan.column("documents", "count", plan.say("coded_col_documents", count=len(documents))),
        *(Column(f"document_{number}", name, "count") for number, name in enumerate(shown, 1)),
    ]
    title = plan.say("coded_title_voices")
    even = 1 / plan.size if plan.size else 0.0
    return [
        Sheet(
            plan.say("coded_sheet_voices"),
            title,
            base_text=plan.base_text,
            lines=(plan.say("coded_voices_line", even=f"{100 * even:.1f}"),),
            tables=(plan.shown("voices", title, data, columns),),
        )
    ]


def segments_sheet(plan: InterviewPlan) -> list[Sheet]:
    """Every code on a segment: who, where, under what; gists and quotations as the report was asked for."""
    data = plan.segments.data
    group_of = plan.segments.participants["group"]
    data = data.assign(
        label=[plan.labels.get(code, code) for code in data["code"]],
        level=[plan.say(f"coded_level_{one}") for one in data["level"]],
        group=data["participant"].map(group_of),
    )
    beside = ("quote", "coder", *(("document",) if plan.shares_documents else ()))
    present = [name for name in beside if data[name].notna().any()]
    words = [("gist", plan.gists), ("text", plan.quotations)]
    present += [name for name, wanted in words if wanted and data[name].notna().any()]
    columns = [
        plan.column(name) for name in ("segment", "participant", "group", "label", "code", "level", *present)
    ]
    title = plan.say("coded_title_segments")
    return [
        Sheet(
            plan.say("coded_sheet_segments"),
            title,
            base_text=plan.base_text,
            lines=(plan.say("coded_segments_line"),),
            tables=(plan.shown("segments", title, data, columns),),
        )
    ]
