"""Which firms need what: one model for every option, in which overlapping groups are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument.kinds import kinds_with
from survey.messages import message
from survey.models.design import (
    Design,
    Remark,
    Term,
    check_draws,
    design_of,
    stub_of,
    usable_terms,
)
from survey.models.firth import fit_firth, fit_firth_often
from survey.models.proportional_odds import (
    OrdinalFit,
    assumption_statistic,
    fit_proportional_odds,
    merged_points,
)
from survey.models.separated import endless_terms
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import top_points
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# The row of a rating that tests the assumption of its model, among the terms.
ASSUMPTION = "proportional_odds"


@dataclass(frozen=True)
class Settings:
    """What every model of one call is fitted with."""

    confidence: float
    min_events: int
    draws: int
    seed: int
    lang: str


def model_needs(
    data: DataLike,
    stub: str,
    *,
    by: str | None = None,
    adjust: Sequence[str] = (),
    confidence: float = 0.95,
    min_events: int = 5,
    draws: int = 999,
    seed: int = 1,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option of the stub and term: does this group need it, the other groups held?

    The groups of `by` overlap, and firms of one group are often in another: a cross-tab cannot tell which of
    the two a need goes with. Here all groups are terms of one logistic model for each option. A term of a
    single question is an option against the one that most respondents chose (of all respondents, so that it
    is the same for every stub; where nobody of them answered the stub, of those who did). Exclusive options
    ("not decided") are no group; their respondents stay in the base.

    `coefficient` and `se` are in log odds; `odds_ratio` with `ci_low` and `ci_high`, where the penalised
    likelihood has fallen by half a chi-square quantile; `p_value` of the penalised likelihood ratio.
    `marginal`: how much the share who need it changes, as a fraction, if everybody were in the group instead
    of nobody, all else as it is; `marginal_low` and `marginal_high` by a bootstrap of respondents.
    `p_adjusted` is Holm's over all options and terms of `by`. `n_yes` of `base` respondents said yes.

    Of a rating battery there is a row per item and term by proportional odds over all points (Wald's limits
    and p-value), `n_yes` and `marginal` being about the top box (limits by the delta method); and a row with
    the term `proportional_odds`, whose p-value tests that assumption. Where the likelihood has no largest
    value, Firth's model of the top box stands in, and `reason` is separated.

    Parameters
    ----------
    data
        Responses, a tally with `by` as a banner, or the path of a file of one of them.
    stub
        A single, select-all or rating question, or an item: what is needed.
    by
        A single or select-all question, or an item (`battery__item`) by its points: the groups; the
        instrument's default banner where None.
    adjust
        Further single or select-all questions, or items, whose options are held, such as firm type. Needs
        respondents.
    confidence
        Level of all intervals.
    min_events
        An option that fewer ticked, or fewer left, has no model; a term that fewer are in, or out of, no
        numbers. At least 1.
    draws, seed
        Bootstrap samples of the marginal effects.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    untested, no_answer, nobody, everybody, no_variation, no_complement, few_events, small_base, collinear,
    separated, too_few_answers, not_proportional, not_converged, not_computed, no_interval,
    resamples_left_out, left_out, held, unweighted, same_item.

    Raises
    ------
    UsageError
        No such question, one of them twice, `adjust` with a tally, or an argument outside its range.

    References
    ----------
    Firth, D. (1993), Biometrika 80, 27-38. Heinze, G. & Schemper, M. (2002), Statistics in Medicine 21,
    2409-2419. McCullagh, P. (1980), Journal of the Royal Statistical Society B 42, 109-142.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> needs = ["ip_diligence_patents"] * 6 + ["virtual_data_room"] * 30
    >>> needs += ["ip_diligence_patents"] * 30
    >>> frame = pd.DataFrame({"support_needs": needs, "firm_type": ["biotech"] * 6 + ["biopharma"] * 60})
    >>> table = survey.model_needs(survey.from_frame(frame, "executive-survey"), "support_needs",
    ...                            by="firm_type", draws=99)
    >>> row = table[table["stub_code"] == "ip_diligence_patents"].iloc[0]
    >>> row["term"], row["reason"].split()[0], round(float(row["coefficient"]), 3)
    ('biotech', 'separated', 2.565)
    """
    check_confidence(confidence)
    check_min_events(min_events)
    check_draws(draws)
    check_seed(seed)
    counts = counts_of(data, by)
    check_lang(lang, *counts.instrument.languages)
    question = stub_of(counts, stub, *kinds_with(shares=True))
    design = design_of(counts, question, by, adjust)
    return table_of_needs(counts, design, Settings(confidence, min_events, draws, seed, lang))


