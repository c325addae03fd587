"""Build the site: `python docs/build.py en site/en` and `python docs/build.py zh site/zh`; a warning ends it.

The two stand side by side, so that each page finds the other language; both work without a network.
"""

import sys
from pathlib import Path

from sphinx.cmd.build import main

HERE = Path(__file__).resolve().parent
PAGES = {"en": HERE, "zh": HERE / "zh"}
SPHINX_LANGUAGES = {"en": "en", "zh": "zh_CN"}


def build(lang: str, folder: str) -> int:
    """Build one language strictly; give the exit code."""
    language = f"language={SPHINX_LANGUAGES[lang]}"
    flags = ["-W", "--keep-going", "-q", "-b", "html", "-c", str(HERE), "-D", language]
    return main([*flags, str(PAGES[lang]), folder])


if __name__ == "__main__":
    sys.exit(build(*sys.argv[1:]))
