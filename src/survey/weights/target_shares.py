"""The shares that weights are to meet, from a dictionary or a YAML file, and who of the data is in which.

A target names a question and gives each of its options a share:

- a question of one answer (also a derived variable, a point of a scale): the shares add up to 1 or 100;
- a select-all question: each option is a margin of its own, ticked or not, and needs no sum;
- several questions crossed, `firm_type*position`: shares of `biotech*director`, adding up to 1 or 100.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.arguments import unfit
from survey.errors import DataError, InstrumentError, Place, Problem, SurveyError, UsageError
from survey.ingest.deriving import with_derived
from survey.ingest.responses import Responses
from survey.instrument import Instrument, Question
from survey.instrument.derived import CROSSED, ordered_rules
from survey.instrument.loading import parse_values, read_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

TargetsLike = Mapping[str, Mapping[Any, float]] | str | Path

_ROUNDING = 1e-6  # of a sum of shares
_REGROUPED = ("recode", "net", "bands")  # derived variables that put options of one question together
_SHOWN = 8  # options that an error lists


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


def targets_of(targets: TargetsLike, responses: Responses, weights: "npt.NDArray[np.float64]") -> Targets:
    """Read targets and hold them against the data; everything wrong with them is told at once.

    Raises
    ------
    UsageError
        There is no such file, they are no targets, or name what the instrument does not have.
    InstrumentError
        The file is no YAML, or what it says cannot be: every problem carries file and line.
    DataError
        The data do not fit: a target nobody chose, a category without one, gaps in a raking variable.
    """
    shares, place_of = _read(targets)
    reading = _Reading(with_derived(responses), weights, place_of, [], [])
    categories: list[Category] = []
    margins: list[Margin] = []
    for name, wanted in shares.items():
        own, made = reading.question(name, wanted)
        categories += own
        margins += made
    if problems := [*reading.usage, *reading.data]:
        problems.sort(key=lambda problem: problem.place.line or 0)
        raise UsageError(*problems) if reading.usage else DataError(*problems)
    return Targets(tuple(categories), tuple(margins))


class _Places:
    """Where a target stands in its file; nowhere, of a dictionary."""

    def __init__(self, located: Any = None) -> None:
        self._located = located

    def __call__(self, *path: str) -> Place:
        place: Place = self._located(path) if self._located else Place()
        return place


def _read(targets: TargetsLike) -> tuple[dict[str, dict[str, float]], _Places]:
    """Questions, their options and shares as numbers, and where each stands."""
    if isinstance(targets, str | Path):
        data, located = parse_values(read_text(targets), str(targets))
        place_of = _Places(located)
    elif isinstance(targets, Mapping):
        data, place_of = targets, _Places()
    else:
        raise unfit("targets_needed", targets)
    problems = list(_form_problems(data, place_of))
    if problems:
        raise InstrumentError(*problems) if isinstance(targets, str | Path) else UsageError(*problems)
    return {
        str(name): {str(code): float(share) for code, share in wanted.items()}
        for name, wanted in data.items()
    }, place_of


def _form_problems(data: Any, place_of: _Places) -> Iterator[Problem]:
    """What is no question with options and shares."""
    if not isinstance(data, Mapping) or not data:
        yield Problem("targets_form", place_of())
        return
    for name, wanted in data.items():
        if not isinstance(wanted, Mapping) or not wanted:
            yield Problem("targets_of_question", place_of(name), {"question": name})
            continue
        for code, share in wanted.items():
            number = isinstance(share, int | float) and not isinstance(share, bool)
            if not number or not 0 <= share <= 100:
                place = place_of(name, code)
                yield Problem("target_share", place, {"question": name, "code": code, "share": share})


@dataclass
class _Reading:
    """Targets of one data set; what is wrong is gathered."""

    responses: Responses
    weights: "npt.NDArray[np.float64]"
    place_of: _Places
    usage: list[Problem]
    data: list[Problem]

    @property
    def instrument(self) -> Instrument:
        """Of the responses."""
        return self.responses.instrument

    def question(self, name: str, wanted: Mapping[str, float]) -> tuple[list[Category], list[Margin]]:
        """The categories and margins of one target; nothing where it cannot be."""
        try:
            parts = [self._part(part.strip()) for part in name.split(CROSSED)]
        except SurveyError as error:
            place = self.place_of(name)
            self.usage += [Problem(one.key, place, one.values) for one in error.problems]
            return [], []
        if len(parts) > 1:
            return self._crossed(name, parts, wanted)
        if parts[0].kind == "multiple":
            return self._ticked(name, parts[0], wanted)
        return self._single(name, parts[0], wanted)

    def _part(self, name: str) -> Question:
        match = next((one for one in self.instrument.variables if one.id == name), None)
        if match is not None and match.kind == "multiple":
            return match
        return self.instrument.question(name, "single", "multiple")

    # -- a question of one answer, and several crossed -----------------------------------------------------

    def _single(
        self, name: str, question: Question, wanted: Mapping[str, float]
    ) -> tuple[list[Category], list[Margin]]:
        codes = [part.id for part in question.parts]
        if not self._are_known(name, codes, wanted) or not self._is_answered(name, [question]):
            return [], []
        return self._margin(name, codes, codes_of(self.responses, question), wanted)

    def _crossed(
        self, name: str, parts: Sequence[Question], wanted: Mapping[str, float]
    ) -> tuple[list[Category], list[Margin]]:
        import numpy as np

        several = [part.id for part in parts if part.kind == "multiple"]
        if several:
            values = {"question": name, "parts": several}
            self.usage.append(Problem("target_crossed_select_all", self.place_of(name), values))
            return [], []
        codes = [""]
        for part in parts:
            codes = [f"{code}{CROSSED if code else ''}{option.id}" for code in codes for option in part.parts]
        wanted = {CROSSED.join(one.strip() for one in code.split(CROSSED)): wanted[code] for code in wanted}
        if not self._are_known(name, codes, wanted) or not self._is_answered(name, parts):
            return [], []
        places = np.zeros(len(self.responses), np.int64)
        for part in parts:
            places = places * len(part.parts) + codes_of(self.responses, part)
        return self._margin(name, codes, places, wanted)

    def _are_known(self, name: str, codes: Sequence[str], wanted: Mapping[str, float]) -> bool:
        unknown = [code for code in wanted if code not in codes]
        for code in unknown:
            values = {"code": code, "question": name, "known": list(codes[:_SHOWN])}
            self.usage.append(Problem("target_unknown", self.place_of(name, code), values))
        return not unknown

    def _is_answered(self, name: str, questions: Sequence[Question]) -> bool:
        """Whether everybody who counts answered; who did not has no place in the margin."""
        gaps = [
            (question, int(((codes_of(self.responses, question) < 0) & (self.weights > 0)).sum()))
            for question in questions
        ]
        for question, count in gaps:
            if count:
                values = {"question": question.id, "count": count}
                self.data.append(Problem("target_gaps", self.place_of(name), values))
        return not any(count for _, count in gaps)

    def _margin(
        self, name: str, codes: Sequence[str], places: "Places", wanted: Mapping[str, float]
    ) -> tuple[list[Category], list[Margin]]:
        import numpy as np

        total = sum(wanted.values())
        unit = next((whole for whole in (1, 100) if abs(total - whole) <= _ROUNDING * whole), 0)
        if not unit:
            values = {"question": name, "total": f"{total:.10g}"}
            self.usage.append(Problem("target_total", self.place_of(name), values))
        counted = np.bincount(places[self.weights > 0], minlength=len(codes)).tolist()
        problems = []
        for code, count in zip(codes, counted, strict=True):
            values = {"question": name, "code": code, "count": count}
            if count and code not in wanted:
                problems.append(Problem("target_missing", self.place_of(name), values))
            elif count and not wanted[code]:
                problems.append(Problem("target_zero", self.place_of(name, code), values))
            elif not count and wanted.get(code):
                problems.append(Problem("target_nobody", self.place_of(name, code), values))
        self.data += problems
        if problems or not unit:
            return [], []
        shares = np.array([wanted.get(code, 0.0) for code in codes]) / total
        named = CROSSED.join(part.strip() for part in name.split(CROSSED))
        own = [Category(named, code, float(shares[codes.index(code)])) for code in wanted]
        return own, [Margin(name, places, shares)]

    # -- a select-all question -------------------------------------------------------------------------------

    def _ticked(
        self, name: str, question: Question, wanted: Mapping[str, float]
    ) -> tuple[list[Category], list[Margin]]:
        import numpy as np

        if not self._are_known(name, [part.id for part in question.parts], wanted):
            return [], []
        whole = 100.0 if any(share > 1 for share in wanted.values()) else 1.0
        categories, margins = [], []
        counts = self.weights > 0
        for code, given in wanted.items():
            share, place = given / whole, self.place_of(name, code)
            ticks = self.responses.data[f"{question.id}__{code}"]
            gaps = int((ticks.isna().to_numpy() & counts).sum())
            yes = ticks.to_numpy(dtype=bool, na_value=False)
            n, base = int((yes & counts).sum()), int(counts.sum())
            values = {"question": name, "code": code, "count": n}
            if gaps:
                values = {"question": f"{question.id}__{code}", "count": gaps}
                self.data.append(Problem("target_gaps", place, values))
            elif not n and share:
                self.data.append(Problem("target_nobody", place, values))
            elif n and not share:
                self.data.append(Problem("target_zero", place, values))
            elif n == base and share < 1:
                self.data.append(Problem("target_everybody", place, values))
            elif n < base and share == 1:
                self.data.append(Problem("target_whole", place, {**values, "count": base - n}))
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
