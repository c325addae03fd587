"""Rules of data quality: what each finds, what is left out, and that it is said everywhere."""

import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import DataError, InstrumentError, UsageError
from survey.ingest.provenance import RuleCount, Screening
from survey.ingest.quality_rules import RULES
from tests.answers import FOUR
from tests.helpers import workbook
from tests.paths import EXAMPLES, ROOT, SAMPLE

EVERYTHING = EXAMPLES / "everything.yaml"
SEVEN = EXAMPLES / "seven-points.yaml"


def responses(frame, instrument=EVERYTHING, **meta):
    found = survey.from_frame(pd.DataFrame(frame), instrument, set_aside=True)
    return replace(found, meta=found.meta.assign(**meta))


def found(told, rule, **options):
    quality = survey.screen(told, **options)[1]
    rows = quality.rows[quality.rows["rule"] == rule]["row"].tolist()
    line = quality.rules.set_index("rule").loc[rule]
    assert line["n"] == len(rows)
    assert line["base"] == quality.total == len(told)
    return rows, line


def plain(count=6, **meta):
    return responses({"minutes": range(count)}, **meta)


def test_test_rows_are_left_out_by_themselves():
    told = plain(4, status=["", "test", "spam", ""])
    rows, line = found(told, "test_rows")
    assert rows == told.meta["row"].iloc[[1, 2]].tolist()
    assert line["action"] == "drop"
    stayed, quality = survey.screen(told)
    assert (len(stayed), quality.left_out, quality.total) == (2, 2, 4)
    assert stayed.data["minutes"].tolist() == [0, 3]
    assert len(told) == 4  # never changed
    assert "2 of 4 rows were left out (test rows 2)" in survey.analyze(stayed).warning


def test_ids_left_blank_in_a_file_are_no_ids(tmp_path):
    path = workbook(tmp_path / "r.xlsx", "| respondent | minutes |\n| a | 1 |\n| | 2 |\n| | 3 |\n| a | 4 |")
    rows, _ = found(survey.read_responses(path, EVERYTHING), "duplicate_key")
    assert rows == [5]


def test_everything_else_is_only_flagged_until_it_is_dropped():
    told = plain(4, key=["a", "b", "a", None])
    rows, line = found(told, "duplicate_key")
    assert len(rows) == 1
    assert line["action"] == "flag"
    assert len(survey.screen(told)[0]) == 4
    stayed, _ = survey.screen(told, drop=["duplicate_key"])
    assert stayed.data["minutes"].tolist() == [0, 1, 3]
    assert stayed.provenance.screening == Screening((RuleCount("duplicate_key", 1),), 4)


def test_a_row_that_two_rules_leave_out_counts_once():
    told = plain(4, key=["a", "b", "a", None], status=["", "", "test", ""])
    stayed, quality = survey.screen(told, drop=["duplicate_key"])
    assert (len(stayed), quality.left_out) == (3, 1)
    assert stayed.provenance.screening == Screening((RuleCount("test_rows", 1),), 4)


def test_speeders_against_the_median():
    rows, line = found(plain(6, duration=[300, 310, 90, 100, None, 320]), "speeders")
    assert len(rows) == 1  # below a third of 300, which 100 is not
    assert line["setting"] == pytest.approx(1 / 3)
    line = found(plain(3, duration=[1, 2, 3]), "speeders")[1]
    assert (line["reason"], "fewer than 5" in line["note"]) == ("too_few_answers", True)
    line = found(plain(3), "speeders")[1]
    assert (line["reason"], "no duration" in line["note"]) == ("not_in_data", True)


def test_the_same_device_is_normal_the_same_moment_is_not():
    times = pd.to_datetime(
        [
            "2026-04-01 10:00:00",
            "2026-04-01 10:00:30",
            "2026-04-01 15:00:00",
            "2026-04-01 10:00:31",
            None,
            None,
        ]
    )
    told = plain(6, device=["d1", "d1", "d1", "d2", "d1", None], submitted=times)
    rows, _ = found(told, "duplicate_device_time")
    assert rows == [told.meta["row"].iloc[1]]
    line = found(plain(2), "duplicate_device_time")[1]
    assert (line["reason"], "no device" in line["note"]) == ("not_in_data", True)


def long_battery(tmp_path, count=6):
    text = SEVEN.read_text(encoding="utf-8")
    more = "".join(f'      - {{id: more{n}, label: {{en: "More {n}"}}}}\n' for n in range(count))
    path = tmp_path / "long.yaml"
    path.write_text(text + more, encoding="utf-8")
    return path


def test_straight_lining_needs_a_whole_long_battery(tmp_path):
    path = long_battery(tmp_path)
    items = [f"agreement__{item.id}" for item in survey.load_instrument(path).question("agreement").items]
    frame = {item: [4, 4, 7, None] for item in items}
    frame[items[0]] = [4, 5, 7, 4]
    rows, _ = found(responses(frame, path), "straight_lining")
    assert len(rows) == 2  # all 4; all 7
    line = found(responses({"agreement__first": [1]}, SEVEN), "straight_lining")[1]
    assert (line["reason"], "long enough" in line["note"]) == ("not_in_instrument", True)


