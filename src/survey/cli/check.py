"""`survey check`: what an export holds, and what looks wrong in it."""

import click

from survey.cli.commands import command
from survey.cli.options import check_target, lang_option


@command()
@click.argument("export", type=click.Path(), nargs=-1, required=True)
@click.option("-o", "--output", metavar="QUALITY", type=click.Path(), help="The workbook (.xlsx).")
@click.option(
    "--drop", metavar="RULE", multiple=True, help="Leave out what this rule finds. May be repeated."
)
@click.option(
    "--instrument", metavar="REF", help="ID, ID@VERSION or a YAML file; told by the export if not given."
)
@click.option("--sheet", metavar="NAME", help="The sheet that holds the responses, where several could.")
@click.option("--dialect", metavar="NAME", help="The layout; found out if not given.")
@click.option("--map", "mapping", metavar="MAP", type=click.Path(), help="Headers and labels by hand.")
@click.option("--password", metavar="TEXT", help="Opens an encrypted workbook.")
@lang_option
@click.pass_context
def check(
    context: click.Context,
    export: tuple[str, ...],
    output: str | None,
    drop: tuple[str, ...],
    instrument: str | None,
    sheet: str | None,
    dialect: str | None,
    mapping: str | None,
    password: str | None,
    lang: str,
) -> None:
    """Account for every cell of EXPORT and say which rows look wrong; nothing is analysed.

    Cells that cannot be read are listed and do not stop it. Exit 0 also where rows are flagged.
    """
    from pathlib import Path

    from survey.ingest import read_responses
    from survey.ingest.quality import screen
    from survey.messages import message
    from survey.render import write_report
    from survey.report.survey import quality_report
    from survey.wording import runs

    context.meta["survey.writes"] = output is not None
    sources = [Path(name) for name in export]
    if output:
        for source in sources:
            check_target(Path(output), source)
    found = read_responses(
        sources,
        instrument,
        sheet=sheet,
        set_aside=True,
        dialect=dialect,
        mapping=mapping,
        password=password,
    )
    stayed, quality = screen(found, drop=drop, lang=lang)
    if found.accounting is not None:
        for line in found.accounting.itertuples():
            if line.cells or line.category == "read":
                label = message(f"cells_{line.category}_{line.kind}".rstrip("_"), lang)
                click.echo(f"{label}\t{line.cells}")
    for rule in quality.rules.itertuples():
        name = message(f"quality_rule_{rule.rule}", lang)
        if rule.checked:
            action = message(f"quality_action_{rule.action}", lang)
            values = {"rule": name, "id": rule.rule, "n": rule.n, "base": rule.base, "action": action}
            rows = quality.rows[quality.rows["rule"] == rule.rule]
            told = [
                f"{source}: {', '.join(runs(own['row'].tolist()))}"
                for source, own in rows.groupby("source", sort=False)
            ]
            key = "quality_summary_rows" if told else "quality_summary"
            click.echo(message(key, lang, **values, rows="; ".join(told)))
        else:
            click.echo(message("quality_summary_unchecked", lang, rule=name, id=rule.rule, note=rule.note))
    for problem in found.problems:
        click.echo(problem.text(lang), err=True)
    if output:
        write_report(quality_report(stayed, quality, lang=lang), output, pictures=False)
        click.echo(message("quality_written", lang, path=output))
