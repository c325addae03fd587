"""EXCHANGE: projects and codebooks of other tools, in and out.

::

    .qdpx  <- writing <- Segments <- reading <- .qdpx        (refi: bytes; positions: places)
    .qda, .rqda, .sqlite3, tables of tools -> tools -> ToolFile -> Segments     (one module a tool)
    .csv, .xlsx <- matrix_writer <- Segments                    (0/1 matrices)
    .qdc, .csv, .yaml <- codebooks -> InterviewCodebook        (codes: the tree; taguette: the table)
"""

from survey.interviews.interchange.codebooks import export_codes, read_codes
from survey.interviews.interchange.documents import read_documents
from survey.interviews.interchange.matrix_writer import export_matrix
from survey.interviews.interchange.project_writer import export_project
from survey.interviews.interchange.reading import read_project

__all__ = ["export_codes", "export_matrix", "export_project", "read_codes", "read_documents", "read_project"]
