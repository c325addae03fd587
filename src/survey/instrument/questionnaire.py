"""A survey as it is asked: what its file says, its questions, grids and scales."""

from collections.abc import Mapping
from functools import cached_property
from itertools import groupby
from typing import Annotated, Literal, cast

from pydantic import Field

from survey.instrument.derived import Derived
from survey.instrument.option import Option
from survey.instrument.question import AskedIf, Grid, MissingKind, PointsAsOptions, Question
from survey.instrument.scale import NPS_HIGHEST, Point, Scale, place_forms, scale_of_numbers
from survey.instrument.schema import Id, QuestionName, Schema, Strict, Text
from survey.instrument.short_names import reserved_shorts, shortened
from survey.messages import message
from survey.wording import normalise

# What a column that is no answer says of the respondent; `left_out`: nothing that is needed.
MetaName = Literal[
    "key", "started", "submitted", "duration", "status", "progress", "finished", "language", "channel",
    "device", "ip", "email", "name", "location", "weight", "wave", "left_out",
]  # fmt: skip


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


class Questionnaire(Schema):
    """What a survey asks: its questions, scales and the words that mean "no answer".

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

    @cached_property
    def derived_rules(self) -> tuple[Derived, ...]:
        """The derived variables, rows of grids in their conditions named as questions."""
        return tuple(map(self._rule_routed, self.derived)) if self.grids else self.derived

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

    def item_named(self, name: str) -> tuple[Question | None, Option | None]:
        """The rating and its item (the ranking and its option) a column is of; None where there is none."""
        battery_id, _, item_id = name.partition("__")
        for question in self.questions:
            if question.id == battery_id and question.traits.cells == "point":
                return question, next((part for part in question.parts if part.id == item_id), None)
        return None, None

    def source(self, name: str, known: Mapping[str, Question]) -> Question | None:
        """What `of` names: a variable, or an item of a rating by its points; None where there is none."""
        battery, item = self.item_named(name)
        match = known.get(name)
        if "__" in name and match is None:
            return self.points_as_options(battery, item) if battery and item else None
        scored = match is not None and match.traits.cells == "point" and not match.traits.split
        return self.points_as_options(match) if match and scored else match

    def points_of(self, question: Question) -> tuple[int | float, ...]:
        """The numbers that a cell of a question may hold and that rate, lowest first."""
        return self.scale_of(question).values

    def unrated_of(self, question: Question) -> tuple[Point, ...]:
        """The points that a cell of a question may hold and that rate nothing."""
        return self.scale_of(question).unrated if question.scale else ()

    def is_whole(self, question: Question) -> bool:
        """Whether the points of a question are whole numbers."""
        return self.scale_of(question).is_whole if question.scale else True

    def points_as_options(self, battery: Question, item: Option | None = None) -> Question:
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
        short = {lang: shortened(name) for lang, name in names.items()}
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
            return scale_of_numbers(range(NPS_HIGHEST + 1), self.languages, {})
        if question.kind == "ranking":
            places = range(1, question.places + 1)
            return scale_of_numbers(places, self.languages, {place: place_forms(place) for place in places})
        return self.scales[question.scale or ""]

    def has_scale(self, question: Question) -> bool:
        """Whether a question is answered by points that the file or its kind says."""
        return question.traits.cells == "point" and (
            question.kind != "rating" or question.scale in self.scales
        )
