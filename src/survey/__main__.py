"""``python -m survey`` is the ``survey`` command."""

from survey.cli import run

if __name__ == "__main__":
    run()
