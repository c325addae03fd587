"""Languages are found in one place: with a third in a copy of the catalogue the whole command works in it."""

import os
import shutil
import subprocess
import sys
from fractions import Fraction

import click
import pytest

from survey.cli import main
from survey.messages import LANGUAGES, message
from survey.messages.number_forms import percent, plural, plural_categories
from survey.messages.translation import english, translated, untranslated, unusable, values_of
from tests.cli.helpers import COMMANDS, options_of
from tests.paths import FINDINGS, ROOT, SAMPLE

FULL = ("en", "zh")

GERMAN = {
    "language.yaml": 'language_name: "Deutsch"\nlist_separator: ", "\nitem_separator: "; "\n',
    "command.yaml": (
        "file_not_found: \"Es gibt keine Datei '{path}'. Pfad prüfen.\"\n"
        'nothing_written: "{count} {count:Problem|Probleme}. Nichts wurde geschrieben."\n'
        'report_written: "Bericht: {path}"\n'
        'usage_no_option: "Es gibt keine Option {name}."\n'
        'help_command_analyze: "ANTWORTEN lesen und den Bericht schreiben."\n'
        'help_usage: "Aufruf: "\n'
    ),
    "report.yaml": 'sheet_summary: "Überblick"\nsheet_contents: "Inhalt"\nno_message: "nichts"\n',
}


