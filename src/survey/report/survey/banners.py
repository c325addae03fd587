"""One sheet for each banner: every question, question by question, for all and for each group."""

import pandas as pd

from survey.document import Column, Sheet, Table
from survey.instrument import Question
from survey.report.survey.context import SurveyContext
from survey.report.survey.group_words import apart
from survey.report.survey.kind_tables import kind_banner
from survey.report.survey.kind_tests import compared, surest_difference
from survey.report.survey.sampled import population_notes
from survey.report.survey.similar import equivalence_notes
from survey.report.survey.titles import LEAST_TEXT, effects_notes, groups_title, led_by_effects
from survey.report.survey.topline import answered, head_row
from survey.report.survey.weighted import BASES, weighted_heads, weighting_notes
from survey.statistics.column_comparisons import column_letters
from survey.statistics.group_members import group_label
from survey.tables import has_reason

_MARKED = ["reason", "effective_base", "difference"]  # of a cell, what its marks depend on
_FRAME = ("stub", "stub_code", "question", "item", "code", "label", "result", "section")


def sheets(context: SurveyContext) -> list[Sheet]:
    """`By model` and its like: all respondents first, then the groups, each compared with all others."""
    return [
        _banner_sheet(context, banner)
        for banner in context.banners
        if not narrowed_to(context, banner) and (context.crossed(banner) or kind_banner(context, banner))
    ]


def narrowed_to(context: SurveyContext, banner: Question) -> str:
    """The only group of a banner in which a subset has anybody: nothing to compare it with; else ""."""
    if not (context.responses.subset or context.responses.provenance.subset):
        return ""
    shares = context.shares(banner)
    groups = {group.id for group in banner.groups}
    filled = shares.loc[shares["stub_code"].isin(groups) & (shares["n"].astype(float) > 0), "stub_code"]
    return str(filled.iloc[0]) if len(filled) == 1 else ""


def sheet_name(context: SurveyContext, banner: Question) -> str:
    """The name of the sheet of a banner."""
    return context.say("sheet_banner", noun=banner.group_noun(context.lang))


def _banner_sheet(context: SurveyContext, banner: Question) -> Sheet:
    noun = banner.group_noun(context.lang)
    shares = banner_table(context, banner)
    tables = [] if shares is None else [shares]
    tables += kind_banner(context, banner)
    letters = context.compare == "columns"
    legend = [context.say(f"banner_percent{context.by_weight}")]
    legend += [context.say("banner_overlap")] if banner.kind == "multiple" and not context.only else []
    legend += [context.say(f"banner_only_{context.only}")] if context.only else []
    by = "_by" if led_by_effects(context) else ""
    arrows = shares or compared(context, banner)
    legend += [context.say(f"banner_arrows{by}", least=LEAST_TEXT)] if arrows else []
    legend += [context.say(f"banner_small{context.by_weight}", small=context.small_base)]
    legend += [context.say(f"banner_letters{by}", least=LEAST_TEXT)] if letters else []
    names = [f"groups{context.by_weight}", f"small{context.by_weight}", *context.order_notes, "not_cause"]
    names += ["overlap"] if banner.kind == "multiple" else []
    names += ["letters"] if letters else []
    names += ["group_kinds"] if compared(context, banner) else []
    names += [f"only_{context.only}"] if context.only else []
    values = {
        "small": context.small_base,
        "minimum": context.min_base,
        "noun": noun,
        "own": context.own_orders,
    }
    plain = surest_difference(context, banner) or context.say("banner_title", noun=noun)
    return Sheet(
        sheet_name(context, banner),
        groups_title(context, banner) if shares else plain,
        subtitle=context.say("about_separator").join(legend),
        tables=tuple(tables),
        footnotes=context.footnotes(*names, alpha=f"{100 * (1 - context.confidence):.3g}%", **values)
        + effects_notes(context)
        + population_notes(context)
        + weighting_notes(context)
        + equivalence_notes(context),
    )


