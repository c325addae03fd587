"""`from_frame`: whatever a DataFrame may hold, read as a workbook would be; the frame is not changed."""

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey import DataError, Instrument, Provenance, UsageError, from_frame
from survey.ingest.provenance import Reconstruction
from tests.helpers import accounted, answers, missing


@pytest.mark.parametrize(
    "values",
    [
        [5, None, 3],
        [5.0, float("nan"), 3.0],
        ["5", "", "Neither"],
        ["5 - Very good", None, "一般"],
        pd.array([5, None, 3], dtype="Int64"),
        pd.array([5, None, 3], dtype="Float64"),
        pd.array(["5", None, "3"], dtype="string"),
        pd.Series(["5", None, "3"], dtype="str"),
        pd.Categorical([5, None, 3]),
        pd.Categorical(["Very good", None, "Neither"]),
        pd.array([5, None, 3], dtype=pd.SparseDtype("float")),
        [np.int64(5), np.nan, np.float32(3)],
        [np.str_("5"), pd.NA, np.int8(3)],
        [Decimal(5), Decimal("NaN"), Decimal("3.0")],
        [Fraction(5), pd.NaT, Fraction(6, 2)],
        [[5], [], [3]],
        [np.array([5]), np.array([]), np.array(3)],
    ],
    ids=lambda values: f"{type(values).__name__}-{getattr(values, 'dtype', '')}-{values[0]!r}",
)
def test_ratings_of_every_type(canteen: Instrument, values: Any) -> None:
    responses = from_frame(pd.DataFrame({"soup": pd.Series(values)}), canteen)
    assert answers(responses, "dishes__soup") == [5, None, 3]
    assert missing(responses, "dishes__soup") == ["", "empty", ""]


@pytest.mark.parametrize(
    "values",
    [
        [True, False],
        [1, 0],
        [1.0, 0.0],
        ["x", ""],
        ["Tea", None],
        [np.True_, np.False_],
        pd.array([True, False], dtype="boolean"),
        pd.Categorical(["yes", "no"]),
    ],
    ids=repr,
)
def test_ticks_of_every_type(canteen: Instrument, values: Any) -> None:
    responses = from_frame(
        pd.DataFrame({"drinks__tea": pd.Series(values), "drinks__milk": ["1", "1"]}), canteen
    )
    assert answers(responses, "drinks__tea") == [True, False]


@pytest.mark.parametrize(
    "value",
    [
        ["tea", "Tea, with milk"],
        ("茶", "tea_with_milk"),
        {"tea", "tea_with_milk"},
        frozenset({"Tea", "tea_with_milk"}),
        np.array(["tea", "tea_with_milk"], dtype=object),
        pd.Series(["tea", "tea_with_milk"]),
        ["tea", None, np.nan, "tea_with_milk"],
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_list_in_a_cell_is_a_joined_cell(canteen: Instrument, value: Any) -> None:
    frame = pd.DataFrame({"drinks": pd.Series([value, "Milk"], dtype=object)})
    responses = from_frame(frame, canteen)
    assert answers(responses, "drinks__tea") == [True, False]
    assert answers(responses, "drinks__tea_with_milk") == [True, False]
    assert answers(responses, "drinks__milk") == [False, True]


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        b"5",
        object(),
        complex(1, 2),
        float("inf"),
        np.inf,
        datetime.date(2026, 5, 1),
        pd.Timestamp("2026-05-01T10:00:00.000000005+02:00"),
        np.datetime64("2026-05-01"),
        pd.Timedelta("1D"),
        pd.Period("2026-05"),
        pd.Interval(1, 2),
        "\ud800",
        "\x00",
        [["nested"], {"deep": {}}],
        pd.DataFrame({"a": [1]}),
        ValueError,
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("column", ["diet", "drinks", "drinks__tea", "soup", "visits"])
def test_what_cannot_be_an_answer_is_refused_with_its_place(
    canteen: Instrument, column: str, value: Any
) -> None:
    frame = pd.DataFrame({column: pd.Series([None, value], dtype=object), "remark": ["a", "b"]})
    with pytest.raises(DataError) as caught:
        from_frame(frame, canteen)
    (problem,) = caught.value.problems
    assert problem.place.cell == f"[1, {column!r}]"
    assert str(problem).startswith("DataFrame, cell [1, ")
    assert len(from_frame(frame, canteen, set_aside=True)) == 2


def test_problems_come_in_reading_order(canteen: Instrument) -> None:
    frame = pd.DataFrame(
        {"remark": ["x"] * 12, "soup": [9] + [1] * 9 + [9, 1], "diet": ["fish"] * 2 + [None] * 10}
    )
    with pytest.raises(DataError) as caught:
        from_frame(frame, canteen)
    problems = caught.value.problems
    assert [problem.place.cell for problem in problems] == ["[0, 'soup']", "[0, 'diet']"]
    cells = [one.place.cell for problem in problems for one in problem.each()]
    assert cells == ["[0, 'soup']", "[10, 'soup']", "[0, 'diet']", "[1, 'diet']"]


def test_duplicate_column_names_are_a_fault(canteen: Instrument) -> None:
    frame = pd.DataFrame([[1, 2, "a"]], columns=["soup", "soup", "Remark"])
    with pytest.raises(DataError) as caught:
        from_frame(frame, canteen)
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.cell, problem.values["other"]) == (
        "header_twice",
        "['soup']",
        "['soup']",
    )


def test_columns_of_several_levels(canteen: Instrument) -> None:
    columns = pd.MultiIndex.from_tuples(
        [("Drinks", "Tea"), ("drinks", "Tea, with milk"), ("How good are the dishes?", "Soup"), ("diet", "")]
    )
    responses = from_frame(pd.DataFrame([[1, 0, 4, "other"]], columns=columns), canteen)
    assert answers(responses, "drinks__tea") == [True]
    assert answers(responses, "drinks__tea_with_milk") == [False]
    assert answers(responses, "dishes__soup") == [4]
    assert answers(responses, "diet") == ["other"]


@pytest.mark.parametrize("name", [5, None, float("nan"), pd.Timestamp("2026-05-01"), ("a", 1), b"x", True])
def test_column_names_that_are_no_text(canteen: Instrument, name: Any) -> None:
    frame = pd.DataFrame([[1, 2]])
    frame.columns = pd.Index(["soup", name], dtype=object, tupleize_cols=False)
    responses = from_frame(frame, canteen)
    assert accounted(responses) == {"read": 2, "mapped answer": 1, "refused unknown_column": 1}


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(["a", "a", "b"]),
        pd.Index([7, 7, 7]),
        pd.date_range("2026-05-01", periods=3),
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["x", "y"]),
        pd.Index([None, None, float("nan")]),
    ],
    ids=lambda index: type(index).__name__,
)
def test_any_index_is_kept(canteen: Instrument, index: pd.Index) -> None:
    frame = pd.DataFrame({"soup": [1, 5, 4], "diet": ["other", "other", None]}, index=index)
    responses = from_frame(frame, canteen)
    assert responses.data.index.equals(index)
    assert responses.missing.index.equals(index)
    assert responses.meta.index.equals(index)
    assert responses.meta["row"].tolist() == [0, 1, 2]
    part = responses.where("dishes__soup>=4", diet="other")
    assert part.meta["row"].tolist() == [1]


