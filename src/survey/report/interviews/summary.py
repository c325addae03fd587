"""The Summary of an interview report, and all that it says in sentences for its notes."""

from fractions import Fraction
from typing import TYPE_CHECKING

from survey.document import Column, Sheet, Table
from survey.report.interviews.context import InterviewContext
from survey.report.interviews.coverage import map_picture, saturation_picture
from survey.report.interviews.joint_display import joint_finding, joint_summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_NAMED = 12  # more names than that are counted, not listed
_MOST_FINDINGS, _MOST_CODES, _MOST_GROUPS, _MOST_NAMED = 5, 10, 3, 3


def summary(context: InterviewContext) -> list[Sheet]:
    """One screen: a finding as its title, findings, what most people speak to, the map and saturation."""
    has_segments = len(context.segments.data) > 0
    pictures = (map_picture(context), saturation_picture(context)) if has_segments else ()
    return [
        Sheet(
            context.say("sheet_summary"),
            _title(context),
            subtitle=_about(context),
            findings=tuple(_findings(context))[:_MOST_FINDINGS],
            tables=_most_table(context) if has_segments else (),
            footnotes=context.footnotes("coded_sample", "coded_people", count=context.size),
            pictures=pictures,
            one_page=True,
        )
    ]


def details(context: InterviewContext) -> list[str]:
    """All that the segments say, a sentence each with its counts and base: for the notes."""
    if not len(context.segments.data):
        return [context.say("interviews_no_segments")]
    parts = (
        *(_amount, _widest, _published, _thin, _one_group, _silent, _saturation, _claims),
        *(_attribution, _sides, _uneven, joint_summary),
    )
    return [line for part in parts for line in part(context)]


def _about(context: InterviewContext) -> str:
    """Who was interviewed, how much they said, and that they are no sample: one line."""
    data = context.segments.data
    parts = [context.say("interviews_about_people", count=context.size)]
    if 1 < len(context.groups) <= _MOST_GROUPS:
        bases = context.segments.bases
        parts.append(context.listed(f"{group} {bases[group]}" for group in context.groups))
    quotations = data["quote"].fillna(data["segment"]).nunique()
    segments = data["segment"].nunique()
    parts.append(context.say("interviews_about_segments", segments=segments, quotations=quotations))
    parts.append(context.say("interviews_about_sample"))
    return context.say("about_separator").join(parts)


def _codes(context: InterviewContext) -> "pd.DataFrame":
    """The codes that anybody speaks to, those of most people first."""
    codes = context.evidence[(context.evidence["level"] == "code") & (context.evidence["n"] > 0)]
    return codes.sort_values(["n", "n_quotations"], ascending=False, kind="stable")


def _title(context: InterviewContext) -> str:
    """What most people speak to."""
    codes = _codes(context)
    if codes.empty or not context.size:
        return context.say("interviews_report_title", title=context.codebook.titled(context.lang))
    most, base = int(codes["n"].iloc[0]), int(codes["base"].iloc[0])
    first = codes[codes["n"] == most]
    if most == base and len(first) <= _MOST_NAMED:
        return context.say("coded_title_everybody", labels=context.joined_names(first["label"].tolist()))
    if len(first) == 1:
        return context.say("coded_title_most", label=first["label"].iloc[0], n=most, base=base)
    return context.say("coded_title_tied", n=most, base=base)


def _findings(context: InterviewContext) -> "Iterator[str]":
    """A handful of short sentences; the whole of it stands on the notes."""
    if not len(context.segments.data):
        yield context.say("interviews_no_segments")
        return
    codes = context.evidence[context.evidence["level"] == "code"]
    inside = codes[codes["published"].eq(True)] if context.has_published else codes
    with_extract = int((inside["n_segments"] > 0).sum())
    key = "coded_find_published" if context.has_published else "coded_find_codes"
    empty = len(inside) - with_extract
    yield context.say(key, count=len(inside), with_extract=with_extract, empty=empty)
    if thin := int((codes["verdict"] == "one person").sum()):
        yield context.say("coded_find_thin", count=thin)
    if context.checked is not None and len(context.checked):
        verdicts = context.checked["verdict"].tolist()
        holds, fails = verdicts.count("holds"), verdicts.count("does not hold")
        rest = len(verdicts) - holds - fails
        yield context.say("coded_find_claims", all=len(verdicts), holds=holds, fails=fails, read=rest)
    if context.joined is not None:
        yield context.say("coded_find_sentence", text=joint_finding(context))
    point = context.saturation.points.iloc[0]
    if point["reached"] == point["reached"]:
        yield context.say("coded_find_saturation", reached=int(point["reached"]), size=context.size)
    elif point["share_reached"] == point["share_reached"]:
        yield context.say("coded_find_saturation_not", size=context.size)
    if disputed := int(context.repeated["conflict"].sum()) if len(context.repeated) else 0:
        yield context.say("coded_find_disputed", count=disputed)


