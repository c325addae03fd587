"""`survey instrument compose`: a version of a survey and some of its modules become the next version."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("reference", metavar="ID[@VERSION]")
@click.argument("modules", metavar="MODULE...", nargs=-1, required=True)
@click.option("--version", "version", metavar="X.Y.Z", required=True, help="help_version_composed")
@click.option("-o", "--output", metavar="YAML", type=click.Path(), help="help_output_composed")
@lang_option
@click.pass_context
def compose(
    context: click.Context,
    reference: str,
    modules: tuple[str, ...],
    *,
    version: str,
    output: str | None,
    lang: str,
) -> None:
    """Compose a version of a survey and some of its modules into the next version.

    Prints what changed, and what each module costs the trends.
    """
    from pathlib import Path

    from survey.errors import usage
    from survey.files.saving import save_text
    from survey.instrument.composition import compose_instrument
    from survey.instrument.diff_text import format_costs, format_diff
    from survey.messages import message

    context.meta["survey.writes"] = output is not None
    if output is not None and Path(output).exists():
        raise usage("target_exists", path=output)
    composition = compose_instrument(reference, modules, version=version)
    if output is not None:
        save_text(composition.yaml, output, ".yaml")
    click.echo(format_diff(composition.diff, lang=lang))
    click.echo("\n".join(format_costs(composition.costs, lang)))
    if output is not None:
        click.echo(message("file_written", lang, path=output))
