"""The commands of the package, each with the words that call it."""

from collections.abc import Iterator

import click
from click.testing import CliRunner

from survey.cli import main


def every_command(
    group: click.Group = main, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Go through all commands, those of groups included; groups themselves are none."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from every_command(command, (*words, name))
        else:
            yield (*words, name), command


COMMANDS = dict(every_command())


def options_of(command: click.Command) -> dict[str, click.Option]:
    """Every way to write an option of a command, with the option."""
    return {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }


def run(*words: object) -> tuple[int, str, str]:
    """Run the command in this process; give back exit code, stdout, stderr."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr
