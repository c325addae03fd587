"""Help in the language asked for: the texts of the catalogue, in lines that count wide characters double."""

import re
from collections.abc import Iterable
from typing import Any

import click

from survey.messages import ENGLISH, message
from survey.messages.echoes import one_line, shortened

_GAP = 2
_WIDEST_NAME = 30


def language_of(context: click.Context) -> str:
    """The language in which a command speaks."""
    lang: str = context.meta.get("survey.lang", ENGLISH)
    return lang


class HelpFormatter(click.HelpFormatter):
    """The lines of help: as click's, but a Chinese character takes two columns and may end any line."""

    def write_heading(self, heading: str) -> None:
        """Write a heading as it is: its colon is of the language."""
        self.write(f"{' ' * self.current_indent}{heading}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            for line in _lines(paragraph, self.width - self.current_indent):
                self.write(f"{indent}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST_NAME, col_spacing: int = _GAP
    ) -> None:
        """Write names with what they mean beside them."""
        rows = list(rows)
        indent = " " * self.current_indent
        column = min(max(_width(name) for name, _ in rows), col_max) + col_spacing
        for name, meaning in rows:
            lines = _lines(meaning, max(self.width - self.current_indent - column, 10))
            beside = _width(name) <= column - col_spacing
            first = name + " " * (column - _width(name)) + lines.pop(0) if beside and lines else name
            self.write(f"{indent}{first}\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}\n")


class Context(click.Context):
    """A context whose help is written by our formatter."""

    formatter_class = HelpFormatter


class Speaking(click.Command):
    """A command whose help stands in the catalogue: `help` of it and of its options are keys."""

    context_class = Context

    def get_help_option(self, context: click.Context) -> click.Option | None:
        """Give --help, with a text of the catalogue."""
        option = super().get_help_option(context)
        if option is not None:
            option.help = "help_help"
        return option

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that says how the command is called."""
        lang = language_of(context)
        words = {
            "[OPTIONS]": message("help_pieces_options", lang),
            "COMMAND [ARGS]...": message("help_pieces_command", lang),
        }
        pieces = " ".join(words.get(piece, piece) for piece in self.collect_usage_pieces(context))
        formatter.write(f"{message('help_usage', lang)}{context.command_path} {pieces}\n")

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(message(self.help or "", language_of(context)))

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options; a group's commands after them."""
        lang = language_of(context)
        rows = [
            _option_row(parameter, context, lang)
            for parameter in self.get_params(context)
            if isinstance(parameter, click.Option)
        ]
        with formatter.section(message("help_section_options", lang)):
            formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(context, formatter)


def write_commands(formatter: click.HelpFormatter, names: Iterable[tuple[str, str]], lang: str) -> None:
    """Write the commands of a group, each (name, key of its help) with its first paragraph."""
    rows = [(name, message(key, lang).partition("\n\n")[0]) for name, key in names]
    with formatter.section(message("help_section_commands", lang)):
        formatter.write_dl(rows)


def _option_row(option: click.Option, context: click.Context, lang: str) -> tuple[str, str]:
    """The names of an option, and what it means; what holds without it and what it needs in brackets."""
    record = option.get_help_record(context)
    names = record[0] if record else option.opts[-1]
    least = getattr(option.type, "min", None)
    notes = [
        message("help_default", lang, value=option.default) if option.show_default is True else "",
        message("help_at_least", lang, least=least) if least is not None else "",
        message("help_required", lang) if option.required else "",
    ]
    notes = [note for note in notes if note]
    text = message(option.help or "", lang)
    return names, text + "".join(message("help_extra", lang, extra=note) for note in notes)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _lines(text: str, limit: int) -> list[str]:
    """Break a text into lines, between words or wide characters; a closing mark stays with what it closes."""
    lines, line = [""], ""
    for piece in _pieces(text):
        if line and _width(line + piece.rstrip()) > limit:
            lines[-1] = line.rstrip()
            lines.append("")
            line = ""
        line += piece if line else piece.lstrip()
    lines[-1] = line.rstrip()
    return lines


def _pieces(text: str) -> list[str]:
    """The pieces between which a line may end: words with the blank after them, single wide characters."""
    if text.isascii():
        return re.findall(r"^ *[^ ]+ *|[^ ]+ *", text)
    import unicodedata

    pieces: list[str] = []
    for before, character in zip(" " + text, text, strict=False):
        wide = unicodedata.east_asian_width(character) in "WF"
        closing = wide and unicodedata.category(character).startswith("P") and character not in "（［《“"
        was_wide = unicodedata.east_asian_width(before) in "WF" and before not in "（［《“"
        if pieces and (character == " " or closing or not (wide or was_wide or before == " ")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def usage_error_text(error: click.UsageError, lang: str) -> str:
    """Say in a language of the catalogue what click says in English, what is possible, and where help is."""
    if error.ctx and error.message.startswith("Missing command"):
        return error.ctx.get_help()  # as where a group stands alone
    parameter: Any = getattr(error, "param", None)
    kind = getattr(parameter, "type", None)
    known = getattr(error, "possibilities", None) or getattr(kind, "choices", ())
    if isinstance(error, click.NoSuchCommand) and error.ctx and isinstance(error.ctx.command, click.Group):
        known = _commands_meant(error.command_name, error.ctx.command, error.ctx)
    hint = getattr(error, "param_hint", None) or (parameter and parameter.get_error_hint(error.ctx))
    name = hint or getattr(error, "option_name", "") or getattr(error, "command_name", "")
    name = name if isinstance(name, str) else " / ".join(name)
    values = {"name": name.replace("'", ""), "told": error.message.rstrip(".")}
    if extra := _EXTRA.search(error.message):
        values["name"] = extra[1]
    values = {key: shortened(one_line(value), _MOST_OF_CLICK) for key, value in values.items()}
    if isinstance(error, click.NoSuchOption):
        from survey.instrument.sampling_design import is_design_part

        if is_design_part(values["name"]):
            return message("schema_design", lang, **values)
    sentences = [
        message(_key_of(error, parameter), lang, **values),
        message("usage_near", lang, near=list(known)) if known else "",
        message("usage_help", lang, path=error.ctx.command_path if error.ctx else "survey"),
    ]
    return message("sentence_separator", lang).join(filter(None, sentences))


def _commands_meant(name: str, group: click.Group, context: click.Context) -> list[str]:
    """The commands of groups below that are called so, each with its group; else the nearest of its own."""
    from survey.wording import near_misses

    own = group.list_commands(context)
    below = {one: group.get_command(context, one) for one in own}
    return [
        f"{one} {name}"
        for one, command in below.items()
        if isinstance(command, click.Group) and name in command.list_commands(context)
    ] or near_misses(name, own)


_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)", re.DOTALL)
_MOST_OF_CLICK = 300  # characters of a value, or of a sentence of click's with one in it


def _key_of(error: click.UsageError, parameter: Any) -> str:
    """Name the message that says what click finds wrong with a command line."""
    for sort, key in _KEYS.items():
        if isinstance(error, sort):
            return key
    if isinstance(error, click.BadOptionUsage):
        takes_none = "does not take" in error.message
        return "usage_takes_no_value" if takes_none else "usage_needs_value"
    if isinstance(error, click.BadParameter):
        if not parameter:
            return "usage_other"
        own = _SORTS.get(type(parameter.type)) or _SORTS_BY_NAME.get(parameter.type.name, "possible")
        return f"usage_not_{own}"
    if _EXTRA.search(error.message):
        return "usage_extra"
    return "usage_other"


_KEYS: dict[type[click.UsageError], str] = {
    click.NoSuchOption: "usage_no_option",
    click.NoSuchCommand: "usage_no_command",
    click.MissingParameter: "usage_missing",
}
# What the value of an option must be.
_SORTS = {
    type(click.INT): "whole",
    click.IntRange: "whole_from",
    type(click.FLOAT): "number",
    click.Choice: "possible",
}
# The same for types of our own, by the name of the type.
_SORTS_BY_NAME = {"float": "number"}
