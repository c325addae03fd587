"""Finding the marks of a reconstruction: every result of its report over many draws, and what is proved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.errors import usage
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Ends, Mark, Marks, key_of
from survey.published.audit.ranges import Ranges
from survey.published.bounds.integer_program import OPTIMAL
from survey.published.bounds.queries import Span, feasible_margins
from survey.published.findings.figures import EVERYONE
from survey.report.survey.context import SurveyContext
from survey.report.survey.marked_results import RESULTS, Result

if TYPE_CHECKING:
    from survey.ingest import Responses
    from survey.published.findings import Findings

Ids = tuple[str, ...]
Seen = dict[tuple[str, Ids], dict[str, Ends]]


def found_marks(
    responses: "Iterable[Responses]", findings: "Findings", tell: Callable[[int], None] | None
) -> tuple[Marks, int]:
    """Find the marks over some data sets with the same figures, and count these."""
    ranges = Ranges(feasible_margins(findings))
    banner = findings.instrument.defaults.banner
    seen: Seen = {}
    count = 0
    for count, one in enumerate(responses):  # the first are those that carry the marks
        _measure(
            SurveyContext(responses=one, banner=one.instrument.question(banner) if banner else None), seen
        )
        if tell is not None and count:
            tell(count)
    proofs, results = _Proofs(ranges), {result.name: result for result in RESULTS}
    marks = {key_of(name, ids): proofs.marks(results[name], ids, ends) for (name, ids), ends in seen.items()}
    return marks, count


def _measure(context: SurveyContext, seen: Seen) -> None:
    """Widen the range of every measure by what one data set gives."""
    for result in RESULTS:
        for frame in result.frames(context):
            ids = zip(*(frame[key].astype(str).tolist() for key in result.keys), strict=True)
            measures = [
                (name, frame[name].astype(float).tolist()) for name in result.measures if name in frame
            ]
            for at, key in enumerate(ids):
                ranges = seen.setdefault((result.name, key), {})
                for name, values in measures:
                    value = values[at]
                    if value == value:
                        low, high = ranges.get(name, (value, value))
                        ranges[name] = min(low, value), max(high, value)


@dataclass(frozen=True)
class _Proofs:
    """What is proved of each measure."""

    ranges: Ranges

    def marks(self, result: Result, ids: Ids, seen: dict[str, Ends]) -> dict[str, Mark]:
        """The marks of a row; what hangs on an open share, or on a question nobody wrote about, is open."""
        named = dict(zip(result.keys, ids, strict=True))
        found: dict[str, Mark] = {}
        is_open = not self._spoken_of(result, named)
        for at, measure in enumerate(result.measures):
            span = self._proved(result.name, named, measure)
            if measure not in seen and span is None:
                continue
            found[measure] = mark = _mark(span, seen.get(measure), is_open)
            is_open |= at == 0 and mark.verdict == OPEN
        return found

    def _spoken_of(self, result: Result, named: dict[str, str]) -> bool:
        question = named.get("stub") or named.get("question")
        return not question or self.ranges.spoken_of(self.ranges.known.margins.instrument.question(question))

    def _proved(self, name: str, named: dict[str, str], measure: str) -> Span | None:
        prove = _PROVED.get((name, measure))
        return prove(self.ranges, named) if prove else None


def _mark(span: Span | None, draws: Ends | None, is_open: bool) -> Mark:
    if span is None:
        return Mark(OPEN) if is_open or draws is None else Mark(BOUNDED, draws)
    if span.verdict in (FIXED, OPEN):
        return Mark(span.verdict)
    return Mark(BOUNDED, draws, (float(span.low), float(span.high)))


def _frequency(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    question = ranges.known.question(ids["question"])
    if question.kind == "rating":
        return ranges.share(question, ids["item"], codes=(int(ids["code"]),))
    return ranges.share(question, ids["code"])


def _importance(measure: str) -> Callable[[Ranges, dict[str, str]], Span | None]:
    def prove(ranges: Ranges, ids: dict[str, str]) -> Span | None:
        found: Span | None = getattr(ranges, measure)(ranges.known.question(ids["question"]), ids["item"])
        return found

    return prove


def _cell(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    return ranges.share(ranges.known.question(ids["stub"]), ids["stub_code"], ids["banner_code"])


def _cell_base(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    return ranges.base(ids["banner_code"])


def _paired(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    if ids["test"] != "mcnemar_exact":
        return None
    return ranges.p_value(ranges.known.question(ids["question"]), ids["item"], ids["other_item"])


def _gap(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    if ids["test"] != "mcnemar_exact":
        return None
    return ranges.gap(ranges.known.question(ids["question"]), ids["item"], ids["other_item"])


def _cell_test(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """The test of a group against the rest is fixed where its whole table is."""
    question = ranges.known.question(ids["stub"])
    return _SETTLED if ranges.settled(question, ids["stub_code"], ids["banner_code"]) else None


def _both(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    question = ranges.known.question(ids["question"])
    if ids["code"] == ids["other_code"]:
        return ranges.base(ids["code"])
    return ranges.both(question, ids["code"], ids["other_code"])


def _mean_mentions(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    return ranges.mean_mentions(ranges.known.question(ids["question"]))


def _share_of_mentions(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """Fixed where every share of the question is; else only the draws tell."""
    span = ranges.mean_mentions(ranges.known.question(ids["question"]))
    return _SETTLED if span and span.verdict == FIXED else None


def _precision_base(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    if ids["what"] == "sample":
        return None
    return ranges.base(ids["group"] or EVERYONE)


def _precision_rest(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """The margins of all respondents, and the samples for them, hang on nothing but their number."""
    if ids["what"] == "pair" or (ids["group"] and ranges.base(ids["group"]).verdict != FIXED):
        return None
    return _SETTLED


def _sentence(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """Of the counts in sentences only those in several groups have a bound."""
    if ids["what"] != "several":
        return None
    return ranges.several()


_SETTLED = Span(0, 0, OPTIMAL, 0, 1)  # one value, whichever

_PROVED: dict[tuple[str, str], Callable[[Ranges, dict[str, str]], Span | None]] = {
    ("frequency", "proportion"): _frequency,
    ("importance", "proportion"): _importance("share"),
    ("importance", "rank"): _importance("rank"),
    ("importance", "mean"): _importance("mean"),
    ("importance", "median"): _importance("median"),
    ("crosstab", "proportion"): _cell,
    ("crosstab", "base"): _cell_base,
    ("crosstab", "difference"): _cell_test,
    ("crosstab", "p_value"): _cell_test,
    ("test", "p_value"): _paired,
    ("test", "effect"): _gap,
    ("rank_set", "rank"): _importance("rank"),
    ("together", "n"): _both,
    ("overlap", "n"): _both,
    ("mention", "share_of_mentions"): _share_of_mentions,
    ("mention_summary", "mean_mentions"): _mean_mentions,
    ("precision", "base"): _precision_base,
    ("precision", "margin"): _precision_rest,
    ("precision", "needed_base"): _precision_rest,
    ("sentence", "value"): _sentence,
}


def mark_results(
    responses: "Responses",
    findings: "Findings",
    *,
    draws: "int | Iterable[Responses]" = 100,
    seed: int = 0,
    tell: Callable[[int], None] | None = None,
) -> "Responses":
    """Mark each result of the report of a reconstruction: fixed by the margins, bounded, or open.

    Parameters
    ----------
    responses
        The reconstruction that is to carry the marks. Its answers stay as they are.
    findings
        The published findings it was made from.
    draws
        How many data sets `reconstructions` makes for the ranges; or the data sets themselves.
    seed
        What they start from.
    tell
        Called with the number of draws done, after each.

    Returns
    -------
    Responses
        With an entry in `provenance.reconstruction.marks` for each result: `write_responses` puts it on the
        hidden sheet, `analyze` prints it. "fixed": every data set with these margins gives this value.
        "bounded": the range over the draws, and where one is proved the range over all data sets with these
        margins. "open": the margins say nothing, or no figure is about the question. Marks hold for a report
        of all respondents with the default banner, confidence and minimum base.

    Raises
    ------
    UsageError
        `draws` or `seed` is out of range, or the responses are not reconstructed.
    FindingsError
        The figures contradict each other.
    """
    from dataclasses import replace
    from itertools import chain

    from survey.ingest.responses import digest_of

    made = responses.provenance.reconstruction
    if made is None:
        raise usage("marks_not_reconstructed")
    if isinstance(draws, int):
        from survey.published.reconstruction.ensemble import reconstructions

        ensemble = reconstructions(findings, draws=draws, seed=seed)
        draws = (ensemble.responses(draw) for draw in range(1, len(ensemble) + 1))
    marks, count = found_marks(chain([responses], draws), findings, tell)
    made = replace(made, marks=marks, mark_draws=count, answers_digest=digest_of(responses.data))
    return replace(responses, provenance=replace(responses.provenance, reconstruction=made))
