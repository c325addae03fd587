"""Grids from the form to the report: answers written into the forms come back, and tables show the grid."""

from functools import cache

import openpyxl
import pandas as pd
import pytest

import survey
from survey.instrument.loading import parse_schema
from survey.render.colours import SERIES, scale_colours, stack_colours
from tests.paths import EXAMPLES

GRIDS = EXAMPLES / "grids.yaml"
OPTIONS = ("daily", "weekly", "never")


@cache
def frame(rows=30):
    data = {
        f"channels__{row}": [OPTIONS[(place * step) % 3] for place in range(rows)]
        for row, step in (("phone", 1), ("mail", 2), ("chat", 4))
    }
    for row, shift in (("phone", 0), ("mail", 1)):
        for number, option in enumerate(("orders", "returns", "other", "none")):
            ticks = [
                None if data["channels__phone"][place] == "never" else int((place + shift) % 4 == number)
                for place in range(rows)
            ]
            data[f"reasons__{row}__{option}"] = ticks
    return pd.DataFrame(data)


@cache
def responses():
    return survey.from_frame(frame(), GRIDS)


def table(report, sheet, name):
    found = next(one for one in report.sheets if one.name == sheet)
    return next(one for one in found.tables if one.name == name)


def test_the_topline_shows_the_grid_and_each_row():
    report = survey.analyze(responses())
    grid = table(report, "Topline", "grid_channels")
    assert [column.heading for column in grid.columns] == ["Channels", "Daily", "Weekly", "Never", "n"]
    assert grid.data["label"].tolist() == ["Phone", "E-mail", "Chat on our web site, with a person"]
    for row in grid.data.to_dict("records"):
        own = frame()[row["question"]].value_counts(normalize=True)
        assert [row[option] for option in OPTIONS] == pytest.approx([own[option] for option in OPTIONS])
    reasons = table(report, "Topline", "grid_reasons").data
    ticks = frame()[[f"reasons__phone__{one}" for one in ("orders", "returns", "other", "none")]].mean()
    shown = reasons.loc[0, ["orders", "returns", "other", "none"]].astype(float).tolist()
    assert shown == pytest.approx(ticks.tolist())
    assert reasons["base"].tolist() == [20, 20]
    shares = table(report, "Topline", "topline").data
    heads = shares.loc[shares["section"], "label"].tolist()
    assert heads[0] == "Channels: Phone · How often do you use these?"
    assert heads[3] == "Reasons: Phone: several answers · What for?"
    assert {chart.name for chart in report.sheets[3].charts} >= {"chart_grid_channels"}


def test_in_chinese_with_hidden_cells_and_by_a_row_of_ticks():
    report = survey.analyze(responses(), banner="reasons__phone", lang="zh", suppress=5)
    grid = table(report, "总体结果", "grid_reasons")
    assert [column.heading for column in grid.columns] == ["用途", "下单", "退货", "其他", "都不", "n"]
    assert report.sheets[2].name == "按电话用途"


def test_the_codebook_lists_the_grid_its_options_and_its_rows():
    codebook = table(survey.analyze(responses()), "Codebook", "codebook").data
    head = codebook[["kind", "label_en", "column", "code"]].head(8).to_numpy().tolist()
    assert head[0] == ["grid", "How often do you use these?", "", "channels"]
    assert head[1][0] == "option"
    assert head[4] == ["row", "Phone", "channels__phone", "channels__phone"]


def test_crosstabs_conditions_and_tests_know_a_row():
    cells = survey.crosstab(responses(), "channels__mail", banner="channels__phone")
    assert set(cells["stub_code"]) == set(OPTIONS)
    phone = frame()["channels__phone"]
    assert len(responses().where("channels__phone=daily")) == (phone == "daily").sum()
    assert len(responses().where("reasons__phone__orders=1")) == frame()["reasons__phone__orders"].sum()
    pair = survey.correlations(responses(), ["channels__phone", "channels__mail"])
    assert pair.iloc[0]["base"] == 30  # fixed options are steps
    found = survey.association(responses(), "channels__phone", "reasons__mail")
    assert found.base == 20


