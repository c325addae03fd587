"""From rows as they came to `Segments`: codes read, people known, quotations joined, all faults together."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from survey.errors import DataError, Problem
from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews.codes import MOST_NEAR, CodeForms
from survey.interviews.raw_rows import RawRow
from survey.interviews.segments import DIRECTIONS, SEGMENT_COLUMNS, Segments
from survey.messages import LANGUAGES, message
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_MARK = 80  # of a quotation; what is longer is the quotation itself, in the wrong column
# What rows of one segment must agree in; blank is no disagreement. A gist is each coder's own.
_SHARED = ("participant", "document", "start", "end", "text", "quote")
_TEXT = "string[python]"
_SPAN_LIMIT = 10**12
DOCUMENT_ENDINGS = (".txt", ".docx", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm", ".md")
# How a direction may be written, beside its words in every language.
_DIRECTION_FORMS = {
    "for": ("pro", "+", "赞成"),
    "against": ("contra", "con", "-", "\u2212", "不支持"),
    "mixed": ("both", "+/-", "±", "for and against", "均有"),
}
_CONTENT = ("gist", "text", "same_quote_as", "start")


def assemble(
    rows: Iterable[RawRow],
    codebook: InterviewCodebook,
    *,
    people: Iterable[RawRow] | None = None,
    origin: dict[str, str] | None = None,
    notices: Iterable[Problem] = (),
    set_aside: bool = False,
) -> Segments:
    """Check the rows of a file and make `Segments` of them: one row per code on a segment.

    Parameters
    ----------
    rows
        The segments, in the order of the file.
    people
        The people interviewed; then nobody else may speak. None where the file lists nobody: they are those
        who have a segment.
    notices
        What was found before and does not stop the reading.
    set_aside
        Leave out rows that are wrong, instead of raising; they are told in `problems`.

    Raises
    ------
    DataError
        Rows are wrong: all of them, each with its address.
    """
    roll = _Roll(people)
    table = _Table(list(rows), roll, CodeForms(codebook))
    data = table.data()
    wrong = table.in_order()
    if roll.problems or (wrong and not set_aside):
        raise DataError(*roll.problems, *wrong, notices=notices)
    return Segments(
        codebook=codebook,
        data=data,
        participants=roll.frame(),
        problems=(*notices, *wrong),
        origin=origin or {},
    )


class _Roll:
    """The people interviewed: listed, or met one by one where no list is given."""

    def __init__(self, people: Iterable[RawRow] | None) -> None:
        self.closed = people is not None
        self.people: dict[str, dict[str, Any]] = {}  # by pseudonym
        self.problems: list[Problem] = []
        self._names: dict[str, str] = {}  # by normal form
        self._groups: dict[str, str] = {}
        where: dict[str, RawRow] = {}
        for row in people or ():
            name = row.get("participant")
            if name is None:
                self.problems.append(Problem("person_nameless", row.place("participant")))
            elif normalise(name) in self._names:
                other = where[normalise(name)].place("participant").cell or where[normalise(name)].row
                values = {"participant": name, "other": other}
                self.problems.append(Problem("person_twice", row.place("participant"), values))
            else:
                where[normalise(name)] = row
                self._add(name, row.values)

    def _add(self, name: str, values: Any) -> None:
        self._names[normalise(name)] = name
        about = {key: value for key, value in values.items() if key != "participant"}
        self.people[name] = about | {"group": self._group(about.get("group"))}

    def _group(self, written: str | None) -> str | None:
        return None if written is None else self._groups.setdefault(normalise(written), written.strip())

    def find(self, row: RawRow) -> tuple[str | None, Problem | None]:
        """Give the pseudonym of whoever speaks in a row, or what is wrong."""
        written = row.get("participant")
        if written is None and "participant" not in row.values and row.get("document") is not None:
            return self._in_document(row, row.get("document") or "")
        if written is None:
            return None, Problem("segment_no_participant", row.place("participant"))
        known = self._names.get(normalise(written))
        if known is None and self.closed:
            near = near_misses(written, self.people)
            values = {"value": written[:80], "near": list(near), "known": list(self.people) or "-"}
            key = "participant_unknown_near" if near else "participant_unknown"
            return None, Problem(key, row.place("participant"), values)
        if known is None:
            known = written.strip()
            self._add(known, {})
        return known, self._place_in_group(known, row)

    def _in_document(self, row: RawRow, document: str) -> tuple[str | None, Problem | None]:
        """Take the pseudonym from the name of a document: "B1.docx", or the one listed that stands in it."""
        path = PurePath(document.strip())
        stem = path.stem if path.suffix.lower() in DOCUMENT_ENDINGS else path.name
        known = self._names.get(normalise(stem))
        if known is None and self.closed:
            words = "".join(sign if sign.isalnum() else " " for sign in normalise(stem)).split()
            several = [name for form, name in self._names.items() if form in words]
            if len(several) != 1:
                values = {"value": document[:80], "known": list(self.people) or "-"}
                return None, Problem("participant_not_in_document", row.place("document"), values)
            known = several[0]
        if known is None:
            known = stem.strip()
            self._add(known, {})
        return known, self._place_in_group(known, row)

    def _place_in_group(self, name: str, row: RawRow) -> Problem | None:
        """Take the group and attributes of a person from a segment; two different groups are a fault."""
        for key, value in row.about.items():
            if value is not None:
                self.people[name].setdefault(key, value)
        group = self._group(row.get("group"))
        have = self.people[name]["group"]
        if group is not None and have is not None and group != have:
            values = {"participant": name, "value": group, "other": have}
            return Problem("group_conflict", row.place("group"), values)
        self.people[name]["group"] = have if group is None else group
        return None

    def frame(self) -> "pd.DataFrame":
        """One row per person, index `participant`."""
        import pandas as pd

        columns = list(dict.fromkeys(["group", *(key for about in self.people.values() for key in about)]))
        index = pd.Index(list(self.people), name="participant", dtype=_TEXT)
        values = {column: [about.get(column) for about in self.people.values()] for column in columns}
        return pd.DataFrame(values, index=index, columns=columns, dtype=_TEXT)


class _Table:
    """The rows of the segments, one by one."""

    def __init__(self, rows: list[RawRow], roll: _Roll, forms: CodeForms) -> None:
        self.rows, self.roll, self.forms = rows, roll, forms
        self._wrong: list[tuple[int, Problem]] = []  # with the place of the row
        self._first: dict[str, tuple[RawRow, dict[str, Any]]] = {}  # the first row of each segment
        self._gists: dict[tuple[str, str | None], str] = {}  # by segment and coder
        self._coded: dict[tuple[str, str, str], RawRow] = {}

    def in_order(self) -> list[Problem]:
        """What is wrong, in the order of the rows."""
        return [problem for _, problem in sorted(self._wrong, key=lambda pair: pair[0])]

    def data(self) -> "pd.DataFrame":
        """One row per code on a segment, columns `SEGMENT_COLUMNS`."""
        import pandas as pd

        taken = {row.get("segment") for row in self.rows}
        read = []
        for number, row in enumerate(self.rows, start=1):
            row_values, problems = self._read(row, row.get("segment") or _free_name(number, taken))
            self._wrong += [(number, problem) for problem in problems]
            if not problems:
                read.append({**row_values, "number": number})
        records = [
            {**values, "code": code, "level": self.forms.levels[code]}
            for values in self._quoted(read)
            for code in values["codes"]
        ]
        made = {name: [record.get(name) for record in records] for name in SEGMENT_COLUMNS}
        return pd.DataFrame(
            {name: pd.array(made[name], dtype=kind) for name, kind in SEGMENT_COLUMNS.items()}
        )

    def _read(self, row: RawRow, segment: str) -> tuple[dict[str, Any], list[Problem]]:
        """Read one row; a later row of a segment takes from the first what it leaves blank.

        A gist it takes only from a row of the same coder; a row that names no coder takes that of the first.
        """
        problems: list[Problem] = []
        direction, unread = _direction(row)
        first, before = self._first.get(segment, (row, {}))
        participant, problem = (before.get("participant"), None)
        if first is row or row.get("participant") is not None:
            participant, problem = self.roll.find(row)
        start, end, wrong = _span(row)
        problems += [fault for fault in (problem, unread, *wrong) if fault]
        values: dict[str, Any] = {
            **{
                name: row.get(name)
                for name in ("document", "gist", "text", "coder", "quote", "same_quote_as")
            },
            **{"segment": segment, "participant": participant, "start": start, "end": end},
            "direction": None,
            **{"source": row.source, "row": row.row, "raw": row},
        }
        for name in ("quote", "same_quote_as"):
            mark = values[name]
            if mark is not None and (len(mark) > _LONGEST_MARK or "\n" in mark):
                problems.append(Problem("quote_is_text", row.place(name), {"value": mark[:30]}))
        if first is row:
            self._first[segment] = row, values
        else:
            problems += self._same_segment(row, first, before, values)
        coder = before.get("coder") if values["coder"] is None else values["coder"]
        if values["gist"] is not None:
            self._gists.setdefault((segment, coder), values["gist"])
        values["gist"] = self._gists.get((segment, coder)) if values["gist"] is None else values["gist"]
        columns = [name for name in _CONTENT if name in row.values]
        if columns and all(
            content.get(name) is None for name in columns for content in (before, values, row.values)
        ):
            problems.append(Problem("segment_empty", row.place(columns[0]), {"segment": segment}))
        codes, wrong = self._codes(row)
        problems += wrong
        if not problems:
            problems += self._twice(row, segment, codes, values["coder"])
        return {**values, "codes": codes, "direction": direction}, problems

    def _same_segment(
        self, row: RawRow, first: RawRow, before: dict[str, Any], values: dict[str, Any]
    ) -> Iterator[Problem]:
        """Compare a further row of a segment with its first, and fill what it leaves blank."""
        other = first.place("segment").cell or first.row
        for name in (*_SHARED, "same_quote_as"):
            if values[name] is None:
                values[name] = before[name]
            elif name in _SHARED and before[name] is not None and values[name] != before[name]:
                details = {"segment": values["segment"], "column": name, "other": other}
                yield Problem("segment_conflict", row.place(name), details)

    def _codes(self, row: RawRow) -> tuple[tuple[str, ...], list[Problem]]:
        ids: dict[str, None] = {}
        problems = []
        for written, cell in row.codes:
            codes, problem = self.forms.read(written, row.place(cell=cell))
            ids |= dict.fromkeys(codes)
            problems += [problem] if problem else []
        if not row.codes:
            problems.append(Problem("segment_uncoded", row.place("code")))
        return tuple(ids), problems

    def _twice(
        self, row: RawRow, segment: str, codes: tuple[str, ...], coder: str | None
    ) -> Iterator[Problem]:
        """Find the same code of the same coder on the same segment once more."""
        for code in codes:
            other = self._coded.setdefault((segment, code, coder or ""), row)
            if other is not row:
                values = {"segment": segment, "code": code, "other": other.place("segment").cell or other.row}
                yield Problem("segment_twice", row.place("segment"), values)
                return

    def _quoted(self, read: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give every segment its quotation: the mark it shares with others, or its own id.

        `same_quote_as` names another segment, or a mark that stands with at least two.
        """
        segments = {name: place for place, name in enumerate(values["segment"] for values in read)}
        known = {row.get("segment") for row in self.rows}
        bearers: dict[str, set[str]] = {}
        for values in read:
            for mark in (values["quote"], values["same_quote_as"]):
                bearers.setdefault(mark, set()).add(values["segment"])
        together: dict[str, list[str]] = {name: [name] for name in segments}
        good: list[dict[str, Any]] = []
        missing = 0
        for values in read:
            target = values["same_quote_as"]
            if target is not None and target not in known and len(bearers[target]) < 2:
                others = [name for name in segments if name != values["segment"]]
                missing += 1
                near = near_misses(target, others) if missing <= MOST_NEAR else []
                details = {"value": target, "near": list(near)}
                key = "quote_missing_near" if near else "quote_missing"
                problem = Problem(key, values["raw"].place("same_quote_as"), details)
                self._wrong.append((values["number"], problem))
                continue
            good.append(values)
            for mark in filter(None, (values["quote"], target)):
                one, other = together[values["segment"]], together.setdefault(mark, [mark])
                if one is not other:
                    one += other
                    together |= dict.fromkeys(other, one)

        def name(members: list[str]) -> str:
            """A mark that is no segment names the quotation, else the segment that came first does."""
            marks = [member for member in members if member not in segments]
            return marks[0] if marks else min(members, key=segments.__getitem__)

        return [{**values, "quote": name(together[values["segment"]])} for values in good]


