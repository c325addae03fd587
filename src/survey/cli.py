"""The `survey` command: it parses, calls one library function, and prints where the result is.

stdout carries the result, stderr the narration. Exit 0: done; 1: the data are bad; 2: the usage is bad.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from survey.errors import SurveyError

# The same bytes whether lxml is installed or not: openpyxl asks this when it is first imported.
os.environ.setdefault("OPENPYXL_LXML", "False")

_LANGUAGES = click.Choice(["en", "zh"])


class _Group(click.Group):
    """A group whose commands tell a `SurveyError` in the language asked for, instead of a traceback."""

    def invoke(self, context: click.Context) -> Any:
        from survey.errors import SurveyError

        try:
            return super().invoke(context)
        except SurveyError as error:
            _tell(error, context)
            sys.exit(error.exit_code)


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


def _lang_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--lang",
        type=_LANGUAGES,
        default="en",
        show_default=True,
        is_eager=True,
        callback=_language,
        help="Language of labels, wording and errors.",
    )(function)


def _progress(text_key: str, lang: str) -> None:
    """Say what is being done; nothing when stderr is not a terminal."""
    if sys.stderr.isatty():
        from survey.messages import message

        click.echo(message(text_key, lang), err=True)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="expansion-survey", prog_name="survey")
def main() -> None:
    """Executive surveys from the instrument to the report workbook."""


@main.command()
@click.argument("responses", type=click.Path())
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the workbook if not given."
)
@click.option("--sheet", metavar="NAME", help="The sheet that holds the responses, where several could.")
@click.option(
    "--by", metavar="QUESTION", help="Banner of the cross-tabs; the instrument's default if not given."
)
@click.option(
    "--where",
    metavar="EXPR",
    multiple=True,
    help='Analyse a subset: "firm_type=biotech", "challenges__geopolitics>=4". May be given several times.',
)
@click.option("-o", "--output", metavar="REPORT", type=click.Path(), help="The report (.xlsx).")
@_lang_option
@click.option(
    "--confidence", type=float, default=0.95, show_default=True, help="Level of the intervals, 0 to 1."
)
@click.option(
    "--min-base", type=int, default=5, show_default=True, help="Smaller bases are marked, never tested."
)
@click.option(
    "--findings", metavar="PATH", type=click.Path(), help="Published findings to compare with (CSV)."
)
@click.option(
    "--set-aside", is_flag=True, help="Go on without cells that cannot be read; the report lists them."
)
@click.option("--no-figures", is_flag=True, help="Leave the pictures out.")
@click.pass_context
def analyze(
    context: click.Context,
    responses: str,
    instrument: str | None,
    sheet: str | None,
    by: str | None,
    where: tuple[str, ...],
    output: str | None,
    lang: str,
    confidence: float,
    min_base: int,
    findings: str | None,
    set_aside: bool,
    no_figures: bool,
) -> None:
    """Read RESPONSES (.xlsx) and write the report workbook.

    Without -o the report is reports/<input name>-report.xlsx under the current folder.
    """
    import gc
    from pathlib import Path

    # The libraries make a hundred thousand objects that stay: looking through them again and again for
    # garbage is a tenth of a small report.
    gc.set_threshold(100_000, 50, 100)

    from survey.analysis import analyze as compose
    from survey.errors import usage
    from survey.ingest import read_responses
    from survey.messages import message
    from survey.report import write_report

    context.meta["survey.writes"] = True
    source = Path(responses)
    target = Path(output) if output else Path("reports") / f"{source.stem}-report.xlsx"
    _check_target(target, source)
    _progress("progress_reading", lang)
    found = read_responses(source, instrument, sheet=sheet, set_aside=set_aside)
    if where:
        found = found.where(*where)
        if not len(found):
            said = message("condition_separator", lang).join(where)
            raise usage("where_nobody", condition=said)
    _progress("progress_analysing", lang)
    report = compose(
        found,
        by=by,
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        findings=findings,
        command=_command_line(context, responses, where, lang),
    )
    _progress("progress_writing", lang)
    write_report(report, target, figures=not no_figures)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    if len(found) < min_base:
        click.echo(message("few_respondents", lang, count=len(found)), err=True)
    click.echo(message("report_written", lang, path=target), err=False)


def _check_target(target: "Path", source: "Path") -> None:
    """Refuse, before any work, a report that would overwrite the responses or is no .xlsx."""
    from survey.errors import usage
    from survey.saving import check_target

    check_target(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise usage("target_is_input", path=target)


def _command_line(context: click.Context, responses: str, where: tuple[str, ...], lang: str) -> str:
    """The command as it could be typed again, without where the report goes: that changes no number."""
    import shlex

    words = ["survey", "analyze", responses]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.name in ("responses", "output") or value == parameter.default or not value:
            continue
        name = parameter.opts[-1]
        for one in value if isinstance(value, tuple) else (value,):
            words += [name] if one is True else [name, str(one)]
    return shlex.join(words)


@main.command()
@click.argument("findings", type=click.Path())
@click.option(
    "-o", "--output", metavar="RESPONSES", type=click.Path(), required=True, help="The workbook (.xlsx)."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed gives another data set.")
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the findings if not given."
)
@_lang_option
@click.pass_context
def reconstruct(
    context: click.Context, findings: str, output: str, seed: int, instrument: str | None, lang: str
) -> None:
    """Make a data set that meets every published figure of FINDINGS (.csv) that a count can meet.

    The workbook says everywhere that it is a reconstruction: one possibility among many, not data.
    """
    from pathlib import Path

    from survey.ingest import write_responses
    from survey.messages import message
    from survey.published import read_findings
    from survey.published.reconstruction import reconstruct as make

    context.meta["survey.writes"] = True
    _check_target(Path(output), Path(findings))
    _progress("progress_reconstructing", lang)
    published = read_findings(findings, instrument)
    made = make(published, seed=seed)
    write_responses(made, output, lang=lang)
    if made.origin.get("not_met"):
        click.echo(message("reconstruct_not_met", lang, claims=made.origin["not_met"]), err=True)
    click.echo(message("responses_written", lang, path=output))


@main.group()
def instrument() -> None:
    """List, show and check instruments: the versioned schemas of what was asked."""


@instrument.command("list")
@_lang_option
def list_(lang: str) -> None:
    """List the instruments that travel with the package: id@version, kind, title."""
    from survey.instrument import list_instruments, load_schema

    for known in list_instruments():
        schema = load_schema(known.path)
        click.echo(f"{schema.reference}\t{schema.kind}\t{schema.titled(lang)}")


@instrument.command()
@click.argument("reference", metavar="ID[@VERSION]")
@_lang_option
def show(reference: str, lang: str) -> None:
    """Show an instrument: its questions, options and scales, with the ids used in files and code."""
    from survey.instrument import load_schema
    from survey.instrument.describe import describe

    click.echo(describe(load_schema(reference), lang))


@instrument.command()
@click.argument("path", type=click.Path())
@_lang_option
def validate(path: str, lang: str) -> None:
    """Check a schema file: faults of form first, then those between parts, each with line and remedy."""
    from survey.instrument import read_schema
    from survey.messages import message

    schema = read_schema(path)
    click.echo(message("schema_valid", lang, path=path, reference=schema.reference, kind=schema.kind))


def run() -> None:
    """Run the command as a process, and leave at once when it is done.

    Everything is written by then. Taking the scientific libraries apart, object by object, would be a
    tenth of the time of a small report (mypy leaves in the same way).
    """
    code: object = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # whoever read the output has gone
        code = code or 1
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)
