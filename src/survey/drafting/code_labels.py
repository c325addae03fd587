"""Questions, rows and options that a file names by codes alone: marked, for somebody to fill in the words."""

import re

from survey.drafting.sketch import Sketch, SketchPart, SketchQuestion
from survey.ingest.layout import Habits
from survey.wording import normalise, skeleton

_CODE = re.compile(r"[A-Za-z]{1,4}_?\d{1,4}")  # SQ001, A1, r_2
_BRACKETED = re.compile(r"[A-Za-z]\w*(?:\[\w+\])+")  # Q2[SQ001_SQ002]


def mark_codes(sketch: Sketch, habits: Habits) -> None:
    """Ask for the words of what has a code alone; the code stays as an alias, so that the file is read on."""
    for question in sketch.questions:
        headers = list(question.columns)
        known = habits.coded_headers is not None and all(map(habits.coded_headers.fullmatch, headers))
        if not headers or not (known or all(map(_BRACKETED.fullmatch, headers))):
            continue
        named = [*question.rows, *question.items, *(question.options if _in_headers(question) else [])]
        if not known and not all(map(_is_code, _labels(sketch, named))):
            continue
        lang = sketch.languages[0]
        if normalise(question.text[lang]) in {normalise(header.partition("[")[0]) for header in headers}:
            question.ask = "draft_ask_text"
            _note(sketch, question.text[lang], question.aliases, question.id)
        if not _in_headers(question) and all(map(_is_code, _labels(sketch, question.options))):
            named += question.options
        for part in named:
            part.ask = part.ask or "draft_ask_label"
            _note(sketch, part.label[lang], part.aliases, part.id)


def _in_headers(question: SketchQuestion) -> bool:
    """Whether the headers name the options: each has a column, alone or in every row."""
    return question.kind != "single" and (question.kind != "grid" or _columns_a_row(question) > 1)


def _columns_a_row(grid: SketchQuestion) -> float:
    return len(grid.columns) / len(grid.rows)


def _labels(sketch: Sketch, parts: list[SketchPart]) -> list[str]:
    return [part.label[sketch.languages[0]] for part in parts]


def _is_code(label: str) -> bool:
    return _CODE.fullmatch(label) is not None


def _note(sketch: Sketch, code: str, aliases: list[str], own_id: str) -> None:
    sketch.coded.append(code)
    if skeleton(code) != skeleton(own_id) and normalise(code) not in map(normalise, aliases):
        aliases.append(code)
