"""The directive `run`: a page shows code, runs it when the site is built, and shows what it printed and drew.

```{run}
:pictures: pictures/importance_challenges.png
import survey
...
```

The blocks of a page share their names and a folder of their own, where `data/` is that of the repository.
A block that raises, or does not write the pictures it names, ends the build.
"""

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]


class Run(SphinxDirective):
    """Code, what it prints, and the pictures that it writes."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "pictures": directives.unchanged,
        "alt": directives.unchanged,
        "hide-code": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Run the block and show it."""
        state = self.env.temp_data.setdefault("run_code", {"names": {}, "folder": None})
        if state["folder"] is None:
            state["folder"] = tempfile.TemporaryDirectory()
            (Path(state["folder"].name) / "data").symlink_to(ROOT / "data")
        folder = Path(state["folder"].name)
        code = "\n".join(self.content)
        printed = io.StringIO()
        wide = pd.option_context("display.unicode.east_asian_width", True)  # columns of Chinese words align
        with _inside(folder), contextlib.redirect_stdout(printed), wide:
            exec(compile(code, f"{self.env.docname}:{self.lineno}", "exec"), state["names"])
        shown: list[nodes.Node] = []
        if "hide-code" not in self.options:
            shown.append(nodes.literal_block(code, code, language="python"))
        if text := printed.getvalue().rstrip():
            shown.append(nodes.literal_block(text, text, language="text"))
        for name in self.options.get("pictures", "").split():
            shown.append(self._picture(folder / name))
        return shown

    def _picture(self, drawn: Path) -> nodes.image:
        """A picture, copied to where the site finds it."""
        own = Path(self.env.srcdir) / "generated" / "pictures"
        own.mkdir(parents=True, exist_ok=True)
        copy = own / f"{self.env.docname.replace('/', '-')}-{drawn.name}"
        shutil.copyfile(drawn, copy)
        uri = f"/{copy.relative_to(self.env.srcdir).as_posix()}"
        relative = os.path.relpath(copy, (Path(self.env.srcdir) / self.env.docname).parent)
        # A scale, even of 100 %, makes Sphinx link a picture to itself at its full size.
        return nodes.image(uri=relative, alt=self.options.get("alt", uri), scale=100)


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_directive("run", Run)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
