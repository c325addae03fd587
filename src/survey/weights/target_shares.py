"""The shares that weights are to meet, from a dictionary or a YAML file, and who of the data is in which.

A target names a question and gives each of its options a share:

- a question of one answer (also a derived variable, a point of a scale): the shares add up to 1 or 100;
- a select-all question: each option is a margin of its own, ticked or not, and needs no sum;
- several questions crossed, `firm_type*position`: shares of `biotech*director`, adding up to 1 or 100.

What a target says is held against the instrument first (`target_problems`: also where there are no data yet,
as when a plan is checked), then against the respondents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.arguments import unfit
from survey.errors import DataError, InstrumentError, Place, Problem, SurveyError, UsageError
from survey.ingest.deriving import with_derived
from survey.ingest.responses import Responses
from survey.instrument import Instrument, Question
from survey.instrument.derived import CROSSED, ordered_rules
from survey.instrument.yaml_values import Located, parse_values, read_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

TargetsLike = Mapping[str, Mapping[Any, float]] | str | Path

RAKED = "rake"
_INLINE = "{"  # what targets begin with that are written out where else a file is named
_ROUNDING = 1e-6  # of a sum of shares
_REGROUPED = ("recode", "net", "bands")  # derived variables that put options of one question together
_SHOWN = 8  # options that an error lists
_MOST_CELLS = 10_000  # combinations of options that a crossed target may have


class Category(NamedTuple):
    """One share that is set: the question as it is named, its option, its label by language, the share."""

    question: str
    code: str
    share: float


@dataclass(frozen=True)
class Margin:
    """Shares that are met together: the options of a question, or one option ticked and not ticked.

    `places`: the category of every respondent. `shares`: that of each category; they add up to 1.
    `name`: as an error calls it.
    """

    name: str
    places: "Places"
    shares: "npt.NDArray[np.float64]"


@dataclass(frozen=True)
class Targets:
    """What is set: the shares as they were asked for, and the margins of the respondents."""

    categories: tuple[Category, ...]
    margins: tuple[Margin, ...]


@dataclass(frozen=True)
class _Target:
    """One target by the instrument: a question or several crossed, their codes, the shares as fractions.

    `name` is as it is written; `written` has for each code how it is written, which leads to its line.
    """

    name: str
    parts: tuple[Question, ...]
    codes: tuple[str, ...]
    shares: Mapping[str, float]
    written: Mapping[str, str]

    @property
    def is_select_all(self) -> bool:
        return self.parts[0].kind == "multiple"


def targets_of(
    targets: TargetsLike,
    responses: Responses,
    weights: "npt.NDArray[np.float64]",
    located: Located | None = None,
) -> Targets:
    """Read targets and hold them against the data; everything wrong with them is told at once.

    `located`: where the parts of targets stand that are no file of their own.

    Raises
    ------
    UsageError
        There is no such file, they are no targets, or name what the instrument does not have.
    InstrumentError
        The file is no YAML, or what it says cannot be: every problem carries file and line.
    DataError
        The data do not fit: a target nobody chose, a category without one, gaps in a raking variable.
    """
    shares, place_of = _read(targets, located)
    derived = with_derived(responses)
    usage_problems: list[Problem] = []
    reading = _Reading(derived, weights, place_of, [])
    categories: list[Category] = []
    margins: list[Margin] = []
    for name, wanted in shares.items():
        target, problems = _target_by(name, wanted, derived.instrument, place_of)
        usage_problems += problems
        if target is not None:
            own, made = reading.target(target)
            categories += own
            margins += made
    if usage_problems or reading.problems:
        problems = sorted([*usage_problems, *reading.problems], key=lambda problem: problem.place.line or 0)
        raise UsageError(*problems) if usage_problems else DataError(*problems)
    return Targets(tuple(categories), tuple(margins))


def target_problems(
    targets: TargetsLike, instrument: Instrument, located: Located | None = None
) -> list[Problem]:
    """What is wrong with targets whatever the data are: their form, names that are not there, sums."""
    try:
        shares, place_of = _read(targets, located)
    except SurveyError as error:
        return list(error.problems)
    return [
        problem
        for name, wanted in shares.items()
        for problem in _target_by(name, wanted, instrument, place_of)[1]
    ]


# -- targets by the instrument ------------------------------------------------------------------------------


def _read(
    targets: TargetsLike, located: Located | None = None
) -> tuple[dict[str, dict[str, float]], Located]:
    """Questions, their options and shares as numbers, and where each stands."""
    is_file = False
    if isinstance(targets, str) and targets.lstrip().startswith(_INLINE):
        data, _ = parse_values(targets, RAKED)
    elif isinstance(targets, str | Path):
        is_file = True
        data, located = parse_values(read_text(targets), str(targets))
    elif isinstance(targets, Mapping):
        data = targets
    else:
        raise unfit("targets_needed", targets)
    place_of: Located = located or (lambda _: Place())
    problems = list(_form_problems(data, place_of))
    if problems:
        raise InstrumentError(*problems) if is_file else UsageError(*problems)
    return {
        str(name): {str(code): float(share) for code, share in wanted.items()}
        for name, wanted in data.items()
    }, place_of


def _form_problems(data: Any, place_of: Located) -> Iterator[Problem]:
    """What is no question with options and shares."""
    if not isinstance(data, Mapping) or not data:
        yield Problem("targets_form", place_of(()))
        return
    for name, wanted in data.items():
        if not isinstance(wanted, Mapping) or not wanted:
            yield Problem("targets_of_question", place_of((name,)), {"question": name})
            continue
        for code, share in wanted.items():
            number = isinstance(share, int | float) and not isinstance(share, bool)
            if not number or not 0 <= share <= 100:
                place = place_of((name, code))
                written = f"'{share}'" if isinstance(share, str) else share
                yield Problem("target_share", place, {"question": name, "code": code, "share": written})


def _target_by(
    name: str, wanted: Mapping[str, float], instrument: Instrument, place_of: Located
) -> tuple[_Target | None, list[Problem]]:
    """A target by the instrument; None where it cannot be held against data."""
    try:
        parts = tuple(_part(part.strip(), instrument) for part in name.split(CROSSED))
    except SurveyError as error:
        return None, [Problem(one.key, place_of((name,)), one.values) for one in error.problems]
    several = [part.id for part in parts if part.kind == "multiple"]
    if several and len(parts) > 1:
        values: dict[str, Any] = {"question": name, "parts": several}
        return None, [Problem("target_crossed_select_all", place_of((name,)), values)]
    if (cells := prod(len(part.parts) for part in parts)) > _MOST_CELLS:
        values = {"question": name, "cells": cells, "most": _MOST_CELLS}
        return None, [Problem("target_crossed_many", place_of((name,)), values)]
    crossed = product(*([option.id for option in part.parts] for part in parts))
    codes = tuple(map(CROSSED.join, crossed))
    written = {CROSSED.join(part.strip() for part in code.split(CROSSED)): code for code in wanted}
    problems = [
        Problem(
            "target_unknown",
            place_of((name, code)),
            {"code": code, "question": name, "known": list(codes[:_SHOWN])},
        )
        for spaced, code in written.items()
        if spaced not in codes
    ]
    unit = 100.0 if any(share > 1 for share in wanted.values()) else 1.0
    if several and unit > 1 and (fractions := [code for code in wanted if 0 < wanted[code] < 1]):
        values = {"question": name, "codes": fractions}
        problems.append(Problem("target_units", place_of((name, fractions[0])), values))
    if not several:
        total = sum(wanted[code] for code in written.values())
        unit = next((whole for whole in (1.0, 100.0) if abs(total - whole) <= _ROUNDING * whole), 0.0)
        if not unit:
            values = {"question": name, "total": f"{total:.10g}"}
            problems.append(Problem("target_total", place_of((name,)), values))
        unit = unit and total
    if problems:
        return None, problems
    shares = {spaced: wanted[code] / unit for spaced, code in written.items()}
    return _Target(name, parts, codes, shares, written), []


def _part(name: str, instrument: Instrument) -> Question:
    match = next((one for one in instrument.variables if one.id == name), None)
    if match is not None and match.kind == "multiple":
        return match
    return instrument.question(name, "single", "multiple")


# -- who of the data is in which ---------------------------------------------------------------------------


@dataclass
class _Reading:
    """Targets held against one data set; what is wrong is gathered."""

    responses: Responses
    weights: "npt.NDArray[np.float64]"
    place_of: Located
    problems: list[Problem]

    def target(self, target: _Target) -> tuple[list[Category], list[Margin]]:
        """The categories and margins of one target; nothing where it cannot be."""
        return self._ticked(target) if target.is_select_all else self._margin(target)

    def _is_answered(self, target: _Target) -> bool:
        """Whether everybody who counts answered; who did not has no place in the margin."""
        gaps = [
            (part, int(((codes_of(self.responses, part) < 0) & (self.weights > 0)).sum()))
            for part in target.parts
        ]
        for part, count in gaps:
            if count:
                values = {"question": part.id, "count": count}
                self.problems.append(Problem("target_gaps", self.place_of((target.name,)), values))
        return not any(count for _, count in gaps)

    def _margin(self, target: _Target) -> tuple[list[Category], list[Margin]]:
        """Of a question of one answer, or of several crossed."""
        import numpy as np

        if not self._is_answered(target):
            return [], []
        name, codes = target.name, target.codes
        places = np.zeros(len(self.responses), np.int64)
        for part in target.parts:
            places = places * len(part.parts) + codes_of(self.responses, part)
        counted = np.bincount(places[self.weights > 0], minlength=len(codes)).tolist()
        problems = []
        for code, count in zip(codes, counted, strict=True):
            values = {"question": name, "code": code, "count": count}
            place = self.place_of((name, target.written.get(code, code)))
            if count and code not in target.shares:
                problems.append(Problem("target_missing", self.place_of((name,)), values))
            elif count and not target.shares[code]:
                problems.append(Problem("target_zero", place, values))
            elif not count and target.shares.get(code):
                problems.append(Problem("target_nobody", place, values))
        self.problems += problems
        if problems:
            return [], []
        shares = np.array([target.shares.get(code, 0.0) for code in codes])
        named = CROSSED.join(part.id for part in target.parts)
        own = [Category(named, code, float(shares[codes.index(code)])) for code in target.shares]
        return own, [Margin(name, places, shares)]

    def _ticked(self, target: _Target) -> tuple[list[Category], list[Margin]]:
        """Of the options of a select-all question, each ticked or not."""
        import numpy as np

        name, question = target.name, target.parts[0]
        categories, margins = [], []
        counts = self.weights > 0
        for code, share in target.shares.items():
            place = self.place_of((name, code))
            ticks = self.responses.data[f"{question.id}__{code}"]
            gaps = int((ticks.isna().to_numpy() & counts).sum())
            yes = ticks.to_numpy(dtype=bool, na_value=False)
            n, base = int((yes & counts).sum()), int(counts.sum())
            values = {"question": name, "code": code, "count": n}
            if gaps:
                values = {"question": f"{question.id}__{code}", "count": gaps}
                self.problems.append(Problem("target_gaps", place, values))
            elif not n and share:
                self.problems.append(Problem("target_nobody", place, values))
            elif n and not share:
                self.problems.append(Problem("target_zero", place, values))
            elif n == base and share < 1:
                self.problems.append(Problem("target_everybody", place, values))
            elif n < base and share == 1:
                self.problems.append(Problem("target_whole", place, {**values, "count": base - n}))
            else:
                categories.append(Category(name, code, share))
                shares = np.array([1 - share, share])
                margins.append(Margin(f"{name}: {code}", yes.astype(np.int64), shares))
        return categories, margins


def codes_of(responses: Responses, question: Question) -> "Places":
    """Of every respondent the place of the option among those of a question of one answer; -1 for a gap."""
    import numpy as np

    answers = responses.data[question.id]
    places = {part.id: place for place, part in enumerate(question.parts)}
    texts = answers.astype(object).map(_as_code, na_action="ignore")
    return np.array([places.get(code, -1) if isinstance(code, str) else -1 for code in texts], np.int64)


def _as_code(answer: Any) -> str:
    """An answer as the id of its option: a point of a scale by its number."""
    return answer if isinstance(answer, str) else f"{answer:g}"


def set_by(instrument: Instrument, names: Sequence[str]) -> tuple[str, ...]:
    """The questions and variables whose shares targets of these names set: these are no estimates.

    Those named, every part of crossed ones, and what puts the options of one of them together.
    """
    known = list(dict.fromkeys(part.strip() for name in names for part in (name, *name.split(CROSSED))))
    single = {question.id for question in instrument.variables if question.kind == "single"}
    for rule in ordered_rules(instrument.rules):
        of_one = rule.kind in _REGROUPED and len(rule.sources) == 1 and rule.sources[0] in single
        if of_one and rule.sources[0] in known and rule.id not in known:
            known.append(rule.id)
    return tuple(known)
