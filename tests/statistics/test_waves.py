"""Two waves: R's numbers, what may be compared, who is in both, and what must hold whatever the data."""

import csv
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from math import erfc, isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey.ingest.provenance import Provenance
from survey.statistics.overlapping_shares import SharedGroups
from survey.statistics.wave_answers import WaveAnswers
from survey.statistics.wave_pairs import NOT_COMPARABLE, WavePair
from survey.tables import CONTRACTS
from tests.paths import EXAMPLES, ROOT, SAMPLE

REFERENCE = ROOT / "tests" / "reference"
GROUPS = EXAMPLES / "overlapping-groups.yaml"
COLUMNS = {"agents": "channels__agents", "online": "channels__online", "law": "hurdles__law"}


@pytest.fixture(scope="module")
def numbers():
    """R's numbers: `numbers[topic][key]` is a dict from statistic to value."""
    table = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "waves.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return table


def read(frame, *, weighted=False, version=GROUPS, **origin):
    """Responses of one wave of the reference data."""
    renamed = frame.rename(columns={**COLUMNS, "firm": "respondent_id"})
    kept = ["respondent_id", *COLUMNS.values()]
    wave = survey.from_frame(renamed[kept].reset_index(drop=True), version, origin=origin or None)
    return wave.with_weights(frame["weight"].to_numpy(), "weight") if weighted else wave


@pytest.fixture(scope="module")
def data():
    """The two waves of the reference as frames."""
    whole = pd.read_csv(REFERENCE / "waves-data.csv")
    return [whole[whole["wave"] == name] for name in ("earlier", "later")]


@pytest.mark.parametrize("weighted", [False, True])
def test_differences_and_standard_errors_are_those_of_svyglm(data, numbers, weighted):
    pair = WavePair.of(*(read(frame, weighted=weighted) for frame in data))
    topic = numbers["clusters_weighted" if weighted else "clusters"]
    for question, item in (("channels", "agents"), ("channels", "online"), ("hurdles", "law")):
        asked = pair.instrument.question(question)
        place = [part.id for part in asked.parts].index(item)
        if question == "hurdles":
            means = survey.compare_wave_means(pair.earlier, pair.later, "hurdles").set_index("item")
            assert means.loc[item, "difference"] == pytest.approx(topic[item]["difference"], abs=1e-12)
            assert means.loc[item, "mean"] == pytest.approx(topic[item]["later"])
            from scipy.stats import t

            half = t.ppf(0.975, topic[item]["firms"] - 1) * topic[item]["se"]
            assert means.loc[item, "ci_high"] == pytest.approx(topic[item]["difference"] + half)
            continue
        answers = WaveAnswers.of(pair, *(side[:, place] for side in pair.answers(asked)))
        own, other, crossed = answers.linearised()
        variance = (own + other - 2 * crossed) * answers.clusters / (answers.clusters - 1)
        assert sqrt(variance) == pytest.approx(topic[item]["se"], rel=1e-10)
        row = survey.compare_waves(pair.earlier, pair.later, question).set_index("item").loc[item]
        assert row["difference"] == pytest.approx(topic[item]["difference"], abs=1e-12)
        assert row["proportion"] == pytest.approx(topic[item]["later"])
        if not weighted:
            n, base, other_n, other_base = (int(row[name]) for name in ("n", "base", "other_n", "other_base"))
            now, then = answers.current[answers.rows], answers.then[answers.other_rows]
            both_yes = int(((now == 1) & (then == 1)).sum())
            changed = int(row["gained"]), int(row["lost"])
            shares = SharedGroups(n, base, other_n, other_base, int(row["both"]), both_yes, changed)
            assert sqrt(shares.own) == pytest.approx(topic[item]["se"], rel=1e-10)
            larger = max(float(shares.own), float(shares.homogeneous))
            expected = erfc(abs(row["difference"]) / sqrt(larger) / sqrt(2))
            assert (row["method"], row["p_value"]) == ("z_overlap", pytest.approx(expected))