def test_a_frame_without_rows_gives_no_respondents(canteen: Instrument) -> None:
    responses = from_frame(pd.DataFrame({"soup": [], "drinks": [], "drinks_": []}), canteen)
    assert len(responses) == 0
    assert (
        responses.data.dtypes.to_dict()
        == from_frame(pd.DataFrame({"soup": [5]}), canteen).data.dtypes.to_dict()
    )
    assert accounted(responses) == {}


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"a": [1]}), pd.DataFrame(index=[1, 2])])
def test_a_frame_without_a_known_column(canteen: Instrument, frame: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"No column is headed by a question of canteen@1\.0\.0"):
        from_frame(frame, canteen)


def test_an_unknown_instrument() -> None:
    with pytest.raises(UsageError, match="There is no instrument 'nope'"):
        from_frame(pd.DataFrame({"soup": [5]}), "nope")


def test_the_frame_is_not_changed(canteen: Instrument) -> None:
    frame = pd.DataFrame(
        {
            "diet": pd.Categorical(["other", None]),
            "drinks": [["tea"], {"milk"}],
            "soup": pd.array([5, None], dtype="Int64"),
            "remark": ["a", None],
        },
        index=["x", "x"],
    )
    before = frame.copy(deep=True)
    responses = from_frame(frame, canteen)
    pd.testing.assert_frame_equal(frame, before)
    responses.data.loc["x", "remark"] = "changed"
    pd.testing.assert_frame_equal(frame, before)


def test_data_read_may_be_given_again(canteen: Instrument) -> None:
    first = from_frame(
        pd.DataFrame({"diet": ["other", "素食"], "drinks": ["Tea; Milk", None], "soup": [5, "Bad"]}), canteen
    )
    again = from_frame(first.data, canteen)
    pd.testing.assert_frame_equal(again.data, first.data)


def test_what_a_file_would_say_of_itself(canteen: Instrument) -> None:
    frame = pd.DataFrame({"soup": [5]})
    origin: dict[str, Any] = {"wave": 2027, "licence": None, "reconstructed": True, "seed": 7}
    provenance = from_frame(frame, canteen, origin=origin).provenance
    assert provenance == Provenance(wave="2027", reconstruction=Reconstruction(seed=7))
    assert origin["seed"] == 7
    assert from_frame(frame, canteen, origin=provenance).provenance is provenance
    assert from_frame(frame, canteen, origin={"reconstructed": False}).provenance == Provenance()
    assert from_frame(frame, canteen).provenance == Provenance()


def test_an_origin_with_entries_that_nobody_knows_is_refused(canteen: Instrument) -> None:
    origin = {"wave": "2027-04", "welle": "2027-04", "reconstructed": "perhaps", "seed": 7}
    with pytest.raises(UsageError) as caught:
        from_frame(pd.DataFrame({"soup": [5]}), canteen, origin=origin)
    (problem,) = caught.value.problems
    assert problem.values["entries"] == ["welle = 2027-04", "reconstructed = perhaps", "seed = 7"]
    for name in ("wave", "licence", "fielded_by", "reconstructed"):
        assert name in problem.text().split("Known are")[1]
    assert "welle" in problem.text("zh")