def test_duplicate_answers_only_where_there_are_many(tmp_path):
    path = long_battery(tmp_path, 20)
    items = [f"agreement__{item.id}" for item in survey.load_instrument(path).question("agreement").items]
    frame = {item: [1 + place % 7, 1 + place % 7, 7 - place % 7] for place, item in enumerate(items)}
    rows, _ = found(responses(frame, path), "duplicate_answers")
    assert len(rows) == 1
    short = found(responses({"minutes": [5, 5]}), "duplicate_answers")[1]
    assert (short["reason"], "too few answers" in short["note"]) == ("too_few_answers", True)


def test_incomplete_counts_what_was_asked():
    frame = {
        "visit": ["first", "first", "first"],
        "rooms": ["none", "coins", "coins"],
        "enjoyment__light": [None, 5, None],
        "habits__cinema": [1, 1, None],
        "minutes": [3, 3, None],
        "remark": ["x", None, None],
    }
    rows, _ = found(responses(frame), "incomplete")
    assert len(rows) == 1  # the last: 2 of 7; the first was not asked for enjoyment
    rows, _ = found(responses(frame, finished=pd.array([False, True, None], dtype="boolean")), "incomplete")
    assert len(rows) == 2


def test_exclusive_options_and_cells_out_of_range(tmp_path):
    told = responses({"rooms__coins": [1, 0, 1], "rooms__none": [1, 1, 0]})
    assert len(found(told, "exclusive_with_others")[0]) == 1
    path = workbook(tmp_path / "x.xlsx", "| minutes |\n|---|\n| 5 |\n| 700 |\n| -3 |")
    read = survey.read_responses(path, EVERYTHING, set_aside=True)
    assert found(read, "out_of_range")[0] == [3, 4]
    frame = pd.DataFrame({"minutes": [5, 700, -3]}, index=["ann", "bo", "bo"])
    given = survey.from_frame(frame, EVERYTHING, set_aside=True)
    assert found(given, "out_of_range")[0] == given.meta["row"].tolist()[1:]
    line = found(responses({"region": ["north"]}, SEVEN), "exclusive_with_others")[1]
    assert (line["reason"], "no option" in line["note"]) == ("not_in_instrument", True)


