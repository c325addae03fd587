"""`survey interviews facts`: facts of companies, where they disagree, and what interviewees say."""

import click

from survey.cli.commands import command
from survey.cli.options import command_line, lang_option
from survey.cli.progress import phase
from survey.cli.report_options import WRITTEN, Outputs, Titles, output_options, title_options
from survey.cli.segment_options import SegmentReading, read_interviews, segments_beside_options


@command()
@click.argument("facts", metavar="FACTS", type=click.Path())
@output_options
@title_options
@segments_beside_options
@lang_option
@click.pass_context
def facts(
    context: click.Context,
    *,
    outputs: Outputs,
    titles: Titles,
    facts: str,
    reading: SegmentReading,
    lang: str,
) -> None:
    """Find where FACTS of companies (an ID or a .yaml file) disagree, with each other and with interviewees.

    A line per disagreement, its values apart by tabs; with -o a report with the timeline and every figure.
    """
    from survey.errors import usage
    from survey.instrument.case_schemas import load_case_facts
    from survey.interviews.fact_disagreements import fact_disagreements

    context.meta["survey.writes"] = bool(outputs.output)
    aside = reading._replace(set_aside=None)  # type: ignore[arg-type]
    if not reading.segments and (any(aside) or reading.set_aside):
        raise usage("facts_reading_alone")
    targets = outputs.checked(None, facts, *reading.inputs)
    title_block = titles.block()
    known = load_case_facts(facts)
    read = read_interviews(reading, lang) if reading.segments else None
    frame = fact_disagreements(known, lang=lang)
    columns = ["company", "kind", "label", "date", "facts", "why"]
    shown = frame[columns].assign(facts=[" ".join(ids) for ids in frame["facts"]])
    click.echo(shown.to_csv(sep="\t", index=False), nl=False)
    if read is not None:
        from survey.interviews.case_facts import facts_beside

        beside = facts_beside(read, known, lang=lang)
        beside = beside.assign(facts=[" ".join(ids) for ids in beside["facts"]])
        names = ["company", "verdict", "label", "n", "base", "facts", "note"]
        click.echo(beside[names].to_csv(sep="\t", index=False), nl=False)
    if targets:
        from survey.report.interviews.facts import facts_report

        written = ("facts", "password", *WRITTEN)
        line = command_line(context, "survey interviews facts", facts, without=written)
        with phase("progress_analysing", lang):
            report = facts_report(known, beside=read, title_block=title_block, command=line, lang=lang)
        outputs.write(report, targets, lang, "report_written")