def table_of_needs(counts: Counts, design: Design, settings: Settings) -> "pd.DataFrame":
    """What `model_needs` gives, of a design."""
    question, lang = design.stub, settings.lang
    top = top_points(counts.instrument, question, None) if question.kind == "rating" else 0
    general = [("unweighted", message("model_unweighted", lang))] if counts.weighted else []
    rows: list[dict[str, Any]] = []
    for place, part in enumerate(question.parts):
        model = OptionModel.of(design, place, settings, general)
        identity = {"stub": question.id, "stub_code": part.id, "stub_label": part.said(lang)}
        lines = _rated_rows(model, top) if question.kind == "rating" else _firth_rows(model)
        rows += [{**identity, "n_yes": model.n_yes, "base": model.base, **line} for line in lines]
    adjust_needs(rows, {term.id for term in design.terms if not term.held})
    frame = contract_frame("model_need", rows)
    return frame.astype(dict.fromkeys(_NUMBERS, float))


_NUMBERS = (
    *("coefficient", "se", "odds_ratio", "ci_low", "ci_high", "marginal", "marginal_low", "marginal_high"),
    *("p_value", "p_adjusted"),
)


def check_min_events(min_events: object) -> None:
    """Refuse a number of events that is no whole number of at least 1."""
    if isinstance(min_events, bool) or not isinstance(min_events, int) or min_events < 1:
        raise usage("min_events_unusable", min_events=min_events)


def adjust_needs(rows: list[dict[str, Any]], own: set[str]) -> None:
    """Holm's adjustment over all options and the terms of `by`."""
    tested = [row for row in rows if row["term"] in own and "p_value" in row]
    for row, adjusted in zip(tested, holm([row["p_value"] for row in tested]), strict=True):
        row["p_adjusted"] = adjusted


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


def _firth_rows(model: OptionModel, *parts: Remark) -> list[dict[str, Any]]:
    """The rows of an option, or of the top box of an item, by Firth's penalised likelihood."""
    import numpy as np

    if model.empty:
        return model.without_numbers(model.empty)
    settings, lang = model.settings, model.lang
    yes, no = model.design.yes_and_no(model.place)
    if not model.kept:
        return [model.line(term, model.silent[at]) for at, term in enumerate(model.design.terms)]
    fit = fit_firth(model.patterns, yes, no, confidence=settings.confidence)
    endless = endless_terms(model.patterns, np.column_stack([no, yes]))
    marginal, low, high, lost = _marginals(model, yes, no, fit.intercept, fit.coefficients)
    rows = []
    for at, term in enumerate(model.design.terms):
        if at in model.silent:
            rows.append(model.line(term, model.silent[at]))
            continue
        own = model.kept.index(at)
        if not fit.converged or fit.p_values[own] != fit.p_values[own]:
            note = message("model_not_converged", lang)
            rows.append(model.line(term, ("not_converged untested", note)))
            continue
        said = list(parts)
        if endless[own]:
            said.append(("separated", message("model_separated", lang)))
        if fit.low[own] != fit.low[own] or fit.high[own] != fit.high[own]:
            said.append(("no_interval", message("model_no_limits", lang)))
        if lost[own]:
            key = "model_no_resamples" if low[own] != low[own] else "model_resamples_left_out"
            code = "no_interval" if low[own] != low[own] else "resamples_left_out"
            said.append((code, message(key, lang, count=int(lost[own]), draws=settings.draws)))
        values = {
            "coefficient": fit.coefficients[own],
            "se": fit.se[own],
            "odds_ratio": np.exp(fit.coefficients[own]),
            "ci_low": np.exp(fit.low[own]),
            "ci_high": np.exp(fit.high[own]),
            "marginal": marginal[own],
            "marginal_low": low[own],
            "marginal_high": high[own],
            "p_value": fit.p_values[own],
            "method": "firth",
        }
        rows.append(model.line(term, *said, **values))
    return rows


