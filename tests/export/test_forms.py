"""What goes into the field: the workbook comes back, the form converts, page and codebook hold all."""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.office import converted
from tests.paths import EXAMPLES, ROOT

EVERYTHING = EXAMPLES / "everything.yaml"
INSTRUMENTS = ["executive-survey@1.0.0", "executive-survey@1.1.0", *sorted(map(str, EXAMPLES.glob("*.yaml")))]

ENGLISH = [
    ["r1", "Otherwise", "a guess", "Yes", "No", "Yes", "Yes", "No", "roof", "6 - Very much", "2 - Hardly",
     "7 - Completely", "0 - Never", "2 - Often", 45, None, "=1+1"],
    ["r2", "Yes, regularly", None, "No", "No", "No", "No", "Yes", None, None, None, None, "1 - At times",
     "(refused)", 0, None, "None"],
    ["r3", "No, first visit", None, None, None, None, None, None, None, None, None, None, None, None, None,
     None, "only a remark"],
]  # fmt: skip
CHINESE = ["r4", "经常来", None, "是", "是", "否", "否", "否", None, "7 - 非常", "1 - 完全不", "3 - 有一点",
           "2 - 经常", "0 - 从不", 600, None, "很好，谢谢"]  # fmt: skip
ANSWERS = {
    "visit": ["other", "regular", "first", "regular"],
    "visit__other__text": ["a guess", None, None, None],
    "rooms__coins": [True, False, None, True],
    "rooms__maps": [False, False, None, True],
    "rooms__ships": [True, False, None, False],
    "rooms__other": [True, False, None, False],
    "rooms__none": [False, True, None, False],
    "rooms__other__text": ["roof", None, None, None],
    "enjoyment__labels": [6, None, None, 7],
    "enjoyment__light": [2, None, None, 1],
    "enjoyment__guides": [7, None, None, 3],
    "habits__theatre": [0, 1, None, 2],
    "habits__cinema": [2, None, None, 0],
    "minutes": [45, 0, None, 600],
    "spent": [None] * 4,
    "remark": ["=1+1", "None", "only a remark", "很好，谢谢"],
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The collection workbook of the example, filled in both languages."""
    path = tmp_path_factory.mktemp("forms") / "collect.xlsx"
    survey.export_collection(EVERYTHING, path)
    book = openpyxl.load_workbook(path)
    for sheet, rows in (("English", ENGLISH), ("中文", [CHINESE])):
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    cell = book[sheet].cell(number, column)
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"
    book.save(path)
    return path


def check(found):
    for column, expected in ANSWERS.items():
        cells = [None if pd.isna(value) else value for value in found.data[column]]
        assert cells == expected, column
    assert list(found.missing["habits__cinema"]) == ["", "refused", "empty", ""]
    assert list(found.missing["enjoyment__light"]) == ["", "not_asked", "empty", ""]
    assert list(found.meta["key"]) == ["r1", "r2", "r3", "r4"]
    assert list(found.meta["sheet"]) == ["English"] * 3 + ["中文"]
    assert found.problems == ()
    assert found.accounting["cells"].iloc[0] == found.accounting["cells"].iloc[1:].sum() == 4 * 17


def test_what_comes_back_reads_without_a_mapping(filled):
    check(survey.read_responses(filled, EVERYTHING))


def test_also_after_libreoffice_saved_it(filled, tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    saved = converted(filled, "xlsx:Calc MS Excel 2007 XML", folder)
    check(survey.read_responses(saved, EVERYTHING))
    sheet = openpyxl.load_workbook(saved)["English"]
    assert sheet.protection.sheet
    assert sheet["B1"].protection.locked
    assert not sheet["B2"].protection.locked


def test_the_whole_way_for_any_survey(filled, tmp_path):
    """From YAML through a filled workbook to the report: single-choice banner, numbers, seven points."""
    for lang, names in (
        ("en", ["Enjoyment", "Rooms", "Visit", "Minutes", "Spent"]),
        ("zh", ["喜爱程度", "展厅", "参观次数", "停留分钟数", "消费金额"]),
    ):  # fmt: skip
        report = tmp_path / f"{lang}.xlsx"
        arguments = [
            "analyze",
            str(filled),
            "--instrument",
            str(EVERYTHING),
            "--lang",
            lang,
            "-o",
            str(report),
        ]
        done = CliRunner().invoke(main, [*arguments, "--no-pictures"])
        assert done.exit_code == 0, done.output
        book = openpyxl.load_workbook(report)
        topline = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row]
        assert all(any(name in str(cell) for cell in topline) for name in names)
        assert 215 in topline  # (45 + 0 + 600) / 3
        everything = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
        assert not {"only a remark", "a guess", "roof"} & set(everything)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=os.path.basename)
def test_every_heading_means_its_own_column(instrument, tmp_path):
    path = survey.export_collection(instrument, tmp_path / "c.xlsx")
    schema = survey.load_instrument(instrument)
    book = openpyxl.load_workbook(path)
    from survey.ingest.headers import Headers

    known = Headers(schema)
    shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
    assert len(shown) == len(schema.languages)
    for sheet in shown:
        found = [known.find(cell.value) for cell in sheet[1]][1:]
        assert sorted(name for names in found for name in names) == sorted(schema.asked_columns)
        assert sheet.protection.sheet
        checks = {str(one.sqref).split("2:")[0]: one for one in sheet.data_validations.dataValidation}
        for cell in sheet[1]:
            one = checks.get(cell.column_letter)
            column = next(iter(known.find(cell.value)), "")
            kind = schema.question(schema.part_named(column)[0]).kind if column else ""
            if kind in ("single", "multiple", "rating") and not column.endswith("__text"):
                assert one.type == "list"
                letter, last = re.fullmatch(r"'_lists'!\$([A-Z]+)\$2:\$[A-Z]+\$(\d+)", one.formula1).groups()
                words = [book["_lists"][f"{letter}{row}"].value for row in range(2, int(last) + 1)]
                assert all(words)
                row = {header.value: None for header in sheet[1]} | {cell.value: words[-1]}
                answer = survey.from_frame(pd.DataFrame([row], dtype=object), schema).data[column].iloc[0]
                question = schema.question(schema.part_named(column)[0])
                if kind == "multiple" and question.asked_if:
                    continue  # who was not asked may have left a row of "No"
                expected = {"multiple": False}.get(kind)
                if kind == "single":
                    expected = question.options[-1].id
                elif kind == "rating":
                    expected = schema.scale_of(question).points[-1].value
                assert answer == expected


def test_options_called_yes_and_no_are_not_taken_for_ticks(tmp_path):
    text = EVERYTHING.read_text(encoding="utf-8").replace("Coins, medals", "No").replace("Maps/globes", "1")
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    book = openpyxl.load_workbook(survey.export_collection(tmp_path / "odd.yaml", tmp_path / "c.xlsx"))
    lists = [[cell.value for cell in column if cell.value] for column in book["_lists"].iter_cols()]
    assert ["en TRUE/FALSE", "TRUE", "FALSE"] in lists
    sheet = book["English"]
    heads = [cell.value for cell in sheet[1]]
    for value, head in (("FALSE", "Rooms: No"), ("TRUE", "Rooms: 1"), ("FALSE", "Rooms: None")):
        sheet.cell(2, heads.index(head) + 1).value = value
    book.save(tmp_path / "c.xlsx")
    found = survey.read_responses(tmp_path / "c.xlsx", tmp_path / "odd.yaml")
    ticked = found.data[["rooms__coins", "rooms__maps", "rooms__none"]].iloc[0].tolist()
    assert ticked == [False, True, False]


def test_the_same_instrument_gives_the_same_bytes(tmp_path):
    for export, name in (
        (survey.export_collection, "c"),
        (survey.export_xlsform, "f"),
        (survey.export_codebook, "d"),
    ):
        first, second = (export(EVERYTHING, tmp_path / f"{name}{n}.xlsx").read_bytes() for n in (1, 2))
        assert first == second


def test_an_empty_collection_workbook_has_no_respondents(tmp_path):
    path = survey.export_collection(EVERYTHING, tmp_path / "c.xlsx")
    with pytest.raises(survey.SurveyError) as caught:
        survey.read_responses(path, EVERYTHING)
    assert "no row below it" in str(caught.value)


# -- XLSForm ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=os.path.basename)
def test_pyxform_converts_the_form_without_a_warning(instrument, tmp_path):
    convert = pytest.importorskip("pyxform.xls2xform").convert
    path = survey.export_xlsform(instrument, tmp_path / "form.xlsx")
    schema = survey.load_instrument(instrument)
    done = convert(path)
    assert done.warnings == []
    for column in schema.asked_columns:
        question = schema.question(schema.part_named(column)[0])
        whole = question.traits.joined and not column.endswith("__text")  # of a ranking, a field per place
        name = question.id if whole else column
        assert f"/{name}" in done.xform, name
    for option in (option for question in schema.questions for option in question.options):
        assert f"<name>{option.id}</name>" in done.xform or f"__{option.id}" in done.xform
    assert f'version="{schema.version}"' in done.xform
    assert done.xform.count("<translation ") == len(schema.languages)


def test_routes_and_limits_reach_the_form(tmp_path):
    convert = pytest.importorskip("pyxform.xls2xform").convert
    form = convert(survey.export_xlsform(EVERYTHING, tmp_path / "form.xlsx")).xform
    assert re.search(r"enjoyment\"[^>]*relevant=\"not\(selected\( /data/rooms , 'none'\)\)\"", form)
    assert "number( /data/enjoyment/enjoyment__light ) &gt;= 3" in form
    assert ". &gt;= 0 and . &lt;= 600" in form
    assert "not(selected(., 'none') and count-selected(.) &gt; 1)" in form
    assert re.search(r"nodeset=\"/data/visit\"[^>]*required=\"true\(\)\"", form)


# -- page ------------------------------------------------------------------------------------------------


class _Text(HTMLParser):
    void = frozenset({"meta", "br"})

    def __init__(self):
        super().__init__()
        self.open, self.text, self.outside = [], [], []

    def handle_starttag(self, tag, attributes):
        if tag not in self.void:
            self.open.append(tag)
        self.outside += [value for name, value in attributes if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=os.path.basename)
def test_the_page_holds_every_wording(instrument, tmp_path):
    schema = survey.load_instrument(instrument)
    path = survey.export_page(schema, tmp_path / "page.html", languages=schema.languages[:2])
    page = _Text()
    page.feed(path.read_text(encoding="utf-8"))
    assert page.open == page.outside == []
    text = " ".join(page.text)
    for lang in schema.languages[:2]:
        for question in schema.questions:
            asked = [question.whole, question.row] if question.whole else [question]
            assert all(one.said(lang) in text for one in asked)
            assert all(part.said(lang) in text for part in question.parts)
    assert schema.content_hash in text


def test_the_page_escapes_what_it_prints(tmp_path):
    source = EVERYTHING.read_text(encoding="utf-8").replace("Coins, medals", "<b>&x</b>")
    (tmp_path / "i.yaml").write_text(source, encoding="utf-8")
    text = survey.export_page(tmp_path / "i.yaml", tmp_path / "p.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;x&lt;/b&gt;" in text
    with pytest.raises(survey.UsageError, match="no wording in 'fr'"):
        survey.export_page(EVERYTHING, tmp_path / "p.html", languages=("fr",))


def test_chromium_prints_the_page(tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed")
    page = survey.export_page("executive-survey@1.1.0", tmp_path / "p.html", languages=("en", "zh"))
    target = tmp_path / "p.pdf"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command = [
        browser,
        *flags,
        f"--user-data-dir={tmp_path}/profile",
        f"--print-to-pdf={target}",
        page.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    assert target.read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True).stdout
        assert "Being acquired" in text


# -- codebook --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=os.path.basename)
def test_the_dictionary_has_a_row_for_every_column(instrument, tmp_path):
    schema = survey.load_instrument(instrument)
    table = survey.data_dictionary(schema)
    assert table["column"].tolist() == list(schema.columns)
    assert not table.isna().any().any()
    path = survey.export_codebook(schema, tmp_path / "codebook.xlsx", lang="zh")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == list(schema.columns)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=os.path.basename)
def test_frictionless_takes_the_table_schema(instrument, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    path = survey.export_codebook(instrument, tmp_path / "codebook.json")
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    report = frictionless.Schema.from_descriptor(descriptor)
    assert [field.name for field in report.fields] == list(survey.load_instrument(instrument).columns)


# -- the commands ----------------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("xlsx", "a.xlsx"),
        ("xlsform", "b.xlsx"),
        ("html", "c.html"),
        ("codebook", "d.xlsx"),
        ("codebook", "e.json"),
    ],
)
def test_export_writes_or_says_why_not(form, name, tmp_path):
    done = run("instrument", "export", "executive-survey@1.1.0", "--to", form, "-o", tmp_path / name)
    assert done.exit_code == 0, done.output
    assert (tmp_path / name).is_file()
    assert str(tmp_path / name) in done.output
    for wrong in (tmp_path / "x.txt", tmp_path):
        done = run("instrument", "export", "executive-survey", "--to", form, "-o", wrong)
        assert done.exit_code == 2
        assert done.exception is None or isinstance(done.exception, SystemExit)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_new_starts_an_instrument_that_goes_the_whole_way(tmp_path):
    path = tmp_path / "mine.yaml"
    assert run("instrument", "new", path).exit_code == 0
    assert run("instrument", "validate", path).exit_code == 0
    assert run("instrument", "new", path).exit_code == 2  # nothing is overwritten
    text = path.read_text(encoding="utf-8")
    assert text.count("#") > 10
    for form, name in (("xlsx", "a.xlsx"), ("xlsform", "b.xlsx"), ("html", "c.html"), ("codebook", "d.json")):
        assert run("instrument", "export", path, "--to", form, "-o", tmp_path / name).exit_code == 0
    assert run("instrument", "new", tmp_path / "mine.txt").exit_code == 2


def test_the_example_travels_in_the_package():
    assert (ROOT / "src" / "survey" / "instrument" / "example.yaml").is_file()
