"""`Segments` as a REFI-QDA project (.qdpx): people as cases, words as sources, codes on selections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from survey.arguments import check_lang, path_of
from survey.errors import DataError, Place, Problem, usage
from survey.files.saving import UNDATED, save_through
from survey.interviews.interchange.code_trees import guid, matched, tree_of
from survey.interviews.interchange.footers import with_footer, writable
from survey.interviews.interchange.refi import PROJECT, Element, add_codes, xml_bytes, zip_bytes
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.messages import message

if TYPE_CHECKING:
    import pandas as pd

_DATE = UNDATED.strftime("%Y-%m-%dT%H:%M:%SZ")
_NAME = 60  # selections are named by their first words, as other tools do
_TYPES = {
    **{"boolean": "Boolean", "bool": "Boolean", "Int64": "Integer", "int64": "Integer"},
    **{"Float64": "Float", "float64": "Float"},
}
# The fields that tell one selection from another; the codes and coders on it are its codings.
_PLACE = ("segment", "participant", "document", "start", "end", "text", "gist", "quote")


@dataclass
class _Source:
    """One text in the making: its words, and its selections with the people they belong to."""

    guid: str
    name: str
    description: str
    text: str
    selections: list[Element] = field(default_factory=list)
    people: dict[str, list[str]] = field(default_factory=dict)


def export_project(
    segments: SegmentsLike,
    path: str | Path,
    *,
    documents: Mapping[str, str] | None = None,
    lang: str = "en",
) -> Path:
    """Write coded segments as a REFI-QDA project (.qdpx), which ATLAS.ti, MAXQDA, NVivo and QualCoder open.

    A document whose full text is known is a source of its own, and every passage stands at its place in it.
    Else each participant has one source made here of the passages, or where there are none of the gists, one
    below the other; the source says so. People are cases; `group` and whatever else is known of them are
    variables. Identifiers hang on the content alone, so that the same segments give the same bytes.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    path
        Where it goes.
    documents
        The full text of documents, by the name in the column `document`, beside those the segments carry.
    lang
        Language of the names of codes and of what the file says of itself.

    Returns
    -------
    The path written to.

    Raises
    ------
    UsageError
        The path does not end in .qdpx or cannot be written, or there is no such file or language.
    DataError
        The words of a segment are not those at its place in the document; all such are told.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_project(segments, Path(folder) / "study.qdpx").name
    'study.qdpx'
    """
    path = path_of(path)
    if path.suffix.lower() != ".qdpx":
        raise usage("target_ending", path=path, suffix=".qdpx")
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    content = project_bytes(segments, documents=documents, lang=lang)
    return save_through(path, lambda target: target.write_bytes(content))


def project_bytes(
    segments: Segments, *, documents: Mapping[str, str] | None = None, lang: str = "en"
) -> bytes:
    """The bytes of a project: see `export_project`."""
    from survey import __version__

    codebook = segments.codebook
    nodes = tree_of(codebook, lang)
    targets = {part: own for own, part in matched(nodes, codebook).items()}
    own = dict.fromkeys([*segments.data["document"].dropna(), *segments.data["participant"]])
    given = {name: text for name, text in (documents or {}).items() if name in own}
    full = {name: writable(text) for name, text in {**segments.documents, **given}.items()}
    users = _users(segments)
    sources = _sources(segments, full, targets, users, lang)
    root = ElementTree.Element(
        "Project",
        xmlns=PROJECT,
        name=writable(codebook.titled(lang)),
        origin=f"expansion-survey {__version__}",
        creatingUserGUID=_user(None),
        creationDateTime=_DATE,
    )
    below = ElementTree.SubElement(root, "Users")
    for coder in users:
        name = coder or message("coder_unnamed", lang)
        ElementTree.SubElement(below, "User", guid=_user(coder), name=writable(name))
    book = ElementTree.SubElement(root, "CodeBook")
    add_codes(ElementTree.SubElement(book, "Codes"), nodes)
    _add_people(root, segments.participants, sources)
    if sources:
        _add_sources(root, sources)
    _add_memos(root, segments, targets, {name: source.guid for source in sources for name in [source.name]})
    ElementTree.SubElement(root, "Description").text = with_footer(
        message("project_about", lang, codebook=codebook.reference), {"codebook": codebook.reference}
    )
    parts = {"project.qde": xml_bytes(root)}
    parts |= {f"sources/{source.guid}.txt": source.text.encode() for source in sources}
    return zip_bytes(parts)


def _user(coder: str | None) -> str:
    return guid("user", coder) if coder else guid("user")


def _users(segments: Segments) -> list[str | None]:
    """The coders in order of first appearance, after the one who stands for nobody named."""
    return [None, *dict.fromkeys(segments.data["coder"].dropna())]


def _plain(value: Any) -> Any:
    """A cell as Python has it; None where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else value


