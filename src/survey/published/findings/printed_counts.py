"""Each published figure against the counts that print it, under every habit of rounding."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from survey.messages import enumerated, message
from survey.published.findings.figures import EVERYONE, Figure
from survey.rounding import RULES, counts_printing, printed_range
from survey.tables import remarks

EXACT, TWICE, TRUNCATED = "exact", "only if rounded twice", "only if truncated"
HOLDS, IMPOSSIBLE, NO_BASE = "bound holds", "impossible", "no base"
_SHOWN = 6


def audit_figures(
    figures: Sequence[Figure], size: int | None, bases: Mapping[str, tuple[int, ...]], lang: str
) -> list[dict[str, object]]:
    """One row per figure: its bases, the counts that print it under each habit, and the verdict."""
    at = {figure.claim: bases_of(figure, size, bases) for figure in figures}
    counts = {
        figure.claim: {rule: _counts(figure, at[figure.claim][0], rule) for rule in RULES}
        for figure in figures
    }
    verdicts = {
        figure.claim: _verdict(figure, at[figure.claim][0], counts[figure.claim]) for figure in figures
    }
    against = {
        rule: [
            figure.claim
            for figure in figures
            if verdicts[figure.claim] == EXACT
            and not figure.is_size
            and not any(counts[figure.claim][rule].values())
        ]
        for rule in RULES
    }
    rows: list[dict[str, object]] = []
    for figure in figures:
        (own, source), by_rule, verdict = at[figure.claim], counts[figure.claim], verdicts[figure.claim]
        parts = [
            *_rounding_remarks(figure, own, by_rule, verdict, against, lang),
            *_sum_remarks(figure, figures, own, lang),
        ]
        rows.append(
            {
                **{name: getattr(figure, name) for name in ("line", "locator", "question", "item", "group")},
                "finding": figure.claim,
                "statistic": str(figure.statistic),
                "published": figure.printed,
                "base": numbers_text(own, lang),
                "base_from": source,
                **{rule: _counts_text(by_rule[rule], lang) for rule in RULES},
                "verdict": verdict,
                **remarks(*parts, separator=message("finding_note_separator", lang)),
            }
        )
    return rows


def bases_of(
    figure: Figure, size: int | None, bases: Mapping[str, tuple[int, ...]]
) -> tuple[tuple[int, ...], str]:
    """The bases of a figure and where they come from: stated, respondents, recovered, or nowhere."""
    if figure.is_size and figure.group == EVERYONE:
        return ((size,), "respondents") if size else ((), "")
    if figure.stated_base is not None:
        return (figure.stated_base,), "stated"
    if figure.group == EVERYONE:
        return ((size,), "respondents") if size else ((), "")
    candidates = bases.get(figure.group, ())
    return candidates, "recovered" if candidates else ""


def _counts(figure: Figure, bases: Sequence[int], rule: str) -> dict[int, list[int]]:
    """The counts that print a figure at each base; for a bound or a size those that keep it."""
    by_base = {}
    for base in bases:
        if figure.is_size or figure.is_bound:
            low, high, met = figure.counts_at(base)
            counts = list(range(low, high + 1)) if met else []
        else:
            counts = counts_printing(figure.published, base, rule) if base else []
            if figure.stated_count is not None:
                counts = [count for count in counts if count == figure.stated_count]
        by_base[base] = counts
    return by_base


def _verdict(figure: Figure, bases: Sequence[int], counts: Mapping[str, Mapping[int, list[int]]]) -> str:
    """The best that is true at some base."""
    if not bases:
        return NO_BASE
    met = {rule: any(by_base.values()) for rule, by_base in counts.items()}
    if figure.is_bound:
        return HOLDS if met["half_up"] else IMPOSSIBLE
    if met["half_up"] or met["half_even"]:
        return EXACT
    return TWICE if met["rounded_twice"] else TRUNCATED if met["truncated"] else IMPOSSIBLE


def _rounding_remarks(
    figure: Figure,
    bases: Sequence[int],
    counts: Mapping[str, Mapping[int, list[int]]],
    verdict: str,
    against: Mapping[str, list[str]],
    lang: str,
) -> list[tuple[str, str]]:
    if verdict == NO_BASE:
        return [("no_base", message("audit_no_base", lang))]
    parts = []
    if verdict == IMPOSSIBLE and figure.stated_count is not None and not figure.is_size:
        share = Fraction(figure.stated_count, bases[0]) if bases[0] else Fraction(0)
        values = {"count": figure.stated_count, "base": bases[0], "share": share}
        parts.append(("stated_count", message("audit_stated_count", lang, **values)))
    rule = {TWICE: "rounded_twice", TRUNCATED: "truncated"}.get(verdict)
    if verdict == EXACT and not any(counts["half_up"].values()):
        rule = "half_even"
    if rule:
        base, printing = next((base, printing) for base, printing in counts[rule].items() if printing)
        details: dict[str, object] = {"count": printing[0], "base": base, "published": figure.published}
        details["share"] = Fraction(printing[0], base)
        note = message("audit_rescued", lang, rule=message(f"finding_rule_{rule}", lang), **details)
        parts.append(("other_rounding", note))
        if others := against[rule]:
            listed = message("list_separator", lang).join(others)
            note = message("audit_habit_contradicted", lang, others=listed)
            parts.append(("rounding_contradicted", note))
    return parts


def _sum_remarks(
    figure: Figure, figures: Sequence[Figure], bases: Sequence[int], lang: str
) -> list[tuple[str, str]]:
    """Compare a figure of several answers with its parts, as counts and not as printed shares."""
    if len(figure.codes) < 2 or not bases or figure.is_bound:
        return []
    parts = [
        part
        for part in figures
        if (part.question, part.item, part.group) == (figure.question, figure.item, figure.group)
        and len(part.codes) == 1
        and part.codes[0] in figure.codes
        and not part.is_bound
    ]
    if {part.codes[0] for part in parts} != set(figure.codes):
        return []
    base = bases[0]
    ranges = [part.counts_at(base) for part in parts]
    low, high = sum(one.low for one in ranges), sum(one.high for one in ranges)
    own = figure.counts_at(base)
    fits = max(low, own.low) <= min(high, own.high)
    values = {"sum": printed_range(low, high), "own": printed_range(own.low, own.high)}
    values["parts"] = " + ".join(printed_range(one.low, one.high) for one in ranges)
    note = message("audit_sum" if fits else "audit_sum_fails", lang, **values)
    return [("parts_add_up" if fits else "parts_differ", note)]


def numbers_text(numbers: Sequence[int], lang: str) -> str:
    """Write some numbers: all of them where they are few, else how far they go."""
    if len(numbers) <= _SHOWN:
        return enumerated(numbers, lang)
    return f"{printed_range(numbers[0], numbers[-1])} ({len(numbers)})"


def _counts_text(counts: Mapping[int, list[int]], lang: str) -> str:
    parts = [
        f"{printed_range(numbers[0], numbers[-1])}/{base}" for base, numbers in counts.items() if numbers
    ]
    return enumerated(parts if len(parts) <= _SHOWN else [*parts[:_SHOWN], "\N{HORIZONTAL ELLIPSIS}"], lang)
