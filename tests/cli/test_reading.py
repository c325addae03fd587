"""One reading vocabulary: the same options mean the same, in the same words, on every command that reads."""

import re
from itertools import pairwise

import openpyxl
import pandas as pd
import pytest
import yaml

import survey
from tests.cli.helpers import COMMANDS, options_of, run
from tests.helpers import encrypted, workbook
from tests.ingest.conftest import CANTEEN
from tests.interviews.samples import FLAT
from tests.paths import FINDINGS

OF_RESPONSES = {
    *("--instrument", "--sheet", "--dialect", "--map", "--password", "--keep-personal", "--set-aside"),
    *("--drop", "--where"),
}
READERS = ("analyze", "check", "match", "export")
OF_SEGMENTS = {"--codebook", "--participants", "--participant", "--sheet", "--password", "--set-aside"}
SEGMENT_READERS = ("analyze", "check", "convert", "export")

NORTH = """
| id | diet       | drinks | dishes__soup |
|----|------------|--------|--------------|
| a  | everything | tea    | 3            |
| b  | vegetarian | milk   | 4            |
| b  | vegetarian | milk   | 5            |
"""
SOUTH = """
| id | diet       | drinks    | dishes__soup |
|----|------------|-----------|--------------|
| c  | everything | tea; milk | 2            |
| d  | vegetarian |           | 1            |
"""


def words_for(command, folder, *files):
    """What is typed for a command that reads these files; where it writes, into the folder."""
    out = {"analyze": ("-o", folder / "report.xlsx", "--no-pictures"), "export": ("--to", "csv")}
    out["export"] += ("-o", folder / "data.csv")
    return (command, *files, "--instrument", CANTEEN, *out.get(command, ()))


def without_progress(err):
    return [line for line in err.splitlines() if not line.startswith("Few respondents")]


@pytest.fixture
def files(tmp_path):
    return [workbook(tmp_path / "north.xlsx", NORTH), workbook(tmp_path / "south.xlsx", SOUTH)]


def locked(path):
    """Encrypt a workbook where it stands."""
    path.write_bytes(encrypted(path.read_bytes(), "open me"))
    return path


def exported(folder):
    return pd.read_csv(folder / "data.csv", encoding="utf-8-sig")


@pytest.mark.parametrize("command", READERS)
def test_the_options_of_reading_are_the_same(command):
    first = options_of(COMMANDS["analyze",])
    here = options_of(COMMANDS[command,])
    assert set(here) >= OF_RESPONSES
    for name in OF_RESPONSES:
        told = [(option.name, option.help, option.multiple) for option in (here[name], first[name])]
        assert told[0] == told[1], name
    assert COMMANDS[command,].params[0].nargs == -1


@pytest.mark.parametrize("command", SEGMENT_READERS)
def test_the_options_of_reading_segments_are_the_same(command):
    assert set(options_of(COMMANDS["interviews", command])) >= OF_SEGMENTS


@pytest.mark.parametrize("command", READERS)
def test_several_files_are_one_survey(command, files, tmp_path):
    code, out, err = run(*words_for(command, tmp_path, *files))
    assert code == 0, err
    if command == "check":
        assert "duplicate_key (same id again): 1 of 5 (flagged); rows of north.xlsx: 4" in out
        assert re.search(r"^cells read\t20$", out, re.MULTILINE | re.IGNORECASE)
    elif command == "match":
        assert "north.xlsx, south.xlsx" in out.splitlines()[0]
        assert yaml.safe_load(out)["columns"]["dishes__soup"] == "dishes__soup"
    elif command == "export":
        assert exported(tmp_path)["respondent"].tolist() == ["a", "b", "b", "c", "d"]
        assert exported(tmp_path)["dishes__soup"].tolist() == [3, 4, 5, 2, 1]
    else:
        book = openpyxl.load_workbook(tmp_path / "report.xlsx")
        assert "5 respondents" in " ".join(str(cell.value) for row in book["Summary"] for cell in row)


