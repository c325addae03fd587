"""`survey plan`: which reports to make of one reading, in a file."""

import click

from survey.cli.commands import LazyGroup

# Each command is the function of its name in the module of its name; adding one is one word here.
COMMANDS = ("new", "validate")


@click.group(cls=LazyGroup, package=__name__, names=COMMANDS)
def plan() -> None:
    """Plans of reports: which to make of one reading, and how."""
