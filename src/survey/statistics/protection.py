"""Small cells of a whole report: its tables share their respondents, so that they are protected together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from survey.ingest import Responses
from survey.instrument import Question
from survey.statistics.crosstabs import memberships
from survey.statistics.disclosure import EVERYBODY, MEMBERS, REST, Cell, Knowledge, protect
from survey.statistics.suppression import blanked

if TYPE_CHECKING:
    import pandas as pd

# Beyond so many variables parts are protected one by one, not across the whole report.
MOST_VARIABLES = 20_000


@dataclass(frozen=True)
class Tables:
    """The tables of a report by question: frequencies, importance shares, cross-tabs by one banner."""

    frequencies: "Mapping[str, pd.DataFrame]"
    importance: "Mapping[str, pd.DataFrame]"
    crosstabs: "Mapping[str, pd.DataFrame]"
    whole: bool = True  # protected across all tables, not only part by part


@dataclass
class _Sheet:
    """The cells of all tables in a row, and where each came from: (kind, question, row)."""

    cells: list[Cell] = field(default_factory=list)
    sources: list[tuple[str, str, int]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)

    def add(self, cell: Cell, minimum: int, kind: str, question: str, row: int) -> None:
        self.cells.append(replace(cell, bases_hidden=cell.has_small_base(minimum)))
        self.sources.append((kind, question, row))


def suppress_tables(
    responses: Responses,
    tables: Tables,
    *,
    banner: Question | None,
    only: str | None = None,
    minimum: int = 5,
    lang: str = "en",
) -> Tables:
    """Hide small cells in all tables of a report at once, and enough others that none can be worked back.

    As `survey.suppress`, but the reader is taken to know every table: whole counts, each group and its
    complement, the points of a scale and the top box made of them, and that all tables are about the same
    respondents. Means, standard deviations and medians go with any hidden point of their item; ranks go where
    any item of their battery is hidden.

    Raises
    ------
    UsageError
        So many groups that their combinations cannot be checked.
    """
    # The groups of `only` are not those that the frequencies of the banner count.
    sheet = _collected(responses, tables, None if only else banner, minimum)
    hidden = {place for place, cell in enumerate(sheet.cells) if cell.is_small(minimum)}
    without_base = {place for place, cell in enumerate(sheet.cells) if cell.has_small_base(minimum)}
    parts: dict[str, list[int]] = {}
    for place, cell in enumerate(sheet.cells):
        if cell.part != MEMBERS:
            parts.setdefault(cell.part, []).append(place)
    known = _knowledge(responses, sheet, banner, only)
    for part, places in parts.items():
        inside = {at for at, place in enumerate(places) if place in hidden}
        if inside:
            own = Knowledge(
                [sheet.cells[place] for place in places],
                {part: sheet.answers[part]},
                known.size,
                unknown=known.unknown,
                partly=known.partly,
            )
            exposed = protect(own, inside, minimum, range(len(places)))
            hidden |= {places[at] for at in inside}
            without_base |= {places[at] for at in exposed}
    groups = len({cell.group for cell in sheet.cells})
    variables = sum(map(len, sheet.answers.values())) * 2**groups
    if whole := variables <= MOST_VARIABLES:
        exposed = protect(known, hidden, minimum, range(len(sheet.cells)))
        without_base |= set(exposed)
    return _blanked(tables, sheet, hidden, without_base, minimum, lang, whole=whole)


def _collected(responses: Responses, tables: Tables, banner: Question | None, minimum: int) -> _Sheet:
    sheet = _Sheet()
    for name, table in tables.frequencies.items():
        question = responses.instrument.question(name)
        is_banner = banner is not None and name == banner.id
        groups = {group.id for group in banner.groups} if is_banner and banner else set()
        for row, cell in enumerate(table.itertuples()):
            code = str(cell.code)
            if code in groups:
                made = Cell(MEMBERS, (), code, int(cell.n), int(cell.base))
            else:
                made = Cell(
                    _part(question, code, str(cell.item)), (code,), EVERYBODY, int(cell.n), int(cell.base)
                )
                answers = sheet.answers.setdefault(made.part, [])
                answers += [code] if code not in answers else []
            sheet.add(made, minimum, "frequency", name, row)
    for name, table in tables.importance.items():
        question = responses.instrument.question(name)
        top = _top(responses, question)
        for row, cell in enumerate(table.itertuples()):
            made = Cell(f"{name}|{cell.item}", top, EVERYBODY, int(cell.n_top), int(cell.base))
            sheet.add(made, minimum, "importance", name, row)
    for name, table in tables.crosstabs.items():
        question = responses.instrument.question(name)
        rating = question.kind == "rating"
        for row, cell in enumerate(table.itertuples()):
            code = str(cell.stub_code)
            part = f"{name}|{code}" if rating else _part(question, code, "")
            counted = _top(responses, question) if rating else (code,)
            inside, outside = (cell.n, cell.base), (cell.complement_n, cell.complement_base)
            (n, base), (other_n, other_base) = map(int, inside), map(int, outside)
            made = Cell(part, counted, str(cell.banner_code), n, base, other_n, other_base)
            known = sheet.answers.setdefault(part, [])
            known += [one for one in counted if one not in known]
            sheet.add(made, minimum, "crosstab", name, row)
    for name in tables.frequencies:
        question = responses.instrument.question(name)
        if question.kind == "multiple":
            for option in question.options:
                if (part := _part(question, option.id, "")) in sheet.answers:
                    sheet.answers[part].append(REST)
    return sheet


def _part(question: Question, code: str, item: str) -> str:
    """The part of a count: an option of a select-all question, an item, or the whole question."""
    return f"{question.id}|{code if question.kind == 'multiple' else item}"


def _top(responses: Responses, question: Question) -> tuple[str, ...]:
    scale = responses.instrument.scale_of(question)
    return tuple(str(point.value) for point in scale.top_points)


def _knowledge(responses: Responses, sheet: _Sheet, banner: Question | None, only: str | None) -> Knowledge:
    unknown, partly = 0, False
    if banner is not None:
        known = memberships(responses, banner, only=only).notna()
        unknown = int((~known).all(axis=1).sum())
        partly = bool((known.any(axis=1) & ~known.all(axis=1)).any())
    return Knowledge(sheet.cells, sheet.answers, len(responses), unknown=unknown, partly=partly)


def _blanked(
    tables: Tables,
    sheet: _Sheet,
    hidden: set[int],
    without_base: set[int],
    minimum: int,
    lang: str,
    *,
    whole: bool,
) -> Tables:
    rows: dict[tuple[str, str], set[int]] = {}
    baseless: dict[tuple[str, str], set[int]] = {}
    for place in hidden:
        kind, question, row = sheet.sources[place]
        rows.setdefault((kind, question), set()).add(row)
        if place in without_base:
            baseless.setdefault((kind, question), set()).add(row)

    def made(kind: str, frames: "Mapping[str, pd.DataFrame]") -> "dict[str, pd.DataFrame]":
        found = {}
        for name, table in frames.items():
            key = (kind, name)
            found[name] = blanked(table, rows.get(key, set()), baseless.get(key, set()), minimum, lang)
        return found

    frequencies = made("frequency", tables.frequencies)
    importance = made("importance", tables.importance)
    for name, table in importance.items():
        points = frequencies.get(name)
        if points is not None:
            some = points.loc[points["n"].isna(), "item"]
            told = table["item"].isin(some).to_numpy() | table["n_top"].isna().to_numpy()
            for column in ("mean", "sd", "median"):
                table[column] = table[column].astype(float).mask(told)
        if table["n_top"].isna().any():
            order = list(points["item"].unique()) if points is not None else sorted(table["item"])
            table = table.sort_values(
                "item", key=lambda items, order=order: items.map(order.index), kind="stable"
            ).reset_index(drop=True)
            for column in ("rank", "rank_low", "rank_high"):
                table[column] = float("nan")
        importance[name] = table
    return Tables(frequencies, importance, made("crosstab", tables.crosstabs), whole)
