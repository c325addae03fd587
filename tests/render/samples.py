"""Small frames, tables and reports, made by hand: nothing here is computed by statistics."""

from collections.abc import Sequence

import pandas as pd

from survey.document import Column, Picture, Report, Sheet, Table
from survey.tables import contract_frame

ITEMS = {"cost": "Cost", "rules": "Rules of the other country, which take long to learn", "staff": "Staff"}
CHINESE_ITEMS = {"cost": "成本", "rules": "了解目标国家的监管要求需要很长时间，而且费用不低", "staff": "人才"}
GROUPS = {"alone": "Going alone", "partner": "With a partner", "licence": "Licence"}
SIZES = {"alone": 3, "partner": 20, "licence": 10}
LABELLED = (Column("label", "Option"), Column("n", "Count", "count"), Column("proportion", "Share", "share"))


def battery(points: int = 5, items: dict[str, str] = ITEMS, base: int = 20) -> pd.DataFrame:
    """Counts that go round: every point of every item has some."""
    rows = []
    for place, (item, label) in enumerate(items.items()):
        counts = [1 + (place + code) % 3 for code in range(points)]
        counts[-1] += base - sum(counts)
        for code, n in enumerate(counts, 1):
            numbers = {"n": n, "base": base, "proportion": n / base, "ci_low": 0.0, "ci_high": 1.0}
            rows.append({"question": "hurdles", "item": item, "code": code, "label": label} | numbers)
    return contract_frame("frequency", rows)


def importance(items: dict[str, str] = ITEMS) -> pd.DataFrame:
    rows = [
        {
            **{
                "question": "hurdles",
                "item": item,
                "label": label,
                "base": 20,
                "n_top": 15 - place,
                "note": "",
            },
            **{"proportion": (15 - place) / 20, "ci_low": 0.4, "ci_high": 0.9, "rank": place + 1},
            **{"rank_low": place + 1, "rank_high": place + 1, "mean": 4.0, "sd": 1.0, "median": 4.0},
        }
        for place, (item, label) in enumerate(items.items())
    ]
    return contract_frame("importance", rows)


def crosstab(items: dict[str, str] = ITEMS) -> pd.DataFrame:
    rows = []
    for stub, stub_label in items.items():
        for group, group_label in GROUPS.items():
            named = {"stub": "needs", "stub_code": stub, "stub_label": stub_label, "note": ""}
            named |= {"banner": "ways", "banner_code": group, "banner_label": group_label, "method": "fisher"}
            rows.append(named | {"n": 1, "base": SIZES[group], "proportion": 1 / SIZES[group]})
    return contract_frame("crosstab", rows)


def overlap() -> pd.DataFrame:
    rows = []
    for code, label in GROUPS.items():
        for other, other_label in GROUPS.items():
            n = SIZES[code] if code == other else 2
            named = {"question": "ways", "code": code, "label": label, "other_code": other}
            rows.append(
                named
                | {"other_label": other_label, "n": n, "base": SIZES[code], "proportion": n / SIZES[code]}
            )
    return contract_frame("overlap", rows)


def tests() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quantity": ["one(a, b)", "two(a, b)", "three(a, b)"],
            "label": ["Alone against licence", "Licence against partner", "Partner against alone"],
            "low": [0.0, 0.02, 0.4],
            "high": [1e-5, 0.3, 1.0],
            "proved": [True, True, False],
        }
    )


def effects(items: dict[str, str] = ITEMS) -> pd.DataFrame:
    """Changes of a share, one without an interval."""
    middles = [0.2 - 0.15 * place for place in range(len(items))]
    frame = pd.DataFrame({"row_id": [str(place) for place in range(len(items))], "marginal": middles})
    limits = {"marginal_low": frame["marginal"] - 0.1, "marginal_high": frame["marginal"] + 0.2}
    frame = frame.assign(row_label=list(items.values()), **limits)
    frame.loc[1:1, ["marginal_low", "marginal_high"]] = float("nan")
    return frame


def bases() -> pd.DataFrame:
    rows = [("alone", 4, True), ("alone", 8, False), ("licence", 10, True)]
    frame = pd.DataFrame(rows, columns=["group", "base", "survives"])
    return frame.assign(label=[GROUPS[group] for group in frame["group"]])


