"""Small responses for one test, and what every table must hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

import survey
from survey.reasons import REASONS
from survey.tables import CONTRACTS
from tests.paths import EXAMPLES

# The limits of every kind of table and what must lie between them.
BETWEEN = (
    ("ci_low", "proportion", "ci_high"),
    ("difference_low", "difference", "difference_high"),
    ("ci_low", "effect", "ci_high"),
)


# For properties of whole tables, each of which takes a while to build.
SOME_EXAMPLES = settings(max_examples=40)

OVERLAPPING = survey.load_instrument(EXAMPLES / "overlapping-groups.yaml")


def overlapping_groups(**columns):
    """Responses under overlapping-groups, from columns named by question or question__part."""
    return survey.from_frame(pd.DataFrame(columns), OVERLAPPING)


def groups(*rows):
    """Responses from rows of 0/1 for agents, branches, partners, online."""
    names = [f"channels__{name}" for name in ("agents", "branches", "partners", "online")]
    return survey.from_frame(pd.DataFrame(rows, columns=names), OVERLAPPING)


def close(found, expected):
    """Equal to 1e-8, absolute or relative, whichever is wider; nan is never expected."""
    return found == pytest.approx(expected, rel=1e-8, abs=1e-8)


def by_pair(table):
    """The tests of two items, or of an item and a group, as the references name them: "law|staff"."""
    others = table["other_item"].where(table["group"] == "", table["group"])
    return table.set_index(table["item"] + "|" + others)


def check_table(table, contract):
    """Hold what must be true of a table whatever the input."""
    assert tuple(table.columns) == CONTRACTS[contract]
    for name in table.columns:
        if len(table) and name not in ("item", "code", "note", "reason", "method", "effect_name"):
            kinds = {"label": "O", "rank": "i", "rank_low": "i", "rank_high": "i"}
            assert table[name].dtype.kind in (kinds.get(name, "ifO") + "OU"), name
        if table[name].dtype.kind == "f":
            assert not np.isinf(table[name]).any(), name
    for low, middle, high in BETWEEN:
        if {low, middle} <= set(table.columns):
            known = table.dropna(subset=[low, middle])
            assert (known[low] <= known[middle]).all(), (low, middle)
            assert (known[middle] <= known[high]).all(), (middle, high)
    if "proportion" in table:
        count = "n_top" if contract == "importance" else "n"
        assert ((table[count] >= 0) & (table[count] <= table["base"])).all()
        known = table[table["base"] > 0]
        assert known["proportion"].between(0, 1).all()
        assert known["proportion"].to_numpy() == pytest.approx((known[count] / known["base"]).to_numpy())
        assert table.loc[table["base"] == 0, "proportion"].isna().all()
        if "ci_low" in table and len(table):
            assert (table["ci_low"].dropna() >= 0).all()
            assert (table["ci_high"].dropna() <= 1).all()
            assert (table["ci_low"].isna() == (table["base"] == 0)).all()
    if "p_value" in table:
        tested = table.dropna(subset=["p_value"])
        assert tested["p_value"].between(0, 1).all()
        adjusted = tested.dropna(subset=["p_adjusted"])
        assert (adjusted["p_adjusted"] >= adjusted["p_value"]).all()
    blank = {
        "test": "statistic",
        "crosstab": "p_value",
        "importance": "proportion",
        "columns": "p_value",
    }.get(contract)
    if blank:
        silent = table[table[blank].isna() & (table["note"] == "")]
        assert silent.empty, "blank without a note"
    if "note" in table:
        assert ((table["reason"] == "") == (table["note"] == "")).all()
        assert {code for reason in table["reason"] for code in reason.split()} <= REASONS.keys()
