"""One sheet for each question: importance of a battery, frequencies, and the banner with its overlaps."""

from dataclasses import replace
from typing import TYPE_CHECKING

from survey.document import Chart, Column, Form, Picture, Sheet
from survey.instrument import Question
from survey.instrument.schema import text_in
from survey.instrument.shares import Statistic
from survey.report.context import once
from survey.report.survey.context import SurveyContext

if TYPE_CHECKING:
    import pandas as pd


def importance(context: SurveyContext) -> list[Sheet]:
    """One sheet for each rating battery, the default one first, named by its short name."""
    return [_battery_sheet(context, battery) for battery in context.batteries]


def _battery_sheet(context: SurveyContext, battery: Question) -> Sheet:
    scale = context.instrument.scale_of(battery)
    points = context.frequencies(battery)
    table = context.importance(battery)
    table = context.marked(table, battery, table["item"].tolist())
    shares = points.pivot(index="item", columns="code", values="proportion")  # a zero base stays blank
    columns = [
        context.column("label", heading=battery.named(context.lang)),
        context.open_column("rank", "count", is_open=context.rank_is_open(battery)),
        *context.share_columns("n_top"),
    ]
    ids: list[tuple[object, ...]] = [(battery.id, item.id) for item in battery.items]
    for name in ("rank_low", "rank_high", "mean", "sd", "median"):
        heading = context.say(f"col_{name}", level=context.percent_level) if name.startswith("rank") else None
        form: Form = "count" if heading else "number"
        is_open = context.any_open("importance", ids, name)
        columns.append(context.open_column(name, form, heading, is_open=is_open))
    for point in scale.points:
        label = point.numbered(context.lang)
        table[f"point_{point.value}"] = table["item"].map(shares[point.value])
        statistic = Statistic("rated", point.value)
        is_open = any(context.is_open(battery, item.id, statistic=statistic) for item in battery.items)
        columns.append(context.open_column(f"point_{point.value}", "share", label, is_open=is_open))
    columns.append(context.column("note"))
    if context.marks:
        table["margins"] = [_battery_margins(context, battery, item) for item in table["item"]]
        table["margins_points"] = [_points_margins(context, battery, item) for item in table["item"]]
        columns += [context.column("margins"), context.column("margins_points")]
    columns.append(context.column("mark"))
    columns = [replace(column, part=_part(column.key)) for column in columns]
    short = battery.named(context.lang)
    title = context.say("importance_title", question=short)
    top = [point.numbered(context.lang) for point in scale.top_points]
    return Sheet(
        short,
        title,
        question=battery.said(context.lang),
        base_text=context.base_text(battery),
        tables=(
            context.table(
                f"importance_{battery.id}", title, context.base_text(battery), table, columns, "importance"
            ),
        ),
        notes=(
            context.say("note_top_box", points=" / ".join(top)),
            context.say("note_interval", level=context.percent_level),
            context.say("note_ties"),
            *context.open_note(),
            *_assumption(context, battery),
        ),
        pictures=(importance_picture(context, battery), battery_picture(context, battery)),
        charts=(
            Chart(
                f"chart_points_{battery.id}",
                "stacked",
                context.say("chart_points", question=short),
                "label",
                tuple(f"point_{value}" for value in scale.values),
                context.say("alt_chart_points", question=short, items=len(table)),
                said=context.picture_words(battery).get("base", ""),
            ),
        ),
    )


def _part(key: str) -> str:
    """What is printed together: the shares with their ranks, the averages, the points, the margins."""
    if key in ("mean", "sd", "median"):
        return "averages"
    found = next((start for start in ("point_", "margins") if key.startswith(start)), "")
    return found or ("" if key in ("label", "note", "mark") else "shares")


def _battery_margins(context: SurveyContext, battery: Question, item: str) -> str:
    """What the margins say of an item: of its share, rank, interval of ranks, median, mean and SD."""
    measures = ("proportion", "rank", "median", "mean", "sd", "rank_low", "rank_high")
    return context.margins_text(context.asks("importance", (battery.id, item), *measures))


