"""`survey waves`: two waves or more compared, as a report of their own."""

import click

from survey.cli.commands import command
from survey.cli.options import (
    WRITTEN,
    Outputs,
    Titles,
    command_line,
    lang_option,
    notice,
    output_options,
    setting_options,
    title_options,
)
from survey.cli.progress import phase


@command()
@click.argument("files", metavar="EARLIER LATER...", type=click.Path(), nargs=-1, required=True)
@output_options
@title_options
@click.option("--wave", "names", metavar="LABEL", multiple=True, help="help_waves_wave")
@click.option("--key", metavar="COLUMN", help="help_waves_key")
@setting_options("instrument", "confidence", "min_base", "equivalent_within")
@lang_option
@click.pass_context
def waves(  # noqa: PLR0913 - one for each option
    context: click.Context,
    *,
    outputs: Outputs,
    titles: Titles,
    files: tuple[str, ...],
    names: tuple[str, ...],
    key: str | None,
    instrument: str | None,
    confidence: float,
    min_base: int,
    equivalent_within: float | None,
    lang: str,
) -> None:
    """Compare EARLIER and LATER waves of one survey, a file each, the earliest first, and write the report.

    Without -o the report is reports/<last input>-waves.xlsx under the current folder.
    """
    from dataclasses import replace
    from pathlib import Path

    from survey.errors import DataError, Problem, usage
    from survey.ingest.reading import paths_of, read_responses
    from survey.report.waves import waves_report

    context.meta["survey.writes"] = True
    paths = paths_of(files)
    if len(paths) < 2:
        raise usage("waves_too_few", count=len(paths))
    if names and len(names) != len(paths):
        raise usage("waves_names_count", count=len(paths), names=len(names))
    targets = outputs.checked(Path("reports") / f"{paths[-1].stem}-waves.xlsx", *paths)
    title_block = titles.block()
    everybody = []
    with phase("progress_reading", lang):
        for place, path in enumerate(paths):
            wave = read_responses(path, instrument)
            if names:
                wave = replace(wave, provenance=replace(wave.provenance, wave=names[place]))
            everybody.append(wave)
    hashes = [wave.provenance.file_hashes for wave in everybody]
    if twice := [path.name for path, own in zip(paths, hashes, strict=True) if hashes.count(own) > 1]:
        raise DataError(Problem("files_same_bytes", values={"files": twice}))
    for wave in everybody:
        notice(wave.problems, lang)
    typed = command_line(context, "survey waves", without=("password", *WRITTEN))
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
