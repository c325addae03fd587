"""Small cells of a whole report: its tables share their respondents, so that they are protected together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING

from survey.counts.row_counts import Counts, RowCounts
from survey.disclosure.kept_rules import kept_limits, possible_limits
from survey.disclosure.reader_knowledge import (
    EVERYBODY,
    MEMBERS,
    REST,
    Cell,
    Group,
    Grouping,
    Knowledge,
    Limit,
    Part,
    joint_patterns,
)
from survey.disclosure.reader_programs import JointTable
from survey.disclosure.reader_rules import stated_rules
from survey.disclosure.secondary_cells import protect
from survey.disclosure.suppression import blanked, small_cells
from survey.errors import UsageError, usage
from survey.instrument import Question
from survey.progress import advance
from survey.statistics.group_members import members_of

if TYPE_CHECKING:
    import pandas as pd

# Beyond so many variables questions are protected one by one, not across the whole report.
MOST_VARIABLES = 20_000


@dataclass(frozen=True)
class Tables:
    """The tables of a report: frequencies and importance shares by question, cross-tabs by banner and row."""

    frequencies: "Mapping[str, pd.DataFrame]"
    importance: "Mapping[str, pd.DataFrame]"
    crosstabs: "Mapping[tuple[str, str], pd.DataFrame]"
    whole: bool = True  # protected across all tables, not only question by question
    exposed: bool = False  # a hidden number follows from the number of respondents all the same


_Name = tuple[str, ...]  # of a table: its kind, and its key among those of the kind


@dataclass
class _Sheet:
    """The cells of all tables in a row, and where each came from: (table, row)."""

    cells: list[Cell] = field(default_factory=list)
    sources: list[tuple[_Name, int]] = field(default_factory=list)
    answers: dict[Part, list[str]] = field(default_factory=dict)

    def add(self, cell: Cell, table: _Name, question: str, row: int) -> None:
        self.cells.append(replace(cell, question=question))
        self.sources.append((table, row))

    def answer(self, part: Part, codes: Sequence[str]) -> None:
        """Note that somebody may have answered so."""
        answers = self.answers.setdefault(part, [])
        answers += [code for code in codes if code not in answers]


def suppress_tables(
    counts: Counts,
    tables: Tables,
    *,
    banners: Sequence[Question],
    only: str | None = None,
    minimum: int = 5,
    lang: str = "en",
) -> Tables:
    """Hide small cells in all tables of a report at once, and enough others that none can be worked back.

    As `survey.suppress`, but the reader is taken to know every table: whole counts, each group and its
    complement, the points of a scale and the top box made of them, that all tables are about the same
    respondents, and the rules of the questionnaire that they all kept (options that exclude others, how many
    may be ticked, who was asked). Means, standard deviations and medians go with any hidden point of their
    item; ranks go where any item of their battery is hidden. Where the groups have too many combinations
    to be checked there are no cross-tabs; where the tables are too large, each question is protected by
    itself, and `whole` is False. Tables by several banners are protected over the groups of all of them at
    once, or not at all: each banner is a row in the tables of the others, which one question cannot see.

    Raises
    ------
    UsageError
        Several banners, whose groups together have too many combinations.
    """
    sheet = _collected(counts, tables, banners, only)
    known = _knowledge(counts, sheet, banners, only)
    if len(banners) > 1 and _variables(known) > MOST_VARIABLES:
        raise usage("suppress_banners", banners=[banner.id for banner in banners])
    largest = max((_variables(own) for own, _ in _by_question(known)), default=0)
    whole = _variables(known) <= MOST_VARIABLES
    derived = any(counts.instrument.rule_of(banner.id) for banner in banners)  # they repeat other tables
    if banners and (largest > MOST_VARIABLES or (derived and not whole)):
        less = replace(tables, crosstabs={})
        return suppress_tables(counts, less, banners=(), minimum=minimum, lang=lang)
    hidden, bare = small_cells(sheet.cells, minimum)
    exposed = False
    # Question by question first: these programs are small, and leave little to do for the one over all.
    programs = [*_by_question(known), *([(known, range(len(sheet.cells)))] if whole else [])]
    for number, (own, places) in enumerate(programs):
        advance("questions", number, len(programs))
        inside = {at for at, place in enumerate(places) if place in hidden}
        if inside:
            bases = {at for at, place in enumerate(places) if place in bare}
            exposed |= bool(protect(own, inside, bases, minimum))
            hidden |= {places[at] for at in inside}
            bare |= {places[at] for at in bases}
    protected = _blanked(tables, sheet, hidden, bare, minimum, lang)
    return replace(protected, whole=whole, exposed=exposed)


def _variables(known: Knowledge) -> float:
    """How large the program is that checks this."""
    try:
        width = len(joint_patterns(known.groupings))
    except UsageError:
        return inf
    return width * (1 + sum(len(answers) + 1 for answers in known.answers.values()))


def _by_question(known: Knowledge) -> "Iterator[tuple[Knowledge, Sequence[int]]]":
    """The cells of each question with those of the banner's groups, which all questions share."""
    members = [place for place, cell in enumerate(known.cells) if cell.part == MEMBERS]
    for question in dict.fromkeys(cell.question for cell in known.cells):
        own = [place for place, cell in enumerate(known.cells) if cell.question == question]
        places = [*(place for place in members if place not in own), *own]
        parts = {known.cells[place].part for place in places}
        answers = {part: count for part, count in known.answers.items() if part in parts}
        cells = [known.cells[place] for place in places]
        counted = {cell.group for cell in cells}
        groupings = [one for one in known.groupings if counted & set(one.groups)]
        groups = {EVERYBODY, *(group for grouping in groupings for group in grouping.groups)}
        limits = [limit for limit in known.limits if limit.parts <= set(answers) and limit.within in groups]
        yield replace(known, cells=cells, answers=answers, groupings=groupings, limits=limits), places


