"""What `survey reconstruct --draws` writes: all of it or nothing, and never beside the files of others."""

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import DataError, UsageError
from survey.published.reconstruction.ensemble import reconstructions
from survey.render.pictures import draw
from survey.report.findings import ensemble_files
from survey.report.findings.ensemble_files import NAMES, mixing_picture
from tests.paths import FINDINGS

FILES = {"draws.csv", "settings.csv", "mixing.csv", "trace.csv", "mixing.png", "README.txt"}


def run(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def made(findings):
    return reconstructions(findings, draws=120, seed=1, sweeps=2)


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_command_writes_a_folder(tmp_path, findings):
    code, out, err = run("reconstruct", FINDINGS, "--draws", 4, "--seed", 9, "-o", tmp_path / "draws")
    assert code == 0, err
    assert out == f"Draws (reconstructed, no data): {tmp_path / 'draws'}\n"
    assert "M01, M02" in err
    assert "So few draws" in err
    assert names(tmp_path / "draws") == FILES
    assert names(tmp_path) == {"draws"}
    about = (tmp_path / "draws" / "README.txt").read_text(encoding="utf-8")
    for said in (
        "not the answers of real people",
        findings.hash,
        "Seed 9",
        "numpy",
        "4 data sets of 137",
        "M01",
    ):
        assert said in about


def test_files_hold_the_ensemble(tmp_path, made):
    survey.write_reconstructions(made, tmp_path / "new" / "draws")
    folder = tmp_path / "new" / "draws"
    assert not (folder / "draws.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(folder / "draws.csv")
    assert list(read.columns) == list(made.data.columns)
    assert len(read) == 120 * 137
    whole = made.data
    assert read["expansion_models__newco"].tolist() == whole["expansion_models__newco"].astype(int).tolist()
    assert read["challenges__geopolitics"].tolist() == whole["challenges__geopolitics"].tolist()
    assert read["firm_type"].tolist() == whole["firm_type"].tolist()
    settings = pd.read_csv(folder / "settings.csv")
    assert settings["correlation"].tolist() == pytest.approx(made.draws["correlation"].tolist(), abs=1e-5)
    assert pd.read_csv(folder / "mixing.csv")["quantity"].tolist() == made.mixing["quantity"].tolist()
    assert len(pd.read_csv(folder / "trace.csv")) == len(made.trace)


def test_parquet_holds_the_same(tmp_path, made):
    pytest.importorskip("pyarrow")
    survey.write_reconstructions(made, tmp_path / "draws", form="parquet")
    assert names(tmp_path / "draws") == FILES - {"draws.csv"} | {"draws.parquet"}
    read = pd.read_parquet(tmp_path / "draws" / "draws.parquet")
    assert read["challenges__geopolitics"].tolist() == made.data["challenges__geopolitics"].tolist()


def test_same_ensemble_gives_the_same_bytes(tmp_path, made):
    for name in ("one", "other"):
        survey.write_reconstructions(made, tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name


def test_own_files_are_replaced_and_others_refused(tmp_path, made):
    folder = tmp_path / "draws"
    folder.mkdir()
    (folder / "draws.parquet").write_text("old")
    survey.write_reconstructions(made, folder)
    assert names(folder) == FILES
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"1 other file \(notes.txt\)"):
        survey.write_reconstructions(made, folder)
    code, _, err = run("reconstruct", FINDINGS, "--draws", 4, "-o", folder)
    assert code == 2
    assert "notes.txt" in err
    assert "Nothing was written" in err


@pytest.mark.parametrize("there", [True, False])
def test_a_failure_leaves_nothing_behind(tmp_path, made, monkeypatch, there):
    folder = tmp_path / "draws"
    if there:
        survey.write_reconstructions(made, folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ensemble_files, "draw", fail)
    with pytest.raises(UsageError, match="no space left"):
        survey.write_reconstructions(made, folder)
    if there:
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    else:
        assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--draws", "3", "-o", "made.xlsx"), "name of a workbook"),
        (("--format", "csv", "-o", "made.xlsx"), "goes with --draws"),
        (("--draws", "0", "-o", "draws"), "whole number from 1"),
        (("--draws", "3", "--seed", "-2", "-o", "draws"), "seed"),
        (("--draws", "3", "-o", "file"), "This is a file"),
    ],
)
def test_wrong_use_is_told_and_nothing_written(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    code, _, err = run("reconstruct", FINDINGS, *words)
    assert code == 2
    assert told in err
    assert names(tmp_path) == {"file"}


def test_findings_are_never_overwritten(tmp_path):
    own = tmp_path / "draws.csv"
    own.write_bytes(FINDINGS.read_bytes())
    code, _, err = run(
        "reconstruct", own, "--draws", 3, "-o", tmp_path, "--instrument", "executive-survey@1.0.0"
    )
    assert code == 2
    assert "is the input itself" in err
    assert own.read_bytes() == FINDINGS.read_bytes()


def test_parquet_without_pyarrow_is_told(tmp_path, made, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(ensemble_files, "import_module", missing)
    with pytest.raises(UsageError, match="pyarrow"):
        survey.write_reconstructions(made, tmp_path / "draws", form="parquet")
    assert names(tmp_path) == set()


def test_unknown_format_and_language_are_told(tmp_path, made):
    with pytest.raises(UsageError, match="csv, parquet"):
        survey.write_reconstructions(made, tmp_path / "draws", form="xlsx")
    with pytest.raises(UsageError, match="language"):
        survey.write_reconstructions(made, tmp_path / "draws", lang="xx")


def test_chinese_folder(tmp_path, made):
    survey.write_reconstructions(made, tmp_path / "抽取", lang="zh")
    about = (tmp_path / "抽取" / "README.txt").read_text(encoding="utf-8")
    assert "并非真实受访者" in about
    assert "120" in about


def test_nothing_open_gives_a_folder_all_the_same(tmp_path, executive):
    """One respondent, one draw: no count is monitored long enough to be judged."""
    one = reconstructions(executive(["N,,figure,,,all,respondents,=,1,0,,,"]), draws=1)
    survey.write_reconstructions(one, tmp_path / "draws")
    assert names(tmp_path / "draws") == FILES
    assert "(least: -)" in (tmp_path / "draws" / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_picture_shows_the_worst_and_is_the_same_each_time(made, lang):
    picture = mixing_picture(made, lang)
    worst = made.mixing.sort_values("effective")["quantity"].iloc[0]
    assert picture.data["quantity"].iloc[0] == worst
    assert worst in picture.alt
    png = draw(picture, lang)
    assert png.startswith(b"\x89PNG")
    assert png == draw(picture, lang)


def test_names_are_those_that_are_written():
    assert set(NAMES) == FILES | {"draws.parquet"}


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "548 rows are not 548 respondents"), ("zh", "并非 548 位受访者")]
)
@pytest.mark.parametrize("command", ["analyze", "check"])
def test_draws_are_not_read_as_so_many_respondents(findings, tmp_path, monkeypatch, command, lang, told):
    monkeypatch.chdir(tmp_path)
    ensemble = reconstructions(findings, draws=4, seed=1, sweeps=2)
    survey.write_reconstructions(ensemble, tmp_path / "draws")
    code, out, err = run(command, tmp_path / "draws" / "draws.csv", "--lang", lang)
    assert (code, out) == (1, "")
    assert "draws.csv" in err
    assert told in err
    assert "survey.reconstructions(...).responses(draw)" in err
    assert names(tmp_path) == {"draws"}
    assert len(ensemble.responses(2)) == 137


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        (("draw", "respondent", "firm_type"), True),
        (("respondent", "draw", "firm_type"), False),
        (("respondent", "firm_type"), False),
        (("firm_type", "draw", "respondent"), False),
    ],
)
def test_draws_are_known_by_their_first_two_columns_in_any_format(tmp_path, headers, refused):
    cells = {"draw": [1, 1, 2, 2], "respondent": ["R001", "R002"] * 2, "firm_type": ["biotech"] * 4}
    table = pd.DataFrame({header: cells[header] for header in headers})
    table.to_csv(tmp_path / "some.csv", index=False)
    table.to_excel(tmp_path / "some.xlsx", index=False)
    for name in ("some.csv", "some.xlsx"):
        if refused:
            with pytest.raises(DataError) as caught:
                survey.read_responses(tmp_path / name)
            assert [problem.key for problem in caught.value.problems] == ["file_of_draws"]
        else:
            assert len(survey.read_responses(tmp_path / name)) == 4
