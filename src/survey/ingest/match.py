"""Headers to questions: which column of a file holds which part of an instrument."""

from collections import defaultdict
from dataclasses import dataclass, field

from survey.errors import Problem
from survey.ingest.columns import RawColumn, RawTable
from survey.instrument import Instrument, Option, Question
from survey.wording import near_misses, normalise, skeleton

# What a file may say of a respondent beside the answers, and how such columns are headed.
META_HEADERS: dict[str, tuple[str, ...]] = {
    "key": ("respondent", "respondent id", "respondent_id", "id", "no.", "编号", "序号", "答卷编号"),
    "started": ("started", "start time", "start_time", "开始时间"),
    "submitted": ("submitted", "submission time", "submitted_at", "timestamp", "提交时间", "完成时间"),
    "duration": ("duration", "duration (seconds)", "duration_seconds", "用时", "所用时间"),
}


@dataclass(frozen=True)
class Target:
    """What a column holds: a question as a whole, one option or item of it, or the text of an "other"."""

    question: Question
    part: Option | None = None
    text: bool = False

    @property
    def column(self) -> str:
        """The name in `Responses.data`; a joined select-all cell has the question's id."""
        name = f"{self.question.id}__{self.part.id}" if self.part else self.question.id
        return f"{name}__text" if self.text else name

    @property
    def subject(self) -> str:
        """Question and item, for an error message."""
        return f"{self.question.id} / {self.part.id}" if self.part else self.question.id


@dataclass
class Match:
    """The columns of a table, sorted by what they are."""

    answers: list[tuple[RawColumn, Target]] = field(default_factory=list)
    meta: list[tuple[RawColumn, str]] = field(default_factory=list)
    unmatched: list[RawColumn] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


class Headers:
    """Every way a column of this instrument may be headed.

    An id or a label of an item stands alone only where no other item of the instrument is written so; with
    its question before it, in any punctuation, it always may ("Needs: Supply chain compliance",
    `support_needs__supply_chain_compliance`).
    """

    def __init__(self, instrument: Instrument) -> None:
        """Collect the forms of every question, item and option of the instrument."""
        self.instrument = instrument
        exact: dict[str, set[str]] = defaultdict(set)
        loose: dict[str, set[str]] = defaultdict(set)
        self.targets: dict[str, Target] = {}
        self.written: dict[str, str] = {}
        for question in instrument.questions:
            heads = (question.id, *question.text.values(), *question.short.values(), *question.aliases)
            if question.kind != "rating":
                self._add(exact, Target(question), heads)
            if question.kind not in ("rating", "multiple"):
                parts = tuple(option for option in question.options if option.text)
            else:
                parts = question.parts
            for part in parts:
                if question.kind in ("rating", "multiple"):
                    self._add(exact, Target(question, part), part.forms)
                    self._add_joined(loose, Target(question, part), heads, part.forms, "")
                if part.text:
                    self._add_joined(loose, Target(question, part, text=True), heads, part.forms, "text")
        self._names = {normalise(column): column for column in self.targets}
        self._exact = exact
        self._loose = loose

    def _add(self, table: dict[str, set[str]], target: Target, forms: tuple[str, ...]) -> None:
        self.targets[target.column] = target
        for form in forms:
            table[normalise(form)].add(target.column)
            self.written.setdefault(form, target.column)

    def _add_joined(
        self,
        table: dict[str, set[str]],
        target: Target,
        heads: tuple[str, ...],
        forms: tuple[str, ...],
        ending: str,
    ) -> None:
        self.targets[target.column] = target
        for head in map(skeleton, heads):
            for form in map(skeleton, forms):
                if head and form:  # a label of signs alone has no skeleton
                    table[head + form + ending].add(target.column)

    def find(self, header: str) -> set[str]:
        """Give the columns this header may mean: one, none, or several that cannot be told apart.

        The name of a column itself (`support_needs__virtual_data_room`) always means that column.
        """
        form = normalise(header)
        if form in self._names:
            return {self._names[form]}
        whole = self._exact.get(form, set())
        if len(whole) == 1:
            return whole
        return self._loose.get(skeleton(header), set()) or whole

    def match(self, table: RawTable) -> Match:
        """Sort the columns of a table. Two columns for the same thing are a fault, not a choice."""
        found = Match()
        seen: dict[str, RawColumn] = {}
        seen_meta: set[str] = set()
        for column in table.columns:
            columns = self.find(column.header) if column.header else set()
            meta = _META.get(normalise(column.header))
            if not columns and meta and meta not in seen_meta:
                seen_meta.add(meta)
                found.meta.append((column, meta))
            elif not columns:
                found.unmatched.append(column)
            elif len(columns) > 1:
                values = {"header": column.header[:80], "known": ", ".join(sorted(columns))}
                found.faults.append(Problem("header_ambiguous", table.place(column), values))
            else:
                target = self.targets[next(iter(columns))]
                first = seen.setdefault(target.column, column)
                if first is not column:
                    values = {"header": column.header[:80], "other": table.place(first).cell}
                    found.faults.append(Problem("header_twice", table.place(column), values))
                    continue
                found.answers.append((column, target))
        self._joined_and_split(table, found)
        present = {target.column for _, target in found.answers}
        for question in self.instrument.questions:
            joined = question.kind == "multiple" and question.id in present
            wanted = question.text_columns if joined else question.columns
            found.absent += [name for name in wanted if name not in present]
        return found

    def _joined_and_split(self, table: RawTable, found: Match) -> None:
        joined = {
            target.question.id: column
            for column, target in found.answers
            if target.question.kind == "multiple" and target.part is None
        }
        for column, target in found.answers:
            if target.part is not None and not target.text and target.question.id in joined:
                other = table.place(joined[target.question.id]).cell
                values = {"header": column.header[:80], "other": other}
                found.faults.append(Problem("header_twice", table.place(column), values))

    def near(self, header: str) -> list[str]:
        """Propose what an unmatched header may have meant."""
        return near_misses(header, [*self.targets, *self.written])


_META = {normalise(form): name for name, forms in META_HEADERS.items() for form in forms}
