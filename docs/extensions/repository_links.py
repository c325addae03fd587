"""Links out of docs/ into the repository: on the site, which works without it, they name the file."""

import re
from typing import Any

from sphinx.application import Sphinx

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?:\.\./)+([\w./-]+)(?:#[\w-]+)?\)")


def name_files(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the path beside the words of a link that leaves the folder of the pages."""

    def named(match: re.Match[str]) -> str:
        words, path = match.groups()
        return f"{words} (`{path}`)"

    folder = page.rpartition("/")[0]
    if not folder:  # links of generated pages stay inside
        source[0] = _LINK.sub(named, source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("source-read", name_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
