"""The qualitative half: coded segments of interviews, what they count up to, and their exchange with others.

::

    Codebook, file -> read_segments -> Segments -> frames -> sheets
"""

from survey.interviews.segments import SEGMENT_COLUMNS, Segments

__all__ = ["SEGMENT_COLUMNS", "Segments"]
