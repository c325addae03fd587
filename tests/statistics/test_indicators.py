"""Every question as 1, 0 and no answer; which question is meant."""

import pytest

import survey
from survey.counts.row_counts import counts_of
from survey.statistics.indicators import (
    asked_parts,
    banner_of,
    battery_of,
    complete_table,
    pair_tables,
    shares,
    top_points,
)
from tests.paths import EXAMPLES
from tests.statistics.helpers import groups, overlapping_groups


def yes_and_base(told, question, **options):
    """Yes and base of every part, by its id."""
    asked = told.instrument.question(question)
    counted = shares(counts_of(told), asked, **options)
    return {part.id: pair for part, *pair in zip(asked.parts, counted.n, counted.base, strict=True)}


def test_no_answer_is_neither_yes_nor_no():
    told = overlapping_groups(
        size=["small", None], channels__agents=[1, 0], hurdles__law=[4, None], hurdles__staff=[None, 3]
    )  # a row of zeros is an answer where the form was opened
    assert yes_and_base(told, "size")["small"] == [1, 1]
    assert list(yes_and_base(told, "size").values())[1:] == [[0, 1], [0, 1]]
    assert yes_and_base(told, "channels")["agents"] == [1, 2]
    assert yes_and_base(told, "channels")["online"] == [0, 0]
    assert yes_and_base(told, "hurdles")["law"] == [1, 1]
    assert yes_and_base(told, "hurdles", top=1)["law"] == [0, 1]


def test_the_responses_are_not_touched():
    told = groups([1, 0, 1, 0], [None, None, None, None])
    before = told.data.copy(deep=True)
    question = told.instrument.question("channels")
    counts = counts_of(told)
    counts.joint(question, question)[:] = 7
    counts.group_table(question, question).counts[:] = 7
    assert told.data.equals(before)


def test_tables_of_pairs_count_who_answered_both():
    told = overlapping_groups(
        size=["small", "large", None, "small"], hurdles__law=[4, 2, 5, None], hurdles__staff=[1, None, 4, 5]
    )
    size, hurdles = (told.instrument.question(name) for name in ("size", "hurdles"))
    tables = pair_tables(counts_of(told), size, hurdles)
    law, staff = (hurdles.part(name) for name in ("law", "staff"))
    small = size.parts.index(size.part("small"))
    at = small, hurdles.parts.index(law)
    cells = (tables.yes_yes, tables.yes_no, tables.no_yes, tables.no_no)
    assert [int(table[at]) for table in cells] == [1, 0, 0, 1]
    pairs = pair_tables(counts_of(told), hurdles, hurdles)
    at = hurdles.parts.index(law), hurdles.parts.index(staff)
    assert int(pairs.base[at]) == 2
    assert [int(table[at]) for table in (pairs.yes_yes, pairs.yes_no)] == [1, 1]


def test_complete_answers_of_no_parts_are_nobody_s():
    told = overlapping_groups(hurdles__law=[4, None], hurdles__staff=[1, 2])
    counts, question = counts_of(told), told.instrument.question("hurdles")
    asked, absent = asked_parts(question, shares(counts, question).base)
    assert [item.id for item in asked] == ["law", "staff"]
    assert len(absent) == 6
    complete = complete_table(counts, question)
    assert (complete.items, complete.base, complete.sums.tolist()) == (asked, 1, [4, 1])
    assert complete.squares.tolist() == [[16, 4], [4, 1]]
    nobody = complete_table(counts_of(overlapping_groups(size=["small"])), question)
    assert (nobody.items, nobody.base) == ([], 0)


def test_which_battery_and_banner_are_meant(overlapping):
    schema = overlapping.instrument
    assert battery_of(schema, None).id == "hurdles"
    assert battery_of(schema, "channels", "multiple").id == "channels"
    assert banner_of(schema, None).id == "channels"
    assert banner_of(schema, "size").id == "size"
    assert top_points(schema, battery_of(schema, None), None) == 2
    with pytest.raises(survey.UsageError, match="'size' is a single question; this needs one of kind rating"):
        battery_of(schema, "size")
    with pytest.raises(survey.UsageError, match="Name one: hurdles__"):
        banner_of(schema, "hurdles")


@pytest.mark.parametrize(
    "ask",
    [
        survey.importance_shares,
        survey.compare_items,
        survey.compare_ratings,
        survey.reliability,
        lambda told: survey.crosstab(told, "visits"),
        survey.overlaps,
    ],
)
def test_without_a_default_the_question_must_be_named(ask):
    import pandas as pd

    told = survey.from_frame(pd.DataFrame({"visits__ours": [1, 2]}), EXAMPLES / "no-defaults.yaml")
    with pytest.raises(
        survey.UsageError, match=r"no-defaults@1\.0\.0 declares no default (battery|banner)\. Name a"
    ):
        ask(told)