@pytest.mark.parametrize("command", READERS)
def test_files_of_different_versions_are_refused_by_every_command(command, tmp_path):
    files = [
        workbook(
            tmp_path / f"{number}.xlsx",
            "| firm_type |\n| biotech |",
            says={"instrument": f"executive-survey@1.{number}.0"},
        )
        for number in (0, 1)
    ]
    words = [word for word in words_for(command, tmp_path, *files) if word not in ("--instrument", CANTEEN)]
    code, _, err = run(*words)
    assert (code, "name one with --instrument" in err) == (1, True)
    code, _, err = run(*words, "--instrument", "executive-survey@1.1.0")
    assert code == 0, err


@pytest.mark.parametrize("command", ["analyze", "check", "export"])
def test_notices_are_told_once_and_in_the_same_words(command, files, tmp_path):
    export = workbook(
        tmp_path / "e.xlsx", NORTH.replace("| drinks ", "| Gesture ").replace("dishes__", "x__")
    )
    err = run(*words_for(command, tmp_path, export, files[1]), "--drop", "duplicate_key")[2]
    first = run(*words_for("analyze", tmp_path, export, files[1]), "--drop", "duplicate_key")[2]
    assert without_progress(err) == without_progress(first)
    assert err.count("1 of 5 rows was left out (same id again 1).") == 1
    assert err.count("'Gesture'") == 1


class TestWhereAndDrop:
    """How many respondents there are under each, on every command."""

    @pytest.mark.parametrize(
        ("options", "ids"),
        [
            ((), ["a", "b", "b", "c", "d"]),
            (("--drop", "duplicate_key"), ["a", "b", "c", "d"]),
            (("--where", "diet=vegetarian"), ["b", "b", "d"]),
            (("--where", "diet=vegetarian", "--drop", "duplicate_key"), ["b", "d"]),
            (("--where", "diet=vegetarian", "--where", "dishes__soup>=4"), ["b", "b"]),
        ],
    )
    def test_export(self, files, tmp_path, options, ids):
        code, _, err = run(*words_for("export", tmp_path, *files), *options)
        assert code == 0, err
        assert exported(tmp_path)["respondent"].tolist() == ids
        dropped = [word for before, word in pairwise(options) if before == "--drop"]
        conditions = [word for before, word in pairwise(options) if before == "--where"]
        same, _ = survey.screen(survey.read_responses(files, CANTEEN), drop=dropped)
        same = same.where(*conditions) if conditions else same
        assert same.meta["key"].tolist() == ids

    def test_check_tells_of_those_who_meet_the_condition_but_looks_at_all(self, files, tmp_path):
        # Who stands twice is in both files, under another diet each time.
        files[0] = workbook(
            tmp_path / "n.xlsx",
            NORTH.replace("| b  | vegetarian | milk   | 5", "| d  | everything | milk   | 5"),
        )
        words = words_for("check", tmp_path, *files)
        _, out, _ = run(*words)
        assert "duplicate_key (same id again): 1 of 5 (flagged); rows of south.xlsx: 3" in out
        assert "Subset" not in out
        code, out, err = run(*words, "--where", "diet=vegetarian", "-o", tmp_path / "q.xlsx")
        assert code == 0, err
        assert "(2 of 5 respondents)" in out
        assert "duplicate_key (same id again): 1 of 2 (flagged); rows of south.xlsx: 3" in out
        book = openpyxl.load_workbook(tmp_path / "q.xlsx")
        assert "2 rows looked at, 0 left out" in str([cell.value for cell in book["Quality"]["A"]])
        _, out, _ = run(*words, "--where", "diet=everything")
        assert "duplicate_key (same id again): 0 of 3 (flagged)" in out

    def test_check_counts_who_is_left_out_among_those_who_meet_the_condition(self, files, tmp_path):
        words = (*words_for("check", tmp_path, *files), "--drop", "duplicate_key")
        _, out, err = run(*words, "--where", "diet=vegetarian", "-o", tmp_path / "q.xlsx")
        assert "duplicate_key (same id again): 1 of 3 (left out); rows of north.xlsx: 4" in out
        assert "(2 of 4 respondents)" in out
        assert "1 of 5 rows was left out" in err
        book = openpyxl.load_workbook(tmp_path / "q.xlsx")
        assert "3 rows looked at, 1 left out" in str([cell.value for cell in book["Quality"]["A"]])

    @pytest.mark.parametrize("command", READERS)
    def test_nobody_meets_the_condition(self, command, files, tmp_path):
        code, out, err = run(*words_for(command, tmp_path, *files), "--where", "dishes__soup>5")
        assert (code, out) == (2, "")
        assert "No respondent meets the condition dishes__soup>5. Loosen it." in err
        writes = command in ("analyze", "export")
        assert err.endswith("Nothing was written.\n") == writes
        assert sorted(path.name for path in tmp_path.iterdir()) == ["north.xlsx", "south.xlsx"]

    @pytest.mark.parametrize("command", READERS)
    def test_a_rule_that_is_not_there(self, command, files, tmp_path):
        code, _, err = run(*words_for(command, tmp_path, *files), "--drop", "speeder")
        assert (code, "speeders" in err) == (2, True)

    @pytest.mark.parametrize(
        ("options", "note", "filled"),
        [
            ((), None, 4),
            (("--drop", "duplicate_key"), "1 of 5 rows was left out (same id again 1).", 3),
            (("--where", "diet=vegetarian"), "Subset: Diet = No meat (3 of 5 respondents).", 2),
            (("--where", "diet=vegetarian", "--drop", "duplicate_key"), "(2 of 4 respondents).", 1),
            (("--where", "diet=everything"), "(2 of 5 respondents).", 2),
        ],
    )
    def test_match_counts_what_would_be_analysed(self, tmp_path, options, note, filled):
        files = [
            workbook(tmp_path / "n.xlsx", NORTH.replace("| drinks ", "| Gulps ")),
            workbook(tmp_path / "s.xlsx", SOUTH.replace("| drinks    ", "| Gulps     ")),
        ]
        code, out, err = run(*words_for("match", tmp_path, *files), *options)
        assert code == 0, err
        assert f'# "Gulps": null  # not matched, filled cells: {filled};' in out
        assert out.count('"Gulps"') == 1
        assert note is None or any(note in line for line in out.splitlines() if line.startswith("# "))


