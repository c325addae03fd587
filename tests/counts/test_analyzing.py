"""`survey analyze` on what is counted: tallies, folders and large files of Parquet; and bad ones."""

import re
import shutil
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.counts.shapes import instrument_of, responses_of
from tests.paths import SAMPLE

pytest.importorskip("pyarrow")
SAID = "Made from a tally, which holds no respondent"
pytestmark = pytest.mark.filterwarnings("ignore:.*not anonymous by itself:UserWarning")


def run(*words):
    return CliRunner().invoke(main, ["analyze", *map(str, words)])


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


@pytest.fixture(scope="module")
def parquet(sample, tmp_path_factory):
    return survey.export_responses(sample, tmp_path_factory.mktemp("coded") / "sample.parquet")[0]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts_of(path):
    """All text of a workbook."""
    book = openpyxl.load_workbook(path)
    return " ".join(
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell
    )


def test_tallies_and_folders_are_counted_and_add_up(sample, parquet, here):
    survey.write_tally(survey.tally(sample), here / "april.tally")
    (here / "wave").mkdir()
    shutil.copy(parquet, here / "wave" / "may.parquet")
    for sources, count in ((["april.tally"], 137), (["wave"], 137), (["april.tally", "wave", SAMPLE], 411)):
        done = run(*sources, "-o", "report.xlsx", "--no-pictures")
        assert done.exit_code == 0, done.output
        shown = texts_of(here / "report.xlsx")
        assert SAID in shown
        assert str(count) in shown
        assert "%" not in done.stderr  # no bar where stderr is no terminal


def test_a_small_parquet_file_is_read_and_a_large_one_counted(parquet, here, monkeypatch):
    from survey.counts import row_counts

    for limit, counted in ((row_counts.ROWS_READ, False), (137, False), (136, True)):
        monkeypatch.setattr(row_counts, "ROWS_READ", limit)
        done = run(parquet, "-o", "report.xlsx", "--no-pictures")
        assert done.exit_code == 0, done.output
        assert (SAID in texts_of(here / "report.xlsx")) == counted


def test_the_function_counts_what_the_command_counts(parquet, here, monkeypatch):
    from survey.counts import row_counts

    (here / "wave").mkdir()
    shutil.copy(parquet, here / "wave" / "may.parquet")
    assert SAID not in notes_of(survey.analyze(parquet))
    monkeypatch.setattr(row_counts, "ROWS_READ", 100)
    for path in (parquet, str(parquet), here / "wave"):
        for banner in (None, "firm_type", ["firm_type", "position"]):
            report = survey.analyze(path, banner=banner)
            assert SAID in notes_of(report)
            made = survey.analyze(survey.tally(path, banners=banner), banner=banner)
            assert [sheet.name for sheet in report.sheets] == [sheet.name for sheet in made.sheets]
        done = run(path, "--by", "firm_type", "-o", "report.xlsx", "--no-pictures")
        assert done.exit_code == 0, done.output
        assert SAID in texts_of(here / "report.xlsx")
    with pytest.raises(survey.UsageError, match="analyse the responses themselves"):
        survey.analyze(parquet, open_text=True)
    assert survey.crosstab(parquet, "firm_type").equals(survey.crosstab(survey.tally(parquet), "firm_type"))
    with pytest.raises(survey.UsageError, match="banners="):
        survey.crosstab(parquet, "firm_type", banner="support_needs", compare="columns")


def notes_of(report):
    return " ".join(report.sheet("Notes").tables[0].data["what"].astype(str))


