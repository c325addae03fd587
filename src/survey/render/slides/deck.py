"""The report as a deck of slides: python-pptx, native charts with their data inside, notes for who speaks."""

import io
import re
import zipfile
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from survey.document import Picture, Report, Table, is_unfixed
from survey.files.saving import pack_archive
from survey.messages import message
from survey.progress import advance
from survey.render.cell_views import cell_view
from survey.render.colours import ACCENT, GREY, INK, LOWER, SOFT
from survey.render.drawings import Drawings
from survey.render.slides.master import Master, Room, master_of, rgb
from survey.render.slides.outline import Slide, outline
from survey.render.slides.slide_charts import add_chart
from survey.render.texts import clean, marked_as, one_line, width, wrap

_POINT = 12_700
_INCH = 914_400
_FOOT = 110  # columns of a line at the foot of a slide
_SUBTITLE = 9.7  # columns of an inch of the line below its title


def fill_deck(
    report: Report, target: Path, date: datetime, drawings: Drawings | None, template: Path | None
) -> None:
    """Write a report as a deck into an empty file; without `drawings` it has no pictures."""
    master = master_of(template)
    writer = _Writer(report, master, drawings)
    writer.first(date)
    slides = outline(report, pictures=drawings is not None)
    for number, slide in enumerate(slides):
        advance("slides", number, len(slides))
        writer.add(slide)
    given = {key: _short(text) for key, text in report.properties.items()}
    properties = master.deck.core_properties
    properties.title = _short(report.title_block.title)
    properties.author = properties.last_modified_by = given.get("creator", "")
    properties.subject = given.get("subject", "")
    properties.comments = given.get("description", "")
    properties.keywords = given.get("keywords", "")
    properties.language = message("language_locale", report.lang)
    properties.created = properties.modified = date
    pack_archive(
        master.deck.save,
        target,
        date=date,
        amend=lambda name, content: _dated(name, content, date),
    )


def _short(text: str) -> str:
    """A property of the deck: 255 characters at most."""
    text = one_line(text)
    return text if len(text) <= 255 else text[:254] + "\u2026"


def _dated(name: str, content: bytes, date: datetime) -> bytes:
    """Give the workbook inside a chart the date of the deck, where it has that of the clock."""
    if not name.endswith(".xlsx"):
        return content
    stamp = date.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as packed:
        for part in source.namelist():
            inner = source.read(part)
            if part == "docProps/core.xml":
                inner = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, inner)
            entry = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            packed.writestr(entry, inner)
    return result.getvalue()


@dataclass(frozen=True)
class _Look:
    """How the cell of a table looks: size in points, colours of its text and of the line below it."""

    size: int
    colour: str
    bold: bool = False
    italic: bool = False
    right: bool = False
    line: str = SOFT


def _underline(cell: Any, colour: str) -> None:
    """Draw a line below a cell and none around it."""
    from lxml import etree

    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    properties = cell._tc.get_or_add_tcPr()
    for place, side in enumerate(("lnL", "lnR", "lnT", "lnB")):
        line = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>' if side == "lnB" else "<a:noFill/>"
        drawn = etree.fromstring(f'<a:{side} xmlns:a="{space}" w="9525">{line}</a:{side}>')
        properties.insert(place, drawn)  # before the fill


