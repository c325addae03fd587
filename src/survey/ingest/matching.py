"""Headers to questions: which column of a file holds which part of an instrument."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.errors import Problem
from survey.ingest.labels import Labels, both_languages, undecorated
from survey.ingest.raw_table import RawColumn, RawTable
from survey.instrument import Instrument, Option, Question
from survey.wording import near_misses, normalise, skeleton

# What a file may say of a respondent beside the answers, and how such columns are headed.
META_HEADERS: dict[str, tuple[str, ...]] = {
    "key": ("respondent", "respondent id", "respondent_id", "id", "no.", "编号", "序号", "答卷编号"),
    "started": ("started", "start time", "start_time", "开始时间"),
    "submitted": ("submitted", "submission time", "submitted_at", "timestamp", "提交时间", "完成时间"),
    "duration": ("duration", "duration (seconds)", "duration_seconds", "用时", "所用时间"),
    "status": ("status", "response status", "答卷状态"),
    "progress": ("progress", "进度"),
    "finished": ("finished", "是否完成"),
    "language": ("language", "语言"),
    "channel": ("channel", "渠道"),
    "device": ("device", "设备"),
    "ip": ("ip", "ip address", "来自ip"),
    "email": ("email", "e-mail", "email address", "电子邮件", "邮箱"),
    "name": ("name", "full name", "姓名"),
    "location": ("location", "地理位置"),
    "weight": ("survey weight", "survey_weight", "sampling weight", "权重"),
}


# The role of a joined column beside one column per option: it is only compared with them.
JOINED = "joined"


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
    not_kept: list[RawColumn] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    doubled: list[tuple[RawColumn, Question]] = field(default_factory=list)
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
        self._heads: dict[str, Question] = {}
        for question in instrument.questions:
            heads = (question.id, *question.text.values(), *question.short.values(), *question.aliases)
            self._heads |= {skeleton(head): question for head in heads}
            bilingual = (*both_languages(question.text), *both_languages(question.short))
            if question.kind != "rating":
                for form in (*map(skeleton, (*question.text.values(), *question.aliases)), *bilingual):
                    if form:
                        loose[form].add(question.id)
            if question.kind != "rating":
                self._add(exact, Target(question), heads)
            heads = (*heads, *bilingual)
            if question.kind not in ("rating", "multiple"):
                parts = tuple(option for option in question.options if option.text)
            else:
                parts = question.parts
            for part in parts:
                if question.kind in ("rating", "multiple"):
                    self._add(exact, Target(question, part), part.forms)
                    self._add_joined(loose, Target(question, part), heads, part.forms, "")
                if part.text:
                    target = Target(question, part, text=True)
                    self._add(exact, target, part.text_aliases)
                    self._add_joined(loose, target, heads, part.forms, "text")
                    if question.kind == "single":  # it has no column of its own but that of its text
                        self._add_joined(loose, target, heads, part.forms, "")
        self._names = {normalise(column): column for column in self.targets}
        self._meta = {normalise(form): name for name, forms in instrument.meta.items() for form in forms}
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
        assert target.part is not None
        pairs = both_languages(target.part.label)
        parts = [*map(skeleton, forms), *pairs]
        for head in map(skeleton, heads):
            for form in parts:
                if head and form:  # a label of signs alone has no skeleton
                    table[head + form + ending].add(target.column)

    def find(self, header: str) -> set[str]:
        """Give the columns this header may mean: one, none, or several that cannot be told apart.

        The name of a column itself (`support_needs__virtual_data_room`) always means that column.
        """
        form = normalise(header)
        columns = self._look(form)
        bare = undecorated(form)
        return columns or (self._look(bare) if bare != form else columns)

    def _look(self, form: str) -> set[str]:
        if form in self._names:
            return {self._names[form]}
        whole = self._exact.get(form, set())
        if len(whole) == 1:
            return whole
        return self._loose.get(skeleton(form), set()) or whole

    def _by_names(self, column: RawColumn) -> set[str]:
        """Go through the names of a column; two that each mean one thing must mean the same."""
        columns: set[str] = set()
        for name in (column.header, *column.also):
            if not name:
                continue
            meant = self.find(name)
            if (
                len(meant) == 1
                and len(columns) == 1
                and meant != columns
                and not column.header.endswith(name)
            ):
                target, other = self.targets[next(iter(columns))], self.targets[next(iter(meant))]
                if other.text and not target.text and other.part == target.part:
                    continue  # the second name only stands in where the first is unknown
                return columns | meant
            if len(columns) != 1 and meant:
                columns = meant if len(meant) == 1 or not columns else columns
        return columns

    def _by_position(self, column: RawColumn, table: RawTable) -> Target | None:
        """Take "needs_3" as the third part of a question, where the export numbers parts."""
        pattern = table.habits.numbered_part
        match = pattern.fullmatch(column.header.strip()) if pattern else None
        question = self._heads.get(skeleton(match["head"])) if match else None
        if match is None or question is None or not 0 < int(match["n"]) <= len(question.parts):
            return None
        part = question.parts[int(match["n"]) - 1]
        text = bool(match["text"])
        if text:
            return Target(question, part, text=True) if part.text else None
        return Target(question, part) if question.kind in ("multiple", "rating") else None

    def _groups(self, table: RawTable) -> dict[int, Target]:
        """Find the question to which all columns of one number belong: their stem may be nowhere."""
        members: dict[str, list[RawColumn]] = defaultdict(list)
        for column in table.columns:
            if column.group and not column.role:
                members[column.group].append(column)
        column_targets: dict[int, Target] = {}
        for columns in members.values():
            fitting = []
            for question in self.instrument.questions:
                if question.kind not in ("multiple", "rating"):
                    continue
                labels = Labels((part.id, part.forms, part.label) for part in question.parts)
                targets = []
                for column in columns:
                    names = (column.header, *column.also)
                    meant = next((part for name in names if (part := labels.find(name)) is not None), None)
                    owner = question.part(meant) if meant is not None else None
                    if owner is not None and (owner.text or not column.text):
                        targets.append(Target(question, owner, text=column.text))
                if len(targets) == len(columns):
                    fitting.append(targets)
            if len(fitting) == 1:
                column_targets |= dict(zip(map(id, columns), fitting[0], strict=True))
        return column_targets

    def _meta_name(self, column: RawColumn) -> str:
        """What the instrument says a column holds beside the answers; "" where it says nothing of it."""
        names = (self._meta.get(normalise(name)) for name in (column.header, *column.also) if name)
        return next((name for name in names if name), "")

    def match(self, table: RawTable, mapped: Mapping[str, str | None] | None = None) -> Match:
        """Sort the columns of a table. Two columns for the same thing are a fault, not a choice.

        `mapped` says by hand what headers (normalised) mean: a column of the data or of `meta`, or None to
        leave it out. Where the header itself says otherwise the map is followed, and that is told.
        """
        match = Match()
        seen: dict[str, RawColumn] = {}
        seen_meta: set[str] = set()
        groups = self._groups(table)
        numbered: dict[str, RawColumn] = {}
        for column in table.columns:
            form = normalise(column.header)
            by_hand = mapped is not None and form in mapped
            wanted = mapped[form] if mapped is not None and by_hand else None
            columns: set[str] = set()
            meta = column.role
            if by_hand and wanted is None:
                match.not_kept.append(column)
                continue
            if wanted is not None:
                meta = wanted if wanted in META_HEADERS and wanted not in self.targets else ""
                columns = set() if meta else {wanted}
                itself = self._by_names(column)
                if len(itself) == 1 and itself != columns:
                    values = {"header": column.header[:80], "told": wanted, "other": next(iter(itself))}
                    match.notices.append(Problem("map_overrides", table.place(column), values))
            elif not column.role and id(column) in groups and not self._meta_name(column):
                columns = {groups[id(column)].column}
            elif name := self._meta_name(column):
                if name in seen_meta or name == "left_out":
                    match.not_kept.append(column)
                    continue
                meta = name
            elif not column.role:
                columns = self._by_names(column)
                if not columns and (target := self._by_position(column, table)):
                    columns = {target.column}
                    numbered.setdefault(target.question.id, column)
                if not columns and table.of_no_platform:
                    meta = _META.get(form, "")
            if meta and meta in META_HEADERS and meta not in seen_meta and not columns:
                seen_meta.add(meta)
                match.meta.append((column, meta))
            elif meta == JOINED:
                match.not_kept.append(column)
                meant = self._by_names(column)
                if (
                    len(meant) == 1
                    and (question := self.targets[next(iter(meant))].question).kind == "multiple"
                ):
                    match.doubled.append((column, question))
            elif meta and (not table.of_no_platform or by_hand) and not columns:
                match.not_kept.append(column)
            elif not columns:
                match.unmatched.append(column)
            elif len(columns) > 1:
                values = {"header": column.header[:80], "known": ", ".join(sorted(columns))}
                match.faults.append(Problem("header_ambiguous", table.place(column), values))
            else:
                target = self.targets[next(iter(columns))]
                first = seen.setdefault(target.column, column)
                if first is not column:
                    values = {"header": column.header[:80], "other": table.place(first).cell}
                    match.faults.append(Problem("header_twice", table.place(column), values))
                    continue
                match.answers.append((column, target))
        for question_id, column in numbered.items():
            values = {"question": question_id, "header": column.header[:80]}
            match.notices.append(Problem("parts_by_position", table.place(column), values))
        self._joined_and_split(table, match)
        present = {target.column for _, target in match.answers}
        for question in self.instrument.questions:
            joined = question.kind == "multiple" and question.id in present
            names = question.text_columns if joined else question.columns
            match.absent += [name for name in names if name not in present]
        return match

    def _joined_and_split(self, table: RawTable, match: Match) -> None:
        joined = {
            target.question.id: column
            for column, target in match.answers
            if target.question.kind == "multiple" and target.part is None
        }
        for column, target in match.answers:
            if target.part is not None and not target.text and target.question.id in joined:
                other = table.place(joined[target.question.id]).cell
                values = {"header": column.header[:80], "other": other}
                match.faults.append(Problem("header_twice", table.place(column), values))

    def near(self, header: str) -> list[str]:
        """Propose what an unmatched header may have meant."""
        return near_misses(header, [*self.targets, *self.written])


_META = {normalise(form): name for name, forms in META_HEADERS.items() for form in forms}
