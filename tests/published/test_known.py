"""The report of what is known without a data set: this survey, another, and what it is not told."""

from collections import Counter

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.document import Report
from survey.report.findings.context import FindingsContext
from survey.report.findings.known import known_sheets
from tests.helpers import keys_of
from tests.paths import EXAMPLES, FINDINGS, SAMPLE

ROWS = (
    "N,,figure,,,all,respondents,=,6,0,,,",
    "A,,figure,channels,agents,all,share_selecting,=,50.0,1,,,",
    "B,,figure,channels,online,all,share_selecting,=,66.7,1,,,",
    "C,,figure,hurdles,capital,all,top_2_box,=,66.7,1,,,",
    "D,,figure,hurdles,capital,agents,top_2_box,=,66.7,1,,,",
    "E,,figure,hurdles,capital,online,top_2_box,=,50.0,1,,,",
    "T,,statement,hurdles,capital,all,rank,=,1,,,,",
)
INSTRUMENT = EXAMPLES / "overlapping-groups.yaml"


@pytest.fixture(scope="module")
def packaged(audited):
    """The report of the packaged findings."""
    return Report("en", known_sheets(FindingsContext(audit=audited)))


@pytest.fixture
def firms(tmp_path, write_findings):
    return write_findings(tmp_path / "firms.csv", list(ROWS))


