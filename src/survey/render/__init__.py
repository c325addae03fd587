"""WRITING: a document becomes a workbook, a page, a deck and pictures. Knows nothing of surveys."""

from survey.render.outputs import check_outputs, check_pictures_folder, write_pictures, write_report

__all__ = ["check_outputs", "check_pictures_folder", "write_pictures", "write_report"]
