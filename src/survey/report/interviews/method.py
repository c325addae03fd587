"""Method and Codebook of an interview report."""

import platform
from importlib.metadata import version

import pandas as pd

from survey.document import Sheet
from survey.instrument.schema import said_in
from survey.report.interviews.context import InterviewPlan

_PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "rapidfuzz", "openpyxl", "matplotlib")
_TOPICS = (
    "people",
    "quotations",
    "levels",
    "coders",
    "cases",
    "saturation",
    "together",
    "attribution",
    "sides",
)


def method(plan: InterviewPlan) -> list[Sheet]:
    """How every number came about, from which data, with which versions."""
    origin, book = plan.segments.origin, plan.codebook
    rows = [
        (plan.say("coded_method_codebook"), book.reference),
        (plan.say("coded_method_codebook_hash"), book.content_hash),
        (plan.say("coded_method_approach"), plan.say(f"coded_approach_{book.approach.replace('-', '_')}")),
    ]
    known = {"input": "method_input", "input_hash": "method_input_hash"}
    known |= {"licence": "origin_licence", "source": "coded_method_source"}
    rows += [(plan.say(key), origin[name]) for name, key in known.items() if origin.get(name)]
    rows += [(plan.say("method_command"), plan.command)] if plan.command else []
    rows.append((plan.say("coded_method_people"), plan.base_text))
    rows += [
        (plan.say("coded_method_problem"), problem.text(plan.lang)) for problem in plan.segments.problems
    ]
    rows.append((plan.say("coded_method_sample"), plan.purposive))
    values = {
        "level": plan.percent_level,
        "draws": plan.saturation.draws,
        "seed": plan.seed,
        "similarity": f"{100 * plan.similarity:.3g} %",
    }
    rows += [
        (plan.say(f"coded_method_{topic}"), plan.say(f"coded_method_{topic}_text", **values))
        for topic in _TOPICS
    ]
    rows.append((plan.say("method_version", name="expansion-survey"), version("expansion-survey")))
    rows.append((plan.say("method_version", name="Python"), platform.python_version()))
    rows += [(plan.say("method_version", name=name), version(name)) for name in _PACKAGES]
    table = pd.DataFrame(rows, columns=["topic", "what"])
    title = plan.say("coded_title_method")
    columns = [
        plan.column("topic", heading=plan.say("col_topic")),
        plan.column("what", heading=plan.say("col_statement")),
    ]
    return [Sheet(plan.say("sheet_method"), title, tables=(plan.shown("method", title, table, columns),))]


def codebook(plan: InterviewPlan) -> list[Sheet]:
    """Every code with its place, its definition and when to use it and when not."""
    book = plan.codebook
    subthemes = {one.id: one for one in book.subthemes}
    themes = {one.id: one for one in book.themes}
    aims = {one.id: one for one in book.aims}
    theme_of = {code.id: themes[subthemes[code.subtheme].theme] for code in book.codes}
    rows = [
        {
            "code": code.id,
            "label": code.said(plan.lang),
            "definition": said_in(code.definition, plan.lang),
            "use_when": said_in(code.use_when, plan.lang),
            "not_when": said_in(code.not_when, plan.lang),
            "subtheme": subthemes[code.subtheme].said(plan.lang),
            "theme": theme_of[code.id].said(plan.lang),
            "aim": aims[theme_of[code.id].aim].said(plan.lang),
            "opposite": book.code(code.opposite).said(plan.lang) if code.opposite else "",
            "questions": " ".join(code.guide_questions),
            "published": code.published,
            "assumption": said_in(code.assumption, plan.lang) if code.assumption else "",
        }
        for code in book.codes
    ]
    title = plan.say("coded_title_codebook", codebook=book.reference)
    names = ("label", "code", "definition", "use_when", "not_when", "subtheme", "theme", "aim", "opposite")
    last = ("questions", "published", "assumption") if plan.has_published else ("questions", "assumption")
    columns = [plan.column(name) for name in (*names, *last)]
    lines = (said_in(book.assumption, plan.lang),) if book.assumption else ()
    table = plan.shown("codebook", title, pd.DataFrame(rows), columns)
    return [Sheet(plan.say("sheet_codebook"), title, lines=lines, tables=(table,))]
