"""What tests of several rooms share: responses to test with, and reference numbers from elsewhere."""

import csv
import os
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import settings

import survey
from tests.paths import EXAMPLES, ROOT

# As the command does: the bytes of a workbook do not depend on which test imports openpyxl first.
os.environ.setdefault("OPENPYXL_LXML", "False")
# And reports that are compared were all made on one day; tests of the date set it themselves.
os.environ["SOURCE_DATE_EPOCH"] = "1772323200"  # 2026-03-01

# The first example of a test may load statsmodels or pingouin: that is no reason to fail.
settings.register_profile("survey", deadline=None, derandomize=True)
settings.load_profile("survey")

REFERENCE = ROOT / "tests" / "reference"


@pytest.fixture(scope="session")
def statistics_frame():
    """The 42 respondents of tests/reference/statistics.md; copy before changing."""
    return pd.read_csv(REFERENCE / "statistics-data.csv", index_col="respondent")


@pytest.fixture(scope="session")
def overlapping(statistics_frame):
    """The same as `Responses`: sizes (single), channels (select-all), hurdles (eight items, five points)."""
    return survey.from_frame(statistics_frame, EXAMPLES / "overlapping-groups.yaml")


@pytest.fixture(scope="session")
def reference():
    """R's numbers: `reference[topic][key]` is a dict from statistic to value, in the order of the file."""
    found = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "statistics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return found
