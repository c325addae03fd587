"""The codebook with its evidence, the matrix, cases, saturation, and what goes together."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.document import Column, Form, Picture, Sheet
from survey.interviews.counting import LEVELS
from survey.messages.number_forms import percent
from survey.report.context import once
from survey.report.interviews.context import InterviewContext, short_of_all
from survey.report.interviews.framework import passage_tables

if TYPE_CHECKING:
    from survey.instrument.interview_schemas import Subtheme

_MOST_PICTURED = 40  # people in the picture of a matrix
_INDENT = "\N{EM SPACE}"  # before a part of the codebook, once for each level above it


def matrix(context: InterviewContext) -> list[Sheet]:
    """Codes and what is above them by participant: one table, a theme's parts under it."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for level in LEVELS:
        total = context.compared(level)
        for row in total[total["group"] == ""].to_dict("records"):
            rows[level, row["code"]] = {name: row[name] for name in ("n", "base", "n_quotations")} | {
                "silent": []
            }
        for cell in context.matrix(level).itertuples():
            line = rows[level, cell.code]
            line[f"person_{cell.participant}"] = cell.n_quotations
            if not cell.present:
                line["silent"].append(cell.participant)
    tree = _tree(context)[["level", "code", "label", "shown"]].assign(group="")
    cells = [
        rows[row.level, row.code] | {"silent": context.listed(rows[row.level, row.code]["silent"])}
        for row in tree.itertuples()
    ]
    data = pd.concat([tree, pd.DataFrame(cells)], axis=1)
    group_of = context.segments.participants["group"]
    people = [_person_column(context, str(person), group_of[person]) for person in context.people]
    columns = [
        context.column("shown", heading=context.say("coded_col_label")),
        context.column("n", "count"),
        context.column("n_quotations", "count"),
        *people,
    ]
    title = context.say("coded_title_matrix")
    return [
        Sheet(
            context.say("coded_sheet_matrix"),
            title,
            subtitle=context.about([context.say("coded_subtitle_cells")]),
            tables=(context.shown("matrix", title, data, columns, "case_comparison"),),
            footnotes=context.footnotes("coded_matrix", "coded_levels"),
            pictures=(matrix_picture(context, "code"),),
        )
    ]


def _person_column(context: InterviewContext, person: str, group: object) -> Column:
    """The quotations of a participant; the heading has the group if the pseudonym does not begin with it."""
    heading = person
    if not (pd.isna(group) or person.startswith(str(group))):
        heading = f"{person}{context.say('in_brackets', text=group)}"
    ids = {"participant": person}
    name = f"person_{person}"
    # A part of its own: many people go over several printed pages, labels repeated, instead of shrinking.
    return Column(name, heading, "count", name, result="code_matrix", ids=ids, measures=("n_quotations",))


@once
def matrix_picture(context: InterviewContext, level: str) -> Picture:
    """Who spoke to what, as a grid."""
    frame = context.matrix(level)
    kept = {person: place for place, person in enumerate(context.people[:_MOST_PICTURED])}
    frame = frame[frame["participant"].isin(kept)]
    frame = frame.sort_values("participant", key=lambda names: names.map(kept), kind="stable")
    words = dict(context.picture_words)
    if len(kept) < context.size:
        words["more"] = context.say("coded_picture_more", shown=len(kept), size=context.size)
    title = context.say(f"coded_picture_matrix_{level}")
    total = context.compared(level)
    total = total[total["group"] == ""]
    most = total.sort_values("n", ascending=False, kind="stable").head(1)
    alt = " ".join(
        [context.say("coded_alt_matrix", rows=len(total), columns=len(kept))]
        + [
            context.say("coded_alt_most", label=row.label, n=row.n, base=row.base)
            for row in most.itertuples()
        ]
    )
    counts = {row.code: (row.n, row.base) for row in total.itertuples()}
    return Picture(f"matrix_{level}", "code_matrix", frame, alt, title, words, {"total": counts})


