"""Hidden cells of a scale with "don't know": the base of the top box is smaller than that of the points."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import survey
from tests.paths import EXAMPLES

POINTS = (1, 2, 3, 4, 5, 98, 99)
RATED = np.array([1, 1, 1, 1, 1, 0, 0])
TOP = np.array([0, 0, 0, 1, 1, 0, 0])


def given(seed):
    """80 respondents, each point more or less likely; "does not apply" is rare."""
    random = np.random.default_rng(seed)
    chances = np.array([0.05, 0.2, 0.3, 0.25, 0.1, 0.03, 0.07])
    frame = {
        f"service__{item}": random.choice(POINTS, 80, p=chances) for item in ("fast", "late", "friendly")
    }
    return pd.DataFrame(frame)


def table(report, name):
    return next(one.data for sheet in report.sheets for one in sheet.tables if one.name == name)


@pytest.mark.parametrize("seed", range(6))
def test_no_small_count_follows_from_what_is_printed(seed):
    frame = given(seed)
    report = survey.analyze(survey.from_frame(frame, EXAMPLES / "shop.yaml"), suppress=5)
    answers = table(report, "answers_service").set_index("item")
    topline = table(report, "topline")
    tops = topline[(topline["question"] == "service") & ~topline["section"]].set_index("item")
    hidden = 0
    for item, row in answers.iterrows():
        counts = frame[f"service__{item}"].value_counts().reindex(POINTS, fill_value=0).to_numpy()
        rows, values = [], []

        def fixed(weights, value, rows=rows, values=values):
            rows.append(weights)
            values.append(value)

        if pd.notna(row["answered"]):
            fixed(np.ones(7), row["answered"])
        if pd.notna(row["base"]):
            fixed(RATED, row["base"])
        if pd.notna(tops.loc[item, "n"]):
            fixed(TOP, tops.loc[item, "n"])
        unknown = []
        for place, point in enumerate(POINTS):
            if row[f"point_{point}_marks"] == "hidden":
                unknown.append(place)
            else:
                assert not 0 < counts[place] < 5, (item, point)
                fixed(np.eye(7)[place], counts[place])
        for place in unknown:
            if not 0 < counts[place] < 5:
                continue
            hidden += 1
            ends = [
                linprog(sign * np.eye(7)[place], A_eq=np.array(rows), b_eq=np.array(values)).fun * sign
                for sign in (1, -1)
            ]
            assert ends[1] - ends[0] > 0.5, (item, POINTS[place], ends)
            assert ends[1] >= min(5, row["base"] if pd.notna(row["base"]) else 5) - 1e-6
    assert hidden
