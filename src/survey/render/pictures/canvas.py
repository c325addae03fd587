"""What drawings are made on: a paper measured in inches from its top left corner, without axes or ticks.

Boxes and lines at known places need a fraction of the time that axes with ticks take. Text is set by Pillow
on the rendered paper: matplotlib needs more time for a hundred labels than for all the rest.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from survey.document import Picture
from survey.messages import message
from survey.render.colours import readable_ink
from survey.render.pictures.fonts import FontFile, has_glyph, opened
from survey.render.texts import clean, has_chinese, one_line, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 110
INK, GREY, SOFT = "#1f1f1f", "#4d4d4d", "#d0d0d0"
EDGE = 0.14  # inches
LABELS = 3.4  # width of the labels of rows at the left, with the edge
LABEL_LINE = 0.155
_LABEL_COLUMNS = 40  # characters of a label that fit there
_TITLE_LINE, _SUBTITLE_LINE = 0.24, 0.18
_LINE_SPACING = 1.24

Box = tuple[float, float, float, float]  # left, top, width, height


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
    paper: "Figure | None" = field(default=None, repr=False)
    _surface: Any = field(default=None, repr=False)
    _top: float = 0.0
    _layer: float = 0.0
    _texts: list["_Text"] = field(default_factory=list, repr=False)

    # -- words ------------------------------------------------------------------------------------------

    def word(self, key: str, **values: Any) -> str:
        """Give a wording of the picture: its own, else that of the catalogue (`picture_<key>`)."""
        own = self.picture.words.get(key)
        if own is not None and not (self.bare and has_chinese(own)):
            return clean(own)
        return message(f"picture_{key}", "en" if self.bare else self.lang, **values)

    def own_word(self, key: str) -> str:
        """Give a wording that only the picture itself can have; empty where it has none."""
        own = clean(self.picture.words.get(key, ""))
        return "" if self.bare and has_chinese(own) else own

    def label(self, code: Any, label: Any) -> str:
        """Give the label of an option or item, or its bare id where the label cannot be drawn."""
        text = one_line(str(label)) or str(code)
        return one_line(str(code)) if self.bare and has_chinese(text) else text

    # -- marks ------------------------------------------------------------------------------------------

    def open(self, wide: float, high: float, *under: str) -> None:
        """Lay out the paper: title, the sentences under it, and `high` inches for the drawing."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        title = wrap(self.label(self.picture.name, self.picture.title), int(wide * 8.6))
        stop = message("sentence_stop", "en" if self.bare else self.lang)
        sentences = stop.join(text.strip().rstrip(".\u3002") for text in under if text)
        subtitle = wrap(sentences, int(wide * 12.0)) if sentences else []
        self._top = EDGE + len(title) * _TITLE_LINE + len(subtitle) * _SUBTITLE_LINE + 0.08
        self.size = (wide, high + self._top)
        self.paper = Figure(figsize=self.size, dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.paper)
        self._surface = self.paper.add_axes((0, 0, 1, 1))
        self._surface.set_axis_off()
        self._surface.set_xlim(0, wide)
        self._surface.set_ylim(high, -self._top)
        y = EDGE - self._top + 0.04
        for line in title:
            self.text(EDGE, y, line, va="top", size=12.5, bold=True)
            y += _TITLE_LINE
        for line in subtitle:
            self.text(EDGE, y, line, va="top", color=GREY)
            y += _SUBTITLE_LINE

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        ha: str = "left",
        va: str = "center",
        size: float = 9,
        color: Any = INK,
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

    def boxes(self, boxes: Iterable[Box], colours: Any, *, edge: str = "white") -> None:
        """Fill boxes, in one colour or one each."""
        from matplotlib.collections import PolyCollection

        corners = [
            ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
            for left, top, wide, high in boxes
        ]
        self._add(PolyCollection(corners, facecolors=colours, edgecolors=edge, linewidths=0.8))

    def lines(
        self,
        segments: Sequence[tuple[tuple[float, float], tuple[float, float]]],
        color: Any,
        wide: float = 0.7,
    ) -> None:
        """Draw straight lines, each from one place to another."""
        from matplotlib.collections import LineCollection

        self._add(LineCollection(segments, colors=color, linewidths=wide))

    def _add(self, marks: Any) -> None:
        self._layer += 1  # what comes later lies on top
        marks.set_zorder(self._layer)
        self._surface.add_collection(marks, autolim=False)

    def axes(self, box: Box) -> "Axes":
        """Add bare axes over a box, for what seaborn draws."""
        if self.paper is None:
            raise RuntimeError("open the paper first")
        (left, top, wide, high), (all_wide, all_high) = box, self.size
        bottom = all_high - self._top - top - high
        axes = self.paper.add_axes((left / all_wide, bottom / all_high, wide / all_wide, high / all_high))
        axes.set_axis_off()
        return axes

    # -- the picture ------------------------------------------------------------------------------------

    def png(self) -> bytes:
        """Render the paper, set the text on it, and give the picture as PNG of at most 256 colours."""
        from PIL import Image, ImageDraw

        paper: Any = self.paper
        paper.canvas.draw()
        size = paper.canvas.get_width_height()
        image = Image.frombytes("RGBA", size, bytes(paper.canvas.buffer_rgba())).convert("RGB")
        pen = ImageDraw.Draw(image)
        for text in self._texts:
            self._set(pen, text)
        result = io.BytesIO()
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        palette = few.getpalette() or []
        background = 3 * few.tobytes()[0]  # the tree keeps an average of near-whites: white again
        palette[background : background + 3] = [255] * 3
        few.putpalette(palette)
        few.save(result, "png", compress_level=6)
        return result.getvalue()

    def _set(self, pen: Any, text: "_Text") -> None:
        """Set one line, each stretch of it in the first font that has its characters."""
        from matplotlib.colors import to_rgb

        files = self.fonts[text.bold]
        pixels = round(text.size * DPI / 72)
        pieces = [(opened(file, pixels), piece) for file, piece in _pieces(text.text, files)]
        lengths = [font.getlength(piece) for font, piece in pieces]
        x = text.x * DPI - sum(lengths) * {"left": 0.0, "center": 0.5, "right": 1.0}[text.ha]
        baseline = round((text.y + self._top) * DPI + 0.36 * pixels)
        fill = tuple(round(part * 255) for part in to_rgb(text.color))
        for (font, piece), length in zip(pieces, lengths, strict=True):
            pen.text((round(x), baseline), piece, font=font, fill=fill, anchor="ls")
            if (
                text.bold and "bold" not in str(font.getname()[1]).lower()
            ):  # few Chinese fonts have a bold face
                pen.text((round(x) + 1, baseline), piece, font=font, fill=fill, anchor="ls")
            x += length


@dataclass(frozen=True)
class _Text:
    """A line of text to be set: its place (the middle of the line's height), size in points and colour."""

    x: float
    y: float
    text: str
    ha: str
    size: float
    color: Any
    bold: bool


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


def ink_on(colour: Any) -> str:
    """Choose black or white text, whichever has the better contrast on this colour of matplotlib."""
    from matplotlib.colors import to_rgb

    return f"#{readable_ink(to_rgb(colour))}"
