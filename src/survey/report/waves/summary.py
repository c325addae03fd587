"""The first sheet of the report of waves: what changed in the last step, as sentences, table, picture."""

from typing import Any

import pandas as pd

from survey.counts.row_counts import RowCounts
from survey.document import Column, Key, Picture, Sentence, Sheet, Table
from survey.messages import message
from survey.report.waves.context import WavesContext
from survey.statistics.equivalence import EQUIVALENT, NEGLIGIBLE, points
from survey.statistics.fallbacks import LEAST_DIFFERENCE, leads_with_effects
from survey.statistics.wave_pairs import NOT_COMPARABLE

_MOST_SHOWN, _MOST_NAMED = 10, 4
_MOST_DOTS = 24  # of all waves in the picture, which must fit a slide


def summary_sheets(context: WavesContext) -> list[Sheet]:
    """The changes of the last step; of more than two waves it says which step that is."""
    footnotes = reliable_notes(context)
    shown = _shown(context)
    return [
        Sheet(
            context.say("sheet_summary"),
            title_of_changes(context),
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


def reliable_notes(context: WavesContext) -> tuple[int, ...]:
    """What is called reliable; among very many respondents, that small changes are not."""
    notes = context.footnotes("waves_reliable", alpha=f"{100 * (1 - context.confidence):.3g}%")
    if leads_with_effects(len(context.waves[-1])):
        notes += context.footnotes("waves_small", least=f"{100 * LEAST_DIFFERENCE:g}")
    return notes


def title_of_changes(context: WavesContext) -> Sentence:
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
        parts.append(about_both(context, both))
    unweighted = [] if context.weighted else [context.say("about_unweighted")]
    return context.say("about_separator").join([*parts, *unweighted])


def _about_wave(context: WavesContext, label: str, counts: RowCounts) -> str:
    """How many answered in a wave, and with weights how many of equal weight these are worth."""
    about = context.say("waves_about", wave=label, count=len(counts))
    if not counts.weighted:
        return about
    return about + context.say("waves_about_weighted", effective=f"{counts.effective_base:.0f}")


def about_both(context: WavesContext, both: int) -> str:
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
    if len(frame) and (count := len(context.waves)) > 2:
        then, now = context.labels[-2:]
        lines.append(context.sentence("waves_find_last_step", count=count, then=then, now=now))
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
        between=[between(context, row) for row in shown.to_dict("records")],
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


def between(context: WavesContext, row: dict[str, Any]) -> str:
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
    footer = context.caption(context.say("waves_picture_footer"), context.data_note)
    return Picture(
        "slopes",
        "slopes",
        series,
        alt,
        title_of_changes(context),
        details={"accent": accent},
        subtitle=subtitle,
        footer=footer,
    )
