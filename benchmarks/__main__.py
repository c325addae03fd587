"""All benchmarks of speed and memory, one after the other: `python benchmarks`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEED = ("start_up.py", "growth.py", "outputs.py", "reading.py", "association.py")


def main() -> None:
    """Run each in a process of its own, so that none starts warm."""
    for name in SPEED:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, HERE / name], check=True)


if __name__ == "__main__":
    main()
