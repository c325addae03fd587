"""WRITING: what a report is, and the workbook it becomes."""

from survey.report.model import Chart, Column, Picture, Report, Sheet, ShownTable
from survey.report.workbook import write_report

__all__ = ["Chart", "Column", "Picture", "Report", "Sheet", "ShownTable", "write_report"]
