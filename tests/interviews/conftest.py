"""What the tests of the interviews share: the sample, another codebook, and R's numbers."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

import survey
from tests.conftest import REFERENCE

HERE = Path(__file__).parent
SEGMENTS = HERE.parents[1] / "data" / "interviews" / "segments.xlsx"


@pytest.fixture(scope="session")
def canteen():
    """A codebook of another study: one theme, Chinese alone."""
    return survey.load_codebook(HERE / "canteen.yaml")


@pytest.fixture(scope="session")
def published():
    """The 149 segments that travel with the package."""
    return survey.read_segments(SEGMENTS)


@pytest.fixture(scope="session")
def themes_reference():
    """`themes_reference[topic][key]` is a dict from statistic to value, in the order of the file."""
    found = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "themes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return found
