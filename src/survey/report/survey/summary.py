"""Contents and Summary: what is in the report, and what it says in sentences."""

from typing import Any

import pandas as pd

from survey.document import Picture, Sheet
from survey.instrument import Question
from survey.report.survey.context import MET, Plan
from survey.report.survey.crosstabs import group_ratings, heatmap_picture
from survey.report.survey.inference import associated_count, association_lines, rank_text
from survey.report.survey.numbers import number_lines
from survey.report.survey.questions import battery_picture, importance_picture, mention_sentence
from survey.statistics.crosstabs import group_label
from survey.statistics.multiple import group_patterns


def contents(plan: Plan) -> list[Sheet]:
    """The first sheet; the writer adds the linked list of the others."""
    instrument = plan.instrument
    title = plan.responses.provenance.title or instrument.titled(plan.lang)
    if plan.findings is not None and plan.reconstructed:
        title = plan.findings.said(plan.lang)
    lines = [
        plan.say("contents_about", count=len(plan.responses), instrument=instrument.reference),
        *(plan.say("contents_source", source=source) for source in instrument.sources),
        plan.say("contents_legend", minimum=plan.min_base),
        *plan.open_note(),
        *_verdict_counts(plan),
    ]
    return [Sheet(plan.say("sheet_contents"), title, lines=tuple(lines))]


def _verdict_counts(plan: Plan) -> list[str]:
    """How many results the margins fix, bound and leave open, where that is stored."""
    verdicts = [mark.verdict for found in plan.marks.values() for mark in found.values()]
    if not verdicts or not plan.as_marked:
        return []
    counts = {name: verdicts.count(name) for name in ("fixed", "bounded", "open")}
    return [plan.say("contents_verdicts", all=len(verdicts), **counts)]


def summary(plan: Plan) -> list[Sheet]:
    """Findings as sentences, each with its numbers, bases and intervals, and the pictures that matter."""
    lines: list[str] = []
    pictures: list[Picture] = []
    for battery in plan.batteries:
        lines += _battery_lines(plan, battery)
    if plan.batteries:
        pictures.append(importance_picture(plan, plan.batteries[0]))
        pictures.append(battery_picture(plan, plan.batteries[0]))
    for question in plan.instrument.questions:
        if question.kind == "single":
            lines += _single_lines(plan, question)
        elif question.kind == "multiple":
            lines += _multiple_lines(plan, question)
    if plan.banner is not None:
        lines += _overlap_lines(plan, plan.banner)
        lines += association_lines(plan)
        for stub in plan.stubs:
            lines += crosstab_lines(plan, stub) if asked(plan, stub) else []
            if plan.compare == "columns" and asked(plan, stub):
                lines += _column_lines(plan, stub)
            if stub.kind == "rating" and asked(plan, stub):
                lines += _group_rating_lines(plan, stub)
        main = next((stub for stub in plan.stubs if stub.kind == "multiple"), None)
        if main is not None:
            pictures.append(heatmap_picture(plan, main))
    for question in plan.instrument.questions:
        if question.kind == "number":
            lines += number_lines(plan, question)
    loose = [q.named(plan.lang) for q in plan.instrument.questions if q.kind == "text"]
    if loose:
        lines.append(plan.say("summary_not_tabulated", questions=plan.say("item_separator").join(loose)))
    lines += _verdict_counts(plan)
    lines += _published_lines(plan)
    lines += _quality_lines(plan)
    return [
        Sheet(
            plan.say("sheet_summary"),
            plan.say("summary_title"),
            base_text=plan.sentences(plan.say("summary_base", total=len(plan.responses)), plan.only_text),
            lines=tuple(lines),
            notes=(
                plan.say("note_rounding"),
                plan.say("note_interval", level=plan.percent_level),
                *plan.open_note(),
            ),
            pictures=tuple(pictures),
        )
    ]


def _unanswered(plan: Plan, question: Question) -> str:
    """Say that there is no answer: nobody gave one, or the question was not asked."""
    key = "summary_nobody_answered" if asked(plan, question) else "summary_not_asked"
    return plan.say(key, question=question.named(plan.lang))


def asked(plan: Plan, question: Question) -> bool:
    """Whether anybody was asked; with no respondents at all it counts as asked."""
    missing = plan.responses.missing[list(question.answer_columns)]
    return not len(missing) or bool((missing != "not_asked").any(axis=None))


