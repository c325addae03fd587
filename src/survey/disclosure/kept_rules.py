"""Which rules of a questionnaire everybody kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from survey.counts.row_counts import RowCounts
from survey.disclosure.reader_knowledge import EVERYBODY, REST, Limit, Part
from survey.disclosure.reader_routes import SETS, Deciders, ticked_in
from survey.ingest.days import quantities
from survey.instrument import Question
from survey.statistics.group_members import members_of

Rule = tuple[Limit, ...]


def kept_limits(
    counts: RowCounts,
    rules: Iterable[Rule],
    deciders: Deciders,
    banners: Sequence[Question],
    only: str | None,
) -> list[Limit]:
    """The strictest limit of each rule that every respondent kept."""
    answers = _Answers(counts, deciders, {banner.id: banner for banner in banners}, only)
    kept = (next(filter(answers.keep, rule), None) for rule in rules)
    return [limit for limit in kept if limit is not None]


def possible_limits(rules: Sequence[Rule], is_possible: Callable[[list[Limit]], bool]) -> list[Limit]:
    """Those limits that may all have been kept, as far as printed counts say: a tally has no respondents.

    To know of more rules than were kept is to protect more: whoever does not know them can tell less.
    """
    every = [rule[0] for rule in rules]
    if is_possible(every):
        return every
    limits: list[Limit] = []
    for rule in rules:
        limits += [limit for limit in rule if is_possible([*limits, limit])][:1]
    return limits


class _Answers:
    """What every respondent answered to each part, as places in the list of its answers; -1: nothing."""

    def __init__(
        self, counts: RowCounts, deciders: Deciders, banners: Mapping[str, Question], only: str | None
    ) -> None:
        """Take what was answered."""
        self.counts, self.deciders, self.banners, self.only = counts, deciders, banners, only
        self._places: dict[Part, Any] = {}
        self._members: dict[str, Any] = {}

    def keep(self, limit: Limit) -> bool:
        """Whether everybody kept a limit."""
        import numpy as np

        total = np.zeros(len(self.counts), dtype=int)
        for part, answers, factor in limit.terms:
            total += factor * self._gave(part, answers)
        return not bool((total > limit.most)[self._within(limit)].any())

    def _gave(self, part: Part, answers: Sequence[str] | None) -> Any:
        import numpy as np

        if part not in self._places:
            self._places[part] = self._placed(part)
        if answers is None:
            return self._places[part] >= 0
        known = list(self.deciders.all_of(part))
        return np.isin(self._places[part], [known.index(answer) for answer in answers])

    def _placed(self, part: Part) -> Any:
        import numpy as np

        question = self.counts.instrument.question(part.question)
        name = f"{part.question}__{part.item}" if part.item else part.question
        known = list(self.deciders.all_of(part))
        places = np.full(len(self.counts), -1)
        if part in self.deciders.steps:
            numbers = quantities(self.counts.responses.data[name])
            given = ~np.isnan(numbers)
            steps = self.deciders.steps[part]
            places[given] = np.searchsorted(steps.kept, steps.places(numbers[given]))
            return places
        columns = self.counts.definition.columns
        if part.item == SETS:
            return self._sets(question, known)
        for column in (columns.by_name[name], columns.unrated.get(name)):
            if column is None:
                continue
            codes = self.counts.codes_of(column.name)
            labels = [REST, part.item] if question.kind == "multiple" else list(map(str, column.codes))
            for place, label in enumerate(labels, 1):
                places[codes == place] = known.index(label) if label in known else len(known)
        return places

    def _sets(self, question: Question, known: Sequence[str]) -> Any:
        """Which set of options was ticked by those who answered all of them."""
        import numpy as np

        ticks = [Part(question.id, option.id) for option in question.options]
        places = np.full(len(self.counts), -1)
        answered = np.all([self._gave(tick, None) for tick in ticks], axis=0)
        for place, answer in enumerate(known):
            wanted = ticked_in(answer)
            same = [self._gave(tick, (tick.item,)) == (tick.item in wanted) for tick in ticks]
            places[answered & np.all(same, axis=0)] = place
        return places

    def _within(self, limit: Limit) -> Any:
        import numpy as np

        group = limit.within
        if group == EVERYBODY:
            return np.ones(len(self.counts), dtype=bool)
        banner = self.banners[group.banner]
        if banner.id not in self._members:
            own = members_of(banner, self.counts.memberships(banner), self.only)
            self._members[banner.id] = np.where(np.isnan(own), -1, own)
        place = [one.id for one in banner.groups].index(group.code)
        return self._members[banner.id][:, place] == limit.state
