"""Questions: one alone, or a grid of several that share their options."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from survey.instrument.kinds import KINDS, Kind, QuestionKind
from survey.instrument.option import OTHER, Option, Part, RareOptions
from survey.instrument.schema import Day, Id, OptionCode, QuestionName, Strict, Text, Wording, by_id, text_in
from survey.instrument.short_names import SHORT, fits, shortened
from survey.messages import message
from survey.wording import normalise

MissingKind = Literal["skipped", "empty", "not_asked", "refused"]
_SUM_ERROR = 0.005  # of the total: 33.3 + 33.3 + 33.3 are 100


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


class Limits(Strict):
    """What a number, or a date, may be, its limits included."""

    minimum: float | int | None = None
    maximum: float | int | None = None
    earliest: Day | None = None
    latest: Day | None = None
    whole: bool = False
    unit: Wording | None = None


class Asked(Strict):
    """What a question and a grid have in common: how it is asked, and who is asked."""

    id: Id
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
    options: tuple[Option, ...] = ()
    fixed: bool = False
    other: RareOptions | None = None
    assumption: Wording | None = None

    def said(self, lang: str) -> str:
        """The question as asked in `lang`; of a grid what stands above its rows."""
        return text_in(self.text, lang)

    def named(self, lang: str) -> str:
        """The short name in `lang`."""
        return text_in(self.short, lang)


class Question(Asked):
    """One question; what else it holds depends on its kind.

    `options` for single, multiple, ranking and constant_sum, `items` with a `scale` for a rating battery. A
    ranking gives its options places from 1 (the first) to `ranks`; a constant sum shares `total` out among
    its options, give or take `tolerance`; an nps is a whole number from 0 to 10.

    `required` and `help` tell whoever fills it in; `least` and `most` limit the choices of a select-all
    question, `limits` a number or a date; `asked_if` says who is asked. `missing`: what stands for no answer
    to this question, whatever it would mean elsewhere. `fixed`: all its options or items keep their places in
    tables; `other`: options that few chose are shown together there.
    """

    kind: QuestionKind
    limits: Limits | None = None
    ranks: Annotated[int, Field(ge=1)] | None = None
    total: Annotated[float | int, Field(gt=0)] | None = None
    tolerance: Annotated[float | int, Field(ge=0)] | None = None
    items: tuple[Option, ...] = ()
    scale: Id | None = None

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

    def options_noun(self, lang: str) -> str:
        """What its options are called where they are counted ("3 challenges"): its short name."""
        return self.named(lang)

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


class Row(Part):
    """One row of a grid; `short` names its sheet and its tables where the label is too long for that."""

    short: Wording | None = None
    assumption: Wording | None = None


class Grid(Asked):
    """The same options for several rows: one of them for each row, or (`answer: multiple`) all that apply.

    Its rows are questions of their own (`GridRow`, `grid__row`) wherever answers are read and counted.
    """

    kind: Literal["grid"]
    answer: Literal["single", "multiple"] = "single"
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

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
        short = (
            both if all(map(fits, both.values())) else {lang: shortened(row.said(lang)) for lang in languages}
        )
        if {normalise(name) for name in short.values()} & taken:
            room = SHORT - len(f" {number}")
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

    def options_noun(self, lang: str) -> str:
        """The grid, of the row; the short name where the row has one of its own."""
        if self.row.short:
            return self.named(lang)
        return message("grid_row_options", lang, row=self.row.said(lang), grid=self.grid.named(lang))

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
