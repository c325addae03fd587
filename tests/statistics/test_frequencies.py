"""Frequencies: counts, bases and limits of single, select-all and rating questions."""

import survey
from tests.paths import EXAMPLES
from tests.statistics.helpers import check_table, close, groups, overlapping_groups


def test_as_in_r(overlapping, reference):
    checked = 0
    for question in ("size", "channels", "hurdles"):
        wilson = survey.frequencies(overlapping, question)
        at90 = survey.frequencies(overlapping, question, confidence=0.9)
        exact = survey.frequencies(overlapping, question, interval="clopper_pearson")
        for row, row90, row_exact in zip(
            wilson.itertuples(), at90.itertuples(), exact.itertuples(), strict=True
        ):
            key = "|".join(str(part) for part in (question, row.item, row.code) if part != "")
            known = reference["frequency"][key]
            assert (row.n, row.base) == (known["n"], known["base"])
            assert close(row.proportion, known["proportion"])
            assert close((row.ci_low, row.ci_high), (known["wilson_low"], known["wilson_high"]))
            assert close((row90.ci_low, row90.ci_high), (known["wilson90_low"], known["wilson90_high"]))
            assert close((row_exact.ci_low, row_exact.ci_high), (known["exact_low"], known["exact_high"]))
            checked += 1
    assert checked == len(reference["frequency"]) == 3 + 4 + 8 * 5


def test_a_single_question_keeps_options_nobody_chose():
    table = survey.frequencies(overlapping_groups(size=["small", "small", "large", None]), "size")
    assert table[["code", "label", "n", "base"]].values.tolist() == [
        ["small", "Small", 2, 3],
        ["medium", "Medium", 0, 3],
        ["large", "Large", 1, 3],
    ]
    assert table["proportion"].sum() == 1


def test_shares_of_a_select_all_question_may_add_past_1():
    table = survey.frequencies(groups([1, 1, 1, 0], [1, 1, 0, 0]), "channels")
    assert table["n"].tolist() == [2, 2, 1, 0]
    assert table["base"].tolist() == [2, 2, 2, 2]
    assert table["proportion"].sum() == 2.5


def test_a_rating_has_a_row_per_item_and_point():
    table = survey.frequencies(overlapping_groups(hurdles__law=[5, 5, 1, None]), "hurdles")
    check_table(table, "frequency")
    assert table["code"].tolist() == [1, 2, 3, 4, 5] * 8
    law = table[table["item"] == "law"]
    assert law["n"].tolist() == [1, 0, 0, 0, 2]
    assert law["base"].tolist() == [3] * 5
    assert table[table["item"] != "law"][["n", "base"]].to_numpy().sum() == 0


def test_labels_follow_the_language():
    told = overlapping_groups(size=["small"], hurdles__law=[4])
    assert survey.frequencies(told, "size", lang="zh")["label"].tolist() == ["小型", "中型", "大型"]
    assert survey.frequencies(told, "size", lang="en")["label"].tolist() == ["Small", "Medium", "Large"]
    assert survey.frequencies(told, "hurdles", lang="zh")["label"][3] == "比较重要"


def test_points_are_those_of_the_scale():
    import pandas as pd

    frame = pd.DataFrame({"agreement__first": [1, 7, 4], "region": ["north"] * 3})
    table = survey.frequencies(survey.from_frame(frame, EXAMPLES / "seven-points.yaml"), "agreement")
    assert table[table["item"] == "first"]["code"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert table[table["item"] == "first"]["n"].tolist() == [1, 0, 0, 1, 0, 0, 1]
