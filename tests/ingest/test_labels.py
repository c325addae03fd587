# ruff: noqa: E501
"""What is a number before a label, and what belongs to the label."""

import pytest

from survey.ingest.labels import Labels, undecorated


@pytest.mark.parametrize(
    "form",
    ["1.5 million", "5 years", "2026 plans", "q1 results", "3d printing", "1-10 staff", "12:30 lunch", "u.s. market", "*", "1."],
)  # fmt: skip
def test_numbers_that_belong_to_a_label_stay(form: str) -> None:
    assert undecorated(form) == form


@pytest.mark.parametrize(
    "form",
    [
        "1、x",
        "1. x",
        "1.x",
        "12) x",
        "(3) x",
        "q3. x",
        "question 4: x",
        "第5题 x",
        "2.1. x",
        "1.2、x",
        "x *",
        "*x",
        "x(必填)",
        "x (please specify)",
        "x(specify):",
        "x, please specify",
        "x(请补充)",
        "x(请注明):",
        "2、x(请具体说明)",
        "x____",
    ],
)
def test_numbering_and_marks_go(form: str) -> None:
    assert undecorated(form) == "x"


def test_a_label_is_never_found_inside_another_number() -> None:
    labels = Labels((name, (name,), {"en": name}) for name in ("5 million", "s", "30", "2"))
    assert [
        labels.find(text) for text in ("1.5 million", "u.s", "12:30", "1.2", "-5 million", "0.5 million")
    ] == [None] * 6
    assert [labels.find(text) for text in ("1. 5 million", "3、5 million", "A. s", "(1) 30")] == [
        "5 million",
        "5 million",
        "s",
        "30",
    ]
