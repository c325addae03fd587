"""What drawings are made on: a figure measured in inches from its top left corner, without axes or ticks.

Text, boxes and lines at known places need a fraction of the time that axes with ticks take.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from survey.messages import message
from survey.report.model import Picture
from survey.report.texts import clean, has_chinese, one_line, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 110
INK, GREY, SOFT = "#1f1f1f", "#4d4d4d", "#d0d0d0"
EDGE = 0.14  # inches
_TITLE_LINE, _SUBTITLE_LINE = 0.24, 0.18

Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass
class Sketch:
    """What a drawing gets: the picture with its words and labels, and a figure once its size is known.

    `open` makes the figure; from then on all places are inches, from the left edge and from under the title.
    """

    picture: Picture
    lang: str
    fonts: tuple[str, ...]
    bare: bool = False  # no font for its Chinese: ids and English words instead
    size: tuple[float, float] = (0.0, 0.0)
    figure: "Figure | None" = field(default=None, repr=False)
    _paper: Any = field(default=None, repr=False)
    _top: float = 0.0

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
        """Open the figure: title, the sentences under it, and `high` inches for the drawing."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        title = wrap(self.label(self.picture.name, self.picture.title), int(wide * 8.6))
        sentences = ". ".join(text.strip().rstrip(".\u3002") for text in under if text)
        subtitle = wrap(sentences, int(wide * 12.0)) if sentences else []
        self._top = EDGE + len(title) * _TITLE_LINE + len(subtitle) * _SUBTITLE_LINE + 0.08
        self.size = (wide, high + self._top)
        self.figure = Figure(figsize=self.size, dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)
        self._paper = self.figure.add_axes((0, 0, 1, 1))
        self._paper.set_axis_off()
        self._paper.set_xlim(0, wide)
        self._paper.set_ylim(high, -self._top)
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
        """Write a text; characters that no font has are shown as U+FFFD."""
        if not text.isascii():
            text = "".join(c if c == "\n" or has_glyph(c, *self.fonts) else "\ufffd" for c in text)
        weight = "bold" if bold else "normal"
        self._paper.text(
            x, y, text, ha=ha, va=va, fontsize=size, color=color, fontweight=weight, linespacing=1.2
        )

    def boxes(self, boxes: Iterable[Box], colours: Any, *, edge: str = "white") -> None:
        """Fill boxes, in one colour or one each."""
        from matplotlib.collections import PolyCollection

        corners = [
            ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
            for left, top, wide, high in boxes
        ]
        self._paper.add_collection(
            PolyCollection(corners, facecolors=colours, edgecolors=edge, linewidths=0.8), autolim=False
        )

    def lines(
        self, segments: Sequence[tuple[tuple[float, float], tuple[float, float]]], color: Any, wide: float = 0.7
    ) -> None:
        """Draw straight lines, each from one place to another."""
        from matplotlib.collections import LineCollection

        self._paper.add_collection(LineCollection(segments, colors=color, linewidths=wide), autolim=False)

    def axes(self, box: Box) -> "Axes":
        """Add bare axes over a box, for what seaborn draws."""
        if self.figure is None:
            raise RuntimeError("open the figure first")
        (left, top, wide, high), (all_wide, all_high) = box, self.size
        bottom = all_high - self._top - top - high
        axes = self.figure.add_axes(
            (left / all_wide, bottom / all_high, wide / all_wide, high / all_high)
        )
        axes.set_axis_off()
        return axes


@cache
def has_glyph(character: str, *fonts: str) -> bool:
    """Tell whether one of these fonts has a character."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    paths = [findfont(FontProperties(family=name)) for name in fonts]
    return any(get_font(path).get_char_index(ord(character)) for path in paths)


def ink_on(colour: Any) -> str:
    """Choose black or white text, whichever has the better contrast on this colour (WCAG 2)."""
    from matplotlib.colors import to_rgb

    parts = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(colour))
    red, green, blue = parts
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "white"
