"""Languages are found in one place: with a third in a copy of the catalogue the whole command works in it."""

import ast
import datetime
import os
import re
import shutil
import subprocess
import sys
from fractions import Fraction

import click
import pytest

from survey.cli import main
from survey.messages import LANGUAGES, message
from survey.messages.__main__ import main as listed
from survey.messages.number_forms import Value, percent, plural, plural_categories
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


# Where a comma joins what is no sentence: code, cells of data, what a file stores; by file and function.
JOINED = {
    "counts/row_totals.py": ("_ranks_off",),  # numbers as they were given
    "counts/definition.py": (
        "_banners",
        "_conditions",
        "condition_text",
    ),  # stored, and typed again
    "drafting/definitions/odk_form.py": ("form_sketch",),  # column names
    "drafting/definitions/qsf.py": ("qsf_sketch",),  # keys
    "drafting/yaml_text.py": (
        "_lines",
        "_set_apart",
        "_words",
        "part_line",
        "question_lines",
        "scale_lines",
    ),  # YAML
    "export/data_dictionary.py": ("_entry",),  # a cell of data
    "export/r_script.py": ("write_r",),  # R
    "export/xlsform.py": (
        "_constraint",
        "_rank_fields",
        "_relevant",
        "_relevant_rank",
    ),  # a formula
    "files/plain_values.py": ("plain_value",),  # a cell of data
    "ingest/provenance.py": ("file_hashes", "file_names"),  # stored
    "ingest/provenance_pairs.py": ("provenance_pairs",),  # stored
    "ingest/data_frames.py": ("_plain_value",),  # a cell of data
    "ingest/responses.py": (
        "digest_of",
        "where",
    ),  # hashed, or a condition as typed
    "instrument/describe.py": ("_keys", "_survey"),  # keys
    "instrument/schema_layout.py": ("_plain",),  # YAML
    "instrument/versions.py": ("_word_changes",),  # a condition as it is typed
    "instrument/yaml_lines.py": ("flow",),  # YAML
    "interviews/interchange/databases.py": ("rows",),  # SQL
    "interviews/consensus.py": ("export_consensus",),  # cells
    "interviews/segments.py": ("__repr__",),  # a repr
    "interviews/segment_workbook.py": ("_fill_segments",),  # a list of choices of a cell, as Excel writes it
    "published/bounds/queries.py": (
        "rated_together",
        "__str__",
        "_bases_text",
        "span",
    ),  # an expression
    "published/reconstruction/ensemble.py": ("_bases_text",),  # a cell of data
    "render/cell_views.py": ("_csv",),  # CSV
    "render/excel/sheet_writer.py": ("_set_printed",),  # a range of cells
    "render/excel/cells.py": ("_number_format",),  # a format of Excel
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
    assert book.sheetnames[:2] == ["Überblick", "Topline"]  # the second is not translated
    # An instrument that lacks the language is shown in one that it has.
    texts = {
        cell.value for row in book["Überblick"].iter_rows() for cell in row if isinstance(cell.value, str)
    }
    assert any("86%" in text for text in texts)


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
    assert 'and_more: "({count:,} more.)"' in lines
    assert not any(line.startswith("report_written:") for line in lines)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp936"])
def test_the_list_can_be_kept_whatever_the_console_writes(with_german, encoding):
    import yaml

    listed = with_german("de", module="survey.messages", PYTHONIOENCODING=encoding).stdout
    texts = yaml.safe_load(listed)
    assert {key: english()[key] for key in texts} == texts
    assert not all(map(str.isascii, texts.values()))


@pytest.mark.parametrize("words", [("--help",), ("../de",), ("de", "fr")])
def test_the_list_is_of_one_language(words, capsys):
    assert listed(list(words)) == 2
    assert capsys.readouterr().out == ""


def test_a_language_without_its_file_is_said_to_be_unknown(capsys):
    assert listed(["fr"]) == 0
    assert "fr/language.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'file_not_found: "x\n - broken: [', "de/more.yaml, line"),
        (b"- a\n- b", "de/more.yaml: it is no list"),
        (b'nothing_written: "\xe4"', "de/more.yaml: 'utf-8' codec"),
    ],
)
def test_a_file_of_a_translator_that_cannot_be_read_is_named(text, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("survey.messages.translation._FOLDER", tmp_path)
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "more.yaml").write_bytes(text)
    assert listed(["de"]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["{count} {count:Problem}. Nichts.", "{count} Probleme {", "{anzahl} Probleme.", "Probleme.", 5, None],
)
def test_a_text_that_could_not_be_said_is_unusable(text, monkeypatch):
    known = {"nothing_written": text}
    monkeypatch.setattr(
        "survey.messages.translation._translations", lambda lang: known if lang == "de" else {}
    )
    assert unusable("de") == ["nothing_written"]
    known["nothing_written"] = "{count} {count:Problem|Probleme}."
    assert unusable("de") == []


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


def test_a_percentage_is_nothing_or_all_only_where_it_is():
    assert percent(0.9995, "en", 1) == "99.95%"
    assert percent(Fraction(1, 3000), "en", 1) == "0.03%"
    assert (percent(0, "en", 1), percent(1, "en", 1)) == ("0.0%", "100.0%")
    assert percent(1 - 1e-15, "en", 1) == "100.0%"  # a float's hair


