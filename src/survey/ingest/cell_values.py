"""What one raw cell means: an answer, a kind of missing, or neither.

Every reader here takes a raw cell and gives a `Read`. Readers are pure; the same raw cell always means the
same, so that a column is read once per different value (`Coded.map`).
"""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey.files.grid import Uncached, is_blank
from survey.files.plain_values import Percent
from survey.ingest.joined_answers import Splitter, as_position, code_of, ways_text
from survey.ingest.labels import Labels
from survey.ingest.layout import PLAIN, Habits
from survey.ingest.raw_table import DeclaredMissing, Labelled
from survey.instrument import Instrument, Option, Question, Scale
from survey.instrument.question import Limits
from survey.wording import near_misses, normalise, quoted, skeleton

TICKED = frozenset(
    {
        *("1", "1.0", "true", "x", "✓", "✔", "√", "☑", "yes", "y", "是", "ticked", "checked", "selected"),
        *("chosen", "mentioned", "quoted", "marked", "选中", "已选", "提及"),
        *(
            "wahr",
            "vrai",
            "verdadero",
            "vero",
            "verdadeiro",
            "waar",
            "ja",
            "oui",
            "sí",
        ),  # as Excel writes TRUE
    }
)
UNTICKED = frozenset(
    {
        *("0", "0.0", "false", "no", "n", "否", "☐", "unticked", "unchecked", "not selected", "未选"),
        *("not chosen", "not mentioned", "not quoted", "not marked", "未选中", "未提及"),
        *("falsch", "faux", "falso", "onwaar", "nein", "non"),
    }
)
_YES = frozenset({"yes", "是", "ja", "oui", "sí", "si", "true"})
_NO = frozenset({"no", "否", "不是", "nein", "non", "false"})

# How a missing answer may be written under every instrument, beside the words of its own.
MISSING_WORDS = {
    "skipped": "(skipped)",
    "empty": "(empty)",
    "not_asked": "(not asked)",
    "refused": "(refused)",
}

# Numbers stay below this, so that no statistic of them leaves the range of a float: some take fourth powers.
TOO_LARGE = 1e60
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_DATE = re.compile(r"([a-z]{3,4}\.?|\d{1,2})[-\s/]([a-z]{3,4}\.?|\d{1,2})")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")  # R writes 100000 as 1e+05
_WHOLE = re.compile(r"([+-]?\d+)\.0+")  # pandas writes 3 as 3.0 in a column with gaps
_MULTIPLES = {
    **{"千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "萬": 1e4, "億": 1e8},
    **{"k": 1e3, "thousand": 1e3, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9},
}
_TIMES = re.compile(r"(?<=\d)\s*(千万|百万|十万|[千万亿萬億]|k|thousand|mn|mio|million|bn|billion)\.?$")
_CURRENCY_BEFORE = re.compile(
    r"^([+-]?)(?:(?:rmb|cny|usd|eur|gbp|hkd|jpy|chf|us\$|hk\$|nt\$)\s*|[¥€$£₩₹]\s*)"
)
_CURRENCY_AFTER = re.compile(
    r"\s*(?:人民币|元|圆|块|rmb|cny|usd|eur|gbp|hkd|jpy|chf|euros?|dollars?|[¥€$£])$"
)
# The minus that typography has, and the dash that Word makes of one; (3) of accounts is -3.
_MINUS = re.compile(r"^[\u2012-\u2015]\s*(?=\S*\d)|\u2212\s*(?=\S*\d)")
_ACCOUNTING = re.compile(r"([^\d()+-]{0,4})\(([^()+-]*\d[^()+-]*)\)")
_QUOTE = re.compile(r"(?<=\d)['\u2019](?=\d{3})")  # 1'250, as in Switzerland
_GROUPED = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d+)?")  # 1,200 and 1,00,200
# 1 250 and 1 250,50, as in France: NFKC makes plain spaces of the narrow ones.
_SPACED_GROUPS = re.compile(r"([+-]?\d{1,3}(?: \d{3})+)(?=[.,]\d+$|$)")
# A point with the highest one behind it: 4/5, 4 of 5; stars, and those that are left empty.
_OF_THE_HIGHEST = re.compile(r"([+-]?\d{1,4})\s*(?:/|of|out of|von|sur)\s*([+-]?\d{1,4})")
_STARS = re.compile(r"([★⭐]+)[☆✩]*")
_BRACKETS = frozenset({"()", "[]"})
_LABEL_AND_NUMBER = re.compile(r"(.+?)\s*[(\[]\s*([+-]?\d{1,9}(?:\.[05])?)\s*[)\]]")
_NUMBER_AND_LABEL = re.compile(r"([+-]?\d{1,9})(?:\.0+)?\s*[-–—.:、)=]*\s*(.+)")
_HALF_AND_LABEL = re.compile(r"([+-]?\d{1,9}(?:\.5)?)(?:\.0+)?\s*[-–—.:、)=]*\s*(.+)")
_HALF_WITH_COMMA = re.compile(r"([+-]?\d{1,9}),([05])")