def test_the_panel_is_that_of_the_table(data, numbers):
    waves = [read(frame) for frame in data]
    table = survey.compare_waves(*waves, "channels").set_index("item")
    for item in ("agents", "online"):
        row, known = table.loc[item], numbers["panel"][item]
        assert [row["both"], row["gained"], row["lost"]] == [
            known[name] for name in ("both", "gained", "lost")
        ]
        assert row["panel_p"] == pytest.approx(known["p_value"])
    for question, item in (("channels", "agents"), ("hurdles", "law")):
        moved = survey.wave_transitions(*waves, question)
        moved = moved[moved["item"] == item]
        for row in moved.to_dict("records"):
            code = {"yes": "1", "no": "0"}
            names = (code.get(row[name], row[name]) for name in ("earlier_code", "code"))
            assert row["n"] == numbers["transition"]["|".join([item, *names])]["n"]


def test_nobody_in_both_and_everybody(data, numbers):
    then, now = (frame.set_index("firm", drop=False) for frame in data)
    shared = sorted(set(then.index) & set(now.index))
    apart = [read(frame.drop(index=shared)) for frame in (then, now)]
    row = survey.compare_waves(*apart, "channels").set_index("item").loc["agents"]
    assert (row["method"], row["both"]) == ("fisher_exact", 0)
    assert row["p_value"] == pytest.approx(numbers["apart"]["agents"]["p_value"])
    assert isnan(row["panel_p"])
    together = [read(frame.loc[shared]) for frame in (then, now)]
    for waves, topic, method in ((apart, "apart", "welch_t"), (together, "together", "paired_t")):
        complete = waves
        if topic == "together":
            law = [wave.data["hurdles__law"].isna().to_numpy() for wave in waves]
            keep = ~(law[0] | law[1])
            complete = [
                replace(wave, data=wave.data[keep], missing=wave.missing[keep], meta=wave.meta[keep])
                for wave in waves
            ]
        row = survey.compare_wave_means(*complete, "hurdles").set_index("item").loc["law"]
        known = numbers[topic]["law"]
        assert row["method"] == method
        assert [row[name] for name in ("difference", "p_value", "ci_low", "ci_high")] == pytest.approx(
            [known[name] for name in ("difference", "p_value", "low", "high")]
        )


# -- what holds whatever the data --------------------------------------------------------------------------


def made(rng, size, first, *, ids=True, p=0.4):
    """A wave of made-up answers, firms counted from `first`."""
    frame = {column: rng.choice([1, 0, None], size, p=[p, 0.9 - p, 0.1]) for column in COLUMNS.values()}
    frame["hurdles__law"] = rng.integers(1, 6, size)
    frame["size"] = rng.choice(["small", "medium", "large"], size)
    if ids:
        frame["respondent_id"] = [f"firm {place}" for place in range(first + 100, first + size + 100)]
    return survey.from_frame(pd.DataFrame(frame, dtype=object), GROUPS)


@given(seed=st.integers(0, 10_000), size=st.integers(3, 30), first=st.integers(0, 30), heavy=st.booleans())
def test_swapping_waves_turns_every_sign(seed, size, first, heavy):
    rng = np.random.default_rng(seed)
    one, other = made(rng, size, 0), made(rng, 12, first, p=0.6)
    if heavy:
        one = one.with_weights(rng.uniform(0.3, 3, size), "w")
    there, back = survey.compare_waves(one, other), survey.compare_waves(other, one)
    for name, mirrored, sign in (
        ("difference", "difference", -1),
        *(("ci_low", "ci_high", -1), ("p_value", "p_value", 1), ("p_adjusted", "p_adjusted", 1)),
        *(("n", "other_n", 1), ("base", "other_base", 1), ("gained", "lost", 1), ("panel_p", "panel_p", 1)),
    ):
        values = [frame[key].astype(float).to_numpy() for frame, key in ((there, name), (back, mirrored))]
        np.testing.assert_allclose(values[0], sign * values[1], atol=1e-9)
    means = survey.compare_wave_means(one, other), survey.compare_wave_means(other, one)
    np.testing.assert_allclose(means[0]["difference"], -means[1]["difference"])
    np.testing.assert_allclose(means[0]["p_value"], means[1]["p_value"])


