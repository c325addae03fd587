"""Files of other tools for `read_segments`, other than REFI-QDA projects."""

from pathlib import Path

from survey.arguments import path_of
from survey.files.grid import Book
from survey.instrument.interview_schemas import InterviewCodebook, load_codebook
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tools import read_tool_file, tool_of_file, tool_of_tables
from survey.interviews.raw_rows import RawRow
from survey.interviews.segments import Segments


def segments_of_file(
    path: str | Path,
    codebook: str | Path | InterviewCodebook | None,
    people: list[RawRow] | None,
    *,
    set_aside: bool = False,
    keep_personal: bool = False,
    sheet: str | None = None,
    positions: str | None = None,
) -> Segments:
    """Read a project of another tool under a codebook, or under one made of its codes."""
    path = path_of(path)
    coded = read_tool_file(tool_of_file(path), path, sheet, positions)
    chosen = None if codebook is None else load_codebook(codebook)
    return coded.segments(chosen, people=people, set_aside=set_aside, keep_personal=keep_personal)


def segments_of_tables(
    book: Book,
    codebook: str | Path | InterviewCodebook | None,
    people: list[RawRow] | None,
    *,
    sheet: str | None = None,
    participant: str | None = None,
    set_aside: bool = False,
    keep_personal: bool = False,
) -> Segments | None:
    """Read an export of another tool under a codebook, or one of its own codes; None where it is none."""
    tool = tool_of_tables(book, sheet)
    if tool is None:
        return None
    chosen = None if codebook is None else load_codebook(codebook)
    coded: ToolFile = tool.read(book, sheet, participant)
    if chosen is not None and hasattr(tool, "TURNS") and not coded.matches(chosen):
        turned: ToolFile = tool.read(book, sheet, participant, turned=True)
        coded = turned if turned.matches(chosen) else coded
    return coded.segments(chosen, people=people, set_aside=set_aside, keep_personal=keep_personal)
