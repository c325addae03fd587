"""An option that a message names exists on every command that can say so."""

import ast
import re
from functools import cache

import click
import pytest

from survey.messages import LANGUAGES, PARTS, _part, message
from tests.cli.helpers import COMMANDS, options_of
from tests.test_architecture import MODULES, imports_of

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
NAMED_COMMAND = re.compile(r"survey ([a-z]+(?: [a-z]+)?)")

_READ = {"survey.ingest:read_responses", "survey.ingest.map_proposal:propose_map"}
_SEGMENTS = {"survey.interviews:read_segments"}
_PROJECTS = {"survey.interviews.interchange:export_project"}
_NOTICES = {"survey.cli.options:read"}  # they stand in the responses, and it tells them
_DRAFT = {"survey.drafting:draft_instrument"}
_TALLY = {"survey.cli.counting:count"}
_SURVEY_REPORT = {"survey.report.survey:analyze"}

# Which functions, as commands import them, can raise or tell a message that names an option. Messages that
# commands raise themselves need no line.
SAID_BY = {
    "sheet_not_found": _READ | _SEGMENTS,
    "sheets_several": _READ,
    "waves_in_column": _READ,
    "instruments_several": _READ,
    "files_differ": _READ,
    "file_of_draws": _READ,
    "file_encrypted": _READ
    | _SEGMENTS
    | {
        "survey.interviews:check_privacy",
        "survey.interviews.privacy:read_names",
        "survey.interviews.interchange:read_codes",
        "survey.report.interviews:analyze_interviews",
    },
    "sheet_hidden": _NOTICES,
    "sheets_hidden": _NOTICES,
    "dialect_told": _NOTICES,
    "weights_unreadable": _READ,
    "weight_bounds_alone": {"survey.weights.raking:raking_problems"},
    "schema_design": _READ,
    "weights_used": _NOTICES,
    "weights_replicates": _READ,
    "column_looks_design": _NOTICES,
    "columns_look_replicates": _NOTICES,
    **dict.fromkeys(
        ("codes_by_position", "columns_of_platform", "column_looks_weight", "other_repeated"), _NOTICES
    ),
    **dict.fromkeys(
        (
            *("codes_not_positions", "codes_not_scale", "codes_not_yes_no", "parts_not_positions"),
            *("codes_without_labels", "codes_against_labels", "codes_or_labels", "ticks_two_codes"),
            "rows_without_columns",
        ),
        _READ,
    ),
    "map_head": {"survey.ingest.map_proposal:propose_map"},
    **dict.fromkeys(
        (
            *(
                "no_banner",
                "suppress_columns",
                "suppress_derived",
                "suppress_banners_only",
                "suppress_models",
                "suppress_frame",
                "frame_of_subset",
                "suppress_open_text",
                "suppress_population",
                "suppress_equivalence",
                "suppress_smallest",
                "population_weighted",
            ),
            *("suppress_banners", "suppress_banners_only"),
            *("previous_of_tally", "previous_tally", "previous_same_file", "previous_same_wave"),
            *("previous_later", "previous_part", "previous_condition"),
        ),
        _SURVEY_REPORT,
    ),
    "draws_need_folder": {"survey.report.findings:check_reconstructions_target"},
    **dict.fromkeys(
        (
            *("participant_not_in_document", "people_sheets_several", "segment_sheets_several"),
            *("codebook_not_here", "codebook_needed"),
            *("participant_not_here", "positions_not_here", "positions_in_table"),
        ),
        _SEGMENTS,
    ),
    # Said by the reader of projects, which `read_segments` finds by name.
    **dict.fromkeys([f"refi_counted_{why}" for why in ("edges", "project", "tool", "standard")], _PROJECTS),
    **dict.fromkeys(
        ("project_not_found", "projects_several", "sheet_not_here"),
        _SEGMENTS | {"survey.interviews.interchange:read_codes"},
    ),
    "codebook_not_told": {"survey.interviews.segment_workbook:codebook_for"},
    **dict.fromkeys(
        (
            *("cell_not_option", "cell_not_on_scale", "cell_excel_date", "numbers_mixed", "numbers_open"),
            *(
                "numbers_open_beside",
                "numbers_look_missing",
                "fractions_beside_per_cents",
                "fractions_or_per_cents",
            ),
        ),
        _NOTICES,
    ),
    **dict.fromkeys(("draft_seen", "draft_sheets_several"), _DRAFT),
    "joint_other_schema": {"survey.report.interviews:analyze_interviews"},
    "joint_voice_missing": {"survey.report.interviews:analyze_interviews"},
    **dict.fromkeys(
        (
            *("tally_columns_absent", "tally_needs_instrument", "tally_rules_not_applied"),
            *("tally_small_counts", "tally_options_of_exports", "folder_without_parquet"),
        ),
        _TALLY,
    ),
    **dict.fromkeys(
        (
            *(
                "tally_banner_not_counted",
                "tally_pair_not_counted",
                "tally_number_pairs",
                "tally_patterns_full",
            ),
            "tally_open_text",
        ),
        _SURVEY_REPORT,
    ),
}
# What click's own errors end in; every command and group has --help.
EVERYWHERE = {"usage_help"}


