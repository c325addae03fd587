"""Headers to questions: which column of a file holds which part of an instrument."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from survey.errors import Place, Problem
from survey.ingest.cell_values import guarded, number_reader, tick_reader
from survey.ingest.code_evidence import Codes, Column
from survey.ingest.joined_answers import code_of
from survey.ingest.labels import Labels, both_languages, has_holes, holed, undecorated, without_markup
from survey.ingest.raw_table import RawColumn, RawTable
from survey.instrument import Instrument, Option, Question
from survey.instrument.scale import place_forms
from survey.messages import LANGUAGES, Phrase, message
from survey.wording import near_misses, normalise, quoted, runs, skeleton

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
    "weight": (
        *("weight", "weights", "survey weight", "survey_weight", "sampling weight", "final weight"),
        *("final_weight", "w_final", "权重", "权数", "加权权重"),
    ),
    "wave": (),  # only where the instrument or a map says so: a batch of invitations is often called a wave
}


WEIGHT = "weight"
WAVE = "wave"
# The role of a joined column beside one column per option: it is only compared with them.
JOINED = "joined"


@dataclass(frozen=True)
class Target:
    """What a column holds: a question as a whole, one option or item of it, or the text of an "other".

    `rank`: of a ranking, the option that has this rank.
    """

    question: Question
    part: Option | None = None
    text: bool = False
    rank: int = 0

    @property
    def whole(self) -> bool:
        """Whether it holds all answers to the question."""
        return self.part is None and not self.rank

    @property
    def column(self) -> str:
        """The name in `Responses.data`; a joined cell has the question's id, a rank its number behind it."""
        name = f"{self.question.id}__{self.part.id}" if self.part else self.question.id
        name = f"{name}#{self.rank}" if self.rank else name
        return f"{name}__text" if self.text else name

    @property
    def subject(self) -> str:
        """Question and item, for an error message."""
        return f"{self.question.id} / {self.part.id}" if self.part else self.question.id


@dataclass(frozen=True)
class NearColumn(Phrase):
    """A column of the data as a message proposes it: its name, and the words that it stands for."""

    target: Target | None = None

    def text(self, lang: str) -> str:
        """Say it: services__pool ("Which services do you use? / Pool")."""
        assert self.target is not None
        parts = [self.target.question.said(lang), self.target.part.said(lang) if self.target.part else ""]
        words = " / ".join(part for part in parts if part)
        return message(self.key, lang, name=self.target.column, words=quoted(words))


class ContradictedParts(NamedTuple):
    """Columns numbered in a way that says nothing, and the columns of the data that are missing for it."""

    columns: list[RawColumn]
    names: list[str]
    question: Question
    codes: Codes


class Numbered(NamedTuple):
    """What columns mean by their numbers: by the id of a column; what says nothing; one of each question."""

    targets: dict[int, Target]
    contradicted: list[ContradictedParts]
    first: dict[str, RawColumn]


