"""The pages of docs/ in Chinese hold what the English ones do: parts, code, tables, commands and names.

A page is written anew and not word by word, so what is compared is what no language changes. Whoever adds a
heading, an example, a row or an option to one page is told that the other lacks it.
"""

import re
from pathlib import Path

import pytest

from tests.paths import ROOT

ENGLISH = ROOT / "docs"
CHINESE = ENGLISH / "zh"
NAMES = sorted(path.name for path in ENGLISH.glob("*.md"))
FENCE = re.compile(r"^( *)```(.*)\n((?:.*\n)*?)\1```$", re.MULTILINE)
# The picture of the home page is drawn with Chinese words when the site is built; reports/ has English ones.
OWN_BLOCKS = {"index.md": ["{run}"]}
# Words that a report prints, which are Chinese in a Chinese one.
PRINTED = {"what-the-numbers-fix.md": {"draws"}}


def _text(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def _prose(text: str) -> str:
    """A page without its code."""
    return FENCE.sub("", text)


def headings(text: str) -> list[int]:
    """The depth of each heading."""
    return [len(marks) for marks in re.findall(r"^(#+) ", _prose(text), re.MULTILINE)]


def blocks(text: str) -> list[str]:
    """The language of each block of code."""
    return [language.partition(" ")[0] for _, language, _ in FENCE.findall(text)]


def commands(text: str) -> list[str]:
    """The commands of the console blocks, as far as their first option or file."""
    lines = re.findall(r"^ *\$ (survey(?: [a-z][a-z-]*)+)(?= |$)", text, re.MULTILINE)
    return [line.strip() for line in lines]


def tables(text: str) -> list[tuple[int, int]]:
    """Rows and columns of each table."""
    whole = [table.splitlines() for table in re.findall(r"(?:^\|.*\|$\n?)+", _prose(text), re.MULTILINE)]
    return [(len(rows), len(re.findall(r"(?<!\\)\|", rows[0])) - 1) for rows in whole]


def names(text: str) -> set[str]:
    """Keys, columns, functions, calls and options that a page names."""
    spans = {" ".join(span.split()) for span in re.findall(r"`([^`]+)`", _prose(text))}
    return {span for span in spans if re.fullmatch(r"[a-z][a-z0-9_.]*(\(.*\))?|--[a-z-]+", span)}


def test_every_page_has_a_twin():
    assert sorted(path.name for path in CHINESE.glob("*.md")) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("of", [headings, blocks, tables], ids=lambda part: part.__name__)
def test_a_chinese_page_is_made_as_the_english_one(name, of):
    own, twin = of(_text(CHINESE, name)), of(_text(ENGLISH, name))
    for block in OWN_BLOCKS.get(name, []) if of is blocks else []:
        own.remove(block)
    assert own == twin


@pytest.mark.parametrize("name", NAMES)
def test_a_chinese_page_shows_the_same_commands(name):
    assert commands(_text(CHINESE, name)) == commands(_text(ENGLISH, name))


@pytest.mark.parametrize("name", NAMES)
def test_a_chinese_page_names_what_the_english_one_names(name):
    assert names(_text(ENGLISH, name)) - names(_text(CHINESE, name)) == PRINTED.get(name, set())


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_chinese_page_stay_in_chinese(name):
    assert re.findall(r"\]\(\.\./([\w-]+\.md)", _text(CHINESE, name)) == []


def test_the_two_home_pages_list_the_same_pages_in_the_same_order():
    listed = [
        [
            re.findall(r"^[\w/-]+$", block, re.MULTILINE)
            for _, language, block in FENCE.findall(page)
            if language == "{toctree}"
        ]
        for page in (_text(ENGLISH, "index.md"), _text(CHINESE, "index.md"))
    ]
    assert listed[0] == listed[1] != []


def test_the_comparison_would_see_what_is_missing():
    """On a page without a heading, a block, a row, a command or a name the functions above say so."""
    page = "# A\n\n## B\n\n```console\n$ survey check x.csv --drop y\n```\n\n"
    page += "| a | b |\n|---|---|\n| `key` | `--drop` |\n"
    assert (headings(page), blocks(page), tables(page)) == ([1, 2], ["console"], [(3, 2)])
    assert (commands(page), names(page)) == (["survey check"], {"key", "--drop"})
    assert headings(page.replace("## B\n", "")) == [1]
    assert tables(page.replace("| `key` | `--drop` |\n", "")) == [(2, 2)]
    assert names(page.replace("`key`", "键")) == {"--drop"}
