"""Of which groups a sentence of the summary is, where a report has several banners or no noun for a group."""

import openpyxl
import pandas as pd
import pytest
import yaml

import survey
from survey.instrument import load_instrument
from tests.paths import SAMPLE

SHAPE = """
kind: survey
id: shop
version: "1.0.0"
languages: [en, zh]
title: {en: "Shops", zh: "商店调查"}
questions:
  - {id: sector, kind: single, short: {en: Sector, zh: 行业}, text: {en: "Which sector?", zh: "哪个行业？"},
     options: [{id: ind, label: {en: Industry, zh: 工业}}, {id: srv, label: {en: Services, zh: 服务业}}]}
  - {id: models, kind: multiple, short: {en: Models, zh: 模式}, text: {en: "Which models?", zh: "哪些模式？"},
     options: [{id: lic, label: {en: Licensing, zh: 许可}}, {id: own, label: {en: Own, zh: 自主}}]}
  - {id: needs, kind: multiple, short: {en: Needs, zh: 需求}, text: {en: "Which needs?", zh: "哪些需求？"},
     options: [{id: law, label: {en: Law, zh: 法律}}, {id: cash, label: {en: Cash, zh: 资金}}]}
"""


def answers(tmp_path, rows=60, nouns=False):
    """Law goes with Licensing, Cash with Own, neither with a sector; some hold both models, some none."""
    shape = yaml.safe_load(SHAPE)
    if nouns:
        shape["questions"][0]["group"] = {"en": "sector", "zh": "行业"}
        shape["questions"][1]["group"] = {"en": "model", "zh": "模式"}
    path = tmp_path / "shop.yaml"
    path.write_text(yaml.safe_dump(shape, allow_unicode=True), encoding="utf-8")
    data = [
        {
            "sector": ("ind", "srv")[at % 2],
            "models__lic": at // 2 % 2,
            "models__own": at // 4 % 2,
            "needs__law": at // 2 % 2,
            "needs__cash": at // 4 % 2,
        }
        for at in range(rows)
    ]
    return survey.from_frame(pd.DataFrame(data), load_instrument(path))


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "Cash is more common in Own: 100%, against 0% of all others. "
                "1 more difference by Models is reliable.",
                "No group of Sector differs reliably from all others; 2 questions were compared.",
            ],
        ),
        (
            "zh",
            [
                "“自主”中“资金”占100%，显著高于其他受访者的0%。按模式另有1处差异显著。",
                "2道题中，“行业”各组差异均不显著。",
            ],
        ),
    ],
)
@pytest.mark.parametrize("banners", [["models", "sector"], ["sector", "models"]])
def test_each_sentence_names_its_banner_and_a_difference_goes_first(tmp_path, banners, lang, lines):
    report = survey.analyze(answers(tmp_path), banner=banners, lang=lang)
    findings = [str(line) for line in report.sheets[0].findings]
    assert [line for line in findings if line in lines] == lines, findings
    assert "Needs" in report.sheets[0].title or "需求" in report.sheets[0].title
    name, title = {
        "en": ("By Sector", "No group of Sector differs reliably from all others"),
        "zh": ("按行业", "“行业”各组差异均不显著"),
    }[lang]
    assert report.sheet(name).title == title


def test_a_noun_of_the_schema_stands_as_it_is(tmp_path):
    report = survey.analyze(answers(tmp_path, nouns=True), banner=["sector", "models"])
    lines = [str(line) for line in report.sheets[0].findings]
    assert any(line.endswith("1 more difference by model is reliable.") for line in lines), lines
    assert "No sector differs reliably from all others; 2 questions were compared." in lines
    chinese = survey.analyze(answers(tmp_path, nouns=True), banner=["sector"], lang="zh")
    assert chinese.sheet("按行业").title == "各行业差异均不显著"


def test_where_nothing_can_be_compared_the_banner_is_named_too(tmp_path):
    report = survey.analyze(answers(tmp_path, rows=8), banner=["sector"])
    assert (
        report.sheet("By Sector").title == "Too few answered to compare each group of Sector with all others"
    )


