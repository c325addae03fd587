"""REPRODUCTION: what was published, whether responses reproduce it, and data rebuilt from it."""

from survey.published.findings import Findings, findings_for, read_findings
from survey.published.reconstruction import reconstruct
from survey.published.reproduction import reproduce

__all__ = ["Findings", "findings_for", "read_findings", "reconstruct", "reproduce"]
