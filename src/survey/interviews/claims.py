"""Statements of a text about interviews, held against the people behind the codes they speak of."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, unfit
from survey.errors import FindingsError, Place, Problem
from survey.files.grid import is_blank, read_book
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.table import table_of
from survey.interviews.contradictions import both_sides, everything
from survey.interviews.counting import coded, distinct, members, people_by_direction
from survey.interviews.reading import frame_book, segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.messages import message
from survey.tables import contract_frame, remarks
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("claim", "locator", "rule", "code", "direction", "other_code", "who", "value", "statement")
_NEEDED = ("claim", "rule", "code", "statement")
# What a statement says of the people behind a code, given how many of how many there are and its value.
RULES: dict[str, Any] = {
    "everyone": lambda n, base, value: n == base > 0,
    "most": lambda n, base, value: 2 * n > base,
    "nobody": lambda n, base, value: n == 0,
    "count": lambda n, base, value: n == value,
    "both_sides": None,  # two codes to be read against each other
}


@dataclass(frozen=True)
class InterviewClaim:
    """One statement; `who` is a group or a participant, empty for everybody, `value` the count it names.

    `direction` is "for" or "against" where it speaks of those alone who say so; empty for whoever speaks.
    """

    claim: str
    rule: str
    code: str
    statement: str
    locator: str = ""
    other_code: str = ""
    who: str = ""
    direction: str = ""
    value: int | None = None


def check_claims(
    segments: SegmentsLike,
    claims: "str | Path | pd.DataFrame",
    *,
    password: str | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per statement: how many of the people it speaks of stand behind its code, and whether it holds.

    Rules: `everyone`, `most` (more than half), `nobody` and `count` (with `value`) are decided on the people
    as attributed. A segment that is coded to a subtheme and to none of its codes may speak of any of them:
    where the statement about a code would hold or not depending on such segments of people who have no other,
    the verdict is "undecided", and the note names the segments. `reason` is disputed where the verdict would
    be another without quotations that are given to someone else as well. `both_sides` decides nothing: it
    finds who is coded under `code` and under `other_code`, and the verdict is "read both". A code says who
    speaks to a matter; a statement with a `direction` counts those alone who speak for what the code says, or
    against it (mixed is both), and is "undecided" where it hangs on segments whose direction nobody gave.
    `n_for`, `n_against` and `n_mixed` say how the people behind the code divide. People and segments stand in
    tuples of ids.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    claims
        A table (CSV or Excel) or DataFrame with the columns `claim, rule, code, statement` and, where wanted,
        `locator, other_code, who, value, direction`. `code` is a code, subtheme, theme or aim; `who` a group
        or one participant; `direction` is "for" or "against".
    password
        Opens an encrypted workbook of claims.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    coded_above, disputed, no_direction.

    Raises
    ------
    UsageError
        There is no such file or language, or the claims are neither a path nor a DataFrame.
    FindingsError
        The table is wrong: every problem with its place.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> aim = survey.load_codebook("interview-codebook").aims[0].id
    >>> row = {"claim": "C1", "rule": "everyone", "code": aim, "statement": "All speak of it."}
    >>> survey.check_claims(segments, pd.DataFrame([row]))[["n", "base", "verdict"]].values.tolist()
    [[14, 14, 'holds']]
    """
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    known = {unit.id: unit for unit in everything(segments.codebook, lang)}
    rows = [_row(segments, known, claim, lang) for claim in _read(segments, claims, known, password)]
    return contract_frame("interview_claim", rows)


def _row(segments: Segments, known: dict[str, Any], claim: InterviewClaim, lang: str) -> dict[str, object]:
    unit, other = known[claim.code], known.get(claim.other_code)
    people = list(_people(segments, claim.who))
    coded_rows = coded(segments, unit.level)
    coded_rows = coded_rows[(coded_rows["unit"] == unit.id) & coded_rows["participant"].isin(people)]
    behind, unsaid = _of_direction(coded_rows, claim.direction)
    sides = people_by_direction(coded_rows)
    coded_rows = behind
    inside = set(coded_rows["participant"])
    row: dict[str, object] = {
        "claim": claim.claim,
        "locator": claim.locator,
        "statement": claim.statement,
        "rule": claim.rule,
        "who": claim.who,
        "code": unit.id,
        "label": unit.label,
        "other_code": claim.other_code,
        "other_label": other.label if other else "",
        "direction": claim.direction,
        "base": len(people),
        **sides,
        "segments": distinct(coded_rows["segment"]),
        "other_segments": (),
    }
    if claim.rule == "both_sides":
        return row | _both(segments, claim, people)
    sure = set(coded_rows.loc[~coded_rows["disputed"], "participant"])
    above = coded_above(segments, unit)
    if claim.direction:
        above = above[~above["direction"].eq(_OTHER[claim.direction]).fillna(False)]
    above = above[above["participant"].isin(people)]
    possible = {*above["participant"], *unsaid["participant"]}
    verdict, still = (_verdict(claim, some, possible, len(people)) for some in (inside, sure))
    parts = []
    for reason, rows in (("coded_above", above), ("no_direction", unsaid)):
        open_rows = rows[~rows["participant"].isin(inside)]
        if verdict == "undecided" and len(open_rows):
            listed = [f"{row.segment} ({row.participant})" for row in open_rows.itertuples()]
            parts.append((reason, message(f"claim_{reason}", lang, segments=listed)))
    if verdict != still:
        parts.append(("disputed", message("claim_disputed", lang, count=len(sure))))
    return row | {
        "n": len(inside),
        "participants": distinct(person for person in people if person in inside),
        "others": distinct(person for person in people if person not in inside),
        "verdict": verdict,
        **remarks(*parts, lang=lang),
    }


