"""What a reader of another tool's file hands over, and `Segments` and codebooks made of it.

A reader is one module of `tools`: it finds rows, codes and people in its file and knows nothing of codebooks.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from survey.errors import DataError, Place, Problem
from survey.instrument.interview_schemas import Approach, InterviewCodebook
from survey.interviews.assembly import assemble
from survey.interviews.interchange.code_trees import (
    Node,
    codebook_of,
    guid,
    matched,
    named_reference,
    names_twice,
)
from survey.interviews.memos import Memo
from survey.interviews.raw_rows import RawRow
from survey.interviews.reading import without_personal
from survey.interviews.segments import Segments

_DEEPEST = 60  # levels of a tree of codes


@dataclass
class ToolFile:
    """The content of a file of another tool.

    Attributes
    ----------
    tool, file, stem, hash
        The program, the name of the file, that name without its ending, the hash of its content.
    rows
        One per passage and coder; its codes are the keys that `nodes` were made of.
    nodes
        The tree of codes.
    people
        Everybody interviewed; None where the file lists nobody.
    people_are_texts
        People are called after their documents, as the file knows no others.
    documents
        Full texts by name, line ends as line feeds.
    memos
        What is written beside the material. Memos of codes are the descriptions of `nodes`.
    notices
        What was found and does not stop the reading.
    title
        What the project is called, "" where the file does not say.
    unread
        How much of what the file holds has no place in segments, by the ending of `refi_count_*`.
    """

    tool: str
    file: str
    stem: str
    hash: str
    rows: list[RawRow] = field(default_factory=list)
    nodes: tuple[Node, ...] = ()
    people: list[RawRow] | None = None
    people_are_texts: bool = False
    documents: dict[str, str] = field(default_factory=dict)
    memos: list[Memo] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    title: str = ""
    unread: Counter[str] = field(default_factory=Counter)

    @property
    def place(self) -> Place:
        """The file as an address."""
        return Place(file=self.file)

    def codebook(
        self, approach: Approach, language: str, title: str | None = None
    ) -> tuple[InterviewCodebook, dict[str, str]]:
        """A codebook made from the codes of the file, and the id of each code by its identifier (`DataError`
        where there are none).
        """
        if not self.nodes:
            raise DataError(Problem("refi_no_codes", self.place))
        schema_id, version = named_reference(None, self.stem)
        names = {"schema_id": schema_id, "version": version, "title": title or self.title or self.stem}
        source = f"{self.file} ({self.tool})"
        return codebook_of(self.nodes, **names, source=source, approach=approach, lang=language)

    def matches(self, codebook: InterviewCodebook) -> int:
        """How many codes of the file are in a codebook."""
        return len(_matched(self.nodes, codebook))

    def segments(
        self,
        codebook: InterviewCodebook | None = None,
        *,
        people: list[RawRow] | None = None,
        approach: Approach = "codebook",
        language: str = "en",
        set_aside: bool = False,
        keep_personal: bool = False,
    ) -> Segments:
        """The segments under a codebook, or under one made of the codes of the file.

        `people` is a list of the user's own, and counts before that of the file. Codes that are not in the
        codebook are told once each (`DataError`), or with `set_aside` left out and told.
        """
        notices = list(self.notices)
        memos = list(self.memos)
        if codebook is None:
            codebook, part_ids = self.codebook(approach, language)
            values = {"codes": len(codebook.codes), "approach": approach}
            notices.append(Problem("refi_codebook_made", self.place, values))
            if alike := names_twice(self.nodes):
                notices.append(Problem("codes_alike", self.place, {"codes": alike}))
        else:
            part_ids = _matched(self.nodes, codebook)
            memos += self._memos_of_codes(part_ids)
        if memos:
            notices.append(Problem("refi_memos", self.place, {"count": len(memos)}))
        rows, twice = _rows_under(self.rows, part_ids)
        if twice:
            notices.append(Problem("codings_twice", self.place, {"count": twice}))
        unknown = self._unknown(part_ids, codebook)
        if unknown and not set_aside:
            raise DataError(*unknown)
        notices += [*unknown, *self._unused(part_ids, codebook), *self._left_out()]
        listed = self.people if people is None else people
        if people is not None and self.people_are_texts:
            rows = [_without(row, "participant") for row in rows]  # their names stand in those of documents
        if listed is not None and not keep_personal:
            listed, dropped = without_personal(listed)
            notices += dropped
        origin = {"input": self.file, "input_hash": self.hash, "format": self.tool}
        if self.title:
            origin["project"] = self.title
        segments = assemble(
            rows, codebook, people=listed, origin=origin, notices=notices, set_aside=set_aside
        )
        return replace(segments, documents=self.documents, memos=tuple(memos))

    def _memos_of_codes(self, part_ids: Mapping[str, str]) -> list[Memo]:
        """What the file says of codes, which under another codebook is no definition of theirs."""
        return [
            Memo("code", part_ids[node.guid], node.name, "", node.description)
            for top in self.nodes
            for node in top.walk()
            if node.description and node.guid in part_ids
        ]

    def _unknown(self, part_ids: Mapping[str, str], codebook: InterviewCodebook) -> list[Problem]:
        """Codes on passages that are not in the codebook: one problem each, with its count."""
        names = {node.guid: node.name for top in self.nodes for node in top.walk()}
        used = Counter(guid(code) for row in self.rows for code, _ in row.codes if guid(code) not in part_ids)
        return [
            Problem(
                "refi_code_unknown" if code in names else "refi_code_missing",
                self.place,
                {"code": names.get(code, code), "count": count, "codebook": codebook.reference},
            )
            for code, count in used.items()
        ]

    def _unused(self, part_ids: Mapping[str, str], codebook: InterviewCodebook) -> list[Problem]:
        used = {guid(code) for row in self.rows for code, _ in row.codes}
        names = [
            node.name
            for top in self.nodes
            for node in top.walk()
            if not node.children and node.guid not in part_ids and node.guid not in used
        ]
        values = {"count": len(names), "codes": names[:10], "codebook": codebook.reference}
        return [Problem("refi_codes_unused", self.place, values)] if names else []

    def _left_out(self) -> list[Problem]:
        problems = [
            Problem(f"refi_count_{name}", self.place, {"count": count})
            for name, count in sorted(self.unread.items())
            if count
        ]
        return problems if self.rows else [*problems, Problem("refi_no_codings", self.place)]


def _matched(nodes: Sequence[Node], codebook: InterviewCodebook) -> dict[str, str]:
    """The id of each code that is in a codebook: by its name, else by the last step of the way to it."""
    part_ids = matched(tuple(nodes), codebook)
    steps = tuple(
        replace(node, name=node.facts["last"], children=())
        for top in nodes
        for node in top.walk()
        if "last" in node.facts and node.guid not in part_ids
    )
    return part_ids | matched(steps, codebook)


def _rows_under(rows: Iterable[RawRow], part_ids: Mapping[str, str]) -> tuple[list[RawRow], int]:
    """The rows with ids of a codebook for codes, without those left without any; and how often a coder gave a
    passage the same code once more.
    """
    kept, twice = [], 0
    given: set[tuple[Any, ...]] = set()
    for row in rows:
        codes = []
        for code, cell in row.codes:
            part_id = part_ids.get(guid(code))
            key = (row.get("segment"), row.get("coder"), part_id)
            if part_id is None:
                continue
            if row.get("segment") is not None and key in given:
                twice += 1
                continue
            given.add(key)
            codes.append((part_id, cell))
        if codes:
            kept.append(replace(row, codes=tuple(codes)))
    return kept, twice


def _without(row: RawRow, name: str) -> RawRow:
    return replace(row, values={key: value for key, value in row.values.items() if key != name})


def tree(
    place: Place,
    names: Mapping[Any, str],
    parents: Mapping[Any, Any],
    groups: Collection[Any] = (),
    descriptions: Mapping[Any, str] | None = None,
    step: str = "",
) -> tuple[Node, ...]:
    """A tree of codes from the parent of each; one whose way up leads nowhere, or in a circle, is at the top.

    The identifier of a node is made of its key (`guid`). `groups` cannot be given to passages; empty ones are
    The identifier of a node is made of its key (`guid`). `groups` cannot be given to passages; empty ones
    are left out. `step` stands between the steps of a name that is the way to a code. Raises `DataError`
    where the tree is deeper than any codebook.
    """
    below: dict[Any, list[Any]] = {}
    for key in names:
        parent = parents.get(key)
        below.setdefault(parent if _leads_up(key, names, parents) else None, []).append(key)

    def nodes(parent: Any, depth: int) -> tuple[Node, ...]:
        if depth > _DEEPEST:
            raise DataError(Problem("refi_too_deep", place, {"limit": _DEEPEST}))
        made = []
        for key in below.get(parent, []):
            children = nodes(key, depth + 1)
            if children or key not in groups:
                description = (descriptions or {}).get(key, "")
                facts = {"last": names[key].rpartition(step)[2]} if step and step in names[key] else {}
                made.append(Node(guid(key), names[key], key not in groups, description, children, facts))
        return tuple(made)

    return nodes(None, 1)


def _leads_up(key: Any, names: Mapping[Any, str], parents: Mapping[Any, Any]) -> bool:
    """Whether the way up from a code ends at one without a parent."""
    seen = set()
    while key is not None:
        if key in seen or key not in names:
            return False
        seen.add(key)
        key = parents.get(key)
    return True
