"""Paper to read and write on (.docx): a title, lines, tables; the same content gives the same bytes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.files.saving import UNDATED, clean_text, save_archive
from survey.messages import LANGUAGES

if TYPE_CHECKING:
    from docx.document import Document as Paper

_LATIN = "Calibri"
_EAST_ASIAN = {"ja": "Yu Gothic", "ko": "Malgun Gothic"}
_EAST_ASIAN_ELSE = "Microsoft YaHei"
_SIZES = {"Normal": 10, "Title": 18, "Heading 1": 13, "Footer": 8}
_INK, _GREY = "1F2A36", "5A6672"


class Sheet:
    """A document that is written from top to bottom."""

    def __init__(self, title: str, lang: str, *, wide: bool = False) -> None:
        """Start a page of A4, `wide` lying, with its title and page numbers."""
        from docx import Document
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        self.document: Paper = Document()
        for name, size in _SIZES.items():
            style: Any = self.document.styles[name]
            style.font.size = Pt(size)
            style.font.color.rgb = RGBColor.from_string(_INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.attrib.clear()  # fonts of the theme would come first
            for script in ("ascii", "hAnsi", "cs"):
                fonts.set(qn(f"w:{script}"), _LATIN)
            fonts.set(qn("w:eastAsia"), _EAST_ASIAN.get(lang, _EAST_ASIAN_ELSE))
        layout = self.document.sections[0]
        sides = Cm(29.7), Cm(21)
        layout.page_width, layout.page_height = sides if wide else sides[::-1]
        layout.left_margin = layout.right_margin = Cm(1.2) if wide else Cm(2.2)
        layout.top_margin = layout.bottom_margin = Cm(1.6)
        if wide:
            from docx.enum.section import WD_ORIENT

            layout.orientation = WD_ORIENT.LANDSCAPE
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        layout.footer.paragraphs[0]._p.append(number)
        properties = self.document.core_properties
        properties.title = clean_text(title)
        properties.author = properties.last_modified_by = "expansion-survey"
        properties.comments = ""
        properties.language = lang if lang in LANGUAGES else LANGUAGES[0]
        properties.created = properties.modified = UNDATED
        self.document.add_paragraph(clean_text(title), style="Title")

    def heading(self, text: str) -> None:
        """Add a heading that stays with what follows."""
        self.document.add_heading(clean_text(text), level=1)

    def line(self, text: str, *, grey: bool = False, with_next: bool = False) -> None:
        """Add a paragraph."""
        from docx.shared import RGBColor

        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(clean_text(text))
        if grey:
            run.font.color.rgb = RGBColor.from_string(_GREY)
        paragraph.paragraph_format.keep_with_next = with_next

    def table(self, head: list[str], rows: list[list[str]], widths: list[float]) -> None:
        """Add a table with a heading that every page repeats; widths in centimetres."""
        from docx.oxml import OxmlElement
        from docx.shared import Cm, Pt

        table = self.document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for place, (row, texts) in enumerate(zip(table.rows, [head, *rows], strict=True)):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = Cm(width)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                run = paragraph.add_run(clean_text(text))
                run.font.size = Pt(9)
                run.bold = place == 0
        self.document.add_paragraph()


def save_paper(sheet: Sheet, path: Path) -> Path:
    """Save a document where it belongs, with fixed dates."""
    return save_archive(sheet.document.save, path)