SHARES = {"form": "share", "accent": (0,)}


def series(items: dict[str, str] = ITEMS, count: int = 1) -> pd.DataFrame:
    """Labels and a share of each for every series, as charts are drawn from."""
    shares = {f"series_{number}": [0.3, 0.5, 0.2][: len(items)] for number in range(count)}
    return pd.DataFrame({"label": list(items.values())} | shares)


def waves(items: dict[str, str] = ITEMS) -> pd.DataFrame:
    """A share of every item in three waves; the first wave did not ask the last item."""
    rows = []
    for at, label in enumerate(items.values()):
        for place in (1, 2, 3):
            gone = place == 1 and at == len(items) - 1
            share = float("nan") if gone else min(0.95, 0.2 * place + 0.1 * at)
            ends = {"ci_low": max(0.0, share - 0.1), "ci_high": min(1.0, share + 0.1)}
            rows.append({"row_id": str(at), "row_label": label, "place": place, "proportion": share, **ends})
    return pd.DataFrame(rows)


def pictures(items: dict[str, str] = ITEMS, **words: str) -> dict[str, Picture]:
    """One picture of every kind; the overlaps both as a matrix and as combinations."""
    details = {
        "points": [(i, f"Point {i}") for i in range(1, 6)],
        "order": list(items),
        "items": items,
        "top": 2,
    }
    total = {"total": dict.fromkeys(items, (11, 20, 11 / 20, 20.0)), "min_base": 5}
    patterns = {"patterns": [(("alone", "partner"), 2), (("licence",), 8), ((), 1), (("partner",), 9)]}
    return {
        "diverging": Picture("points", "diverging", battery(items=items), "Bars.", "Points", words, details),
        "importance": Picture("shares", "importance", importance(items), "Dots.", "Shares", words),
        "heatmap": Picture("heat", "heatmap", crosstab(items), "Cells.", "Needs by way", words, total),
        "overlaps": Picture("matrix", "overlaps", overlap(), "Pairs.", "Overlaps", words),
        "effects": Picture(
            "effects", "effects", effects(items), "Dots.", "Effects", words, {"accent": ["0"]}
        ),
        "slopes": Picture("waves", "slopes", waves(items), "Slopes.", "Waves", words, {"accent": ["0"]}),
        "p_intervals": Picture("tests", "p_intervals", tests(), "Ranges.", "Tests", words, {"level": 0.05}),
        "bases": Picture("bases", "bases", bases(), "Marks.", "Bases", words, {"size": 20}),
        "combinations": Picture("sets", "overlaps", overlap(), "Sets.", "Overlaps", words, patterns),
        "bars": Picture(
            "bars", "bars", series(items), "Bars.", "Bars", words, {"series": ["Share"]} | SHARES
        ),
        "stacked": Picture(
            *("stack", "stacked_bars", series(items, 3), "Parts.", "Parts", words),
            {"series": ["Low", "Middle", "High"]} | SHARES,
        ),
    }


def table(frame: pd.DataFrame, columns: Sequence[Column], name: str = "needs", **fields: object) -> Table:
    shown = {"title": "Needs", "base_text": "20 respondents who answered", "notes": ()} | fields
    return Table(name=name, data=frame, columns=tuple(columns), **shown)


def options(labels: Sequence[object] = ("Licences", "Money")) -> pd.DataFrame:
    numbers = {
        "n": [12 - i for i in range(len(labels))],
        "proportion": [round(0.6 - i / 20, 2) for i in range(len(labels))],
    }
    return pd.DataFrame({"label": pd.Series(list(labels), dtype=object)} | numbers)


def report(*sheets: Sheet, lang: str = "en", **fields: object) -> Report:
    """A report with a contents sheet first."""
    return Report(lang, (Sheet("Contents", "A survey"), *sheets), **fields)


def one_table(frame: pd.DataFrame, columns: Sequence[Column] = LABELLED, **fields: object) -> Report:
    return report(Sheet("Needs", "Needs of the firms", tables=(table(frame, columns),), **fields))
