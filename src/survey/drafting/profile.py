"""What stands in one column: its different values, what they look like, and what of them is no answer."""

import datetime
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey.drafting.word_scales import find_scale
from survey.files.grid import Uncached
from survey.files.labelled_files import Dictionary, Variable
from survey.ingest.cell_values import MISSING_WORDS, as_text
from survey.ingest.dates import read_date
from survey.ingest.layout import Habits
from survey.ingest.missing_words import missing_kind, rates_nothing
from survey.ingest.number_cells import number_reader
from survey.ingest.option_cells import TICKED, UNTICKED
from survey.ingest.raw_table import Labelled, RawColumn, RawTable
from survey.wording import normalise

# What R, pandas, SQL and Excel write where nothing is: anywhere, and only among numbers.
_GAPS = frozenset({"na", "n/a", "<na>", "nan", "#n/a", "null", "#null!"})
_GAPS_AMONG_NUMBERS = frozenset({".", "-", "--", "none", "missing", "#div/0!", "#value!", "#num!", "#ref!"})
# Numbers by which missing answers are coded: below zero, and far above the codes of answers.
_CODED_GAPS = frozenset({-1, -2, -3, -4, -5, -6, -7, -8, -9, -66, -77, -88, -97, -98, -99, -999, -9999})
_HIGH_GAPS = frozenset({66, 77, 88, 96, 97, 98, 99, 777, 888, 996, 997, 998, 999, 9999})
_HIGHEST_CODE = 20

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?|[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?")
_DATE_LIKE = re.compile(
    r"\d{1,4}[-/.年]\s*\w{1,9}[-/.月]\s*\d{1,4}|\w{3,9}\.? \d{1,2},? \d{4}|\d{1,2} \w{3,9} \d{4}"
)


@dataclass
class Profile:
    """One column with a header: `counts` has every different text once, with how many cells hold it.

    Words that stand for no answer are in `gaps` instead, those beside the points of a scale that rate nothing
    in `aside`, options written with a text of their own in `with_text`. `variable` is what an SPSS or Stata
    file says of the column.
    """

    column: RawColumn
    place: int
    counts: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    raws: dict[str, Any] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)
    raws_aside: dict[str, Any] = field(default_factory=dict)
    lost: int = 0
    with_text: set[str] = field(default_factory=set)
    variable: Variable | None = None
    marks: frozenset[str] = frozenset()  # the codes by which the platform ticks

    @property
    def header(self) -> str:
        """The header as written."""
        return self.column.header

    @property
    def label(self) -> str:
        """The question in words: the label beside the header where there is one."""
        return next(iter(self.words), self.header)

    @property
    def words(self) -> list[str]:
        """The names of the column in words, without its header."""
        names = [name.strip() for name in self.column.also]
        return [name for name in names if name and name[0] != "{" and not name.endswith(" text")]

    @property
    def filled(self) -> int:
        """How many cells hold an answer."""
        return sum(self.counts.values())

    @property
    def different(self) -> int:
        """How many different answers there are."""
        return len(self.counts)

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The number each different answer is; empty where one is none."""
        found = {}
        for text, raw in self.raws.items():
            code = raw.code if isinstance(raw, Labelled) else raw
            is_number = isinstance(code, int | float) and not isinstance(code, bool)
            if not is_number and not _PLAIN_NUMBER.fullmatch(normalise(text)):
                return {}  # with a unit or a sign: whether it is a number is asked
            read = number_reader(code if is_number else text)
            if read.key:
                return {}
            found[text] = float(read.value)
        return found

    def put_back(self) -> None:
        """Count what was set aside among the answers: the column is no scale."""
        if self.aside:
            self.counts |= self.aside
            self.raws |= self.raws_aside
            self.aside, self.raws_aside = {}, {}
            self.__dict__.pop("numbers", None)

    @property
    def whole(self) -> bool:
        """Tell whether all answers are whole numbers."""
        return bool(self.numbers) and all(number.is_integer() for number in self.numbers.values())

    @property
    def labelled(self) -> bool:
        """Tell whether the file itself says what the codes mean."""
        return any(isinstance(raw, Labelled) for raw in self.raws.values())

    @property
    def ticks(self) -> bool:
        """Tell whether every answer says ticked or unticked (a lone mark too), and both or a blank occur."""
        forms = set(map(normalise, self.counts))
        return bool(forms) and (
            forms <= TICKED | UNTICKED
            or forms <= self.marks
            or all(isinstance(raw, Labelled) and raw.zero_one for raw in self.raws.values())
        )

    @cached_property
    def dates(self) -> bool:
        """Tell whether all answers are dates."""
        return bool(self.raws) and all(map(_is_date, self.raws.values()))

    @cached_property
    def has_times(self) -> bool:
        """Tell whether a date has a time of day."""
        moments = [read_date(raw) for raw in self.raws.values()]
        return any(moment is not None and moment.time() != datetime.time() for moment in moments)

    @cached_property
    def times(self) -> bool:
        """Tell whether all answers are times of day or lengths of time."""
        return bool(self.raws) and all(
            isinstance(raw, datetime.time | datetime.timedelta)
            or (isinstance(raw, str) and _TIME.fullmatch(normalise(raw)) is not None)
            for raw in self.raws.values()
        )

    @property
    def longest(self) -> int:
        """The length of the longest answer."""
        return max(map(len, self.counts), default=0)


def _is_date(raw: Any) -> bool:
    if isinstance(raw, datetime.date):
        return True
    if not isinstance(raw, str) or _DATE_LIKE.search(raw) is None:
        return False
    return any(read_date(raw, months_first=first) is not None for first in (True, False))


def profiles(table: RawTable, dictionary: Dictionary | None) -> list[Profile]:
    """Look at every column that has a header and is not known as the platform's own."""
    variables = {variable.name: variable for variable in dictionary.variables} if dictionary else {}
    gone = {normalise(word) for word in (*table.habits.missing, *table.habits.missing_ticks)}
    out = []
    for place, column in enumerate(table.columns):
        if column.role or column.otherwise or not column.header:
            continue
        marks = frozenset(table.habits.ticks)
        profile = Profile(column, place, variable=variables.get(column.header), marks=marks)
        texts: Counter[str] = Counter()
        for raw, cells in zip(column.cells.kinds, column.cells.numbers().tolist(), strict=True):
            if raw is None or not cells:
                continue
            if isinstance(raw, Uncached) and not raw.formula.startswith("#"):
                profile.lost += cells
                continue
            text = _without_text(as_text(raw).strip(), table.habits, profile)
            if text in MISSING_WORDS.values() or normalise(text) in gone:
                continue
            texts[text] += cells
            profile.raws.setdefault(text, raw)
        profile.counts = dict(texts)
        _set_gaps_aside(profile)
        out.append(profile)
    return out


