"""JSON that is handed over is one error where it is nested beyond reason, whoever reads it."""

import json
import time
import zipfile
from pathlib import Path

import pytest

from survey import DataError, draft_instrument, read_tally
from survey.cli import main
from survey.files.json_values import DEEPEST, parsed_json
from survey.files.parquet_files import said_in_schema
from survey.interviews.interchange.footers import split_footer
from survey.wording import quoted, without_personal

DEEP = {"list": "[" * 100_000, "map": '{"a":' * 100_000, "closed": "[" * 150 + "]" * 150}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_json_is_an_error_in_words(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"levels|Expecting"):
        parsed_json(text)
    path = tmp_path / "survey.qsf"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        draft_instrument(path)
    assert [problem.key for problem in caught.value.problems] == ["draft_damaged"]
    assert said_in_schema({b"survey": text.encode()}) == {}
    assert split_footer(f'note\nsurvey: {{"a": {text}}}')[1] == {}
    tally = tmp_path / "deep.tally"
    with zipfile.ZipFile(tally, "w") as archive:
        archive.writestr("tally.json", text)
    with pytest.raises(DataError) as caught:
        read_tally(tally)
    assert [problem.key for problem in caught.value.problems] == ["tally_file_damaged"]


def test_what_is_as_deep_as_may_be_is_read() -> None:
    data: object = 1
    for _ in range(DEEPEST):
        data = [data]
    assert parsed_json(json.dumps(data)) == data
    with pytest.raises(ValueError, match="levels"):
        parsed_json(json.dumps([data]))


@pytest.mark.parametrize("seen", ["[1, 2]", "[" * 100_000 + "]", "[[]]"])
def test_a_spoilt_list_of_seen_headers_is_an_error_in_words(
    seen: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "data.csv"
    source.write_text("member,visits\nfull,1\nguest,2\nfull,3\nguest,4\n")
    target = tmp_path / "drafted.yaml"
    with pytest.raises(SystemExit):
        main(["instrument", "draft", str(source), "-o", str(target)])
    drafted = target.read_text(encoding="utf-8")
    lines = [f"# seen: {seen}" if line.startswith("# seen:") else line for line in drafted.splitlines()]
    target.write_text("\n".join(lines), encoding="utf-8")
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["instrument", "draft", str(source), "-o", str(target), "--update"])
    assert stopped.value.code == 2
    assert "brought up to date" in capsys.readouterr().err


@pytest.mark.parametrize("sign", "x@.1 -+")
def test_personal_words_are_looked_for_in_a_time_that_grows_with_the_text(sign: str) -> None:
    long = sign * 1_000_000
    begins = time.process_time()
    assert without_personal(long) == long
    assert quoted(long) == long[:80]
    assert time.process_time() - begins < 5  # 50 times what it takes; before, it was hours


def test_what_is_cut_is_struck_out_first() -> None:
    assert quoted("x" * 70 + " anna.smith@firm.example and more") == "x" * 70 + " *** and m"
    assert without_personal("write to a@b.example,c@d.example;1.2.3.4") == "write to ***,***;***"
