"""Columns that are parts of a question by their number, or by the columns they stand among."""

import re
from collections import defaultdict
from collections.abc import Mapping

from survey.ingest.code_evidence import Codes
from survey.ingest.column_targets import ContradictedParts, Numbered, Target
from survey.ingest.headers import Headers
from survey.ingest.labels import Labels
from survey.ingest.raw_table import RawColumn, RawTable
from survey.instrument import Option, Question
from survey.wording import normalise, runs, skeleton


def _parts_of(question: Question, columns: list[RawColumn]) -> list[Target]:
    """The parts that columns are named after; fewer than columns where one is named otherwise."""
    labels = Labels((part.id, part.forms, part.label) for part in question.parts)
    targets = []
    for column in columns:
        names = (column.header, *column.also)
        meant = next((part for name in names if (part := labels.find(name)) is not None), None)
        owner = question.part(meant) if meant is not None else None
        if owner is not None and (owner.text or not column.text):
            targets.append(Target(question, owner, text=column.text))
    return targets


def _of_standing(asked: list[Question], columns: list[RawColumn]) -> dict[int, Target | None]:
    """The parts of the questions of which most parts are among the columns; None for the other columns.

    A label that several of them have is of the one that its neighbour is of.
    """
    candidates: list[dict[str, Target]] = [{} for _ in columns]
    for question in asked:
        found = [_parts_of(question, [column]) for column in columns]
        if 2 * sum(map(bool, found)) > len(question.parts):
            for own, parts in zip(candidates, found, strict=True):
                own.update((question.id, target) for target in parts)
    targets: list[Target | None] = [next(iter(one.values())) if len(one) == 1 else None for one in candidates]
    for places, step in ((range(1, len(columns)), -1), (range(len(columns) - 2, -1, -1), 1)):
        for place in places:
            beside = targets[place + step]
            if targets[place] is None and beside is not None:
                target = candidates[place].get(beside.question.id)
                targets[place] = target if target not in targets else None
    return dict(zip(map(id, columns), targets, strict=True))


def _labelled(column: RawColumn, pattern: re.Pattern[str] | None) -> bool:
    """Tell whether a numbered column has a label of its own beside its number."""
    return any(
        name and skeleton(name) != skeleton(column.header) and not (pattern and pattern.fullmatch(name))
        for name in column.also
    )


def numbered_parts(headers: Headers, table: RawTable, mapped: Mapping[str, str | None]) -> Numbered:
    """Take "needs_3" as the third part of a question, where the export numbers parts from 1 to the last.

    Numbers with a gap, from 0, or beside labels that say otherwise are no positions. A column that has a
    label of its own is known by that or not at all.
    """
    families: dict[str, list[tuple[RawColumn, int, bool]]] = defaultdict(list)
    pattern = table.habits.numbered_part
    for column in table.columns if pattern else ():
        match = pattern.fullmatch(column.header.strip()) if pattern and not column.role else None
        question = headers.heads.get(skeleton(match["head"])) if match else None
        if match and question and (match["n"] or question.kind == "ranking"):
            number = int(match["n"] or match["rank"])
            families[question.id].append((column, number, bool(match["text"])))
    numbered = Numbered({}, [], {})
    for question_id, family in families.items():
        _family(headers, headers.instrument.question(question_id), family, (table, mapped), numbered)
    return numbered


def _family(
    headers: Headers,
    question: Question,
    family: list[tuple[RawColumn, int, bool]],
    within: tuple[RawTable, Mapping[str, str | None]],
    numbered: Numbered,
) -> None:
    """Decide on the numbered columns of one question, all together."""
    table, mapped = within
    known: dict[int, set[str]] = {}
    for column, _, _ in family:
        by_hand = mapped.get(normalise(column.header))
        known[id(column)] = {by_hand} if by_hand else headers.by_names(column)
    pattern = table.habits.numbered_part
    unknown = [
        (column, n, text)
        for column, n, text in family
        if not (known[id(column)] or normalise(column.header) in mapped or _labelled(column, pattern))
    ]
    own = question.traits.split
    if question.kind == "ranking" and all(n <= question.places for _, n, _ in family):
        by_rank = {n: Target(question, rank=n) for _, n, _ in family}
        if len(by_rank) == len(family) == len(unknown) < len(question.options):
            numbered.targets.update({id(column): by_rank[n] for column, n, _ in unknown})
            numbered.first.setdefault(question.id, unknown[0][0])
            return
    numbers = sorted(n for _, n, text in family if not text)
    others = [column for column in table.columns if id(column) not in known]
    parts = _places(headers, question, numbers, others)
    agree = all(
        known[id(column)] <= {Target(question, parts[n]).column}
        for column, n, text in family
        if n in parts and not text
    )
    positional = own and agree and set(numbers) <= set(parts) and len(numbers) == len(set(numbers))
    for column, n, text in unknown:
        if text and n in parts and parts[n].text and (positional or not numbers):
            numbered.targets[id(column)] = Target(question, parts[n], text=True)
        elif positional and not text:
            numbered.targets[id(column)] = Target(question, parts[n])
            numbered.first.setdefault(question.id, column)
    columns = [column for column, _, text in unknown if not text]
    if columns and own and not positional:
        there = {name for names in known.values() for name in names}
        names = [name for name in question.answer_columns if name not in there]
        values = {"numbers": runs(numbers), "count": len(question.parts)}
        codes = Codes(key="parts_not_positions", values=values)
        numbered.contradicted.append(ContradictedParts(columns, names, question, codes))


def _places(
    headers: Headers, question: Question, numbers: list[int], others: list[RawColumn]
) -> dict[int, Option]:
    """The parts by number: all of them, or all but those that columns without a number are headed by.

    Empty where the numbers are not those from the first part to the last.
    """
    parts = dict(enumerate(question.parts, 1))
    if not numbers or numbers == list(parts):
        return parts
    by_name = {name for column in others for name in headers.by_names(column)}
    left = {n: one for n, one in parts.items() if Target(question, one).column not in by_name}
    if numbers == list(left):
        return left
    return dict(enumerate(left.values(), 1)) if numbers == list(range(1, len(left) + 1)) else {}


def grouped_parts(headers: Headers, table: RawTable) -> dict[int, Target | None]:
    """Find the question to which all columns of one number belong: their stem may be nowhere.

    Where bare labels are all that the columns have, most parts of a question must be among them; columns
    that are of no such question are None: their label may be that of one this instrument does not have.
    """
    members: dict[str, list[RawColumn]] = defaultdict(list)
    for column in table.columns:
        if column.group and not column.role:
            members[column.group].append(column)
    column_targets: dict[int, Target | None] = {}
    for columns in members.values():
        if any(column.row_of for column in columns):
            continue  # their stem is known
        asked = [question for question in headers.instrument.questions if question.traits.split]
        fitting = [
            targets for question in asked if len(targets := _parts_of(question, columns)) == len(columns)
        ]
        if len(fitting) == 1:
            column_targets |= dict(zip(map(id, columns), fitting[0], strict=True))
        elif not any(column.also for column in columns):
            column_targets |= _of_standing(asked, columns)
    return column_targets