@dataclass
class Match:
    """The columns of a table, sorted by what they are.

    `strangers`: by select-all question the columns left over that are headed by it, of options it does not
    have: who ticked one of these was asked.
    """

    answers: list[tuple[RawColumn, Target]] = field(default_factory=list)
    meta: list[tuple[RawColumn, str]] = field(default_factory=list)
    unmatched: list[RawColumn] = field(default_factory=list)
    not_kept: list[RawColumn] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    doubled: list[tuple[RawColumn, Question]] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    contradicted: list[ContradictedParts] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    strangers: dict[str, list[RawColumn]] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Tell whether any column is headed by the instrument."""
        return bool(self.answers or self.faults or self.contradicted)

    @property
    def known(self) -> list[RawColumn]:
        """The columns that say something of a respondent."""
        refused = [column for parts in self.contradicted for column in parts.columns]
        return [*(column for column, _ in (*self.answers, *self.meta)), *refused]


class Headers:
    """Every way a column of this instrument may be headed.

    An id or a label of an item stands alone only where no other item of the instrument is written so; with
    its question before it, in any punctuation, it always may ("Needs: Supply chain compliance",
    `support_needs__supply_chain_compliance`).
    """

    def __init__(self, instrument: Instrument) -> None:
        """Collect the forms of every question, item and option of the instrument."""
        self.instrument = instrument
        self.targets: dict[str, Target] = {}
        self.written: dict[str, str] = {}
        self.heads: dict[str, Question] = {}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)
        for question in instrument.questions:
            heads = (question.id, *question.text.values(), *question.short.values(), *question.aliases)
            lone = question.items[0] if question.kind == "rating" and len(question.items) == 1 else None
            self.heads |= {skeleton(head): question for head in heads}
            bilingual = (*both_languages(question.text), *both_languages(question.short))
            if _has_whole(question):
                for form in (*map(skeleton, (*question.text.values(), *question.aliases)), *bilingual):
                    if form:
                        self._loose[form].add(question.id)
                self._add(Target(question), heads)
            elif lone:  # a battery of one: what the question heads is its only item
                target = Target(question, lone)
                for form in (*map(skeleton, (*question.text.values(), *question.aliases)), *bilingual):
                    if form:
                        self._loose[form].add(target.column)
                self._add(target, heads)
            self._add_parts(question, list(map(skeleton, (*heads, *bilingual))))
        self._holed = list(self._patterns())
        self._names = {normalise(column): column for column in self.targets}
        made = {rule.id for rule in instrument.derived}
        self.made = {
            normalise(name) for one in instrument.stubs if one.id in made for name in one.columns
        } - self._names.keys()
        self._meta = {normalise(form): name for name, forms in instrument.meta.items() for form in forms}

    def _patterns(self) -> Iterator[tuple[re.Pattern[str], str]]:
        """What headings with holes may be filled to, and their columns."""
        for question in self.instrument.questions:
            for head in (*question.text.values(), *question.aliases):
                if not has_holes(head):
                    continue
                if (question.traits.joined or not question.traits.split) and (
                    pattern := holed(head)
                ) is not None:
                    yield pattern, Target(question).column
                for part in question.parts if question.traits.split else ():
                    for label in part.label.values():
                        if (pattern := holed(f"{head} {label}")) is not None:
                            yield pattern, Target(question, part).column

    def _add_parts(self, question: Question, heads: list[str]) -> None:
        """Add the items or options of a question: their own columns, and those of their texts."""
        own_columns = question.traits.split
        if question.kind == "ranking":
            self._add_ranks(question, heads)
        for part in question.parts if own_columns else question.options:
            if own_columns:
                self._add(Target(question, part), part.forms)
                self._add_joined(Target(question, part), heads, "")
            if part.text:
                target = Target(question, part, text=True)
                self._add(target, part.text_aliases)
                self._add_joined(target, heads, "text")
                if question.kind == "single":  # it has no column of its own but that of its text
                    self._add_joined(target, heads, "")

    def _add_ranks(self, question: Question, heads: list[str]) -> None:
        """Add the columns of the option of a rank: "Needs [Rank 1]"; of the only ranking also "Rank 1"."""
        only = sum(one.kind == "ranking" for one in self.instrument.questions) == 1
        for place in range(1, question.places + 1):
            target = Target(question, rank=place)
            self.targets[target.column] = target
            forms = [form for form in map(skeleton, place_forms(place)) if not form.isdigit()]
            for head in [*heads, *([""] if only else [])]:
                for form in forms:  # a number alone may be that of an option
                    self._loose[head + form].add(target.column)

    def _add(self, target: Target, forms: tuple[str, ...]) -> None:
        self.targets[target.column] = target
        for form in forms:
            self._exact[normalise(form)].add(target.column)
            self.written.setdefault(form, target.column)

    def _add_joined(self, target: Target, heads: list[str], ending: str) -> None:
        """Add the forms of a part behind the skeletons of its question's heads."""
        self.targets[target.column] = target
        assert target.part is not None
        parts = [*map(skeleton, target.part.forms), *both_languages(target.part.label)]
        for head in heads:
            for form in parts:
                if head and form:  # a label of signs alone has no skeleton
                    self._loose[head + form + ending].add(target.column)

    def find(self, header: str) -> set[str]:
        """Give the columns this header may mean: one, none, or several that cannot be told apart.

        The name of a column itself (`support_needs__virtual_data_room`) always means that column.
        """
        form = normalise(header)
        columns = self._look(form)
        bare = undecorated(form)
        if not columns and bare != form:
            columns = self._look(bare)
        if not columns and (plain := without_markup(header)) != header:
            return self.find(plain)
        return columns or self._with_holes(bare)

    def _with_holes(self, form: str) -> set[str]:
        """The one column whose heading a label with holes stands for, or that stands for a label without."""
        meant: set[str] = set()
        if (pattern := holed(form)) is not None:
            for known, columns in self._loose.items():
                if pattern.fullmatch(known):
                    meant |= columns
            texts = {column for column in meant if self.targets[column].text}
            meant -= texts if len(texts) < len(meant) else set()
        elif self._holed:
            bones = skeleton(form)
            meant = {column for pattern, column in self._holed if pattern.fullmatch(bones)}
        return meant if len(meant) == 1 else set()

    def _look(self, form: str) -> set[str]:
        if form in self._names:
            return {self._names[form]}
        whole = self._exact.get(form, set())
        if len(whole) == 1:
            return whole
        return self._loose.get(skeleton(form), set()) or whole

    def by_names(self, column: RawColumn) -> set[str]:
        """Go through the names of a column; two that each mean one thing must mean the same."""
        columns: set[str] = set()
        for name in column.names:
            if not name:
                continue
            meant = self.find(name)
            if column.row_of and meant:
                meant = self._of_stem(meant, name, column.row_of)
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

    def _of_stem(self, meant: set[str], name: str, stem: str) -> set[str]:
        """Drop what only the label of a row says, where its stem is known and does not stand in the name."""
        if skeleton(stem) in skeleton(name) or skeleton(undecorated(normalise(name))) in self.heads:
            return meant
        targets = {column: self.targets[column] for column in meant}
        return {name for name, one in targets.items() if one.part is None and one.question.whole is None}

    def numbered(self, table: RawTable, mapped: Mapping[str, str | None]) -> "Numbered":
        """Take "needs_3" as the third part of a question, where the export numbers parts from 1 to the last.

        Numbers with a gap, from 0, or beside labels that say otherwise are no positions. A column that has a
        label of its own is known by that or not at all.
        """
        families: dict[str, list[tuple[RawColumn, int, bool]]] = defaultdict(list)
        pattern = table.habits.numbered_part
        for column in table.columns if pattern else ():
            match = pattern.fullmatch(column.header.strip()) if pattern and not column.role else None
            question = self.heads.get(skeleton(match["head"])) if match else None
            if match and question and (match["n"] or question.kind == "ranking"):
                number = int(match["n"] or match["rank"])
                families[question.id].append((column, number, bool(match["text"])))
        numbered = Numbered({}, [], {})
        for question_id, family in families.items():
            self._family(self.instrument.question(question_id), family, (table, mapped), numbered)
        return numbered

    def _family(
        self,
        question: Question,
        family: list[tuple[RawColumn, int, bool]],
        within: tuple[RawTable, Mapping[str, str | None]],
        numbered: "Numbered",
    ) -> None:
        """Decide on the numbered columns of one question, all together."""
        table, mapped = within
        known: dict[int, set[str]] = {}
        for column, _, _ in family:
            by_hand = mapped.get(normalise(column.header))
            known[id(column)] = {by_hand} if by_hand else self.by_names(column)
        pattern = table.habits.numbered_part
        unknown = [
            (column, n, text)
            for column, n, text in family
            if not (known[id(column)] or normalise(column.header) in mapped or _labelled(column, pattern))
        ]
        own = question.traits.split
        if question.kind == "ranking" and all(n <= question.places for _, n, _ in family):
            by_rank = {n: Target(question, rank=n) for _, n, _ in family}
            if len(by_rank) == len(family) == len(unknown) < len(question.options):
                numbered.targets.update({id(column): by_rank[n] for column, n, _ in unknown})
                numbered.first.setdefault(question.id, unknown[0][0])
                return
        numbers = sorted(n for _, n, text in family if not text)
        others = [column for column in table.columns if id(column) not in known]
        parts = self._places(question, numbers, others)
        agree = all(
            known[id(column)] <= {Target(question, parts[n]).column}
            for column, n, text in family
            if n in parts and not text
        )
        positional = own and agree and set(numbers) <= set(parts) and len(numbers) == len(set(numbers))
        for column, n, text in unknown:
            if text and n in parts and parts[n].text and (positional or not numbers):
                numbered.targets[id(column)] = Target(question, parts[n], text=True)
            elif positional and not text:
                numbered.targets[id(column)] = Target(question, parts[n])
                numbered.first.setdefault(question.id, column)
        columns = [column for column, _, text in unknown if not text]
        if columns and own and not positional:
            there = {name for names in known.values() for name in names}
            names = [name for name in question.answer_columns if name not in there]
            values = {"numbers": runs(numbers), "count": len(question.parts)}
            codes = Codes(key="parts_not_positions", values=values)
            numbered.contradicted.append(ContradictedParts(columns, names, question, codes))

    def _places(self, question: Question, numbers: list[int], others: list[RawColumn]) -> dict[int, Option]:
        """The parts by number: all of them, or all but those that columns without a number are headed by.

        Empty where the numbers are not those from the first part to the last.
        """
        parts = dict(enumerate(question.parts, 1))
        if not numbers or numbers == list(parts):
            return parts
        by_name = {name for column in others for name in self.by_names(column)}
        left = {n: one for n, one in parts.items() if Target(question, one).column not in by_name}
        if numbers == list(left):
            return left
        return dict(enumerate(left.values(), 1)) if numbers == list(range(1, len(left) + 1)) else {}

    def groups(self, table: RawTable) -> dict[int, Target | None]:
        """Find the question to which all columns of one number belong: their stem may be nowhere.

        Where bare labels are all that the columns have, most parts of a question must be among them; columns
        that are of no such question are None: their label may be that of one this instrument does not have.
        """
        members: dict[str, list[RawColumn]] = defaultdict(list)
        for column in table.columns:
            if column.group and not column.role:
                members[column.group].append(column)
        column_targets: dict[int, Target | None] = {}
        for columns in members.values():
            if any(column.row_of for column in columns):
                continue  # their stem is known
            asked = [question for question in self.instrument.questions if question.traits.split]
            fitting = [
                targets for question in asked if len(targets := _parts_of(question, columns)) == len(columns)
            ]
            if len(fitting) == 1:
                column_targets |= dict(zip(map(id, columns), fitting[0], strict=True))
            elif not any(column.also for column in columns):
                column_targets |= _of_standing(asked, columns)
        return column_targets

    def meta_name(self, column: RawColumn) -> str:
        """What the instrument says a column holds beside the answers; "" where it says nothing of it."""
        names = (self._meta.get(normalise(name)) for name in (column.header, *column.also) if name)
        return next((name for name in names if name), "")

    def match(self, table: RawTable, mapped: Mapping[str, str | None] | None = None) -> Match:
        """Sort the columns of a table. Two columns for the same thing are a fault, not a choice.

        `mapped` says by hand what headers (normalised) mean: a column of the data or of `meta`, or None to
        leave it out. Where the header itself says otherwise the map is followed, and that is told.
        """
        sorting = _Sorting(self, table, mapped or {})
        for column in table.columns:
            sorting.sort(column)
        return sorting.finished()

    def near(self, *names: str) -> list[str]:
        """Propose what an unmatched column may have meant, by the first of its names that is near any."""
        known = [*self.targets, *self.written]
        near = (near_misses(without_markup(name), known) for name in names if name)
        return next((hits for hits in near if hits), [])

    def proposed(self, name: str) -> str | Phrase:
        """What `near` proposes, as a message says it: of the name of a column also what it stands for."""
        target = self.targets.get(name)
        return name if target is None else NearColumn("near_column", target=target)


