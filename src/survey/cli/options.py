"""What the commands share: the language, the narration, how an error is told."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path


LANGUAGES = click.Choice(["en", "zh"])


def _language(context: click.Context, _parameter: click.Parameter, value: str) -> str:
    context.meta["survey.lang"] = value
    return value


def lang_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--lang`, which also holds for its errors."""
    return click.option(
        "--lang",
        type=LANGUAGES,
        default="en",
        show_default=True,
        is_eager=True,
        callback=_language,
        help="Language of labels, wording and errors.",
    )(function)


class RenamedFlag(click.Option):
    """A flag that still answers to its former names, all but the last of those given; help shows the last."""

    def get_help_record(self, context: click.Context) -> tuple[str, str] | None:
        """Show the name of today alone."""
        record = super().get_help_record(context)
        return (self.opts[-1], record[1]) if record else None


pictures_option = click.option(
    "--no-figures",
    "--no-pictures",
    "no_pictures",
    cls=RenamedFlag,
    is_flag=True,
    help="Leave the pictures out.",
)


def progress(text_key: str, lang: str, **values: object) -> None:
    """Say what is being done; nothing when stderr is not a terminal."""
    if sys.stderr.isatty():
        from survey.messages import message

        click.echo(message(text_key, lang, **values), err=True)


def check_target(target: "Path", source: "Path") -> None:
    """Refuse, before any work, a report that would overwrite the responses or is no .xlsx."""
    from survey.errors import usage
    from survey.files.saving import check_target

    check_target(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise usage("target_is_input", path=target)


def command_line(context: click.Context, command: str, *arguments: str, without: tuple[str, ...]) -> str:
    """The command as it could be typed again, `without` what changes no number: where the report goes."""
    import shlex

    words = [*command.split(), *arguments]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.name in without or value == parameter.default or not value:
            continue
        name = parameter.opts[-1]
        for one in value if isinstance(value, tuple) else (value,):
            words += [name] if one is True else [name, str(one)]
    return shlex.join(words)
