"""A printable questionnaire: one HTML file, one language or two side by side."""

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from survey.export.form_wording import instruction, language_name, own_language
from survey.files.saving import save_text
from survey.instrument import Instrument, Question, load_instrument
from survey.instrument.question import Grid
from survey.instrument.schema import text_in
from survey.messages import message

_STYLE = """
@page { size: A4; margin: 18mm 16mm; }
body { color: #1a1a1a; max-width: 210mm; margin: 1em auto; padding: 0 1em;
  font: 11pt/1.45 "Noto Sans", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
  "WenQuanYi Zen Hei", Arial, sans-serif; }
h1 { font-size: 17pt; margin: 0 0 .2em; }
.about, .help, footer { color: #4a4a4a; font-size: 9.5pt; }
section { break-inside: avoid; margin: 1.3em 0; }
h2 { font-size: 11.5pt; margin: 0 0 .2em; }
ul { list-style: none; margin: .4em 0; padding: 0; }
li { margin: .25em 0; padding-left: 1.7em; text-indent: -1.7em; }
.box { display: inline-block; box-sizing: border-box; width: .95em; height: .95em; margin-right: .75em;
  border: 1px solid #333; vertical-align: -.1em; text-indent: 0; }
.wide { width: 2.6em; height: 1.5em; text-align: center; vertical-align: middle; }
li:has(.wide) { padding-left: 3.4em; text-indent: -3.4em; }
.round { border-radius: 50%; }
.line { display: inline-block; min-width: 14em; border-bottom: 1px solid #333; height: 1.2em; }
.lines { border-bottom: 1px solid #333; height: 1.9em; }
table { border-collapse: collapse; width: 100%; margin: .4em 0; }
th, td { border: 1px solid #999; padding: .35em .4em; vertical-align: middle; }
th { font-weight: normal; font-size: 9pt; text-align: center; background: #f2f2f2; }
th.item, td.item { text-align: left; background: none; font-size: 10.5pt; width: 38%; }
td { text-align: center; }
td .box { margin: 0; }
.both { display: grid; grid-template-columns: 1fr 1fr; column-gap: 8mm; }
.both > * { min-width: 0; }
.both table { font-size: 8pt; }
.both th.item, .both td.item { font-size: 9pt; width: 30%; }
.both th { font-size: 7.5pt; padding: .2em; }
footer { margin-top: 2em; border-top: 1px solid #999; padding-top: .4em; overflow-wrap: anywhere; }
"""


def export_page(
    instrument: "Instrument | str | Path", path: str | Path, *, languages: tuple[str, ...] = ()
) -> Path:
    """Write a questionnaire to print: one HTML file without anything from elsewhere.

    Parameters
    ----------
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    path
        Where it goes; the name ends in ".html".
    languages
        One language, or two that stand side by side for translators; the instrument's first where empty.

    Raises
    ------
    UsageError
        There is no such instrument, the instrument does not have a language, or the path cannot be written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_page("executive-survey", Path(folder) / "page.html", languages=("zh",)).name
    'page.html'
    """
    from survey.errors import usage

    schema = load_instrument(instrument)
    wanted = languages or schema.languages[:1]
    for lang in wanted:
        if lang not in schema.languages:
            known = list(schema.languages)
            raise usage("page_language", lang=lang, instrument=schema.reference, known=known)
    return save_text("\n".join(_page(schema, wanted)) + "\n", path, ".html")


def _page(schema: Instrument, languages: tuple[str, ...]) -> Iterator[str]:
    first = languages[0]
    yield f'<!DOCTYPE html>\n<html lang="{escape(first)}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(schema.titled(first))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield from _side_by_side(languages, [_title(schema, lang, len(languages) > 1) for lang in languages])
    for number, (grid, questions) in enumerate(schema.sections, start=1):
        yield f'<section id="{escape(grid.id if grid else questions[0].id)}">'
        yield from _side_by_side(
            languages, [_section(schema, grid, questions, number, lang) for lang in languages]
        )
        yield "</section>"
    hashed = escape(schema.content_hash)
    yield f"<footer>{escape(schema.reference)} · SHA-256 {hashed}</footer>\n</body>\n</html>"


def _side_by_side(languages: tuple[str, ...], blocks: list[str]) -> Iterator[str]:
    if len(languages) == 1:
        yield blocks[0]
        return
    yield '<div class="both">'
    for lang, block in zip(languages, blocks, strict=True):
        yield f'<div lang="{escape(lang)}">{block}</div>'
    yield "</div>"


