"""Coded interviews: who speaks to what, would more interviews add: `python examples/interviews.py`."""

from pathlib import Path

import survey

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    """Print people by theme and the course of saturation; survey and interviews side by side."""
    segments = survey.read_segments(DATA / "interviews" / "segments.xlsx")
    cases = survey.compare_cases(segments, level="theme")
    print(cases[["label", "group", "n", "base"]].to_string(index=False))

    curve = survey.saturation(segments)
    print(curve.curve[["interview", "mean_new", "share_reached"]].round(2).to_string(index=False))

    responses = survey.read_responses(DATA / "responses" / "executive-survey-2026-reconstructed.xlsx")
    display = survey.joint_display(segments, responses)
    print(
        display[["topic", "item_label", "n", "base", "people", "people_base"]].head(8).to_string(index=False)
    )


if __name__ == "__main__":
    main()
