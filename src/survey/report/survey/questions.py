"""One sheet for each question: importance of a battery, frequencies, and the banner with its overlaps."""

from dataclasses import replace
from typing import TYPE_CHECKING

from survey.document import Chart, Column, Form, Key, Picture, Sentence, Sheet
from survey.instrument import Question
from survey.instrument.schema import text_in
from survey.report.context import once
from survey.report.survey.context import HIDDEN, SurveyContext, covered

if TYPE_CHECKING:
    import pandas as pd


def importance(context: SurveyContext) -> list[Sheet]:
    """One sheet for each rating battery, the default one first, named by its short name."""
    return [_battery_sheet(context, battery) for battery in context.batteries]


def _battery_sheet(context: SurveyContext, battery: Question) -> Sheet:
    table, columns = _battery_table(context, battery)
    scale = context.instrument.scale_of(battery)
    short = battery.named(context.lang)
    title = context.say("importance_title", question=short)
    top = [point.numbered(context.lang) for point in scale.top_points]
    base_text = context.base_text(battery)
    chart = Chart(
        f"chart_points_{battery.id}",
        "stacked",
        context.say("chart_points", question=short),
        "label",
        tuple(f"point_{value}" for value in scale.values),
        context.say("alt_chart_points", question=short, items=len(table)),
        subtitle=context.picture_words(battery).get("base", ""),
    )
    return Sheet(
        short,
        title,
        question=battery.said(context.lang),
        base_text=base_text,
        tables=(context.table(f"importance_{battery.id}", title, base_text, table, columns, "importance"),),
        notes=(
            context.say("note_top_box", points=" / ".join(top)),
            context.say("note_interval", level=context.percent_level),
            *([context.say("note_ties")] if any(column.key == "rank" for column in columns) else []),
            *context.hidden_note(),
            *_assumption(context, battery),
        ),
        pictures=battery_pictures(context, battery),
        charts=() if context.minimum else (chart,),
    )


def _battery_table(context: SurveyContext, battery: Question) -> "tuple[pd.DataFrame, list[Column]]":
    """A row for each item: rank and share of the top box, averages, and the share of each point."""
    points, table = context.frequencies(battery), context.sized(context.importance(battery), "n_top")
    hidden = points["n"].isna()
    gone = table["item"].isin(points.loc[hidden, "item"]) | table["n_top"].isna()
    whole = table["n_top"].notna().all()
    table = covered(table, "n_top", ("n_top", "base", "proportion", "ci_low", "ci_high"))
    shares = context.share_columns("n_top")
    if whole:  # a rank tells of the shares of the other items
        shares.insert(0, context.column("rank", "count"))
    if not context.minimum:
        level = context.percent_level
        ends = ("rank_low", "rank_high")
        shares += [context.column(name, "count", context.say(f"col_{name}", level=level)) for name in ends]
    averages = [context.column(name, "number") for name in ("mean", "sd", "median")]
    if gone.any():
        for column in averages:
            table[column.key] = table[column.key].astype(object).where(~gone, HIDDEN)
    every = (
        points["proportion"].astype(object).where(~hidden, HIDDEN) if hidden.any() else points["proportion"]
    )
    wide = points.assign(share=every).pivot(index="item", columns="code", values="share")
    of_points = []
    for point in context.instrument.scale_of(battery).points:
        name, value = f"point_{point.value}", str(point.value)
        table[name] = table["item"].map(wide[point.value])  # a zero base stays blank
        about = {"result": "frequency", "ids": {"code": value}, "measures": ("proportion",), "name": value}
        of_points.append(context.column(name, "share", point.numbered(context.lang), part="points", **about))
    return table, [
        context.column("label", heading=battery.named(context.lang)),
        *(replace(column, part="shares") for column in shares),
        *(replace(column, part="averages") for column in averages),
        *of_points,
        *([] if context.minimum else [context.column("note")]),
        context.column("mark"),
    ]


@once
def importance_picture(context: SurveyContext, battery: Question) -> Picture:
    """Dots with intervals, the highest share on top."""
    table = context.importance(battery)
    ranked = table[table["base"] > 0]
    short = battery.named(context.lang)
    alt = context.say("alt_empty", question=short)
    if len(ranked):
        best, worst = ranked.iloc[0], ranked.iloc[-1]
        alt = context.say(
            "alt_importance",
            question=short,
            best=best["label"],
            best_share=context.share(int(best["n_top"]), int(best["base"])),
            worst=worst["label"],
            worst_share=context.share(int(worst["n_top"]), int(worst["base"])),
        )
    title = context.say("picture_importance", question=short, level=context.percent_level)
    words = context.picture_words(battery, "share")
    return Picture(f"importance_{battery.id}", "importance", table, alt, title, words)


@once
def battery_picture(context: SurveyContext, battery: Question) -> Picture:
    """Diverging stacked bars of all points, in the order of the importance shares."""
    scale = context.instrument.scale_of(battery)
    short = battery.named(context.lang)
    ranking = context.importance(battery)
    details = {
        "points": [(point.value, point.said(context.lang)) for point in scale.points],
        "order": ranking["item"].tolist(),
        "items": {item.id: item.said(context.lang) for item in battery.items},
        "top": scale.top,
    }
    alt = context.say("alt_diverging", question=short, items=len(battery.items), points=len(scale.points))
    words = context.picture_words(battery, "share", "neutral")
    title = context.say("picture_diverging", question=short)
    return Picture(
        f"points_{battery.id}", "diverging", context.frequencies(battery), alt, title, words, details
    )


