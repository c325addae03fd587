"""Codebooks alone: REFI-QDA (.qdc), Taguette (.csv), and a YAML file of ours made from another tool's."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from survey.arguments import check_lang, path_of
from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import read_book
from survey.files.saving import save_through
from survey.instrument.interview_schemas import Approach, InterviewCodebook, load_codebook
from survey.instrument.schema import check_language
from survey.interviews.codebook_carriage import carried_codebook
from survey.interviews.interchange.code_trees import Node, codebook_of, named_reference, tree_of
from survey.interviews.interchange.reading import Project
from survey.interviews.interchange.refi import (
    CODEBOOK,
    Archive,
    add_codes,
    child,
    parse,
    read_bytes,
    read_codes_of,
    xml_bytes,
)
from survey.interviews.interchange.taguette import codes_in_tables, codes_table
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tools import read_tool_file, tool_of_file, tool_of_tables


def export_codes(codebook: InterviewCodebook | str | Path, path: str | Path, *, lang: str = "en") -> Path:
    """Write a codebook for other tools, told by the ending of the path.

    `.qdc`: REFI-QDA, which ATLAS.ti, MAXQDA, NVivo, QualCoder and others import. `.csv`: the table that
    Taguette imports. `.yaml`: our own form, as under `instruments/`, in all its languages. The tree is aim,
    theme, subtheme, code; only subthemes and codes can be given to passages (Taguette cannot say so).

    Parameters
    ----------
    codebook
        `ID`, `ID@VERSION`, the path of a YAML file, or a codebook.
    path
        Where it goes.
    lang
        Language of names and definitions, for `.qdc` and `.csv`.

    Raises
    ------
    UsageError
        There is no such codebook or language, another ending, or the path cannot be written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_codes("interview-codebook", Path(folder) / "codes.qdc").name
    'codes.qdc'
    """
    path = path_of(path)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise usage("codes_format_unknown", path=path)
    schema = load_codebook(codebook)
    check_lang(lang, *schema.languages)
    content = write(schema, lang)
    return save_through(path, lambda target: target.write_bytes(content))


def read_codes(
    path: str | Path,
    *,
    approach: Approach = "codebook",
    title: str | None = None,
    language: str = "en",
    sheet: str | None = None,
    password: str | None = None,
) -> InterviewCodebook:
    """Make a codebook from another tool's: .qdc, a project (see `read_project`), a table of codes.

    The file is told by its content. A table of highlights (a code, and a document or a participant, in each
    row) gives the codes that stand in it; a workbook of ours gives the codebook it carries. Groups of codes
    become subthemes, what lies above them themes and aims; a file of ours gives back its ids, definitions and
    levels. What a file does not say (when to use a code, often its definition) is put in so many words, to be
    filled in.

    Parameters
    ----------
    path
        The file of the other tool; it is only read.
    approach
        How the themes were made ("reflexive", "codebook", "coding-reliability"); no file says it.
    title
        What the codebook is called; else what the file is.
    language
        The language its names and definitions are in, as a code ("en", "zh", "de"); no file says it.
    sheet
        The project that is meant, where a database of Taguette holds several.
    password
        Opens an encrypted workbook that holds the table.

    Raises
    ------
    UsageError
        There is no such file, or that is no code of a language.
    DataError
        It holds no codes, is damaged or could hurt.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     codes = survey.export_codes("interview-codebook", Path(folder) / "codes.qdc")
    ...     len(survey.read_codes(codes).codes)
    28
    """
    check_language(language)
    path = path_of(path)
    tool = tool_of_file(path)
    if tool is not None:
        return read_tool_file(tool, path, sheet, None).codebook(approach, language, title)[0]
    place = Place(file=path.name)
    content = read_bytes(path)
    if content.startswith(b"PK") and b".qde" in content:
        project = Project(path, Archive(content, place), place, content)
        return project.codebook(approach, language, title)[0]
    start = content[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        root = parse(content, path.name, "CodeBook", place)
        nodes, tool = read_codes_of(child(root, "Codes"), place), root.get("origin", "").strip()
    else:
        book = read_book(path, password=password)
        if (carried := carried_codebook(book)) is not None:
            return carried
        tables = tool_of_tables(book, sheet)
        if tables is not None:
            read_tables: ToolFile = tables.read(book, sheet)
            return read_tables.codebook(approach, language, title)[0]
        nodes, tool = codes_in_tables(book), ""
    if not nodes:
        raise DataError(Problem("refi_no_codes", place))
    schema_id, version = named_reference(tool.removeprefix(_ORIGIN), path.stem)
    source = f"{path.name} ({tool})" if tool else path.name
    names = {"schema_id": schema_id, "version": version, "title": title or path.stem, "source": source}
    return codebook_of(nodes, **names, approach=approach, lang=language)[0]


_ORIGIN = "expansion-survey "


def _qdc(codebook: InterviewCodebook, lang: str) -> bytes:
    root = ElementTree.Element("CodeBook", xmlns=CODEBOOK, origin=_ORIGIN + codebook.reference)
    nodes: tuple[Node, ...] = tree_of(codebook, lang)
    add_codes(ElementTree.SubElement(root, "Codes"), nodes)
    return xml_bytes(root)


def _csv(codebook: InterviewCodebook, lang: str) -> bytes:
    return codes_table(tree_of(codebook, lang)).encode()


def _yaml(codebook: InterviewCodebook, lang: str) -> bytes:
    import yaml

    plain = codebook.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)
    return f"# yaml-language-server: $schema=../schema.json\n{text}".encode()


_WRITERS: dict[str, Callable[[InterviewCodebook, str], bytes]] = {
    ".qdc": _qdc,
    ".csv": _csv,
    ".yaml": _yaml,
    ".yml": _yaml,
}
