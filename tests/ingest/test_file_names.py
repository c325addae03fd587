"""What names a person in the name of a file reaches no report, and what was read says so."""

import zipfile
from pathlib import Path

import pytest

from survey import write_report
from survey.cli import main
from survey.errors import UsageError
from survey.files.saving import check_target
from survey.ingest.reading import read_responses
from survey.messages import message
from survey.report.survey import analyze
from survey.wording import public_name, public_names

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


PERSONS = ("wang.xiaoming.of.the.long.name@firm-of-somebody.example.csv", "anna.smith@firm.example.csv")


def held(path: Path) -> str:
    """All that a file holds, unpacked where it is packed."""
    content = path.read_bytes()
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize(
    "words",
    [
        ["analyze", *PERSONS, "--no-pictures"],
        ["analyze", *PERSONS, "--no-pictures", "-o", "report.xlsx", "-o", "report.html"],
        ["check", *PERSONS, "-o", "quality.xlsx"],
        ["export", PERSONS[1], "--to", "csv", "-o", "coded.csv"],
        ["tally", *PERSONS, "-o", "counts.tally"],
        ["waves", *PERSONS, "--wave", "one", "--wave", "two"],
    ],
    ids=["analyze", "page", "check", "export", "tally", "waves"],
)
def test_no_file_and_no_message_names_the_person(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(PERSONS):
        (tmp_path / name).write_text(CSV + f"fish,{number}\n", encoding="utf-8")
    options = ["--instrument", str(CANTEEN), *([] if words[0] == "check" else ["--set-aside"])]
    with pytest.raises(SystemExit):
        main([*words, *options])
    made = [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in PERSONS]
    assert made
    told = capsys.readouterr()
    for text in (*map(held, made), *(str(path.relative_to(tmp_path)) for path in made), *told):
        assert not [part for part in ("anna", "smith", "wang", "xiaoming", "firm") if part in text.lower()]
    if words[0] != "export":
        assert "***" in told.err


def test_two_files_of_persons_stay_two(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in PERSONS]
    for number, path in enumerate(paths):
        path.write_text(CSV + f"fish,{number}\n", encoding="utf-8")
    responses = read_responses(paths, CANTEEN, set_aside=True)
    names = ["***.csv", "*** (2).csv"]
    assert [file.name for file in responses.provenance.files] == names
    assert list(dict.fromkeys(responses.meta["source"])) == names
    assert {problem.place.file for problem in responses.problems if problem.place.cell} == set(names)
    assert public_names(["a@b.example", "c@d.example", "plain"]) == ["***", "*** (2)", "plain"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "{}.xlsx"],
        ["analyze", "{}.tally"],
        ["check", "{}.csv", "--instrument", str(CANTEEN)],
        ["analyze", "a.xlsx", "--plan", "{}.yaml"],
        ["audit", "{}.csv"],
        ["instrument", "validate", "{}.yaml"],
        ["instrument", "draft", "{}.qsf"],
        ["interviews", "check", "{}.qdpx"],
    ],
    ids=" ".join,
)
def test_a_name_of_257_characters_is_no_file(
    words: list[str], lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([word.format("x" * 257) for word in words] + ["--lang", lang])
    assert stopped.value.code in (1, 2)
    told = capsys.readouterr().err
    assert {"en": "There is no file", "zh": "文件"}[lang] in told or "too long" in told
