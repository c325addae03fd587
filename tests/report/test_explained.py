"""What explains needs: the section of the report, its sentence, its picture, and where it is left out."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import survey
from survey.ingest.provenance import key_of
from survey.render.pictures import draw
from tests.models.helpers import firms, random_firms
from tests.paths import EXAMPLES, SAMPLE

OPTIONS = [
    option.id for option in survey.load_instrument("executive-survey@1.0.0").question("support_needs").options
]


def section(report):
    """The tables of the section by name."""
    return {
        table.name: table
        for sheet in report.sheets
        for table in sheet.tables
        if table.name.startswith("explained")
    }


def effects(report):
    """The pictures of effects."""
    return [picture for sheet in report.sheets for picture in sheet.pictures if picture.kind == "effects"]


@pytest.fixture(scope="module")
def driven():
    """Licensing drives one need."""
    rng = np.random.default_rng(1)
    models = (rng.random((90, 4)) < 0.45).astype(float)
    need = (rng.random(90) < np.where(models[:, 2] == 1, 0.85, 0.15)).astype(float)
    other = (rng.random(90) < 0.5).astype(float)
    return firms(models, support_needs__virtual_data_room=need, support_needs__cro_matching=other)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_section_the_sentence_and_the_picture(driven, lang):
    report = survey.analyze(driven, models=True, lang=lang)
    tables = section(report)
    assert set(tables) == {"explained", "explained_together", "explained_bundles"}
    for table in tables.values():
        for column in table.columns:
            keys = [key for key in table.keys(column) if key is not None]
            assert len(set(keys)) == len(keys), column.key
    finding = "goes with more need" if lang == "en" else "控制其他组后"
    found = [text for text in report.sheets[0].findings if finding in text]
    assert len(found) == 1
    row = tables["explained"].data.set_index(["stub_code", "term"]).loc[("virtual_data_room", "licensing")]
    assert f"{100 * row['marginal']:.0f}" in found[0]
    assert found[0].keys[0].ids == ("support_needs", "virtual_data_room", "expansion_models", "licensing")
    picture = effects(report)[0]
    assert picture.details["accent"] == ["virtual_data_room licensing"]
    assert draw(picture, lang).startswith(b"\x89PNG")
    assert picture.title != effects(survey.analyze(random_firms(40), models=True, lang=lang))[0].title


def test_it_is_there_only_where_it_is_asked_for(driven):
    report = survey.analyze(driven)
    assert not section(report)
    assert not effects(report)
    code = (
        "import survey, sys\nsurvey.analyze(survey.read_responses(sys.argv[1]))\n"
        "assert not {'firthmodels', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(SAMPLE)], check=True)


def test_hidden_counts_and_models_do_not_go_together(driven):
    with pytest.raises(survey.UsageError, match="--models"):
        survey.analyze(driven, models=True, suppress=5)
    hidden = survey.analyze(driven, suppress=5)
    assert not section(hidden)


def test_a_tally_says_what_is_left_out(driven):
    report = survey.analyze(survey.tally(driven), models=True)
    assert set(section(report)) == {"explained", "explained_bundles"}
    notes = report.sheet("Notes").tables[0].data["what"].tolist()
    assert any("All needs at once" in text and "left out" in text for text in notes)
    own = section(survey.analyze(driven, models=True))["explained"].data
    pd.testing.assert_frame_equal(section(report)["explained"].data, own)


def test_numbers_of_reconstructed_data_are_marked():
    made = random_firms(40)
    made = survey.from_frame(made.data, made.instrument, origin={"reconstructed": "yes"})
    for table in section(survey.analyze(made, models=True)).values():
        for column in table.columns:
            if column.key in ("marginal", "odds_ratio", "p_value", "proportion", "reach", "chosen_first"):
                marks = table.marks(column)
                shown = table.data[column.key].notna().tolist()
                assert all(("unfixed" in own) == has for own, has in zip(marks, shown, strict=True))


@pytest.fixture(scope="module")
def sample():
    """The report of the packaged reconstruction, which is marked for models too."""
    return survey.analyze(SAMPLE, models=True)


def test_the_margins_say_what_they_leave_of_every_number(sample):
    """Data: fixed, a range over the draws or open, never a blank; a range holds the number beside it."""
    data = sample.sheet("Data").tables[0].data
    data = data[data["table"].str.startswith("explained")]
    assert set(data["table"]) == {"explained", "explained_together", "explained_bundles"}
    said = data["fixed"].str.partition(" ")[0]
    assert (said == "draws").sum() > 100
    assert {"draws", "open"} <= set(said)
    assert "not" not in set(said)
    known = survey.read_responses(SAMPLE).provenance.reconstruction.marks
    checked = 0
    for key, value in zip(data["key"], data["value"].astype(float), strict=True):
        mark = known[key_of(key.result, key.ids)][key.measure]
        if mark.draws and value == value:
            checked += 1
            assert mark.draws[0] - 1e-3 <= value <= mark.draws[1] + 1e-3, key
    assert checked > 100


def test_the_numbers_of_the_sheet_are_marked_by_what_is_fixed(sample):
    table = section(sample)["explained"]
    marks = {column.key: table.marks(column) for column in table.columns}
    yes = dict(zip(table.data["stub_code"], marks["n_yes"], strict=True))
    assert "unfixed" not in yes["regulatory_consultancy"]  # 75.9 % is published
    assert "unfixed" in yes["virtual_data_room"]
    assert all("unfixed" not in own for own in marks["base"])
    bundles = section(sample)["explained_bundles"]
    reached = {
        (row.group, row.bundle_id): "unfixed" in own
        for row, own in zip(
            bundles.data.itertuples(),
            bundles.marks(next(column for column in bundles.columns if column.key == "reach")),
            strict=True,
        )
    }
    assert not reached["licensing", "regulatory_consultancy"]  # 73.3 % of 90 is published
    assert reached["newco", "regulatory_consultancy"]  # of 41 to 112


def test_a_report_without_models_counts_no_marks_of_them(sample):
    def fixed(report):
        texts = report.sheet("Notes").tables[0].data["what"]
        return int(texts[texts.str.match(r"Of \d+ numbers")].iloc[0].split()[1])

    assert fixed(survey.analyze(SAMPLE)) < fixed(sample)


def test_three_bundles_of_the_same_reach_are_shown_and_all_are_in_data():
    ticks = {f"support_needs__{name}": [1.0] * 12 for name in OPTIONS[:6]}
    report = survey.analyze(firms(np.tile([[1.0, 0.0, 1.0, 0.0]], (12, 1)), **ticks), models=True)
    table = section(report)["explained_bundles"].data
    own = table[(table["group"] == "licensing") & (table["question"] == "support_needs")]
    assert (len(own), set(own["ties"])) == (3, {6})
    data = report.sheet("Data").tables[0].data
    assert ((data["measure"] == "reach") & (data["group"] == "licensing")).sum() == 6


def test_other_shapes_make_a_report():
    ratings = np.random.default_rng(2).integers(1, 8, 30)
    frame = pd.DataFrame({"region": ["north", "south"] * 15, "agreement__first": ratings})
    seven = survey.from_frame(frame, EXAMPLES / "seven-points.yaml")
    assert set(section(survey.analyze(seven, models=True))) == {"explained", "explained_together"}
    for given in (random_firms(3), firms(np.ones((12, 4))), firms(np.zeros((12, 4)))):
        survey.analyze(given, models=True)
