"""The sheets of the report of waves: Summary, Trend, Panel, Data and Notes."""

from typing import Any

import pandas as pd

from survey.counts.row_counts import RowCounts
from survey.document import Chart, Column, Key, Picture, Sentence, Sheet, Table
from survey.messages import message
from survey.report.waves.context import WavesContext
from survey.statistics.equivalence import EQUIVALENT, NEGLIGIBLE, points
from survey.statistics.fallbacks import LEAST_DIFFERENCE, leads_with_effects
from survey.statistics.wave_pairs import NOT_COMPARABLE

_MOST_SHOWN, _MOST_NAMED = 10, 4
_MOST_DOTS = 24  # of all waves in the picture, which must fit a slide


def wave_sheets(context: WavesContext) -> tuple[Sheet, ...]:
    """All sheets in their order; none that has nothing to show."""
    return (*_summary(context), *_trend(context), *_panel(context), *_data(context), *_notes(context))


# -- Summary -----------------------------------------------------------------------------------------------


def _summary(context: WavesContext) -> list[Sheet]:
    footnotes = _reliable_notes(context)
    shown = _shown(context)
    return [
        Sheet(
            context.say("sheet_summary"),
            _title(context),
            subtitle=_about(context),
            findings=tuple(_findings(context)),
            tables=(_change_table(context, shown),) if len(shown) else (),
            pictures=(_slopes(context, shown),) if len(shown) else (),
            footnotes=(*footnotes, *context.footnotes(f"waves_variance{context.by_weight}")),
            one_page=True,
        )
    ]


