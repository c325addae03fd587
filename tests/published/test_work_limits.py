"""How far a search goes is counted: what is given up says so, and its range holds the true one."""

import numpy as np
import pytest

import survey
from survey.published.bounds import integer_program
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Program, Undecided, total


def knapsacks(items: int = 40, seed: int = 0) -> tuple[Program, list[tuple[int, float]]]:
    """Items that are worth and weigh something: choosing them takes a search of many nodes."""
    rng = np.random.default_rng(seed)
    program = Program()
    picks = [program.variable(1) for _ in range(items)]
    for _ in range(5):
        weights = rng.integers(1, 100, items).tolist()
        program.keep(list(zip(picks, weights, strict=True)), 0, sum(weights) // 3)
    return program, list(zip(picks, rng.integers(1, 100, items).tolist(), strict=True))


def test_a_search_that_is_given_up_gives_an_outer_range(monkeypatch):
    program, worth = knapsacks()
    whole = program.extent(worth)
    monkeypatch.setattr(integer_program, "MOST_NODES", 1)
    given_up = program.extent(worth)
    assert whole.status == OPTIMAL
    assert given_up.status == UNPROVED
    assert given_up.low == whole.low == 0
    assert given_up.high > whole.high


def test_a_limit_is_met_at_the_same_place_every_time(monkeypatch):
    monkeypatch.setattr(integer_program, "MOST_NODES", 3)
    program, worth = knapsacks()
    for pick, value in worth:
        program.cost[pick] = -value
    solutions = [program.solve().tolist() for _ in range(3)]
    assert solutions[0] == solutions[1] == solutions[2]
    assert any(solutions[0])


def test_a_program_that_is_too_large_is_not_begun(monkeypatch):
    monkeypatch.setattr(integer_program, "MOST_ENTRIES", 10)
    program = Program()
    program.keep(total(program.variables(10, 1)), 0, 5)
    assert program.solve() is not None
    program.keep(total(program.variables(1, 1)), 0, 5)
    with pytest.raises(Undecided):
        program.solve()
    with pytest.raises(Undecided):
        program.extent([(0, 1)])


@pytest.mark.parametrize("call", [survey.audit, survey.reconstruct, survey.reconstructions])
def test_what_was_not_decided_is_told(findings, monkeypatch, call):
    monkeypatch.setattr(integer_program, "MOST_ENTRIES", 10)
    with pytest.raises(survey.FindingsError, match=r"not decided .*\(4 groups, 137 respondents\)"):
        call(findings)
