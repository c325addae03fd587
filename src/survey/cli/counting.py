"""Counting what commands are given: Parquet files, folders of them, tallies, and files of responses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from survey.cli.options import Reading, read
from survey.cli.progress import phase

if TYPE_CHECKING:
    from pathlib import Path

    from survey.counts import Tally

# Options that are fixed when a tally is made.
_OF_COUNTING = {
    **{"instrument": "--instrument", "where": "--where", "set_aside": "--set-aside"},
    **{"weight": "--weight", "wave": "--wave"},
}
# Options of reading that say nothing of coded data, and how they are typed.
_OF_EXPORTS = {
    "sheet": "--sheet",
    "dialect": "--dialect",
    "mapping": "--map",
    "password": "--password",
    "keep_personal": "--keep-personal",
    "drop": "--drop",
}


def count(reading: Reading, lang: str, *, banners: Sequence[str] | None = None) -> "Tally":
    """Count every file and add the tallies; responses are screened as `survey analyze` does it.

    Raises
    ------
    UsageError, DataError
        As `survey.tally`, `read_tally` and `read_responses`; tallies that cannot be added; an option that
        says nothing of what is counted; nobody meets the conditions.
    """
    from pathlib import Path

    from survey.counts.sources import is_parquet, parquet_sources
    from survey.counts.tally_files import SUFFIX, read_tally
    from survey.counts.tallying import tally_responses, tally_source
    from survey.errors import usage
    from survey.messages import message

    paths = [Path(name) for name in reading.files]
    request: dict[str, Any] = {"banners": banners}
    request |= {"where": reading.where, "set_aside": reading.set_aside}
    made = [path for path in paths if path.suffix.lower() == SUFFIX]
    parquet = [path for path in paths if is_parquet(path)]
    others = tuple(str(path) for path in paths if path not in (*made, *parquet))
    if (unfit := [option for name, option in _OF_EXPORTS.items() if getattr(reading, name)]) and not others:
        raise usage("tally_options_of_exports", options=unfit)
    if (fixed := [option for name, option in _OF_COUNTING.items() if getattr(reading, name)]) and not (
        others or parquet
    ):
        raise usage("tally_options_fixed", options=fixed)
    _refuse_doubles(made)
    tallies = []
    if parquet:
        with phase("progress_counting", lang):
            counted = tally_source(
                parquet_sources(parquet), reading.instrument, weight=reading.weight, **request
            )
        tallies.append(_of_wave(counted, reading.wave) if reading.wave else counted)
    if others:
        responses = read(reading._replace(files=others, where=()), lang).responses
        tallies.append(tally_responses(responses, **request))
    tallies += map(read_tally, made)
    counted, *more = tallies
    for other in more:
        counted = counted + other
    if reading.where and not len(counted):
        conditions = message("condition_separator", lang).join(reading.where)
        raise usage("where_nobody", condition=conditions)
    return counted


def _of_wave(counted: "Tally", wave: str) -> "Tally":
    """The tally with the wave that is asked for, where it does not say its own."""
    from dataclasses import replace

    from survey.ingest.provenance import Provenance
    from survey.ingest.wave_column import labelled

    known = counted.provenances or (Provenance(),)
    return replace(counted, provenances=tuple(labelled(one, wave, one.file_names) for one in known))


def _refuse_doubles(paths: "list[Path]") -> None:
    """Refuse a tally that is named twice: its respondents would count twice."""
    from survey.errors import usage

    resolved = [path.resolve() for path in paths]
    for path in resolved:
        if resolved.count(path) > 1:
            raise usage("files_same", path=path)
