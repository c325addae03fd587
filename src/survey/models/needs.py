"""Which firms need what: one model for every option, in which overlapping groups are told apart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument.kinds import kinds_with
from survey.messages import message
from survey.models.design import Design, check_draws, design_of, stub_of
from survey.models.firth_needs import firth_rows
from survey.models.option_model import NUMBERS, OptionModel, Settings
from survey.models.rated_needs import rated_rows
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import top_points
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


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
        lines = rated_rows(model, top) if question.kind == "rating" else firth_rows(model)
        rows += [{**identity, "n_yes": model.n_yes, "base": model.base, **line} for line in lines]
    adjust_needs(rows, {term.id for term in design.terms if not term.held})
    frame = contract_frame("model_need", rows)
    return frame.astype(dict.fromkeys(NUMBERS, float))


def check_min_events(min_events: object) -> None:
    """Refuse a number of events that is no whole number of at least 1."""
    if isinstance(min_events, bool) or not isinstance(min_events, int) or min_events < 1:
        raise usage("min_events_unusable", min_events=min_events)


def adjust_needs(rows: list[dict[str, Any]], own: set[str]) -> None:
    """Holm's adjustment over all options and the terms of `by`."""
    tested = [row for row in rows if row["term"] in own and "p_value" in row]
    for row, adjusted in zip(tested, holm([row["p_value"] for row in tested]), strict=True):
        row["p_adjusted"] = adjusted
