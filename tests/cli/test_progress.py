"""How far a command is: a bar on a terminal for what takes longer than a second, nothing anywhere else."""

import io
import sys
import time

import pytest

import survey
from survey.cli import main
from survey.cli.progress import phase
from survey.progress import advance
from tests.paths import SAMPLE

pytestmark = pytest.mark.filterwarnings("ignore:.*not anonymous by itself:UserWarning")


class Terminal(io.StringIO):
    """A stderr that says whether it is a terminal, and keeps what was written to it."""

    def __init__(self, there=True):
        super().__init__()
        self.there = there

    def isatty(self):
        return self.there

    @property
    def lines(self):
        """What was shown, one look of a bar after the other."""
        return [look.strip() for line in self.getvalue().splitlines() for look in line.split("\r")]


def terminal_of(monkeypatch, there=True):
    """Put a terminal in the place of stderr, in the test itself: pytest changes it between its phases."""
    shown = Terminal(there)
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


class Clock:
    """Seconds that pass when they are asked for."""

    def __init__(self, step):
        self.now, self.step = 0.0, step

    def __call__(self):
        self.now += self.step
        return self.now


@pytest.fixture
def slow(monkeypatch):
    """Every look at the clock is two seconds later than the last."""
    monkeypatch.setattr(time, "monotonic", Clock(2.0))


def run(*words):
    main([str(word) for word in words], standalone_mode=False)


def looks(terminal, unit):
    return [line for line in terminal.lines if line.endswith(unit)]


def test_every_phase_says_how_far_it_is(monkeypatch, capsys, slow, tmp_path):
    terminal = terminal_of(monkeypatch)
    run("analyze", SAMPLE, "-o", tmp_path / "r.xlsx", "--no-pictures")
    assert [line for line in terminal.lines if line.endswith("...")] == [
        *("Reading ...", "Analysing ...", "Drawing and writing ...")
    ]
    assert any(line.endswith("100%  138/138 rows") for line in looks(terminal, "rows"))
    tables = looks(terminal, "tables")
    assert tables[0].startswith("[---")
    totals = {line.split("/")[-1] for line in tables}
    assert len(totals) == 1
    counted = [int(line.split("%  ")[1].split("/")[0]) for line in tables]
    assert counted == list(range(len(counted)))
    assert totals == {f"{len(counted)} tables"}
    sheets = len(survey.analyze(SAMPLE).sheets)
    assert len(looks(terminal, f"/{sheets} sheets")) == sheets
    assert "%" not in capsys.readouterr().out


def test_several_files_are_counted_as_files(monkeypatch, slow, tmp_path):
    terminal = terminal_of(monkeypatch)
    targets = [tmp_path / name for name in ("r.xlsx", "r.html", "r.pptx")]
    words = [word for target in targets for word in ("-o", target)]
    other = survey.write_responses(
        survey.read_responses(SAMPLE).where("firm_type=biotech"), tmp_path / "o.xlsx"
    )
    run("analyze", SAMPLE, other, *words, "--no-pictures", "--lang", "zh")
    assert len(looks(terminal, "/2 \u4e2a\u6587\u4ef6")) == 2
    assert len(looks(terminal, "/3 \u4e2a\u6587\u4ef6")) == 3
    assert not looks(terminal, "\u884c")  # rows of a file that is counted already
    assert not looks(terminal, "\u5de5\u4f5c\u8868")


def test_counting_hidden_cells_pictures_and_text_files(monkeypatch, slow, tmp_path):
    terminal = terminal_of(monkeypatch)
    pytest.importorskip("pyarrow")
    responses = survey.read_responses(SAMPLE)
    (tmp_path / "wave").mkdir()
    for name in ("a.parquet", "b.parquet"):
        survey.export_responses(responses, tmp_path / "wave" / name)
    run("tally", tmp_path / "wave", "-o", tmp_path / "w.tally")
    assert [line.split("%  ")[1] for line in looks(terminal, "rows")] == ["137/274 rows", "274/274 rows"]
    run("analyze", SAMPLE, "--suppress", "-o", tmp_path / "s.html", "--no-pictures")
    assert looks(terminal, "questions")
    assert looks(terminal, "sheets")
    run("analyze", SAMPLE, "-o", tmp_path / "p.html", "--no-pictures", "--pictures", tmp_path / "pictures")
    assert looks(terminal, "pictures")


def test_nothing_is_shown_where_stderr_is_no_terminal(monkeypatch, slow, tmp_path):
    shown = terminal_of(monkeypatch, there=False)
    run("analyze", SAMPLE, "-o", tmp_path / "r.xlsx", "--no-pictures")
    assert shown.getvalue() == ""


def test_what_takes_less_than_a_second_has_no_bar(monkeypatch):
    terminal = terminal_of(monkeypatch)
    for step, shown in ((0.3, 0), (1.1, 3)):
        monkeypatch.setattr(time, "monotonic", Clock(step))
        terminal.truncate(0)
        with phase("progress_reading", "en"):
            for done in range(3):
                advance("rows", done, 10)
        assert len(looks(terminal, "/10 rows")) == shown


def test_a_bar_is_drawn_at_most_ten_times_a_second(monkeypatch):
    terminal = terminal_of(monkeypatch)
    clock = Clock(0.001)
    monkeypatch.setattr(time, "monotonic", clock)
    with phase("progress_reading", "en"):
        for done in range(3_001):
            advance("rows", done, 3_000)
    drawn = looks(terminal, "rows")
    assert 15 < len(drawn) < 25  # from the first second to the third
    assert drawn[-1].endswith("100%  3,000/3,000 rows")


def test_unknown_totals_and_errors(monkeypatch, slow):
    terminal = terminal_of(monkeypatch)

    def work():
        with phase("progress_reading", "en"):
            advance("rows", 120_000)
            advance("rows", 12, 5)  # a sheet that says less than it holds
            advance("files", 1, 2)  # another unit than the first
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        work()
    assert looks(terminal, "rows") == ["120,000 rows", "12 rows"]
    assert terminal.getvalue().endswith("\n")
    advance("rows", 1, 2)  # nobody listens
    assert looks(terminal, "rows") == ["120,000 rows", "12 rows"]
