"""One sheet for each question: importance of a battery, frequencies, and the banner with its overlaps."""

from dataclasses import replace
from typing import TYPE_CHECKING

from survey.document import Chart, Column, Form, Picture, Sheet
from survey.instrument import Question
from survey.instrument.schema import said_in
from survey.report.survey.context import Plan, once

if TYPE_CHECKING:
    import pandas as pd


def importance(plan: Plan) -> list[Sheet]:
    """One sheet for each rating battery, the default one first and called Importance."""
    return [
        _battery_sheet(plan, battery, first=position == 0) for position, battery in enumerate(plan.batteries)
    ]


def _battery_sheet(plan: Plan, battery: Question, *, first: bool) -> Sheet:
    scale = plan.instrument.scale_of(battery)
    points = plan.frequencies(battery)
    table = plan.importance(battery)
    table = plan.marked(table, battery, table["item"].tolist())
    shares = points.pivot(index="item", columns="code", values="proportion")  # a zero base stays blank
    columns = [
        plan.column("label", heading=battery.named(plan.lang)),
        plan.open_column("rank", "count", is_open=plan.rank_is_open(battery)),
        *plan.share_columns("n_top"),
    ]
    ids: list[tuple[object, ...]] = [(battery.id, item.id) for item in battery.items]
    for name in ("rank_low", "rank_high", "mean", "sd", "median"):
        heading = plan.say(f"col_{name}", level=plan.percent_level) if name.startswith("rank") else None
        form: Form = "count" if heading else "number"
        is_open = plan.any_open("importance", ids, name)
        columns.append(plan.open_column(name, form, heading, is_open=is_open))
    for point in scale.points:
        label = point.numbered(plan.lang)
        table[f"point_{point.value}"] = table["item"].map(shares[point.value])
        statistic = f"share_rated_{point.value}"
        is_open = any(plan.is_open(battery, item.id, statistic=statistic) for item in battery.items)
        columns.append(plan.open_column(f"point_{point.value}", "share", label, is_open=is_open))
    columns.append(plan.column("note"))
    if plan.marks:
        table["margins"] = [_battery_margins(plan, battery, item) for item in table["item"]]
        table["margins_points"] = [_points_margins(plan, battery, item) for item in table["item"]]
        columns += [plan.column("margins"), plan.column("margins_points")]
    columns.append(plan.column("mark"))
    columns = [replace(column, part=_part(column.key)) for column in columns]
    short = battery.named(plan.lang)
    title = plan.say("importance_title", question=short)
    name = plan.say("sheet_importance") if first else plan.say("sheet_importance_of", short=short)
    top = [point.numbered(plan.lang) for point in scale.top_points]
    return Sheet(
        name,
        title,
        question=battery.said(plan.lang),
        base_text=plan.base_text(battery),
        tables=(
            plan.shown(
                f"importance_{battery.id}", title, plan.base_text(battery), table, columns, "importance"
            ),
        ),
        notes=(
            plan.say("note_top_box", points=" / ".join(top)),
            plan.say("note_interval", level=plan.percent_level),
            plan.say("note_ties"),
            *plan.open_note(),
            *_assumption(plan, battery),
        ),
        pictures=(importance_picture(plan, battery), battery_picture(plan, battery)),
        charts=(
            Chart(
                f"chart_points_{battery.id}",
                "stacked",
                plan.say("chart_points", question=short),
                "label",
                tuple(f"point_{value}" for value in scale.values),
                plan.say("alt_chart_points", question=short, items=len(table)),
                said=plan.picture_words(battery).get("base", ""),
            ),
        ),
    )


def _part(key: str) -> str:
    """What is printed together: the shares with their ranks, the averages, the points, the margins."""
    if key in ("mean", "sd", "median"):
        return "averages"
    found = next((start for start in ("point_", "margins") if key.startswith(start)), "")
    return found or ("" if key in ("label", "note", "mark") else "shares")


def _battery_margins(plan: Plan, battery: Question, item: str) -> str:
    """What the margins say of an item: of its share, rank, interval of ranks, median, mean and SD."""
    measures = ("proportion", "rank", "median", "mean", "sd", "rank_low", "rank_high")
    return plan.margins_text(plan.asks("importance", (battery.id, item), *measures))


