"""What was printed: the figures and statements of a publication, and whether responses reproduce them."""

from survey.published.findings.reading import (
    Findings,
    FindingsLike,
    findings_for,
    findings_of,
    read_findings,
)
from survey.published.findings.reproduction import reproduce

__all__ = ["Findings", "FindingsLike", "findings_for", "findings_of", "read_findings", "reproduce"]
