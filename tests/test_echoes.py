"""What a user gave is repeated in few characters, on one line, and moves nothing."""

from pathlib import Path

import pytest

from survey.cli import main
from survey.errors import Place, Problem, usage
from survey.messages import Phrase
from survey.messages.echoes import MOST_SHOWN, echoed

LONG = "v" * 100_000


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "value",
    [LONG, [LONG] * 5, ["a"] * 100_000, 10**5000, -(10**5000), {"en": LONG, "zh": LONG}],
    ids=["text", "texts", "many", "number", "below zero", "wording"],
)
def test_a_sentence_stays_a_sentence(value: object, lang: str) -> None:
    problem = Problem("unknown_question", values={"question": value, "instrument": value, "known": value})
    assert len(problem.text(lang)) < 2200


def test_the_beginning_and_the_end_are_shown_and_the_values_stay_whole() -> None:
    value = "begin" + LONG + "end"
    problem = Problem("unknown_question", values={"question": value, "instrument": "x", "known": "y"})
    text = problem.text()
    assert "'begin" in text
    assert "\u2026" in text
    assert "end'" in text
    assert problem.values["question"] == value


@pytest.mark.parametrize("length", [MOST_SHOWN - 1, MOST_SHOWN, MOST_SHOWN + 1])
def test_what_fits_is_repeated_whole(length: int) -> None:
    shown = echoed("v" * length)
    assert len(shown) == min(length, MOST_SHOWN)
    assert ("\u2026" in shown) is (length > MOST_SHOWN)


def test_a_path_is_whole_so_that_it_can_be_looked_up() -> None:
    path = "/".join(["folder"] * 40) + "/file.xlsx"
    assert path in str(usage("file_not_found", path=Path(path)))
    assert path in Place(file=path).text()
    assert len(Place(file=LONG).text()) < 1100


@pytest.mark.parametrize(
    "sign", ["\n", "\r\n", "\x1b[31m", "\u202e", "\u2066", "\x00", "\x07", "\u2028", "\ud800"], ids=ascii
)
def test_nothing_moves_a_terminal_or_turns_a_line(sign: str) -> None:
    word = f"a{sign}b"
    place = Place(file=word, sheet=word, cell=word, subject=word, line=3)
    values = {
        "question": word,
        "instrument": [word],
        "known": Phrase("placed", (("place", word), ("told", word))),
    }
    text = Problem("unknown_question", place, values).text()
    assert text.isprintable()
    assert sign not in text
    text.encode("utf-8")


def test_a_direction_mark_of_a_language_stays() -> None:
    assert echoed("\u05d0\u200f") == "\u05d0\u200f"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "x.xlsx", "--min-base", LONG],
        ["analyze", "x.xlsx", "--confidence", LONG],
        ["analyze", "x.xlsx", "--compare", LONG],
        ["analyze", "x.xlsx", f"--{LONG}"],
        ["analyze", "x.xlsx", f"--no-pictures={LONG}"],
        ["audit", "x.csv", LONG, LONG],
        [LONG],
        [f"--{LONG}"],
        ["analyze", "x.xlsx", "--min-base", "1\n\u202e\x1b[31m"],
    ],
    ids=["whole", "number", "choice", "option", "flag", "extra", "command", "first option", "signs"],
)
def test_what_click_refuses_is_repeated_in_few_characters(
    words: list[str], lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--lang", lang, *words] if words[0].startswith("--") else [*words, "--lang", lang])
    told = capsys.readouterr().err
    assert stopped.value.code == 2
    assert 0 < len(told) < 1500, told[:500]
    assert all(line.isprintable() for line in told.splitlines())
