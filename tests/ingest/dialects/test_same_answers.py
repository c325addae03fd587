"""The same answers, written as each platform writes them, are the same data."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from survey import Responses, load_instrument, read_responses
from survey.messages import message
from tests.helpers import accounted
from tests.ingest.dialects.exports import EXPORTS, ORDER, TRUTH, Rows

CLUB = Path(__file__).parent / "club.yaml"


def written(path: Path, rows: Rows) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def expected() -> dict[str, list[Any]]:
    """What the data must be, from the truth alone."""
    columns: dict[str, list[Any]] = {
        "member": [one.member for one in TRUTH],
        "member__other__text": [one.member_text for one in TRUTH],
    }
    for sport in ORDER:
        columns[f"sports__{sport}"] = [None if one.sports is None else sport in one.sports for one in TRUTH]
    columns["sports__other__text"] = [one.sports_text for one in TRUTH]
    columns["value__courts"] = [one.courts for one in TRUTH]
    columns["value__people"] = [one.people for one in TRUTH]
    columns["visits"] = [one.visits for one in TRUTH]
    columns["remark"] = [one.remark for one in TRUTH]
    return columns


def found(responses: Responses) -> dict[str, list[Any]]:
    plain = responses.data.astype(object).where(responses.data.notna(), None)
    return {name: plain[name].tolist() for name in plain}


@pytest.fixture(params=EXPORTS, scope="module")
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Path]:
    dialect, rows = EXPORTS[request.param]
    return (
        request.param,
        dialect,
        written(tmp_path_factory.mktemp("export") / f"{request.param}.xlsx", rows()),
    )


def test_every_export_gives_the_same_data(export: tuple[str, str, Path]) -> None:
    name, dialect, path = export
    responses = read_responses(path, CLUB)
    assert found(responses) == expected(), name
    assert responses.provenance.dialect == dialect
    assert responses.instrument == load_instrument(CLUB)
    assert not [problem.text() for problem in responses.problems if problem.key.startswith("column_")]
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values())


def test_what_is_told_of_respondents_is_typed_and_not_personal(export: tuple[str, str, Path]) -> None:
    name, dialect, path = export
    meta = read_responses(path, CLUB).meta
    assert not {"ip", "email", "name", "location"} & set(meta.columns), name
    if dialect not in ("redcap", "plain"):
        assert meta["submitted"].notna().all()
        assert str(meta["submitted"].dtype).startswith("datetime64")
    if "duration" in meta:
        assert meta["duration"].dtype == pd.Float64Dtype()
        assert meta["duration"].between(100, 300).all()
    if dialect not in ("googleforms",):
        assert meta["key"].is_unique


def test_a_dialect_may_be_named_and_detection_says_why(export: tuple[str, str, Path]) -> None:
    _, dialect, path = export
    told = {problem.key: problem for problem in read_responses(path, CLUB).problems}
    assert ("dialect_told" in told) == (dialect != "plain")
    if dialect != "plain":
        signs = told["dialect_told"].values["reason"]
        assert "、".join(signs) in message("dialect_told", "zh", **told["dialect_told"].values)
        named = read_responses(path, CLUB, dialect=dialect)
        assert found(named) == expected()
        assert "dialect_chosen" in {problem.key for problem in named.problems}


def test_personal_fields_are_kept_on_purpose_only(tmp_path: Path) -> None:
    path = written(tmp_path / "wjx.xlsx", EXPORTS["wjx_text"][1]())
    meta = read_responses(path, CLUB, keep_personal=True).meta
    assert meta["ip"].tolist()[:2] == ["10.0.0.1", "10.0.0.2"]
    assert set(meta["location"]) == {"广东-深圳"}
    assert meta["device"].tolist()[:3] == ["d1", "d2", "d3"]
