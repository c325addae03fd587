"""Two facts of one company that do not go together."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from survey.instrument.case_schemas import CaseFacts
from survey.instrument.fact_rules import CompanyFacts, FigureFact
from survey.instrument.printed_amounts import Amount
from survey.messages import message
from survey.messages.number_forms import percent


@dataclass(frozen=True)
class Disagreement:
    """Facts of one company that cannot hold together; `values` fill the sentence of the kind."""

    kind: str
    company: str
    measure: str
    date: str
    facts: tuple[str, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class Computed:
    """A computed range, as text in the unit of what it stands against."""

    amount: Amount
    share: bool = False

    def text(self, lang: str) -> str:
        """Say it with the word of its size: 2.5 million USD."""
        if self.share:
            return percent(round(self.amount.middle, 4), lang, 1)
        value, unit = self.amount.middle, self.amount.unit
        scales = (part.split() for part in message("amount_scales", lang).split(", "))
        size, scale = next(((int(size), word) for size, word in scales if abs(value) >= int(size)), (1, ""))
        number = f"{value / size:.4g}" if scale else f"{value:.6g}" if unit else f"{value:.10g}"
        name = message(f"unit_{unit}", lang) if unit else ""
        return " ".join(message("amount", lang, number=number, scale=scale, unit=name).split())


Key = tuple[str, str, str]


def by_date(known: CompanyFacts) -> dict[Key, list[FigureFact]]:
    """The figures of a company that are amounts, by measure, subject and date; forecasts apart."""
    groups: dict[Key, list[FigureFact]] = defaultdict(list)
    for figure in known.figures:
        if figure.amount and not figure.outlook:
            groups[figure.measure, figure.of, figure.date].append(figure)
    return groups


def names_and_values(facts: CaseFacts, figures: list[FigureFact]) -> Callable[[str], str]:
    """Figures by name, as they are printed, in a language."""

    def text(lang: str) -> str:
        parts = [(facts.label(one.measure, lang), facts.fact(one.fact).said(lang)) for one in figures]
        pairs = [message("facts_named", lang, name=name, value=value) for name, value in parts]
        return message("list_separator", lang).join(pairs)

    return text
