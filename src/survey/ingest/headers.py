"""Every way a column of an instrument may be headed, and what a header may mean."""

import re
from collections import defaultdict
from collections.abc import Iterator

from survey.ingest.column_targets import NearColumn, Target
from survey.ingest.labels import both_languages, has_holes, holed, undecorated, without_markup
from survey.ingest.raw_table import RawColumn
from survey.instrument import Instrument, Question
from survey.instrument.scale import place_forms
from survey.messages import Phrase
from survey.wording import near_misses, normalise, skeleton


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

    def meta_name(self, column: RawColumn) -> str:
        """What the instrument says a column holds beside the answers; "" where it says nothing of it."""
        names = (self._meta.get(normalise(name)) for name in (column.header, *column.also) if name)
        return next((name for name in names if name), "")

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
