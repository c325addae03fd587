"""The schema of an instrument: what a YAML file under `instruments/` may say, held by strict models.

`Schema` is what every kind of file shares; `Instrument` is a survey. Wording is a mapping from language to
text, so that a language is added in the data alone.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from math import prod
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

from survey.arguments import check_question
from survey.errors import usage
from survey.instrument.derived import (
    CROSSED,
    FORMS,
    MOST_CELLS,
    derived_faults,
    formula_text,
    made_kind,
    made_options,
    ordered_rules,
    roots_of,
    sources_of,
)
from survey.instrument.kinds import KINDS, Kind, QuestionKind, kinds_with
from survey.messages import LANGUAGES, message
from survey.wording import near_misses, normalise

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
# The name of a question wherever one may stand: a row of a grid is `grid__row`.
QuestionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(__?[a-z0-9]+)*$")]
# An option by its id, which in a cross is made of several: `drugs.small`, "1.5" of two items of ratings.
_CODE = r"^([a-z][a-z0-9]*(_[a-z0-9]+)*|[a-z0-9]+(_[a-z0-9]+)*([.][a-z0-9]+(_[a-z0-9]+)*)+)$"
OptionCode = Annotated[str, StringConstraints(pattern=_CODE)]
SchemaId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
Day = Annotated[str, StringConstraints(pattern=_DAY)]
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Wording = Annotated[dict[Language, Text], Field(min_length=1)]


def _plain_number(value: int | float) -> int | float:
    """Write a whole number as one: 2.0 is the point 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# The value of a point: a whole number, or half of one.
PointValue = Annotated[int | float, AfterValidator(_plain_number)]

OTHER = "other"  # the option that holds those shown together, there already or not

# The sheets every report has: no question may be called so.
_SHEETS = tuple(
    f"sheet_{name}"
    for name in (
        *(
            "contents",
            "summary",
            "topline",
            "charts",
            "data",
            "tests",
            "correlations",
            "precision",
            "quality",
        ),
        *("published", "notes", "method", "codebook"),
    )
)

# A place inside a schema (keys and positions), the message that says what is wrong there, and its values.
Fault = tuple[tuple[str | int, ...], str, dict[str, Any]]

MissingKind = Literal["skipped", "empty", "not_asked", "refused"]
# What a column that is no answer says of the respondent; `left_out`: nothing that is needed.
MetaName = Literal[
    "key", "started", "submitted", "duration", "status", "progress", "finished", "language", "channel",
    "device", "ip", "email", "name", "location", "weight", "left_out",
]  # fmt: skip


def reserved_shorts() -> set[str]:
    """The names of the sheets every report has, normalised, in every language."""
    return {normalise(message(key, lang)) for key in _SHEETS for lang in LANGUAGES}


def check_language(language: object) -> None:
    """Refuse what is no code of a language, such as "en", "zh" or "pt-BR"."""
    if not isinstance(language, str) or not re.match(_LANGUAGE, language):
        raise usage("language_no_code", language=language)


def text_in(wording: Wording, lang: str) -> str:
    """The wording in `lang`, or in the first language there is: an instrument may lack the report's."""
    return wording.get(lang) or next(iter(wording.values()))


class HasId(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""


Part = TypeVar("Part", bound=HasId)


def by_id(parts: Sequence[Part], part_id: str, key: str, **values: str) -> Part:
    """Find a part by id; an unknown id is a `UsageError` (`key`, `values`) with the nearest there are."""
    for part in parts:
        if part.id == part_id:
            return part
    ids = [part.id for part in parts]
    raise usage(key, **values, known=list(near_misses(part_id, ids) or ids) or "-")


class Strict(BaseModel):
    """Frozen, without coercion and without unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", serialize_by_alias=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was computed of the original (`cached_property`) is not kept."""
        copy = super().model_copy(update=update, deep=deep)
        for name in set(copy.__dict__) - set(type(copy).model_fields):
            del copy.__dict__[name]
        return copy


def _hashed(canonical: dict[str, Any]) -> str:
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# What may be reworded without a change of meaning; `text` only where it is wording, not an option's flag.
_WORDS = {
    *("title", "description", "sources", "short", "group", "label", "aliases", "text_aliases", "assumption"),
    *("help", "changes", "quality", "meta", "fixed", "definition", "use_when", "not_when", "probes"),
    *("note", "reason", "pinned", "what", "statement", "needs"),
}


def _without_wording(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_wording(entry)
            for key, entry in value.items()
            if key not in _WORDS
            and not (key == "text" and isinstance(entry, dict))
            and not (key == "other" and isinstance(entry, dict) and "below" in entry)
        }
    return [_without_wording(entry) for entry in value] if isinstance(value, list) else value


class Change(Strict):
    """What a changed wording means, as its author declares it; `where` as `instrument diff` has it."""

    where: Text
    kind: Literal["typo", "clarification", "meaning"]
    note: Wording | None = None


class FileModel(Strict):
    """What every YAML file of the package says: its kind."""

    kind: str

    def faults(self) -> Iterator[Fault]:
        """Find what the types alone cannot; here nothing."""
        yield from ()


class Schema(FileModel):
    """What every versioned file under `instruments/` has."""

    id: SchemaId
    version: Version
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    title: Wording
    description: Wording | None = None
    sources: tuple[Text, ...] = ()
    changes: tuple[Change, ...] = ()

    def titled(self, lang: str) -> str:
        """The title in `lang`, or in the first language there is."""
        return text_in(self.title, lang)

    @property
    def reference(self) -> str:
        """The id with the version: `executive-survey@1.0.0`."""
        return f"{self.id}@{self.version}"

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical form (JSON, sorted keys): the same for any layout of the YAML."""
        return _hashed(self._canonical())

    @cached_property
    def semantic_hash(self) -> str:
        """SHA-256 of what gives answers their meaning: ids, codes, scales, routing; no wording, no help."""
        return _hashed(_without_wording(self._canonical()))

    def _canonical(self) -> dict[str, Any]:
        """What the file says, what it leaves at its default left out: a new key of ours changes no hash."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def faults(self) -> Iterator[Fault]:
        """Find what the types alone cannot: here, wording that lacks a declared language."""
        yield from _wording_faults(self, (), self.languages)


class Point(Strict):
    """One point of a scale.

    `substantive`: whether it says how much. "Don't know" does not: it stands among the answers, and takes no
    part in means, top boxes, ranks, tests and correlations.
    """

    value: PointValue
    substantive: bool = True
    label: Wording
    aliases: tuple[Text, ...] = ()

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)

    def numbered(self, lang: str) -> str:
        """The value with its label: "5 Very important"; alone where it is the label, or rates nothing."""
        label = self.said(lang)
        return label if label == str(self.value) or not self.substantive else f"{self.value} {label}"

    @property
    def id(self) -> str:
        """The value as text: what a problem calls the point."""
        return str(self.value)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the point may be written: its value, its labels, its aliases."""
        return (self.id, *self.label.values(), *self.aliases)


class Scale(Strict):
    """The points of a rating, lowest first, then those that rate nothing ("don't know").

    `top` points from the upper end of those that rate are the top box.
    """

    points: Annotated[tuple[Point, ...], Field(min_length=2)]
    top: Annotated[int, Field(ge=1)] = 2
    assumption: Wording | None = None

    @cached_property
    def rated(self) -> tuple[Point, ...]:
        """The points that rate, lowest first."""
        return tuple(point for point in self.points if point.substantive)

    @cached_property
    def unrated(self) -> tuple[Point, ...]:
        """The points that rate nothing, such as "don't know"."""
        return tuple(point for point in self.points if not point.substantive)

    @cached_property
    def values(self) -> tuple[int | float, ...]:
        """The values of the points that rate, lowest first."""
        return tuple(point.value for point in self.rated)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all its values are whole numbers."""
        return all(isinstance(point.value, int) for point in self.points)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """The values as whole numbers: of a scale with half points twice the values."""
        return tuple(int(value if self.is_whole else 2 * value) for value in self.values)

    def turned(self, value: float) -> float:
        """What an answer to an item worded against the others says in their direction: 2 of 1 to 5 is a 4."""
        return self.values[0] + self.values[-1] - value

    @property
    def top_points(self) -> tuple[Point, ...]:
        """The points of the top box, lowest first."""
        return self.rated[-self.top :]