def _most_table(context: InterviewContext) -> tuple[Table, ...]:
    """The codes that most people speak to: people, of each group too, and quotations."""
    codes = _codes(context).head(_MOST_CODES).reset_index(drop=True)
    if codes.empty:
        return ()
    columns = [
        Column("label", context.say("coded_level_code")),
        context.column("n", "count"),
        context.column("n_quotations", "count"),
    ]
    frame = context.compared("code")
    for number, group in enumerate(context.groups if 1 < len(context.groups) <= _MOST_GROUPS else ()):
        of_group = frame[frame["group"] == group].set_index("code")["n"]
        codes[f"group_{number}"] = [int(of_group[code]) for code in codes["code"]]
        heading = context.say("coded_col_people_of", group=group, base=context.segments.bases[group])
        ids = {"group": group}
        columns.append(
            Column(f"group_{number}", heading, "count", result="case_comparison", ids=ids, measures=("n",))
        )
    title = context.say("coded_table_most")
    return (
        Table("most", title, "", codes, tuple(columns), "codebook_evidence", sorted_by="n", filtered=False),
    )


def _amount(context: InterviewContext) -> list[str]:
    data = context.segments.data
    coarse = data.loc[data["level"] == "subtheme", "segment"].nunique()
    quotations = data["quote"].fillna(data["segment"]).nunique()
    sentence = context.say("coded_say_segments", segments=data["segment"].nunique(), quotations=quotations)
    return [sentence + (context.say("coded_say_coarse", count=coarse) if coarse else "")]


def _names(context: InterviewContext, names: list[str]) -> str:
    """Labels as a list; past a dozen only how many more."""
    shown = context.say("item_separator").join(names[:_NAMED])
    more = len(names) - _NAMED
    return shown + (context.say("coded_say_more", count=more) if more > 0 else "")


def _widest(context: InterviewContext) -> list[str]:
    """The codes that most people speak to, and whether anything was said by everybody."""
    codes = context.evidence[(context.evidence["level"] == "code") & (context.evidence["n"] > 0)]
    if codes.empty or not context.size:
        return []
    third = codes["n"].nlargest(3).min()
    lines = [
        context.say(
            "coded_say_code",
            label=row.label,
            n=row.n,
            base=row.base,
            groups=context.say("in_brackets", text=row.by_group) if row.by_group else "",
            quotations=row.n_quotations,
        )
        for row in codes[codes["n"] >= third]
        .sort_values("n", ascending=False, kind="stable")
        .head(5)
        .itertuples()
    ]
    everybody = codes.loc[codes["n"] == codes["base"], "label"].tolist()
    if everybody:
        return [*lines, context.say("coded_say_everybody", labels=_names(context, everybody))]
    return [*lines, context.say("coded_say_not_everybody", most=codes["n"].max(), base=context.size)]


def _published(context: InterviewContext) -> list[str]:
    codes = context.evidence[context.evidence["level"] == "code"]
    if not context.has_published:
        return _empty(context, codes)
    inside = codes[codes["published"].eq(True)]
    outside = codes[codes["published"].eq(False) & (codes["n_segments"] > 0)]
    empty = inside.loc[inside["n_segments"] == 0, "label"].tolist()
    lines = [
        context.say("coded_say_published", count=len(inside), found=len(inside) - len(empty))
        + (
            context.say("coded_say_published_empty", count=len(empty), labels=_names(context, empty))
            if empty
            else ""
        )
    ]
    if len(outside):
        labels = _names(context, outside["label"].tolist())
        lines.append(context.say("coded_say_unpublished", count=len(outside), labels=labels))
    return lines


def _empty(context: InterviewContext, codes: "pd.DataFrame") -> list[str]:
    """The codes of a codebook that rest on nobody."""
    empty = codes.loc[codes["n_segments"] == 0, "label"].tolist()
    if not empty:
        return []
    return [context.say("coded_say_empty", count=len(empty), all=len(codes), labels=_names(context, empty))]


def _thin(context: InterviewContext) -> list[str]:
    """Codes and subthemes that rest on one person, as attributed or once disputed quotations are left out."""
    evidence = context.evidence[context.evidence["level"].isin(["code", "subtheme"])]
    one = evidence.loc[evidence["verdict"] == "one person", "label"].tolist()
    lines = [context.say("coded_say_one_person", labels=_names(context, one))] if one else []
    shaky = evidence.loc[(evidence["n"] > 1) & (evidence["n_undisputed"] <= 1), "label"].tolist()
    return lines + ([context.say("coded_say_shaky", labels=_names(context, shaky))] if shaky else [])


def _one_group(context: InterviewContext) -> list[str]:
    lines = []
    for group in context.groups if len(context.groups) > 1 else ():
        frame = context.compared("code")
        here = set(frame.loc[(frame["group"] == group) & (frame["n"] > 0), "code"])
        others = set(frame.loc[~frame["group"].isin(["", group]) & (frame["n"] > 0), "code"])
        alone = [context.labels[code] for code in context.codebook.code_ids if code in here - others]
        if alone:
            lines.append(context.say("coded_say_one_group", group=group, labels=_names(context, alone)))
    return lines


