"""`survey plan new`: a commented plan for the data at hand."""

import click

from survey.cli.commands import command
from survey.cli.options import Reading, carry_option, lang_option, read, reading_options


@command()
@reading_options()
@carry_option
@click.option("-o", "--output", metavar="YAML", type=click.Path(), help="help_output_plan")
@lang_option
@click.pass_context
def new(
    context: click.Context, *, reading: Reading, carry_to: str | None, output: str | None, lang: str
) -> None:
    """Write a commented plan of reports for RESPONSES: its questions, groups and options by name.

    What stands in it holds anyway: lines are deleted, not written. Then: survey analyze RESPONSES --plan.
    """
    from pathlib import Path

    from survey.drafting.plan_text import plan_lines
    from survey.errors import usage
    from survey.files.saving import save_text
    from survey.messages import message
    from survey.settings import settings_of

    context.meta["survey.writes"] = output is not None
    if output is not None and Path(output).exists():
        raise usage("target_exists", path=output)
    responses = read(reading, lang, carry_to=carry_to).responses
    values = {**reading._asdict(), "carry_to": carry_to}
    said = {
        setting.key: values[setting.name] for setting in settings_of("reading") if values.get(setting.name)
    }
    said |= {"where": reading.where} if reading.where else {}
    text = "\n".join(plan_lines(responses, said, reading.files, output or "plan.yaml", lang=lang)) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    save_text(text, output, ".yaml")
    click.echo(message("file_written", lang, path=output))
