"""The `survey` command: it parses, calls one library function, and prints where the result is.

stdout carries the result, stderr the narration. Exit 0: done; 1: the data are bad; 2: the usage is bad.
"""

import os
import sys

import click

from survey.cli.options import MainGroup

# The same bytes whether lxml is installed or not: openpyxl asks this when it is first imported.
os.environ.setdefault("OPENPYXL_LXML", "False")

# Each command and where it lives; adding one is one line here.
COMMANDS = {
    "analyze": "survey.cli.analyze:analyze",
    "export": "survey.cli.export:export_data",
    "match": "survey.cli.match:match",
    "audit": "survey.cli.audit:audit",
    "check": "survey.cli.check:check",
    "instrument": "survey.cli.instrument:instrument",
    "interviews": "survey.cli.interviews:interviews",
    "reconstruct": "survey.cli.reconstruct:reconstruct",
    "tally": "survey.cli.tally:tally",
}


@click.group(cls=MainGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="expansion-survey", prog_name="survey")
def main() -> None:
    """Executive surveys from the instrument to the report workbook."""


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
