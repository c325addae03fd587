"""Scales: the points of a rating, those of an nps and the places of a ranking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from survey.instrument.schema import Fault, KeyPath, Strict, Text, Wording, doubles, text_in

NPS_HIGHEST = 10
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CHINESE = "一二三四五六七八九十"


def _plain_number(value: int | float) -> int | float:
    """Write a whole number as one: 2.0 is the point 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# The value of a point: a whole number, or half of one.
PointValue = Annotated[int | float, AfterValidator(_plain_number)]


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


def scale_of_numbers(
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


def scale_faults(path: KeyPath, scale_id: str, scale: Scale) -> Iterator[Fault]:
    """Find points out of order, or that no table could show."""
    values: dict[str, Any] = {"scale": scale_id}
    if list(scale.values) != sorted(set(scale.values)):
        yield (*path, "points"), "scale_not_rising", values
    else:
        yield from doubles(path, "points", scale.points)
    for position, point in enumerate(scale.points):
        if not float(2 * point.value).is_integer():
            yield (*path, "points", position, "value"), "point_no_half", {**values, "value": point.id}
        if not point.substantive and position < len(scale.rated):
            yield (*path, "points", position), "point_aside_last", {**values, "value": point.id}
    if len(scale.rated) < 2:
        yield (*path, "points"), "scale_rates_nothing", values
    elif scale.top >= len(scale.rated):
        yield (*path, "top"), "scale_top_too_wide", {**values, "points": len(scale.rated)}
