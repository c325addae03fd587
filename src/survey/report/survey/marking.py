"""Finding the marks of a reconstruction: every result of its report over many draws, and what is proved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.arguments import check_flag
from survey.errors import usage
from survey.ingest.provenance import BOUNDED, FIXED, OPEN, Ends, Mark, Marks, key_of
from survey.models.rated_needs import ASSUMPTION
from survey.published.audit.ranges import Ranges
from survey.published.bounds.integer_program import OPTIMAL
from survey.published.bounds.queries import Span, feasible_margins
from survey.published.findings.figures import EVERYONE
from survey.report.marks import KINDS
from survey.report.survey.context import SurveyContext
from survey.report.survey.marked_results import FOLLOWED, FRAMES
from survey.result_ids import IDS

if TYPE_CHECKING:
    from survey.ingest import Responses, ResponsesLike
    from survey.published.findings import Findings, FindingsLike

Ids = tuple[str, ...]
Seen = dict[tuple[str, Ids], dict[str, Ends]]


def prove_marks(
    responses: "Iterable[Responses]",
    findings: "Findings",
    tell: Callable[[int], None] | None,
    *,
    models: bool = False,
) -> tuple[Marks, int]:
    """Prove the marks over some data sets with the same figures, and count these.

    `models`: those of the models of needs too.
    """
    ranges = Ranges(feasible_margins(findings))
    banner = findings.instrument.defaults.banner
    seen: Seen = {}
    count = 0
    for count, data_set in enumerate(responses):  # the first are those that carry the marks
        banners = (data_set.instrument.question(banner),) if banner else ()
        context = SurveyContext(responses=data_set, banners=banners, models=models)
        _measure(context, seen, first=not count)
        if tell is not None and count:
            tell(count)
    proofs = _Proofs(ranges)
    marks = {key_of(kind, ids): proofs.marks(kind, ids, ends) for (kind, ids), ends in seen.items()}
    return marks, count


def _measure(context: SurveyContext, seen: Seen, *, first: bool) -> None:
    """Widen the range of every measure by what one data set gives; the first says which rows there are."""
    for kind, frames in FRAMES.items():
        follow = None if first else FOLLOWED.get(kind)
        for frame in (
            follow(context, [ids for name, ids in seen if name == kind]) if follow else frames(context)
        ):
            ids = zip(*(frame[name].astype(str).tolist() for name in IDS[kind]), strict=True)
            measures = [
                (name, frame[name].astype(float).tolist()) for name in KINDS[kind].measures if name in frame
            ]
            for at, key in enumerate(ids):
                if (kind, key) not in seen and not first:
                    continue  # the report that carries the marks has no such row
                ranges = seen.setdefault((kind, key), {})
                for name, values in measures:
                    value = values[at]
                    if value == value:
                        low, high = ranges.get(name, (value, value))
                        ranges[name] = min(low, value), max(high, value)


@dataclass(frozen=True)
class _Proofs:
    """What is proved of each measure."""

    ranges: Ranges

    def marks(self, kind: str, ids: Ids, seen: dict[str, Ends]) -> dict[str, Mark]:
        """The marks of a row; what hangs on an open share, or on a question nobody wrote about, is open."""
        named = dict(zip(IDS[kind], ids, strict=True))
        marks: dict[str, Mark] = {}
        is_open = not self._spoken_of(named)
        for at, measure in enumerate(KINDS[kind].measures):
            if measure not in seen:
                continue  # it never had a value: there is no number to be marked
            marks[measure] = mark = _mark(self._proved(kind, named, measure), seen[measure], is_open)
            is_open |= at == 0 and mark.verdict == OPEN
        return marks

    def _spoken_of(self, named: dict[str, str]) -> bool:
        question = named.get("stub") or named.get("question")
        return not question or self.ranges.spoken_of(self.ranges.known.margins.instrument.question(question))

    def _proved(self, name: str, named: dict[str, str], measure: str) -> Span | None:
        prove = _PROVED.get((name, measure))
        return prove(self.ranges, named) if prove else None


def _mark(span: Span | None, draws: Ends, is_open: bool) -> Mark:
    if span is None:
        return Mark(OPEN) if is_open else Mark(BOUNDED, draws)
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
        span: Span | None = getattr(ranges, measure)(ranges.known.question(ids["question"]), ids["item"])
        return span

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


def _yes(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """How many need it: the count of the share."""
    span = ranges.share(ranges.known.question(ids["stub"]), ids["stub_code"])
    size = ranges.known.margins.size
    return span and Span(span.low * size, span.high * size, span.status, 0, size)


def _effect(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """An effect on a need is open where nothing is known of that need in the group; else the draws tell."""
    if ids["term"] == ASSUMPTION:
        return None
    return _open_cells(ranges, ids["stub"], [ids["stub_code"]], ids["term"])


def _bundle(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """What a bundle reaches: of one option its share; open where nothing is known of any in the group."""
    codes = ids["bundle_id"].split()
    if len(codes) == 1:
        return ranges.share(ranges.known.question(ids["question"]), codes[0], ids["group"] or EVERYONE)
    return _open_cells(ranges, ids["question"], codes, ids["group"] or EVERYONE)


def _bundle_count(ranges: Ranges, ids: dict[str, str]) -> Span | None:
    """The same as a count, where the size of the group is known."""
    span, base = _bundle(ranges, ids), _reach_base(ranges, ids)
    if span is None or span.verdict == OPEN or base.verdict != FIXED:
        return span if span and span.verdict == OPEN else None
    return Span(span.low * base.low, span.high * base.low, span.status, 0, float(base.low))


def _open_cells(ranges: Ranges, stub: str, codes: list[str], group: str) -> Span | None:
    question = ranges.known.question(stub)
    spans = [ranges.share(question, code, group) for code in codes]
    return _NOTHING if all(span is not None and span.verdict == OPEN for span in spans) else None


def _reach_base(ranges: Ranges, ids: dict[str, str]) -> Span:
    return ranges.base(ids["group"] or EVERYONE)


_SETTLED = Span(0, 0, OPTIMAL, 0, 1)  # one value, whichever
_NOTHING = Span(0, 1, OPTIMAL, 0, 1)  # whatever it could be

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
    ("cooccurrence", "n"): _both,
    ("overlap", "n"): _both,
    ("mention", "share_of_mentions"): _share_of_mentions,
    ("mention_summary", "mean_mentions"): _mean_mentions,
    ("precision", "base"): _precision_base,
    ("precision", "margin"): _precision_rest,
    ("precision", "needed_base"): _precision_rest,
    ("sentence", "value"): _sentence,
    ("model_need", "n_yes"): _yes,
    **{("model_need", name): _effect for name in ("marginal", "odds_ratio", "p_value", "p_adjusted")},
    ("reach", "reach"): _bundle_count,
    ("reach", "proportion"): _bundle,
    ("reach", "base"): _reach_base,
    # Which bundle would have won is not asked of every draw again.
    ("reach", "chosen_first"): lambda ranges, ids: _NOTHING,
}


def mark_results(
    responses: "ResponsesLike",
    findings: "FindingsLike",
    *,
    draws: int = 100,
    seed: int = 1,
    data_sets: "Iterable[Responses] | None" = None,
    models: bool = False,
    progress: Callable[[int], None] | None = None,
) -> "Responses":
    r"""Mark each result of the report of a reconstruction: fixed by the margins, bounded, or open.

    Parameters
    ----------
    responses
        The reconstruction that is to carry the marks, or the path of its file. Its answers stay as they are.
    findings
        The published findings it was made from, or the path of their CSV file.
    draws
        How many data sets `reconstructions` makes for the ranges.
    seed
        What they start from.
    data_sets
        Data sets with the same figures to take instead; `draws` and `seed` then have no say.
    models
        Mark also what `analyze` says with `models=True`; takes about half as long again.
    progress
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

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from survey.published.findings.reading import COLUMNS
    >>> size = "N,,figure,,,all,respondents,=,20,0,,,"
    >>> share = "A,,figure,firm_type,biotech,all,share_selecting,=,55,0,,,"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "figures.csv"
    ...     _ = path.write_text("\n".join([",".join(COLUMNS), size, share]))
    ...     responses = survey.mark_results(survey.reconstruct(path), path, draws=2)
    >>> responses.provenance.reconstruction.mark_draws
    2
    """
    from dataclasses import replace
    from itertools import chain

    from survey.ingest import responses_of
    from survey.ingest.responses import digest_of
    from survey.published.findings import findings_of

    check_flag("models", models)
    responses, findings = responses_of(responses), findings_of(findings)
    made = responses.provenance.reconstruction
    if made is None:
        raise usage("marks_not_reconstructed")
    if data_sets is None:
        from survey.published.reconstruction.ensemble import reconstructions

        ensemble = reconstructions(findings, draws=draws, seed=seed)
        data_sets = (ensemble.responses(draw) for draw in range(1, len(ensemble) + 1))
    marks, count = prove_marks(chain([responses], data_sets), findings, progress, models=models)
    made = replace(made, marks=marks, mark_draws=count, answers_digest=digest_of(responses.data))
    return replace(responses, provenance=replace(responses.provenance, reconstruction=made))