def _title(schema: Instrument, lang: str, named: bool) -> str:
    about = f'<p class="about">{escape(language_name(lang))}</p>' if named else ""
    return f"<h1>{escape(schema.titled(lang))}</h1>{about}"


def _section(
    schema: Instrument, grid: Grid | None, questions: tuple[Question, ...], number: int, lang: str
) -> str:
    """A question, or a grid with all its rows."""
    question = questions[0]
    star = " *" if question.required else ""
    lines = [f"<h2>{number}. {escape((grid or question).said(lang))}{star}</h2>"]
    help_text = instruction(schema, question, lang)
    if grid:
        own = own_language(lang)
        by_row = message("form_each_row", own)
        help_text = message("sentence_separator", own).join([help_text, by_row])
    if help_text:
        lines.append(f'<p class="help">{escape(help_text)}</p>')
    fields = _grid(grid, lang) if grid else _FIELDS[question.kind](schema, question, lang)
    return "\n".join([*lines, *fields])


def _grid(grid: Grid, lang: str) -> Iterator[str]:
    """A row per row, a box per option; lines for the words beside options below the table."""
    heads = [escape(option.said(lang)) for option in grid.options]
    shape = "box" if grid.answer == "multiple" else "box round"
    yield from _table(heads, f'<span class="{shape}"></span>', [row.said(lang) for row in grid.rows])
    for option in grid.options:
        if option.text:
            yield f'<p>{escape(option.said(lang))} <span class="line"></span></p>'


def _table(heads: list[str], box: str, rows: list[str]) -> Iterator[str]:
    """A table of boxes."""
    headings = "".join(f"<th>{head}</th>" for head in heads)
    yield f'<table><thead><tr><th class="item"></th>{headings}</tr></thead><tbody>'
    for row in rows:
        yield f'<tr><td class="item">{escape(row)}</td>{f"<td>{box}</td>" * len(heads)}</tr>'
    yield "</tbody></table>"


def _battery(schema: Instrument, question: Question, lang: str) -> Iterator[str]:
    """A row per item, a box per point of the scale."""
    points = schema.scale_of(question).points
    heads = [
        f"{point.value}<br>{escape(point.said(lang))}"
        if point.numbered(lang) != point.said(lang)
        else escape(point.said(lang))
        for point in points
    ]
    yield from _table(heads, '<span class="box round"></span>', [item.said(lang) for item in question.items])


def _options(schema: Instrument, question: Question, lang: str) -> Iterator[str]:
    """A box per option."""
    several = question.kind == "multiple"
    shape = "box" if several else "box round"
    yield "<ul>"
    for option in question.options:
        text = f'<span class="{shape}"></span>{escape(option.said(lang))}'
        if option.exclusive and several:
            text += f' <span class="help">({escape(message("form_exclusive", own_language(lang)))})</span>'
        if option.text:
            text += ' <span class="line"></span>'
        yield f"<li>{text}</li>"
    yield "</ul>"


def _score(schema: Instrument, question: Question, lang: str) -> Iterator[str]:
    """A box per point, in one row."""
    points = schema.scale_of(question).points
    heads = "".join(f"<th>{point.value}</th>" for point in points)
    cells = '<td><span class="box round"></span></td>' * len(points)
    yield f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"


def _places(schema: Instrument, question: Question, lang: str) -> Iterator[str]:
    """A box per option for its rank, or its number; below the numbers their total."""
    yield "<ul>"
    for option in question.options:
        text = ' <span class="line"></span>' if option.text else ""
        yield f'<li><span class="wide box"></span>{escape(option.said(lang))}{text}</li>'
    if question.total is not None:
        total = message("form_total", own_language(lang))
        yield f'<li><span class="wide box">{question.total:g}</span>{escape(total)}</li>'
    yield "</ul>"


def _line(schema: Instrument, question: Question, lang: str) -> Iterator[str]:
    """A line to write on, and the unit."""
    unit = question.limits.unit if question.limits else None
    yield f'<p><span class="line"></span> {escape(text_in(unit, lang)) if unit else ""}</p>'


def _lines(schema: Instrument, question: Question, lang: str) -> Iterator[str]:
    """Lines to write on."""
    yield '<div class="lines"></div>' * 3


# What is filled in below a question, by its kind.
_FIELDS: dict[str, Callable[[Instrument, Question, str], Iterator[str]]] = {
    "single": _options,
    "multiple": _options,
    "rating": _battery,
    "number": _line,
    "text": _lines,
    "ranking": _places,
    "nps": _score,
    "constant_sum": _places,
    "date": _line,
}
