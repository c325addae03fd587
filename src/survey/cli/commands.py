"""What commands are made of: they load on first use, refuse an option given twice, and tell errors."""

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import pairwise
from typing import Any

import click

from survey.cli.help_text import Speaking, language_of, usage_error_text, write_commands
from survey.messages import ENGLISH, LANGUAGES, message

_ROOM = "survey.cli"
_PROBLEMS_SHOWN = 200  # one to a line; how many there are is said behind them


class _Checked(Speaking):
    """An option that takes one value is refused where it is given twice, not read as the last."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Parse as ever, then count how often each option of one value stands there."""
        words = list(args)
        try:
            rest = super().parse_args(context, args)
        except click.UsageError as error:
            error.ctx = error.ctx or context
            raise
        _, _, given = self.make_parser(context).parse_args(args=words)
        for option in self.params:
            if isinstance(option, click.Option) and takes_one_value(option) and given.count(option) > 1:
                from survey.errors import usage

                raise usage("option_twice", option=option.opts[-1], count=given.count(option))
        return rest


class Command(_Checked):
    """A command of the package."""


def takes_one_value(option: click.Option) -> bool:
    """Tell whether a second value would put itself in the place of the first; a flag says the same again."""
    return not (option.multiple or option.is_flag or option.count)


def command(name: str | None = None) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command; what every command of the package is made with.

    Its help is the message of the catalogue that bears the name of its module: `help_command_<group>_<name>`.
    """

    def made(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, help=_help_key(function.__module__))(function)

    return made


def _help_key(module: str) -> str:
    words = module.removeprefix(_ROOM).strip(".").replace(".", "_")
    return f"help_command_{words or 'main'}"


def _language(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Keep the language for errors and help; one given to a group holds for its commands."""
    if context.get_parameter_source(parameter.name or "") is click.core.ParameterSource.DEFAULT:
        value = context.meta.get("survey.lang", value)
    context.meta["survey.lang"] = value
    return value


def lang_option(function: Callable[..., Any], *, expose_value: bool = True) -> Callable[..., Any]:
    """Give a command `--lang`, which also holds for its help and its errors."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=ENGLISH,
        show_default=True,
        is_eager=True,
        expose_value=expose_value,
        callback=_language,
        help="help_lang",
    )(function)


class LazyGroup(_Checked, click.Group):
    """A group whose commands load on first use: each the function of its name in the module of its name."""

    def __init__(
        self, *arguments: Any, package: str = "", names: tuple[str, ...] = (), **settings: Any
    ) -> None:
        """Take the package of the modules and the names of the commands, in their order."""
        super().__init__(*arguments, **{**settings, "help": _help_key(package)})
        self.package = package
        self.names = names
        lang_option(self, expose_value=False)

    def list_commands(self, context: click.Context) -> list[str]:
        """Name the commands in their order."""
        return list(self.names)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command on first use."""
        if name not in self.names:
            return None
        loaded: click.Command = getattr(import_module(f"{self.package}.{name}"), name)
        return loaded

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands without loading them."""
        keys = [(name, _help_key(f"{self.package}.{name}")) for name in self.names]
        write_commands(formatter, keys, language_of(context))


class MainGroup(LazyGroup):
    """The whole command: it tells what is wrong in the language asked for, instead of a traceback."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Find the language among the words first: an error or --help may come before --lang is read."""
        lang = _language_among(args)
        with _telling(lambda: lang):
            return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Remember the language of the words."""
        context.meta["survey.lang"] = _language_among(args)
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        """Run the command that is named."""
        with _telling(lambda: language_of(context), context):
            return super().invoke(context)


@contextmanager
def _telling(lang: Callable[[], str], context: click.Context | None = None) -> Iterator[None]:
    """Make an error lines on stderr and an exit code."""
    try:
        yield
    except click.UsageError as error:
        if error.message and type(error).__name__ == "NoArgsIsHelpError":
            raise  # its text is the help
        click.echo(usage_error_text(error, lang()), err=True)
        sys.exit(error.exit_code)
    except MemoryError:
        click.echo(message("out_of_memory", lang()), err=True)
        sys.exit(1)
    except Exception as error:
        from survey.errors import SurveyError  # --help does not wait for it

        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            from survey.errors import usage

            error = usage("file_not_found", path=str(error.filename))
        if not isinstance(error, SurveyError):
            raise
        click.echo(error.text(lang(), limit=_PROBLEMS_SHOWN), err=True)
        if context is not None and context.meta.get("survey.writes"):
            click.echo(message("nothing_written", lang(), count=len(error.problems)), err=True)
        sys.exit(error.exit_code)


def _language_among(words: list[str]) -> str:
    """The language that --lang names; English where it names none."""
    named = [after for before, after in pairwise(words) if before == "--lang"]
    named += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return next((lang for lang in named if lang in LANGUAGES), ENGLISH)
