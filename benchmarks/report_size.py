"""The report at size, as ratios: python benchmarks/report_size.py [ROWS ...] [--xlsx ROWS] [--rounds N].

For each number of respondents (10,000 100,000 1,000,000 where none is named) Parquet files of
executive-survey@1.0.0 are counted, and the tally is analysed; --xlsx also reads so many from a workbook and
writes the report, beside the 137 rows of the sample. Each part is a process of its own: CPU seconds, and the
peak of memory.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from tally import INSTRUMENT, make

SAMPLE = Path(__file__).parent.parent / "data/responses/executive-survey-2026-reconstructed.xlsx"


def workbook(parquet, path):
    """The same respondents as the collection workbook's table of codes."""
    import survey

    survey.write_responses(survey.read_responses(parquet, INSTRUMENT), path)


def part(name, source):
    """One part: what it takes beyond importing, and in all."""
    import survey

    spent = {"import": time.process_time()}
    if name == "tally":
        counted = survey.tally(source, INSTRUMENT)
        spent["count"] = time.process_time() - sum(spent.values())
        survey.analyze(counted)
        spent["analyse"] = time.process_time() - sum(spent.values())
    else:
        responses = survey.read_responses(source)
        spent["read"] = time.process_time() - sum(spent.values())
        report = survey.analyze(responses)
        spent["analyse"] = time.process_time() - sum(spent.values())
        with tempfile.TemporaryDirectory() as folder:
            survey.write_report(report, Path(folder) / "report.xlsx")
        spent["write"] = time.process_time() - sum(spent.values())
    status = Path("/proc/self/status").read_text()  # of this program alone: getrusage keeps its parent's
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    print(json.dumps({**{key: round(value, 2) for key, value in spent.items()}, "peak MiB": round(peak)}))


def measured(name, source):
    """Run a part in a process of its own."""
    words = [sys.executable, __file__, "--part", name, str(source)]
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=one_thread)
    return json.loads(done.stdout)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    words.add_argument("--xlsx", type=int, default=0)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--part", nargs=2)
    words.add_argument("--folder", type=Path)
    chosen = words.parse_args()
    if chosen.part:
        part(*chosen.part)
        return
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.folder or Path(made)
        for rows in {*chosen.rows, *filter(None, [chosen.xlsx])}:
            if not (path := folder / f"{rows}.parquet").exists():
                make(path, rows)
        if chosen.xlsx and not (book := folder / f"{chosen.xlsx}.xlsx").exists():
            workbook(folder / f"{chosen.xlsx}.parquet", book)
        compare(chosen, folder)


def compare(chosen, folder):
    """Run every part as often as asked, and print each with the ratios."""
    growths, above = {rows: [] for rows in chosen.rows[1:]}, []
    for _ in range(chosen.rounds):
        before = None
        for rows in chosen.rows:
            spent = measured("tally", folder / f"{rows}.parquet")
            print(f"{rows:>10,} rows of Parquet: {spent}", flush=True)
            if before:
                growths[rows].append(spent["analyse"] / before)
            before = spent["analyse"]
        if chosen.xlsx:
            small, large = measured("report", SAMPLE), measured("report", folder / f"{chosen.xlsx}.xlsx")
            small_cost, large_cost = (spent["analyse"] + spent["write"] for spent in (small, large))
            above.append(large_cost / small_cost)
            print(f"       137 rows of .xlsx: {small}")
            print(f"{chosen.xlsx:>10,} rows of .xlsx: {large}", flush=True)
    for rows, ratios in growths.items():
        print(f"analysis, {rows:,} rows against the size before: {told(ratios)} (at most 11)")
    if above:
        print(f"CPU above reading against the 137 rows: {told(above)} (at most 3)")


def told(ratios):
    """The median of some ratios, and their ends."""
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
