"""`survey interviews guide`, `check` and `convert` as a user types them."""

import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.helpers import workbook
from tests.interviews.conftest import HERE, SEGMENTS

TABLE = """
| participant | code   | gist                 |
|-------------|--------|----------------------|
| P1          | profit | ask jane@firm.cn     |
| P1          | x      | call 13812345678 Ann |
"""


def run(*words):
    return CliRunner().invoke(main, ["interviews", *map(str, words)])


def test_guide_and_workbook(tmp_path):
    for name in ("guide.docx", "segments.xlsx"):
        done = run("guide", "-o", tmp_path / name)
        assert (done.exit_code, done.stdout) == (0, f"Written: {tmp_path / name}\n")
    same = survey.export_guide("interview-guide", tmp_path / "same.docx")
    assert same.read_bytes() == (tmp_path / "guide.docx").read_bytes()
    assert len(survey.read_segments(tmp_path / "segments.xlsx").data) == 0


def test_guide_and_workbook_of_another_study(tmp_path):
    own = HERE / "canteen-guide.yaml"
    assert run("guide", own, "-o", tmp_path / "g.docx", "--lang", "zh").exit_code == 0
    done = run("guide", own, "-o", tmp_path / "s.xlsx")
    assert (done.exit_code, "--codebook" in done.stderr) == (2, True)
    assert run("guide", own, "-o", tmp_path / "s.xlsx", "--codebook", HERE / "canteen.yaml").exit_code == 0
    assert run("guide", HERE / "canteen.yaml", "-o", tmp_path / "t.xlsx").exit_code == 0
    assert (tmp_path / "s.xlsx").read_bytes() == (tmp_path / "t.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("guide", "-o", "guide.pdf"), "neither .docx"),
        (("guide", "nowhere", "-o", "guide.docx"), "nowhere"),
        (("guide", "executive-survey", "-o", "guide.docx"), "not an interview guide"),
        (("guide", "executive-survey", "-o", "segments.xlsx"), "not an interview guide"),
        (("check", "nowhere.xlsx"), "nowhere.xlsx"),
        (("check", SEGMENTS, "--names", "nowhere.txt"), "nowhere.txt"),
        (("convert", SEGMENTS, "-o", SEGMENTS), "input"),
    ],
)
def test_wrong_usage(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_check_counts_places_and_hides(tmp_path):
    path = workbook(tmp_path / "s.xlsx", TABLE.replace("x      |", "profit |"))
    names = tmp_path / "names.txt"
    names.write_text("Ann\n", encoding="utf-8")
    done = run("check", path, "--names", names)
    assert done.exit_code == 0
    assert "an e-mail address\t1\t" in done.stdout
    assert "a phone number\t1\t" in done.stdout
    assert "a name of the list\t1\t" in done.stdout
    assert "s.xlsx, sheet 'Data', cell C3 (gist): name 1 of the list: a… (3); occurrences: 1." in done.stderr
    assert "jane" not in done.output
    assert "1381" not in done.output
    assert run("check", path, "--strict").exit_code == 1
    assert run("check", SEGMENTS, "--strict").exit_code == 0


def test_check_looks_into_the_list_of_participants(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("participant,group,e-mail\nP1,of Ann,jane@firm.cn\n", encoding="utf-8")
    path = workbook(tmp_path / "s.xlsx", "| participant | code | gist |\n|---|---|---|\n| P1 | profit | x |")
    names = tmp_path / "names.txt"
    names.write_text("Ann\n", encoding="utf-8")
    done = run("check", path, "--names", names, "--participants", people, "--strict")
    assert done.exit_code == 1
    assert "an e-mail address\t1\t" in done.stdout
    assert "people.csv, sheet 'people', cell B2 (group): name 1 of the list" in done.stderr
    assert run("check", path, "--names", names, "--strict").exit_code == 0
    names.write_text("# nobody yet\n", encoding="utf-8")
    assert "Names were not looked for" in run("check", path, "--names", names).stdout


def test_check_goes_on_where_rows_are_wrong(tmp_path):
    done = run(
        "check", workbook(tmp_path / "s.xlsx", TABLE), "--codebook", "interview-codebook", "--lang", "zh"
    )
    assert done.exit_code == 0
    assert "电子邮箱\t1\t" in done.stdout
    assert "电话号码\t1\t" in done.stdout  # in a row that cannot be read
    assert "单元格 B3：" in done.stderr
    assert "可读取的片段：1 个" in done.stdout


def test_check_looks_where_nothing_is_read(tmp_path):
    sheets = {
        "Data": "| participant | code | memo |\n| P1 | profit | a@b.cn |\n| P1 | profit | |\n",
        "Key": "| pseudonym | 姓名 |\n| P1 | 张伟 |\n",
        "jane@firm.cn": "",
    }
    done = run("check", workbook(tmp_path / "s.xlsx", sheets))
    assert "cell C2 (memo): an e-mail address: a… (6)" in done.stderr
    assert "sheet 'Key', 姓名: This column would name people; filled cells: 1." in done.stderr
    assert "张伟" not in done.output
    bare = run("check", workbook(tmp_path / "t.xlsx", "| x |\n| a@b.cn |\n"))
    assert bare.exit_code == 1
    assert "an e-mail address\t1\t" in bare.stdout
    assert "No sheet has the columns" in bare.stderr


def test_convert_makes_a_workbook_of_ours(tmp_path):
    path = workbook(tmp_path / "t.xlsx", TABLE.replace("x      |", "技术 |"))
    people = workbook(tmp_path / "p.xlsx", "| participant | group |\n| P1 | B |\n| P2 | D |\n")
    target = tmp_path / "ours.xlsx"
    words = (
        "convert",
        path,
        "-o",
        target,
        "--participants",
        people,
        "--title",
        "Ours",
        "--licence",
        "CC0-1.0",
    )
    done = run(*words)
    assert (done.exit_code, done.stdout) == (0, f"Written: {target}\n")
    found = survey.read_segments(target)
    assert found.bases == {"B": 1, "D": 1}
    assert found.data["code"].tolist() == ["profit", "technology"]
    assert found.origin["title"] == "Ours"
    wrong = run("convert", workbook(tmp_path / "w.xlsx", TABLE), "-o", tmp_path / "none.xlsx")
    assert wrong.exit_code == 1
    assert "Nothing was written" in wrong.stderr
    assert not (tmp_path / "none.xlsx").exists()
