"""The page on instruments names every key that a file may have."""

import re

import pytest

from survey.instrument import Instrument
from survey.instrument.derived import Derived, DerivedOption
from survey.instrument.loading import parse_schema
from survey.instrument.option import Option, RareOptions
from survey.instrument.question import AskedIf, Grid, Limits, Question, Row
from survey.instrument.questionnaire import Defaults
from survey.instrument.scale import Point, Scale
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "instruments.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "model", [Instrument, Question, Grid, Row, Option, Scale, Point, Limits, AskedIf, Defaults, RareOptions]
)
def test_every_key_is_named(model):
    named = set(re.findall(r"`([a-z_]+)", PAGE)) | {"below"}
    assert {field.alias or name for name, field in model.model_fields.items()} <= named


@pytest.mark.parametrize("model", [Derived, DerivedOption])
def test_every_key_of_what_is_derived_is_named(model):
    page = (ROOT / "docs" / "derived.md").read_text(encoding="utf-8")
    assert set(model.model_fields) - {"label"} <= set(re.findall(r"`([a-z_]+)", page))


@pytest.mark.parametrize("page", ["instruments.md", "zh/instruments.md"])
def test_the_example_is_an_instrument(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    example, grid = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert parse_schema(example, "shop.yaml").columns[:2] == ("region", "brands__alpha")
    assert parse_schema(example + grid, "shop.yaml").columns[-2:] == ("channels__phone", "channels__chat")
