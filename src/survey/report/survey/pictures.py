"""The pictures of a survey's report: each titled with what it shows, made from the frames of the tables."""

from typing import Any

import pandas as pd

from survey.document import Picture, Sentence
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.titles import (
    LEAST_TEXT,
    differences,
    differing_stubs,
    groups_title,
    led_by_effects,
    overlap_share,
    rank_title,
    standing,
)
from survey.statistics.multiple import group_patterns
from survey.tables import has_reason

_TOTAL = ("n", "base", "proportion", "effective_base")  # of all respondents, in each row of a heat map


@once
def importance_picture(context: SurveyContext, battery: Question) -> Picture:
    """Dots with intervals, the highest share on top."""
    table = context.importance(battery)
    order = context.shares(battery)["stub_code"]
    rated = table[(table["base"] > 0).fillna(False)]
    short = battery.named(context.lang)
    alt = context.say("alt_empty", question=short)
    if len(rated):
        best, worst = rated.iloc[0], rated.iloc[-1]
        alt = context.say(
            "alt_importance",
            question=short,
            best=best["label"],
            best_share=context.percent_of(best),
            worst=worst["label"],
            worst_share=context.percent_of(worst),
        )
    subtitle = context.say(
        "picture_of_shares", question=context.section_text(battery), level=context.percent_level
    )
    words = context.picture_words(battery, "share")
    name, title = f"importance_{battery.id}", rank_title(context, battery)
    details = _accent(context, battery)
    footer = _foot(context, title, table) if details else context.source_line(table=table)
    if context.sort_of(battery) != "share":
        table = table.set_index("item", drop=False).loc[order].reset_index(drop=True)
    return Picture(name, "importance", table, alt, title, words, details, subtitle=subtitle, footer=footer)


def _foot(context: SurveyContext, title: Sentence, table: pd.DataFrame) -> str:
    """The foot of a picture whose title and accent rest on the ranks, where they are sure of anything."""
    test = (
        context.say(f"picture_test_ranks{context.by_weight}", level=context.percent_level)
        if title.keys
        else ""
    )
    return context.source_line(test, _least(context) if title.keys else "", table=table)


def _least(context: SurveyContext) -> str:
    """From which difference on something is said to differ, where not the test alone decides."""
    return context.say("picture_least", least=LEAST_TEXT) if led_by_effects(context) else ""


def _accent(context: SurveyContext, question: Question) -> dict[str, list[str]]:
    """The items that bear the accent: those that may rank first, where others may not."""
    places = None if context.minimum else standing(context, question)
    return {"accent": list(places.leaders)} if places and places.trailing else {}


@once
def battery_picture(context: SurveyContext, battery: Question) -> Picture:
    """Diverging stacked bars of all points, in the order of the tables."""
    scale = context.instrument.scale_of(battery)
    short = battery.named(context.lang)
    details = {
        "points": [(point.value, point.said(context.lang)) for point in scale.rated],
        "order": context.shares(battery)["stub_code"].tolist(),
        "items": {item.id: item.said(context.lang) for item in battery.items},
        "top": scale.top,
    }
    alt = context.say("alt_diverging", question=short, items=len(battery.items), points=len(scale.rated))
    words = context.picture_words(battery, "share", "neutral")
    key = "picture_of_ratings" if scale.unrated else "picture_of_answers"
    subtitle = context.say(key, question=short)
    name, data = f"points_{battery.id}", _of_raters(context, battery)
    footer = context.source_line(table=context.shares(battery))
    return Picture(name, "diverging", data, alt, subtitle, words, details, footer=footer)


def _of_raters(context: SurveyContext, battery: Question) -> pd.DataFrame:
    """The points that rate, as shares of those who rated: what the top box is a share of."""
    table = context.frequencies(battery)
    scale = context.instrument.scale_of(battery)
    if not scale.unrated:
        return table
    table = table[table["code"].isin(scale.values)]
    raters = context.importance(battery).set_index("item").loc[table["item"]].reset_index()
    table = table.assign(**{name: raters[name].to_numpy() for name in ("base", "weighted_base")})
    shares = table["weighted_n"] / table["weighted_base"].where(table["weighted_base"] > 0)
    return table.assign(proportion=shares)


