"""Small cells of a published table: hidden, with enough others that nobody can work them back.

What a reader knows is written as a linear program over the joint table that nobody prints: how many
respondents follow each combination of groups and answer each row. A hidden count is safe when the largest
value it may have, given everything left in the table, is not small.
"""

from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.disclosure.reader_knowledge import EVERYBODY, REST, Cell, Group, Knowledge, Part
from survey.disclosure.reader_programs import JointTable
from survey.disclosure.secondary_cells import protect, units_of
from survey.errors import usage
from survey.messages import message
from survey.statistics.hypotheses import holm_over
from survey.tables import has_reason, remarks

if TYPE_CHECKING:
    import pandas as pd

_HIDDEN = {
    "frequency": ("n", "weighted_n", "proportion", "ci_low", "ci_high"),
    "crosstab": (
        *("n", "weighted_n", "proportion", "ci_low", "ci_high", "complement_n", "complement_weighted_n"),
        *("difference", "difference_low", "difference_high", "method", "p_value", "p_adjusted"),
    ),
    "importance": (
        *("n_top", "weighted_n", "proportion", "ci_low", "ci_high", "rank", "rank_low", "rank_high"),
        *("mean", "sd", "median"),
    ),
}
_ROWS = {"frequency": "code", "crosstab": "stub_code"}
_BASES = tuple(
    side + name for side in ("", "complement_") for name in ("base", "weighted_base", "effective_base")
)
_COUNTS = ("n", "n_top", "complement_n", "base", "complement_base")


def suppress(table: "pd.DataFrame", *, minimum: int = 5, lang: str = "en") -> "pd.DataFrame":
    """Give the same rows with small cells hidden, and with them enough others to keep them hidden.

    For a table of `frequencies` or `crosstab` (against the complement). A row is small where its count, or
    that of its complement, is 1 to `minimum` - 1, or where one of its bases is; a count of 0 says nothing
    about anybody and stays. A hidden row loses its count and everything that gives it away: shares, limits,
    differences, p-values, the count of the complement; a small base too, with that of the complement, and
    further bases from which it would follow. `reason` is suppressed there, and exposed too where a row
    follows from the totals alone, so that hiding rows of this table cannot protect it. Holm's adjustment is
    made anew over the tests that are left, since the old one would tell about the hidden.

    Protection: the reader is taken to know the rule, the total of every row and of every base, and that
    groups overlap in some way, or exclude each other where their bases allow it. A hidden number is safe
    when, given all that, it may be as large as `minimum`, or as the total of its row where that is
    smaller, and when it may also differ from what it is. Feasible limits come from linear programming
    (HiGHS), rounded to whole numbers. Rows are hidden, the smallest count first, until every hidden one
    is safe. Tables are protected one at a time: a table of other cells of the same respondents (overlaps,
    a subset, other groups) may tell more.

    Parameters
    ----------
    table
        What `frequencies` or `crosstab` gave, as it was given.
    minimum
        Counts of 1 to `minimum` - 1 are small; 1 or more.
    lang
        Language of `note`.

    Reasons
    -------
    suppressed, exposed; of the rows that stay, those of the table.

    Raises
    ------
    UsageError
        Another kind of table, an unknown language, a minimum that is no whole number of 1 or more, hidden
        cells already, a weighted table, verdicts of equivalence or intervals of a finite population, or so
        many groups that their combinations (over 2,048) cannot be checked.

    References
    ----------
    Hundepool, A. et al. (2012), Statistical Disclosure Control, chapter 4 (secondary suppression, audit).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 8 + ["biopharma"] * 9 + ["big_pharma"] * 2})
    >>> table = survey.frequencies(survey.from_frame(frame, "executive-survey"), "firm_type")
    >>> survey.suppress(table, minimum=5)["n"].isna().tolist()
    [True, False, True]
    """
    import pandas as pd

    check_minimum(minimum)
    check_lang(lang)
    alone = ("frequency", "crosstab")
    if not isinstance(table, pd.DataFrame):
        raise usage("suppress_kind", known=list(alone))
    kind = _kind(table)
    if kind not in alone or not {*_HIDDEN[kind], "base", _ROWS[kind]} <= set(table.columns):
        raise usage("suppress_kind", known=list(alone))
    if table["n"].isna().any():
        raise usage("suppress_twice")
    if _is_weighted(table):
        raise usage("suppress_weighted")
    if ("verdict" in table and (table["verdict"] != "").any()) or _knows_population(table):
        raise usage("suppress_limits")
    cells = _cells(table, kind)
    hidden, bare = small_cells(cells, minimum)
    exposed: set[int] = set()
    for known, places in _blocks(cells, kind):
        inside = {at for at, place in enumerate(places) if place in hidden}
        if inside:
            bases = {at for at, place in enumerate(places) if place in bare}
            exposed |= {places[at] for at in protect(known, inside, bases, minimum)}
            hidden |= {places[at] for at in inside}
            bare |= {places[at] for at in bases}
    bare = set(units_of(cells, bare))
    return blanked(table, hidden | bare, bare, minimum, lang, exposed=exposed)


def _knows_population(table: "pd.DataFrame") -> bool:
    """Whether intervals of a cross-tab tell how many there are in a group, and so how many answered."""
    codes = ("population_estimated", "test_uncorrected")
    reasons = table.get("reason", [])
    return any(has_reason(str(reason), code) for reason in reasons for code in codes)


