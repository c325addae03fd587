"""What a page and a deck cost beside the workbook: CPU seconds of the whole command, paired, as a ratio.

    python benchmarks/outputs.py [pairs]

Each pair runs `survey analyze` on the sample twice, with the workbook alone and with all three files, in an
order that alternates; the ratio is the median over the pairs. At most 1.5 is wanted.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
ALONE, ALL = ("a.xlsx",), ("a.xlsx", "a.html", "a.pptx")


def seconds(names: tuple[str, ...], folder: Path) -> float:
    """The CPU seconds of the command that writes these files: a loaded machine does not change them much."""
    outputs = [word for name in names for word in ("-o", str(folder / name))]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "survey", "analyze", str(DATA), *outputs]
    subprocess.run(command, check=True, capture_output=True, env=os.environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(pairs: int = 5) -> None:
    """Print the times of each pair and the median ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds(ALL, folder)  # compiles what is compiled once
        ratios = []
        for number in range(pairs):
            order = (ALONE, ALL) if number % 2 == 0 else (ALL, ALONE)
            times = {names: seconds(names, folder) for names in order}
            ratios.append(times[ALL] / times[ALONE])
            print(f"workbook {times[ALONE]:.2f} s, all three {times[ALL]:.2f} s, ratio {ratios[-1]:.2f}")
    print(f"median ratio {median(ratios):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
