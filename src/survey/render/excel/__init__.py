"""A report as an Excel workbook."""

from survey.render.excel.workbook import write_report

__all__ = ["write_report"]
