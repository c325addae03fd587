"""Contents and Summary: what is in the report, and what it says in sentences."""

from typing import Any

import pandas as pd

from survey.document import Key, Sentence, Sheet
from survey.instrument import Question
from survey.report.properties import title_lines
from survey.report.survey.context import MET, SurveyContext
from survey.report.survey.crosstabs import group_ratings, heatmap_picture
from survey.report.survey.inference import associated_count, association_lines, rank_text
from survey.report.survey.numbers import number_lines
from survey.report.survey.questions import battery_pictures, mention_sentence
from survey.statistics.crosstabs import group_label
from survey.statistics.multiple import group_patterns
from survey.tables import IDS


def contents(context: SurveyContext) -> list[Sheet]:
    """The first sheet; the writer adds the linked list of the others."""
    instrument = context.instrument
    lines = [
        context.say("contents_about", count=len(context.responses), instrument=instrument.reference),
        *title_lines(context.about, context.lang),
        context.say("contents_legend", minimum=context.min_base),
        *(_hidden_lines(context) if context.minimum else []),
    ]
    return [Sheet(context.say("sheet_contents"), context.about.title, lines=tuple(lines))]


def _hidden_lines(context: SurveyContext) -> list[str]:
    """That small counts are hidden, what is left out for that, and what cannot be protected."""
    lines = [context.say("protected_about", minimum=context.minimum)]
    if not context.protected.whole:
        lines.append(context.say("protected_in_parts"))
    if context.banner is not None and len(context.crossed) < len(context.stubs):
        lines.append(context.say("protected_no_groups", groups=len(context.banner.groups)))
    if context.protected.exposed or len(context.responses) < context.minimum:
        lines.append(context.say("protected_exposed", total=len(context.responses)))
    return lines


def summary(context: SurveyContext) -> list[Sheet]:
    """Findings as sentences, each with its numbers, bases and intervals, and the pictures that matter.

    Where cells are hidden: the sentences that need no hidden number, and of what is protected only.
    """
    lines = [line for battery in context.batteries for line in _battery_lines(context, battery)]
    for question in context.instrument.questions:
        if question.kind == "single":
            lines += _single_lines(context, question)
        elif question.kind == "multiple":
            lines += _multiple_lines(context, question)
    lines += _group_lines(context)
    if not context.minimum:
        lines += _further_lines(context)
    pictures = list(battery_pictures(context, context.batteries[0])) if context.batteries else []
    crossed = [stub for stub in context.crossed if stub.kind == "multiple"]
    pictures += [heatmap_picture(context, stub) for stub in crossed[:1]]
    total = context.say("summary_base", total=len(context.responses))
    return [
        Sheet(
            context.say("sheet_summary"),
            context.say("summary_title"),
            base_text=context.sentences(total, context.only_text),
            lines=tuple(lines),
            notes=(
                context.say("note_rounding"),
                context.say("note_interval", level=context.percent_level),
                *context.hidden_note(),
            ),
            pictures=tuple(pictures),
        )
    ]


def _group_lines(context: SurveyContext) -> list[str]:
    """How the groups of the banner overlap and differ."""
    lines: list[str] = []
    if context.banner is not None and not context.minimum:
        lines += _overlap_lines(context, context.banner)
        lines += association_lines(context)
    for stub in context.crossed:
        if asked(context, stub):
            lines += crosstab_lines(context, stub)
            lines += _column_lines(context, stub) if context.compare == "columns" else []
            lines += (
                _group_rating_lines(context, stub) if stub.kind == "rating" and not context.minimum else []
            )
    return lines


def _further_lines(context: SurveyContext) -> list[str]:
    """Numbers, open answers, published figures, and what was noticed about the data."""
    questions = context.instrument.questions
    lines = [line for q in questions if q.kind == "number" for line in number_lines(context, q)]
    loose = [question.named(context.lang) for question in questions if question.kind == "text"]
    if loose:
        names = context.say("item_separator").join(loose)
        lines.append(context.say("summary_not_tabulated", questions=names))
    return [*lines, *_published_lines(context), *_quality_lines(context)]


