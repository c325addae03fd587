"""Cross-tabs: each group against its complement, Fisher's exact test, Holm over the table."""

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey.statistics.hypotheses import holm
from tests.paths import EXAMPLES
from tests.statistics.helpers import SOME_EXAMPLES, check_table, close, overlapping_groups

COLUMNS = (
    *("n", "base", "complement_n", "complement_base", "proportion", "ci_low", "ci_high"),
    *("difference", "difference_low", "difference_high", "p_value", "p_adjusted"),
)


@pytest.mark.parametrize(
    ("stub", "banner"), [("size", "channels"), ("channels", "size"), ("hurdles", "channels")]
)
def test_as_in_r(overlapping, reference, stub, banner):
    table = survey.crosstab(overlapping, stub, banner=banner)
    known = reference[f"crosstab {stub} x {banner}"]
    assert (table["stub_code"] + "|" + table["banner_code"]).tolist() == list(known)
    for row in table.itertuples():
        expected = known[f"{row.stub_code}|{row.banner_code}"]
        for name in COLUMNS:
            assert close(getattr(row, name), expected[name]), (row.stub_code, row.banner_code, name)
    assert set(table["method"]) == {"fisher_exact"}


def exact_fisher(n, base, other_n, other_base):
    """Fisher's two-sided p from whole numbers: every table as rare as this one or rarer."""
    total = n + other_n
    weights = [
        comb(base, at) * comb(other_base, total - at)
        for at in range(max(0, total - other_base), min(base, total) + 1)
    ]
    own = comb(base, n) * comb(other_base, other_n)
    return float(Fraction(sum(weight for weight in weights if weight <= own), comb(base + other_base, total)))


def test_fisher_as_in_r(reference):
    for key, known in reference["fisher"].items():
        (n, no), (other_n, other_no) = (map(int, row.split(":")) for row in key.split("|"))
        assert close(exact_fisher(n, n + no, other_n, other_n + other_no), known["p_value"])
    assert round(reference["fisher"]["3:1|1:3"]["p_value"], 4) == 0.4857  # Fisher's tea tasting


def test_fisher_s_own_example():
    # The lady tastes four cups of each kind and is right about three of each.
    tea = ["small"] * 4 + ["large"] * 4
    said = [1, 1, 1, 0, 1, 0, 0, 0]
    told = overlapping_groups(size=tea, channels__agents=said)
    table = survey.crosstab(told, "size", min_base=4).set_index(["stub_code", "banner_code"])
    row = table.loc[("small", "agents")]
    assert row[["n", "base", "complement_n", "complement_base"]].tolist() == [3, 4, 1, 4]
    assert row["p_value"] == pytest.approx(34 / 70)
    assert row["difference"] == 0.5


BASES = st.integers(1, 60)


@SOME_EXAMPLES
@given(BASES, BASES, st.randoms(use_true_random=False))
def test_fisher_is_exact_for_every_table(base, other_base, random):
    n, other_n = random.randint(0, base), random.randint(0, other_base)
    sizes = ["small"] * n + ["large"] * (base - n) + ["small"] * other_n + ["large"] * (other_base - other_n)
    told = overlapping_groups(size=sizes, channels__agents=[1] * base + [0] * other_base)
    table = survey.crosstab(told, "size", min_base=1)
    check_table(table, "crosstab")
    row = table[(table["stub_code"] == "small") & (table["banner_code"] == "agents")].iloc[0]
    assert [row["n"], row["base"], row["complement_n"], row["complement_base"]] == [
        n,
        base,
        other_n,
        other_base,
    ]
    if n + other_n in (0, base + other_base):
        assert pd.isna(row["p_value"])
        assert row["note"] in ("nobody chose it: not tested", "everybody chose it: not tested")
    else:
        assert row["p_value"] == pytest.approx(exact_fisher(n, base, other_n, other_base), rel=1e-9)


def test_overlapping_groups_never_meet_their_complement():
    told = overlapping_groups(
        size=["small", "small", "large", "large", "large", None, "small"],
        channels__agents=[1, 1, 0, 0, 1, 1, None],
        channels__online=[1, 0, 1, 0, 1, 1, None],
    )
    table = survey.crosstab(told, "size").set_index(["stub_code", "banner_code"])
    for code, expected in {"agents": [2, 3, 0, 2], "online": [1, 3, 1, 2]}.items():
        found = table.loc[("small", code), ["n", "base", "complement_n", "complement_base"]]
        assert found.tolist() == expected
    absent = table.loc[("small", "branches")]
    assert absent[["base", "complement_base"]].tolist() == [0, 0]
    assert pd.isna(absent["difference"])


def test_exclusive_options_are_no_group_but_stay_in_the_complement():
    frame = pd.DataFrame(
        {
            "markets__asia": [1, 1, 0, 0],
            "markets__europe": [0, 1, 1, 0],
            "markets__nowhere": [0, 0, 0, 1],
            "visits__ours": [3, 0, 2, 3],
        }
    )
    told = survey.from_frame(frame, EXAMPLES / "no-defaults.yaml")
    table = survey.crosstab(told, "visits", banner="markets", min_base=1)
    assert table["banner_code"].tolist() == ["asia", "europe"] * 2
    assert table.iloc[0][["n", "base", "complement_n", "complement_base"]].tolist() == [1, 2, 2, 2]
    # As a stub an exclusive option is an answer like any other.
    crossed = survey.crosstab(told, "markets", banner="consent")
    assert crossed.empty
    check_table(crossed, "crosstab")