def cases(context: InterviewContext) -> list[Sheet]:
    """All groups side by side for each code, subtheme, theme and aim."""
    places = {"": "all", **{group: f"group_{number}" for number, group in enumerate(context.groups, 1)}}
    values = ("n", "base", "proportion", "ci_low", "ci_high", "n_quotations")
    rows = []
    for level in LEVELS:
        by_code: dict[str, dict[str, object]] = {}
        for cell in context.compared(level).to_dict("records"):
            ids = {"level": level, "level_label": context.say(f"coded_level_{level}"), "code": cell["code"]}
            row = by_code.setdefault(cell["code"], {**ids, "label": cell["label"]})
            row |= {f"{places[cell['group']]}_{value}": cell[value] for value in values}
            if not cell["group"]:
                row |= {"reason": cell["reason"], "note": cell["note"]}
        rows += list(by_code.values())
    data = pd.DataFrame(rows)
    columns = [
        context.column("label"),
        context.column("level_label", heading=context.say("coded_col_level")),
    ]
    for group, place in places.items():
        name = group or context.say("coded_all")
        for value in values:
            what = context.say(f"coded_col_{value}", level=context.percent_level)
            heading = context.say("coded_col_of", group=name, what=what)
            form: Form = "share" if value in ("proportion", "ci_low", "ci_high") else "count"
            ids = {"group": group}
            columns.append(Column(f"{place}_{value}", heading, form, place, ids=ids, measures=(value,)))
    columns.append(replace(context.column("note"), part="note"))
    title = context.say("coded_title_cases")
    return [
        Sheet(
            context.say("coded_sheet_cases"),
            title,
            subtitle=context.about(),
            tables=(context.shown("cases", title, data, columns, "case_comparison"),),
            footnotes=context.footnotes("coded_sample", count=context.size)
            + context.footnotes("coded_cases", level=context.percent_level),
            appendix=True,
        )
    ]


def codes(context: InterviewContext) -> list[Sheet]:
    """The codebook against its evidence, each part under what it belongs to: what rests on whom."""
    names = [f"group_{number}" for number in range(1, len(context.groups) + 1)]
    tree = _tree(context)
    evidence = context.evidence.set_index(["level", "code"], drop=False)
    data = evidence.loc[list(zip(tree["level"], tree["code"], strict=True))].reset_index(drop=True)
    data = data.assign(
        shown=tree["shown"],
        verdict=[context.say(f"coded_verdict_{verdict.replace(' ', '_')}") for verdict in data["verdict"]],
        **{name: [counts[at] for counts in tree["groups"]] for at, name in enumerate(names)},
    )
    bases = context.segments.bases
    people = [
        Column(
            name,
            context.say("coded_col_people_of", group=group, base=bases[group]),
            "count",
            result="case_comparison",
            ids={"group": group},
            measures=("n",),
        )
        for name, group in zip(names, context.groups, strict=True)
    ]
    columns = [
        context.column("shown", heading=context.say("coded_col_label")),
        context.column("n", "count"),
        *people,
        context.column("verdict"),
        *([context.column("published")] if context.has_published else []),
        context.column("n_quotations", "count"),
        context.column("n_undisputed", "count"),
        *context.directions,
        context.column("participants"),
        context.column("note"),
    ]
    title = _published_line(context) if context.has_published else context.say("coded_title_map")
    return [
        Sheet(
            context.say("coded_sheet_codes"),
            title,
            subtitle=context.about([context.say("coded_subtitle_codes")]),
            tables=(context.shown("codes", title, data, columns, "codebook_evidence"),),
            footnotes=context.footnotes("coded_rests", "coded_undisputed", "coded_levels"),
            pictures=(map_picture(context),),
        )
    ]