def _unanswered(context: SurveyContext, question: Question) -> list[str]:
    """Say that there is no answer: nobody gave one, or the question was not asked, which tells of routing."""
    if context.minimum:
        return []
    key = "summary_nobody_answered" if asked(context, question) else "summary_not_asked"
    return [context.say(key, question=question.named(context.lang))]


def asked(context: SurveyContext, question: Question) -> bool:
    """Whether anybody was asked; with no respondents at all it counts as asked."""
    counts = context.counts
    others = (counts.missing_kinds(name)["not_asked"] < len(counts) for name in question.answer_columns)
    return not len(counts) or any(others)


def _battery_lines(context: SurveyContext, battery: Question) -> list[str]:
    table = context.importance(battery)
    if context.minimum and table["n_top"].isna().any():
        return []
    ranked = table[table["base"] > 0]
    if ranked.empty:
        return _unanswered(context, battery)
    lines = [_item_line(context, battery, ranked, row) for _, row in ranked.head(3).iterrows()]
    return lines if context.minimum else [*lines, *_pair_lines(context, battery, ranked)]


def _item_line(context: SurveyContext, battery: Question, ranked: pd.DataFrame, row: Any) -> str:
    """The share of an item, and its rank with what is sure of it; the rank only where nothing is hidden."""
    scale = context.instrument.scale_of(battery)
    values = {
        "battery": battery.named(context.lang),
        "label": row["label"],
        "share": context.share_with_interval(row, "n_top"),
        "top": " / ".join(point.said(context.lang) for point in scale.top_points),
    }
    keys = [Key("importance", (battery.id, item.id), "rank") for item in battery.items]
    keys.append(Key("importance", (battery.id, row["item"]), "proportion"))
    if context.minimum:
        return context.sentence("protected_importance", *keys, **values)
    rank = rank_text(context, battery, row["item"])
    tied = int((ranked["rank"] == row["rank"]).sum())
    if tied > 1:
        rank = context.sentence("summary_tied", rank=rank, tied=tied)
    return context.sentence("summary_importance", *keys, rank=rank, **values)


def _pair_lines(context: SurveyContext, battery: Question, ranked: pd.DataFrame) -> list[str]:
    """How many pairs of items differ, in the top box and over all points, and what the first leads."""
    lines: list[str] = []
    tests = context.items(battery)
    pairs = tests[(tests["test"] == "mcnemar_exact") & tests["p_value"].notna()]
    if len(pairs):
        differ = pairs[pairs["p_adjusted"] < 1 - context.confidence]
        values = {"pairs": len(pairs), "differ": len(differ), "battery": battery.named(context.lang)}
        key = "summary_pairs" if len(differ) else "summary_pairs_none"
        lines.append(context.sentence(key, _count_key("pairs", battery), **values))
        lines += _lead_lines(context, battery, ranked, pairs)
    return lines + _rating_pair_lines(context, battery)


def _rating_pair_lines(context: SurveyContext, battery: Question) -> list[str]:
    """How many pairs of items differ over all points of the scale, and which the most; or that none does."""
    table = context.rating_pairs(battery)
    tested = table[table["p_value"].notna()]
    if tested.empty:
        return []
    kept = tested[tested["p_adjusted"] < 1 - context.confidence]
    values = {"battery": battery.named(context.lang), "pairs": len(tested), "differ": len(kept)}
    key = _count_key("rating_pairs", battery)
    if kept.empty:
        return [context.sentence("summary_rating_pairs_none", key, **values)]
    row = kept.loc[kept["effect"].abs().idxmax()]
    items = [battery.part(item).said(context.lang) for item in (row["item"], row["other_item"])]
    higher, lower = items if row["effect"] > 0 else items[::-1]
    values |= {"higher": higher, "lower": lower, "effect": f"{abs(row['effect']):.2f}"}
    return [context.sentence("summary_rating_pairs", key, **values, p=_p_text(row["p_adjusted"]))]


