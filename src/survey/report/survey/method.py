"""The sheets behind the results: what was published, the quality of the data, methods, and the codebook."""

from typing import TYPE_CHECKING

import pandas as pd

from survey.document import Column, Sheet
from survey.errors import Problem
from survey.instrument.schema import text_in
from survey.report.survey.context import MET, SurveyContext
from survey.report.survey.inference import associated
from survey.statistics.indicators import answered
from survey.tables import IDS

if TYPE_CHECKING:
    from survey.published.findings.figures import Figure

_PACKAGES = (
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "seaborn",
    "matplotlib",
    "openpyxl",
    "pydantic",
)


def published(context: SurveyContext) -> list[Sheet]:
    """Each published figure beside what these data give."""
    if context.findings is None or context.published is None:
        return []
    good = int(context.published["verdict"].isin(MET).sum())
    figures = {figure.claim: figure for figure in context.findings.parsed()}
    table = context.published
    table = table.assign(
        what=[_figure_text(context, figures[finding]) for finding in table["finding"]],
        verdict=[context.say("verdict_" + verdict.replace(" ", "_")) for verdict in table["verdict"]],
    )
    ids = pd.DataFrame([_figure_ids(context, figures[finding]) for finding in table["finding"]])
    table = table.join(ids.set_index(table.index))
    columns = [
        context.column("what", heading=context.say("col_figure")),
        context.column("finding"),
        context.column("locator"),
        context.column("published"),
        context.column("computed"),
        context.column("count", "count", measures=("n",)),
        context.column("base", "count"),
        context.column("difference", "number", context.say("col_difference_points"), measures=()),
        context.column("verdict"),
        context.column("note"),
    ]
    title = context.say("published_title")
    base_text = context.say("published_base", name=context.findings.said(context.lang))
    return [
        Sheet(
            context.say("sheet_published"),
            title,
            base_text=base_text,
            lines=(context.say("summary_published", good=good, all=len(table)),),
            tables=(context.table("published", title, base_text, table, columns, "finding"),),
            notes=(context.say("note_published"),),
        )
    ]


def _figure_ids(context: SurveyContext, figure: "Figure") -> dict[str, str]:
    """The result that a figure counts, and the ids by which it is known."""
    if not figure.question:
        return {"result": "respondents"}
    question = context.instrument.question(figure.question)
    key = context.figure_key(question, figure.item, figure.group, figure.statistic)
    if key is None:
        return {"result": ""}
    return {"result": key.result, **dict(zip(IDS[key.result], key.ids, strict=True))}


def _figure_text(context: SurveyContext, figure: "Figure") -> str:
    """Say in words what a figure counts: question, item, group."""
    if not figure.question:
        return context.say("figure_respondents")
    question = context.instrument.question(figure.question)
    label = question.part(figure.item).said(context.lang)
    counted = context.statistic_text(figure.statistic)
    text = context.say("figure_text", question=question.named(context.lang), item=label, statistic=counted)
    if figure.group == "all" or context.banner is None:
        return text
    banner = context.instrument.question(context.instrument.defaults.banner or context.banner.id)
    return context.say("figure_in_group", text=text, group=banner.part(figure.group).said(context.lang))


def quality(context: SurveyContext) -> list[Sheet]:
    """The accounting of every raw cell, answers and gaps by question, and what was noticed."""
    rows = [*_accounting_rows(context), *_answer_rows(context)]
    problems = context.responses.problems
    aside = [problem for problem in problems if problem.key.startswith("cell_")]
    notices = [problem for problem in problems if not problem.key.startswith("cell_")]
    rows += [_problem_row(context, "quality_notice", problem) for problem in notices]
    table = pd.DataFrame(rows, columns=["check", "place", "what", "count"])
    title = context.say("quality_title")
    base_text = context.say("quality_base", total=len(context.responses))
    sheets = [
        Sheet(
            context.say("sheet_quality"),
            title,
            base_text=base_text,
            lines=tuple(_identity(context)),
            tables=(context.table("data_quality", title, base_text, table, _quality_columns(context)),),
            notes=(context.say("note_missing_kinds"), context.say("note_zero_rows")),
        )
    ]
    if aside:
        title = context.say("set_aside_title")
        listed = pd.DataFrame([_problem_row(context, "quality_set_aside", problem) for problem in aside])
        base_text = context.say("set_aside_base", count=len(aside))
        shown = context.table(
            "set_aside",
            title,
            base_text,
            listed,
            [column for column in _quality_columns(context) if column.key != "count"],
        )
        sheets.append(Sheet(context.say("sheet_set_aside"), title, base_text=base_text, tables=(shown,)))
    return sheets


def _quality_columns(context: SurveyContext) -> list[Column]:
    return [
        context.column("what"),
        context.column("count", "count"),
        context.column("check"),
        context.column("place"),
    ]


def _problem_row(context: SurveyContext, check: str, problem: Problem) -> dict[str, object]:
    text = Problem(problem.key, values=problem.values).text(context.lang)
    return {
        "check": context.say(check),
        "place": problem.place.text(context.lang),
        "what": text,
        "count": None,
    }


def _accounting_rows(context: SurveyContext) -> list[dict[str, object]]:
    accounting = context.responses.accounting
    if accounting is None:
        return []
    return [
        {
            "check": context.say("quality_accounting"),
            "place": "",
            "what": context.say(f"cells_{row.category}_{row.kind}".rstrip("_")),
            "count": row.cells,
        }
        for row in accounting.itertuples()
    ]


