"""Which further cells are hidden, so that those that are small stay hidden."""

from collections.abc import Iterable, Iterator, Sequence

from survey.disclosure.reader_knowledge import EVERYBODY, MEMBERS, Cell, Knowledge, Limit
from survey.disclosure.reader_programs import JointTable, Key, Wish


def protect(known: Knowledge, hidden: "set[int]", bare: "set[int]", minimum: int) -> list[int]:
    """Hide further cells until each of those hidden is safe; give those that cannot be.

    `hidden` are the places of cells whose count is not printed, `bare` those whose bases are not either; both
    grow. Safe is a hidden number that may be as large as `minimum`, or as all it could be where that is
    smaller, and that may also differ from what it is; likewise that of its complement. What is hidden next is
    one of the printed numbers that limit the first exposed one (those with a weight in the dual program; to
    hide others would change nothing): the smallest count, of the same row or group if there is one, else the
    smallest base, of the same question if there is one. Small numbers that are exposed with all of that
    hidden follow from what the reader knows besides: the number of respondents, rules, or totals.
    """
    table = JointTable(known)
    exposed: dict[int, None] = {}
    waiting, fresh = sorted(hidden), sorted(hidden)
    unsure: dict[Key, Wish] = {}
    while waiting:  # hiding more never exposes what was safe, so that one look at each is enough
        if fresh:
            wishes: dict[Key, Wish] = {}
            for place in fresh:
                wishes |= _wishes(known, place, bare, minimum)
            shown = table.shown_open(wishes, hidden, bare)
            unsure |= {key: wish for key, wish in wishes.items() if key not in shown}
            fresh = []
        place = waiting[0]
        fault, small = _first_closed(table, unsure, place, (hidden, bare)), True
        signs: tuple[int, ...] = (1,) if fault is None else (-1, 1)
        if fault is not None:
            small = unsure[fault].value < minimum
        elif not (known.totals and not known.groupings):
            fault = _undoubted(table, known, place, (hidden, bare), minimum)
        if fault is None:
            waiting.pop(0)
            continue
        bases, single = _next(known.cells, fault, (hidden, bare), table.binding(fault, hidden, bare, signs))
        more = single or bases
        if not more:
            exposed |= {place: None} if small else {}
            if unsure.pop(fault, None) is None:
                waiting.pop(0)
        bare |= set(bases)
        fresh = more
        waiting += [one for one in more if one not in waiting]
        hidden |= set(more)
    return list(exposed)


def _first_closed(
    table: JointTable, unsure: "dict[Key, Wish]", place: int, out: "tuple[set[int], set[int]]"
) -> Key | None:
    """The first number of a cell that is not open; those that are, are no longer unsure."""
    for key in [key for key in unsure if key[0] == place]:
        if not table.is_open(key, unsure[key], *out):
            return key
        del unsure[key]
    return None


def _next(
    cells: Sequence[Cell],
    fault: Key,
    out: "tuple[set[int], set[int]]",
    binding: "set[tuple[str, int]]",
) -> tuple[list[int], list[int]]:
    """The cells whose bases are hidden next, or the cell whose count is, of those that limit a number."""
    (hidden, bare), (place, what, _) = out, fault
    counts = {at for kind, at in binding if kind == "count"} - hidden
    units = {at for kind, at in binding if kind == "base"} - bare
    bases = _bases_of_members(cells, place, hidden, units)
    single = [] if bases or what == "base" else _next_cell(cells, place, counts)
    if single or bases:
        return bases, single
    bases = _next_unit(cells, place, units)
    return bases, [] if bases else _next_cell(cells, place, counts)


def _undoubted(
    table: JointTable, known: Knowledge, place: int, out: "tuple[set[int], set[int]]", minimum: int
) -> Key | None:
    """What is known of a hidden small number of a cell to who knows the rule: something hidden is small.

    Something in the same row is: what is hidden elsewhere has its own reasons, unless rules or hidden bases
    tie the rows of a question together.
    """
    hidden, bare = out
    wishes = _wishes(known, place, bare, minimum)
    small = [(key, wish.value) for key, wish in wishes.items() if 0 < wish.value < minimum]
    # With a table in which it is larger, and still small, it is in doubt: that was seen before.
    asked = [(key, value) for key, value in small if value == minimum - 1 or wishes[key].least <= value]
    if not asked:
        return None
    every: dict[Key, Wish] = {}
    for one in sorted(_reasons(known, place, hidden, bare)):
        every |= _wishes(known, one, bare, minimum)
    others = sorted(every, key=lambda key: (not 0 < every[key].value < minimum, key))
    for key, value in asked:
        rest = [other for other in others if other != key]
        if not table.is_in_doubt(key, value, rest, hidden, bare, minimum - 1):
            return key
    return None