def _published_line(context: InterviewContext) -> str:
    """How many codes, subthemes, themes and aims are published, and how many of them have evidence."""
    parts = []
    for level in LEVELS:
        frame = context.evidence[
            (context.evidence["level"] == level) & context.evidence["published"].eq(True)
        ]
        with_evidence = int((frame["n_segments"] > 0).sum())
        parts.append(context.say(f"coded_count_{level}", count=len(frame), found=with_evidence))
    return context.say("coded_published_counts", parts=context.listed(parts))


# -- the map ---------------------------------------------------------------------------------------------


def _tree(context: InterviewContext) -> pd.DataFrame:
    """One row per part of the codebook, from aims down, each code under its subtheme."""
    book = context.codebook
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for level in LEVELS:
        for row in context.compared(level).itertuples():
            cells.setdefault((level, row.code), {})[row.group] = row
    rows: list[dict[str, object]] = []

    def add(level: str, one: "Subtheme", **above: str) -> None:
        own = cells[level, one.id]
        rows.append(
            {
                "level": level,
                "code": one.id,
                "label": one.said(context.lang),
                "shown": _INDENT * LEVELS[::-1].index(level) + one.said(context.lang),
                **{f"{name}_label": "" for name in LEVELS},
                **above,
                f"{level}_label": one.said(context.lang),
                "n": own[""].n,
                "base": own[""].base,
                "n_quotations": own[""].n_quotations,
                "groups": tuple(own[group].n for group in context.groups),
            }
        )

    for aim in book.aims:
        add("aim", aim)  # type: ignore[arg-type]
        named = {"aim_label": aim.said(context.lang)}
        for theme in (one for one in book.themes if one.aim == aim.id):
            add("theme", theme, **named)  # type: ignore[arg-type]
            of_theme = named | {"theme_label": theme.said(context.lang)}
            for subtheme in (one for one in book.subthemes if one.theme == theme.id):
                add("subtheme", subtheme, **of_theme)
                of_subtheme = of_theme | {"subtheme_label": subtheme.said(context.lang)}
                for code in (one for one in book.codes if one.subtheme == subtheme.id):
                    add("code", code, **of_subtheme)  # type: ignore[arg-type]
    return pd.DataFrame(rows)


@once
def map_picture(context: InterviewContext) -> Picture:
    """The thematic map, sized by how many people stand behind each part."""
    data = _tree(context)
    themes = data[data["level"] == "theme"]
    theme_counts = context.say("item_separator").join(
        f"{row.label} {row.n}/{row.base}" for row in themes.itertuples()
    )
    alt = context.say("coded_alt_map", themes=theme_counts)
    words = context.picture_words | {"note": context.say("coded_picture_map_note")}
    title = context.say("coded_title_map")
    return Picture("thematic_map", "thematic_map", data, alt, title, words, {"groups": context.groups})


# -- saturation ------------------------------------------------------------------------------------------


# The columns of the two tables, and what is in them.
_CURVE: dict[str, Form] = {
    "participant": "text",
    **dict.fromkeys(("interview", "new", "cumulative"), "count"),
    "ratio": "share",
    **dict.fromkeys(("mean_new", "mean_cumulative"), "number"),
    **dict.fromkeys(("low_cumulative", "high_cumulative"), "count"),
    "share_reached": "share",
}
_POINTS: dict[str, Form] = {
    "setting": "text",
    **dict.fromkeys(("base_size", "run_length"), "count"),
    "threshold": "share",
    **dict.fromkeys(("base_codes", "reached", "stops_at"), "count"),
    "share_reached": "share",
    **dict.fromkeys(("median", "low", "high"), "count"),
    "note": "text",
}


