"""A REFI-QDA project (.qdpx) of this or another tool as `Segments`; what is not taken is counted."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import path_of
from survey.errors import DataError, Place, Problem, usage
from survey.instrument import list_instruments
from survey.instrument.interview_schemas import Approach, InterviewCodebook, load_codebook
from survey.instrument.schema import check_language
from survey.interviews.assembly import assemble
from survey.interviews.interchange.code_trees import codebook_of, matched, named_reference, names_twice
from survey.interviews.interchange.footers import fits, split_footer
from survey.interviews.interchange.participants import Passage, People, Text
from survey.interviews.interchange.positions import (
    STANDARD,
    Chosen,
    Claim,
    Counting,
    choose,
    counting_named,
    counting_of_project,
    counting_of_tool,
    decoded,
)
from survey.interviews.interchange.project_file import ProjectFile
from survey.interviews.interchange.refi import Archive, read_bytes
from survey.interviews.interchange.tools import read_tool_file, tool_of_file
from survey.interviews.raw_rows import RawRow
from survey.interviews.segment_tables import is_personal
from survey.interviews.segments import SEGMENT_COLUMNS, Segments

if TYPE_CHECKING:
    import pandas as pd

# How positions were found to be counted, by the grounds for it.
_COUNTED = {
    "words": "refi_counted_words",
    "edges": "refi_counted_edges",
    "project": "refi_counted_project",
    "tool": "refi_counted_tool",
    "standard": "refi_counted_standard",
    "named": "refi_counted_named",
}


def read_project(
    path: str | Path,
    codebook: InterviewCodebook | str | Path | None = None,
    *,
    approach: Approach = "codebook",
    set_aside: bool = False,
    language: str = "en",
    sheet: str | None = None,
    positions: str | None = None,
) -> Segments:
    """Read a project of another tool: one row per code on a passage.

    Read are REFI-QDA projects (.qdpx), as ATLAS.ti, MAXQDA, NVivo, QualCoder and we write them, and the
    projects of QualCoder (the folder .qda, or data.qda in it), RQDA (.rqda) and Taguette (.sqlite3)
    themselves.

    Codes are matched to the codebook by identifier, then by the id or label they carry. Positions are taken
    as Unicode code points; where a tool may have counted otherwise, the words it repeats beside its
    selections decide, else the edges of words and lines, and `problems` says so, and where nothing decides. A
    person is a case; without cases, a source is a person. Memos are kept; links, sets, pictures and the
    like are not read: `problems` says how many there are.

    Parameters
    ----------
    path
        The project; it is only read.
    codebook
        The codebook of the segments: `ID`, `ID@VERSION`, a path, or a codebook; where None, one is made from
        the codes of the project.
    approach
        How the themes were made, for a codebook that is made here; no file says it.
    set_aside
        Leave out what is wrong, instead of raising; it is told in `problems`.
    language
        The language of the names in the project, as a code ("en", "zh", "de"), for a codebook that is made
        here; no file says it.
    sheet
        The project that is meant, where a database of Taguette holds several.
    positions
        How the tool that wrote a REFI-QDA project counted, where that is known: "standard", or "utf16",
        "crlf-as-one", "mark" (the byte order mark too), joined by "+"; found out where None.

    Raises
    ------
    UsageError
        There is no such file, codebook, project or way of counting, or that is no code of a language. Or
        `positions` is given for a database, whose words beside each passage say how it counts.
    DataError
        It is no such project, is damaged or could hurt; a code that was used is not in the codebook; a
        passage has no place in its text. All of these are told at once.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     project = survey.export_project(segments, Path(folder) / "study.qdpx")
    ...     survey.read_project(project, "interview-codebook").data["segment"].nunique()
    149
    """
    check_language(language)
    path = path_of(path)
    chosen = None if codebook is None else load_codebook(codebook)
    tool = tool_of_file(path)
    if tool is not None:
        coded = read_tool_file(tool, path, sheet, positions)
        return coded.segments(chosen, approach=approach, set_aside=set_aside, language=language)
    if sheet is not None:
        raise usage("sheet_not_here", file=path.name, sheet=sheet)
    place = Place(file=path.name)
    content = read_bytes(path)
    archive = Archive(content, place)
    return Project(path, archive, place, content).segments(chosen, approach, set_aside, language, positions)


def segments_of_project(
    path: str | Path,
    codebook: "str | Path | InterviewCodebook | None",
    people: list[RawRow] | None,
    *,
    set_aside: bool = False,
    keep_personal: bool = False,
    sheet: str | None = None,
    positions: str | None = None,
) -> Segments:
    """Read a project for `read_segments`: the codebook it names, a list of people of the user's own."""
    path = Path(path)
    segments = read_project(path, codebook, set_aside=set_aside, sheet=sheet, positions=positions)
    frame = segments.participants
    notes: list[Problem] = []
    if people is not None:
        frame = assemble([], segments.codebook, people=people).participants
        known_of_people = [name for name in segments.participants.columns if name not in frame.columns]
        frame = frame.join(segments.participants[known_of_people])
        strangers = [name for name in dict.fromkeys(segments.data["participant"]) if name not in frame.index]
        known = list(frame.index) or "-"
        problems = [
            Problem("participant_unknown", Place(file=path.name), {"value": name[:80], "known": known})
            for name in strangers
        ]
        if problems:
            raise DataError(*problems)
    if not keep_personal and (named := [name for name in frame.columns if is_personal(name)]):
        frame = frame.drop(columns=named)
        notes.append(Problem("personal_dropped", Place(file=path.name), {"columns": list(named)}))
    return replace(segments, participants=frame, problems=(*segments.problems, *notes))