class _Writer:
    """Puts slides into a deck."""

    def __init__(self, report: Report, master: Master, drawings: Drawings | None) -> None:
        self.report, self.master, self.drawings = report, master, drawings
        self.language = message("language_locale", report.lang)

    # -- slides -----------------------------------------------------------------------------------------

    def first(self, date: datetime) -> None:
        """The first slide: what it is, for whom, when and from where, and the date it was made."""
        block = self.report.title_block
        slide: Any = self.master.deck.slides.add_slide(self.master.first)
        first = self.report.sheets[0].title if self.report.sheets else ""
        title = one_line(block.title or first)
        facts = [
            ("title_client", "client", block.client),
            ("title_fieldwork", "fieldwork", block.fieldwork),
            ("title_data_source", "source", block.data_source),
            ("page_made_on", "date", date),
        ]
        lines = [message(key, self.report.lang, **{name: text}) for key, name, text in facts if text]
        if self.report.warning:
            lines.append(clean(self.report.warning))
        used = False
        for shape in list(slide.placeholders):
            kind = shape.placeholder_format.idx
            if shape == slide.shapes.title or kind == 0:
                self._write(shape.text_frame, [title])
            elif not used and shape.has_text_frame and kind < 10:
                self._write(shape.text_frame, lines)
                used = True
            else:
                shape._element.getparent().remove(shape._element)
        if not used:  # a template without a subtitle
            self._write(self._box(slide, self.master.body), lines, size=14, colour=GREY)
        if block.logo_bytes:
            self._add_logo(slide)
        self._finish(slide)

    def add(self, content: Slide) -> None:
        """One slide after the others."""
        slide: Any = self.master.deck.slides.add_slide(self.master.other)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0:
                shape._element.getparent().remove(shape._element)
        self._write(slide.shapes.title.text_frame, [content.title])
        if self.master.own and width(content.title) > 110:
            slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = 20 * _POINT
        room = self.master.body
        if content.subtitle:
            lines = len(wrap(content.subtitle, round(_SUBTITLE * room.width / _INCH)))
            high = round((0.32 + 0.24 * (lines - 1)) * _INCH)
            box = self._box(slide, Room(room.left, room.top, room.width, high))
            self._write(box, [content.subtitle], size=14, colour=GREY)
            room = Room(room.left, room.top + high, room.width, room.height - high)
        if content.lines:
            gap = round(0.15 * _INCH)
            room = Room(room.left, room.top + gap, room.width, room.height - gap)
            self._add_lines(slide, content, room)
        elif content.chart is not None and content.data is not None:
            frame = add_chart(slide, content.chart, content.data, room)
            self._describe(frame, content.chart.name, content.chart.alt)
        elif content.table is not None:
            self._add_table(slide, content.table, room)
        elif content.picture is not None and self.drawings is not None:
            self._add_picture(slide, content.picture, room)
        self._finish(slide, content)

    def _finish(self, slide: Any, content: Slide | None = None) -> None:
        """The foot of a slide: what the data are, where it says so nowhere else, and that of its picture, or
        the source; its number and what is said with it.
        """
        notes = content.notes if content else ()
        footer = one_line(self.report.title_block.footer)
        source = one_line(self.report.title_block.data_source)
        if width(source) > _FOOT:  # the first slide has all of it
            line = wrap(source, _FOOT)[0]
            source = line.rpartition(", ")[0] or f"{line}\u2026"
        named = message("title_data_source", self.report.lang, source=source) if source else ""
        of_picture = content.footer if content else ""
        data_note = one_line(self.report.data_note)
        if content and data_note in f"{content.subtitle}\n{of_picture}":
            data_note = ""
        foot = " \u00b7 ".join(filter(None, (data_note, of_picture or named, footer)))
        if foot and content:
            self._write(self._box(slide, self.master.foot), [foot], size=10, colour=GREY)
        for shape in slide.slide_layout.placeholders:
            if str(shape.placeholder_format.type).startswith("SLIDE_NUMBER"):
                slide.shapes._spTree.append(deepcopy(shape._element))
        texts = [*notes, *([self.report.warning] if self.report.warning and notes else [])]
        if texts:
            slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(map(clean, texts)))

    # -- what stands on them ----------------------------------------------------------------------------

    def _add_lines(self, slide: Any, content: Slide, room: Room) -> None:
        amount = sum(1 + width(text) // 92 for text in content.lines)
        size = 18 if amount <= 9 else 16 if amount <= 11 else 14
        frame = self._box(slide, room)
        marks = [f"{number}  " for number in range(1, len(content.lines) + 1)] if content.numbered else None
        self._write(frame, list(content.lines), size=size, colour=INK, space=size * 0.6, marks=marks)

    def _add_table(self, slide: Any, table: Table, room: Room) -> None:
        """A table that can be edited: the first row are headings, arrows stand beside numbers."""
        columns = table.columns
        rows = len(table.data) + 1
        size = 16 if rows <= 9 else 14
        high = min(room.height // rows, round((0.5 if rows <= 9 else 0.42) * _INCH))
        frame = slide.shapes.add_table(
            rows, len(columns), room.left, room.top + round(0.1 * _INCH), room.width, high * rows
        )
        self._describe(frame, table.name, one_line(table.title))
        drawn = frame.table
        drawn.horz_banding = False
        views = [
            [
                cell_view(value, column, codes, self.report.lang)
                for value, codes in zip(table.data[column.key].tolist(), table.marks(column), strict=True)
            ]
            for column in columns
        ]
        longest = [
            max([width(column.heading), *(width(view.text) + 3 for view in line)])
            for column, line in zip(columns, views, strict=True)
        ]
        share = [min(max(length, 13), 60) for length in longest]
        for place, (column, line) in enumerate(zip(columns, views, strict=True)):
            drawn.columns[place].width = room.width * share[place] // sum(share)
            right = column.form != "text"
            head = _Look(size - 2, GREY, bold=True, right=right, line=INK)
            self._cell(drawn.cell(0, place), one_line(column.heading), head)
            for row, view in enumerate(line, 1):
                arrow = f"{view.before} " if view.before else ""
                looks = view.looks.split()
                unfixed = "unfixed" in looks
                colour = GREY if unfixed else ACCENT if "up" in looks else LOWER if "down" in looks else INK
                text = f"{arrow}{view.text}{' ' + view.after if view.after else ''}"
                look = _Look(size, colour, bold=bool(arrow), italic=unfixed, right=right)
                self._cell(drawn.cell(row, place), text, look)

    def _cell(self, cell: Any, text: str, look: _Look) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        cell.fill.background()
        cell.margin_top = cell.margin_bottom = round(0.03 * _INCH)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._write(cell.text_frame, [text], size=look.size, colour=look.colour)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if look.right else PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.bold = look.bold
            if look.italic:
                run.font.italic = True
        _underline(cell, look.line)

    def _add_picture(self, slide: Any, picture: Picture, room: Room) -> None:
        """A picture as large as there is room for; its title is that of the slide."""
        assert self.drawings is not None
        shape = slide.shapes.add_picture(io.BytesIO(self.drawings.untitled(picture)), room.left, room.top)
        scale = min(room.width / shape.width, room.height / shape.height)
        shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
        self._describe(shape, picture.name, picture.alt)

    def _add_logo(self, slide: Any) -> None:
        block = self.report.title_block
        shape = slide.shapes.add_picture(io.BytesIO(block.logo_bytes), self.master.title.left, 0)
        high = round(0.7 * _INCH)
        shape.width, shape.height = round(shape.width * high / shape.height), high
        shape.top = round(0.5 * _INCH)
        self._describe(shape, "logo", one_line(block.client or block.title))

    # -- text -------------------------------------------------------------------------------------------

    def _box(self, slide: Any, room: Room) -> Any:
        """A box of text without a frame; its text frame."""
        shape = slide.shapes.add_textbox(*room)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = round(0.1 * _INCH)
        frame.margin_top = frame.margin_bottom = 0
        return frame

    def _write(
        self,
        frame: Any,
        texts: list[str],
        *,
        size: float | None = None,
        colour: str = "",
        space: float = 0,
        marks: list[str] | None = None,
    ) -> None:
        """Write paragraphs, in grey italics what published figures do not fix; without a size that of the
        placeholder holds.
        """
        for number, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            pieces = [(marks[number], ACCENT, True)] if marks else []
            plain = marked_as(text, clean(text).replace("\n", " "))
            for piece, ink, bold in [*pieces, (plain, GREY if is_unfixed(text) else colour, None)]:
                run = paragraph.add_run()
                run.text = piece
                run._r.get_or_add_rPr().set("lang", self.language)
                if size:
                    run.font.size = round(size * _POINT)
                if ink:
                    run.font.color.rgb = rgb(ink)
                if bold:
                    run.font.bold = True
                if is_unfixed(piece):
                    run.font.italic = True
            if space:
                paragraph.space_after = round(space * _POINT)

    def _describe(self, shape: Any, name: str, text: str) -> None:
        """Give a shape its name and its alternative text."""
        shown = shape._element.xpath(".//p:cNvPr")[0]
        shown.set("name", one_line(name))
        shown.set("descr", one_line(text))
