"""From the columns of a table to a sketch of the questionnaire that was answered."""

import re
from collections import Counter

from survey.drafting.asides import aside_of
from survey.drafting.code_labels import mark_codes
from survey.drafting.grids import gather_grids
from survey.drafting.grouped_questions import question_of
from survey.drafting.grouping import OTHER, asks_for_other, group_columns, is_open
from survey.drafting.lone_questions import lone_question
from survey.drafting.naming import Names
from survey.drafting.profile import Profile, profiles
from survey.drafting.question_making import QuestionMaker
from survey.drafting.sketch import Guess, Sketch, SketchQuestion
from survey.drafting.stems import Stem, find_stems, said_stems
from survey.files.labelled_files import Dictionary
from survey.ingest.missing_words import missing_kind
from survey.ingest.raw_table import RawTable
from survey.wording import normalise


class Sketcher:
    """Makes the sketch of one table."""

    def __init__(self, table: RawTable, dictionary: Dictionary | None, sketch_id: str, title: str) -> None:
        """Look at the columns of a table."""
        self.table = table
        self.profiles = profiles(table, dictionary)
        words = " ".join(profile.label for profile in self.profiles)
        chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in words)
        self.lang = "zh" if chinese > sum(sign.isalpha() and sign.isascii() for sign in words) / 3 else "en"
        self.sketch = Sketch(sketch_id, {self.lang: title}, [self.lang])
        names = Names(column.header for column in table.columns)
        self.maker = QuestionMaker(self.sketch, names, table.habits)
        self._rows = len(table.numbers)
        self._sharing: Counter[frozenset[str]] = Counter()

    def draw(self) -> Sketch:
        """Go through the columns: what is no answer first, then groups, then what stands alone."""
        sketch = self.sketch
        sketch.seen = [column.header for column in self.table.columns if column.header]
        asked = self._set_aside()
        said = said_stems(asked, self.table.habits.separator)
        stems = find_stems(asked, said)
        asked = self._without_doubled(asked, stems)
        groups = group_columns(asked, stems, self.table.habits)
        owner = {profile.place: group for group in groups for profile in (*group.members, *group.texts)}
        self._sharing = Counter(_answer_set(one) for one in asked if one.place not in owner)
        made: list[SketchQuestion] = []
        done: set[int] = set()
        for profile in asked:
            group = owner.get(profile.place)
            if group is None:
                if not profile.counts:
                    self._aside(profile, "left_out", "nothing", 0.95)
                elif not self._beside_option(profile, made):
                    made.append(lone_question(self.maker, profile, self._sharing[_answer_set(profile)]))
            elif id(group) not in done:
                done.add(id(group))
                made.append(question_of(self.maker, group))
        sketch.questions = made
        gather_grids(sketch, self.maker, {one.header: said[one.place] for one in asked if one.place in said})
        mark_codes(sketch, self.table.habits)
        self._missing_words(asked)
        return sketch

    # -- what is no answer -----------------------------------------------------------------------------

    def _set_aside(self) -> list[Profile]:
        asked = []
        heads = Counter(normalise(profile.header) for profile in self.profiles)
        names: set[str] = set()
        for column in self.table.columns:
            if (role := column.role or column.otherwise) and role != "joined":
                self.sketch.asides.append(Guess(column.header, column.letter, role, "platform_column", 1.0))
                names.add(role)
            elif role:
                self.sketch.asides.append(
                    Guess(column.header, column.letter, "left_out", "joined_twice", 0.95)
                )
            elif not column.header:
                filled = int(column.cells.filled().sum())
                guess = Guess("", column.letter, "left_out", "headless", 0.5, {"count": filled})
                self.sketch.asides.append(guess)
        stems = find_stems(self.profiles)
        for profile in self.profiles:
            if heads[normalise(profile.header)] > 1:
                self._aside(profile, "left_out", "header_twice", 0.3)
                continue
            if not profile.counts and not profile.lost and profile.place in stems:
                asked.append(profile)  # an option that nobody ticked, an item that nobody rated
                continue
            aside = aside_of(profile, self._rows)
            if aside is None:
                asked.append(profile)
            elif aside.name in names and aside.name != "left_out":
                self._aside(profile, "left_out", f"{aside.reason}_again", 0.7)
            else:
                names.add(aside.name)
                self._aside(profile, aside.name, aside.reason, aside.confidence, **aside.values)
        return asked

    def _aside(self, profile: Profile, name: str, reason: str, confidence: float, **values: object) -> None:
        headers = self.sketch.meta.setdefault(name, [])
        if normalise(profile.header) not in map(normalise, headers):
            headers.append(profile.header)
        self.sketch.asides.append(
            Guess(profile.header, profile.column.letter, name, reason, confidence, dict(values))
        )

    def _without_doubled(self, asked: list[Profile], stems: dict[int, Stem]) -> list[Profile]:
        """Set aside a joined column that only repeats the columns of its options."""
        heads = Counter(stem.key for stem in stems.values() if stem.strong)
        kept = []
        for profile in asked:
            own = stems.get(profile.place)
            alone = own is None or not own.strong
            if alone and heads[normalise(profile.header)] > 1 and is_open(profile):
                self._aside(profile, "left_out", "joined_twice", 0.85)
            else:
                kept.append(profile)
        return kept

    def _missing_words(self, asked: list[Profile]) -> None:
        found: Counter[str] = Counter()
        for profile in asked:
            for word, cells in profile.gaps.items():
                found[word] += cells
        kinds = {
            normalise(word): missing_kind(word) or "empty"
            for word in found
            if normalise(word) not in ("na", "n/a")
        }
        for word, cells in found.items():
            words = self.sketch.missing.setdefault(kinds.get(normalise(word), "empty"), [])
            if normalise(word) not in map(normalise, words):
                words.append(word)
            number = re.fullmatch(r"[+-]?\d+(?:\.0+)?", word) is not None
            key = "draft_missing_code" if number else "draft_missing_word"
            key = "draft_missing_answer" if kinds.get(normalise(word)) == "refused" else key
            self.sketch.notes.append((key, {"word": word, "count": cells}))

    # -- several columns -------------------------------------------------------------------------------

    def _beside_option(self, profile: Profile, made: list[SketchQuestion]) -> bool:
        """Put a column of text beside the option "other" of the question before it."""
        if not profile.counts or not asks_for_other(profile):
            return False
        for question in made[:-3:-1]:
            for option in question.options:
                label = option.label[self.lang]
                if question.kind in ("single", "multiple") and OTHER.search(label) and not option.text:
                    self.maker.text_beside(question, option, profile, 0.85)
                    return True
        return False


def _answer_set(profile: Profile) -> frozenset[str]:
    """The different answers of a column, however written."""
    return frozenset(map(normalise, profile.counts))
