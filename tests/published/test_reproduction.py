"""Computing the published figures again."""

import dataclasses

import pandas as pd
import pytest

from survey.ingest import from_frame
from survey.published.findings import reproduce
from survey.published.findings.figures import count_range
from survey.published.reconstruction.dataset import reconstruct
from survey.tables import CONTRACTS


@pytest.fixture(scope="module")
def compared(rebuilt, findings):
    return reproduce(rebuilt, findings).set_index("finding", drop=False)


@pytest.fixture
def few(executive):
    """Ten respondents made by hand: seven of nine rate 4 or 5, three of four licensing firms need CROs."""
    frame = pd.DataFrame(
        {
            "challenges__geopolitics": [5, 5, 5, 4, 4, 4, 4, 3, 2, None],
            "expansion_models__licensing": [1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
            "support_needs__cro_matching": [1, 1, 1, 0, 1, 0, 0, 0, 0, 0],
            "firm_type": ["biotech"] * 6 + ["biopharma"] * 3 + [None],
            "position": [None] * 9 + ["director"],  # whose zeros are answers: the form was opened
        }
    )
    responses = from_frame(frame, "executive-survey@1.0.0")

    def compare(*rows, lang="en"):
        return reproduce(responses, executive(rows), lang=lang).iloc[0]

    return compare


def test_53_of_55_figures_are_reproduced(compared):
    assert compared["verdict"].value_counts().to_dict() == {
        "reproduced": 45,
        "bound holds": 8,
        "not reproduced": 2,
    }


def test_columns_are_those_of_the_contract(compared):
    assert tuple(compared.columns) == CONTRACTS["finding"]


def test_independent_expansion_cannot_be_69_1(compared):
    missed = compared[compared["verdict"] == "not reproduced"]
    assert list(missed["finding"]) == ["M01", "M02"]
    for row in missed.itertuples():
        assert (row.published, row.computed, row.base, row.count) == ("69.1", "69.0", 42, 29)
        assert row.difference == -0.1
        assert "29 of 42, is 69.0" in row.note
        assert row.reason == "no_count other_rounding"
        assert "rounded twice" in row.note
        assert "truncated" not in row.note


def test_only_misses_have_a_note(compared):
    agreeing = ["reproduced", "bound holds"]
    assert set(compared.loc[compared["verdict"].isin(agreeing), "note"]) == {""}
    assert set(compared.loc[compared["verdict"] == "reproduced", "difference"]) == {0.0}


def test_digits_are_those_printed(compared):
    assert compared.loc["G01", ["computed", "digits"]].tolist() == ["69.34", 2]
    assert compared.loc["M10", ["computed", "digits"]].tolist() == ["60.0", 1]
    assert compared.loc["N01", ["computed", "digits", "count"]].tolist() == ["137", 0, 137]


def test_base_is_those_who_answered(few):
    row = few("A,,figure,challenges,geopolitics,all,top_2_box,=,77.8,1,,,")
    assert (row["base"], row["count"], row["verdict"]) == (9, 7, "reproduced")


@pytest.mark.parametrize(
    ("statistic", "count"), [("top_1_box", 3), ("top_3_box", 8), ("share_rated_5", 3), ("share_rated_1", 0)]
)
def test_statistic_says_which_answers_count(few, statistic, count):
    assert few(f"A,,figure,challenges,geopolitics,all,{statistic},=,50,0,,,")["count"] == count


def test_group_is_those_who_ticked_the_banner_option(few):
    row = few("A,,figure,support_needs,cro_matching,licensing,share_selecting,=,75,0,3,4,")
    assert (row["base"], row["count"], row["verdict"]) == (4, 3, "reproduced")


def test_single_choice_is_a_share_of_those_who_chose(few):
    row = few("A,,figure,firm_type,biotech,all,share_selecting,=,66.7,1,,,")
    assert (row["base"], row["count"], row["verdict"]) == (9, 6, "reproduced")


def test_stated_count_and_base_that_differ_are_a_miss(few):
    row = few("A,,figure,support_needs,cro_matching,licensing,share_selecting,=,75,0,6,8,")
    assert row["verdict"] == "not reproduced"
    assert (
        row["note"] == "The count is stated as 6; the data have 3. The base is stated as 8; the data have 4."
    )
    assert row["reason"] == "stated_count stated_base"


def test_miss_names_the_count_it_needs(few):
    row = few("A,,figure,support_needs,cro_matching,all,share_selecting,=,60,0,,,")
    assert (row["computed"], row["difference"]) == ("40", -20.0)
    assert "60 needs 6 of 10; the data have 4 of 10" in row["note"]
    assert row["reason"] == "other_count no_rounding"


def test_miss_names_the_rule_that_would_print_it(few):
    row = few("A,,figure,challenges,geopolitics,all,top_2_box,=,77.7,1,,,")
    assert "truncated" in row["note"]
    assert "rounded twice" not in row["note"]
    assert row["reason"] == "no_count other_rounding"


@pytest.mark.parametrize(
    ("comparator", "published", "verdict", "computed"),
    [
        ("<", "50", "bound holds", "40"),
        ("<", "40", "not reproduced", "40"),
        ("<=", "40", "bound holds", "40"),
        (">", "39", "bound holds", "40"),
        (">=", "41", "not reproduced", "40"),
    ],
)
def test_bound_is_held_to_the_exact_share(few, comparator, published, verdict, computed):
    row = few(f"A,,figure,support_needs,cro_matching,all,share_selecting,{comparator},{published},0,,,")
    assert (row["verdict"], row["computed"]) == (verdict, computed)
    assert row["published"] == f"{comparator} {published}"
    assert row["reason"] == ("bound_broken" if verdict == "not reproduced" else "")


def test_share_just_below_a_bound_shows_the_side(few):
    row = few("A,,figure,challenges,geopolitics,all,top_2_box,<,78,0,,,")
    assert (row["verdict"], row["computed"]) == ("bound holds", "77.8")


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("capability_gaps,one_stop_service,all,share_selecting", "no_answer"),
        ("support_needs,cro_matching,newco,share_selecting", "no_answer"),
        ("challenges,ip_protection,all,top_2_box", "no_answer"),
        (",,newco,respondents", "no_answer"),
    ],
)
def test_what_the_data_lack_is_no_data_with_a_note(few, rest, reason):
    row = few(f"A,,figure,{rest},=,35,0,,,")
    assert (row["verdict"], row["base"], row["count"], row["computed"]) == ("no data", 0, 0, "")
    assert (row["reason"], bool(row["note"])) == (reason, True)