@dataclass(frozen=True)
class Read:
    """The meaning of a cell: `value`, or `missing` (its kind), or `key` (the message of what is wrong).

    `text` is what the respondent wrote beside an option such as "other", where the same cell holds it. `near`
    proposes what may have been meant; it is asked only for what is told to a user.
    """

    value: Any = None
    missing: str = ""
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    near: "Callable[[], Iterable[str]] | None" = None

    @cached_property
    def fault(self) -> tuple[str, dict[str, Any]]:
        """The message of what is wrong and its values, with what may have been meant."""
        near = list(self.near()) if self.near else []
        return (f"{self.key}_near", {**self.values, "near": near}) if near else (self.key, self.values)


Reader = Callable[[Any], Read]


def remembered(reader: Reader) -> Reader:
    """The same reader, which reads what it has read before no second time: numbers are looked at twice."""
    known: dict[tuple[type, Any], Read] = {}

    def read(raw: Any) -> Read:
        key = (type(raw), raw)
        meaning = known.get(key)
        if meaning is None:
            meaning = known[key] = reader(raw)
        return meaning

    return read


# A cell with nothing in it. A written "(empty)" is missing of the same kind, but another object.
BLANK = Read(missing="empty")


def as_text(raw: Any) -> str:
    """Write a raw cell as text: 5.0 as "5", dates in ISO form, a code as its label, a formula as it is."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Labelled):
        return raw.label
    if isinstance(raw, Percent):
        return str(raw)
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime.datetime | datetime.date | datetime.time):
        return raw.isoformat()
    return raw.formula if isinstance(raw, Uncached) else str(raw)


def _bad(key: str, raw: Any, near: "Callable[[], Iterable[str]] | None" = None, **values: Any) -> Read:
    return Read(key=key, values={"value": quoted(as_text(raw)), **values}, near=near)


def yes_and_no(question: Question) -> tuple[str, str] | None:
    """The option that says yes and the one that says no, where a question has these two alone."""
    yes = [option.id for option in question.options if not _YES.isdisjoint(map(normalise, option.forms))]
    no = [option.id for option in question.options if not _NO.isdisjoint(map(normalise, option.forms))]
    return (yes[0], no[0]) if len(yes) == len(no) == 1 and len(question.options) == 2 else None


def guarded(
    instrument: Instrument,
    reader: Reader,
    missing: Mapping[str, str] | None = None,
    decided: Mapping[str, Read] | None = None,
) -> Reader:
    """Let a reader see only cells that hold something: blanks, missing codes and lost formulas come first.

    `missing` are the words of the export, which come before the reader; those of the instrument come after.
    `decided` says before all else what cells mean, by their normalised text.
    """
    export_words = {normalise(word): kind for word, kind in (missing or {}).items()}
    tokens = {normalise(word): kind for kind, word in MISSING_WORDS.items()}
    tokens |= {normalise(word): kind for kind, words in instrument.missing.items() for word in words}

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a rule, an answer
        if is_blank(raw):
            return BLANK
        if decided and (meant := decided.get(_key_of(raw))) is not None:
            return meant
        if isinstance(raw, Uncached):
            kind = tokens.get(normalise(raw.formula))
            return Read(missing=kind) if kind else _bad("cell_formula", raw.formula)
        if export_words and (kind := export_words.get(normalise(as_text(raw)))):
            return Read(missing=kind)
        label = raw.label if isinstance(raw, Labelled) else None
        if label and (kind := tokens.get(normalise(label))) and reader(label).key:
            return Read(missing=kind)
        meaning = reader(raw)
        if meaning.key or reader is text_reader:  # what a question has an answer for is one
            kind = tokens.get(normalise(as_text(raw)))
            if kind:
                return Read(missing=kind)
        return meaning

    return read


def _key_of(raw: Any) -> str:
    """A cell as those who decide its meaning write it: 1.0 as "1"."""
    form = normalise(raw.label if isinstance(raw, DeclaredMissing) else as_text(raw))
    whole = _WHOLE.fullmatch(form)
    return whole[1] if whole else form


def single_reader(question: Question, habits: Habits = PLAIN) -> Reader:  # noqa: C901 - a form, a branch
    """Read an option of a single-choice question by id, label or alias, or as the export writes it."""
    labels = Labels((option.id, option.forms, option.label) for option in question.options)
    known = [form for option in question.options for form in option.forms]
    position = as_position(question, habits)
    texts = [option.id for option in question.options if option.text]
    other = texts[0] if len(texts) == 1 else ""
    truths = yes_and_no(question)

    def read(raw: Any) -> Read:  # noqa: C901 - a way of writing, an answer
        text = as_text(raw)
        option = labels.find(text) or position(text)
        if option is None and isinstance(raw, datetime.datetime):
            option = labels.find(raw.date().isoformat())
        if option is None and truths and code_of(text, PLAIN) is None:  # what a number is, its column says
            form = normalise(text)
            option = truths[0] if form in TICKED else truths[1] if form in UNTICKED else None
        if option is None and isinstance(raw, Labelled):
            option = labels.find(str(raw.code))
        if option is None and (whole := _WHOLE.fullmatch(normalise(text))):
            option = labels.find(whole[1])
        if option is not None:
            return Read(option)
        if other and normalise(text) in habits.words:
            return Read(other)
        if habits.brackets and text.endswith(habits.brackets[1]):
            label, _, other_text = text.rstrip()[:-1].partition(habits.brackets[0])
            option = labels.find(label)
            if option is not None and question.part(option).text:
                return Read(option, text=other_text)
        if habits.free_other and other and isinstance(raw, str) and not near_misses(text, known):
            return Read(other, text=text)
        if (meant := _excel_date(raw, labels)) is not None:
            return _bad("cell_excel_date", raw, near=None, written=meant[0], option=meant[1])
        return _bad("cell_not_option", raw, lambda: near_misses(text, known))

    return read


def _excel_date(raw: Any, labels: Labels) -> tuple[str, str] | None:
    """The label that Excel may have made a date of ("1-5", "10/12"), and its option."""
    if isinstance(raw, datetime.datetime | datetime.date):
        pairs = [
            (raw.month, raw.day),
            (raw.day, raw.month),
            (raw.month, raw.year),
            (raw.month, raw.year % 100),
        ]
    elif isinstance(raw, str) and (match := _MONTH_DATE.fullmatch(normalise(raw))):
        first, second = (part.rstrip(".") for part in (match[1], match[2]))
        name, number = (first, second) if second.isdigit() else (second, first)
        if name[:3] not in _MONTHS or not number.isdigit():
            return None
        month = _MONTHS.index(name[:3]) + 1
        pairs = [(month, int(number)), (int(number), month)]
    else:
        return None
    for one, two in pairs:
        for sign in ("-", "/", ".", "–", " - "):
            for text in (f"{one}{sign}{two}", f"{one:02}{sign}{two:02}"):
                if (option := labels.find(text)) is not None:
                    return text, option
    return None


def rating_reader(scale: Scale, habits: Habits = PLAIN) -> Reader:  # noqa: C901 - a kind, a branch
    """Read a point of a scale: a number, a label, or both where they agree ("5 - very important").

    Where an export writes positions, a number is the position of the point, 1 the first.
    """
    lookup = Labels(
        (point.id, (*point.label.values(), *point.aliases), point.label) for point in scale.points
    )
    by_form = {
        normalise(form): point.value
        for point in scale.points
        for form in (*point.label.values(), *point.aliases)
    }
    values = tuple(point.value for point in scale.points)
    points: dict[float, float | int] = {float(value): value for value in values}
    with_label = _NUMBER_AND_LABEL if scale.is_whole else _HALF_AND_LABEL
    bare = all(_NUMBER.fullmatch(form) for form in by_form)
    bounds: dict[str, Any] = {"low": scale.values[0], "high": scale.values[-1]}

    def at_place(place: float) -> Read | None:
        inside = float(place).is_integer() and 0 < place <= len(values)
        return Read(values[int(place) - 1]) if inside else None

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a way of writing, an answer
        if isinstance(raw, Labelled):  # codes count only where the scale has no words that could contradict
            meaning = read(raw.label)
            return read(raw.code) if meaning.key and bare else meaning
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return _bad("cell_not_on_scale", raw, **bounds)
        text = normalise(as_text(raw))
        if text in by_form:
            return Read(by_form[text])
        if (coded := habits.codes.fullmatch(text) if habits.codes else None) is not None:
            return at_place(int(coded[1])) or _bad("cell_not_on_scale", raw, **bounds)
        text = plain_minus(text.removesuffix("\u5206").rstrip())  # "5\u5206": five points
        text = _counted(text if scale.is_whole else _HALF_WITH_COMMA.sub(r"\1.\2", text), scale)
        if _NUMBER.fullmatch(text):
            value = float(text)
            placed = at_place(value) if habits.rating_positions else None
            meaning = Read(points[value]) if value in points else _bad("cell_not_on_scale", raw, **bounds)
            return placed or meaning
        both = with_label.fullmatch(text)
        if both and float(both[1]) in points:
            label = both[2][1:-1].strip() if both[2][0] + both[2][-1] in _BRACKETS else both[2]
            if by_form.get(label) == float(both[1]) or (bare and not _NUMBER.fullmatch(label)):
                return Read(points[float(both[1])])
            return _bad("cell_number_against_label", raw, number=both[1], label=quoted(label))
        behind = _LABEL_AND_NUMBER.fullmatch(text)
        if behind and by_form.get(behind[1]) == float(behind[2]):
            return Read(points[float(behind[2])])
        if (point := lookup.find(text)) is not None:
            return Read(points[float(point)])
        labels = [form for point in scale.points for form in (*point.label.values(), *point.aliases)]
        return _bad("cell_not_on_scale", raw, lambda: near_misses(as_text(raw), labels), **bounds)

    return read


def _counted(text: str, scale: Scale) -> str:
    """The number of a point written with the highest one behind it, or in stars; any other text as it is."""
    highest = scale.values[-1]
    if (stars := _STARS.fullmatch(text)) is not None and scale.values[0] == 1:
        return str(len(stars[1])) if len(text) in (len(stars[1]), highest) else text
    of = _OF_THE_HIGHEST.fullmatch(text)
    return of[1] if of and int(of[2]) == highest else text


def plain_minus(text: str) -> str:
    """A number with the sign of the keyboard: "\u22125" and "(5)" are "-5".

    >>> plain_minus("\u22125.5"), plain_minus("(3)"), plain_minus("$(1,200)"), plain_minus("3-5")
    ('-5.5', '-3', '-$1,200', '3-5')
    """
    if negative := _ACCOUNTING.fullmatch(text):
        return f"-{negative[1]}{negative[2]}"
    return text if text.isascii() else _MINUS.sub("-", text)


def bare_number(text: str) -> tuple[str, bool]:
    """A number without currency, multiple (10万) or per cent sign; and whether there was a currency."""
    form = _QUOTE.sub("", plain_minus(normalise(text)))
    bare = _CURRENCY_AFTER.sub("", _CURRENCY_BEFORE.sub(r"\1", form))
    number = _TIMES.sub("", bare.removesuffix("%").rstrip())
    if " " in number and (groups := _SPACED_GROUPS.match(number)):
        number = groups[1].replace(" ", "") + number[groups.end() :]
    return number, bare != form


def number_reader(raw: Any, decimal: str = ".", unit: tuple[str, ...] = ()) -> Read:
    """Read a number, also from text ("1,200", "1e+05", "¥1,200", "10万", "10 %"); of a label the code.

    `decimal` is the decimal sign of its column, `unit` the forms of a unit that may follow: where it counts
    in multiples (万元), a multiple behind a number (10万) is the unit.
    """
    if isinstance(raw, Labelled):
        found = number_reader(raw.label, decimal, unit)
        return number_reader(raw.code, decimal, unit) if found.key else found
    if isinstance(raw, Percent):
        return Read(raw.shown)
    if isinstance(raw, float):  # also one that Python writes as 1e-07
        return _within_floats(raw, raw)
    text = "" if isinstance(raw, bool | datetime.date | datetime.time) else normalise(as_text(raw))
    for form in (*unit, *(sign for sign in _MULTIPLES if any(one.startswith(sign) for one in unit))):
        text = text.removesuffix(normalise(form)).rstrip() if form else text
    text = plain_minus(text)
    bare, _ = bare_number(text)
    times = _TIMES.search(_CURRENCY_AFTER.sub("", text))
    if decimal == ",":
        bare = bare.replace(",", "\0").replace(".", ",").replace("\0", ".")
    written = _NUMBER.fullmatch(bare) or _GROUPED.fullmatch(bare)
    value = float(bare.replace(",", "")) if written else math.nan
    if times:
        value = round(value * _MULTIPLES[times[1]], 6)
    return _within_floats(value, raw)


def _within_floats(value: float, raw: Any) -> Read:
    """A number that can be computed with; + 0.0 makes -0.0 the 0.0 it equals."""
    if abs(value) < TOO_LARGE:
        return Read(value + 0.0)
    if math.isfinite(value):
        return _bad("cell_number_too_large", f"{value:g}", limit=f"{TOO_LARGE:g}")
    return _bad("cell_not_number", raw)


def share_reader(reader: Reader) -> Reader:
    """Read per cents as fractions: for a question whose limits end at 1."""

    def read(raw: Any) -> Read:
        if isinstance(raw, Percent):
            return Read(float(raw))
        meaning = reader(raw)
        percent = isinstance(raw, str) and normalise(raw).endswith("%") and meaning.value is not None
        return Read(round(meaning.value / 100, 12)) if percent else meaning

    return read


def limited(reader: Reader, limits: Limits) -> Reader:
    """Refuse numbers outside the limits of the question, and broken ones where it wants whole numbers."""
    bounds: dict[str, Any] = {
        name: f"{bound:g}"
        for name, bound in (("low", limits.minimum), ("high", limits.maximum))
        if bound is not None
    }
    open_ended = {"low": "cell_too_low", "high": "cell_too_high"}
    key = "cell_out_of_range" if len(bounds) > 1 else open_ended.get(next(iter(bounds), ""), "")

    def read(raw: Any) -> Read:
        meaning = reader(raw)
        if meaning.key or meaning.value is None:
            return meaning
        if is_outside(meaning.value, limits):
            return _bad(key, raw, **bounds)
        if limits.whole and meaning.value != int(meaning.value):
            return _bad("cell_not_whole", raw)
        return meaning

    return read


def is_outside(number: float, limits: Limits) -> bool:
    """Whether a number is less or more than a question allows."""
    low, high = limits.minimum, limits.maximum
    return (low is not None and number < low) or (high is not None and number > high)


def text_reader(raw: Any) -> Read:
    """Keep a text as it is: "None" and "NA" are text."""
    return Read(as_text(raw))


def tick_reader(question: Question, option: Option, habits: Habits = PLAIN) -> Reader:
    """Read the cell of one option: ticked or not. The option's own label means ticked, behind its row too."""
    own = {normalise(form) for form in option.forms}
    behind = {skeleton(question.answer_text(label, lang)) for lang, label in option.label.items()}
    labels = Labels((one.id, one.forms, one.label) for one in question.options)

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a rule, an answer
        text = normalise(as_text(raw))
        if text in own or text in TICKED:
            return Read(True)
        if text in UNTICKED:
            return Read(False)
        meant = labels.find(text)
        if meant == option.id or (meant is None and skeleton(text) in behind):
            return Read(True)
        if meant is not None:
            return _bad("cell_other_option", raw, option=option.id, other=meant)
        if isinstance(raw, Labelled) and raw.zero_one:
            return Read(bool(raw.code))
        if habits.other_in_tick and option.text:
            return Read(True, text=as_text(raw))
        return _bad("cell_not_tick", raw)

    return read


def joined_reader(question: Question, habits: Habits = PLAIN) -> Reader:
    """Read a joined cell: see `survey.ingest.joined_answers`."""
    splitter = Splitter(question, habits, as_position(question, habits))

    def read(raw: Any) -> Read:
        ways, rest = splitter.split(as_text(raw))
        if len(ways) == 1:
            chosen, text = ways[0]
            return Read(chosen, text=text or None)
        if ways:
            return _bad("cell_split_ambiguous", raw, ways=ways_text(ways))
        return _bad("cell_not_split", raw, lambda: splitter.near(rest), rest=quoted(rest, 60))

    return read