@pytest.mark.parametrize("heavy", [False, True])
def test_a_wave_against_itself_is_nothing(heavy):
    wave = survey.read_responses(SAMPLE)
    wave = wave.with_weights(np.linspace(0.5, 2, len(wave)), "w") if heavy else wave
    wave = replace(wave, meta=wave.meta.assign(key=[f"firm {place + 100}" for place in range(len(wave))]))
    wave = replace(wave, provenance=Provenance())  # reconstructed ones have no panel
    table = survey.compare_waves(wave, wave, equivalent_within=0.2)
    asked = table[table["base"] > 0]
    assert len(asked) == len(table)
    assert (asked[["difference", "gained", "lost"]] == 0).all(axis=None)
    tested = asked[~asked["reason"].str.contains("untested")]
    assert (tested["p_value"] == 1).all()
    assert (tested["panel_p"] == 1).all()
    assert set(tested["verdict"]) == {"equivalent"}
    moved = survey.wave_transitions(wave, wave)
    assert (moved.loc[moved["earlier_code"] != moved["code"], "n"] == 0).all()
    assert survey.compare_wave_means(wave, wave)["difference"].eq(0).all()


@pytest.mark.parametrize(("value", "code"), [(1, "everybody"), (0, "nobody")])
@pytest.mark.parametrize("first", [0, 10, 20])
def test_nobody_or_everybody_ticks(value, code, first):
    waves = [made(np.random.default_rng(1), 20, start) for start in (0, first)]
    waves = [
        replace(wave, data=wave.data.assign(channels__agents=pd.array([bool(value)] * 20, "boolean")))
        for wave in waves
    ]
    row = survey.compare_waves(*waves, "channels").set_index("item").loc["agents"]
    assert row["difference"] == 0
    assert -1 <= row["ci_low"] < 0 < row["ci_high"] <= 1
    assert (row["reason"], row["method"]) == (f"{code} untested", "")
    assert row[["p_value", "p_adjusted", "panel_p"]].isna().all()


def test_equal_weights_take_the_exact_path():
    waves = [made(np.random.default_rng(2), 20, start) for start in (0, 8)]
    heavy = [wave.with_weights([3.0] * 20, "w") for wave in waves]
    pd.testing.assert_frame_equal(survey.compare_waves(*waves), survey.compare_waves(*heavy))


def test_three_respondents_are_not_tested():
    waves = [made(np.random.default_rng(3), 3, start) for start in (0, 1)]
    table = survey.compare_waves(*waves)
    tested = table[table["difference"].notna()]
    assert len(tested)
    assert tested["reason"].str.contains("small_base").all()
    assert table["p_value"].isna().all()


def test_seven_points_and_the_whole_distribution():
    points = {"satisfaction": EXAMPLES / "seven-points.yaml"}
    instrument = survey.load_instrument(points["satisfaction"])
    battery = next(one for one in instrument.questions if one.kind == "rating")
    rng = np.random.default_rng(4)
    waves = [
        survey.from_frame(
            pd.DataFrame(rng.integers(1, 8, (30, len(battery.items))), columns=list(battery.answer_columns)),
            instrument,
        )
        for _ in range(2)
    ]
    item = battery.answer_columns[0]
    if len(battery.items) == 1:
        item = battery.id
    table = survey.compare_waves(*waves, item)
    if len(battery.items) > 1:
        assert len(table) == 7
        assert table["n"].sum() == 30
        assert table["difference"].sum() == pytest.approx(0)
    top = survey.compare_waves(*waves, battery.id, top=1)["n"].sum()
    assert top < survey.compare_waves(*waves, battery.id, top=3)["n"].sum()


# -- who is in both ----------------------------------------------------------------------------------------


