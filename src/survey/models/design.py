"""The terms of a model and the respondents as patterns of them: what every model of needs starts from.

A term is 1 or 0 of each respondent: membership of a group, or an option of a single question against the one
most respondents chose. Respondents with the same terms are one pattern, so that a model of any number of
respondents is as large as the number of patterns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.counts import Tally
from survey.counts.row_counts import Counts
from survey.errors import usage
from survey.instrument import Option, Question
from survey.instrument.kinds import kinds_with
from survey.messages import message
from survey.statistics.indicators import YesNo, banner_of, group_table, shares, top_points

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]


Remark = tuple[str, str]  # codes of `REASONS`, and their sentence


@dataclass(frozen=True)
class Term:
    """One term: an option of a question, against nothing (select-all) or a reference (single).

    `held`: whether it is there only to be held (`adjust`), so that its p-value is not among those adjusted.
    """

    question: Question
    option: Option
    reference: Option | None = None
    held: bool = False

    @property
    def id(self) -> str:
        """The id of the group; of a term that is held, question and option as `where` writes them."""
        return f"{self.question.id}={self.option.id}" if self.held else self.option.id

    def label(self, lang: str) -> str:
        """The label of the group, with what it is compared with where that is not the rest."""
        label = self.option.said(lang)
        if self.reference is None:
            return label
        return message("model_term_against", lang, term=label, reference=self.reference.said(lang))


@dataclass(frozen=True)
class Design:
    """The terms, and the answers to a question by pattern of them.

    `patterns`: patterns x terms, 1.0 or 0.0; `answers`: patterns x indicators of the question; `unasked`:
    the terms that nobody was asked, which are 0 everywhere;
    `places`: the pattern of each respondent, -1 where a term is unknown (None where there is a tally alone);
    `bases`: who answered each part of the question at all, so that it is known how many are left out.
    """

    terms: tuple[Term, ...]
    patterns: "Numbers"
    answers: "Whole"
    unasked: tuple[int, ...]
    bases: tuple[int, ...]
    stub: Question
    layout: YesNo
    points: int
    places: "Whole | None" = None

    def yes_and_no(self, place: int) -> "tuple[Whole, Whole]":
        """How many of each pattern said yes and no to a part of the question."""
        return self.answers @ self.layout.yes[place], self.answers @ self.layout.no[place]

    def by_point(self, place: int) -> "Whole":
        """Of a rating: how many of each pattern gave each point of the scale to an item."""
        return self.answers[:, place * self.points : (place + 1) * self.points]

    @property
    def references(self) -> dict[str, str]:
        """The option that those of each single question are compared with."""
        return {term.question.id: term.reference.id for term in self.terms if term.reference is not None}

    @cached_property
    def families(self) -> tuple[tuple[int, ...], ...]:
        """For each term the terms that exclude it: the other options of the same single question."""
        return tuple(
            tuple(
                other
                for other, peer in enumerate(self.terms)
                if other != at and term.reference is not None and peer.question.id == term.question.id
            )
            for at, term in enumerate(self.terms)
        )

    def same_item(self, place: int) -> bool:
        """Whether the points of this very item are terms: it cannot explain itself."""
        own = self.stub.answer_columns[place] if self.stub.kind == "rating" else ""
        return any(term.question.id == own for term in self.terms)

    def with_rows(self, terms: "Numbers") -> "Design":
        """The same terms with other patterns, without answers."""
        return replace(self, patterns=terms, answers=self.answers[:0])

    def switched(self, at: int) -> "tuple[Numbers, Numbers]":
        """Every pattern with a term on, and with it off; what excludes it is off in both."""
        on, off = self.patterns.copy(), self.patterns.copy()
        for table in (on, off):
            table[:, list(self.families[at])] = 0.0
        on[:, at], off[:, at] = 1.0, 0.0
        return on, off


def design_of(
    counts: Counts,
    stub: Question,
    by: str | None,
    adjust: Sequence[str],
    top: int | None = None,
    references: Mapping[str, str] | None = None,
) -> Design:
    """The design of a question by the groups of `by`, with what `adjust` names held.

    `references`: by single question the option that the others are compared with; else see `_reference`.

    Raises `UsageError`: no such question, one of them twice, or a tally where respondents are needed.
    """
    import numpy as np

    groups = banner_of(counts.instrument, by)
    held = held_questions(counts, stub, groups, adjust)
    layout = YesNo.of(counts.instrument, stub, top=top)
    places: Any = None
    asked = [option_columns(question) for question in (groups, *held)]
    if isinstance(counts, Tally):
        table = group_table(counts, groups, stub)
        members, answers = table.members[:, asked[0]], table.counts
    else:
        tables = [counts.memberships(question) for question in (groups, *held)]
        members = np.hstack([table[:, columns] for table, columns in zip(tables, asked, strict=True)])
        answers = counts.indicators(stub)
    unasked: Any = np.isnan(members).all(axis=0)  # an option that nobody was asked leaves nobody out
    members = np.where(unasked, 0.0, members)
    kept = ~np.isnan(members).any(axis=1) & (answers @ layout.answered > 0)
    patterns, of_rows = np.unique(members[kept], axis=0, return_inverse=True)
    sums = np.zeros((len(patterns), answers.shape[1]), np.int64)
    np.add.at(sums, of_rows.reshape(-1), answers[kept])
    if not isinstance(counts, Tally):
        places = np.full(len(members), -1)
        places[kept] = of_rows.reshape(-1)
    terms, columns, start = [], [], 0
    for question, options in zip((groups, *held), asked, strict=True):
        own = patterns[:, start : start + len(options)]
        reference = (references or {}).get(question.id)
        if reference is None and question.kind == "single":
            reference = _reference(counts, question, own, sums @ layout.answered)
        for term in _terms(question, reference, held=question is not groups):
            terms.append(term)
            columns.append(start + options.index(question.options.index(term.option)))
        start += len(options)
    return Design(
        terms=tuple(terms),
        patterns=patterns[:, columns],
        answers=sums,
        unasked=tuple(at for at, column in enumerate(columns) if unasked[column]),
        bases=tuple(shares(counts, stub, top=top).base),
        stub=stub,
        layout=layout,
        points=len(counts.instrument.scale_of(stub).values) if stub.kind == "rating" else 2,
        places=places,
    )


def held_questions(counts: Counts, stub: Question, groups: Question, adjust: Sequence[str]) -> list[Question]:
    """The questions that are held, checked; of a tally there can be none."""
    if not isinstance(adjust, list | tuple) or not all(isinstance(name, str) for name in adjust):
        raise usage("models_adjust_unusable", adjust=adjust)
    if stub.id == groups.id:
        raise usage("stub_is_banner", question=stub.id)
    held = [counts.instrument.question(name, *kinds_with(banner=True)) for name in adjust]
    for name in (question.id for question in held):
        if name in (stub.id, groups.id) or list(adjust).count(name) > 1:
            raise usage("models_adjust_twice", question=name)
    if held and isinstance(counts, Tally):
        raise usage("models_adjust_tally", adjust=list(adjust), by=groups.id)
    return held


def option_columns(question: Question) -> list[int]:
    """The places of the options that can be terms: of a select-all question its groups."""
    options = question.groups if question.kind == "multiple" else question.options
    return [question.options.index(option) for option in options]


def _terms(question: Question, reference: str | None, *, held: bool) -> list[Term]:
    """The terms of a question: of a single one all options but the reference."""
    if reference is None:
        return [Term(question, option, held=held) for option in question.groups]
    against = question.part(reference)
    options = [option for option in question.options if option.id != reference]
    return [Term(question, option, against, held) for option in options]


def _reference(counts: Counts, question: Question, members: Any, sizes: Any) -> str:
    """The option that most respondents chose: the same for whatever is explained by the question.

    Where nobody who answered the stub is in it, as with routing, that which most of them chose.
    """
    chosen = shares(counts, question).n
    inside = (members * sizes[:, None]).sum(axis=0).tolist() if len(members) else [0] * len(chosen)
    usual = chosen.index(max(chosen))
    return question.options[usual if inside[usual] else inside.index(max(inside))].id


def usable_terms(
    design: Design, sizes: Any, min_events: int, lang: str
) -> tuple[list[int], dict[int, Remark]]:
    """The terms that a model can hold among those who answered, and why others have no numbers.

    Small terms stay in the model, so that the others are told apart from them too.
    """
    kept: list[int] = []
    silent: dict[int, Remark] = {}
    present = sizes > 0
    base = int(sizes.sum())
    for at in range(len(design.terms)):
        inside = int(sizes @ design.patterns[:, at])
        if at in design.unasked:
            silent[at] = ("no_answer untested", message("model_unasked", lang))
        elif inside == 0:
            silent[at] = ("nobody untested", message("model_nobody_in", lang))
        elif inside == base:
            silent[at] = ("no_complement untested", message("model_everybody_in", lang))
        else:
            kept.append(at)
            if (least := min(inside, base - inside)) < min_events:
                note = message("model_few_in", lang, count=least, minimum=min_events)
                silent[at] = ("small_base untested", note)

    return _told_apart(design.patterns[present], kept, silent, lang), silent


def _told_apart(patterns: Any, kept: list[int], silent: dict[int, Remark], lang: str) -> list[int]:
    """The terms without those that follow from others; all that are caught up in it fall silent."""
    import numpy as np

    def rank(terms: list[int]) -> int:
        ones = np.ones((len(patterns), 1))
        return int(np.linalg.matrix_rank(np.hstack([ones, patterns[:, terms]])))

    if not kept or (whole := rank(kept)) == len(kept) + 1:
        return kept
    apart: list[int] = []
    for at in kept:
        if rank([other for other in kept if other != at]) == whole:
            silent[at] = ("collinear untested", message("model_collinear", lang))
        if rank([*apart, at]) > len(apart) + 1:
            apart.append(at)
    return apart


def check_draws(draws: object) -> None:
    """Refuse a number of simulations that is no whole number of at least 1."""
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
        raise usage("draws_unusable", draws=draws)


def stub_of(counts: Counts, stub: str, *kinds: str) -> Question:
    """The question that is explained."""
    question = counts.instrument.question(stub, *kinds)
    if question.kind == "rating":
        top_points(counts.instrument, question, None)
    return question
