"""The feasible range of each result without any data set, beside its published figures and their counts."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from survey.instrument import Question
from survey.messages import enumerated
from survey.published.audit.ranges import Ranges
from survey.published.bounds.integer_program import UNPROVED
from survey.published.bounds.joint_table import high_codes
from survey.published.bounds.queries import Quantity, Span, group_difference, group_p_value, item_p_value
from survey.published.findings.figures import EVERYONE, Code, Figure
from survey.published.findings.printed_counts import NO_BASE, numbers_text
from survey.rounding import printed_range
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def known_shares(
    ranges: Ranges, question: Question, group: str = EVERYONE, *, confidence: float = 0.95, lang: str = "en"
) -> "pd.DataFrame":
    """One row per option (or item, its top box): the published share, its count, base and proved range.

    `low` and `high` are fractions; `verdict` is "fixed", "bounded" or "open". Where the margins fix count and
    base (`fixed_count` of `fixed_base`) the row has Wilson's interval, which is about the population the
    respondents are a sample of. `count` and `base` tell them as text, also where there are several.
    """
    rows = [_share_row(ranges, question, part.id, group, confidence, lang) for part in question.parts]
    return contract_frame("known_share", rows)


def _share_row(
    ranges: Ranges, question: Question, item: str, group: str, confidence: float, lang: str
) -> dict[str, object]:
    from survey.statistics.intervals import share_interval

    margins = ranges.known.margins
    figures = figures_of(ranges, question, item, group)
    span = ranges.share(question, item, group)
    base = ranges.base(group)
    row: dict[str, object] = {
        "question": question.id,
        "item": item,
        "label": question.part(item).said(lang),
        "group": group,
        "group_label": margins.banner.part(group).said(lang) if margins.banner and group != EVERYONE else "",
        "finding": enumerated((figure.claim for figure in figures), lang),
        "published": enumerated((f"{figure.printed}%" for figure in figures), lang),
        "count": _count_text(ranges, span, group, figures, lang),
        "base": numbers_text(ranges.known.bases.get(group, (margins.size,)), lang),
        "low": float(span.low) if span else None,
        "high": float(span.high) if span else None,
        "verdict": span.verdict if span else UNPROVED if base.high else NO_BASE,
        "status": span.status if span else UNPROVED,
    }
    if span and span.low == span.high and base.low == base.high and base.low:
        count = int(span.low * base.low)
        low, high = share_interval([count], [int(base.low)], confidence=confidence)
        row |= {"fixed_count": count, "fixed_base": int(base.low)}
        row |= {"ci_low": float(low[0]), "ci_high": float(high[0])}
    return row


def _count_text(ranges: Ranges, span: Span | None, group: str, figures: list[Figure], lang: str) -> str:
    """The counts in words: of one base a range, of several those that print the figure beside each base."""
    margins = ranges.known.margins
    bases = ranges.known.bases.get(group, (margins.size,))
    if span is None or (span.low, span.high) == (span.least, span.most):
        return ""
    if len(bases) == 1:
        return printed_range(int(span.low * bases[0]), int(span.high * bases[0]))
    values = [figure for figure in figures if not figure.is_bound]
    counts = [(values[0].counts_at(base), base) for base in bases] if values else []
    return enumerated((f"{printed_range(count.low, count.high)}/{base}" for count, base in counts), lang)


def figures_of(
    ranges: Ranges, question: Question, item: str, group: str, codes: tuple[Code, ...] = ()
) -> list[Figure]:
    """The figures of just this share: the top box, or the answers named."""
    margins = ranges.known.margins
    wanted = set(codes or high_codes(margins, question, item))
    return [
        figure
        for figure in margins.figures
        if (figure.question, figure.item, figure.group) == (question.id, item, group)
        and set(figure.codes) == wanted
    ]


def known_ratings(
    ranges: Ranges, battery: Question, *, confidence: float = 0.95, lang: str = "en"
) -> "pd.DataFrame":
    """One row per item of a battery: its top box as in `known_shares`; rank, mean and median as ranges."""
    rows = []
    for shares in known_shares(ranges, battery, confidence=confidence, lang=lang).to_dict("records"):
        item = str(shares["item"])
        row: dict[str, object] = {
            str(name): value
            for name, value in shares.items()
            if name not in ("group", "group_label", "status")
        }
        for name, span in (
            ("rank", ranges.rank(battery, item)),
            ("mean", ranges.mean(battery, item)),
            ("median", ranges.median(battery, item)),
        ):
            row |= {f"{name}_low": float(span.low), f"{name}_high": float(span.high)} if span else {}
        rows.append(row)
    return contract_frame("known_rating", rows)


def known_pairs(ranges: Ranges) -> Iterator[Quantity]:
    """The exact McNemar p-values of every two items of the batteries with figures."""
    for question in ranges.known.margins.questions:
        if question.kind == "rating" and ranges.spoken_of(question):
            for one, other in combinations(question.parts, 2):
                yield item_p_value(question.id, one.id, other.id)


def known_comparisons(ranges: Ranges) -> Iterator[Quantity]:
    """Differences and p-values of every two groups with a share of the same item that is not open."""
    margins = ranges.known.margins
    for question in margins.questions:
        for part in question.parts:
            published = [group for group in margins.groups if figures_of(ranges, question, part.id, group)]
            for one, other in combinations(published, 2):
                yield group_difference(question.id, part.id, one, other)
                yield group_p_value(question.id, part.id, one, other)


def unpublished(ranges: Ranges) -> list[Question]:
    """The questions that no figure is about."""
    questions = ranges.known.margins.instrument.questions
    return [question for question in questions if not ranges.spoken_of(question)]