def test_running_numbers_are_no_panel():
    waves = [made(np.random.default_rng(5), 20, 0, ids=False) for _ in range(2)]
    numbered = [replace(wave, meta=wave.meta.assign(key=[str(n) for n in range(1, 21)])) for wave in waves]
    for own, code in ((waves, "no_ids"), (numbered, "running_numbers")):
        table = survey.compare_waves(*own, "size")
        assert table["both"].eq(0).all()
        assert table["reason"].str.contains(code).all()
        assert survey.wave_transitions(*own, "size")["reason"].tolist() == [code]
    assert "流水号" in survey.compare_waves(*numbered, "size", lang="zh")["note"].iloc[0]


@pytest.mark.parametrize(("sizes", "panel"), [((30, 20), False), ((20, 20), False), ((30, 0), True)])
def test_a_word_before_a_running_number_names_nobody_either(sizes, panel):
    """R001 of two files are two firms, also where rows were left out; numbers beyond the rows name firms."""
    waves = [made(np.random.default_rng(5), size or 20, 0, ids=False) for size in sizes]
    starts = (1, 1 if sizes[1] else 11)
    waves = [
        replace(wave, meta=wave.meta.assign(key=[f"R{n:03d}" for n in range(start, start + len(wave))]))
        for wave, start in zip(waves, starts, strict=True)
    ]
    for own in (waves, [wave.where("size=small,medium") for wave in waves]):
        table = survey.compare_waves(*own, "size")
        assert table["both"].gt(0).all() == panel
        assert table["reason"].str.contains("running_numbers").all() == (not panel)
        assert survey.compare_waves(*own, "size", key="key")["both"].gt(0).all()


def test_a_reconstructed_wave_has_no_panel():
    wave = survey.read_responses(SAMPLE)
    for own in ((wave, wave), (replace(wave, provenance=Provenance()), wave)):
        table = survey.compare_waves(*own, "support_needs")
        assert table["both"].eq(0).all()
        assert table["reason"].str.contains("reconstructed").all()
        assert survey.wave_transitions(*own, "firm_type")["reason"].tolist() == ["reconstructed"]


def test_where_a_respondent_stands_is_no_name():
    waves = [made(np.random.default_rng(7), 10, 0) for _ in range(2)]
    for key in ("row", "source", "sheet"):
        with pytest.raises(survey.UsageError, match="meta"):
            survey.compare_waves(*waves, key=key)


def test_an_option_that_one_wave_has_no_column_for_breaks_the_trend():
    """One version named for both waves does not hide that an option came in."""
    waves = [made(np.random.default_rng(3), 20, start) for start in (0, 50)]
    gone = waves[0].missing.assign(channels__agents="not_asked")
    answers = waves[0].data.assign(channels__agents=pd.array([None] * 20, "boolean"))
    then = replace(waves[0], data=answers, missing=gone)
    table = survey.compare_waves(then, waves[1], "channels")
    assert set(table["verdict"]) == {NOT_COMPARABLE}
    assert table["difference"].isna().all()
    assert table["note"].str.contains("no column for some of the options").all()
    assert survey.compare_waves(then, then, "channels")["difference"].notna().any()
    assert survey.compare_waves(then, waves[1], "size")["difference"].notna().all()


def test_an_id_twice_is_refused_and_named():
    waves = [made(np.random.default_rng(6), 10, 0, ids=True) for _ in range(2)]
    keys = waves[1].meta["key"].tolist()
    waves[1] = replace(waves[1], meta=waves[1].meta.assign(key=[*keys[:-1], keys[0]]))
    with pytest.raises(survey.DataError, match="firm 100"):
        survey.compare_waves(*waves)


def test_another_column_names_the_respondents():
    waves = [made(np.random.default_rng(7), 10, 0, ids=False) for _ in range(2)]
    named = [replace(wave, meta=wave.meta.assign(panel=list("abcdefghij"))) for wave in waves]
    assert survey.compare_waves(*named, "size", key="panel")["both"].eq(10).all()
    with pytest.raises(survey.UsageError, match="member"):
        survey.compare_waves(*named, key="member")


@pytest.mark.parametrize("kind", [float, str, lambda number: f" {number}.0 "])
def test_a_number_is_the_same_id_however_a_spreadsheet_gives_it(kind):
    waves = [made(np.random.default_rng(7), 10, 0, ids=False) for _ in range(2)]
    ids = [list(range(1001, 1011)), [kind(number) for number in range(1001, 1011)]]
    named = [replace(wave, meta=wave.meta.assign(panel=own)) for wave, own in zip(waves, ids, strict=True)]
    assert survey.compare_waves(*named, "size", key="panel")["both"].eq(10).all()