def battery_pictures(context: SurveyContext, battery: Question) -> tuple[Picture, ...]:
    """The pictures of a battery that show no hidden cell: shares of the top box, and all points."""
    whole = context.importance(battery)["n_top"].notna().all()
    if not whole:
        return ()
    points = context.frequencies(battery)["n"].notna().all()
    shares = importance_picture(context, battery)
    return (shares, battery_picture(context, battery)) if points else (shares,)


def questions(context: SurveyContext) -> list[Sheet]:
    """One sheet for each single or select-all question but the banner, by its short name."""
    banner = context.banner.id if context.banner else ""
    return [
        _question_sheet(context, question)
        for question in context.instrument.questions
        if question.kind in ("single", "multiple") and question.id != banner
    ]


def banner(context: SurveyContext) -> list[Sheet]:
    """The sheet of the banner: its groups, and how they overlap."""
    return [_question_sheet(context, context.banner)] if context.banner else []


def _question_sheet(context: SurveyContext, question: Question) -> Sheet:
    table = context.sized(context.frequencies(question))
    table = covered(table, "n", ("n", "base", "proportion", "ci_low", "ci_high"))
    short = question.named(context.lang)
    columns = [context.column("label", heading=short), *context.share_columns()]
    notes = [context.say("note_interval", level=context.percent_level), *context.hidden_note()]
    notes += _assumption(context, question)
    pictures: tuple[Picture, ...] = ()
    lines: list[str] = []
    is_banner = context.banner is not None and question.id == context.banner.id
    if question.kind == "multiple" and not context.minimum:
        table["share_of_mentions"] = context.mentions(question)["share_of_mentions"].to_numpy()
        columns.append(context.column("share_of_mentions", "share", result="mention"))
        counts = context.mention_summary(question).iloc[0]
        if counts["base"]:
            lines.append(mention_sentence(context, question))
        notes += [context.say("note_mentions")]
        if is_banner:
            columns += _overlap_columns(context, question, table)
            notes.append(context.say("note_overlaps", noun=question.group_noun(context.lang)))
            pictures = (_overlap_picture(context, question),)
    columns.append(context.column("mark"))
    title = context.say("question_title", question=short)
    base_text = context.base_text(question)
    chart = Chart(
        f"chart_{question.id}",
        "bar",
        context.say("chart_shares", question=short),
        "label",
        ("proportion",),
        context.say("alt_chart_shares", question=short, options=len(table)),
        subtitle=context.picture_words(question).get("base", ""),
    )
    return Sheet(
        short,
        title,
        question=question.said(context.lang),
        base_text=base_text,
        lines=tuple(lines),
        tables=(context.table(f"frequency_{question.id}", title, base_text, table, columns, "frequency"),),
        notes=tuple(notes),
        pictures=pictures,
        charts=() if context.minimum else (chart,),
    )


def mention_sentence(context: SurveyContext, question: Question) -> Sentence:
    """How many options were ticked on average, and by how many none."""
    counts = context.mention_summary(question).iloc[0]
    exclusive = len(question.groups) < len(question.options)
    mean, nothing = (
        Key("mention_summary", (question.id,), measure) for measure in ("mean_mentions", "ticked_nothing")
    )
    return context.sentence(
        "summary_mentions_exclusive" if exclusive else "summary_mentions",
        mean,
        question=question.named(context.lang),
        mean=f"{counts['mean_mentions']:.1f}",
        base=int(counts["base"]),
        nothing=Sentence.of_number(str(int(counts["ticked_nothing"])), nothing),
    )


def _overlap_columns(context: SurveyContext, question: Question, table: "pd.DataFrame") -> list[Column]:
    """Add to the table, for every group, how many of the row are also in it, and which share of the row."""
    pairs = context.overlaps(question).set_index(["code", "other_code"])
    columns = []
    forms: tuple[tuple[str, Form], ...] = (("n", "count"), ("proportion", "share"))
    for group in question.groups:
        for key, form in forms:
            name = f"also_{group.id}_{key}"
            table[name] = [
                pairs[key].get((code, group.id)) if code != group.id else None for code in table["code"]
            ]
            group_text = group.said(context.lang)
            heading = context.say(f"col_also_{key}", group=group_text)
            about = {"result": "overlap", "ids": {"other_code": group.id}, "measures": (key,)}
            also = context.say("margins_also", group=group_text)
            columns.append(context.column(name, form, heading, name=also, **about))
    return columns


def _overlap_picture(context: SurveyContext, question: Question) -> Picture:
    from survey.statistics.multiple import group_patterns

    patterns = group_patterns(context.counts, question)
    short = question.named(context.lang)
    several = sum(count for groups, count in patterns if len(groups) > 1)
    base = sum(count for _, count in patterns)
    alt = context.say("alt_empty", question=short)
    if base:
        values = {"share": context.share(several, base), "noun": question.group_noun(context.lang)}
        alt = context.say("alt_overlaps", question=short, **values)
    words = context.picture_words(question, "respondents", "size")
    words["none"] = context.say("word_no_group", noun=question.group_noun(context.lang))
    title = context.say("picture_overlaps", question=short)
    details = {"patterns": patterns}
    return Picture(
        f"overlaps_{question.id}", "overlaps", context.overlaps(question), alt, title, words, details
    )


def _assumption(context: SurveyContext, question: Question) -> list[str]:
    """What the schema assumes of the published study: of its reconstruction, never of other data."""
    if not context.reconstructed:
        return []
    scale = context.instrument.scales.get(question.scale or "")
    notes = [question.assumption, scale.assumption if scale else None]
    notes += [part.assumption for part in question.parts]
    return [context.say("note_assumption", text=text_in(text, context.lang)) for text in notes if text]
