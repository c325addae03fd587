"""Batteries of bare numbers: an item may lack points that others have; amounts are no points."""

import pandas as pd
import pytest

import survey

ITEMS = ("On time", "Fair", "Hard to reach", "Good")
AGREE = "How much do you agree? [{}]"


def drafted(folder, stem, cells, items=ITEMS):
    """A table with one column for each item, whose cells run through its own list."""
    columns = {stem.format(item): own for item, own in zip(items, cells, strict=True)}
    path = folder / "mine.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)


def points(instrument):
    (scale,) = instrument.scales.values()
    return [point.value for point in scale.points]


def run(*values, count=40):
    return [values[place % len(values)] for place in range(count)]


TORN = [run(2, 3, 4, 5), run(1, 2, 3, 4, 5), run(3, 2, 5, 4), run(1, 3, 3, 4)]


@pytest.mark.parametrize(
    "stem",
    [
        AGREE,
        "How much do you agree? - {}",
        "How much do you agree? {}",
        "How much do you agree: {}",
        "Agreement/{}",
        "您是否同意以下说法—{}",
        "3、您是否同意以下说法—{}",
        "Of our deliveries [{}]",  # nothing asks for a rating
    ],
)
@pytest.mark.parametrize("aside", [None, "Don't know"])
def test_items_that_lack_a_point_stay_in_their_battery(tmp_path, stem, aside):
    cells = [[aside if aside and place % 9 == 0 else cell for place, cell in enumerate(own)] for own in TORN]
    draft, responses = drafted(tmp_path, stem, cells)
    (question,) = draft.instrument.questions
    assert (question.kind, len(question.items)) == ("rating", 4)
    assert points(draft.instrument) == [1, 2, 3, 4, 5]
    for name, own in zip(responses.data, cells, strict=True):
        answered = [None if cell == aside else cell for cell in own]
        assert [None if pd.isna(cell) else int(cell) for cell in responses.data[name]] == answered


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([[2, 5, 4], [1, 3, 3]], [1, 2, 3, 4, 5]),  # three respondents
        ([[4, 4, 4], [1, 3, 5]], [1, 2, 3, 4, 5]),  # one item has one point only
        ([run(2, 4, 7), run(1, 6, 3)], [1, 2, 3, 4, 5, 6, 7]),
        ([run(3, 8, 10), run(0, 5, 9)], list(range(11))),
        ([run(3, 8, 10), run(1, 5, 9)], list(range(1, 11))),
        ([run(-2, 0, 2), run(-1, 0, 1)], [-2, -1, 0, 1, 2]),
    ],
)
def test_the_scale_is_the_union_of_points(tmp_path, cells, expected):
    draft, _ = drafted(tmp_path, AGREE, cells, ITEMS[:2])
    assert [question.kind for question in draft.instrument.questions] == ["rating"]
    assert points(draft.instrument) == expected
    assert draft.sure == 0
    assert draft.doubts


@pytest.mark.parametrize(
    ("stem", "cells", "expected"),
    [
        (AGREE, [run(2, 3, 4, 5), run(3, 4, 5)], 5),
        ("Of us [{}]", [run(2, 3, 4, 5), run(3, 4, 5)], 5),
        (AGREE, [[4, 5, 4], [5, 5, 4]], 5),
        ("Please rate (1-7) [{}]", [run(3, 4), run(4, 5, 6)], 7),  # the stem says the scale
        ("请评分（1至10分）—{}", [run(3, 4), run(4, 5, 8)], 10),
    ],
)
def test_points_that_nobody_gave_are_points(tmp_path, stem, cells, expected):
    draft, _ = drafted(tmp_path, stem, cells, ITEMS[:2])
    assert points(draft.instrument) == list(range(1, expected + 1))
    unseen = "nobody gave the lowest" in draft.doubts[0]
    assert unseen == ("1-7" not in stem and "1至" not in stem)


@pytest.mark.parametrize(
    ("stem", "cells"),
    [
        ("How many do you own? [{}]", [run(0, 1, 2, 3), run(1, 2, 4, 3)]),
        ("您有几个—{}", [run(0, 1, 2, 3), run(1, 2, 4, 3)]),
        ("Hours [{}]", [run(3, 8, 9), run(4, 6)]),  # nothing says that they are points
        ("Staff [{}]", [run(2, 14, 5), run(1, 3, 4)]),  # one reaches beyond points
        ("Of us [{}]", [run(1, 2.5, 5), run(1, 3, 4)]),
        ("Of us [{}]", [run(4), run(4)]),
        ("About you: {}", [run(1, 2), run(1, 2, 3, 4, 5)]),  # a sex beside an age group
        ("Share [{}]", [run(0, 3, 10, 6), run(10, 7, 0, 4)]),  # they add up to 10
    ],
)
def test_what_is_no_battery(tmp_path, stem, cells):
    draft, _ = drafted(tmp_path, stem, cells, ITEMS[:2])
    assert "rating" not in {question.kind for question in draft.instrument.questions}


def test_parts_of_any_sum_are_no_points(tmp_path):
    cells = [run(0, 1, 2, 5, 3), run(4, 1, 2, 0, 1), run(1, 3, 1, 0, 1)]
    draft, _ = drafted(tmp_path, "Your five coins [{}]", cells, ITEMS[:3])
    assert "rating" not in {question.kind for question in draft.instrument.questions}


@pytest.mark.parametrize("stem", ["coins {}", "How many {}"])
def test_neighbours_that_are_counted_are_no_battery(tmp_path, stem):
    cells = [run(0, 1, 2, 3), run(1, 2, 0, 3), run(3, 0, 0, 2, 1)]
    draft, _ = drafted(tmp_path, stem, cells, ("cats", "dogs", "birds"))
    kinds = {question.kind for question in draft.instrument.questions}
    assert ("rating" in kinds) == stem.startswith("coins")


def test_columns_without_a_stem_stay_apart(tmp_path):
    draft, _ = drafted(tmp_path, "{}", TORN, ("Delivery", "Prices", "Reach", "Products"))
    assert len(draft.instrument.questions) == 4


@pytest.mark.parametrize(("stem", "expected"), [("sat_{}", 1), ("Q{}", 4)])
def test_numbered_columns(tmp_path, stem, expected):
    """A number parts less than a sign does: of a stem that says nothing the columns stay apart."""
    draft, _ = drafted(tmp_path, stem, TORN, "1234")
    assert len(draft.instrument.questions) == expected


def test_a_text_beside_a_battery_stays_apart(tmp_path):
    words = [f"Remark {place}" for place in range(40)]
    draft, _ = drafted(tmp_path, AGREE, [*TORN[:3], words])
    assert [question.kind for question in draft.instrument.questions] == ["rating", "text"]
    assert points(draft.instrument) == [1, 2, 3, 4, 5]