def _collected(counts: Counts, tables: Tables, banners: Sequence[Question], only: str | None) -> _Sheet:
    sheet = _Sheet()
    members: dict[str, set[str]] = {}
    for banner in banners:
        # The groups of `only` are not those that the frequencies of the banner count.
        if only is None or (banner.kind == "single" and only == "exclusive"):
            members[banner.id] = {group.id for group in banner.groups}
    for name, table in tables.frequencies.items():
        question = counts.instrument.with_shares(name)
        for row, cell in enumerate(table.itertuples()):
            code = str(cell.code)
            if code in members.get(name, ()):
                made = Cell(MEMBERS, (), Group(name, code), int(cell.n), int(cell.base))
            else:
                part = _part(question, code, str(cell.item))
                made = Cell(part, (code,), EVERYBODY, int(cell.n), int(cell.base))
                sheet.answer(part, [code])
            sheet.add(made, ("frequency", name), name, row)
    for name, table in tables.importance.items():
        question = counts.instrument.with_shares(name)
        top, rated = _top(counts, question), _rated(counts, question)
        for row, cell in enumerate(table.itertuples()):
            part = Part(name, str(cell.item))
            sheet.answer(part, rated or ())
            made = Cell(part, top, EVERYBODY, int(cell.n_top), int(cell.base), counted=rated)
            sheet.add(made, ("importance", name), name, row)
    _collect_crosstabs(counts, tables, sheet)
    for part in sheet.answers:
        if counts.instrument.question(part.question).kind == "multiple":
            sheet.answer(part, [REST])
    return sheet


def _collect_crosstabs(counts: Counts, tables: Tables, sheet: _Sheet) -> None:
    for (banner_name, name), table in tables.crosstabs.items():
        question = counts.instrument.with_shares(name)
        for row, cell in enumerate(table.itertuples()):
            code = str(cell.stub_code)
            is_item = question.kind == "rating"
            part = Part(name, code) if is_item else _part(question, code, "")
            counted = _top(counts, question) if is_item else (code,)
            rated = _rated(counts, question) if is_item else None
            sheet.answer(part, (*counted, *(rated or ())))
            group = Group(banner_name, str(cell.banner_code))
            n, base = int(cell.n), int(cell.base)
            other_n, other_base = int(cell.complement_n), int(cell.complement_base)
            made = Cell(part, counted, group, n, base, other_n, other_base, counted=rated)
            sheet.add(made, ("crosstab", banner_name, name), name, row)