def _battery_lines(plan: Plan, battery: Question) -> list[str]:
    table = plan.importance(battery)
    ranked = table[table["base"] > 0]
    if ranked.empty:
        return [_unanswered(plan, battery)]
    scale = plan.instrument.scale_of(battery)
    labels = " / ".join(point.said(plan.lang) for point in scale.top_points)
    lines = []
    for _, row in ranked.head(3).iterrows():
        rank = rank_text(plan, battery, row["item"])
        tied = int((ranked["rank"] == row["rank"]).sum())
        if tied > 1:
            rank = plan.say("summary_tied", rank=rank, tied=tied)
        text = plan.say(
            "summary_importance",
            label=row["label"],
            share=plan.share_with_interval(row, "n_top"),
            top=labels,
            rank=rank,
            battery=battery.named(plan.lang),
        )
        lines.append(plan.sentence(text, is_open=plan.rank_is_open(battery)))
    tests = plan.items(battery)
    pairs = tests[(tests["test"] == "mcnemar_exact") & tests["p_value"].notna()]
    if len(pairs):
        differ = pairs[pairs["p_adjusted"] < 1 - plan.confidence]
        values = {"pairs": len(pairs), "differ": len(differ), "battery": battery.named(plan.lang)}
        text = plan.say("summary_pairs" if len(differ) else "summary_pairs_none", **values)
        lines.append(plan.sentence(text, mark=_count_mark(plan, "pairs", battery)))
        lines += _lead_lines(plan, battery, ranked, pairs)
    return lines + _rating_pair_lines(plan, battery)


def _rating_pair_lines(plan: Plan, battery: Question) -> list[str]:
    """How many pairs of items differ over all points of the scale, and which the most; or that none does."""
    table = plan.rating_pairs(battery)
    tested = table[table["p_value"].notna()]
    if tested.empty:
        return []
    kept = tested[tested["p_adjusted"] < 1 - plan.confidence]
    values = {"battery": battery.named(plan.lang), "pairs": len(tested), "differ": len(kept)}
    mark = _count_mark(plan, "rating_pairs", battery)
    if kept.empty:
        return [plan.sentence(plan.say("summary_rating_pairs_none", **values), mark=mark)]
    row = kept.loc[kept["effect"].abs().idxmax()]
    items = [battery.part(item).said(plan.lang) for item in (row["item"], row["other_item"])]
    higher, lower = items if row["effect"] > 0 else items[::-1]
    values |= {"higher": higher, "lower": lower, "effect": f"{abs(row['effect']):.2f}"}
    text = plan.say("summary_rating_pairs", **values, p=_p_text(row["p_adjusted"]))
    return [plan.sentence(text, mark=mark)]


def _count_mark(plan: Plan, what: str, question: Question) -> str:
    """The mark of a count that stands in a sentence only."""
    return plan.bracket("sentence", (what, question.id), "value")


def sentence_counts(plan: Plan) -> pd.DataFrame:
    """The counts that stand in sentences of the Summary only: one row for each kind and question."""
    rows: list[tuple[str, str, int]] = []
    for battery in plan.batteries:
        tests = plan.items(battery)
        pairs = tests[(tests["test"] == "mcnemar_exact") & tests["p_value"].notna()]
        differ = pairs["p_adjusted"] < 1 - plan.confidence
        rows.append(("pairs", battery.id, int(differ.sum())))
        apart = plan.rating_pairs(battery)["p_adjusted"] < 1 - plan.confidence
        rows.append(("rating_pairs", battery.id, int(apart.sum())))
        table = plan.importance(battery)
        if len(pairs) and table["base"].any():
            rows.append(("apart", battery.id, len(_not_apart(plan, table.iloc[0]["item"], pairs))))
    if plan.banner is None:
        return pd.DataFrame(rows, columns=["what", "question", "value"])
    if plan.banner.kind == "multiple":
        patterns = group_patterns(plan.responses, plan.banner)
        rows.append(("several", plan.banner.id, sum(count for groups, count in patterns if len(groups) > 1)))
    for stub in plan.stubs:
        rows.append(("cross", stub.id, int((plan.crosstab(stub)["p_adjusted"] < 1 - plan.confidence).sum())))
        if stub.kind == "rating":
            found = group_ratings(plan, stub)["p_adjusted"] < 1 - plan.confidence
            rows.append(("group_ratings", stub.id, int(found.sum())))
    rows.append(("association", plan.banner.id, associated_count(plan)))
    return pd.DataFrame(rows, columns=["what", "question", "value"])


def _not_apart(plan: Plan, first: str, pairs: Any) -> list[str]:
    """The items from which one cannot be told apart after adjustment."""
    apart = []
    for _, row in pairs.iterrows():
        left, right = row["item"], row["other_item"]
        if first in (left, right) and not row["p_adjusted"] < 1 - plan.confidence:
            apart.append(right if left == first else left)
    return apart


