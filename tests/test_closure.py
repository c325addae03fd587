"""constraints.txt holds everything that an installation with all extras brings along."""

import re
import sys

import pytest
from packaging.utils import canonicalize_name

from tests.closure import CONSTRAINTS, closure, direct, listed


def test_the_lines_are_exact_sorted_and_free_of_addresses():
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()[1:]
    assert lines == sorted(set(lines), key=str.lower)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[\w.]+", line) for line in lines)


def test_what_is_needed_is_listed():
    """What a newer release than the listed one needs is its own affair."""
    versions = listed()
    needed = closure(lambda one: versions.get(canonicalize_name(one.metadata["Name"])) == one.version)
    assert sorted(set(needed) - set(versions)) == []
    assert {canonicalize_name(one.name) for one in direct()} <= set(needed)


def test_what_is_listed_is_needed_where_the_versions_are_those_listed():
    versions, needed = listed(), closure()
    installed = {name: one.version for name, one in needed.items() if one is not None}
    if sys.version_info[:2] != (3, 11) or any(versions.get(name) != installed[name] for name in installed):
        pytest.skip("other versions than those listed are installed")
    assert installed == versions


def test_listed_versions_meet_what_is_asked_for():
    versions = listed()
    for one in direct():
        assert one.specifier.contains(versions[canonicalize_name(one.name)]), one


def test_a_missing_line_is_seen(monkeypatch, tmp_path):
    short = tmp_path / "constraints.txt"
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines(keepends=True)
    short.write_text(
        "".join(line for line in lines if not line.lower().startswith("lxml==")), encoding="utf-8"
    )
    monkeypatch.setattr("tests.closure.CONSTRAINTS", short)
    assert "lxml" not in listed()
    assert "lxml" in closure()