def _sources(
    segments: Segments,
    full: dict[str, str],
    targets: dict[str, str],
    users: list[str | None],
    lang: str,
) -> list[_Source]:
    """The texts with their selections, in the order in which participants and documents first come."""
    sources: dict[tuple[str, str], _Source] = {}
    for name, text in full.items():
        sources["document", name] = _Source(guid("document", name), name, "", text)
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    made_places: dict[tuple[str, str, str], int] = {}
    for cells, rows in segments.data.groupby(list(_PLACE), sort=False, dropna=False):
        place = dict(zip(_PLACE, map(_plain, cells), strict=True))
        place |= {key: int(place[key]) for key in ("start", "end") if place[key] is not None}
        seen[place["segment"]] = number = seen.get(place["segment"], 0) + 1
        passage = _placed(place, full, problems)
        if passage is not None:
            document, start, end = passage
            source = sources["document", document]
            facts: dict[str, Any] = {}
        else:
            source = _made_source(sources, place["participant"], lang)
            words = writable(place["text"] or place["gist"] or "") or message(
                "segment_without_words", lang, segment=place["segment"]
            )
            key = source.guid, place["segment"], words  # of a segment each coder may have a gist
            if key not in made_places:
                made_places[key] = len(source.text)
                source.text += words + "\n"
            start, end = made_places[key], made_places[key] + len(words)
            made = "text" if place["text"] else "gist" if place["gist"] else "nothing"
            facts = {
                "made": made,
                "document": place["document"],
                "start": place["start"],
                "end": place["end"],
            }
        facts = {"segment": place["segment"], **facts}
        facts["quote"] = place["quote"] if place["quote"] != place["segment"] else None
        facts["directions"] = _directions(rows) or None
        selection = ElementTree.Element(
            "PlainTextSelection",
            guid=guid("selection", place["segment"], number),
            name=_shortened(source.text[start:end]),
            startPosition=str(start),
            endPosition=str(end),
            creatingUser=_user(_plain(rows["coder"].iloc[0])),
            creationDateTime=_DATE,
        )
        described = with_footer(place["gist"] or "", facts)
        ElementTree.SubElement(selection, "Description").text = described
        _add_codings(selection, rows, (place["segment"], number), targets)
        source.selections.append(selection)
        source.people.setdefault(place["participant"], []).append(selection.attrib["guid"])
    if problems:
        raise DataError(*problems)
    return list(sources.values())


def _add_codings(
    selection: ElementTree.Element, rows: "pd.DataFrame", names: tuple[str, int], targets: dict[str, str]
) -> None:
    """The codes of a selection, each with its coder; `names` is its segment, and its number of these."""
    for order, (code, coder) in enumerate(zip(rows["code"], map(_plain, rows["coder"]), strict=True)):
        coding = ElementTree.SubElement(
            selection,
            "Coding",
            guid=guid("coding", *names, order),
            creatingUser=_user(coder),
            creationDateTime=_DATE,
        )
        ElementTree.SubElement(coding, "CodeRef", targetGUID=targets[code])


def _directions(rows: "pd.DataFrame") -> dict[str, dict[str, str]]:
    """The direction of each code of a selection, by coder ("" where none is named)."""
    found: dict[str, dict[str, str]] = {}
    given = rows.dropna(subset=["direction"])
    for code, coder, direction in zip(
        given["code"], given["coder"].fillna(""), given["direction"], strict=True
    ):
        found.setdefault(code, {})[coder] = direction
    return found


def _shortened(words: str) -> str:
    words = writable(" ".join(words.split()))
    return words if len(words) <= _NAME else words[: _NAME - 3] + "..."


