"""What the commands share: the language, the narration, how an error is told."""

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from survey.errors import SurveyError

LANGUAGES = click.Choice(["en", "zh"])


class LazyGroup(click.Group):
    """A group whose commands load when they are asked for: a table of name and `module:function`."""

    def __init__(self, *arguments: Any, lazy: dict[str, str] | None = None, **settings: Any) -> None:
        """Take the table `lazy` beside what every group takes."""
        super().__init__(*arguments, **settings)
        self.lazy = lazy or {}

    def list_commands(self, context: click.Context) -> list[str]:
        """Name the commands in the order of the table."""
        return [*self.lazy, *super().list_commands(context)]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command on first use."""
        if name not in self.lazy:
            return super().get_command(context, name)
        module, function = self.lazy[name].split(":")
        command: click.Command = getattr(import_module(module), function)
        return command


class MainGroup(LazyGroup):
    """The whole command: it tells a `SurveyError` in the language asked for, instead of a traceback."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Remember the words, for an error may come before --lang has been read."""
        context.meta["survey.words"] = list(args)
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        """Run the command; an error becomes lines on stderr and an exit code."""
        from survey.errors import SurveyError

        try:
            return super().invoke(context)
        except SurveyError as error:
            _tell(error, context)
            sys.exit(error.exit_code)
        except click.UsageError as error:
            words = context.meta["survey.words"]
            if "--lang=zh" not in words and ("--lang", "zh") not in pairwise(words):
                raise  # click says it itself, in English
            click.echo(_usage_text(error, "zh"), err=True)
            sys.exit(error.exit_code)


# What click finds wrong with a command line, and the message that says it.
_WRONG = {
    click.NoSuchOption: "usage_no_option",
    click.MissingParameter: "usage_missing",
    click.BadParameter: "usage_bad_value",
    click.BadOptionUsage: "usage_option",
}


def _usage_text(error: click.UsageError, lang: str) -> str:
    """Say in a language of the catalogue what click says in English, and where help is."""
    from survey.messages import message

    key = next((key for kind, key in _WRONG.items() if isinstance(error, kind)), "usage_other")
    if type(error).__name__ == "NoSuchCommand":
        key = "usage_no_command"
    parameter = getattr(error, "param", None)
    choices = getattr(getattr(parameter, "type", None), "choices", ())
    path = error.ctx.command_path if error.ctx else "survey"
    hint = getattr(error, "param_hint", None)
    name = hint or (parameter.get_error_hint(error.ctx) if parameter else getattr(error, "option_name", ""))
    values = {
        "name": str(name or getattr(error, "command_name", "")).replace("'", ""),
        "told": error.message,
        "near": message("usage_near", lang, near=list(near))
        if (near := getattr(error, "possibilities", None) or choices)
        else "",
    }
    return message(key, lang, **values) + message("usage_help", lang, path=path)


def _tell(error: "SurveyError", context: click.Context) -> None:
    from survey.messages import message

    lang = context.meta.get("survey.lang", "en")
    click.echo(error.text(lang, limit=None), err=True)
    if context.meta.get("survey.writes"):
        count = len(error.problems)
        key = "nothing_written_one" if count == 1 else "nothing_written"
        click.echo(message(key, lang, count=count), err=True)


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
