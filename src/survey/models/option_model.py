"""One row of a stub explained by what firms are: the model, its lines, and rows without numbers."""

from dataclasses import dataclass, field, replace
from typing import Any

from survey.messages import message
from survey.models.design import Design, Remark, Term, usable_terms
from survey.tables import remarks


@dataclass(frozen=True)
class Settings:
    """What every model of one call is fitted with."""

    confidence: float
    min_events: int
    draws: int
    seed: int
    lang: str


NUMBERS = (
    *("coefficient", "se", "odds_ratio", "ci_low", "ci_high", "marginal", "marginal_low", "marginal_high"),
    *("p_value", "p_adjusted"),
)


@dataclass(frozen=True)
class OptionModel:
    """One option or item: the patterns that answered it, and what becomes of each term."""

    design: Design
    place: int
    settings: Settings
    general: list[Remark]
    base: int
    n_yes: int
    kept: list[int] = field(default_factory=list)  # terms of the model
    silent: dict[int, Remark] = field(default_factory=dict)  # terms without numbers, and why
    empty: Remark | None = None  # why there is no model at all

    @classmethod
    def of(cls, design: Design, place: int, settings: Settings, general: list[Remark]) -> "OptionModel":
        """Look at an option: can it be modelled, and by which terms?"""
        yes, no = design.yes_and_no(place)
        sizes = yes + no
        base, n_yes = int(sizes.sum()), int(yes.sum())
        parts = list(general)
        if left_out := design.bases[place] - base:
            parts.append(("left_out", message("model_left_out", settings.lang, count=left_out)))
        kept, silent = usable_terms(design, sizes, settings.min_events, settings.lang)
        model = cls(design, place, settings, parts, base, n_yes, kept, silent)
        if design.same_item(place):
            return replace(model, empty=("same_item untested", message("model_same_item", settings.lang)))
        return replace(model, empty=_no_model(model))

    @property
    def lang(self) -> str:
        """The language of labels and notes."""
        return self.settings.lang

    @property
    def patterns(self) -> Any:
        """Patterns x terms of the model."""
        return self.design.patterns[:, self.kept]

    @property
    def by_point(self) -> Any:
        """How many of each pattern gave each answer, lowest first."""
        import numpy as np

        if self.design.stub.kind == "rating":
            return self.design.by_point(self.place)
        return np.column_stack(self.design.yes_and_no(self.place)[::-1])

    def line(self, term: Term, *parts: Remark, **values: Any) -> dict[str, Any]:
        """A row of a term."""
        own = list(parts)
        if term.held:
            own.append(("held", message("model_held", self.lang)))
        return {
            "term": term.id,
            "term_label": term.label(self.lang),
            **values,
            **remarks(*own, *self.general, lang=self.lang),
        }

    def without_numbers(self, remark: Remark) -> list[dict[str, Any]]:
        """A row for every term, each with the reason why there is no model; one without terms at least."""
        if not self.design.terms:
            return [{"term": "", "term_label": "", **remarks(remark, *self.general, lang=self.lang)}]
        return [self.line(term, remark) for term in self.design.terms]


def marginal_effects(estimates: Any, on: Any, off: Any, sizes: Any) -> Any:
    """The mean change of the share when a term is switched on, of each of some estimates."""
    import numpy as np

    def share(patterns: Any) -> Any:
        logits = estimates[:, :1] + estimates[:, 1:] @ patterns.T
        return 1 / (1 + np.exp(-np.clip(logits, -700, 700)))

    return ((share(on) - share(off)) * sizes).sum(axis=1) / sizes.sum(axis=1)


def normal_quantile(confidence: float) -> float:
    """The quantile of the standard normal that a two-sided interval reaches to."""
    from scipy.stats import norm

    return float(norm.isf((1 - confidence) / 2))


def normal_p(z: float) -> float:
    """The two-sided p-value of a standard normal statistic."""
    from scipy.stats import norm

    return float(2 * norm.sf(abs(z)))


def _no_model(model: OptionModel) -> Remark | None:
    """Why an option has no model: nobody answered, all said the same, too few events or respondents."""
    lang, least = model.lang, model.settings.min_events
    if not model.base:
        return "no_answer untested", message("model_no_answer", lang)
    if not model.design.terms:
        return "no_variation untested", message("model_no_terms", lang)
    most = int(model.by_point.sum(axis=0).max())
    rated = "_rated" if model.design.stub.kind == "rating" else ""
    if most == model.base:
        code = "no_variation" if rated else "everybody" if model.n_yes else "nobody"
        return f"{code} untested", message("note_no_variation" if rated else f"model_{code}", lang)
    if model.base - most < least:
        note = message(f"model_few_events{rated}", lang, count=model.base - most, minimum=least)
        return "few_events untested", note
    if model.base <= len(model.kept) + 1:
        return "too_few_answers untested", message("model_too_few", lang, base=model.base)
    return None
