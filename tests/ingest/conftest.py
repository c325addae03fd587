"""The canteen: a small instrument, and a workbook in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey import Instrument, Responses, load_instrument, read_responses
from tests.helpers import workbook

CANTEEN = Path(__file__).parent / "canteen.yaml"

Read = Callable[..., Responses]


@pytest.fixture(scope="session")
def canteen() -> Instrument:
    return load_instrument(CANTEEN)


@pytest.fixture
def read(tmp_path: Path, canteen: Instrument) -> Read:
    """Make a real .xlsx of a Markdown table and read it under the canteen instrument."""

    def read(table: str, **options: object) -> Responses:
        return read_responses(workbook(tmp_path / "responses.xlsx", table), canteen, **options)  # type: ignore[arg-type]

    return read


@pytest.fixture
def read_as(tmp_path: Path) -> Read:
    """The same under another instrument."""

    def read_as(instrument: str, table: str, **options: object) -> Responses:
        path = workbook(tmp_path / "responses.xlsx", table)
        return read_responses(path, instrument, **options)  # type: ignore[arg-type]

    return read_as


@pytest.fixture(scope="session")
def executive() -> str:
    return "executive-survey@1.0.0"