class Project(ProjectFile):
    """A project in the reading."""

    def segments(
        self,
        codebook: InterviewCodebook | None,
        approach: Approach,
        set_aside: bool,
        lang: str,
        positions: str | None = None,
    ) -> Segments:
        """The segments, or every error at once."""
        codebook = codebook or self._named_codebook()
        if codebook is None:
            codebook, part_ids = self.codebook(approach, lang)
            values = {"codes": len(codebook.codes), "approach": approach}
            self.notes.append(Problem("refi_codebook_made", self.place, values))
            if alike := names_twice(self.nodes):
                self.notes.append(Problem("codes_alike", self.place, {"codes": alike}))
        else:
            part_ids = matched(self.nodes, codebook)
        people = People(self.cases, self.texts, self.variables, self.place)
        self._check_codes(part_ids, codebook)
        rows, documents = self._coded_rows(people, part_ids, positions)
        if self.errors and not set_aside:
            raise DataError(*self.errors)
        self.notes += self.errors
        memos = tuple(self._memos(part_ids))
        self._count_unread(memos=len(memos))
        subthemes = set(codebook.subtheme_ids)
        for number, row in enumerate(rows, 1):
            row["level"] = "subtheme" if row["code"] in subthemes else "code"
            row["source"], row["row"] = self.path.name, number
        if not rows:
            self.notes.append(Problem("refi_no_codings", self.place))
        return Segments(
            codebook,
            _segment_frame(rows),
            people.frame(row["participant"] for row in rows),
            (*self.notes, *people.notes),
            self._origin(),
            documents,
            memos,
        )

    def _coded_rows(
        self, people: People, part_ids: dict[str, str], positions: str | None
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """One row per coded passage and coding; the texts that positions are counted in, by document."""
        rows: list[dict[str, Any]] = []
        documents: dict[str, str] = {}
        ids = _SegmentIds()
        for text, chosen in zip(self.texts, self._scales(positions), strict=True):
            spans = people.spans_of(text)
            made = False
            for passage in text.passages:
                row, is_made = self._row(text, passage, chosen, ids)
                if row is None:
                    continue
                made = made or is_made
                row["participant"] = people.of(text, passage, spans)
                self.segment_of[passage.guid] = row["segment"]
                row["level"] = ""
                directions = row.pop("directions")
                for code, coder in passage.codings:
                    if code in part_ids:
                        part = part_ids[code]
                        direction = directions.get(part, {}).get(coder or "")
                        rows.append({**row, "code": part, "coder": coder, "direction": direction})
            if chosen is not None and not made:
                documents[text.name] = chosen.scale.text
        return rows, documents

    def codebook(
        self, approach: Approach, lang: str, title: str | None = None
    ) -> tuple[InterviewCodebook, dict[str, str]]:
        """A codebook made from the codes of the project, and the id of each code by its identifier.

        Cases that are also codes (NVivo) are people and take no part.
        """
        cases = {case.guid for case in self.cases}
        nodes = tuple(node for node in self.nodes if node.guid not in cases)
        if not nodes:
            raise DataError(Problem("refi_no_codes", self.place))
        schema_id, version = named_reference(self._read_reference(), self.path.stem)
        title = title or " ".join(self.root.get("name", "").split()) or self.path.stem
        tool = self.root.get("origin", "").strip()
        source = f"{self.path.name} ({tool})" if tool else self.path.name
        names = {"schema_id": schema_id, "version": version, "title": title, "source": source}
        return codebook_of(nodes, **names, approach=approach, lang=lang)

    def _named_codebook(self) -> InterviewCodebook | None:
        """The codebook that a project of ours names, where it is one that travels with the package."""
        reference = self._read_reference()
        known = {f"{schema.id}@{schema.version}" for schema in list_instruments("interview-codebook")}
        return load_codebook(reference) if isinstance(reference, str) and reference in known else None

    def _check_codes(self, part_ids: dict[str, str], codebook: InterviewCodebook) -> None:
        """Tell codes that were given to passages and are not in the codebook, each once; count the others."""
        cases = {case.guid for case in self.cases}
        names = {node.guid: node.name for top in self.nodes for node in top.walk()}
        used = Counter(
            code for text in self.texts for passage in text.passages for code, _ in passage.codings
        )
        for code, count in used.items():
            if code in part_ids or code in cases:
                continue
            key = "refi_code_unknown" if code in names else "refi_code_missing"
            values = {"code": names.get(code, code or "-"), "count": count, "codebook": codebook.reference}
            self.errors.append(Problem(key, self.place, values))
        unused = [
            node.name
            for top in self.nodes
            for node in top.walk()
            if node.guid not in part_ids and node.guid not in used and node.guid not in cases
            if not node.children
        ]
        if unused:
            values = {"count": len(unused), "codes": unused[:10], "codebook": codebook.reference}
            self.notes.append(Problem("refi_codes_unused", self.place, values))

    def _scales(self, positions: str | None) -> list[Chosen | None]:
        """How the positions of each text count; None where its words are not inside the file.

        Where a text does not decide it, the other texts of the project do.
        """
        named = None if positions is None else counting_named(positions)
        tool = counting_of_tool(self.root.get("origin", ""))
        read = [self._read_text(text) for text in self.texts]

        def choices(project: Counting | None) -> list[Chosen | None]:
            return [content and choose(*content, tool=tool, project=project, named=named) for content in read]

        chosen = choices(None)
        if any(one is not None and one.open for one in chosen):
            project = counting_of_project([one for one in chosen if one is not None], tool)
            chosen = choices(project)
        for text, one in zip(self.texts, chosen, strict=True):
            if one is not None:
                self._say_counting(text, one)
        return chosen

    def _read_text(self, text: Text) -> tuple[str, bool, list[Claim]] | None:
        """The words of a text, whether a byte order mark stood before them, and the selections in it."""
        where = self._where(text)
        if text.raw is None:
            if text.passages:
                values = {"path": text.path or "-", "count": len(text.passages)}
                self.notes.append(Problem("refi_text_outside", where, values))
            return None
        try:
            words, mark = decoded(text.raw)
        except UnicodeDecodeError:
            self.errors.append(Problem("refi_text_no_unicode", where, {"path": text.path}))
            return None
        return words, mark, [passage.claim for passage in text.passages if not passage.whole]

    def _say_counting(self, text: Text, chosen: Chosen) -> None:
        """Say how positions were counted, on what grounds, and where the passages may be others."""
        if chosen.grounds == "only" or not any(not passage.whole for passage in text.passages):
            return
        values = {
            "how": chosen.counting.named,
            "count": sum(not passage.whole for passage in text.passages),
            "tool": self.root.get("origin", "").strip() or "-",
            **{
                name: getattr(chosen, name)
                for name in ("agreeing", "telling", "whole", "other_whole", "differing")
            },
        }
        if chosen.open or chosen.grounds == "named" or chosen.counting != STANDARD:
            self.notes.append(Problem(_COUNTED[chosen.grounds], self._where(text), values))

    def _row(
        self, text: Text, passage: Passage, chosen: Chosen | None, ids: "_SegmentIds"
    ) -> tuple[dict[str, Any] | None, bool]:
        """What all codings of a passage share, and whether the text was made by us of what there was."""
        comment, facts = split_footer(passage.comment)
        facts = {key: value for key, value in facts.items() if fits(key, value)}
        made = facts.get("made")
        row: dict[str, Any] = {
            "document": text.name,
            "gist": comment or None,
            "start": None if passage.whole else passage.claim.start,
            "end": None if passage.whole else passage.claim.end,
        }
        if chosen is not None:
            scale = chosen.scale
            start = 0 if passage.whole else scale.place(passage.claim.start)
            if start is None or (start >= len(scale.text) and passage.codings and not made):
                values = {"start": passage.claim.start, "length": len(scale.text)}
                self.errors.append(Problem("refi_beyond", self._where(text, passage.guid), values))
                return None, False
            end = len(scale.text) if passage.whole else scale.place(passage.claim.end, ends=True)
            if end is None:
                end = len(scale.text)
                values = {"end": passage.claim.end, "length": end}
                self.notes.append(Problem("refi_cut", self._where(text, passage.guid), values))
            row |= {"start": start, "end": end, "text": scale.text[start:end] or None}
        if made:
            kept = {key: facts.get(key) for key in ("document", "start", "end")}
            row |= {**kept, "text": row.get("text") if made == "text" else None}
        row["segment"] = facts.get("segment") or ids.of(text.guid, passage)
        row["quote"] = facts.get("quote") or row["segment"]
        row["directions"] = facts.get("directions", {})
        return row, bool(made)


class _SegmentIds:
    """Ids for passages of other tools: the same stretch of the same text is one segment, whoever coded it."""

    def __init__(self) -> None:
        self.by_span: dict[tuple[str, Claim | str], str] = {}
        self.taken: set[str] = set()

    def of(self, source: str, passage: Passage) -> str:
        span = "whole" if passage.whole else passage.claim._replace(words="")
        if (source, span) not in self.by_span:
            base = re.sub("[^0-9a-z]", "", passage.guid) or f"{len(self.taken):08x}"
            length = 8
            while base[:length] in self.taken and length < len(base):
                length += 4
            own, number = base[:length], 2
            while own in self.taken:
                own, number = f"{base}-{number}", number + 1
            self.taken.add(own)
            self.by_span[source, span] = own
        return self.by_span[source, span]


def _segment_frame(rows: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    columns = {
        name: pd.array([row.get(name) for row in rows], dtype=kind) for name, kind in SEGMENT_COLUMNS.items()
    }
    return pd.DataFrame(columns)
