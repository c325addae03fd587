"""How much the models hang on answers that are missing, on careless ones, and on who answered at all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from survey.arguments import check_lang, check_seed
from survey.counts import Tally
from survey.counts.row_counts import DataLike, RowCounts, counts_of
from survey.errors import DataError, usage
from survey.ingest import ResponsesLike, responses_of
from survey.ingest.quality import screen
from survey.messages import ENGLISH, message
from survey.models.design import Design, check_draws, design_of, usable_terms
from survey.models.firth import fit_firth_often
from survey.models.needs import check_min_events, table_of_needs
from survey.models.option_model import Settings, marginal_effects
from survey.statistics.fisher import fisher_p
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import shares
from survey.statistics.intervals import check_confidence, share_interval
from survey.statistics.weighted import say_unweighted
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

CARELESS = ("straight_lining", "speeders")


def sensitivity(
    responses: ResponsesLike,
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
    """One row per option of the stub and term: the effect of `model_needs` beside what could become of it.

    `marginal` with its limits and `p_adjusted` as `model_needs` gives them. `worst_low` and `worst_high`: the
    effect if those who skipped this option (`missing`, of those whose groups are known; who was not asked
    does not count) had all answered as to lower it most, or to raise it most. `screened_...`: the same model
    without respondents whom the rules on straight-lining and speed flag.

    Parameters
    ----------
    responses
        Responses, or the path of their file.
    stub
        A select-all question.
    by, adjust, confidence, min_events, draws, seed
        As in `model_needs`.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    Those of `model_needs`, and not_computed where nobody would stay.

    Raises
    ------
    UsageError
        No such question, one of them twice, a tally, or an argument outside its range.

    References
    ----------
    Horowitz, J. L. & Manski, C. F. (2000), Journal of the American Statistical Association 95, 77-84.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> answers = ["cro_matching"] * 9 + ["financing_capital"] * 9 + [""] * 4
    >>> frame = pd.DataFrame({"support_needs": answers, "firm_type": ["biotech", "biopharma"] * 11})
    >>> table = survey.sensitivity(survey.from_frame(frame, "executive-survey"), "support_needs",
    ...                            by="firm_type", draws=9)
    >>> table.loc[0, ["base", "missing", "screened_base"]].tolist()
    [18, 4, 18]
    """
    check_confidence(confidence)
    check_min_events(min_events)
    check_draws(draws)
    check_seed(seed)
    if isinstance(responses, Tally):
        raise usage("sensitivity_tally")
    responses = responses_of(responses)
    check_lang(lang, *responses.instrument.languages)
    question = responses.instrument.question(stub, "multiple")
    settings = Settings(confidence, min_events, draws, seed, lang)
    counts = RowCounts(responses)
    design = design_of(counts, question, by, adjust)
    return beside(counts, design, settings, table_of_needs(counts, design, settings), by, adjust)


def beside(
    counts: RowCounts,
    design: Design,
    settings: Settings,
    whole: "pd.DataFrame",
    by: str | None,
    adjust: Sequence[str] = (),
) -> "pd.DataFrame":
    """What `sensitivity` gives, of the table of `model_needs` that is known already (`whole`)."""
    responses, question, lang = counts.responses, design.stub, settings.lang
    screened: pd.DataFrame | None
    try:
        stayed = RowCounts(screen(responses, drop=CARELESS, lang=lang)[0])
    except DataError:  # nobody would stay
        screened = None
    else:
        table = whole
        if len(stayed) < len(counts):
            again = design_of(stayed, question, by, adjust, references=design.references)
            table = table_of_needs(stayed, again, settings)
        screened = table.set_index(["stub_code", "term"])
    places = {term.id: at for at, term in enumerate(design.terms)}
    everybody = _Everybody(counts, design)
    rows: list[dict[str, object]] = []
    for row in whole.to_dict("records"):
        names = ("stub", "stub_code", "stub_label", "term", "term_label", "base", "marginal")
        line = {name: row[name] for name in (*names, "marginal_low", "marginal_high", "p_adjusted")}
        parts = [(row["reason"], row["note"])] if row["reason"] else []
        option = [part.id for part in question.parts].index(row["stub_code"])
        missing, low, high = everybody.worst(option, places.get(row["term"]), settings.min_events)
        line |= {"missing": missing}
        if row["marginal"] == row["marginal"]:
            line |= {"worst_low": min(low, row["marginal"]), "worst_high": max(high, row["marginal"])}
        if screened is None:
            parts.append(("not_computed", message("sensitivity_nobody", lang)))
        else:
            other = screened.loc[(row["stub_code"], row["term"])]
            line["screened_base"] = int(other["base"])
            for name in ("marginal", "low", "high", "p_adjusted"):
                own = f"marginal_{name}" if name in ("low", "high") else name
                line[f"screened_{name}"] = other[own]
        rows.append({**line, **remarks(*parts, lang=lang)})
    return contract_frame("sensitivity", rows)


class _Everybody:
    """All respondents whose terms are known, whether or not they answered the question."""

    def __init__(self, counts: RowCounts, design: Design) -> None:
        import numpy as np

        self.design = design
        tables = {term.question.id: counts.memberships(term.question) for term in design.terms}
        columns = [
            tables[term.question.id][:, term.question.options.index(term.option)] for term in design.terms
        ]
        self.terms = np.column_stack(columns) if columns else np.zeros((len(counts), 0))
        self.terms[:, list(design.unasked)] = 0.0
        self.known = ~np.isnan(self.terms).any(axis=1)
        responses, stub = counts.responses, design.stub
        answers = responses.columns_of(stub).astype("Float64")
        self.answers = answers.to_numpy(dtype=float, na_value=np.nan)
        self.asked = (responses.missing[list(stub.answer_columns)] != "not_asked").to_numpy(bool)

    def worst(self, option: int, at: int | None, min_events: int) -> tuple[int, float, float]:
        """How many skipped an option, and the lowest and highest effect of a term that they could make."""
        import numpy as np

        rows = self.known & self.asked[:, option]
        terms, answer = self.terms[rows], self.answers[rows, option]
        skipped = np.isnan(answer)
        nothing = (int(skipped.sum()), float("nan"), float("nan"))
        if at is None or not rows.any():
            return nothing
        kept, silent = usable_terms(self.design.with_rows(terms), np.ones(len(terms)), min_events, ENGLISH)
        if at not in kept or at in silent:
            return nothing
        own = terms[:, kept]
        place = kept.index(at)
        others = np.column_stack([np.ones(len(own)), np.delete(own, place, axis=1)])
        free = own[:, place] - others @ np.linalg.lstsq(others, own[:, place], rcond=None)[0]
        fills = np.stack([free < 0, free > 0])  # lowers it, raises it
        yes = np.where(skipped, fills, np.nan_to_num(answer)[None, :]).astype(float)
        estimates = fit_firth_often(own, yes, 1 - yes)
        on, off = (table[:, kept] for table in self.design.with_rows(terms).switched(at))
        low, high = marginal_effects(estimates, on, off, np.ones_like(yes))
        return int(skipped.sum()), float(min(low, high)), float(max(low, high))


def response_rates(
    data: DataLike,
    question: str,
    *,
    population: Mapping[str, int],
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option: how many of the firms of this kind in the frame answered, and is it unlike others?

    `n` respondents of `population` firms; `proportion` with Wilson's interval. `p_value` is Fisher's exact
    test of this kind against all others, `p_adjusted` Holm's. A kind that answers less counts for less in
    every share of all respondents. Who answered is counted, whatever their weights.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A single question, such as firm type.
    population
        How many firms of each kind the frame has, by option: `{"biotech": 300, "big_pharma": 40}`.
    confidence
        Level of the intervals.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    not_in_data, untested, unweighted.

    Raises
    ------
    UsageError
        No such question, an unknown option, a number that is none, or fewer firms than respondents.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 30 + ["big_pharma"] * 5})
    >>> table = survey.response_rates(survey.from_frame(frame, "executive-survey"), "firm_type",
    ...                               population={"biotech": 100, "big_pharma": 50})
    >>> table.set_index("code")["proportion"].dropna().to_dict()
    {'biotech': 0.3, 'big_pharma': 0.1}
    """
    check_confidence(confidence)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "single")
    answered = dict(zip((option.id for option in asked.options), shares(counts, asked).n, strict=True))
    _check_population(population, answered, asked.id)
    given = sum(answered[name] for name in population)
    whole = sum(population.values())
    rows: list[dict[str, object]] = []
    for option in asked.options:
        n, size = answered[option.id], population.get(option.id)
        row: dict[str, object] = {"question": asked.id, "code": option.id, "label": option.said(lang), "n": n}
        if size is None:
            rows.append({**row, **remarks(("not_in_data", message("rates_unknown", lang)))})
            continue
        low, high = share_interval(n, size, confidence=confidence)
        row |= {"population": size, "proportion": n / size, "ci_low": float(low), "ci_high": float(high)}
        if whole > size:
            row["p_value"] = fisher_p(n, size, given - n, whole - size)
        else:
            row |= remarks(("untested", message("rates_alone", lang)))
        rows.append(row)
    frame = contract_frame("response_rate", rows)
    frame = frame.astype({"population": "Int64"})
    frame["p_value"] = frame["p_value"].astype(float)
    frame["p_adjusted"] = holm(frame["p_value"].to_numpy())
    return say_unweighted(frame, counts, lang)


def _check_population(population: object, answered: dict[str, int], question: str) -> None:
    """Refuse what is no number of firms by option, or fewer firms than answered."""
    if not isinstance(population, Mapping) or not population:
        raise usage("rates_population", population=population, question=question)
    for name, size in population.items():
        if name not in answered:
            raise usage("rates_option", option=name, question=question, known=list(answered))
        if isinstance(size, bool) or not isinstance(size, int) or size < max(1, answered[name]):
            raise usage("rates_too_few", option=name, size=size, n=answered[name])
