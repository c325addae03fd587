"""READING: workbook -> grid -> dialect -> matched, checked `Responses`."""

from survey.ingest.reading import from_frame, read_responses
from survey.ingest.responses import Responses
from survey.ingest.writing import write_responses

__all__ = ["Responses", "from_frame", "read_responses", "write_responses"]
