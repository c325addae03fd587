"""Files of other tools for `read_segments`, other than REFI-QDA projects."""

from pathlib import Path

from survey.arguments import path_of
from survey.instrument.interview_schemas import InterviewCodebook, load_codebook
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tools import tool_of_file
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
    del positions  # each tool counts in its own way, which its reader knows
    path = path_of(path)
    coded: ToolFile = tool_of_file(path).read(path, sheet)
    chosen = None if codebook is None else load_codebook(codebook)
    return coded.segments(chosen, people=people, set_aside=set_aside, keep_personal=keep_personal)
