"""The printed guide: everything of the schema stands in it, in order; Chinese has a font of its own."""

import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

import survey
from tests.interviews.conftest import HERE
from tests.office import converted

GUIDE = "interview-guide"


def words(path):
    """Every text of a document in order, tables included."""
    return [node.text for node in Document(str(path)).element.body.iter(qn("w:t")) if node.text]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_of_the_schema_stands_in_it_in_order(lang, tmp_path):
    guide = survey.load_guide(GUIDE)
    said = "\n".join(words(survey.export_guide(GUIDE, tmp_path / "guide.docx", lang=lang)))
    wanted = [guide.title, *(field.label for field in guide.header), guide.consent.statement]
    wanted += [*guide.consent.points, guide.timing.note, *(field.label for field in guide.background)]
    for section in guide.sections:
        wanted.append(section.title)
        for question in guide.questions:
            if question.section == section.id:
                wanted += [question.text, *question.probes]
    place = -1
    for wording in wanted:
        assert wording[lang] in said[place + 1 :], wording
        place = said.index(wording[lang], place + 1)
    for question in guide.research_questions:
        assert said.count(question.text[lang]) == 2  # under the two sections that serve it
    assert said.count("[RQ1]") == 10
    assert said.count("[RQ2]") == 11
    for number in ("90", "22", "21", "40", "60", "70"):
        assert number in said
    assert guide.reference in said


def test_every_question_has_room_for_notes(tmp_path):
    document = Document(str(survey.export_guide(GUIDE, tmp_path / "guide.docx")))
    frames = [table for table in document.tables if len(table.columns) == 1]
    assert len(frames) == 21 + 1  # and one for what is said at the end
    assert all(frame.rows[0].height.cm > 3 for frame in frames)


def test_chinese_is_set_in_a_font_that_has_it(tmp_path):
    document = Document(str(survey.export_guide(GUIDE, tmp_path / "guide.docx", lang="zh")))
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:eastAsiaTheme")) is None
        assert fonts.get(qn("w:ascii")) == "Calibri"
    languages = document.styles["Normal"].element.rPr.findall(qn("w:lang"))
    assert [one.get(qn("w:eastAsia")) for one in languages] == ["zh-CN"]


def test_the_name_of_the_interviewee_stands_apart_from_the_notes(tmp_path):
    path = survey.export_guide(GUIDE, tmp_path / "guide.docx")
    body = list(Document(str(path)).element.body.iter(qn("w:t"), qn("w:br")))
    at = {node.text: place for place, node in enumerate(body) if node.tag == qn("w:t")}
    pages = [place for place, node in enumerate(body) if node.get(qn("w:type")) == "page"]
    assert at["Interviewee (title and name)"] < pages[0] < at["Highest degree"]
    assert words(path).count("Pseudonym used in all data") == 2


SMALL = """
kind: interview-guide
id: small
version: "1.0.0"
languages: [en]
title: {en: "Small guide"}
research_questions: [{id: RQ1, text: {en: "Why stay?"}}]
sections: [{id: s, letter: A, title: {en: "Start"}, research_questions: [RQ1]}]
questions: [{id: Q1, section: s, research_question: RQ1, text: {en: "Why do you come?"}}]
"""
CONSENT = 'consent: {statement: {en: "I agree."}, points: [{en: "Recording"}]}\n'
HEADER = 'header: [{id: place, label: {en: "Place"}}]\n'


@pytest.mark.parametrize(
    ("more", "pages"), [("", 1), (HEADER, 2), (CONSENT, 2), (HEADER + CONSENT, 2)], ids=["", "h", "c", "hc"]
)
def test_pages_of_a_guide_without_consent_or_header(more, pages, tmp_path):
    """A page that names the person asks for the pseudonym, too, and says to be kept apart."""
    (tmp_path / "g.yaml").write_text(SMALL + more, encoding="utf-8")
    path = survey.export_guide(tmp_path / "g.yaml", tmp_path / "g.docx")
    said = words(path)
    assert said.count("Pseudonym used in all data") == pages
    assert sum("Keep it apart" in one for one in said) == pages - 1
    assert len(list(Document(str(path)).element.body.iter(qn("w:br")))) == pages - 1
    head = Document(str(path)).sections[0].header.paragraphs[0].text
    assert "Pseudonym used in all data: ___" in head


def test_the_same_guide_gives_the_same_bytes(tmp_path):
    one = survey.export_guide(GUIDE, tmp_path / "1.docx").read_bytes()
    two = survey.export_guide(survey.load_guide(GUIDE), tmp_path / "2.docx").read_bytes()
    assert one == two
    with zipfile.ZipFile(tmp_path / "1.docx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "2000-01-01" in core
    assert "Interview guide on going abroad" in core
    assert "python-docx" not in core


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_guide_of_another_study_needs_no_code(lang, tmp_path):
    path = survey.export_guide(HERE / "canteen-guide.yaml", tmp_path / "g.docx", lang=lang)
    said = "\n".join(words(path))
    for text in ("食堂访谈提纲", "A  食物", "RQ1  人们怎样看待食堂？", "您觉得饭菜怎么样？"):
        assert text in said
    assert "☐" not in said
    assert "Consent" not in said


def test_targets_that_cannot_be(tmp_path):
    with pytest.raises(survey.UsageError, match=r"\.docx"):
        survey.export_guide(GUIDE, tmp_path / "guide.pdf")
    with pytest.raises(survey.UsageError, match="folder"):
        survey.export_guide(GUIDE, tmp_path)
    with pytest.raises(survey.UsageError, match="not an interview guide"):
        survey.export_guide("executive-survey", tmp_path / "guide.docx")


def test_libreoffice_opens_it(tmp_path):
    path = survey.export_guide(GUIDE, tmp_path / "guide.docx", lang="zh")
    assert converted(path, "pdf", tmp_path).stat().st_size > 10_000
