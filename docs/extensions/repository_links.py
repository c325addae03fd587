"""Links out of docs/ into the repository: on the site, which works without it, they name the file.

A file that the site shows as a page is linked to that page.
"""

import re
from typing import Any

from sphinx.application import Sphinx

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?:\.\./)+([\w./-]+)(?:#[\w-]+)?\)")

_PAGES = {"src/survey/tables.py": "generated/columns.md"}


def name_files(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the path beside the words of a link that leaves the folder of the pages, or lead it to its page."""

    def named(match: re.Match[str]) -> str:
        words, path = match.groups()
        return f"[{words}]({_PAGES[path]})" if path in _PAGES else f"{words} (`{path}`)"

    folder = page.rpartition("/")[0]
    if not folder:  # links of generated pages stay inside
        source[0] = _LINK.sub(named, source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("source-read", name_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
