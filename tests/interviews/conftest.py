"""R's numbers for what coded interviews add up to."""

import csv
from collections import defaultdict

import pytest

from tests.conftest import REFERENCE


@pytest.fixture(scope="session")
def themes_reference():
    """`themes_reference[topic][key]` is a dict from statistic to value, in the order of the file."""
    found = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "themes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return found
