"""The report as one self-contained page: templates of Jinja2 over plain views of sheets and tables."""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.document import Report, Sheet, is_unfixed
from survey.messages import message, template
from survey.progress import advance
from survey.render.cell_views import TableView, table_view
from survey.render.charted import table_of
from survey.render.colours import ACCENT, LOWER
from survey.render.drawings import Drawings
from survey.render.pictures.charts import chart_picture
from survey.render.texts import clean, marked_as, one_line

if TYPE_CHECKING:
    from jinja2 import Environment

# The words of the template and of its script.
_WORDS = (
    *("contents", "skip", "search", "sort_by", "download", "shown", "notes", "method", "top", "chart"),
    *("data_only", "key_up", "key_down", "key_small", "key_hidden", "key_unfixed", "key_letters"),
)


def fill_page(report: Report, target: Path, date: datetime, drawings: Drawings | None) -> None:
    """Write a report as a page into an empty file; without `drawings` it has charts and no pictures."""
    target.write_text(page_text(report, date, drawings), encoding="utf-8", newline="\n")


def page_text(report: Report, date: datetime, drawings: Drawings | None) -> str:
    """The page as text."""
    from markupsafe import Markup

    block = report.title_block
    first = report.sheets[0].title if report.sheets else ""
    title = one_line(block.title or report.properties.get("title", "") or first)
    words = {word: template(f"page_{word}", report.lang)[0] for word in _WORDS}
    shown = _Shown(drawings, Drawings(report.lang))
    sections = []
    for number, sheet in enumerate(report.sheets):
        advance("sheets", number, len(report.sheets))
        sections.append(_section(report, sheet, number, shown))
    environment = _environment()
    head = " \u00b7 ".join(filter(None, (title, block.client)))
    style = environment.get_template("style.css").render(
        head=_css_text(head), foot=_css_text(block.footer), accent=ACCENT, lower=LOWER
    )
    script, _, _ = environment.loader.get_source(environment, "script.js")  # type: ignore[union-attr]
    return environment.get_template("page.html").render(
        lang=message("language_tag", report.lang),
        title=title,
        block=block,
        logo=_data_uri(block.logo_type, block.logo_bytes) if block.logo_bytes else "",
        facts=[line for line in (_made(report, date),) if line],
        warning=report.warning,
        sections=sections,
        notes=[] if any(section["of_notes"] for section in sections) else _notes(report),
        words=words,
        style=Markup(style),
        script=Markup(script),
        creator=report.properties.get("creator", ""),
        date=f"{date:%Y-%m-%d}",
    )


def _environment() -> "Environment":
    """The templates; loaded only where a page is written."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("survey.render.page"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["unfixed"] = is_unfixed
    return environment


def _notes(report: Report) -> list[tuple[int, str, str]]:
    """The notes by their numbers, where no sheet holds them."""
    return [(number, note.topic, clean(note.text)) for number, note in enumerate(report.notes, 1)]


def _made(report: Report, date: datetime) -> str:
    return message("page_made_on", report.lang, date=date)


@dataclass
class _Shown:
    """The drawings of a page, each with ids of its own, for a picture may stand on several sheets."""

    pictures: Drawings | None
    charts: Drawings
    ids: set[str] = field(default_factory=set)

    def of(self, sheet: Sheet, report: Report) -> list[str]:
        """The pictures and the charts of a sheet, as SVG."""
        drawn = [] if self.pictures is None else [(p.name, self.pictures.svg(p)) for p in sheet.pictures]
        for chart in sheet.charts:
            table = table_of(chart, sheet, report)
            if len(table.data):
                picture = chart_picture(chart, table)
                drawn.append((picture.name, self.charts.svg(picture)))
        return [self._with_own_ids(name, svg) for name, svg in drawn]

    def _with_own_ids(self, name: str, svg: str) -> str:
        own, count = name, 1
        while own in self.ids:
            count += 1
            own = f"{name}-{count}"
        self.ids.add(own)
        if own == name:
            return svg
        for part in ("title", "desc"):
            svg = svg.replace(f"picture-{name}-{part}", f"picture-{own}-{part}")
        return svg


def _section(report: Report, sheet: Sheet, number: int, shown: _Shown) -> dict[str, Any]:
    """What the template needs of one sheet."""
    from markupsafe import Markup

    tables: list[TableView] = [table_view(table, report.lang) for table in sheet.tables]
    return {
        "id": f"s{number + 1}-{_slug(sheet.name)}",
        "name": one_line(sheet.name),
        "title": marked_as(sheet.title, one_line(sheet.title)),
        "subtitle": clean(sheet.subtitle),
        "question": message("report_question", report.lang, question=sheet.question)
        if sheet.question
        else "",
        "base": message("report_base", report.lang, base=sheet.base_text) if sheet.base_text else "",
        "lines": [marked_as(line, clean(line)) for line in sheet.lines],
        "findings": [marked_as(line, clean(line)) for line in sheet.findings],
        "notes": [clean(note) for note in dict.fromkeys(_notes_of(sheet))],
        "footnotes": sheet.footnotes,
        "pictures": [Markup(svg) for svg in shown.of(sheet, report)],
        "tables": tables,
        "appendix": sheet.appendix,
        "of_notes": any(table.name == "notes" for table in sheet.tables),
        "first": number == 0,
    }


def _notes_of(sheet: Sheet) -> list[str]:
    return [*sheet.notes, *(note for table in sheet.tables for note in table.notes)]


def _slug(name: str) -> str:
    """A name as the id of a section: letters of any script, digits and hyphens."""
    return re.sub(r"[^\w]+", "-", one_line(name)).strip("-").lower() or "section"


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _css_text(text: str) -> str:
    """A text as a string of CSS."""
    plain = one_line(text)
    return '"' + "".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in plain) + '"'
