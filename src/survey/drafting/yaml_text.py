"""A sketch as the YAML of an instrument, every guess a comment with its reason, the doubtful ones on top."""

from collections.abc import Iterator

from survey.drafting.sketch import SURE, Guess, Sketch, SketchPart, SketchQuestion, SketchScale
from survey.instrument.yaml_lines import LINE_WIDTH, comment_lines, flow, quoted
from survey.messages import message

_MOST_DOUBTS = 40
_MOST_GROUPS = 8
_MOST_BANNERS = 5
_LONGEST_HEADER = 120
SEEN = "seen:"  # begins the lines that list the headers a draft was made of


def yaml_of(sketch: Sketch, source: str, lang: str) -> str:
    """Write the file: what to look at first, then the instrument."""
    return "\n".join(_lines(sketch, source, lang)) + "\n"


def _lines(sketch: Sketch, source: str, lang: str) -> Iterator[str]:
    yield from _top(sketch, source, lang)
    yield "kind: survey"
    yield f"id: {sketch.id}"
    yield 'version: "1.0.0"'
    yield f"languages: [{', '.join(sketch.languages)}]"
    yield f"title: {_words(sketch.title)}"
    yield ""
    yield from _defaults(sketch)
    yield from _set_apart(sketch, lang)
    asked = {question.scale for question in sketch.questions}
    scales = [scale for scale in sketch.scales.values() if scale.id in asked]
    if scales:
        yield "scales:"
        for scale in scales:
            yield from scale_lines(scale, lang)
        yield ""
    yield "questions:"
    for question in sketch.questions:
        yield from question_lines(question, lang)
        yield ""
    yield from seen_lines(sketch.seen, lang)


def _set_apart(sketch: Sketch, lang: str) -> Iterator[str]:
    """What stands for no answer, and the columns that hold none."""
    if sketch.missing or sketch.notes:
        yield f"# {message('draft_missing_head', lang)}"
        for key, values in sketch.notes:
            yield from comment_lines(message(key, lang, **values), "# - ")
    if sketch.missing:
        yield "missing:"
        for kind, words in sketch.missing.items():
            yield f"  {kind}: [{', '.join(map(quoted, words))}]"
        yield ""
    if sketch.meta:
        yield f"# {message('draft_meta_head', lang)}"
        yield "meta:"
        why = {guess.column: guess for guess in sketch.asides}
        for name, headers in sketch.meta.items():
            yield f"  {name}:"
            for header in headers:
                told = f"  # {reason_text(why[header], lang)}" if header in why else ""
                yield f"    - {quoted(header)}{told}"
        yield ""


def _top(sketch: Sketch, source: str, lang: str) -> Iterator[str]:
    guesses = sketch.guesses
    sure = sum(guess.confidence >= SURE for guess in guesses)
    yield from comment_lines(message("draft_head", lang, source=source, sure=sure, count=len(guesses)))
    doubts = doubtful(guesses)
    codes, banner = codes_text(sketch, lang), banner_texts(sketch, lang)
    if doubts or codes or banner:
        yield from comment_lines(message("draft_look_first", lang))
        shown = doubts[:_MOST_DOUBTS]
        for line in (*codes, *(doubt_text(group, lang) for group in shown)):
            yield from comment_lines(line, "# - ")
        if len(shown) < len(doubts):
            yield from comment_lines(message("and_more", lang, count=len(doubts) - len(shown)))
        for line in banner:
            yield from comment_lines(line, "# - ")


def codes_text(sketch: Sketch, lang: str) -> tuple[str, ...]:
    """The line on top that says what has codes for names; nothing where nothing has."""
    if not sketch.coded:
        return ()
    values = {"count": len(sketch.coded), "shown": list(dict.fromkeys(sketch.coded))[:3]}
    return (message("draft_codes_alone", lang, **values),)


def doubtful(guesses: list[Guess]) -> list[list[Guess]]:
    """What to look at, the most doubtful first; columns of one question with one reason stand together."""
    groups: dict[tuple[str, str, str, float], list[Guess]] = {}
    for guess in guesses:
        if guess.confidence < SURE:
            own = guess.question or guess.column
            groups.setdefault((own, guess.kind, guess.reason, guess.confidence), []).append(guess)
    return sorted(groups.values(), key=lambda group: group[0].confidence)


def doubt_text(group: list[Guess], lang: str) -> str:
    """One line of the list on top."""
    first = group[0]
    where = message("draft_column", lang, letter=first.letter, header=_cut(first.column))
    if len(group) > 1:
        where = message("draft_columns", lang, letter=first.letter, last=group[-1].letter, count=len(group))
    kind = message(f"draft_kind_{first.kind}", lang)
    name = f" ({first.question})" if first.question else ""
    return message(
        "draft_doubt", lang, where=where, question=name, kind=kind, reason=reason_text(first, lang)
    )


def _cut(header: str) -> str:
    """A header as a comment names it: its letter tells the rest."""
    header = header or "-"
    return header if len(header) <= _LONGEST_HEADER else f"{header[:_LONGEST_HEADER].rstrip()}…"


def reason_text(guess: Guess, lang: str) -> str:
    """Why a column was taken for what it is, as a sentence without its end."""
    return message(f"draft_reason_{guess.reason}", lang, **guess.values)


def _defaults(sketch: Sketch) -> Iterator[str]:
    banner = next(iter(_banners(sketch)), None)
    battery = max(
        (question for question in sketch.questions if question.kind == "rating"),
        key=_weight_of,
        default=None,
    )
    if banner or battery:
        yield "defaults:"
        if banner:
            yield f"  banner: {banner.id}"
        if battery:
            yield f"  battery: {battery.id}"
        yield ""


