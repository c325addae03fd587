"""The sheets behind the results: what was published, the quality of the data, methods, and the codebook."""

import platform
from importlib.metadata import version

import pandas as pd

from survey.document import Column, Sheet
from survey.errors import Problem
from survey.ingest.responses import MISSING_KINDS
from survey.instrument.schema import said_in
from survey.report.survey.context import MET, Plan
from survey.report.survey.inference import associated

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


def published(plan: Plan) -> list[Sheet]:
    """Each published figure beside what these data give."""
    if plan.findings is None or plan.published is None:
        return []
    good = int(plan.published["verdict"].isin(MET).sum())
    figures = plan.findings.figures.set_index("claim")
    table = plan.published
    table = table.assign(
        what=[_figure_text(plan, figures.loc[finding]) for finding in table["finding"]],
        verdict=[plan.say("verdict_" + verdict.replace(" ", "_")) for verdict in table["verdict"]],
    )
    if plan.marks:
        table["margins"] = [_figure_margins(plan, figures.loc[finding]) for finding in table["finding"]]
    columns = [
        plan.column("what", heading=plan.say("col_figure")),
        plan.column("finding"),
        plan.column("locator"),
        plan.column("published"),
        plan.column("computed"),
        plan.column("count", "count"),
        plan.column("base", "count"),
        plan.column("difference", "number", plan.say("col_difference_points")),
        plan.column("verdict"),
        *([plan.column("margins")] if plan.marks else []),
        plan.column("note"),
    ]
    title = plan.say("published_title")
    base_text = plan.say("published_base", name=plan.findings.said(plan.lang))
    return [
        Sheet(
            plan.say("sheet_published"),
            title,
            base_text=base_text,
            lines=(plan.say("summary_published", good=good, all=len(table)),),
            tables=(plan.shown("published", title, base_text, table, columns, "finding"),),
            notes=(plan.say("note_published"), *plan.open_note()),
        )
    ]


def _figure_margins(plan: Plan, figure: "pd.Series[str]") -> str:
    """What the margins say of the share behind a figure, and of a group of its base."""
    if not figure["question"]:
        return plan.say("margins_fixed")
    question = plan.instrument.question(figure["question"])
    key = plan.share_key(question, figure["item"], figure["group"], figure["statistic"])
    if key is None:
        return ""
    measures = ("proportion", "base") if key[0] == "crosstab" else ("proportion",)
    return plan.margins_text(plan.asks(*key, *measures))


def _figure_text(plan: Plan, figure: "pd.Series[str]") -> str:
    """Say in words what a figure counts: question, item, group."""
    if not figure["question"]:
        return plan.say("figure_respondents")
    question = plan.instrument.question(figure["question"])
    label = question.part(figure["item"]).said(plan.lang)
    statistic = figure["statistic"]
    if statistic.startswith("share_rated_"):
        told = plan.say("figure_rated", point=statistic.removeprefix("share_rated_"))
    elif statistic.startswith("top_"):
        told = plan.say("figure_top_box", points=statistic.split("_")[1])
    else:
        told = plan.say("figure_selecting")
    text = plan.say("figure_text", question=question.named(plan.lang), item=label, statistic=told)
    if figure["group"] == "all" or plan.banner is None:
        return text
    banner = plan.instrument.question(plan.instrument.defaults.banner or plan.banner.id)
    return plan.say("figure_in_group", text=text, group=banner.part(figure["group"]).said(plan.lang))


def quality(plan: Plan) -> list[Sheet]:
    """The accounting of every raw cell, answers and gaps by question, and what was noticed."""
    rows = [*_accounting_rows(plan), *_answer_rows(plan)]
    problems = plan.responses.problems
    aside = [problem for problem in problems if problem.key.startswith("cell_")]
    notices = [problem for problem in problems if not problem.key.startswith("cell_")]
    rows += [_problem_row(plan, "quality_notice", problem) for problem in notices]
    table = pd.DataFrame(rows, columns=["check", "place", "what", "count"])
    title = plan.say("quality_title")
    base_text = plan.say("quality_base", total=len(plan.responses))
    sheets = [
        Sheet(
            plan.say("sheet_quality"),
            title,
            base_text=base_text,
            lines=tuple(_identity(plan)),
            tables=(plan.shown("data_quality", title, base_text, table, _quality_columns(plan)),),
            notes=(plan.say("note_missing_kinds"), plan.say("note_zero_rows")),
        )
    ]
    if aside:
        title = plan.say("set_aside_title")
        listed = pd.DataFrame([_problem_row(plan, "quality_set_aside", problem) for problem in aside])
        base_text = plan.say("set_aside_base", count=len(aside))
        shown = plan.shown(
            "set_aside",
            title,
            base_text,
            listed,
            [column for column in _quality_columns(plan) if column.key != "count"],
        )
        sheets.append(Sheet(plan.say("sheet_set_aside"), title, base_text=base_text, tables=(shown,)))
    return sheets


def _quality_columns(plan: Plan) -> list[Column]:
    return [
        plan.column("what"),
        plan.column("count", "count"),
        plan.column("check"),
        plan.column("place"),
    ]


def _problem_row(plan: Plan, check: str, problem: Problem) -> dict[str, object]:
    told = Problem(problem.key, values=problem.values).text(plan.lang)
    return {"check": plan.say(check), "place": problem.place.text(plan.lang), "what": told, "count": None}


def _accounting_rows(plan: Plan) -> list[dict[str, object]]:
    accounting = plan.responses.accounting
    if accounting is None:
        return []
    return [
        {
            "check": plan.say("quality_accounting"),
            "place": "",
            "what": plan.say(f"cells_{row.category}_{row.kind}".rstrip("_")),
            "count": row.cells,
        }
        for row in accounting.itertuples()
    ]


