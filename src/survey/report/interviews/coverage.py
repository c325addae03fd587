"""Matrices, cases, the published codebook, the map, saturation, and what goes together."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.document import Column, Picture, Sheet
from survey.interviews.counting import LEVELS
from survey.report.interviews.context import InterviewPlan

if TYPE_CHECKING:
    from survey.instrument.interview_schemas import Subtheme

_MOST_PICTURED = 40  # people in the picture of a matrix


def matrices(plan: InterviewPlan) -> list[Sheet]:
    """Units by participant, once for codes, for subthemes, and for themes and aims together."""
    return [
        _matrix(plan, "codes", ("code",)),
        _matrix(plan, "subthemes", ("subtheme",)),
        _matrix(plan, "themes", ("theme", "aim")),
    ]


def _matrix(plan: InterviewPlan, name: str, levels: tuple[str, ...]) -> Sheet:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for level in levels:
        total = plan.compared(level)
        for row in total[total["group"] == ""].to_dict("records"):
            kept = {name: row[name] for name in ("code", "label", "n", "base", "n_quotations")}
            rows[level, row["code"]] = {"level": plan.say(f"coded_level_{level}"), **kept, "silent": []}
        for cell in plan.matrix(level).itertuples():
            line = rows[level, cell.code]
            line[f"person_{cell.participant}"] = cell.n_quotations
            if not cell.present:
                line["silent"].append(cell.participant)
    data = pd.DataFrame([row | {"silent": plan.listed(row["silent"])} for row in rows.values()])
    group_of = plan.segments.participants["group"]
    people = [Column(f"person_{one}", _headed(plan, str(one), group_of[one]), "count") for one in plan.people]
    columns = [
        plan.column("label"),
        *([plan.column("level")] if len(levels) > 1 else []),
        plan.column("code"),
        plan.column("n", "count"),
        plan.column("base", "count"),
        plan.column("n_quotations", "count"),
        *people,
        plan.column("silent"),
    ]
    title = plan.say(f"coded_title_matrix_{name}")
    table = plan.shown(f"matrix_{name}", title, data, columns)
    return Sheet(
        plan.say(f"coded_sheet_{name}"),
        title,
        base_text=plan.base_text,
        lines=(plan.say("coded_matrix_line"),),
        tables=(table,),
        notes=(plan.say("coded_note_subtheme"),) if name == "codes" else (plan.say("coded_note_roll_up"),),
        pictures=(matrix_picture(plan, levels[0]),) if len(levels) == 1 else (),
    )


def _headed(plan: InterviewPlan, person: str, group: object) -> str:
    """A participant as a heading, with the group where the pseudonym does not begin with it."""
    if pd.isna(group) or person.startswith(str(group)):
        return person
    return f"{person}{plan.say('in_brackets', text=group)}"


def matrix_picture(plan: InterviewPlan, level: str) -> Picture:
    """Who spoke to what, as a grid."""

    def draw() -> Picture:
        frame = plan.matrix(level)
        kept = {person: place for place, person in enumerate(plan.people[:_MOST_PICTURED])}
        frame = frame[frame["participant"].isin(kept)]
        frame = frame.sort_values("participant", key=lambda names: names.map(kept), kind="stable")
        words = dict(plan.picture_words)
        if len(kept) < plan.size:
            words["more"] = plan.say("coded_picture_more", shown=len(kept), size=plan.size)
        title = plan.say(f"coded_picture_matrix_{level}")
        total = plan.compared(level)
        total = total[total["group"] == ""]
        most = total.sort_values("n", ascending=False, kind="stable").head(1)
        alt = " ".join(
            [plan.say("coded_alt_matrix", rows=len(total), columns=len(kept))]
            + [
                plan.say("coded_alt_most", label=row.label, n=row.n, base=row.base)
                for row in most.itertuples()
            ]
        )
        counts = {row.code: (row.n, row.base) for row in total.itertuples()}
        return Picture(f"matrix_{level}", "code_matrix", frame, alt, title, words, {"total": counts})

    picture: Picture = plan._once("matrix_picture", level, draw)
    return picture


def cases(plan: InterviewPlan) -> list[Sheet]:
    """All groups side by side for each code, subtheme, theme and aim."""
    places = {"": "all", **{group: f"group_{number}" for number, group in enumerate(plan.groups, 1)}}
    values = ("n", "base", "proportion", "ci_low", "ci_high", "n_quotations")
    rows = []
    for level in LEVELS:
        by_code: dict[str, dict[str, object]] = {}
        for cell in plan.compared(level).to_dict("records"):
            row = by_code.setdefault(
                cell["code"],
                {"level": plan.say(f"coded_level_{level}"), "code": cell["code"], "label": cell["label"]},
            )
            row |= {f"{places[cell['group']]}_{value}": cell[value] for value in values}
            if not cell["group"]:
                row |= {"reason": cell["reason"], "note": cell["note"]}
        rows += list(by_code.values())
    data = pd.DataFrame(rows)
    columns = [plan.column("label"), plan.column("level"), plan.column("code")]
    for group, place in places.items():
        name = group or plan.say("coded_all")
        columns += [
            Column(
                f"{place}_{value}",
                plan.say(
                    "coded_col_of", group=name, what=plan.say(f"coded_col_{value}", level=plan.percent_level)
                ),
                "share" if value in ("proportion", "ci_low", "ci_high") else "count",
            )
            for value in values
        ]
    columns.append(plan.column("note"))
    title = plan.say("coded_title_cases")
    return [
        Sheet(
            plan.say("coded_sheet_cases"),
            title,
            base_text=plan.base_text,
            lines=(plan.purposive, plan.say("coded_cases_line", level=plan.percent_level)),
            tables=(plan.shown("cases", title, data, columns),),
        )
    ]


def published(plan: InterviewPlan) -> list[Sheet]:
    """The codebook as published against its evidence: what rests on several people, on one, on nobody."""
    evidence = plan.evidence
    names = [f"group_{number}" for number in range(1, len(plan.groups) + 1)]
    by_group: dict[tuple[str, str, str], int] = {}
    for level in LEVELS:
        frame = plan.compared(level)
        for name, group in zip(names, plan.groups, strict=True):
            inside = frame[frame["group"] == group]
            by_group |= {(level, code, name): n for code, n in zip(inside["code"], inside["n"], strict=True)}
    data = evidence.assign(
        level=[plan.say(f"coded_level_{level}") for level in evidence["level"]],
        verdict=[plan.say(f"coded_verdict_{one.replace(' ', '_')}") for one in evidence["verdict"]],
        **{
            name: [
                by_group[level, code, name]
                for level, code in zip(evidence["level"], evidence["code"], strict=True)
            ]
            for name in names
        },
    )
    bases = plan.segments.bases
    columns = [
        plan.column("label"),
        plan.column("level"),
        plan.column("code"),
        *([plan.column("published")] if plan.has_published else []),
        plan.column("verdict"),
        plan.column("n", "count"),
        plan.column("base", "count"),
        *(
            Column(name, plan.say("coded_col_people_of", group=group, base=bases[group]), "count")
            for name, group in zip(names, plan.groups, strict=True)
        ),
        plan.column("n_undisputed", "count"),
        plan.column("n_quotations", "count"),
        plan.column("n_segments", "count"),
        plan.column("participants"),
        plan.column("note"),
    ]
    title = plan.say("coded_title_published")
    counts = (_published_line(plan),) if plan.has_published else ()
    return [
        Sheet(
            plan.say("coded_sheet_published" if plan.has_published else "coded_sheet_evidence"),
            title,
            base_text=plan.base_text,
            lines=(*counts, plan.say("coded_published_line")),
            tables=(plan.shown("published_codebook", title, data, columns),),
            notes=(plan.say("coded_note_undisputed"),),
        )
    ]


def _published_line(plan: InterviewPlan) -> str:
    """How many codes, subthemes, themes and aims are published, and how many of them have evidence."""
    parts = []
    for level in LEVELS:
        frame = plan.evidence[(plan.evidence["level"] == level) & plan.evidence["published"].eq(True)]
        found = int((frame["n_segments"] > 0).sum())
        parts.append(plan.say(f"coded_count_{level}", count=len(frame), found=found))
    return plan.say("coded_published_counts", parts=plan.listed(parts))


# -- the map ---------------------------------------------------------------------------------------------


def thematic_map(plan: InterviewPlan) -> list[Sheet]:
    """The codebook as a tree, each part with the people and quotations behind it."""
    title = plan.say("coded_title_map")
    columns = [
        *(plan.column(f"{level}_label", heading=plan.say(f"coded_level_{level}")) for level in LEVELS[::-1]),
        plan.column("n", "count"),
        plan.column("base", "count"),
        plan.column("n_quotations", "count"),
    ]
    data = _tree(plan)
    table = plan.shown("thematic_map", title, data.drop(columns="groups"), columns)
    return [
        Sheet(
            plan.say("coded_sheet_map"),
            title,
            base_text=plan.base_text,
            tables=(table,),
            notes=(plan.say("coded_note_subtheme"),),
            pictures=(map_picture(plan),),
        )
    ]


def _tree(plan: InterviewPlan) -> pd.DataFrame:
    """One row per part of the codebook, from aims down, each code under its subtheme."""
    book = plan.codebook
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for level in LEVELS:
        for row in plan.compared(level).itertuples():
            cells.setdefault((level, row.code), {})[row.group] = row
    rows: list[dict[str, object]] = []

    def add(level: str, one: "Subtheme", **above: str) -> None:
        own = cells[level, one.id]
        rows.append(
            {
                "level": level,
                "code": one.id,
                "label": one.said(plan.lang),
                **{f"{name}_label": "" for name in LEVELS},
                **above,
                f"{level}_label": one.said(plan.lang),
                "n": own[""].n,
                "base": own[""].base,
                "n_quotations": own[""].n_quotations,
                "groups": tuple(own[group].n for group in plan.groups),
            }
        )

    for aim in book.aims:
        add("aim", aim)  # type: ignore[arg-type]
        named = {"aim_label": aim.said(plan.lang)}
        for theme in (one for one in book.themes if one.aim == aim.id):
            add("theme", theme, **named)  # type: ignore[arg-type]
            of_theme = named | {"theme_label": theme.said(plan.lang)}
            for subtheme in (one for one in book.subthemes if one.theme == theme.id):
                add("subtheme", subtheme, **of_theme)
                of_subtheme = of_theme | {"subtheme_label": subtheme.said(plan.lang)}
                for code in (one for one in book.codes if one.subtheme == subtheme.id):
                    add("code", code, **of_subtheme)  # type: ignore[arg-type]
    return pd.DataFrame(rows)


def map_picture(plan: InterviewPlan) -> Picture:
    """The thematic map, sized by how many people stand behind each part."""

    def draw() -> Picture:
        data = _tree(plan)
        themes = data[data["level"] == "theme"]
        told = plan.say("item_separator").join(
            f"{row.label} {row.n}/{row.base}" for row in themes.itertuples()
        )
        alt = plan.say("coded_alt_map", themes=told)
        words = plan.picture_words | {"note": plan.say("coded_picture_map_note")}
        title = plan.say("coded_title_map")
        return Picture("thematic_map", "thematic_map", data, alt, title, words, {"groups": plan.groups})

    picture: Picture = plan._once("map_picture", "", draw)
    return picture


# -- saturation ------------------------------------------------------------------------------------------


def saturation_sheet(plan: InterviewPlan) -> list[Sheet]:
    """New codes per interview, and the points of saturation under several settings."""
    found = plan.saturation
    settings = {
        "base_size": found.base_size,
        "run_length": found.run_length,
        "threshold": f"{100 * found.threshold:.3g} %",
    }
    key = "coded_saturation_all" if found.exact else "coded_saturation_drawn"
    orders = plan.say(key, draws=found.draws, seed=found.seed)
    curve_columns = [
        plan.column("participant"),
        plan.column("interview", "count"),
        plan.column("new", "count"),
        plan.column("cumulative", "count"),
        plan.column("ratio", "share"),
        plan.column("mean_new", "number"),
        plan.column("mean_cumulative", "number"),
        plan.column("low_cumulative", "count"),
        plan.column("high_cumulative", "count"),
        plan.column("share_reached", "share"),
    ]
    point_columns = [
        plan.column("setting"),
        plan.column("base_size", "count"),
        plan.column("run_length", "count"),
        plan.column("threshold", "share"),
        plan.column("base_codes", "count"),
        plan.column("reached", "count"),
        plan.column("stops_at", "count"),
        plan.column("share_reached", "share"),
        plan.column("median", "count"),
        plan.column("low", "count"),
        plan.column("high", "count"),
        plan.column("note"),
    ]
    title, points_title = plan.say("coded_title_saturation"), plan.say("coded_title_saturation_points")
    curve = plan.shown("saturation", title, found.curve, curve_columns, "saturation")
    settings_of = zip(*(found.points[name] for name in ("base_size", "run_length", "threshold")), strict=True)
    named = [f"{base}+{run}, {100 * limit:.3g} %" for base, run, limit in settings_of]
    points = plan.shown("saturation_points", points_title, found.points.assign(setting=named), point_columns)
    notes = (plan.say("coded_note_saturation"), plan.say("coded_note_order"), plan.say("coded_note_subtheme"))
    return [
        Sheet(
            plan.say("coded_sheet_saturation"),
            title,
            base_text=plan.base_text,
            lines=(plan.say("coded_saturation_line", **settings), orders),
            tables=(curve,),
            notes=notes,
            pictures=(saturation_picture(plan),),
        ),
        Sheet(
            plan.say("coded_sheet_saturation_points"),
            points_title,
            base_text=plan.base_text,
            lines=(plan.say("coded_points_line"), orders),
            tables=(points,),
            notes=notes[:2],
        ),
    ]


def saturation_picture(plan: InterviewPlan) -> Picture:
    """The curve of codes over interviews."""

    def draw() -> Picture:
        found = plan.saturation
        alt = plan.say("coded_alt_saturation_none")
        if len(found.curve):
            half = found.curve["cumulative"].max() / 2
            middle = found.curve[found.curve["cumulative"] >= half].iloc[0]
            last = found.curve.iloc[-1]
            alt = plan.say(
                "coded_alt_saturation",
                codes=int(last["cumulative"]),
                interviews=int(last["interview"]),
                half=int(middle["cumulative"]),
                at=int(middle["interview"]),
            )
        words = plan.picture_words | {
            name: plan.say(f"coded_picture_{name}")
            for name in ("interviews", "codes", "given", "mean", "band", "new", "reached")
        }
        reached = found.points.iloc[0]["reached"]
        title = plan.say("coded_title_saturation")
        return Picture("saturation", "saturation", found.curve, alt, title, words, {"reached": reached})

    picture: Picture = plan._once("saturation_picture", "", draw)
    return picture


def together(plan: InterviewPlan) -> list[Sheet]:
    """Codes that the same people speak to, the commonest pairs first."""
    found = plan.pairs
    least = min(2, found["n"].max()) if len(found) else 0  # one person alone with both says little
    shown = found[(found["n"] >= least) & (found["n"] > 0)].sort_values(
        ["n", "jaccard"], ascending=False, kind="stable"
    )
    columns = [
        plan.column("label"),
        plan.column("other_label"),
        plan.column("n", "count", plan.say("coded_col_both")),
        plan.column("n_code", "count"),
        plan.column("n_other", "count"),
        plan.column("base", "count"),
        plan.column("jaccard", "number"),
        plan.column("phi", "number"),
        plan.column("note"),
    ]
    title = plan.say("coded_title_together")
    return [
        Sheet(
            plan.say("coded_sheet_together"),
            title,
            base_text=plan.base_text,
            lines=(
                plan.say(
                    "coded_together_line",
                    pairs=len(found),
                    shown=len(shown),
                    some=int((found["n"] > 0).sum()),
                ),
            ),
            tables=(
                plan.shown("together", title, shown.reset_index(drop=True), columns, "code_cooccurrence"),
            ),
            notes=(plan.say("coded_note_together"), plan.say("coded_note_subtheme")),
        )
    ]
