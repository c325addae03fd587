"""`survey interviews`: the guide, coded segments, what they count up to, and exchange with other tools."""

import click

from survey.cli.options import LazyGroup

# Each command and where it lives; adding one is one line here.
COMMANDS: dict[str, str] = {
    "guide": "survey.cli.interviews_segments:guide",
    "check": "survey.cli.interviews_segments:check",
    "analyze": "survey.cli.interviews_analyze:analyze",
    "convert": "survey.cli.interviews_segments:convert",
    "export": "survey.cli.interviews_interchange:export_segments",
    "codebook": "survey.cli.interviews_interchange:codebook",
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def interviews() -> None:
    """Interviews: the guide, coded segments and their analysis."""
