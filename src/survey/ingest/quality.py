"""Data quality: which responses look wrong, by which rule, and which are left out.

Only test, preview and spam rows are left out by themselves; everything else is flagged, and left out on
request. Nothing here changes an answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from survey.arguments import check_lang
from survey.errors import DataError, Problem, usage
from survey.ingest.provenance import Provenance, RuleCount, Screening, add_counts
from survey.ingest.quality_rules import RULES, Unchecked, meta_texts, rule_reason
from survey.ingest.reading import responses_of
from survey.ingest.responses import Responses, ResponsesLike
from survey.ingest.row_exclusion import READING_RULES, STATES
from survey.instrument import Instrument
from survey.instrument.questionnaire import QualityRule
from survey.messages import message
from survey.tables import contract_frame, remarks
from survey.wording import near_misses, quoted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Quality:
    """What the rules found.

    `rules`: one row per rule (contract quality_rule). `rows`: one row per rule and respondent (contract
    quality_row), with source file, sheet and row. `total` respondents were looked at, `left_out` of them are
    left out.
    """

    rules: "pd.DataFrame"
    rows: "pd.DataFrame"
    total: int
    left_out: int

    def among(self, responses: Responses) -> "Quality":
        """Give what was found in these respondents only; the rules have looked at all, as doubles need it."""
        places = ("source", "sheet", "row")
        here = set(zip(*(responses.meta[name].tolist() for name in places), strict=True))
        inside = [place in here for place in zip(*(self.rows[name].tolist() for name in places), strict=True)]
        rows = self.rows.loc[inside].reset_index(drop=True)
        counts = rows["rule"].value_counts()
        rules = self.rules.assign(n=[int(counts.get(rule, 0)) for rule in self.rules["rule"]])
        dropping = rules.loc[rules["action"] == "drop", "rule"]
        gone = rows[rows["rule"].isin(dropping)].drop_duplicates(list(places))
        return Quality(rules.assign(base=len(responses)), rows, len(responses), len(gone))


def screen(
    responses: ResponsesLike, *, drop: Sequence[str] = (), lang: str = "en"
) -> tuple[Responses, Quality]:
    """Look at every response by every rule, and leave out what is to be left out.

    Parameters
    ----------
    responses
        As read, or the path of their file; they are not changed.
    drop
        Names of rules whose rows are left out too. `test_rows` leaves out by itself; the instrument's
        `quality` block may set any rule to `drop`, `flag` or `off`, and its setting.
    lang
        Language of `note` and `detail`.

    Reasons
    -------
    not_in_data, not_in_instrument, too_few_answers, reconstructed.

    Returns
    -------
    The responses that stay, whose base texts say how many were left out, and what was found in all of them.

    Raises
    ------
    UsageError
        There is no such rule or language.
    DataError
        Nobody would stay.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"challenges__geopolitics": [5, 5, 2], "firm_type": ["biotech"] * 3})
    >>> stayed, quality = survey.screen(survey.from_frame(frame, "executive-survey"))
    >>> len(stayed), quality.total, quality.left_out
    (3, 3, 0)
    """
    responses = responses_of(responses)
    check_lang(lang)
    for name in drop:
        if name not in RULES:
            near = near_misses(name, list(RULES)) or list(RULES)
            raise usage("quality_rule_unknown", rule=name, known=near)
    gone: dict[int, str] = {}
    rules: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    places = {name: responses.meta[name].tolist() for name in ("source", "sheet", "row")}
    keys = meta_texts(responses, "key") if "key" in responses.meta else None
    earlier = responses.provenance.screening.counts if responses.provenance.screening else ()
    left_before = sum(count.n for count in earlier if count.rule in READING_RULES)
    states = sum(count.n for count in earlier if count.rule in STATES)
    for name, action, setting in rules_of(responses.instrument, drop):
        rule = RULES[name]
        outcome = rule.look(responses, setting)
        unchecked = outcome if isinstance(outcome, Unchecked) else None
        hits = [] if isinstance(outcome, Unchecked) else list(outcome)
        for position, values in hits:
            if "question" in values:
                named = responses.instrument.question(values["question"]).named(lang)
                values = {**values, "question": named}
            detail = message(f"quality_detail_{name}", lang, **values)
            place = {part: column[position] for part, column in places.items()}
            known = quoted(keys[position]) if keys else ""
            rows.append({"rule": name, **place, "key": known, "detail": detail})
            if action == "drop":
                gone.setdefault(position, name)
        remark = (unchecked.reason, message(unchecked.key, lang)) if unchecked else None
        while_reading = states if name == "test_rows" else 0
        n, base = len(hits) + while_reading, len(responses) + while_reading
        rules.append(rule_row(name, action, setting, n, base, remark))
    quality = Quality(
        contract_frame("quality_rule", rules),
        contract_frame("quality_row", rows),
        len(responses) + left_before,
        len(gone) + left_before,
    )
    if not gone:
        return responses, quality
    if len(gone) == len(responses):
        raise DataError(Problem("quality_nobody_left", values={"count": len(gone)}))
    kept = [position for position in range(len(responses)) if position not in gone]
    counts = [RuleCount(name, sum(rule == name for rule in gone.values())) for name in RULES]
    before = responses.provenance.screening or Screening((), len(responses))
    screening = Screening(add_counts([*before.counts, *counts]), before.total)
    stayed = replace(
        responses,
        data=responses.data.iloc[kept],
        missing=responses.missing.iloc[kept],
        meta=responses.meta.iloc[kept],
        provenance=replace(responses.provenance, screening=screening),
    )
    return stayed, quality


def rules_of(instrument: Instrument, drop: Sequence[str] = ()) -> Iterator[tuple[str, str, float]]:
    """The rules that an instrument uses: name, what is done with the rows they find, and their setting."""
    own_rules: dict[str, QualityRule] = {str(name): own for name, own in instrument.quality.items()}
    for name, rule in RULES.items():
        own = own_rules.get(name)
        action = "drop" if name in drop or rule.drops else "flag"
        if own and own.action and name not in drop:
            action = own.action
        if action != "off":
            yield name, action, own.setting if own and own.setting is not None else rule.setting


def rule_row(
    name: str, action: str, setting: float, n: int, base: int, unchecked: tuple[str, str] | None = None
) -> dict[str, object]:
    """A row of the contract quality_rule; `unchecked`: reason and sentence where the rule could not look."""
    return {
        "rule": name,
        "action": action,
        "setting": setting if RULES[name].setting else None,
        "checked": unchecked is None,
        "n": n,
        "base": base,
        **remarks(*([unchecked] if unchecked else [])),
    }


class FromSomewhere(Protocol):
    """Responses, or what was counted of them."""

    @property
    def provenance(self) -> Provenance:
        """Where they come from."""


def left_out_text(responses: FromSomewhere, lang: str = "en") -> str:
    """Say how many rows the rules left out, of how many; empty where none."""
    screening = responses.provenance.screening
    if screening is None:
        return ""
    reasons = message("list_separator", lang).join(rule_reason(rule, n, lang) for rule, n in screening.counts)
    values = {"out": sum(count.n for count in screening.counts), "total": screening.total}
    return message("quality_left_out", lang, reasons=reasons, **values)


# -- the rules -------------------------------------------------------------------------------------------
