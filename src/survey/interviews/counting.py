"""What is counted: people and quotations behind each code, subtheme, theme and aim.

One rule for every table of this room: a person counts once under a code, whoever coded it and however often;
a quotation counts once within a code, however many segments repeat it. A segment coded to a subtheme counts
for the subtheme and what stands above it, never for one of its codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.errors import usage
from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews.segments import DIRECTIONS, Segments

if TYPE_CHECKING:
    import pandas as pd

# The levels of a codebook, the finest first.
LEVELS = ("code", "subtheme", "theme", "aim")


@dataclass(frozen=True)
class Unit:
    """A code, subtheme, theme or aim: its id and label, and the ids above it (empty where it has none).

    `published` says whether a published codebook has it; None where nothing is known of one.
    """

    level: str
    id: str
    label: str
    subtheme: str = ""
    theme: str = ""
    aim: str = ""
    published: bool | None = None


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names in their order, each once: what stands in one cell."""
    return tuple(dict.fromkeys(names))


def check_level(level: str) -> None:
    """Refuse a level that no codebook has (`UsageError`)."""
    if level not in LEVELS:
        raise usage("level_unknown", level=level, known=list(LEVELS))


def units(codebook: InterviewCodebook, level: str, lang: str = "en") -> list[Unit]:
    """List the units of a level in the order of the codebook; a theme is published if a part of it is."""
    check_level(level)
    theme_of = {subtheme.id: subtheme.theme for subtheme in codebook.subthemes}
    aim_of = {theme.id: theme.aim for theme in codebook.themes}
    if level == "code":
        return [
            Unit(
                level,
                code.id,
                code.said(lang),
                code.subtheme,
                theme_of[code.subtheme],
                aim_of[theme_of[code.subtheme]],
                code.published,
            )
            for code in codebook.codes
        ]
    if level == "subtheme":
        return [
            Unit(level, one.id, one.said(lang), "", one.theme, aim_of[one.theme], one.published)
            for one in codebook.subthemes
        ]
    below = [(one.theme, one.published) for one in codebook.subthemes]
    if level == "theme":
        return [
            Unit(level, one.id, one.said(lang), "", "", one.aim, _any_of(below, one.id))
            for one in codebook.themes
        ]
    below = [(aim_of[theme], known) for theme, known in below]
    return [Unit(level, one.id, one.said(lang), published=_any_of(below, one.id)) for one in codebook.aims]


def _any_of(below: list[tuple[str, bool | None]], parent: str) -> bool | None:
    known = [published for owner, published in below if owner == parent and published is not None]
    return any(known) if known else None


def unit_of_codes(codebook: InterviewCodebook, level: str) -> dict[str, str]:
    """The unit of a level that each code and subtheme counts for; a subtheme for none of the codes."""
    parents = {unit.id: unit for unit in units(codebook, "code")}
    if level == "code":
        return {code: code for code in parents}
    names = {code: getattr(unit, level) for code, unit in parents.items()}
    above = {unit.id: unit for unit in units(codebook, "subtheme")}
    return names | {one: one if level == "subtheme" else getattr(unit, level) for one, unit in above.items()}


def coded(segments: Segments, level: str) -> "pd.DataFrame":
    """One row per unit on a segment: `unit`, `segment`, `participant`, `quote`, `direction`, `disputed`.

    `disputed` says that the quotation is given to more than one person. `direction` is that of all codes of
    the unit on the segment, whoever gave them: see `joined_direction`.
    """
    data, names = segments.data, unit_of_codes(segments.codebook, level)
    if level == "code":
        data = data[data["level"] == "code"]
    frame = data[["segment", "participant"]].assign(
        unit=data["code"].map(names), quote=data["quote"].fillna(data["segment"])
    )
    frame = frame.assign(direction=data["direction"]).dropna(subset=["unit"])
    apart = ["unit", "segment", "participant", "quote"]
    if segments.has_directions:
        together = frame.groupby(apart, sort=False, dropna=False)["direction"].agg(joined_direction)
        frame = together.astype("string[python]").reset_index()
    frame = frame.drop_duplicates(apart)[["segment", "participant", "unit", "quote", "direction"]]
    return frame.assign(disputed=frame["quote"].isin(disputed_quotes(segments))).reset_index(drop=True)


def joined_direction(directions: "pd.Series[str]") -> str | None:
    """The direction of several codings together: the one they have, "mixed" where they differ, else None."""
    known = set(directions.dropna())
    return "mixed" if len(known) > 1 else known.pop() if known else None


def people_by_direction(rows: "pd.DataFrame") -> dict[str, int]:
    """How many people speak for something, against it, or both: each counts once, or not at all.

    `rows` are of `coded`, of one unit. A person with segments for and others against is mixed.
    """
    each = rows.dropna(subset=["direction"]).groupby("participant")["direction"].agg(joined_direction)
    return {f"n_{name}": int((each == name).sum()) for name in DIRECTIONS}


def disputed_quotes(segments: Segments) -> set[str]:
    """The quotations that are given to more than one person, by their ids."""
    data = segments.data
    people = data.assign(quote=data["quote"].fillna(data["segment"])).dropna(subset=["participant"])
    counts = people.groupby("quote")["participant"].nunique()
    return set(counts[counts > 1].index)


def presence(segments: Segments, level: str = "code") -> "pd.DataFrame":
    """One row per person interviewed, one column per unit: whether the person has a segment of it."""
    check_level(level)
    names = [unit.id for unit in units(segments.codebook, level)]
    coded_rows = coded(segments, level).dropna(subset=["participant"])
    table = coded_rows.groupby(["participant", "unit"]).size().unstack(fill_value=0) > 0
    return table.reindex(index=segments.participants.index, columns=names, fill_value=False).astype(bool)


def members(segments: Segments) -> "dict[str, pd.Index[str]]":
    """Who was interviewed in each group: "" holds everybody, also those of no known group."""
    people = segments.participants
    by_group = {"": people.index}
    for group in segments.groups:
        by_group[group] = people.index[(people["group"] == group).fillna(False)]
    return by_group
