"""The fonts of pictures: one that is always there, one for Chinese where there is one, and their glyphs."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# What to install where there is none.
FONT_NAMES = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC")
# Names and files of Chinese fonts on Linux, Windows and macOS, the better readable first.
_KNOWN = (
    *("noto ?sans ?(mono ?)?cjk", "source ?han ?sans", "wenquanyi|wqy", "microsoft ?yahei|msyh", "pingfang"),
    *("hiragino sans gb", "dengxian", "simhei", "st ?heiti|heiti", "noto ?serif ?cjk", "source ?han ?serif"),
    *(
        "songti",
        "simsun",
        "fangsong",
        "kaiti",
        "arial ?unicode",
        "droid ?sans ?fallback",
        "ar ?pl ?u",
        "unifont",
    ),
)
_REGULAR = 400

FontFile = tuple[str, int]  # path, and the number of the face in it


def latin_files() -> tuple[FontFile, FontFile]:
    """Give the regular and the bold face of DejaVu Sans, which come with matplotlib."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return (str(folder / "DejaVuSans.ttf"), 0), (str(folder / "DejaVuSans-Bold.ttf"), 0)


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


def _best(fonts: Iterable[tuple[str, str]]) -> str | None:
    """Choose the font that stands first in the order of preference, of those whose file is there."""
    ranked = set()
    for name, path in fonts:
        if (rank := _rank(name)) is not None:
            simplified = re.search(r"\b(SC|GB|CN)\b", name) is not None
            ranked.add((rank, not simplified, name, str(path)))
    return next((name for *_, name, path in sorted(ranked) if Path(path).exists()), None)


def _rank(name: str) -> int | None:
    return next((i for i, known in enumerate(_KNOWN) if re.search(known, name, re.IGNORECASE)), None)


def font_file(name: str, *, bold: bool = False) -> FontFile:
    """Find the file of an installed font, in the weight nearest to the one wanted."""
    from matplotlib.font_manager import fontManager

    wanted = 700 if bold else _REGULAR
    faces = [
        (
            abs(_weight(entry.weight) - wanted),
            str(entry.fname),
            getattr(entry, "index", 0),
        )
        for entry in fontManager.ttflist
        if entry.name == name and entry.style == "normal"
    ]
    _, path, index = min(faces)
    return path, index


def _weight(weight: str | int) -> int:
    from matplotlib.font_manager import weight_dict

    return weight_dict.get(weight, _REGULAR) if isinstance(weight, str) else weight


@cache
def opened(file: FontFile, pixels: int) -> "FreeTypeFont":
    """Open a font in a size."""
    from PIL import ImageFont

    path, index = file
    return ImageFont.truetype(path, pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


@cache
def has_glyph(file: FontFile, character: str) -> bool:
    """Tell whether a font has a character."""
    from matplotlib.font_manager import get_font

    return get_font(file[0]).get_char_index(ord(character)) > 0
