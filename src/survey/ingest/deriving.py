"""Derived variables computed: their columns beside those of the answers, and why one has no value.

A missing value comes of missing answers. It is missing of the same kind where all the answers it waits for
are missing of one kind, else `empty`. Who is in no option although everything is known is `not_asked`: the
variable is not about them. Conditions are decided as far as the answers allow (Kleene, S. C., 1952): one of
several that may hold holds where any does, whatever is unknown beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Any

from survey.errors import Problem
from survey.ingest.days import quantities
from survey.ingest.responses import MISSING_KINDS, Responses
from survey.instrument import Instrument, Question
from survey.instrument.derived import Derived, DerivedOption, band_ends, ordered_rules, scored_columns
from survey.instrument.question import AskedIf

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Mask = npt.NDArray[np.bool_]
    Kinds = npt.NDArray[np.int8]  # 0 for an answer, else the place in `MISSING_KINDS` from 1

EMPTY, NOT_ASKED = (MISSING_KINDS.index(kind) + 1 for kind in ("empty", "not_asked"))


@dataclass(frozen=True)
class Verdict:
    """Of every respondent: whether something holds, and the kind of missing where nobody can know, or 0."""

    holds: "Mask"
    kinds: "Kinds"

    @property
    def unknown(self) -> "Mask":
        """Where nobody can know."""
        mask: Mask = self.kinds > 0
        return mask

    def __invert__(self) -> "Verdict":
        """Hold where this does not."""
        return Verdict(~self.holds & ~self.unknown, self.kinds)

    def __and__(self, other: "Verdict") -> "Verdict":
        """Hold where both do; not where either does not, whatever the other."""
        fails = (~self.holds & ~self.unknown) | (~other.holds & ~other.unknown)
        kinds = both_kinds(self.kinds, other.kinds)
        kinds[fails] = 0
        return Verdict(self.holds & other.holds, kinds)

    def __or__(self, other: "Verdict") -> "Verdict":
        """Hold where either does."""
        return ~(~self & ~other)


def both_kinds(one: "Kinds", other: "Kinds") -> "Kinds":
    """The kind of missing of what waits for two: that of both, or of the one; `empty` where they differ."""
    import numpy as np

    kinds = np.where(one == 0, other, one).astype(np.int8)
    kinds[(one > 0) & (other > 0) & (one != other)] = EMPTY
    return kinds


def with_derived(responses: Responses) -> Responses:
    """The same responses with every derived variable that is not there yet; who is in no option is told."""
    rules = [rule for rule in responses.instrument.rules if rule.id not in _there(responses)]
    if not rules:
        return responses
    data, missing, outside = derive(responses.instrument, responses.data, responses.missing, rules)
    labels = {rule.id: rule.short for rule in rules}
    notices = [
        Problem("derived_outside", values={"variable": name, "label": labels[name], "count": count})
        for name, count in outside.items()
        if count
    ]
    return replace(responses, data=data, missing=missing, problems=(*responses.problems, *notices))


def crossed(responses: Responses, names: Sequence[str]) -> Responses:
    """The same responses with the questions that are crossed in `names` (`a*b`) as further variables.

    Raises
    ------
    UsageError
        A part is no question with options, or there are too many combinations.
    """
    return with_derived(replace(responses, instrument=responses.instrument.crossed(*names)))


def _there(responses: Responses) -> set[str]:
    return {name.partition("__")[0] for name in responses.data.columns}


def derive(
    instrument: Instrument,
    data: "pd.DataFrame",
    missing: "pd.DataFrame",
    rules: Sequence[Derived],
) -> "tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]":
    """Compute some derived variables: answers and kinds of missing as they were, with the columns of these.

    Last come, by variable, how many are in none of its options although everything is known of them.
    """
    import pandas as pd

    table = _Answers(instrument, dict(data.items()), {name: _places(missing[name]) for name in missing})
    added, gaps = {}, {}
    kinds = pd.CategoricalDtype(["", *MISSING_KINDS])
    for rule in ordered_rules(instrument.rules):
        if rule not in rules:
            continue
        question = instrument.question(rule.id)
        for name, (values, marks) in _MAKERS[rule.kind](table, rule, question).items():
            added[name] = pd.Series(values, index=data.index)
            gaps[name] = pd.Categorical.from_codes(marks, dtype=kinds)
            table.columns[name], table.kinds[name] = added[name], marks
    order = [name for rule in rules for name in instrument.question(rule.id).columns]
    return (
        pd.concat([data, pd.DataFrame({name: added[name] for name in order}, index=data.index)], axis=1),
        pd.concat([missing, pd.DataFrame({name: gaps[name] for name in order}, index=data.index)], axis=1),
        table.outside,
    )


def _places(kinds: "pd.Series[Any]") -> "Kinds":
    """The kinds of missing of a column as numbers."""
    import numpy as np
    import pandas as pd

    dtype = pd.CategoricalDtype(["", *MISSING_KINDS])
    codes: Kinds = kinds.astype(dtype).cat.codes.to_numpy().astype(np.int8)
    return codes


_Column = tuple[Any, "Kinds"]  # its values, and the kinds of those that are missing


@dataclass
class _Answers:
    """The columns that rules read: answers, kinds of the missing ones; how many are in no option."""

    instrument: Instrument
    columns: "dict[str, pd.Series[Any]]"
    kinds: "dict[str, Kinds]"
    outside: dict[str, int] = field(default_factory=dict)

    def gaps(self, name: str) -> "Kinds":
        """The kind of missing of every answer of a column, 0 where there is one.

        An option without a place beside options that have one was left out, which is known: it has no place.
        """
        import numpy as np

        gone = self.columns[name].isna().to_numpy()
        whole, _ = self.instrument.item_named(name)
        if whole is not None and whole.kind == "ranking":
            gone = np.logical_and.reduce([self.columns[each].isna() for each in whole.answer_columns])
        kinds: Kinds = np.where(gone, np.where(self.kinds[name] > 0, self.kinds[name], EMPTY), 0).astype(
            np.int8
        )
        return kinds

    def among(self, name: str, codes: Sequence[Any]) -> Verdict:
        """Who gave one of some answers."""
        return Verdict(self.columns[name].isin(list(codes)).to_numpy(dtype=bool), self.gaps(name))

    def ticked(self, name: str) -> Verdict:
        """Who ticked an option."""
        return Verdict(self.columns[name].fillna(False).to_numpy(dtype=bool), self.gaps(name))

    def in_option(self, question: Question, option: str) -> Verdict:
        """Who is in an option of a question, or gave a point to an item."""
        if question.kind == "multiple":
            return self.ticked(f"{question.id}__{option}")
        is_point = self.columns[question.id].dtype.kind in "if"
        return self.among(question.id, [float(option)] if is_point else [option])

    def beside_options(self, question: Question) -> "Mask":
        """Who gave an answer that is none of the options: a point of an item that rates nothing."""
        import numpy as np

        if question.id not in self.columns or self.columns[question.id].dtype.kind not in "if":
            return np.zeros(len(next(iter(self.columns.values()))), np.bool_)
        points = [float(option.id) for option in question.options]
        beside: Mask = (self.gaps(question.id) == 0) & ~self.columns[question.id].isin(points).to_numpy(bool)
        return beside

    def any_option(self, question: Question, options: Sequence[Any]) -> Verdict:
        """Who is in any of some options."""
        return reduce(Verdict.__or__, [self.in_option(question, str(option)) for option in options])

    def limited(self, name: str, low: float | None, high: float | None) -> Verdict:
        """Who gave a number from `low` to `high`, both included."""
        import numpy as np

        numbers = self.numbers(name)
        with np.errstate(invalid="ignore"):
            holds = np.ones(len(numbers), np.bool_) if low is None else numbers >= low
            holds &= True if high is None else numbers <= high
        gaps = self.gaps(name)
        return Verdict(holds & (gaps == 0), gaps)

    def numbers(self, name: str) -> "npt.NDArray[np.float64]":
        """A column as numbers, nan where there is none; days from the first of 1970."""
        return quantities(self.columns[name])

    def condition(self, route: AskedIf) -> Verdict:
        """Who meets a condition on one answer."""
        question = self.instrument.question(route.question)
        name = f"{question.id}__{route.item}" if route.item else question.id
        parts = []
        if question.kind == "multiple":
            parts += [self.any_option(question, route.any)] if route.any else []
            parts += [~self.any_option(question, route.none)] if route.none else []
        else:
            parts += [self.among(name, route.any)] if route.any else []
            parts += [~self.among(name, route.none)] if route.none else []
            if route.at_least is not None or route.at_most is not None:
                unrated = [point.value for point in self.instrument.unrated_of(question)]
                parts.append(self.limited(name, route.at_least, route.at_most))
                parts += [~self.among(name, unrated)] if unrated else []  # neither more nor less
        return reduce(Verdict.__and__, parts)


def _first_of(table: _Answers, question: Question, verdicts: Sequence[Verdict]) -> dict[str, _Column]:
    """A single question: the first option that holds, as long as none before it is unknown."""
    import numpy as np
    import pandas as pd

    size = len(verdicts[0].holds)
    codes, kinds = np.full(size, -1), np.zeros(size, np.int8)
    for place, verdict in enumerate(verdicts):
        waiting = (codes < 0) & (kinds == 0)
        codes[waiting & verdict.holds] = place
        unknown = waiting & verdict.unknown
        kinds[unknown] = verdict.kinds[unknown]
    outside = (codes < 0) & (kinds == 0)
    table.outside[question.id] = int(outside.sum())
    kinds[outside] = NOT_ASKED
    options = [option.id for option in question.options]
    return {question.id: (pd.Categorical.from_codes(codes, categories=options), kinds)}


def _ticks(question: Question, verdicts: Sequence[Verdict]) -> dict[str, _Column]:
    """A select-all question: a tick where an option holds."""
    import pandas as pd

    return {
        name: (pd.arrays.BooleanArray(verdict.holds, verdict.unknown), verdict.kinds)
        for name, verdict in zip(question.answer_columns, verdicts, strict=True)
    }


def _with_others(options: Sequence[DerivedOption], verdicts: Sequence[Verdict | None]) -> list[Verdict]:
    """The verdicts of all options: `otherwise` holds where all others certainly do not."""
    known = [verdict for verdict in verdicts if verdict is not None]
    rest = ~reduce(Verdict.__or__, known)
    return [rest if verdict is None else verdict for verdict in verdicts]


def _bands(table: _Answers, rule: Derived, question: Question) -> dict[str, _Column]:
    import numpy as np

    name = rule.sources[0]
    numbers, gaps = table.numbers(name), table.gaps(name)
    dated = table.columns[name].dtype.kind == "M"
    verdicts = []
    for option in rule.options:
        low, end = band_ends(option, whole=dated)
        with np.errstate(invalid="ignore"):
            verdicts.append(Verdict((numbers >= low) & (numbers < end), gaps))
    return _first_of(table, question, verdicts)


def _recode(table: _Answers, rule: Derived, question: Question) -> dict[str, _Column]:
    source = table.instrument.sources_of(rule)[0]
    verdicts = [None if option.otherwise else table.any_option(source, option.any) for option in rule.options]
    return _first_of(table, question, _with_others(rule.options, verdicts))


def _net(table: _Answers, rule: Derived, question: Question) -> dict[str, _Column]:
    import numpy as np

    source = table.instrument.sources_of(rule)[0]
    verdicts = [table.any_option(source, option.any) for option in rule.options]
    beside = table.beside_options(source)
    kept = [Verdict(one.holds, np.where(beside, NOT_ASKED, one.kinds).astype(np.int8)) for one in verdicts]
    return _ticks(question, kept)


def _condition(table: _Answers, rule: Derived, question: Question) -> dict[str, _Column]:
    verdicts: list[Verdict | None] = []
    for option in rule.options:
        parts = [table.condition(route) for route in option.all_of]
        if option.any_of:
            parts.append(reduce(Verdict.__or__, [table.condition(route) for route in option.any_of]))
        verdicts.append(reduce(Verdict.__and__, parts) if parts else None)
    return _first_of(table, question, _with_others(rule.options, verdicts))


def _score(table: _Answers, rule: Derived, question: Question) -> dict[str, _Column]:
    """Mean or sum of the items answered, where enough are; items that are reversed are turned round first."""
    import numpy as np
    import pandas as pd

    rows, kinds = [], None
    for source, item, name in scored_columns(rule, table.instrument.sources_of(rule)):
        numbers, gaps = table.numbers(name), table.gaps(name)
        if source.kind == "rating":
            values = table.instrument.scale_of(source).values
            aside = ~np.isnan(numbers) & ~np.isin(numbers, values)  # a point that says nothing of how much
            numbers, gaps = np.where(aside, np.nan, numbers), np.where(aside, EMPTY, gaps).astype(np.int8)
            if item is not None and getattr(item, "reverse", False):
                numbers = values[0] + values[-1] - numbers
        rows.append(numbers)
        kinds = gaps if kinds is None else both_kinds(kinds, gaps)
    numbers = np.vstack(rows)
    answered = (~np.isnan(numbers)).sum(axis=0)
    enough = answered >= (rule.least or len(rows))
    total = np.nansum(numbers, axis=0)
    score = total if rule.take == "sum" else total / np.maximum(answered, 1)
    assert kinds is not None
    marks = np.where(enough, 0, kinds).astype(np.int8)
    return {question.id: (pd.arrays.FloatingArray(np.where(enough, score, 0.0), ~enough), marks)}


def _cross(table: _Answers, rule: Derived, question: Question) -> dict[str, _Column]:
    """Who is in every combination of options, of those who answered all that is crossed."""
    import numpy as np

    sources = table.instrument.sources_of(rule)
    inside = {
        (source.id, option.id): table.in_option(source, option.id)
        for source in sources
        for option in source.groups
    }
    verdicts = []
    for cell in product(*(source.groups for source in sources)):
        parts = [inside[source.id, option.id] for source, option in zip(sources, cell, strict=True)]
        kinds = reduce(both_kinds, [part.kinds for part in parts])
        holds = np.logical_and.reduce([part.holds for part in parts])
        verdicts.append(Verdict(holds & (kinds == 0), kinds))
    return _ticks(question, verdicts) if question.kind == "multiple" else _first_of(table, question, verdicts)


_MAKERS = {
    "bands": _bands,
    "recode": _recode,
    "net": _net,
    "condition": _condition,
    "score": _score,
    "cross": _cross,
}