def _has_whole(question: Question) -> bool:
    """Whether one column may hold all answers to a question."""
    return question.traits.joined or not question.traits.split


@cache
def _meta_forms() -> dict[str, str]:
    own = {normalise(message("heading_respondent", lang)): "key" for lang in LANGUAGES}
    return own | {normalise(form): name for name, forms in META_HEADERS.items() for form in forms}


def _parts_of(question: Question, columns: list[RawColumn]) -> list[Target]:
    """The parts that columns are named after; fewer than columns where one is named otherwise."""
    labels = Labels((part.id, part.forms, part.label) for part in question.parts)
    targets = []
    for column in columns:
        names = (column.header, *column.also)
        meant = next((part for name in names if (part := labels.find(name)) is not None), None)
        owner = question.part(meant) if meant is not None else None
        if owner is not None and (owner.text or not column.text):
            targets.append(Target(question, owner, text=column.text))
    return targets


def _of_standing(asked: list[Question], columns: list[RawColumn]) -> dict[int, Target | None]:
    """The parts of the questions of which most parts are among the columns; None for the other columns.

    A label that several of them have is of the one that its neighbour is of.
    """
    candidates: list[dict[str, Target]] = [{} for _ in columns]
    for question in asked:
        found = [_parts_of(question, [column]) for column in columns]
        if 2 * sum(map(bool, found)) > len(question.parts):
            for own, parts in zip(candidates, found, strict=True):
                own.update((question.id, target) for target in parts)
    targets: list[Target | None] = [next(iter(one.values())) if len(one) == 1 else None for one in candidates]
    for places, step in ((range(1, len(columns)), -1), (range(len(columns) - 2, -1, -1), 1)):
        for place in places:
            beside = targets[place + step]
            if targets[place] is None and beside is not None:
                target = candidates[place].get(beside.question.id)
                targets[place] = target if target not in targets else None
    return dict(zip(map(id, columns), targets, strict=True))


