"""`survey check`: what an export holds, and what looks wrong in it."""

import click

from survey.cli.commands import command
from survey.cli.options import Reading, check_target, lang_option, read, reading_options


@command()
@reading_options()
@click.option("-o", "--output", metavar="QUALITY", type=click.Path(), help="help_output_workbook")
@lang_option
@click.pass_context
def check(context: click.Context, reading: Reading, output: str | None, lang: str) -> None:
    """Account for every cell of RESPONSES and say which rows look wrong; nothing is analysed.

    Cells that cannot be read are listed and do not stop it. Exit 0 also where rows are flagged. With --where
    the rules look at all rows all the same, and say what they found in some.
    """
    from pathlib import Path

    from survey.messages import enumerated, message
    from survey.render import write_report
    from survey.report.survey.check_reports import quality_report
    from survey.wording import runs

    context.meta["survey.writes"] = output is not None
    if output:
        check_target(Path(output), *reading.files)
    responses, quality, everybody = read(reading._replace(set_aside=True), lang)
    if reading.where:
        quality = quality.among(everybody.where(*reading.where))
    if responses.accounting is not None:
        for line in responses.accounting.itertuples():
            if line.cells or line.category == "read":
                label = message(f"cells_{line.category}_{line.kind}".rstrip("_"), lang)
                click.echo(f"{label}\t{line.cells}")
    if subset := responses.subset_text(lang):
        click.echo(subset)
    for rule in quality.rules.itertuples():
        name = message(f"quality_rule_{rule.rule}", lang)
        if rule.checked:
            action = message(f"quality_action_{rule.action}", lang)
            values = {"rule": name, "id": rule.rule, "n": rule.n, "base": rule.base, "action": action}
            rows = quality.rows[quality.rows["rule"] == rule.rule]
            row_texts = [
                message("about_entry", lang, name=source, value=enumerated(runs(own["row"].tolist()), lang))
                for source, own in rows.groupby("source", sort=False)
            ]
            key = "quality_summary_rows" if row_texts else "quality_summary"
            click.echo(message(key, lang, **values, rows=message("item_separator", lang).join(row_texts)))
        else:
            click.echo(message("quality_summary_unchecked", lang, rule=name, id=rule.rule, note=rule.note))
    if output:
        write_report(quality_report(responses, quality=quality, lang=lang), output, pictures=False)
        click.echo(message("quality_written", lang, path=output))
