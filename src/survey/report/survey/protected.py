"""The sheets of a report whose small cells are hidden: only tables that are protected together.

Whatever counts the same respondents in another way (overlaps, pairs of groups or items, ranks, numbers,
single answers) would give hidden cells away, and is left out; the Contents sheet says so.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from survey.document import Sheet
from survey.instrument import Question
from survey.instrument.shares import Statistic
from survey.report.survey import summary as whole_summary
from survey.report.survey.context import OPEN, SurveyContext
from survey.report.survey.crosstabs import cross_columns, cross_notes, heatmap_picture
from survey.report.survey.questions import battery_picture, importance_picture

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "[c]"


def contents(context: SurveyContext) -> list[Sheet]:
    """The first sheet, and what a report with hidden cells does not have."""
    sheet = whole_summary.contents(context)[0]
    said = context.say("protected_about", minimum=context.minimum)
    more = [] if context.tables.whole else [context.say("protected_in_parts")]
    if len(_stubs(context)) < len(context.stubs) and context.banner is not None:
        more.append(context.say("protected_no_groups", groups=len(context.banner.groups)))
    if context.tables.exposed or len(context.responses) < context.minimum:
        more.append(context.say("protected_exposed", total=len(context.responses)))
    return [replace(sheet, lines=(*sheet.lines, said, *more))]


def _stubs(context: SurveyContext) -> list[Question]:
    """The questions with a cross-tab: none where the groups have too many combinations to be checked."""
    return [stub for stub in context.stubs if stub.id in context.tables.crosstabs]


def summary(context: SurveyContext) -> list[Sheet]:
    """The sentences that need no hidden number, and the pictures that show none."""
    lines: list[str] = []
    pictures = []
    for battery in context.batteries:
        table = context.importance(battery)
        if table["n_top"].isna().any() or not table["base"].any():
            continue
        labels = " / ".join(
            point.said(context.lang) for point in context.instrument.scale_of(battery).top_points
        )
        for _, row in table[table["base"] > 0].head(3).iterrows():
            share = context.share_with_interval(row, "n_top")
            values = {
                "label": row["label"],
                "share": share,
                "top": labels,
                "battery": battery.named(context.lang),
            }
            text = context.say("protected_importance", **values)
            lines.append(context.sentence(text, is_open=context.rank_is_open(battery)))
        pictures.append(importance_picture(context, battery))
    for question in context.instrument.questions:
        if question.kind in ("single", "multiple"):
            lines += _share_lines(context, question)
    for stub in _stubs(context):
        lines += _cross_lines(context, stub) if whole_summary.asked(context, stub) else []
    pictures += [heatmap_picture(context, stub) for stub in _stubs(context) if stub.kind == "multiple"][:1]
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
                _note(context),
                *context.open_note(),
            ),
            pictures=tuple(pictures),
        )
    ]


def _cross_lines(context: SurveyContext, stub: Question) -> list[str]:
    """As in a full report, and that hidden cells take no part where there are any."""
    assert context.banner is not None
    table = context.crosstab(stub)
    if table["n"].notna().all():
        return whole_summary.crosstab_lines(context, stub)
    names = {"stub": stub.named(context.lang), "noun": context.banner.group_noun(context.lang)}
    if table["p_value"].isna().all():
        return [context.sentence(context.say("protected_cross_hidden", **names))]
    apart = context.say("protected_cross_apart", hidden=int(table["n"].isna().sum()))
    *lines, last = whole_summary.crosstab_lines(context, stub)
    return [*lines, f"{last} {apart}"]


def _share_lines(context: SurveyContext, question: Question) -> list[str]:
    """Shares of a question, the largest three of a select-all one; nothing where one of them is hidden."""
    table = context.frequencies(question)
    if table["n"].isna().any() or not table["base"].any():
        return []
    table = table[table["base"] > 0]
    if question.kind == "multiple":
        table = table.sort_values("n", ascending=False, kind="stable").head(3)
    said = context.say("item_separator").join(
        context.say("summary_part", label=row["label"], share=context.share_with_interval(row))
        for _, row in table.iterrows()
    )
    key = "summary_multiple" if question.kind == "multiple" else "summary_single"
    is_open = any(context.is_open(question, code) for code in table["code"])
    return [
        context.sentence(context.say(key, question=question.named(context.lang), parts=said), is_open=is_open)
    ]


def importance(context: SurveyContext) -> list[Sheet]:
    """One sheet for each rating battery: top box, mean, and the points."""
    return [_battery(context, battery) for battery in context.batteries]


def _battery(context: SurveyContext, battery: Question) -> Sheet:
    scale, short = context.instrument.scale_of(battery), battery.named(context.lang)
    points, table = context.frequencies(battery), context.importance(battery)
    marks = _marks(context, battery, table, "n_top", table["item"].tolist())
    table = _covered(table, "n_top", ("n_top", "base", "proportion", "ci_low", "ci_high"))
    whole = context.importance(battery)["n_top"].notna().all()
    gone = points[points["n"].isna()]["item"].unique()
    for name in ("mean", "sd", "median"):
        values = table[name].astype(object)
        hidden = table["item"].isin(gone) | (table["n_top"] == HIDDEN)
        table[name] = values.where(~hidden, HIDDEN)
    columns = [context.column("label", heading=short)]
    columns += [context.open_column("rank", "count", is_open=context.rank_is_open(battery))] if whole else []
    columns += context.share_columns("n_top")
    columns += [context.open_column(name, "number") for name in ("mean", "sd", "median")]
    for point in scale.points:
        own = points[points["code"] == point.value].set_index("item")
        shares = own["proportion"].astype(object).where(own["n"].notna(), HIDDEN)
        table[f"point_{point.value}"] = table["item"].map(shares)
        is_open = any(
            context.is_open(battery, item.id, statistic=Statistic("rated", point.value))
            for item in battery.items
        )
        columns.append(
            context.open_column(
                f"point_{point.value}", "share", point.numbered(context.lang), is_open=is_open
            )
        )
    table["mark"] = marks
    table["reason"] = table["note"] = ""
    columns.append(context.column("mark"))
    title = context.say("importance_title", question=short)
    top = " / ".join(point.numbered(context.lang) for point in scale.top_points)
    shown = points["n"].notna().all()
    return Sheet(
        short,
        title,
        question=battery.said(context.lang),
        base_text=_base_text(context, battery),
        tables=(
            context.table(f"importance_{battery.id}", title, _base_text(context, battery), table, columns),
        ),
        notes=(context.say("note_top_box", points=top), *_notes(context)),
        pictures=(
            *((importance_picture(context, battery),) if whole else ()),
            *((battery_picture(context, battery),) if whole and shown else ()),
        ),
    )


def questions(context: SurveyContext) -> list[Sheet]:
    """One sheet for each single or select-all question, the banner last."""
    asked = [q for q in context.instrument.questions if q.kind in ("single", "multiple")]
    return [
        _question(context, q)
        for q in sorted(asked, key=lambda q: bool(context.banner and q.id == context.banner.id))
    ]


def _question(context: SurveyContext, question: Question) -> Sheet:
    table, short = context.frequencies(question), question.named(context.lang)
    marks = _marks(context, question, table, "n", table["code"].tolist())
    table = _covered(table, "n", ("n", "base", "proportion", "ci_low", "ci_high")).assign(mark=marks)
    title = context.say("question_title", question=short)
    base_text = _base_text(context, question)
    columns = [context.column("label", heading=short), *context.share_columns(), context.column("mark")]
    return Sheet(
        short,
        title,
        question=question.said(context.lang),
        base_text=base_text,
        tables=(context.table(f"frequency_{question.id}", title, base_text, table, columns),),
        notes=tuple(_notes(context)),
    )


def crossed(context: SurveyContext) -> list[Sheet]:
    """Each question by the banner, as in a full report; hidden cells say [c]."""
    return [_cross(context, stub) for stub in _stubs(context)]


def _cross(context: SurveyContext, stub: Question) -> Sheet:
    import pandas as pd

    assert context.banner is not None
    noun, short = context.banner.group_noun(context.lang), stub.named(context.lang)
    wide, columns = cross_columns(context, stub)
    table = pd.DataFrame(wide)
    for group, count in [("", "total_n"), *((g.id, f"{g.id}_n") for g in context.banner.groups)]:
        own = [column.key for column in columns if column.part == group and column.form != "text"]
        table = _covered(table, count, own)
    title = context.say("cross_title", stub=short, noun=noun)
    base_text = context.say("cross_base", base=_base_text(context, stub), noun=noun)
    base_text = context.sentences(base_text, context.only_text)
    return Sheet(
        context.say("sheet_cross", short=short, noun=noun),
        title,
        question=stub.said(context.lang),
        base_text=base_text,
        tables=(context.table(f"crosstab_{stub.id}_{context.banner.id}", title, base_text, table, columns),),
        notes=(*cross_notes(context, stub), _note(context)),
        pictures=(heatmap_picture(context, stub),) if stub.kind != "single" else (),
    )


def _covered(table: "pd.DataFrame", count: str, columns: Any) -> "pd.DataFrame":
    """Write [c] where a count is hidden, in that and the other columns; a base that is printed stays."""
    gone = table[count].isna()
    found = table.copy()
    for name in columns:
        values = found[name].astype(object)
        found[name] = values.where(~(gone & values.isna()), HIDDEN)
    return found


def _marks(
    context: SurveyContext, question: Question, table: "pd.DataFrame", count: str, items: list[str]
) -> list[str]:
    """[c] where the row is hidden, else the marks of every report."""
    known = context.marked(table.assign(base=table["base"].fillna(0).astype(int)), question, items)["mark"]
    return [
        " ".join([HIDDEN, *[OPEN] * context.bare_mark(question, item)]) if gone else mark
        for gone, mark, item in zip(table[count].isna(), known, items, strict=True)
    ]


def _base_text(context: SurveyContext, question: Question) -> str:
    """How many answered, unless that is hidden; why others did not is left out: routing tells of answers."""
    bases = context.frequencies(question)["base"]
    if bases.isna().any():
        text = context.say("protected_small_base", minimum=context.minimum)
    else:
        answered = context.responses.data[list(question.answer_columns)].notna()
        key = "base_text_ticks" if question.kind == "multiple" else "base_text"
        text = context.say(key, base=int(answered.any(axis=1).sum()), total=len(context.responses))
    return context.sentences(text, context.subset_text)


def _note(context: SurveyContext) -> str:
    return context.say("protected_note", minimum=context.minimum)


def _notes(context: SurveyContext) -> list[str]:
    return [context.say("note_interval", level=context.percent_level), _note(context), *context.open_note()]
