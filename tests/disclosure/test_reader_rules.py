"""The rules that a reader knows: which, of whom, and what becomes of those that somebody broke."""

from math import inf

import numpy as np
import pytest

import survey
from survey.counts.row_counts import RowCounts
from survey.disclosure.kept_rules import kept_limits
from survey.disclosure.reader_groups import can_be_protected
from survey.disclosure.reader_knowledge import Limit, Part
from survey.disclosure.reader_routes import Steps
from survey.disclosure.reader_rules import stated_rules
from survey.instrument.question import Limits
from tests.disclosure.random_questionnaires import question, survey_of
from tests.disclosure.test_rules_known import (
    OFFICES,
    YEARS,
    answers,
    asked_by_number,
    channel,
    least_beside_none,
    tool,
)
from tests.paths import EXAMPLES

TOOL, YEAR = Part("tool"), Part("years")
PRINTED = {TOOL: ("old", "new")}


def kept(responses, printed=PRINTED):
    """The limits that everybody kept, of the parts that are printed."""
    counts = RowCounts(responses)
    rules, deciders = stated_rules(counts, printed, (), None)
    return kept_limits(counts, rules, deciders, (), None)


def data_of(report):
    return next(table.data for sheet in report.sheets for table in sheet.tables if table.name == "data")


def test_a_number_is_cut_where_rules_tell_it_apart():
    steps = Steps((3.0, 5.0))
    numbers = [0, 2.9, 3, 4, 5, 6]
    assert steps.places(numbers).tolist() == [0, 0, 1, 2, 3, 4]
    assert list(steps.allowed(None, whole=False)) == [1, 3, 0, 2, 4]
    assert sorted(steps.allowed(Limits(minimum=0, maximum=5), whole=True)) == [0, 1, 2, 3]
    assert sorted(Steps((3.0, 4.0)).allowed(Limits(minimum=3), whole=True)) == [1, 3, 4]  # none between
    assert sorted(Steps((3.5,)).allowed(None, whole=True)) == [0, 2]
    assert sorted(Steps((3.0,)).allowed(Limits(minimum=3, maximum=3), whole=False)) == [1]
    every = Steps((3.0, 5.0), (0, 1, 2, 3, 4))
    assert every.between(3, 5) == ("1", "2", "3")
    assert every.between(3, 5, within=False) == ("1", "2")
    assert every.between(-inf, 3, within=False) == ("0",)
    assert every.between(5, inf, within=False) == ("3", "4")


def test_who_answered_is_among_those_who_were_asked():
    limits = kept(asked_by_number())
    assert Limit(((TOOL, None, 1), (YEAR, ("1", "2"), -1)), 0) in limits
    assert Limit(((YEAR, ("1", "2"), 1), (TOOL, None, -1)), 0) in limits  # and answered, for they had to


def test_a_blank_that_decides_leaves_the_weaker_rule():
    """Somebody answered whose years are not known: but nobody whose years forbid it."""
    instrument = survey_of(OFFICES, YEARS, tool(question="years", at_least=3))
    rows = [
        (9, {"office": "north", "years": 7, "tool": "old"}),
        (9, {"office": "north", "years": 1, "tool": None}),
        (1, {"office": "north", "years": None, "tool": "new"}),
    ]
    limits = kept(answers(instrument, *rows))
    forbidding = tuple(code for code in ("0", "1", "2") if code != "1")
    assert [limit for limit in limits if limit.terms[0] == (TOOL, None, 1)] == [
        Limit(((TOOL, None, 1), (YEAR, forbidding[:1], 1)), 1)
    ]
    broken = answers(instrument, *rows, (1, {"office": "south", "years": 1, "tool": "new"}))
    assert not [limit for limit in kept(broken) if limit.terms[0] == (TOOL, None, 1)]


def test_options_that_exclude_others_are_always_enough():
    ticks = {name: Part("channel", name) for name in ("mail", "phone", "press", "none")}
    printed = {part: (name, "") for name, part in ticks.items()}
    limits = kept(least_beside_none(), printed)
    for part in ticks.values():
        wanted = [(ticks[name], (name,), -1) for name in ("mail", "phone", "press")]
        assert Limit(((part, None, 2), *wanted, (ticks["none"], ("none",), -2)), 0) in limits


