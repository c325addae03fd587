"""Texts with codings, as databases of other tools have them: put in their places, and given to people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from survey.errors import Place, Problem
from survey.interviews.assembly import DOCUMENT_ENDINGS
from survey.interviews.interchange.databases import text_of_cell, whole_number
from survey.interviews.interchange.footers import writable
from survey.interviews.interchange.participants import GROUP_NAMES
from survey.interviews.interchange.placing import place_all, placement_notices
from survey.interviews.interchange.positions import Claim, Scale
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.memos import Memo
from survey.interviews.raw_rows import RawRow
from survey.wording import normalise

_LONGEST_HEADING = 60  # characters of the words a note stands at


@dataclass(frozen=True)
class CodedText:
    """A text: its name, and the ways in which the tool may count its positions."""

    name: str
    scales: Sequence[Scale]


@dataclass(frozen=True)
class Coding:
    """One code on one passage: its row and mark in the file, code, text, place and words, coder, memo."""

    row: int
    mark: str
    code: str
    text: Any
    claim: Claim
    coder: str | None = None
    memo: str = ""


@dataclass
class CasePeople:
    """Who is interviewed: the cases of a project, each with the stretches of texts that are this person's.

    Attributes
    ----------
    names
        Cases by identifier.
    documents
        Texts by identifier, as people are called; a text of no case is a person.
    stretches
        For each document: the case, and where its words begin and end, in positions as stored (None: all).
    about
        Attributes of cases; those of documents go to the person whose only document it is.
    """

    names: dict[Any, str]
    documents: dict[Any, str]
    stretches: dict[Any, list[tuple[Any, int | None, int | None]]]
    about: dict[Any, dict[str, str]]
    about_documents: dict[Any, dict[str, str]]

    def of(self, document: Any, start: int | None, end: int | None) -> tuple[str, bool]:
        """The person behind a passage, and whether several cases claim it."""
        stretches = self.stretches.get(document, [])
        if start is None or end is None:
            around = [case for case, _, _ in stretches]
        else:
            around = [
                case
                for case, first, last in stretches
                if first is None or last is None or (first <= start and end <= last)
            ]
        whole = {case for case, _, _ in stretches}
        cases = list(dict.fromkeys(around)) or (list(whole) if len(whole) == 1 else [])
        return (self.names[cases[0]] if cases else self.documents[document]), len(cases) > 1

    def rows(self, file: str, speaking: Iterable[str] = ()) -> tuple[list[RawRow], list[Problem]]:
        """One row per person: the cases, then documents of no case, then whoever else speaks."""
        people: dict[str, dict[str, str]] = {}
        for case, name in self.names.items():
            people.setdefault(name, {}).update(self.about.get(case, {}))
        for document, name in self.documents.items():
            cases = {case for case, _, _ in self.stretches.get(document, [])}
            about = self.about_documents.get(document, {})
            if not cases:
                people.setdefault(name, {}).update(about)
            elif len(cases) == 1:
                own = self.names[next(iter(cases))]
                people[own] = {**about, **people[own]}
        for name in speaking:
            people.setdefault(name, {})
        attributes = list(dict.fromkeys(key for about in people.values() for key in about))
        group = next((key for key in attributes if normalise(key) in GROUP_NAMES), None)
        place = Place(file=file)
        notices = []
        if group is None:
            notices.append(Problem("refi_no_groups", place, {"known": list(attributes) or "-"}))
        elif normalise(group) != "group":
            notices.append(Problem("refi_group_from", place, {"variable": group}))
        rows = [
            RawRow(
                file,
                number,
                {
                    "participant": name,
                    "group": about.get(group) if group else None,
                    **{key: about.get(key) for key in attributes if key not in (group, "participant")},
                },
            )
            for number, (name, about) in enumerate(people.items(), start=1)
        ]
        return rows, notices


def add_codings(
    coded: ToolFile,
    texts: Mapping[Any, CodedText],
    people: CasePeople,
    codings: Iterable[Coding],
    *,
    one_too_many: bool = False,
) -> None:
    """Put codings into a file as rows, text by text, and its people beside them.

    Passages with the same place and words are one segment, whoever coded them. `one_too_many` is that of
    `place_all`.
    """
    by_text: dict[Any, list[Coding]] = {key: [] for key in texts}
    for coding in codings:
        by_text[coding.text].append(coding)
    several = 0
    for key, text in texts.items():
        coded.documents[text.name] = writable(text.scales[0].text)
        claims = [coding.claim for coding in by_text[key]]
        placements = place_all(claims, text.scales, one_too_many=one_too_many) if claims else []
        coded.notices += placement_notices(placements, Place(file=coded.file, subject=text.name))
        marks: dict[Any, str] = {}
        for coding, placement in zip(by_text[key], placements, strict=True):
            person, claimed = people.of(key, coding.claim.start, coding.claim.end)
            several += claimed
            memo = writable(coding.memo).strip()
            coded.unread["comments"] += bool(memo)
            span = (placement.start, placement.end, placement.words)
            values = {
                "segment": marks.setdefault(span, coding.mark),
                "participant": person,
                "document": text.name,
                "coder": coding.coder or None,
                "gist": memo or None,
                "text": writable(placement.words) or None,
                "start": None if placement.start is None else str(placement.start),
                "end": None if placement.end is None else str(placement.end),
            }
            kept = {name: value for name, value in values.items() if value is not None}
            coded.rows.append(RawRow(coded.file, coding.row, kept, ((coding.code, ""),)))
    if several:
        coded.notices.append(Problem("passages_of_several", coded.place, {"count": several}))
    coded.people_are_texts = not people.names
    coded.people, notices = people.rows(coded.file, [row.values["participant"] for row in coded.rows])
    coded.notices += notices


def memos_in_rows(
    rows: Iterable[Mapping[str, Any]],
    column: str,
    about: str = "project",
    *,
    by: str = "",
    targets: Mapping[Any, str] | None = None,
    name: str = "",
) -> Iterator[Memo]:
    """The memos in a column of a table, their authors in the column `owner`.

    What they are about is found in `targets` by the column `by`; memos of what is not there belong to the
    project.
    """
    for row in rows:
        words = writable(text_of_cell(row.get(column))).strip()
        if words:
            target = (targets or {}).get(row.get(by), "")
            heading, author = (" ".join(text_of_cell(row.get(header)).split()) for header in (name, "owner"))
            yield Memo(about if target else "project", target, heading, author, words)


def words_at(scale: Scale, start: Any, end: Any = None) -> str:
    """The words that a note stands at, on one line; at most `_LONGEST_HEADING` characters."""
    first, last = whole_number(start), whole_number(end)
    if first is None:
        return ""
    last = first + _LONGEST_HEADING if last is None else last
    return " ".join(scale.words(first, last).split())[:_LONGEST_HEADING]


def person_names(names: Mapping[Any, str]) -> dict[Any, str]:
    """Names of texts as names of people: without the ending of a file, where they stay distinct."""
    stems = {
        key: PurePath(name).stem if PurePath(name).suffix.lower() in DOCUMENT_ENDINGS else name
        for key, name in names.items()
    }
    return stems if len(set(stems.values())) == len(stems) else dict(names)


def distinct_names(names: Mapping[Any, str]) -> dict[Any, str]:
    """Names with a number behind each that stands once more."""
    counts: Counter[str] = Counter()
    distinct = {}
    for key, name in names.items():
        counts[name] += 1
        distinct[key] = name if counts[name] == 1 else f"{name} ({counts[name]})"
    return distinct
