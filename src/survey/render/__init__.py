"""WRITING: a document becomes a workbook, a page, a deck and pictures. Knows nothing of surveys."""

from survey.render.outputs import (
    Composed,
    check_outputs,
    check_pictures_folder,
    write_composed,
    write_pictures,
    write_report,
)

__all__ = [
    "Composed",
    "check_outputs",
    "check_pictures_folder",
    "write_composed",
    "write_pictures",
    "write_report",
]