def _lead_lines(plan: Plan, battery: Question, ranked: Any, pairs: Any) -> list[str]:
    """Say from which items the first-ranked one cannot be told apart: "highest" alone would say too much."""
    first = ranked.iloc[0]["item"]
    apart, mark = _not_apart(plan, first, pairs), _count_mark(plan, "apart", battery)
    label = battery.part(first).said(plan.lang)
    if not apart:
        return [plan.sentence(plan.say("summary_lead_clear", label=label), mark=mark)]
    others = plan.say("item_separator").join(battery.part(item).said(plan.lang) for item in apart)
    return [plan.sentence(plan.say("summary_lead_unclear", label=label, others=others), mark=mark)]


def _single_lines(plan: Plan, question: Question) -> list[str]:
    table = plan.frequencies(question)
    base = int(table["base"].max())
    if not base:
        return [_unanswered(plan, question)]
    said = plan.say("item_separator").join(
        plan.say("summary_part", label=row["label"], share=plan.share(int(row["n"]), int(row["base"])))
        for _, row in table.iterrows()
    )
    is_open = any(plan.is_open(question, option.id) for option in question.options)
    marks = {
        plan.bracket("frequency", (question.id, "", option.id), "proportion") for option in question.options
    }
    text = plan.say("summary_single", question=question.named(plan.lang), parts=said)
    return [plan.sentence(text, is_open=is_open, mark=marks.pop() if len(marks) == 1 else None)]


def _multiple_lines(plan: Plan, question: Question) -> list[str]:
    table = plan.frequencies(question)
    answered = table[table["base"] > 0].sort_values("n", ascending=False, kind="stable")
    if answered.empty:
        return [_unanswered(plan, question)]
    answered = answered[answered["n"] > 0]
    if answered.empty:
        return [mention_sentence(plan, question)]
    said = plan.say("item_separator").join(
        plan.say("summary_part", label=row["label"], share=plan.share_with_interval(row))
        for _, row in answered.head(3).iterrows()
    )
    is_open = plan.lead_is_open(question, answered.head(3))
    text = plan.say("summary_multiple", question=question.named(plan.lang), parts=said)
    return [plan.sentence(text, is_open=is_open), mention_sentence(plan, question)]


def _overlap_lines(plan: Plan, banner: Question) -> list[str]:
    if banner.kind != "multiple":
        return []
    patterns = group_patterns(plan.responses, banner)
    several = sum(count for groups, count in patterns if len(groups) > 1)
    base = sum(count for _, count in patterns)
    if not base:
        return []
    noun = banner.group_noun(plan.lang)
    if not several:
        text = plan.say("summary_apart", base=base, noun=noun)
        return [plan.sentence(text, mark=_count_mark(plan, "several", banner))]
    text = plan.say("summary_several", share=plan.share(several, base), noun=noun)
    lines = [plan.sentence(text, mark=_count_mark(plan, "several", banner))]
    table = plan.overlaps(banner)
    ids = [group.id for group in banner.groups]
    pairs = table[
        [ids.index(a) < ids.index(b) for a, b in zip(table["code"], table["other_code"], strict=True)]
    ]
    if len(pairs) and pairs["n"].max() > 0:
        row = pairs.loc[pairs["n"].idxmax()]
        text = plan.say("summary_overlap", label=row["label"], other=row["other_label"], n=int(row["n"]))
        mark = plan.bracket("overlap", (banner.id, row["code"], row["other_code"]), "n")
        lines.append(plan.sentence(text, mark=mark))
    return lines


def crosstab_lines(plan: Plan, stub: Question) -> list[str]:
    """Which cells of a cross-tab differ from the rest; only what survives, or that nothing does."""
    assert plan.banner is not None
    table = plan.crosstab(stub)
    tested = table[table["p_value"].notna()]
    names = {"stub": stub.named(plan.lang), "noun": plan.banner.group_noun(plan.lang), "tested": len(tested)}
    if tested.empty:
        return [plan.sentence(plan.say("summary_cross_untested", **names, minimum=plan.min_base))]
    kept = tested[tested["p_adjusted"] < 1 - plan.confidence].sort_values("p_adjusted", kind="stable")
    if kept.empty:
        text = plan.say("summary_cross_none", **names, smallest=f"{tested['p_adjusted'].min():.3f}")
        return [plan.sentence(text, mark=_count_mark(plan, "cross", stub))]
    return [_cross_sentence(plan, stub, row, names) for _, row in kept.iterrows()]


