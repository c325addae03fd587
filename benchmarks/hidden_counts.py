"""Attacks on the protected tables of random questionnaires: is any hidden small number worked back?

    PYTHONPATH=src:. python benchmarks/hidden_counts.py FIRST LAST >> benchmarks/hidden-counts.csv

One line a questionnaire (its seed): respondents, groups, rules, hidden small numbers, those of which one
value alone fits, small numbers printed, hidden numbers of all. The attack (tests/disclosure/rule_attack.py)
knows what is printed, the questionnaire (least, most, exclusive options, overlapping groups) and the rule of
hiding.
"""

import sys

from tests.disclosure.rule_attack import RuleAttack, random_responses


def main(first: int, last: int) -> None:
    """Attack the questionnaires of these seeds, the last one not included."""
    if first == 0:
        print("seed,n,banner,groups,least,most,exclusive,gaps,small,worked_back,printed_small,hidden,numbers")
    for seed in range(first, last):
        responses = random_responses(seed)
        banner, asked, *_ = responses.instrument.questions
        attack = RuleAttack(responses, "office", 5)
        known, small = attack.worked_back()
        gaps = int(responses.data.isna().any(axis=None))
        exclusive = int(any(option.exclusive for option in asked.options))
        about = [seed, len(responses), banner.kind, len(banner.options), asked.least or 0, asked.most or 0]
        printed = len(attack.shown_small())
        numbers = len(attack.hidden) + len(attack.values) - 1
        print(
            *about,
            exclusive,
            gaps,
            small,
            len(known),
            printed,
            len(attack.hidden),
            numbers,
            sep=",",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