def _free_name(number: int, taken: set[str | None]) -> str:
    name = f"S{number:03d}"
    while name in taken:
        name = f"{name}_"
    return name


@cache
def _directions() -> dict[str, str]:
    """Every way to write a direction, and what it means."""
    words = {normalise(message(f"direction_{name}", lang)): name for name in DIRECTIONS for lang in LANGUAGES}
    forms = {normalise(form): name for name, forms in _DIRECTION_FORMS.items() for form in forms}
    return words | forms | {name: name for name in DIRECTIONS}


def _direction(row: RawRow) -> tuple[str | None, Problem | None]:
    """Read whether a segment speaks for or against its codes; blank says nothing."""
    written = row.get("direction")
    if written is None:
        return None, None
    known = _directions().get(normalise(written))
    if known is None:
        values = {"value": written[:40], "known": list(DIRECTIONS)}
        return None, Problem("direction_unknown", row.place("direction"), values)
    return known, None


def _span(row: RawRow) -> tuple[int | None, int | None, list[Problem]]:
    """Read where a segment begins and ends in its document."""
    problems = []
    numbers: list[int | None] = []
    for name in ("start", "end"):
        written = row.get(name)
        number = None
        if written is not None:
            text = normalise(written).removesuffix(".0")
            if text.isascii() and text.isdigit() and int(text) < _SPAN_LIMIT:
                number = int(text)
            else:
                problems.append(Problem("span_no_number", row.place(name), {"value": written[:40]}))
        numbers.append(number)
    start, end = numbers
    if start is not None and end is not None and end < start:
        problems.append(Problem("span_reversed", row.place("end"), {"start": start, "end": end}))
    return start, end, problems
