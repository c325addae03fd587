"""What 1,000 reconstructions cost beside one, as whole processes from cold, side by side in one run.

    python benchmarks/reconstructions.py [runs]

Each pair of commands is timed in turn (A B A B ...), so that a machine that slows down slows both. What
counts is the median of the pairwise ratios, not the seconds.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FINDINGS = ROOT / "data" / "findings" / "executive-survey-2026.csv"
DRAWS, LIMIT = 1000, 20


def seconds(*options: object) -> float:
    """Time one run of `survey reconstruct` as a whole process."""
    survey = Path(sys.executable).with_name("survey")
    start = time.perf_counter()
    subprocess.run([survey, "reconstruct", FINDINGS, *map(str, options)], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians and their ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        pairs = []
        for run in range(runs + 1):  # the first pair warms up
            one = seconds("-o", f"{folder}/one.xlsx", "--seed", run, "--marks", 0)  # marks cost much more
            many = seconds("-o", f"{folder}/many", "--seed", run, "--draws", DRAWS)
            pairs.append((one, many))
    ones, manies = zip(*pairs[1:], strict=True)
    ratio = statistics.median(many / one for one, many in pairs[1:])
    print(f"one data set   {statistics.median(ones):7.2f} s")
    print(f"{DRAWS} of them  {statistics.median(manies):7.2f} s")
    print(f"ratio          {ratio:7.2f}, at most {LIMIT}")


if __name__ == "__main__":
    main()
