"""Contents and Summary: what is in the report, and what it says in sentences."""

from typing import Any

import pandas as pd

from survey.document import Picture, Sheet
from survey.instrument import Question
from survey.report.survey.context import MET, SurveyContext
from survey.report.survey.crosstabs import group_ratings, heatmap_picture
from survey.report.survey.inference import associated_count, association_lines, rank_text
from survey.report.survey.numbers import number_lines
from survey.report.survey.questions import battery_picture, importance_picture, mention_sentence
from survey.statistics.crosstabs import group_label
from survey.statistics.multiple import group_patterns


def contents(context: SurveyContext) -> list[Sheet]:
    """The first sheet; the writer adds the linked list of the others."""
    instrument = context.instrument
    title = context.responses.provenance.title or instrument.titled(context.lang)
    if context.findings is not None and context.reconstructed:
        title = context.findings.said(context.lang)
    lines = [
        context.say("contents_about", count=len(context.responses), instrument=instrument.reference),
        *(context.say("contents_source", source=source) for source in instrument.sources),
        context.say("contents_legend", minimum=context.min_base),
        *context.open_note(),
        *_verdict_counts(context),
    ]
    return [Sheet(context.say("sheet_contents"), title, lines=tuple(lines))]


def _verdict_counts(context: SurveyContext) -> list[str]:
    """How many results the margins fix, bound and leave open, where that is stored."""
    verdicts = [mark.verdict for found in context.marks.values() for mark in found.values()]
    if not verdicts or not context.as_marked:
        return []
    counts = {name: verdicts.count(name) for name in ("fixed", "bounded", "open")}
    return [context.say("contents_verdicts", all=len(verdicts), **counts)]


def summary(context: SurveyContext) -> list[Sheet]:
    """Findings as sentences, each with its numbers, bases and intervals, and the pictures that matter."""
    lines: list[str] = []
    pictures: list[Picture] = []
    for battery in context.batteries:
        lines += _battery_lines(context, battery)
    if context.batteries:
        pictures.append(importance_picture(context, context.batteries[0]))
        pictures.append(battery_picture(context, context.batteries[0]))
    for question in context.instrument.questions:
        if question.kind == "single":
            lines += _single_lines(context, question)
        elif question.kind == "multiple":
            lines += _multiple_lines(context, question)
    if context.banner is not None:
        lines += _overlap_lines(context, context.banner)
        lines += association_lines(context)
        for stub in context.stubs:
            lines += crosstab_lines(context, stub) if asked(context, stub) else []
            if context.compare == "columns" and asked(context, stub):
                lines += _column_lines(context, stub)
            if stub.kind == "rating" and asked(context, stub):
                lines += _group_rating_lines(context, stub)
        main = next((stub for stub in context.stubs if stub.kind == "multiple"), None)
        if main is not None:
            pictures.append(heatmap_picture(context, main))
    for question in context.instrument.questions:
        if question.kind == "number":
            lines += number_lines(context, question)
    loose = [q.named(context.lang) for q in context.instrument.questions if q.kind == "text"]
    if loose:
        lines.append(
            context.say("summary_not_tabulated", questions=context.say("item_separator").join(loose))
        )
    lines += _verdict_counts(context)
    lines += _published_lines(context)
    lines += _quality_lines(context)
    return [
        Sheet(
            context.say("sheet_summary"),
            context.say("summary_title"),
            base_text=context.sentences(
                context.say("summary_base", total=len(context.responses)), context.only_text
            ),
            lines=tuple(lines),
            notes=(
                context.say("note_rounding"),
                context.say("note_interval", level=context.percent_level),
                *context.open_note(),
            ),
            pictures=tuple(pictures),
        )
    ]


def _unanswered(context: SurveyContext, question: Question) -> str:
    """Say that there is no answer: nobody gave one, or the question was not asked."""
    key = "summary_nobody_answered" if asked(context, question) else "summary_not_asked"
    return context.say(key, question=question.named(context.lang))


def asked(context: SurveyContext, question: Question) -> bool:
    """Whether anybody was asked; with no respondents at all it counts as asked."""
    missing = context.responses.missing[list(question.answer_columns)]
    return not len(missing) or bool((missing != "not_asked").any(axis=None))