@pytest.mark.parametrize("make", [channel, least_beside_none, asked_by_number])
def test_a_tally_is_protected_as_its_responses_are(make):
    """A tally has no respondents, so that a rule counts as kept where the counts allow it."""
    responses = make()
    tally = survey.tally(responses, banners=["office"])
    of_rows, of_counts = (data_of(survey.analyze(one, suppress=5)) for one in (responses, tally))
    columns = ["question", "code", "group", "measure", "n", "base", "value"]
    assert of_rows[columns].equals(of_counts[columns])


def test_a_tally_in_which_a_rule_was_broken_has_a_report():
    asked = question("channel", "multiple", ["mail", "none"], least=1)
    instrument = survey_of(OFFICES, asked)
    rows = [
        (12, {"office": "north", "channel__mail": 1, "channel__none": 1}),
        (9, {"office": "south", "channel__mail": 0, "channel__none": 0}),
        (3, {"office": "south", "channel__mail": 1, "channel__none": 0}),
    ]
    broken = answers(instrument, *rows)
    counts = RowCounts(broken)
    parts = {Part("channel", name): (name, "") for name in ("mail", "none")}
    rules, deciders = stated_rules(counts, parts, (), None)
    assert len(kept_limits(counts, rules, deciders, (), None)) < len(rules)
    table = data_of(survey.analyze(survey.tally(broken, banners=["office"]), suppress=5))
    assert table["n"].isna().any()


def test_groups_whose_makings_are_followed():
    instrument = survey.load_instrument(EXAMPLES / "derived.yaml")
    followed = {
        rule.id: can_be_protected(instrument, instrument.question(rule.id))
        for rule in instrument.derived
        if rule.kind != "score"
    }
    assert followed == {
        **{"trust_level": False, "size": True, "staff_band": True, "makers": True, "courts_view": True},
        **{"regions": True, "target": False, "maker_size": False},
    }


@pytest.mark.parametrize("banner", ["size", "makers", "courts_view", "regions"])
def test_derived_groups_have_a_report_with_hidden_cells(banner):
    import pandas as pd

    from tests.paths import ROOT

    data = pd.read_csv(ROOT / "tests/reference/derived-data.csv", dtype=object, keep_default_na=False)
    responses = survey.from_frame(data.replace("", None), EXAMPLES / "derived.yaml")
    whole = data_of(survey.analyze(responses, banner=banner))
    hiding = data_of(survey.analyze(responses, banner=banner, suppress=5))
    shown = hiding[(hiding["group"] != "") & (hiding["measure"] == "share")]
    assert len(shown)
    assert not shown["n"].between(1, 4).any()
    keys = ["question", "item", "code", "group", "measure"]
    both = shown.merge(whole, on=keys, suffixes=("", "_whole"))
    assert len(both) == len(shown)
    told = both["n"].notna()
    assert np.array_equal(both.loc[told, "n"].astype(float), both.loc[told, "n_whole"].astype(float))


def test_options_that_few_chose_are_not_put_together():
    """That fewer than five chose each of two, and eight both, would say that each has four."""
    sizes = question("size", "single", ["small", "large", "huge"], other={"below": 5})
    instrument = survey_of(OFFICES, sizes)
    counts = (("north", "small", 20), ("north", "large", 4), ("south", "huge", 4))
    responses = answers(instrument, *((n, {"office": office, "size": size}) for office, size, n in counts))
    together = data_of(survey.analyze(responses))
    own = set(together.loc[(together["question"] == "size") & (together["group"] == ""), "code"])
    assert own >= {"small", "other"}
    assert not own & {"large", "huge"}
    report = survey.analyze(responses, suppress=5)
    rows = data_of(report)
    assert {"large", "huge"} <= set(rows.loc[rows["question"] == "size", "code"])
    assert "not put together here" in " ".join(report.sheet("Notes").tables[0].data["what"])
    with pytest.raises(survey.UsageError, match="would tell how many did"):
        survey.analyze(responses, suppress=5, smallest_option=5)
    assert survey.analyze(responses, suppress=5, smallest_option=1)
