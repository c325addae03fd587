"""Provenance as pairs of texts, as the hidden sheet of a workbook holds them, and back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from survey.ingest.provenance import (
    BOUNDED,
    FIXED,
    OPEN,
    Ends,
    Mark,
    Marks,
    Provenance,
    PublishedShare,
    Reconstruction,
    ResultKey,
    RuleCount,
    Screening,
    TargetShare,
    UpperBound,
    Weighting,
)
from survey.instrument.shares import Statistic
from survey.wording import is_blank_text

Value = TypeVar("Value")


TEXTS = ("title", "wave", "source", "licence", "fielded_by", "carried_from")


_NUMBERS = ("seed", "draw", "draws", "mark_draws")


_MARK = "mark "  # begins the key of what the margins say of one result


_NO_MEASURE = "none"  # there was no number to be marked


_LETTERS = {"f": FIXED, "b": BOUNDED, "o": OPEN}


# What may be said of responses in words of a few letters: of a DataFrame, or on a hidden sheet.
KNOWN_KEYS = (
    *TEXTS,
    *("subset", "left_out", "left_out_of", "reconstructed", "findings", "findings_hash"),
    *("seed", "group_bases", "not_met", "draw", "draws", "weights", "weights_from", "weights_set"),
    *("weights_targets", "weights_bounds", "weights_trimmed", "weights_rounds"),
)


def provenance_pairs(provenance: Provenance) -> dict[str, str]:
    """What is said of responses as key and value, blank values left out.

    The files are not part of it: a workbook cannot name the hash of itself.
    """
    pairs = {name: str(getattr(provenance, name)) for name in TEXTS}
    pairs["subset"] = "\n".join(provenance.subset)
    if screening := provenance.screening:
        pairs["left_out"] = " ".join(f"{rule}={n}" for rule, n in screening.counts)
        pairs["left_out_of"] = str(screening.total)
    if weighting := provenance.weighting:
        pairs |= {"weights": weighting.name, "weights_from": weighting.source}
        pairs["weights_set"] = " ".join(weighting.targets)
        pairs["weights_targets"] = "\n".join(
            f"{question} {code} {share!r}" for question, code, share in weighting.shares
        )
        pairs["weights_bounds"] = " ".join(map(repr, weighting.bounds or ()))
        counts = {"weights_trimmed": weighting.trimmed, "weights_rounds": weighting.rounds}
        pairs |= {key: str(count) for key, count in counts.items() if count}
    if reconstruction := provenance.reconstruction:
        pairs |= {
            "reconstructed": "yes",
            "findings": reconstruction.findings,
            "findings_hash": reconstruction.findings_hash,
            "group_bases": ", ".join(f"{group} {base}" for group, base in reconstruction.group_bases.items()),
            "not_met": ", ".join(reconstruction.not_met),
            "mark_answers": reconstruction.answers_digest,
            "fixed": " ".join(map(str, reconstruction.fixed)),
            "below": " ".join(f"{share}:{percent}" for share, percent in reconstruction.below),
        }
        numbers = {name: getattr(reconstruction, name) for name in _NUMBERS}
        pairs |= {name: str(number) for name, number in numbers.items() if number is not None}
        for key, measures in reconstruction.marks.items():
            texts = [f"{measure} {_mark_text(mark)}" for measure, mark in measures.items()]
            pairs[f"{_MARK}{key.result} {':'.join(key.ids)}"] = "; ".join(texts) or _NO_MEASURE
    return {key: text for key, text in pairs.items() if not is_blank_text(text)}


def provenance_entries(provenance: Provenance, *names: str) -> Iterator[tuple[str, str]]:
    """Key and value of some keys, as the hidden sheet has them, the blank left out: for people."""
    texts = provenance_pairs(provenance)
    return ((name, texts[name]) for name in names if name in texts)


def read_provenance(pairs: Mapping[str, str]) -> tuple[Provenance, dict[str, str]]:
    """Read what is said of responses, and give the pairs besides that nobody can read: unknown, or spoilt."""
    rest = _Pairs(dict(pairs))
    texts: dict[str, Any] = {name: rest.take(name, str, "") for name in TEXTS}
    screening = None
    if "left_out" in pairs and "left_out_of" in pairs:
        counts = rest.take("left_out", _rule_counts, None)
        total = rest.take("left_out_of", _number, None)
        screening = Screening(counts, total) if counts and total is not None else None
    weighting = None
    if name := rest.take("weights", str, ""):
        targets: tuple[str, ...] = rest.take("weights_set", _words, ())
        weighting = Weighting(
            name,
            rest.take("weights_from", str, "column"),
            targets,
            rest.take("weights_targets", _target_shares, ()),
            rest.take("weights_bounds", _bounds_of_weights, None),
            rest.take("weights_trimmed", _number, 0),
            rest.take("weights_rounds", _number, 0),
        )
    reconstruction = None
    if rest.take("reconstructed", _yes, False):
        reconstruction = Reconstruction(
            findings=rest.take("findings", str, ""),
            findings_hash=rest.take("findings_hash", str, ""),
            group_bases=rest.take("group_bases", _group_bases, {}),
            not_met=rest.take("not_met", _claims, ()),
            answers_digest=rest.take("mark_answers", str, ""),
            fixed=rest.take("fixed", _shares, ()),
            below=rest.take("below", _bounds, ()),
            marks=_marks(rest),
            seed=rest.take("seed", _number, None),
            draw=rest.take("draw", _number, None),
            draws=rest.take("draws", _number, None),
            mark_draws=rest.take("mark_draws", _number, None),
        )
    provenance = Provenance(
        **texts,
        subset=rest.take("subset", _lines, ()),
        screening=screening,
        reconstruction=reconstruction,
        weighting=weighting,
    )
    return provenance, rest.left


@dataclass(frozen=True)
class _Pairs:
    """Pairs that are taken one after the other; what cannot be read stays."""

    left: dict[str, str]

    def take(self, key: str, parse: Callable[[str], Value], default: Value) -> Value:
        if key not in self.left:
            return default
        try:
            value = parse(self.left[key])
        except ValueError:
            return default
        del self.left[key]
        return value


def _marks(rest: _Pairs) -> Marks:
    marks: dict[ResultKey, Mapping[str, Mark]] = {}
    for key in [key for key in rest.left if key.startswith(_MARK)]:
        result, _, ids = key.removeprefix(_MARK).partition(" ")
        measures = rest.take(key, _measures, None) if ids else None
        if measures is not None:
            marks[ResultKey(result, tuple(ids.split(":")))] = measures
    return marks


def _mark_text(mark: Mark) -> str:
    """A mark in a few words: "b 0.31 0.42 0.3 0.5", the draws, then what is proved; "-" for no range."""
    if mark.verdict != BOUNDED:
        return mark.verdict[0]
    ends = [end for ends in (mark.draws, mark.proved) for end in ends or ("-", "-")]
    return " ".join(["b", *(end if isinstance(end, str) else f"{end:.6g}" for end in ends)])


def _measures(text: str) -> Mapping[str, Mark]:
    parts = (part.split(" ", 1) for part in text.split("; ") if part != _NO_MEASURE)
    return {measure: _read_mark(mark) for measure, mark in parts}


def _read_mark(text: str) -> Mark:
    letter, *ends = text.split()
    if letter == "b":
        draws_low, draws_high, low, high = ends
        return Mark(BOUNDED, _ends(draws_low, draws_high), _ends(low, high))
    if letter not in _LETTERS or ends:
        raise ValueError(text)
    return Mark(_LETTERS[letter])


def _ends(low: str, high: str) -> Ends | None:
    if low == high == "-":
        return None
    if not float(low) <= float(high):  # nor is anything that is no number
        raise ValueError(low, high)
    return float(low), float(high)


def _yes(text: str) -> bool:
    answers = {"yes": True, "no": False}
    if text.strip().lower() not in answers:
        raise ValueError(text)
    return answers[text.strip().lower()]


def _number(text: str) -> int:
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if not is_blank_text(line))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _target_shares(text: str) -> tuple[TargetShare, ...]:
    parts = (line.rsplit(" ", 2) for line in _lines(text))
    return tuple(TargetShare(question, code, float(share)) for question, code, share in parts)


def _bounds_of_weights(text: str) -> Ends:
    low, high = map(float, text.split())
    return low, high


def _rule_counts(text: str) -> tuple[RuleCount, ...]:
    parts = (part.split("=") for part in text.split())
    return tuple(RuleCount(rule, _number(n)) for rule, n in parts)


def _group_bases(text: str) -> Mapping[str, int]:
    parts = (part.rsplit(" ", 1) for part in text.split(", "))
    return {group: _number(base) for group, base in parts}


def _claims(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


def _shares(text: str) -> tuple[PublishedShare, ...]:
    return tuple(_share(*word.split(":")) for word in text.split())


def _bounds(text: str) -> tuple[UpperBound, ...]:
    parts = [word.rsplit(":", 1) for word in text.split()]
    for _, percent in parts:
        float(percent)
    return tuple(UpperBound(_share(*share.split(":")), percent) for share, percent in parts)


def _share(*parts: str) -> PublishedShare:
    question, item, group, word = parts
    statistic = Statistic.parse(word)
    if statistic is None:
        raise ValueError(word)
    return PublishedShare(question, item, group, statistic)