def _column_lines(plan: Plan, stub: Question) -> list[str]:
    """Which two groups differ in a row of the stub; only what survives, or that nothing does."""
    assert plan.banner is not None
    table = plan.columns(stub)
    tested = table[table["p_value"].notna()]
    names = {"stub": stub.named(plan.lang), "noun": plan.banner.group_noun(plan.lang), "tested": len(tested)}
    if tested.empty:
        return []
    kept = tested[tested["letter"] != ""].sort_values("p_adjusted", kind="stable")
    if kept.empty:
        smallest = f"{tested['p_adjusted'].min():.3f}"
        return [plan.sentence(plan.say("summary_columns_none", **names, smallest=smallest))]
    return [
        plan.sentence(
            plan.say(
                "summary_columns",
                **names,
                label=row["stub_label"],
                group=row["banner_label"],
                share=plan.share(int(row["n"]), int(row["base"])),
                other=row["other_label"],
                other_share=plan.share(int(row["other_n"]), int(row["other_base"])),
                overlap=int(row["overlap"]),
                level=plan.percent_level,
                low=f"{100 * row['ci_low']:+.1f}",
                high=f"{100 * row['ci_high']:+.1f}",
                p=_p_text(row["p_adjusted"]),
            )
        )
        for _, row in kept.iterrows()
    ]


def _group_rating_lines(plan: Plan, battery: Question) -> list[str]:
    """Which group rates an item higher or lower than the rest, over all points; only what survives."""
    assert plan.banner is not None
    table = group_ratings(plan, battery)
    tested = table[table["p_value"].notna()]
    if tested.empty:
        return []
    names = {"battery": battery.named(plan.lang), "noun": plan.banner.group_noun(plan.lang)}
    kept = tested[tested["p_adjusted"] < 1 - plan.confidence]
    if kept.empty:
        smallest = f"{tested['p_adjusted'].min():.3f}"
        text = plan.say("summary_group_ratings_none", **names, tested=len(tested), smallest=smallest)
        return [plan.sentence(text, mark=_count_mark(plan, "group_ratings", battery))]
    lines = []
    for _, row in kept.sort_values("p_adjusted", kind="stable").iterrows():
        item, group = row["item"], row["group"]
        key = "summary_group_ratings_higher" if row["effect"] > 0 else "summary_group_ratings_lower"
        limits = {"low": f"{row['ci_low']:+.2f}", "high": f"{row['ci_high']:+.2f}"}
        said = plan.say(
            key,
            **names,
            label=battery.part(item).said(plan.lang),
            group=group_label(plan.banner.part(group), plan.only, plan.lang),
            base=int(row["base"]),
            effect=f"{row['effect']:+.2f}",
            level=plan.percent_level,
            **limits,
            p=_p_text(row["p_adjusted"]),
            tested=len(tested),
        )
        ids = (battery.id, item, row["by"], group)
        lines.append(plan.sentence(said, mark=plan.bracket("group_rating", ids, "p_adjusted")))
    return lines


def _cross_sentence(plan: Plan, stub: Question, row: Any, names: dict[str, Any]) -> str:
    """One cell that differs from the rest. Holm's p hangs on all cells, so that some of it is always open."""
    ids = (stub.id, row["stub_code"], row["banner"], row["banner_code"])
    return plan.sentence(
        mark=plan.bracket("crosstab", ids, "p_adjusted"),
        text=plan.say(
            "summary_cross",
            **names,
            label=row["stub_label"],
            group=row["banner_label"],
            share=plan.share(int(row["n"]), int(row["base"])),
            rest=plan.share(int(row["complement_n"]), int(row["complement_base"])),
            level=plan.percent_level,
            low=f"{100 * row['difference_low']:+.1f}",
            high=f"{100 * row['difference_high']:+.1f}",
            p=_p_text(row["p_adjusted"]),
        ),
    )


def _p_text(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"


def _published_lines(plan: Plan) -> list[str]:
    table = plan.published
    if table is None:
        return []
    good = table["verdict"].isin(MET)
    lines = [plan.say("summary_published", good=int(good.sum()), all=len(table))]
    for _, row in table[~good].iterrows():
        lines.append(plan.say("summary_published_miss", finding=row["finding"], note=row["note"]))
    return lines


def _quality_lines(plan: Plan) -> list[str]:
    aside = sum(problem.key.startswith("cell_") for problem in plan.responses.problems)
    others = len(plan.responses.problems) - aside
    lines = []
    if aside:
        lines.append(plan.say("summary_set_aside", count=aside))
    if others:
        lines.append(plan.say("summary_notices", count=others))
    return lines
