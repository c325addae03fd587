"""What commands are made of: they load on first use, refuse an option given twice, and tell errors."""

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from survey.errors import SurveyError


class Command(click.Command):
    """A command: an option that takes one value is refused where it is given twice, not read as the last."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Parse as ever, then count how often each option of one value stands there."""
        words = list(args)
        rest = super().parse_args(context, args)
        _, _, given = self.make_parser(context).parse_args(args=words)
        for option in self.params:
            if isinstance(option, click.Option) and takes_one_value(option) and given.count(option) > 1:
                from survey.errors import usage

                raise usage("option_twice", option=option.opts[-1], count=given.count(option))
        return rest


def takes_one_value(option: click.Option) -> bool:
    """Tell whether a second value would put itself in the place of the first; a flag says the same again."""
    return not (option.multiple or option.is_flag or option.count)


def command(name: str | None = None) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command; what every command of the package is made with."""
    return click.command(name, cls=Command)


class LazyGroup(click.Group):
    """A group whose commands load on first use: each the function of its name in the module of its name."""

    def __init__(
        self, *arguments: Any, package: str = "", names: tuple[str, ...] = (), **settings: Any
    ) -> None:
        """Take the package of the modules and the names of the commands, in their order."""
        super().__init__(*arguments, **settings)
        self.package = package
        self.names = names

    def list_commands(self, context: click.Context) -> list[str]:
        """Name the commands in their order."""
        return list(self.names)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command on first use."""
        if name not in self.names:
            return None
        loaded: click.Command = getattr(import_module(f"{self.package}.{name}"), name)
        return loaded


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
            _print_error(error, context)
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


def _print_error(error: "SurveyError", context: click.Context) -> None:
    from survey.messages import message

    lang = context.meta.get("survey.lang", "en")
    click.echo(error.text(lang, limit=None), err=True)
    if context.meta.get("survey.writes"):
        count = len(error.problems)
        key = "nothing_written_one" if count == 1 else "nothing_written"
        click.echo(message(key, lang, count=count), err=True)
