"""What holds of every option of every command."""

import click
import pytest

from survey.cli import main
from survey.cli.commands import Command, takes_one_value
from survey.messages import message
from tests.cli.helpers import COMMANDS, options_of, run

ONE_VALUE = [
    (words, name)
    for words, command in COMMANDS.items()
    for name, option in options_of(command).items()
    if takes_one_value(option)
]


def sample(parameter: click.Parameter) -> list[str]:
    """A value that the parameter takes."""
    if isinstance(parameter.type, click.Choice):
        return [str(parameter.type.choices[0])]
    return ["1" if isinstance(parameter.type, click.types.IntParamType) else "0.5"] * parameter.nargs


def needed(command: click.Command, but: click.Parameter) -> list[str]:
    """The words that the command cannot do without, `but` one."""
    words = []
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            words += ["x"]
        elif parameter.required and parameter is not but:
            words += [parameter.opts[0], *sample(parameter)]
    return words


@pytest.mark.parametrize(
    ("words", "name"), ONE_VALUE, ids=lambda value: value if isinstance(value, str) else "-".join(value)
)
def test_an_option_of_one_value_given_twice_is_refused(words, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = COMMANDS[words]
    option = options_of(command)[name]
    given = [name, *sample(option)]
    code, out, err = run(*words, *needed(command, option), *given, *given)
    assert (code, out) == (2, "")
    assert f"{option.opts[-1]} takes one value and is given 2 times." in err
    assert list(tmp_path.iterdir()) == []


def test_two_names_of_an_option_are_one_and_its_value_is_not_repeated():
    code, _, err = run("check", "x.xlsx", "-o", "a.xlsx", "--output=b.xlsx", "--lang", "zh")
    assert code == 2
    assert "--output 只接受一个值，却给出了 2 次" in err
    err = run("analyze", "x.xlsx", "--password", "first", "--password=second")[2]
    assert "first" not in err
    assert "second" not in err


def test_what_may_be_repeated_still_may(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    several = ["-o", "a.xlsx", "--output", "a.html"]
    for words in (
        several,
        ["--where", "a=b", "--where", "c=d"],
        ["--drop", "x", "--drop", "y"],
        ["--suppress"] * 2,
    ):
        assert "no file" in run("analyze", "x.xlsx", *words)[2]


def test_a_value_that_looks_like_the_option_is_a_value(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "no file" in run("analyze", "--sheet", "--sheet", "x.xlsx")[2]


def test_every_command_is_made_the_same_way():
    assert len(COMMANDS) == 31
    for words, command in COMMANDS.items():
        assert isinstance(command, Command), words
        module = command.callback.__module__.removeprefix("survey.cli.")
        assert module == ".".join(words)  # a file in cli/ is named after its command


def test_groups_take_no_value_but_the_language():
    def groups(group):
        yield group
        for name in group.list_commands(click.Context(group)):
            if isinstance(child := group.get_command(click.Context(group), name), click.Group):
                yield from groups(child)

    for group in groups(main):
        takes = {option.name for option in options_of(group).values() if takes_one_value(option)}
        assert takes == {"lang"}, group.name


@pytest.mark.parametrize("words", [(), ("instrument",)])
def test_a_group_refuses_two_languages(words):
    code, _, err = run(*words, "--lang", "zh", "--lang", "en", "list")
    said = [message("option_twice", lang, option="--lang", count=2) for lang in ("en", "zh")]
    assert (code, err.strip() in said) == (2, True)
