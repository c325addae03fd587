"""The fonts of pictures: one that is always there, one for Chinese where there is one, and their glyphs."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# What to install where there is none.
FONT_NAMES = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC")
_LATIN = ("Noto Sans", "Noto Sans CJK SC", "Source Sans 3", "Source Han Sans SC")
# What an SVG asks for: each reader takes the first one that is there.
SVG_FONTS = (
    "'Noto Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', "
    "'Microsoft YaHei', 'Segoe UI', Arial, sans-serif"
)
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
_REGULAR, _BOLD = 400, 700
_WEIGHTS = {"thin": 100, "light": 300, "bold": _BOLD, "black": 900, "heavy": 900}

FontFile = tuple[str, int]  # path, and the number of the face in it


def latin_files() -> tuple[FontFile, FontFile]:
    """Give the regular and the bold face of the best font; one of them comes with matplotlib."""
    import matplotlib

    families = {face.family for face in _faces()}
    family = next((name for name in _LATIN if name in families), None)
    if family is not None:
        return font_file(family), font_file(family, bold=True)
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return (str(folder / "DejaVuSans.ttf"), 0), (str(folder / "DejaVuSans-Bold.ttf"), 0)


class Face(NamedTuple):
    """An upright face of a font: its family, where it is, and its weight (400 is regular, 700 bold)."""

    family: str
    file: FontFile
    weight: int


def chinese_font() -> str | None:
    """Find an installed font that can draw Chinese: its name, or None.

    Fonts installed since matplotlib last listed them are found too.
    """
    return _best((face.family, face.file[0]) for face in _faces())


def _faces() -> tuple[Face, ...]:
    """The faces that matplotlib lists; where none is Chinese, those of Chinese fonts it does not list."""
    from matplotlib.font_manager import fontManager

    listed = tuple(
        Face(entry.name, (str(entry.fname), getattr(entry, "index", 0)), _weight(entry.weight))
        for entry in fontManager.ttflist
        if entry.style == "normal"
    )
    known = _best((face.family, face.file[0]) for face in listed)
    return listed if known else _unlisted_faces()


@cache
def _unlisted_faces() -> tuple[Face, ...]:
    """The faces of all fonts whose file has the name of a Chinese font; matplotlib's list stays as it is."""
    from matplotlib.font_manager import findSystemFonts

    paths = sorted(path for path in findSystemFonts() if _rank(Path(path).stem.replace("-", " ")) is not None)
    return tuple(face for path in paths for face in _faces_in(path))


def _faces_in(path: str) -> Iterator[Face]:
    """The upright faces of a font file: a collection has several."""
    from PIL import ImageFont

    for index in count():
        try:
            family, style = ImageFont.truetype(path, 10, index=index).getname()
        except OSError:  # no further face, or a file that is no font
            return
        style = (style or "").lower()
        if family and "italic" not in style and "oblique" not in style:
            weight = next((weight for word, weight in _WEIGHTS.items() if word in style), _REGULAR)
            yield Face(family, (path, index), weight)


def _best(fonts: Iterable[tuple[str, str]]) -> str | None:
    """Choose the font that stands first in the order of preference, of those whose file is there."""
    ranked = set()
    for name, path in fonts:
        if (rank := _rank(name)) is not None:
            simplified = re.search(r"\b(SC|GB|CN)\b", name) is not None
            ranked.add((rank, not simplified, name, str(path)))
    return next((name for *_, name, path in sorted(ranked) if Path(path).exists()), None)


@cache
def _rank(name: str) -> int | None:
    return next((i for i, known in enumerate(_KNOWN) if re.search(known, name, re.IGNORECASE)), None)


def font_file(name: str, *, bold: bool = False) -> FontFile:
    """Find the file of an installed font, in the weight nearest to the one wanted."""
    wanted = _BOLD if bold else _REGULAR
    return min((abs(face.weight - wanted), face.file) for face in _faces() if face.family == name)[1]


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
