"""The command line: exit codes, one clear message, and nothing half written."""

import os
import platform
import re
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

import survey
from survey.cli import main
from survey.messages import message
from tests.cli.helpers import COMMANDS, run
from tests.interviews.samples import SEGMENTS
from tests.paths import EXAMPLES, EXECUTIVE, FINDINGS, ROOT, SAMPLE


def workbook(path, rows, title="Data"):
    """Write rows as a workbook."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", [(), ("instrument",), ("interviews",), *COMMANDS], ids=" ".join)
def test_every_command_has_help(words):
    code, out, _ = run(*words, "--help")
    assert code == 0
    said = message(COMMANDS[words].help).splitlines()[0] if words in COMMANDS else "Commands:"
    assert said in " ".join(out.split())


def test_analyze_writes_where_it_says(here):
    code, out, err = run("analyze", SAMPLE, "--no-pictures")
    assert code == 0
    assert out == "Report: reports/executive-survey-2026-reconstructed-report.xlsx\n"
    assert err == ""  # nothing to narrate: quick, no notice, not a terminal
    assert (here / "reports" / "executive-survey-2026-reconstructed-report.xlsx").is_file()


def test_the_input_is_never_written_to(here):
    copy = here / "responses.xlsx"
    copy.write_bytes(SAMPLE.read_bytes())
    before = (copy.read_bytes(), copy.stat().st_mtime_ns)
    assert run("analyze", copy, "--no-pictures")[0] == 0
    assert run("analyze", copy, "-o", copy)[0] == 2
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == before


def test_python_m_survey_works():
    done = subprocess.run(
        [sys.executable, "-m", "survey", "--version"], capture_output=True, text=True, check=True
    )
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said["survey"] == survey.__version__
    assert said["Python"] == platform.python_version()
    assert said["pandas"] == pd.__version__
    assert "pytest" not in said  # what only the development needs


def wrong_text(folder):
    path = folder / "responses.xlsx"
    path.write_bytes(bytes(range(256)) * 8)
    return path


def wrong_zip(folder):
    path = folder / "responses.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return path


@pytest.mark.parametrize(
    ("make", "exit_code", "says"),
    [
        (lambda f: f / "nowhere.xlsx", 2, "no file"),
        (lambda f: f, 1, "holds no .parquet file"),
        (wrong_text, 1, "no table that can be read"),
        (wrong_zip, 1, "No column is headed"),
        (lambda f: workbook(f / "empty.xlsx", []), 1, "no filled cell"),
        (lambda f: workbook(f / "header.xlsx", [["firm_type", "position"]]), 1, "no row below"),
        (lambda f: workbook(f / "other.xlsx", [["name", "city"], ["a", "b"]]), 1, "No column is headed"),
        (
            lambda f: workbook(f / "blank.xlsx", [["respondent", "firm_type"], ["a", None]]),
            1,
            "not one answer",
        ),
    ],
    ids=["missing", "folder", "text", "zip", "empty", "header-only", "other-headers", "all-missing"],
)
def test_wrong_files_are_told_in_one_message(here, make, exit_code, says):
    code, out, err = run("analyze", make(here))
    assert code == exit_code
    assert out == ""
    assert says in err
    assert len(err.strip().splitlines()) == 2
    assert err.endswith("Nothing was written.\n")
    assert not (here / "reports").exists()


def test_one_respondent_gives_a_report_and_a_word_of_warning(here):
    code, _, err = run("analyze", workbook(here / "one.xlsx", [["firm_type"], ["biotech"]]))
    assert code == 0
    assert "Few respondents (1)" in err
    assert (here / "reports" / "one-report.xlsx").is_file()


def test_bad_cells_are_all_listed_and_nothing_is_written(here):
    rows = [
        ["firm_type", "challenges__geopolitics", "challenges__ip_protection"],
        ["biotech", 5, "Imp"],
        ["biotec", 9, 4],
        ["biotech", 4, 4],
    ]
    path = workbook(here / "bad.xlsx", rows)
    code, _, err = run("analyze", path)
    assert code == 1
    assert (
        "bad.xlsx, sheet 'Data', cell C2 (challenges / ip_protection): 'Imp' is not on the scale 1-5." in err
    )
    assert "cell A3 (firm_type): 'biotec' is not an option of this question. Did you mean: biotech?" in err
    assert "cell B3" in err
    assert "3 problems. Nothing was written." in err
    assert not (here / "reports").exists()
    code, _, err = run("analyze", path, "--set-aside", "-o", here / "aside.xlsx", "--no-pictures")
    assert code == 0
    book = load_workbook(here / "aside.xlsx")
    places = [str(row[1]) for row in book["Quality"].iter_rows(values_only=True) if "bad.xlsx" in str(row[1])]
    assert [place.split(", ")[-1].split(" (")[0] for place in places] == ["cell C2", "cell A3", "cell B3"]


def test_a_failed_run_destroys_nothing(here):
    target = here / "report.xlsx"
    target.write_bytes(b"mine")
    path = workbook(here / "bad.xlsx", [["firm_type"], ["nonsense"]])
    assert run("analyze", path, "-o", target)[0] == 1
    assert target.read_bytes() == b"mine"
    assert sorted(entry.name for entry in here.iterdir()) == ["bad.xlsx", "report.xlsx"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--by", "firmtype"], "firm_type"),
        (["--by", "challenges"], "Name one: challenges__"),
        (["--where", "firm_type=bitech"], "biotech"),
        (["--where", "firm_type"], "cannot be read"),
        (["--where", "challenges__geopolitics>=9"], "No respondent meets"),
        (["--confidence", "95"], "0.95"),
        (["--min-base", "0"], "1 or more"),
        (["--instrument", "executive-survey@9.0.0"], "1.0.0"),
        (["--instrument", "interview-guide"], "not a survey"),
        (["--findings", "nowhere.csv"], "nowhere.csv"),
        (["-o", "report.pdf"], ".xlsx"),
        (["-o", "folder.xlsx"], "folder"),
        (["--sheet", "Nope"], "Responses"),
    ],
)
def test_wrong_usage_is_told_with_a_remedy(here, words, says):
    (here / "folder.xlsx").mkdir()
    code, out, err = run("analyze", SAMPLE, *words)
    assert code == 2
    assert out == ""
    assert says in err
    assert err.endswith("Nothing was written.\n")
    assert not (here / "reports").exists()


def test_errors_come_in_the_language_asked_for(here):
    code, _, err = run("analyze", here / "nowhere.xlsx", "--lang", "zh")
    assert code == 2
    assert "找不到文件" in err
    assert "未写入任何文件" in err


def test_chinese_report(here):
    code, out, _ = run("analyze", SAMPLE, "--lang", "zh", "--no-pictures", "-o", here / "报告.xlsx")
    assert code == 0
    assert "报告" in out
    names = load_workbook(here / "报告.xlsx").sheetnames
    assert names[:3] == ["摘要", "总体结果", "按模式"]


def test_a_subset_says_so_everywhere(here):
    code, _, _ = run(
        "analyze", SAMPLE, "--where", "firm_type=biotech", "--no-pictures", "-o", here / "subset.xlsx"
    )
    assert code == 0
    book = load_workbook(here / "subset.xlsx")
    assert "Published" not in book.sheetnames
    for sheet in book.worksheets:
        said = " ".join(str(cell.value) for cell in sheet["A"][:4])
        assert "Firm type = Biotech" in said, sheet.title


def test_the_command_on_the_sheet_of_notes_can_be_typed_again(here):
    words = ["--where", "firm_type=biotech", "--min-base", "3", "--no-pictures"]
    run("analyze", SAMPLE, *words, "-o", here / "first.xlsx")
    notes = load_workbook(here / "first.xlsx")["Notes"].iter_rows(values_only=True)
    entries = {topic: statement for _, topic, statement, *_ in notes}
    command = f"survey analyze {SAMPLE} --where firm_type=biotech --min-base 3 --no-pictures"
    assert entries["Command"] == command


@pytest.mark.parametrize(
    "words", [["analyze", SAMPLE], ["interviews", "analyze", SEGMENTS, "--draws", "50"]], ids=len
)
def test_pictures_are_left_out_by_the_old_name_of_the_option_too(here, words):
    code, _, err = run(*words, "--no-figures", "-o", here / "old.xlsx")
    assert code == 0, err
    assert run(*words, "--no-pictures", "-o", here / "new.xlsx")[0] == 0
    assert (here / "old.xlsx").read_bytes() == (here / "new.xlsx").read_bytes()
    with zipfile.ZipFile(here / "new.xlsx") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".png")]
    shown = run(*words, "--help")[1]
    assert "--no-pictures" in shown
    assert "figures" not in shown


def test_instrument_commands(here):
    code, out, _ = run("instrument", "list")
    assert code == 0
    assert {line.split("\t")[0] for line in out.splitlines()} > {"executive-survey@1.0.0", "case-facts@1.0.0"}
    code, out, _ = run("instrument", "show", "executive-survey@1.0.0", "--lang", "zh")
    assert code == 0
    assert "地缘政治" in out
    assert run("instrument", "validate", EXECUTIVE)[0] == 0
    broken = here / "broken.yaml"
    broken.write_text(
        EXECUTIVE.read_text(encoding="utf-8").replace("kind: single", "kind: sngle", 1), encoding="utf-8"
    )
    code, _, err = run("instrument", "validate", broken)
    assert code == 1
    assert "line" in err
    assert run("instrument", "validate", here / "none.yaml")[0] == 2
    assert run("instrument", "show", "nonsense")[0] == 2


def test_an_instrument_can_be_a_path_of_the_users_own(here):
    instrument = survey.load_instrument(EXAMPLES / "seven-points.yaml")
    values = {}
    for question in instrument.questions:
        for column in question.columns:
            values[column] = [question.options[0].id if question.options else 1] * 6
    frame = pd.DataFrame(values)
    workbook(here / "seven.xlsx", [list(frame.columns), *frame.values.tolist()])
    code, _, err = run("analyze", here / "seven.xlsx", "--instrument", EXAMPLES / "seven-points.yaml")
    assert code == 0, err
    assert (here / "reports" / "seven-report.xlsx").is_file()


def test_reconstruct_writes_a_workbook_that_analyze_reads(here):
    code, out, err = run("reconstruct", FINDINGS, "-o", here / "made.xlsx", "--seed", "3", "--marks", "0")
    assert code == 0
    assert "made.xlsx" in out
    assert "M01" in err
    assert len(survey.read_responses(here / "made.xlsx")) == 137
    assert run("reconstruct", here / "none.csv", "-o", here / "made2.xlsx")[0] == 2
    (here / "bad.csv").write_text("claim\nX\n")
    code, _, err = run("reconstruct", here / "bad.csv", "-o", here / "made2.xlsx")
    assert code == 1
    assert not (here / "made2.xlsx").exists()


def test_the_report_is_the_same_bytes_in_any_process(tmp_path):
    reports = []
    for hash_seed in ("1", "2"):
        target = tmp_path / f"{hash_seed}.xlsx"
        command = [
            sys.executable,
            "-m",
            "survey",
            "analyze",
            str(SAMPLE.relative_to(ROOT)),
            "-o",
            str(target),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        reports.append(target.read_bytes())
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("analyze --nope --lang zh", "没有选项 --nope"),
        ("analyze --lang=zh", "缺少 RESPONSES"),
        ("analyze x.xlsx --min-base a --lang zh", "--min-base 须为整数"),
        ("analyze x.xlsx --confidence a --lang zh", "--confidence 须为数值"),
        ("reconstruct x.csv -o y.xlsx --marks -1 --lang zh", "--marks 须为非负整数"),
        (
            "reconstruct x.csv -o y --draws 2 --format pdf --lang zh",
            "--format 没有这一取值。可用：csv、parquet",
        ),
        ("analyze x.xlsx --lang zh --drop", "选项 --drop 需要给出取值"),
        ("analyze x.xlsx --lang zh --suppress=3", "选项 --suppress 不接受取值"),
        ("audit a.csv b.csv --lang zh", "多余的参数：b.csv"),
        ("nope --lang zh", "没有命令 nope"),
        ("--lang zh", "用法："),  # the help, as without any word
        ("draft x.xlsx --lang zh", "没有命令 draft。可用：instrument draft"),
        ("guide --lang zh", "没有命令 guide。可用：interviews guide"),
        ("--lang zh --nope", "没有选项 --nope"),
        ("--lang zh instrument lst", "没有命令 lst。可用：list"),
        ("analyse x.xlsx --lang zh", "没有命令 analyse。可用：analyze"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese(line, said):
    done = CliRunner().invoke(main, line.split())
    assert done.exit_code == 2
    assert said in done.output
    assert "--help" in done.output
    assert "Error" not in done.output
    english = CliRunner().invoke(main, line.replace("zh", "en").split())
    assert english.exit_code == 2
    assert english.output.isascii()


_SURVEYS = " ".join(
    f"plain,executive-survey{version}"
    for version in ("", *(f"@{known.version}" for known in survey.list_instruments("survey")))
)


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("survey anal", "plain,analyze"),
        ("survey instrument dr", "plain,draft"),
        ("survey waves --wa", "plain,--wave"),
        ("survey analyze --instrument cl", "file,cl"),
        (
            "survey waves --instrument executive-survey@1.0",
            "file,executive-survey@1.0 plain,executive-survey@1.0.0",
        ),
        ("survey audit --instrument executive-survey", f"file,executive-survey {_SURVEYS}"),
    ],
)
def test_a_shell_completes_commands_and_options(words, completed):
    """As docs/commands.md says: click makes the script, and answers what the shell asks."""
    asked = {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
        "_SURVEY_COMPLETE": "bash_complete",
    }
    done = CliRunner().invoke(main, [], env=asked, prog_name="survey")
    assert (done.exit_code, done.output.split()) == (0, completed.split())


@pytest.mark.parametrize("page", ["docs/commands.md", "docs/zh/commands.md"])
def test_the_lines_of_completion_are_those_of_click(page):
    shells = re.findall(r"_SURVEY_COMPLETE=(\w+)_source survey", (ROOT / page).read_text(encoding="utf-8"))
    assert shells == ["bash", "zsh", "fish"]
    for shell in shells:
        asked = {"_SURVEY_COMPLETE": f"{shell}_source"}
        done = CliRunner().invoke(main, [], env=asked, prog_name="survey")
        assert (done.exit_code, "_survey_completion" in done.output) == (0, True)
