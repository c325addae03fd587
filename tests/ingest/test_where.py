"""`Responses.where`: every comparison, several conditions, labels with commas, names that are not there."""

from typing import Any

import pandas as pd
import pytest

import survey
from survey import Responses, UsageError
from survey.ingest.conditions import parse_condition
from tests.ingest.conftest import Read
from tests.paths import EXAMPLES

TABLE = """
    | id | diet       | drinks__tea | drinks__milk | drinks__juice | dishes__soup | visits | remark |
    |----|------------|-------------|--------------|---------------|--------------|--------|--------|
    | 1  | everything | 1           | 0            | 0             | 5            | 12     | a, b   |
    | 2  | vegetarian | 0           | 1            | 0             | 3            | 0.5    | a      |
    | 3  | other      | 1           | 1            | 1             | (skipped)    | 3      |        |
    | 4  | (skipped)  |             |              |               | 1            |        | A      |
    | 5  | everything | 0           | 0            | (skipped)     | 4            | 3      | b      |
"""


@pytest.fixture
def responses(read: Read) -> Responses:
    return read(TABLE)


def keys(responses: Responses) -> str:
    return "".join(responses.meta["key"])


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("diet=everything", "15"),
        ("diet==everything", "15"),
        ("  diet  =  EVERYTHING  ", "15"),
        ("diet=No meat", "2"),
        ("diet=素食", "2"),
        ("diet=2", "2"),
        ("diet=everything,other", "135"),
        ("diet=everything, No meat", "125"),
        ("diet!=everything", "23"),
        ("diet!=everything,other", "2"),
        ("diet__other=1", "3"),
        ("diet__other=0", "125"),
        ("diet__other!=1", "125"),
        ("drinks=tea", "13"),
        ("drinks=tea,milk", "123"),
        ("drinks!=tea", "25"),
        ("drinks!=tea,milk", "5"),
        ("drinks=Juice (apple/pear, cold)", "3"),
        ("drinks=Milk, Juice (apple/pear, cold)", "23"),
        ("drinks!=Juice (apple/pear, cold)", "12"),
        ("drinks=Tea, with milk", ""),
        ("drinks__tea=1", "13"),
        ("drinks__tea=yes", "13"),
        ("drinks__tea=0", "25"),
        ("drinks__tea!=1", "25"),
        ("drinks__tea=0,1", "1235"),
        ("drinks__juice=0", "12"),
        ("drinks__juice!=1", "12"),
        ("drinks=nothing", ""),
        ("drinks!=nothing", ""),
        ("dishes__soup=5", "1"),
        ("dishes__soup=4,5", "15"),
        ("dishes__soup!=5", "245"),
        ("dishes__soup>=4", "15"),
        ("dishes__soup>4", "1"),
        ("dishes__soup<=3", "24"),
        ("dishes__soup<3", "4"),
        ("dishes__soup >= ４", "15"),
        ("dishes__bread>=1", ""),
        ("dishes__bread!=1", ""),
        ("visits=3", "35"),
        ("visits>=0.5", "1235"),
        ("visits<1", "2"),
        ("visits!=3", "12"),
        ("remark=a", "2"),
        ("remark=a, b", "125"),
        ("remark!=a", "145"),
    ],
)
def test_conditions(responses: Responses, condition: str, kept: str) -> None:
    assert keys(responses.where(condition)) == kept


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({"diet": "everything"}, "15"),
        ({"diet": ["everything", "other"]}, "135"),
        ({"diet": ("No meat",)}, "2"),
        ({"drinks": ["Juice (apple/pear, cold)", "Milk"]}, "23"),
        ({"drinks": {"milk", "juice"}}, "23"),
        ({"drinks__tea": True}, "13"),
        ({"drinks__tea": False}, "25"),
        ({"dishes__soup": 5}, "1"),
        ({"dishes__soup": range(4, 6)}, "15"),
        ({"dishes__soup": pd.Series([4, 5])}, "15"),
        ({"visits": 0.5}, "2"),
        ({"diet": "everything", "dishes__soup": [4]}, "5"),
    ],
)
def test_conditions_as_keywords(responses: Responses, chosen: dict[str, Any], kept: str) -> None:
    assert keys(responses.where(**chosen)) == kept


def test_several_conditions_all_hold(responses: Responses) -> None:
    assert keys(responses.where("diet=everything", "dishes__soup>=4", "visits>3")) == "1"
    assert keys(responses.where("diet=everything").where("visits=3")) == "5"
    assert keys(responses.where("diet=everything", visits=3)) == "5"