def imported(tree: ast.AST) -> set[str]:
    """What the statements of a module or function import, as `module:name`."""
    return {
        f"{node.module}:{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def functions_of(words: tuple[str, ...]) -> set[str]:
    """The functions a command calls, those that what is shared calls for it included."""
    shared = {
        f"{module}:{node.name}": imported(node)
        for module in ("survey.cli.options", "survey.cli.report_options", "survey.cli.segment_options")
        for node in parsed(module).body
        if isinstance(node, ast.FunctionDef)
    }
    direct = imported(parsed(".".join(("survey.cli", *words))))
    return direct | {inner for name in direct & set(shared) for inner in shared[name]}


def texts() -> dict[str, dict[str, str]]:
    """Every message that names an option, by language."""
    named = {}
    for part in set(PARTS) - {"help"}:  # of which there is a test below
        for key, forms in _part(part).items():
            if any(OPTION.search(text) for text in forms.values()):
                named[key] = forms
    return named


TEXTS = texts()
SOURCES = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}


def modules_that_say(key: str) -> set[str]:
    return {name for name, source in SOURCES.items() if f'"{key}"' in source}


@cache
def speakers(key: str) -> set[tuple[str, ...]]:
    """The commands that can say a message: those whose module does, or that call a function that can."""
    own = {tuple(name.split(".")[2:]) for name in modules_that_say(key) if name.startswith("survey.cli.")}
    functions = SAID_BY.get(key, set())
    return (own & set(COMMANDS)) | {words for words in COMMANDS if functions_of(words) & functions}


def lacking(key: str, commands: dict[tuple[str, ...], click.Command]) -> set[tuple[str, str]]:
    """The commands that can say a message, or that it names, with the options they do not have."""
    found = set()
    for text in TEXTS[key].values():
        named = {tuple(words.split()) for words in NAMED_COMMAND.findall(text)}
        named = {words[:length] for words in named for length in (1, 2)} & set(commands)
        found |= {
            (" ".join(words), option)
            for words in named or speakers(key)
            for option in OPTION.findall(text)
            if option not in options_of(commands[words])
        }
    return found


@pytest.mark.parametrize("key", sorted(set(TEXTS) - EVERYWHERE))
def test_an_option_in_a_message_exists_on_every_command_that_can_say_it(key):
    assert speakers(key), "no command says it: name the functions that can in SAID_BY"
    assert not lacking(key, COMMANDS)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_name_the_same_options(key):
    assert len({frozenset(OPTION.findall(text)) for text in TEXTS[key].values()}) == 1


def test_the_fault_is_seen_where_export_has_no_sheet():
    without = click.Command(
        "export", params=[p for p in COMMANDS["export",].params if "--sheet" not in p.opts]
    )
    assert lacking("sheets_several", {**COMMANDS, ("export",): without}) == {("export", "--sheet")}


@cache
def imports(module: str) -> frozenset[str]:
    return frozenset(imports_of(MODULES[module]))


@cache
def reached(module: str) -> set[str]:
    """A module and all that it imports, however far."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in MODULES and name not in seen:
            seen.add(name)
            waiting += imports(name)
    return seen


@pytest.mark.parametrize("key", sorted(SAID_BY))
def test_the_table_names_functions_that_reach_the_message(key):
    assert key in TEXTS, "it names no option any more: take it out of SAID_BY"
    shared = ("survey.cli.counting",)  # what commands count with
    elsewhere = {
        name for name in modules_that_say(key) if not name.startswith("survey.cli.") or name in shared
    }
    assert elsewhere
    used = set().union(*map(functions_of, COMMANDS))
    for function in SAID_BY[key]:
        assert function in used, function
        assert reached(function.partition(":")[0]) & elsewhere, function


def test_help_names_options_that_exist():
    """An option in the help of a command or an option is one of the same command, or of the one it names."""
    for words, command in COMMANDS.items():
        keys = (command.help, *(option.help for option in options_of(command).values()))
        for text in (message(key, lang) for key in keys for lang in LANGUAGES):
            named = {tuple(name.split()) for name in NAMED_COMMAND.findall(text)} & set(COMMANDS)
            for name in OPTION.findall(text):
                assert any(name in options_of(COMMANDS[where]) for where in named or {words}), (words, name)