def test_a_tally_and_its_file_say_the_same(tmp_path):
    tally = survey.tally(responses(), banners=["channels__phone"])
    with pytest.warns(UserWarning, match="not anonymous"):
        survey.write_tally(tally, tmp_path / "g.tally")
    survey.export_responses(responses(), tmp_path / "g.parquet")
    counted = survey.tally(tmp_path / "g.parquet", GRIDS)
    for question in ("channels__chat", "reasons__mail"):
        expected = survey.frequencies(responses(), question)
        for data in (tally, tmp_path / "g.tally", counted):
            pd.testing.assert_frame_equal(survey.frequencies(data, question), expected)
    names = [one.name for one in survey.analyze(tally).sheets[1].tables]
    assert names[:3] == ["topline", "grid_channels", "grid_reasons"]


def test_the_template_filled_in_comes_back(tmp_path):
    path = survey.export_collection(GRIDS, tmp_path / "collect.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["English"]
    heads = [cell.value for cell in sheet[1]]
    assert "How often do you use these? Phone" in heads
    assert "Reasons: Phone: Orders" in heads
    sheet.cell(2, 1).value = "7"
    sheet.cell(2, heads.index("How often do you use these? Phone") + 1).value = "Weekly"
    sheet.cell(2, heads.index("Reasons: Phone: Orders") + 1).value = "Yes"
    book.save(path)
    read = survey.read_responses(path, GRIDS)
    assert read.data["channels__phone"].tolist() == ["weekly"]
    assert read.data["reasons__phone__orders"].tolist() == [True]


def test_the_page_has_a_table_for_a_grid(tmp_path):
    text = survey.export_page(GRIDS, tmp_path / "page.html", languages=("en", "zh")).read_text(
        encoding="utf-8"
    )
    assert text.count("<section") == 3
    assert text.count('<section id="channels">') == 1
    section = text.split('<section id="channels">')[1].split("</section>")[0]
    assert section.count("<table>") == 2
    assert section.count('<span class="box round">') == 2 * 9
    assert "1. How often do you use these?" in section


def test_the_xlsform_has_a_group_shown_as_a_table(tmp_path):
    path = survey.export_xlsform(GRIDS, tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(path)
    rows = list(book["survey"].iter_rows(values_only=True))
    heads = {name: place for place, name in enumerate(rows[0])}
    lines = [(row[heads["type"]], row[heads["name"]], row[heads["appearance"]]) for row in rows[1:]]
    assert lines[2:7] == [
        ("begin_group", "channels", "table-list"),
        ("select_one channels", "channels__phone", None),
        ("select_one channels", "channels__mail", None),
        ("select_one channels", "channels__chat", None),
        ("end_group", "channels", None),
    ]
    begin = next(row for row in rows if row[heads["name"]] == "reasons")
    assert begin[heads["relevant"]] == "not(${channels__phone} = 'never')"
    lists = [row[0] for row in book["choices"].iter_rows(min_row=2, values_only=True)]
    assert lists == ["channels"] * 3 + ["reasons"] * 4


def test_the_form_is_valid_for_pyxform(tmp_path):
    pyxform = pytest.importorskip("pyxform.xls2xform")
    path = survey.export_xlsform(GRIDS, tmp_path / "form.xlsx")
    made = pyxform.convert(str(path)) if hasattr(pyxform, "convert") else None
    assert made is None or "channels__phone" in made.xform


def test_coded_data_and_the_dictionary_name_the_rows(tmp_path):
    dictionary = survey.data_dictionary(GRIDS).set_index("column")
    assert dictionary.loc["channels__phone", "label"] == "Channels: Phone"
    assert dictionary.loc["reasons__phone__orders", "label"] == "Reasons: Phone: Orders"
    for ending in ("sav", "csv", "parquet"):
        path, *_ = survey.export_responses(responses(), tmp_path / f"coded.{ending}")
        back = survey.read_responses(path, GRIDS)
        for column in ("channels__chat", "reasons__mail__none"):
            assert back.data[column].astype(object).equals(responses().data[column].astype(object))


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_few_respondents(rows):
    few = survey.from_frame(frame().head(rows), GRIDS)
    assert survey.analyze(few).sheets


def test_an_older_version_is_carried_over():
    text = GRIDS.read_text(encoding="utf-8")
    from survey.instrument.loading import parse_schema

    added = '      - {id: talk, label: {en: "Talk", zh: "面谈"}}\n      - {id: chat,'
    newer = text.replace('"1.0.0"', '"1.1.0"').replace("      - {id: chat,", added)
    carried = survey.carry_over(responses(), parse_schema(newer, "newer.yaml"))
    assert carried.data["channels__mail"].tolist() == responses().data["channels__mail"].tolist()
    assert carried.data["channels__talk"].isna().all()


DERIVED = """
derived:
  - id: phones_often
    kind: net
    of: channels__phone
    short: {en: "Phones", zh: "常打电话"}
    options:
      - {id: often, label: {en: "Often", zh: "经常"}, any: [daily, weekly]}
  - id: mails_and_orders
    kind: condition
    short: {en: "Mails, orders", zh: "邮件下单"}
    options:
      - id: both
        label: {en: "Both", zh: "均有"}
        all_of:
          - {question: channels, item: mail, any: [daily, weekly]}
          - {question: reasons__mail, any: [orders]}
      - {id: others, label: {en: "Others", zh: "其余"}, otherwise: true}
"""


def test_rows_make_derived_variables_and_crossed_banners(tmp_path):
    from survey.instrument.loading import parse_schema
    from survey.instrument.versions import diff_instruments

    text = GRIDS.read_text(encoding="utf-8") + DERIVED
    schema = parse_schema(text, "derived.yaml")
    made = survey.from_frame(frame(), schema)
    given = frame()
    often = given["channels__phone"].isin(["daily", "weekly"])
    table = survey.frequencies(made, "phones_often").set_index("code")
    assert table.loc["often", "n"] == often.sum()
    both = given["channels__mail"].isin(["daily", "weekly"]) & (given["reasons__mail__orders"] == 1)
    assert survey.frequencies(made, "mails_and_orders").set_index("code").loc["both", "n"] == both.sum()
    survey.export_responses(made, tmp_path / "d.parquet")
    counted = survey.tally(tmp_path / "d.parquet", schema)
    pd.testing.assert_frame_equal(
        survey.frequencies(counted, "mails_and_orders"), survey.frequencies(made, "mails_and_orders")
    )
    report = survey.analyze(made, banner="channels__phone*channels__mail")
    assert report.sheets[2].tables
    fewer = text.replace('"1.0.0"', '"2.0.0"').replace("  - id: remark", "  - id: remark", 1)
    fewer = fewer.replace("none: [never]}", "none: [weekly]}")
    assert "mails_and_orders" in diff_instruments(schema, parse_schema(fewer, "x.yaml")).breaks_trend


def test_a_sentence_about_a_row_names_the_row():
    phone = ["daily"] * 30 + ["never"] * 30
    given = pd.DataFrame({"channels__phone": phone, "channels__chat": ["never"] * 30 + ["weekly"] * 30})
    answers = survey.from_frame(given, GRIDS)
    findings = survey.analyze(answers, banner="channels__phone").sheets[0].findings
    chat = "Chat on our web site, with a person"
    assert any(f"{chat}: " in line and "(Phone)" in line for line in findings), findings
    zh = survey.analyze(answers, banner="channels__phone", lang="zh").sheets[0].findings
    assert any("网站人工在线客服：" in line for line in zh), zh


def test_only_ordered_answers_have_the_colours_of_a_scale():
    assert stack_colours(3, 0, ordered=True) == scale_colours(3)
    assert stack_colours(3, 0, ordered=False) == list(SERIES[:3])
    assert len(set(stack_colours(9, 0, ordered=False))) == 9
    steps = GRIDS.read_text(encoding="utf-8")
    for text, ordered in ((steps, True), (steps.replace("    fixed: true\n", "", 1), False)):
        answers = survey.from_frame(frame(), parse_schema(text, "grids.yaml"))
        charts = [chart for sheet in survey.analyze(answers).sheets for chart in sheet.charts]
        assert [chart.ordered for chart in charts if chart.name == "chart_grid_channels"] == [ordered]
