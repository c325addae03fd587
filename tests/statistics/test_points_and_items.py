"""Points that rate nothing, half points, reversed items: what counts them and what does not."""

import csv
import shutil
import subprocess
from functools import cache

import pandas as pd
import pytest

import survey
from survey.instrument.loading import parse_schema
from tests.paths import ROOT

REFERENCE = ROOT / "tests" / "reference"

SCALES = """
scales:
  seven:
    points:
      - {value: 1, label: {en: "Never"}}
      - {value: 2, label: {en: "2"}}
      - {value: 3, label: {en: "3"}}
      - {value: 4, label: {en: "4"}}
      - {value: 5, label: {en: "5"}}
      - {value: 6, label: {en: "6"}}
      - {value: 7, label: {en: "Always"}}
      - {value: 98, label: {en: "Does not apply"}, substantive: false}
      - {value: 99, label: {en: "Don't know"}, substantive: false}
  stars:
    points:
      - {value: 1, label: {en: "1"}}
      - {value: 1.5, label: {en: "1.5"}}
      - {value: 2, label: {en: "2"}}
      - {value: 2.5, label: {en: "2.5"}}
      - {value: 3.0, label: {en: "3"}}
"""
INSTRUMENT = f"""
kind: survey
id: feelings
version: "1.0.0"
languages: [en]
title: {{en: "Feelings"}}
defaults: {{battery: mood}}
{SCALES}
questions:
  - id: mood
    kind: rating
    short: {{en: "Mood"}}
    text: {{en: "How often are you so?"}}
    scale: seven
    items:
      - {{id: calm, label: {{en: "Calm"}}}}
      - {{id: tired, label: {{en: "Tired"}}, reverse: true}}
      - {{id: glad, label: {{en: "Glad"}}}}
      - {{id: tense, label: {{en: "Tense"}}, reverse: true}}
  - id: stars
    kind: rating
    short: {{en: "Stars"}}
    text: {{en: "How many stars?"}}
    scale: stars
    items:
      - {{id: good, label: {{en: "Good"}}}}
      - {{id: poor, label: {{en: "Poor"}}, reverse: true}}
      - {{id: fine, label: {{en: "Fine"}}}}
"""


@cache
def instrument():
    return parse_schema(INSTRUMENT, "feelings.yaml")


@cache
def given():
    return pd.read_csv(REFERENCE / "keyed-data.csv")


@cache
def responses():
    mood = given()[["calm", "tired", "glad", "tense"]].add_prefix("mood__")
    stars = given()[["good", "poor", "fine"]].add_prefix("stars__")
    return survey.from_frame(pd.concat([mood, stars], axis=1), instrument())