_OTHER = {"for": "against", "against": "for"}


def _of_direction(rows: "pd.DataFrame", direction: str) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """The rows that speak in a direction, and those of which nobody said; all of them where none is asked."""
    if not direction:
        return rows, rows.iloc[:0]
    return rows[rows["direction"].isin([direction, "mixed"])], rows[rows["direction"].isna()]


def _verdict(claim: InterviewClaim, sure: set[str], possible: set[str], base: int) -> str:
    """Whether a statement holds, however many of the `possible` people stand behind the code, too."""
    counts = range(len(sure), len(sure | possible) + 1)
    verdicts = {bool(RULES[claim.rule](n, base, claim.value)) for n in counts}
    return "undecided" if len(verdicts) > 1 else "holds" if True in verdicts else "does not hold"


def coded_above(segments: Segments, unit: Any) -> "pd.DataFrame":
    """The segments that may speak of a code: coded to its subtheme, and to no code of that subtheme."""
    data = segments.data
    if unit.level != "code":
        return data.iloc[:0]
    siblings = [code.id for code in segments.codebook.codes if code.subtheme == unit.subtheme]
    finer = set(data.loc[data["code"].isin(siblings), "segment"])
    coarse = data[(data["level"] == "subtheme") & (data["code"] == unit.subtheme)]
    return coarse[~coarse["segment"].isin(finer)].drop_duplicates("segment")


def _both(segments: Segments, claim: InterviewClaim, people: list[str]) -> dict[str, object]:
    """Who of these people is on both sides; for a group also two of its people on one side each."""
    sides = both_sides(segments, pairs=[(claim.code, claim.other_code)])
    alone = sides[(sides["scope"] == "participant") & sides["who"].isin(people)]
    places = sides[(sides["scope"] == "group") & (sides["who"] == claim.who)] if claim.who else alone
    rows = places if len(places) else alone
    gather = {
        name: distinct(segment for cell in rows[name] for segment in cell)
        for name in ("segments", "other_segments")
    }
    on_both = [person for person in people if person in set(alone["who"])]
    return gather | {
        "n": len(on_both),
        "participants": distinct(on_both),
        "others": (),
        "verdict": "read both" if len(rows) else "nobody on both sides",
    }


def _people(segments: Segments, who: str) -> "pd.Index[str]":
    groups = members(segments)
    if who in groups:
        return groups[who]
    people = segments.participants.index
    return people[people == who]


def _read(
    segments: Segments,
    claims: "str | Path | pd.DataFrame",
    known: dict[str, Any],
    password: str | None,
) -> list[InterviewClaim]:
    """Read and check the table; all problems at once."""
    import pandas as pd

    if not isinstance(claims, str | Path | pd.DataFrame):
        raise unfit("claims_needed", claims)
    book = read_book(claims, password=password) if isinstance(claims, str | Path) else frame_book(claims)
    grid = next((grid for grid in book.grids if grid.rows), None)
    place = Place(file=book.file)
    if grid is None:
        raise FindingsError(Problem("claims_empty", place, {"columns": list(_NEEDED)}))
    table = table_of(grid)
    columns = {normalise(column.header): column.values for column in table.columns}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise FindingsError(Problem("claims_columns", place, {"missing": list(missing)}))
    read, problems = [], []
    taken: set[str] = set()
    for position, line in enumerate(table.numbers):
        row = {name: _text(columns[name][position]) if name in columns else "" for name in COLUMNS}
        if not any(row.values()):
            continue
        where = Place(file=book.file, line=line, subject=row["claim"])
        faults = [Problem(key, where, values) for key, values in _faults(segments, known, row, taken)]
        problems += faults
        if not faults:
            value = int(row.pop("value") or 0) if row["rule"] == "count" else None
            read.append(InterviewClaim(**{**row, "value": value}))  # type: ignore[arg-type]
    if problems:
        raise FindingsError(*problems)
    return read


def _faults(
    segments: Segments, known: dict[str, Any], row: dict[str, str], taken: set[str]
) -> "list[tuple[str, dict[str, object]]]":
    faults: list[tuple[str, dict[str, object]]] = []
    for name in _NEEDED:
        if not row[name]:
            faults.append(("claim_cell_empty", {"column": name}))
    if row["claim"] in taken:
        faults.append(("claim_twice", {"claim": row["claim"]}))
    taken.add(row["claim"])
    for name, known_words in (("rule", list(RULES)), ("direction", list(_OTHER))):
        if row[name] and row[name] not in known_words:
            faults.append((f"claim_{name}", {name: row[name], "known": known_words}))
    wanted = ["code", "other_code"] if row["rule"] == "both_sides" or row["other_code"] else ["code"]
    for name in wanted:
        if row[name] and row[name] not in known:
            near = near_misses(row[name], known) or "-"
            faults.append(("claim_code", {"code": row[name], "near": near}))
    lacks_other = row["rule"] == "both_sides" and not row["other_code"]
    faults += [("claim_cell_empty", {"column": "other_code"})] * lacks_other
    if row["rule"] == "count" and not row["value"].isdecimal():
        faults.append(("claim_value", {"value": row["value"]}))
    if row["who"] and row["who"] not in (*segments.groups, *segments.participants.index):
        faults.append(("claim_who", {"who": row["who"], "known": list(segments.groups) or "-"}))
    return faults


def _text(raw: Any) -> str:
    return "" if raw is None or is_blank(raw) else as_text(raw).strip()
