"""How a report grows with its respondents: processor time and memory, as ratios to the 137 of the sample.

    python benchmarks/growth.py [largest]

Writes growth.csv and growth.png beside this file. Each size is analysed from a coded .csv in a process of its
own; the rows are those of the sample, repeated.
"""

import csv
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

import survey

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
SIZES = (137, 1_000, 10_000, 100_000)
COLUMNS = ("respondents", "seconds", "mebibytes", "time_ratio", "memory_ratio", "version", "date")


def measured(command: list[str]) -> tuple[float, float]:
    """The processor seconds and the largest memory (MiB) of a process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"ended with {os.waitstatus_to_exitcode(status)}: {command}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure, print the table, write it and draw it."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        coded, source, report = (Path(folder) / name for name in ("coded.csv", "rows.csv", "report.xlsx"))
        survey.export_responses(survey.read_responses(SAMPLE), coded)
        sample = pd.read_csv(coded, dtype=str, keep_default_na=False)
        for size in (one for one in SIZES if one <= largest):
            frame = pd.concat([sample] * -(-size // len(sample)), ignore_index=True).head(size)
            frame["respondent"] = [str(number) for number in range(1, size + 1)]
            frame.to_csv(source, index=False)
            command = [sys.executable, "-m", "survey", "analyze", str(source), "-o", str(report)]
            seconds, memory = measured([*command, "--instrument", "executive-survey@1.0.0"])
            first = rows[0] if rows else {"seconds": seconds, "mebibytes": memory}
            ratios = seconds / float(str(first["seconds"])), memory / float(str(first["mebibytes"]))
            today = f"{datetime.now(UTC):%Y-%m-%d}"
            values = (size, seconds, memory, *ratios, survey.__version__, today)
            rows.append(dict(zip(COLUMNS, values, strict=True)))
            print(
                f"{size:>9,} {seconds:8.1f} s {memory:7.0f} MiB {ratios[0]:7.2f} x {ratios[1]:7.2f} x",
                flush=True,
            )
    if largest >= SIZES[-1]:
        with (HERE / "growth.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows({**row, **_rounded(row)} for row in rows)
        draw(rows)


def _rounded(row: dict[str, object]) -> dict[str, object]:
    return {name: f"{value:.2f}" for name, value in row.items() if isinstance(value, float)}


def draw(rows: list[dict[str, object]]) -> None:
    """Both ratios against the number of respondents, on a logarithmic scale."""
    import matplotlib

    matplotlib.use("Agg")
    import seaborn
    from matplotlib import pyplot

    long = pd.DataFrame(rows).melt("respondents", ["time_ratio", "memory_ratio"], "of", "ratio to 137")
    long["of"] = long["of"].map({"time_ratio": "processor time", "memory_ratio": "memory"})
    seaborn.set_theme(style="whitegrid")
    axes = seaborn.lineplot(long, x="respondents", y="ratio to 137", hue="of", marker="o")
    axes.set(xscale="log", ylim=(0, None), title="A report of 100,000 respondents against one of 137")
    axes.legend(title="")
    axes.figure.set_size_inches(7, 4)
    axes.figure.savefig(HERE / "growth.png", dpi=120, bbox_inches="tight")
    pyplot.close(axes.figure)


if __name__ == "__main__":
    main()