def _labelled(column: RawColumn, pattern: re.Pattern[str] | None) -> bool:
    """Tell whether a numbered column has a label of its own beside its number."""
    return any(
        name and skeleton(name) != skeleton(column.header) and not (pattern and pattern.fullmatch(name))
        for name in column.also
    )


class _Sorting:
    """The columns of one table as they are sorted."""

    def __init__(self, headers: Headers, table: RawTable, mapped: Mapping[str, str | None]) -> None:
        self.headers = headers
        self.table = table
        self.mapped = mapped
        self.match = Match()
        self._groups = headers.groups(table)
        self._numbered = headers.numbered(table, self.mapped)
        self.match.contradicted = self._numbered.contradicted
        self._refused = {id(one) for parts in self._numbered.contradicted for one in parts.columns}
        self._answered: dict[str, RawColumn] = {}
        self._recomputed: list[str] = []
        self._about: set[str] = set()
        self._weight_named = WEIGHT in mapped.values()  # by hand: no other column is one

    def sort(self, column: RawColumn) -> None:
        form = normalise(column.header)
        by_hand = form in self.mapped
        wanted = self.mapped.get(form)
        if by_hand and wanted is None:
            self.match.not_kept.append(column)
            return
        if id(column) in self._refused:
            return
        if wanted is None and form in self.headers.made:
            self._recomputed.append(column.header)
            self.match.not_kept.append(column)
            return
        names, meta = self._by_itself(column) if wanted is None else self._by_hand(column, wanted)
        if names:
            self._take_answers(column, names)
        else:
            self._take_meta(column, meta, by_hand=by_hand)

    def _by_hand(self, column: RawColumn, wanted: str) -> tuple[set[str], str]:
        """The columns of the data that a header means, or the column of `meta`, as the map says."""
        meta = wanted if wanted in META_HEADERS and wanted not in self.headers.targets else ""
        names = set() if meta else {wanted}
        itself = self.headers.by_names(column)
        if len(itself) == 1 and itself != names:
            values = {"header": column.header[:80], "told": wanted, "other": next(iter(itself))}
            self.match.notices.append(Problem("map_overrides", self.table.place(column), values))
        return names, meta

    def _by_itself(self, column: RawColumn) -> tuple[set[str], str]:
        """The same, as its own names, its number and its place say."""
        meta = self.headers.meta_name(column)
        if meta and not (meta == WEIGHT and self._weight_named):
            return set(), meta
        if column.role:
            return set(), column.role
        if id(column) in self._groups:
            target = self._groups[id(column)]
            return ({target.column} if target else set()), ""
        names = self.headers.by_names(column)
        if column.otherwise:
            return names, "" if names else column.otherwise
        if not names and (by_number := self._numbered.targets.get(id(column))):
            return {by_number.column}, ""
        plain = not names and self.table.of_no_platform
        meta = _meta_forms().get(normalise(column.header), "") if plain else ""
        return names, "" if meta == WEIGHT and not self._is_weight(column) else meta

    def _is_weight(self, column: RawColumn) -> bool:
        """Whether a column headed so holds weights: it has numbers, and no other was named."""
        return not self._weight_named and any(
            kind is not None and number_reader(kind).value is not None for kind in column.cells.kinds
        )

    def _take_answers(self, column: RawColumn, names: set[str]) -> None:
        if len(names) > 1:
            values = {"header": column.header[:80], "known": sorted(names)}
            self.match.faults.append(Problem("header_ambiguous", self.table.place(column), values))
            return
        target = self.headers.targets[next(iter(names))]
        first = self._answered.setdefault(target.column, column)
        if first is column:
            self.match.answers.append((column, target))
        elif not self._take_text_beside(column, first, target):
            self._twice(column, first)

    def _take_text_beside(self, column: RawColumn, first: RawColumn, target: Target) -> bool:
        """Take one of two columns of an "other" for its text, where the other one holds ticks alone."""
        text = self.headers.targets.get(f"{target.column}__text")
        if text is None or target.text or target.question.kind != "multiple" or text.column in self._answered:
            return False
        ticked = [one for one in (first, column) if self._holds_ticks(one, target)]
        if len(ticked) != 1:
            return False
        written = column if ticked[0] is first else first
        self._answered |= {target.column: ticked[0], text.column: written}
        self.match.answers = [pair for pair in self.match.answers if pair[0] is not first]
        self.match.answers += [(ticked[0], target), (written, text)]
        values = {"header": written.header[:80], "other": self.table.place(ticked[0]).cell}
        self.match.notices.append(Problem("text_beside_tick", self.table.place(written), values))
        return True

    def _holds_ticks(self, column: RawColumn, target: Target) -> bool:
        """Tell whether a column has ticks, codes or their absence, and nothing else."""
        assert target.part is not None
        habits = replace(self.table.habits, other_in_tick=False)
        words = {**habits.missing, **habits.missing_ticks, "NA": "empty"}
        reader = guarded(self.headers.instrument, tick_reader(target.question, target.part, habits), words)
        standing = [
            code_of(raw, habits) is not None or not read.key
            for raw, _, read in Column(column.cells, reader).standing()
            if not read.missing
        ]
        return bool(standing) and all(standing)

    def _take_meta(self, column: RawColumn, meta: str, *, by_hand: bool) -> None:
        if meta in META_HEADERS and meta not in self._about:
            self._about.add(meta)
            self.match.meta.append((column, meta))
        elif meta == JOINED:
            self.match.not_kept.append(column)
            names = self.headers.by_names(column)
            question = self.headers.targets[next(iter(names))].question if len(names) == 1 else None
            if question is not None and question.kind == "multiple":
                self.match.doubled.append((column, question))
        elif meta and (not self.table.of_no_platform or by_hand or self.headers.meta_name(column)):
            self.match.not_kept.append(column)
        else:
            self.match.unmatched.append(column)

    def _twice(self, column: RawColumn, other: RawColumn) -> None:
        values = {"header": column.header[:80], "other": self.table.place(other).cell}
        self.match.faults.append(Problem("header_twice", self.table.place(column), values))

    def finished(self) -> Match:
        """Tell what hangs on all columns together: parts by number, joined beside split, what is absent."""
        if self._recomputed:
            place = Place(file=self.table.file, sheet=self.table.sheet)
            values = {"names": self._recomputed, "count": len(self._recomputed)}
            self.match.notices.append(Problem("columns_recomputed", place, values))
        for question_id, column in self._numbered.first.items():
            values = {"question": question_id, "header": column.header[:80]}
            self.match.notices.append(Problem("parts_by_position", self.table.place(column), values))
        joined = {
            target.question.id: column
            for column, target in self.match.answers
            if target.question.traits.joined and target.whole
        }
        for column, target in self.match.answers:
            if not target.whole and not target.text and target.question.id in joined:
                self._twice(column, joined[target.question.id])
        self._find_strangers()
        present = {target.column for _, target in self.match.answers}
        present |= {name for parts in self.match.contradicted for name in parts.names}
        for question in self.headers.instrument.questions:
            in_one = question.traits.joined and question.id in present
            in_one = in_one or any(name.startswith(f"{question.id}#") for name in present)
            names = question.text_columns if in_one else question.columns
            self.match.absent += [name for name in names if name not in present]
        return self.match

    def _find_strangers(self) -> None:
        ticked = {
            target.question.id
            for _, target in self.match.answers
            if target.question.kind == "multiple" and target.part is not None
        }
        heads = {head: one.id for head, one in self.headers.heads.items() if one.id in ticked and head}
        for column in self.match.unmatched:
            for form in map(skeleton, column.names):
                fitting = [head for head in heads if form.startswith(head) and form != head]
                if fitting:
                    owner = heads[max(fitting, key=len)]
                    self.match.strangers.setdefault(owner, []).append(column)
                    break
