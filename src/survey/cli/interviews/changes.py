"""`survey interviews changes`: what changed between two codings."""

from typing import Any

import click

from survey.cli.commands import command
from survey.cli.options import check_list_target, lang_option, write_list
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options


@command()
@segment_options
@click.argument("new", type=click.Path())
@click.option("--effects", is_flag=True, help="help_effects")
@click.option("--claims", metavar="PATH", type=click.Path(), help="help_claims")
@click.option("--propositions", metavar="REF", type=click.Path(), help="help_propositions")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="help_output_list")
@lang_option
def changes(
    *,
    reading: SegmentReading,
    new: str,
    effects: bool,
    claims: str | None,
    propositions: str | None,
    output: str | None,
    lang: str,
) -> None:
    """Say what changed from the coded SEGMENTS to those in the file NEW.

    A line per code that a segment got or lost, its values apart by tabs; with --effects, --claims or
    --propositions a line per number that this changes in the tables of the study. With -o a workbook of both
    to hand on. The options hold for both files, as far as they mean anything for a file of its kind.
    """
    if output is not None:
        sources = [*reading.inputs, new, *(path for path in (claims, propositions) if path)]
        check_list_target(output, sources)
    from survey.interviews.coding_changes import coding_changes
    from survey.interviews.coding_effects import coding_effects

    before = read_interviews(_for_file(reading, reading.segments, new), lang)
    after = read_interviews(_for_file(reading, new, reading.segments), lang)
    given: dict[str, Any] = {"claims": claims, "propositions": propositions, "password": reading.password}
    if output is not None:
        from survey.report.interviews.lists import changes_report

        report = changes_report(before, after, lang=lang, **given)
        write_list(report, output, lang)
        return
    if effects or claims or propositions:
        frame = coding_effects(before, after, lang=lang, **given)
        kept = frame[frame["changed"].astype(bool)].drop(columns="changed")
        click.echo(kept.to_csv(sep="\t", index=False), nl=False)
        return
    click.echo(coding_changes(before, after, lang=lang).to_csv(sep="\t", index=False), nl=False)


def _for_file(reading: SegmentReading, path: str, other: str) -> SegmentReading:
    """The options for one of two files, without those that are for the kind of the other alone."""
    from survey.interviews.reading import settings_of

    foreign = settings_of(other) - settings_of(path)
    return reading._replace(
        segments=path,
        sheet=None if "sheet" in foreign else reading.sheet,
        participant=None if "participant" in foreign else reading.participant,
        positions=None if "positions" in foreign else reading.positions,
    )
