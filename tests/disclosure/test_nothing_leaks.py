"""Two sets of answers that differ in hidden cells alone give the same files, byte for byte.

That is what hiding promises: who is sent the files cannot tell one set from the other. It holds for every
place at once: cells, caches of charts, the long table, workbooks inside a deck, notes of slides, alternative
texts, pixels of pictures, SVG, and the CSV inside a page. A test of its own puts a hidden count into each of
these places by hand, and sees that the files differ.
"""

from dataclasses import replace

import pandas as pd
import pytest

import survey
from survey.document import Report
from tests.disclosure.test_hidden_cells import CHANNELS, OVERLAPPING, people

RARE, ITEM = "branches", "law"
COLUMN, RATING = f"channels__{RARE}", f"hurdles__{ITEM}"


def composed(responses):
    return survey.analyze(responses, suppress=5, title_block=survey.TitleBlock(title="T", fieldwork="now"))


def tables(report):
    return {table.name: table for sheet in report.sheets for table in sheet.tables}


def hidden_count(responses):
    """How many of the rare group rate the item high: what the report hides."""
    cells = survey.crosstab(responses, "hurdles").set_index(["stub_code", "banner_code"])
    return int(cells.loc[(ITEM, RARE), "n"])


def exchanges(frame):
    """Pairs of people who differ in the rare group alone, one of whom rates the item high, and one low."""
    for first in range(len(frame)):
        for second in range(len(frame)):
            one, other = frame.iloc[first], frame.iloc[second]
            apart = [name for name in CHANNELS if one[name] != other[name]]
            if apart == [COLUMN] and one[COLUMN] == 1 and (one[RATING] > 3) != (other[RATING] > 3):
                yield first, second


@pytest.fixture(scope="module")
def twins():
    """Two sets of answers of 60 people: in the second, two of them have exchanged one answer."""
    whole = people(60)
    report = composed(whole)
    shown = tables(report)["data"].data.drop(columns="key")
    frame = whole.data.astype(object)
    for first, second in exchanges(frame):
        changed, place = frame.copy(), frame.columns.get_loc(RATING)
        changed.iloc[first, place], changed.iloc[second, place] = (
            frame.iloc[second, place],
            frame.iloc[first, place],
        )
        other = survey.from_frame(changed, OVERLAPPING)
        if tables(composed(other))["data"].data.drop(columns="key").equals(shown):
            assert hidden_count(whole) != hidden_count(other)
            return whole, other
    pytest.fail("no two sets of answers differ in hidden cells alone")


def written(report, folder):
    """The bytes of every file of a report: workbook, page, deck, and its pictures as PNG and SVG."""
    folder.mkdir()
    files = survey.write_report(report, [folder / f"r{end}" for end in (".xlsx", ".html", ".pptx")])
    pictures = sorted(survey.write_pictures(report, folder / "pictures").iterdir())
    return {path.name: path.read_bytes() for path in [*files, *pictures]}


def differing(reports, folder):
    """The names of the files that tell two reports apart."""
    one, other = (written(report, folder / str(number)) for number, report in enumerate(reports))
    assert one.keys() == other.keys()
    return {name for name in one if one[name] != other[name]}


def test_files_tell_nothing_of_what_is_hidden(twins, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert not differing(map(composed, twins), tmp_path)


def changed_sheets(report, change):
    """The same report with the first sheet changed for which `change` gives another."""
    sheets = list(report.sheets)
    for place, sheet in enumerate(sheets):
        other = change(sheet)
        if other is not None:
            sheets[place] = other
            return replace(report, sheets=tuple(sheets))
    pytest.fail("there is no such place")


def in_table(name, column):
    """Put the count into the last number of a column of a table, or into its last text where it has none."""

    def planted(report, count):
        data = tables(report)[name].data.copy()
        numbers = [at for at, value in enumerate(data[column]) if not isinstance(value, str)]
        place = (numbers or range(len(data)))[-1]
        values = data[column].astype(object).tolist()
        values[place] = count / 1000 if numbers else f"{count} of them"
        data[column] = pd.Series(values, index=data.index)
        if f"{column}_marks" in data:  # else it still reads [c]
            data[f"{column}_marks"] = [
                "" if at == place else mark for at, mark in enumerate(data[f"{column}_marks"])
            ]

        def change(sheet):
            if name not in [table.name for table in sheet.tables]:
                return None
            own = [replace(table, data=data) if table.name == name else table for table in sheet.tables]
            return replace(sheet, tables=tuple(own))

        return changed_sheets(report, change)

    return planted


def in_drawing(kind, field):
    """Put the count into a text of the first picture or chart."""

    def planted(report, count):
        def change(sheet):
            drawn = getattr(sheet, kind)
            if not drawn:
                return None
            value = (f"{count} of them",) if field == "notes" else f"{count} of them"
            return replace(sheet, **{kind: (replace(drawn[0], **{field: value}), *drawn[1:])})

        return changed_sheets(report, change)

    return planted


# Where a count is put by hand, and the files that must give it away.
PLACES = {
    "long table": (in_table("data", "n"), {"r.xlsx", "r.html"}),
    "cells under a chart": (in_table("topline", "proportion"), {"r.xlsx", "r.html", "r.pptx"}),
    "cells by group": (in_table("by_channels", RARE), {"r.xlsx", "r.html"}),
    "alternative text of a picture": (in_drawing("pictures", "alt"), {"r.xlsx", "r.html"}),
    "foot of a picture": (
        in_drawing("pictures", "footer"),
        {"r.xlsx", "r.html", "importance_hurdles.png", "importance_hurdles.svg"},
    ),
    "alternative text of a chart": (in_drawing("charts", "alt"), {"r.xlsx", "r.html", "r.pptx"}),
    "notes of a slide": (in_drawing("charts", "notes"), {"r.pptx"}),
    "note": (in_table("notes", "what"), {"r.xlsx", "r.html"}),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_hidden_count_is_seen_wherever_it_is_put(place, twins, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    plant, wanted = PLACES[place]
    reports: list[Report] = [plant(composed(twins[0]), hidden_count(answers)) for answers in twins]
    assert wanted <= differing(reports, tmp_path)