def _identity(context: SurveyContext) -> list[str]:
    """The identity in one sentence: cells read = mapped + missing by kind + refused."""
    accounting = context.responses.accounting
    if accounting is None:
        return []
    totals = accounting.groupby("category", sort=False)["cells"].sum()
    kinds = accounting[(accounting["category"] == "missing") & (accounting["cells"] > 0)]
    missing = context.say("list_separator").join(
        f"{context.say(f'missing_{row.kind}')} {row.cells}" for row in kinds.itertuples()
    )
    values = {name: int(totals.get(name, 0)) for name in ("read", "mapped", "missing", "refused")}
    kinds_text = context.say("in_brackets", text=missing) if missing else ""
    lines = [context.say("identity", kinds=kinds_text, **values)]
    if context.responses.subset:
        lines.append(context.say("identity_of_file"))
    return lines


def _answer_rows(context: SurveyContext) -> list[dict[str, object]]:
    """For every question, how many answered and how many did not, by kind."""
    rows = []
    for question in context.instrument.questions:
        subject = question.named(context.lang)
        kinds = context.counts.unanswered_kinds(question)
        counts = [("answered", answered(context.counts, question)), *kinds.items()]
        rows += [
            {
                "check": context.say("quality_answers"),
                "place": subject,
                "what": context.say(f"missing_{kind}"),
                "count": count,
            }
            for kind, count in counts
            if count or kind == "answered"
        ]
    return rows


def method(context: SurveyContext) -> list[Sheet]:
    """How every number came about, from which data, with which versions."""
    responses, instrument = context.responses, context.instrument
    provenance = responses.provenance
    rows = [
        (context.say("method_instrument"), instrument.reference),
        (context.say("method_instrument_hash"), instrument.content_hash),
        *((context.say("questionnaire_source"), source) for source in instrument.sources),
        (context.say("method_input"), provenance.file_names),
        (context.say("method_input_hash"), provenance.file_hashes),
        (context.say("method_command"), context.command),
        (context.say("method_respondents"), str(len(responses))),
    ]
    if context.subset_text:
        rows.append((context.say("method_subset"), context.subset_text))
    # Figures of the file's own origin may be those that this report hides.
    of_figures = () if context.minimum else ("findings", "seed", "group_bases", "not_met")
    names = ("wave", "source", "licence", "fielded_by", *of_figures)
    rows += [(context.say(f"origin_{name}"), text) for name, text in provenance.entries(*names)]
    if context.findings is not None and not context.minimum:
        rows.append((context.say("method_findings_hash"), context.findings.hash))
    if context.only_text:
        rows.append((context.say("method_only"), context.only_text))
    values = {"level": context.percent_level, "minimum": context.min_base, "hidden": context.minimum}
    rows += [
        (context.say(f"method_{topic}"), context.say(f"method_{topic}_text", **values))
        for topic in _topics(context)
    ]
    rows += context.versions(_PACKAGES)
    table = pd.DataFrame(rows, columns=["topic", "what"])
    title = context.say("method_title")
    columns = [context.column("topic"), context.column("what", heading=context.say("col_statement"))]
    return [
        Sheet(
            context.say("sheet_method"), title, tables=(context.table("method", title, "", table, columns),)
        )
    ]


def _topics(context: SurveyContext) -> list[str]:
    """What the sheet on methods explains: what this report shows."""
    batteries, several = (
        bool(context.batteries),
        any(q.kind == "multiple" for q in context.instrument.questions),
    )
    if context.minimum:
        shown = {"groups": bool(context.crossed), "adjustment": bool(context.crossed)}
        return ["shares", *(name for name, is_there in shown.items() if is_there), *_ALWAYS[1:], "suppress"]
    banner = context.banner is not None
    shown = {
        "ranks": batteries or several,
        "groups": banner,
        "columns": banner and context.compare == "columns",
        "group_ratings": banner and batteries,
        "association": bool(associated(context)),
        "together": several,
        "adjustment": banner or batteries,
        "items": batteries,
        "ratings": batteries,
        "reliability": batteries,
        "precision": True,
    }
    return [_ALWAYS[0], *(name for name, is_there in shown.items() if is_there), *_ALWAYS[1:]]


_ALWAYS = ("shares", "rounding", "missing")


def codebook(context: SurveyContext) -> list[Sheet]:
    """Every question, option, item and scale point with its id and its wording in every language."""
    instrument = context.instrument
    rows: list[dict[str, str]] = []

    def add(
        column: str, kind: str, code: str, wording: dict[str, str], assumption: dict[str, str] | None
    ) -> None:
        words = {f"label_{lang}": wording.get(lang, "") for lang in instrument.languages}
        assumed = text_in(assumption, context.lang) if assumption and context.reconstructed else ""
        rows.append(
            {"column": column, "kind": context.say(kind), "code": code, "assumption": assumed, **words}
        )

    for question in instrument.questions:
        whole = question.id if question.kind in ("single", "number", "text") else ""
        add(whole, f"kind_{question.kind}", question.id, question.text, question.assumption)
        part = "kind_item" if question.kind == "rating" else "kind_option"
        for option in question.parts:
            name = question.id if question.kind == "single" else f"{question.id}__{option.id}"
            add(name, part, option.id, option.label, option.assumption)
    for scale_id, scale in instrument.scales.items():
        for point in scale.points:
            add("", "kind_point", f"{scale_id} {point.value}", point.label, scale.assumption)
    table = pd.DataFrame(rows)
    title = context.say("codebook_title", instrument=instrument.reference)
    columns = [
        context.column("column"),
        context.column("kind"),
        context.column("code"),
        *(
            context.column(f"label_{lang}", heading=context.say("col_wording", lang=lang))
            for lang in instrument.languages
        ),
        *([context.column("assumption")] if context.reconstructed else []),
    ]
    return [
        Sheet(
            context.say("sheet_codebook"),
            title,
            tables=(context.table("codebook", title, "", table, columns),),
        )
    ]
