"""Pictures of contract frames as PNG: which kinds there are, the fonts, and the frame around each drawing.

Nothing global is touched: a picture is drawn on a figure of its own with the Agg canvas, under matplotlib's
default settings and not the user's, so that the same picture gives the same bytes.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.messages import message
from survey.report.drawings import diverging, heatmap, importance, overlaps
from survey.report.model import Picture
from survey.report.texts import clean, has_chinese, one_line, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 120
FONT_NAMES = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei", "PingFang SC")
_INK, _PALE_INK = "#1f1f1f", "#4d4d4d"
# Names and files of Chinese fonts on Linux, Windows and macOS, the better readable first.
_FONTS = re.compile(
    r"noto ?sans ?(mono ?)?cjk|source ?han ?sans|wenquanyi|wqy|microsoft ?yahei|msyh|dengxian|simhei|pingfang"
    r"|hiragino sans gb|heiti|stheiti|noto ?serif ?cjk|source ?han ?serif|songti|simsun|fangsong|kaiti"
    r"|arial unicode|droid ?sans ?fallback|ar pl u|unifont",
    re.IGNORECASE,
)
_LATIN_FONT = "DejaVu Sans"  # comes with matplotlib
_TITLE_LINE, _SUBTITLE_LINE, _EDGE = 0.24, 0.17, 0.14  # inches


@dataclass
class Sketch:
    """What a drawing gets: the picture, its words and labels, and a figure to be opened once its size is known."""

    picture: Picture
    lang: str
    bare: bool  # no font for its Chinese: ids and English words instead
    figure: "Figure | None" = None
    top: float = 0.0  # inches from the top edge already taken by title and subtitle

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

    def open(self, wide: float, high: float, subtitle: str = "") -> "Figure":
        """Open the figure: room for `high` inches of drawing under the title and subtitle."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        title = self.label(self.picture.name, self.picture.title)
        lines = wrap(title, int(wide * 9.2))
        under = wrap(subtitle, int(wide * 12.5)) if subtitle else []
        self.top = _EDGE + len(lines) * _TITLE_LINE + len(under) * _SUBTITLE_LINE + 0.06
        figure = Figure(figsize=(wide, high + self.top), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        whole = high + self.top
        at = 1 - _EDGE / whole
        figure.text(
            *(_EDGE / wide, at, "\n".join(lines)),
            va="top", fontsize=12.5, fontweight="bold", color=_INK, linespacing=1.15,
        )  # fmt: skip
        if under:
            at -= len(lines) * _TITLE_LINE / whole
            figure.text(
                *(_EDGE / wide, at, "\n".join(under)), va="top", fontsize=9, color=_PALE_INK, linespacing=1.15
            )
        self.figure = figure
        return figure

    def axes(self, left: float, top: float, wide: float, high: float) -> "Axes":
        """Add axes by inches: `left` from the left edge, `top` from under the title."""
        assert self.figure is not None
        whole_wide, whole_high = self.figure.get_size_inches()
        bottom = whole_high - self.top - top - high
        return self.figure.add_axes(
            (left / whole_wide, bottom / whole_high, wide / whole_wide, high / whole_high)
        )


# A new kind of picture is a function and a line here (and its name in `PictureKind`).
DRAWINGS: dict[str, Callable[[Sketch], bool]] = {
    "diverging": diverging,
    "importance": importance,
    "heatmap": heatmap,
    "overlaps": overlaps,
}


def draw(picture: Picture, lang: str) -> bytes:
    """Draw a picture and give it as PNG bytes; one without a single value says so in words.

    Labels and words in Chinese need a Chinese font; where none is found, ids and English words are drawn.
    """
    import matplotlib
    import seaborn

    sketch = Sketch(picture, lang, lacks_font(picture, lang))
    fonts = [_LATIN_FONT]
    if not sketch.bare and _needs_chinese(picture, lang) and (chinese := chinese_font()):
        fonts.append(chinese)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(seaborn.axes_style("white"))
        matplotlib.rcParams.update(
            {
                "font.family": fonts,
                "font.size": 9,
                "text.color": _INK,
                "axes.labelcolor": _PALE_INK,
                "xtick.color": _PALE_INK,
                "ytick.color": _INK,
                "text.parse_math": False,  # "$5 to $10 million" is no formula
                "axes.unicode_minus": True,
            }
        )
        if not DRAWINGS[picture.kind](sketch):
            _say_nothing(sketch)
        assert sketch.figure is not None
        _replace_undrawable(sketch.figure, fonts)
        result = io.BytesIO()
        sketch.figure.savefig(result, format="png", metadata={"Software": None})
    return result.getvalue()


def chinese_font() -> str | None:
    """Find an installed font that can draw Chinese: its name, or None.

    Fonts installed since matplotlib last listed them are found too.
    """
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = _best({entry.name: entry.fname for entry in fontManager.ttflist})
    if known:
        return known
    for path in sorted(findSystemFonts()):
        if _FONTS.search(Path(path).stem.replace("-", " ")):
            try:
                fontManager.addfont(path)
            except (OSError, RuntimeError):
                continue
    return _best({entry.name: entry.fname for entry in fontManager.ttflist})


def lacks_font(picture: Picture, lang: str) -> bool:
    """Tell whether a picture has Chinese to show and there is no font for it."""
    return _needs_chinese(picture, lang) and chinese_font() is None


def _best(fonts: dict[str, str]) -> str | None:
    """Choose the font that stands first in the order of preference, of those whose file is there."""
    order = _FONTS.pattern.split("|")
    ranked = []
    for name, path in fonts.items():
        if _FONTS.search(name):
            rank = next(i for i, part in enumerate(order) if re.search(part, name, re.IGNORECASE))
            simplified = 0 if re.search(r"\b(SC|GB|CN)\b", name) else 1
            ranked.append((rank, simplified, name, path))
    return next((name for *_, name, path in sorted(ranked) if Path(path).exists()), None)


def _needs_chinese(picture: Picture, lang: str) -> bool:
    if lang == "zh" or has_chinese(picture.title) or any(map(has_chinese, picture.words.values())):
        return True
    texts = [picture.data[name] for name in picture.data.columns if "label" in str(name)]
    if any(has_chinese(str(text)) for column in texts for text in column.unique()):
        return True
    return has_chinese(str(picture.details))


def _say_nothing(sketch: Sketch) -> None:
    sketch.open(7.0, 0.9)
    axes = sketch.axes(0.14, 0, 6.7, 0.8)
    axes.set_axis_off()
    axes.text(0, 0.5, sketch.word("nothing"), va="center", fontsize=11, transform=axes.transAxes)


def _replace_undrawable(figure: "Figure", fonts: list[str]) -> None:
    """Put a replacement mark for characters that none of the fonts has (matplotlib would warn and leave a gap)."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        shown = text.get_text()  # type: ignore[attr-defined]
        if not shown.isascii():
            text.set_text("".join(c if c == "\n" or _has_glyph(c, *fonts) else "\ufffd" for c in shown))  # type: ignore[attr-defined]


@cache
def _has_glyph(character: str, *fonts: str) -> bool:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return any(get_font(findfont(FontProperties(family=name))).get_char_index(ord(character)) for name in fonts)