def test_blank_ids_are_nobodys_and_an_empty_wave_has_no_number():
    then, now = (made(np.random.default_rng(seed), 10, 0) for seed in (1, 2))
    keys = [*then.meta["key"].tolist()[:4], None, "", "  ", None, None, None]
    some = replace(then, meta=then.meta.assign(key=keys))
    assert survey.compare_waves(some, now, "size")["both"].eq(4).all()
    assert survey.compare_waves(some, some, "size")["both"].eq(4).all()
    nobody = replace(then, data=then.data[:0], missing=then.missing[:0], meta=then.meta[:0])
    for waves in ((nobody, now), (now, nobody), (nobody, nobody)):
        table = survey.compare_waves(*waves)
        assert table["reason"].str.contains("no_answer untested").all()
        assert table[["difference", "p_value", "ci_low"]].isna().all(axis=None)
        assert survey.compare_wave_means(*waves)["difference"].isna().all()
        assert (survey.wave_transitions(*waves)["base"] == 0).all()


def test_one_respondent_is_never_tested_of_what_cannot_differ():
    one = made(np.random.default_rng(1), 1, 0)
    table = survey.compare_waves(one, one, min_base=1)
    assert table["p_value"].isna().all()


# -- other shapes ------------------------------------------------------------------------------------------

WIDE = """
kind: survey
id: wide
version: "1.0.0"
languages: [en]
title: {{en: Wide}}
scales:
  seven:
    top: 2
    points: [{points}]
questions:
  - {{id: group, kind: single, short: {{en: Group}}, text: {{en: Which?}}, options: [{groups}]}}
  - {{id: liking, kind: rating, scale: seven, short: {{en: Liking}}, text: {{en: How?}}, items: [{items}]}}
"""


def wide_waves(tmp_path, size):
    """Two waves with 20 groups and a rating of 60 items on a scale of seven points."""
    lists = {
        "points": ", ".join(f"{{value: {place}, label: {{en: P{place}}}}}" for place in range(1, 8)),
        **{
            name: ", ".join(f"{{id: {name}_{place}, label: {{en: {name} {place}}}}}" for place in range(many))
            for name, many in (("groups", 20), ("items", 60))
        },
    }
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE.format(**lists), encoding="utf-8")
    rng = np.random.default_rng(11)
    for _ in range(2):
        ratings = rng.integers(1, 8, (size, 60))
        frame = pd.DataFrame(ratings, columns=[f"liking__items_{place}" for place in range(60)])
        frame["group"] = [f"groups_{place % 20}" for place in range(size)]
        yield survey.from_frame(
            frame.assign(respondent_id=[f"r{place + 100}" for place in range(size)]), path
        )


@pytest.mark.parametrize("size", [3, 40])
def test_twenty_groups_and_sixty_items(tmp_path, size):
    then, now = wide_waves(tmp_path, size)
    table = survey.compare_waves(then, now)
    assert table["question"].value_counts().to_dict() == {"liking": 60, "group": 20}
    assert table["both"].eq(size).all()
    high = (now.data["liking__items_0"] >= 6).sum(), (then.data["liking__items_0"] >= 6).sum()
    first = table[table["item"] == "items_0"].iloc[0]
    assert (first["n"], first["other_n"]) == high
    assert table["p_value"].notna().any() == (size > 5)
    if size > 5:
        assert (table["p_adjusted"].dropna() >= table["p_value"].dropna()).all()
        rated = table[(table["question"] == "liking") & table["p_value"].notna()]
        smallest = rated["p_value"].idxmin()
        expected = min(1, rated.loc[smallest, "p_value"] * len(rated))
        assert rated.loc[smallest, "p_adjusted"] == pytest.approx(expected)
    means = survey.compare_wave_means(then, now)
    assert len(means) == 60
    assert means["difference"].notna().all()
    points = survey.compare_waves(then, now, "liking__items_0")
    assert (len(points), points["n"].sum(), points["other_n"].sum()) == (7, size, size)
    moved = survey.wave_transitions(then, now, "group")
    assert (moved.loc[moved["earlier_code"] != moved["code"], "n"] == 0).all()
    assert len(survey.wave_series([then, now, then], "liking")) == 180


