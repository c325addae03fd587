"""Cronbach's alpha with Feldt's interval: R's psych, pingouin, and cases worked by hand."""

import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from tests.paths import EXAMPLES, ROOT
from tests.statistics.helpers import SOME_EXAMPLES, check_table, close, overlapping_groups


def test_as_in_r(overlapping, reference):
    row = survey.reliability(overlapping).iloc[0]
    known = reference["reliability hurdles"]["cronbach_alpha"]
    assert close(row["statistic"], known["statistic"])
    assert row["base"] == known["base"]
    assert close((row["ci_low"], row["ci_high"]), (known["ci_low"], known["ci_high"]))
    assert close((row["ci_low"], row["ci_high"]), (known["psych_low"], known["psych_high"]))
    at90 = survey.reliability(overlapping, confidence=0.9).iloc[0]
    assert close((at90["ci_low"], at90["ci_high"]), (known["ci90_low"], known["ci90_high"]))


def test_as_in_pingouin(overlapping):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pingouin

        # Complete answers only: with nan_policy="listwise" pingouin 0.7 counts the others into the interval.
        columns = overlapping.columns_of(overlapping.instrument.question("hurdles")).dropna()
        alpha, limits = pingouin.cronbach_alpha(columns.astype(float), ci=0.95)
    row = survey.reliability(overlapping).iloc[0]
    assert close(row["statistic"], alpha)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(limits.tolist(), abs=5e-4)  # rounded there


def test_items_that_always_agree_have_alpha_1():
    row = survey.reliability(
        overlapping_groups(hurdles__law=[1, 2, 5], hurdles__staff=[1, 2, 5]), min_base=1
    ).iloc[0]
    assert row[["statistic", "ci_low", "ci_high"]].tolist() == pytest.approx([1, 1, 1])
    assert row["reason"] == "left_out"
    assert row["note"].startswith("without items nobody rated: Capital, Customs")


def test_by_hand():
    # Variances 1 and 1, of the totals 3: alpha = 2 (1 - 2 / 3).
    row = survey.reliability(
        overlapping_groups(hurdles__law=[1, 2, 3], hurdles__staff=[2, 1, 3]), min_base=1
    ).iloc[0]
    assert row["statistic"] == pytest.approx(2 * (1 - 2 / 3))


def test_opposite_items_have_no_alpha():
    row = survey.reliability(
        overlapping_groups(hurdles__law=[1, 5, 3], hurdles__staff=[5, 1, 3]), min_base=1
    ).iloc[0]
    assert row[["statistic", "ci_low", "ci_high"]].isna().all()
    assert row["note"].startswith("every respondent has the same total: not computed")
    assert row["reason"] == "no_variation not_computed left_out"


def test_too_little_is_said():
    one_item = survey.reliability(overlapping_groups(hurdles__law=[1, 5, 3]), min_base=1).iloc[0]
    assert one_item["note"].startswith("needs two items: not computed")
    one_answer = survey.reliability(
        overlapping_groups(hurdles__law=[1, 4], hurdles__staff=[2, None]), min_base=1
    ).iloc[0]
    assert (one_answer["base"], one_answer["note"][:24]) == (1, "too few complete answers")
    nobody = survey.reliability(overlapping_groups(size=["small", "large"]), min_base=1).iloc[0]
    assert nobody["base"] == 0


RATING = st.integers(1, 5)


@SOME_EXAMPLES
@given(
    st.lists(st.tuples(RATING, RATING, RATING), min_size=1, max_size=20), st.sampled_from([0.5, 0.95, 0.999])
)
def test_alpha_is_at_most_1_and_within_its_limits(rows, confidence):
    names = ("law", "staff", "trust")
    told = overlapping_groups(
        **{f"hurdles__{name}": [row[at] for row in rows] for at, name in enumerate(names)}
    )
    table = survey.reliability(told, confidence=confidence, min_base=1)
    check_table(table, "test")
    row = table.iloc[0]
    if row["statistic"] == row["statistic"]:
        assert row["statistic"] <= 1 + 1e-12
        assert row["ci_low"] <= row["ci_high"] <= 1 + 1e-12


def test_items_in_opposite_directions_as_in_psych():
    """Alpha as it is, with the reason, and beside it that of the items turned round."""
    reference = pd.read_csv(ROOT / "tests" / "reference" / "inference.csv")
    known = reference[reference["topic"] == "keyed"].set_index(["key", "statistic"])["value"]
    scale = pd.read_csv(ROOT / "tests" / "reference" / "inference-scale.csv").add_prefix("hurdles__")
    responses = survey.from_frame(scale, EXAMPLES / "overlapping-groups.yaml")
    for data in (responses, survey.tally(responses)):
        table = survey.reliability(data)
        assert table["test"].tolist()[:4] == [
            *("cronbach_alpha", "mcdonald_omega", "cronbach_alpha_keyed", "mcdonald_omega_keyed"),
        ]
        plain, keyed = table.iloc[0], table.iloc[2]
        assert plain["statistic"] == pytest.approx(known["plain", "alpha"], abs=1e-10)
        assert keyed["statistic"] == pytest.approx(known["keyed", "alpha"], abs=1e-10)
        assert table["statistic"][3] == pytest.approx(known["keyed", "omega"], abs=1e-5)
        assert keyed["ci_low"] < keyed["statistic"] < keyed["ci_high"]
        for row in (plain, keyed):
            assert "reversed_items" in row["reason"]
            assert "(negative item-rest correlation): Customs, Logistics" in row["note"]
    assert survey.analyze(responses)


def test_the_direction_of_most_items_is_kept():
    from survey.statistics.reliability import directions

    def scatter(signs):
        return [[one * other * (5 if place == at else 3) for at, other in enumerate(signs)]
                for place, one in enumerate(signs)]  # fmt: skip

    for signs in (
        [1, 1, -1],
        [1, -1, 1, 1, -1],
        [-1, -1, 1],
        [1, -1],
        [-1, 1],
        [1],
        [1, 1, 1],
        [-1, 1, -1, 1],
    ):
        turned = directions(scatter(signs))
        assert turned in (signs, [-one for one in signs])
        assert turned.count(-1) <= len(signs) / 2
    assert directions([]) == []
    assert directions([[4, 0], [0, 4]]) == [1, 1]


def test_items_that_run_together_have_no_keyed_row(overlapping):
    named = survey.reliability(overlapping).groupby("test")["item"].count()
    rest = survey.reliability(overlapping).query("test == 'item_rest'")["statistic"]
    assert ("cronbach_alpha_keyed" in named.index) == bool((rest < 0).any())


def test_two_opposite_items():
    told = overlapping_groups(hurdles__law=[1, 5, 3, 4, 2], hurdles__staff=[5, 1, 3, 3, 4])
    table = survey.reliability(told).set_index("test")
    assert table.loc["cronbach_alpha", "statistic"] < 0
    assert table.loc["cronbach_alpha_keyed", "statistic"] > 0.9
    assert table.loc["cronbach_alpha_keyed", "note"].endswith(": Staff")