def _points_margins(plan: Plan, battery: Question, item: str) -> str:
    """What the margins say of the share of each point of the scale."""
    asked = []
    for point in plan.instrument.scale_of(battery).values:
        ids: tuple[object, ...] = (battery.id, item, point)
        asked.append((str(point), "frequency", ids, "proportion"))
    return plan.margins_text(asked)


@once
def importance_picture(plan: Plan, battery: Question) -> Picture:
    """Dots with intervals, the highest share on top."""
    table = plan.importance(battery)
    ranked = table[table["base"] > 0]
    short = battery.named(plan.lang)
    alt = plan.say("alt_empty", question=short)
    if len(ranked):
        best, worst = ranked.iloc[0], ranked.iloc[-1]
        alt = plan.say(
            "alt_importance",
            question=short,
            best=best["label"],
            best_share=plan.share(int(best["n_top"]), int(best["base"])),
            worst=worst["label"],
            worst_share=plan.share(int(worst["n_top"]), int(worst["base"])),
        )
    title = plan.say("picture_importance", question=short, level=plan.percent_level)
    words = plan.picture_words(battery, "share")
    return Picture(f"importance_{battery.id}", "importance", table, alt, title, words)


@once
def battery_picture(plan: Plan, battery: Question) -> Picture:
    """Diverging stacked bars of all points, in the order of the importance shares."""
    scale = plan.instrument.scale_of(battery)
    short = battery.named(plan.lang)
    ranking = plan.importance(battery)
    details = {
        "points": [(point.value, point.said(plan.lang)) for point in scale.points],
        "order": ranking["item"].tolist(),
        "items": {item.id: item.said(plan.lang) for item in battery.items},
        "top": scale.top,
    }
    alt = plan.say("alt_diverging", question=short, items=len(battery.items), points=len(scale.points))
    words = plan.picture_words(battery, "share", "neutral")
    title = plan.say("picture_diverging", question=short)
    return Picture(f"points_{battery.id}", "diverging", plan.frequencies(battery), alt, title, words, details)


def questions(plan: Plan) -> list[Sheet]:
    """One sheet for each single or select-all question but the banner, by its short name."""
    banner = plan.banner.id if plan.banner else ""
    return [
        _question_sheet(plan, question)
        for question in plan.instrument.questions
        if question.kind in ("single", "multiple") and question.id != banner
    ]


def banner(plan: Plan) -> list[Sheet]:
    """The sheet of the banner: its groups, and how they overlap."""
    return [_question_sheet(plan, plan.banner)] if plan.banner else []


def _question_sheet(plan: Plan, question: Question) -> Sheet:
    table = plan.frequencies(question)
    table = plan.marked(table, question, table["code"].tolist())
    short = question.named(plan.lang)
    columns = [plan.column("label", heading=short), *plan.share_columns()]
    notes = [plan.say("note_interval", level=plan.percent_level), *plan.open_note()]
    notes += _assumption(plan, question)
    pictures: tuple[Picture, ...] = ()
    lines: list[str] = []
    is_banner = plan.banner is not None and question.id == plan.banner.id
    if question.kind == "multiple":
        table["share_of_mentions"] = plan.mentions(question)["share_of_mentions"].to_numpy()
        ids = [(question.id, option.id) for option in question.groups]
        is_open = plan.any_open("mention", ids, "share_of_mentions")
        columns.append(plan.open_column("share_of_mentions", "share", is_open=is_open))
        counts = plan.mention_summary(question).iloc[0]
        if counts["base"]:
            lines.append(mention_sentence(plan, question))
        notes += [plan.say("note_mentions")]
    if is_banner and question.kind == "multiple":
        columns += _overlap_columns(plan, question, table)
        notes.append(plan.say("note_overlaps", noun=question.group_noun(plan.lang)))
        pictures = (_overlap_picture(plan, question),)
    if plan.marks:
        table["margins"] = [_option_margins(plan, question, code, is_banner) for code in table["code"]]
        columns.append(plan.column("margins"))
    columns.append(plan.column("mark"))
    title = plan.say("question_title", question=short)
    base_text = plan.base_text(question)
    return Sheet(
        short,
        title,
        question=question.said(plan.lang),
        base_text=base_text,
        lines=tuple(lines),
        tables=(plan.shown(f"frequency_{question.id}", title, base_text, table, columns, "frequency"),),
        notes=tuple(notes),
        pictures=pictures,
        charts=(
            Chart(
                f"chart_{question.id}",
                "bar",
                plan.say("chart_shares", question=short),
                "label",
                ("proportion",),
                plan.say("alt_chart_shares", question=short, options=len(table)),
                said=plan.picture_words(question).get("base", ""),
            ),
        ),
    )


