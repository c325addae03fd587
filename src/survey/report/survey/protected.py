"""The sheets of a report whose small cells are hidden: only tables that are protected together.

Whatever counts the same respondents in another way (overlaps, pairs of groups or items, ranks, numbers,
single answers) would give hidden cells away, and is left out; the Contents sheet says so.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from survey.document import Sheet
from survey.instrument import Question
from survey.report.survey import summary as whole_summary
from survey.report.survey.context import OPEN, Plan
from survey.report.survey.crosstabs import cross_columns, cross_notes, heatmap_picture
from survey.report.survey.questions import battery_picture, importance_picture

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "[c]"


def contents(plan: Plan) -> list[Sheet]:
    """The first sheet, and what a report with hidden cells does not have."""
    sheet = whole_summary.contents(plan)[0]
    said = plan.say("protected_about", minimum=plan.minimum)
    more = [] if plan.tables.whole else [plan.say("protected_in_parts")]
    if len(_stubs(plan)) < len(plan.stubs) and plan.banner is not None:
        more.append(plan.say("protected_no_groups", groups=len(plan.banner.groups)))
    if plan.tables.exposed or len(plan.responses) < plan.minimum:
        more.append(plan.say("protected_exposed", total=len(plan.responses)))
    return [replace(sheet, lines=(*sheet.lines, said, *more))]


def _stubs(plan: Plan) -> list[Question]:
    """The questions with a cross-tab: none where the groups have too many combinations to be checked."""
    return [stub for stub in plan.stubs if stub.id in plan.tables.crosstabs]


def summary(plan: Plan) -> list[Sheet]:
    """The sentences that need no hidden number, and the pictures that show none."""
    lines: list[str] = []
    pictures = []
    for battery in plan.batteries:
        table = plan.importance(battery)
        if table["n_top"].isna().any() or not table["base"].any():
            continue
        labels = " / ".join(point.said(plan.lang) for point in plan.instrument.scale_of(battery).top_points)
        for _, row in table[table["base"] > 0].head(3).iterrows():
            share = plan.share_with_interval(row, "n_top")
            values = {
                "label": row["label"],
                "share": share,
                "top": labels,
                "battery": battery.named(plan.lang),
            }
            text = plan.say("protected_importance", **values)
            lines.append(plan.sentence(text, is_open=plan.rank_is_open(battery)))
        pictures.append(importance_picture(plan, battery))
    for question in plan.instrument.questions:
        if question.kind in ("single", "multiple"):
            lines += _share_lines(plan, question)
    for stub in _stubs(plan):
        lines += _cross_lines(plan, stub) if whole_summary.asked(plan, stub) else []
    pictures += [heatmap_picture(plan, stub) for stub in _stubs(plan) if stub.kind == "multiple"][:1]
    return [
        Sheet(
            plan.say("sheet_summary"),
            plan.say("summary_title"),
            base_text=plan.sentences(plan.say("summary_base", total=len(plan.responses)), plan.only_text),
            lines=tuple(lines),
            notes=(
                plan.say("note_rounding"),
                plan.say("note_interval", level=plan.percent_level),
                _note(plan),
                *plan.open_note(),
            ),
            pictures=tuple(pictures),
        )
    ]


def _cross_lines(plan: Plan, stub: Question) -> list[str]:
    """As in a full report, and that hidden cells take no part where there are any."""
    assert plan.banner is not None
    table = plan.crosstab(stub)
    if table["n"].notna().all():
        return whole_summary.crosstab_lines(plan, stub)
    names = {"stub": stub.named(plan.lang), "noun": plan.banner.group_noun(plan.lang)}
    if table["p_value"].isna().all():
        return [plan.sentence(plan.say("protected_cross_hidden", **names))]
    apart = plan.say("protected_cross_apart", hidden=int(table["n"].isna().sum()))
    *lines, last = whole_summary.crosstab_lines(plan, stub)
    return [*lines, f"{last} {apart}"]


def _share_lines(plan: Plan, question: Question) -> list[str]:
    """Shares of a question, the largest three of a select-all one; nothing where one of them is hidden."""
    table = plan.frequencies(question)
    if table["n"].isna().any() or not table["base"].any():
        return []
    table = table[table["base"] > 0]
    if question.kind == "multiple":
        table = table.sort_values("n", ascending=False, kind="stable").head(3)
    said = plan.say("item_separator").join(
        plan.say("summary_part", label=row["label"], share=plan.share_with_interval(row))
        for _, row in table.iterrows()
    )
    key = "summary_multiple" if question.kind == "multiple" else "summary_single"
    is_open = any(plan.is_open(question, code) for code in table["code"])
    return [plan.sentence(plan.say(key, question=question.named(plan.lang), parts=said), is_open=is_open)]


def importance(plan: Plan) -> list[Sheet]:
    """One sheet for each rating battery: top box, mean, and the points."""
    return [_battery(plan, battery, first=not place) for place, battery in enumerate(plan.batteries)]


def _battery(plan: Plan, battery: Question, *, first: bool) -> Sheet:
    scale, short = plan.instrument.scale_of(battery), battery.named(plan.lang)
    points, table = plan.frequencies(battery), plan.importance(battery)
    marks = _marks(plan, battery, table, "n_top", table["item"].tolist())
    table = _covered(table, "n_top", ("n_top", "base", "proportion", "ci_low", "ci_high"))
    whole = plan.importance(battery)["n_top"].notna().all()
    gone = points[points["n"].isna()]["item"].unique()
    for name in ("mean", "sd", "median"):
        values = table[name].astype(object)
        hidden = table["item"].isin(gone) | (table["n_top"] == HIDDEN)
        table[name] = values.where(~hidden, HIDDEN)
    columns = [plan.column("label", heading=short)]
    columns += [plan.open_column("rank", "count", is_open=plan.rank_is_open(battery))] if whole else []
    columns += plan.share_columns("n_top")
    columns += [plan.open_column(name, "number") for name in ("mean", "sd", "median")]
    for point in scale.points:
        own = points[points["code"] == point.value].set_index("item")
        shares = own["proportion"].astype(object).where(own["n"].notna(), HIDDEN)
        table[f"point_{point.value}"] = table["item"].map(shares)
        is_open = any(
            plan.is_open(battery, item.id, statistic=f"share_rated_{point.value}") for item in battery.items
        )
        columns.append(
            plan.open_column(f"point_{point.value}", "share", point.numbered(plan.lang), is_open=is_open)
        )
    table["mark"] = marks
    table["reason"] = table["note"] = ""
    columns.append(plan.column("mark"))
    title = plan.say("importance_title", question=short)
    top = " / ".join(point.numbered(plan.lang) for point in scale.top_points)
    shown = points["n"].notna().all()
    name = plan.say("sheet_importance") if first else plan.say("sheet_importance_of", short=short)
    return Sheet(
        name,
        title,
        question=battery.said(plan.lang),
        base_text=_base_text(plan, battery),
        tables=(plan.shown(f"importance_{battery.id}", title, _base_text(plan, battery), table, columns),),
        notes=(plan.say("note_top_box", points=top), *_notes(plan)),
        pictures=(
            *((importance_picture(plan, battery),) if whole else ()),
            *((battery_picture(plan, battery),) if whole and shown else ()),
        ),
    )


def questions(plan: Plan) -> list[Sheet]:
    """One sheet for each single or select-all question, the banner last."""
    asked = [q for q in plan.instrument.questions if q.kind in ("single", "multiple")]
    return [
        _question(plan, q) for q in sorted(asked, key=lambda q: bool(plan.banner and q.id == plan.banner.id))
    ]


def _question(plan: Plan, question: Question) -> Sheet:
    table, short = plan.frequencies(question), question.named(plan.lang)
    marks = _marks(plan, question, table, "n", table["code"].tolist())
    table = _covered(table, "n", ("n", "base", "proportion", "ci_low", "ci_high")).assign(mark=marks)
    title = plan.say("question_title", question=short)
    base_text = _base_text(plan, question)
    columns = [plan.column("label", heading=short), *plan.share_columns(), plan.column("mark")]
    return Sheet(
        short,
        title,
        question=question.said(plan.lang),
        base_text=base_text,
        tables=(plan.shown(f"frequency_{question.id}", title, base_text, table, columns),),
        notes=tuple(_notes(plan)),
    )


def crossed(plan: Plan) -> list[Sheet]:
    """Each question by the banner, as in a full report; hidden cells say [c]."""
    return [_cross(plan, stub) for stub in _stubs(plan)]


def _cross(plan: Plan, stub: Question) -> Sheet:
    import pandas as pd

    assert plan.banner is not None
    noun, short = plan.banner.group_noun(plan.lang), stub.named(plan.lang)
    wide, columns = cross_columns(plan, stub)
    table = pd.DataFrame(wide)
    for prefix, count in [("total", "total_n"), *((g.id, f"{g.id}_n") for g in plan.banner.groups)]:
        own = [
            column.key for column in columns if column.key.startswith(f"{prefix}_") and column.form != "text"
        ]
        table = _covered(table, count, own)
    title = plan.say("cross_title", stub=short, noun=noun)
    base_text = plan.say("cross_base", base=_base_text(plan, stub), noun=noun)
    base_text = plan.sentences(base_text, plan.only_text)
    return Sheet(
        plan.say("sheet_cross", short=short, noun=noun),
        title,
        question=stub.said(plan.lang),
        base_text=base_text,
        tables=(plan.shown(f"crosstab_{stub.id}_{plan.banner.id}", title, base_text, table, columns),),
        notes=(*cross_notes(plan, stub), _note(plan)),
        pictures=(heatmap_picture(plan, stub),) if stub.kind != "single" else (),
    )


def _covered(table: "pd.DataFrame", count: str, columns: Any) -> "pd.DataFrame":
    """Write [c] where a count is hidden, in that and the other columns; a base that is printed stays."""
    gone = table[count].isna()
    found = table.copy()
    for name in columns:
        values = found[name].astype(object)
        found[name] = values.where(~(gone & values.isna()), HIDDEN)
    return found


def _marks(plan: Plan, question: Question, table: "pd.DataFrame", count: str, items: list[str]) -> list[str]:
    """[c] where the row is hidden, else the marks of every report."""
    known = plan.marked(table.assign(base=table["base"].fillna(0).astype(int)), question, items)["mark"]
    return [
        " ".join([HIDDEN, *[OPEN] * plan.bare_mark(question, item)]) if gone else mark
        for gone, mark, item in zip(table[count].isna(), known, items, strict=True)
    ]


def _base_text(plan: Plan, question: Question) -> str:
    """How many answered, unless that is hidden; why others did not is left out: routing tells of answers."""
    bases = plan.frequencies(question)["base"]
    if bases.isna().any():
        text = plan.say("protected_small_base", minimum=plan.minimum)
    else:
        answered = plan.responses.data[list(question.answer_columns)].notna()
        key = "base_text_ticks" if question.kind == "multiple" else "base_text"
        text = plan.say(key, base=int(answered.any(axis=1).sum()), total=len(plan.responses))
    return plan.sentences(text, plan.subset_text)


def _note(plan: Plan) -> str:
    return plan.say("protected_note", minimum=plan.minimum)


def _notes(plan: Plan) -> list[str]:
    return [plan.say("note_interval", level=plan.percent_level), _note(plan), *plan.open_note()]
