"""What the project runs: `nox -l` lists it; `nox -s lint types`; `nox -s tests-3.12 -- tests/ingest`."""

import re
import shutil
import tomllib
from pathlib import Path

import nox
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PYTHONS = ["3.11", "3.12", "3.13"]
HERE = Path(__file__).parent
LARGEST_WHEEL = 2_000_000  # bytes

nox.needs_version = ">=2025.5"
nox.options.sessions = ["lint", "types", "docs", "tests-3.11"]
nox.options.reuse_existing_virtualenvs = True


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The whole suite on two workers, or what is named."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """The same with the lowest versions that pyproject.toml allows of what it names."""
    pins = Path(session.create_tmp()) / "lowest.txt"
    session.install("uv")
    resolve = (
        "uv",
        "pip",
        "compile",
        "--resolution",
        "lowest-direct",
        "--all-extras",
        "--python-version",
        "3.11",
    )
    session.run(*resolve, "--no-header", "--quiet", "-o", str(pins), "pyproject.toml", silent=True)
    if too_low := _bounds_not_run(pins.read_text(encoding="utf-8")):
        session.error(f"Lower bounds in pyproject.toml that cannot be had, so nobody runs them: {too_low}")
    session.install("-r", str(pins))
    session.install("--no-deps", "-e", ".")
    session.run("pytest", "-n", "2", *session.posargs)


def _bounds_not_run(pins: str) -> list[str]:
    """Name the lower bounds that the resolver had to go above, each with the version it took."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = {line for part in project["optional-dependencies"].values() for line in part}
    taken = dict(re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", pins, re.MULTILINE))
    wanted = [Requirement(line) for line in sorted(lines | set(project["dependencies"]))]
    return [
        f"{requirement} ({taken[name]})"
        for requirement in wanted
        for name in (canonicalize_name(requirement.name),)
        for bound in requirement.specifier
        if bound.operator == ">=" and Version(bound.version) != Version(taken[name])
    ]


@nox.session(python="3.11")
def constrained(session: nox.Session) -> None:
    """The same with the versions of constraints.txt."""
    session.install("-c", "constraints.txt", "-e", ".[dev]")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(python="3.13")
def coverage(session: nox.Session) -> None:
    """The suite with the lines it reaches; fails below the floor of pyproject.toml."""
    session.install("-e", ".[dev]")
    measured = {"COVERAGE_CORE": "sysmon"}
    session.run(
        "pytest", "-n", "2", "--cov", "--cov-report=term:skip-covered", *session.posargs, env=measured
    )


@nox.session(python="3.11")
def lint(session: nox.Session) -> None:
    """Style, order of imports, complexity, format."""
    session.install("ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(python="3.11")
def types(session: nox.Session) -> None:
    """Every function is typed."""
    session.install("-e", ".[dev]")
    session.run("mypy")


@nox.session(python="3.11")
def docs(session: nox.Session) -> None:
    """README, pages and docstrings run; fragments of the changelog are of a kind; instruments are valid."""
    session.install("-e", ".[dev]")
    session.run("pytest", "tests/test_documentation.py", *session.posargs)
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)
    session.run("survey", "instrument", "validate", "instruments", "data/interviews")
    session.run("survey", "instrument", "lock", "--check", "instruments", "data/interviews")


@nox.session(python="3.11")
def site(session: nox.Session) -> None:
    """The site in English and Chinese, below site/; a broken link or an undocumented name fails it."""
    session.install("-e", ".[dev]")
    for lang in ("en", "zh"):
        session.run("python", "docs/build.py", lang, f"site/{lang}")


@nox.session(python="3.11")
def release(session: nox.Session) -> None:
    """Build twice with equal bytes, check metadata and contents; the tests use the wheel installed alone."""
    session.install("build", "twine", "check-wheel-contents")
    built = []
    for number in (1, 2):
        folder = Path(session.create_tmp()) / f"build-{number}"
        shutil.rmtree(folder, ignore_errors=True)  # of an earlier version
        session.run("python", "-m", "build", "--outdir", str(folder), ".", silent=True)
        built.append(sorted(folder.iterdir()))
    for first, second in zip(*built, strict=True):
        if first.read_bytes() != second.read_bytes():
            session.error(f"{first.name} differs from build to build")
    session.run("twine", "check", "--strict", *map(str, built[0]))
    wheel = next(path for path in built[0] if path.suffix == ".whl")
    session.run("check-wheel-contents", str(wheel))
    if wheel.stat().st_size > LARGEST_WHEEL:
        session.error(f"{wheel.name} has {wheel.stat().st_size} bytes, more than {LARGEST_WHEEL}")


@nox.session(python="3.11")
def licences(session: nox.Session) -> None:
    """The licence of everything that an installation brings along."""
    session.install(".", "pip-licenses")
    session.run("pip-licenses", "--from=mixed", "--order=license", "--format=markdown")


if (HERE / "tests" / "counts" / "test_spark.py").is_file():

    @nox.session(python="3.11")
    def spark(session: nox.Session) -> None:
        """Tallies of Spark frames; needs Java."""
        session.install("-e", ".[dev]", "pyspark>=4.1")  # no extra of ours: it needs Java
        session.run("pytest", "tests/counts/test_spark.py", *session.posargs)
