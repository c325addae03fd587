"""The `survey` command: it parses, calls one library function, and prints where the result is.

stdout carries the result, stderr the narration. Exit 0: done; 1: the data are bad; 2: the usage is bad.
"""

import gc
import os
import sys
from io import TextIOWrapper

import click

from survey.cli.commands import MainGroup
from survey.cli.versions import show_versions

# Each command is the function of its name in the module of its name; adding one is one word here.
COMMANDS = (
    "analyze",
    "export",
    "match",
    "audit",
    "check",
    "instrument",
    "interviews",
    "plan",
    "precision",
    "reconstruct",
    "tally",
    "waves",
)


@click.group(
    cls=MainGroup, package=__name__, names=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=show_versions, help="help_version"
)
def main() -> None:
    """Executive surveys from the instrument to the report workbook."""


def run() -> None:
    """Run the command as a process, and leave at once when it is done.

    Only here may settings of the process change: the library is a guest in the process of others.

    Everything is written at the end. Taking the scientific libraries apart, object by object, would be a
    tenth of the time of a small report (mypy leaves in the same way).
    """
    # The same bytes whether lxml is installed or not: openpyxl asks this when it is first imported.
    os.environ.setdefault("OPENPYXL_LXML", "False")
    # No plugin of pydantic has a say in how files are checked: none is looked for in all that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Products of small matrices gain nothing by threads, which only spin while they wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # The libraries and the report make some hundred thousand objects that stay: looking through them again
    # and again for garbage is a tenth of a small report.
    gc.set_threshold(1_000_000, 50, 100)
    # A console that cannot show a character gets its number: nothing ends for want of a letter.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
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
