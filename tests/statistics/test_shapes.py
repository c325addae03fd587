"""Odd shapes, for every function: defined numbers or a blank with its reason, the contract always whole."""

import pandas as pd
import pytest

import survey
from tests.paths import EXAMPLES
from tests.statistics.helpers import check_table

CHANNELS = [f"channels__{name}" for name in ("agents", "branches", "partners", "online")]
HURDLES = [
    f"hurdles__{name}"
    for name in ("capital", "customs", "language", "law", "logistics", "pricing", "staff", "trust")
]


def tables_of(told, *, ratings=True):
    """Every table there can be of some responses, with its contract."""
    kinds = {question.id: question.kind for question in told.instrument.questions}
    chosen = [name for name, kind in kinds.items() if kind in ("single", "multiple")]
    batteries = [name for name, kind in kinds.items() if kind == "rating"]
    for name in [*chosen, *batteries]:
        yield "frequency", survey.frequencies(told, name)
        yield "frequency", survey.frequencies(told, name, interval="clopper_pearson")
        for banner in chosen:
            if banner != name:
                crossed = survey.crosstab(told, name, banner=banner)
                yield "crosstab", crossed
                yield "columns", survey.crosstab(told, name, banner=banner, compare="columns")
                for only in ("exclusive", "mixed"):
                    yield "crosstab", survey.crosstab(told, name, banner=banner, only=only)
    if told.instrument.defaults.banner or not chosen:
        yield "precision", survey.precision(told)
    for name in chosen:
        yield "precision", survey.precision(told, banner=name)
        yield "overlap", survey.overlaps(told, name)
        if kinds[name] == "multiple":
            yield "mention", survey.mentions(told, name)
            yield "mention_summary", survey.mention_summary(told, name)
            yield "test", survey.compare_items(told, name, min_base=1)
    for name in batteries:
        yield "importance", survey.importance_shares(told, name)
        for least in (1, 5):
            yield "test", survey.compare_items(told, name, min_base=least)
            yield "test", survey.reliability(told, name, min_base=least)
        for banner in chosen:
            yield "test", survey.compare_group_ratings(told, name, by=banner)
        if ratings:
            yield "test", survey.compare_ratings(told, name, min_base=1)


def no_group(frame):
    frame[CHANNELS] = 0


def one_group(frame):
    frame[CHANNELS] = 0
    frame["channels__agents"] = 1


def every_group(frame):
    frame[CHANNELS] = 1


def chosen_by_everybody_and_nobody(frame):
    frame["channels__agents"], frame["channels__online"] = 1, 0
    frame["hurdles__law"], frame["hurdles__trust"] = 5, 1


def straight_lining(frame):
    frame[HURDLES] = 4


def nobody_complete(frame):
    for at, label in enumerate(frame.index):
        frame.loc[label, HURDLES[at % 8]] = None


def one_item_rated(frame):
    frame[HURDLES[1:]] = None


def one_answer_each(frame):
    frame.iloc[1:, :] = None


def nothing_answered(frame):
    frame.iloc[:, :] = None


SHAPES = [
    *(no_group, one_group, every_group, chosen_by_everybody_and_nobody, straight_lining),
    *(nobody_complete, one_item_rated, one_answer_each, nothing_answered),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_answers(statistics_frame, shape):
    frame = statistics_frame.astype(object)
    shape(frame)
    told = survey.from_frame(frame, EXAMPLES / "overlapping-groups.yaml")
    for contract, table in tables_of(told, ratings=shape is not no_group):
        check_table(table, contract)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5])
def test_few_respondents(statistics_frame, size):
    told = survey.from_frame(statistics_frame.head(size), EXAMPLES / "overlapping-groups.yaml")
    for contract, table in tables_of(told, ratings=size in (0, 1, 3)):
        check_table(table, contract)