# -- what may be compared ----------------------------------------------------------------------------------

BASE = """
kind: survey
id: canteen
version: "{version}"
languages: [en]
title: {{en: Canteen}}
scales:
  liking:
    top: 2
    points:
      - {{value: 1, label: {{en: Bad}}}}
      - {{value: 2, label: {{en: Fair}}}}
      - {{value: 3, label: {{en: {good}}}}}
questions:
  - id: site
    kind: single
    short: {{en: Site}}
    text: {{en: Which site?}}
    options:
      - {{id: north, label: {{en: North}}}}
      - {{id: south, label: {{en: {south}}}}}
{option}
  - id: dishes
    kind: rating
    scale: liking
    short: {{en: Dishes}}
    text: {{en: How are they?}}
    items:
      - {{id: soup, label: {{en: {soup}}}}}
      - {{id: salad, label: {{en: Salad}}}}
  - {{id: age, kind: number, short: {{en: Age}}, text: {{en: How old?}}}}
derived:
  - id: age_band
    kind: bands
    of: age
    short: {{en: Age band}}
    options:
      - {{id: young, label: {{en: Young}}, below: {cut}}}
      - {{id: old, label: {{en: Old}}, at_least: {cut}}}
{changes}
"""
PLAIN = {
    "version": "1.0.0",
    "good": "Good",
    "south": "South",
    "soup": "Soup",
    "cut": 40,
    "option": "",
    "changes": "",
}


def canteen(tmp_path, **changed):
    """A version of the canteen's questionnaire, and forty answers to it."""
    values = PLAIN | changed
    path = tmp_path / f"{values['version']}.yaml"
    path.write_text(BASE.format(**values), encoding="utf-8")
    rng = np.random.default_rng(8)
    frame = {
        "site": rng.choice(["north", "south"], 40),
        "dishes__soup": rng.integers(1, 4, 40),
        "dishes__salad": rng.integers(1, 4, 40),
        "age": rng.integers(20, 60, 40),
    }
    return survey.from_frame(pd.DataFrame(frame), path)


DECLARED = "changes: [{{where: {where}, kind: {kind}, from: 1.0.0}}]"


@pytest.mark.parametrize(
    ("changed", "questions", "why"),
    [
        ({}, set(), ""),
        ({"option": "      - {id: west, label: {en: West}}"}, {"site"}, "a new option"),
        ({"south": "The South"}, {"site"}, ""),
        ({"good": "Very good"}, {"dishes"}, ""),
        ({"cut": 45}, {"age_band"}, "who is in it"),
        ({"soup": "Soups"}, {"dishes soup"}, ""),
    ],
)
def test_the_crosswalk_decides_what_may_be_compared(tmp_path, changed, questions, why):
    waves = [canteen(tmp_path), canteen(tmp_path, version="2.0.0", **changed)]
    for own in (waves, waves[::-1]):
        table = survey.compare_waves(*own)
        blocked = table[table["verdict"] == NOT_COMPARABLE]
        whole = {name for name in questions if " " not in name}
        items = {tuple(name.split()) for name in questions if " " in name}
        assert set(blocked["question"]) == whole | {question for question, _ in items}
        for question, item in items:
            assert blocked.loc[blocked["question"] == question, "item"].tolist() == [item]
        assert blocked["note"].str.contains(why).all()
        assert (blocked["reason"] == "not_comparable").all()
        counts = blocked.drop(columns=["question", "item", "label", "method", "verdict", "reason", "note"])
        assert counts.isna().all(axis=None)
        others = table[table["verdict"] != NOT_COMPARABLE]
        assert others["difference"].notna().all()
        means = survey.compare_wave_means(*own)
        assert (means["verdict"] == NOT_COMPARABLE).sum() == len(blocked[blocked["question"] == "dishes"])


