"""Which slides a report gives: its head, its findings, its charts, small tables and pictures, its notes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey.document import Chart, Picture, Report, Sheet, Table
from survey.messages import message
from survey.render.cell_views import shown
from survey.render.charted import ChartData, chart_data, chart_parts, continued, table_of
from survey.render.texts import clean, marked_as, one_line, width

_MOST_BARS, _MOST_ROWS, _MOST_COLUMNS = 14, 11, 7
_TEXT_LINES, _TEXT_WIDTH = 15, 92  # lines of a slide of text, columns of a line


@dataclass(frozen=True)
class Slide:
    """One slide: a title, a line under it, and one thing below; `notes` are for who speaks."""

    title: str
    subtitle: str = ""
    lines: tuple[str, ...] = ()
    numbered: bool = False
    chart: Chart | None = None
    data: ChartData | None = None
    table: Table | None = None
    picture: Picture | None = None
    footer: str = ""
    notes: tuple[str, ...] = ()


def outline(report: Report, *, pictures: bool) -> list[Slide]:
    """The slides after the first one."""
    slides = list(_opening(report))
    # A picture that stands on several sheets is shown once, and none that says what a chart says.
    charts = {one_line(chart.title) for sheet in report.sheets for chart in sheet.charts}
    drawn: set[int] = set()
    for sheet in report.sheets:
        if sheet.appendix:
            continue
        slides += _small_tables(sheet, report)
        slides += _charts(sheet, report)
        if pictures:
            slides += [slide for slide in _pictures(sheet, report, drawn) if slide.title not in charts]
    slides += _closing(report)
    return slides


def _opening(report: Report) -> Iterator[Slide]:
    """What was found, in sentences: those of the first sheet that has some."""
    for sheet in report.sheets[:2]:
        sentences = [marked_as(text, clean(text)) for text in sheet.findings or sheet.lines]
        if sentences:
            title = marked_as(sheet.title, one_line(sheet.title))
            subtitle = one_line(sheet.subtitle or sheet.base_text)
            numbered = bool(sheet.findings)
            yield from _texts(title, subtitle, sentences, report, numbered=numbered, warning=report.warning)
        if sheet.findings:
            return


def _texts(
    title: str,
    subtitle: str,
    sentences: Sequence[str],
    report: Report,
    *,
    numbered: bool = False,
    warning: str = "",
) -> Iterator[Slide]:
    """Sentences on as many slides as they need."""
    slides: list[list[str]] = [[]]
    used = 0.0
    for text in sentences:
        needed = 1 + width(text) // _TEXT_WIDTH + (0 if len(text) < 30 else 0.5)
        if slides[-1] and used + needed > _TEXT_LINES:
            slides.append([])
            used = 0.0
        slides[-1].append(text)
        used += needed
    for number, texts in enumerate(slides, 1):
        yield Slide(
            marked_as(title, continued(title, number, len(slides))),
            subtitle,
            tuple(texts),
            numbered=numbered,
            notes=tuple(filter(None, (subtitle, warning))),
        )


def _small_tables(sheet: Sheet, report: Report) -> Iterator[Slide]:
    """The tables of a sheet that fit a slide, where they are what the sheet is about."""
    if not (sheet.one_page or sheet.findings):
        return
    for table in sheet.tables:
        if 0 < len(table.data) <= _MOST_ROWS and len(table.columns) <= _MOST_COLUMNS:
            title = one_line(table.title or sheet.title)
            yield Slide(title, one_line(table.base_text), table=table, notes=_notes(sheet, table, report))


def _charts(sheet: Sheet, report: Report) -> Iterator[Slide]:
    """The charts of a sheet, one with many bars on several slides."""
    for chart in sheet.charts:
        table = table_of(chart, sheet, report)
        if not len(table.data):
            continue
        whole = chart_data(chart, table)
        if whole.empty:
            continue
        most = max(3, _MOST_BARS // max(1, len(chart.series) if chart.kind == "bar" else 1))
        for part in chart_parts(chart, len(whole.labels), most):
            notes = chart.notes or (*_heading_of(chart, table), *_notes(sheet, table, report))
            data = chart_data(part, table)
            yield Slide(
                marked_as(chart.title, one_line(part.title)),
                one_line(chart.subtitle or table.base_text),
                chart=part,
                data=data,
                notes=(*map(clean, notes), clean(chart.alt)),
            )


def _pictures(sheet: Sheet, report: Report, drawn: set[int]) -> Iterator[Slide]:
    """The pictures of a sheet that were on no slide before."""
    for picture in sheet.pictures:
        if id(picture) in drawn:
            continue
        drawn.add(id(picture))
        table = sheet.tables[0] if sheet.tables else None
        notes = (clean(picture.alt), *_notes(sheet, table, report))
        title = marked_as(picture.title, one_line(picture.title))
        subtitle, footer = one_line(picture.subtitle), one_line(picture.footer)
        yield Slide(title, subtitle, picture=picture, footer=footer, notes=notes)


def _heading_of(chart: Chart, table: Table) -> tuple[str, ...]:
    """The head of the section that a chart is drawn over: a question and its base."""
    heads = table.head_measures[: chart.first]
    if not heads or not heads[-1]:
        return ()
    own = len(heads) - 1 - heads[::-1].index("base")  # bases by weight stand below it
    cells = [table.data[column.key].iloc[own] for column in table.columns]
    return tuple(
        text if column.form == "text" else f"n = {text}"
        for column, cell in zip(table.columns, cells, strict=True)
        if (text := shown(cell, "text" if column.form == "text" else "count", ""))
    )


def _notes(sheet: Sheet, table: Table | None, report: Report) -> tuple[str, ...]:
    """What who speaks must know: the wording as asked, the base, how it was counted and tested."""
    holders = [sheet, *(each for each in report.sheets if table is not None and table in each.tables)]
    numbers = dict.fromkeys(number for holder in holders for number in holder.footnotes)
    named = [report.notes[number - 1] for number in numbers if number <= len(report.notes)]
    texts: Iterable[str] = (
        sheet.question,
        sheet.base_text or (table.base_text if table else ""),
        *sheet.notes,
        *(table.notes if table else ()),
        *(message("about_entry", report.lang, name=note.topic, value=note.text) for note in named),
    )
    return tuple(dict.fromkeys(clean(text) for text in texts if text))


def _closing(report: Report) -> Iterator[Slide]:
    """How it was done: the notes that concern what the slides show, or all where no sheet names its own."""
    named = {number for sheet in report.sheets if not sheet.appendix for number in sheet.footnotes}
    notes = [note for number, note in enumerate(report.notes, 1) if number in named or not named]
    sentences = [
        message("about_entry", report.lang, name=one_line(note.topic), value=one_line(note.text))
        for note in notes
    ]
    if sentences:
        yield from _texts(message("slides_method", report.lang), "", sentences, report)
