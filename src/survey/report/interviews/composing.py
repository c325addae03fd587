"""What the reports on a study have in common: notes, the signs of verdicts, how they are put together."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from survey.document import Report, Sheet, Table, TitleBlock
from survey.report.context import ReportContext
from survey.report.properties import signed, title_lines

_PACKAGES = ("pandas", "openpyxl", "matplotlib")


def notes_sheet(
    context: ReportContext, unnumbered: list[tuple[str, str]], packages: tuple[str, ...] = _PACKAGES
) -> Sheet:
    """Every note once, by its number, and from what the report was made."""
    rows: list[tuple[int | None, str, str]] = [
        (number, note.topic, note.text) for number, note in enumerate(context.notes, 1)
    ]
    unnumbered += [(context.say("method_command"), context.command)] if context.command else []
    rows += [(None, topic, text) for topic, text in [*unnumbered, *context.versions(packages)]]
    title = context.say("notes_title")
    columns = (
        context.column("number", "count", context.say("col_number")),
        context.column("topic", heading=context.say("col_topic")),
        context.column("what", heading=context.say("col_statement")),
    )
    table = Table("notes", title, "", pd.DataFrame(rows, columns=["number", "topic", "what"]), columns)
    return Sheet(
        context.say("sheet_notes"),
        title,
        subtitle=context.say("notes_subtitle"),
        tables=(table,),
        appendix=True,
    )


def with_sign(context: ReportContext, verdict: str, words: str, signs: dict[str, str]) -> str:
    """A verdict in words behind its sign; one without a sign of its own is open."""
    return context.say(f"coded_sign_{signs.get(verdict, 'open')}", verdict=words)


def composed(
    context: Any,
    builders: Iterable[Callable[[Any], list[Sheet]]],
    block: TitleBlock,
    reference: str,
    about: Iterable[str] = (),
) -> Report:
    """A report of the sheets that builders give of a context, signed; `about` goes with its description."""
    sheets = tuple(sheet for build in builders for sheet in build(context))
    properties = {
        "title": block.title,
        "subject": reference,
        "creator": "expansion-survey",
        "description": " ".join([*title_lines(block, context.lang), *about]),
    }
    notes = tuple(context.notes)
    return Report(context.lang, signed(sheets, block, context.lang), "", properties, notes, title_block=block)
