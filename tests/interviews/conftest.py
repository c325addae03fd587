"""What the tests of the interviews share."""

from pathlib import Path

import pytest

import survey

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def canteen():
    """A codebook of another study: one theme, Chinese alone."""
    return survey.load_codebook(HERE / "canteen.yaml")


@pytest.fixture(scope="session")
def published():
    """The 149 segments that travel with the package."""
    return survey.read_segments(SEGMENTS)


SEGMENTS = HERE.parents[1] / "data" / "interviews" / "segments.xlsx"
