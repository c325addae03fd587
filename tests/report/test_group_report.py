"""Letters, ratings by group and precision in the report; the page on groups runs."""

import re

import pytest

import survey
from tests.paths import ROOT, SAMPLE


@pytest.fixture(scope="module")
def lettered():
    return survey.analyze(survey.read_responses(SAMPLE), compare="columns")


def test_letters_stand_in_the_higher_column(lettered):
    data = lettered.sheet("Firm type by model").tables[0].data
    pairs = survey.crosstab(survey.read_responses(SAMPLE), "firm_type", compare="columns")
    pairs = pairs[pairs["letter"] != ""]
    assert len(pairs)
    shown = sum(len(text.split()) for name in data if name.endswith("_letters") for text in data[name])
    assert shown == len(pairs)
    for row in pairs.itertuples():
        higher = row.banner_code if row.difference > 0 else row.other_code
        own = data.set_index("stub_code").loc[row.stub_code, f"{higher}_letters"]
        assert row.letter in own.split()


def test_the_summary_says_when_nothing_differs(lettered):
    lines = "\n".join(lettered.sheet("Summary").lines)
    assert "Challenges by model: no two groups differ in any row" in lines
    assert "no group rates any item differently from the rest (Mann-Whitney" in lines


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_precision_has_its_sheet_with_or_without_a_banner(lang, lettered):
    report = survey.analyze(survey.read_responses(SAMPLE), lang=lang, banner="firm_type")
    names = {"en": "Precision", "zh": "精度"}
    data = report.sheet(names[lang]).tables[0].data
    assert set(data["base"].dropna()) >= {137}
    assert 385 in set(data["needed_base"].dropna())


def test_an_unknown_comparison_is_told():
    with pytest.raises(survey.UsageError, match="Nothing can be compared with 'rows'"):
        survey.analyze(survey.read_responses(SAMPLE), compare="rows")


def test_the_page_on_groups_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "groups.md").read_text("utf-8"), re.DOTALL)
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/groups.md", "exec"), space)
    assert space["safe"]["n"].isna().any()


def test_a_wide_cross_tab_is_printed_group_by_group(lettered, tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "report.xlsx"
    survey.write_report(lettered, path, pictures=False)
    sheet = load_workbook(path)["Needs by model"]
    (table,) = sheet.tables.values()
    pages = sheet.print_area.replace("$", "").replace("'Needs by model'!", "").split(",")
    assert pages[0].startswith("A1:")
    assert len(pages) == 5  # the total with what the margins say, then each model
    head = table.ref.split(":")[0].removeprefix("A")
    heads = [sheet[page.split(":")[0]].value for page in pages[1:]]
    assert [head in page for page in pages[1:]] == [True] * 4
    assert all(text.removesuffix(" [r]").endswith(": Count") for text in heads)
    assert sheet.print_title_cols == "$A:$A"
    sheet = load_workbook(path)["Challenges"]
    pages = sheet.print_area.replace("$", "").replace("'Challenges'!", "").split(",")
    first = sheet[pages[1].split(":")[0]].value  # the points have a page of their own
    assert first.startswith("1 Very unimportant")


@pytest.mark.parametrize("only", ["exclusive", "mixed"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_limited_groups_are_named_wherever_they_count(only, lang):
    report = survey.analyze(survey.read_responses(SAMPLE), only=only, lang=lang)
    said = {
        ("exclusive", "en"): "only those who follow it and no other",
        ("mixed", "en"): "only those who follow it together with another",
        ("exclusive", "zh"): "仅含只选该项",
        ("mixed", "zh"): "仅含同时选了其他项者",
    }[only, lang]
    whole = {"en": "Groups are whole here", "zh": "此处各组为完整分组"}[lang]
    named = {sheet.name for sheet in report.sheets if said in sheet.base_text}
    plain = {sheet.name for sheet in report.sheets if whole in sheet.base_text}
    crossed = {
        sheet.name for sheet in report.sheets if any(t.name.startswith("crosstab") for t in sheet.tables)
    }
    assert len(crossed) == 5
    assert crossed < named
    assert len(named - crossed) == 2  # Summary, Comparisons
    assert len(plain) == 2  # Association, Precision
    method = report.sheets[-2].tables[0].data
    assert method["what"].str.contains(said).any()
    pictures = [picture for sheet in report.sheets for picture in sheet.pictures if picture.kind == "heatmap"]
    assert pictures
    assert all(said in picture.alt for picture in pictures)
    data = report.sheet(sorted(crossed)[0]).tables[0].data
    known = survey.crosstab(survey.read_responses(SAMPLE), "firm_type", only=only).set_index(
        ["stub_code", "banner_code"]
    )
    for sheet in report.sheets:
        for shown in sheet.tables:
            if shown.name.startswith("crosstab_firm_type"):
                data = shown.data.set_index("stub_code")
    assert data.loc["biotech", "licensing_n"] == known.loc[("biotech", "licensing"), "n"]


def test_ratings_item_against_item_stand_in_the_report(lettered):
    data = lettered.sheet("Comparisons").tables[0].data
    pairs = data[data["test_label"] == "Wilcoxon signed ranks (ratings)"]
    known = survey.compare_ratings(survey.read_responses(SAMPLE))
    assert len(pairs) == len(known) == 28
    assert pairs["effect"].to_numpy() == pytest.approx(known["effect"].to_numpy())
    assert set(pairs["effect_label"]) == {"Rank-biserial correlation"}
    differ = int((known["p_adjusted"] < 0.05).sum())
    assert f"after Holm's adjustment: {differ} of 28 (Wilcoxon" in "\n".join(lettered.sheet("Summary").lines)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_test_of_the_report_has_its_entry_on_the_methods_sheet(lang):
    responses = survey.read_responses(SAMPLE)
    report = survey.analyze(responses, compare="columns", lang=lang)
    text = " ".join(report.sheets[-2].tables[0].data["what"])
    for name in (
        "Fisher",
        "McNemar",
        "Cochran",
        "Friedman",
        "Wilcoxon",
        "Mann-Whitney",
        "Rao-Scott",
        "Bonferroni",
    ):
        assert name in text
    assert text.count("Holm") >= 6
    for effect in {"en": ("effect:", "base"), "zh": ("效应量", "基数")}[lang]:
        assert text.count(effect) >= 6
