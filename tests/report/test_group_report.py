"""Letters, ratings by group and precision in the report; the page on groups runs."""

import re

import pytest

import survey
from tests.paths import ROOT, SAMPLE


@pytest.fixture(scope="module")
def lettered():
    return survey.analyze(survey.read_responses(SAMPLE), compare="columns")


def test_letters_stand_in_the_higher_column(lettered):
    table = lettered.sheet("By model").tables[0]
    pairs = survey.crosstab(survey.read_responses(SAMPLE), "firm_type", compare="columns")
    pairs = pairs[pairs["letter"] != ""]
    assert len(pairs)
    marks = {column.ids["banner_code"]: table.marks(column) for column in table.columns if column.ids}
    rows = list(zip(table.data["stub"], table.data["stub_code"], table.data["section"], strict=True))
    own = [row for row, (stub, _, is_head) in enumerate(rows) if stub == "firm_type" and not is_head]
    shown = sum(code.isupper() for codes in marks.values() for row in own for code in codes[row])
    assert shown == len(pairs)
    for row in pairs.itertuples():
        higher = row.banner_code if row.difference > 0 else row.other_code
        place = next(place for place in own if rows[place][1] == row.stub_code)
        assert row.letter in marks[higher][place]
    headings = [column.heading for column in table.columns]
    assert "Independent expansion (A)" in headings


def test_letters_stand_behind_the_number_which_stays_a_number(lettered, tmp_path):
    from openpyxl import load_workbook

    survey.write_report(lettered, tmp_path / "report.xlsx", pictures=False)
    cells = [cell for row in load_workbook(tmp_path / "report.xlsx")["By model"].iter_rows() for cell in row]
    lettered_cells = [cell for cell in cells if re.search('" [A-E]+"$', cell.number_format)]
    assert lettered_cells
    assert all(isinstance(cell.value, float) for cell in lettered_cells)
    arrows = [cell for cell in cells if "\u25b2" in cell.number_format or "\u25bc" in cell.number_format]
    assert arrows
    assert all(cell.font.b and cell.fill.fill_type == "solid" for cell in arrows)  # never colour alone


def test_the_tests_say_when_nothing_differs(lettered):
    data = lettered.sheet("Tests").tables[0].data
    challenges = data[(data["result"] == "columns") & (data["stub"] == "challenges")]
    assert len(challenges)
    assert (challenges["reliable"] == "").all()
    ratings = data[data["test"] == "mann_whitney"]
    assert len(ratings) == 32
    assert (ratings["reliable"] == "").all()


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


def test_a_banner_with_many_groups_stays_on_one_page_across(lettered, tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "report.xlsx"
    survey.write_report(lettered, path, pictures=False)
    sheet = load_workbook(path)["By model"]
    (table,) = sheet.tables.values()
    head = table.ref.split(":")[0].removeprefix("A")
    assert sheet.freeze_panes == f"B{int(head) + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


@pytest.mark.parametrize("only", ["exclusive", "mixed"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_limited_groups_are_named_wherever_they_count(only, lang):
    responses = survey.read_responses(SAMPLE)
    report = survey.analyze(responses, only=only, lang=lang)
    said = {
        ("exclusive", "en"): "groups of those in no other group",
        ("mixed", "en"): "groups of those in another group too",
        ("exclusive", "zh"): "各组仅含不属于其他组者",
        ("mixed", "zh"): "各组仅含同时属于其他组者",
    }[only, lang]
    by_model = report.sheets[2]
    assert said in by_model.subtitle
    named = {
        "exclusive": {"en": ", no other", "zh": "仅此一项"},
        "mixed": {"en": ", with others", "zh": "兼有其他"},
    }
    assert all(named[only][lang] in column.heading for column in by_model.tables[0].columns[2:])
    limits = {"en": "Limited groups", "zh": "限定分组"}[lang]
    numbers = [number for number, note in enumerate(report.notes, 1) if note.topic == limits]
    assert len(numbers) == 1
    assert numbers[0] in by_model.footnotes
    table = by_model.tables[0].data
    known = survey.crosstab(responses, "firm_type", only=only).set_index(["stub_code", "banner_code"])
    shown = table[(table["stub"] == "firm_type") & ~table["section"]].set_index("stub_code")
    share = known.loc[("biotech", "licensing"), "proportion"]
    assert shown.loc["biotech", "licensing"] == pytest.approx(share)


def test_ratings_item_against_item_stand_in_the_report(lettered):
    data = lettered.sheet("Tests").tables[0].data
    pairs = data[data["test_label"] == "Wilcoxon signed ranks (ratings)"]
    known = survey.compare_ratings(survey.read_responses(SAMPLE))
    assert len(pairs) == len(known) == 28
    assert pairs["effect"].to_numpy() == pytest.approx(known["effect"].to_numpy())
    assert set(pairs["value_label"]) == {"Rank-biserial correlation"}
    assert (pairs["reliable"] == "yes").sum() == (known["p_adjusted"] < 0.05).sum()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_test_of_the_report_has_its_entry_among_the_notes(lang):
    responses = survey.read_responses(SAMPLE)
    report = survey.analyze(responses, compare="columns", lang=lang)
    names = {"en": "Notes", "zh": "说明"}
    text = " ".join(report.sheet(names[lang]).tables[0].data["what"].astype(str))
    topics = " ".join(note.topic for note in report.notes)
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
        assert name in text + topics
    assert text.count("Holm") >= 4
    for effect in {"en": ("effect", "base"), "zh": ("效应量", "n为")}[lang]:
        assert text.count(effect) >= 4
    assert len(set(report.notes)) == len(report.notes)  # every note once
    used = {number for sheet in report.sheets for number in sheet.footnotes}
    assert used <= set(range(1, len(report.notes) + 1))
