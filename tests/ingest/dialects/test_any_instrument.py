"""Any instrument in the common layouts: awkward labels, seven points, no select-all question."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from survey import Instrument, Responses, load_instrument, read_responses
from survey.instrument import Question
from tests.ingest.dialects.test_same_answers import found, written

INSTRUMENTS = Path(__file__).parents[2] / "instruments"
WRITTEN_KINDS = {"single", "multiple", "rating", "number", "text"}
REFERENCES = ["executive-survey@1.0.0", *sorted(str(path) for path in INSTRUMENTS.glob("*.yaml"))]

Truth = list[dict[str, Any]]


def truth_of(instrument: Instrument) -> Truth:
    """Twelve respondents, some of whom leave things out; the first leaves nothing out."""
    draw = random.Random(7)
    rows: Truth = []
    for number in range(12):
        row: dict[str, Any] = {}
        for question in instrument.questions:
            gone = number > 0 and draw.random() < 0.2
            if question.kind == "single":
                row[question.id] = None if gone else draw.choice(question.options).id
            elif question.kind == "multiple":
                many = draw.sample(question.options, draw.randint(1, len(question.options)))
                chosen = None if gone else {option.id for option in many}
                row |= {f"{question.id}__{o.id}": chosen and o.id in chosen for o in question.options}
            elif question.kind == "rating":
                points = instrument.scale_of(question).values
                for item in question.items:
                    row[f"{question.id}__{item.id}"] = (
                        None if draw.random() < 0.1 and number else draw.choice(points)
                    )
            else:
                row[question.id] = None if gone else 4.0 if question.kind == "number" else "NA"
        rows.append(row)
    return rows


def columns(
    instrument: Instrument,
    lang: str,
    row: dict[str, Any],
    joined: Callable[[list[str]], str] | None,
    matrix: Callable[[str, str, int], str],
) -> Iterator[tuple[str, str, Any]]:
    """Question, row of it, and cell; a select-all question joined, or its labels in a column per option."""
    for question in instrument.questions:
        stem = question.said(lang)
        if question.kind == "single":
            code = row[question.id]
            yield stem, "", None if code is None else question.part(code).said(lang)
        elif question.kind == "rating":
            for place, item in enumerate(question.items):
                value = row[f"{question.id}__{item.id}"]
                yield (
                    matrix(stem, item.said(lang), place),
                    item.said(lang),
                    point(instrument, question, value, lang),
                )
        elif question.kind == "multiple":
            chosen = [option.said(lang) for option in question.options if row[f"{question.id}__{option.id}"]]
            if joined:
                yield stem, "", joined(chosen) if chosen else None
            else:
                for option in question.options:
                    yield stem, option.said(lang), option.said(lang) if option.said(lang) in chosen else None
        else:
            yield stem, "", row[question.id]


def point(instrument: Instrument, question: Question, value: int | None, lang: str) -> str | None:
    scale = instrument.scale_of(question)
    return next((one.said(lang) for one in scale.points if one.value == value), None)


def wjx_text(instrument: Instrument, lang: str, truth: Truth) -> list[list[Any]]:
    """Numbered questions; the stem of a matrix in its first column only."""
    numbers = {question.said(lang): place for place, question in enumerate(instrument.questions, 1)}

    def matrix(stem: str, item: str, place: int) -> str:
        return f"{stem}—{item}" if place == 0 else f"\0{stem}\0{item}"

    rows: list[list[Any]] = []
    for number, row in enumerate(truth, 1):
        cells = list(columns(instrument, lang, row, "┋".join, matrix))
        if not rows:
            heads = []
            for stem, _, _ in cells:
                owner = stem.split("\0")[1] if "\0" in stem else stem.split("—")[0]
                heads.append(f"{numbers[owner]}、{stem.split(chr(0))[-1]}")
            rows.append(["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", *heads])
        about = [number, f"2026/4/{number} 9:05:03", "60秒", "微信", "N/A", "1.2.3.4(广东-深圳)"]
        rows.append([*about, *("(空)" if cell is None else cell for _, _, cell in cells)])
    return rows


def forms(
    separator: str, trailing: str, head: list[str], about: Callable[[int], list[Any]], matrix: str
) -> Any:
    def make(instrument: Instrument, lang: str, truth: Truth) -> list[list[Any]]:
        rows: list[list[Any]] = []
        for number, row in enumerate(truth, 1):
            joined = lambda chosen: separator.join(chosen) + trailing  # noqa: E731
            cells = list(
                columns(instrument, lang, row, joined, lambda stem, item, _: matrix.format(stem, item))
            )
            if not rows:
                rows.append([*head, *(stem for stem, _, _ in cells)])
            rows.append([*about(number), *(cell for _, _, cell in cells)])
        return rows

    return make


def surveymonkey(instrument: Instrument, lang: str, truth: Truth) -> list[list[Any]]:
    meta = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    rows: list[list[Any]] = []
    for number, row in enumerate(truth, 1):
        cells = list(columns(instrument, lang, row, None, lambda stem, _item, _place: stem))
        if not rows:
            stems = [stem for stem, _, _ in cells]
            first = [
                stem if place == 0 or stems[place - 1] != stem else None for place, stem in enumerate(stems)
            ]
            rows = [[*meta, *first], [None] * 4 + [part or "Response" for _, part, _ in cells]]
        rows.append([f"1180000{number:04}", "1", 46115.5, 46115.6, *(cell for _, _, cell in cells)])
    return rows


def qualtrics(instrument: Instrument, lang: str, truth: Truth) -> list[list[Any]]:
    meta = ["StartDate", "EndDate", "Status", "Finished", "ResponseId"]
    rows: list[list[Any]] = []
    for number, row in enumerate(truth, 1):
        cells = list(columns(instrument, lang, row, None, lambda stem, _item, _place: stem))
        if not rows:
            tags = [f"QX{place}" for place in range(len(cells))]
            labels = [f"{stem} - {part}" if part else stem for stem, part, _ in cells]
            ids = [f'{{"ImportId":"{place}"}}' for place in range(len(cells) + 5)]
            rows = [[*meta, *tags], [*meta, *labels], list(ids)]
        about = ["2026-04-03 09:01:00", "2026-04-03 09:05:07", "IP Address", "True", f"R_{number:09}"]
        rows.append([*about, *(cell for _, _, cell in cells)])
    return rows


def typeform(instrument: Instrument, lang: str, truth: Truth) -> list[list[Any]]:
    """Headed by the question, a choice of several by itself."""
    rows: list[list[Any]] = []
    for number, row in enumerate(truth, 1):
        several = {question.said(lang) for question in instrument.questions if question.kind == "multiple"}
        cells = list(columns(instrument, lang, row, None, lambda stem, _item, _place: stem))
        if not rows:
            heads = [
                part if stem in several else f"{stem} - {part}" if part else stem for stem, part, _ in cells
            ]
            rows = [["#", *heads, "Start Date (UTC)", "Submit Date (UTC)"]]
        times = ["2026-04-03 09:01:00", "2026-04-03 09:05:07"]
        rows.append([f"{number:032x}", *(cell for _, _, cell in cells), *times])
    return rows


def alchemer(instrument: Instrument, lang: str, truth: Truth) -> list[list[Any]]:
    meta = ["Response ID", "Time Started", "Date Submitted", "Status"]
    rows: list[list[Any]] = []
    for number, row in enumerate(truth, 1):
        cells = list(columns(instrument, lang, row, None, lambda stem, _item, _place: stem))
        if not rows:
            rows = [[*meta, *(f"{part}:{stem}" if part else stem for stem, part, _ in cells)]]
        about = [number, "2026-04-03 09:01:00", "2026-04-03 09:05:07", "Complete"]
        rows.append([*about, *(cell for _, _, cell in cells)])
    return rows


LAYOUTS: dict[str, Callable[[Instrument, str, Truth], list[list[Any]]]] = {
    "wjx_text": wjx_text,
    "msforms": forms(
        ";", ";", ["ID", "Start time", "Completion time"],
        lambda n: [n, "4/13/26 9:01:00", "4/13/26 9:05:07"], "{0}.{1}"
    ),
    "googleforms": forms(", ", "", ["Timestamp"], lambda n: [f"4/{n}/2026 9:05:03"], "{0} [{1}]"),
    "tencent": forms("\n", "", ["编号", "开始答题时间", "结束答题时间", "答题时长"],
                     lambda n: [n, "03-Apr-2026 09:01:02", "03-Apr-2026 09:05:07", 245], "{0}:{1}"),
    "surveymonkey": surveymonkey,
    "qualtrics": qualtrics,
    "typeform": typeform,
    "alchemer": alchemer,
    "jotform": forms("\n", "", ["Submission Date", "Submission ID"],
                     lambda n: [f"Apr {n}, 2026 9:05:03 AM", n], "{0} >> {1}"),
    "feishu": forms(",", "", ["提交人", "提交时间"], lambda n: ["A", f"2026/04/{n:02} 09:05"], "{0}-{1}"),
}  # fmt: skip


def clean(responses: Responses) -> bool:
    return not [problem for problem in responses.problems if problem.key.startswith(("column_", "parts_"))]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: Path(reference).stem)
def test_any_instrument_in_any_language(tmp_path: Path, reference: str, layout: str) -> None:
    instrument = load_instrument(reference)
    if instrument.derived or {question.kind for question in instrument.questions} - WRITTEN_KINDS:
        pytest.skip("of what no platform's export is made up here")
    if any(question.text_columns for question in instrument.questions):
        pytest.skip("texts beside options are written differently by each platform: see test_same_answers")
    truth = truth_of(instrument)
    expected = {column: [row[column] for row in truth] for column in instrument.columns}
    for lang in instrument.languages:
        path = written(tmp_path / f"{lang}.xlsx", LAYOUTS[layout](instrument, lang, truth))
        responses = read_responses(path, instrument)
        assert found(responses) == expected
        assert responses.provenance.dialect == layout
        assert clean(responses)
    if reference.startswith("executive"):
        assert read_responses(path).instrument == instrument  # recognised by its questions
