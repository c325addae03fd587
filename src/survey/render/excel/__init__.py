"""A report as an Excel workbook."""

from survey.render.excel.workbook import fill_workbook

__all__ = ["fill_workbook"]
