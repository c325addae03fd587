"""Both sides of a matter: one person, or one company, coded under a code and under its opposite."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from survey.arguments import check_lang
from survey.errors import usage
from survey.instrument.schema import text_in
from survey.interviews.coding_units import units_of
from survey.interviews.counting import coded, distinct, members, unit_of_codes, units
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.tables import contract_frame
from survey.wording import near_misses

if TYPE_CHECKING:
    import pandas as pd

    from survey.instrument.interview_schemas import InterviewCodebook


def both_sides(
    segments: SegmentsLike, *, pairs: Iterable[tuple[str, str]] | None = None, lang: str = "en"
) -> "pd.DataFrame":
    """One row per pair of codes and person on both sides, then one per group that has people on both sides.

    `kind` says what the two sides are: an "opposite" of the codebook (codes that exclude each other), the
    "direction" (segments for and segments against one code: `other_code` is that code again), a "tension"
    (codes that pull against each other, and can be meant at once; `why` says how), or a pair that was "named"
    and is none of these. Opposites and directions may be contradictions, a tension is none. What speaks
    against a code does not stand on its side of an opposite.

    `scope` is "participant" or "group", `who` the person or group; `segments` and `other_segments` are what
    there is to read, tuples of ids. Two codes that two coders gave to one passage are a disagreement of
    coders (see `coder_agreement`), and put nobody on both sides. Whether the two contradict each other is for
    the reader: one may speak of another time or product. A group of one such person alone is not repeated.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    pairs
        Ids of codes, subthemes, themes or aims to be set against each other; the opposites, directions and
        tensions of the codebook where None.
    lang
        Language of the labels and of `why`.

    Raises
    ------
    UsageError
        A pair names what the codebook does not have, or an unknown language.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> pairs = [("location_selection", "mobilization_mode")]  # themes
    >>> survey.both_sides(segments, pairs=pairs)["scope"].value_counts().to_dict()
    {'participant': 14, 'group': 2}
    """
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    codebook = segments.codebook
    marked = marked_pairs(codebook, lang)
    wanted = [*marked, *_directed(segments)] if pairs is None else _named(pairs, marked)
    known = {unit.id: unit for unit in everything(codebook, lang)}
    frames: dict[str, pd.DataFrame] = {}
    rows: list[dict[str, object]] = []
    for pair in wanted:
        for code in pair.codes:
            if code not in known:
                near = list(near_misses(code, known) or known)
                raise usage("unknown_code", code=code, codebook=codebook.reference, known=near)
            if code not in frames:
                coded_rows = coded(segments, known[code].level).dropna(subset=["participant"])
                frames[code] = coded_rows[coded_rows["unit"] == code]
        one, other = (known[code] for code in pair.codes)
        rows += _rows(segments, pair, one, other, *_facing_sides(segments, pair, frames))
    return contract_frame("both_sides", rows)


class Pair(NamedTuple):
    """Two sides of a matter: the ids of two parts of a codebook, what they are to each other, and why."""

    codes: tuple[str, str]
    kind: Literal["opposite", "direction", "tension", "named"]
    why: str = ""


def opposites(codebook: "InterviewCodebook") -> list[tuple[str, str]]:
    """The pairs of codes that are marked as opposites, each once, in the order of the codebook."""
    pairs = {frozenset((code.id, code.opposite)): code for code in codebook.codes[::-1] if code.opposite}
    return [(code.id, code.opposite) for code in codebook.codes if code in pairs.values() and code.opposite]


def marked_pairs(codebook: "InterviewCodebook", lang: str) -> list[Pair]:
    """The opposites and the tensions of a codebook, in its order."""
    tensions = [Pair(one.between, "tension", text_in(one.reason, lang)) for one in codebook.tensions]
    return [*(Pair(codes, "opposite") for codes in opposites(codebook)), *tensions]


def _named(pairs: Iterable[tuple[str, str]], marked: list[Pair]) -> list[Pair]:
    """The pairs that were asked for, with what the codebook says of them."""
    known = {frozenset(pair.codes): pair for pair in marked}
    return [known.get(frozenset(codes), Pair(codes, "named"))._replace(codes=codes) for codes in pairs]


def _directed(segments: Segments) -> list[Pair]:
    """The codes and subthemes that some segments speak for and others against."""
    given = segments.data.dropna(subset=["direction"]).groupby("code", sort=False)["direction"].agg(set)
    return [Pair((code, code), "direction") for code, names in given.items() if {"for", "against"} <= names]


def _facing_sides(
    segments: Segments, pair: Pair, frames: "dict[str, pd.DataFrame]"
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """The segments on either side: all of them in a tension, none against its own code in an opposite."""
    first, second = (frames[code] for code in pair.codes)
    if pair.kind == "opposite":
        first, second = (rows[rows["direction"].ne("against").fillna(True)] for rows in (first, second))
    elif pair.kind == "direction":
        code = pair.codes[0]
        data = segments.data[segments.data["code"] == code]  # not what stands below a subtheme
        first, second = (
            first[first["segment"].isin(data.loc[data["direction"].eq(name).fillna(False), "segment"])]
            for name in ("for", "against")
        )
    return first, second


def everything(codebook: "InterviewCodebook", lang: str) -> Iterable[Any]:
    """Every code, subtheme, theme and aim, the finest last."""
    for level in ("aim", "theme", "subtheme", "code"):  # of equal ids the finest is meant
        yield from units(codebook, level, lang)


def _rows(
    segments: Segments, pair: Pair, one: Any, other: Any, first: "pd.DataFrame", second: "pd.DataFrame"
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    on_both = set(first["participant"]) & set(second["participant"])
    passages = _passages(segments)
    readers = _readers(segments, one), _readers(segments, other)
    for scope, places in (
        ("participant", {person: [person] for person in segments.participants.index if person in on_both}),
        ("group", {name: list(people) for name, people in members(segments).items() if name}),
    ):
        for who, people in places.items():
            here, there = (frame[frame["participant"].isin(people)] for frame in (first, second))
            kept = _facing(passages, readers, here["segment"], there["segment"])
            facing = _facing(passages, readers[::-1], there["segment"], here["segment"])
            here, there = here[here["segment"].isin(kept)], there[there["segment"].isin(facing)]
            spoke = {*here["participant"], *there["participant"]}
            if here.empty or there.empty or (scope == "group" and len(spoke) == 1):
                continue
            rows.append(
                {
                    "kind": pair.kind,
                    "code": one.id,
                    "label": one.label,
                    "other_code": other.id,
                    "other_label": other.label,
                    "scope": scope,
                    "who": who,
                    "n_code": here["participant"].nunique(),
                    "n_other": there["participant"].nunique(),
                    "segments": distinct(here["segment"]),
                    "other_segments": distinct(there["segment"]),
                    "why": pair.why,
                }
            )
    return rows


def _passages(segments: Segments) -> dict[str, set[str]]:
    """The passages that each segment is of: segments that overlap, and those of one quotation."""
    data = segments.data
    passages: dict[str, set[str]] = {name: {unit} for name, unit in units_of(data, 0.5).items()}
    for name, quote in zip(data["segment"], data["quote"].fillna(data["segment"]), strict=True):
        passages[name].add(f"quotation {quote}")
    return passages


def _readers(segments: Segments, unit: Any) -> dict[str, set[str]]:
    """Who gave a code, or one below it, to each segment; "" for a coder who is not named."""
    data, counts_as = segments.data, unit_of_codes(segments.codebook, unit.level)
    readers: dict[str, set[str]] = {}
    for name, code, coder in zip(data["segment"], data["code"], data["coder"].fillna(""), strict=True):
        if counts_as.get(code) == unit.id:
            readers.setdefault(name, set()).add(coder)
    return readers


def _facing(
    passages: dict[str, set[str]],
    readers: tuple[dict[str, set[str]], dict[str, set[str]]],
    mine: Iterable[str],
    theirs: Iterable[str],
) -> set[str]:
    """The segments of one side that face a segment of the other which is no other reading of them."""
    by_passage: dict[str, set[str]] = {}
    for name in theirs:
        for passage in passages[name]:
            by_passage.setdefault(passage, set()).add(name)
    count = len(set(theirs))

    def other_readings(name: str) -> int:
        same = set().union(*(by_passage.get(passage, set()) for passage in passages[name]))
        own = readers[0][name]
        return sum("" not in own | readers[1][other] and not own & readers[1][other] for other in same)

    return {name for name in mine if other_readings(name) < count}