def test_a_declared_typo_keeps_the_trend(tmp_path):
    for kind, stays in (("typo", True), ("clarification", True), ("meaning", False)):
        note = f"changes: [{{where: questions.site.options.south.label, kind: {kind}}}]"
        waves = [canteen(tmp_path), canteen(tmp_path, version="2.0.0", south="Southern", changes=note)]
        table = survey.compare_waves(*waves, "site")
        assert (table["verdict"] != NOT_COMPARABLE).all() == stays


def test_a_question_of_one_wave_alone_is_named():
    older, newer = (
        survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), f"executive-survey@1.{minor}.0")
        for minor in (0, 1)
    )
    table = survey.compare_waves(older, newer)
    assert table.loc[table["question"] == "target_markets", "verdict"].eq(NOT_COMPARABLE).all()
    assert "one of the two waves" in table.loc[table["question"] == "target_markets", "note"].iloc[0]
    assert table.loc[table["question"] == "support_needs", "verdict"].eq(NOT_COMPARABLE).all()
    assert table.loc[table["question"] == "firm_type", "difference"].notna().all()


def test_answers_that_were_carried_over_are_judged_by_what_was_asked():
    asked = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey@1.0.0")
    carried = survey.carry_over(asked, "executive-survey@1.1.0")
    table = survey.compare_waves(asked, carried, "support_needs")
    assert table.loc[table["verdict"] == NOT_COMPARABLE, "item"].tolist() == ["other"]
    newer = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey@1.1.0")
    assert survey.compare_waves(carried, newer, "support_needs")["verdict"].eq(NOT_COMPARABLE).all()
    lost = replace(carried, provenance=replace(carried.provenance, carried_from="executive-survey@0.1.0"))
    with pytest.raises(survey.UsageError, match=r"0\.1\.0"):
        survey.compare_waves(lost, newer)


def test_two_instruments_and_tallies_are_refused(data):
    wave = read(data[0])
    other = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey")
    with pytest.raises(survey.UsageError, match="two instruments"):
        survey.compare_waves(wave, other)
    with pytest.raises(survey.UsageError, match="Tally"):
        survey.compare_waves(survey.tally(wave), wave)


# -- several waves -----------------------------------------------------------------------------------------


def test_a_series_is_its_steps():
    rng = np.random.default_rng(9)
    waves = [
        replace(made(rng, 25, start, p=p), provenance=Provenance(wave=str(2026 + place)))
        for place, (start, p) in enumerate([(0, 0.3), (10, 0.5), (20, 0.7)])
    ]
    series = survey.wave_series(waves, "channels")
    assert tuple(series.columns) == CONTRACTS["wave_series"]
    assert series["wave"].unique().tolist() == ["2026", "2027", "2028"]
    for place, (before, wave) in enumerate(pairwise(waves), 2):
        step = survey.compare_waves(before, wave, "channels").set_index("item")
        own = series[series["place"] == place].set_index("item")
        for mine, theirs in (
            ("difference", "difference"),
            ("difference_low", "ci_low"),
            ("p_value", "p_value"),
            ("n", "n"),
        ):
            np.testing.assert_allclose(own[mine].astype(float), step[theirs].astype(float))
    with pytest.raises(survey.UsageError, match="two waves"):
        survey.wave_series(waves[:1])
    with pytest.raises(survey.UsageError, match="list"):
        survey.wave_series("2026.xlsx")


def test_a_wave_that_asked_otherwise_has_no_number(tmp_path):
    waves = [
        canteen(tmp_path),
        canteen(tmp_path, version="2.0.0", south="The South"),
        canteen(tmp_path, version="2.0.1", south="The South"),
    ]
    series = survey.wave_series(waves, "site")
    assert series["reason"].str.contains("not_comparable").tolist() == [True, False, False] * 2
    assert series.loc[series["place"] == 2, "difference"].isna().all()
    assert series.loc[series["place"] == 3, "difference"].notna().all()


