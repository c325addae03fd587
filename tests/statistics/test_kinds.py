"""Net scores, rankings, constant sums and dates against R, by hand, and in every shape."""

import csv

import numpy as np
import pandas as pd
import pytest

import survey
from survey.statistics.intervals import paired_difference_interval
from tests.answers import FOUR, answers_to, four_kinds
from tests.paths import ROOT

REFERENCE = ROOT / "tests" / "reference"
CALLS = {
    "nps": ("net_promoter", "recommend", {}),
    "ranking": ("rankings", "matters", {"top": 2}),
    "sum": ("allocations", "budget", {}),
    "date": ("date_summary", "since", {}),
    "years": ("date_counts", "since", {"unit": "year"}),
}
NAMES = {
    "min": "earliest",
    "max": "latest",
    "n_n": "n",
    "n": "proportion",
    "n_low": "ci_low",
    "n_high": "ci_high",
}


@pytest.fixture(scope="module")
def data():
    frame = pd.read_csv(REFERENCE / "kinds-data.csv", dtype=object)
    return survey.from_frame(frame.where(frame.notna(), None), FOUR)


def stored():
    with (REFERENCE / "kinds.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(data, banner="site"):
    return {
        key: getattr(survey, name)(data, question, banner=banner, **more)
        for key, (name, question, more) in CALLS.items()
    }


@pytest.mark.parametrize("form", ["responses", "tally"])
def test_the_same_as_r(data, form):
    """Every number of every group, from responses and from their tally."""
    made = tables(data if form == "responses" else survey.tally(data))
    for line in stored():
        table = made[line["table"]]
        rows = table[table["banner_code"] == line["group"]]
        if line["code"]:
            rows = rows[rows["period" if line["table"] == "years" else "code"] == line["code"]]
        (row,) = rows.to_dict("records")
        name = (
            NAMES.get(line["statistic"], line["statistic"])
            if line["table"] in ("date", "years")
            else line["statistic"]
        )
        value = row[name]
        if line["table"] == "date" and name != "base":
            value = (value - pd.Timestamp("1970-01-01").date()).days
        tolerance = 1e-7 if (line["table"], name[:2]) == ("nps", "ci") else 1e-10  # R searched for these
        assert value == pytest.approx(float(line["value"]), rel=tolerance, abs=tolerance), line
    assert len(stored()) > 350


def answers(**columns):
    return survey.from_frame(pd.DataFrame(columns, dtype=object), FOUR)


# -- by hand ---------------------------------------------------------------------------------------------


def test_a_net_score_by_hand():
    """Five promoters, two passives, three detractors: 50 % less 30 %."""
    scores = [10, 9, 9, 10, 9, 8, 7, 6, 0, 5]
    (row,) = survey.net_promoter(answers(recommend=scores), "recommend").to_dict("records")
    assert (row["n_promoters"], row["n_passives"], row["n_detractors"], row["base"]) == (5, 2, 3, 10)
    assert row["score"] == pytest.approx(0.2)
    assert row["mean"] == pytest.approx(7.3)
    assert row["promoters"] + row["passives"] + row["detractors"] == pytest.approx(1)


def test_the_interval_turns_with_the_scores():
    """Promoters for detractors, and the limits change places and signs."""
    one = survey.net_promoter(answers(recommend=[10] * 7 + [0] * 2 + [7] * 3), "recommend").iloc[0]
    other = survey.net_promoter(answers(recommend=[0] * 7 + [10] * 2 + [7] * 3), "recommend").iloc[0]
    assert (one["score"], one["ci_low"], one["ci_high"]) == pytest.approx(
        (-other["score"], -other["ci_high"], -other["ci_low"])
    )


@pytest.mark.parametrize("scores", [[10] * 4, [0] * 4, [8] * 4, [10], [8], [0, 10]])
def test_the_interval_is_never_of_no_width(scores):
    """Where all answers are of one class, a mean of -1, 0 and 1 would have none."""
    row = survey.net_promoter(answers(recommend=scores), "recommend").iloc[0]
    assert -1 <= row["ci_low"] <= row["score"] <= row["ci_high"] <= 1
    assert row["ci_high"] - row["ci_low"] > 0.3


@pytest.mark.parametrize(("up", "down"), [(0.45, 0.22), (0.8, 0.05), (0.1, 0.6), (0.95, 0.01)])
@pytest.mark.parametrize("size", [5, 10])
def test_the_interval_holds_its_level_in_small_samples(up, down, size):
    """Exact coverage over all samples; the plain interval of a mean holds as little as 22 % here."""
    from math import comb

    held = 0.0
    for first in range(size + 1):
        for second in range(size + 1 - first):
            rest = size - first - second
            ways = comb(size, first) * comb(size - first, second)
            chance = ways * up**first * down**second * (1 - up - down) ** rest
            low, high = paired_difference_interval(0, first, second, rest, interval="tango")
            held += chance * (low <= up - down <= high)
    assert 0.93 < held < 0.975


def test_a_ranking_by_hand():
    """Three full rankings of three places: price 1, 1, 2; taste 2, 3, 1; speed 3, 2 and not ranked."""
    ranked = answers(matters__price=[1, 1, 2], matters__taste=[2, 3, 1], matters__speed=[3, 2, None])
    table = survey.rankings(ranked, "matters", top=2).set_index("code")
    assert table["n_first"].to_dict() == {"price": 2, "taste": 1, "speed": 0, "health": 0}
    assert table["n_in_top"].to_dict() == {"price": 3, "taste": 2, "speed": 1, "health": 0}
    assert table["mean_rank"].tolist()[:3] == pytest.approx([4 / 3, 2, 2.5])
    assert table["n_ranked"].to_dict() == {"price": 3, "taste": 3, "speed": 2, "health": 0}
    assert set(table["base"]) == {3}
    assert table.loc["speed", "note"] == "not ranked by 1 of 3; the mean rank is of the others"
    assert pd.isna(table.loc["health", "mean_rank"])
    assert survey.rankings(ranked, "matters")["top"].tolist() == [3] * 4
    shares = survey.frequencies(ranked, "matters__price").set_index("code")["n"]
    assert shares.to_dict() == {"1": 2, "2": 1, "3": 0}


def test_shares_of_a_sum_add_to_one():
    table = survey.allocations(four_kinds(50), "budget", banner="site")
    for _, rows in table.groupby("banner_code"):
        assert rows["share"].sum() == pytest.approx(1)


def test_dates_by_hand():
    found = answers(since=["2020-12-31", "2021-02-01", "2021-02-03", "2021-04-01"])
    (row,) = survey.date_summary(found, "since").to_dict("records")
    ends = [str(row[name]) for name in ("earliest", "median", "latest")]
    assert ends == ["2020-12-31", "2021-02-02", "2021-04-01"]
    months = survey.date_counts(found, "since")
    assert months["period"].tolist() == ["2020-12", "2021-01", "2021-02", "2021-03", "2021-04"]
    assert months["n"].tolist() == [1, 0, 2, 0, 1]
    years = survey.date_counts(found, "since", unit="year")
    assert years[["period", "n"]].values.tolist() == [["2020", 1], ["2021", 3]]
    far = answers(since=["2000-01-01", "2026-01-01"])
    assert set(survey.date_counts(far, "since")["unit"]) == {"year"}
    many = survey.date_counts(far, "since", unit="month")
    assert many["period"].tolist() == ["2000-01", "2026-01"]  # 313 months, of which two have a date


# -- shapes ----------------------------------------------------------------------------------------------

OPTIONS = "\n".join(f'      - {{id: o{n}, label: {{en: "Option {n}"}}}}' for n in range(20))
TWENTY = f"""
kind: survey
id: twenty
version: "1.0.0"
languages: [en]
title: {{en: "Twenty"}}
questions:
  - id: groups
    kind: multiple
    short: {{en: "Groups"}}
    text: {{en: "Groups?"}}
    options:
      - {{id: a, label: {{en: "A"}}}}
      - {{id: b, label: {{en: "B"}}}}
      - {{id: none, label: {{en: "None"}}, exclusive: true}}
  - id: recommend
    kind: nps
    short: {{en: "Recommend"}}
    text: {{en: "Recommend?"}}
  - id: matters
    kind: ranking
    short: {{en: "Matters"}}
    text: {{en: "Rank all."}}
    options:
{OPTIONS}
  - id: budget
    kind: constant_sum
    total: 1000
    short: {{en: "Budget"}}
    text: {{en: "Share out."}}
    options:
{OPTIONS}
  - id: since
    kind: date
    short: {{en: "Since"}}
    text: {{en: "Since?"}}
"""


def twenty(size, tmp_path, *, groups=(1, 0), missing=0.0):
    path = tmp_path / "twenty.yaml"
    path.write_text(TWENTY, encoding="utf-8")
    instrument, rng = survey.load_instrument(path), np.random.default_rng(5)
    columns = {f"groups__{name}": [value] * size for name, value in zip("ab", groups, strict=True)}
    for question in instrument.questions[1:]:
        columns |= answers_to(question, size, rng, missing=missing)
    return survey.from_frame(pd.DataFrame(columns, dtype=object), instrument)


SHAPES = {
    "no group": {"size": 30, "groups": (0, 0)},
    "one group": {"size": 30, "groups": (1, 0)},
    "everyone in every group": {"size": 30, "groups": (1, 1)},
    "three respondents": {"size": 3},
    "one respondent": {"size": 1},
    "nobody answered": {"size": 5, "missing": 1.0},
    "nobody": {"size": 0},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_shape_has_its_rows_its_reasons_and_its_tally(shape, tmp_path):
    responses = twenty(**shape, tmp_path=tmp_path)
    made = tables(responses, banner="groups")
    groups, options = 3, 20  # all, A and B; an exclusive option is no group
    rows = {key: len(made[key]) for key in ("nps", "ranking", "sum", "date")}
    assert rows == {"nps": groups, "ranking": groups * options, "sum": groups * options, "date": groups}
    for key in rows:
        table = made[key]
        empty = table["base"] == 0
        assert (table.loc[empty, "reason"] == "no_answer").all()
        assert not table.loc[~empty, "reason"].str.contains("no_answer").any()
    if shape["size"]:
        for key, table in tables(survey.tally(responses, banners=["groups"]), banner="groups").items():
            pd.testing.assert_frame_equal(table, made[key], check_exact=True)
    for lang in ("en", "zh"):
        if shape["size"] and lang in responses.instrument.languages:
            survey.analyze(responses, lang=lang)


def test_a_tally_of_parts_is_that_of_the_whole():
    whole = four_kinds(40)
    halves = [whole.where("site=north"), whole.where("site=south")]
    parts = [
        survey.from_frame(half.data.assign(since=half.data["since"].dt.strftime("%Y-%m-%d")), FOUR)
        for half in halves
    ]
    both = survey.tally(parts[0]) + survey.tally(parts[1])
    for name, question, more in CALLS.values():
        one, other = (getattr(survey, name)(data, question, **more) for data in (both, whole))
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("top", [0, 4, 1.5, True, "2"])
def test_a_top_that_is_no_number_of_places_is_refused(top, data):
    with pytest.raises(survey.UsageError, match="top"):
        survey.rankings(data, "matters", top=top)


def test_a_unit_that_is_none_is_refused(data):
    with pytest.raises(survey.UsageError, match="month or year"):
        survey.date_counts(data, "since", unit="week")


def test_codes_of_reasons_are_those_that_the_docstrings_list(data):
    import inspect

    one = answers(recommend=[9], matters__price=[1], budget__kitchen=[100], since=["2020-01-01"])
    for name, question, more in CALLS.values():
        if name == "date_counts":
            continue
        reasons = " ".join(
            reason
            for responses in (data, one, one.where("recommend=1"))
            for reason in getattr(survey, name)(responses, question, **more)["reason"]
        )
        text = inspect.getdoc(getattr(survey, name)) or ""
        assert set(reasons.split()) <= set(text.replace(",", " ").replace(".", " ").split()), name
