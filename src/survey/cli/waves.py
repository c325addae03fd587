"""`survey waves`: two waves or more compared, as a report of their own."""

from typing import TYPE_CHECKING

import click

from survey.cli.commands import command
from survey.cli.options import (
    WRITTEN,
    Outputs,
    Reading,
    Titles,
    command_line,
    lang_option,
    output_options,
    read,
    reading_options,
    setting_options,
    title_options,
)
from survey.cli.progress import phase

if TYPE_CHECKING:
    from survey.ingest import Responses

_NO_WEIGHTS = "weight_column_absent"  # what a file without the column that --weight names is refused with


@command()
@reading_options(metavar="EARLIER LATER...", without=("wave", "keep_personal"))
@click.option("--wave", "names", metavar="LABEL", multiple=True, help="help_waves_wave")
@click.option("--key", metavar="COLUMN", help="help_waves_key")
@output_options
@title_options
@setting_options("confidence", "min_base", "equivalent_within")
@lang_option
@click.pass_context
def waves(
    context: click.Context,
    *,
    reading: Reading,
    outputs: Outputs,
    titles: Titles,
    names: tuple[str, ...],
    key: str | None,
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

    from survey.ingest.reading import paths_of
    from survey.report.waves import waves_report

    context.meta["survey.writes"] = True
    paths = paths_of(reading.files)
    fieldings = _fieldings(reading, names)
    targets = outputs.checked(Path("reports") / f"{paths[-1].stem}-waves.xlsx", *paths)
    title_block = titles.block()
    everybody = _read_all(reading, fieldings, lang)
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


def _fieldings(reading: Reading, names: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """The file of every wave, and what the wave is called, where that is said or a column names it."""
    from survey.errors import usage
    from survey.ingest.reading import waves_in

    count = len(reading.files)
    if count > 1:
        if names and len(names) != count:
            raise usage("waves_names_count", count=count, names=len(names))
        return list(zip(reading.files, names or (None,) * count, strict=True))
    file = reading.files[0]
    columns = reading.wanted("drop", "where", "set_aside", "weight", "wave", "keep_personal")
    labels = list(names) or waves_in(file, **columns)
    if len(labels) < 2:
        raise usage("waves_too_few", count=1)
    return [(file, label) for label in labels]


def _read_all(reading: Reading, fieldings: list[tuple[str, str | None]], lang: str) -> "list[Responses]":
    """Read every wave alike; a column of weights may be in some of them only, and that is told."""
    from survey.errors import DataError, Problem, UsageError
    from survey.messages import message

    everybody: list[Responses] = []
    unweighted: list[str] = []
    for file, label in fieldings:
        own = reading._replace(files=(file,), wave=label)
        try:
            wave = read(own, lang)
        except UsageError as error:
            if [problem.key for problem in error.problems] != [_NO_WEIGHTS]:
                raise
            unweighted.append(file)
            if len(unweighted) == len(fieldings):
                raise
            wave = read(own._replace(weight=None), lang)
        everybody.append(wave.responses)
    if unweighted:
        click.echo(message("waves_unweighted", lang, name=reading.weight, files=unweighted), err=True)
    hashes = [wave.provenance.file_hashes for wave in everybody]
    twice = [file for (file, _), own in zip(fieldings, hashes, strict=True) if hashes.count(own) > 1]
    if len(reading.files) > 1 and twice:
        raise DataError(Problem("files_same_bytes", values={"files": twice}))
    return everybody
