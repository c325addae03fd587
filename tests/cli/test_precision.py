"""`survey precision`: the numbers of the function, printed and as a workbook; a population and groups."""

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.counts.tally_files import save_tally
from survey.messages import LANGUAGES
from survey.report.survey.check_reports import precision_report
from tests.paths import EXAMPLES

PATH = EXAMPLES / "schools.yaml"
SCHOOLS = survey.load_instrument(PATH)
FRAME = pd.DataFrame({"stype": list("eemh") * 15, "sch_wide": ["yes", "no", "no"] * 20})


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "r.csv"
    FRAME.assign(mine=[1, 2, 3, 2] * 15).to_csv(path, index=False)
    return path


def run(file, *words):
    return CliRunner().invoke(main, ["precision", str(file), "--instrument", str(PATH), *words])


def lines(result):
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_what_is_printed_are_the_numbers_of_the_function(file):
    heading, *rows = lines(run(file, "--by", "stype", "--population", "600", "--population", "h=40"))
    sizes = {"all": 600, "h": 40}
    expected = survey.precision(survey.from_frame(FRAME, SCHOOLS), banner="stype", population=sizes)
    assert len(rows) == len(expected)
    at = heading.index("Population")
    wanted = ["" if pd.isna(size) else str(size) for size in expected["population"]]
    assert [row[at] for row in rows] == wanted
    margin = heading.index("Margin of error (±)")
    wanted = ["" if pd.isna(value) else f"{100 * value:.1f}%" for value in expected["margin"]]
    assert [row[margin] for row in rows] == wanted
    assert any(row[1] == "asking all others" for row in rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_groups_are_those_of_the_instrument_and_no_population_is_said(file, lang):
    heading, *rows = lines(run(file, "--lang", lang))
    assert "Population" not in heading
    assert {len(row) for row in rows} == {len(heading)}
    assert len(rows) == len(survey.precision(survey.from_frame(FRAME, SCHOOLS), lang=lang))


def test_a_workbook_has_the_rows_and_the_notes(file, tmp_path):
    made = run(file, "--population", "600", "-o", str(tmp_path / "p.xlsx"))
    assert made.exit_code == 0
    assert (tmp_path / "p.xlsx").exists()
    assert "p.xlsx" in made.stderr
    report = precision_report(survey.from_frame(FRAME, SCHOOLS), population=600)
    assert [sheet.name for sheet in report.sheets] == ["Precision", "Notes"]
    assert len(report.sheets[0].tables[0].data) == len(lines(made)) - 1


def test_a_tally_says_the_same(file, tmp_path):
    tally = tmp_path / "r.tally"
    counted = survey.tally(survey.from_frame(FRAME, SCHOOLS), banners=["stype"])
    save_tally(counted, tally)
    of_rows = lines(run(file, "--by", "stype"))
    counted = CliRunner().invoke(main, ["precision", str(tally), "--by", "stype"])
    assert lines(counted) == of_rows


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--population", "20"), 2, "more than the population of 20"),
        (("--population", "many"), 2, "--population"),
        (("--population", "600", "--weight", "mine"), 2, "these data are weighted"),
        (("--by", "stypes"), 2, "stype"),
        (("--confidence", "3"), 2, "3"),
        (("--where", "stype=e", "--where", "stype=m"), 2, "No respondent meets"),
    ],
)
def test_what_cannot_be_is_refused(file, words, code, said):
    refused = run(file, *words)
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert said in refused.stderr


def test_an_input_is_not_written_over(file):
    refused = run(file, "-o", str(file))
    assert refused.exit_code == 2
    assert file.read_text(encoding="utf-8").startswith("stype")


def test_weighted_data_count_as_their_effective_base_and_that_is_said(file):
    heading, *rows = lines(run(file, "--weight", "mine"))
    at = heading.index("Effective base")
    answered = [row for row in rows if row[1] == "share of a base" and row[2] == "60"]
    assert len(answered) == 2
    for row in answered:
        assert row[at] == f"{(sum([1, 2, 3, 2]) * 15) ** 2 / (sum([1, 4, 9, 4]) * 15):.1f}"
        assert "at the effective base" in row[-1]
