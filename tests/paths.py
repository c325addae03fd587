"""Where the things are that tests look at."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
FINDINGS = ROOT / "data" / "findings" / "executive-survey-2026.csv"
SAMPLE = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
SAMPLE_REPORT = ROOT / "reports" / "executive-survey-2026-reconstructed-report.xlsx"
EXECUTIVE = ROOT / "instruments" / "executive-survey" / "1.0.0.yaml"
EXAMPLES = ROOT / "tests" / "instruments"
