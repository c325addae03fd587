"""The page on instruments names every key that a file may have."""

import re

import pytest

from survey.instrument import Instrument
from survey.instrument.loading import parse_schema
from survey.instrument.schema import AskedIf, Defaults, Limits, Option, Point, Question, RareOptions, Scale
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "instruments.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "model", [Instrument, Question, Option, Scale, Point, Limits, AskedIf, Defaults, RareOptions]
)
def test_every_key_is_named(model):
    named = set(re.findall(r"`([a-z_]+)", PAGE)) | {"below"}
    assert set(model.model_fields) <= named


def test_the_example_is_an_instrument():
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert parse_schema(example, "shop.yaml").columns[:2] == ("region", "brands__alpha")
