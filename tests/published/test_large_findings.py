"""Findings of many respondents: the audit ends, with verdicts or one error that says what is unproved."""

import time
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

from survey import audit
from survey.errors import FindingsError
from survey.published.bounds.significance import mcnemar_p
from survey.published.findings.reading import COLUMNS

SIZE = "N,,figure,,,all,respondents,=,{size},0,,,"
GROUPS = (
    "C,,figure,challenges,geopolitics,licensing,top_2_box,=,80,0,,{base},",
    "D,,figure,challenges,geopolitics,newco,top_2_box,=,70,0,,{base},",
    "E,,figure,challenges,regulatory_barriers,all,top_2_box,=,60.1,1,,,",
)


def findings(path: Path, size: int, base: str) -> Path:
    """Findings of so many respondents, with the bases of the groups or without."""
    lines = [",".join(COLUMNS), SIZE, *GROUPS]
    path.write_text("\n".join(lines).format(size=size, base=base), encoding="utf-8")
    return path


@pytest.mark.parametrize("size", [1_000, 10_000, 999_999])
def test_thousands_of_possible_bases_are_one_error(size: int, tmp_path: Path) -> None:
    path = findings(tmp_path / "findings.csv", size, "")
    begins = time.process_time()
    with pytest.raises(FindingsError) as caught:
        audit(path)
    (problem,) = caught.value.problems
    assert problem.key in ("findings_bases", "findings_undecided")
    assert "respondents" in problem.text("en")
    assert "分组" in problem.text("zh")
    assert time.process_time() - begins < 20


def test_where_bases_are_printed_thousands_of_respondents_are_audited(tmp_path: Path) -> None:
    figures = audit(findings(tmp_path / "findings.csv", 10_000, "3000")).figures
    assert set(figures["verdict"]) == {"exact"}


def test_the_p_value_of_many_answers_is_that_of_few() -> None:
    def by_definition(first: int, second: int) -> float:
        tail = sum(comb(first + second, count) for count in range(min(first, second) + 1))
        return float(min(Fraction(1), Fraction(2 * tail, 2 ** (first + second))))

    for first, second in [(0, 0), (7, 0), (3, 4), (400, 600), (480, 521), (700, 800), (1_000, 1_400)]:
        assert mcnemar_p(first, second) == pytest.approx(by_definition(first, second), rel=1e-10)
    begins = time.process_time()
    assert all(0 <= mcnemar_p(2_000 + more, 3_000) <= 1 for more in range(1_000))
    assert time.process_time() - begins < 2  # by the definition, term by term, minutes