def _placed(
    place: dict[str, Any], full: dict[str, str], problems: list[Problem]
) -> tuple[str, int, int] | None:
    """Document, start and end of a passage; None where the full text or its place in it is not known.

    Without positions the words are looked for; without a document, in the one named like the participant.
    """
    document, start, end, text = (place[key] for key in ("document", "start", "end", "text"))
    document = place["participant"] if document is None else document
    words = full.get(document)
    if words is None or ((start is None or end is None) and not text):
        return None
    where = Place(subject=f"{place['segment']} / {document}")
    if start is None or end is None:
        count = words.count(writable(text))
        if count != 1:
            problems.append(Problem("segment_not_found", where, {"count": count}))
        start = max(words.find(writable(text)), 0)
        return document, start, start + len(writable(text))
    stored = words[start:end]
    if not 0 <= start < end <= len(words) or (text and writable(text) != stored):
        values = {"start": start, "end": end, "found": stored[:40]}
        problems.append(Problem("segment_elsewhere", where, values))
    return document, start, end


def _made_source(sources: dict[tuple[str, str], _Source], participant: str, lang: str) -> _Source:
    """The text made of what one person said, segment below segment."""
    key = ("made", participant)
    if key not in sources:
        about = message("source_made", lang, participant=participant)
        sources[key] = _Source(guid("made", participant), participant, about, "")
    return sources[key]


def _add_people(root: Element, people: "pd.DataFrame", sources: list[_Source]) -> None:
    """Variables and cases: every person, also one who said nothing that was coded."""
    types = {column: _TYPES.get(str(people[column].dtype), "Text") for column in people.columns}
    if len(types):
        below = ElementTree.SubElement(root, "Variables")
        for column, kind in types.items():
            own = guid("variable", column)
            ElementTree.SubElement(
                below, "Variable", guid=own, name=writable(str(column)), typeOfVariable=kind
            )
    if not len(people):
        return
    below = ElementTree.SubElement(root, "Cases")
    for participant, row in zip(people.index, people.to_dict("records"), strict=True):
        own = guid("case", participant)
        case = ElementTree.SubElement(below, "Case", guid=own, name=writable(str(participant)))
        for column, kind in types.items():
            if (value := _plain(row[column])) is not None:
                held = ElementTree.SubElement(case, "VariableValue")
                ElementTree.SubElement(held, "VariableRef", targetGUID=guid("variable", column))
                text = str(value).lower() if kind == "Boolean" else writable(str(value))
                ElementTree.SubElement(held, f"{kind}Value").text = text
        alone = [source for source in sources if set(source.people) == {participant}]
        for source in alone:
            ElementTree.SubElement(case, "SourceRef", targetGUID=source.guid)
        for source in sources:
            for selection in source.people.get(participant, []) if source not in alone else []:
                ElementTree.SubElement(case, "SelectionRef", targetGUID=selection)


def _add_sources(root: Element, sources: list[_Source]) -> None:
    below = ElementTree.SubElement(root, "Sources")
    for source in sources:
        own = ElementTree.SubElement(
            below,
            "TextSource",
            guid=source.guid,
            name=writable(source.name),
            plainTextPath=f"internal://{source.guid}.txt",
            creatingUser=_user(None),
            creationDateTime=_DATE,
        )
        if source.description:
            ElementTree.SubElement(own, "Description").text = source.description
        own.extend(source.selections)


def _add_memos(root: Element, segments: Segments, codes: dict[str, str], sources: dict[str, str]) -> None:
    """Notes, each with a reference at the code, source or first selection that it is about."""
    if not segments.memos:
        return
    below = ElementTree.SubElement(root, "Notes")
    by_guid = {element.get("guid"): element for element in root.iter() if element.get("guid")}
    for number, memo in enumerate(segments.memos):
        own = guid("memo", number, memo.about, memo.target, memo.text)
        note = ElementTree.SubElement(
            below,
            "Note",
            guid=own,
            name=writable(memo.name or _shortened(memo.text)),
            creatingUser=_user(memo.author if memo.author in _users(segments) else None),
            creationDateTime=_DATE,
        )
        ElementTree.SubElement(note, "PlainTextContent").text = writable(memo.text)
        targets = {
            "segment": guid("selection", memo.target, 1),
            "code": codes.get(memo.target, ""),
            "document": sources.get(memo.target, ""),
        }
        place = by_guid.get(targets.get(memo.about, ""))
        if place is None:
            continue
        names = [element.tag for element in place]
        before = {"Code": ("Code",), "TextSource": ("VariableValue",)}.get(place.tag, ())
        at = next((spot for spot, name in enumerate(names) if name in before), len(names))
        place.insert(at, ElementTree.Element("NoteRef", targetGUID=own))
