"""The marks of a report: those stored with reconstructed data, else what the published figures alone say."""

from collections.abc import Mapping

from survey.ingest.provenance import BOUNDED, FIXED, Mark, PublishedShare, Reconstruction
from survey.ingest.responses import digest_of
from survey.report.marks import KINDS, Marks
from survey.report.survey.context import SurveyContext
from survey.report.survey.precision import precision_rows
from survey.result_ids import IDS

ByResult = dict[tuple[str, tuple[str, ...]], dict[str, Mark | None]]

_CONFIDENCE, _MIN_BASE = 0.95, 5  # what stored marks were made with
# Measures that change with the confidence level or the minimum base, and sentences that count over groups.
_OF_SETTINGS = frozenset(
    (
        *("rank_low", "rank_high", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"),
        *("p_adjusted", "margin", "smallest_difference", "needed_base", "value"),
    )
)
_OF_GROUPS = ("cross", "group_ratings")
_OF_MODELS = ("model_need", "all_need", "reach")  # which a report has on request


def marks_of(context: SurveyContext) -> Marks | None:
    """What is known of the results of this report; None where the data are no reconstruction."""
    provenance = context.responses.provenance
    made = provenance.reconstruction
    if made is None:
        return None
    if context.rows is None:  # a tally holds neither the marks nor the answers that they are about
        return Marks({}, looked_up=False)
    if context.counts.weighted:  # the figures fix shares of respondents, and no weighted one
        return Marks(_of_bases(context))
    changed = _is_changed(context, made)
    part = context.responses.subset or provenance.subset or provenance.screening or provenance.carried_from
    if made.marks and made.answers_digest and not (changed or part or context.minimum):
        return _stored(context, made)
    whole = not changed and not context.responses.subset
    return Marks(_of_figures(context, made.fixed, dict(made.below)) if whole else _of_bases(context))


def _is_changed(context: SurveyContext, made: Reconstruction) -> bool:
    """Whether somebody changed the answers after they were made from the figures."""
    if context.responses.provenance.carried_from or not made.answers_digest:
        return False
    return context.rows is None or made.answers_digest != digest_of(context.rows.data)


def _stored(context: SurveyContext, made: Reconstruction) -> Marks:
    """The stored marks, as far as they hold for the settings and groups of this report."""
    same = (context.confidence, context.min_base) == (_CONFIDENCE, _MIN_BASE)
    banner = context.banner.id if context.banner else None
    groups = not context.only and banner == context.instrument.defaults.banner
    marks: ByResult = {}
    for (kind, ids), measures in made.marks.items():
        named = dict(zip(IDS.get(kind, ()), ids, strict=False))  # a workbook of before may know others
        by_group = kind == "crosstab" or bool(kind == "test" and named.get("by"))
        of_others = bool(context.only) and by_group
        of_others |= kind == "sentence" and ids[0] in _OF_GROUPS and not groups  # its key names no banner
        marks[kind, ids] = {
            measure: None if of_others or (measure in _OF_SETTINGS and not same) else mark
            for measure, mark in measures.items()
        }
    verdicts = [
        mark.verdict
        for (kind, _), measures in made.marks.items()
        for mark in measures.values()
        if context.models or kind not in _OF_MODELS
    ]
    counts = {name: verdicts.count(name) for name in ("fixed", "bounded", "open")}
    return Marks(marks, True, str(made.mark_draws or "-"), counts if groups and same else {})


def _of_bases(context: SurveyContext) -> ByResult:
    """What needs no figure: bases, and what hangs on nothing else, are taken as they stand."""
    marks: ByResult = {}
    for row in precision_rows(context).itertuples():
        if row.what != "pair":  # how many answer two items differently is open
            ids = tuple(str(getattr(row, name)) for name in IDS["precision"])
            marks["precision", ids] = dict.fromkeys(KINDS["precision"].measures, Mark(FIXED))
    for banner in context.banners:
        for stub in context.stubs(banner):
            for part in stub.parts:
                for group in banner.groups:
                    marks["crosstab", (stub.id, part.id, banner.id, group.id)] = {"base": Mark(FIXED)}
    return marks


def _of_figures(
    context: SurveyContext, fixed: tuple[PublishedShare, ...], below: Mapping[PublishedShare, str]
) -> ByResult:
    """The shares that the figures fix or bound, and what hangs on them: ranks, tests of groups."""
    marks = _of_bases(context)
    published = {share: Mark(BOUNDED, proved=(0, float(percent) / 100)) for share, percent in below.items()}
    published |= dict.fromkeys(fixed, Mark(FIXED))
    questions = {question.id: question for question in context.instrument.questions}
    for share, mark in published.items():
        question = questions.get(share.question)
        key = question and context.figure_key(question, share.item, share.group, share.statistic)
        if key and not (context.only and key.result == "crosstab"):
            marks.setdefault((key.result, key.ids), {})[key.measure] = mark
    for battery in context.batteries:
        rows = [marks.setdefault(("importance", (battery.id, item.id)), {}) for item in battery.items]
        if all(row.get("proportion") == Mark(FIXED) for row in rows):
            for row in rows:
                row["rank"] = Mark(FIXED)
    for (kind, ids), measures in marks.items():
        if kind == "crosstab" and measures.get("proportion") == Mark(FIXED):
            stub = context.instrument.question(ids[0])
            total = ("importance", ids[:2]) if stub.kind == "rating" else ("frequency", (ids[0], "", ids[1]))
            if marks.get(total, {}).get("proportion") == Mark(FIXED):
                measures |= dict.fromkeys(("difference", "p_value", "p_adjusted"), Mark(FIXED))
    return marks