def _points_margins(context: SurveyContext, battery: Question, item: str) -> str:
    """What the margins say of the share of each point of the scale."""
    asked = []
    for point in context.instrument.scale_of(battery).values:
        ids: tuple[object, ...] = (battery.id, item, point)
        asked.append((str(point), "frequency", ids, "proportion"))
    return context.margins_text(asked)


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
    table = context.frequencies(question)
    table = context.marked(table, question, table["code"].tolist())
    short = question.named(context.lang)
    columns = [context.column("label", heading=short), *context.share_columns()]
    notes = [context.say("note_interval", level=context.percent_level), *context.open_note()]
    notes += _assumption(context, question)
    pictures: tuple[Picture, ...] = ()
    lines: list[str] = []
    is_banner = context.banner is not None and question.id == context.banner.id
    if question.kind == "multiple":
        table["share_of_mentions"] = context.mentions(question)["share_of_mentions"].to_numpy()
        ids = [(question.id, option.id) for option in question.groups]
        is_open = context.any_open("mention", ids, "share_of_mentions")
        columns.append(context.open_column("share_of_mentions", "share", is_open=is_open))
        counts = context.mention_summary(question).iloc[0]
        if counts["base"]:
            lines.append(mention_sentence(context, question))
        notes += [context.say("note_mentions")]
    if is_banner and question.kind == "multiple":
        columns += _overlap_columns(context, question, table)
        notes.append(context.say("note_overlaps", noun=question.group_noun(context.lang)))
        pictures = (_overlap_picture(context, question),)
    if context.marks:
        table["margins"] = [_option_margins(context, question, code, is_banner) for code in table["code"]]
        columns.append(context.column("margins"))
    columns.append(context.column("mark"))
    title = context.say("question_title", question=short)
    base_text = context.base_text(question)
    return Sheet(
        short,
        title,
        question=question.said(context.lang),
        base_text=base_text,
        lines=tuple(lines),
        tables=(context.table(f"frequency_{question.id}", title, base_text, table, columns, "frequency"),),
        notes=tuple(notes),
        pictures=pictures,
        charts=(
            Chart(
                f"chart_{question.id}",
                "bar",
                context.say("chart_shares", question=short),
                "label",
                ("proportion",),
                context.say("alt_chart_shares", question=short, options=len(table)),
                said=context.picture_words(question).get("base", ""),
            ),
        ),
    )


def mention_sentence(context: SurveyContext, question: Question) -> str:
    """How many options were ticked on average, and by how many none."""
    counts = context.mention_summary(question).iloc[0]
    exclusive = len(question.groups) < len(question.options)
    nothing = str(int(counts["ticked_nothing"]))
    if context.marks:  # the mean may be fixed where this is not
        nothing = f"{nothing} {context.bracket('mention_summary', (question.id,), 'ticked_nothing')}".rstrip()
    text = context.say(
        "summary_mentions_exclusive" if exclusive else "summary_mentions",
        question=question.named(context.lang),
        mean=f"{counts['mean_mentions']:.1f}",
        base=int(counts["base"]),
        nothing=nothing,
    )
    return context.sentence(text, mark=context.bracket("mention_summary", (question.id,), "mean_mentions"))


def _option_margins(context: SurveyContext, question: Question, code: str, is_banner: bool) -> str:
    """What the margins say of an option: of its share, its mentions, and of a group its overlaps."""
    asked = context.asks("frequency", (question.id, "", code), "proportion")
    if question.kind == "multiple":
        asked += context.asks("mention", (question.id, code), "share_of_mentions")
    if question.kind == "multiple" and is_banner and code in {group.id for group in question.groups}:
        for group in question.groups:
            if group.id != code:
                name = context.say("margins_also", group=group.said(context.lang))
                asked.append((name, "overlap", (question.id, code, group.id), "n"))
    return context.margins_text(asked)


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
            heading = context.say(f"col_also_{key}", group=group.said(context.lang))
            columns.append(context.open_column(name, form, heading))
    return columns


def _overlap_picture(context: SurveyContext, question: Question) -> Picture:
    from survey.statistics.multiple import group_patterns

    patterns = group_patterns(context.responses, question)
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
    scale = context.instrument.scales.get(question.scale or "")
    notes = [question.assumption, scale.assumption if scale else None]
    notes += [part.assumption for part in question.parts]
    return [context.say("note_assumption", text=text_in(text, context.lang)) for text in notes if text]
