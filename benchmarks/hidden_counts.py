"""Attacks on reports with hidden cells of random questionnaires: is any hidden small number worked back?

    PYTHONPATH=src:. python benchmarks/hidden_counts.py FIRST LAST

Adds one line a questionnaire (its seed, LAST not included) to benchmarks/hidden-counts.csv; seeds that are
there already are left out. `small`: hidden numbers of 1 to 4 that differ; `worked_back`: those of which one
value alone fits; `printed_small`: those that are printed; `exposed`: whether the notes of the report say that
not all can be protected. The attack (tests/disclosure/rule_attack.py) knows what the report prints, the
questionnaire (least, most, exclusive options, required answers, routes by choices, points and numbers, what
derived groups are made of) and the rule of hiding, row by row. Only the sheets Data, which holds every number
of the others, and Notes are composed here.
"""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import scipy

import survey.report.survey as composing
from survey.report.survey import data, notes
from tests.disclosure.random_questionnaires import random_responses
from tests.disclosure.rule_attack import RuleAttack

RECORD = Path(__file__).with_name("hidden-counts.csv")
HEAD = (
    *("seed", "n", "banner", "groups", "questions", "least", "most", "exclusive", "required", "routes"),
    *("by_number", "gaps", "small", "worked_back", "printed_small", "hidden", "numbers", "exposed"),
    *("date", "scipy"),
)


def attacked(seed: int) -> list[object]:
    """What comes of the questionnaire of a seed."""
    responses, banner, kind = random_responses(seed)
    questions = responses.instrument.questions
    attack = RuleAttack(responses, banner, 5)
    known, small = attack.worked_back()
    routes = [one.asked_if for one in questions if one.asked_if]
    return [
        *(seed, len(responses), kind, len(attack.rule.groups), len(questions)),
        *(max(one.least or 0 for one in questions), max(one.most or 0 for one in questions)),
        int(any(option.exclusive for one in questions for option in one.options)),
        *(sum(one.required for one in questions), len(routes)),
        *(sum(route.question == "years" for route in routes), int(responses.data.isna().any(axis=None))),
        *(small, len(known), len(attack.shown_small()), len(attack.hidden)),
        *(len(attack.hidden) + len(attack.values) - 1, int(attack.says_exposed)),
        *(datetime.now(UTC).date(), scipy.__version__),
    ]


def main(first: int, last: int) -> None:
    """Attack the questionnaires of these seeds that are not on record."""
    lines = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
    there = {int(row["seed"]) for row in csv.DictReader(lines)}
    composing.PROTECTED_SHEETS = (data.sheets, notes.sheets)
    with RECORD.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not lines:
            writer.writerow(HEAD)
        for seed in range(first, last):
            if seed not in there:
                writer.writerow(attacked(seed))
                file.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
