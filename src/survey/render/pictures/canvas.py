"""What drawings are made on: a paper measured in inches, whose marks and texts become PNG or SVG.

From its top left corner: first the title and under it what is measured, then the drawing, then source and
test. Marks are recorded, and drawn twice: by matplotlib for the PNG, on which Pillow sets the text
(matplotlib needs more time for a hundred labels than for all the rest), and as elements of SVG, whose text
stays text.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any

from survey.document import Picture
from survey.messages import ENGLISH, message
from survey.render.colours import GREY, INK, PAPER, SOFT
from survey.render.pictures.fonts import SVG_FONTS, FontFile, has_glyph, opened
from survey.render.texts import clean, has_chinese, one_line, wrap

__all__ = ["GREY", "INK", "PAPER", "SOFT", "Box", "Sketch", "label_lines", "row_height"]

DPI = 192  # two pixels for each one of a screen
EDGE = 0.14  # inches
LABELS = 2.8  # width of the labels of rows at the left, with the edge
LABEL_LINE = 0.155
_LABEL_COLUMNS = 34  # characters of a label that fit there
_TITLE, _SUBTITLE, _FOOTER = (13.0, 0.25), (9.5, 0.19), (8.0, 0.16)  # size in points, height of a line
_LINE_SPACING = 1.24
_PIXELS = 96  # of SVG to an inch

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True)
class _Boxes:
    boxes: tuple[Box, ...]
    fills: tuple[str, ...]
    edge: str


@dataclass(frozen=True)
class _Lines:
    segments: tuple[tuple[Point, ...], ...]
    colour: str
    wide: float  # points
    dashed: bool


@dataclass(frozen=True)
class _Dots:
    points: tuple[Point, ...]
    radius: float  # inches
    fill: str
    edge: str
    wide: float  # points


@dataclass(frozen=True)
class _Area:
    corners: tuple[Point, ...]
    fill: str


_Mark = _Boxes | _Lines | _Dots | _Area


@dataclass(frozen=True)
class _Text:
    """A line of text to be set: its place (the middle of the line's height), size in points and colour."""

    x: float
    y: float
    text: str
    ha: str
    size: float
    color: str
    bold: bool


@dataclass
class Sketch:
    """What a drawing gets: the picture with its words and labels, and a paper once its size is known.

    `open` lays out the paper; from then on places are inches, from the left edge and from under the title.
    """

    picture: Picture
    lang: str
    fonts: dict[bool, tuple[FontFile, ...]]  # regular (False) and bold (True): where to look for a glyph
    bare: bool = False  # no font for its Chinese: ids and English words instead
    size: tuple[float, float] = (0.0, 0.0)
    _top: float = 0.0
    _marks: list[_Mark] = field(default_factory=list, repr=False)
    _texts: list[_Text] = field(default_factory=list, repr=False)

    # -- words ------------------------------------------------------------------------------------------

    def word(self, key: str, **values: Any) -> str:
        """Give a wording of the picture: its own, else that of the catalogue (`picture_<key>`)."""
        own = self.picture.words.get(key)
        if own is not None and not (self.bare and has_chinese(own)):
            return clean(own)
        return message(f"picture_{key}", ENGLISH if self.bare else self.lang, **values)

    def own_word(self, key: str) -> str:
        """Give a wording that only the picture itself can have; empty where it has none."""
        return self._drawable(self.picture.words.get(key, ""))

    def _drawable(self, text: str) -> str:
        """The text, or nothing where there is no font for it."""
        return "" if self.bare and has_chinese(text) else clean(text)

    def label(self, code: Any, label: Any) -> str:
        """Give the label of an option or item, or its bare id where the label cannot be drawn."""
        text = one_line(str(label)) or str(code)
        return one_line(str(code)) if self.bare and has_chinese(text) else text

    # -- marks ------------------------------------------------------------------------------------------

    def open(self, wide: float, high: float, *under: str) -> None:
        """Lay out the paper: title, the sentences under it, `high` inches for the drawing, and the footer."""
        heading = self.label(self.picture.name, self.picture.title) if self.picture.title else ""
        title = wrap(heading, int(wide * 9.2)) if heading else []
        own = [self._drawable(text) for text in (self.picture.subtitle, self.picture.footer)]
        subtitle = self._wrapped(int(wide * 11.5), own[0], *under)
        footer = self._wrapped(int(wide * 13.5), own[1])
        self._top = EDGE + len(title) * _TITLE[1] + len(subtitle) * _SUBTITLE[1] + 0.1
        below = len(footer) * _FOOTER[1] + EDGE if footer else 0.0
        self.size = (wide, self._top + high + below)
        y = EDGE - self._top + 0.02
        for lines, (size, step), look in (
            (title, _TITLE, {"bold": True}),
            (subtitle, _SUBTITLE, {"color": GREY}),
        ):
            for line in lines:
                self.text(EDGE, y, line, va="top", size=size, **look)
                y += step
        for number, line in enumerate(footer):
            place = high + 0.04 + number * _FOOTER[1]
            self.text(EDGE, place, line, va="top", size=_FOOTER[0], color=GREY)

    def _wrapped(self, limit: int, *sentences: str) -> list[str]:
        """Bring sentences into lines, one after the other."""
        stop = message("sentence_stop", ENGLISH if self.bare else self.lang)
        text = stop.join(text.strip().rstrip(".\u3002") for text in sentences if text)
        return wrap(text, limit) if text else []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        ha: str = "left",
        va: str = "center",
        size: float = 9,
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """Write a text of one or more lines; characters that no font has are shown as U+FFFD."""
        lines = text.split("\n")
        step = size * _LINE_SPACING / 72
        y += {
            "center": -step * (len(lines) - 1) / 2,
            "top": step / 2,
            "bottom": step / 2 - step * len(lines),
        }[va]
        for number, line in enumerate(lines):
            self._texts.append(_Text(x, y + number * step, line, ha, size, color, bold))

    def row_labels(self, labels: Sequence[Sequence[str]], top: float, row: float) -> None:
        """Write the labels of rows of that height, right-aligned beside them."""
        for place, lines in enumerate(labels):
            self.text(LABELS - 0.09, top + row * (place + 0.5), "\n".join(lines), ha="right")

    def boxes(self, boxes: Iterable[Box], colours: str | Sequence[str], *, edge: str = PAPER) -> None:
        """Fill boxes, in one colour or one each."""
        shown = tuple(boxes)
        fills = (colours,) * len(shown) if isinstance(colours, str) else tuple(colours)
        if shown:
            self._marks.append(_Boxes(shown, fills, edge))

    def lines(
        self, segments: Iterable[Sequence[Point]], color: str, wide: float = 0.7, *, dashed: bool = False
    ) -> None:
        """Draw lines, each through two places or more; `wide` is in points."""
        shown = tuple(tuple(segment) for segment in segments)
        if shown:
            self._marks.append(_Lines(shown, color, wide, dashed))

    def dots(
        self,
        points: Iterable[Point],
        fill: str,
        *,
        radius: float = 0.055,
        edge: str = PAPER,
        wide: float = 0.8,
    ) -> None:
        """Draw round dots."""
        if shown := tuple(points):
            self._marks.append(_Dots(shown, radius, fill, edge, wide))

    def area(self, corners: Sequence[Point], fill: str) -> None:
        """Fill what lies between some corners."""
        if corners:
            self._marks.append(_Area(tuple(corners), fill))

    # -- the picture as PNG -----------------------------------------------------------------------------

    def png(self) -> bytes:
        """Render the marks, set the text on them, and give the picture as PNG of at most 256 colours."""
        from PIL import Image, ImageDraw

        image = self._rendered()
        pen = ImageDraw.Draw(image)
        for text in self._texts:
            self._set(pen, text)
        result = io.BytesIO()
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        palette = few.getpalette() or []
        background = 3 * few.tobytes()[0]  # the tree keeps an average of near-whites: white again
        palette[background : background + 3] = [255] * 3
        few.putpalette(palette)
        few.save(result, "png", compress_level=6, dpi=(DPI, DPI))
        return result.getvalue()

    def _rendered(self) -> Any:
        """Let matplotlib's Agg draw the marks: a figure with its axes would take longer than all they hold.

        No setting of matplotlib has a say in it, for paths are not simplified.
        """
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.colors import to_rgb
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D, IdentityTransform
        from PIL import Image

        wide, high = self.size
        pixels = int(wide * DPI), int(high * DPI)
        agg: Any = RendererAgg(*pixels, DPI)  # type: ignore[no-untyped-call]
        inches = Affine2D().scale(DPI, -DPI).translate(0, (high - self._top) * DPI)
        pen = agg.new_gc()

        def path(points: Sequence[Point], *, closed: bool = False) -> Path:
            shape = Path([*points, points[0]] if closed else points, closed=closed)
            shape.should_simplify = False
            return shape

        paper = _Boxes(((0.0, -self._top, wide, high),), (PAPER,), PAPER)
        for mark in (paper, *self._marks):  # what comes later lies on top
            if isinstance(mark, _Lines):
                pen.set_foreground(f"#{mark.colour}")
                pen.set_linewidth(mark.wide)
                pen.set_dashes(0, (4 * mark.wide, 2 * mark.wide) if mark.dashed else None)
                for segment in mark.segments:
                    agg.draw_path(pen, path(segment), inches)
                pen.set_dashes(0, None)
            elif isinstance(mark, _Boxes):
                pen.set_foreground(f"#{mark.edge}")
                pen.set_linewidth(0.8)
                for (x, y, w, h), fill in zip(mark.boxes, mark.fills, strict=True):
                    box = path(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), closed=True)
                    agg.draw_path(pen, box, inches, to_rgb(f"#{fill}"))
            elif isinstance(mark, _Area):
                pen.set_linewidth(0)
                agg.draw_path(pen, path(mark.corners, closed=True), inches, to_rgb(f"#{mark.fill}"))
            else:
                pen.set_foreground(f"#{mark.edge}")
                pen.set_linewidth(mark.wide)
                places = inches.transform_path(path(mark.points))
                dot, size = Path.unit_circle(), Affine2D().scale(mark.radius * DPI)
                agg.draw_markers(pen, dot, size, places, IdentityTransform(), to_rgb(f"#{mark.fill}"))
        return Image.frombytes("RGB", pixels, agg.buffer_rgba(), "raw", "RGBX")

    def _set(self, pen: Any, text: _Text) -> None:
        """Set one line, each stretch of it in the first font that has its characters."""
        files = self.fonts[text.bold]
        pixels = round(text.size * DPI / 72)
        pieces = [(opened(file, pixels), piece) for file, piece in _pieces(text.text, files)]
        lengths = [font.getlength(piece) for font, piece in pieces]
        x = text.x * DPI - sum(lengths) * {"left": 0.0, "center": 0.5, "right": 1.0}[text.ha]
        baseline = round((text.y + self._top) * DPI + 0.36 * pixels)
        for (font, piece), length in zip(pieces, lengths, strict=True):
            pen.text((round(x), baseline), piece, font=font, fill=f"#{text.color}", anchor="ls")
            if text.bold and "bold" not in str(font.getname()[1]).lower():  # a font without a bold face
                pen.text((round(x) + 1, baseline), piece, font=font, fill=f"#{text.color}", anchor="ls")
            x += length

    # -- the picture as SVG -----------------------------------------------------------------------------

    def svg(self) -> bytes:
        """Give the picture as SVG: title and description for who listens, and text that can be searched."""
        wide, high = (round(side * _PIXELS, 1) for side in self.size)
        name = f"picture-{self.picture.name}"
        label = f"{name}-title {name}-desc"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{escape(label)}" '
            f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
            f'font-family="{escape(SVG_FONTS)}">'
        )
        parts = [
            head,
            f'<title id="{escape(name)}-title">{_text(self.picture.title)}</title>',
            f'<desc id="{escape(name)}-desc">{_text(self.picture.alt)}</desc>',
            f'<rect width="100%" height="100%" fill="#{PAPER}"/>',
            *(element for mark in self._marks for element in self._elements(mark)),
            *self._text_elements(),
            "</svg>",
        ]
        return "\n".join(parts).encode()

    def _at(self, x: float, y: float) -> str:
        return f"{x * _PIXELS:.1f},{(y + self._top) * _PIXELS:.1f}"

    def _elements(self, mark: _Mark) -> list[str]:
        """The elements of one mark."""
        if isinstance(mark, _Boxes):
            elements = [f'<g stroke="#{mark.edge}" stroke-width="1">']
            for (x, y, wide, high), fill in zip(mark.boxes, mark.fills, strict=True):
                left, top = (x, y) if wide >= 0 else (x + wide, y)
                place = f'x="{left * _PIXELS:.1f}" y="{(top + self._top) * _PIXELS:.1f}"'
                size = f'width="{abs(wide) * _PIXELS:.1f}" height="{high * _PIXELS:.1f}"'
                elements.append(f'<rect {place} {size} fill="#{fill}"/>')
            return [*elements, "</g>"]
        if isinstance(mark, _Lines):
            paths = "".join("M" + "L".join(self._at(*point) for point in line) for line in mark.segments)
            dashes = ' stroke-dasharray="6 3"' if mark.dashed else ""
            thick = f'stroke-width="{mark.wide * _PIXELS / 72:.2g}"'
            return [f'<path d="{paths}" fill="none" stroke="#{mark.colour}" {thick}{dashes}/>']
        if isinstance(mark, _Area):
            corners = " ".join(self._at(*corner) for corner in mark.corners)
            return [f'<polygon points="{corners}" fill="#{mark.fill}"/>']
        thick = f'stroke-width="{mark.wide * _PIXELS / 72:.2g}"'
        elements = [f'<g fill="#{mark.fill}" stroke="#{mark.edge}" {thick}>']
        for x, y in mark.points:
            place = f'cx="{x * _PIXELS:.1f}" cy="{(y + self._top) * _PIXELS:.1f}"'
            elements.append(f'<circle {place} r="{mark.radius * _PIXELS:.1f}"/>')
        return [*elements, "</g>"]

    def _text_elements(self) -> list[str]:
        """The texts, neighbours of the same look together."""
        anchors = {"left": "start", "center": "middle", "right": "end"}
        elements = []
        looks = groupby(self._texts, key=lambda text: (text.size, text.color, text.ha, text.bold))
        for (size, colour, ha, bold), texts in looks:
            weight = ' font-weight="700"' if bold else ""
            look = f'font-size="{size * _PIXELS / 72:.1f}" fill="#{colour}" text-anchor="{anchors[ha]}"'
            elements.append(f"<g {look}{weight}>")
            for text in texts:
                y = (text.y + self._top) * _PIXELS + 0.36 * size * _PIXELS / 72
                elements.append(f'<text x="{text.x * _PIXELS:.1f}" y="{y:.1f}">{_text(text.text)}</text>')
            elements.append("</g>")
        return elements


def _text(text: str) -> str:
    return escape(clean(text), quote=False)


def _pieces(text: str, files: Sequence[FontFile]) -> list[tuple[FontFile, str]]:
    """Split a line into stretches of one font each."""
    if text.isascii():
        return [(files[0], text)]
    pieces: list[tuple[FontFile, str]] = []
    for character in text:
        file = next((file for file in files if has_glyph(file, character)), None)
        if file is None:
            file, character = files[0], "\ufffd"
        if pieces and pieces[-1][0] == file:
            pieces[-1] = (file, pieces[-1][1] + character)
        else:
            pieces.append((file, character))
    return pieces


def label_lines(label: str) -> list[str]:
    """Break the label of a row into lines."""
    return wrap(label, _LABEL_COLUMNS)


def row_height(labels: Sequence[Sequence[str]], least: float) -> float:
    """Give the height of rows that have room for their labels, in inches."""
    return max(least, max(map(len, labels), default=1) * LABEL_LINE + 0.12)
