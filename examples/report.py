"""From responses to a workbook, a page and a deck: `python examples/report.py [FOLDER]`."""

import sys
from pathlib import Path

import survey

DATA = Path(__file__).resolve().parents[1] / "data"


def main(folder: Path) -> None:
    """Write the report of the sample data in three forms."""
    head = survey.TitleBlock(client="ACME", fieldwork="April 2026")
    report = survey.analyze(
        DATA / "responses" / "executive-survey-2026-reconstructed.xlsx",
        banner=["expansion_models", "firm_type"],
        title_block=head,
    )
    survey.write_report(report, [folder / f"report.{form}" for form in ("xlsx", "html", "pptx")])
    print("wrote report.xlsx, report.html and report.pptx to", folder)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
