"""The sample report in the repository is what today's code writes."""

import re
import zipfile

import pytest
from openpyxl import load_workbook

import survey
from tests.paths import ROOT, SAMPLE, SAMPLE_REPORT


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    """The report of the sample data, written by today's code."""
    from click.testing import CliRunner

    from survey.cli import main

    target = tmp_path_factory.mktemp("sample") / "report.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        result = CliRunner().invoke(main, ["analyze", str(SAMPLE.relative_to(ROOT)), "-o", str(target)])
    assert result.exit_code == 0, result.output
    return target


def cells(path):
    """Every cell by sheet and address; versions of libraries differ from machine to machine."""
    found = {}
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            if any(str(cell.value).startswith("Version of ") for cell in row):
                continue
            found.update(
                {(sheet.title, cell.coordinate): cell.value for cell in row if cell.value is not None}
            )
    return found


def test_the_same_cells(today):
    then, now = cells(SAMPLE_REPORT), cells(today)
    assert then.keys() == now.keys()
    for address, value in then.items():
        expected = pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
        assert now[address] == expected, address


def test_as_many_pictures_and_charts(today):
    def count(path, folder):
        with zipfile.ZipFile(path) as archive:
            return sum(name.startswith(folder) for name in archive.namelist())

    for folder, least in (("xl/media/", 4), ("xl/charts/chart", 2)):
        assert count(SAMPLE_REPORT, folder) == count(today, folder) >= least


def test_page_and_deck_are_those_of_today(tmp_path):
    """The texts of the page, and the titles of the slides; drawings differ with the fonts of a machine."""
    from pptx import Presentation

    page, deck = (SAMPLE_REPORT.with_suffix(ending) for ending in (".html", ".pptx"))
    report = survey.analyze(SAMPLE)
    written = survey.write_report(report, [tmp_path / "a.html", tmp_path / "a.pptx"])

    def cells(path):
        text = path.read_text(encoding="utf-8")
        tags = re.findall(r"<t[dh][^>]*>[^<]*", text.partition("<main")[2].partition('id="t-notes"')[0])
        # The last digits of a number differ with the versions of libraries.
        return [re.sub(r"\d\.\d{9,}", lambda number: f"{float(number[0]):.9f}", tag) for tag in tags]

    def titles(path):
        return [slide.shapes.title.text_frame.text for slide in Presentation(path).slides]

    assert cells(page) == cells(written[0])
    assert titles(deck) == titles(written[1])


def test_53_of_the_55_published_figures_are_reproduced():
    table = survey.reproduce(
        survey.read_responses(SAMPLE), survey.read_findings(ROOT / "data/findings/executive-survey-2026.csv")
    )
    verdicts = table.set_index("finding")["verdict"]
    assert verdicts.value_counts().to_dict() == {"reproduced": 45, "bound holds": 8, "not reproduced": 2}
    assert set(verdicts[verdicts == "not reproduced"].index) == {"M01", "M02"}
    missed = table.set_index("finding").loc["M01"]
    assert missed["count"] == 29
    assert missed["base"] == 42
    assert missed["computed"] == "69.0"
    assert "29" in missed["note"]
    assert "69.0" in missed["note"]


def test_the_sample_is_not_trivial():
    responses = survey.read_responses(SAMPLE)
    rows = responses.data.astype(str).agg("|".join, axis=1)
    assert rows.nunique() > 130
    challenges = responses.columns_of(responses.instrument.question("challenges")).astype(float)
    assert set(challenges.stack().unique()) == {1, 2, 3, 4, 5}
    assert 0.05 < challenges.corr().where(lambda table: table < 1).stack().mean() < 0.6
    needs = responses.columns_of(responses.instrument.question("support_needs"))
    assert needs.sum(axis=1).nunique() > 4
    overlap = survey.overlaps(responses)
    apart = overlap[overlap["code"] != overlap["other_code"]]
    assert (apart["n"] > 0).all()
    assert (apart["n"] < apart["base"]).all()


def test_firm_types_lean_as_the_work_says():
    responses = survey.read_responses(SAMPLE)
    by_type = {
        kind: survey.frequencies(responses.where(firm_type=kind), "expansion_models").set_index("code")[
            "proportion"
        ]
        for kind in ("biotech", "biopharma", "big_pharma")
    }
    assert by_type["biotech"]["newco"] > by_type["biotech"]["independent"]
    assert by_type["biopharma"]["co_development"] > by_type["biotech"]["co_development"]
    assert by_type["big_pharma"]["independent"] > by_type["biotech"]["independent"]


def test_the_published_sheet_says_which_figures_cannot_be_met(today):
    rows = list(load_workbook(today)["Published"].iter_rows(values_only=True))
    missed = [row for row in rows if "not reproduced" in row]
    assert len(missed) == 2
    assert all("29 of 42" in str(row) and "69.0" in str(row) for row in missed)