def _marginals(model: OptionModel, yes: Any, no: Any, intercept: float, coefficients: Any) -> tuple[Any, ...]:
    """Average marginal effects of the terms kept, their limits, and the samples that are left out.

    Respondents are drawn with replacement: as many as there are of each pattern and answer, a multinomial
    draw. The limits include the estimate.
    """
    import numpy as np

    settings = model.settings
    rng = np.random.default_rng([settings.seed, model.place])
    cells = np.concatenate([yes, no])
    samples = rng.multinomial(model.base, cells / model.base, size=settings.draws)
    often_yes, often_no = samples[:, : len(yes)], samples[:, len(yes) :]
    estimates = fit_firth_often(model.patterns, often_yes, often_no)
    whole = np.concatenate([[intercept], coefficients])[None, :]
    tail = (1 - settings.confidence) / 2
    marginal, low, high, lost = [], [], [], []
    for at in model.kept:
        on, off = (table[:, model.kept] for table in model.design.switched(at))
        point = float(marginal_effects(whole, on, off, (yes + no)[None, :])[0])
        effects = marginal_effects(estimates, on, off, often_yes + often_no)
        known = effects[~np.isnan(effects)]
        lost.append(settings.draws - len(known))
        enough = 2 * len(known) >= settings.draws
        ends = np.quantile(known, [tail, 1 - tail]) if enough else (np.nan, np.nan)
        marginal.append(point)
        low.append(min(point, ends[0]) if enough else np.nan)
        high.append(max(point, ends[1]) if enough else np.nan)
    return marginal, low, high, lost


def marginal_effects(estimates: Any, on: Any, off: Any, sizes: Any) -> Any:
    """The mean change of the share when a term is switched on, of each of some estimates."""
    import numpy as np

    def share(patterns: Any) -> Any:
        logits = estimates[:, :1] + estimates[:, 1:] @ patterns.T
        return 1 / (1 + np.exp(-np.clip(logits, -700, 700)))

    return ((share(on) - share(off)) * sizes).sum(axis=1) / sizes.sum(axis=1)


def _rated_rows(model: OptionModel, top: int) -> list[dict[str, Any]]:
    """The rows of an item: its terms by proportional odds, and the test of that assumption."""
    import numpy as np

    if model.empty:
        return [*model.without_numbers(model.empty), _assumption_row(model, model.empty)]
    settings, lang = model.settings, model.lang
    if not model.kept:
        lines = [model.line(term, model.silent[at]) for at, term in enumerate(model.design.terms)]
        return [*lines, _assumption_row(model, ("untested", message("model_no_terms", lang)))]
    by_point = model.by_point
    is_endless = bool(endless_terms(model.patterns, by_point).any())
    fit = None if is_endless else fit_proportional_odds(model.patterns, by_point)
    if fit is None or not fit.converged:
        code = "separated" if is_endless else "not_converged"
        note = message(f"model_top_box_{code}", lang)
        yes = model.n_yes
        if min(yes, model.base - yes) < settings.min_events:
            few = message(
                "model_few_events", lang, count=min(yes, model.base - yes), minimum=settings.min_events
            )
            lines = model.without_numbers((f"{code} few_events untested", f"{note}; {few}"))
        else:
            lines = _firth_rows(model, (code, note))
        return [*lines, _assumption_row(model, (f"{code} untested", note))]
    test = _assumption_row(model, None, fit)
    doubt = [("not_proportional", test["note"])] if "not_proportional" in test["reason"].split() else []
    marginals = rated_marginals(model, fit, top)
    z = _normal_quantile(settings.confidence)
    rows = []
    for at, term in enumerate(model.design.terms):
        if at in model.silent:
            rows.append(model.line(term, model.silent[at]))
            continue
        own = model.kept.index(at)
        effect, se = float(fit.coefficients[own]), float(np.sqrt(fit.covariance[own, own]))
        said = list(doubt)
        if marginals is None:
            said.append(("not_computed", message("model_no_top_box", lang)))
        values = {
            "coefficient": effect,
            "se": se,
            "odds_ratio": np.exp(effect),
            "ci_low": np.exp(effect - z * se),
            "ci_high": np.exp(effect + z * se),
            "p_value": normal_p(effect / se),
            "method": "proportional_odds",
        }
        if marginals is not None:
            middle, spread = marginals[own]
            values |= {
                "marginal": middle,
                "marginal_low": max(-1.0, middle - z * spread),
                "marginal_high": min(1.0, middle + z * spread),
            }
        rows.append(model.line(term, *said, **values))
    return [*rows, test]


def rated_marginals(model: OptionModel, fit: OrdinalFit, top: int) -> list[tuple[float, float]] | None:
    """Average marginal effects on the top box, with standard errors by the delta method."""
    import numpy as np

    below = int((fit.points < model.design.points - top).sum())
    if below in (0, len(fit.points)):
        return None
    sizes = model.by_point.sum(axis=1)
    weights = sizes / sizes.sum()
    slots = len(fit.coefficients)

    def side(patterns: Any) -> tuple[float, Any]:
        share = 1 / (1 + np.exp(fit.thresholds[below - 1] - patterns @ fit.coefficients))
        slope = weights * share * (1 - share)
        gradient = np.zeros(slots + len(fit.thresholds))
        gradient[:slots] = slope @ patterns
        gradient[slots + below - 1] = -slope.sum()
        return float(weights @ share), gradient

    effects = []
    for at in model.kept:
        (on, up), (off, down) = (side(table[:, model.kept]) for table in model.design.switched(at))
        turn = up - down
        effects.append((on - off, float(np.sqrt(turn @ fit.covariance @ turn))))
    return effects


def _assumption_row(
    model: OptionModel, remark: Remark | None, fit: OrdinalFit | None = None
) -> dict[str, Any]:
    """The row that tests proportional odds; with a remark it is not tested."""
    from scipy.stats import chi2

    settings, lang = model.settings, model.lang
    label = message("model_assumption", lang)
    row: dict[str, Any] = {"term": ASSUMPTION, "term_label": label}
    if remark is None:
        merged = merged_points(model.by_point, settings.min_events)
        statistic, df = float("nan"), 0
        if not endless_terms(model.patterns, merged).any():
            known = fit if merged.shape == model.by_point.shape else None
            statistic, df = assumption_statistic(model.patterns, merged, known)
        if df:
            row |= {"p_value": float(chi2.sf(statistic, df)), "method": "score"}
            if row["p_value"] < 1 - settings.confidence:
                values = {"statistic": f"{statistic:.1f}", "df": df, "p": f"{row['p_value']:.3f}"}
                remark = ("not_proportional", message("model_not_proportional", lang, **values))
        else:
            remark = ("untested too_few_answers", message("model_one_cut", lang))
    parts = [remark] if remark else []
    return {**row, **remarks(*parts, *model.general, lang=lang)}


def _normal_quantile(confidence: float) -> float:
    from scipy.stats import norm

    return float(norm.isf((1 - confidence) / 2))


def normal_p(z: float) -> float:
    """The two-sided p-value of a standard normal statistic."""
    from scipy.stats import norm

    return float(2 * norm.sf(abs(z)))
