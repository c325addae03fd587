"""The Topline: every question on one sheet, with option, share, count and interval."""

import pandas as pd

from survey.document import Column, Sheet, Table
from survey.instrument import Option, Question
from survey.instrument.question import Grid, GridRow
from survey.report.survey.context import SurveyContext
from survey.report.survey.kind_tables import kind_notes, kind_topline
from survey.report.survey.sampled import population_notes
from survey.report.survey.weighted import BASES, weighted_columns, weighted_heads, weighting_notes

TOPLINE = "topline"


def sheets(context: SurveyContext) -> list[Sheet]:
    """One table of all shares, one of all points of each battery, one of each kind without shares."""
    shares = topline_table(context)
    tables = [] if shares is None else [shares]
    tables += [grid_table(context, grid) for grid in answered_grids(context)]
    tables += [answers_table(context, battery) for battery in _rated(context)]
    tables += kind_topline(context)
    tables += _text_tables(context)
    names = [f"{name}{context.by_weight}" for name in ("shares", "intervals", "small")]
    names += context.order_notes
    names += ["top_box"] if context.batteries else []
    scales = [context.instrument.scale_of(battery) for battery in context.batteries]
    unrated = list(dict.fromkeys(point.said(context.lang) for scale in scales for point in scale.unrated))
    names += ["unrated"] if unrated else []
    names += [*kind_notes(context), "missing"]
    names += ["rare_options"] if context.gathered else []
    return [
        Sheet(
            context.say("sheet_topline"),
            _title(context),
            subtitle=context.say(f"topline_subtitle{context.by_weight}", small=context.small_base),
            tables=tuple(tables),
            footnotes=context.footnotes(
                *names,
                level=context.percent_level,
                small=context.small_base,
                minimum=context.min_base,
                own=context.own_orders,
                labels=context.listed(unrated),
                gathered=_gathered_text(context),
            )
            + population_notes(context)
            + weighting_notes(context),
        )
    ]


def _title(context: SurveyContext) -> str:
    """Of which questions and of whom the sheet is."""
    count = len(context.responses)
    if not context.left_out:
        return context.say("topline_title", count=count)
    shown = len(context.questions)
    return context.say("topline_title_part", shown=shown, all=shown + len(context.left_out), count=count)


def _gathered_text(context: SurveyContext) -> str:
    """Which options stand together, by question."""
    return context.sentences(
        *(
            context.say(
                "rare_options_of",
                question=one.question.named(context.lang),
                below=one.below,
                options=context.listed(option.said(context.lang) for option in one.options),
            )
            for one in context.gathered
        )
    )


def answered(context: SurveyContext) -> list[Question]:
    """The questions that anybody answered; where bases are hidden, somebody did."""
    return [q for q in context.closed if (context.shares(q)["base"].fillna(1) > 0).any()]


def _rated(context: SurveyContext) -> list[Question]:
    return [question for question in answered(context) if question.kind == "rating"]


def head_row(context: SurveyContext, question: Question, table: pd.DataFrame) -> dict[str, object]:
    """What heads a section: the row of the option or item with the most answers lends it its base."""
    bases = table["base"].astype(float).fillna(0.0)
    return {**table.iloc[int(bases.to_numpy().argmax())].to_dict(), "section": True}


def topline_table(context: SurveyContext) -> Table | None:
    """One row per option or item under the head of its question: share, count and interval."""
    rows: list[dict[str, object]] = []
    for question in answered(context):
        table = context.shares(question).assign(section=False, item=_items(context, question))
        table["code"] = table["stub_code"] if question.kind != "rating" else ""
        table["label"] = context.row_labels(question, table["label"])
        if context.is_among_options(question):
            rows += table.to_dict("records")
            continue
        head = head_row(context, question, table)
        head["label"] = context.section_text(question, wording=True)
        head |= {"proportion": head["base"], "n": None, "ci_low": float("nan"), "ci_high": float("nan")}
        bases = {name: {"proportion": head[name]} for name in BASES}
        rows += [*weighted_heads(context, head, bases), *table.to_dict("records")]
    if not rows:
        return None
    data = pd.DataFrame(rows)
    data["interval"] = [
        context.interval(low, high) for low, high in zip(data["ci_low"], data["ci_high"], strict=True)
    ]
    marks = [
        ""
        if row.get("head_measure") in BASES
        else context.share_mark(row["proportion"], row["effective_base"])
        for row in rows
    ]
    data["marks"] = marks
    data["count_marks"] = [
        "hidden" if mark == "hidden" and not row["section"] else ""
        for mark, row in zip(marks, rows, strict=True)
    ]
    columns = (
        Column("label", context.say("col_question_and_answer")),
        context.column("proportion", "share", context.say("col_percent"), marks="marks", bar=True),
        context.column("n", "count", context.say("col_people"), marks="count_marks", measures=("n", "n_top")),
        context.column("interval", "range", context.say("col_interval", level=context.percent_level)),
    )
    return Table(
        TOPLINE, context.say("topline_shares"), "", data, columns, sorted_by="proportion", filtered=False
    )


def _items(context: SurveyContext, question: Question) -> "pd.Series[str] | str":
    table = context.shares(question)
    return table["item"] if question.kind == "rating" else ""


def answered_grids(context: SurveyContext) -> list[Grid]:
    """The grids of which anybody answered a row."""
    return list({q.whole.id: q.whole for q in answered(context) if q.whole}.values())


def grid_rows(context: SurveyContext, grid: Grid) -> list[GridRow]:
    """The rows of a grid that are shown, as questions."""
    return [one for one in context.questions if isinstance(one, GridRow) and one.grid.id == grid.id]


