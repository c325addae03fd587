"""A spreadsheet of your own, without an instrument: `python examples/own_survey.py [FOLDER]`.

The files go to FOLDER, or to `reports/own-survey/` of the current one.
"""

import sys
from pathlib import Path

import pandas as pd

import survey


def main(folder: Path) -> None:
    """Make a small spreadsheet, draft what it asked, and write its report."""
    folder.mkdir(parents=True, exist_ok=True)
    spreadsheet = folder / "canteen.xlsx"
    rows = [
        {
            "Sector": ("Industry", "Services", "Trade")[n % 3],
            "How satisfied are you? [Taste]": ("Satisfied", "Very satisfied", "Neutral", "Dissatisfied")[
                n % 4
            ],
            "How satisfied are you? [Price]": ("Neutral", "Dissatisfied", "Satisfied")[n % 3],
            "Visits a month": n % 21,
        }
        for n in range(60)
    ]
    pd.DataFrame(rows).to_excel(spreadsheet, index=False)

    draft = survey.draft_instrument(spreadsheet)
    print(draft.guesses[["column", "kind", "confidence", "note"]].to_string(index=False))
    instrument = folder / "canteen.yaml"
    instrument.write_text(draft.yaml, encoding="utf-8")

    report = survey.analyze(survey.read_responses(spreadsheet, instrument))
    print("Spreadsheet, draft and report:")
    print(spreadsheet, instrument, survey.write_report(report, folder / "canteen-report.xlsx"), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "reports/own-survey"))