def mention_sentence(plan: Plan, question: Question) -> str:
    """How many options were ticked on average, and by how many none."""
    counts = plan.mention_summary(question).iloc[0]
    exclusive = len(question.groups) < len(question.options)
    nothing = str(int(counts["ticked_nothing"]))
    if plan.marks:  # the mean may be fixed where this is not
        nothing = f"{nothing} {plan.bracket('mention_summary', (question.id,), 'ticked_nothing')}".rstrip()
    text = plan.say(
        "summary_mentions_exclusive" if exclusive else "summary_mentions",
        question=question.named(plan.lang),
        mean=f"{counts['mean_mentions']:.1f}",
        base=int(counts["base"]),
        nothing=nothing,
    )
    return plan.sentence(text, mark=plan.bracket("mention_summary", (question.id,), "mean_mentions"))


def _option_margins(plan: Plan, question: Question, code: str, is_banner: bool) -> str:
    """What the margins say of an option: of its share, its mentions, and of a group its overlaps."""
    asked = plan.asks("frequency", (question.id, "", code), "proportion")
    if question.kind == "multiple":
        asked += plan.asks("mention", (question.id, code), "share_of_mentions")
    if question.kind == "multiple" and is_banner and code in {group.id for group in question.groups}:
        for group in question.groups:
            if group.id != code:
                name = plan.say("margins_also", group=group.said(plan.lang))
                asked.append((name, "overlap", (question.id, code, group.id), "n"))
    return plan.margins_text(asked)


def _overlap_columns(plan: Plan, question: Question, table: "pd.DataFrame") -> list[Column]:
    """Add to the table, for every group, how many of the row are also in it, and which share of the row."""
    pairs = plan.overlaps(question).set_index(["code", "other_code"])
    columns = []
    forms: tuple[tuple[str, Form], ...] = (("n", "count"), ("proportion", "share"))
    for group in question.groups:
        for key, form in forms:
            name = f"also_{group.id}_{key}"
            table[name] = [
                pairs[key].get((code, group.id)) if code != group.id else None for code in table["code"]
            ]
            heading = plan.say(f"col_also_{key}", group=group.said(plan.lang))
            columns.append(plan.open_column(name, form, heading))
    return columns


def _overlap_picture(plan: Plan, question: Question) -> Picture:
    from survey.statistics.multiple import group_patterns

    patterns = group_patterns(plan.responses, question)
    short = question.named(plan.lang)
    several = sum(count for groups, count in patterns if len(groups) > 1)
    base = sum(count for _, count in patterns)
    alt = plan.say("alt_empty", question=short)
    if base:
        values = {"share": plan.share(several, base), "noun": question.group_noun(plan.lang)}
        alt = plan.say("alt_overlaps", question=short, **values)
    words = plan.picture_words(question, "respondents", "size")
    words["none"] = plan.say("word_no_group", noun=question.group_noun(plan.lang))
    title = plan.say("picture_overlaps", question=short)
    details = {"patterns": patterns}
    return Picture(f"overlaps_{question.id}", "overlaps", plan.overlaps(question), alt, title, words, details)


def _assumption(plan: Plan, question: Question) -> list[str]:
    scale = plan.instrument.scales.get(question.scale or "")
    notes = [question.assumption, scale.assumption if scale else None]
    notes += [part.assumption for part in question.parts]
    return [plan.say("note_assumption", text=said_in(text, plan.lang)) for text in notes if text]
