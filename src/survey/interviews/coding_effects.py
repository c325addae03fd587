"""What another coding of the same interviews changes in every table of the study, before and after."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.arguments import check_lang, check_seed
from survey.interviews.case_facts import FactsLike, case_facts_of
from survey.interviews.claims import check_claims
from survey.interviews.contradictions import both_sides
from survey.interviews.coverage import codebook_evidence
from survey.interviews.participation import voices
from survey.interviews.propositions import PropositionsLike, judge_propositions
from survey.interviews.reading import segments_of
from survey.interviews.saturation import saturation
from survey.interviews.segments import Segments, SegmentsLike
from survey.result_ids import IDS
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


class Settings(NamedTuple):
    """What some tables need beside the segments; None where it was not given."""

    claims: "str | Path | pd.DataFrame | None"
    propositions: PropositionsLike | None
    facts: FactsLike | None
    password: str | None
    draws: int
    seed: int
    lang: str


class Compared(NamedTuple):
    """One table of the study: its contract, how it is made (None without what it needs), what is compared."""

    contract: str
    made: "Callable[[Segments, Settings], pd.DataFrame | None]"
    measures: tuple[str, ...]
    labels: tuple[str, ...]


def _voices(segments: Segments, _: Settings) -> "pd.DataFrame":
    frame = voices(segments)
    return frame[frame["document"] == ""]


def _saturation(part: str) -> "Callable[[Segments, Settings], pd.DataFrame]":
    def made(segments: Segments, settings: Settings) -> "pd.DataFrame":
        found = saturation(segments, draws=settings.draws, seed=settings.seed, lang=settings.lang)
        frame: pd.DataFrame = getattr(found, part)
        return frame

    return made


def _claims(segments: Segments, settings: Settings) -> "pd.DataFrame | None":
    if settings.claims is None:
        return None
    return check_claims(segments, settings.claims, password=settings.password, lang=settings.lang)


def _propositions(segments: Segments, settings: Settings) -> "pd.DataFrame | None":
    if settings.propositions is None:
        return None
    return judge_propositions(segments, settings.propositions, facts=settings.facts, lang=settings.lang)


_SIDES = ("n_for", "n_against", "n_mixed")
# The tables of a study, in the order of its report; another one is a line here.
TABLES: tuple[Compared, ...] = (
    Compared(
        "codebook_evidence",
        lambda segments, settings: codebook_evidence(segments, lang=settings.lang),
        ("verdict", "n", "by_group", "n_quotations", *_SIDES),
        ("label",),
    ),
    Compared("saturation", _saturation("curve"), ("new", "cumulative", "mean_cumulative"), ("participant",)),
    Compared(
        "saturation_point",
        _saturation("points"),
        ("base_codes", "reached", "share_reached", "median"),
        ("base_size", "run_length", "threshold"),
    ),
    Compared("voice", _voices, ("n_quotations", "n_codes", *_SIDES), ("participant",)),
    Compared(
        "both_sides",
        lambda segments, settings: both_sides(segments, lang=settings.lang),
        ("n_code", "n_other"),
        ("who", "label", "other_label"),
    ),
    Compared("interview_claim", _claims, ("verdict", "n", *_SIDES), ("statement",)),
    Compared(
        "proposition", _propositions, ("verdict", "strong", "n", "by_company", "n_against"), ("statement",)
    ),
)


def coding_effects(
    old: SegmentsLike,
    new: SegmentsLike,
    *,
    claims: "str | Path | pd.DataFrame | None" = None,
    propositions: PropositionsLike | None = None,
    facts: FactsLike | None = None,
    draws: int = 10_000,
    seed: int = 1,
    password: str | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per number or verdict of every table of the study: under one coding, and under the other.

    `table` is the contract of the table (codebook_evidence, saturation, saturation_point, voice, both_sides;
    interview_claim and proposition where claims and propositions are given), `id` what tells its row apart,
    `measure` its column. `before` and `after` are None where the row stands under one coding alone, `changed`
    says whether they differ. Both codings are judged by the same claims, propositions and facts.

    Parameters
    ----------
    old, new
        Segments, or the paths of files of them, before and after.
    claims
        Statements to hold against the people behind their codes: see `check_claims`.
    propositions, facts
        Propositions and the facts of the companies: see `judge_propositions`.
    draws, seed
        As in `saturation`.
    password
        Opens an encrypted workbook of claims.
    lang
        Language of labels.

    Raises
    ------
    UsageError
        There is no such file or language.
    FindingsError
        The claims or propositions do not fit the segments.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> folder = resource_folder("interviews")
    >>> coarse, fine = folder / "segments.xlsx", folder / "segments-fine.xlsx"
    >>> effects = survey.coding_effects(coarse, fine, draws=20)
    >>> effects.query("id == 'code profit' and measure == 'n'")[["before", "after"]].values.tolist()
    [[2, 6]]
    """
    before, after = segments_of(old), segments_of(new)
    for segments in (before, after):
        check_lang(lang, *segments.codebook.languages)
    check_seed(seed)
    known_facts = None if facts is None else case_facts_of(facts)
    settings = Settings(claims, propositions, known_facts, password, draws, seed, lang)
    rows: list[dict[str, object]] = []
    for table in TABLES:
        frames = [table.made(segments, settings) for segments in (before, after)]
        if frames[0] is not None and frames[1] is not None:
            rows += _rows(table, frames[0], frames[1])
    return contract_frame("coding_effect", rows)


def _rows(table: Compared, old: "pd.DataFrame", new: "pd.DataFrame") -> list[dict[str, object]]:
    """The rows of one table, in the order of the new one; those of the old alone last."""
    by_id = [_by_id(table, frame) for frame in (old, new)]
    rows: list[dict[str, object]] = []
    for name in dict.fromkeys([*by_id[1], *by_id[0]]):
        was, now = (known.get(name) for known in by_id)
        shown = now or was or {}
        for measure in table.measures:
            values = [None if row is None else _plain(row[measure]) for row in (was, now)]
            rows.append(
                {
                    "table": table.contract,
                    "id": name,
                    "label": " / ".join(dict.fromkeys(str(shown[part]) for part in table.labels)),
                    "measure": measure,
                    "before": values[0],
                    "after": values[1],
                    "changed": values[0] != values[1],
                }
            )
    return rows


def _by_id(table: Compared, frame: "pd.DataFrame") -> dict[str, dict[str, Any]]:
    names = IDS[table.contract]
    rows = frame.to_dict("records")
    return {" ".join(str(row[name]) for name in names if row[name] != ""): row for row in rows}


def _plain(value: Any) -> object:
    """A value as Python has it, whole numbers without a point; None where it is missing."""
    import pandas as pd

    if pd.isna(value):
        return None
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain
