"""`survey instrument new`: a commented example to start from."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("path", type=click.Path())
@lang_option
@click.pass_context
def new(context: click.Context, path: str, lang: str) -> None:
    """Start an instrument of your own: write a commented example to PATH (.yaml)."""
    from importlib import resources
    from pathlib import Path

    from survey.errors import usage
    from survey.files.saving import save_text
    from survey.messages import message

    context.meta["survey.writes"] = True
    if Path(path).exists():
        raise usage("target_exists", path=path)
    text = resources.files("survey.instrument").joinpath("example.yaml").read_text(encoding="utf-8")
    save_text(text, path, ".yaml")
    click.echo(message("file_written", lang, path=path))
