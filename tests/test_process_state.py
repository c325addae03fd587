"""A library call changes nothing of its process: limits, masks, fonts, filters, the collector, the clock."""

import ast
import csv
import decimal
import gc
import locale
import logging
import os
import signal
import stat
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Event
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest

# These two add filters and colour maps of their own when first imported: before anything is compared.
import seaborn  # noqa: F401
import statsmodels.tools.sm_exceptions  # noqa: F401
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import fontManager

import survey
from survey.files.formats import _long_records
from survey.files.saving import save_folder, save_text, save_workbook
from survey.published.findings.reading import COLUMNS
from survey.quiet import without_warnings
from survey.render.pictures import fonts
from survey.rounding import printed_share
from tests.paths import EXAMPLES, ROOT, SAMPLE
from tests.test_architecture import SOURCE

OVERLAPPING = EXAMPLES / "overlapping-groups.yaml"
REFERENCE = ROOT / "tests" / "reference"
INTERVIEWS = ROOT / "data" / "interviews" / "segments.xlsx"
HUGE = "x" * 200_000  # more than the 131,072 characters that Python's reader takes


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def process_state() -> dict[str, object]:
    """What belongs to the whole process and a library could change."""
    context = decimal.getcontext()
    random = np.random.get_state()
    return {
        "longest csv field": csv.field_size_limit(),
        "csv dialects": csv.list_dialects(),
        "umask": umask(),
        "collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "warnings": list(warnings.filters),
        "environment": {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "folder": Path.cwd(),
        "decimals": (context.prec, context.rounding, str(context.flags), str(context.traps)),
        "numpy errors": np.geterr(),
        "numpy random": (random[0], random[1].tolist(), *random[2:]),
        "pandas": pd.get_option("display.max_rows"),
        "matplotlib": dict(matplotlib.rcParams),
        "backend": matplotlib.rcParams._get("backend"),
        "fonts": [*fontManager.ttflist, *fontManager.afmlist],
        "locale": locale.setlocale(locale.LC_ALL),
        "import paths": list(sys.path),
        "recursion": sys.getrecursionlimit(),
        "hooks": (sys.excepthook, sys.displayhook, sys.stdout, sys.stderr),
        "signals": {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)},
        "log": (logging.root.level, list(logging.root.handlers)),
        "xml prefixes": dict(ElementTree._namespace_map),
    }


@pytest.fixture
def unchanged():
    """Fail where the process is another one after the test."""
    before = process_state()
    yield
    after = process_state()
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.fixture(scope="module")
def responses():
    return survey.read_responses(SAMPLE)


@pytest.fixture(scope="module")
def report(responses):
    return survey.analyze(responses, lang="zh")


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    path = tmp_path_factory.mktemp("findings") / "small.csv"
    lines = [
        ",".join(COLUMNS),
        "N,,figure,,,all,respondents,=,40,0,,,",
        "A,,figure,expansion_models,newco,all,share_selecting,=,30.0,1,,,",
        "B,,figure,support_needs,contract_legal_diligence,newco,share_selecting,=,42,0,,,",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return survey.read_findings(path, "executive-survey@1.0.0")


# -- what is called --------------------------------------------------------------------------------------


def text_table(folder: Path) -> Path:
    lines = (REFERENCE / "statistics-data.csv").read_text(encoding="utf-8").splitlines()
    comments = ["comment", f'"{HUGE}"', *['"a ""b"", c"'] * (len(lines) - 2)]
    path = folder / "answers.csv"
    path.write_text("".join(f"{line},{comment}\n" for line, comment in zip(lines, comments, strict=True)))
    return path


def test_reading_a_huge_cell_keeps_the_limit_of_the_reader(tmp_path, unchanged):
    read = survey.read_responses(text_table(tmp_path), OVERLAPPING)
    assert len(read) == 42
    assert read.data.equals(survey.read_responses(REFERENCE / "statistics-data.csv", OVERLAPPING).data)


def test_a_limit_that_others_have_set_changes_nothing(tmp_path):
    path = text_table(tmp_path)
    usual = csv.field_size_limit(10)
    try:
        read = survey.read_responses(path, OVERLAPPING)
        assert csv.field_size_limit() == 10
    finally:
        csv.field_size_limit(usual)
    assert read.data.equals(survey.read_responses(path, OVERLAPPING).data)


@given(st.text(alphabet='a",;\r\n \x00\u4e2d', max_size=40), st.sampled_from(",;\t|"))
def test_long_records_are_cut_as_short_ones(text, separator):
    expected = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    assert list(_long_records(text, separator)) == expected


def test_reading_and_analysing(unchanged):
    survey.analyze(survey.read_responses(SAMPLE), lang="en")


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "unlisted"])
def test_a_report_with_pictures(report, tmp_path, monkeypatch, listed):
    if not listed:  # as where a Chinese font was installed after matplotlib last looked
        others = [entry for entry in fontManager.ttflist if fonts._rank(entry.name) is None]
        monkeypatch.setattr(fontManager, "ttflist", others)
        fonts._unlisted_faces.cache_clear()
    before = process_state()
    survey.write_report(report, tmp_path / "report.xlsx")
    assert process_state() == before


