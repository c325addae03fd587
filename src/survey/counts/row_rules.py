"""The rules of data quality that look at one respondent alone: how many each finds, of how many."""

from collections.abc import Callable

from survey.counts.batches import NOT_ASKED, Batch
from survey.counts.definition import Definition
from survey.counts.model import Tally
from survey.counts.patterns import YES
from survey.ingest.quality import Quality, rule_row, rules_of
from survey.ingest.quality_rules import RULES
from survey.instrument.questionnaire import QualityRule
from survey.messages import message
from survey.tables import contract_frame

ROW_RULES = ("test_rows", "straight_lining", "incomplete", "exclusive_with_others", "out_of_range")


def rule_counts(batch: Batch, definition: Definition) -> dict[str, tuple[int, int]]:
    """How many each rule finds that looks at one respondent alone, of how many it could look at."""
    own: dict[str, QualityRule] = {str(name): rule for name, rule in definition.instrument.quality.items()}
    found = {}
    for name in ROW_RULES:
        rule = own.get(name)
        if rule and rule.action == "off":
            continue
        setting = rule.setting if rule and rule.setting is not None else RULES[name].setting
        hits = _LOOKS[name](batch, definition, setting)
        found[name] = (0, 0) if hits is None else (hits, batch.size)
    return found


def _test_rows(batch: Batch, _: Definition, __: float) -> int | None:
    return batch.tests


def _out_of_range(batch: Batch, _: Definition, __: float) -> int | None:
    return 0 if batch.out_of_range is None else int(batch.out_of_range.sum())


def _straight_lining(batch: Batch, definition: Definition, least: float) -> int | None:
    import numpy as np

    batteries = [question for question in definition.questions("rating") if len(question.items) >= least]
    if not batteries or batch.reconstructed:
        return None
    straight = np.zeros(batch.size, np.bool_)
    for battery in batteries:
        first, *others = (batch.codes[name] for name in battery.answer_columns)
        same = first > 0
        for codes in others:
            same &= codes == first
        straight |= same
    return int(straight.sum())


def _incomplete(batch: Batch, definition: Definition, share: float) -> int | None:
    import numpy as np

    asked, answered = np.zeros(batch.size, np.int64), np.zeros(batch.size, np.int64)
    for question in definition.instrument.questions:
        names = question.answer_columns
        answered += batch.codes[question.id] > 0
        apart = [batch.kinds[name] == NOT_ASKED for name in names if name in batch.kinds]
        asked += ~np.logical_and.reduce(apart) if len(apart) == len(names) else 1
    odd = (asked - answered) / np.maximum(asked, 1) > share
    if batch.unfinished is not None:
        odd |= batch.unfinished
    return int(odd.sum())


def _exclusive_with_others(batch: Batch, definition: Definition, _: float) -> int | None:
    import numpy as np

    questions = [one for one in definition.questions("multiple") if len(one.groups) < len(one.options)]
    if not questions:
        return None
    odd = np.zeros(batch.size, np.bool_)
    for question in questions:
        ticked, alone = np.zeros(batch.size, np.int64), np.zeros(batch.size, np.bool_)
        for option, name in zip(question.options, question.answer_columns, strict=True):
            own = batch.codes[name] == YES
            ticked += own
            alone |= own & option.exclusive
        odd |= alone & (ticked > 1)
    return int(odd.sum())


_LOOKS: dict[str, Callable[[Batch, Definition, float], int | None]] = {
    "test_rows": _test_rows,
    "straight_lining": _straight_lining,
    "incomplete": _incomplete,
    "exclusive_with_others": _exclusive_with_others,
    "out_of_range": _out_of_range,
}


def tally_quality(tally: Tally, lang: str = "en") -> Quality:
    """What the rules found that look at one respondent alone; rules that compare respondents need them."""
    rules = []
    for name, action, setting in rules_of(tally.instrument):
        n, base = tally.rules.get(name, (0, 0))
        unchecked = None if base else ("not_in_data", message("quality_needs_rows", lang))
        rules.append(rule_row(name, action, setting, n, base or len(tally), unchecked))
    found = contract_frame("quality_rule", rules)
    return Quality(found, contract_frame("quality_row", []), len(tally), 0)