def test_the_contracts_hold(data):
    waves = [read(frame) for frame in data]
    assert tuple(survey.compare_waves(*waves).columns) == CONTRACTS["wave"]
    assert tuple(survey.compare_wave_means(*waves).columns) == CONTRACTS["wave_mean"]
    assert tuple(survey.wave_transitions(*waves).columns) == CONTRACTS["transition"]


# -- renamed and merged ------------------------------------------------------------------------------------

CROSSWALK = """
kind: version-crosswalk
id: canteen
from: "1.0.0"
version: "2.0.0"
languages: [en]
title: {en: To two}
carries:
  - {question: site, to: place}
  - {question: site, part: east, to: west}
  - {question: dishes, part: soup, to: broth}
"""


def renamed_versions(tmp_path):
    """Two versions of the canteen's questionnaire of which the newer has other names, and a crosswalk."""
    east, west = ("      - {id: " + f"{name.lower()}, label: {{en: {name}}}}}" for name in ("East", "West"))
    older = BASE.format(**PLAIN | {"option": f"{east}\n{west}"})
    newer = BASE.format(**PLAIN | {"version": "2.0.0", "option": west})
    newer = newer.replace("id: site", "id: place").replace("id: soup", "id: broth")
    (tmp_path / "1.0.0.yaml").write_text(older, encoding="utf-8")
    (tmp_path / "2.0.0.yaml").write_text(newer, encoding="utf-8")
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "1.0.0--2.0.0.yaml").write_text(CROSSWALK, encoding="utf-8")
    rng = np.random.default_rng(10)
    then = pd.DataFrame(
        {
            "respondent_id": [f"guest {place + 100}" for place in range(40)],
            "site": ["east"] * 10 + ["west"] * 6 + ["north"] * 14 + ["south"] * 10,
            **{f"dishes__{item}": rng.integers(1, 4, 40) for item in ("soup", "salad")},
        }
    )
    now = then.rename(columns={"site": "place", "dishes__soup": "dishes__broth"})
    now["place"] = ["west"] * 20 + ["north"] * 20
    versions = tmp_path / "1.0.0.yaml", tmp_path / "2.0.0.yaml"
    return [survey.from_frame(frame, path) for frame, path in zip((then, now), versions, strict=True)]


def test_what_a_crosswalk_renames_and_merges_is_compared(tmp_path):
    then, now = renamed_versions(tmp_path)
    carried = survey.carry_over(then, tmp_path / "2.0.0.yaml")
    for earlier in (then, carried):
        table = survey.compare_waves(earlier, now).set_index(["question", "item"])
        assert (table["verdict"] != NOT_COMPARABLE).all()
        west = table.loc["place", "west"]
        assert west[["n", "other_n", "both", "gained", "lost"]].tolist() == [20, 16, 40, 4, 0]
        assert table.loc["dishes", "broth"]["gained"] == 0
        means = survey.compare_wave_means(earlier, now).set_index("item")
        assert means["difference"].eq(0).all()
        moved = survey.wave_transitions(earlier, now, "place").set_index(["earlier_code", "code"])
        assert moved.loc[("west", "west"), ["n", "base"]].tolist() == [16, 16]
        assert moved.loc[("south", "north"), "n"] == 10
        series = survey.wave_series([earlier, now], "place").set_index(["item", "place"])
        assert series.loc[("west", 1), "n"] == 16
    back = survey.compare_waves(now, then).set_index(["question", "item"])
    assert back.loc["place", "west"][["n", "other_n", "gained", "lost"]].tolist() == [16, 20, 0, 4]


def test_without_its_crosswalk_nothing_that_was_renamed_is_compared(tmp_path):
    then, now = renamed_versions(tmp_path)
    (tmp_path / "crosswalk" / "1.0.0--2.0.0.yaml").unlink()
    table = survey.compare_waves(then, now)
    blocked = table[table["verdict"] == NOT_COMPARABLE]
    assert set(blocked["question"]) == {"site", "place", "dishes"}
    assert set(blocked.loc[blocked["question"] == "dishes", "item"]) == {"broth"}
    assert table.loc[table["item"] == "salad", "difference"].notna().all()