def _part(question: Question, code: str, item: str) -> Part:
    """The part of a count: an option of a select-all question, an item, or the whole question."""
    return Part(question.id, code if question.kind == "multiple" else item)


def _top(counts: Counts, question: Question) -> tuple[str, ...]:
    scale = counts.instrument.scale_of(question)
    return tuple(str(point.value) for point in scale.top_points)


def _rated(counts: Counts, question: Question) -> tuple[str, ...] | None:
    """The answers that are in the base of a top box; None where all are."""
    scale = counts.instrument.scale_of(question)
    return tuple(point.id for point in scale.rated) if scale.unrated else None


def _grouping(counts: Counts, banner: Question, only: str | None) -> Grouping:
    """The groups of a banner, how many of them one may be in, and of how many respondents that is unknown."""
    import numpy as np

    members, sizes = counts.group_patterns(banner)
    known = ~np.isnan(members_of(banner, members, only))
    membership = "one" if banner.kind == "single" and only != "mixed" else only or "any"
    partly = bool(sizes[known.any(axis=1) & ~known.all(axis=1)].sum())
    groups = tuple(Group(banner.id, group.id) for group in banner.groups)
    return Grouping(groups, membership, int(sizes[~known.any(axis=1)].sum()), partly)


def _knowledge(counts: Counts, sheet: _Sheet, banners: Sequence[Question], only: str | None) -> Knowledge:
    rules, deciders = stated_rules(counts, sheet.answers, banners, only)
    groupings = [_grouping(counts, banner, only) for banner in banners]
    known = Knowledge(sheet.cells, {**sheet.answers, **deciders.answers}, len(counts), groupings=groupings)
    if isinstance(counts, RowCounts):
        return replace(known, limits=kept_limits(counts, rules, deciders, banners, only))
    if _variables(known) > MOST_VARIABLES:  # what two questions say of each other is not looked at then
        rules = [rule for rule in rules if len({part.question for part in rule[0].parts}) == 1]

    def is_possible(limits: list[Limit]) -> bool:
        programs = [replace(known, limits=limits)]
        if _variables(known) > MOST_VARIABLES:
            programs = [own for own, _ in _by_question(programs[0]) if _variables(own) <= MOST_VARIABLES]
        return all(JointTable(program).is_possible for program in programs)

    return replace(known, limits=possible_limits(rules, is_possible))


def _blanked(
    tables: Tables,
    sheet: _Sheet,
    hidden: set[int],
    bare: set[int],
    minimum: int,
    lang: str,
) -> Tables:
    rows: dict[_Name, set[int]] = {}
    baseless: dict[_Name, set[int]] = {}
    for place in hidden:
        table_name, row = sheet.sources[place]
        rows.setdefault(table_name, set()).add(row)
        if place in bare:
            baseless.setdefault(table_name, set()).add(row)

    def made(table: "pd.DataFrame", *name: str) -> "pd.DataFrame":
        return blanked(table, rows.get(name, set()), baseless.get(name, set()), minimum, lang)

    frequencies = {name: made(table, "frequency", name) for name, table in tables.frequencies.items()}
    importance = {name: made(table, "importance", name) for name, table in tables.importance.items()}
    for name, table in importance.items():
        points = frequencies.get(name)
        if points is not None:
            some = points.loc[points["n"].isna(), "item"]
            hidden_mean = table["item"].isin(some).to_numpy() | table["n_top"].isna().to_numpy()
            for column in ("mean", "sd", "median"):
                table[column] = table[column].astype(float).mask(hidden_mean)
        if table["n_top"].isna().any():
            order = list(points["item"].unique()) if points is not None else sorted(table["item"])
            table = table.sort_values(
                "item", key=lambda items, order=order: items.map(order.index), kind="stable"
            ).reset_index(drop=True)
            for column in ("rank", "rank_low", "rank_high"):
                table[column] = float("nan")
        importance[name] = table
    crosstabs = {names: made(table, "crosstab", *names) for names, table in tables.crosstabs.items()}
    return Tables(frequencies, importance, crosstabs)