def test_match_lists_labels_of_the_rows_that_are_counted_with_their_file(files, tmp_path):
    files[1] = workbook(tmp_path / "s.xlsx", SOUTH.replace("| tea; milk", "| Ti"))
    out = run(*words_for("match", tmp_path, *files))[1]
    assert '# "ti": ""  # first in s.xlsx C2;' in out
    assert '"ti"' not in run(*words_for("match", tmp_path, *files), "--where", "diet=vegetarian")[1]
    alone = run(*words_for("match", tmp_path, files[1]))[1]
    assert '# "ti": ""  # first in C2;' in alone


def test_match_goes_on_from_a_map(tmp_path):
    export = workbook(tmp_path / "x.xlsx", "| Eating | Note | Soup |\n| Fish | x | 9 |\n| Egg | y | 3 |")
    begun = tmp_path / "begun.yaml"
    begun.write_text("columns: {Eating: diet, Note: null}\nvalues: {diet: {Fish: other}}\n", encoding="utf-8")
    text = run(*words_for("match", tmp_path, export), "--map", begun)[1]
    said = yaml.safe_load(text)
    assert said["columns"] == {"Eating": "diet", "Note": None, "Soup": "dishes__soup"}
    assert said["values"] == {"diet": {"Fish": "other"}, "dishes": None}
    assert '# "Egg": ""' in text
    assert '"Fish": ""' not in text
    finished = tmp_path / "finished.yaml"
    finished.write_text(
        text.replace('# "Egg": ""', '"Egg": vegetarian').replace('# "9": ""', '"9": 5'), encoding="utf-8"
    )
    responses = survey.read_responses(export, CANTEEN, mapping=finished)
    assert responses.data["diet"].tolist() == ["other", "vegetarian"]
    assert responses.data["dishes__soup"].tolist() == [5, 3]


