"""Segments to count: those that travel with the package, and small ones under another codebook."""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import survey
from survey.errors import InstrumentError
from survey.instrument.interview_schemas import load_codebook
from survey.instrument.joint_displays import JointDisplay
from survey.interviews.segments import SEGMENT_COLUMNS, Segments
from tests.helpers import table_rows
from tests.paths import ROOT

SEGMENTS = ROOT / "data" / "interviews" / "segments.xlsx"
FINE = SEGMENTS.with_name("segments-fine.xlsx")
CLAIMS = ROOT / "data" / "interviews" / "claims.csv"
FLAT = Path(__file__).parent / "flat-codebook.yaml"


@cache
def reference():
    """R's numbers: `reference()[topic][key]` is a dict from statistic to value, in the order of the file."""
    found = defaultdict(lambda: defaultdict(dict))
    with (ROOT / "tests" / "reference" / "themes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return found


@cache
def shipped() -> Segments:
    """The 149 segments of 14 people in two companies."""
    return survey.read_segments(SEGMENTS)


def refusal(check: Callable[[str], object], text: str, old: str, new: str) -> str:
    """What is said of a schema once `old` in it is `new`: refused, and in Chinese in other words."""
    assert old in text
    with pytest.raises(InstrumentError) as caught:
        check(text.replace(old, new))
    assert caught.value.text("en") != caught.value.text("zh")
    return caught.value.text("en")


def canteen(table: str, people: str = "") -> Segments:
    """Segments under the flat codebook, from Markdown tables; `people` is "a=North b=South c" with groups."""
    header, *rows = table_rows(table)
    found = pd.DataFrame(rows, columns=header)
    listed = [one.partition("=") for one in people.split()] or [
        (one, "", "") for one in dict.fromkeys(found["participant"])
    ]
    participants = pd.DataFrame(
        {"group": pd.array([group or None for _, _, group in listed], dtype="string")},
        index=pd.Index([name for name, _, _ in listed], name="participant", dtype="string"),
    )
    codebook = load_codebook(FLAT)
    found["segment"] = found.get("segment", pd.Series([f"s{n}" for n in range(len(found))]))
    found["quote"] = found.get("quote", pd.Series([None] * len(found))).fillna(found["segment"])
    found["level"] = ["code" if code in codebook.code_ids else "subtheme" for code in found["code"]]
    data = found.reindex(columns=list(SEGMENT_COLUMNS)).astype(SEGMENT_COLUMNS)
    return Segments(codebook, data, participants)


def nothing(people: str = "a=North b=South") -> Segments:
    """People who were interviewed, and not one segment."""
    some = canteen("| participant | code |\n|---|---|\n| a | fresh |", people)
    return replace(some, data=some.data.iloc[:0])


THREE_GROUPS = """
| participant | code      |
|-------------|-----------|
| a           | too_salty |
| a           | too_bland |
| b           | too_salty |
| c           | fresh     |
| c           | taste     |
| d           | too_bland |
"""

# Every shape a table of this room has to bear.
SHAPES = {
    "shipped": shipped,
    "three groups": lambda: canteen(THREE_GROUPS, "a=North b=North c=South d=West"),
    "one group": lambda: canteen(THREE_GROUPS, "a=North b=North c=North d=North"),
    "no group": lambda: canteen(THREE_GROUPS),
    "some without a group": lambda: canteen(THREE_GROUPS, "a=North b c=South d"),
    "one person": lambda: canteen("| participant | code |\n|---|---|\n| a | fresh |"),
    "silent people": lambda: canteen(THREE_GROUPS, "x=North a=North b=South c=South d=South y=South"),
    "subthemes only": lambda: canteen("| participant | code |\n|---|---|\n| a | taste |\n| b | taste |"),
    "no segments": nothing,
    "nobody": lambda: replace(nothing(), participants=nothing().participants.iloc[:0]),
}


def display_of(name: str, title: str, *, topic: dict[str, object], **fields: object) -> JointDisplay:
    """A crosswalk from made-up voices to the survey of overlapping groups: one topic, that is agreed on."""
    whole = {
        "id": "money",
        "label": {"en": "Money"},
        "items": ({"question": "channels", "item": "online"},),
        "mark": "agree",
        "reason": {"en": "Because."},
    }
    head = {"kind": "joint-display", "id": name, "version": "1.0.0", "languages": ("en",)}
    return JointDisplay.model_validate(
        {
            **head,
            "title": {"en": title},
            "survey": "overlapping-groups@1.0.0",
            "topics": (whole | topic,),
            **fields,
        }
    )
