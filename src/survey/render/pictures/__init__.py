"""Pictures of contract frames as PNG or SVG: which kinds there are, and under which settings they are drawn.

The same picture gives the same bytes: no setting of matplotlib has a say in it, and none is changed.
"""

from collections.abc import Callable

from survey.document import Picture
from survey.messages import message
from survey.render.pictures.audit import p_intervals, surviving_bases
from survey.render.pictures.batteries import diverging, importance
from survey.render.pictures.canvas import DPI, EDGE, Sketch
from survey.render.pictures.charts import bars, stacked_bars
from survey.render.pictures.correlations import correlations
from survey.render.pictures.effects import marginal_effects
from survey.render.pictures.fonts import FONT_NAMES, FontFile, chinese_font, font_file, latin_files
from survey.render.pictures.groups import heatmap, overlaps
from survey.render.pictures.interviews import code_matrix, saturation, thematic_map
from survey.render.pictures.rank_sets import ranks
from survey.render.pictures.slopes import slopes
from survey.render.pictures.timeline import timeline
from survey.render.pictures.traces import mixing
from survey.render.texts import has_chinese

__all__ = ["DPI", "DRAWINGS", "FONT_NAMES", "chinese_font", "draw", "lacks_font"]

# A new kind of picture is a function and a line here (and its name in `PictureKind`).
DRAWINGS: dict[str, Callable[[Sketch], bool]] = {
    "diverging": diverging,
    "importance": importance,
    "heatmap": heatmap,
    "overlaps": overlaps,
    "ranks": ranks,
    "slopes": slopes,
    "effects": marginal_effects,
    "correlations": correlations,
    "p_intervals": p_intervals,
    "bases": surviving_bases,
    "mixing": mixing,
    "code_matrix": code_matrix,
    "thematic_map": thematic_map,
    "saturation": saturation,
    "timeline": timeline,
    "bars": bars,
    "stacked_bars": stacked_bars,
}


def draw(picture: Picture, lang: str, *, form: str = "png") -> bytes:
    """Draw a picture and give it as PNG or SVG; one without a single value says so in words.

    Percentages are rounded half up, from the counts. Labels and words in Chinese need a Chinese font; where
    none is found, ids and English words are drawn. An SVG names fonts and leaves them to who opens it.
    """
    if form == "svg":
        return sketched(picture, lang, {}).svg()
    chinese = chinese_font() if _needs_chinese(picture, lang) else None
    fonts: dict[bool, tuple[FontFile, ...]] = {
        heavy: (latin, font_file(chinese, bold=heavy)) if chinese else (latin,)
        for heavy, latin in zip((False, True), latin_files(), strict=True)
    }
    return sketched(picture, lang, fonts, bare=lacks_font(picture, lang)).png()


def sketched(
    picture: Picture, lang: str, fonts: dict[bool, tuple[FontFile, ...]], *, bare: bool = False
) -> Sketch:
    """Put the marks and texts of a picture on a sketch."""
    sketch = Sketch(picture, lang, fonts, bare=bare)
    if not DRAWINGS[picture.kind](sketch):
        sketch.open(7.0, 0.8)
        sketch.text(EDGE, 0.3, sketch.word("empty"), size=11)
    return sketch


def lacks_font(picture: Picture, lang: str) -> bool:
    """Tell whether a picture has Chinese to show and there is no font for it."""
    return _needs_chinese(picture, lang) and chinese_font() is None


def _needs_chinese(picture: Picture, lang: str) -> bool:
    """Tell whether anything that the picture may show is Chinese."""
    own = message("language_name", lang)
    texts = (own, picture.title, picture.subtitle, picture.footer, *picture.words.values())
    if any(map(has_chinese, texts)):
        return True
    labels = [picture.data[name].unique() for name in picture.data.columns if "label" in str(name)]
    return any(has_chinese(str(text)) for column in labels for text in column) or has_chinese(
        str(picture.details)
    )
