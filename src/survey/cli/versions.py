"""What `survey --version` says: this package, Python, and every library it uses that is installed."""

import platform
import re

import click

_DISTRIBUTION = "expansion-survey"
_NAME = re.compile(r"[\w.-]+")


def show_versions(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print the versions, a name and a number to a line, and leave."""
    if wanted and not context.resilient_parsing:
        click.echo("\n".join(f"{name} {number}" for name, number in versions()))
        context.exit()


def versions() -> list[tuple[str, str]]:
    """This package, Python and the system, then the declared libraries that are here."""
    from importlib.metadata import PackageNotFoundError, requires, version

    lines = [
        ("survey", version(_DISTRIBUTION)),
        ("Python", platform.python_version()),
        (platform.system(), platform.release()),
    ]
    declared = [line for line in requires(_DISTRIBUTION) or () if "extra == 'dev'" not in line]
    for name in sorted({match[0].lower() for line in declared if (match := _NAME.match(line))}):
        try:
            lines.append((name, version(name)))
        except PackageNotFoundError:  # an extra that is not installed
            continue
    return lines