def run(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def table(report, sheet, key="item"):
    return report.sheet(sheet).tables[0].data.set_index(key)


def test_sheets_in_order(packaged):
    assert [sheet.name for sheet in packaged.sheets] == [
        *("Summary", "Topline", "Claims", "Figures", "Tests", "Data", "Notes"),
    ]
    assert packaged.warning == ""  # no data set is pretended: there is none to warn of
    assert all("no data set" in sheet.subtitle for sheet in (packaged.sheets[0], packaged.sheets[2]))
    appendix = [sheet.name for sheet in packaged.sheets if sheet.appendix]
    assert appendix == ["Figures", "Tests", "Data", "Notes"]


def test_every_number_is_known_by_one_key(packaged):
    assert keys_of(packaged, "Notes") > 300


def test_each_figure_with_count_base_and_interval(packaged):
    data = packaged.sheet("Data").tables[0].data
    whole = data[data["group"] == "all"].set_index("item")
    row = whole.loc["overseas_commercialization"]
    assert row[["published", "count", "base", "verdict"]].tolist() == ["86.1%", "118", "137", "fixed"]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((0.7935, 0.9094), abs=1e-3)  # Wilson, 118 of 137
    assert row[["rank_low", "rank_high"]].tolist() == [1, 1]
    points = packaged.sheet("Topline").tables[1].data.set_index("item").loc["overseas_commercialization"]
    assert points[["mean", "median"]].tolist() == ["4.01\N{EN DASH}4.28", "4.00"]
    assert points[["point_5", "point_1"]].tolist() == ["42%", "0\N{EN DASH}14%"]
    needs = whole[whole["question"] == "support_needs"]
    assert needs.loc["virtual_data_room", ["published", "count", "verdict"]].tolist() == [
        *("< 50%", "0\N{EN DASH}68", "bounded"),
    ]
    assert needs["ci_low"].notna().sum() == 3  # only where the count is fixed
    shown = table(packaged, "Topline", "label")
    assert shown.loc["Virtual data room services", "all"] == "0\N{EN DASH}50%"


def test_groups_with_every_base_that_fits(packaged):
    cells = packaged.sheet("Data").tables[0].data
    cells = cells[cells["question"] == "support_needs"].set_index(["item", "group"])
    row = cells.loc["regulatory_consultancy", "co_development"]
    assert row[["count", "base", "verdict"]].tolist() == ["24/29, 48/58, 72/87", "29, 58, 87", "fixed"]
    assert row["ci_low"] != row["ci_low"]  # the share is fixed, its base is not: there is no one interval
    assert cells.loc[("regulatory_consultancy", "licensing"), "ci_low"] > 0.6
    assert cells.loc[("regulatory_consultancy", "independent"), "verdict"] == "bounded"  # 69.1 % is not met
    assert cells.loc[("virtual_data_room", "newco"), "verdict"] == "open"


def test_comparisons_are_those_of_bounds(packaged, findings):
    tables = {shown.name: shown.data for shown in packaged.sheet("Tests").tables}
    items = tables["known_pairs"]
    assert len(items) == 28
    row = items[items["quantity"].str.contains("regulatory_barriers, overseas_commercialization")].iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((0.015625, 0.371298), abs=1e-6)
    groups = tables["known_comparisons"]
    published = {"regulatory_consultancy": 6, "strategy_transaction_advisory": 3}
    published |= {"contract_legal_diligence": 3, "cro_matching": 1}  # pairs of groups with a share of it
    assert len(groups) == 2 * sum(published.values())  # the difference, and p


def test_summary_says_what_is_fixed_and_what_nobody_published(packaged):
    sheet = packaged.sheet("Summary")
    shares = survey.importance_shares(SAMPLE)  # the sample prints all published shares of the battery
    clear = int((shares["ci_low"] > 2 / 3).sum())
    assert sheet.title.startswith(f"{clear} of 8 challenges are rated 4\N{EN DASH}5 of 5 by more than two")
    assert "At least 23 of 137 respondents belong to more than one model." in sheet.findings
    assert "23 of 59 claims hold, 6 fail, 30 stay open." in sheet.findings
    bounds = {shown.name: shown.data for shown in packaged.sheet("Tests").tables}["bounds"]
    overlap = bounds.set_index("what").loc["Belong to Licensing and NewCo", "range"]
    assert overlap == "5\N{EN DASH}90"
    notes = packaged.sheet("Notes").tables[0].data["what"].tolist()
    assert "No figure was published of: Firm type; Position." in notes


def test_claims_are_in_plain_words_the_failing_ones_first(packaged, audited):
    first_screen = packaged.sheet("Claims").tables[0].data
    (shown,) = (table.data for table in packaged.sheet("Tests").tables if "locator" in table.data)
    assert len(shown) == 59
    assert first_screen["what"].tolist() == shown["what"].tolist()[: len(first_screen)]
    signs = shown["shown"].tolist()
    assert signs[:6] == ["\u2717 fails"] * 6
    assert Counter(signs[6:36]) == {"? open": 23, "\N{EN DASH} not asked": 7}
    assert signs[36:] == ["\u2713 holds"] * 23
    row = shown.set_index("what").loc["Commercialization abroad ranks number 1 of 8 challenges"]
    assert row[["locator", "short"]].tolist() == ["executive summary 4", "Rank 1 of 8"]
    row = shown.set_index("what").loc["Overseas regulatory advice and filing concerns everyone"]
    assert row[["shown", "short"]].tolist() == ["\u2717 fails", "33 of 137 did not choose it"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_another_survey_by_the_command(firms, tmp_path, lang):
    target = tmp_path / "known.xlsx"
    words = ("analyze", "--from-findings", firms, "--instrument", INSTRUMENT, "-o", target, "--lang", lang)
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert str(target) in out
    book = load_workbook(target)
    assert len(book.worksheets) == 7
    first = book.worksheets[0]
    said = " ".join(str(cell.value) for row in first.iter_rows() for cell in row if cell.value)
    assert ("no data set" if lang == "en" else "无数据集") in said
    before = target.read_bytes()
    assert run(*words)[0] == 0
    assert target.read_bytes() == before


def test_without_a_size_the_audit_is_what_is_known(tmp_path, write_findings):
    path = write_findings(tmp_path / "sizeless.csv", list(ROWS[1:]))
    report = survey.findings_report(survey.read_findings(path, INSTRUMENT))
    assert [sheet.name for sheet in report.sheets] == [
        *("Summary", "Claims", "Figures", "Tests", "Notes"),
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((SAMPLE, "--from-findings", FINDINGS), "RESPONSES"),
        (("--from-findings", FINDINGS, "--where", "firm_type=biotech"), "--where"),
        (("--from-findings", FINDINGS, "--by", "firm_type", "--suppress"), "--by, --suppress"),
        (("--from-findings", FINDINGS, "--findings", FINDINGS), "--findings"),
        (("--from-findings", FINDINGS, "--open-text"), "--open-text"),
        ((), "RESPONSES... is missing"),
        (("--from-findings", "nowhere.csv"), "nowhere.csv"),
        (("--from-findings", FINDINGS, "-o", "report.pdf"), "report.pdf"),
        (("--from-findings", FINDINGS, "--confidence", "2"), "2"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("analyze", *words)
    assert code == 2
    assert told in err
    assert out == ""
    assert not list(tmp_path.iterdir())


def test_figures_that_contradict_each_other_stop_the_report(tmp_path, write_findings):
    rows = [*ROWS[:1], "A,,figure,hurdles,capital,all,share_rated_5,=,83.3,1,,,"]
    rows.append("B,,figure,hurdles,capital,all,top_2_box,=,50.0,1,,,")
    path = write_findings(tmp_path / "wrong.csv", rows)
    code, _, err = run(
        "analyze", "--from-findings", path, "--instrument", INSTRUMENT, "-o", tmp_path / "r.xlsx"
    )
    assert code == 1
    assert "line 3" in err
    assert "line 4" in err
    assert not (tmp_path / "r.xlsx").exists()
