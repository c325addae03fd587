"""Neither addresses nor what respondents wrote reach anything that is handed on, unless it is asked for."""

import openpyxl
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.wording import quoted
from tests.helpers import workbook
from tests.ingest.conftest import CANTEEN

SECRETS = ("li.wei@secret.example", "203.0.113.77", "13800138000", "Lisecret", "my own secret words")
# The last row is shifted by one column, as happens when exports are edited by hand.
EXPORT = """
| ID | Start time         | Completion time    | Email                 | Name     | How do you eat?       | What do you drink?                    | Anything else?      |
|----|--------------------|--------------------|-----------------------|----------|-----------------------|---------------------------------------|---------------------|
| 1  | 2026-04-13 9:01:00 | 2026-04-13 9:05:07 | li.wei@secret.example | Lisecret | No meat               | Tea;Milk;                             | my own secret words |
| 2  | 2026-04-13 9:01:00 | 2026-04-13 9:05:07 | li.wei@secret.example | Lisecret | Everything            | Milk;                                 | @sum                |
| 3  | 2026-04-13 9:01:00 | 203.0.113.77       | li.wei@secret.example | Lisecret | li.wei@secret.example | Milk;203.0.113.77;call 13800138000    | call +86 138-0013-8000 or li.wei@secret.example |
"""  # noqa: E501


def words(path):
    book = openpyxl.load_workbook(path)
    parts = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    return "\n".join([*parts, *book.sheetnames])


def run(*arguments, code=0):
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_no_secret_leaves_in_any_output(tmp_path):
    export = workbook(tmp_path / "x.xlsx", EXPORT)
    common = (export, "--instrument", CANTEEN)
    out = run("analyze", *common, "-o", tmp_path / "no.xlsx", code=1)
    out += run("analyze", *common, "--set-aside", "-o", tmp_path / "report.xlsx", "--no-pictures")
    out += run("check", *common, "-o", tmp_path / "quality.xlsx")
    out += run("match", *common, "-o", tmp_path / "map.yaml")
    out += words(tmp_path / "report.xlsx") + words(tmp_path / "quality.xlsx")
    out += (tmp_path / "map.yaml").read_text("utf-8")
    assert not [secret for secret in SECRETS if secret in out]
    assert "***" in out
    kept = survey.read_responses(export, CANTEEN, set_aside=True, keep_personal=True)
    assert kept.meta["email"].tolist() == ["li.wei@secret.example"] * 3
    options = ("--set-aside", "--keep-personal", "--no-pictures")
    out = run("analyze", *common, *options, "-o", tmp_path / "r2.xlsx") + words(tmp_path / "r2.xlsx")
    assert not [secret for secret in SECRETS if secret in out]


def test_open_answers_are_printed_where_they_are_asked_for(tmp_path):
    export = workbook(tmp_path / "x.xlsx", EXPORT)
    report = tmp_path / "report.xlsx"
    common = ("analyze", export, "--instrument", CANTEEN, "--set-aside", "--open-text", "-o", report)
    run(*common, "--no-pictures")
    sheet = openpyxl.load_workbook(report)["Written answers"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Remark"]
    assert [row[1] for row in rows] == ["@sum", "call +86 *** or ***", "my own secret words"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    out = run(*common, "--suppress", code=2)
    assert "--open-text" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("write to a.b@c.example!", "write to ***!"),
        ("10.0.0.1(广东-深圳)", "***(广东-深圳)"),
        ("电话13800138000。", "电话***。"),
        ("电话138 0013-8000。", "电话***。"),
        ("version 1.2.3", "version 1.2.3"),
        ("1234567890123", "1234567890123"),
        ("x" * 200, "x" * 80),
    ],
)
def test_what_a_message_may_quote(text, said):
    assert quoted(text) == said