def _reasons(known: Knowledge, place: int, hidden: "set[int]", bare: "set[int]") -> "set[int]":
    """The hidden cells for whose sake a cell may be hidden: of its row or question, and sizes of groups."""
    cell, cells = known.cells[place], known.cells
    if cell.part == MEMBERS:
        return hidden
    own = {other for other in hidden if cells[other].question == cell.question}
    tied = any(cell.part in limit.parts and len(limit.parts) > 1 for limit in _about(known, cell.question))
    if not tied and not own & bare:
        own = {other for other in own if cells[other].part == cell.part}
    return own | {other for other in hidden if cells[other].part == MEMBERS}


def _about(known: Knowledge, question: str) -> list[Limit]:
    """The limits on how the parts of a question are answered together, but for that they are."""
    return [
        limit
        for limit in known.limits
        if {part.question for part in limit.parts} == {question}
        and any(answers is not None for _, answers, _ in limit.terms)
    ]


def _bases_of_members(
    cells: Sequence[Cell], exposed: int, hidden: "set[int]", shown: "set[int]"
) -> list[int]:
    """Bases that tell how many members a group has, where that is hidden: they go first, the smallest."""
    if cells[exposed].part != MEMBERS:
        return []
    groups = {cells[place].group for place in hidden if cells[place].part == MEMBERS}
    telling = [
        cells[place]
        for place in sorted(shown)
        if cells[place].part != MEMBERS and cells[place].group in groups
    ]
    return _with_unit(cells, min(telling, key=lambda cell: cell.base)) if telling else []


def _with_unit(cells: Sequence[Cell], cell: Cell) -> list[int]:
    return [place for place, other in enumerate(cells) if other.unit == cell.unit]


def _next_cell(cells: Sequence[Cell], exposed: int, shown: "set[int]") -> list[int]:
    target = cells[exposed]

    def distance(place: int) -> tuple[bool, bool, bool, int, int]:
        cell = cells[place]
        other_row = (cell.part, cell.answers) != (target.part, target.answers)
        apart = other_row and (cell.group != target.group or cell.part != target.part)
        return cell.part != target.part, apart, cell.n == 0, cell.n, place

    return [min(shown, key=distance)] if shown else []


def _next_unit(cells: Sequence[Cell], exposed: int, shown: "set[int]") -> list[int]:
    target = cells[exposed]
    printed = [cells[place] for place in sorted(shown) if cells[place].part != MEMBERS]
    if not printed:
        return []
    smallest = min(
        printed,
        key=lambda cell: (
            cell.question != target.question,
            cell.group == EVERYBODY,
            cell.base == 0,
            cell.base,
        ),
    )
    return _with_unit(cells, smallest)


def _wishes(known: Knowledge, place: int, bare: "set[int]", minimum: int) -> dict[Key, Wish]:
    """What must hold of the hidden numbers of a cell; bases first: where they are known, so is a ceiling."""
    cell = known.cells[place]
    least, least_base = minimum, minimum
    if known.size is not None:
        least = least_base = min(minimum, known.size)
    elif known.totals or not cell.other_base:
        least = min(minimum, cell.total if known.totals else cell.base)
        least_base = min(minimum, cell.base + cell.other_base)
    wishes = {}
    if place in bare and cell.part != MEMBERS:
        for state, base in ((1, cell.base), (0, cell.other_base)):
            if 0 < base < minimum:  # one that is not small may follow from what is known besides
                wishes[place, "base", state] = Wish(base, least_base)
    for state, count in ((1, cell.n), (0, cell.other_n)):
        if count:
            wishes[place, "count", state] = Wish(count, least)
    return wishes


def units_of(cells: Sequence[Cell], places: "Iterable[int]") -> Iterator[int]:
    """The cells that print the same bases as these."""
    wanted = {cells[place].unit for place in places}
    return (place for place, cell in enumerate(cells) if cell.unit in wanted)