def test_match_takes_a_header_that_one_file_understands_for_all(tmp_path):
    one = workbook(tmp_path / "a.xlsx", "| diet | Extra |\n| other | 1 |")
    two = workbook(tmp_path / "b.xlsx", "| Extra | diet | drinks |\n| 2 | other | tea |")
    text = run(*words_for("match", tmp_path, one, two))[1]
    assert yaml.safe_load(text)["columns"] == {"diet": "diet", "drinks": "drinks"}
    assert "filled cells: 2" in text
    absent = next(line for line in text.splitlines() if "without a column" in line)
    assert "drinks" not in absent
    assert "visits" in absent


@pytest.mark.parametrize("command", READERS)
def test_a_file_is_named_once(command, files, tmp_path):
    code, _, err = run(*words_for(command, tmp_path, files[0], files[0]))
    assert (code, "Name each file once" in err) == (2, True)


def test_match_counts_reconstructed_answers_as_analyze_does(tmp_path):
    """Identical rows of made-up respondents are not looked for, so --drop leaves none of them out."""
    made = survey.reconstruct(survey.read_findings(FINDINGS))
    path = survey.write_responses(made, tmp_path / "made.xlsx")
    out = run("match", path, "--drop", "duplicate_answers")[1]
    assert "left out" not in out
    assert "executive-survey@1.0.0" in out


def test_match_of_a_file_that_has_none_of_the_headers(tmp_path):
    one = workbook(tmp_path / "a.xlsx", "| Foo |\n| 1 |")
    two = workbook(tmp_path / "b.xlsx", "| diet |\n| other |")
    text = run(*words_for("match", tmp_path, one, two))[1]
    assert '# "Foo": null' in text
    assert yaml.safe_load(text)["columns"] == {"diet": "diet"}


@pytest.mark.parametrize("command", READERS)
def test_a_sheet_among_several_can_be_named(command, tmp_path):
    path = workbook(tmp_path / "two.xlsx", {"North": NORTH, "South": SOUTH})
    code, _, err = run(*words_for(command, tmp_path, path))
    assert code == 2
    assert "North, South. Name one with --sheet." in err
    code, out, err = run(*words_for(command, tmp_path, path), "--sheet", "South")
    assert code == 0, err
    if command == "export":
        assert exported(tmp_path)["respondent"].tolist() == ["c", "d"]
    if command == "check":
        assert "0 of 2 (flagged)" in out
    if command == "match":
        assert "sheet 'South'" in out


@pytest.mark.parametrize("command", READERS)
def test_an_encrypted_workbook_is_opened(command, tmp_path):
    path = locked(workbook(tmp_path / "north.xlsx", NORTH))
    code, _, err = run(*words_for(command, tmp_path, path))
    assert (code, "--password" in err) == (1, True)
    code, _, err = run(*words_for(command, tmp_path, path), "--password", "open me")
    assert code == 0, err


def test_export_takes_a_dialect_and_a_map(tmp_path):
    path = workbook(tmp_path / "x.xlsx", "| Eating | Soup |\n| Fish | 3 |\n| No meat | 4 |")
    chosen = tmp_path / "map.yaml"
    chosen.write_text("columns: {Eating: diet}\nvalues: {diet: {Fish: other}}\n", encoding="utf-8")
    words = words_for("export", tmp_path, path)
    code, _, err = run(*words, "--map", chosen, "--dialect", "plain")
    assert code == 0, err
    assert exported(tmp_path)["diet"].tolist() == ["other", "vegetarian"]
    code, _, err = run(*words, "--dialect", "paper")
    assert (code, "wjx_text" in err) == (2, True)
    assert err.endswith("Nothing was written.\n")