@once
def heatmap_picture(context: SurveyContext, stub: Question, banner: Question) -> Picture:
    """Shares of every group, with the bases in the headings."""
    table = context.crosstab(stub, banner)
    noun, short = banner.group_noun(context.lang), stub.named(context.lang)
    filled = table[(table["base"] >= max(1, context.min_base)) & table["n"].notna()]
    alt = context.say("alt_empty", question=short)
    if len(filled):
        row = filled.loc[filled["proportion"].idxmax()]
        alt = context.say(
            "alt_heatmap",
            stub=short,
            noun=noun,
            label=row["stub_label"],
            group=row["banner_label"],
            share=context.percent_of(row),
        )
    if any(has_reason(reason, "suppressed") for reason in table["reason"]):  # the highest may be a hidden one
        alt = context.say("alt_heatmap_hidden", stub=short, noun=noun)
    totals = context.shares(stub)
    details = {
        "total": {
            code: tuple(None if pd.isna(number) else number for number in numbers)
            for code, *numbers in zip(totals["stub_code"], *(totals[name] for name in _TOTAL), strict=True)
        },
        "min_base": context.min_base,
    }
    words = context.picture_words(stub, "all", "share")
    if context.counts.weighted:
        words["cells"] = context.say("picture_cells_weighted")
    title = groups_title(context, banner, stub)
    subtitle = context.say("picture_of_groups", stub=context.section_text(stub), noun=noun)
    name = f"heatmap_{stub.id}_{banner.id}"
    test = context.say(f"picture_test_groups{context.by_weight}") if title.keys else ""
    footer = context.source_line(test, _least(context) if title.keys else "", table=totals)
    return Picture(name, "heatmap", table, alt, title, words, details, subtitle=subtitle, footer=footer)


@once
def overlap_picture(context: SurveyContext, banner: Question) -> Picture:
    """How many respondents are in every combination of groups."""
    details: dict[str, Any] = {"patterns": group_patterns(context.counts, banner)}
    if context.counts.weighted:
        details["weights"] = dict(group_patterns(context.counts, banner, "w"))
    short, noun = banner.named(context.lang), banner.group_noun(context.lang)
    share = overlap_share(context, banner)
    alt = context.say("alt_empty", question=short)
    if share is not None:
        alt = context.say("alt_overlaps", question=short, share=context.percent_of(share), noun=noun)
    words = context.picture_words(banner, "respondents", "size")
    words["none"] = context.say("word_no_group", noun=noun)
    if context.counts.weighted:
        words["bars"] = context.say("col_weighted_share")
    subtitle = context.say("picture_of_overlaps", question=short)
    name, data = f"overlaps_{banner.id}", context.overlaps(banner)
    footer = context.source_line(table=context.shares(banner))
    return Picture(name, "overlaps", data, alt, subtitle, words, details, footer=footer)


@once
def rank_picture(context: SurveyContext, question: Question) -> Picture:
    """Bars over the places that each item may hold."""
    table = context.ranks(question)
    short, level = question.named(context.lang), context.percent_level
    table = table[table["marginal_low"].notna()]
    alt = context.say("alt_empty", question=short)
    if len(table):
        first = table.iloc[0]
        low, high = int(first["marginal_low"]), int(first["marginal_high"])
        items = int(table["rank"].notna().sum())
        alt = context.say("alt_ranks", question=short, label=first["label"], items=items, low=low, high=high)
    words = context.picture_words(question, "rank")
    subtitle = context.say("picture_of_ranks", question=short, level=level)
    title = rank_title(context, question)
    name, footer = f"ranks_{question.id}", _foot(context, title, context.shares(question))
    return Picture(name, "ranks", table, alt, title, words, subtitle=subtitle, footer=footer)


def supported_heatmaps(context: SurveyContext) -> list[Picture]:
    """A heat map of each question on which groups differ."""
    pictures = []
    for banner in context.banners:
        stubs = differing_stubs(context, banner, differences(context, banner))
        pictures += [heatmap_picture(context, stub, banner) for stub in stubs]
    return pictures
