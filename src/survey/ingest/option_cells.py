"""Cells of options: one of them, ticks of one, or several in one cell."""

import datetime
import re
from typing import Any

from survey.ingest.cell_values import WHOLE, Read, Reader, as_text, unread
from survey.ingest.joined_answers import Splitter, as_position, code_of, ways_text
from survey.ingest.labels import Labels
from survey.ingest.layout import PLAIN, Habits
from survey.ingest.raw_table import Labelled
from survey.instrument import Option, Question
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


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_MONTH_DATE = re.compile(r"([a-z]{3,4}\.?|\d{1,2})[-\s/]([a-z]{3,4}\.?|\d{1,2})")


def yes_and_no(question: Question) -> tuple[str, str] | None:
    """The option that says yes and the one that says no, where a question has these two alone."""
    yes = [option.id for option in question.options if not _YES.isdisjoint(map(normalise, option.forms))]
    no = [option.id for option in question.options if not _NO.isdisjoint(map(normalise, option.forms))]
    return (yes[0], no[0]) if len(yes) == len(no) == 1 and len(question.options) == 2 else None


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
        if option is None and (whole := WHOLE.fullmatch(normalise(text))):
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
            return unread("cell_excel_date", raw, near=None, written=meant[0], option=meant[1])
        return unread("cell_not_option", raw, lambda: near_misses(text, known))

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
            return unread("cell_other_option", raw, option=option.id, other=meant)
        if isinstance(raw, Labelled) and raw.zero_one:
            return Read(bool(raw.code))
        if habits.other_in_tick and option.text:
            return Read(True, text=as_text(raw))
        return unread("cell_not_tick", raw)

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
            return unread("cell_split_ambiguous", raw, ways=ways_text(ways))
        return unread("cell_not_split", raw, lambda: splitter.near(rest), rest=quoted(rest, 60))

    return read
