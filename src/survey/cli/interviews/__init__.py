"""`survey interviews`: the guide, coded segments, what they count up to, and exchange with other tools."""

import click

from survey.cli.commands import LazyGroup

# Each command is the function of its name in the module of its name; adding one is one word here.
COMMANDS = (
    "guide",
    "check",
    "analyze",
    "convert",
    "export",
    "codebook",
    "words",
    "changes",
    "facts",
    "claims",
)


@click.group(cls=LazyGroup, package=__name__, names=COMMANDS)
def interviews() -> None:
    """Interviews: the guide, coded segments and their analysis."""
