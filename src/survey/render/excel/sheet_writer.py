"""One sheet of a workbook: what must be known, then the tables, then pictures and charts beside them."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, takewhile

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from survey.document import Chart, Column, Picture, Sheet
from survey.render.charted import chart_parts
from survey.render.excel.cells import dress, put_text
from survey.render.excel.charts import CHART_WIDTH, PlacedTable
from survey.render.excel.placed_sheet import (
    CM_PER_PIXEL,
    NARROW,
    PIXELS_PER_POINT,
    SIDE_COLUMN_PIXELS,
    PlacedSheet,
)
from survey.render.excel.table_writer import Block, block_of, column_widths, link
from survey.render.texts import one_line, width, wrap

_WIDEST_PAGE = 270.0  # characters: more would print too small to read
_FIRST_COLUMN, _LINES_ONLY = 70, 110
_LONGEST_LINE, _LINE_FIT = 170.0, 0.95  # characters of a line over all columns, and how full it may be
_LABELS = 46  # characters of the first column, where short lines alone stand above the table
_PAGE_WIDE, _PAGE_HIGH = 784.0, 500.0  # points that a lying page has for cells
_POINTS_PER_CHARACTER = 5.4  # of the width of a column
_MOST_BARS = 24  # rows of a chart on one page


class SheetWriter(PlacedSheet):
    """Writes a sheet of any length."""

    def write(self, sheet: Sheet, *, warning: str, others: Sequence[tuple[str, str, str]] | None) -> None:
        """Write a sheet; `others` lists name, title and base of the sheets that the first one links to."""
        pictures = self.drawn_pictures(sheet)
        blocks = self._blocks(sheet, others)
        own = blocks[len(blocks) - len(sheet.tables) :]
        charts = [chart for chart in sheet.charts if not self._is_empty(chart, own)]
        intro = self._intro(sheet, blocks, warning)
        captions = [] if not blocks else self._captions([*(p for p, *_ in pictures), *charts], "ZZ99")
        across = bool(blocks) and sheet.lines_across
        inside = [] if across else [text for text, style in intro if style not in self._over]
        self._set_widths(blocks, inside + captions)
        self._put_text(
            one_line(sheet.title) or self.sheet.title,
            self._sentence(sheet.title, self.styles.title),
            height=24,
        )
        for text, style in intro:
            self._put(text, style, across=across)
        self._link_home(sheet)
        first_caption = self._row
        if blocks:
            for caption in captions:  # their rows are kept free: the cells are known when all rows are
                self._put(caption, self.styles.line)
            for line in (line for _, _, line in pictures if line):
                self._put(line, self.styles.line)
            places = self._put_blocks(blocks)
            below_headings = places[0].heading_row + 1
            side = max(len(block.columns) for block in blocks) + 2
            for table, place in zip(sheet.tables, places[len(places) - len(own) :], strict=True):
                self._place.tables[table.name] = place
            labels = self._label_columns(blocks[0].columns)
            pages = self._pages(blocks, side - 2, labels, places[0])
            # The labels are printed on each page of a torn table: pictures stand where it is blank.
            first = below_headings if len(pages) < 2 else self._row + 1
            beside = self._put_beside(pictures, charts, own, side, first, first_caption)
            self._set_page(blocks, places)
            self._set_printed(sheet, pages, labels, beside, places[0].heading_row)
        else:
            self._put_below(pictures, charts)
            self._set_page([], [])

    # -- what stands above the table -------------------------------------------------------------------

    def _blocks(self, sheet: Sheet, others: Sequence[tuple[str, str, str]] | None) -> list[Block]:
        blocks = [self._contents(others)] if others else []
        return blocks + [block_of(table, self.styles.lang) for table in sheet.tables]

    def _contents(self, others: Sequence[tuple[str, str, str]]) -> Block:
        columns = tuple(
            Column(key, self._say(f"report_contents_{key}")) for key in ("sheet", "title", "base")
        )
        headings = tuple(column.heading for column in columns)
        links = tuple(name for name, _, _ in others)
        marks: list[list[tuple[str, ...]]] = [[] for _ in columns]
        return Block("contents", "", "", columns, headings, [*others], marks, [""] * len(others), links=links)

    def _intro(self, sheet: Sheet, blocks: Sequence[Block], warning: str) -> list[tuple[str, str]]:
        """List the lines above the table, each with its style."""
        line = self.styles.line
        intro = [(sheet.subtitle, self.styles.about)] if sheet.subtitle else []
        intro += [(warning, self.styles.warning)] if warning else []
        if sheet.question:
            intro.append((self._say("report_question", question=sheet.question), line))
        own = sheet.tables
        if base_text := sheet.base_text or (own[0].base_text if len(own) == 1 else ""):
            intro.append((self._say("report_base", base=base_text), line))
        intro += [(text, self._sentence(text, line)) for text in (*sheet.findings, *sheet.lines)]
        notes = list(dict.fromkeys([*sheet.notes, *(note for table in own for note in table.notes)]))
        if notes:
            key = "report_notes" if blocks else "report_notes_only"
            intro.append((self._say(key, count=len(notes)), line))
            numbered = enumerate(notes, 1)
            intro += [(self._say("report_note", number=number, note=note), line) for number, note in numbered]
        if not (sheet.footnotes or sheet.subtitle) and any(block.has_blanks for block in blocks):
            intro.append((self._say("report_blank"), line))
        return intro

    def _fitting(self, text: str, style: str) -> str:
        """The style of a text at the left: over the columns beside it where it fits, else wrapped."""
        dimensions = self.sheet.column_dimensions
        whole = sum(dimensions[name].width for name in dimensions)
        if style in self._over and width(text) > whole:
            return self.styles.line
        if style == self.styles.line and dimensions["A"].width < width(text) + 2 <= whole:
            return self.styles.line_across
        return style

    def _put(self, text: str, style: str, *, across: bool = False) -> None:
        """Write a text at the left: over the columns beside it where it fits, else wrapped in the first.

        `across`: a line stands over all columns, on a row for each line that it takes.
        """
        dimensions = self.sheet.column_dimensions
        if across and style not in self._over:
            self._put_across(text, style, sum(dimensions[name].width for name in dimensions))
            return
        style = self._fitting(text, style)
        high = self.styles.line_height if style in (*self._over, self.styles.line_across) else None
        self._put_text(text, style, height=high, wide=dimensions["A"].width)
        if style == self.styles.warning:
            for place in range(2, len(dimensions) + 1):
                dress(self.sheet.cell(self._row - 1, place), style)

    def _put_across(self, text: str, style: str, whole: float) -> None:
        over = style.replace(self.styles.line, self.styles.line_across)
        if over not in (self.styles.line_across, *self.styles.made):
            over = self.styles.unfixed(self.styles.line_across)
        for line in wrap(text, int(min(whole, _LONGEST_LINE) * _LINE_FIT)):
            self._put_text(line, over, height=self.styles.line_height)

    def _link_home(self, sheet: Sheet) -> None:
        """Links to the notes that concern the sheet, and back to the first one."""
        if sheet.footnotes and self._place.notes_sheet:
            self._link(self._notes_text(sheet), self._place.notes_sheet)
        if self.sheet.title != self._place.names[0]:
            self._link(self._say("report_back", name=self._place.names[0]), self._place.names[0])

    def _link(self, text: str, name: str) -> None:
        cell = self.sheet.cell(self._row, 1)
        self._put(text, self.styles.link)
        link(cell, name)

    # -- the tables -------------------------------------------------------------------------------------

    def _put_blocks(self, blocks: Sequence[Block]) -> list[PlacedTable]:
        """Write the tables, one below the other where there are several; say where they stand."""
        places = []
        dimensions = self.sheet.column_dimensions
        wide = sum(dimensions[name].width for name in dimensions)
        starts = []
        for number, block in enumerate(blocks):
            self._end_row(self.styles.line_height)
            starts.append(self._row)
            if len(blocks) > 1 and block.title and (number or not block.sections.count(True)):
                self._put_text(block.title, self.styles.subtitle, height=self.styles.line_height + 2)
                if block.base_text:
                    self._put(self._say("report_base", base=block.base_text), self.styles.line)
            place, self._row = self._tables.put(block, self._row)
            places.append(place)
            heads = [at for at, measure in enumerate(block.heads) if measure == "base"]
            starts += [place.heading_row + 1 + at for at in heads[1:]]
        if wide > NARROW:
            page = min(wide, _WIDEST_PAGE)  # a wider table is torn
            repeated = (
                self._high(places[0].heading_row, places[0].heading_row + 1) if len(blocks) == 1 else 0.0
            )
            pixels = round(page * _POINTS_PER_CHARACTER * PIXELS_PER_POINT)
            self._break_between(starts, pixels, titled=True, repeated=repeated)
        return places

    def _set_widths(self, blocks: Sequence[Block], lines: Sequence[str]) -> None:
        dimensions = self.sheet.column_dimensions
        if not blocks:
            dimensions["A"].width = _LINES_ONLY
            return
        widths: dict[int, float] = {}
        for block in blocks:
            for place, wide in enumerate(column_widths(block)):
                widths[place] = max(widths.get(place, 0), wide)
        whole = sum(widths.values())
        longest = max((wide for wide in map(width, lines) if wide + 2 > whole), default=0) + 2
        labels = _LABELS if any(True in block.sections for block in blocks) else 0
        widths[0] = max(widths[0], labels, min(_FIRST_COLUMN, longest))
        for place, wide in widths.items():
            dimensions[get_column_letter(place + 1)].width = wide

    def _column_within(self, most: float) -> str:
        """The last column of those at the left that are no wider together."""
        dimensions = self.sheet.column_dimensions
        wides = list(accumulate(dimensions[name].width for name in dimensions))
        return get_column_letter(max(1, sum(wide <= most for wide in wides)))

    def _label_columns(self, columns: Sequence[Column]) -> int:
        """How many columns at the left, before the first number, say what a row is of."""
        words = [*takewhile(lambda column: column.form == "text" and not column.part, columns)]
        if len(words) == len(columns):
            return 1
        dimensions, wide = self.sheet.column_dimensions, 0.0
        for place in range(len(words)):
            wide += float(dimensions[get_column_letter(place + 1)].width)
            if wide > _WIDEST_PAGE / 2:  # the rest of the table needs room on the page
                return max(1, place)
        return max(1, len(words))

    def _pages(self, blocks: Sequence[Block], last: int, labels: int, first_table: PlacedTable) -> list[str]:
        """The cells of the table page by page: a wide one is torn between parts that belong together."""
        wide = [self.sheet.column_dimensions[get_column_letter(place + 1)].width for place in range(last)]
        repeated = sum(wide[:labels])
        starts, used, most = [0], repeated, _even_width(wide, labels)
        columns = blocks[0].columns if len(blocks) == 1 else ()
        for place in range(labels, last):
            part = columns[place].part if columns else ""
            if part and part != columns[place - 1].part:
                own = sum(wide[at] for at in range(place, last) if columns[at].part == part)
                if used + own > most:
                    starts.append(place)
                    used = repeated
            elif not part and all(block.filtered for block in blocks) and used + wide[place] > most:
                starts.append(place)
                used = repeated
            used += wide[place]
        ends = [*(start - 1 for start in starts[1:]), last - 1]
        first = [1, *[first_table.heading_row] * (len(starts) - 1)]
        return [
            f"{get_column_letter(start + 1)}{row}:{get_column_letter(end + 1)}{self._row - 1}"
            for start, end, row in zip(starts, ends, first, strict=True)
        ]

    # -- pictures and charts ----------------------------------------------------------------------------

    def _captions(self, drawn: Sequence[Picture | Chart], cell: str) -> list[str]:
        """The sentences in cells that say what pictures and charts show."""
        keys = ("report_chart" if isinstance(one, Chart) else "report_picture" for one in drawn)
        return [self._say(key, cell=cell, alt=one.alt) for key, one in zip(keys, drawn, strict=True)]

    def _is_empty(self, chart: Chart, own: Sequence[Block]) -> bool:
        """Whether the table of a chart has no rows."""
        if chart.table:
            return False
        if not own:
            raise ValueError(f"sheet {self.sheet.title!r} has charts but no table")
        return not own[0].rows

    def _put_beside(
        self,
        pictures: Sequence[tuple[Picture, bytes, str]],
        charts: Sequence[Chart],
        own: Sequence[Block],
        side: int,
        first_row: int,
        caption_row: int,
    ) -> list[str]:
        """Place pictures, then charts, one below the other beside the table; give the cells they cover."""
        row = first_row  # not higher: the row of headings is repeated on every printed page
        dimensions = self.sheet.column_dimensions
        wide = sum(dimensions[name].width for name in dimensions) * _POINTS_PER_CHARACTER
        highest = round(_page_room(min(wide, _WIDEST_PAGE * _POINTS_PER_CHARACTER)) * PIXELS_PER_POINT)
        covered = []
        shown: list[tuple[Picture, bytes, str] | Chart] = [*pictures, *charts]
        for drawn in shown:
            cell = f"{get_column_letter(side)}{row}"
            if isinstance(drawn, Chart):
                (caption,) = self._captions([drawn], cell)
                wide, high = self._put_chart(drawn, self._table_of(drawn, own), cell)
            else:
                (caption,) = self._captions([drawn[0]], cell)
                wide, high = self._put_picture(drawn[0], drawn[1], row, side, highest=highest)
            style = self._fitting(caption, self.styles.line)
            put_text(self.sheet.cell(caption_row, 1), caption, style, self.styles.lang)
            caption_row += 1
            last = self._row_below(row, high)
            covered.append(f"{cell}:{get_column_letter(side + wide // SIDE_COLUMN_PIXELS)}{last}")
            row = last + 2
        return covered

    def _put_below(self, pictures: Sequence[tuple[Picture, bytes, str]], charts: Sequence[Chart]) -> None:
        """Place charts, then pictures, below the lines of a sheet without a table, each under its caption."""
        starts: list[int] = []
        for chart in (part for whole in charts for part in self._parts(whole)):
            self._end_row(self.styles.line_height)
            starts.append(self._row)
            cell = f"A{self._row + 1}"
            self._put(self._captions([chart], cell)[0], self.styles.about)
            _, high = self._put_chart(chart, self._table_of(chart, ()), cell)
            self._row = self._row_below(self._row, high) + 1
        widest = 0
        for picture, image, line in pictures:
            self._end_row(self.styles.line_height)
            starts.append(self._row)
            cell = f"A{self._row + (2 if line else 1)}"
            self._put(self._captions([picture], cell)[0], self.styles.about)
            if line:
                self._put(line, self.styles.line)
            wide, high = self._put_picture(picture, image, self._row, 1)
            widest = max(widest, wide)
            self._row = self._row_below(self._row, high) + 1
        if starts:
            self._break_between(starts, max(widest, round(CHART_WIDTH / CM_PER_PIXEL)))

    def _parts(self, chart: Chart) -> Iterator[Chart]:
        """A chart that fits a printed page, or the parts of it that do."""
        labels = self._table_of(chart, ()).columns[chart.categories].values
        rows = len(labels) - chart.first
        return chart_parts(chart, rows if chart.rows is None else min(rows, chart.rows), _MOST_BARS)

    def _break_between(
        self, starts: Sequence[int], widest: int, *, titled: bool = False, repeated: float = 0.0
    ) -> None:
        """Break the pages of a sheet, that many pixels wide, so that none cuts what starts in these rows.

        What is higher than a page is cut all the same. `titled`: the first stays under the sheet's title;
        `repeated`: how high the headings are that every page has.
        """
        room = _page_room(max(widest / PIXELS_PER_POINT, _LINES_ONLY * _POINTS_PER_CHARACTER))
        used = self._high(1, starts[0])
        for start, after in pairwise([*starts, self._row]):
            own = self._high(start, after)
            if used + own > room >= own and not (titled and start == starts[0]):
                self.sheet.row_breaks.append(Break(start - 1))
                used = repeated
            used = (used + own) % room

    # -- the printed page -------------------------------------------------------------------------------

    def _set_printed(
        self, sheet: Sheet, pages: Sequence[str], labels: int, beside: Sequence[str], heading_row: int
    ) -> None:
        """What is printed: the table first, then each picture and chart on a page of its own, all legible."""
        if not sheet.printed:
            longest = max(map(width, (sheet.subtitle, *sheet.lines)), default=0)
            last = self._column_within(min(max(longest + 20, _LINES_ONLY), _WIDEST_PAGE))
            self.sheet.print_area = f"A1:{last}{heading_row - 1}"
            self.sheet.print_title_rows = None
            return
        if beside or len(pages) > 1:
            self.sheet.print_area = ",".join([*pages, *beside])
        if len(pages) > 1:
            self.sheet.print_title_cols = f"A:{get_column_letter(labels)}"


def _even_width(wide: Sequence[float], labels: int) -> float:
    """How wide pages are, so many columns on each: none too wide to read, the last not nearly empty."""
    repeated, rest = sum(wide[:labels]), sum(wide[labels:])
    room = _WIDEST_PAGE - repeated
    count = max(1.0, -(-rest // room))
    return repeated + min(room, rest / count + max(wide[labels:], default=0.0) / 2)


def _page_room(wide: float) -> float:
    """How many points of a sheet that is so many points wide a lying page holds from top to bottom."""
    return _PAGE_HIGH * max(1.0, wide / _PAGE_WIDE)
