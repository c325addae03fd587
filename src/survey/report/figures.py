"""Pictures of contract frames as PNG: which kinds there are, under which settings, and in which fonts.

Nothing global is touched: a picture is drawn on a figure of its own with the Agg canvas, under matplotlib's
default settings and not the user's, so that the same picture gives the same bytes.
"""

import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from survey.report.canvas import DPI, INK, Sketch
from survey.report.drawings import diverging, heatmap, importance, overlaps
from survey.report.model import Picture
from survey.report.texts import has_chinese

__all__ = ["DPI", "DRAWINGS", "FONT_NAMES", "chinese_font", "draw", "lacks_font"]

# What to install where there is none.
FONT_NAMES = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC")
# Names and files of Chinese fonts on Linux, Windows and macOS, the better readable first.
_KNOWN_FONTS = (
    *("noto ?sans ?(mono ?)?cjk", "source ?han ?sans", "wenquanyi|wqy", "microsoft ?yahei|msyh", "pingfang"),
    *("hiragino sans gb", "dengxian", "simhei", "st ?heiti|heiti", "noto ?serif ?cjk", "source ?han ?serif"),
    *("songti", "simsun", "fangsong", "kaiti", "arial ?unicode", "droid ?sans ?fallback", "ar ?pl ?u", "unifont"),
)
_LATIN_FONT = "DejaVu Sans"  # comes with matplotlib
_COLOURS = 256

# A new kind of picture is a function and a line here (and its name in `PictureKind`).
DRAWINGS: dict[str, Callable[[Sketch], bool]] = {
    "diverging": diverging,
    "importance": importance,
    "heatmap": heatmap,
    "overlaps": overlaps,
}


def draw(picture: Picture, lang: str) -> bytes:
    """Draw a picture and give it as PNG bytes; one without a single value says so in words.

    Percentages are rounded half up, from the counts. Labels and words in Chinese need a Chinese font; where
    none is found, ids and English words are drawn.
    """
    import matplotlib
    import seaborn

    needs_chinese = _needs_chinese(picture, lang)
    chinese = chinese_font() if needs_chinese else None
    fonts = (_LATIN_FONT, chinese) if chinese else (_LATIN_FONT,)
    sketch = Sketch(picture, lang, fonts, bare=needs_chinese and not chinese)
    with matplotlib.rc_context(), _quiet_font_search():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(seaborn.axes_style("white"))
        matplotlib.rcParams.update(
            {
                "font.family": list(fonts),
                "text.color": INK,
                "text.parse_math": False,  # "$5 to $10 million" is no formula
                "text.hinting": "none",  # twice as fast, and as legible
            }
        )
        if not DRAWINGS[picture.kind](sketch):
            sketch.open(7.0, 0.8)
            sketch.text(0.14, 0.3, sketch.word("nothing"), size=11)
        return _png(sketch.figure)


def _png(figure: Any) -> bytes:
    """Render a figure as PNG of at most 256 colours: a third of the size and of the time."""
    from PIL import Image

    figure.canvas.draw()
    size = figure.canvas.get_width_height()
    image = Image.frombytes("RGBA", size, bytes(figure.canvas.buffer_rgba())).convert("RGB")
    result = io.BytesIO()
    # Without a colour nearly white among them the paper itself would not stay white.
    image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(result, "png", compress_level=5)
    return result.getvalue()


@contextmanager
def _quiet_font_search() -> Iterator[None]:
    """Keep matplotlib from telling that a Chinese font has no bold: few have."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def chinese_font() -> str | None:
    """Find an installed font that can draw Chinese: its name, or None.

    Fonts installed since matplotlib last listed them are found too.
    """
    from matplotlib.font_manager import findSystemFonts, fontManager

    if known := _best((entry.name, entry.fname) for entry in fontManager.ttflist):
        return known
    for path in sorted(findSystemFonts()):
        if _rank(Path(path).stem.replace("-", " ")) is not None:
            try:
                fontManager.addfont(path)
            except (OSError, RuntimeError):
                continue
    return _best((entry.name, entry.fname) for entry in fontManager.ttflist)


def lacks_font(picture: Picture, lang: str) -> bool:
    """Tell whether a picture has Chinese to show and there is no font for it."""
    return _needs_chinese(picture, lang) and chinese_font() is None


def _best(fonts: Any) -> str | None:
    """Choose the font that stands first in the order of preference, of those whose file is there."""
    ranked = set()
    for name, path in fonts:
        if (rank := _rank(name)) is not None:
            simplified = re.search(r"\b(SC|GB|CN)\b", name) is not None
            ranked.add((rank, not simplified, name, str(path)))
    return next((name for *_, name, path in sorted(ranked) if Path(path).exists()), None)


def _rank(name: str) -> int | None:
    return next((i for i, known in enumerate(_KNOWN_FONTS) if re.search(known, name, re.IGNORECASE)), None)


def _needs_chinese(picture: Picture, lang: str) -> bool:
    """Tell whether anything that the picture may show is Chinese."""
    if lang == "zh" or has_chinese(picture.title) or any(map(has_chinese, picture.words.values())):
        return True
    labels = [picture.data[name].unique() for name in picture.data.columns if "label" in str(name)]
    return any(has_chinese(str(text)) for column in labels for text in column) or has_chinese(str(picture.details))