def small_cells(cells: list[Cell], minimum: int) -> "tuple[set[int], set[int]]":
    """The cells that are hidden in any case, and those of them whose bases are: small ones."""
    bare = set(units_of(cells, [place for place, cell in enumerate(cells) if cell.has_small_base(minimum)]))
    return bare | {place for place, cell in enumerate(cells) if cell.is_small(minimum)}, bare


def check_minimum(minimum: int) -> None:
    """Refuse a minimum that is no whole number of 1 or more."""
    if isinstance(minimum, bool) or not isinstance(minimum, int) or minimum < 1:
        raise usage("minimum_unusable", minimum=minimum)


def feasible(table: "pd.DataFrame", hidden: "set[int]", place: int) -> tuple[int, int]:
    """The least and the largest value that the count of a row may have when the rows `hidden` are hidden.

    `table` is the table as it was, `place` and `hidden` are positions of rows. This is the audit of
    `suppress`: what somebody finds out who knows all the rest and the totals of rows and bases.
    """
    kind = _kind(table)
    known, places = next(block for block in _blocks(_cells(table, kind), kind) if place in block[1])
    inside = {at for at, one in enumerate(places) if one in hidden}
    return JointTable(known).limits((places.index(place), "count", 1), inside, set())


def _cells(table: "pd.DataFrame", kind: str) -> list[Cell]:
    """The rows as cells; the part is the item of a frequency, else nothing yet (see `_blocks`)."""
    if kind == "frequency":
        columns = (table["item"].astype(str), table["code"].astype(str), table["n"], table["base"])
        return [
            Cell(Part(item), (code,), EVERYBODY, int(n), int(base))
            for item, code, n, base in zip(*columns, strict=True)
        ]
    names = ("stub_code", "banner_code", "n", "base", "complement_n", "complement_base")
    lists = [table[name].tolist() for name in names]
    return [
        Cell(Part(""), (str(stub),), Group("", str(group)), int(n), int(base), int(other), int(other_base))
        for stub, group, n, base, other, other_base in zip(*lists, strict=True)
    ]


def _blocks(cells: list[Cell], kind: str) -> list[tuple[Knowledge, list[int]]]:
    """Split the rows into those that tell about each other, each with what a reader knows of them.

    Answers that add up to every base exclude each other and belong together (a single question, the points
    of an item); else each row is a part of its own. Of a cross-tab the total of every row is known.
    """
    families: dict[Part, dict[str, list[int]]] = {}
    for place, cell in enumerate(cells):
        families.setdefault(cell.part, {}).setdefault(cell.answers[0], []).append(place)
    blocks = []
    for rows in families.values():
        columns = zip(*rows.values(), strict=True)
        if all(_adds_up([cells[place] for place in column]) for column in columns):
            blocks.append(_block(cells, [at for places in rows.values() for at in places], list(rows), kind))
        else:
            blocks += [_block(cells, places, [answer, REST], kind) for answer, places in rows.items()]
    return blocks


def _block(
    cells: list[Cell], places: list[int], answers: list[str], kind: str
) -> tuple[Knowledge, list[int]]:
    own = [cells[place] for place in places]
    return Knowledge(own, {own[0].part: answers}, totals=kind == "crosstab"), places


def _adds_up(column: list[Cell]) -> bool:
    bases = {(cell.base, cell.other_base) for cell in column}
    sums = (sum(cell.n for cell in column), sum(cell.other_n for cell in column))
    return bases == {sums}


def blanked(
    table: "pd.DataFrame",
    hidden: "set[int]",
    bare: "set[int]",
    minimum: int,
    lang: str,
    *,
    exposed: "set[int] | frozenset[int]" = frozenset(),
) -> "pd.DataFrame":
    """Take the numbers out of the rows `hidden` of a table, and the bases too out of those in `bare`."""
    import numpy as np

    kind = _kind(table)
    shown = table.copy()
    places = np.arange(len(table))
    mask = np.isin(places, list(hidden))
    without_base = mask & np.isin(places, list(bare))
    for name in (*_HIDDEN[kind], *_BASES):
        if name not in shown.columns:
            continue
        out = without_base if name in _BASES else mask
        if name == "method":
            shown[name] = [("" if gone else value) for gone, value in zip(out, shown[name], strict=True)]
        elif name in _COUNTS:
            shown[name] = shown[name].astype("Int64").mask(out)
        else:
            shown[name] = shown[name].astype(float).mask(out)
    if kind == "crosstab":
        shown["p_adjusted"] = holm_over(shown["p_value"].to_numpy(), shown["hypothesis"].tolist())
    hides = remarks(("suppressed", message("note_suppressed", lang, minimum=minimum)))
    exposes = remarks(("suppressed exposed", message("note_suppressed_exposed", lang, minimum=minimum)))
    for name in ("reason", "note"):
        texts = shown[name].tolist() if name in shown.columns else [""] * len(shown)
        shown[name] = [
            (exposes if place in exposed else hides)[name] if gone else text
            for place, (gone, text) in enumerate(zip(mask, texts, strict=True))
        ]
    return shown


def _is_weighted(table: "pd.DataFrame") -> bool:
    """Whether any base of a table is another by weight."""
    sides = [side for side in ("", "complement_") if f"{side}weighted_base" in table]
    return any((table[f"{side}effective_base"] != table[f"{side}base"]).any() for side in sides)


def _kind(table: "pd.DataFrame") -> str:
    return "crosstab" if "complement_n" in table else "importance" if "n_top" in table else "frequency"