@pytest.mark.parametrize(
    ("value", "form", "lang", "text"),
    [
        (0.794, ".1p", "en", "79.4"),
        (0.05, "+.1p", "zh", "+5.0"),
        (-0.125, "+.1p", "de", "-12,5"),
        (32767, ",", "en", "32,767"),
        (32767, ",", "de", "32.767"),
        (32767, ",", "pt-BR", "32.767"),
        (0.125, ".2f", "en", "0.13"),
        (0.05, "g", "de", "0,05"),
        ("hidden", ".1%", "en", "hidden"),
        (float("inf"), ".1f", "en", "inf"),
        (["甲", "乙"], "or", "zh", "甲或乙"),
        (1, "row|rows", "en", "row"),
        (float("nan"), "row|rows", "en", "rows"),
    ],
)
def test_values_of_messages(value, form, lang, text):
    assert format(Value(value, lang), form) == text


def test_no_key_stands_for_one_thing_only():
    keys = english().keys()
    assert not [key for key in keys if key.endswith("_one") and key.removesuffix("_one") in keys]


@pytest.mark.parametrize("lang", FULL)
def test_percent_is_spelt_in_one_way(lang):
    assert not [key for key, text in translated(lang).items() if re.search(r"\s[%％]|[{]\w+[}]％", text)]


SOURCES = sorted((ROOT / "src" / "survey").rglob("*.py"))
# What speaks of the languages of what is read or printed, and not of those of the tool: a guide may be in one
# that the catalogue does not have (its table is of scripts and their fonts), a form of another tool too.
OF_FILES = ("interviews/guide.py", "drafting/", "ingest/row_words.py")


def faults_of(source):
    """What a module says of languages that only the catalogue should know."""
    tree = ast.parse(source)
    defaults = {
        id(default)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument, default in [
            *zip(reversed(node.args.args), reversed(node.args.defaults), strict=False),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        if argument.arg in ("lang", "language")
    }
    defaults |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "lang"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in FULL and id(node) not in defaults:
            yield f"line {node.lineno}: names {node.value!r}"
        if isinstance(node, ast.JoinedStr):
            texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            if any(re.match(r"\s%", text) for text in texts):
                yield f"line {node.lineno}: a percentage with a blank"
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "lower":
            inner = node.func.value
            name = getattr(
                getattr(inner, "func", None), "id", getattr(getattr(inner, "func", None), "attr", "")
            )
            if name in ("message", "say", "named", "said", "text_in"):
                yield f"line {node.lineno}: words of a language made small"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src/survey").as_posix())
def test_what_only_the_catalogue_knows_of_languages(path):
    place = path.relative_to(ROOT / "src" / "survey").as_posix()
    if not place.startswith(("messages/", *OF_FILES)):
        assert list(faults_of(path.read_text(encoding="utf-8"))) == []


def test_the_faults_are_seen():
    assert list(faults_of('def f(x, lang="en"):\n    pass\nclass A:\n    lang: str = "en"\n')) == []
    assert len(list(faults_of('if lang == "zh":\n    text = f"{share} %"\n'))) == 2
    assert len(list(faults_of('noun = question.named(lang).lower()\ntext = message("a").lower()'))) == 2
    assert len(list(faults_of('def f(x="en", *, lang="zh"):\n    return "en"'))) == 2


# -- consoles that cannot show every character ---------------------------------------------------------------


def on_console(encoding, *words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "survey", *map(str, words)]
    return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp936"])
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


@pytest.mark.parametrize(
    ("key", "values", "text"),
    [
        ("draft_reason_numbers", {"different": 1, "cells": 1}, "1 different number in 1 cell"),
        ("alt_diverging", {"points": 5, "items": 1, "question": "Pay"}, "for 1 item of Pay"),
    ],
)
def test_one_is_said_of_one(key, values, text):
    assert text in message(key, "en", **values)


def test_every_list_is_written_as_the_language_enumerates():
    """`message` writes lists; what a comma joins is code, a cell of data or what is stored in a file."""
    joined = {
        (path.relative_to(ROOT / "src" / "survey").as_posix(), function.name)
        for path in (ROOT / "src" / "survey").rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "join"
        and isinstance(call.func.value, ast.Constant)
        and str(call.func.value.value).strip() in (",", ";", "and")
    }
    assert joined == {(file, name) for file, names in JOINED.items() for name in names}
    assert message("survey_sheets_several", "zh", file="a", known=["甲", "乙", "丙"]).count("、") == 2


def test_numbers_lists_and_dates_are_those_of_the_language():
    day = datetime.date(2026, 4, 30)
    text = Value(["a", "b", "c"], "en")
    assert (f"{text:or}", f"{text:and}", f"{Value(day, 'en'):date}") == (
        "a, b, or c",
        "a, b, and c",
        "April 30, 2026",
    )
    text = Value(["甲", "乙", "丙"], "zh")
    assert (f"{text:or}", f"{text:and}", f"{Value(day, 'zh'):date}") == (
        "甲、乙或丙",
        "甲、乙和丙",
        "2026年4月30日",
    )
    assert message("page_made_on", "de", date=day).endswith("April 30, 2026")  # in English as a whole


@pytest.mark.parametrize("lang", FULL)
def test_the_operating_system_is_quoted_in_the_language(tmp_path, lang):
    """What a file is refused for never stands in English within a Chinese sentence."""
    with pytest.raises(FileNotFoundError) as refused:
        (tmp_path / "a" / "b").read_text()
    wanted = {"en": "no such file", "zh": "没有这个文件"}[lang]
    assert wanted in message("file_unreadable", lang, told=refused.value)
    unusual = message("file_unreadable", lang, told=OSError(4711, "odd"))
    assert "4711" in unusual
    assert "odd" not in unusual
    assert "it was cut" in message("workbook_damaged", lang, told=ValueError("it was cut\nhere"))
    unsaid = message("workbook_damaged", lang, told=ValueError())
    assert {"en": "no cause", "zh": "未给出原因"}[lang] in unsaid
    assert "Error" not in unsaid  # the name of a class says nothing to a reader
