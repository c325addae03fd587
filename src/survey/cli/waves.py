"""`survey waves`: two waves or more compared, as a report of their own."""

from typing import TYPE_CHECKING

import click

from survey.cli.commands import command
from survey.cli.options import (
    REFERENCE,
    Raking,
    Reading,
    check_raking,
    command_line,
    lang_option,
    raking_options,
    read,
    reading_options,
    setting_options,
)
from survey.cli.progress import phase
from survey.cli.report_options import WRITTEN, Outputs, Titles, output_options, title_options

if TYPE_CHECKING:
    from survey.ingest import Responses
    from survey.instrument.report_plans import Plan


@command()
@reading_options(metavar="EARLIER LATER...", without=("instrument", "wave", "keep_personal"))
@click.option(
    "--instrument", "instruments", metavar="REF", type=REFERENCE, multiple=True, help="help_waves_instrument"
)
@click.option("--wave", "names", metavar="LABEL", multiple=True, help="help_waves_wave")
@click.option("--key", metavar="COLUMN", help="help_waves_key")
@output_options
@title_options
@raking_options
@setting_options("confidence", "min_base", "equivalent_within")
@lang_option
@click.pass_context
def waves(  # noqa: PLR0913 - one for each option
    context: click.Context,
    *,
    reading: Reading,
    outputs: Outputs,
    titles: Titles,
    instruments: tuple[str, ...],
    names: tuple[str, ...],
    key: str | None,
    raking: Raking,
    confidence: float,
    min_base: int,
    equivalent_within: float | None,
    lang: str,
) -> None:
    """Compare EARLIER and LATER waves of one survey, a file each, the earliest first, and write the report.

    One file whose column of waves names several holds them all. Without -o the report is
    reports/<last input>-waves.xlsx under the current folder.
    """
    from pathlib import Path

    from survey.counts.tally_files import SUFFIX
    from survey.errors import usage
    from survey.ingest.reading import paths_of
    from survey.report.waves import waves_report
    from survey.wording import output_stem

    context.meta["survey.writes"] = True
    paths = paths_of(reading.files)
    if tallies := [path.name for path in paths if path.suffix == SUFFIX]:
        raise usage("waves_tally", files=tallies)
    fieldings = _fieldings(reading, instruments, names)
    targets = outputs.checked(Path("reports") / f"{output_stem(paths[-1])}-waves.xlsx", *paths)
    title_block = titles.block()
    plan = raking.plan()
    check_raking(plan)
    everybody = _read_all(reading, fieldings, plan, lang)
    typed = command_line(context, "survey waves", *reading.files, without=("files", "password", *WRITTEN))
    with phase("progress_analysing", lang):
        report = waves_report(
            everybody,
            key=key,
            confidence=confidence,
            min_base=min_base,
            equivalent_within=equivalent_within,
            title_block=title_block,
            command=typed,
            lang=lang,
        )
    outputs.write(report, targets, lang, "report_written")


def _fieldings(reading: Reading, instruments: tuple[str, ...], names: tuple[str, ...]) -> list[Reading]:
    """How every wave is read: its file, its label where that is said or a column names it, its version."""
    from survey.errors import usage
    from survey.ingest.reading import waves_in

    files, labels = reading.files, list[str | None](names)
    if len(files) == 1:
        wanted = reading.wanted("instrument", "drop", "where", "set_aside", "weight", "wave", "keep_personal")
        labels = labels or list(waves_in(files[0], *instruments[:1], **wanted))
        files *= len(labels)
        if len(labels) < 2:
            raise usage("waves_too_few", count=1)
    labels = labels or [None] * len(files)
    if len(labels) != len(files):
        raise usage("waves_names_count", count=len(files), names=len(labels))
    versions = instruments if len(instruments) > 1 else (instruments or (None,)) * len(files)
    if len(versions) != len(files):
        raise usage("waves_instruments_count", count=len(files), named=len(versions))
    return [
        reading._replace(files=(file,), wave=label, instrument=version)
        for file, label, version in zip(files, labels, versions, strict=True)
    ]


def _read_all(reading: Reading, fieldings: list[Reading], raking: "Plan", lang: str) -> "list[Responses]":
    """Read every wave alike, weighted to the targets before any condition.

    A column of weights may be in some of them only, and that is told.
    """
    from survey.errors import DataError, Problem, UsageError
    from survey.ingest.weight_column import lacks_weights
    from survey.messages import message

    everybody: list[Responses] = []
    unweighted: list[str] = []
    for own in fieldings:
        try:
            wave = read(own, lang, plan=raking)
        except UsageError as error:
            if not lacks_weights(error):
                raise
            unweighted += own.files
            if len(unweighted) == len(fieldings):
                raise
            wave = read(own._replace(weight=None), lang, plan=raking)
        everybody.append(wave.responses)
    if unweighted:
        click.echo(message("waves_unweighted", lang, name=reading.weight, files=unweighted), err=True)
    hashes = [wave.provenance.file_hashes for wave in everybody]
    twice = [one.files[0] for one, own in zip(fieldings, hashes, strict=True) if hashes.count(own) > 1]
    if len(reading.files) > 1 and twice:
        raise DataError(Problem("files_same_bytes", values={"files": twice}))
    return everybody
