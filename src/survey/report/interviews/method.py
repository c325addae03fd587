"""Method and Codebook of an interview report."""

import pandas as pd

from survey.document import Sheet
from survey.instrument.schema import text_in
from survey.report.interviews.context import InterviewContext

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


def method(context: InterviewContext) -> list[Sheet]:
    """How every number came about, from which data, with which versions."""
    origin, book = context.segments.origin, context.codebook
    rows = [
        (context.say("coded_method_codebook"), book.reference),
        (context.say("coded_method_codebook_hash"), book.content_hash),
        (
            context.say("coded_method_approach"),
            context.say(f"coded_approach_{book.approach.replace('-', '_')}"),
        ),
    ]
    known = {"input": "method_input", "input_hash": "method_input_hash"}
    known |= {"licence": "origin_licence", "source": "coded_method_source"}
    rows += [(context.say(key), origin[name]) for name, key in known.items() if origin.get(name)]
    rows += [(context.say("method_command"), context.command)] if context.command else []
    rows.append((context.say("coded_method_people"), context.base_text))
    rows += [
        (context.say("coded_method_problem"), problem.text(context.lang))
        for problem in context.segments.problems
    ]
    rows.append((context.say("coded_method_sample"), context.purposive))
    values = {
        "level": context.percent_level,
        "draws": context.saturation.draws,
        "seed": context.seed,
        "similarity": context.similarity,
    }
    rows += [
        (context.say(f"coded_method_{topic}"), context.say(f"coded_method_{topic}_text", **values))
        for topic in _TOPICS
    ]
    rows += context.versions(_PACKAGES)
    table = pd.DataFrame(rows, columns=["topic", "what"])
    title = context.say("coded_title_method")
    columns = [
        context.column("topic", heading=context.say("col_topic")),
        context.column("what", heading=context.say("col_statement")),
    ]
    return [
        Sheet(context.say("sheet_method"), title, tables=(context.shown("method", title, table, columns),))
    ]


def codebook(context: InterviewContext) -> list[Sheet]:
    """Every code with its place, its definition and when to use it and when not."""
    book = context.codebook
    subthemes = {one.id: one for one in book.subthemes}
    themes = {one.id: one for one in book.themes}
    aims = {one.id: one for one in book.aims}
    theme_of = {code.id: themes[subthemes[code.subtheme].theme] for code in book.codes}
    rows = [
        {
            "code": code.id,
            "label": code.said(context.lang),
            "definition": text_in(code.definition, context.lang),
            "use_when": text_in(code.use_when, context.lang),
            "not_when": text_in(code.not_when, context.lang),
            "subtheme": subthemes[code.subtheme].said(context.lang),
            "theme": theme_of[code.id].said(context.lang),
            "aim": aims[theme_of[code.id].aim].said(context.lang),
            "opposite": book.code(code.opposite).said(context.lang) if code.opposite else "",
            "questions": " ".join(code.guide_questions),
            "published": code.published,
            "assumption": text_in(code.assumption, context.lang) if code.assumption else "",
        }
        for code in book.codes
    ]
    title = context.say("coded_title_codebook", codebook=book.reference)
    names = ("label", "code", "definition", "use_when", "not_when", "subtheme", "theme", "aim", "opposite")
    last = ("questions", "published", "assumption") if context.has_published else ("questions", "assumption")
    columns = [context.column(name) for name in (*names, *last)]
    lines = (text_in(book.assumption, context.lang),) if book.assumption else ()
    table = context.shown("codebook", title, pd.DataFrame(rows), columns)
    return [Sheet(context.say("sheet_codebook"), title, lines=lines, tables=(table,))]
