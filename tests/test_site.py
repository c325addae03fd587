"""The site of the documentation: it builds without a warning, holds everything public, needs no network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import yaml

import survey
from survey.tables import CONTRACTS
from tests.paths import ROOT

LANGUAGES = ["en", "zh"]


class _References(HTMLParser):
    """What a page loads, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"script", "img", "source"} and given.get("src"):
            self.loaded.append(given["src"])
        if tag == "link" and given.get("rel") in {"stylesheet", "icon"}:
            self.loaded.append(given["href"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Both languages, side by side as they are handed on."""
    folder = tmp_path_factory.mktemp("site")
    for lang in LANGUAGES:
        command = [sys.executable, ROOT / "docs" / "build.py", lang, folder / lang]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stderr
    return folder


def _pages(folder):
    return sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts)


def test_every_link_within_the_site_leads_somewhere(site):
    """The strict build checks links between pages; here the other language, too, and pictures."""
    broken = []
    for page in _pages(site):
        references = _References(page.read_text(encoding="utf-8"))
        for target in [*references.links, *references.loaded]:
            parts = urlsplit(target)
            if not parts.scheme and parts.path and not (page.parent / unquote(parts.path)).resolve().exists():
                broken.append((page.relative_to(site).as_posix(), target))
    assert not broken


def test_nothing_is_loaded_from_the_network(site):
    for page in _pages(site):
        assert not [
            one for one in _References(page.read_text(encoding="utf-8")).loaded if urlsplit(one).netloc
        ]
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?https?:", sheet.read_text(encoding="utf-8")), sheet


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_name_has_its_docstring_there(site, lang):
    pages = [
        path.read_text(encoding="utf-8") for path in (site / lang / "generated").glob("functions-*.html")
    ]
    described = set(re.findall(r'id="(survey\.[\w.]+)"', "".join(pages)))
    assert {f"survey.{name}" for name in survey.__all__} - {"survey.__version__"} <= described


def test_keys_say_what_may_stand_behind_them_and_what_they_are(site):
    """References, choices and names are followed: no key may hold just anything."""
    cells = re.findall(
        r"<td>(.*?)</td>", (site / "en" / "generated" / "keys.html").read_text("utf-8"), re.DOTALL
    )
    text = "\n".join(re.sub(r"<[^>]+>", "", cell).strip() for cell in cells)
    assert not re.search(r"\b(anything|keys and values)\b", text)
    assert "scales\nby name: Scale" in text
    assert "questions\nlist of Question or Grid" in text
    assert "earliest\ndate, such as 2026-04-30" in text
    assert "The languages of the reports, one report in each." in text
    chinese = (site / "zh" / "generated" / "keys.html").read_text(encoding="utf-8")
    assert "报告的语言，每种语言各一份。" in chinese


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_picture_of_the_gallery_opens_at_its_full_size(site, lang):
    text = (site / lang / "gallery.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<img [^>]*src="(_images/[^"]+)"', text)
    assert len(pictures) > 12
    assert {f'href="{picture}"' for picture in pictures} <= set(re.findall(r'href="[^"]+"', text))


def test_the_frame_of_a_chinese_page_is_chinese(site):
    """The theme has words that Sphinx's catalogue lacks: docs/locale/ has them."""
    text = (site / "zh" / "plan.html").read_text(encoding="utf-8")
    assert all(word in text for word in ("上一页", "下一页", "本页内容"))
    assert not re.search(r">\s*(Next|Previous|Home|On this page)\s*<", text)


def test_every_column_says_what_it_holds():
    meanings = yaml.safe_load((ROOT / "docs" / "extensions" / "columns.yaml").read_text(encoding="utf-8"))
    columns = {column for contract in CONTRACTS.values() for column in contract}
    assert columns - set(meanings) == set()
    assert set(meanings) - columns == set()
    assert all(set(meaning) == set(LANGUAGES) for meaning in meanings.values())


def test_a_block_that_fails_ends_the_build(tmp_path):
    """Code on a page runs when the site is built: an example that no longer works is no example."""
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path[:0] = [{str(ROOT / 'docs' / 'extensions')!r}]\n"
        "extensions = ['myst_parser', 'run_code']\n"
    )
    (tmp_path / "index.md").write_text("# Page\n\n```{run}\nprint(1 / 0)\n```\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", str(tmp_path), str(tmp_path / "out")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode != 0
    assert "ZeroDivisionError" in built.stderr + built.stdout or "division by zero" in built.stderr
    (tmp_path / "index.md").write_text("# Page\n\n```{run}\nprint(6 * 7)\n```\n")
    assert subprocess.run(command, check=False).returncode == 0
    assert "42" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_ends_of_lines_show_no_blank_in_chinese(tmp_path):
    """Between Chinese characters, and at Chinese signs, also before code; between other words they stay."""
    (tmp_path / "conf.py").write_text(
        f"import sys\nsys.path[:0] = [{str(ROOT / 'docs' / 'extensions')!r}]\n"
        "extensions = ['myst_parser', 'chinese_lines']\n"
    )
    lines = ["# 页", "", "一轮", "两轮，", "`code`。", "三轮 SPSS", "四轮 two", "words"]
    (tmp_path / "index.md").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "text", str(tmp_path), str(tmp_path / "out")]
    assert subprocess.run(command, check=False).returncode == 0
    assert '一轮两轮，"code"。三轮 SPSS 四轮 two words' in (tmp_path / "out" / "index.txt").read_text("utf-8")
