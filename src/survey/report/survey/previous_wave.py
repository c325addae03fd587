"""The wave before the one that is reported: read as that one was, checked, chosen by the same conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import unfit
from survey.counts import Tally
from survey.counts.tally_files import SUFFIX
from survey.errors import DataError, Place, Problem, SurveyError, UsageError, usage
from survey.ingest import Responses
from survey.ingest.quality import screen
from survey.ingest.reading import read_responses, responses_of
from survey.ingest.wave_column import are_out_of_order, same_wave
from survey.ingest.weight_column import lacks_weights
from survey.instrument import load_instrument
from survey.instrument.report_plans import Plan
from survey.messages.number_forms import month_text
from survey.statistics.wave_pairs import WavePair
from survey.weights.planned_responses import as_planned

if TYPE_CHECKING:
    from survey.ingest import ResponsesLike
    from survey.ingest.conditions import Condition


@dataclass(frozen=True)
class PreviousWave:
    """The wave before and the one that is reported, both as they were answered.

    Attributes
    ----------
    earlier
        Those of the wave before who meet the conditions of the one that is reported; there may be none.
    later
        The respondents of the report, under the instrument of their file.
    """

    earlier: Responses
    later: Responses

    @cached_property
    def pair(self) -> WavePair:
        """Both laid side by side."""
        return WavePair.of(self.earlier, self.later)

    def named(self, lang: str) -> str:
        """What the wave before is called: when it was, else its files; "" where nothing says either."""
        provenance = self.earlier.provenance
        return month_text(provenance.wave, lang) or provenance.file_names


def previous_wave(
    later: Responses | Tally, previous: "ResponsesLike | None", *, minimum: int = 0
) -> PreviousWave | None:
    """Take the wave before; None where none is given, or where counts below a `minimum` are hidden.

    Raises
    ------
    UsageError
        There is a tally, no responses, another instrument, or a condition that means something else there.
    DataError
        It is the same file or wave, a later one, or another part of the respondents; an id stands twice.
    """
    if previous is None:
        return None
    if not isinstance(previous, Responses | Tally | str | Path):
        raise unfit("previous_needed", previous)
    if isinstance(later, Tally):
        raise usage("previous_of_tally")
    if _is_tally(previous):
        name = previous.provenance.file_names if isinstance(previous, Tally) else str(previous)
        raise UsageError(Problem("previous_tally", Place(file=name)))
    earlier = responses_of(previous)
    place = Place(file=earlier.provenance.file_names)
    _refuse_same(earlier, later, place)
    try:
        whole = PreviousWave(earlier, later)
        unfit_for = [condition for condition in later.subset if not whole.pair.means_the_same(condition)]
    except SurveyError as error:
        problems = (one if one.place.file else replace(one, place=place) for one in error.problems)
        raise type(error)(*problems) from None
    if unfit_for:
        raise UsageError(
            *(Problem("previous_condition", place, {"condition": one.text()}) for one in unfit_for)
        )
    if minimum:
        return None
    return PreviousWave(_kept(whole, later.subset), later)


def _is_tally(previous: object) -> bool:
    """Whether it is a tally, or the path of one."""
    return isinstance(previous, Tally) or (
        isinstance(previous, str | Path) and Path(previous).suffix.lower() == SUFFIX
    )


def _refuse_same(earlier: Responses, later: Responses, place: Place) -> None:
    """Refuse a wave beside itself or before an earlier one, and parts of the respondents that differ."""
    then, now = earlier.provenance, later.provenance
    if earlier is later or not _rows(earlier).isdisjoint(_rows(later)):
        raise DataError(Problem("previous_same_file", place, {"file": now.file_names or "-"}))
    files = {"wave": then.wave, "file": now.file_names or "-"}
    if same_wave(then.wave, now.wave):
        raise DataError(Problem("previous_same_wave", place, files))
    if are_out_of_order((then.wave, now.wave)):
        raise DataError(Problem("previous_later", place, {**files, "other": now.wave}))
    if then.subset != now.subset:
        raise DataError(
            Problem("previous_part", place, {"said": [*then.subset, *now.subset], "file": files["file"]})
        )


def _rows(wave: Responses) -> set[tuple[object, ...]]:
    """The rows of files that a wave holds; a file of several waves has some of each."""
    if not all(file.sha256 for file in wave.provenance.files):
        return set()
    places = (wave.meta[name].astype(str).tolist() for name in ("sheet", "row"))
    hashes = {file.name: file.sha256 for file in wave.provenance.files}
    sources = [hashes.get(str(source), "") for source in wave.meta["source"]]
    return {row for row in zip(sources, *places, strict=True) if row[0]}


def _kept(whole: PreviousWave, conditions: "Sequence[Condition]") -> Responses:
    """Those of the wave before who meet the conditions of the one that is reported."""
    earlier = whole.earlier
    for condition in conditions:  # under the newer version, whose names they use; the rows are the same
        holds = condition.holds(whole.pair.earlier.data.loc[earlier.data.index])
        weighting = earlier.provenance.weighting
        if weighting is not None:  # of a part of the respondents no share is set
            weighting = replace(weighting, targets=())
        earlier = replace(
            earlier,
            provenance=replace(earlier.provenance, weighting=weighting),
            data=earlier.data[holds],
            missing=earlier.missing[holds],
            meta=earlier.meta[holds],
            subset=(*earlier.subset, condition),
            total=len(whole.earlier),
        )
    return earlier


def previous_reader(
    plan: Plan, reading: Mapping[str, Any], tell: Callable[[Responses], None] | None = None
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What puts responses in the place of the path of the wave before among the arguments of a report.

    `reading` is how the later wave was read. Each file is read once, for however many reports, and told.
    """
    known: dict[str, Responses] = {}

    def with_responses(arguments: dict[str, Any]) -> dict[str, Any]:
        path = arguments.get("previous")
        if path is None or _is_tally(path):
            return arguments
        if path not in known:
            known[path] = read_previous(path, plan, **reading)
            if tell is not None:
                tell(known[path])
        return {**arguments, "previous": known[path]}

    return with_responses


def read_previous(
    path: str | Path,
    plan: Plan,
    *,
    instrument: str | None = None,
    weight: str | None = None,
    drop: Sequence[str] = (),
    **reading: Any,
) -> Responses:
    """Read the wave before as the later one was read: its sheet, map, rules of quality and weights.

    Parameters
    ----------
    plan
        What it says of the wave before (its version, its label), and of raking, which is that of both waves.
    instrument
        What the later wave was read with; another version that the file itself says beats it.
    weight
        The column of weights; without weights where the file has no such column.
    drop
        The rules of quality whose rows are left out.
    reading
        Whatever else `survey.read_responses` takes; the label of the later wave is not that of this one.
    """
    asked_with = plan.said("previous_instrument")
    chosen = asked_with or _version_said(path, instrument, reading.get("password"))
    reading["wave"] = plan.said("previous_wave")
    try:
        responses = read_responses(path, chosen, weight=weight, **reading)
    except UsageError as error:
        if not lacks_weights(error):
            raise
        responses = read_responses(path, chosen, **reading)
    return as_planned(screen(responses, drop=drop)[0], plan, earlier=True)


def _version_said(path: str | Path, instrument: str | None, password: str | None) -> str | None:
    """The instrument to read a file with: the version of it that the file says, else the one given."""
    if instrument is None:
        return None
    from survey.files.grid import read_book

    named = read_book(path, password=password).says.get("instrument", "")
    return named if named.partition("@")[0] == load_instrument(instrument).id else instrument