def _battery_lines(context: SurveyContext, battery: Question) -> list[str]:
    table = context.importance(battery)
    ranked = table[table["base"] > 0]
    if ranked.empty:
        return [_unanswered(context, battery)]
    scale = context.instrument.scale_of(battery)
    labels = " / ".join(point.said(context.lang) for point in scale.top_points)
    lines = []
    for _, row in ranked.head(3).iterrows():
        rank = rank_text(context, battery, row["item"])
        tied = int((ranked["rank"] == row["rank"]).sum())
        if tied > 1:
            rank = context.say("summary_tied", rank=rank, tied=tied)
        text = context.say(
            "summary_importance",
            label=row["label"],
            share=context.share_with_interval(row, "n_top"),
            top=labels,
            rank=rank,
            battery=battery.named(context.lang),
        )
        lines.append(context.sentence(text, is_open=context.rank_is_open(battery)))
    tests = context.items(battery)
    pairs = tests[(tests["test"] == "mcnemar_exact") & tests["p_value"].notna()]
    if len(pairs):
        differ = pairs[pairs["p_adjusted"] < 1 - context.confidence]
        values = {"pairs": len(pairs), "differ": len(differ), "battery": battery.named(context.lang)}
        text = context.say("summary_pairs" if len(differ) else "summary_pairs_none", **values)
        lines.append(context.sentence(text, mark=_count_mark(context, "pairs", battery)))
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
    mark = _count_mark(context, "rating_pairs", battery)
    if kept.empty:
        return [context.sentence(context.say("summary_rating_pairs_none", **values), mark=mark)]
    row = kept.loc[kept["effect"].abs().idxmax()]
    items = [battery.part(item).said(context.lang) for item in (row["item"], row["other_item"])]
    higher, lower = items if row["effect"] > 0 else items[::-1]
    values |= {"higher": higher, "lower": lower, "effect": f"{abs(row['effect']):.2f}"}
    text = context.say("summary_rating_pairs", **values, p=_p_text(row["p_adjusted"]))
    return [context.sentence(text, mark=mark)]


def _count_mark(context: SurveyContext, what: str, question: Question) -> str:
    """The mark of a count that stands in a sentence only."""
    return context.bracket("sentence", (what, question.id), "value")


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
        patterns = group_patterns(context.responses, context.banner)
        rows.append(
            ("several", context.banner.id, sum(count for groups, count in patterns if len(groups) > 1))
        )
    for stub in context.stubs:
        rows.append(
            ("cross", stub.id, int((context.crosstab(stub)["p_adjusted"] < 1 - context.confidence).sum()))
        )
        if stub.kind == "rating":
            found = group_ratings(context, stub)["p_adjusted"] < 1 - context.confidence
            rows.append(("group_ratings", stub.id, int(found.sum())))
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
    apart, mark = _not_apart(context, first, pairs), _count_mark(context, "apart", battery)
    label = battery.part(first).said(context.lang)
    if not apart:
        return [context.sentence(context.say("summary_lead_clear", label=label), mark=mark)]
    others = context.say("item_separator").join(battery.part(item).said(context.lang) for item in apart)
    return [context.sentence(context.say("summary_lead_unclear", label=label, others=others), mark=mark)]


def _single_lines(context: SurveyContext, question: Question) -> list[str]:
    table = context.frequencies(question)
    base = int(table["base"].max())
    if not base:
        return [_unanswered(context, question)]
    said = context.say("item_separator").join(
        context.say("summary_part", label=row["label"], share=context.share(int(row["n"]), int(row["base"])))
        for _, row in table.iterrows()
    )
    is_open = any(context.is_open(question, option.id) for option in question.options)
    marks = {
        context.bracket("frequency", (question.id, "", option.id), "proportion")
        for option in question.options
    }
    text = context.say("summary_single", question=question.named(context.lang), parts=said)
    return [context.sentence(text, is_open=is_open, mark=marks.pop() if len(marks) == 1 else None)]


def _multiple_lines(context: SurveyContext, question: Question) -> list[str]:
    table = context.frequencies(question)
    answered = table[table["base"] > 0].sort_values("n", ascending=False, kind="stable")
    if answered.empty:
        return [_unanswered(context, question)]
    answered = answered[answered["n"] > 0]
    if answered.empty:
        return [mention_sentence(context, question)]
    said = context.say("item_separator").join(
        context.say("summary_part", label=row["label"], share=context.share_with_interval(row))
        for _, row in answered.head(3).iterrows()
    )
    is_open = context.lead_is_open(question, answered.head(3))
    text = context.say("summary_multiple", question=question.named(context.lang), parts=said)
    return [context.sentence(text, is_open=is_open), mention_sentence(context, question)]


