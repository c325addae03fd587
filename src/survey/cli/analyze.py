"""`survey analyze`: from a workbook of responses to the report workbook."""

import click

from survey.cli.parts import check_target, lang_option, progress


@click.command()
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
@lang_option
@click.option(
    "--confidence", type=float, default=0.95, show_default=True, help="Level of the intervals, 0 to 1."
)
@click.option(
    "--min-base", type=int, default=5, show_default=True, help="Smaller bases are marked, never tested."
)
@click.option(
    "--compare",
    metavar="WITH",
    default="complement",
    show_default=True,
    help='"columns" adds letters: which groups differ from each other.',
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
    compare: str,
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
    check_target(target, source)
    progress("progress_reading", lang)
    found = read_responses(source, instrument, sheet=sheet, set_aside=set_aside)
    if where:
        found = found.where(*where)
        if not len(found):
            said = message("condition_separator", lang).join(where)
            raise usage("where_nobody", condition=said)
    progress("progress_analysing", lang)
    report = compose(
        found,
        by=by,
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        compare=compare,
        findings=findings,
        command=_command_line(context, responses, where, lang),
    )
    progress("progress_writing", lang)
    write_report(report, target, figures=not no_figures)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    if len(found) < min_base:
        click.echo(message("few_respondents", lang, count=len(found)), err=True)
    click.echo(message("report_written", lang, path=target), err=False)


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