@cache
def reference():
    with (REFERENCE / "keyed.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["data"], row["scale"], row["statistic"]): float(row["value"]) for row in rows}


def counted(given_points):
    return pd.Series(given_points).value_counts()


# -- points that rate nothing ------------------------------------------------------------------------------


def test_the_distribution_counts_every_point_and_the_base_all_who_answered():
    table = survey.frequencies(responses(), "mood")
    for item in ("calm", "tired", "glad", "tense"):
        own = table[table["item"] == item].set_index("code")["n"]
        expected = counted(given()[item]).reindex(own.index, fill_value=0)
        assert own.tolist() == expected.tolist()
        assert own.index.tolist() == [1, 2, 3, 4, 5, 6, 7, 98, 99]
    assert (table["base"] == 60).all()
    assert table.groupby("item")["proportion"].sum().round(12).eq(1).all()


def test_means_and_top_boxes_are_of_those_who_rated():
    table = survey.importance_shares(responses(), "mood").set_index("item")
    for item, row in table.iterrows():
        rated = given()[item][given()[item] <= 7]
        assert row["base"] == len(rated) == reference()["made_up", item, "rated"]
        assert row["n_top"] == (rated >= 6).sum()
        assert row["mean"] == pytest.approx(reference()["made_up", item, "mean"], rel=1e-13)
        assert row["sd"] == pytest.approx(reference()["made_up", item, "sd"], rel=1e-13)
        assert row["median"] == rated.median()
        assert "not_rated" in row["reason"]
        assert "Does not apply" in row["note"]


def test_tests_and_correlations_leave_them_out():
    both = given()[["calm", "glad"]]
    both = both[(both <= 7).all(axis=1)]
    pairs = survey.correlations(responses(), ["mood__calm", "mood__glad"])
    assert pairs.iloc[0]["base"] == len(both)
    assert pairs.iloc[0]["correlation"] == pytest.approx(reference()["made_up", "calm glad", "spearman"])
    table = survey.compare_ratings(responses(), "mood")
    row = table[(table["item"] == "calm") & (table["other_item"] == "glad")].iloc[0]
    without = survey.from_frame(both.add_prefix("mood__"), instrument())
    alone = survey.compare_ratings(without, "mood")
    alone = alone[(alone["item"] == "calm") & (alone["other_item"] == "glad")].iloc[0]
    assert (row["base"], row["statistic"], row["p_value"]) == (
        alone["base"],
        alone["statistic"],
        alone["p_value"],
    )


def test_conditions_of_more_and_less_leave_them_out_and_named_ones_find_them():
    assert len(responses().where("mood__calm>=6")) == int((given()["calm"].between(6, 7)).sum())
    assert len(responses().where("mood__calm=99")) == int((given()["calm"] == 99).sum())


def test_a_tally_says_the_same_however_it_is_made(tmp_path):
    tally = survey.tally(responses())
    survey.export_responses(responses(), tmp_path / "coded.parquet")
    path = tmp_path / "feelings.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    counted_file = survey.tally(tmp_path / "coded.parquet", path)
    with pytest.warns(UserWarning, match="not anonymous"):
        survey.write_tally(tally, tmp_path / "saved.tally")
    for function in (
        lambda data: survey.frequencies(data, "mood"),
        lambda data: survey.frequencies(data, "stars"),
        lambda data: survey.importance_shares(data, "mood"),
        lambda data: survey.importance_shares(data, "stars"),
        lambda data: survey.reliability(data, "stars"),
        lambda data: survey.compare_items(data, "stars"),
    ):
        expected = function(responses())
        for other in (tally, counted_file):
            pd.testing.assert_frame_equal(function(other), expected)
        pd.testing.assert_frame_equal(function(tmp_path / "saved.tally"), expected)
    part = survey.tally(responses(), where=["mood__calm>=6"])
    assert len(part) == len(responses().where("mood__calm>=6"))


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_few_respondents_and_nobody_who_rates(rows):
    frame = pd.DataFrame({f"mood__{item}": [99] * rows for item in ("calm", "tired", "glad", "tense")})
    few = survey.from_frame(frame.astype("Int64"), instrument())
    shares = survey.importance_shares(few, "mood")
    assert (shares["base"] == 0).all()
    assert shares["mean"].isna().all()
    assert survey.frequencies(few, "mood").groupby("item")["n"].sum().eq(rows).all()
    assert survey.reliability(few, "mood")["statistic"].isna().all()
    assert survey.analyze(few).sheets


def test_dont_know_throughout_is_no_straight_line():
    frame = pd.DataFrame({f"mood__{item}": [99, 4] for item in ("calm", "tired", "glad", "tense")})
    strict = parse_schema(INSTRUMENT + "quality: {straight_lining: {setting: 4}}\n", "strict.yaml")
    answers = survey.from_frame(frame, strict)
    _, quality = survey.screen(answers)
    found = quality.rows[quality.rows["rule"] == "straight_lining"]
    assert found["detail"].tolist() == ["Mood: 4 for all 4 items"]
    rules = survey.tally(answers).rules
    assert rules["straight_lining"] == (1, 2)


# -- half points -------------------------------------------------------------------------------------------


def test_half_points_are_read_in_every_way_and_kept():
    cells = ["1.5", 2.5, "1,5", "2.5 分", 3, "4"]
    frame = pd.DataFrame({"stars__good": pd.Series(cells, dtype=object)})
    read = survey.from_frame(frame.iloc[:5], instrument())
    assert read.data["stars__good"].tolist() == [1.5, 2.5, 1.5, 2.5, 3.0]
    with pytest.raises(survey.errors.DataError, match="4"):
        survey.from_frame(frame, instrument())


def test_half_points_have_exact_means_and_tops():
    table = survey.importance_shares(responses(), "stars").set_index("item")
    for item, row in table.iterrows():
        assert row["mean"] == pytest.approx(given()[item].mean(), rel=1e-14)
        assert row["sd"] == pytest.approx(given()[item].std(), rel=1e-13)
        assert row["n_top"] == (given()[item] >= 2.5).sum()
    assert survey.frequencies(responses(), "stars")["code"].tolist()[:5] == [1, 1.5, 2, 2.5, 3]


# -- reversed items ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", ["mood", "stars"])
def test_alpha_and_item_rest_are_keyed(scale):
    table = survey.reliability(responses(), scale)
    expected = {key[2]: value for key, value in reference().items() if key[:2] == ("made_up", scale)}
    alpha = table[table["test"] == "cronbach_alpha"].iloc[0]
    assert alpha["base"] == expected["base"]
    assert alpha["statistic"] == pytest.approx(expected["alpha"], rel=1e-12)
    turned = [item.id for item in instrument().question(scale).items if item.reverse]
    assert alpha["reason"] == "keyed_items"
    assert all(
        item.said("en") in alpha["note"] for item in instrument().question(scale).items if item.reverse
    )
    rest = table[table["test"] == "item_rest"].set_index("item")
    for item, row in rest.iterrows():
        assert row["statistic"] == pytest.approx(expected[f"item_rest {item}"], rel=1e-12)
        assert (row["reason"] == "keyed_items") == (item in turned)
    assert "cronbach_alpha_keyed" not in set(table["test"])


def test_turning_an_item_round_by_hand_is_the_same_as_declaring_it():
    plain = parse_schema(INSTRUMENT.replace(", reverse: true", ""), "plain.yaml")
    data = responses().data.copy()
    scale = instrument().scales["seven"]
    for name in ("mood__tired", "mood__tense"):
        rated = data[name] <= 7
        data[name] = data[name].where(~rated, data[name].map(scale.turned, na_action="ignore"))
    by_hand = survey.reliability(survey.from_frame(data, plain), "mood")
    declared = survey.reliability(responses(), "mood")
    assert by_hand["statistic"].tolist() == pytest.approx(declared["statistic"].tolist(), nan_ok=True)


def test_an_item_reversed_by_mistake_is_named():
    wrong = parse_schema(INSTRUMENT.replace('"Glad"}', '"Glad"}, reverse: true'), "wrong.yaml")
    table = survey.reliability(survey.from_frame(responses().data, wrong), "mood")
    assert table["test"].tolist()[:4] == [
        "cronbach_alpha",
        "mcdonald_omega",
        "cronbach_alpha_keyed",
        "mcdonald_omega_keyed",
    ]
    assert "Glad" in table.iloc[0]["note"]
    assert table.iloc[2]["statistic"] == pytest.approx(reference()["made_up", "mood", "alpha"])


def test_bfi_of_psych_has_its_alphas(tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("needs R with psychTools")
    code = "data(bfi, package = 'psychTools'); write.csv(bfi, 'bfi.csv', row.names = FALSE)"
    made = subprocess.run(["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip("needs R with psychTools")
    frame = pd.read_csv(tmp_path / "bfi.csv")
    reversed_items = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
    points = "\n".join(f"      - {{value: {n}, label: {{en: '{n}'}}}}" for n in range(1, 7))
    text = "kind: survey\nid: bfi\nversion: '1.0.0'\nlanguages: [en]\ntitle: {en: bfi}\n"
    text += f"scales:\n  six:\n    points:\n{points}\nquestions:\n"
    for trait in "ACENO":
        text += f"  - id: {trait.lower()}\n    kind: rating\n    short: {{en: '{trait} items'}}\n"
        text += f"    text: {{en: 'Trait {trait}'}}\n    scale: six\n    items:\n"
        for number in range(1, 6):
            name = f"{trait}{number}"
            turned = ", reverse: true" if name in reversed_items else ""
            text += f"      - {{id: {name.lower()}, label: {{en: 'Item {name}'}}{turned}}}\n"
    columns = {f"{t}{n}": f"{t.lower()}__{t.lower()}{n}" for t in "ACENO" for n in range(1, 6)}
    answers = frame[list(columns)].rename(columns=columns).astype("Int64")
    answers = survey.from_frame(answers, parse_schema(text, "bfi.yaml"))
    for trait in "ACENO":
        alpha = survey.reliability(answers, trait.lower()).iloc[0]
        assert alpha["base"] == reference()["bfi", trait, "base"]
        assert alpha["statistic"] == pytest.approx(reference()["bfi", trait, "alpha"], rel=1e-12)
        assert alpha["statistic"] == pytest.approx(reference()["bfi", trait, "alpha_pairwise"], abs=0.003)
