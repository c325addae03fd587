"""Transcripts as text files: the full text behind the positions of segments."""

from pathlib import Path

from survey.errors import DataError, Place, Problem, usage
from survey.interviews.interchange.footers import writable
from survey.interviews.interchange.positions import decoded


def read_documents(folder: str | Path) -> dict[str, str]:
    """Read the transcripts of a folder (.txt): text by the file's name, and by the name without its ending.

    Raises
    ------
    UsageError
        There is no such folder, or no .txt file in it.
    DataError
        A file is neither UTF-8 nor UTF-16; all such are told.
    """
    folder = Path(folder)
    files = sorted(path for path in folder.glob("*.txt") if path.is_file()) if folder.is_dir() else []
    if not files:
        raise usage("documents_none", path=folder)
    texts: dict[str, str] = {}
    problems = []
    for path in files:
        try:
            text = writable(decoded(path.read_bytes())[0])
        except (OSError, UnicodeDecodeError):
            problems.append(Problem("refi_text_no_unicode", Place(file=path.name), {"path": path.name}))
            continue
        texts |= {path.name: text, path.stem: text}
    if problems:
        raise DataError(*problems)
    return texts
