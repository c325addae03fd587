"""What names a person in the name of a file reaches no report, and what was read says so."""

from pathlib import Path

import pytest

from survey.ingest.reading import read_responses
from survey.messages import message
from survey.report.survey import analyze
from survey.wording import public_name

CSV = "diet,visits\nfish,3\nother,5\nfish,many\n"
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


def test_an_ordinary_name_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "canteen 2027-04.csv"
    path.write_text(CSV, encoding="utf-8")
    responses = read_responses(path, CANTEEN, set_aside=True)
    assert [file.name for file in responses.provenance.files] == ["canteen 2027-04.csv"]
    assert not [problem for problem in responses.problems if problem.key == "file_name_personal"]