@pytest.mark.parametrize(
    ("lang", "sheet", "twice"),
    [
        ("en", "Tests", "who answered both questions. Without variation or not asked"),
        ("zh", "检验", "没有可比较的选项。无变化或未询问"),
    ],
)
def test_reasons_of_a_row_are_set_apart_and_name_labels(tmp_path, lang, sheet, twice):
    """Of a battery that everybody answers alike, in two groups; an option that everybody chose."""
    path = tmp_path / "shop.yaml"
    shape = yaml.safe_load(SHAPE)
    points = [{"value": value, "label": {"en": f"P{value}", "zh": f"点{value}"}} for value in range(1, 8)]
    shape["scales"] = {"seven": {"top": 2, "points": points}}
    battery = {"id": "hurdles", "kind": "rating", "scale": "seven", "short": {"en": "Hurdles", "zh": "障碍"}}
    items = [{"id": "rules", "label": {"en": "Rules", "zh": "法规"}}]
    shape["questions"].append({**battery, "text": {"en": "How much?", "zh": "多大？"}, "items": items})
    data = answers(tmp_path).data
    path.write_text(yaml.safe_dump(shape, allow_unicode=True), encoding="utf-8")
    frame = data.assign(hurdles__rules=4, needs__cash=1)
    responses = survey.from_frame(frame, load_instrument(path))
    notes = survey.analyze(responses, banner=["sector"], lang=lang).sheet(sheet).tables[0].data["note"]
    assert notes.str.contains(twice).any(), notes[notes != ""].tolist()
    named = {"en": "not tested: Cash (Needs).", "zh": "不参与检验：资金（需求）。"}[lang]
    assert notes.str.contains(named, regex=False).any(), notes[notes != ""].tolist()


def test_every_printed_page_of_the_tests_says_what_its_rows_are_of(tmp_path):
    """Test, question, what and compared with stand on the second page too, and coefficients have a value."""
    data = answers(tmp_path)
    report = survey.analyze(data, banner=["sector", "models"])
    sheet = openpyxl.load_workbook(survey.write_report(report, tmp_path / "r.xlsx", pictures=False))["Tests"]
    pages = str(sheet.print_area).split(",")
    assert len(pages) == 2
    assert sheet.print_title_cols == "$A:$D"
    heading = int(pages[1].split("!")[1].split("$")[2].rstrip(":"))
    assert [cell.value for cell in sheet[heading]][:4] == ["Test", "Question", "What", "Compared with"]
    assert sheet.print_title_rows == f"${heading}:${heading}"


def test_coefficients_stand_beside_their_intervals(tmp_path):
    sample = survey.read_responses(SAMPLE)
    table = survey.analyze(sample).sheet("Tests").tables[0]
    rows = table.data[table.data["test"] == "cronbach_alpha"]
    expected = survey.reliability(sample).iloc[0]
    assert rows["value"].tolist() == [expected["statistic"]]
    assert rows["ci_low"].tolist() == [expected["ci_low"]]
    assert rows["statistic"].isna().all()
    value = next(column for column in table.columns if column.key == "value")
    keys = [key for key in table.keys(value) if key and key.measure == "statistic"]
    assert {part for key in keys for part in key.ids} >= {"cronbach_alpha", "mcdonald_omega", "item_rest"}


@pytest.mark.parametrize(("lang", "told"), [("en", "(Industry)"), ("zh", "（工业）")])
def test_a_banner_of_one_group_has_no_sheet_and_the_notes_say_so(tmp_path, lang, told):
    responses = answers(tmp_path)
    whole = [sheet.name for sheet in survey.analyze(responses, banner=["sector", "models"], lang=lang).sheets]
    report = survey.analyze(responses.where(sector="ind"), banner=["sector", "models"], lang=lang)
    names = [sheet.name for sheet in report.sheets]
    (left_out,) = [name for name in whole if name not in names]
    assert left_out == {"en": "By Sector", "zh": "按行业"}[lang]
    (notes,) = [table for sheet in report.sheets for table in sheet.tables if table.name == "notes"]
    texts = notes.data.map(str).stack()
    assert sum(told in text for text in texts) == 1


@pytest.mark.parametrize(
    ("lang", "nouns", "sentence"),
    [
        ("en", True, "50% belong to more than one model, so that the groups overlap."),
        ("en", False, "50% are in more than one group of Models, so that the groups overlap."),
        ("zh", True, "50%的受访者属于多种模式，各组相互重叠。"),
        ("zh", False, "“模式”中，50%的受访者属于多个组，各组相互重叠。"),
    ],
)
def test_how_the_groups_overlap_suits_any_short_name(tmp_path, lang, nouns, sentence):
    shape = answers(tmp_path, nouns=nouns).instrument
    both = [{"models__lic": 1, "models__own": at % 2, "needs__law": 1} for at in range(60)]
    report = survey.analyze(survey.from_frame(pd.DataFrame(both), shape), banner="models", lang=lang)
    assert sentence in [str(line) for line in report.sheets[0].findings]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "Nobody is in more than one group of Models."), ("zh", "“模式”中，没有受访者同属多个组。")],
)
def test_that_no_groups_overlap_suits_any_short_name(tmp_path, lang, sentence):
    shape = answers(tmp_path).instrument
    apart = [{"models__lic": at % 2, "models__own": 1 - at % 2, "needs__law": 1} for at in range(60)]
    report = survey.analyze(survey.from_frame(pd.DataFrame(apart), shape), banner="models", lang=lang)
    assert sentence in [str(line) for line in report.sheets[0].findings]
