"""The drawing of a timeline: dated events of companies side by side, the years going down."""

from typing import Any

from survey.render.colours import ACCENT, REST
from survey.render.pictures.canvas import EDGE, GREY, INK, PAPER, SOFT, Sketch
from survey.render.texts import wrap

_YEARS, _LINE, _GAP, _TEXT = 0.62, 0.155, 0.07, 0.2
_FEW = 40  # years that are all shown, those without an event too


def timeline(sketch: Sketch) -> bool:
    """Draw a column for each company and a row for each year; a dot is an event, dark where it was abroad.

    `data` has a row per event: `company`, `company_label`, `year` (missing: undated), `date`, `text_label`,
    `abroad` and `outlook` (a ring: it was still to come).
    """
    frame = sketch.picture.data
    if frame.empty:
        return False
    names = {row.company: sketch.label(row.company, row.company_label) for row in frame.itertuples()}
    column = 5.4 if len(names) < 3 else 3.6
    rows = _rows(frame)
    texts = {
        row.Index: wrap(_text(sketch, row), int((column - _TEXT - 0.15) * 13.4)) for row in frame.itertuples()
    }
    heights = {
        year: max(
            0.24,
            *(
                sum(len(texts[place]) * _LINE + _GAP for place in _places(frame, year, company))
                for company in names
            ),
        )
        for year in rows
    }
    top = 0.42
    wide = max(7.0, _YEARS + EDGE + column * len(names) + EDGE)
    sketch.open(wide, top + sum(heights.values()) + 0.34, sketch.own_word("base"))
    xs = {company: EDGE + _YEARS + column * place for place, company in enumerate(names)}
    bottom = top + sum(heights.values())
    for company, x in xs.items():
        sketch.text(x + _TEXT, 0.2, names[company], size=10, bold=True)
        sketch.lines([((x, top - 0.06), (x, bottom))], SOFT, 1.4)
    y = top
    for year in rows:
        sketch.text(EDGE, y + 0.1, _year_text(sketch, year), size=9, color=GREY, bold=True)
        for company, x in xs.items():
            _column(sketch, frame, texts, _places(frame, year, company), (x, y))
        y += heights[year]
    _key(sketch, bottom + 0.2)
    return True


def _rows(frame: Any) -> list[int]:
    """The years that are shown, and 0 last where events carry no date."""
    years = sorted({int(year) for year in frame["year"] if year == year and year})
    if years and years[-1] - years[0] < _FEW:
        years = list(range(years[0], years[-1] + 1))
    return years + ([0] if _places(frame, 0, None) else [])


def _places(frame: Any, year: int, company: str | None) -> list[Any]:
    """The rows of a year, in the order of their dates; of one company or of all."""
    chosen = [
        row.Index
        for row in frame.itertuples()
        if (int(row.year) if row.year == row.year and row.year else 0) == year
        and company in (None, row.company)
    ]
    return sorted(chosen, key=lambda place: str(frame.loc[place, "date"]))


def _year_text(sketch: Sketch, year: int) -> str:
    return str(year) if year else sketch.word("timeline_undated")


def _text(sketch: Sketch, row: Any) -> str:
    text = sketch.label(row.company, row.text_label)
    return f"{text} ({row.date})" if len(str(row.date)) > 4 else text


def _column(
    sketch: Sketch, frame: Any, texts: dict[Any, list[str]], places: list[Any], corner: tuple[float, float]
) -> None:
    """Write the events of one company in one year, and their dots."""
    x, y = corner
    for place in places:
        abroad, outlook = bool(frame.loc[place, "abroad"]), bool(frame.loc[place, "outlook"])
        colour = ACCENT if abroad else REST
        dot = (x, y + 0.1)
        if outlook:
            sketch.dots([dot], PAPER, edge=colour, wide=1.6)
        else:
            sketch.dots([dot], colour)
        sketch.text(x + _TEXT, y + 0.02, "\n".join(texts[place]), va="top", size=8.5, color=INK)
        y += len(texts[place]) * _LINE + _GAP


def _key(sketch: Sketch, y: float) -> None:
    """Say what the dots are."""
    x = EDGE + _YEARS
    for word, fill, edge in (
        ("timeline_abroad", ACCENT, PAPER),
        ("timeline_home", REST, PAPER),
        ("timeline_outlook", PAPER, ACCENT),
    ):
        sketch.dots([(x, y)], fill, edge=edge, wide=1.6 if fill == PAPER else 0.8)
        sketch.text(x + 0.12, y, sketch.word(word), size=8.5, color=GREY)
        x += 1.5