def _count_key(what: str, question: Question) -> Key:
    """The key of a count that stands in a sentence only."""
    return Key("sentence", (what, question.id), "value")


def sentence_counts(context: SurveyContext) -> pd.DataFrame:
    """The counts that stand in sentences of the Summary only: one row for each kind and question."""
    rows: list[tuple[str, str, int]] = []
    for battery in context.batteries:
        tests = context.items(battery)
        pairs = tests[(tests["test"] == "mcnemar_exact") & tests["p_value"].notna()]
        differ = pairs["p_adjusted"] < 1 - context.confidence
        rows.append(("pairs", battery.id, int(differ.sum())))
        apart = context.rating_pairs(battery)["p_adjusted"] < 1 - context.confidence
        rows.append(("rating_pairs", battery.id, int(apart.sum())))
        table = context.importance(battery)
        if len(pairs) and table["base"].any():
            rows.append(("apart", battery.id, len(_not_apart(context, table.iloc[0]["item"], pairs))))
    if context.banner is None:
        return pd.DataFrame(rows, columns=["what", "question", "value"])
    if context.banner.kind == "multiple":
        patterns = group_patterns(context.counts, context.banner)
        rows.append(
            ("several", context.banner.id, sum(count for groups, count in patterns if len(groups) > 1))
        )
    for stub in context.stubs:
        rows.append(
            ("cross", stub.id, int((context.crosstab(stub)["p_adjusted"] < 1 - context.confidence).sum()))
        )
        if stub.kind == "rating":
            groups_differ = group_ratings(context, stub)["p_adjusted"] < 1 - context.confidence
            rows.append(("group_ratings", stub.id, int(groups_differ.sum())))
    rows.append(("association", context.banner.id, associated_count(context)))
    return pd.DataFrame(rows, columns=["what", "question", "value"])


def _not_apart(context: SurveyContext, first: str, pairs: Any) -> list[str]:
    """The items from which one cannot be told apart after adjustment."""
    apart = []
    for _, row in pairs.iterrows():
        left, right = row["item"], row["other_item"]
        if first in (left, right) and not row["p_adjusted"] < 1 - context.confidence:
            apart.append(right if left == first else left)
    return apart


def _lead_lines(context: SurveyContext, battery: Question, ranked: Any, pairs: Any) -> list[str]:
    """Say from which items the first-ranked one cannot be told apart: "highest" alone would say too much."""
    first = ranked.iloc[0]["item"]
    apart, key = _not_apart(context, first, pairs), _count_key("apart", battery)
    label = battery.part(first).said(context.lang)
    if not apart:
        return [context.sentence("summary_lead_clear", key, label=label)]
    others = context.say("item_separator").join(battery.part(item).said(context.lang) for item in apart)
    return [context.sentence("summary_lead_unclear", key, label=label, others=others)]


def _single_lines(context: SurveyContext, question: Question) -> list[str]:
    table = context.frequencies(question)
    if table["n"].isna().any():  # hidden
        return []
    if not table["base"].any():
        return _unanswered(context, question)
    parts = context.say("item_separator").join(
        context.say("summary_part", label=row["label"], share=context.share(int(row["n"]), int(row["base"])))
        for _, row in table.iterrows()
    )
    keys = [Key("frequency", (question.id, "", option.id), "proportion") for option in question.options]
    return [context.sentence("summary_single", *keys, question=question.named(context.lang), parts=parts)]


def _multiple_lines(context: SurveyContext, question: Question) -> list[str]:
    table = context.frequencies(question)
    if table["n"].isna().any():  # hidden
        return []
    answered = table[table["base"] > 0].sort_values("n", ascending=False, kind="stable")
    if answered.empty:
        return _unanswered(context, question)
    answered = answered[answered["n"] > 0]
    mentioned: list[str] = [] if context.minimum else [mention_sentence(context, question)]
    if answered.empty:
        return mentioned
    parts = context.say("item_separator").join(
        context.say("summary_part", label=row["label"], share=context.share_with_interval(row))
        for _, row in answered.head(3).iterrows()
    )
    leaders = answered.head(3)
    keys = {
        option.id: Key("frequency", (question.id, "", option.id), "proportion") for option in question.options
    }
    leading = [keys.pop(code) for code in leaders["code"]]
    line = context.sentence("summary_multiple", *leading, question=question.named(context.lang), parts=parts)
    return [line.while_below(leaders["proportion"].min(), keys.values()), *mentioned]