def _silent(context: InterviewContext) -> list[str]:
    """Who has no segment at all, and who none under a theme."""
    frame = context.matrix("theme")
    silent = frame.groupby("participant", sort=False)["present"].any()
    nothing = [str(person) for person in silent.index[~silent]]
    lines = [context.say("coded_say_no_voice", people=context.listed(nothing))] if nothing else []
    for label, rows in frame.groupby("label", sort=False):
        missing = [one for one in rows.loc[~rows["present"], "participant"] if one not in nothing]
        if missing and len(missing) + len(nothing) < context.size:
            lines.append(context.say("coded_say_silent", label=label, people=context.listed(missing)))
    return lines


def _saturation(context: InterviewContext) -> list[str]:
    point = context.saturation.points.iloc[0]
    settings = {
        "base_size": int(point["base_size"]),
        "run_length": int(point["run_length"]),
        "threshold": float(point["threshold"]),
    }
    if point["share_reached"] != point["share_reached"]:  # too few interviews
        return [context.say("coded_say_saturation_none", **settings, note=point["note"])]
    if point["reached"] == point["reached"]:
        sentence = context.say(
            "coded_say_saturation",
            **settings,
            reached=int(point["reached"]),
            size=context.size,
        )
    else:
        sentence = context.say("coded_say_saturation_not", **settings, size=context.size)
    if point["median"] == point["median"]:
        orders = {"share": point["share_reached"], "median": int(point["median"])}
        sentence += context.say("coded_say_saturation_orders", **orders)
    return [sentence]


def _claims(context: InterviewContext) -> list[str]:
    """The statements that were given, with their verdicts."""
    if context.checked is None:
        return []
    return [
        context.say(
            "coded_say_claim_both" if row.rule == "both_sides" else "coded_say_claim",
            statement=row.statement.rstrip(".\u3002"),
            label=f"{row.label} / {row.other_label}" if row.other_label else row.label,
            verdict=context.say(f"coded_claim_{row.verdict.replace(' ', '_')}"),
            n=row.n,
            base=row.base,
        )
        for row in context.checked.itertuples()
    ]


def _attribution(context: InterviewContext) -> list[str]:
    repeated = context.repeated
    if repeated.empty:
        return [context.say("coded_say_repeated_none")]
    disputed = repeated[repeated["conflict"]]
    lines = [
        context.say(
            "coded_say_repeated",
            count=len(repeated),
            conflicts=len(disputed),
            across=int(disputed["across_groups"].sum()),
        )
    ]
    for row in disputed[disputed["within_code"].map(bool)].head(5).itertuples():
        for code in row.within_code:
            level = "code" if code in context.codebook.code_ids else "subtheme"
            mine = context.evidence[
                (context.evidence["level"] == level) & (context.evidence["code"] == code)
            ].iloc[0]
            lines.append(
                context.say(
                    f"coded_say_within_code_{row.by}",
                    quote=row.quote,
                    alike=context.listed(row.segments),
                    people=context.listed(row.participants),
                    label=context.labels.get(code, code),
                    segments=mine["n_segments"],
                    quotations=mine["n_quotations"],
                )
            )
    return lines


def _sides(context: InterviewContext) -> list[str]:
    """Who is on both sides of what; a tension is said to be one."""
    rows = context.sides[context.sides["scope"] == "participant"]
    return [
        context.say(
            f"coded_say_both_{kind}", who=_names(context, list(people["who"])), label=label, other=other
        )
        for (kind, label, other), people in rows.groupby(["kind", "label", "other_label"], sort=False)
    ]


def _uneven(context: InterviewContext) -> list[str]:
    """Who gives most and least; who stands in one document only where others stand in several."""
    every = context.voices[context.voices["document"] == ""]
    if len(every) < 2:
        return []
    most, least = every["n_segments"].max(), every["n_segments"].min()
    lines = []
    if most > least:
        base = int(every["base"].iloc[0])
        names = [
            context.listed(every.loc[every["n_segments"] == end, "participant"].tolist())
            for end in (most, least)
        ]
        lines.append(
            context.say(
                "coded_say_uneven",
                most=names[0],
                most_n=most,
                base=base,
                share=Fraction(int(most), base),
                least=names[1],
                least_n=least,
                even=base / len(every),
            )
        )
    parts = context.voices[(context.voices["document"] != "") & (context.voices["n_segments"] > 0)]
    held = parts.groupby("participant", sort=False)["document"].agg(["size", "first"])
    alone = held[held["size"] == 1]
    if context.shares_documents and 0 < len(alone) <= len(held) / 2:
        lines += [
            context.say("coded_say_one_document", who=who, document=row["first"])
            for who, row in alone.iterrows()
        ]
    return lines
