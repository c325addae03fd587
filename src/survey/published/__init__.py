"""REPRODUCTION: what was published, whether responses reproduce it, and data rebuilt from it.

The reconstruction (`survey.published.reconstruction`) is imported where it is used: reports do not need it.
"""

from survey.published.findings import Findings, findings_for, read_findings
from survey.published.reproduction import reproduce

__all__ = ["Findings", "findings_for", "read_findings", "reproduce"]
