"""Small made-up data sets in the shape of eight well-known ones, with the kind each column truly has."""

import itertools

import pandas as pd


def _cycle(values, rows, step=1, gap=0, gap_value=None):
    """The values over and over; every `gap`-th cell is `gap_value`."""
    source = itertools.cycle(values)
    out = [next(source) for _ in range(rows * step)][::step]
    return [gap_value if gap and place % gap == gap - 1 else value for place, value in enumerate(out)]


def _spread(low, high, rows, seed):
    """Whole numbers that look random and are the same on every machine."""
    state, out = seed, []
    for _ in range(rows):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(low + state // 65536 % (high - low + 1))
    return out


def bfi():
    """Personality items without words, by the letter of their trait; R's NA."""
    rows = 120
    frame = {
        f"{trait}{number}": [
            "NA" if value == 6 and place % 11 == 0 else value
            for place, value in enumerate(_spread(1, 6, rows, 7 * number + ord(trait)))
        ]
        for trait in "ACENO"
        for number in range(1, 6)
    }
    frame |= {"gender": _spread(1, 2, rows, 3), "education": _cycle([3, "NA", 5, 2, 1, 4], rows)}
    frame["age"] = _spread(16, 70, rows, 5)
    kinds = dict.fromkeys(frame, "rating") | {"gender": "single", "education": "single", "age": "number"}
    return pd.DataFrame(frame), kinds


def anes():
    """An election study as pandas writes it: 3.0 for 3, no words at all."""
    rows = 150
    frame = {
        "popul": [float(value) for value in _spread(0, 7300, rows, 1)],
        "TVnews": _spread(0, 7, rows, 2),
        **{name: _spread(1, 7, rows, seed) for seed, name in enumerate(("selfLR", "ClinLR", "DoleLR"), 3)},
        "PID": _spread(0, 6, rows, 8),
        "age": _spread(19, 91, rows, 9),
        "educ": _spread(1, 7, rows, 10),
        "income": _spread(1, 24, rows, 11),
        "vote": _spread(0, 1, rows, 12),
    }
    kinds = dict.fromkeys(frame, "single") | dict.fromkeys(("popul", "TVnews", "age"), "number")
    kinds |= dict.fromkeys(("selfLR", "ClinLR", "DoleLR", "PID"), "rating") | {"income": "single"}
    return pd.DataFrame(frame).astype(float), kinds


def fair():
    """A magazine's survey: codes and numbers, half children included."""
    rows = 150
    frame = {
        "rate_marriage": _spread(1, 5, rows, 1),
        "age": _cycle([17.5, 22, 27, 32, 37, 42], rows),
        "yrs_married": _cycle([0.5, 2.5, 6, 9, 13, 16.5, 23], rows),
        "children": _cycle([0, 1, 2, 3, 4, 5.5], rows),
        "religious": _spread(1, 4, rows, 5),
        "educ": _cycle([9, 12, 14, 16, 17, 20], rows),
        "occupation": _spread(1, 6, rows, 6),
        "occupation_husb": _spread(1, 6, rows, 7),
        "affairs": [round(value * 1.4286 / 7, 7) for value in _spread(0, 50, rows, 8)],
    }
    kinds = dict.fromkeys(frame, "number")
    kinds |= dict.fromkeys(("occupation", "occupation_husb"), "single")
    kinds |= dict.fromkeys(("rate_marriage", "religious"), "rating")
    return pd.DataFrame(frame), kinds


def ces():
    """An election study of R: factors in words, a weight, an id."""
    rows = 140
    frame = {
        "id": _permuted(rows, 37, 1001),
        "province": _cycle(["ON", "QC", "BC", "AB", "ON", "QC", "MB"], rows),
        "population": _cycle([10135830, 5996930, 3267345, 2712255], rows),
        "weight": [round(4000 + value * 13.37, 2) for value in _spread(0, 700, rows, 2)],
        "gender": _cycle(["Female", "Male", "Male"], rows),
        "abortion": _cycle(["No", "No", "Yes"], rows),
        "importance": _cycle(["very", "somewhat", "not", "notvery", "very"], rows),
        "education": _cycle(["HS", "bachelors", "college", "higher", "lessHS", "somePS"], rows),
        "urban": _cycle(["urban", "rural"], rows),
    }
    kinds = dict.fromkeys(frame, "single")
    kinds |= {"id": "key", "population": "number", "weight": "weight", "importance": "rating"}
    return pd.DataFrame(frame), kinds


def _permuted(rows, step, start):
    """Numbers that come once each, out of order."""
    return [start + place * step % (rows * 10 + 1) for place in range(rows)]


def gss():
    """A trend: the year of the wave, groups in words, a score from 0 to 10."""
    rows = 200
    frame = {
        "year": _cycle([1978, 1982, 1984, 1988, 1994, 2016], rows),
        "gender": _cycle(["female", "male"], rows),
        "nativeBorn": _cycle(["yes", "yes", "no"], rows),
        "ageGroup": _cycle(["18-29", "30-39", "40-49", "50-59", "60+"], rows, gap=41, gap_value="NA"),
        "educGroup": _cycle(["<12 yrs", "12 yrs", "13-15 yrs", "16 yrs", ">16 yrs"], rows),
        "vocab": _spread(0, 10, rows, 3),
        "age": _spread(18, 89, rows, 4),
        "educ": _spread(0, 20, rows, 5),
    }
    kinds = dict.fromkeys(frame, "single") | {"year": "wave"}
    kinds |= dict.fromkeys(("vocab", "age", "educ"), "number")
    return pd.DataFrame(frame), kinds


def farmer():
    """Two select-all questions as ticks under one letter each."""
    rows = 90
    frame = {f"W{number}": _spread(0, 1, rows, number) for number in range(1, 6)}
    frame |= {f"Y{number}": _spread(0, 1, rows, 20 + number) for number in range(1, 5)}
    return pd.DataFrame(frame), dict.fromkeys(frame, "multiple")


def pisa():
    """Batteries of a school study by question number: words, "don't know" beside them, bracketed numbers."""
    rows = 120
    agree = ["Strongly disagree", "Disagree", "Agree", "Strongly agree"]
    often = [
        *("Never or almost never", "A few times a year", "About once a month", "Several times a month"),
        "Several times a week",
    ]
    frame = {"CNT": _cycle(["Canada", "Mexico", "United States"], rows)}
    for number in range(1, 12):
        frame[f"ST24Q{number:02}"] = [agree[value] for value in _spread(0, 3, rows, number)]
    for number in range(1, 6):
        words = [often[value] for value in _spread(0, 4, rows, 40 + number)]
        frame[f"ST25Q{number:02}"] = ["NA" if place % 29 == 3 else word for place, word in enumerate(words)]
    uses = ["Never or almost never", "Several times a month", "Several times a week", "Several times a day"]
    lessons = ["Never or hardly ever", "Some lessons", "Most lessons", "All Lessons"]
    useful = ["(1) Not useful at all", "(2)", "(3)", "(4)", "(5)", "(6) Very Useful"]
    batteries = (("ST26", [*uses, "Don’t know what it is"], 7), ("ST36", lessons, 5), ("ST41", useful, 6))
    for stem, words, items in batteries:
        for number in range(1, items + 1):
            places = _spread(0, len(words) - 1, rows, 60 + number)
            frame[f"{stem}Q{number:02}"] = [words[place] for place in places]
    kinds = dict.fromkeys(frame, "rating") | {"CNT": "single"}
    return pd.DataFrame(frame), kinds


def nhanes():
    """A health survey: design columns, a weight, codes with gaps."""
    rows = 130
    frame = {
        "SDMVPSU": _spread(1, 3, rows, 1),
        "SDMVSTRA": _spread(75, 103, rows, 2),
        "WTMEC2YR": [round(9000 + value * 7.123456, 6) for value in _spread(0, 20000, rows, 3)],
        "HI_CHOL": _cycle([0, 1, "NA", 0, 0], rows),
        "race": _spread(1, 4, rows, 4),
        "agecat": _cycle(["(0,19]", "(19,39]", "(39,59]", "(59,Inf]"], rows),
        "RIAGENDR": _spread(1, 2, rows, 5),
    }
    kinds = dict.fromkeys(frame, "single") | {
        "SDMVPSU": "left_out",
        "SDMVSTRA": "left_out",
        "WTMEC2YR": "weight",
    }
    return pd.DataFrame(frame), kinds


# What no file without words can tell: a scale of one column from a few codes of categories.
WRONG = {"anes": {"PID": "single"}, "fair": {"religious": "single"}}
# Words that are no point of a scale, and become missing.
UNSURE = "Don’t know what it is"
SHAPES = {make.__name__: make for make in (bfi, anes, fair, ces, gss, farmer, pisa, nhanes)}