def test_export_stops_at_cells_that_cannot_be_read_unless_they_are_set_aside(files, tmp_path):
    bad = workbook(tmp_path / "bad.xlsx", "| diet |\n| nonsense |\n| other |")
    words = words_for("export", tmp_path, bad, files[1])
    code, _, err = run(*words)
    assert (code, "bad.xlsx, sheet 'Data', cell A2" in err) == (1, True)
    assert not (tmp_path / "data.csv").exists()
    code, _, err = run(*words, "--set-aside")
    assert code == 0
    assert err.count("cell A2") == 1
    assert exported(tmp_path)["diet"].tolist() == ["(refused)", "other", "everything", "vegetarian"]


def test_no_command_writes_over_any_of_its_inputs(files, tmp_path):
    for command in ("analyze", "check"):
        code, _, err = run(command, *files, "--instrument", CANTEEN, "-o", files[1])
        assert (code, "is the input itself" in err) == (2, True)
    table = tmp_path / "data.csv"
    table.write_text("diet\nother\n", encoding="utf-8")
    code, _, err = run("export", files[0], table, "--instrument", CANTEEN, "--to", "csv", "-o", table)
    assert (code, "is the input itself" in err) == (2, True)
    assert table.read_text(encoding="utf-8") == "diet\nother\n"


SPOKEN = """
| participant | code      | gist |
|-------------|-----------|------|
| P1          | too_salty | salt |
| P2          | fresh     | leaf |
"""


def spoken(command, folder, path):
    """What is typed for a command that reads these segments, and where it writes."""
    target = folder / {"export": "out.qdpx"}.get(command, "out.xlsx")
    more = {"analyze": ("--draws", "50", "--no-pictures"), "export": ("--to", "qdpx")}.get(command, ())
    writes = () if command == "check" else ("-o", target)
    return ("interviews", command, path, "--codebook", FLAT, *writes, *more), target


@pytest.mark.parametrize("command", SEGMENT_READERS)
class TestInterviews:
    """Segments that are encrypted, on one of several sheets, or wrong in a row."""

    def test_an_encrypted_workbook_is_opened(self, command, tmp_path):
        path = locked(workbook(tmp_path / "s.xlsx", SPOKEN))
        words, target = spoken(command, tmp_path, path)
        code, _, err = run(*words)
        assert (code, "--password" in err, target.exists()) == (1, True, False)
        code, _, err = run(*words, "--password", "open me")
        assert code == 0, err
        assert target.exists() == (command != "check")

    def test_a_sheet_among_several_can_be_named(self, command, tmp_path):
        path = workbook(tmp_path / "s.xlsx", {"May": SPOKEN, "June": SPOKEN.replace("P1", "P3")})
        words, _ = spoken(command, tmp_path, path)
        code, _, err = run(*words)
        assert (code, "Name one with --sheet." in err) == (2, True)
        code, _, err = run(*words, "--sheet", "June")
        assert code == 0, err

    def test_rows_that_are_wrong_can_be_set_aside_and_are_told_once(self, command, tmp_path):
        path = workbook(tmp_path / "s.xlsx", SPOKEN + "| P3 | nonsense | x |\n")
        words, target = spoken(command, tmp_path, path)
        code, _, err = run(*words)
        assert code == (0 if command == "check" else 1)
        assert err.endswith("Nothing was written.\n") == (command != "check")
        assert not target.exists()
        code, _, err = run(*words, "--set-aside")
        assert code == 0, err
        assert err.count("cell B4: 'nonsense' holds no code") == 1

    def test_the_column_and_the_list_of_people_can_be_named(self, command, tmp_path):
        path = workbook(tmp_path / "s.xlsx", SPOKEN.replace("participant", "voice      "))
        people = workbook(tmp_path / "p.xlsx", "| participant | group |\n| P1 | B |\n| P2 | D |")
        words, _ = spoken(command, tmp_path, path)
        code, _, err = run(*words, "--participant", "voice", "--participants", people)
        assert code == 0, err