def test_published_findings(findings, tmp_path, unchanged):
    survey.reconstruct(findings)
    survey.reconstructions(findings, draws=4, sweeps=1)
    survey.write_report(survey.audit_report(survey.audit(findings)), tmp_path / "audit.xlsx")


def test_exports(responses, tmp_path, unchanged):
    survey.write_responses(responses, tmp_path / "responses.xlsx")
    survey.export_responses(responses, tmp_path / "responses.sav")
    survey.export_collection("executive-survey@1.0.0", tmp_path / "collection.xlsx")
    survey.export_xlsform("executive-survey@1.0.0", tmp_path / "form.xlsx")
    survey.export_page("executive-survey@1.0.0", tmp_path / "page.html")
    survey.export_codebook("executive-survey@1.0.0", tmp_path / "codebook.xlsx")


def test_interviews(tmp_path, unchanged):
    report = survey.analyze_interviews(survey.read_segments(INTERVIEWS))
    survey.write_report(report, tmp_path / "interviews.xlsx")


def test_ratings_through_pingouin(overlapping, unchanged):
    survey.compare_ratings(overlapping, "hurdles")


def test_the_command_in_the_process_of_others(tmp_path, unchanged):
    """Only `run` is an entry of its own: the command as click calls it changes nothing either."""
    from click.testing import CliRunner

    from survey.cli import main

    target = str(tmp_path / "report.xlsx")
    result = CliRunner().invoke(main, ["analyze", str(SAMPLE), "-o", target, "--no-pictures"])
    assert result.exit_code == 0


def test_importing_the_command_changes_nothing(monkeypatch):
    import importlib

    import survey.cli

    monkeypatch.delenv("OPENPYXL_LXML")  # what `run` sets
    before = process_state()
    importlib.reload(survey.cli)
    assert process_state() == before


def test_threads_take_turns_with_the_filters(unchanged):
    """Each block puts back the filters it met: of two at once the later would put back those of the other."""
    entered, may_leave, second_entered = Event(), Event(), Event()

    def first():
        with without_warnings():
            entered.set()
            may_leave.wait(10)

    def second():
        entered.wait(10)
        with without_warnings():
            second_entered.set()

    with ThreadPoolExecutor(2) as pool:
        blocks = [pool.submit(first), pool.submit(second)]
        entered.wait(10)
        assert not second_entered.wait(0.2)
        may_leave.set()
    assert all(block.exception() is None for block in blocks)
    assert second_entered.is_set()


def test_a_decimal_context_of_others_does_not_reach_us():
    with decimal.localcontext(prec=2, rounding=decimal.ROUND_UP, traps=[decimal.Inexact]):
        assert printed_share(2345, 6789, 3) == "34.541"


# -- files have the mode that the umask leaves ------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_written_files_obey_the_umask(tmp_path, mask):
    from openpyxl import Workbook

    usual = os.umask(mask)
    try:
        files = [
            save_workbook(Workbook(), tmp_path / "book.xlsx"),
            save_text("text", tmp_path / "text.csv", ".csv"),
        ]
        folder = save_folder(tmp_path / "new", ["a.txt"], lambda place: (place / "a.txt").write_text("a"))
    finally:
        os.umask(usual)
    assert {stat.S_IMODE(path.stat().st_mode) for path in [*files, folder / "a.txt"]} == {0o666 & ~mask}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o777 & ~mask


# -- what the code says -----------------------------------------------------------------------------------

# Calls that change the process, and the only places for them.
CHANGES = {
    "quiet.py": {"filterwarnings", "simplefilter", "catch_warnings"},
    "cli/__init__.py": {"set_threshold", "setdefault of environ", "_exit", "reconfigure"},
    "": {
        *("field_size_limit", "umask", "chdir", "setlocale", "putenv", "seed", "seterr", "addfont", "use"),
        *("set_option", "setrecursionlimit", "register_namespace", "register_dialect", "basicConfig"),
        *("update of environ", "pop of environ", "setdefaulttimeout", "setcontext", "register"),
    },
}
CLOCKS = {"perf_counter", "monotonic", "process_time", "thread_time", "now", "utcnow", "today", "time_ns"}


def calls_of(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_environment = "environ" in ast.dump(node.func.value)
            yield f"{node.func.attr} of environ" if of_environment else node.func.attr


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_in_the_package_changes_the_process(path):
    here = CHANGES.get(path.relative_to(SOURCE).as_posix(), set())
    assert set(calls_of(path)) & (set().union(*CHANGES.values()) - here) == set()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_clock_anywhere(path):
    """Work limits are counted: a loaded machine gives the same answer, later. A bar may look at the clock."""
    if path == SOURCE / "cli" / "progress.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not names & {"time", "timeit"}
    clocks = CLOCKS - {"now"} if path == SOURCE / "files" / "saving.py" else CLOCKS  # files bear a date
    assert not clocks & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    words |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert not words & {"time_limit", "timeout", "max_time"}
