"""Eight data sets of well-known shapes: drafted, read without a refusal, counted as pandas counts them."""

import pandas as pd
import pyreadstat
import pytest

import survey
from survey.wording import normalise
from tests.drafting.shapes import SHAPES, WRONG

ENDINGS = ("csv", "xlsx", "sav", "dta", "parquet", "ods")


def written(frame, folder, ending):
    """Save a frame as a user would."""
    path = folder / f"mine.{ending}"
    if ending == "csv":
        frame.to_csv(path, index=False)
    elif ending in ("xlsx", "ods"):
        frame.to_excel(path, index=False)
    else:
        clean = frame.replace("NA", None)
        for name in clean:
            numbers = pd.to_numeric(clean[name], errors="coerce")
            if (numbers.notna() == clean[name].notna()).all():
                clean[name] = numbers.astype(float)
            else:
                clean[name] = clean[name].where(clean[name].notna(), "").astype(str)
        if ending == "parquet":
            clean.to_parquet(path)
        else:
            {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[ending](clean, str(path))
    return path


def counted(responses, name):
    """How often each answer was given in a column of the data, by what the file says."""
    question = responses.instrument.question(name.partition("__")[0])
    values = responses.data[name].dropna()
    if question.kind == "single":
        forms = {
            option.id: option.aliases[0] if option.aliases else option.said("en")
            for option in question.options
        }
        values = values.astype(object).map(forms)
    elif question.kind == "rating":
        points = responses.instrument.scale_of(question).points
        labels = {point.value: point.aliases[0] if point.aliases else point.said("en") for point in points}
        values = values.map(labels)
    elif question.kind == "multiple":
        values = values.astype(int)
    return {as_told(value): int(count) for value, count in values.value_counts().items()}


def as_told(value):
    try:
        return f"{float(value):g}"
    except ValueError:
        return normalise(str(value))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_drafted_and_counted_right(tmp_path, shape):
    frame, kinds = SHAPES[shape]()
    path = written(frame, tmp_path, "csv")
    draft = survey.draft_instrument(path)
    found = dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True))
    assert set(found) == set(frame.columns)
    wrong = {name: kind for name, kind in found.items() if kind != kinds[name]}
    assert wrong == WRONG.get(shape, {})
    (tmp_path / "mine.yaml").write_text(draft.yaml, encoding="utf-8")
    responses = survey.read_responses(path, tmp_path / "mine.yaml")  # no refusal
    assert len(responses) == len(frame)
    assert responses.instrument.content_hash == draft.instrument.content_hash
    names = {
        row.column: f"{row.question}__{row.item}" if row.item else row.question
        for row in draft.guesses.itertuples()
        if row.question
    }
    for header, name in names.items():
        expected = frame[header].astype(object)
        expected = expected[expected.notna() & ~expected.isin(["NA"])]
        told = {as_told(value): int(count) for value, count in expected.map(as_told).value_counts().items()}
        assert counted(responses, name) == told, header


def test_nine_kinds_in_ten_are_right():
    columns = sum(len(kinds) for _, kinds in (make() for make in SHAPES.values()))
    assert sum(map(len, WRONG.values())) <= columns / 10


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_from_every_kind_of_file(tmp_path, ending):
    if ending == "ods":
        pytest.importorskip("odf")
    frame, kinds = SHAPES["ces"]()
    path = written(frame, tmp_path, ending)
    draft = survey.draft_instrument(path)
    assert dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True)) == kinds
    responses = survey.read_responses(path, draft.instrument)
    assert counted(responses, "province")["on"] == 40
    assert responses.meta["weight"].tolist() == pytest.approx(frame["weight"].tolist())
    assert responses.meta["key"].tolist() == [str(key) for key in frame["id"]]


@pytest.mark.parametrize("shape", ["ces", "farmer", "bfi"])
def test_a_report_at_once(tmp_path, shape, monkeypatch):
    from click.testing import CliRunner

    from survey.cli import main

    monkeypatch.chdir(tmp_path)
    frame, _ = SHAPES[shape]()
    written(frame, tmp_path, "xlsx")
    drafted = CliRunner().invoke(main, ["instrument", "draft", "mine.xlsx", "-o", "mine.yaml"])
    assert drafted.exit_code == 0, drafted.output
    assert "survey analyze mine.xlsx --instrument mine.yaml" in drafted.output
    made = CliRunner().invoke(
        main, ["analyze", "mine.xlsx", "--instrument", "mine.yaml", "-o", "mine-report.xlsx", "--no-figures"]
    )
    assert made.exit_code == 0, made.output
    assert (tmp_path / "mine-report.xlsx").is_file()


@pytest.mark.parametrize("rows", [1, 3])
def test_very_few_respondents(tmp_path, rows):
    frame, _ = SHAPES["ces"]()
    path = written(frame.head(rows), tmp_path, "csv")
    draft = survey.draft_instrument(path)
    assert len(survey.read_responses(path, draft.instrument)) == rows
