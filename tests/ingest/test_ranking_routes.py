"""Who is asked by the place of one option of a ranking: an option left out beside others has none."""

import pandas as pd
import pytest

import survey
from survey.instrument.loading import parse_schema

YAML = """
kind: survey
id: places
version: "1.0.0"
languages: [en]
title: {en: Places}
questions:
  - id: matters
    kind: ranking
    ranks: 2
    short: {en: Matters}
    text: {en: What matters?}
    options:
      - {id: price, label: {en: Price}}
      - {id: taste, label: {en: Taste}}
      - {id: speed, label: {en: Speed}}
  - id: why
    kind: KIND
    short: {en: Why}
    text: {en: Why?}
    asked_if: {question: matters, item: price, RULE}
    options:
      - {id: a, label: {en: A}}
      - {id: b, label: {en: B}}
"""
# Places of price, taste, speed; "" where an option was left out. The fifth ranked nothing at all.
RANKS = [("1", "2", ""), ("2", "1", ""), ("", "1", "2"), ("1", "", "2"), ("", "", ""), ("", "2", "1")]
PRICE_SOMETHING = [0, 1, 3]


def read(kind, rule, why, ranks=RANKS):
    """Responses to both questions; `why` by column."""
    instrument = parse_schema(YAML.replace("KIND", kind).replace("RULE", rule), "places.yaml")
    columns = zip(*ranks, strict=True)
    names = ("matters__price", "matters__taste", "matters__speed")
    return survey.from_frame(pd.DataFrame(dict(zip(names, columns, strict=True)) | why), instrument)


RULES = {
    "any: [1]": ["", "not_asked", "not_asked", "", "empty", "not_asked"],
    "at_most: 2": ["", "", "not_asked", "", "empty", "not_asked"],
    "at_least: 2": ["not_asked", "", "not_asked", "not_asked", "empty", "not_asked"],
    "none: [1]": ["not_asked", "", "", "not_asked", "empty", ""],  # no place is not the first one
}


@pytest.mark.parametrize("rule", RULES)
def test_who_left_the_option_out_was_not_asked_what_hangs_on_its_place(rule):
    asked = [kind == "" for kind in RULES[rule]]
    why = {"why": ["a" if one else "" for one in asked]}
    responses = read("single", rule, why)
    assert responses.missing["why"].tolist() == RULES[rule]
    table = survey.frequencies(responses, "why")
    assert (table["base"] == sum(asked)).all()
    cells = responses.accounting.set_index("kind")["cells"]
    assert cells["not_asked"] == RULES[rule].count("not_asked")
    kinds = [responses.missing[f"matters__{name}"].tolist() for name in ("price", "taste", "speed")]
    assert kinds[0] == ["" if ranks[0] else "empty" for ranks in RANKS]  # the ranking stays as it was


def test_a_ranking_that_hangs_on_a_place_has_those_asked_as_its_base():
    """Of the three who gave the price a place two rank A first and one B: mean ranks 4/3 and 5/3."""
    why = {"why__a": ["1", "1", "", "2", "", ""], "why__b": ["2", "2", "", "1", "", ""]}
    responses = read("ranking", "at_most: 2", why)
    for name in ("why__a", "why__b"):
        assert responses.missing[name].tolist() == ["", "", "not_asked", "", "empty", "not_asked"]
    table = survey.rankings(responses, "why").set_index("code")
    assert table.loc["a", ["base", "n_ranked", "n_first", "mean_rank"]].tolist() == [
        3,
        3,
        2,
        pytest.approx(4 / 3),
    ]
    assert table.loc["b", ["base", "n_ranked", "n_first", "mean_rank"]].tolist() == [
        3,
        3,
        1,
        pytest.approx(5 / 3),
    ]
    whole = survey.rankings(responses, "matters").set_index("code")
    assert whole.loc["price", ["base", "n_ranked", "mean_rank"]].tolist() == [5, 3, pytest.approx(4 / 3)]


def test_zeros_of_those_not_asked_are_no_answer_and_those_of_the_others_are():
    why = {"why__a": ["1", "0", "0", "0", "0", "0"], "why__b": ["0", "1", "0", "0", "0", "0"]}
    responses = read("multiple", "at_most: 2", why)
    assert responses.missing["why__a"].tolist() == ["", "", "not_asked", "", "empty", "not_asked"]
    assert responses.data["why__a"].tolist()[3] is False
    assert survey.frequencies(responses, "why")["base"].tolist() == [3, 3]


def test_nobody_and_everybody_may_have_given_the_option_a_place():
    nobody = read("single", "any: [1]", {"why": ["", "", ""]}, [("", "1", "2")] * 3)
    assert nobody.missing["why"].tolist() == ["not_asked"] * 3
    everybody = read(
        "single", "at_most: 2", {"why": ["a", "b", ""]}, [("1", "2", ""), ("2", "1", ""), ("1", "", "2")]
    )
    assert everybody.missing["why"].tolist() == ["", "", "empty"]


def test_an_answer_of_one_who_left_the_option_out_is_told():
    responses = read("single", "any: [1]", {"why": ["a", "", "b", "a", "", ""]})
    told = [problem for problem in responses.problems if problem.key == "answered_not_asked"]
    assert told[0].values["count"] == 1


def test_groups_by_a_place_are_of_those_who_gave_the_option_one():
    responses = read(
        "multiple",
        "none: [2]",
        {"why__a": ["1"] * 6, "why__b": ["0"] * 6},
        [*RANKS[:4], *RANKS[5:], RANKS[0]],
    )
    table = survey.crosstab(responses, "why", banner="matters__price")
    ranked = survey.rankings(responses, "matters").set_index("code").loc["price", "n_ranked"]
    assert ranked == 4
    assert (table["base"] + table["complement_base"]).tolist() == [4] * len(table)
    shown = survey.analyze(responses, banner="matters__price").sheets[2].tables[0].data
    heads = shown[shown["section"] & shown["stub"].eq("why")]
    assert heads[["1", "2"]].sum(axis=1).tolist() == [4]
