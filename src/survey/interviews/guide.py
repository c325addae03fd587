"""The interview guide on paper: what is filled in, agreed to and asked, with room for notes."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, path_of
from survey.errors import Place, Problem, UsageError, usage
from survey.files.saving import UNDATED, clean_text, save_archive
from survey.instrument.interview_schemas import GuideQuestion, InterviewGuide, Timing, load_guide
from survey.instrument.schema import Wording, text_in
from survey.messages import message

if TYPE_CHECKING:
    from docx.document import Document as Paper

_LATIN = "Calibri"
# Word shows Chinese, Japanese and Korean in the East Asian font of a style; each system has a substitute.
# The font and the tag of the languages in East Asian characters; another has the first for what it quotes.
_EAST_ASIAN = {
    "zh": ("Microsoft YaHei", "zh-CN"),
    "ja": ("Yu Gothic", "ja-JP"),
    "ko": ("Malgun Gothic", "ko-KR"),
}
_STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "Footer")
_INK = "1F2A36"
_GREY = "5A6672"
_NOTES_CM = 3.2
_LABEL_CM, _FIELD_CM = 6.0, 10.5


def export_guide(guide: "InterviewGuide | str | Path", path: str | Path, *, lang: str = "en") -> Path:
    """Write the guide as a document (.docx) to print or to write in: every question with room for notes.

    In the order of the conversation: header fields, consent with a line to sign, timing; where there are
    fields or consent, on a new page, so that who spoke can be kept apart from what was said, background, then
    each section with the research questions behind it, its questions and their probes. Text in the language
    `lang`, else in the first the guide has. The same guide gives the same bytes.

    Parameters
    ----------
    guide
        `ID`, `ID@VERSION`, the path of a YAML file, or a guide.
    path
        Where it goes; the name ends in ".docx".
    lang
        Language of the questions.

    Raises
    ------
    UsageError
        There is no such guide or language, or the path is a folder, does not end in .docx, or cannot be
        written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_guide("interview-guide", Path(folder) / "guide.docx").name
    'guide.docx'
    """
    path = path_of(path)
    if path.is_dir():
        raise UsageError(Problem("target_is_folder", Place(file=str(path))))
    if path.suffix.lower() != ".docx":
        raise usage("target_ending", path=path, suffix=".docx")
    schema = load_guide(guide)
    check_lang(lang, *schema.languages)
    page = _Page(schema, lang)
    page.fill()
    return save_archive(page.document.save, path)


class _Page:
    """A document that is written from top to bottom."""

    def __init__(self, guide: InterviewGuide, lang: str) -> None:
        """Start an empty document with its fonts."""
        from docx import Document

        self.guide, self.lang = guide, lang
        self.own = lang
        self.document: Paper = Document()
        self._prepare()

    def fill(self) -> None:
        """Write everything."""
        guide = self.guide
        self._line(self._text_of(guide.title), style="Title")
        self._line(guide.reference, grey=True)
        pseudonym = message("guide_pseudonym", self.own)
        apart = bool(guide.header or guide.consent)  # fields and signatures name the interviewee
        if apart:
            self._fields([*(self._text_of(field.label) for field in guide.header), pseudonym])
            self._line(message("guide_apart", self.own), grey=True)
        self._consent()
        if guide.timing:
            self._heading(message("guide_timing", self.own))
            for line in self._timing(guide.timing):
                self._line(line)
        if apart:
            self.document.add_page_break()  # type: ignore[no-untyped-call]
        fields = [self._text_of(field.label) for field in guide.background]
        self._heading(message("guide_background", self.own))
        self._fields([pseudonym, message("guide_date", self.own), *fields])
        texts = {question.id: self._text_of(question.text) for question in guide.research_questions}
        for section in guide.sections:
            self._heading(f"{section.letter}  {self._text_of(section.title)}")
            for research_question in section.research_questions:
                text = f"{research_question}  {texts[research_question]}"
                self._line(text, grey=True, with_next=True)
            for question in guide.questions:
                if question.section == section.id:
                    self._question(question)
        self._heading(message("guide_closing", self.own))
        self._notes()
        if guide.assumption:
            self._line(self._text_of(guide.assumption), grey=True)

    def _text_of(self, wording: Wording) -> str:
        return text_in(wording, self.lang)

    def _prepare(self) -> None:
        """Set fonts, margins, properties and the page number."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        sizes = {"Title": 20, "Heading 1": 14, "Heading 2": 11, "Footer": 8}
        latin = "en-US" if self.lang in _EAST_ASIAN else self.lang
        east, east_tag = _EAST_ASIAN.get(self.lang, _EAST_ASIAN["zh"])
        for name in _STYLES:
            style: Any = self.document.styles[name]
            style.font.size = Pt(sizes.get(name, 10.5))
            style.font.color.rgb = RGBColor.from_string(_INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.attrib.clear()  # fonts of the theme would come first
            for script in ("ascii", "hAnsi", "cs"):
                fonts.set(qn(f"w:{script}"), _LATIN)
            fonts.set(qn("w:eastAsia"), east)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), latin)
        language.set(qn("w:eastAsia"), east_tag)
        normal: Any = self.document.styles["Normal"]
        normal.element.get_or_add_rPr().append(language)
        normal.paragraph_format.space_after = Pt(4)
        layout = self.document.sections[0]
        layout.page_width, layout.page_height = Cm(21), Cm(29.7)
        layout.left_margin = layout.right_margin = Cm(2.2)
        layout.top_margin = layout.bottom_margin = Cm(2)
        properties = self.document.core_properties
        properties.title = clean_text(self._text_of(self.guide.title))
        properties.subject = self.guide.reference
        properties.author = properties.last_modified_by = "expansion-survey"
        properties.comments = ""
        properties.language = self.lang
        properties.created = properties.modified = UNDATED
        self._head_pages(layout.header.paragraphs[0])
        footer = layout.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        footer._p.append(number)

    def _head_pages(self, head: Any) -> None:
        """Ask for the pseudonym on every page, so that loose pages find together again."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        head.style = self.document.styles["Footer"]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        head.add_run(f"{self.guide.reference}    {message('guide_pseudonym', self.own)}: {'_' * 20}")

    def _line(
        self,
        text: str,
        *,
        style: str = "Normal",
        bold: str = "",
        grey: bool = False,
        with_next: bool = False,
        after: str = "",
    ) -> Any:
        """Add a paragraph: `bold` before the text, `after` behind it in grey."""
        from docx.shared import RGBColor

        paragraph = self.document.add_paragraph(style=style)
        if bold:
            paragraph.add_run(clean_text(bold) + "  ").bold = True
        run = paragraph.add_run(clean_text(text))
        behind = paragraph.add_run("  " + clean_text(after)) if after else None
        for one in [run] * grey + [behind] * bool(behind):
            one.font.color.rgb = RGBColor.from_string(_GREY)  # type: ignore[union-attr]
        paragraph.paragraph_format.keep_with_next = with_next
        return paragraph

    def _heading(self, text: str) -> None:
        self.document.add_heading(clean_text(text), level=1)

    def _fields(self, labels: list[str]) -> None:
        """Add a table of lines to fill in: what is asked for, and room for it."""
        from docx.enum.table import WD_ALIGN_VERTICAL
        from docx.shared import Cm, Pt

        table = self.document.add_table(rows=len(labels), cols=2, style="Table Grid")
        table.autofit = False
        for row, label in zip(table.rows, labels, strict=True):
            row.height = Cm(0.9)
            for cell, width in zip(row.cells, (_LABEL_CM, _FIELD_CM), strict=True):
                cell.width = Cm(width)
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            row.cells[0].text = clean_text(label)
            row.cells[0].paragraphs[0].paragraph_format.space_after = Pt(0)
        self.document.add_paragraph()

    def _consent(self) -> None:
        consent = self.guide.consent
        if consent is None:
            return
        self._heading(message("guide_consent", self.own))
        self._line(self._text_of(consent.statement))
        for point in consent.points:
            self._line(self._text_of(point), bold="☐")
        self._fields([message("guide_signature", self.own)])

    def _timing(self, timing: Timing) -> Iterable[str]:
        own = self.own
        printed = len(self.guide.questions)
        values = {"minutes": timing.announced_minutes, "each": timing.minutes_per_question}
        yield message("guide_announced", own, questions=timing.announced_questions, printed=printed, **values)
        if timing.actual_minutes:
            low, high = timing.actual_minutes.usual
            yield message("guide_actual", own, low=low, high=high, longest=timing.actual_minutes.longest)
        if timing.note:
            yield self._text_of(timing.note)

    def _question(self, question: GuideQuestion) -> None:
        """Add a question, the research question behind it, its probes, and room for notes."""
        mark = f"[{question.research_question}]"
        self._line(self._text_of(question.text), bold=question.id, after=mark, with_next=True)
        for probe in question.probes:
            self._line(self._text_of(probe), style="List Bullet", with_next=True)
        if question.assumption:
            self._line(self._text_of(question.assumption), grey=True, with_next=True)
        self._notes()

    def _notes(self) -> None:
        """Add an empty frame that grows with what is written in it and is not cut by a page."""
        from docx.oxml import OxmlElement
        from docx.shared import Cm, RGBColor

        table = self.document.add_table(rows=1, cols=1, style="Table Grid")
        table.rows[0].height = Cm(_NOTES_CM)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        run = table.rows[0].cells[0].paragraphs[0].add_run(message("guide_notes", self.own))
        run.font.color.rgb = RGBColor.from_string(_GREY)
        self.document.add_paragraph()
