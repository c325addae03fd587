"""The wave of responses: of a workbook, a declared column, `origin`, the reader; contradictions refused."""

from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.ingest.reading import waves_in
from survey.ingest.wave_column import are_out_of_order, same_wave, wave_order
from tests.helpers import workbook
from tests.paths import EXAMPLES, ROOT, SAMPLE

INSTRUMENT = "executive-survey@1.0.0"
GROUPS = EXAMPLES / "overlapping-groups.yaml"
STACKED = """
| respondent_id | Round   | firm_type | position |
|---------------|---------|-----------|----------|
| firm a        | 2026-04 | biotech   | director |
| firm b        | 2026-04 | biotech   | c_level  |
| firm c        | 2026-04 | biopharma | c_level  |
| firm a        | 2027-04 | biopharma | director |
| firm b        | 2027-04 | biotech   | c_level  |
| firm d        |         | biotech   | c_level  |
"""


def run(*words):
    """Run the command."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def declared(tmp_path):
    """A map that says which column names the wave."""
    path = tmp_path / "map.yaml"
    path.write_text("columns:\n  Round: wave\n", encoding="utf-8")
    return path


@pytest.fixture
def stacked(tmp_path):
    """Two waves in one file, three and two respondents, and one of nobody knows which."""
    return workbook(tmp_path / "both.xlsx", STACKED)


def text_of(error):
    return error.value.text("en", limit=None)


def test_a_column_of_two_waves_is_refused_unless_one_is_asked_for(stacked, declared):
    with pytest.raises(survey.DataError) as error:
        survey.read_responses(stacked, INSTRUMENT, mapping=declared)
    assert "cell B1" in text_of(error)
    assert "2 waves: 2026-04, 2027-04" in text_of(error)
    assert "survey waves" in text_of(error)
    later = survey.read_responses(stacked, INSTRUMENT, mapping=declared, wave="2027-04")
    assert later.data["firm_type"].tolist() == ["biopharma", "biotech"]
    assert later.provenance.wave == "2027-04"
    assert later.meta["row"].tolist() == [5, 6]
    told = [problem.text("en") for problem in later.problems if problem.key == "wave_rows_of_others"]
    assert len(told) == 1
    assert "4 rows of others (2026-04) or of none" in told[0]
    cells = later.accounting.set_index(["category", "kind"])["cells"]
    assert cells["left_out", "rows"] == 4 * 4
    assert cells["read", ""] == 6 * 4
    assert cells.drop(("read", "")).sum() == cells["read", ""]


def test_a_column_that_is_not_declared_is_no_wave(stacked):
    assert survey.read_responses(stacked, INSTRUMENT).provenance.wave == ""
    assert survey.read_responses(stacked, INSTRUMENT, wave="x").provenance.wave == "x"


def test_the_instrument_declares_the_column(tmp_path):
    schema = survey.load_instrument(INSTRUMENT)
    own = schema.model_copy(update={"meta": {**schema.meta, "wave": ("Round",)}})
    rounds = pd.DataFrame({"Round": [2026, 2027, 2027], "firm_type": ["biotech", "biotech", "biopharma"]})
    with pytest.raises(survey.DataError, match="2026, 2027"):
        survey.from_frame(rounds, own)
    later = survey.from_frame(rounds, own, origin={"wave": "2027"})
    assert (len(later), later.provenance.wave, later.data.index.tolist()) == (2, "2027", [1, 2])
    one = survey.from_frame(rounds[1:], own)
    assert one.provenance.wave == "2027"
    with pytest.raises(survey.DataError, match="not the wave asked for"):
        survey.from_frame(rounds[1:], own, origin={"wave": "2028"})
    path = survey.write_responses(one, tmp_path / "one.xlsx")
    assert survey.read_responses(path, own).provenance.wave == "2027"


def test_cells_without_a_wave_contradict_nothing(tmp_path, declared):
    table = STACKED.replace("2026-04", "2027-04")
    path = workbook(tmp_path / "one.xlsx", table)
    responses = survey.read_responses(path, INSTRUMENT, mapping=declared)
    assert (len(responses), responses.provenance.wave) == (6, "2027-04")
    empty = workbook(tmp_path / "none.xlsx", table.replace("2027-04", "       "))
    assert survey.read_responses(empty, INSTRUMENT, mapping=declared).provenance.wave == ""
    assert survey.read_responses(empty, INSTRUMENT, mapping=declared, wave="2027").provenance.wave == "2027"


def test_one_wave_written_in_two_ways_is_one(tmp_path, declared):
    path = workbook(tmp_path / "one.xlsx", STACKED.replace("2026-04", "Wave 1").replace("2027-04", "wave  1"))
    assert survey.read_responses(path, INSTRUMENT, mapping=declared).provenance.wave == "Wave 1"


def test_a_file_that_contradicts_itself_or_its_reader_is_refused(tmp_path, declared):
    says = {"instrument": INSTRUMENT, "wave": "2026-04"}
    path = workbook(tmp_path / "own.xlsx", STACKED.replace("2026-04", "2027-04"), says=says)
    with pytest.raises(survey.DataError) as error:
        survey.read_responses(path, mapping=declared)
    assert "says that it is wave 2026-04, its column 'Round' names 2027-04" in text_of(error)
    with pytest.raises(survey.DataError, match="wave 2026-04, and not 2027-04"):
        survey.read_responses(path, wave="2027-04")
    assert survey.read_responses(path, wave="2026-04").provenance.wave == "2026-04"
    with pytest.raises(survey.DataError, match="not the wave asked for"):
        survey.read_responses(
            workbook(tmp_path / "b.xlsx", STACKED), INSTRUMENT, mapping=declared, wave="2030"
        )


def test_sheets_of_a_book_of_different_waves_are_not_pooled(tmp_path):
    own = survey.load_instrument(INSTRUMENT).model_copy(update={"meta": {"wave": ("Round",)}})
    head = "| Round | firm_type |\n|---|---|\n"
    sheets = {name: f"{head}| {year} | biotech |\n" for name, year in (("A", 2026), ("B", 2027), ("C", ""))}
    says = {"data_sheets": "A\nB\nC"}
    with pytest.raises(survey.DataError, match="different waves are not pooled"):
        survey.read_responses(workbook(tmp_path / "x.xlsx", sheets, says=says), own)
    fine = {name: table for name, table in sheets.items() if name != "A"}
    reversed_fine = dict(reversed(fine.items()))
    says = {"data_sheets": "C\nB"}
    responses = survey.read_responses(workbook(tmp_path / "y.xlsx", reversed_fine, says=says), own)
    assert (len(responses), responses.provenance.wave) == (2, "2027")


def test_sheets_of_one_wave_written_in_two_ways_are_pooled(tmp_path):
    own = survey.load_instrument(INSTRUMENT).model_copy(update={"meta": {"wave": ("Round",)}})
    head = "| Round | firm_type |\n|---|---|\n"
    sheets = {name: f"{head}| {wave} | biotech |\n" for name, wave in (("A", "Wave 1"), ("B", "wave  1"))}
    responses = survey.read_responses(
        workbook(tmp_path / "x.xlsx", sheets, says={"data_sheets": "A\nB"}), own
    )
    assert (len(responses), responses.provenance.wave) == (2, "Wave 1")


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [("Wave 1", "wave 1", True), ("Wave 1", "Wave 2", False), ("", "", False), ("2026", "", False)],
)
def test_waves_are_compared_by_one_rule(one, other, are_same):
    assert same_wave(one, other) is are_same


def test_files_of_one_wave_that_is_asked_for(tmp_path, stacked, declared):
    first = workbook(tmp_path / "more.xlsx", STACKED.replace("firm ", "new firm "))
    both = survey.read_responses([stacked, first], INSTRUMENT, mapping=declared, wave="2026-04")
    assert (len(both), both.provenance.wave) == (6, "2026-04")


@pytest.mark.parametrize("command", [("check",), ("plan", "new"), ("match",), ("export", "--to", "csv")])
def test_every_command_that_reads_takes_it(command, stacked, declared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = (*command, stacked, "--instrument", INSTRUMENT, "--map", declared)
    if command != ("match",):  # which tells the columns of a file, whatever is in them
        refused = run(*words)
        assert (refused.exit_code, "--wave 2027-04" in refused.stderr) == (1, True)
    done = run(*words, "--wave", "2027-04")
    assert done.exit_code == 0, done.stderr
    if command == ("plan", "new"):
        assert 'wave: "2027-04"' in done.stdout
    if command[0] == "export":
        assert len((tmp_path / "both.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_a_report_and_its_plan_know_the_wave(stacked, declared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(
        *("analyze", stacked, "--instrument", INSTRUMENT, "--map", declared, "--wave", "2026-04"),
        *("-o", "r.html", "--save-plan", "plan.yaml", "--lang", "zh"),
    )
    assert done.exit_code == 0, done.stderr
    assert "只读取 2026-04 波次" in done.stderr
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "--wave 2026-04" in page
    again = run("analyze", stacked, "--plan", "plan.yaml")
    assert again.exit_code == 0, again.stderr


def test_what_is_counted_has_a_wave(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"firm_type": ["biotech"] * 6})
    survey.export_responses(survey.from_frame(frame, INSTRUMENT), "plain.parquet")
    own = survey.from_frame(frame, INSTRUMENT, origin={"wave": "2026-04"})
    survey.export_responses(own, "own.parquet")
    assert run("tally", "plain.parquet", "--wave", "2027-04", "-o", "t.tally").exit_code == 0
    assert survey.read_tally("t.tally").provenance.wave == "2027-04"
    other = run("tally", "own.parquet", "--wave", "2027-04", "-o", "u.tally")
    assert (other.exit_code, "wave 2026-04, and not 2027-04" in other.stderr) == (1, True)
    fixed = run("analyze", "t.tally", "--wave", "2027-04", "-o", "x.html")
    assert (fixed.exit_code, "--wave" in fixed.stderr) == (2, True)


def test_the_wave_of_a_survey_beside_interviews_needs_one():
    refused = run("interviews", "analyze", ROOT / "data/interviews/segments.xlsx", "--wave", "2027")
    assert (refused.exit_code, "--wave" in refused.stderr) == (2, True)


def test_labels_are_in_the_order_of_people():
    assert sorted(["wave 10", "wave 2", "wave 1"], key=wave_order) == ["wave 1", "wave 2", "wave 10"]
    assert sorted(["2027-04", "2026-11", "2026-04"], key=wave_order) == ["2026-04", "2026-11", "2027-04"]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("2027-04", "2026-04"), True),
        (("2026", "2027"), False),
        (("2026-04-15", "2026-04-01"), True),
        (("2027-04", "2027"), False),  # a month of that year, or all of it: nobody knows
        (("second", "first"), False),
        (("", "2026"), False),
    ],
)
def test_only_dates_of_one_precision_can_be_out_of_order(labels, expected):
    assert are_out_of_order(labels) is expected


# -- survey waves -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair():
    """Two waves under two versions that ask alike, of 40 firms each, half of them in both."""

    def made(start, wave, weighted):
        rows = range(start, start + 40)
        frame = pd.DataFrame(
            {
                "respondent_id": [f"firm {row}" for row in rows],
                "size": [("small", "medium", "large")[row % 3] for row in rows],
                "channels__agents": [int(row % (2 if start else 3) == 0) for row in rows],
                "channels__online": [int(row % 4 == 0) for row in rows],
                "hurdles__law": [row % 5 + 1 for row in rows],
                **({"pond": [1 + row % 2 for row in rows]} if weighted else {}),
            }
        )
        return frame.assign(Round=wave)

    return made(0, "wave 2", False), made(20, "wave 10", True)


@pytest.fixture
def files(pair, tmp_path):
    """The two waves as plain tables, and both in one, the later one first."""
    for name, frame in zip(("then", "now"), pair, strict=True):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    pd.concat([pair[1], pair[0]]).drop(columns="pond").to_csv(tmp_path / "both.csv", index=False)
    return tmp_path


def compared(files, *words):
    """Compare, and give what the command did with its page."""
    page = files / "trend.html"
    page.unlink(missing_ok=True)
    done = run("waves", *words, "--instrument", GROUPS, "-o", page)
    return done, page.read_text(encoding="utf-8") if page.exists() else ""


def test_one_file_of_several_waves_is_compared_in_order(files, declared):
    done, page = compared(files, files / "both.csv", "--map", declared)
    assert done.exit_code == 0, done.stderr
    two, page_of_two = compared(files, files / "then.csv", files / "now.csv", "--map", declared)
    assert two.exit_code == 0, two.stderr
    title = "in wave 2"
    assert title in page or "since wave 2" in page
    assert ("wave 2: 40 respondents" in page, "wave 10: 40 respondents" in page) == (True, True)
    assert ("20 answered both times" in page, "20 answered both times" in page_of_two) == (True, True)
    turned, page = compared(
        files, files / "both.csv", "--map", declared, "--wave", "wave 10", "--wave", "wave 2"
    )
    assert turned.exit_code == 0, turned.stderr
    assert "in wave 10" in page or "since wave 10" in page
    alone = compared(files, files / "then.csv", "--map", declared)[0]
    assert (alone.exit_code, "two waves at least" in alone.stderr) == (2, True)


def test_conditions_and_rules_hold_for_every_wave_and_are_said(files):
    words = (files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027")
    done, page = compared(files, *words, "--where", "size=small,medium")
    assert done.exit_code == 0, done.stderr
    counts = [sum(row % 3 < 2 for row in range(start, start + 40)) for start in (0, 20)]
    for wave, count in zip(("2026", "2027"), counts, strict=True):
        assert f"{wave}: {count} respondents" in page
        assert f"{wave}: {count} of 40" in page
    assert "--where" in page  # the command that makes it again
    nobody = compared(files, *words, "--where", "hurdles__law>9")[0]
    assert (nobody.exit_code, "hurdles__law&gt;9" in page, "hurdles__law>9" in nobody.stderr) == (
        2,
        False,
        True,
    )
    unknown = compared(files, *words, "--where", "nonsense=1")[0]
    assert (unknown.exit_code, "nonsense" in unknown.stderr) == (2, True)
    dropped, page = compared(files, *words, "--drop", "duplicate_answers")
    assert dropped.exit_code == 0, dropped.stderr


def test_a_condition_that_was_not_asked_alike_is_refused(pair):
    """Who chooses `small` is not the same kind of firm where the question was not the same."""
    waves = [
        survey.from_frame(
            frame.drop(columns=["Round", "pond"], errors="ignore"), GROUPS, origin={"wave": wave}
        )
        for frame, wave in zip(pair, ("2026", "2027"), strict=True)
    ]
    asked = waves[1].missing.assign(channels__agents="not_asked")
    answers = waves[1].data.assign(channels__agents=pd.array([None] * len(waves[1]), "boolean"))
    other = replace(waves[1], missing=asked, data=answers)
    chosen = [wave.where("channels=online") for wave in (waves[0], other)]
    with pytest.raises(survey.UsageError, match="was not asked alike"):
        survey.waves_report(chosen)
    assert survey.waves_report([wave.where("channels=online") for wave in waves]).sheets


def test_a_tally_is_refused_with_what_to_do(files):
    (files / "then.tally").write_bytes(b"")
    done = run("waves", files / "then.tally", files / "now.csv", "--instrument", GROUPS)
    assert (done.exit_code, "files of responses" in done.stderr) == (2, True)


def test_rows_that_a_rule_leaves_out_are_said_in_the_report(files):
    frame = pd.read_csv(files / "then.csv")
    pd.concat([frame, frame[:3]]).to_csv(files / "then.csv", index=False)
    words = (files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027")
    refused = compared(files, *words)[0]
    assert (refused.exit_code, "stand at more than one respondent" in refused.stderr) == (1, True)
    done, page = compared(files, *words, "--drop", "duplicate_key")
    assert done.exit_code == 0, done.stderr
    assert "2026: 40 respondents" in page
    assert "3 of 43" in page


def test_weights_of_one_side(files):
    words = (files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027")
    done, page = compared(files, *words, "--weight", "pond")
    assert done.exit_code == 0, done.stderr
    assert "No column 'pond' in" in done.stderr
    assert "then.csv" in done.stderr
    assert "weighted" in page
    nowhere = compared(files, *words, "--weight", "nothing")[0]
    assert (nowhere.exit_code, "nothing" in nowhere.stderr) == (2, True)
    plain = compared(files, *words)[1]
    assert "not weighted" in plain


def test_every_wave_is_raked_to_the_targets(files):
    (files / "frame.yaml").write_text("size: {small: 50, medium: 30, large: 20}\n", encoding="utf-8")
    words = (files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027")
    done = compared(files, *words, "--rake", files / "frame.yaml")[0]
    assert done.exit_code == 0, done.stderr
    waves = [survey.rake(survey.read_responses(path, GROUPS), files / "frame.yaml") for path in words[:2]]
    table = survey.compare_waves(*waves, "channels").set_index("item")
    assert table.loc["agents", "weighted_n"] != table.loc["agents", "n"]
    out = files / "trend.xlsx"
    assert (
        run("waves", *words, "--instrument", GROUPS, "--rake", files / "frame.yaml", "-o", out).exit_code == 0
    )
    data = pd.read_excel(out, sheet_name="Data", header=None, engine="openpyxl")
    shares = set(pd.to_numeric(data.to_numpy().ravel(), errors="coerce").round(9))
    assert round(table.loc["agents", "proportion"], 9) in shares
    part = compared(files, *words, "--rake", files / "frame.yaml", "--where", "size=small")[1]
    assert "14 of 40" in part
    wrong = compared(files, *words, "--rake", files / "nowhere.yaml")[0]
    assert (wrong.exit_code, "nowhere.yaml" in wrong.stderr) == (2, True)


def test_cells_that_cannot_be_read_may_be_set_aside(files):
    frame = pd.read_csv(files / "now.csv").astype(object)
    frame.loc[0, "hurdles__law"] = "seventeen"
    frame.to_csv(files / "now.csv", index=False)
    words = (files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027")
    assert compared(files, *words)[0].exit_code == 1
    done = compared(files, *words, "--set-aside")[0]
    assert (done.exit_code, "seventeen" in done.stderr) == (0, True)


def test_what_cannot_apply_is_refused_by_name(files):
    words = (files / "then.csv", files / "now.csv")
    for option in ("--keep-personal", "--carry-to", "--plan"):
        done = compared(files, *words, option, *(() if option == "--keep-personal" else ("x",)))[0]
        assert (done.exit_code, option in done.stderr) == (2, True)


def test_the_command_in_the_notes_can_be_typed_again(files):
    done = compared(files, files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027")[0]
    assert done.exit_code == 0
    out = files / "trend.xlsx"
    assert (
        run(
            *("waves", files / "then.csv", files / "now.csv", "--wave", "2026", "--wave", "2027"),
            *("--instrument", GROUPS, "-o", out),
        ).exit_code
        == 0
    )
    notes = pd.read_excel(out, sheet_name="Notes", header=None, engine="openpyxl").astype(str)
    command = next(text for text in map(str, notes.to_numpy().ravel()) if text.startswith("survey waves "))
    assert command.split()[2:4] == [str(files / "then.csv"), str(files / "now.csv")]


def test_the_labels_of_a_file(stacked, declared):
    assert waves_in(stacked, INSTRUMENT, mapping=declared) == ["2026-04", "2027-04"]
    assert waves_in(SAMPLE) == []


def test_a_wave_that_the_file_says_is_kept(tmp_path):
    responses = survey.read_responses(SAMPLE)
    assert responses.provenance.wave == "2026-04"
    unsaid = replace(responses, provenance=replace(responses.provenance, wave=""))
    path = survey.write_responses(unsaid, tmp_path / "unsaid.xlsx")
    assert survey.read_responses(path, wave="2026-05").provenance.wave == "2026-05"


def test_each_wave_may_have_its_version(tmp_path):
    frame = pd.DataFrame({"firm_type": ["biotech", "biopharma"] * 6, "support_needs": ["cro_matching"] * 12})
    paths = []
    for year, version in ((2026, "1.0.0"), (2027, "1.1.0")):
        own = survey.from_frame(frame, f"executive-survey@{version}", origin={"wave": str(year)})
        paths.append(survey.write_responses(own, tmp_path / f"{year}.xlsx"))
    plain = tmp_path / "plain.csv"
    frame.to_csv(plain, index=False)
    page = tmp_path / "trend.html"
    broken = "a new option takes answers"
    done = run("waves", *paths, "-o", page)
    assert (done.exit_code, broken in page.read_text(encoding="utf-8").lower()) == (0, True), done.stderr
    versions = ("--instrument", "executive-survey@1.0.0", "--instrument", "executive-survey@1.1.0")
    done = run("waves", paths[0], plain, *versions, "--wave", "2026", "--wave", "2027", "-o", page)
    assert (done.exit_code, broken in page.read_text(encoding="utf-8").lower()) == (0, True), done.stderr
    assert "was asked" not in done.stderr
    done = run("waves", *paths, "--instrument", "executive-survey@1.1.0", "-o", page)
    assert (done.exit_code, "says that executive-survey@1.0.0 was asked" in done.stderr) == (0, True)
    done = run("waves", *paths, *versions, *versions[:2])
    assert (done.exit_code, "2 waves and 3 instruments" in done.stderr) == (2, True)
