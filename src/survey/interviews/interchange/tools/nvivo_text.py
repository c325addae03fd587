r"""NVivo: what is coded at a code, its Reference view exported as text (.txt) or for Word (.docx).

A file is a code and is called after it; a folder of such files is a project, its folders groups of codes::

    <Files\\Interviews\\B1> - § 3 references coded  [6.78% Coverage]

    Reference 1 - 3.20% Coverage

    The words, in one or several paragraphs.

    References 2-3 - 3.58% Coverage

    Words that two users coded.

Read after an export that researchers published (NVivo for Windows: UTF-16, CR LF, decimal comma), scripts
that read others (no angle brackets) and the program's help (NVivo for Mac: the count on a line of its own).
All of these are in English. Lines are told by their signs and numbers, not by the words, so that other
languages of the program should be read too; nobody has verified one.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from survey.errors import DataError, Place, Problem
from survey.files.formats import decoded
from survey.files.guard import MOST_BYTES
from survey.interviews.interchange.footers import writable
from survey.interviews.interchange.refi import Archive, parse, tag
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tool_tables import way_key, way_nodes
from survey.interviews.raw_rows import RawRow

TOOL = "NVivo"
_ENDINGS = (".txt", ".docx")
_START = 200_000  # bytes of a text in which its first source is looked for
_MOST_FILES = 5_000

_SHARE = r"\[(?=[^\[\]]*\d\s?%|[^\[\]]*%\s?\d)[^\[\]]{1,60}\]"
_SOURCE = re.compile(rf"<?(?P<way>[^<>]*?\\[^<>]*?)>?\s+-\s+§\s*(?P<told>[^\[\]]{{0,60}}?)\s*{_SHARE}")
_SOURCE_ALONE = re.compile(r"<(?P<way>[^<>]*\\[^<>]*)>")  # NVivo for Mac: its count stands on the next line
_COUNT_ALONE = re.compile(rf"(?P<told>[^\[\]]{{0,60}}?\d[^\[\]]{{0,60}}?)\s*{_SHARE}")
_REFERENCE = re.compile(
    r"(?P<word>\D{1,40}?)\s*(?P<first>\d{1,6})(?:\s?[-–]\s?(?P<last>\d{1,6}))?\s?\D{0,10}?\s-\s"
    r"(?=.{0,40}\d\s?%|.{0,40}%\s?\d).{1,60}"
)
_AREA = re.compile(r"\D{1,20}\d+\s?:\s?\(-?\d+,\s?-?\d+\) - \(-?\d+,\s?-?\d+\)")  # of a page of a PDF


@dataclass
class _Reference:
    """One passage: its line, how many users coded it, and the lines of its words."""

    line: int
    users: int
    lines: list[str] = field(default_factory=list)


@dataclass
class _Source:
    """A source with passages at the code: the steps of its name, from the folder down, and its passages."""

    steps: tuple[str, ...]
    references: list[_Reference]


def of_file(path: Path) -> bool:
    """Tell whether this is such an export, or a folder with at least one."""
    if path.is_dir():
        return any(map(_is_export, _files_in(path)))
    return _is_export(path)


def _files_in(folder: Path) -> list[Path]:
    """The files of a folder and its folders that could be exports; hidden ones and links are left alone."""
    files = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if path.suffix.lower() in _ENDINGS and path.is_file() and not path.is_symlink() and not hidden:
            files.append(path)
        if len(files) > _MOST_FILES:
            break
    return files


def _is_export(path: Path) -> bool:
    if path.suffix.lower() not in _ENDINGS or not path.is_file():
        return False
    try:
        lines = _lines(path, Place(file=path.name), start=True)
    except (DataError, OSError):
        return False
    return any(_source(lines, place) for place in range(len(lines)))


def _lines(path: Path, place: Place, *, start: bool = False) -> list[str]:
    """The lines of a file or of its `start`; a paragraph of Word is a line (`DataError` for no text)."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        values = {"unpacked": round(size / 1e6), "packed": round(size / 1e6)}
        raise DataError(Problem("archive_bomb", place, values))
    if path.suffix.lower() == ".docx":
        return _paragraphs(path.read_bytes(), place)
    with path.open("rb") as file:
        content = file.read(_START if start else -1)
    text = decoded(content[: len(content) // 2 * 2] if start else content)
    if text is None and start:  # cut inside a character
        text = next(filter(None, (decoded(content[:-cut]) for cut in (1, 2, 3))), None)
    if text is None:
        raise DataError(Problem("refi_text_no_unicode", place, {"path": path.name}))
    return writable(text).split("\n")


def _paragraphs(content: bytes, place: Place) -> list[str]:
    archive = Archive(content, place)
    part = "word/document.xml"
    if part not in archive.names:
        raise DataError(Problem("nvivo_no_word", place))
    root = parse(archive.read(archive.names[part]), part, "document", place)
    written = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    lines: list[str] = []
    for paragraph in (element for element in root.iter() if tag(element) == "p"):
        texts = (
            (element.text or "") if tag(element) == "t" else written.get(tag(element), "")
            for element in paragraph.iter()
        )
        lines += writable("".join(texts)).split("\n")
    return lines


def read(path: Path, sheet: str | None = None) -> ToolFile:
    """Read an export, or all of a folder: one row per code on a passage.

    Passages of a source with the same words are one segment, whatever they are coded at; where the words
    stand several times at a code, the first time there is the first at other codes. Who coded them no such
    file says.

    Raises
    ------
    DataError
        Below a source stands no passage: all such lines.
    """
    del sheet  # refused before: there are no sheets
    if path.is_dir():
        files = {file.relative_to(path).as_posix(): file for file in _files_in(path)}
    else:
        files = {path.name: path}
    coded = ToolFile(TOOL, path.name, path.stem, _hash(files.values()))
    exports = {name: file for name, file in files.items() if _is_export(file)}
    if others := [name for name in files if name not in exports]:
        values = {"count": len(others), "files": others[:10]}
        coded.notices.append(Problem("nvivo_files_unread", coded.place, values))
    faults: list[Problem] = []
    ways: dict[str, tuple[str, ...]] = {}
    sources: dict[str, list[_Source]] = {}
    for name, file in exports.items():
        ways[name] = (*Path(name).parent.parts, Path(name).stem)
        try:
            sources[name] = _sources(_lines(file, Place(file=name)), Place(file=name), coded.notices)
        except DataError as error:
            faults += error.problems
    if faults:
        raise DataError(*faults)
    coded.nodes = way_nodes(coded.place, ways.values())
    _add_rows(coded, ways, sources)
    return coded


def _hash(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _source(lines: Sequence[str], place: int) -> tuple[re.Match[str], str, int] | None:
    """The source that begins at a line, what is said of its passages, on how many lines; None for words."""
    line = lines[place].strip()
    if "\\" not in line:
        return None
    if match := _SOURCE.fullmatch(line):
        return match, match["told"], 1
    if match := _SOURCE_ALONE.fullmatch(line):
        after = place + 1
        while after < len(lines) and not lines[after].strip():
            after += 1
        told = _COUNT_ALONE.fullmatch(lines[after].strip()) if after < len(lines) else None
        return (match, told["told"], after - place + 1) if told else None
    return None


def _sources(lines: Sequence[str], place: Place, notices: list[Problem]) -> list[_Source]:
    """The sources of an export with their passages; what stands before the first is told, not read.

    Raises
    ------
    DataError
        Below a source stand words and no line that begins a passage, or nothing: all such sources.
    """
    begins = [(number, begun) for number in range(len(lines)) if (begun := _source(lines, number))]
    ends = [number for number, _ in begins[1:]] + [len(lines)]
    before = sum(bool(line.strip()) for line in lines[: begins[0][0]])
    if before:
        notices.append(Problem("nvivo_before", place, {"count": before}))
    sources = []
    faults = []
    word = ""  # before the number of a passage: that of the first one holds for all
    for (number, (match, told, length)), end in zip(begins, ends, strict=True):
        steps = tuple(step.strip() for step in match["way"].split("\\") if step.strip())
        references, word = _references(lines, number + length, end, word)
        where = Place(file=place.file, line=number + 1)
        count = sum(reference.users for reference in references)
        stated = re.search(r"\d+", told)
        if not references:
            faults.append(Problem("nvivo_no_reference", where))
        elif stated and int(stated[0]) != count:
            notices.append(Problem("nvivo_count", where, {"count": count, "stated": int(stated[0])}))
        sources.append(_Source(steps, references))
    if faults:
        raise DataError(*faults)
    return sources


def _references(lines: Sequence[str], start: int, end: int, word: str) -> tuple[list[_Reference], str]:
    """The passages between two lines, and the word that begins them; none where words stand before them."""
    references: list[_Reference] = []
    wanted = 1
    for number in range(start, end):
        match = _REFERENCE.fullmatch(lines[number].strip())
        own = match["word"].strip() if match else ""
        if match and int(match["first"]) == wanted and (own.startswith(word) or word.startswith(own)):
            users = max(int(match["last"] or wanted) - wanted, 0) + 1
            references.append(_Reference(number + 1, users))
            wanted += users
            word = word or own
        elif references:
            references[-1].lines.append(lines[number])
        elif lines[number].strip():
            return [], word
    return references, word


def _add_rows(coded: ToolFile, ways: dict[str, tuple[str, ...]], sources: dict[str, list[_Source]]) -> None:
    steps = dict.fromkeys(source.steps for listed in sources.values() for source in listed)
    last_steps = Counter(way[-1] for way in steps)
    names = {way: way[-1] if last_steps[way[-1]] == 1 else " / ".join(way[1:]) or way[-1] for way in steps}
    marks: dict[tuple[str, str, int], str] = {}
    several = 0
    for name, listed in sources.items():
        given: Counter[tuple[str, str]] = Counter()  # how often the same words stand at this code
        for source in listed:
            for reference in source.references:
                words = _words(reference, coded)
                if not words:
                    continue
                several += reference.users > 1
                document = names[source.steps]
                given[document, words] += 1
                mark = marks.setdefault((document, words, given[document, words]), f"n{len(marks) + 1}")
                values = {"segment": mark, "document": document, "text": words}
                codes = ((way_key(ways[name]), ""),)
                coded.rows.append(RawRow(name, reference.line, values, codes))
    if several:
        coded.notices.append(Problem("nvivo_users", coded.place, {"count": several}))


def _words(reference: _Reference, coded: ToolFile) -> str:
    """The words of a passage; areas of pages, and passages without words, are counted."""
    lines = [line for line in reference.lines if not _AREA.fullmatch(line.strip())]
    areas = len(reference.lines) - len(lines)
    words = "\n".join(line.rstrip() for line in lines).strip()
    if not words:
        coded.unread["pdfselection" if areas else "wordless"] += 1
    return words
