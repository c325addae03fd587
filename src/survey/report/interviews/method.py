"""Notes and Codebook of an interview report."""

import pandas as pd

from survey.document import Sheet
from survey.instrument.schema import text_in
from survey.report.interviews.agreement import agreement_lines
from survey.report.interviews.both_sides import sides_lines
from survey.report.interviews.composing import notes_sheet
from survey.report.interviews.context import InterviewContext
from survey.report.interviews.joint_display import joint_origin
from survey.report.interviews.summary import details

_PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "rapidfuzz", "openpyxl", "matplotlib")


def notes(context: InterviewContext) -> list[Sheet]:
    """Every note once, by its number; what the interviews say in full; from what the report was made."""
    context.footnotes("coded_quotations", "coded_coders")
    origin, book = context.segments.origin, context.codebook
    detail = context.say("topic_coded_detail")
    unnumbered = [(detail, text) for text in details(context)]
    unnumbered += [(context.say("topic_coded_sides"), text) for text in sides_lines(context)]
    unnumbered += [(context.say("agreement_title"), text) for text in agreement_lines(context)]
    unnumbered += [(context.say("topic_joint"), text) for text in joint_origin(context)]
    unnumbered += [
        (context.say("topic_coded_people"), context.base_text),
        (context.say("coded_method_codebook"), book.reference),
        (context.say("coded_method_codebook_hash"), book.content_hash),
        (
            context.say("coded_method_approach"),
            context.say(f"coded_approach_{book.approach.replace('-', '_')}"),
        ),
        *((context.say("coded_method_codebook"), text) for text in context.provenance),
    ]
    known = {"input": "method_input", "input_hash": "method_input_hash", "source": "coded_method_source"}
    known |= {"note": "segments_note"}
    unnumbered += [(context.say(key), origin[name]) for name, key in known.items() if origin.get(name)]
    unnumbered += [
        (context.say("coded_method_problem"), problem.text(context.lang))
        for problem in context.segments.problems
    ]
    return [notes_sheet(context, unnumbered, _PACKAGES)]


def codebook(context: InterviewContext) -> list[Sheet]:
    """Every code with its place, its definition and when to use it and when not."""
    book = context.codebook
    subthemes = {one.id: one for one in book.subthemes}
    themes = {one.id: one for one in book.themes}
    aims = {one.id: one for one in book.aims}
    theme_of = {code.id: themes[subthemes[code.subtheme].theme] for code in book.codes}
    rows = [
        {
            "label": code.said(context.lang),
            "definition": text_in(code.definition, context.lang),
            "use_when": text_in(code.use_when, context.lang),
            "not_when": text_in(code.not_when, context.lang),
            "subtheme": subthemes[code.subtheme].said(context.lang),
            "theme": theme_of[code.id].said(context.lang),
            "aim": aims[theme_of[code.id].aim].said(context.lang),
            "opposite": book.code(code.opposite).said(context.lang) if code.opposite else "",
            "tension": context.say("item_separator").join(
                context.labels[other] for other in book.in_tension_with(code.id)
            ),
            "theory": context.listed(book.theories_of(code, context.lang)),
            "published": code.published,
            "assumption": text_in(code.assumption, context.lang) if code.assumption else "",
        }
        for code in book.codes
    ]
    title = context.say("coded_title_codebook", codebook=book.titled(context.lang))
    names = ["label", "definition", "use_when", "not_when", "subtheme", "theme", "aim", "opposite"]
    names += [name for name in ("tension", "theory") if any(row[name] for row in rows)]
    last = ("published", "assumption") if context.has_published else ("assumption",)
    columns = [context.column(name) for name in (*names, *last)]
    lines = (text_in(book.assumption, context.lang),) if book.assumption else ()
    table = context.shown("codebook", title, pd.DataFrame(rows), columns)
    return [Sheet(context.say("sheet_codebook"), title, lines=lines, tables=(table,), appendix=True)]