def _without_text(text: str, habits: Habits, profile: Profile) -> str:
    """Take the text of an "other" out of a cell, where the export puts it between brackets of its own."""
    if not habits.brackets or habits.brackets[0] not in text:
        return text
    opening, closing = habits.brackets[0], habits.brackets[1]
    for label in re.findall(rf"([^{opening}{closing}{re.escape(habits.separator)}]+){opening}", text):
        profile.with_text.add(label.strip())
    return re.sub(rf"{opening}[^{closing}]*{closing}", "", text)


def _set_gaps_aside(profile: Profile) -> None:
    """Move what stands for no answer out of the answers."""
    words = [
        text
        for text in profile.counts
        if normalise(text) in _GAPS or isinstance(profile.raws[text], Uncached)
    ]
    rest = {text: raw for text, raw in profile.raws.items() if text not in words}
    said = {} if profile.labelled else {text: missing_kind(text) for text in rest}
    among = [text for text in rest if normalise(text) in _GAPS_AMONG_NUMBERS or said.get(text)]
    bare = {text: raw for text, raw in rest.items() if text not in among}
    if among and bare and Profile(profile.column, 0, raws=bare).numbers:
        words += among
        rest = bare
    numbers = {} if profile.labelled else Profile(profile.column, 0, raws=rest).numbers
    if numbers:
        words += _coded_gaps(numbers)
    else:
        beside = _beside_scale(profile, [text for text in profile.counts if text not in words])
        words += [text for text in beside if not (profile.labelled or rates_nothing(text))]
        for text in [text for text in beside if text not in words]:
            profile.aside[text] = profile.counts.pop(text)
            profile.raws_aside[text] = profile.raws.pop(text)
    for text in words:
        if isinstance(profile.raws[text], Labelled):
            continue
        profile.gaps[text] = profile.counts.pop(text)
        del profile.raws[text]


def _beside_scale(profile: Profile, words: list[str]) -> list[str]:
    """Words such as "don't know" beside the points of a scale: they are none of them."""
    beside = [word for word in words if missing_kind(word)]
    points = [word for word in words if word not in beside]
    if profile.labelled:
        return beside if len(points) > 1 else []
    scaled = beside and len(points) > 2 and find_scale(words) is None and find_scale(points) is not None
    return beside if scaled else []


def _coded_gaps(numbers: dict[str, float]) -> list[str]:
    """Numbers that stand for no answer: negative codes beside positive answers, 99 above codes to 20."""
    below = [text for text, number in numbers.items() if number in _CODED_GAPS]
    answers = [number for number in numbers.values() if number not in _CODED_GAPS]
    if not answers or min(answers) < 0:
        return []
    if below and max(answers) == -min(numbers[text] for text in below):  # -3 to 3 is a scale
        return []
    codes = [number for number in answers if number not in _HIGH_GAPS]
    whole = all(number.is_integer() for number in numbers.values())
    if whole and codes and max(codes) <= _HIGHEST_CODE and len(codes) > 1:
        below += [text for text, number in numbers.items() if number in _HIGH_GAPS]
    return below