def test_a_subset_says_so(responses: Responses) -> None:
    part = responses.where("diet=everything", "drinks!=Juice (apple/pear, cold)").where("dishes__soup>=4")
    assert [condition.text() for condition in part.subset] == [
        "Diet = Everything",
        "Drinks != Juice (apple/pear, cold)",
        "Dishes / Soup >= 4",
    ]
    assert part.subset[0].text("zh") == "饮食 = 什么都吃"
    assert part.total == 5
    assert responses.total is None
    assert responses.subset == ()


def test_nothing_left_is_an_empty_set_of_responses(responses: Responses) -> None:
    part = responses.where("visits>1000")
    assert len(part) == 0
    assert part.data.dtypes.to_dict() == responses.data.dtypes.to_dict()
    assert list(part.missing) == list(responses.missing)
    assert len(part.where("diet=other")) == 0


def test_responses_are_not_changed(responses: Responses) -> None:
    before = responses.data.copy(), responses.missing.copy(), responses.meta.copy()
    part = responses.where("diet=everything")
    part.data.loc[:, "visits"] = 0.0
    after = responses.data, responses.missing, responses.meta
    for old, new in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(old, new)
    with pytest.raises(AttributeError):
        responses.total = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("", "The condition '' cannot be read"),
        ("diet", "The condition 'diet' cannot be read"),
        ("diet=", "cannot be read"),
        ("=everything", "cannot be read"),
        ("diet= , ", "cannot be read"),
        ("diet__other=1,0", "cannot be read"),
        ("diett=everything", "'diett' is not a question of canteen@1.0.0. Did you mean: diet?"),
        ("colour=red", "Did you mean: diet, drinks, dishes, visits, remark?"),
        ("diet=everythink", "'everythink' is not an option or item of 'diet'. Did you mean: everything?"),
        (
            "diet=other,fish",
            "'fish' is not an option or item of 'diet'. Did you mean: everything, vegetarian, other?",
        ),
        ("drinks=Tea, with mlk", "'with mlk' is not an option"),
        ("drinks__tee=1", "'tee' is not an option or item of 'drinks'. Did you mean: tea?"),
        ("drinks__tea=maybe", "'maybe' is not a value of this question"),
        ("diet__other=maybe", "'maybe' is not a value of this question"),
        ("dishes__soap>=4", "'soap' is not an option or item of 'dishes'. Did you mean: soup?"),
        (
            "dishes>=4",
            "for each of its items or options. Name one, for example dishes__soup, dishes__bread.",
        ),
        ("dishes__soup>=good", "'good' is not a value of this question"),
        ("dishes__soup=nan", "'nan' is not a value of this question"),
        ("dishes__soup>=4,5", "compares sizes"),
        ("diet>=other", "compares sizes, which 'diet' does not have"),
        ("drinks__tea>0", "compares sizes"),
        ("remark>a", "compares sizes"),
        ("visits__a=3", "'a' is not an option or item of 'visits'"),
    ],
)
def test_conditions_that_make_no_sense(responses: Responses, condition: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        responses.where(condition)
    assert told in str(caught.value)
    assert caught.value.exit_code == 2


def test_no_condition_at_all(responses: Responses) -> None:
    with pytest.raises(UsageError, match="No condition was given"):
        responses.where()
    with pytest.raises(UsageError, match="cannot be read"):
        responses.where(diet=[])
    with pytest.raises(UsageError, match="'None' is not an option"):
        responses.where(diet=None)


def test_a_point_is_said_by_its_label():
    instrument = survey.load_instrument(EXAMPLES / "derived.yaml")
    condition = parse_condition("trust__banks=4", instrument)
    point = next(one for one in instrument.scale_of(condition.question).points if one.value == 4)
    assert condition.text("en").endswith(f"= {point.said('en')}")
    assert condition.text("zh").endswith(f"= {point.said('zh')}")
    assert parse_condition("trust__banks>=4", instrument).text().endswith(">= 4")


@pytest.mark.parametrize("written", ['"2015-01-01"', "'2015-01-01'", "2015-1-1", "2015", "01.01.2015"])
def test_a_day_that_is_written_otherwise_is_told_with_its_form(written):
    instrument = survey.load_instrument(EXAMPLES / "more-kinds.yaml")
    day = next(question.id for question in instrument.questions if question.kind == "date")
    assert parse_condition(f"{day}>=2015-01-01", instrument).values == ("2015-01-01",)
    with pytest.raises(UsageError, match="2026-01-31, without quotes") as error:
        parse_condition(f"{day}>={written}", instrument)
    assert "不加引号" in error.value.problems[0].text("zh")