@pytest.mark.parametrize(
    "gone", [["size"], CHANNELS, HURDLES, [CHANNELS[3], HURDLES[3]], [*CHANNELS, *HURDLES]]
)
def test_a_question_or_part_without_a_column(statistics_frame, gone):
    told = survey.from_frame(statistics_frame.drop(columns=gone), EXAMPLES / "overlapping-groups.yaml")
    for contract, table in tables_of(told, ratings=False):
        check_table(table, contract)
    if CHANNELS[3] in gone:
        row = survey.frequencies(told, "channels").iloc[3]
        assert (row["n"], row["base"]) == (0, 0)


def test_an_empty_subset(overlapping):
    nobody = overlapping.where("hurdles__law=1", "hurdles__law=5")
    assert len(nobody) == 0
    for contract, table in tables_of(nobody):
        check_table(table, contract)
    table = survey.crosstab(nobody, "size")
    assert len(table) == 3 * 4
    assert set(table["base"]) == {0}


@pytest.mark.parametrize("kind", ["doubled", "text", "two_levels"])
def test_any_index_will_do(statistics_frame, overlapping, kind):
    size = len(statistics_frame)
    index = {
        "doubled": [7] * size,
        "text": [f"r{at}" for at in range(size)],
        "two_levels": pd.MultiIndex.from_product([[1, 2], range(size // 2)]),
    }[kind]
    told = survey.from_frame(statistics_frame.set_axis(index), EXAMPLES / "overlapping-groups.yaml")
    for (_, found), (_, known) in zip(
        tables_of(told, ratings=False), tables_of(overlapping, ratings=False), strict=True
    ):
        pd.testing.assert_frame_equal(found, known)


@pytest.mark.parametrize("size", [0, 1, 3, 12])
def test_other_instruments(size):
    sevens = pd.DataFrame(
        {
            "region": ["north", "south", None] * 4,
            "agreement__first": [7, 1, 4, 7] * 3,
            "agreement__second": [6, 6, 6, None] * 3,
            "agreement__third": list(range(1, 8)) + [7] * 5,
        }
    )
    told = survey.from_frame(sevens.head(size), EXAMPLES / "seven-points.yaml")
    for contract, table in tables_of(told):
        check_table(table, contract)
    fours = pd.DataFrame(
        {
            "markets__asia": [1, 0, 0] * 4,
            "markets__europe": [1, 1, 0] * 4,
            "markets__nowhere": [0, 0, 1] * 4,
            "consent__nothing": [1, 0] * 6,
            "visits__ours": [0, 1, 2, 3] * 3,
            "visits__theirs": [3, 1, 0, None] * 3,
            "calls__weekly": [0, 3] * 6,
        }
    )
    told = survey.from_frame(fours.head(size), EXAMPLES / "no-defaults.yaml")
    for contract, table in tables_of(told):
        check_table(table, contract)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda given: survey.frequencies(given, "sizes"), r"Did you mean: size\?"),
        (lambda given: survey.mentions(given, "size"), "this needs one of kind multiple"),
        (lambda given: survey.mention_summary(given, "hurdles"), "this needs one of kind multiple"),
        (lambda given: survey.overlaps(given, "hurdles"), "Name one: hurdles__"),
        (lambda given: survey.compare_ratings(given, "channels"), "this needs one of kind rating"),
        (lambda given: survey.frequencies(given, "size", confidence=95), r"Write 0\.95 for 95%"),
        (lambda given: survey.importance_shares(given, confidence=95), r"Write 0\.95 for 95%"),
        (lambda given: survey.crosstab(given, "size", confidence=95), r"Write 0\.95 for 95%"),
        (lambda given: survey.compare_items(given, confidence=95), r"Write 0\.95 for 95%"),
        (lambda given: survey.reliability(given, confidence=95), r"Write 0\.95 for 95%"),
        (lambda given: survey.crosstab(given, "size", interval="wald"), "no interval 'wald'"),
        (lambda given: survey.importance_shares(given, interval="wald"), "no interval 'wald'"),
    ],
)
def test_what_does_not_fit_is_told(overlapping, ask, told):
    with pytest.raises(survey.UsageError, match=told):
        ask(overlapping)
