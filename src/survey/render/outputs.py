"""The files of a report: the ending of a name decides whether it is a workbook, a page or a deck."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, overload

from survey.arguments import path_of, unfit
from survey.document import Picture, Report
from survey.errors import Place, Problem, UsageError, usage
from survey.files.saving import Write, check_folder, date_of_making, save_folder, save_together
from survey.progress import advance
from survey.render.drawings import Drawings

_PICTURES = (".png", ".svg")
ENDINGS = (".xlsx", ".html", ".pptx")


@overload
def write_report(
    report: Report, path: str | Path, *, pictures: bool = True, template: str | Path | None = None
) -> Path: ...


@overload
def write_report(
    report: Report,
    path: list[str] | list[Path] | list[str | Path] | tuple[str | Path, ...],
    *,
    pictures: bool = True,
    template: str | Path | None = None,
) -> tuple[Path, ...]: ...


def write_report(
    report: Report,
    path: str | Path | list[str] | list[Path] | list[str | Path] | tuple[str | Path, ...],
    *,
    pictures: bool = True,
    template: str | Path | None = None,
) -> Path | tuple[Path, ...]:
    """Write a report as a workbook, a page or a deck, or as several of them: all are written, or none.

    The files carry the date of making; with SOURCE_DATE_EPOCH set they carry that one, and the same report
    gives the same bytes. A missing folder is made; a file that is there is replaced only when all new ones
    are complete.

    Parameters
    ----------
    report
        What to write.
    path
        Where to write it: a name that ends in ".xlsx" (a workbook), ".html" (a page, one file that needs no
        other) or ".pptx" (a deck), or a list of such names. One gives one path back, a list a tuple.
    pictures
        Whether pictures are drawn. Charts that can be edited are always there.
    template
        A deck (.pptx) whose master and layouts the deck uses.

    Raises
    ------
    UsageError
        `report` is no report, a path is a folder, has another ending or cannot be written to, or the template
        cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey")
    >>> report = survey.quality_report(responses)
    >>> with TemporaryDirectory() as folder:
    ...     paths = [Path(folder) / "quality.xlsx", Path(folder) / "quality.html"]
    ...     [path.name for path in survey.write_report(report, paths)]
    ['quality.xlsx', 'quality.html']
    """
    if not isinstance(report, Report):
        raise unfit("report_needed", report)
    paths = check_outputs(path, template=template)
    date, drawings = date_of_making(), Drawings(report.lang) if pictures else None
    writers = [
        (target, _counted(_writer(report, target, date, drawings, template), number, len(paths)))
        for number, target in enumerate(paths)
    ]
    written = save_together(writers)
    return written[0] if isinstance(path, str | Path) else written


class Composed(NamedTuple):
    """A report that is composed when its first file is written, its files, and how they are written."""

    compose: Callable[[], Report]
    paths: tuple[Path, ...]
    pictures: bool = True
    template: str | Path | None = None


def write_composed(reports: Sequence[Composed]) -> None:
    """Write the files of several reports, one report after the other: all are written, or none.

    Raises
    ------
    UsageError
        As `write_report`; what composing raises.
    """
    date = date_of_making()
    current: dict[int, tuple[Report, Drawings | None]] = {}

    def writer(number: int, planned: Composed, path: Path) -> Write:
        def write(target: Path) -> None:
            if len(reports) > 1:
                advance("reports", number, len(reports))
            if number not in current:
                current.clear()  # the one before is written: it need not be kept
                report = planned.compose()
                current[number] = report, Drawings(report.lang) if planned.pictures else None
            report, drawings = current[number]
            _writer(report, path, date, drawings, planned.template)(target)

        return write

    files = [(path, number, planned) for number, planned in enumerate(reports) for path in planned.paths]
    several = len(files) if len(reports) == 1 else 0  # of several reports these are what is counted
    save_together(
        [
            (path, _counted(writer(number, planned, path), place, several))
            for place, (path, number, planned) in enumerate(files)
        ]
    )


def check_outputs(
    path: str | Path | Sequence[str | Path], *, template: str | Path | None = None
) -> tuple[Path, ...]:
    """Refuse, before any work, what `write_report` would refuse; give the paths."""
    given: Any = [path] if isinstance(path, str | Path) else path
    if not isinstance(given, Sequence) or isinstance(given, bytes):
        raise unfit("path_needed", path)
    paths = tuple(path_of(each) for each in given)
    if not paths:
        raise usage("output_none")
    problems = [problem for target in paths if (problem := _problem_of(target))]
    resolved = [target.resolve() for target in paths]
    problems += [
        Problem("output_twice", Place(file=str(target)))
        for number, target in enumerate(paths)
        if resolved[number] in resolved[:number]
    ]
    if problems:
        raise UsageError(*problems)
    if template is not None:
        if not any(target.suffix.lower() == ".pptx" for target in paths):
            raise usage("template_without_deck")
        from survey.render.slides import check_template

        check_template(path_of(template))
    return paths


def _problem_of(path: Path) -> Problem | None:
    """What is wrong with a path, if anything."""
    place = Place(file=str(path))
    try:
        if path.is_dir():
            return Problem("target_is_folder", place)
    except OSError as error:  # a name that no file can have
        return Problem("target_unwritable", place, {"told": error})
    if path.suffix.lower() not in ENDINGS:
        return Problem("output_ending", place)
    if path.exists() and not os.access(path, os.W_OK):
        return Problem("report_not_writable", place)
    return None


def _counted(write: Write, number: int, files: int) -> Write:
    """Say, where there are several files, how many were written before this one."""

    def counted(target: Path) -> None:
        if files > 1:
            advance("files", number, files)
        write(target)

    return counted


def _writer(
    report: Report, path: Path, date: datetime, drawings: Drawings | None, template: str | Path | None
) -> Write:
    """What fills one file: each kind of file loads its libraries when it is first written."""

    def write(target: Path) -> None:
        ending = path.suffix.lower()
        if ending == ".xlsx":
            from survey.render.excel import fill_workbook

            fill_workbook(report, target, date, drawings)
        elif ending == ".html":
            from survey.render.page import fill_page

            fill_page(report, target, date, drawings)
        else:
            from survey.render.slides import fill_deck

            fill_deck(report, target, date, drawings, None if template is None else path_of(template))

    return write


def write_pictures(report: Report, folder: str | Path) -> Path:
    """Write every picture of a report into a folder, as PNG and as SVG: all are written, or none.

    Parameters
    ----------
    report
        Whose pictures to write.
    folder
        New, empty, or with nothing in it but pictures (.png, .svg), which are replaced.

    Raises
    ------
    UsageError
        `report` is no report, or the folder holds other files or cannot be written.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> report = survey.analyze_interviews(segments, draws=20)
    >>> with TemporaryDirectory() as folder:
    ...     written = survey.write_pictures(report, Path(folder) / "pictures")
    ...     sorted({path.suffix for path in written.iterdir()})
    ['.png', '.svg']
    """
    if not isinstance(report, Report):
        raise unfit("report_needed", report)
    check_pictures_folder(folder)
    drawings, pictures = Drawings(report.lang), _pictures_by_name(report)

    def write(target: Path) -> None:
        for number, (name, picture) in enumerate(pictures.items()):
            advance("pictures", number, len(pictures))
            (target / f"{name}.png").write_bytes(drawings.png(picture))
            (target / f"{name}.svg").write_text(drawings.svg(picture), encoding="utf-8")

    names = {f"{name}{ending}" for name in pictures for ending in _PICTURES} | set(
        _pictures_in(path_of(folder))
    )
    return save_folder(folder, names, write)


def check_pictures_folder(folder: str | Path) -> None:
    """Refuse, before any work, a folder that holds other things than pictures, or is a file."""
    check_folder(folder, _pictures_in(path_of(folder)))


def _pictures_in(folder: Path) -> list[str]:
    """The names of the pictures that are in a folder."""
    there = folder.iterdir() if folder.is_dir() else ()
    return [path.name for path in there if path.suffix in _PICTURES and path.is_file()]


def _pictures_by_name(report: Report) -> dict[str, Picture]:
    """The pictures of a report by their names, one that stands on several sheets once."""
    return {picture.name: picture for sheet in report.sheets for picture in sheet.pictures}
