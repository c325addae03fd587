"""What a REFI-QDA project holds: users, codes, variables, cases, texts, memos, and what is not taken."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from survey.errors import Place, Problem
from survey.interviews.interchange.code_trees import guid
from survey.interviews.interchange.footers import split_footer
from survey.interviews.interchange.participants import Case, Passage, Text
from survey.interviews.interchange.positions import FURTHEST, Claim, decoded
from survey.interviews.interchange.refi import (
    Archive,
    Element,
    child,
    children,
    guid_of,
    read_codes_of,
    tag,
    text_of,
)
from survey.interviews.memos import Memo

_SELECTIONS = ("PlainTextSelection", "TranscriptSelection")
_UNREAD = ("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection")
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")


class ProjectFile:
    """A project as its file says it."""

    def __init__(self, path: Path, archive: Archive, place: Place, content: bytes) -> None:
        """Take in users, codes, variables, cases and texts; what is wrong with positions is kept."""
        self.path, self.archive, self.place = path, archive, place
        self.hash = hashlib.sha256(content).hexdigest()
        self.root = archive.project()
        self.errors: list[Problem] = []
        self.notes: list[Problem] = []
        self.segment_of: dict[str, str] = {}  # by the identifiers of passages
        self.users = self._users()
        codes = child(child(self.root, "CodeBook"), "Codes")
        self.nodes = read_codes_of(codes, place)
        self.variables = {
            guid_of(one): (_last_word(one.get("name", "")), one.get("typeOfVariable", "Text"))
            for one in children(child(self.root, "Variables"), "Variable")
        }
        self.cases = [self._case(one) for one in children(child(self.root, "Cases"), "Case")]
        self.texts = list(self._texts())

    def _users(self) -> dict[str, str | None]:
        """Names by identifier; the user who stands for nobody named in our own files is None."""
        users: dict[str, str | None] = {}
        for user in children(child(self.root, "Users"), "User"):
            own = guid_of(user)
            name = (user.get("name") or user.get("id") or own).strip() or own
            users[own] = None if own == guid("user") else name
        counts = Counter(known for known in users.values() if known is not None)
        shared = {known: count for known, count in counts.items() if count > 1}  # initials, mostly
        seen: Counter[str] = Counter()
        for own, known in users.items():
            if known in shared:
                seen[known] += 1
                users[own] = known if seen[known] == 1 else f"{known} ({seen[known]})"
        for known, count in shared.items():
            values = {"name": known, "count": count}
            self.notes.append(Problem("refi_users_of_one_name", self.place, values))
        return users

    def _values(self, element: Element) -> dict[str, str]:
        """The variables of a case or source: name and value as text."""
        values = {}
        for value in children(element, "VariableValue"):
            name, _ = self.variables.get(_target(value, "VariableRef"), ("", ""))
            text = next((one.text for one in children(value, *_VALUES) if one.text), "")
            if name and text and text.strip():
                values[name] = text.strip()
        return values

    def _case(self, case: Element) -> Case:
        sources = {guid_of(one, "targetGUID") for one in children(case, "SourceRef")}
        selections = {guid_of(one, "targetGUID") for one in children(case, "SelectionRef")}
        name = " ".join(case.get("name", "").split())
        return Case(guid_of(case), name, self._values(case), sources, selections)

    def _texts(self) -> Iterator[Text]:
        """Every text under a name of its own: text sources, texts of PDFs, transcripts of sound and film."""
        taken: Counter[str] = Counter()
        for source in children(child(self.root, "Sources")):
            name = " ".join(source.get("name", "").split()) or guid_of(source)
            taken[name] += 1
            name = name if taken[name] == 1 else f"{name} ({taken[name]})"
            parts = children(source, "Representation", "Transcript")
            for part in [source] if tag(source) == "TextSource" else parts:
                yield self._text(part, guid_of(source), name, self._values(source))

    def _text(self, part: Element, own: str, name: str, variables: dict[str, str]) -> Text:
        path = part.get("plainTextPath", "")
        content = child(part, "PlainTextContent")
        raw = (content.text or "").encode() if content is not None else self.archive.source(path)
        text = Text(own, name, raw, path, variables=variables)
        points = {guid_of(one): one.get("position", "") for one in children(part, "SyncPoint")}
        for selection in children(part, *_SELECTIONS):
            start, end = selection.get("startPosition", ""), selection.get("endPosition", "")
            if tag(selection) == "TranscriptSelection":
                start, end = (
                    points.get(guid_of(selection, key), "") for key in ("fromSyncPoint", "toSyncPoint")
                )
            self._add(text, selection, start, end)
        if codings := self._codings(part):
            text.passages.append(Passage(own, Claim(0, 0), "", codings, whole=True))
        return text

    def _add(self, text: Text, selection: Element, start: str, end: str) -> None:
        own = guid_of(selection)
        try:
            span = int(start), int(end)
        except ValueError:
            where = self._where(text, own)
            self.errors.append(Problem("refi_position", where, {"start": start[:20], "end": end[:20]}))
            return
        if not 0 <= span[0] <= span[1] < FURTHEST:
            self.errors.append(
                Problem("refi_span", self._where(text, own), {"start": start[:20], "end": end[:20]})
            )
            return
        comment = text_of(selection, "Description").strip()
        claim = Claim(*span, selection.get("name", ""))
        text.passages.append(Passage(own, claim, comment, self._codings(selection)))

    def _codings(self, element: Element) -> list[tuple[str, str | None]]:
        """The codes of a selection with their coders; the selection's user where a coding names none."""
        codings = []
        for coding in children(element, "Coding"):
            user = guid_of(coding, "creatingUser") or guid_of(element, "creatingUser")
            codings.append((_target(coding, "CodeRef"), self.users.get(user, user or None)))
        return codings

    def _where(self, text: Text, own: str = "") -> Place:
        return Place(file=self.path.name, subject=" / ".join(part for part in (text.name, own) if part))

    def _read_reference(self) -> Any:
        return split_footer(text_of(self.root, "Description"))[1].get("codebook")

    def _memos(self, part_ids: dict[str, str]) -> Iterator[Memo]:
        """The memos of the project, each with the first thing it is about that is known here."""
        texts = {text.guid: text.name for text in self.texts}
        about: dict[str, tuple[str, str]] = {}
        for element in self.root.iter():
            own = guid_of(element)
            places = {
                "Code": ("code", part_ids.get(own, "")),
                "TextSource": ("document", texts.get(own, "")),
                **dict.fromkeys(_SELECTIONS, ("segment", self.segment_of.get(own, ""))),
            }
            known = places.get(tag(element), ("", ""))
            refs = [*children(element, "NoteRef")]
            refs += [ref for coding in children(element, "Coding") for ref in children(coding, "NoteRef")]
            for ref in refs if known[1] else ():
                about.setdefault(guid_of(ref, "targetGUID"), known)
        for note in children(child(self.root, "Notes"), "Note"):
            content = child(note, "PlainTextContent")
            raw = self.archive.source(note.get("plainTextPath", "")) if content is None else None
            try:
                words = decoded(raw)[0] if raw is not None else text_of(note, "PlainTextContent")
            except UnicodeDecodeError:
                words = ""
            words = words.strip() or text_of(note, "Description").strip()
            kind, target = about.get(guid_of(note), ("project", ""))
            author = self.users.get(guid_of(note, "creatingUser")) or ""
            if words:
                yield Memo(kind, target, " ".join(note.get("name", "").split()), author, words)

    def _count_unread(self, memos: int = 0) -> None:
        """Say how much of the file has no place in segments."""
        if memos:
            self.notes.append(Problem("refi_memos", self.place, {"count": memos}))
        counts: Counter[str] = Counter({"Note": -memos})
        for element in self.root.iter():
            name = tag(element)
            if name in ("Note", "Link", "Graph", *_UNREAD):
                counts[name] += 1
        counts["Set"] = sum(1 for _ in children(child(self.root, "Sets"), "Set"))
        for source in children(child(self.root, "Sources")):
            texts = list(children(source, "Representation", "Transcript"))
            counts[tag(source)] += not texts and tag(source) != "TextSource"
        counts["uncoded"] = sum(not one.codings for text in self.texts for one in text.passages)
        counts["comments"] = sum(
            bool(one.comment and one.codings and not split_footer(one.comment)[1])
            for text in self.texts
            for one in text.passages
        )
        for name, count in sorted(counts.items()):
            if count > 0:
                self.notes.append(Problem(f"refi_count_{name.lower()}", self.place, {"count": count}))

    def _origin(self) -> dict[str, str]:
        origin = {"input": self.path.name, "input_hash": self.hash, "format": "REFI-QDA"}
        for key, name in (("project", "name"), ("tool", "origin")):
            if value := self.root.get(name, "").strip():
                origin[key] = value
        return origin


def _target(element: Element, reference: str) -> str:
    target = child(element, reference)
    return guid_of(target, "targetGUID") if target is not None else ""


def _last_word(name: str) -> str:
    """The name of a variable; NVivo writes `Cases:Company`."""
    return " ".join(name.rpartition(":")[2].split()) or name.strip()
