"""The sheets Trend and Panel: every share over all waves, and who of the panel moved where."""

from typing import Any

import pandas as pd

from survey.document import Chart, Column, Sheet, Table
from survey.report.waves.context import WavesContext
from survey.report.waves.summary import about_both, between, reliable_notes, title_of_changes


def _trend_rows(context: WavesContext) -> tuple[list[dict[str, Any]], list[Chart]]:
    """A head and a row per share of every question that two waves can be compared in, and its chart."""
    rows: list[dict[str, Any]] = []
    charts: list[Chart] = []
    changes = {(row["question"], row["item"]): row for row in context.changes.to_dict("records")}
    for name, own in context.series.groupby("question", sort=False):
        if own["proportion"].notna().groupby(own["place"]).any().sum() < 2:
            continue
        question = context.instrument.question(str(name))
        head: dict[str, Any] = {
            "section": True,
            "question": name,
            "item": "",
            "label": context.section_text(question),
        }
        head |= {
            f"w{place}": own.loc[own["place"] == place, "base"].max()
            for place in range(1, len(context.waves) + 1)
        }
        rows.append(head)
        first = len(rows)
        for item, part in own.groupby("item", sort=False):
            change = changes.get((str(name), str(item)), {})
            row = {"section": False, "question": name, "item": item, "label": part["label"].iloc[0]}
            row |= {
                f"w{place}": share for place, share in zip(part["place"], part["proportion"], strict=True)
            }
            for key in ("difference", "p_adjusted", "gained", "lost"):
                row[key] = change.get(key)
            row["between"] = between(context, change) if change.get("ci_low") is not None else ""
            row["marks"] = change.get("mark", "")
            row["why"] = str(change.get("note", "")) if change.get("reason") == "not_comparable" else ""
            rows.append(row)
        places = range(first, len(rows))
        accent = tuple(at - first for at in places if rows[at]["marks"])
        charts.append(_chart(context, question.named(context.lang), first, len(rows) - first, accent))
    return rows, charts


def trend_sheets(context: WavesContext) -> list[Sheet]:
    """Every share that may be compared, question by question, a column per wave and the last change."""
    rows, charts = _trend_rows(context)
    if not rows:
        return []
    frame = pd.DataFrame(rows)
    columns = [Column("label", context.say("waves_col_share"))]
    for place, label in enumerate(context.labels, 1):
        ids = {"place": str(place)}
        columns.append(
            Column(
                f"w{place}",
                label,
                "share",
                result="wave_series",
                ids=ids,
                measures=("proportion",),
                part="waves",
            )
        )
    columns += [
        Column("difference", context.say("waves_col_since"), "points", marks="marks", part="change"),
        Column("between", context.say("waves_col_interval", level=context.percent_level), "range",
               measures=("ci_low", "ci_high"), part="change"),
    ]  # fmt: skip
    if len(context.pair.rows):
        columns += [
            Column(key, context.say(f"waves_col_{key}"), "count", part="panel") for key in ("gained", "lost")
        ]
    if (frame["why"].fillna("") != "").any():
        columns.append(Column("why", context.say("waves_col_why")))
        frame["why"] = frame["why"].fillna("")
    for key in ("between", "marks"):
        frame[key] = frame[key].fillna("")
    title = context.say("waves_trend_title", first=context.labels[0], last=context.labels[-1])
    table = Table(
        "trend", title, context.say("waves_trend_base"), frame, tuple(columns), "wave", filtered=False
    )
    notes = reliable_notes(context)
    if len(context.pair.rows):
        notes += context.footnotes("waves_panel")
    sheet = context.say("sheet_trend")
    return [Sheet(sheet, title_of_changes(context), tables=(table,), charts=tuple(charts), footnotes=notes)]


def _chart(context: WavesContext, name: str, first: int, rows: int, accent: tuple[int, ...]) -> Chart:
    """The shares of a question, a bar for each wave."""
    key = "waves_chart_changed" if accent else "waves_chart_same"
    title = context.say(key, name=name, count=len(accent))
    series = tuple(f"w{place}" for place in range(1, len(context.waves) + 1))
    alt = context.say("waves_chart_alt", name=name, waves=context.listed(context.labels))
    waves = context.say("waves_arrow").join(context.labels)
    subtitle = context.say("waves_chart_subtitle", waves=waves)
    place: dict[str, Any] = {"table": "trend", "first": first, "rows": rows}
    return Chart(f"trend_{first}", "bar", title, "label", series, alt, subtitle=subtitle, **place)


def panel_sheets(context: WavesContext) -> list[Sheet]:
    """Who of the panel moved where."""
    moves = context.moves
    if moves.empty:
        return []
    stayed = int(moves.loc[moves["earlier_code"] == moves["code"], "n"].sum())
    whole = int(moves["n"].sum())
    title = context.say("waves_panel_title", share=context.percent(stayed, whole))
    columns = (
        Column("item_label", context.say("waves_col_question")),
        Column("earlier_label", context.say("waves_col_then", wave=context.labels[-2])),
        Column("label", context.say("waves_col_now", wave=context.labels[-1])),
        Column("n", context.say("waves_col_n"), "count"),
        Column("base", context.say("waves_col_of"), "count"),
        Column("proportion", context.say("waves_col_part"), "share", bar=True),
    )
    base = about_both(context, len(context.pair.rows))
    table = Table("transitions", title, base, moves.reset_index(drop=True), columns, "transition")
    notes = context.footnotes("waves_panel")
    return [Sheet(context.say("sheet_panel"), title, base_text=base, tables=(table,), footnotes=notes)]
