"""The master of a deck: the package's own, wide and plain, or that of the firm's template."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.errors import Place, Problem, UsageError
from survey.render.colours import ACCENT, GREY, INK, LOWER, SERIES

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_INCH = 914_400
_WIDE, _HIGH = round(13.333 * _INCH), round(7.5 * _INCH)
_MARGIN = round(0.6 * _INCH)
_FOOT = round(0.55 * _INCH)


class Room(NamedTuple):
    """A place on a slide, in the unit of the file (914,400 an inch)."""

    left: int
    top: int
    width: int
    height: int


class Master(NamedTuple):
    """An opened deck without slides, its layouts for the first slide and the others, and where things go."""

    deck: "Presentation"
    first: Any
    other: Any
    own: bool  # the package's own master, not a template's
    title: Room
    body: Room
    foot: Room


def rgb(colour: str) -> Any:
    """A colour, given as RRGGBB, as python-pptx takes it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call]


def check_template(path: Path) -> None:
    """Refuse a template that is no deck, or has no layouts that slides can be made with (`UsageError`)."""
    _opened(path)


def master_of(path: Path | None) -> Master:
    """Open the template, or the package's own master."""
    if path is None:
        return _own_master()
    deck, first, other = _opened(path)
    _remove_slides(deck)
    title: Any = next(shape for shape in other.placeholders if _is_title(shape))
    wide, high = int(deck.slide_width or _WIDE), int(deck.slide_height or _HIGH)
    place = Room(int(title.left), int(title.top), int(title.width), int(title.height))
    lowest = min([high - _FOOT // 2, *(int(s.top) for s in other.placeholders if _is_foot(s) and s.top)])
    top = place.top + place.height + round(0.1 * _INCH)
    body = Room(place.left, top, place.width, lowest - _FOOT - top)
    foot = Room(place.left, lowest - _FOOT, min(place.width, wide - 2 * place.left), _FOOT)
    return Master(deck, first, other, False, place, body, foot)


def _opened(path: Path) -> tuple[Any, Any, Any]:
    """Open a template and find its layouts."""
    from pptx import Presentation

    place = Place(file=str(path))
    try:
        path.open("rb").close()  # python-pptx says of a file that is not there what it says of a broken one
        deck: Any = Presentation(str(path))
    except Exception as error:  # whatever a broken file breaks
        if isinstance(error, OSError) and error.errno:
            raise UsageError(Problem("template_refused", place, {"why": error})) from None
        raise UsageError(Problem("template_no_deck", place)) from None
    every: Any = deck.slide_layouts
    layouts = [layout for layout in every if any(map(_is_title, layout.placeholders))]
    firsts = [layout for layout in layouts if any(map(_is_subtitle, layout.placeholders))]
    others = [layout for layout in layouts if layout not in firsts[:1] and not _is_turned(layout)]
    if not layouts or not others:
        raise UsageError(Problem("template_layouts", place))
    other = min(others, key=lambda layout: sum(_is_content(shape) for shape in layout.placeholders))
    return deck, (firsts or others)[0], other


def _kind(shape: Any) -> str:
    return str(shape.placeholder_format.type).partition(" ")[0].rpartition(".")[2]


def _is_title(shape: Any) -> bool:
    return _kind(shape) in ("TITLE", "CENTER_TITLE")


def _is_subtitle(shape: Any) -> bool:
    return _kind(shape) == "SUBTITLE"


def _is_foot(shape: Any) -> bool:
    return _kind(shape) in ("FOOTER", "SLIDE_NUMBER", "DATE")


def _is_content(shape: Any) -> bool:
    return not (_is_title(shape) or _is_foot(shape))


def _is_turned(layout: Any) -> bool:
    """Whether a layout sets its title vertically."""
    return any("VERTICAL" in _kind(shape) for shape in layout.placeholders)


def _remove_slides(deck: Any) -> None:
    """Take the slides out of a template: only its master is wanted."""
    listed = deck.slides._sldIdLst
    for entry in list(listed):
        deck.part.drop_rel(entry.rId)
        listed.remove(entry)


def _own_master() -> Master:
    """The master that comes with python-pptx, made wide, set left, and in the palette of the package."""
    from pptx import Presentation

    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = _WIDE, _HIGH
    _recolour(deck.slide_master)
    first, other = deck.slide_layouts[0], deck.slide_layouts[5]
    for layout in list(deck.slide_layouts):
        if layout not in (first, other):
            deck.slide_layouts.remove(layout)
    title = Room(_MARGIN, round(0.35 * _INCH), _WIDE - 2 * _MARGIN, round(0.95 * _INCH))
    opening = Room(_MARGIN, round(2.2 * _INCH), _WIDE - 2 * _MARGIN, round(1.5 * _INCH))
    under = Room(_MARGIN, round(3.8 * _INCH), _WIDE - 2 * _MARGIN, round(1.6 * _INCH))
    number = Room(_WIDE - _MARGIN - _INCH, _HIGH - round(0.45 * _INCH), _INCH, round(0.3 * _INCH))
    for holder in (deck.slide_master, first, other):
        for shape in list(holder.placeholders):
            if _is_title(shape):
                _set(shape, opening if holder is first else title, 32 if holder is first else 24, INK)
                shape.text_frame.vertical_anchor = 4 if holder is first else 3
            elif _is_subtitle(shape):
                _set(shape, under, 18, GREY)
            elif _kind(shape) == "SLIDE_NUMBER":
                _place(shape, number)
            elif _is_foot(shape):
                shape._element.getparent().remove(shape._element)
            else:
                _place(shape, Room(_MARGIN, title.top + title.height, title.width, round(5 * _INCH)))
    top = title.top + title.height + round(0.05 * _INCH)
    lowest = _HIGH - round(0.45 * _INCH)
    body = Room(_MARGIN, top, title.width, lowest - round(0.35 * _INCH) - top)
    foot = Room(_MARGIN, lowest - round(0.35 * _INCH), title.width - _INCH, round(0.6 * _INCH))
    return Master(deck, first, other, True, title, body, foot)


def _place(shape: Any, room: Room) -> None:
    shape.left, shape.top, shape.width, shape.height = room


def _set(shape: Any, room: Room, size: int, colour: str) -> None:
    """Give a placeholder of the master its place and its type: left, in a size and a colour."""
    from lxml import etree
    from pptx.oxml.ns import qn

    _place(shape, room)
    body = shape.text_frame._txBody
    for former in body.findall(qn("a:lstStyle")):
        body.remove(former)
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    bold = "1" if size > 20 else "0"
    style = etree.fromstring(
        f'<a:lstStyle xmlns:a="{space}"><a:lvl1pPr marL="0" indent="0" algn="l"><a:buNone/>'
        f'<a:defRPr sz="{size * 100}" b="{bold}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        "</a:defRPr></a:lvl1pPr></a:lstStyle>"
    )
    body.insert(1, style)


def _recolour(master: Any) -> None:
    """Put the palette into the theme, so that what is added later has it too."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    content = theme.blob.decode("utf-8")
    colours = {"dk2": INK, "lt2": "F2F3F5", "hlink": ACCENT, "folHlink": GREY}
    colours |= dict(zip(("accent1", "accent2", "accent3", "accent4", "accent5"), SERIES[:5], strict=True))
    colours |= {"accent1": ACCENT, "accent6": LOWER}
    for name, colour in colours.items():
        content = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>',
            content,
            flags=re.DOTALL,
        )
    content = re.sub(
        r'(<a:(?:majorFont|minorFont)>.*?<a:ea typeface=")[^"]*',
        r"\1Microsoft YaHei",
        content,
        flags=re.DOTALL,
    )
    theme._blob = content.encode("utf-8")