def test_rules_can_be_set_in_the_instrument(tmp_path):
    text = EVERYTHING.read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    rules = "quality:\n  speeders: {setting: 0.9, action: drop}\n  incomplete: {action: off}\n"
    path.write_text(text + rules, encoding="utf-8")
    told = responses({"minutes": range(6)}, path, duration=[300, 310, 200, 310, 310, 320])
    stayed, quality = survey.screen(told)
    assert len(stayed) == 5
    assert "incomplete" not in quality.rules["rule"].tolist()
    path.write_text(text + "quality:\n  speeder: {setting: 0.9}\n", encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        survey.load_instrument(path)
    assert caught.value.problems[0].place.line
    assert survey.load_instrument(EVERYTHING).semantic_hash == told.instrument.semantic_hash


def test_unknown_rules_and_nobody_left():
    with pytest.raises(UsageError, match="speeders"):
        survey.screen(plain(), drop=["speeder"])
    with pytest.raises(DataError, match="leave out all 3"):
        survey.screen(plain(3, status=["test"] * 3))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_respondents(count):
    stayed, quality = survey.screen(plain(count))
    assert len(stayed) == count
    assert quality.rules["rule"].tolist() == list(RULES)


def test_reconstructed_data_are_not_judged_as_people():
    quality = survey.screen(survey.read_responses(SAMPLE))[1]
    rules = quality.rules.set_index("rule")
    assert not rules.loc[["straight_lining", "duplicate_answers"], "checked"].any()
    assert len(quality.rows) == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_and_its_workbook(lang, tmp_path):
    path = workbook(
        tmp_path / "x.xlsx",
        "| respondent | visit | minutes | remark |\n|---|---|---|---|\n"
        "| a | first | 5 | a secret |\n| a | first | 700 | |",
    )
    target = tmp_path / "quality.xlsx"
    arguments = ["check", str(path), "--instrument", str(EVERYTHING), "-o", str(target), "--lang", lang]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(target)
    assert len(book.sheetnames) == 3  # the findings, the rows, the notes
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "D3" in " ".join(cells) or "C3" in " ".join(cells)
    assert not any("a secret" in cell for cell in cells)
    numbers = [int(n) for n in re.findall(r"\t(\d+)", done.output)]
    assert numbers[0] == sum(numbers[1:]) == 8
    assert CliRunner().invoke(main, [*arguments, "--drop", "nonsense"]).exit_code == 2


def test_analyze_says_what_was_left_out(tmp_path):
    path = workbook(
        tmp_path / "x.xlsx",
        "| respondent | visit | minutes |\n|---|---|---|\n"
        "| a | first | 5 |\n| a | first | 7 |\n| b | again | 9 |",
    )
    target = tmp_path / "report.xlsx"
    arguments = ["analyze", str(path), "--instrument", str(EVERYTHING), "-o", str(target), "--no-pictures"]
    done = CliRunner().invoke(main, [*arguments, "--drop", "duplicate_key"])
    assert done.exit_code == 0, done.output
    assert "1 of 3 rows was left out (same id again 1)" in done.output
    book = openpyxl.load_workbook(target)
    for name in ("Summary", "Topline", "Quality"):
        text = " ".join(str(cell) for row in book[name].iter_rows(values_only=True) for cell in row)
        assert "left out" in text, name
    assert "tbl_quality_rows" in book["Quality"].tables


def test_the_page_lists_every_rule():
    page = (ROOT / "docs" / "data-quality.md").read_text(encoding="utf-8")
    for name, rule in RULES.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert ("left out" in line) == rule.drops
        if rule.setting:
            assert f"{rule.setting:.3g}" in line


def test_a_row_without_an_id_in_a_file_is_no_double(tmp_path):
    """In a file a blank id is missing, not the same as another blank one."""
    path = workbook(tmp_path / "x.xlsx", "| id | minutes |\n| a | 1 |\n| | 2 |\n| | 3 |\n| a | 4 |")
    assert found(survey.read_responses(path, EVERYTHING), "duplicate_key")[0] == [5]


def test_running_numbers_say_nothing_across_files(tmp_path):
    """1, 2, 3 stand in every file; a long id of the platform in two files is a double, told with its file."""
    one = workbook(tmp_path / "a.xlsx", "| id | minutes |\n| 1 | 1 |\n| R_77 | 2 |\n| 2 | 3 |\n| 2 | 5 |")
    two = workbook(tmp_path / "b.xlsx", "| id | minutes |\n| 1 | 4 |\n| R_77 | 9 |\n| 2 | 8 |")
    quality = survey.screen(survey.read_responses([one, two], EVERYTHING))[1]
    rows = quality.rows[quality.rows["rule"] == "duplicate_key"]
    assert rows[["source", "row"]].values.tolist() == [["a.xlsx", 5], ["b.xlsx", 3]]
    assert rows["detail"].tolist() == [
        "id 2 stands in row 4 already",
        "id R_77 stands in row 3 (a.xlsx) already",
    ]


def test_the_check_tells_names_to_drop_and_rows(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", "| id | minutes |\n| 1 | 1 |\n| 1 | 2 |\n| 1 | 3 |\n| 2 | 9 |\n| 1 | 9 |"
    )
    done = CliRunner().invoke(main, ["check", str(path), "--instrument", str(EVERYTHING)])
    assert "duplicate_key (same id again): 3 of 5 (flagged); rows of a.xlsx: 3-4, 6" in done.output
    for name in RULES:
        assert name in done.output


def test_an_answer_that_is_refused_is_not_told_as_read(tmp_path):
    text = EVERYTHING.read_text(encoding="utf-8")
    text = text.replace("minimum: 0, maximum: 600", "minimum: 0")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    frame = pd.DataFrame({"minutes": [*range(1, 20), -9]})
    read = survey.from_frame(frame, tmp_path / "own.yaml", set_aside=True)
    keys = [problem.key for problem in read.problems]
    assert "cell_too_low" in keys
    assert "numbers_look_missing" not in keys
    (problem,) = [one for one in read.problems if one.key == "cell_too_low"]
    assert "at least 0" in problem.text()
    assert "不得小于 0" in problem.text("zh")


@pytest.mark.parametrize("latest", ["2026-12-31", None])
def test_the_rule_holds_of_every_kind(tmp_path, latest):
    text = FOUR.read_text(encoding="utf-8")
    if latest is None:
        text = text.replace(', latest: "2026-12-31"', "")
    else:
        text = text.replace('earliest: "2000-01-01", ', "")
    (tmp_path / "four.yaml").write_text(text, encoding="utf-8")
    day = "1900-01-01" if latest is None else "2031-01-01"
    frame = pd.DataFrame(
        {
            "recommend": [11, 5, 5, 5],
            "since": ["2020-01-01", day, "2020-01-01", "2020-01-01"],
            "budget__kitchen": [100, 100, 60, 100],
            "budget__staff": [0, 0, 39, 0],
        },
        dtype=object,
    )
    read = survey.from_frame(frame, tmp_path / "four.yaml", set_aside=True)
    assert found(read, "out_of_range")[0] == read.meta["row"].tolist()[:3]
    assert {one.key for one in read.problems} >= {
        "cell_date_early" if latest is None else "cell_date_late",
        "sums_off",
    }
    assert all(one.text(lang) for one in read.problems for lang in ("en", "zh"))


def test_half_a_sign_in_a_key_is_no_traceback():
    frame = pd.DataFrame(
        {"firm_type": ["biotech"] * 3, "respondent": ["a\ud800", "b", "a\ud800"]}, dtype=object
    )
    told = survey.from_frame(frame, "executive-survey@1.0.0", set_aside=True)
    stayed, quality = survey.screen(told)
    assert len(stayed.data) == 3
    assert "a?" in quality.rows.astype(str).to_numpy().ravel().tolist()