@pytest.fixture(scope="module")
def with_german(tmp_path_factory):
    """Run the command of a copy of the package, in whose catalogue stands a folder for German."""
    root = tmp_path_factory.mktemp("copy")
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "survey", root / "src" / "survey", ignore=kept)
    for name in ("instruments", "data"):
        (root / name).symlink_to(ROOT / name)
    (root / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    folder = root / "src" / "survey" / "messages" / "de"
    folder.mkdir()
    for name, text in GERMAN.items():
        (folder / name).write_text(text, encoding="utf-8")

    def run(*words, module="survey", **variables):
        environment = {
            **os.environ,
            "PYTHONPATH": str(root / "src"),
            "PYTHONIOENCODING": "utf-8",
            **variables,
        }
        command = [sys.executable, "-m", module, *map(str, words)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=root, env=environment)

    return run


def test_the_languages_are_the_folders_of_the_catalogue():
    assert LANGUAGES == FULL
    folders = {path.name for path in (ROOT / "src" / "survey" / "messages").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == set(LANGUAGES)


@pytest.mark.parametrize("lang", FULL)
def test_the_languages_of_the_house_lack_nothing(lang):
    assert untranslated(lang) == {}
    assert unusable(lang) == []


def test_help_and_errors_in_a_third_language(with_german):
    shown = with_german("analyze", "--lang", "de", "--help").stdout
    assert shown.startswith("Aufruf: ")
    assert "ANTWORTEN lesen und den Bericht schreiben." in shown
    assert "--lang [en|de|zh]" in shown
    assert "Leave the pictures out." in shown  # not translated
    wrong = with_german("analyze", "--lang", "de", "--nope")
    assert (wrong.returncode, "Es gibt keine Option --nope." in wrong.stderr) == (2, True)
    gone = with_german("analyze", "nowhere.xlsx", "--lang", "de")
    assert gone.stderr.splitlines() == [
        "Es gibt keine Datei 'nowhere.xlsx'. Pfad prüfen.",
        "1 Problem. Nichts wurde geschrieben.",
    ]


def test_a_report_in_a_third_language(with_german, tmp_path):
    from openpyxl import load_workbook

    target = tmp_path / "bericht.xlsx"
    made = with_german("analyze", SAMPLE, "--lang", "de", "--no-pictures", "-o", target)
    assert (made.returncode, made.stderr, made.stdout) == (0, "", f"Bericht: {target}\n")
    book = load_workbook(target)
    assert book.sheetnames[:2] == ["Inhalt", "Überblick"]
    assert "Method and notes" in book.sheetnames  # not translated
    # An instrument that lacks the language is shown in one that it has.
    texts = {
        cell.value for row in book["Überblick"].iter_rows() for cell in row if isinstance(cell.value, str)
    }
    assert any("86.1" in text for text in texts)


@pytest.mark.parametrize(
    "words",
    [
        ("check", SAMPLE),
        ("audit", FINDINGS),
        ("instrument", "list"),
        ("instrument", "show", "executive-survey"),
        ("instrument", "diff", "executive-survey@1.0.0", "executive-survey@1.0.0"),
        ("match", SAMPLE),
        ("interviews", "check", ROOT / "data" / "interviews" / "segments.xlsx"),
    ],
    ids=lambda words: " ".join(map(str, words[:2])),
)
def test_every_command_works_in_a_third_language(with_german, words):
    made = with_german(*words, "--lang", "de")
    assert made.returncode == 0, made.stderr
    assert "Traceback" not in made.stderr
    assert made.stdout


def test_what_goes_into_the_field_in_a_third_language(with_german, tmp_path):
    for words in (
        ("instrument", "export", "executive-survey", "--to", "xlsx", "-o", tmp_path / "f.xlsx"),
        ("instrument", "export", "executive-survey", "--to", "html", "-o", tmp_path / "f.html"),
        ("interviews", "guide", "-o", tmp_path / "g.docx"),
        ("interviews", "guide", "-o", tmp_path / "g.xlsx"),
    ):
        made = with_german(*words, "--lang", "de")
        assert made.returncode == 0, made.stderr


def test_what_a_language_lacks_is_listed(with_german):
    listed = with_german("de", module="survey.messages")
    assert (listed.returncode, "no_message" in listed.stderr) == (1, True)  # a slip of the translator
    lines = listed.stdout.splitlines()
    missing = len(english()) - sum(text.count("\n") for text in GERMAN.values())
    assert len(lines) == missing + 1
    assert 'and_more: "({count} more.)"' in lines
    assert not any(line.startswith("report_written:") for line in lines)


# -- help ---------------------------------------------------------------------------------------------------

GROUPS = {
    (): main,
    **{(name,): main.get_command(click.Context(main), name) for name in ("instrument", "interviews")},
}


@pytest.mark.parametrize("lang", FULL)
def test_every_command_and_option_has_help_in_every_full_language(lang):
    known = translated(lang)
    for words, command in {**GROUPS, **COMMANDS}.items():
        keys = [command.help, *(option.help for option in options_of(command).values())]
        for key in keys:
            assert key in known, (words, key)
            assert message(key, lang).strip()


# -- numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "lang", "digits", "text"),
    [
        (Fraction(118, 137), "en", 1, "86.1%"),
        (Fraction(118, 137), "zh", 1, "86.1%"),
        (Fraction(118, 137), "de", 1, "86,1\N{NO-BREAK SPACE}%"),
        (Fraction(1, 8), "en", 0, "13%"),  # half up, where Babel alone would go to the even 12
        (0.95, "en", None, "95%"),
        (0.9999, "zh", None, "99.99%"),
        (0, "en", 1, "0.0%"),
        (Fraction(-1, 8), "en", 1, "-12.5%"),
    ],
)
def test_percentages(value, lang, digits, text):
    assert percent(value, lang, digits) == text


def test_plurals():
    forms = ["строка", "строки", "строк", "строки"]
    assert plural_categories("ru") == ["one", "few", "many", "other"]
    assert [plural(count, forms, "ru") for count in (1, 2, 5, 21)] == ["строка", "строки", "строк", "строка"]
    assert plural("3 to 5", ["row", "rows"]) == "rows"
    assert plural(5, ["行"], "zh") == "行"


def test_plural_forms_are_as_many_as_the_language_has():
    import string

    for lang in FULL:
        for key, text in translated(lang).items():
            for _, name, form, _ in string.Formatter().parse(text):
                if form and "|" in form:
                    assert len(form.split("|")) == len(plural_categories(lang)), (lang, key, name)
            assert values_of(text) == values_of(english()[key]), key


# -- consoles that cannot show every character ---------------------------------------------------------------


def on_console(encoding, *words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "survey", *map(str, words)]
    return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "gbk"])
@pytest.mark.parametrize("lang", FULL)
def test_no_console_ends_a_run(lang, encoding):
    for words in (("instrument", "show", "executive-survey"), ("match", SAMPLE), ("--help",)):
        done = on_console(encoding, *words, "--lang", lang)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
        assert done.stdout
    wrong = on_console(encoding, "analyze", "没有.xlsx", "--lang", lang)
    assert (wrong.returncode, b"Traceback" in wrong.stderr) == (2, False)
    assert b".xlsx" in wrong.stderr


def test_a_report_is_written_and_told_where_the_console_cannot_show_its_name(tmp_path):
    target = tmp_path / "报告.xlsx"
    done = on_console("cp1252", "analyze", SAMPLE, "--lang", "zh", "--no-pictures", "-o", target)
    assert (done.returncode, done.stderr) == (0, b"")
    assert target.is_file()
    assert rb"\u62a5\u544a.xlsx" in done.stdout