def banner_table(context: SurveyContext, banner: Question) -> Table | None:
    """One row per option or item under the head of its question; columns All and the groups."""
    stubs = [stub for stub in context.crossed(banner) if stub in answered(context)]
    if not stubs:
        return None
    columns = [
        Column("label", context.say("col_question_and_answer")),
        Column(
            "all", context.say("col_all"), "share", marks="all_marks", measures=("proportion",), total=True
        ),
    ]
    letters = column_letters(list(banner.groups)) if context.compare == "columns" else {}
    for group in banner.groups:
        heading = group_label(group, context.only, context.lang)
        if letters:
            heading = context.say("group_letter", group=heading, letter=letters[group.id])
        ids = {"banner": banner.id, "banner_code": group.id}
        columns.append(
            Column(
                group.id,
                heading,
                "share",
                part=group.id,  # many groups are printed on several pages, not ever smaller
                marks=f"{group.id}_marks",
                result="crosstab",
                ids=ids,
                measures=("proportion",),
            )
        )
    data = pd.concat([_section(context, stub, banner) for stub in stubs], ignore_index=True)
    title = context.say("banner_title", noun=banner.group_noun(context.lang))
    return Table(f"by_{banner.id}", title, "", data, tuple(columns), sorted_by="all", filtered=False)


def _section(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame:
    """The rows of one question: its head with the n of each column, then its options or items."""
    cells = context.crosstab(stub, banner)
    total = context.shares(stub)
    total = total[total["stub_code"].isin(cells["stub_code"])]
    table = total.assign(stub=stub.id, section=False, all=total["proportion"].astype(float))
    if stub.kind != "rating":
        table["code"] = table["stub_code"]
    else:
        table["code"] = ""
    table["all_marks"] = [
        context.share_mark(n, base) for n, base in zip(total["n"], total["effective_base"], strict=True)
    ]
    frames = {"all": total}
    for group in banner.groups:
        own = cells[cells["banner_code"] == group.id].set_index("stub_code").loc[table["stub_code"]]
        table[group.id] = own["proportion"].astype(float).to_numpy()
        table[f"{group.id}_marks"] = [
            _marks(context, row, differs)
            for row, differs in zip(
                own[_MARKED].to_dict("records"), apart(own, context.confidence), strict=True
            )
        ]
        frames[group.id] = own
    if context.compare == "columns":
        _add_letters(context, stub, banner, table)
    kept = [*_FRAME, *frames, *(f"{name}_marks" for name in frames)]
    table["label"] = context.row_labels(stub, table["label"])
    if context.is_among_options(stub):
        return table[kept]
    head = head_row(context, stub, table)
    at = int(total["base"].astype(float).fillna(0.0).to_numpy().argmax())
    head["label"] = context.section_text(stub)
    by_weight: dict[str, dict[str, object]] = {measure: {} for measure in BASES}
    for name, frame in frames.items():
        row = frame.iloc[at]
        head[name] = float("nan") if pd.isna(row["base"]) else float(row["base"])
        head[f"{name}_marks"] = (
            "hidden" if pd.isna(row["base"]) else context.small_mark(row["effective_base"])
        )
        for measure in BASES:
            by_weight[measure][name] = float(row[measure])
    rows = [*weighted_heads(context, head, by_weight), *table.to_dict("records")]
    kept += ["head_measure"] if "head_measure" in rows[0] else []
    return pd.DataFrame(rows)[kept]


def _marks(context: SurveyContext, cell: dict[str, object], differs: bool) -> str:
    """The marks of a cell: hidden, on few, reliably higher or lower than all others."""
    if has_reason(str(cell["reason"]), "suppressed"):
        return "hidden"
    marks = [context.small_mark(cell["effective_base"])]
    if differs:
        marks.append("up" if cell["difference"] > 0 else "down")  # type: ignore[operator]
    return " ".join(filter(None, marks))


def _add_letters(context: SurveyContext, stub: Question, banner: Question, table: pd.DataFrame) -> None:
    """Add to the marks of every cell the letters of the groups whose share is reliably lower."""
    pairs = context.columns(stub, banner)
    pairs = pairs[pairs["letter"] != ""]
    higher = pairs["banner_code"].where(pairs["difference"] > 0, pairs["other_code"])
    for group in banner.groups:
        own = pairs[higher == group.id]
        table[f"{group.id}_marks"] = [
            " ".join(filter(None, [marks, *sorted(own.loc[own["stub_code"] == code, "letter"])]))
            for marks, code in zip(table[f"{group.id}_marks"], table["stub_code"], strict=True)
        ]
