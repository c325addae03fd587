"""Options of a report: who it is from, and the files it is written to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from survey.cli.commands import lang_option as lang_option  # with the other options, for commands
from survey.cli.options import refuse_input, setting_option, together
from survey.cli.progress import phase
from survey.settings import settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from survey.document import Report, TitleBlock


class Titles(NamedTuple):
    """What the words of a command say about who a report is from."""

    title: str | None
    client: str | None
    fieldwork: str | None
    data_source: str | None
    logo: str | None
    footer: str | None

    def block(self) -> "TitleBlock":
        """The title block of these words; a logo that cannot be read is told."""
        from survey.document import TitleBlock

        return TitleBlock(**{name: value for name, value in self._asdict().items() if value})


_TITLES = tuple(setting_option(setting.key) for setting in settings_of("head"))


def title_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a report's head, as one `titles`."""
    return together("titles", Titles, *_TITLES)(function)


# The options that change no number of a report: where it goes, and how it looks there.
WRITTEN = ("output", "template", "pictures")


class Outputs(NamedTuple):
    """What the words of a command say about the files a report is written to."""

    output: tuple[str, ...]
    template: str | None
    pictures: str | None
    no_pictures: bool

    def checked(self, default: "Path | None", *sources: "str | Path") -> "tuple[Path, ...]":
        """The files to write, or the default one where none is named; refuse, before work, what cannot be."""
        from pathlib import Path

        from survey.errors import usage
        from survey.render import check_outputs, check_pictures_folder

        targets = [Path(name) for name in self.output] or ([default] if default else [])
        if not targets and (self.template or self.pictures):
            raise usage("output_none")
        checked = check_outputs(targets, template=self.template) if targets else ()
        for target in checked:
            refuse_input(target, *sources)
        if self.pictures:
            check_pictures_folder(Path(self.pictures))
        return checked

    def write(self, report: "Report", targets: "tuple[Path, ...]", lang: str, key: str) -> None:
        """Write a report to all its files, and say where they are."""
        from survey.messages import message
        from survey.render import write_pictures, write_report

        with phase("progress_writing", lang):
            write_report(report, targets, pictures=not self.no_pictures, template=self.template)
        for target in targets:
            click.echo(message(key, lang, path=target))
        if self.pictures:
            with phase("progress_drawing", lang):
                folder = write_pictures(report, self.pictures)
            click.echo(message("pictures_written", lang, path=folder))


_OUTPUTS = tuple(setting_option(setting.key) for setting in settings_of("files"))


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of the files of a report, as one `outputs`."""
    return together("outputs", Outputs, *_OUTPUTS)(function)
