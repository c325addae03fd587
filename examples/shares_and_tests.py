"""The numbers behind a report, as DataFrames: `python examples/shares_and_tests.py`."""

from pathlib import Path

import survey

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    """Print what an analyst asks first: shares with intervals, ranks with their ties, who differs."""
    responses = survey.read_responses(DATA / "responses" / "executive-survey-2026-reconstructed.xlsx")

    shares = survey.importance_shares(responses)
    print(
        shares[["label", "n_top", "base", "proportion", "ci_low", "ci_high"]].round(3).to_string(index=False)
    )

    ranks = survey.rank_sets(responses)
    print(ranks[["label", "rank", "simultaneous_low", "simultaneous_high"]].to_string(index=False))

    cells = survey.crosstab(responses, "firm_type")  # each model against all other respondents
    reliable = cells[cells["p_adjusted"] < 0.05]
    print(
        reliable[["stub_label", "banner_label", "difference", "p_adjusted"]].round(4).to_string(index=False)
    )

    # Why a number is missing stands in `reason`, as codes: groups of fewer than 42 are not tested here.
    strict = survey.crosstab(responses, "firm_type", min_base=42)
    print(strict["reason"].value_counts().to_string())

    biotechs = responses.where(firm_type="biotech")
    print(
        f"{len(biotechs)} biotech companies; the data are reconstructed: {responses.provenance.reconstructed}"
    )


if __name__ == "__main__":
    main()
