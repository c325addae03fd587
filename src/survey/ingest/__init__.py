"""READING: workbook -> grid -> dialect -> matched, checked `Responses`."""

from survey.ingest.provenance import Provenance
from survey.ingest.reading import from_frame, read_responses
from survey.ingest.response_workbook import write_responses
from survey.ingest.responses import Responses

__all__ = ["Provenance", "Responses", "from_frame", "read_responses", "write_responses"]
