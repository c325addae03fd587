"""The pictures of one report, each drawn once, whatever files it is put into."""

from dataclasses import dataclass, field, replace

from survey.document import Picture
from survey.messages import message


@dataclass
class Drawings:
    """Draws the pictures of a report in its language when a file first needs one, and keeps them."""

    lang: str
    _drawn: dict[tuple[Picture, str], bytes] = field(default_factory=dict, repr=False)  # by the object itself

    def png(self, picture: Picture) -> bytes:
        """The picture as PNG."""
        return self._form(picture, "png")

    def untitled(self, picture: Picture) -> bytes:
        """The picture as PNG without what stands above and below it: for where a slide says it."""
        from survey.render.pictures import draw

        return draw(replace(picture, title="", subtitle="", footer=""), self.lang)

    def svg(self, picture: Picture) -> str:
        """The picture as SVG, its text as text."""
        return self._form(picture, "svg").decode()

    def _form(self, picture: Picture, form: str) -> bytes:
        from survey.render.pictures import draw

        key = (picture, form)
        if key not in self._drawn:
            self._drawn[key] = draw(picture, self.lang, form=form)
        return self._drawn[key]

    def font_line(self, picture: Picture) -> str:
        """What a reader must know where a font is missing; mostly nothing."""
        from survey.render.pictures import FONT_NAMES, lacks_font

        if not lacks_font(picture, self.lang):
            return ""
        return message("report_no_chinese_font", self.lang, fonts=FONT_NAMES[:4])
