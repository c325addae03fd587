"""A hypothesis is counted once: groups and answers that are complements of each other, in every shape."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey.statistics.hypotheses import holm, holm_over, numbered
from tests.paths import EXAMPLES, ROOT
from tests.statistics.helpers import OVERLAPPING, overlapping_groups
from tests.statistics.test_pairs import made_survey

HEAD = """
kind: survey
id: yes-no
version: "1.0.0"
languages: [en]
title: {en: "Yes or no"}
scales:
  seven:
    top: 2
    points: [POINTS]
questions:
"""


def question(name, kind, parts, under="options", extra=""):
    lines = [
        f"  - id: {name}",
        f"    kind: {kind}",
        f'    short: {{en: "{name}"}}',
        f'    text: {{en: "{name}"}}',
    ]
    lines += [extra] if extra else []
    lines += [f"    {under}:", *(f'      - {{id: {part}, label: {{en: "{part}"}}}}' for part in parts)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def instrument(tmp_path_factory):
    path = tmp_path_factory.mktemp("yes-no") / "yes-no.yaml"
    points = ", ".join(f'{{value: {value}, label: {{en: "{value}"}}}}' for value in range(1, 8))
    text = (
        HEAD.replace("POINTS", points)
        + question("export", "single", ["yes", "no"])
        + question("kind", "single", ["old", "young"])
    )
    text += question("region", "single", ["north", "south", "other"])
    text += question("way", "multiple", ["ship", "rail"]) + question(
        "needs", "multiple", ["law", "money", "staff"]
    )
    text += question("views", "rating", ["first", "second", "third"], "items", "    scale: seven")
    path.write_text(text, encoding="utf-8")
    return survey.load_instrument(path)


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(11)
    size = 80
    old = random.random(size) < 0.5
    views = {f"views__{name}": random.integers(1, 8, size) for name in ("first", "second", "third")}
    views["views__first"] = np.clip(views["views__first"] + 2 * old, 1, 7)
    return pd.DataFrame(
        {
            "export": np.where(random.random(size) < 0.3 + 0.35 * old, "yes", "no"),
            "kind": np.where(old, "old", "young"),
            "region": random.choice(["north", "south"], size),
            "way__ship": (ship := (random.random(size) < 0.4).astype(int)),
            "way__rail": 1 - ship,
            **{
                f"needs__{name}": (random.random(size) < 0.5).astype(int)
                for name in ("law", "money", "staff")
            },
            **views,
        }
    )


@pytest.fixture(scope="module", params=["rows", "tally"])
def told(request, instrument):
    """Responses or their tally, from columns."""

    def made(frame):
        responses = survey.from_frame(frame, instrument)
        if request.param == "rows":
            return responses
        banners = [one.id for one in instrument.questions if one.kind in ("single", "multiple")]
        return survey.tally(responses, banners=banners)

    return made


def crossed(data, stub, banner, **arguments):
    table = survey.crosstab(data, stub, banner=banner, **arguments)
    return table.set_index(["stub_code", table.columns[4]])


class TestCrosstab:
    def test_two_groups_and_two_answers_are_one_hypothesis(self, told, frame):
        table = crossed(told(frame), "export", "kind")
        assert table["hypothesis"].tolist() == [1, 1, 1, 1]
        assert table["p_value"].nunique() == 1
        assert (table["p_adjusted"] == table["p_value"]).all()
        assert table["reason"].tolist() == ["", *["same_comparison"] * 3]
        assert table["note"].iloc[1] == "the same comparison as yes · old: counted once"
        signs = np.sign(table["difference"]).tolist()
        assert signs == [1, -1, -1, 1]

    def test_each_item_of_a_battery_is_one_hypothesis_by_two_groups(self, told, frame):
        table = crossed(told(frame), "views", "kind")
        once = table["p_value"].iloc[::2]
        assert table["hypothesis"].tolist() == [1, 1, 2, 2, 3, 3]
        assert table["p_adjusted"].iloc[::2].to_numpy() == pytest.approx(holm(once))
        assert table["p_adjusted"].iloc[1::2].tolist() == table["p_adjusted"].iloc[::2].tolist()

    def test_a_third_option_that_nobody_in_the_base_chose(self, told, frame):
        table = crossed(told(frame), "views", "region")
        assert table["hypothesis"].tolist() == [1, 1, 2, 3, 3, 4, 5, 5, 6]  # in the order of the ids
        assert table["p_value"].notna().sum() == 6
        someone = frame.assign(region=["other", *frame["region"][1:]])
        table = crossed(told(someone), "views", "region")
        assert table["hypothesis"].is_unique  # respondents outside both groups make two hypotheses

    def test_who_is_not_in_the_base_does_not_count(self, told, frame):
        """The battery was asked of north and south alone."""
        routed = frame.copy()
        routed.loc[:9, "region"] = "other"
        routed[["views__first", "views__second", "views__third"]] = routed.filter(like="views").mask(
            routed["region"] == "other"
        )
        table = crossed(told(routed), "views", "region")
        assert table["hypothesis"].tolist() == [1, 1, 2, 3, 3, 4, 5, 5, 6]

    def test_ticks_of_which_everybody_gave_exactly_one(self, told, frame):
        table = crossed(told(frame), "views", "way")
        assert table["hypothesis"].tolist() == [1, 1, 2, 2, 3, 3]
        table = crossed(told(frame), "way", "kind")
        assert table["hypothesis"].tolist() == [1, 1, 1, 1]
        both = frame.assign(way__rail=[1, *frame["way__rail"][1:]], way__ship=[1, *frame["way__ship"][1:]])
        assert crossed(told(both), "views", "way")["hypothesis"].is_unique

    def test_ticks_of_which_everybody_who_was_asked_gave_exactly_one(self, told, frame):
        """Some ticked both ways and as many neither: they were not asked the battery, so nobody of it did."""
        routed = frame.copy()
        routed.loc[:5, ["way__ship", "way__rail"]] = 1
        routed.loc[6:11, ["way__ship", "way__rail"]] = 0
        routed[["views__first", "views__second", "views__third"]] = routed.filter(like="views").mask(
            routed["way__ship"] == routed["way__rail"]
        )
        table = crossed(told(routed), "views", "way")
        assert table["hypothesis"].tolist() == [1, 1, 2, 2, 3, 3]
        assert table["p_adjusted"].iloc[::2].to_numpy() == pytest.approx(holm(table["p_value"].iloc[::2]))
        ratings = survey.compare_group_ratings(told(routed), "views", by="way")
        assert ratings["p_adjusted"].iloc[::2].to_numpy() == pytest.approx(holm(ratings["p_value"].iloc[::2]))
        cells = survey.association(told(routed), "way", "views", draws=9).cells
        assert cells["reason"].str.contains("same_comparison").sum() == len(cells) / 2
        asked_all = crossed(told(routed), "export", "way")  # the same banner, where everybody was asked
        assert asked_all.xs("yes", level=0)["hypothesis"].nunique() == 2
        answered = routed.assign(region=routed["region"].mask(routed["views__first"].isna()))
        turned = crossed(told(answered), "way", "region")
        assert turned.loc[turned["p_value"].notna(), "hypothesis"].nunique() == 1
        balanced = routed.copy()  # as many with both as with neither among those asked: not complements
        balanced.loc[[0, 6], ["views__first", "views__second", "views__third"]] = 4
        assert crossed(told(balanced), "views", "way")["hypothesis"].is_unique

    def test_equal_counts_are_not_the_same_hypothesis(self, told):
        """As many tick law as do not tick money, but these are not the same respondents."""
        ticks = {
            "needs__law": [1] * 10 + [0] * 10,
            "needs__money": [1, 0] * 10,
            "needs__staff": [0] * 19 + [1],
        }
        frame = pd.DataFrame({**ticks, "kind": ["old"] * 10 + ["young"] * 10})
        assert crossed(told(frame), "views", "needs")["hypothesis"].is_unique
        by_kind = crossed(told(frame), "needs", "kind")
        assert by_kind["hypothesis"].tolist() == [1, 1, 2, 2, 3, 3]

    def test_two_answers_are_compared_once_between_columns(self, told, frame):
        table = crossed(told(frame), "export", "region", compare="columns", min_base=1)
        tested = table[table["p_value"].notna()]
        assert tested["hypothesis"].nunique() == 1
        assert tested["p_adjusted"].tolist() == tested["p_value"].tolist()
        assert tested["reason"].tolist() == ["", "same_comparison"]

    def test_only_exclusive_groups(self, told, frame):
        table = crossed(told(frame), "views", "way", only="exclusive")
        assert table["hypothesis"].tolist() == [1, 1, 2, 2, 3, 3]

    @pytest.mark.parametrize("test", ["fisher", "boschloo"])
    def test_both_rows_show_the_one_result(self, told, frame, test):
        table = survey.crosstab(told(frame.head(24)), "export", banner="kind", test=test)
        assert table["p_value"].nunique() == table["method"].nunique() == 1

    def test_three_respondents_and_one_group(self, told, frame):
        table = crossed(told(frame.head(3)), "export", "kind")
        assert table["p_value"].isna().all()
        assert set(table["reason"]) == {"small_base untested"}
        alone = crossed(told(frame.assign(kind="old")), "export", "kind")
        assert alone["p_value"].isna().all()

    def test_hidden_cells_are_adjusted_over_hypotheses(self, told, frame):
        small = frame.assign(export=["yes"] * 3 + ["no"] * 77)
        table = survey.crosstab(told(small), "export", banner="kind", min_base=1)
        shown = survey.suppress(table, minimum=2)
        kept = shown["p_value"].notna()
        assert (shown["p_adjusted"][kept] == table["p_adjusted"][kept]).all()


class TestRatings:
    def test_two_groups(self, told, frame):
        table = survey.compare_group_ratings(told(frame), "views", by="kind")
        once = table["p_value"].iloc[::2]
        assert table["p_adjusted"].iloc[::2].to_numpy() == pytest.approx(holm(once))
        assert table["p_adjusted"].iloc[1::2].tolist() == table["p_adjusted"].iloc[::2].tolist()
        assert table["reason"].tolist() == ["", "same_comparison"] * 3
        assert table["note"].iloc[1] == "the same comparison as old: counted once"
        assert table["effect"].iloc[1::2].to_numpy() == pytest.approx(-table["effect"].iloc[::2].to_numpy())

    def test_three_groups(self, told, frame):
        three = frame.assign(region=["other"] * 20 + frame["region"].tolist()[20:])
        table = survey.compare_group_ratings(told(three), "views", by="region")
        assert table["p_adjusted"].to_numpy() == pytest.approx(holm(table["p_value"]))

    def test_an_item_that_everybody_rates_alike_takes_no_part(self, told, frame):
        """The same rule as in a cross-tab: what cannot differ is no hypothesis of the family."""
        three = frame.assign(region=["other"] * 20 + frame["region"].tolist()[20:], views__third=4)
        table = survey.compare_group_ratings(told(three), "views", by="region")
        alike = table["item"] == "third"
        assert table["p_value"].isna().tolist() == alike.tolist()
        assert set(table.loc[alike, "reason"]) == {"no_variation untested"}
        assert set(table.loc[alike, "note"]) == {"everybody rated it alike: not tested"}
        assert table.loc[alike, "effect"].tolist() == [0.0] * 3
        others = three.drop(columns="views__third")
        alone = survey.compare_group_ratings(told(others), "views", by="region")
        own = table.loc[~alike, "p_adjusted"].tolist()
        assert own == alone.loc[alone["item"] != "third", "p_adjusted"].tolist()
        shares = crossed(told(three), "views", "region")
        assert shares["p_value"].isna().tolist() == alike.tolist()


def test_numbers_of_those_who_ticked_exactly_one():
    """Respondents with both or neither were not asked the number: two groups are one hypothesis."""
    random = np.random.default_rng(5)
    schema = made_survey()
    ship = np.array([1] * 20 + [0] * 20 + [1] * 4 + [0] * 4)
    rail = np.array([0] * 20 + [1] * 20 + [1] * 4 + [0] * 4)
    spent = np.where(ship == rail, np.nan, random.normal(10 + ship, 2))
    answers = pd.DataFrame({"channels__agents": ship, "channels__online": rail, "turnover": spent})
    table = survey.compare_numbers(survey.from_frame(answers, schema), "turnover", by="channels")
    tests = table[table["test"] == "welch_t"]
    assert tests["p_adjusted"].tolist() == tests["p_value"].tolist()
    assert tests["reason"].tolist() == ["", "same_comparison"]
    answers.loc[[41, 45], "turnover"] = 10.0
    table = survey.compare_numbers(survey.from_frame(answers, schema), "turnover", by="channels")
    tests = table[table["test"] == "welch_t"]
    assert tests["p_adjusted"].to_numpy() == pytest.approx(holm(tests["p_value"]))
    assert set(tests["reason"]) == {""}


def test_two_sizes_as_in_r(statistics_frame):
    reference = pd.read_csv(ROOT / "tests" / "reference" / "inference.csv")
    known = reference[reference["topic"] == "two_groups"].pivot(
        index="key", columns="statistic", values="value"
    )
    two = statistics_frame[statistics_frame["size"].isin(["small", "medium"])]
    responses = survey.from_frame(two, OVERLAPPING)
    shares = survey.crosstab(responses, "hurdles", banner="size")
    ratings = survey.compare_group_ratings(responses, "hurdles", by="size")
    for table, item, group, name in (
        (shares, "stub_code", "banner_code", "fisher"),
        (ratings, "item", "group", "mann_whitney"),
    ):
        for size in ("small", "medium"):
            rows = table[table[group] == size].set_index(item)
            assert len(rows) == len(known) == 8
            for column, of in (("p_value", name), ("p_adjusted", f"{name}_holm")):
                assert rows[column].to_dict() == pytest.approx(known[of].to_dict(), rel=1e-8)


def test_the_report_says_a_difference_once(told, frame):
    strong = frame.assign(export=np.where(frame["kind"] == "old", "yes", "no"))
    data = told(strong)
    report = survey.analyze(data, banner="kind")
    summary = report.sheets[0]
    rows = next(table for table in summary.tables if table.name == "summary_differences").data
    pairs = rows[rows["stub"] == "export"][["stub_code", "banner_code"]].values.tolist()
    assert pairs == [["yes", "old"]]
    sentences = " ".join(map(str, summary.findings))
    count = len(rows) - 1
    assert (f"{count} more" in sentences) == bool(count)


def test_numbers_and_families_by_hand():
    assert numbered(["b", 1, "b", (1, 2)], [("z",), ("x",), ("a",), ("y", "b")]) == [1, 2, 1, 3]
    assert holm_over([0.01, 0.01, 0.04, np.nan], ["a", "a", "b", "c"]).tolist()[:3] == [0.02, 0.02, 0.04]
    assert holm_over([np.nan, 0.01], ["a", "a"])[1] == 0.01
    assert len(holm_over([], [])) == 0


def test_overlapping_groups_stay_as_they_are():
    told = overlapping_groups(
        size=["small", "medium", "large"] * 8,
        **{f"channels__{name}": [1] * 24 for name in ("agents", "branches", "partners", "online")},
    )
    table = survey.crosstab(told, "size")
    assert table["hypothesis"].is_unique
    assert table["p_value"].isna().all()
    many = survey.load_instrument(EXAMPLES / "seven-points.yaml")
    assert many.question("agreement").kind == "rating"
