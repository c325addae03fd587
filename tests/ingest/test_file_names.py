"""What names a person in the name of a file reaches no report, and what was read says so."""

from pathlib import Path

import pytest

from survey import write_report
from survey.errors import UsageError
from survey.files.saving import check_target
from survey.ingest.reading import read_responses
from survey.messages import message
from survey.report.survey import analyze
from survey.wording import public_name

CSV = "diet,visits\nfish,3\nother,5\nfish,many\nfish,\n,many\n"
CANTEEN = Path(__file__).parent / "canteen.yaml"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("anna.smith@firm.com.xlsx", "***.xlsx"),
        ("anna.smith@firm.com", "***"),
        ("Answers of Anna.Smith@Firm.com (2).csv", "Answers of *** (2).csv"),
        ("问卷 13812345678.xlsx", "问卷 ***.xlsx"),
        ("call +44 20 7946 0958.sav", "call ***.sav"),
        ("survey-2027-04-13.xlsx", "survey-2027-04-13.xlsx"),
        ("export_20270413_120501.csv", "export_20270413_120501.csv"),
        ("q1@office.xlsx.bak", "***.bak"),
        ("", ""),
    ],
)
def test_addresses_and_numbers_are_struck_out(name: str, shown: str) -> None:
    assert public_name(name) == shown


def test_no_report_names_the_person(tmp_path: Path) -> None:
    path = tmp_path / "anna.smith@firm.com.csv"
    path.write_text(CSV, encoding="utf-8")
    responses = read_responses(path, CANTEEN, set_aside=True)
    assert [file.name for file in responses.provenance.files] == ["***.csv"]
    (notice,) = [problem for problem in responses.problems if problem.key == "file_name_personal"]
    assert "***.csv" in notice.text()
    assert message("file_name_personal", "zh", shown="x") in notice.text("zh").replace("***.csv", "x")
    assert "anna" not in repr(analyze(responses).sheets)


def test_signs_that_turn_a_line_or_end_it_reach_no_report(tmp_path: Path) -> None:
    path = tmp_path / "can\u202ete\nen.csv"
    path.write_text(CSV.replace("visits", '"visits"'), encoding="utf-8")
    responses = read_responses(path, CANTEEN, set_aside=True)
    assert [file.name for file in responses.provenance.files] == ["can\ufffdte en.csv"]
    assert all(problem.text().isprintable() for problem in responses.problems)
    assert "u202e" not in ascii(analyze(responses).sheets)


def test_a_name_that_no_file_can_have_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the name is too long"):
        check_target("x" * 257 + ".xlsx")
    path = tmp_path / "canteen.csv"
    path.write_text(CSV, encoding="utf-8")
    report = analyze(read_responses(path, CANTEEN, set_aside=True))
    with pytest.raises(UsageError, match="the name is too long"):
        write_report(report, "x" * 257 + ".html")


def test_an_ordinary_name_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "canteen 2027-04.csv"
    path.write_text(CSV, encoding="utf-8")
    responses = read_responses(path, CANTEEN, set_aside=True)
    assert [file.name for file in responses.provenance.files] == ["canteen 2027-04.csv"]
    assert not [problem for problem in responses.problems if problem.key == "file_name_personal"]
