"""REFI-QDA projects as other tools write them, typed by hand, and segments to go out and come back."""

import zipfile
from pathlib import Path

import pandas as pd

from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews import SEGMENT_COLUMNS, Segments
from tests.paths import ROOT

SEGMENTS = ROOT / "data" / "interviews" / "segments.xlsx"
NAMESPACE = 'xmlns="urn:QDA-XML:project:1.0"'

# A text in which every way of counting gives other positions: Chinese, an emoji, a letter beyond the basic
# plane, line ends of Windows.
HARD = "访谈B1：\r\n😀 We sell 𠮷 abroad.\r\n第二段在这里。\r\n"
PLAIN = HARD.replace("\r\n", "\n")


def project(
    path: Path, body: str, sources: dict[str, bytes] | None = None, *, tool: str = "QualCoder"
) -> Path:
    """Write a .qdpx: the children of `Project`, and texts by the name they have in the archive."""
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<Project name="Study" origin="{tool}" {NAMESPACE}>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", f"{head}\n{body}</Project>")
        for name, content in (sources or {}).items():
            archive.writestr(name, content)
    return path


def own_guid(number: int) -> str:
    """A short way to write an identifier."""
    return f"00000000-0000-4000-8000-{number:012x}"


def small_codebook(**changes: object) -> InterviewCodebook:
    """Three codes in two subthemes of one theme; a label in Chinese alone, one with signs XML escapes."""
    said = {"definition": {"en": "D"}, "use_when": {"en": "U"}, "not_when": {"en": "N"}}
    fields: dict[str, object] = {
        "kind": "interview-codebook",
        "id": "small",
        "version": "2.0.0",
        "languages": ("en",),
        "title": {"en": "Small"},
        "approach": "coding-reliability",
        "aims": ({"id": "aim", "label": {"en": "Aim"}},),
        "themes": ({"id": "theme", "label": {"en": "Theme"}, "aim": "aim"},),
        "subthemes": (
            {"id": "money", "label": {"en": "Money"}, "theme": "theme"},
            {"id": "people", "label": {"en": "People"}, "theme": "theme"},
        ),
        "codes": (
            {"id": "costs", "label": {"en": "Costs & <prices>"}, "subtheme": "money", **said},
            {"id": "funds", "label": {"en": "资金"}, "subtheme": "money", **said},
            {"id": "talent", "label": {"en": "Talent"}, "subtheme": "people", **said},
        ),
        **changes,
    }
    return InterviewCodebook.model_validate(fields)


def segments_of(
    rows: list[dict[str, object]],
    people: dict[str, dict[str, object]] | None = None,
    codebook: InterviewCodebook | None = None,
    documents: dict[str, str] | None = None,
) -> Segments:
    """Segments from rows; what a row leaves out is missing, a quotation is its own."""
    codebook = codebook or small_codebook()
    full = [
        {
            "participant": "P1",
            "level": "subtheme" if row["code"] in codebook.subtheme_ids else "code",
            "quote": row["segment"],
            **row,
        }
        for row in rows
    ]
    data = pd.DataFrame(
        {
            name: pd.array([row.get(name) for row in full], dtype=kind)
            for name, kind in SEGMENT_COLUMNS.items()
        }
    )
    listed = people or {str(row["participant"]): {"group": None} for row in full}
    columns = list(dict.fromkeys(["group", *(name for about in listed.values() for name in about)]))
    frame = pd.DataFrame(
        {
            name: pd.array([about.get(name) for about in listed.values()], dtype="string[python]")
            for name in columns
        },
        index=pd.Index(list(listed), name="participant", dtype="string[python]"),
    )
    return Segments(codebook, data, frame, documents=documents or {})


def comparable(segments: Segments) -> pd.DataFrame:
    """The rows without where they were read, in an order of their own."""
    columns = [name for name in segments.data.columns if name not in ("source", "row")]
    keys = ["segment", "code", "coder"]
    return segments.data[columns].sort_values(keys, na_position="first").reset_index(drop=True)
