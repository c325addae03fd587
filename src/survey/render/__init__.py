"""WRITING: a document becomes a workbook and pictures. Knows nothing of surveys."""

from survey.render.excel import write_report

__all__ = ["write_report"]