def _shown(context: WavesContext) -> pd.DataFrame:
    """The shares of the first screen: what changed reliably, then the largest other changes."""
    others = context.comparable[context.comparable["mark"] == ""]
    order = others["difference"].abs().sort_values(ascending=False, kind="stable").index
    frames = [frame for frame in (context.reliable, others.loc[order]) if len(frame)]
    if not frames:
        return context.comparable
    return pd.concat(frames, ignore_index=True).head(
        max(_MOST_SHOWN // 2, min(_MOST_SHOWN, _MOST_DOTS // len(context.waves)))
    )


def _reliable_notes(context: WavesContext) -> tuple[int, ...]:
    """What is called reliable; among very many respondents, that small changes are not."""
    notes = context.footnotes("waves_reliable", alpha=f"{100 * (1 - context.confidence):.3g}%")
    if leads_with_effects(len(context.waves[-1])):
        notes += context.footnotes("waves_small", least=f"{100 * LEAST_DIFFERENCE:g}")
    return notes


def _title(context: WavesContext) -> Sentence:
    """The largest change that a test supports, or that there is none."""
    then = context.labels[-2]
    if not len(context.comparable):
        return context.sentence("waves_title_nothing", wave=then)
    if not len(context.reliable):
        keys = [_key(row, "difference") for row in context.comparable.to_dict("records")]
        key = "waves_title_none" if context.comparable["p_value"].notna().any() else "waves_title_untested"
        return context.sentence(key, *keys, wave=then)
    row = context.reliable.iloc[0].to_dict()
    key = "waves_title_up" if row["difference"] > 0 else "waves_title_down"
    return context.sentence(
        key, _key(row, "difference"), name=_name(row), wave=then, **_percents(context, row)
    )


def _key(row: dict[str, Any], measure: str) -> Key:
    return Key("wave", (row["question"], row["item"]), measure)


def _name(row: dict[str, Any]) -> str:
    return str(row["brief"])


def _percents(context: WavesContext, row: dict[str, Any]) -> dict[str, str]:
    """Both shares in whole percent."""
    return {name: context.percent_of(row, side) for name, side in (("now", ""), ("then", "other_"))}


def _about(context: WavesContext) -> str:
    """How many answered in each wave, and how many in both."""
    parts = [
        _about_wave(context, label, RowCounts(wave))
        for label, wave in zip(context.labels, context.waves, strict=True)
    ]
    if both := len(context.pair.rows):
        parts.append(_about_both(context, both))
    unweighted = [] if context.weighted else [context.say("about_unweighted")]
    return context.say("about_separator").join([*parts, *unweighted])


def _about_wave(context: WavesContext, label: str, counts: RowCounts) -> str:
    """How many answered in a wave, and with weights how many of equal weight these are worth."""
    about = context.say("waves_about", wave=label, count=len(counts))
    if not counts.weighted:
        return about
    return about + context.say("waves_about_weighted", effective=f"{counts.effective_base:.0f}")


def _about_both(context: WavesContext, both: int) -> str:
    """How many answered both times; of several waves, in the last two."""
    return context.say("waves_about_both" if len(context.waves) == 2 else "waves_about_last", count=both)


def _findings(context: WavesContext) -> list[Sentence]:
    """How many shares changed, which most, who is in both, and what may not be compared."""
    frame, reliable = context.comparable, context.reliable
    lines: list[Sentence] = []
    if len(frame):
        keys = [_key(row, "difference") for row in frame.to_dict("records")]
        rose = int((reliable["difference"] > 0).sum())
        tested = frame["p_value"].notna().any()
        key = "waves_find_count" if len(reliable) else "waves_find_none" if tested else "waves_find_untested"
        values = {"all": len(frame), "count": len(reliable), "rose": rose, "fell": len(reliable) - rose}
        lines.append(context.sentence(key, *keys, **values))
        if context.equivalent_within is not None:
            same = int(frame["verdict"].isin((EQUIVALENT, NEGLIGIBLE)).sum())
            within = points(context.equivalent_within)
            lines.append(
                context.sentence("waves_find_same", *keys, count=same, all=len(frame), within=within)
            )
    for row in reliable.iloc[1:3].to_dict("records"):
        key = "waves_find_up" if row["difference"] > 0 else "waves_find_down"
        lines.append(
            context.sentence(key, _key(row, "difference"), name=_name(row), **_percents(context, row))
        )
    code, _ = context.pair.remark_in(context.lang)
    if code:
        lines.append(context.sentence(f"waves_find_{code}"))
    elif both := len(context.pair.rows):
        smaller = min(len(wave) for wave in context.waves[-2:])
        lines.append(context.sentence("waves_find_both", count=both, smaller=smaller))
    else:
        lines.append(context.sentence("waves_find_no_common_id"))
    lines += [
        context.sentence(f"waves_find_blocked_{kind}", count=len(names), names=_first_names(context, names))
        for kind, names in _blocked(context).items()
        if names
    ]
    return lines


def _blocked(context: WavesContext) -> dict[str, list[str]]:
    """The questions that are not compared: asked in one wave alone, asked otherwise, or a part of them."""
    once = message("note_not_comparable", context.lang, why=message("why_one_wave", context.lang))
    kinds: dict[str, list[str]] = {"once": [], "otherwise": [], "parts": []}
    for _, own in context.changes.groupby("question", sort=False):
        closed = own["verdict"] == NOT_COMPARABLE
        if closed.any():
            whole = "once" if (own["note"] == once).all() else "otherwise"
            kinds[whole if closed.all() else "parts"].append(str(own["topic"].iloc[0]))
    return kinds


def _first_names(context: WavesContext, names: list[str]) -> str:
    """The first names, and how many more there are."""
    if len(names) <= _MOST_NAMED + 1:
        return context.joined_names(names)
    quoted = [context.say("quoted_name", name=name) for name in names[:_MOST_NAMED]]
    return context.say("waves_names_more", names=context.listed(quoted), count=len(names) - _MOST_NAMED)


def _change_table(context: WavesContext, shown: pd.DataFrame) -> Table:
    """The largest changes: both shares and the difference, with arrows."""
    frame = shown.assign(
        marks=shown["mark"],
        between=[_between(context, row) for row in shown.to_dict("records")],
    )
    now, then = context.labels[-1], context.labels[-2]
    columns = (
        Column("brief", context.say("waves_col_share")),
        Column("other_proportion", then, "share"),
        Column("proportion", now, "share", bar=True),
        Column("difference", context.say("waves_col_change"), "points", marks="marks"),
        Column("between", context.say("waves_col_interval", level=context.percent_level), "range",
               measures=("ci_low", "ci_high")),
    )  # fmt: skip
    title = context.say("waves_table_changes")
    return Table("changes", title, "", frame, columns, "wave", filtered=False)


def _between(context: WavesContext, row: dict[str, Any]) -> str:
    """The limits of a difference in whole points: "+2 to +31"."""
    if row["ci_low"] != row["ci_low"]:
        return ""
    return context.say("waves_between", low=_points(row["ci_low"]), high=_points(row["ci_high"]))


def _points(value: float) -> str:
    text = f"{100 * value:+.0f}"
    return "0" if text in ("+0", "-0") else text.replace("-", "\u2212")


def _slopes(context: WavesContext, shown: pd.DataFrame) -> Picture:
    """The same shares over all waves, each with its interval."""
    ids = [f"{row.question}:{row.item}" for row in shown.itertuples()]
    names = dict(zip(ids, shown["brief"], strict=True))
    series = context.series.assign(row_id=context.series["question"] + ":" + context.series["item"])
    series = series[series["row_id"].isin(ids)]
    series = series.assign(
        row_label=series["row_id"].map(names),
        order=series["row_id"].map({own: at for at, own in enumerate(ids)}),
    ).sort_values(["order", "place"], kind="stable", ignore_index=True)
    accent = [f"{row.question}:{row.item}" for row in context.reliable.itertuples()]
    waves = context.say("waves_arrow").join(context.labels)
    subtitle = context.say("waves_picture_subtitle", waves=waves, level=context.percent_level)
    lines = [
        f"{row['brief']} {_percents(context, row)['then']} \u2192 {_percents(context, row)['now']}"
        for row in shown.head(3).to_dict("records")
    ]
    alt = context.say("waves_picture_alt", lines=context.say("item_separator").join(lines))
    footer = context.say("waves_picture_footer")
    return Picture(
        "slopes",
        "slopes",
        series,
        alt,
        _title(context),
        details={"accent": accent},
        subtitle=subtitle,
        footer=footer,
    )


# -- Trend -------------------------------------------------------------------------------------------------


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
            row["between"] = _between(context, change) if change.get("ci_low") is not None else ""
            row["marks"] = change.get("mark", "")
            row["why"] = str(change.get("note", "")) if change.get("reason") == "not_comparable" else ""
            rows.append(row)
        places = range(first, len(rows))
        accent = tuple(at - first for at in places if rows[at]["marks"])
        charts.append(_chart(context, question.named(context.lang), first, len(rows) - first, accent))
    return rows, charts


def _trend(context: WavesContext) -> list[Sheet]:
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
    notes = _reliable_notes(context)
    if len(context.pair.rows):
        notes += context.footnotes("waves_panel")
    sheet = context.say("sheet_trend")
    return [Sheet(sheet, _title(context), tables=(table,), charts=tuple(charts), footnotes=notes)]


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


# -- Panel -------------------------------------------------------------------------------------------------


def _panel(context: WavesContext) -> list[Sheet]:
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
    base = _about_both(context, len(context.pair.rows))
    table = Table("transitions", title, base, moves.reset_index(drop=True), columns, "transition")
    notes = context.footnotes("waves_panel")
    return [Sheet(context.say("sheet_panel"), title, base_text=base, tables=(table,), footnotes=notes)]


# -- Data and Notes ----------------------------------------------------------------------------------------

_NUMBERS = {
    **dict.fromkeys(("n", "base", "other_n", "other_base", "both", "gained", "lost"), "count"),
    **dict.fromkeys(("weighted_n", "weighted_base", "effective_base"), "number"),
    **dict.fromkeys(("other_weighted_n", "other_weighted_base", "other_effective_base"), "number"),
    **dict.fromkeys(("proportion", "other_proportion", "difference", "ci_low", "ci_high"), "value"),
    **dict.fromkeys(("p_value", "p_adjusted", "panel_p", "p_equivalence"), "p"),
}


def _data(context: WavesContext) -> list[Sheet]:
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


def _notes(context: WavesContext) -> list[Sheet]:
    """Every note once; what may not be compared and why; from what the report was made."""
    rows: list[tuple[int | None, str, str]] = [
        (number, note.topic, note.text) for number, note in enumerate(context.notes, 1)
    ]
    for (topic, note), own in context.blocked.groupby(["topic", "note"], sort=False):
        labels = own["brief"].tolist()
        several = len(labels) < len(context.changes[context.changes["topic"] == topic])
        what = context.say("waves_note_items", items=context.listed(labels), why=note) if several else note
        rows.append((None, str(topic), str(what)))
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
