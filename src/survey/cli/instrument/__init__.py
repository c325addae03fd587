"""`survey instrument`: the versioned schemas of what was asked."""

import click

from survey.cli.commands import LazyGroup

# Each command is the function of its name in the module of its name; adding one is one word here.
COMMANDS = ("list", "show", "validate", "new", "draft", "compose", "export", "diff", "lock", "schema")


@click.group(cls=LazyGroup, package=__name__, names=COMMANDS)
def instrument() -> None:
    """Instruments, the versioned schemas of what was asked: list, check, compare, field."""