def _overlap_lines(context: SurveyContext, banner: Question) -> list[str]:
    if banner.kind != "multiple":
        return []
    patterns = group_patterns(context.responses, banner)
    several = sum(count for groups, count in patterns if len(groups) > 1)
    base = sum(count for _, count in patterns)
    if not base:
        return []
    noun = banner.group_noun(context.lang)
    if not several:
        text = context.say("summary_apart", base=base, noun=noun)
        return [context.sentence(text, mark=_count_mark(context, "several", banner))]
    text = context.say("summary_several", share=context.share(several, base), noun=noun)
    lines = [context.sentence(text, mark=_count_mark(context, "several", banner))]
    table = context.overlaps(banner)
    ids = [group.id for group in banner.groups]
    pairs = table[
        [ids.index(a) < ids.index(b) for a, b in zip(table["code"], table["other_code"], strict=True)]
    ]
    if len(pairs) and pairs["n"].max() > 0:
        row = pairs.loc[pairs["n"].idxmax()]
        text = context.say("summary_overlap", label=row["label"], other=row["other_label"], n=int(row["n"]))
        mark = context.bracket("overlap", (banner.id, row["code"], row["other_code"]), "n")
        lines.append(context.sentence(text, mark=mark))
    return lines


def crosstab_lines(context: SurveyContext, stub: Question) -> list[str]:
    """Which cells of a cross-tab differ from the rest; only what survives, or that nothing does."""
    assert context.banner is not None
    table = context.crosstab(stub)
    tested = table[table["p_value"].notna()]
    names = {
        "stub": stub.named(context.lang),
        "noun": context.banner.group_noun(context.lang),
        "tested": len(tested),
    }
    if tested.empty:
        return [context.sentence(context.say("summary_cross_untested", **names, minimum=context.min_base))]
    kept = tested[tested["p_adjusted"] < 1 - context.confidence].sort_values("p_adjusted", kind="stable")
    if kept.empty:
        text = context.say("summary_cross_none", **names, smallest=f"{tested['p_adjusted'].min():.3f}")
        return [context.sentence(text, mark=_count_mark(context, "cross", stub))]
    return [_cross_sentence(context, stub, row, names) for _, row in kept.iterrows()]


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
        smallest = f"{tested['p_adjusted'].min():.3f}"
        return [context.sentence(context.say("summary_columns_none", **names, smallest=smallest))]
    return [
        context.sentence(
            context.say(
                "summary_columns",
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
        )
        for _, row in kept.iterrows()
    ]


def _group_rating_lines(context: SurveyContext, battery: Question) -> list[str]:
    """Which group rates an item higher or lower than the rest, over all points; only what survives."""
    assert context.banner is not None
    table = group_ratings(context, battery)
    tested = table[table["p_value"].notna()]
    if tested.empty:
        return []
    names = {"battery": battery.named(context.lang), "noun": context.banner.group_noun(context.lang)}
    kept = tested[tested["p_adjusted"] < 1 - context.confidence]
    if kept.empty:
        smallest = f"{tested['p_adjusted'].min():.3f}"
        text = context.say("summary_group_ratings_none", **names, tested=len(tested), smallest=smallest)
        return [context.sentence(text, mark=_count_mark(context, "group_ratings", battery))]
    lines = []
    for _, row in kept.sort_values("p_adjusted", kind="stable").iterrows():
        item, group = row["item"], row["group"]
        key = "summary_group_ratings_higher" if row["effect"] > 0 else "summary_group_ratings_lower"
        limits = {"low": f"{row['ci_low']:+.2f}", "high": f"{row['ci_high']:+.2f}"}
        said = context.say(
            key,
            **names,
            label=battery.part(item).said(context.lang),
            group=group_label(context.banner.part(group), context.only, context.lang),
            base=int(row["base"]),
            effect=f"{row['effect']:+.2f}",
            level=context.percent_level,
            **limits,
            p=_p_text(row["p_adjusted"]),
            tested=len(tested),
        )
        ids = (battery.id, item, row["by"], group)
        lines.append(context.sentence(said, mark=context.bracket("group_rating", ids, "p_adjusted")))
    return lines


def _cross_sentence(context: SurveyContext, stub: Question, row: Any, names: dict[str, Any]) -> str:
    """One cell that differs from the rest. Holm's p hangs on all cells, so that some of it is always open."""
    ids = (stub.id, row["stub_code"], row["banner"], row["banner_code"])
    return context.sentence(
        mark=context.bracket("crosstab", ids, "p_adjusted"),
        text=context.say(
            "summary_cross",
            **names,
            label=row["stub_label"],
            group=row["banner_label"],
            share=context.share(int(row["n"]), int(row["base"])),
            rest=context.share(int(row["complement_n"]), int(row["complement_base"])),
            level=context.percent_level,
            low=f"{100 * row['difference_low']:+.1f}",
            high=f"{100 * row['difference_high']:+.1f}",
            p=_p_text(row["p_adjusted"]),
        ),
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
