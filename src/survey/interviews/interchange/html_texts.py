"""The text of an HTML document, with positions counted as Taguette does: bytes of UTF-8, tags not counted."""

from html.parser import HTMLParser

from survey.interviews.interchange.positions import Scale

# Elements on lines of their own; between two of them a line feed is put where the source has none.
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "br",
            "caption",
            "dd",
            "div",
            "dl",
            "dt",
            "figcaption",
        ),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
        *("p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_UNSEEN = frozenset(("script", "style", "template", "title"))


def html_scales(html: str) -> list[Scale]:
    """The text of a document, counted with the white space before its first element and without it.

    Browsers, which count where a passage is marked, keep that white space; the parser with which Taguette
    takes out the words drops it.
    """
    text = _Text(html)
    blank = len(text.raw) - len(text.raw.lstrip())
    shift = len(text.raw[:blank].encode())
    with_space = Scale("".join(text.characters), [*text.starts, text.position])
    if not shift:
        return [with_space]
    without = Scale(with_space.text, [max(start - shift, 0) for start in with_space.starts])
    return [with_space, without]


def html_text(html: str) -> str:
    """The words of a piece of HTML."""
    return html_scales(html)[0].text


class _Text(HTMLParser):
    """The characters of a document, and how many bytes stand before each."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.raw = ""  # without the line feeds that are put in
        self.characters: list[str] = []
        self.starts: list[int] = []
        self.position = 0
        self._breaks = self._first = False
        self._unseen = 0
        self._parts: list[str] = []
        self.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
        self.close()
        self.raw = "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._breaks = self._breaks or tag in _BLOCKS
        self._first = tag == "pre"  # a line feed right behind it is none of the text
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._breaks = self._breaks or tag in _BLOCKS
        self._first = False
        self._unseen = max(self._unseen - (tag in _UNSEEN), 0)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        data = data.removeprefix("\n") if self._first else data
        self._first = False
        if self._breaks and data and self.characters and "\n" not in (self.characters[-1], data[0]):
            self.characters.append("\n")
            self.starts.append(self.position)
        self._breaks = self._breaks and not data
        self._parts.append(data)
        for character in data:
            self.characters.append(character)
            self.starts.append(self.position)
            self.position += len(character.encode("utf-8", "replace"))
