"""Which claims of a publication hold, from its figures alone: `python examples/published_claims.py`."""

from pathlib import Path

import survey

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    """Judge every figure and statement, and bound what was not published."""
    findings = survey.read_findings(DATA / "findings" / "executive-survey-2026.csv")
    audit = survey.audit(findings)
    print(audit.figures["verdict"].value_counts().to_string())
    print(audit.statements["verdict"].value_counts().to_string())
    contradicted = audit.statements[audit.statements["verdict"] == "contradicted"]
    print(contradicted[["finding", "statement", "why"]].to_string(index=False))


if __name__ == "__main__":
    main()