def test_crossed_banners_are_reported_where_they_were_counted(sample, here):
    crossed = survey.tally(sample, banners="firm_type*position")
    survey.write_tally(crossed, here / "crossed.tally")
    done = run("crossed.tally", "--by", "firm_type", "-o", "report.xlsx", "--no-pictures")
    assert done.exit_code == 2, done.output
    assert "Count again with" in done.stderr
    assert not (here / "report.xlsx").exists()
    done = run("crossed.tally", "--by", "firm_type * position", "-o", "report.xlsx", "--no-pictures")
    assert done.exit_code == 0, done.output
    both = [survey.crosstab(data, "challenges", banner="firm_type*position") for data in (sample, crossed)]
    pd.testing.assert_frame_equal(*both)
    with pytest.raises(survey.UsageError, match="--by firm_type\\)"):
        survey.analyze(crossed, banner="firm_type")
    with pytest.raises(survey.UsageError, match="--by firm_type\\)"):
        survey.analyze(survey.tally(sample, banners=[]), banner="firm_type")
    for banner in ("firm_type*position", "position*firm_type"):
        with pytest.raises(survey.UsageError, match=f"no patterns of '{re.escape(banner)}'"):
            survey.crosstab(survey.tally(sample), "challenges", banner=banner)
    with pytest.raises(survey.UsageError, match="crosses questions"):
        survey.frequencies(sample, "firm_type*position")
    assert crossed.group_counts("firm_type*position").sum() == 137


def test_a_report_with_hidden_cells_is_not_told_to_hide_them(sample, here):
    survey.write_tally(survey.tally(sample), here / "a.tally")
    for words, is_told in (((), True), (("--suppress",), False)):
        done = run("a.tally", *words, "-o", "report.xlsx", "--no-pictures")
        assert done.exit_code == 0, done.output
        assert ("survey analyze --suppress" in done.stderr) == is_told


ONE_QUESTION = [
    lambda data, name: survey.frequencies(data, name),
    lambda data, name: survey.importance_shares(data, name),
    lambda data, name: survey.crosstab(data, name),
    lambda data, name: survey.compare_items(data, name),
    lambda data, name: survey.compare_ratings(data, name),
    lambda data, name: survey.compare_group_ratings(data, "challenges", by=name),
    lambda data, name: survey.association(data, "challenges", name),
    lambda data, name: survey.rank_sets(data, name),
    lambda data, name: survey.reliability(data, name),
    lambda data, name: survey.cooccurrence(data, name),
    lambda data, name: survey.mentions(data, name),
    lambda data, name: survey.overlaps(data, name),
    lambda data, name: survey.precision(data, banner=name),
    lambda data, name: survey.reach(data, "support_needs", by=name),
    lambda data, name: survey.model_needs(data, "support_needs", by=name),
]


@pytest.mark.parametrize("ask", ONE_QUESTION)
def test_what_is_not_one_question_is_refused(sample, ask):
    for given in (["firm_type", "position"], [], 3, 0, {"firm_type": 1}):
        with pytest.raises(survey.UsageError, match="id of one question is needed"):
            ask(sample, given)


def test_flagged_rows_are_capped_and_lead_to_check(monkeypatch):
    from survey.report import survey as composition

    monkeypatch.setattr(composition, "MOST_FLAGGED", 2)
    drawn = responses_of(instrument_of(groups=2, items=6), 50)
    straight = drawn.data.copy()
    straight[[name for name in straight.columns if name.startswith("ratings__")]] = 4
    lazy = replace(drawn, data=straight)
    report = survey.analyze(lazy)
    listed = [table for sheet in report.sheets for table in sheet.tables if table.name == "quality_rows"]
    assert [len(table.data) for table in listed] == [2]
    said = report.sheet("Notes").tables[0].data["what"].astype(str)
    assert said.str.contains("survey check RESPONSES -o REPORT").any()
    whole = survey.quality_report(lazy)
    listed = [table for sheet in whole.sheets for table in sheet.tables if table.name == "quality_rows"]
    assert len(listed[0].data) >= 50


def truncated(folder, parquet, sample):
    path = folder / "cut.parquet"
    path.write_bytes(parquet.read_bytes()[:-200])
    return [path]


def without_column(folder, parquet, sample):
    import pyarrow.parquet as pq

    (folder / "wave").mkdir()
    table = pq.read_table(parquet)
    pq.write_table(table, folder / "wave" / "a.parquet")
    pq.write_table(table.drop_columns(["firm_type"]), folder / "wave" / "b.parquet")
    return [folder / "wave"]


