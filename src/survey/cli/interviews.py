"""`survey interviews`: the guide, the workbook of coded segments, what they count up to, and other tools' files."""

import click

from survey.cli.parts import LazyGroup

# Each command and where it lives; adding one is one line here.
COMMANDS: dict[str, str] = {}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def interviews() -> None:
    """Interviews: the guide, coded segments and their analysis."""
