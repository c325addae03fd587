"""The options of a question whose answers stand in one column: from labels, codes or words, in order."""

import re

from survey.drafting.bands import band_of, bands_in_order
from survey.drafting.naming import Names
from survey.drafting.profile import Profile
from survey.drafting.recognition import Kind, yes_and_no
from survey.drafting.sketch import SketchPart, SketchQuestion
from survey.messages import message
from survey.wording import normalise

NONE_OF_THESE = re.compile(
    r"none(?: of (?:these|the above|them))?\b.*|not (?:yet )?(?:decided|sure|applicable)|undecided|nothing|"
    r"以上(?:都|均)(?:不是|没有)|都没有|没有|尚未(?:决定|确定)|无|不适用",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\bother\b|\bdon'?t know\b|\bnone\b|\bprefer not\b|其他|其它|不知道|无|以上都不", re.IGNORECASE
)
_FIRST_NUMBER = re.compile(r"[<>≤≥(\[]*\s*(\d[\d,.]*)")
_BOUNDED = re.compile(
    r"^\s*(?:<|under|below|less|up to|少于|低于|不足)|(?:以下|以内|or (?:less|fewer|under))\W*$",
    re.IGNORECASE,
)


def choices_of(profile: Profile, kind: Kind, lang: str) -> list[SketchPart]:
    """The options of a single choice, from labels, yes and no, codes, or words."""
    if profile.variable and profile.variable.codes:
        valid = [
            (code, label.strip())
            for code, label in profile.variable.codes.items()
            if not profile.variable.is_missing(code)
        ]
        known = {normalise(label) for _, label in valid}
        bare = [text for text in profile.counts if normalise(text) not in known]
        texts = [label or str(code) for code, label in valid]
        options = options_of([(text, 1) for text in (*texts, *bare)], lang)
        for option in options[len(texts) :]:
            option.ask = "draft_ask_code"
        return options
    if kind.reason == "yes_no" and (pair := yes_and_no(profile)):
        parts = []
        for form, name in zip(pair, ("yes", "no"), strict=True):
            label = form if normalise(form) not in ("true", "false", "t", "f", "y", "n") else ""
            label = label or message(f"draft_{name}", lang)
            parts.append(SketchPart(name, {lang: label}, [form] if form and form != label else []))
        return parts
    if profile.numbers:
        texts = sorted(profile.counts, key=lambda text: profile.numbers[text])
        parts = []
        for text in texts:
            number = profile.numbers[text]
            code = str(int(number)) if number.is_integer() else text
            word = "code" if kind.reason != "wave" else "wave"
            part = SketchPart(
                f"{word}_{'minus_' if number < 0 else ''}{re.sub(r'[^0-9]+', '_', code).strip('_') or 'x'}",
                {lang: code},
                [code],
                ask="draft_ask_code" if kind.reason != "wave" else "",
            )
            parts.append(part)
        return _each_once(parts)
    return options_of(_in_order(profile.counts), lang)


def options_of(counts: list[tuple[str, int]], lang: str, *, several: bool = False) -> list[SketchPart]:
    """An option of each text, in their order; "none of these" is exclusive where `several` may be chosen."""
    ids = Names()
    parts: dict[str, SketchPart] = {}
    for number, (text, _) in enumerate(counts, 1):
        part = SketchPart(ids.id_of(text, f"option_{number}"), {lang: text})
        code = re.fullmatch(r"[+-]?\d+(?:\.0+)?", text.strip())
        if code:
            part.id = ids.id_of(f"code {text.strip().removeprefix('-')}", f"option_{number}")
            part.aliases, part.ask = [text.strip()], "draft_ask_code"
        if several and NONE_OF_THESE.fullmatch(text.strip()):
            part.exclusive = True
        parts.setdefault(normalise(text), part)
    return list(parts.values())


def check_exclusive(question: SketchQuestion, profile: Profile, kind: Kind, lang: str) -> None:
    """Take "none of these" as exclusive only where nobody chose it with another."""
    sign = kind.joined.sign if kind.joined else ""
    for option in question.options:
        label = option.label[lang]
        if option.exclusive and any(
            label in text and sign in text for text in profile.counts if text != label
        ):
            option.exclusive = False


def keep_bands(question: SketchQuestion, lang: str) -> None:
    """Options that are bands of a number, in their order, keep their places."""
    labels = [option.label[lang] for option in question.options]
    ordered = bands_in_order(labels)
    if ordered is None or labels != ordered:
        return
    bands = [option for option in question.options if band_of(option.label[lang])]
    question.fixed = len(bands) == len(labels)
    for option in bands:
        option.fixed = not question.fixed


def _each_once(parts: list[SketchPart]) -> list[SketchPart]:
    seen: dict[str, SketchPart] = {}
    for part in parts:
        first = seen.setdefault(part.id, part)
        if first is not part:
            first.aliases += [alias for alias in part.aliases if alias not in first.aliases]
    return list(seen.values())


def _in_order(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Options in an order readers expect: by the number they begin with, else the most frequent first."""
    if bands := bands_in_order(counts):
        return [(text, counts[text]) for text in bands]
    starts = [_FIRST_NUMBER.match(text) for text in counts]
    if sum(start is not None for start in starts) >= max(2, 0.7 * len(counts)):
        return sorted(counts.items(), key=lambda pair: _rank(pair[0]))
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return sorted(ordered, key=lambda pair: _LAST.search(pair[0]) is not None)


def _rank(text: str) -> tuple[float, int]:
    start = _FIRST_NUMBER.search(text)
    if start is None:
        return (float("inf"), 1)
    number = float(start[1].replace(",", "").rstrip(".") or 0)
    return number, 0 if _BOUNDED.search(text) else 1