def _banners(sketch: Sketch) -> list[SketchQuestion]:
    """The questions whose options may be the groups of a report; the first of them is taken."""
    return [
        question
        for question in sketch.questions
        if question.kind in ("single", "multiple")
        and 2 <= sum(not option.exclusive for option in question.options) <= _MOST_GROUPS
    ]


def banner_texts(sketch: Sketch, lang: str) -> tuple[str, ...]:
    """The lines on top that say which question groups the report, and what its groups are called."""
    banners = _banners(sketch)
    if not banners:
        return ()
    banner, others = banners[0], [question.id for question in banners[1:]]
    short = banner.short[sketch.languages[0]]
    words = message("draft_banner_words", lang, banner=banner.id, short=short)
    if not others:
        return (words,)
    shown = others[:_MOST_BANNERS]
    values = {"banner": banner.id, "count": len(banners), "others": shown}
    key = "draft_banner_many" if len(others) > len(shown) else "draft_banner_several"
    return (message(key, lang, **values), words)


def _weight_of(battery: SketchQuestion) -> tuple[bool, int]:
    """What makes a battery the main one: points in words, and several items."""
    bare = any(guess.reason == "codes" for guess in battery.guesses)
    return not bare, min(len(battery.items), 4)


def scale_lines(scale: SketchScale, lang: str, indent: str = "  ") -> Iterator[str]:
    """The lines of one scale."""
    yield f"{indent}{scale.id}:"
    for key, values in scale.notes:
        yield from comment_lines(message(key, lang, **values), f"{indent}  # ")
    yield f"{indent}  top: {scale.top}"
    yield f"{indent}  points:"
    for points, aside in ((scale.points, ""), (scale.unrated, ", substantive: false")):
        for value, label, aliases in points:
            more = f", aliases: [{', '.join(map(quoted, aliases))}]" if aliases else ""
            yield f"{indent}    - {{value: {value}, label: {_words(label)}{more}{aside}}}"


def question_lines(question: SketchQuestion, lang: str) -> Iterator[str]:
    """The lines of one question, its guesses before it."""
    reasons: dict[tuple[str, str], list[Guess]] = {}
    for guess in question.guesses:
        reasons.setdefault((guess.kind, guess.reason), []).append(guess)
    for (kind, _), group in reasons.items():
        yield from comment_lines(_guess_text(kind, group, lang), "  # ")
    yield f"  - id: {question.id}"
    yield f"    kind: {question.kind}"
    yield from (f"    answer: {answer}" for answer in [question.answer] if answer)
    yield f"    short: {_words(question.short)}"
    ask = f"  # {message(question.ask, lang)}" if question.ask else ""
    yield f"    text: {_words(question.text)}{ask}"
    details = {
        "help": _words(question.help) if question.help else "",
        "aliases": f"[{', '.join(map(quoted, question.aliases))}]" if question.aliases else "",
        "required": "true" if question.required else "",
        "least": str(question.least or ""),
        "most": str(question.most or ""),
        "asked_if": flow(question.asked_if) if question.asked_if else "",
        "limits": flow(question.limits) if question.limits else "",
        "ranks": str(question.ranks or ""),
        "total": str(question.total or ""),
        "scale": question.scale,
        "missing": flow(question.missing) if question.missing else "",
        "fixed": f"true  # {message('draft_bands_fixed', lang)}" if question.fixed else "",
    }
    yield from (f"    {name}: {written}" for name, written in details.items() if written)
    for name, parts in (("rows", question.rows), ("options", question.options), ("items", question.items)):
        if parts:
            yield f"    {name}:"
            yield from (part_line(part, lang) for part in parts)


def _guess_text(kind: str, group: list[Guess], lang: str) -> str:
    first = group[0]
    where = message("draft_column", lang, letter=first.letter, header=_cut(first.column))
    if len(group) > 1:
        where = message("draft_columns", lang, letter=first.letter, last=group[-1].letter, count=len(group))
    values = {
        "where": where,
        "kind": message(f"draft_kind_{kind}", lang),
        "reason": reason_text(first, lang),
        "sure": message("draft_sure" if first.confidence >= SURE else "draft_unsure", lang),
    }
    return message("draft_guess", lang, **values)


def part_line(part: SketchPart, lang: str, indent: str = "      ") -> str:
    """The line of an option or an item."""
    more = f", aliases: [{', '.join(map(quoted, part.aliases))}]" if part.aliases else ""
    more += ", exclusive: true" if part.exclusive else ""
    more += ", fixed: true" if part.fixed else ""
    more += ", text: true" if part.text else ""
    more += f", text_aliases: [{', '.join(map(quoted, part.text_aliases))}]" if part.text_aliases else ""
    ask = f"  # {message(part.ask, lang)}" if part.ask else ""
    return f"{indent}- {{id: {part.id}, label: {_words(part.label)}{more}}}{ask}"


def seen_lines(headers: list[str], lang: str) -> Iterator[str]:
    """The headers a draft was made of, as comments: what is deleted on purpose is not drafted again."""
    if not headers:
        return
    yield from comment_lines(message("draft_seen", lang))
    line = ""
    for header in headers:
        word = quoted(header)
        if line and len(line) + len(word) > LINE_WIDTH - 10:
            yield f"# {SEEN} [{line}]"
            line = ""
        line += f", {word}" if line else word
    yield f"# {SEEN} [{line}]"


def _words(words: dict[str, str]) -> str:
    return "{" + ", ".join(f"{lang}: {quoted(text)}" for lang, text in words.items()) + "}"