def grid_options(context: SurveyContext, grid: Grid) -> list[Option]:
    """The options of a grid, as they are shown for any of its rows."""
    return list({one.id: one for row in grid_rows(context, grid) for one in row.options}.values())


def grid_table(context: SurveyContext, grid: Grid) -> Table:
    """One row per row of a grid: the share of every option, and the number who answered it."""
    rows = []
    options = grid_options(context, grid)
    for question in grid_rows(context, grid):
        shares = context.frequencies(question).set_index("code")
        row: dict[str, object] = {
            "question": question.id,
            "item": "",
            "label": question.row.said(context.lang),
        }
        row |= shares.loc[shares["base"].fillna(0).astype(float).idxmax(), ["base", *BASES]].to_dict()
        for option in options:
            cell = shares.loc[option.id] if option.id in shares.index else None
            row[option.id] = float("nan") if cell is None else float(cell["proportion"])
            hidden = cell is not None and pd.isna(cell["n"])
            row[f"{option.id}_marks"] = "hidden" if hidden else context.small_mark(row["effective_base"])
        row["base_marks"] = "hidden" if pd.isna(row["base"]) else ""
        rows.append(row)
    columns = [Column("label", context.say("answers_heading", question=grid.named(context.lang)))]
    for option in options:
        columns.append(
            Column(
                option.id,
                option.said(context.lang),
                "share",
                marks=f"{option.id}_marks",
                result="frequency",
                ids={"code": option.id},
                measures=("proportion",),
            )
        )
    columns.append(
        Column(
            "base",
            context.say("col_sample"),
            "count",
            marks="base_marks",
            result="frequency",
            ids={"code": options[0].id},
        )
    )
    columns += weighted_columns(context, "base_marks", result="frequency", ids={"code": options[0].id})
    title = context.say("answers_title", question=grid.named(context.lang))
    data = pd.DataFrame(rows)
    return Table(f"grid_{grid.id}", title, "", data, tuple(columns), "frequency", filtered=False)


def answers_table(context: SurveyContext, battery: Question) -> Table:
    """One row per item of a battery: the share of every point, the mean and the number who rated it."""
    points, table = context.frequencies(battery), context.shares(battery)
    scale = context.instrument.scale_of(battery)
    table = table.assign(question=battery.id, code="")
    by_item = points.set_index(["item", "code"])["proportion"]
    counts = points.set_index(["item", "code"])["n"]
    answered = points.drop_duplicates("item").set_index("item").reindex(table["item"])
    table["answered"] = answered["base"].tolist()
    effective = answered["effective_base"].tolist()
    columns = [Column("label", context.say("answers_heading", question=battery.named(context.lang)))]
    for point in (*scale.rated, *scale.unrated):
        name = f"point_{point.value}"
        table[name] = [float(by_item.get((item, point.value), float("nan"))) for item in table["item"]]
        hidden = [pd.isna(counts.get((item, point.value), 0)) for item in table["item"]]
        table[f"{name}_marks"] = [
            "hidden" if gone else context.small_mark(base)
            for gone, base in zip(hidden, effective, strict=True)
        ]
        columns.append(
            Column(
                name,
                point.numbered(context.lang),
                "share",
                marks=f"{name}_marks",
                result="frequency",
                ids={"code": str(point.value)},
                measures=("proportion",),
            )
        )
    marks = [
        context.share_mark(mean, base)
        for mean, base in zip(table["mean"], table["effective_base"], strict=True)
    ]
    table["mean_marks"] = ["hidden" if mark == "hidden" else "" for mark in marks]
    table["base_marks"] = ["hidden" if pd.isna(base) else "" for base in table["base"]]
    columns.append(context.column("mean", "number", marks="mean_marks"))
    heading = context.say("col_rated" if scale.unrated else "col_sample")
    columns.append(context.column("base", "count", heading, marks="base_marks"))
    columns += weighted_columns(context, "base_marks")
    if scale.unrated:
        table["answered_marks"] = ["hidden" if pd.isna(base) else "" for base in table["answered"]]
        columns.append(Column("answered", context.say("col_all_answers"), "count", marks="answered_marks"))
    title = context.say("answers_title", question=battery.named(context.lang))
    return Table(f"answers_{battery.id}", title, "", table, tuple(columns), "importance", filtered=False)


def _text_tables(context: SurveyContext) -> list[Table]:
    """How many wrote something of their own; what they wrote stands on a sheet of its own."""
    rows = [] if context.minimum else text_rows(context)
    if not rows:
        return []
    columns = (
        Column("label", context.say("texts_heading")),
        context.column("n", "count", context.say("col_answers_written")),
        context.column("base", "count", context.say("col_respondents")),
    )
    return [
        Table("texts", context.say("texts_title"), "", pd.DataFrame(rows), columns, "text", filtered=False)
    ]


def text_rows(context: SurveyContext) -> list[dict[str, object]]:
    """One row per question or option that has room for words: how many wrote some."""
    rows: list[dict[str, object]] = []
    for question, part, name in text_columns(context):
        label = question.named(context.lang)
        if part:
            label = context.say(
                "text_of_option", question=label, option=question.part(part).said(context.lang)
            )
        ids = {"question": question.id, "item": part, "label": label}
        rows.append({**ids, "n": context.counts.written(name), "base": len(context.counts)})
    return rows


def text_columns(context: SurveyContext) -> list[tuple[Question, str, str]]:
    """The columns of words: question, option beside which they stand, name of the column."""
    columns = []
    for question in context.asked_questions:
        if question.kind == "text":
            columns.append((question, "", question.id))
        columns += [
            (question, part.id, f"{question.id}__{part.id}__text") for part in question.parts if part.text
        ]
    return columns
