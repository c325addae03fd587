"""What an installation with all extras brings along; `python -m tests.closure` writes constraints.txt."""

import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

CONSTRAINTS = ROOT / "constraints.txt"
HEAD = "# The exact versions the tests ran with (Python 3.11). Use: pip install -c constraints.txt .\n"


def listed() -> dict[str, str]:
    """The lines of constraints.txt: versions by normalised name."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()[1:]
    pairs = (line.split("==") for line in lines)
    return {canonicalize_name(name): version for name, version in pairs}


def direct() -> list[Requirement]:
    """What pyproject.toml asks for, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = (project["dependencies"], *project["optional-dependencies"].values())
    return [Requirement(line) for part in parts for line in part]


def closure(follow: Callable[[Distribution], bool] = lambda _: True) -> dict[str, Distribution | None]:
    """What is needed in this environment, by normalised name; None where it is not installed.

    What a distribution needs in turn is only looked at where `follow` says so.
    """
    needed: dict[str, Distribution | None] = {}
    wanted, met = direct(), set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if (name, *requirement.extras) in met:
            continue
        met.add((name, *requirement.extras))
        try:
            needed[name] = installed = distribution(requirement.name)
        except PackageNotFoundError:
            needed[name] = None
            continue
        if follow(installed):
            below = map(Requirement, installed.requires or ())
            extras = ("", *requirement.extras)
            wanted += [one for one in below if _holds(one, extras)]
    return needed


def _holds(requirement: Requirement, extras: tuple[str, ...]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def write() -> None:
    """Write the versions of this environment."""
    installed = [one for one in closure().values() if one is not None]
    lines = {f"{one.metadata['Name']}=={one.version}\n" for one in installed}
    CONSTRAINTS.write_text(HEAD + "".join(sorted(lines, key=str.lower)), encoding="utf-8")


if __name__ == "__main__":
    if sys.version_info[:2] != (3, 11):
        sys.exit("constraints.txt is written by Python 3.11")
    write()
