"""`survey interviews`: the guide, coded segments, what they count up to, and exchange with other tools."""

import click

from survey.cli.parts import LazyGroup

# Each command and where it lives; adding one is one line here.
COMMANDS: dict[str, str] = {
    "guide": "survey.cli.segments:guide",
    "check": "survey.cli.segments:check",
    "analyze": "survey.cli.themes:analyze",
    "convert": "survey.cli.segments:convert",
    "export": "survey.cli.exchange:export_segments",
    "codebook": "survey.cli.exchange:codebook",
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def interviews() -> None:
    """Interviews: the guide, coded segments and their analysis."""
