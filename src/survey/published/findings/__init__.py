"""What was printed: the figures and statements of a publication, and whether responses reproduce them."""

from survey.published.findings.reading import Findings, findings_for, read_findings
from survey.published.findings.reproduction import reproduce

__all__ = ["Findings", "findings_for", "read_findings", "reproduce"]
