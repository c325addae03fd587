"""READING: workbook -> grid -> dialect -> matched, checked `Responses`."""

from survey.ingest.data_frames import from_frame
from survey.ingest.provenance import Provenance
from survey.ingest.reading import read_responses, responses_of
from survey.ingest.response_workbook import write_responses
from survey.ingest.responses import Responses, ResponsesLike

__all__ = [
    "Provenance",
    "Responses",
    "ResponsesLike",
    "from_frame",
    "read_responses",
    "responses_of",
    "write_responses",
]
