"""Agreement between coders: published examples, other programs, hand calculations, and what is undefined."""

import csv
import math
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

import survey
from survey.errors import UsageError
from survey.instrument import load_schema
from survey.interviews.agreement import calls_for_agreement
from survey.interviews.agreement_coefficients import coefficients, summed
from survey.interviews.coding_units import units_of
from survey.tables import CONTRACTS
from tests.interviews.projects import SEGMENTS, segments_of, small_codebook
from tests.paths import ROOT

REFERENCE = ROOT / "tests" / "reference"
KAPPA, ALPHA, AC1 = "kappa", "alpha", "ac1"


def measured(table):
    """The coefficients of a table units x coders of category numbers, None where a coder did not decide."""
    ratings = np.array([[-1 if one is None else one for one in row] for row in table])[:, :, None]
    sums, cut = summed(ratings, max(2, int(ratings.max()) + 1))
    return {name: float(value) for name, value in coefficients(cut(sums.sum(axis=0))).items()}


def crossed(table):
    """Units of two coders from a square table of counts."""
    return [[i, j] for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]


KRIPPENDORFF = [  # observers A to D over 12 units
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def test_the_worked_example_of_krippendorff_and_gwet():
    rows = [[None if one == "." else int(one) - 1 for one in row.split()] for row in KRIPPENDORFF]
    found = measured(list(zip(*rows, strict=True)))
    assert found[ALPHA] == pytest.approx(0.743421, abs=5e-7)
    assert found[AC1] == pytest.approx(0.775444, abs=5e-7)
    assert found["agreement"] == pytest.approx(0.8181818, abs=5e-8)


def test_the_abstractors_of_gwet():
    found = measured(crossed([[13, 0, 0], [0, 20, 7], [0, 4, 56]]))
    assert found[KAPPA] == pytest.approx(0.7964094, abs=5e-8)
    assert found[AC1] == pytest.approx(0.8493305, abs=5e-8)
    assert found[ALPHA] == pytest.approx(0.7972585, abs=5e-8)


def test_the_paradox_of_gwet_2008():
    found = measured(crossed([[118, 5], [2, 0]]))
    assert found["agreement"] == pytest.approx(118 / 125)
    assert found[KAPPA] == pytest.approx(-0.0234, abs=5e-5)
    assert found[AC1] == pytest.approx(0.9408, abs=5e-5)


def test_by_hand():
    # 10 units: 4 yes-yes, 1 yes-no, 2 no-yes, 3 no-no.
    found = measured(crossed([[4, 1], [2, 3]]))
    assert found["agreement"] == pytest.approx(0.7)
    assert found[KAPPA] == pytest.approx((0.7 - 0.5) / 0.5)  # .5 * .6 + .5 * .4
    share = 11 / 20
    assert found[AC1] == pytest.approx((0.7 - 2 * share * (1 - share)) / (1 - 2 * share * (1 - share)))
    assert found[ALPHA] == pytest.approx(1 - (6 / 20) / (2 * 11 * 9 / (20 * 19)))


@pytest.mark.parametrize("seed", range(5))
def test_alpha_and_kappa_agree_with_other_programs(seed):
    krippendorff = pytest.importorskip("krippendorff")
    dice = np.random.default_rng(seed)
    table = dice.integers(0, 3, size=(25, 4))
    table = [[None if dice.random() < 0.2 else int(one) for one in row] for row in table]
    data = np.array([[np.nan if one is None else one for one in row] for row in table]).T
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert measured(table)[ALPHA] == pytest.approx(expected, abs=1e-12)
    pair = dice.integers(0, 4, size=(40, 2))
    square = np.zeros((4, 4))
    np.add.at(square, (pair[:, 0], pair[:, 1]), 1)
    assert measured(pair.tolist())[KAPPA] == pytest.approx(cohens_kappa(square).kappa, abs=1e-12)


def test_three_coders_agree_with_krippendorff_irrcac_and_sklearn():
    """Numbers of tests/reference/agreement_programs.py, decision by decision; irrCAC prints five decimals."""
    with (REFERENCE / "agreement-data.csv").open(encoding="utf-8") as file:
        data = list(csv.DictReader(file))
    with (REFERENCE / "agreement_programs.csv").open(encoding="utf-8") as file:
        expected = {(row["code"], row["statistic"]): float(row["value"]) for row in csv.DictReader(file)}
    for code in ("all", "costs", "funds", "talent"):
        rows = [row for row in data if code in ("all", row["code"])]
        table = [
            [None if row[one] == "NA" else int(row[one]) for one in ("ann", "bo", "chi")] for row in rows
        ]
        computed = measured(table)
        assert computed[ALPHA] == pytest.approx(expected[code, "alpha"], abs=1e-12)
        assert computed[ALPHA] == pytest.approx(expected[code, "alpha irrCAC"], abs=5.1e-6)
        assert computed[AC1] == pytest.approx(expected[code, "ac1"], abs=5.1e-6)
        assert computed["agreement"] == pytest.approx(expected[code, "agreement"], abs=5.1e-6)
        assert computed[KAPPA] == pytest.approx(expected[code, "kappa mean"], abs=1e-12)


# -- from segments -----------------------------------------------------------------------------------------


def from_reference():
    """The data of tests/reference/agreement.md as segments: a coder who gave no code saw the subtheme."""
    codes = ("costs", "funds", "talent")
    with (REFERENCE / "agreement-data.csv").open(encoding="utf-8") as file:
        data = list(csv.DictReader(file))
    rows = []
    for code in codes:  # units of different codes are apart
        for row in (one for one in data if one["code"] == code):
            for coder in ("ann", "bo", "chi"):
                if row[coder] != "NA":
                    given = code if row[coder] == "1" else "people"
                    rows.append({"segment": f"{code} {row['unit']}", "code": given, "coder": coder})
    return rows


def test_three_coders_agree_with_psych():
    expected = defaultdict(dict)
    with (REFERENCE / "agreement.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            expected[row["code"]][row["statistic"]] = float(row["value"])
    for code, said in expected.items():
        rows = [row for row in from_reference() if row["segment"].startswith(code)]
        table = survey.coder_agreement(segments_of(rows), seen="segment", draws=20).set_index("code")
        found = table.loc[code]
        assert found["kappa"] == pytest.approx(said["kappa mean"], abs=1e-10)
        assert found["agreement"] == pytest.approx(said["agreement"], abs=1e-10)
        assert found["ac1"] == pytest.approx(said["ac1"], abs=1e-10)
        assert found["coders"] == 3
        for pair in (("ann", "bo"), ("ann", "chi"), ("bo", "chi")):
            two = segments_of(rows).coded_by(*pair)
            one = survey.coder_agreement(two, seen="segment", draws=1).set_index("code").loc[code]
            assert one["kappa"] == pytest.approx(said[f"kappa {pair[0]} {pair[1]}"], abs=1e-10)


PAIR = [
    {"segment": "S1", "code": "costs", "coder": "Ann"},
    {"segment": "S1", "code": "costs", "coder": "Bo"},
    {"segment": "S2", "code": "talent", "coder": "Ann"},
    {"segment": "S2", "code": "costs", "coder": "Bo"},
    {"segment": "S3", "code": "talent", "coder": "Ann"},  # Bo gave nothing here
    {"segment": "S4", "code": "talent", "coder": "Bo"},
    {"segment": "S4", "code": "talent", "coder": "Ann"},
]


def test_columns_are_those_of_the_contract_and_every_code_has_a_row():
    table = survey.coder_agreement(segments_of(PAIR), draws=50)
    assert tuple(table.columns) == CONTRACTS["coder_agreement"]
    assert table["what"].tolist() == ["all", "which", "code", "code", "code"]
    assert table["code"].tolist() == ["", "", "costs", "funds", "talent"]
    costs = table.set_index("code").loc["costs"]
    # Ann: yes no no no; Bo: yes yes no no (Bo worked on this interview, so nothing given is a no).
    assert (costs["units"], costs["decisions"], costs["n_yes"]) == (4, 8, 3)
    assert costs["prevalence"] == pytest.approx(3 / 8)
    assert costs["agreement"] == pytest.approx(3 / 4)
    assert costs["kappa"] == pytest.approx((0.75 - 0.5) / 0.5)


def test_a_coder_who_never_worked_on_an_interview_is_missing_there_not_a_no():
    rows = [*PAIR, {"segment": "S9", "code": "costs", "coder": "Ann", "participant": "P2"}]
    table = survey.coder_agreement(segments_of(rows), draws=50).set_index("code")
    assert table.loc["costs", "units"] == 4
    assert "1" in table.loc["costs", "note"]
    assert table.loc["costs", "reason"] == "single_coder few_units"
    laid_out = survey.coder_agreement(segments_of(rows), seen="segment", draws=50).set_index("code")
    assert laid_out.loc["costs", "units"] == 3


def test_where_nothing_varies_it_is_undefined_and_never_0_or_1():
    table = survey.coder_agreement(segments_of(PAIR), draws=50).set_index("code")
    funds = table.loc["funds"]
    assert (funds["agreement"], funds["prevalence"]) == (1.0, 0.0)
    for name in (KAPPA, ALPHA, AC1):
        assert math.isnan(funds[name])
        assert math.isnan(funds[f"{name}_low"])
    assert "Undefined" in funds["note"]
    assert funds["reason"] == "no_variation undefined few_units"
    everybody = [{"segment": f"S{n}", "code": "costs", "coder": coder} for n in range(4) for coder in "ab"]
    always = survey.coder_agreement(segments_of(everybody), draws=50).set_index("code").loc["costs"]
    assert math.isnan(always["kappa"])
    assert math.isnan(always["ac1"])
    assert always["prevalence"] == 1.0


def test_one_coder_who_never_varies_is_told():
    rows = [{"segment": f"S{n}", "code": "talent", "coder": "Ann"} for n in range(6)]
    rows += [{"segment": f"S{n}", "code": "talent" if n else "costs", "coder": "Bo"} for n in range(6)]
    costs = survey.coder_agreement(segments_of(rows), draws=50).set_index("code").loc["costs"]
    assert costs["kappa"] == 0
    assert math.isnan(costs["kappa_low"])
    assert "never varies" in costs["note"]
    assert costs["reason"].split()[0] == "one_constant"


def test_order_of_rows_and_names_of_coders_change_nothing():
    first = survey.coder_agreement(segments_of(PAIR), draws=50)
    names = {"Ann": "Zoe", "Bo": "Abe"}
    other = [{**row, "coder": names[row["coder"]]} for row in reversed(PAIR)]
    second = survey.coder_agreement(segments_of(other), draws=50)
    columns = ["code", "units", "n_yes", "agreement", "kappa", "alpha", "ac1"]
    pd.testing.assert_frame_equal(first[columns], second[columns])


def test_doubling_the_passages_keeps_kappa_and_narrows_its_interval():
    rows = from_reference()[:100]
    rows = [row for row in rows if row["coder"] != "chi"]
    twice = [*rows, *({**row, "segment": f"{row['segment']} again"} for row in rows)]
    one = survey.coder_agreement(segments_of(rows), seen="segment").set_index("code").loc["costs"]
    two = survey.coder_agreement(segments_of(twice), seen="segment").set_index("code").loc["costs"]
    assert two["kappa"] == pytest.approx(one["kappa"])
    assert two["kappa_high"] - two["kappa_low"] < one["kappa_high"] - one["kappa_low"]


def test_intervals_hang_on_the_seed_alone():
    segments = segments_of(from_reference())
    first = survey.coder_agreement(segments, seed=3, draws=100)
    pd.testing.assert_frame_equal(first, survey.coder_agreement(segments, seed=3, draws=100))
    other = survey.coder_agreement(segments, seed=4, draws=100)
    assert (first["kappa_low"] != other["kappa_low"]).any()
    defined = first.dropna(subset=["kappa", "kappa_low"])
    assert (defined["kappa_low"] <= defined["kappa"]).all()
    assert (defined["kappa"] <= defined["kappa_high"]).all()


def test_the_bootstrap_agrees_with_a_plain_one():
    """Resampling the rows themselves, with another generator, gives the same interval within its error."""
    rows = [row for row in from_reference() if row["segment"].startswith("costs") and row["coder"] != "chi"]
    found = (
        survey.coder_agreement(segments_of(rows), seen="segment", draws=2000).set_index("code").loc["costs"]
    )
    frame = pd.DataFrame(rows).assign(yes=lambda one: one["code"] == "costs")
    both = (
        frame.pivot_table(index="segment", columns="coder", values="yes", aggfunc="max").dropna().astype(int)
    )
    dice = np.random.default_rng(99)
    drawn = [measured(both.sample(frac=1, replace=True, random_state=dice).values.tolist())["ac1"]
             for _ in range(2000)]  # fmt: skip
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    assert found["ac1_low"] == pytest.approx(low, abs=0.06)
    assert found["ac1_high"] == pytest.approx(high, abs=0.06)


def test_passages_that_overlap_enough_are_one_unit():
    def span(segment, start, end, document="d", participant="P1"):
        return {"segment": segment, "code": "costs", "start": start, "end": end, "document": document,
                "participant": participant}  # fmt: skip

    rows = segments_of(
        [
            *(span("A", 0, 10), span("B", 5, 20), span("C", 18, 40), span("D", 40, 50), span("E", 2, 4)),
            *(span("F", 0, 10, "other"), span("G", 0, 10, participant="P2")),
            {"segment": "H", "code": "costs"},
        ]
    ).data
    units = units_of(rows, 0.5)
    assert units == {"A": "A", "B": "A", "C": "C", "D": "D", "E": "A", "F": "F", "G": "G", "H": "H"}
    assert units_of(rows, 0.05)["C"] == "A"  # two signs of twenty-two are enough, and chains join
    assert units_of(rows, 1.0)["B"] == "B"
    assert units_of(rows, 1.0)["E"] == "A"


def test_codes_are_put_together_on_coarser_levels():
    rows = [
        {"segment": "S1", "code": "costs", "coder": "Ann"},
        {"segment": "S1", "code": "funds", "coder": "Bo"},
        {"segment": "S2", "code": "people", "coder": "Ann"},
        {"segment": "S2", "code": "talent", "coder": "Bo"},
    ]
    segments = segments_of(rows)
    fine = survey.coder_agreement(segments, draws=10).set_index("code")
    assert fine.loc["costs", "agreement"] == 0.5
    coarse = survey.coder_agreement(segments, level="subtheme", draws=10).set_index("code")
    assert coarse.loc[["money", "people"], "agreement"].tolist() == [1.0, 1.0]
    assert coarse.loc["money", "kappa"] == pytest.approx(1.0)
    assert len(survey.coder_agreement(segments, level="theme", draws=10)) == 3


def test_all_codes_together_add_up_what_the_codes_say():
    table = survey.coder_agreement(segments_of(from_reference()), seen="segment", draws=10)
    codes = table[table["what"] == "code"]
    assert table.loc[0, "n_yes"] == codes["n_yes"].sum()
    assert table.loc[0, "agreement"] == pytest.approx(codes["agreement"].mean())


def test_wrong_questions_are_refused_in_both_languages():
    segments = segments_of(PAIR)
    alone = [row for row in PAIR if row["coder"] == "Ann"]
    for call in (
        lambda: survey.coder_agreement(segments_of(alone)),
        lambda: survey.coder_agreement(segments_of([])),
        lambda: survey.coder_agreement(segments, level="aim"),
        lambda: survey.coder_agreement(segments, seen="page"),
        lambda: survey.coder_agreement(segments, overlap=0),
        lambda: survey.coder_agreement(segments, draws=0),
        lambda: survey.coder_agreement(segments, confidence=95),
    ):
        with pytest.raises(UsageError) as error:
            call()
        assert error.value.text("zh") != error.value.text("en")


def test_the_sample_names_no_coder_and_its_approach_asks_for_none():
    assert not calls_for_agreement(load_schema("interview-codebook"))
    assert calls_for_agreement(small_codebook())
    assert not calls_for_agreement(small_codebook(approach="reflexive"))
    with pytest.raises(UsageError):
        survey.coder_agreement(survey.read_segments(SEGMENTS))


def test_chinese_labels_and_notes():
    table = survey.coder_agreement(segments_of(PAIR), draws=10, lang="zh")
    assert table["label"][0] == "全部编码"
    assert "未定义" in table.set_index("code").loc["funds", "note"]


def with_more_codes(count):
    """The small codebook with further codes."""
    book = small_codebook()
    said = {"definition": {"en": "D"}, "use_when": {"en": "U"}, "not_when": {"en": "N"}}
    more = tuple(
        {"id": f"more_{n}", "label": {"en": f"More {n}"}, "subtheme": "money", **said} for n in range(count)
    )
    return small_codebook(codes=(*(code.model_dump() for code in book.codes), *more))


def test_codes_that_nobody_gave_do_not_raise_the_agreement_of_all():
    """Agreeing that an unused code was not used is no merit; its own row stays."""
    given = "costs costs|funds funds|costs funds|costs costs|costs costs|funds costs|costs costs"
    rows = [
        {"segment": f"s{n}", "code": code, "coder": coder}
        for n, pair in enumerate(given.split("|"))
        for coder, code in zip(("Ann", "Bo"), pair.split(), strict=True)
    ]
    few, many = (
        survey.coder_agreement(segments_of(rows, codebook=with_more_codes(count)), draws=50)
        for count in (0, 20)
    )
    numbers = ["units", "decisions", "n_yes", "prevalence", "agreement", KAPPA, ALPHA, AC1, "kappa_low"]
    assert few.loc[0, numbers].tolist() == many.loc[0, numbers].tolist()
    assert many.loc[0, "decisions"] == 7 * 2 * 2  # passages, coders, codes that somebody gave
    # Both codes are each other's complement: 5 of 7 agree, Ann gives 5 and 2, Bo 5 and 2.
    assert many.loc[0, "agreement"] == pytest.approx(5 / 7)
    assert many.loc[0, KAPPA] == pytest.approx((5 / 7 - 1 / 2) / (1 / 2))
    assert "2" in many.loc[0, "note"]
    assert "21" in many.loc[0, "note"]
    assert "left_out" in many.loc[0, "reason"]
    assert len(many) == len(few) + 20
    assert many.set_index("code").loc["more_3", "agreement"] == 1


def test_where_nobody_gave_a_code_nothing_is_pooled():
    rows = [{"segment": "s1", "code": "money", "coder": coder} for coder in ("Ann", "Bo")]
    table = survey.coder_agreement(segments_of(rows), draws=10)
    assert table.loc[0, "units"] == 0
    assert math.isnan(table.loc[0, "agreement"])
    assert "no_pair" in table.loc[0, "reason"]