def unknown_code(folder, parquet, sample):
    import pyarrow as pa
    import pyarrow.parquet as pq

    (folder / "wave").mkdir()
    table = pq.read_table(parquet)
    place = table.schema.names.index("firm_type")
    table = table.set_column(place, "firm_type", pa.array(["NA"] * table.num_rows))
    pq.write_table(table, folder / "wave" / "a.parquet")
    return [folder / "wave"]


def empty_folder(folder, parquet, sample):
    (folder / "wave").mkdir()
    return [folder / "wave"]


def two(folder, one, other):
    for name, counted in (("a.tally", one), ("b.tally", other)):
        survey.write_tally(counted, folder / name)
    return [folder / "a.tally", folder / "b.tally"]


def other_instrument(folder, parquet, sample):
    import json

    described = json.loads(sample.instrument.model_dump_json(exclude_defaults=True)) | {"id": "another"}
    another = replace(sample, instrument=survey.Instrument.model_validate_json(json.dumps(described)))
    return two(folder, survey.tally(sample), survey.tally(another))


def other_version(folder, parquet, sample):
    return two(
        folder, survey.tally(sample), survey.tally(survey.carry_over(sample, "executive-survey@1.1.0"))
    )


def other_banners(folder, parquet, sample):
    return two(folder, survey.tally(sample), survey.tally(sample, banners=["firm_type"]))


def other_filters(folder, parquet, sample):
    return two(folder, survey.tally(sample), survey.tally(sample, where="firm_type=biotech"))


def cut_tally(folder, parquet, sample):
    path = survey.write_tally(survey.tally(sample), folder / "a.tally")
    path.write_bytes(path.read_bytes()[:-300])
    return [path]


BAD = {
    truncated: (1, "cut.parquet: ", "copy or export it again"),
    without_column: (1, "b.parquet", "add the columns"),
    unknown_code: (1, "a.parquet, firm_type: 'NA'", "mend them"),
    empty_folder: (1, "wave: ", "survey export --to parquet"),
    other_instrument: (2, "'executive-survey' and 'another'", "Only counts of one can be added"),
    other_version: (2, "executive-survey@1.0.0 and executive-survey@1.1.0", "count again"),
    other_banners: (2, "expansion_models against firm_type", "Count again with the same ones"),
    other_filters: (2, "where firm_type=biotech", "Count again with the same conditions"),
    cut_tally: (1, "a.tally: ", "Copy it again"),
}


@pytest.mark.parametrize("command", ["analyze", "tally"])
@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_bad_input_is_one_clear_error_and_nothing_is_written(make, command, parquet, sample, here):
    code, place, remedy = BAD[make]
    sources = make(here, parquet, sample)
    target = "out.xlsx" if command == "analyze" else "out.tally"
    before = sorted(path.name for path in here.rglob("*"))
    for lang in ("en", "zh"):
        done = CliRunner().invoke(main, [command, *map(str, sources), "-o", target, "--lang", lang])
        assert done.exit_code == code, done.output
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) <= 3
        if lang == "en":
            assert place in done.stderr
            assert remedy in done.stderr
            assert "Nothing was written." in done.stderr
    assert sorted(path.name for path in here.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a.tally", "--where", "firm_type=biotech"], "-o part.tally --where firm_type=biotech"),
        (["a.tally", "--carry-to", "executive-survey@1.1.0"], "Carry the responses over first"),
        (["a.tally", "--by", "position"], 'banners=["position"]'),
        (["a.tally", "--open-text"], "analyse the responses themselves"),
        (["a.tally", "a.tally"], "Name each file once"),
    ],
)
def test_what_is_fixed_in_a_tally_is_said(words, told, sample, here):
    survey.write_tally(survey.tally(sample), here / "a.tally")
    done = run(*words, "-o", "report.xlsx", "--no-pictures")
    assert done.exit_code == 2, done.output
    assert told in done.stderr
    assert not (here / "report.xlsx").exists()
