"""Real workbooks changed at random: no traceback, no wrong count. A longer run: benchmarks/fuzz.py."""

import random

import pytest

from benchmarks.fuzz import bytes_changed, cells_changed
from tests.paths import SAMPLE


@pytest.mark.parametrize("seed", range(4))
def test_changed_byte_by_byte(seed, tmp_path):
    bytes_changed(SAMPLE.read_bytes(), random.Random(seed), 6, tmp_path)


@pytest.mark.parametrize("seed", range(2))
def test_changed_cell_by_cell(seed, tmp_path):
    cells_changed(SAMPLE, random.Random(seed), 2, tmp_path)