def test_every_input_of_the_interview_report_may_be_encrypted(tmp_path):
    segments = locked(workbook(tmp_path / "s.xlsx", SPOKEN))
    people = locked(workbook(tmp_path / "p.xlsx", "| participant | group |\n| P1 | B |\n| P2 | D |"))
    claims = "| claim | rule | code | statement |\n| 1 | everyone | fresh | All praise it. |"
    claims = locked(workbook(tmp_path / "c.xlsx", claims))
    answers = locked(workbook(tmp_path / "a.xlsx", {"North": NORTH, "South": SOUTH}))
    words, target = spoken("analyze", tmp_path, segments)
    words += ("--participants", people, "--claims", claims, "--password", "open me")
    code, _, err = run(*words)
    assert (code, err) == (0, "")
    assert "Claims" in openpyxl.load_workbook(target).sheetnames
    words += ("--survey", answers, "--instrument", CANTEEN)
    code, _, err = run(*words)
    assert code == 2
    assert "a.xlsx' could hold the responses: North, South. Name one with --survey-sheet." in err
    err = run(*words, "--survey-sheet", "West")[2]
    assert "has no filled sheet 'West'" in err
    assert "--survey-sheet" in err
    err = run(*words, "--survey-sheet", "North")[2]
    assert "not for canteen@1.0.0. Name one that fits with --joint." in err  # it is read


def test_a_sheet_of_responses_is_of_the_survey_beside(tmp_path):
    path = workbook(tmp_path / "s.xlsx", SPOKEN)
    code, _, err = run(*spoken("analyze", tmp_path, path)[0], "--survey-sheet", "North")
    assert (code, "--survey-sheet is about a survey" in err) == (2, True)


def test_names_and_tables_of_codes_may_be_encrypted(tmp_path):
    segments = locked(workbook(tmp_path / "s.xlsx", SPOKEN.replace("leaf", "Ann said so")))
    names = locked(workbook(tmp_path / "n.xlsx", "| Ann |"))
    words, _ = spoken("check", tmp_path, segments)
    code, out, err = run(*words, "--names", names, "--password", "open me")
    assert code == 0, err
    assert "a name of the list\t1\t" in out
    codes = locked(workbook(tmp_path / "codes.xlsx", "| tag | description |\n| salty | too much |"))
    words = ("interviews", "codebook", codes, "-o", tmp_path / "codes.yaml")
    assert "--password" in run(*words)[2]
    code, _, err = run(*words, "--password", "open me")
    assert code == 0, err


def test_the_report_is_not_written_over_any_input_of_it(tmp_path):
    segments = workbook(tmp_path / "s.xlsx", SPOKEN)
    people = workbook(tmp_path / "p.xlsx", "| participant | group |\n| P1 | B |")
    before = people.read_bytes()
    for command in ("analyze", "convert"):
        words = ("interviews", command, segments, "--codebook", FLAT, "--participants", people, "-o", people)
        code, _, err = run(*words)
        assert (code, "is the input itself" in err) == (2, True)
    assert people.read_bytes() == before


def test_many_bad_values_are_few_lines_and_all_of_them_stand_in_the_workbook(tmp_path):
    """900 rows in eight columns, 40 different bad values: the terminal shows five of a column."""
    columns = [
        f"challenges__{item.id}"
        for item in survey.load_instrument("executive-survey").question("challenges").items
    ]
    lines = [",".join(["Respondent", *columns])]
    lines += [",".join([str(n), *(f"bad {n % 40}" if n % 3 else "5" for _ in columns)]) for n in range(900)]
    path = tmp_path / "flood.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    output = tmp_path / "quality.xlsx"
    code, _, told = run("check", path, "--instrument", "executive-survey", "-o", output)
    assert code == 0
    assert len(told.splitlines()) < 120
    assert "35 more values of this column cannot be read" in told
    cells = [
        cell
        for sheet in openpyxl.load_workbook(output)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    refused = [cell for cell in cells if isinstance(cell, str) and "is not on the scale" in cell]
    assert len(refused) == 600 * len(columns)
