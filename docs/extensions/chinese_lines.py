"""Where a line of Chinese ends in the source, the page shows no blank: Chinese is written without them."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_MARK = re.compile(r"[、-〟！-／：-？“”‘’…—]")  # signs that have their own room
_CHARACTER = re.compile(r"[一-鿿]")


def join_lines(_: Sphinx, document: nodes.document) -> None:
    """Take out every end of a line that stands between two Chinese characters, or at a Chinese sign."""
    for line_end in list(document.findall(nodes.Text)):
        if str(line_end) != "\n" or line_end.parent is None:
            continue
        siblings = line_end.parent.children
        place = siblings.index(line_end)
        if not 0 < place < len(siblings) - 1:
            continue
        before, after = siblings[place - 1].astext()[-1:], siblings[place + 1].astext()[:1]
        if (
            _MARK.match(before)
            or _MARK.match(after)
            or (_CHARACTER.match(before) and _CHARACTER.match(after))
        ):
            line_end.parent.remove(line_end)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("doctree-read", join_lines)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
