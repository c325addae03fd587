"""Start-up and the common job, as ratios measured side by side in one run.

    python benchmarks/start_up.py [runs]

Each pair of commands runs in turn (A B A B ...), so that a machine that slows down slows both. What counts is
the median of the pairwise ratios of processor time (user and system), not the seconds.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
PROGRAM = "import click; click.Group('program', help='A program.')(['--help'])"
STACK = "import pandas, statsmodels.api, pingouin, seaborn, openpyxl"


def seconds(command: list[str]) -> float:
    """The processor time of one run of a command as a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(command: list[str], baseline: list[str], runs: int) -> tuple[float, float, float]:
    """Give the medians of both commands and of their ratio, after one warm-up of each."""
    seconds(command), seconds(baseline)
    pairs = [(seconds(command), seconds(baseline)) for _ in range(runs)]
    first = statistics.median(pair[0] for pair in pairs)
    second = statistics.median(pair[1] for pair in pairs)
    return first, second, statistics.median(pair[0] / pair[1] for pair in pairs)


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    python, survey = sys.executable, str(Path(sys.executable).with_name("survey"))
    with tempfile.TemporaryDirectory() as folder:
        report = str(Path(folder) / "report.xlsx")
        rows = [
            ("survey --help", [survey, "--help"], PROGRAM, 1.1),
            ("survey analyze, 137 rows", [survey, "analyze", str(SAMPLE), "-o", report], STACK, 1.0),
        ]
        print(f"{'command':<28} {'seconds':>8} {'baseline':>9} {'ratio':>6} {'at most':>8}  baseline command")
        for name, command, imports, limit in rows:
            mine, other, ratio = compare(command, [python, "-c", imports], runs)
            print(f'{name:<28} {mine:8.3f} {other:9.3f} {ratio:6.2f} {limit:8.1f}  python -c "{imports}"')


if __name__ == "__main__":
    main()
