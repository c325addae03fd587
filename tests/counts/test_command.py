"""`survey tally` as it is typed."""

import re
import shlex
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.paths import ROOT, SAMPLE


def run(*words):
    return CliRunner().invoke(main, ["tally", *map(str, words)])


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


@pytest.fixture(scope="module")
def parquet(sample, tmp_path_factory):
    pytest.importorskip("pyarrow")
    return survey.export_responses(sample, tmp_path_factory.mktemp("coded") / "sample.parquet")[0]


def nameless(counted):
    return replace(counted, sources=(), provenances=())


def test_workbooks_parquet_folders_and_tallies_are_counted_alike(sample, parquet, tmp_path):
    expected = nameless(survey.tally(sample))
    for number, source in enumerate((SAMPLE, parquet, parquet.parent)):
        target = tmp_path / f"{number}.tally"
        done = run(source, "-o", target)
        assert done.exit_code == 0, done.output
        assert done.stdout == f"Tally: {target} (137 respondents)\n"
        assert "not anonymous by itself" in done.stderr
        assert nameless(survey.read_tally(target)) == expected
    done = run(*sorted(tmp_path.glob("*.tally")), parquet, "-o", tmp_path / "all.tally")
    assert done.exit_code == 0, done.output
    assert nameless(survey.read_tally(tmp_path / "all.tally")) == nameless(sum([survey.tally(sample)] * 4))


def test_banners_and_conditions_are_those_asked_for(sample, parquet, tmp_path):
    words = ["--by", "firm_type", "--by", "firm_type*position", "--where", "firm_type=biotech"]
    for source in (SAMPLE, parquet):
        assert run(source, *words, "-o", tmp_path / "a.tally").exit_code == 0
        counted = survey.read_tally(tmp_path / "a.tally")
        wanted = survey.tally(sample, banners=["firm_type", "firm_type*position"], where="firm_type=biotech")
        assert nameless(counted) == nameless(wanted)


def test_the_commands_of_the_page_run(sample, parquet, tmp_path, monkeypatch):
    """As they stand in docs/tally.md, on the files that it names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "april").mkdir()
    for name in ("wave.parquet", "may.parquet", "april/one.parquet"):
        shutil.copy(parquet, tmp_path / name)
    survey.export_responses(sample, "coded.parquet")
    for name in ("april.tally", "may.tally"):
        assert run("coded.parquet", "-o", name).exit_code == 0
    text = (ROOT / "docs" / "tally.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\$ survey tally (.*)$", text, re.MULTILINE)
    assert len(lines) >= 3
    for line in lines:
        done = run(*shlex.split(line, comments=True))
        assert done.exit_code == 0, (line, done.output)


def test_suppress_is_refused_with_its_reason(parquet, tmp_path):
    done = run(parquet, "-o", tmp_path / "a.tally", "--suppress")
    assert done.exit_code == 2
    assert "what a report is protected from" in done.stderr
    assert not (tmp_path / "a.tally").exists()
    assert "survey analyze" in run(parquet, "-o", tmp_path / "a.tally", "--suppress", "--lang", "zh").stderr


def test_raking_is_refused_with_what_to_do_instead(parquet, tmp_path):
    done = run(parquet, "-o", tmp_path / "a.tally", "--rake", "targets.yaml")
    assert (done.exit_code, "rake the responses as they are exported" in done.stderr) == (2, True)
    assert not (tmp_path / "a.tally").exists()


def test_cells_that_do_not_fit_stop_it_unless_set_aside(parquet, tmp_path):
    import pandas as pd

    frame = pd.read_parquet(parquet).astype({"firm_type": object})
    frame.loc[[2, 5], "firm_type"] = "NA"
    spoilt = tmp_path / "spoilt.parquet"
    frame.to_parquet(spoilt)
    words = [spoilt, "-o", tmp_path / "a.tally", "--instrument", "executive-survey@1.0.0"]
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr.startswith("spoilt.parquet, firm_type: 'NA' is not the id of an option")
    assert "cells: 2" in done.stderr
    assert "Nothing was written." in done.stderr
    assert not (tmp_path / "a.tally").exists()
    chinese = run(*words, "--lang", "zh").stderr
    assert "“NA”不是本题选项的标识，共 2 个单元格" in chinese
    done = run(*words, "--set-aside")
    assert done.exit_code == 0
    assert "'NA' is not the id" in done.stderr
    counted = survey.read_tally(tmp_path / "a.tally")
    assert counted.base("firm_type") == 135
    assert counted.missing[0].tolist() == [0, 0, 0, 2]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["{parquet}", "-o", "a.xlsx"], 2, "does not end in .tally"),
        (["{parquet}"], 2, "--output"),
        (["nothing.parquet", "-o", "a.tally"], 2, "There is no file"),
        (
            ["{parquet}", "-o", "a.tally", "--where", "firm_type=biopharma", "--where", "firm_type=biotech"],
            2,
            "No respondent",
        ),
        (["{parquet}", "-o", "a.tally", "--by", "nothing"], 2, "is not a question"),
        (["a.tally", "-o", "a.tally"], 2, "is the input itself"),
        (["b.tally", "-o", "c.tally"], 1, "This is no tally"),
        (["b.tally", "./b.tally", "-o", "c.tally"], 2, "Name each file once"),
        (["{parquet}", "-o", "c.tally", "--drop", "speeders", "--sheet", "x"], 2, "--sheet, --drop is about"),
    ],
)
def test_what_cannot_be_is_said(words, code, told, parquet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.tally").write_text("x")
    (tmp_path / "b.tally").write_text("x")
    done = run(*(word.format(parquet=parquet) for word in words))
    assert done.exit_code == code
    assert told in done.stderr
    assert (tmp_path / "a.tally").read_text() == "x"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tally", "b.tally"]
