"""Draft and analyse eight public data sets at once, and count them again with pandas alone: `drafting.md`.

    PYTHONPATH=src python tests/reference/drafting.py FOLDER > tests/reference/drafting.md

FOLDER holds the sets as .csv, by R's `write.csv(x, row.names = FALSE)` and pandas' `to_csv(index=False)`:

    bfi.csv       psychTools 2.2.9 (Debian r-cran-psychtools), bfi: items 1 to 6 without words, R's NA
    anes96.csv    statsmodels 0.15.0, datasets.anes96
    fair.csv      statsmodels 0.15.0, datasets.fair
    CES11.csv     carData 3.0.5 (Debian r-cran-cardata), CES11
    GSSvocab.csv  carData 3.0.5, GSSvocab
    farmer2.csv   MRCV 0.4-0 (repository cran/MRCV), farmer2
    pisa.csv      likert 1.3.5.1 (repository jbryer/likert, 1c2f0e0), every 20th row of pisaitems
    nhanes.csv    survey 4.1-1 (Debian r-cran-survey), nhanes

`KINDS` says by the code books of the sets what each column is. No line of a draft is edited.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

import survey

RATING, SINGLE, NUMBER = "rating", "single", "number"
UNSURE = "Don’t know what it is"  # pisa: no point of the scale beside which it stands
KINDS = {
    "bfi": {f"{trait}{item}": RATING for trait in "ACENO" for item in range(1, 6)}
    | {"gender": SINGLE, "education": SINGLE, "age": NUMBER},
    "anes96": {
        **dict.fromkeys(("popul", "TVnews", "age", "logpopul"), NUMBER),
        **dict.fromkeys(("selfLR", "ClinLR", "DoleLR", "PID"), RATING),
        **dict.fromkeys(("educ", "income", "vote"), SINGLE),
    },
    "fair": {
        **dict.fromkeys(("rate_marriage", "religious"), RATING),
        **dict.fromkeys(("occupation", "occupation_husb"), SINGLE),
        **dict.fromkeys(("age", "yrs_married", "children", "educ", "affairs"), NUMBER),
    },
    "CES11": {
        **dict.fromkeys(("province", "gender", "abortion", "education", "urban"), SINGLE),
        **{"id": "key", "population": NUMBER, "weight": "weight", "importance": RATING},
    },
    "GSSvocab": {
        **dict.fromkeys(("gender", "nativeBorn", "ageGroup", "educGroup"), SINGLE),
        **dict.fromkeys(("vocab", "age", "educ"), NUMBER),
        "year": "wave",
    },
    "farmer2": dict.fromkeys(("w1", "w2", "w3", "y1", "y2", "y3", "y4"), "multiple"),
    "pisa": {"CNT": SINGLE},  # all others are ratings
    "nhanes": {
        **dict.fromkeys(("HI_CHOL", "race", "agecat", "RIAGENDR"), SINGLE),
        **{"SDMVPSU": "left_out", "SDMVSTRA": "left_out", "WTMEC2YR": "weight"},
    },
}


def written(value: object) -> str:
    """A value as both sides write it: 3.0 is 3."""
    try:
        return f"{float(str(value)):g}"
    except ValueError:
        return str(value).casefold()


def forms(parts: tuple[object, ...]) -> dict[str, str]:
    """What stands in the file for every part (option, point), by its label."""
    return {part.said("en"): written(part.aliases[0] if part.aliases else part.said("en")) for part in parts}


def compared(frame: pd.DataFrame, responses: survey.Responses, guesses: pd.DataFrame) -> tuple[int, int]:
    """How many numbers of the tables were compared with pandas, and how many differ."""
    pairs: list[tuple[float, float]] = []
    for guess in guesses[guesses["question"] != ""].itertuples():
        question = responses.instrument.question(guess.question)
        answers = frame[guess.column].dropna()
        answers = answers[answers != UNSURE]
        if question.kind == NUMBER:
            row = survey.number_summary(responses, question.id).iloc[0]
            names = ["count", "mean", "std", "median", "min", "max"]
            shown = row[["base", "mean", "sd", "median", "minimum", "maximum"]]
            pairs += zip(shown, answers.agg(names), strict=True)
            continue
        table = survey.frequencies(responses, question.id)
        if question.kind == "multiple":
            row = table[table["code"] == guess.item].iloc[0]
            pairs += [(row["n"], (answers == 1).sum()), (row["base"], len(answers))]
            continue
        if question.kind == RATING:
            table = table[table["item"] == guess.item]
            labels = forms(responses.instrument.scale_of(question).points)
        else:
            labels = forms(question.options)
        counts = answers.map(written).value_counts()
        for row in table.itertuples():
            count = counts.pop(labels[row.label]) if labels[row.label] in counts else 0
            pairs += [(row.n, count), (row.base, len(answers)), (row.proportion, count / len(answers))]
        pairs += [(0, count) for count in counts]  # nothing may be left
    return len(pairs), sum(not abs(one - other) <= 1e-9 * max(1, abs(other)) for one, other in pairs)


def main(folder: Path, names: list[str]) -> None:
    """Print the table, of some sets or of all."""
    heads = ["set", "rows", "columns", "kinds right", "wrong", "draft", "lines edited", "report"]
    print("|", " | ".join([*heads, "numbers", "differing"]), "|")
    print("|---" * 10 + "|")
    columns = right = checked = differing = 0
    for name, kinds in KINDS.items():
        if names and name not in names:
            continue
        path = folder / f"{name}.csv"
        begun = time.perf_counter()
        draft = survey.draft_instrument(path)
        drafted = time.perf_counter() - begun
        guessed = dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True))
        wrong = [f"{one} ({kind})" for one, kind in guessed.items() if kind != kinds.get(one, RATING)]
        frame = pd.read_csv(path, low_memory=False)
        responses = survey.read_responses(path, draft.instrument)
        numbers, differ = compared(frame, responses, draft.guesses)
        with tempfile.TemporaryDirectory() as target:
            schema = Path(target) / "mine.yaml"
            schema.write_text(draft.yaml, encoding="utf-8")
            words = ["analyze", path, "--instrument", schema, "-o", Path(target) / "report.xlsx"]
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-m", "survey", *words], check=True, capture_output=True)
            made = time.perf_counter() - begun
        cells = [name, len(frame), len(guessed), len(guessed) - len(wrong), ", ".join(wrong) or "-"]
        cells += [f"{drafted:.0f} s", 0, f"{made:.0f} s", numbers, differ]
        print("|", " | ".join(map(str, cells)), "|", flush=True)
        columns, right = columns + len(guessed), right + len(guessed) - len(wrong)
        checked, differing = checked + numbers, differing + differ
    print(f"| all | | {columns} | {right} ({right / columns:.0%}) | | | 0 | | {checked} | {differing} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
