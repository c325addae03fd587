"""The evidence on a proposition: companies and quotations for it and against it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from survey.instrument.proposition_rules import Evidence, Rule
from survey.instrument.proposition_schemas import Proposition
from survey.interviews.claims import coded_above
from survey.interviews.contradictions import everything
from survey.interviews.counting import coded
from survey.interviews.segments import Segments

if TYPE_CHECKING:
    import pandas as pd

# Whether people speak for what a code says, or against it.
Side = Literal["for", "against"]


@dataclass(frozen=True)
class Coding:
    """Who stands behind which code: for sure, possibly, and without quotations that are given to others."""

    segments: Segments
    lang: str

    @cached_property
    def known(self) -> dict[str, Any]:
        """Everything that codes and rules may name, by id."""
        return {unit.id: unit for unit in everything(self.segments.codebook, self.lang)}

    @cached_property
    def company_of(self) -> dict[str, str]:
        """The company of each person; "" where none is known."""
        groups = self.segments.participants["group"].astype(object).fillna("")
        return {str(person): str(group) for person, group in groups.items()}

    @cached_property
    def companies(self) -> tuple[str, ...]:
        """The companies; one without a name where none is known."""
        return tuple(dict.fromkeys(filter(None, self.company_of.values()))) or ("",)

    @cached_property
    def _levels(self) -> "dict[str, pd.DataFrame]":
        return {level: coded(self.segments, level) for level in ("code", "subtheme", "theme", "aim")}

    def behind(self, code: str, side: Side = "for") -> "pd.DataFrame":
        """The segments under a code, subtheme, theme or aim that speak for it, or against it."""
        rows = self._levels[self.known[code].level]
        return _on_side(rows[rows["unit"] == code].dropna(subset=["participant"]), side)

    def sure(self, code: str, side: Side = "for") -> frozenset[str]:
        """Who has a segment under it."""
        return frozenset(self.behind(code, side)["participant"])

    def undisputed(self, code: str, side: Side = "for") -> frozenset[str]:
        """Who has one whose quotation is given to nobody else."""
        rows = self.behind(code, side)
        return frozenset(rows.loc[~rows["disputed"], "participant"])

    def possible(self, code: str, side: Side = "for") -> frozenset[str]:
        """Who has one, or may have: a segment coded to the subtheme above it and to none of its codes."""
        return self.sure(code, side) | frozenset(self.above(code, side)["participant"].dropna())

    def above(self, code: str, side: Side = "for") -> "pd.DataFrame":
        """The segments that may speak of a code: coded to its subtheme, and to none of its codes."""
        return _on_side(coded_above(self.segments, self.known[code]), side)

    def has_direction(self, code: str) -> bool:
        """Whether any segment under a code says whether it speaks for it."""
        rows = self._levels[self.known[code].level]
        return bool(rows.loc[rows["unit"] == code, "direction"].notna().any())


def _on_side(rows: "pd.DataFrame", side: Side) -> "pd.DataFrame":
    """The segments that speak for their code, those without a direction included, or against it."""
    if side == "against":
        return rows[rows["direction"].isin(["against", "mixed"])]
    return rows[rows["direction"].ne("against").fillna(True)]


def sides_of(one: Proposition) -> tuple[list[tuple[str, Side]], list[tuple[str, Side]]]:
    """The codes whose people are for a proposition, and those of codes for whose people are against it."""
    supporting: list[tuple[str, Side]] = [(code, "for") for code in one.codes_for]
    supporting += [(code, "against") for code in one.codes_denied]
    opposed: list[tuple[str, Side]] = [(code, "against") for code in one.codes_for]
    return supporting, opposed + [(code, "for") for code in one.codes_denied]


def limited(one: Proposition, rule: Rule) -> str:
    """The company or person that a proposition is limited to; what a rule compares stays whole."""
    return "" if "company" in rule.needs or rule.companies > 1 else one.company or ""


def evidence_on(coding: Coding, one: Proposition, rule: Rule, way: str) -> Evidence:
    """What a rule is given, of one way to read who stands behind a code: `sure`, `undisputed`, `possible`."""
    limit = limited(one, rule)
    inside = {person for person, name in coding.company_of.items() if limit in ("", name, person)}
    bases = {name: sum(coding.company_of[person] == name for person in inside) for name in coding.companies}
    read = getattr(coding, way)
    quoted, bearing, together = _quotations(coding, one, inside, way)
    supporting, opposed = sides_of(one)
    return Evidence(
        base=len(inside),
        bases={name: base for name, base in bases.items() if base},
        company_of=coding.company_of,
        codes_for={code: read(code, side) & inside for code, side in supporting},
        codes_against={code: read(code) & inside for code in one.codes_against},
        opposed={code: read(code, side) & inside for code, side in opposed if coding.has_direction(code)},
        company=one.company or "",
        value=one.value,
        together=together,
        quoted=quoted,
        bearing=bearing,
    )


def _quotations(coding: Coding, one: Proposition, inside: set[str], way: str) -> tuple[int, int, int]:
    """How many quotations are given for a proposition, how many of them are these people's, under its codes,
    and how many quotations of theirs, given for it or not, are under all of its codes.
    """
    under: list[set[str]] = []
    quotes: list[set[str]] = []
    for code, side in sides_of(one)[0]:
        frames = [coding.behind(code, side)] + ([coding.above(code, side)] if way == "possible" else [])
        rows = [frame[frame["participant"].isin(list(inside))] for frame in frames]
        under.append({segment for part in rows for segment in part["segment"]})
        quotes.append({quote for part in rows for quote in part["quote"].fillna(part["segment"])})
    bearing = set().union(*under) & set(one.segments)
    together = quotes[0].intersection(*quotes[1:]) if quotes else set()
    return len(one.segments), len(bearing), len(together)


def readings(low: Evidence, high: Evidence) -> Iterator[Evidence]:
    """Every end of what may be: codes for and against, the company it speaks of and the others, low and high.

    And between them one person more at a time, for a rule that asks for an exact number.
    """
    company = low.company if low.company in low.bases else ""

    def mixed(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """The company's people as in one reading, the others as in the other."""
        of = low.company_of
        return {
            code: frozenset(person for person in one[code] if of[person] == company)
            | frozenset(person for person in other[code] if of[person] != company)
            for code in one
        }

    ways_for = [(dict(one.codes_for), dict(other.codes_for)) for one in (low, high) for other in (low, high)]
    ways_against = [
        (
            mixed(dict(one.codes_against), dict(other.codes_against)),
            mixed(dict(one.opposed), dict(other.opposed)),
        )
        for one in (low, high)
        for other in (low, high)
    ]
    for one, other in ways_for:
        for against, opposed in ways_against:
            codes_for = mixed(one, other)
            yield replace(low, codes_for=codes_for, codes_against=against, opposed=opposed)
    yield replace(low, bearing=high.bearing, together=high.together)
    more = sorted(high.people_for - low.people_for)
    for number in range(1, len(more) + 1):
        added = frozenset(more[:number])
        grown = {code: people | (added & high.codes_for[code]) for code, people in low.codes_for.items()}
        yield replace(low, codes_for=grown)
