"""`survey analyze`: from a workbook of responses to the report workbook."""

import click

from survey.cli.commands import command
from survey.cli.options import check_target, command_line, lang_option, pictures_option, progress


@command()
@click.argument("responses", type=click.Path(), nargs=-1)
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the workbook if not given."
)
@click.option(
    "--carry-to", metavar="REF", help="Carry the answers to another version of their instrument first."
)
@click.option("--sheet", metavar="NAME", help="The sheet that holds the responses, where several could.")
@click.option(
    "--dialect", metavar="NAME", help="The layout, such as wjx_text or qualtrics; found out if not given."
)
@click.option(
    "--map", "mapping", metavar="MAP", type=click.Path(), help="Headers and labels by hand: see survey match."
)
@click.option(
    "--keep-personal", is_flag=True, help="Keep addresses, e-mail and names; the report never shows them."
)
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
    "--only",
    metavar="WHICH",
    help='"exclusive" or "mixed": groups of those in no other group, or in another one too.',
)
@click.option("--suppress", is_flag=True, help="Hide small cells, and what would give them away.")
@click.option(
    "--suppress-below", metavar="N", type=int, default=5, show_default=True, help="Smaller counts are small."
)
@click.option(
    "--findings", metavar="PATH", type=click.Path(), help="Published findings to compare with (CSV)."
)
@click.option(
    "--from-findings",
    metavar="PATH",
    type=click.Path(),
    help="No responses: report what published findings (CSV) say, without a data set.",
)
@click.option(
    "--set-aside", is_flag=True, help="Go on without cells that cannot be read; the report lists them."
)
@click.option("--drop", metavar="RULE", multiple=True, help="Leave out what a rule of `survey check` finds.")
@click.option("--open-text", is_flag=True, help="Print what respondents wrote; otherwise it is only counted.")
@click.option("--password", metavar="TEXT", help="Opens an encrypted workbook.")
@pictures_option
@click.pass_context
def analyze(
    context: click.Context,
    responses: tuple[str, ...],
    instrument: str | None,
    carry_to: str | None,
    sheet: str | None,
    dialect: str | None,
    mapping: str | None,
    keep_personal: bool,
    by: str | None,
    where: tuple[str, ...],
    output: str | None,
    lang: str,
    confidence: float,
    min_base: int,
    compare: str,
    only: str | None,
    suppress: bool,
    suppress_below: int,
    findings: str | None,
    from_findings: str | None,
    set_aside: bool,
    drop: tuple[str, ...],
    open_text: bool,
    password: str | None,
    no_pictures: bool,
) -> None:
    """Read RESPONSES and write the report workbook.

    Several files of one survey are merged. Without -o the report is reports/<first input>-report.xlsx under
    the current folder. With --from-findings there are no responses: the report says what is known.
    """
    from pathlib import Path

    context.meta["survey.writes"] = True
    if from_findings:
        _report_findings(context, from_findings)
        return
    if not responses:
        raise click.MissingParameter(
            ctx=context, param=context.command.params[0], param_hint="'RESPONSES...'"
        )

    from survey.disclosure.suppression import check_minimum
    from survey.errors import usage
    from survey.ingest import read_responses
    from survey.messages import message
    from survey.render import write_report
    from survey.report.survey import analyze as compose

    sources = [Path(name) for name in responses]
    target = Path(output) if output else Path("reports") / f"{sources[0].stem}-report.xlsx"
    for source in sources:
        check_target(target, source)
    progress("progress_reading", lang)
    found = read_responses(
        sources,
        instrument,
        sheet=sheet,
        set_aside=set_aside,
        dialect=dialect,
        mapping=mapping,
        keep_personal=keep_personal,
        password=password,
    )
    if carry_to:
        from survey.ingest.version_migration import carry_over

        found = carry_over(found, carry_to)
    from survey.ingest.quality import left_out_text, screen

    found, quality = screen(found, drop=drop, lang=lang)
    if where:
        found = found.where(*where)
        if not len(found):
            said = message("condition_separator", lang).join(where)
            raise usage("where_nobody", condition=said)
    if suppress:
        check_minimum(suppress_below)
    progress("progress_analysing", lang)
    report = compose(
        found,
        by=by,
        lang=lang,
        confidence=confidence,
        min_base=min_base,
        compare=compare,
        only=only,
        suppress=suppress_below if suppress else 0,
        findings=findings,
        quality=quality,
        open_text=open_text,
        command=command_line(
            context, "survey analyze", *responses, without=("responses", "output", "password")
        ),
    )
    progress("progress_writing", lang)
    write_report(report, target, pictures=not no_pictures)
    if said := left_out_text(found, lang):
        click.echo(said, err=True)
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    if len(found) < min_base:
        click.echo(message("few_respondents", lang, count=len(found)), err=True)
    click.echo(message("report_written", lang, path=target), err=False)


# What a report without a data set can be told.
_OF_FINDINGS = ("from_findings", "instrument", "output", "lang", "confidence", "no_pictures")


def _report_findings(context: click.Context, findings: str) -> None:
    """Write the report of published findings; whatever is about responses is refused."""
    from pathlib import Path

    from survey.errors import usage
    from survey.messages import message
    from survey.published.findings import read_findings
    from survey.render import write_report
    from survey.report.findings import findings_report

    chosen = context.params
    others = [
        parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name
        for parameter in context.command.params
        if parameter.name not in _OF_FINDINGS
        and context.get_parameter_source(parameter.name or "") is click.core.ParameterSource.COMMANDLINE
    ]
    if others:
        raise usage("from_findings_alone", others=others)
    source, lang = Path(findings), str(chosen["lang"])
    target = Path(chosen["output"] or Path("reports") / f"{source.stem}-known-report.xlsx")
    check_target(target, source)
    progress("progress_auditing", lang)
    published = read_findings(source, chosen["instrument"])
    command = command_line(context, "survey analyze", without=("responses", "output", "password"))
    report = findings_report(published, lang=lang, confidence=chosen["confidence"], command=command)
    progress("progress_writing", lang)
    write_report(report, target, pictures=not chosen["no_pictures"])
    click.echo(message("report_written", lang, path=target))