def _identity(plan: Plan) -> list[str]:
    """The identity in one sentence: cells read = mapped + missing by kind + refused."""
    accounting = plan.responses.accounting
    if accounting is None:
        return []
    totals = accounting.groupby("category", sort=False)["cells"].sum()
    kinds = accounting[(accounting["category"] == "missing") & (accounting["cells"] > 0)]
    said = plan.say("list_separator").join(
        f"{plan.say(f'missing_{row.kind}')} {row.cells}" for row in kinds.itertuples()
    )
    values = {name: int(totals.get(name, 0)) for name in ("read", "mapped", "missing", "refused")}
    kinds_text = plan.say("in_brackets", text=said) if said else ""
    lines = [plan.say("identity", kinds=kinds_text, **values)]
    if plan.responses.subset:
        lines.append(plan.say("identity_of_file"))
    return lines


def _answer_rows(plan: Plan) -> list[dict[str, object]]:
    """For every question, how many answered and how many did not, by kind."""
    rows = []
    for question in plan.instrument.questions:
        columns = list(question.columns)
        missing = plan.responses.missing[columns]
        answers = plan.responses.data[columns].notna().any(axis=1)
        subject = question.named(plan.lang)
        counts = [("answered", int(answers.sum()))]
        first = missing[columns[0]].astype(str)[~answers]
        counts += [(kind, int((first == kind).sum())) for kind in MISSING_KINDS]
        rows += [
            {
                "check": plan.say("quality_answers"),
                "place": subject,
                "what": plan.say(f"missing_{kind}"),
                "count": count,
            }
            for kind, count in counts
            if count or kind == "answered"
        ]
    return rows


def method(plan: Plan) -> list[Sheet]:
    """How every number came about, from which data, with which versions."""
    responses, instrument = plan.responses, plan.instrument
    provenance = responses.provenance
    rows = [
        (plan.say("method_instrument"), instrument.reference),
        (plan.say("method_instrument_hash"), instrument.content_hash),
        (plan.say("method_input"), provenance.file_names),
        (plan.say("method_input_hash"), provenance.file_hashes),
        (plan.say("method_command"), plan.command),
        (plan.say("method_respondents"), str(len(responses))),
    ]
    if plan.subset_text:
        rows.append((plan.say("method_subset"), plan.subset_text))
    # Figures of the file's own origin may be those that this report hides.
    of_figures = () if plan.minimum else ("findings", "seed", "group_bases", "not_met")
    names = ("wave", "source", "licence", "fielded_by", *of_figures)
    rows += [(plan.say(f"origin_{name}"), text) for name, text in provenance.entries(*names)]
    if plan.findings is not None and not plan.minimum:
        rows.append((plan.say("method_findings_hash"), plan.findings.hash))
    if plan.only_text:
        rows.append((plan.say("method_only"), plan.only_text))
    values = {"level": plan.percent_level, "minimum": plan.min_base, "hidden": plan.minimum}
    rows += [
        (plan.say(f"method_{topic}"), plan.say(f"method_{topic}_text", **values)) for topic in _topics(plan)
    ]
    rows.append((plan.say("method_version", name="expansion-survey"), version("expansion-survey")))
    rows.append((plan.say("method_version", name="Python"), platform.python_version()))
    rows += [(plan.say("method_version", name=name), version(name)) for name in _PACKAGES]
    table = pd.DataFrame(rows, columns=["topic", "what"])
    title = plan.say("method_title")
    columns = [plan.column("topic"), plan.column("what", heading=plan.say("col_statement"))]
    return [Sheet(plan.say("sheet_method"), title, tables=(plan.shown("method", title, "", table, columns),))]


def _topics(plan: Plan) -> list[str]:
    """What the sheet on methods explains: what this report shows."""
    batteries, several = bool(plan.batteries), any(q.kind == "multiple" for q in plan.instrument.questions)
    if plan.minimum:
        shown = {"groups": bool(plan.tables.crosstabs), "adjustment": bool(plan.tables.crosstabs)}
        return ["shares", *(name for name, is_there in shown.items() if is_there), *_ALWAYS[1:], "suppress"]
    banner = plan.banner is not None
    shown = {
        "ranks": batteries or several,
        "groups": banner,
        "columns": banner and plan.compare == "columns",
        "group_ratings": banner and batteries,
        "association": bool(associated(plan)),
        "together": several,
        "adjustment": banner or batteries,
        "items": batteries,
        "ratings": batteries,
        "reliability": batteries,
        "precision": True,
    }
    return [_ALWAYS[0], *(name for name, is_there in shown.items() if is_there), *_ALWAYS[1:]]


_ALWAYS = ("shares", "rounding", "missing")


def codebook(plan: Plan) -> list[Sheet]:
    """Every question, option, item and scale point with its id and its wording in every language."""
    instrument = plan.instrument
    rows: list[dict[str, str]] = []

    def add(
        column: str, kind: str, code: str, wording: dict[str, str], assumption: dict[str, str] | None
    ) -> None:
        words = {f"label_{lang}": wording.get(lang, "") for lang in instrument.languages}
        assumed = said_in(assumption, plan.lang) if assumption else ""
        rows.append({"column": column, "kind": plan.say(kind), "code": code, "assumption": assumed, **words})

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
    title = plan.say("codebook_title", instrument=instrument.reference)
    columns = [
        plan.column("column"),
        plan.column("kind"),
        plan.column("code"),
        *(
            plan.column(f"label_{lang}", heading=plan.say("col_wording", lang=lang))
            for lang in instrument.languages
        ),
        plan.column("assumption"),
    ]
    return [
        Sheet(plan.say("sheet_codebook"), title, tables=(plan.shown("codebook", title, "", table, columns),))
    ]
