"""The qualitative half: coded segments of interviews, what they count up to, and their exchange with others.

::

    Codebook, file -> read_segments -> Segments -> frames -> sheets

A reader of a file makes `RawRow`s of it; `assemble` checks them, whatever they were read from.
"""

from survey.interviews.guide import export_guide
from survey.interviews.privacy import check_privacy
from survey.interviews.reading import read_segments, segments_from_frame
from survey.interviews.segment_workbook import export_segments_template, write_segments
from survey.interviews.segments import SEGMENT_COLUMNS, Segments

__all__ = [
    "SEGMENT_COLUMNS",
    "Segments",
    "check_privacy",
    "export_guide",
    "export_segments_template",
    "read_segments",
    "segments_from_frame",
    "write_segments",
]
