"""Real files changed at random: no traceback, no wrong count. A longer run: benchmarks/fuzz.py."""

import random

import pytest

from benchmarks.fuzz import FORMATS, Cells, bytes_changed, judge
from tests.ingest.dialects.exports import EXPORTS
from tests.ingest.dialects.test_same_answers import CLUB
from tests.paths import SAMPLE


@pytest.mark.parametrize("seed", range(4))
def test_the_sample_changed_byte_by_byte(seed, tmp_path):
    chance = random.Random(seed)
    path = tmp_path / "changed.xlsx"
    for _ in range(6):
        path.write_bytes(bytes_changed(SAMPLE.read_bytes(), chance))
        judge(path, "executive-survey@1.0.0")


@pytest.mark.parametrize("kind", FORMATS)
def test_exports_changed_byte_by_byte_and_cell_by_cell(kind, tmp_path):
    chance = random.Random(kind)
    path = tmp_path / "changed"
    for name in chance.sample(list(EXPORTS), 5):
        cells = Cells(EXPORTS[name][1](), FORMATS[kind], path, CLUB)
        content = path.read_bytes()
        for _ in range(3):
            cells.change(chance)
            path.write_bytes(bytes_changed(content, chance))
            judge(path, CLUB)
