"""How the site is built: see build.py."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "extensions"), str(HERE.parent / "src")]

import survey  # noqa: E402 - found by the line above

project = "expansion-survey"
author = "The expansion-survey authors"
copyright = "2026, the expansion-survey authors"  # noqa: A001 - the name that Sphinx reads
version = release = survey.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "chinese_lines",
    "generated_pages",
    "repository_links",
    "run_code",
]
locale_dirs = [str(HERE / "locale")]
exclude_patterns = ["zh/**"]  # the pages of the other language, below these
templates_path = ["templates"]
html_static_path = [str(HERE / "static")]
html_css_files = ["chinese.css"]
html_theme = "furo"
html_title = f"expansion-survey {version}"
html_show_sourcelink = False
html_copy_source = False
_SIDEBAR = ("brand", "search", "scroll-start", "navigation")
html_sidebars = {
    "**": [*(f"sidebar/{part}.html" for part in _SIDEBAR), "language.html", "sidebar/scroll-end.html"]
}
myst_heading_anchors = 4
default_role = "code"
napoleon_google_docstring = False
napoleon_use_ivar = True  # an attribute that is a property, too, is described once
napoleon_custom_sections = ["Reasons"]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
