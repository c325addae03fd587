"""`survey instrument draft`: from a file of responses, or a definition, to an instrument to edit."""

import click

from survey.cli.commands import command
from survey.cli.options import lang_option


@command()
@click.argument("file", type=click.Path())
@click.option("-o", "--output", metavar="YAML", type=click.Path(), help="help_output_draft")
@click.option("--update", is_flag=True, help="help_update")
@click.option("--sheet", metavar="NAME", help="help_sheet")
@click.option("--dialect", metavar="NAME", help="help_dialect")
@click.option("--password", metavar="TEXT", help="help_password")
@lang_option
@click.pass_context
def draft(
    context: click.Context,
    file: str,
    *,
    output: str | None,
    update: bool,
    sheet: str | None,
    dialect: str | None,
    password: str | None,
    lang: str,
) -> None:
    """Draft an instrument from FILE, responses (.xlsx, .csv, .sav) or a definition (.qsf, .lss, XLSForm).

    Every guess is a comment with its reason, the most doubtful on top. Responses can be analysed with it at
    once.
    """
    import os
    from pathlib import Path

    from survey.drafting import draft_instrument
    from survey.errors import usage
    from survey.files.saving import save_text
    from survey.messages import ENGLISH, message

    context.meta["survey.writes"] = output is not None
    if update and output is None:
        raise usage("draft_update_needs_file")
    if output is not None and update and not Path(output).is_file():
        raise usage("draft_update_absent", path=output)
    if output is not None and not update and Path(output).exists():
        raise usage("draft_exists" if Path(output).is_file() else "target_exists", path=output)
    made = draft_instrument(
        file,
        update=output if update else None,
        sheet=sheet,
        dialect=dialect,
        password=password,
        lang=lang,
    )
    count = len(made.guesses)
    if output is None:
        click.echo(made.yaml, nl=False)
        click.echo(message("draft_said_sure", lang, sure=made.sure, count=count), err=True)
        return
    save_text(made.yaml, output, Path(output).suffix)
    if update:
        values = {"path": output, "questions": made.added[0], "options": made.added[1]}
        click.echo(message("draft_updated", lang, **values))
        for sentence in made.unlisted:
            click.echo(sentence, err=True)
    else:
        click.echo(message("draft_written", lang, path=output, sure=made.sure, count=count))
    words = ["survey", "analyze", file, "--instrument", output]
    if made.answers:
        words += ["--sheet", made.sheet] if made.sheet else []
        words += ["--lang", lang] if lang != ENGLISH else []
        click.echo(message("draft_next", lang, command=as_typed(words, windows=os.name == "nt")), err=True)


def as_typed(words: list[str], *, windows: bool) -> str:
    """Write a command as it is typed: the shells of Windows know double quotes alone."""
    import shlex
    import subprocess

    return subprocess.list2cmdline(words) if windows else shlex.join(words)