def _overlap_lines(context: SurveyContext, banner: Question) -> list[str]:
    if banner.kind != "multiple":
        return []
    patterns = group_patterns(context.counts, banner)
    several = sum(count for groups, count in patterns if len(groups) > 1)
    base = sum(count for _, count in patterns)
    if not base:
        return []
    noun = banner.group_noun(context.lang)
    key = _count_key("several", banner)
    if not several:
        return [context.sentence("summary_apart", key, base=base, noun=noun)]
    lines: list[str] = [
        context.sentence("summary_several", key, share=context.share(several, base), noun=noun)
    ]
    table = context.overlaps(banner)
    ids = [group.id for group in banner.groups]
    pairs = table[
        [ids.index(a) < ids.index(b) for a, b in zip(table["code"], table["other_code"], strict=True)]
    ]
    if len(pairs) and pairs["n"].max() > 0:
        row = pairs.loc[pairs["n"].idxmax()]
        key = Key("overlap", (banner.id, row["code"], row["other_code"]), "n")
        values = {"label": row["label"], "other": row["other_label"], "n": int(row["n"])}
        lines.append(context.sentence("summary_overlap", key, **values))
    return lines


def crosstab_lines(context: SurveyContext, stub: Question) -> list[Sentence]:
    """Which cells of a cross-tab differ from the rest; only what survives, or that nothing does.

    Where cells are hidden the last sentence says how many took no part.
    """
    assert context.banner is not None
    table = context.crosstab(stub)
    tested = table[table["p_value"].notna()]
    hidden = int(table["n"].isna().sum())
    named = {"stub": stub.named(context.lang), "noun": context.banner.group_noun(context.lang)}
    untested = Key("crosstab", (stub.id, "", context.banner.id, ""), "p_value")
    if tested.empty and hidden:
        return [context.sentence("protected_cross_hidden", untested, **named)]
    names = {**named, "tested": len(tested)}
    if tested.empty:
        return [context.sentence("summary_cross_untested", untested, **names, minimum=context.min_base)]
    kept = tested[tested["p_adjusted"] < 1 - context.confidence].sort_values("p_adjusted", kind="stable")
    if kept.empty:
        names["smallest"] = f"{tested['p_adjusted'].min():.3f}"
        lines = [context.sentence("summary_cross_none", _count_key("cross", stub), **names)]
    else:
        lines = [_cross_sentence(context, row, names) for _, row in kept.iterrows()]
    if hidden:
        lines[-1] = lines[-1].followed_by(f" {context.say('protected_cross_apart', hidden=hidden)}")
    return lines


def _column_lines(context: SurveyContext, stub: Question) -> list[str]:
    """Which two groups differ in a row of the stub; only what survives, or that nothing does."""
    assert context.banner is not None
    table = context.columns(stub)
    tested = table[table["p_value"].notna()]
    names = {
        "stub": stub.named(context.lang),
        "noun": context.banner.group_noun(context.lang),
        "tested": len(tested),
    }
    if tested.empty:
        return []
    kept = tested[tested["letter"] != ""].sort_values("p_adjusted", kind="stable")
    if kept.empty:
        names["smallest"] = f"{tested['p_adjusted'].min():.3f}"
        key = Key("columns", (stub.id, "", context.banner.id, "", ""), "p_adjusted")
        return [context.sentence("summary_columns_none", key, **names)]
    return [_column_sentence(context, row, names) for _, row in kept.iterrows()]


