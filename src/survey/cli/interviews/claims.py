"""`survey interviews claims`: propositions judged on coded interviews and on facts."""

import click

from survey.cli.commands import command
from survey.cli.options import command_line, lang_option
from survey.cli.progress import phase
from survey.cli.report_options import WRITTEN, Outputs, Titles, output_options, title_options
from survey.cli.segment_options import SegmentReading, read_interviews, segment_options


@command()
@segment_options
@click.argument("propositions", type=click.Path())
@output_options
@title_options
@click.option("--facts", metavar="REF", type=click.Path(), help="help_facts")
@lang_option
@click.pass_context
def claims(
    context: click.Context,
    *,
    reading: SegmentReading,
    outputs: Outputs,
    titles: Titles,
    propositions: str,
    facts: str | None,
    lang: str,
) -> None:
    """Judge PROPOSITIONS (an ID or a .yaml file) on the coded SEGMENTS: supported, undecided, contradicted.

    A line per proposition, its values apart by tabs, then how many have each verdict; with -o a report.
    """
    from survey.instrument.proposition_rules import VERDICTS
    from survey.instrument.proposition_schemas import load_propositions
    from survey.interviews.propositions import facts_for, judge_propositions
    from survey.messages import message

    context.meta["survey.writes"] = bool(outputs.output)
    sources = [*reading.inputs, propositions, *([facts] if facts else [])]
    targets = outputs.checked(None, *sources)
    title_block = titles.block()
    known = load_propositions(propositions)
    known_facts = facts_for(known, facts)
    segments = read_interviews(reading, lang)
    frame = judge_propositions(segments, known, facts=known_facts, lang=lang)
    names = ["proposition", "verdict", "n", "base", "by_company", "statement", "note", "needs"]
    click.echo(frame[names].to_csv(sep="\t", index=False), nl=False)
    for verdict in VERDICTS:
        count = int((frame["verdict"] == verdict).sum())
        label = message(f"proposition_{verdict.replace(' ', '_')}", lang)
        click.echo(message("proposition_count", lang, verdict=label, count=count), err=True)
    if targets:
        from survey.report.interviews.propositions import propositions_report

        line = command_line(
            context,
            "survey interviews claims",
            reading.segments,
            propositions,
            without=("segments", "propositions", "password", *WRITTEN),
        )
        with phase("progress_analysing", lang):
            report = propositions_report(
                segments, known, facts=known_facts, title_block=title_block, command=line, lang=lang
            )
        outputs.write(report, targets, lang, "report_written")