class Option(Strict):
    """One option of a question, or one item of a battery.

    `text`: there is a field for text beside it; `text_aliases` head the column that holds the text.
    `fixed`: it keeps its place where tables sort by share, as the steps of an ordered list do; `pinned`: it
    stands last there. `reverse`: an item that is worded against the others of its battery.
    """

    id: Id
    label: Wording
    aliases: tuple[Text, ...] = ()
    exclusive: bool = False
    text: bool = False
    fixed: bool = False
    pinned: Literal["last"] | None = None
    reverse: bool = False
    text_aliases: tuple[Text, ...] = ()
    assumption: Wording | None = None

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the option may be written: its id, its labels, its aliases."""
        return (self.id, *self.label.values(), *self.aliases)


class GroupNoun(str):
    """What one group is called in a sentence, and what else stands for it there.

    `by`, `the`: what groups go by ("by model", "by Sector"). `each`: one group of this question and of no
    other ("model", "group of Sector").
    """

    by: str
    the: str
    each: str

    def __new__(cls, noun: str, *, by: str, the: str, each: str) -> "GroupNoun":
        """Make it of the noun, and of what stands after "by", after "with" and after "no"."""
        made = super().__new__(cls, noun)
        made.by, made.the, made.each = by, the, each
        return made


class AskedIf(Strict):
    """Who is asked: those whose answer to an earlier question (or to one item of it) is as said here.

    `any` and `none` name options (or points of a scale); `at_least` and `at_most` limit a rating or a number.
    """

    question: QuestionName
    item: Id | None = None
    any: tuple[OptionCode | int | float, ...] = ()
    none: tuple[OptionCode | int | float, ...] = ()
    at_least: float | int | None = None
    at_most: float | int | None = None


class RareOptions(Strict):
    """Options that fewer than `below` respondents chose are shown together, as "Other"."""

    below: Annotated[int, Field(ge=2)]


class Limits(Strict):
    """What a number, or a date, may be, its limits included."""

    minimum: float | int | None = None
    maximum: float | int | None = None
    earliest: Day | None = None
    latest: Day | None = None
    whole: bool = False
    unit: Wording | None = None


class Question(Strict):
    """One question; what else it holds depends on its kind.

    `options` for single, multiple, ranking and constant_sum, `items` with a `scale` for a rating battery. A
    ranking gives its options places from 1 (the first) to `ranks`; a constant sum shares `total` out among
    its options, give or take `tolerance`; an nps is a whole number from 0 to 10.

    `required` and `help` tell whoever fills it in; `least` and `most` limit the choices of a select-all
    question, `limits` a number or a date; `asked_if` says who is asked. `missing`: what stands for no answer
    to this question, whatever it would mean elsewhere. `fixed`: all its options or items keep their places in
    tables; `other`: options that few chose are shown together there.
    """

    id: Id
    kind: QuestionKind
    short: Wording
    group: Wording | None = None
    text: Wording
    help: Wording | None = None
    aliases: tuple[Text, ...] = ()
    required: bool = False
    asked_if: AskedIf | None = None
    least: Annotated[int, Field(ge=1)] | None = None
    most: Annotated[int, Field(ge=1)] | None = None
    limits: Limits | None = None
    ranks: Annotated[int, Field(ge=1)] | None = None
    total: Annotated[float | int, Field(gt=0)] | None = None
    tolerance: Annotated[float | int, Field(ge=0)] | None = None
    missing: dict[MissingKind, tuple[Text, ...]] = {}
    options: tuple[Option, ...] = ()
    items: tuple[Option, ...] = ()
    scale: Id | None = None
    fixed: bool = False
    other: RareOptions | None = None
    assumption: Wording | None = None

    @property
    def whole(self) -> "Grid | None":
        """The grid that it is a row of; None of a question that stands alone."""
        return None

    @property
    def item_of(self) -> tuple[str, str]:
        """The battery and the item whose points are its options; ("", "") of a question that was asked."""
        return "", ""

    def heading(self, lang: str) -> str:
        """What heads the question in tables and forms: its short name; of a row of a grid both."""
        return self.named(lang)

    def answer_text(self, label: str, lang: str) -> str:
        """An answer where nothing else names the question: its label; of a row of a grid behind the row."""
        return label

    def said(self, lang: str) -> str:
        """The question as asked in `lang`."""
        return text_in(self.text, lang)

    def named(self, lang: str) -> str:
        """The short name in `lang`."""
        return text_in(self.short, lang)

    def group_noun(self, lang: str) -> GroupNoun:
        """What one group of this question is called: "model"; a "group" where the schema does not say."""
        if self.group:
            noun = text_in(self.group, lang)
            the, each = message("noun_the", lang, noun=noun), message("noun_each", lang, noun=noun)
            return GroupNoun(noun, by=noun, the=the, each=each)
        short = self.named(lang)
        each = message("noun_each_group", lang, question=short)
        return GroupNoun(message("noun_group", lang), by=short, the=short, each=each)

    @property
    def traits(self) -> Kind:
        """The traits of its kind: what its columns are and hold, and how it is shown."""
        return KINDS[self.kind]

    @property
    def parts(self) -> tuple[Option, ...]:
        """The options or the items: what the columns or the codes of the question are."""
        return self.items or self.options

    def part(self, part_id: str) -> Option:
        """Find an option or item by id; an unknown id is a `UsageError` with proposals."""
        return by_id(self.parts, part_id, "unknown_option", option=part_id, question=self.id)

    @property
    def has_steps(self) -> bool:
        """Whether the options are steps: all keep their places (`fixed`), and none is exclusive."""
        fixed = self.fixed or all(option.fixed for option in self.options)
        return bool(self.options) and fixed and not any(option.exclusive for option in self.options)

    @property
    def groups(self) -> tuple[Option, ...]:
        """The options that may form groups: an exclusive option such as "not decided" is never one."""
        return tuple(option for option in self.options if not (self.kind == "multiple" and option.exclusive))

    @property
    def movable(self) -> tuple[Option, ...]:
        """The options that may be shown together where few chose them: without a place of their own."""
        return tuple(
            option
            for option in self.options
            if not (self.fixed or option.exclusive or option.fixed or option.pinned)
            and not (option.text or option.id == OTHER)
        )

    @property
    def gathers(self) -> bool:
        """Whether there are options to show together: two, or one beside the "other" that is there."""
        least = 1 if any(option.id == OTHER for option in self.options) else 2
        return len(self.movable) >= least

    @property
    def is_lone_rating(self) -> bool:
        """Whether it rates one item: then the question says what is rated."""
        return self.kind == "rating" and len(self.items) == 1

    @property
    def places(self) -> int:
        """How many places a ranking has."""
        return self.ranks or len(self.options)

    @property
    def number_limits(self) -> Limits | None:
        """What its numbers may be: of a constant sum from 0 to the total."""
        return self.limits if self.total is None else Limits(minimum=0, maximum=self.total)

    @property
    def allowed_error(self) -> float:
        """How far from its total a constant sum may be: rounding, no more."""
        return _SUM_ERROR * (self.total or 0) if self.tolerance is None else float(self.tolerance)

    @property
    def answer_columns(self) -> tuple[str, ...]:
        """The columns of the answers in `Responses.data`, in order, without the texts of an "other"."""
        if not self.traits.split:
            return (self.id,)
        return tuple(f"{self.id}__{part.id}" for part in self.parts)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns that hold the text written beside an option such as "other"."""
        return tuple(f"{self.id}__{part.id}__text" for part in self.parts if part.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the question in `Responses.data`: answers, then texts."""
        return self.answer_columns + self.text_columns


class PointsAsOptions(Question):
    """An item of a rating as a single question, whose options are the points of its scale."""

    battery: Id
    item: Id

    @property
    def item_of(self) -> tuple[str, str]:
        """The battery and the item."""
        return self.battery, self.item


class Row(Strict):
    """One row of a grid; `short` names its sheet and its tables where the label is too long for that."""

    id: Id
    label: Wording
    aliases: tuple[Text, ...] = ()
    short: Wording | None = None
    assumption: Wording | None = None

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the row may be written: its id, its labels, its aliases."""
        return (self.id, *self.label.values(), *self.aliases)


class Grid(Strict):
    """The same options for several rows: one of them for each row, or (`answer: multiple`) all that apply.

    Its rows are questions of their own (`GridRow`, `grid__row`) wherever answers are read and counted.
    """

    id: Id
    kind: Literal["grid"]
    answer: Literal["single", "multiple"] = "single"
    short: Wording
    group: Wording | None = None
    text: Wording
    help: Wording | None = None
    aliases: tuple[Text, ...] = ()
    required: bool = False
    asked_if: AskedIf | None = None
    least: Annotated[int, Field(ge=1)] | None = None
    most: Annotated[int, Field(ge=1)] | None = None
    missing: dict[MissingKind, tuple[Text, ...]] = {}
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    options: tuple[Option, ...] = ()
    fixed: bool = False
    other: RareOptions | None = None
    assumption: Wording | None = None

    def said(self, lang: str) -> str:
        """The question above the rows, as asked in `lang`."""
        return text_in(self.text, lang)

    def named(self, lang: str) -> str:
        """The short name in `lang`."""
        return text_in(self.short, lang)

    @property
    def heads(self) -> tuple[str, ...]:
        """Every way the grid may be written before one of its rows; several languages also one by one."""
        both = [" ".join(order) for order in _orders(self.text)]
        return (self.id, *self.text.values(), *self.short.values(), *self.aliases, *both)

    def questions(self, languages: Sequence[str], taken: set[str]) -> "tuple[GridRow, ...]":
        """One question for each row; `taken` are the short names of others, normalised, and grows."""
        return tuple(self._question(row, number, languages, taken) for number, row in enumerate(self.rows, 1))

    def _question(self, row: Row, number: int, languages: Sequence[str], taken: set[str]) -> "GridRow":
        shared = ("group", "help", "required", "asked_if", "least", "most", "missing", "options", "fixed")
        joined = [" ".join(order) for order in _orders(row.label)]
        return GridRow.model_construct(
            id=f"{self.id}__{row.id}",
            kind=self.answer,
            short=row.short or self._shorts(row, number, languages, taken),
            text={lang: _below(self.said(lang), row.said(lang), lang) for lang in languages},
            aliases=(
                *row.aliases,
                *(f"{head} [{form}]" for head in self.heads for form in (*row.forms, *joined)),
            ),
            other=self.other,
            assumption=row.assumption or self.assumption,
            grid=self,
            row=row,
            **{name: getattr(self, name) for name in shared},
        )

    def _shorts(self, row: Row, number: int, languages: Sequence[str], taken: set[str]) -> Wording:
        """The row and the grid, the row alone where both are too long, else the grid with a number."""
        both = {
            lang: message("grid_row_short", lang, row=row.said(lang), grid=self.named(lang))
            for lang in languages
        }
        fits = all(len(name) <= _SHORT and not set(name) & _NO_SHEET for name in both.values())
        short = both if fits else {lang: _shortened(row.said(lang)) for lang in languages}
        if {normalise(name) for name in short.values()} & taken:
            room = _SHORT - len(f" {number}")
            short = {lang: f"{self.named(lang)[:room]} {number}" for lang in languages}
        taken |= {normalise(name) for name in short.values()}
        return short


class GridRow(Question):
    """One row of a grid as a question: what its grid says, asked of the row."""

    grid: Grid
    row: Row

    @property
    def whole(self) -> Grid:
        """The grid it is a row of."""
        return self.grid

    def heading(self, lang: str) -> str:
        """What heads the question: the grid's short name, and the row."""
        return message("grid_row", lang, grid=self.grid.named(lang), row=self.row.said(lang))

    def answer_text(self, label: str, lang: str) -> str:
        """The row, then the answer: options are the same in every row."""
        return message("grid_row", lang, grid=self.row.said(lang), row=label)


def _orders(wording: Wording) -> Iterator[tuple[str, ...]]:
    """The wordings of several languages in either order; none of a single one."""
    texts = tuple(wording.values())
    if len(texts) > 1:
        yield from (texts, texts[::-1])


def _below(text: str, row: str, lang: str) -> str:
    """The question above a row, then the row."""
    key = "grid_row_asked" if text.endswith(("?", "\uff1f", ":", "\uff1a", ".", "\u3002")) else "grid_row"
    return message(key, lang, grid=text, row=row)


# What a derived variable is made by: `survey.instrument.derived` has a line for each.
DerivedKind = Literal["bands", "recode", "net", "condition", "score", "cross"]


class DerivedOption(Strict):
    """One option of a derived variable, and who is in it.

    A band: `at_least`, `at_most` (both included) and `below`, numbers or days ("2026-01-31"). A recode or a
    net: `any` of the options or points of its source. A condition: `all_of` these hold, and `any_of` those,
    as in `asked_if`. `otherwise`: whoever is certainly in no other option.
    """

    id: Id
    label: Wording
    at_least: float | int | Text | None = None
    at_most: float | int | Text | None = None
    below: float | int | Text | None = None
    any: tuple[OptionCode | int | float, ...] = ()
    all_of: tuple[AskedIf, ...] = ()
    any_of: tuple[AskedIf, ...] = ()
    otherwise: bool = False

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the option may be written: its id, its labels."""
        return (self.id, *self.label.values())


class Derived(Strict):
    """A variable that nobody was asked: what it is made `of`, and how.

    `bands` of a number or date, a `recode` (each answer in one option at most) or `net` (an answer may be in
    several) of a question, a `condition` across questions (the first option that holds), a `score` of items
    (`take` their mean or sum where at `least` so many are answered), a `cross` of several questions (every
    combination of their options).
    """

    id: Id
    kind: DerivedKind
    of: Text | tuple[Text, ...] = ()
    items: tuple[Id, ...] = ()
    take: Literal["mean", "sum"] | None = None
    least: Annotated[int, Field(ge=1)] | None = None
    options: tuple[DerivedOption, ...] = ()
    short: Wording
    group: Wording | None = None
    text: Wording | None = None
    assumption: Wording | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """What `of` names."""
        return (self.of,) if isinstance(self.of, str) else self.of


class Defaults(Strict):
    """What is analysed when nothing else is said: the banner of the cross-tabs and the main battery."""

    banner: QuestionName | None = None
    battery: Id | None = None


RuleName = Literal[
    "test_rows",
    "duplicate_key",
    "duplicate_answers",
    "duplicate_device_time",
    "speeders",
    "straight_lining",
    "incomplete",
    "exclusive_with_others",
    "out_of_range",
]


class QualityRule(Strict):
    """How a rule of data quality is used: left out, flagged or not looked at, and its setting."""

    action: Literal["drop", "flag", "off"] | None = None
    setting: Annotated[float | int, Field(ge=0)] | None = None


class Instrument(Schema):
    """A survey: its questions, scales and the words that mean "no answer".

    `listed` is what the file lists under `questions`; in `questions` a grid is one question for each row.
    `meta` names the headers of columns that are no answers, by what they say of the respondent.
    """

    kind: Literal["survey"]
    defaults: Defaults = Defaults()
    missing: dict[MissingKind, tuple[Text, ...]] = {}
    meta: dict[MetaName, tuple[Text, ...]] = {}
    scales: dict[Id, Scale] = {}
    listed: Annotated[
        tuple[Annotated[Question | Grid, Field(discriminator="kind")], ...],
        Field(min_length=1, alias="questions"),
    ]
    derived: tuple[Derived, ...] = ()
    retired: tuple[Text, ...] = ()
    quality: dict[RuleName, QualityRule] = {}
    _crossings: tuple[Derived, ...] = PrivateAttr(default=())
    _as_asked: dict[str, Question] = PrivateAttr(default={})  # those that `showing` shows otherwise

    @property
    def rules(self) -> tuple[Derived, ...]:
        """How what nobody was asked is made: as the file says, then what was crossed for a banner."""
        return (*self.derived_rules, *self._crossings)

    @cached_property
    def derived_rules(self) -> tuple[Derived, ...]:
        """The derived variables, rows of grids in their conditions named as questions."""
        return tuple(map(self._rule_routed, self.derived)) if self.grids else self.derived

    @cached_property
    def variables(self) -> tuple[Question, ...]:
        """Every variable of the data: the questions asked, then what is derived from them, as questions."""
        known = {question.id: question for question in self.questions}
        for rule in ordered_rules(self.rules):
            known[rule.id] = self.derived_question(rule, self._read_by(rule, known))
        return (*self.questions, *(known[rule.id] for rule in self.rules))

    @property
    def stubs(self) -> tuple[Question, ...]:
        """The variables that tables show as rows: all but those crossed for a banner."""
        return self.variables[: len(self.questions) + len(self.derived)]

    def are_apart(self, one: Question, other: Question) -> bool:
        """Whether two variables can be crossed: not where one repeats what the other is made of.

        Of two that were asked only the same one does; a derived one shares the questions it is made of.
        """
        if self.rule_of(one.id) is None and self.rule_of(other.id) is None:
            alone = one if len(one.parts) == 1 else other  # whose only item is the question
            return one.id != other.id and not {one.id, other.id} <= {alone.id, *alone.answer_columns}
        return not self.roots_of(one.id) & self.roots_of(other.id)

    def rule_of(self, variable: str) -> Derived | None:
        """How a variable is made; None where it was asked."""
        return next((rule for rule in self.rules if rule.id == variable), None)

    def roots_of(self, variable: str) -> frozenset[str]:
        """The questions asked that a variable is made of in the end; of one that was asked itself."""
        return roots_of(self.rules, variable, {question.id for question in self.questions})

    def sources_of(self, rule: Derived) -> list[Question]:
        """The variables that a rule reads, items of ratings by their points."""
        known = {question.id: question for question in self.variables}
        return sources_of(self, rule, self._read_by(rule, known))

    def _read_by(self, rule: Derived, known: dict[str, Question]) -> dict[str, Question]:
        """The variables as a rule of the file reads them, as asked; what is crossed for a banner as shown."""
        return known if CROSSED in rule.id else known | self._as_asked

    def formula(self, rule: Derived, lang: str) -> str:
        """How a derived variable is made, in words."""
        return formula_text(self, rule, self.sources_of(rule), lang)

    def source(self, name: str, known: dict[str, Question]) -> Question | None:
        """What `of` names: a variable, or an item of a rating by its points; None where there is none."""
        battery, item = self._item_named(name)
        match = known.get(name)
        if "__" in name and match is None:
            return self._points_as_options(battery, item) if battery and item else None
        scored = match is not None and match.traits.cells == "point" and not match.traits.split
        return self._points_as_options(match) if match and scored else match

    def derived_question(self, rule: Derived, known: dict[str, Question]) -> Question:
        """A derived variable as a question: what it does stands where a question has what was asked."""
        sources = sources_of(self, rule, known)
        text = rule.text or {lang: formula_text(self, rule, sources, lang) for lang in self.languages}
        options = made_options(rule, sources, self.languages)
        return Question.model_construct(
            id=rule.id,
            kind=made_kind(rule, sources),
            short=rule.short,
            group=rule.group,
            text=text,
            options=tuple(Option.model_construct(**option) for option in options),
            assumption=rule.assumption,
        )

    def banner(self, name: str) -> Question:
        """The question that a banner names, or several crossed (`a*b`), whose groups are all combinations.

        Raises `UsageError` with what there is.
        """
        if not isinstance(name, str) or CROSSED not in name:
            return self._groups_of(name)
        made = self.crossed(name)
        return made.question(made._crossing(name).id)

    def crossed(self, *names: str) -> "Instrument":
        """The same instrument with further variables, every combination of the groups of two or more (`a*b`).

        They are no part of the file: hashes and what is written stay as they are.
        """
        made = {rule.id: rule for rule in map(self._crossing, names) if self.rule_of(rule.id) is None}
        if not made:
            return self
        other = self.model_copy()
        other.__dict__.pop("variables", None)
        other._crossings = (*self._crossings, *made.values())
        return other

    def _groups_of(self, name: str) -> Question:
        """A question whose options are groups; of a quantity the error says what makes groups of it."""
        match = next((one for one in self.variables if one.id == name), None)
        if match is not None and match.traits.measured and not match.traits.split:
            raise usage("banner_of_quantities", question=name, kind=match.kind)
        return self.question(name, *kinds_with(banner=True))

    def _crossing(self, name: str) -> Derived:
        """The rule of a crossed banner; `UsageError` where a part of it is none."""
        ids = [part.strip() for part in name.split(CROSSED)]
        if not all(ids):
            raise usage("crossing_unreadable", name=name)
        parts = [self._groups_of(part) for part in ids]
        of = tuple(part.id for part in parts)
        if len(set(of)) < len(of):
            raise usage("crossing_twice", banner=name)
        cells = prod(len(part.groups) for part in parts)
        if cells > MOST_CELLS:
            raise usage("crossing_many", banner=name, count=cells, most=MOST_CELLS)
        nouns = [part.group for part in parts if part.group]
        short = self._joined([part.short for part in parts])
        group = self._joined(nouns) if len(nouns) == len(parts) else None  # else a group of its short name
        return Derived.model_construct(id=CROSSED.join(of), kind="cross", of=of, short=short, group=group)

    def _joined(self, wordings: Sequence[Wording]) -> Wording:
        """What is crossed, named in every language."""
        return {
            lang: message("cross_name_separator", lang).join(text_in(words, lang) for words in wordings)
            for lang in self.languages
        }

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions, each row of a grid as one of its own."""
        if not self.grids:
            return cast("tuple[Question, ...]", self.listed)
        plain = [one for one in self.listed if isinstance(one, Question)]
        taken = reserved_shorts() | {normalise(name) for one in plain for name in one.short.values()}
        taken |= {
            normalise(name) for grid in self.grids for row in grid.rows for name in (row.short or {}).values()
        }
        rows: list[Question] = []
        for one in self.listed:
            rows += one.questions(self.languages, taken) if isinstance(one, Grid) else [one]
        return tuple(map(self._routed, rows))

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The grids, in their order."""
        return tuple(one for one in self.listed if isinstance(one, Grid))

    @property
    def sections(self) -> tuple[tuple[Grid | None, tuple[Question, ...]], ...]:
        """The questions as a form shows them: each alone, or all rows of a grid together."""
        sections = groupby(self.questions, key=lambda one: one.whole.id if one.whole else one.id)
        return tuple((rows[0].whole, rows) for _, own in sections for rows in (tuple(own),))

    def _routed(self, question: Question) -> Question:
        """The question with the row of a grid that decides who is asked it named as a question."""
        if question.asked_if is None:
            return question
        return question.model_copy(update={"asked_if": self._by_row(question.asked_if)})

    def _rule_routed(self, rule: Derived) -> Derived:
        """A rule with the rows of grids in its conditions named as questions."""
        options = tuple(
            option.model_copy(
                update={
                    name: tuple(map(self._by_row, getattr(option, name))) for name in ("all_of", "any_of")
                }
            )
            for option in rule.options
        )
        return rule.model_copy(update={"options": options})

    def _by_row(self, route: AskedIf) -> AskedIf:
        """A condition on a row of a grid as one on the question it is."""
        if route.item is None or route.question not in {grid.id for grid in self.grids}:
            return route
        return route.model_copy(update={"question": f"{route.question}__{route.item}", "item": None})

    def question(self, question_id: str, *kinds: str) -> Question:
        """Find a question by id; `kinds` limits what it may be. Raises `UsageError` with what there is.

        Where a single question may stand, so may an item of a rating (`battery__item`, or the rating itself
        where it has one item), an option of a ranking and an nps: its points are then the options.
        """
        if not (self._crossings and self.rule_of(question_id)):
            check_question(question_id)
        values = {"question": question_id, "instrument": self.reference}
        battery, item = self._item_named(question_id)
        if battery and item and (not kinds or "single" in kinds):
            return self._points_as_options(battery, item)
        whole = self._whole_of(question_id)
        if whole is not None:
            key = "part_of_other_kind" if kinds and whole.kind not in kinds else "part_not_question"
            raise usage(key, part=question_id, question=whole.id, kind=whole.kind, kinds=_accepted(kinds))
        match = by_id(self.variables, question_id, "unknown_question", **values)
        if match.traits.cells == "point" and "single" in kinds and match.kind not in kinds:
            if len(match.parts) > 1:
                raise usage("rating_item_needed", question=question_id, items=list(match.answer_columns))
            return self._points_as_options(match, *match.parts)
        if kinds and match.kind not in kinds:
            raise usage("wrong_kind", question=question_id, kind=match.kind, kinds=_accepted(kinds))
        return match

    def with_shares(self, question_id: str) -> Question:
        """Find a question whose options or items have shares; of an nps, the scores are its options."""
        return self.question(question_id, *kinds_with(shares=True))

    def with_question(self, question: Question) -> "Instrument":
        """The same with another question in the place of the one with its id."""
        return self.with_questions(
            tuple(question if one.id == question.id else one for one in self.questions)
        )

    def showing(self, question: Question) -> "Instrument":
        """The same that shows a question otherwise; what is derived of it remains that of the one asked."""
        made = self.with_question(question)
        made._as_asked = {question.id: self.question(question.id)} | self._as_asked
        return made

    def with_questions(self, questions: Sequence[Question]) -> "Instrument":
        """The same with other questions."""
        own = {name: getattr(self, name) for name in type(self).model_fields if name != "listed"}
        made = self.model_construct(**own, questions=tuple(questions))  # a copy would keep the hashes
        made._crossings, made._as_asked = self._crossings, self._as_asked
        return made

    def part_named(self, name: str) -> tuple[str, str]:
        """The question and the part (else "") that the name of a column, or of a question, stands for."""
        ids = [one.id for one in self.variables if name == one.id or name.startswith(f"{one.id}__")]
        if not ids:
            question, _, part = name.partition("__")
            return question, part
        longest = max(ids, key=len)
        return longest, name.removeprefix(longest).removeprefix("__")

    def _item_named(self, name: str) -> tuple[Question | None, Option | None]:
        """The rating and its item (the ranking and its option) a column is of; None where there is none."""
        battery_id, _, item_id = name.partition("__")
        for question in self.questions:
            if question.id == battery_id and question.traits.cells == "point":
                return question, next((part for part in question.parts if part.id == item_id), None)
        return None, None

    def _whole_of(self, name: str) -> Question | None:
        """The question of which `name` is an option or item (`question__part`); None where it is none."""
        return next(
            (whole for whole in self.variables if name in whole.answer_columns and name != whole.id), None
        )

    def points_of(self, question: Question) -> tuple[int | float, ...]:
        """The numbers that a cell of a question may hold and that rate, lowest first."""
        return self.scale_of(question).values

    def unrated_of(self, question: Question) -> tuple[Point, ...]:
        """The points that a cell of a question may hold and that rate nothing."""
        return self.scale_of(question).unrated if question.scale else ()

    def is_whole(self, question: Question) -> bool:
        """Whether the points of a question are whole numbers."""
        return self.scale_of(question).is_whole if question.scale else True

    def _points_as_options(self, battery: Question, item: Option | None = None) -> Question:
        """An item of a rating, or an nps, as a single question whose options are the points, in order."""
        points = self.scale_of(battery).rated
        labels = [{lang: point.numbered(lang) for lang in self.languages} for point in points]
        options = tuple(
            Option.model_construct(id=point.id, label=label, fixed=True)
            for point, label in zip(points, labels, strict=True)
        )
        if item is None:
            return battery.model_copy(update={"kind": "single", "options": options})
        names = {lang: item.said(lang) for lang in self.languages}
        if len(battery.parts) == 1:  # what is asked is the question, not its only item
            alone = Question.model_construct(id=f"{battery.id}__{item.id}", kind="single", options=options)
            return alone.model_copy(update={"short": battery.short, "text": battery.text})
        short = {lang: _shortened(name) for lang, name in names.items()}
        return PointsAsOptions.model_construct(
            id=f"{battery.id}__{item.id}",
            battery=battery.id,
            item=item.id,
            kind="single",
            short=short,
            text={
                lang: message("item_of_battery", lang, item=name, battery=battery.named(lang))
                for lang, name in names.items()
            },
            options=options,
        )

    def scale_of(self, question: Question) -> Scale:
        """The scale of a rating battery; of an nps 0 to 10, of a ranking its places."""
        if question.kind == "nps":
            return _scale_of_numbers(range(NPS_HIGHEST + 1), self.languages, {})
        if question.kind == "ranking":
            places = range(1, question.places + 1)
            return _scale_of_numbers(places, self.languages, {place: place_forms(place) for place in places})
        return self.scales[question.scale or ""]

    def _has_scale(self, question: Question) -> bool:
        """Whether a question is answered by points that the file or its kind says."""
        return question.traits.cells == "point" and (
            question.kind != "rating" or question.scale in self.scales
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of `Responses.data`, in the order of the variables."""
        return tuple(column for question in self.variables for column in question.columns)

    @property
    def asked_columns(self) -> tuple[str, ...]:
        """Those of them that hold answers: all but those of derived variables."""
        return tuple(column for question in self.questions for column in question.columns)

    def faults(self) -> Iterator[Fault]:
        """Find contradictions between parts: references that lead nowhere, doubles, unusable names."""
        yield from super().faults()
        yield from _doubles((), "questions", self.listed)
        for scale_id, scale in self.scales.items():
            yield from _scale_faults(("scales", scale_id), scale_id, scale)
        for position, listed in enumerate(self.listed):
            path = ("questions", position)
            if isinstance(listed, Grid):
                yield from self._grid_faults(path, listed)
            else:
                yield from self._question_faults(path, listed)
        yield from self._derived_faults()
        yield from self._default_faults()
        yield from self._meta_faults()
        yield from self._name_faults()

    def _grid_faults(self, path: tuple[str | int, ...], grid: Grid) -> Iterator[Fault]:
        """Find what no row could be asked with, and rows that cannot be told apart."""
        fields = {
            name: getattr(grid, name) for name in type(grid).model_fields if name in Question.model_fields
        }
        whole = Question.model_construct(**{**fields, "kind": grid.answer})
        yield from self._question_faults(path, whole)
        yield from _doubles(path, "rows", grid.rows)
        for position, row in enumerate(grid.rows):
            where = (*path, "rows", position)
            if f"{grid.id}__{row.id}" in self.retired:
                yield (*where, "id"), "id_retired", {"id": f"{grid.id}__{row.id}"}
            yield from _short_faults(where, row.short or {})

    def _derived_faults(self) -> Iterator[Fault]:
        """Find derived variables that cannot be made, named or told apart."""
        yield from derived_faults(self)
        for position, rule in enumerate(self.derived):
            yield from _short_faults(("derived", position), rule.short)
            yield from _doubles(("derived", position), "options", rule.options)
            for name in (rule.id, *(f"{rule.id}__{option.id}" for option in rule.options)):
                if name in self.retired:
                    yield ("derived", position, "id"), "id_retired", {"id": name}

    def _name_faults(self) -> Iterator[Fault]:
        """Find short names that two variables share, or that a sheet has."""
        named: list[tuple[tuple[str | int, ...], Wording]] = [
            (("questions", position, *below, "short"), one.short)
            for position, listed in enumerate(self.listed)
            for below, one in _named_parts(listed)
            if one.short
        ]
        named += [(("derived", place, "short"), rule.short) for place, rule in enumerate(self.derived)]
        reserved = reserved_shorts()
        for lang in self.languages:
            seen: set[str] = set()
            for path, wording in named:
                short = normalise(text_in(wording, lang))
                if short in seen:
                    yield path, "short_twice", {"short": short}
                if short in reserved:
                    yield path, "short_reserved", {"short": short}
                seen.add(short)

    def _question_faults(self, path: tuple[str | int, ...], question: Question) -> Iterator[Fault]:
        values = {"question": question.id, "kind": question.kind}
        is_rating = question.kind == "rating"
        for name, (needed, not_here) in _PART_FAULTS.items():
            if bool(getattr(question, name)) != (question.traits.parts == name):
                yield path, not_here if getattr(question, name) else needed, values
        if is_rating and question.scale not in self.scales:
            known = list(self.scales) or "-"
            yield (*path, "scale"), "scale_unknown", {**values, "scale": question.scale, "known": known}
        yield from _short_faults(path, question.short)
        yield from _doubles(path, question.traits.parts or "options", question.parts)
        yield from self._retired_faults(path, question)
        yield from self._limit_faults(path, question)
        yield from self._table_faults(path, question)
        yield from self._missing_faults(path, question)
        if question.asked_if:
            yield from self._routing_faults((*path, "asked_if"), question, question.asked_if)

    def _retired_faults(self, path: tuple[str | int, ...], question: Question) -> Iterator[Fault]:
        if question.id in self.retired:
            yield (*path, "id"), "id_retired", {"id": question.id}
        for position, part in enumerate(question.parts):
            name = f"{question.id}__{part.id}"
            if name in self.retired:
                where = "items" if question.items else "options"
                yield (*path, where, position, "id"), "id_retired", {"id": name}

    def _limit_faults(self, path: tuple[str | int, ...], question: Question) -> Iterator[Fault]:
        values: dict[str, Any] = {"question": question.id, "kind": question.kind}
        for name, kinds in _OWN_KEYS.items():
            if getattr(question, name) is not None and question.kind not in kinds:
                yield (*path, name), "key_not_here", {**values, "name": name, "own": list(kinds)}
        if question.kind == "ranking" and question.places > len(question.options):
            yield (*path, "ranks"), "ranks_impossible", {**values, "count": len(question.options)}
        if question.kind == "constant_sum" and question.total is None:
            yield path, "total_needed", values
        if question.total is not None and (question.tolerance or 0) >= question.total:
            yield (*path, "tolerance"), "tolerance_impossible", {**values, "total": question.total}
        if (question.least or 1) > min(question.most or 10**6, max(len(question.options), 1)):
            yield (*path, "least"), "choices_impossible", values
        elif question.kind == "multiple" and (question.most or 0) > len(question.options):
            yield (*path, "most"), "choices_beyond", {**values, "count": len(question.options)}
        if question.limits:
            yield from self._number_limit_faults((*path, "limits"), question, question.limits)

    def _number_limit_faults(
        self, path: tuple[str | int, ...], question: Question, limits: Limits
    ) -> Iterator[Fault]:
        """Find limits that a question cannot have, and limits that nothing lies between."""
        values = {"question": question.id, "kind": question.kind}
        known = _LIMITS.get(question.traits.cells, ()) if not question.traits.split else ()
        if not known:
            yield path, "limits_not_here", values
            return
        for name in limits.model_fields_set - set(known):
            yield (*path, name), "limit_not_here", {**values, "name": name, "known": list(known)}
        for low, high in ((limits.minimum, limits.maximum), (limits.earliest, limits.latest)):
            if low is not None and high is not None and low > high:  # type: ignore[operator]
                yield path, "limits_impossible", values
        for name in ("earliest", "latest"):
            day = getattr(limits, name)
            if day is not None and not _is_day(day):
                yield (*path, name), "limit_no_day", {**values, "value": day}

    def _table_faults(self, path: tuple[str | int, ...], question: Question) -> Iterator[Fault]:
        """Find what says how tables show a question where it cannot."""
        values: dict[str, Any] = {"question": question.id, "kind": question.kind}
        if question.fixed and not question.parts:
            yield (*path, "fixed"), "fixed_not_here", values
        if question.other and question.traits.cells not in ("option", "tick"):
            yield (*path, "other"), "other_not_here", values
        elif question.other and not question.gathers:
            yield (*path, "other"), "other_and_fixed", values
        where = "items" if question.items else "options"
        for position, part in enumerate(question.parts):
            at, own = (*path, where, position), {**values, "id": part.id}
            if part.exclusive and question.traits.cells not in ("option", "tick"):
                yield (*at, "exclusive"), "exclusive_not_here", own
            if part.text_aliases and not part.text:
                yield (*at, "text_aliases"), "text_aliases_alone", own
            if part.reverse and not question.items:
                yield (*at, "reverse"), "reverse_not_here", own
            if part.pinned and (part.fixed or question.fixed):
                yield (*at, "pinned"), "pinned_and_fixed", own
        if question.items and all(item.reverse for item in question.items):
            yield (*path, "items"), "reverse_all", values

    def _missing_faults(self, path: tuple[str | int, ...], question: Question) -> Iterator[Fault]:
        """Find what would stand both for an answer to a question and for none, or for two kinds of none."""
        scaled = self._has_scale(question)
        parts: Sequence[Option | Point] = self.scale_of(question).points if scaled else question.options
        owner = {normalise(form): part.id for part in parts for form in part.forms}
        for kind, words in question.missing.items():
            for position, word in enumerate(words):
                first = owner.setdefault(normalise(word), kind)
                if first != kind:
                    values = {"question": question.id, "form": word, "other": first, "kind": kind}
                    yield (*path, "missing", kind, position), "missing_is_answer", values

    def _routing_faults(
        self, path: tuple[str | int, ...], question: Question, asked_if: AskedIf
    ) -> Iterator[Fault]:
        """Find routes that lead from nowhere: only an earlier question can decide, by what it can hold."""
        earlier: dict[str, Question] = {}
        for other in self.questions:
            if question.id in (other.id, getattr(other.whole, "id", "")):
                break
            earlier[other.id] = other
        grid = next((one for one in self.grids if one.id == asked_if.question), None)
        if grid is not None and asked_if.item is not None:  # a row of a grid decides
            name = f"{grid.id}__{asked_if.item}"
            if name not in earlier and asked_if.item not in {row.id for row in grid.rows}:
                known_rows = [row.id for row in grid.rows]
                yield (
                    (*path, "item"),
                    "route_item",
                    {
                        "question": question.id,
                        "other": grid.id,
                        "known": known_rows,
                    },
                )
                return
            asked_if = asked_if.model_copy(update={"question": name, "item": None})
        decides = earlier.get(asked_if.question)
        values: dict[str, Any] = {"question": question.id, "other": asked_if.question}
        if decides is None:
            yield (*path, "question"), "route_not_earlier", {**values, "known": list(earlier) or "-"}
            return
        yield from self.decided_faults(path, question.id, decides, asked_if)

    def decided_faults(
        self, path: tuple[str | int, ...], name: str, decides: Question, asked_if: AskedIf
    ) -> Iterator[Fault]:
        """Find what a condition of `name` asks of a question that its answers cannot meet."""
        values: dict[str, Any] = {"question": name, "other": asked_if.question}
        by_part = decides.traits.split and decides.traits.cells != "tick"
        if by_part != (asked_if.item is not None) or (
            asked_if.item and asked_if.item not in {part.id for part in decides.parts}
        ):
            known = [part.id for part in decides.parts if by_part] or "-"
            yield (*path, "item"), "route_item", {**values, "known": known}
            return
        ordered = decides.traits.cells in ("point", "number")
        if (asked_if.at_least is not None or asked_if.at_most is not None) and not ordered:
            yield path, "route_no_order", values
        yield from self._route_code_faults(path, decides, asked_if, values)
        if not (asked_if.any or asked_if.none or ordered):
            yield path, "route_empty", values

    def _route_code_faults(
        self, path: tuple[str | int, ...], decides: Question, asked_if: AskedIf, values: dict[str, Any]
    ) -> Iterator[Fault]:
        """Find answers that the deciding question cannot hold."""
        codes: set[str | float] = {option.id for option in decides.options}
        if decides.traits.cells == "point":
            scaled = self._has_scale(decides)
            codes = {point.value for point in self.scale_of(decides).points} if scaled else set()
        for name in ("any", "none"):
            for code in getattr(asked_if, name):
                if code not in codes:
                    known = list(map(str, codes)) or "-"
                    yield (*path, name), "route_code", {**values, "code": code, "known": known}

    def _meta_faults(self) -> Iterator[Fault]:
        """Find headers that stand for two things beside the answers."""
        owner: dict[str, str] = {}
        for name, headers in self.meta.items():
            for position, header in enumerate(headers):
                first = owner.setdefault(normalise(header), name)
                if first != name:
                    values = {"header": header, "name": name, "other": first}
                    yield ("meta", name, position), "meta_twice", values

    def _default_faults(self) -> Iterator[Fault]:
        wanted = {"banner": kinds_with(banner=True), "battery": ("rating",)}
        kinds: dict[str, str] = {rule.id: FORMS[rule.kind].makes or "single" for rule in self.derived}
        kinds |= {question.id: question.kind for question in self.questions}
        for name, allowed in wanted.items():
            question_id = getattr(self.defaults, name)
            if question_id is not None and kinds.get(question_id) not in allowed:
                values = {"name": name, "question": question_id, "kinds": list(allowed)}
                yield ("defaults", name), "default_unusable", values


def _accepted(kinds: Sequence[str]) -> list[str]:
    """The kinds that are taken where some are wanted: points may stand where a single question may."""
    pointed = {"point"} if "single" in kinds else set()
    return [name for name, kind in KINDS.items() if name in kinds or kind.cells in pointed]


def _scale_faults(path: tuple[str | int, ...], scale_id: str, scale: Scale) -> Iterator[Fault]:
    """Find points out of order, or that no table could show."""
    values: dict[str, Any] = {"scale": scale_id}
    if list(scale.values) != sorted(set(scale.values)):
        yield (*path, "points"), "scale_not_rising", values
    else:
        yield from _doubles(path, "points", scale.points)
    for position, point in enumerate(scale.points):
        if not float(2 * point.value).is_integer():
            yield (*path, "points", position, "value"), "point_no_half", {**values, "value": point.id}
        if not point.substantive and position < len(scale.rated):
            yield (*path, "points", position), "point_aside_last", {**values, "value": point.id}
    if len(scale.rated) < 2:
        yield (*path, "points"), "scale_rates_nothing", values
    elif scale.top >= len(scale.rated):
        yield (*path, "top"), "scale_top_too_wide", {**values, "points": len(scale.rated)}


# The limits that cells may have, by what they hold.
_LIMITS = {"number": ("minimum", "maximum", "whole", "unit"), "date": ("earliest", "latest")}

# What is said where a question lacks the parts of its kind, and where it has those of another.
_PART_FAULTS = {
    "options": ("options_needed", "options_not_here"),
    "items": ("items_needed", "items_not_here"),
}
_NO_SHEET = frozenset("[]:*?/\\'")  # what cannot name a sheet

# What a question may say beside what every question does, by the kinds that have it; a group is what may be
# a banner, by its options or its points.
_OWN_KEYS: dict[str, tuple[QuestionKind, ...]] = {
    **{"least": ("multiple",), "most": ("multiple",), "ranks": ("ranking",), "scale": ("rating",)},
    **{"total": ("constant_sum",), "tolerance": ("constant_sum",)},
    "group": ("single", "multiple", "rating", "ranking", "nps"),
}
NPS_HIGHEST = 10
_SUM_ERROR = 0.005  # of the total: 33.3 + 33.3 + 33.3 are 100
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CHINESE = "一二三四五六七八九十"


def place_forms(place: int) -> tuple[str, ...]:
    """How a place of a ranking may be written beside its number: "Rank 1", "1st choice", "第一位"."""
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    words = [f"{place}{ending}", *_ORDINALS[place - 1 : place]]
    numbers = [str(place), *_CHINESE[place - 1 : place]]
    return (
        *(f"{word}{behind}" for word in words for behind in ("", " choice", " place", " rank", " priority")),
        *(f"{before} {place}" for before in ("Rank", "Ranking", "Place", "Choice", "Priority", "No.")),
        *(f"第{number}{behind}" for number in numbers for behind in ("", "位", "名", "选择", "选项", "顺位")),
        *(f"{before}{place}" for before in ("排名", "排序", "名次", "#")),
        f"{place}.",
    )


def _scale_of_numbers(
    numbers: Iterable[int], languages: Sequence[str], forms: Mapping[int, tuple[str, ...]]
) -> Scale:
    """A scale whose points are called as they are written."""
    points = tuple(
        Point.model_construct(
            value=number, label=dict.fromkeys(languages, str(number)), aliases=forms.get(number, ())
        )
        for number in numbers
    )
    return Scale.model_construct(points=points, top=min(2, len(points)))


_SHORT = 20  # characters of a short name: with what stands before it, it names a sheet


def _named_parts(listed: Question | Grid) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """What of an entry has a short name: itself, and the rows of a grid."""
    yield (), listed
    for position, row in enumerate(listed.rows if isinstance(listed, Grid) else ()):
        yield ("rows", position), row


def _is_day(text: str) -> bool:
    """Whether a text names a day that there is."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shortened(label: str) -> str:
    """A label as a short name: without its bracket, cut at a word where it is still too long."""
    text = label.translate({ord(sign): " " for sign in "[]:*?/\\'"})  # what cannot name a sheet
    if len(text) > _SHORT:
        text = re.sub(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]$", "", text) or text
    if len(text) <= _SHORT:
        return text
    cut = text[: _SHORT - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;(") + "\u2026"


def _short_faults(path: tuple[str | int, ...], short: Wording) -> Iterator[Fault]:
    """Find short names that no sheet can have."""
    for lang, text in short.items():
        if len(text) > _SHORT or set(text) & _NO_SHEET:
            yield (*path, "short", lang), "short_unusable", {"short": text}


def _doubles(path: tuple[str | int, ...], name: str, parts: tuple[Any, ...]) -> Iterator[Fault]:
    """Find ids used twice, and wordings that two parts share: no answer could be told apart."""
    ids: set[str] = set()
    owner: dict[str, str] = {}
    for position, part in enumerate(parts):
        if part.id in ids:
            yield (*path, name, position, "id"), "id_twice", {"id": part.id}
        ids.add(part.id)
        for form in getattr(part, "forms", ()):
            first = owner.setdefault(normalise(form), part.id)
            if first != part.id:
                yield (*path, name, position), "wording_shared", {"form": form, "id": part.id, "other": first}


def _wording_faults(
    model: BaseModel, path: tuple[str | int, ...], languages: tuple[str, ...]
) -> Iterator[Fault]:
    """Walk every wording below `model` and compare its languages with the declared ones."""
    fields = type(model).model_fields
    for name, value in model:
        yield from _wording_faults_in(value, (*path, fields[name].alias or name), languages)


def _wording_faults_in(
    value: Any, path: tuple[str | int, ...], languages: tuple[str, ...]
) -> Iterator[Fault]:
    if isinstance(value, BaseModel):
        yield from _wording_faults(value, path, languages)
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from _wording_faults_in(entry, (*path, position), languages)
    elif isinstance(value, dict) and value and all(isinstance(entry, str) for entry in value.values()):
        for lang in (lang for lang in languages if lang not in value):
            yield path, "wording_missing", {"lang": lang}
        for lang in (lang for lang in value if lang not in languages):
            yield (*path, lang), "wording_undeclared", {"lang": lang, "languages": list(languages)}
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _wording_faults_in(entry, (*path, key), languages)