def _column_sentence(context: SurveyContext, row: Any, names: dict[str, Any]) -> Sentence:
    """Two groups that differ in a row of the stub."""
    ids = tuple(str(row[name]) for name in IDS["columns"])
    return context.sentence(
        "summary_columns",
        Key("columns", ids, "p_adjusted"),
        **names,
        label=row["stub_label"],
        group=row["banner_label"],
        share=context.share(int(row["n"]), int(row["base"])),
        other=row["other_label"],
        other_share=context.share(int(row["other_n"]), int(row["other_base"])),
        overlap=int(row["overlap"]),
        level=context.percent_level,
        low=f"{100 * row['ci_low']:+.1f}",
        high=f"{100 * row['ci_high']:+.1f}",
        p=_p_text(row["p_adjusted"]),
    )


def _group_rating_lines(context: SurveyContext, battery: Question) -> list[str]:
    """Which group rates an item higher or lower than the rest, over all points; only what survives."""
    assert context.banner is not None
    table = group_ratings(context, battery)
    tested = table[table["p_value"].notna()]
    if tested.empty:
        return []
    names: dict[str, Any] = {
        "battery": battery.named(context.lang),
        "noun": context.banner.group_noun(context.lang),
    }
    kept = tested[tested["p_adjusted"] < 1 - context.confidence]
    names["tested"] = len(tested)
    if kept.empty:
        names["smallest"] = f"{tested['p_adjusted'].min():.3f}"
        return [context.sentence("summary_group_ratings_none", _count_key("group_ratings", battery), **names)]
    kept = kept.sort_values("p_adjusted", kind="stable")
    return [_group_rating_sentence(context, battery, row, names) for _, row in kept.iterrows()]


def _group_rating_sentence(
    context: SurveyContext, battery: Question, row: Any, names: dict[str, Any]
) -> Sentence:
    """One group that rates an item higher or lower than the rest."""
    assert context.banner is not None
    item, group = row["item"], row["group"]
    ids = tuple(str(row[name]) for name in IDS["test"])
    return context.sentence(
        "summary_group_ratings_higher" if row["effect"] > 0 else "summary_group_ratings_lower",
        Key("test", ids, "p_adjusted"),
        **names,
        label=battery.part(item).said(context.lang),
        group=group_label(context.banner.part(group), context.only, context.lang),
        base=int(row["base"]),
        effect=f"{row['effect']:+.2f}",
        level=context.percent_level,
        low=f"{row['ci_low']:+.2f}",
        high=f"{row['ci_high']:+.2f}",
        p=_p_text(row["p_adjusted"]),
    )


def _cross_sentence(context: SurveyContext, row: Any, names: dict[str, Any]) -> Sentence:
    """One cell that differs from the rest. Holm's p hangs on all cells, so that some of it is always open."""
    ids = tuple(str(row[name]) for name in IDS["crosstab"])
    return context.sentence(
        "summary_cross",
        Key("crosstab", ids, "p_adjusted"),
        **names,
        label=row["stub_label"],
        group=row["banner_label"],
        share=context.share(int(row["n"]), int(row["base"])),
        rest=context.share(int(row["complement_n"]), int(row["complement_base"])),
        level=context.percent_level,
        low=f"{100 * row['difference_low']:+.1f}",
        high=f"{100 * row['difference_high']:+.1f}",
        p=_p_text(row["p_adjusted"]),
    )


def _p_text(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"


def _published_lines(context: SurveyContext) -> list[str]:
    table = context.published
    if table is None:
        return []
    good = table["verdict"].isin(MET)
    lines = [context.say("summary_published", good=int(good.sum()), all=len(table))]
    for _, row in table[~good].iterrows():
        lines.append(context.say("summary_published_miss", finding=row["finding"], note=row["note"]))
    return lines


def _quality_lines(context: SurveyContext) -> list[str]:
    aside = sum(problem.key.startswith("cell_") for problem in context.responses.problems)
    others = len(context.responses.problems) - aside
    lines = []
    if aside:
        lines.append(context.say("summary_set_aside", count=aside))
    if others:
        lines.append(context.say("summary_notices", count=others))
    return lines