def saturation_sheet(context: InterviewContext) -> list[Sheet]:
    """New codes per interview, and the points of saturation under several settings."""
    saturation = context.saturation
    settings = {
        "base_size": saturation.base_size,
        "run_length": saturation.run_length,
        "threshold": saturation.threshold,
    }
    key = "coded_saturation_all" if saturation.exact else "coded_saturation_drawn"
    orders = context.say(key, draws=saturation.draws, seed=saturation.seed)
    curve_columns = [context.column(name, form) for name, form in _CURVE.items()]
    point_columns = [context.column(name, form) for name, form in _POINTS.items()]
    title, points_title = context.say("coded_title_saturation"), context.say("coded_title_saturation_points")
    data = saturation.curve.assign(share_reached=short_of_all(saturation.curve["share_reached"]))
    curve = context.shown("saturation", title, data, curve_columns, "saturation")
    settings_of = zip(
        *(saturation.points[name] for name in ("base_size", "run_length", "threshold")), strict=True
    )
    named = [f"{base}+{run}, {percent(limit, context.lang)}" for base, run, limit in settings_of]
    points = context.shown(
        "saturation_points",
        points_title,
        saturation.points.assign(
            setting=named, share_reached=short_of_all(saturation.points["share_reached"])
        ),
        point_columns,
        "saturation_point",
    )
    return [
        Sheet(
            context.say("coded_sheet_saturation"),
            title,
            subtitle=context.about(),
            lines=(
                context.say("coded_saturation_line", **settings),
                orders,
                context.say("coded_points_line"),
            ),
            tables=(curve, points),
            footnotes=context.footnotes("coded_meaning", "coded_order", "coded_levels")
            + context.footnotes("coded_saturation", draws=saturation.draws, seed=saturation.seed),
            pictures=(saturation_picture(context),),
            appendix=True,
        )
    ]


@once
def saturation_picture(context: InterviewContext) -> Picture:
    """The curve of codes over interviews."""
    saturation = context.saturation
    alt = context.say("coded_alt_saturation_none")
    if len(saturation.curve):
        half = saturation.curve["cumulative"].max() / 2
        middle = saturation.curve[saturation.curve["cumulative"] >= half].iloc[0]
        last = saturation.curve.iloc[-1]
        alt = context.say(
            "coded_alt_saturation",
            codes=int(last["cumulative"]),
            interviews=int(last["interview"]),
            half=int(middle["cumulative"]),
            at=int(middle["interview"]),
        )
    words = context.picture_words | {
        name: context.say(f"coded_picture_{name}")
        for name in ("interviews", "codes", "given", "mean", "band", "new", "reached")
    }
    reached = saturation.points.iloc[0]["reached"]
    title = context.say("coded_title_saturation")
    return Picture("saturation", "saturation", saturation.curve, alt, title, words, {"reached": reached})


def together(context: InterviewContext) -> list[Sheet]:
    """Codes that the same people speak to, the commonest pairs first."""
    pairs = context.pairs
    least = min(2, pairs["n"].max()) if len(pairs) else 0  # one person alone with both says little
    shown = pairs[(pairs["n"] >= least) & (pairs["n"] > 0)].sort_values(
        ["n", "jaccard"], ascending=False, kind="stable"
    )
    columns = [
        context.column("label"),
        context.column("other_label"),
        context.column("n", "count", context.say("coded_col_both")),
        context.column("n_code", "count"),
        context.column("n_other", "count"),
        context.column("base", "count"),
        context.column("jaccard", "number"),
        context.column("phi", "number"),
        context.column("note"),
    ]
    title = context.say("coded_title_together")
    further, further_lines = passage_tables(context)
    return [
        Sheet(
            context.say("coded_sheet_together"),
            title,
            subtitle=context.about(),
            appendix=True,
            lines=(
                context.say(
                    "coded_together_line",
                    pairs=len(pairs),
                    shown=len(shown),
                    some=int((pairs["n"] > 0).sum()),
                ),
                *further_lines,
            ),
            tables=(
                context.shown("together", title, shown.reset_index(drop=True), columns, "code_cooccurrence"),
                *further,
            ),
            footnotes=context.footnotes("coded_together", "coded_pairs"),
        )
    ]