def test_a_single_choice_banner_has_its_other_options_as_complement():
    frame = pd.DataFrame({"region": ["north", "north", "south", None], "agreement__first": [7, 1, 7, 7]})
    told = survey.from_frame(frame, EXAMPLES / "seven-points.yaml")
    table = survey.crosstab(told, "agreement", min_base=1).head(2)
    assert table[["n", "base", "complement_n", "complement_base"]].values.tolist() == [
        [1, 2, 1, 1],
        [1, 1, 1, 2],
    ]
    assert table["difference"].tolist() == [-0.5, 0.5]
    assert table["p_value"][0] == table["p_value"][1] == 1.0


def test_small_bases_are_marked_and_not_tested():
    sizes, agents = ["small", "large"] * 5, [1] * 3 + [0] * 7
    told = overlapping_groups(
        size=sizes, channels__agents=agents, channels__online=[1 - one for one in agents]
    )
    table = survey.crosstab(told, "size").set_index(["stub_code", "banner_code"])
    assert table.note["small", "agents"] == "[low] 3 in the group, fewer than 5: not tested"
    assert table.note["small", "online"] == "[low] 3 outside the group, fewer than 5: not tested"
    assert table.reason["small", "agents"] == table.reason["small", "online"] == "small_base untested"
    assert table.p_value.isna().all()
    assert (table.method == "").all()
    assert table.difference["small", "agents"] == pytest.approx(2 / 3 - 3 / 7)
    tested = survey.crosstab(told, "size", min_base=3).set_index(["stub_code", "banner_code"])
    assert tested.p_value.loc["small"].notna().sum() == 2
    # No minimum can be below one respondent, and the note says the one that held.
    nobody = survey.crosstab(told, "size", min_base=0).set_index(["stub_code", "banner_code"])
    assert nobody.note["small", "branches"] == "[low] 0 in the group, fewer than 1: not tested"


def test_what_nobody_or_everybody_chose_takes_no_part():
    told = overlapping_groups(size=["small"] * 12, channels__agents=[1, 0] * 6)
    table = survey.crosstab(told, "size").set_index(["stub_code", "banner_code"])
    assert table.note["small", "agents"] == "everybody chose it: not tested"
    assert table.note["large", "agents"] == "nobody chose it: not tested"
    assert table.reason["small", "agents"] == "everybody untested"
    assert table.reason["large", "agents"] == "nobody untested"
    assert table.difference["small", "agents"] == 0
    assert survey.crosstab(told, "size", lang="zh")["note"][0] == "人人选择：不作检验"


def test_a_question_cannot_be_crossed_with_itself(overlapping):
    with pytest.raises(survey.UsageError, match="cannot be crossed with itself"):
        survey.crosstab(overlapping, "channels")


def test_holm_as_in_r(reference):
    raw = [known["raw"] for known in reference["holm"].values()]
    assert close(holm(raw).tolist(), [known["adjusted"] for known in reference["holm"].values()])


@given(st.lists(st.one_of(st.just(np.nan), st.floats(0, 1)), max_size=40))
def test_holm_keeps_order_and_never_lowers(raw):
    adjusted = holm(raw)
    values = np.asarray(raw, dtype=float)
    assert (np.isnan(adjusted) == np.isnan(values)).all()
    tested = ~np.isnan(values)
    assert (adjusted[tested] >= values[tested]).all()
    assert (adjusted[tested] <= 1).all()
    order = np.argsort(values[tested], kind="stable")
    assert (np.diff(adjusted[tested][order]) >= 0).all()
    without = holm(values[tested])
    assert (without == adjusted[tested]).all()
    if tested.any():
        assert adjusted[tested].min() == pytest.approx(min(1, values[tested].min() * tested.sum()))


@pytest.mark.parametrize("compare", ["complement", "columns"])
@pytest.mark.parametrize("form", ["responses", "tally"])
def test_several_banners_stand_one_below_the_other(compare, form):
    models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    frame = pd.DataFrame({"expansion_models": models * 4, "firm_type": ["biotech", "biopharma"] * 10})
    frame["position"] = ["director", "vice_president", "director", "vice_president"] * 5
    data = survey.from_frame(frame, "executive-survey")
    names = ["expansion_models", "firm_type*position"]
    data = survey.tally(data, banners=names) if form == "tally" else data
    both = survey.crosstab(data, "support_needs", banner=names, compare=compare)
    alone = [survey.crosstab(data, "support_needs", banner=name, compare=compare) for name in names]
    pd.testing.assert_frame_equal(both, pd.concat(alone, ignore_index=True))
    assert both["banner"].drop_duplicates().tolist() == [one["banner"].iloc[0] for one in alone]
    again = survey.crosstab(data, "support_needs", banner=(*names, names[0]), compare=compare)
    pd.testing.assert_frame_equal(again, both)


@pytest.mark.parametrize(
    ("banner", "more", "key"),
    [
        ([], {}, "banner_empty"),
        (7, {}, "banners_needed"),
        ([None], {}, "banners_needed"),
        (["expansion_models", "firm_type"], {"population": {"all": 90}}, "population_of_one_banner"),
        (["firm_type", "nothing"], {}, "unknown_question"),
    ],
)
def test_unfit_lists_of_banners_are_refused(banner, more, key):
    frame = pd.DataFrame({"expansion_models": ["licensing"] * 6, "firm_type": ["biotech", "biopharma"] * 3})
    data = survey.from_frame(frame, "executive-survey")
    with pytest.raises(survey.UsageError) as refused:
        survey.crosstab(data, "support_needs", banner=banner, **more)
    assert refused.value.problems[0].key == key