def test_question_of_another_instrument_is_no_data(rebuilt, clinics):
    compared = reproduce(rebuilt, clinics())
    assert set(compared["verdict"]) == {"not reproduced", "no data"}
    assert compared["note"].str.len().min() > 0
    assert set(compared.loc[compared["verdict"] == "no data", "reason"]) == {"not_in_instrument"}


def test_number_of_respondents_differs_in_respondents(few):
    row = few("N,,figure,,,all,respondents,=,12,0,,,")
    assert (row["verdict"], row["difference"], row["computed"]) == ("not reproduced", -2.0, "10")


def test_notes_speak_chinese_and_verdicts_do_not_change(rebuilt, findings, compared):
    chinese = reproduce(rebuilt, findings, lang="zh").set_index("finding")
    assert list(chinese["verdict"]) == list(compared["verdict"])
    assert "29/42" in chinese.loc["M01", "note"]
    assert "No count" not in chinese.loc["M01", "note"]


def test_no_figures_give_an_empty_frame(rebuilt, findings):
    none = dataclasses.replace(findings, figures=findings.figures.iloc[:0])
    assert tuple(reproduce(rebuilt, none).columns) == CONTRACTS["finding"]


def test_order_of_respondents_does_not_matter(rebuilt, findings, compared):
    turned = dataclasses.replace(
        rebuilt, data=rebuilt.data[::-1], missing=rebuilt.missing[::-1], meta=rebuilt.meta[::-1]
    )
    pd.testing.assert_frame_equal(reproduce(turned, findings), compared.reset_index(drop=True))


def test_other_instrument_is_reproduced(clinics):
    findings = clinics()
    compared = reproduce(reconstruct(findings), findings)
    assert set(compared["verdict"]) == {"reproduced", "bound holds"}
    assert compared.set_index("finding").loc["A5", ["base", "count"]].tolist() == [60, 43]


def test_doubled_sample_prints_the_same_shares(rebuilt, findings, compared):
    twice = from_frame(pd.concat([rebuilt.data, rebuilt.data], ignore_index=True), findings.instrument)
    doubled = reproduce(twice, findings).set_index("finding")
    shares = compared.index != "N01"
    assert list(doubled.loc[shares, "computed"]) == list(compared.loc[shares, "computed"])
    assert list(doubled["base"]) == [2 * base for base in compared["base"]]


def test_count_range_agrees_with_rounding():
    from survey.rounding import counts_printing

    for base in (1, 2, 3, 29, 42, 137):
        for published in ("0", "50", "100", "0.0", "7.1", "69.0", "69.1", "73.17", "99.95", "100.0"):
            low, high = count_range(published, base)
            assert list(range(low, high + 1)) == counts_printing(published, base)
