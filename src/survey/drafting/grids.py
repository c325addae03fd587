"""Grids of a sketch: neighbouring choices under one stem that share their options become one question."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from survey.drafting.crossing import rows_by_options
from survey.drafting.naming import Names
from survey.drafting.question_making import QuestionMaker
from survey.drafting.sketch import Guess, Sketch, SketchPart, SketchQuestion
from survey.drafting.stems import Stem, shared_stems
from survey.messages import enumerated
from survey.wording import normalise

_MOST_OPTIONS = 15  # more answers that several columns share are names or places
_SHARED = 0.6  # of the answers to one row, so many are answers to another one, too
_HEADLESS = 0.7  # how sure a grid is of which no header says the question
_LONGEST_ROW = 40  # a longer text, or one that asks, is a question by itself
_ASKS = re.compile(r"[?？]|\b(?:which|what|how|where|when|why|who|do|did|have)\b|哪|什么|多少", re.IGNORECASE)
_SURE = {True: 0.75, False: 0.6}  # by whether a sign parts stem and row


@dataclass(frozen=True)
class _Run:
    """Questions that make one grid, and what their texts share; `headless` where its own text is nowhere."""

    questions: list[SketchQuestion]
    stems: list[Stem]
    headless: bool = False


def gather_grids(sketch: Sketch, maker: QuestionMaker, said: Mapping[str, Stem]) -> None:
    """Put single and select-all questions of a sketch together where they are rows of one grid.

    `said`: by header the stems that the platform says.
    """
    lang = sketch.languages[0]
    asked = sketch.questions = [
        made for question in sketch.questions for made in _crossed(question, maker) or [question]
    ]
    stems = shared_stems(
        {
            place: ([question.text[lang]], _header(question))
            for place, question in enumerate(asked)
            if question.kind in ("single", "multiple") and question.options
        }
    )
    stems |= {place: said[_header(one)] for place, one in enumerate(asked) if _header(one) in said}
    taken: dict[int, SketchQuestion] = {}
    for run in [*_runs(asked, stems, lang), *_beside(asked, lang)]:
        if not any(id(question) in taken for question in run.questions):
            grid = _grid_of(run, maker.names, lang)
            taken |= {id(question): grid for question in run.questions}
    grids = [taken.get(id(question), question) for question in asked]
    sketch.questions = list({id(question): question for question in grids}.values())


def take_apart(sketch: Sketch, grid: SketchQuestion) -> None:
    """Put the questions that a grid was made of back into its place."""
    place = next(place for place, question in enumerate(sketch.questions) if question is grid)
    sketch.questions[place : place + 1] = grid.made_of


def _crossed(question: SketchQuestion, maker: QuestionMaker) -> list[SketchQuestion]:
    """A grid of columns of ticks that are every row by every option: "phone_orders", "Phone - Orders".

    A column of words beside them ("Other (please specify)") is a question of its own: no row has it.
    """
    lang = maker.lang
    if question.kind != "multiple" or len(question.columns) != len(question.options):
        return []
    words = [option for option in question.options if option.text]
    ticked = [option for option in question.options if not option.text]
    pairs = rows_by_options([option.label[lang] for option in ticked])
    if pairs is None:
        return []
    by_id = {option.id: pair for option, pair in zip(ticked, pairs, strict=True)}
    heads = list(dict.fromkeys(row for row, _ in pairs))
    run = _Run(
        [_row_of(question, head, by_id, lang) for head in heads],
        [Stem(question.text[lang], head, True) for head in heads],
    )
    grid = replace(question, kind="grid", answer="multiple", rows=[], columns={}, guesses=[])
    grid.made_of = [question]
    return [_filled(grid, run, lang), *(_of_words(question, one, maker) for one in words)]


def _of_words(question: SketchQuestion, option: SketchPart, maker: QuestionMaker) -> SketchQuestion:
    """The column of words of one option as a question."""
    label = option.label[maker.lang]
    text = f"{question.text[maker.lang]} [{label}]"
    made = maker.question("text", f"{question.id} {label}", label, f"{question.id}_{option.id}")
    made.text = maker.say(text)
    name = f"{question.id}__{option.id}"
    for header in [header for header, own in question.columns.items() if own == name]:
        made.aliases.append(header)
        made.columns[header] = made.id
        made.guesses += [
            replace(guess, kind="text", reason="grid_words", question=made.id, item="")
            for guess in question.guesses
            if guess.column == header
        ]
    return made


def _row_of(
    question: SketchQuestion, head: str, pairs: Mapping[str, tuple[str, str]], lang: str
) -> SketchQuestion:
    """The columns of a select-all question that are of one row, as a question."""
    row = replace(question, options=[], columns={}, guesses=[])
    ids = Names()
    headers = {name: header for header, name in question.columns.items()}
    for option in question.options:
        own, tail = pairs.get(option.id, ("", ""))
        if own == head:
            part = replace(option, id=ids.id_of(tail, f"option_{len(row.options) + 1}"), label={lang: tail})
            row.options.append(part)
            header = headers[f"{question.id}__{option.id}"]
            row.columns[header] = f"{question.id}__{part.id}"
            row.guesses += [
                replace(guess, item=part.id) for guess in question.guesses if guess.column == header
            ]
    return row


def _header(question: SketchQuestion) -> str:
    """The header of its column; of several nothing."""
    return next(iter(question.columns)) if len(question.columns) == 1 else ""


def _runs(asked: list[SketchQuestion], stems: dict[int, Stem], lang: str) -> Iterator[_Run]:
    """Neighbours of one kind under one stem, two or more, whose options are much the same."""
    run = _Run([], [])
    for place, question in enumerate(asked):
        stem = stems.get(place)
        follows = (
            stem is not None
            and run.questions
            and question.kind == run.questions[0].kind
            and (stem.strong, stem.key) == (run.stems[0].strong, run.stems[0].key)
        )
        if not follows:
            if _are_rows(run, lang):
                yield run
            run = _Run([], [])
        if stem is not None:
            run.questions.append(question)
            run.stems.append(stem)
    if _are_rows(run, lang):
        yield run


def _beside(asked: list[SketchQuestion], lang: str) -> Iterator[_Run]:
    """Neighbours in columns of ticks, each headed by a word or two, that have the very same options."""
    run: list[SketchQuestion] = []
    for question in [*asked, None]:
        labels = None if question is None else _tick_labels(question, lang)
        if run and labels != _tick_labels(run[0], lang):
            if len(run) > 1:
                yield _Run(run, [Stem("", one.text[lang], True) for one in run], headless=True)
            run = []
        if question is not None and labels:
            run.append(question)


def _tick_labels(question: SketchQuestion, lang: str) -> list[str]:
    """The options of a question that may be a row; none of any other."""
    head = question.text[lang]
    in_columns = question.kind == "multiple" and len(question.columns) == len(question.options) > 1
    if not in_columns or len(head) > _LONGEST_ROW or _ASKS.search(head):
        return []
    if any(option.ask or option.text or option.exclusive for option in question.options):
        return []
    return [normalise(option.label[lang]) for option in question.options]


def _are_rows(run: _Run, lang: str) -> bool:
    """Whether questions share their options: under a mere number all of them, in words."""
    if len(run.questions) < 2 or len({normalise(stem.tail) for stem in run.stems}) < len(run.stems):
        return False
    if any(option.ask or option.text_aliases for question in run.questions for option in question.options):
        return False  # bare codes; a column of text beside one row
    sets = [{normalise(option.label[lang]) for option in question.options} for question in run.questions]
    occurring = Counter(label for labels in sets for label in labels)
    if not 2 <= len(occurring) <= _MOST_OPTIONS:
        return False
    stem = run.stems[0]
    if not stem.strong:
        parted = stem.head[-1:] in ("_", ".") or not any(one.tail[:1].isdigit() for one in run.stems)
        alike = len({frozenset(labels) for labels in sets}) == 1
        return alike and parted and not stem.generic
    common = [sum(occurring[label] > 1 for label in labels) for labels in sets]
    return all(
        shared >= max(min(2, len(labels)), _SHARED * len(labels))
        for shared, labels in zip(common, sets, strict=True)
    )


def _grid_of(run: _Run, names: Names, lang: str) -> SketchQuestion:
    first, stem = run.questions[0], run.stems[0]
    text = stem.head.strip(" _-") or first.text[lang]
    if run.headless:
        text = enumerated((own.tail for own in run.stems), lang)
    grid = SketchQuestion(
        names.id_of(text, f"{first.id}_grid", (text,)),
        "grid",
        {lang: names.short_of(text, [question.short[lang] for question in run.questions])},
        {lang: text},
        answer=first.kind,
        made_of=run.questions,
        ask="draft_ask_text" if run.headless else "",
    )
    return _filled(grid, run, lang)


def _filled(grid: SketchQuestion, run: _Run, lang: str) -> SketchQuestion:
    """The grid with the options, rows, columns and guesses of the questions of its rows."""
    grid.options = _options_of(run.questions, lang)
    ids = {normalise(option.label[lang]): option.id for option in grid.options}
    rows = Names()
    for number, (question, own) in enumerate(zip(run.questions, run.stems, strict=True), 1):
        label = own.tail if own.strong else question.text[lang]
        row = SketchPart(rows.id_of(own.tail if own.strong else label, f"row_{number}"), {lang: label})
        row.aliases = [label] if run.headless else []  # it heads its columns alone
        grid.rows.append(row)
        column = f"{grid.id}__{row.id}"
        parts = {
            option.id: ids[normalise(option.label[lang])] for option in question.options
        }  # of this row, by those of the grid
        for header, name in question.columns.items():
            part = parts.get(name.removeprefix(f"{question.id}__"), "") if name != question.id else ""
            grid.columns[header] = f"{column}__{part}" if part else column
        for guess in question.guesses:
            part = parts.get(guess.item, "")
            item = f"{row.id}__{part}" if part else row.id
            grid.guesses.append(_guess(guess, grid, run, item, strong=own.strong))
    return grid


def _guess(guess: Guess, grid: SketchQuestion, run: _Run, item: str, *, strong: bool) -> Guess:
    """The guess of one column as one of the grid: of columns of ticks as sure as it was."""
    reason, sure = "grid_answers", _SURE[strong]
    if grid.answer == "multiple":
        reason, sure = "grid_ticks", guess.confidence
    if run.headless:
        reason, sure = "grid_beside", _HEADLESS
    values = {**guess.values, "count": len(run.questions)}
    return replace(
        guess, kind="grid", question=grid.id, item=item, reason=reason, confidence=sure, values=values
    )


def _options_of(questions: Sequence[SketchQuestion], lang: str) -> list[SketchPart]:
    """The options of all rows, those of the longest row first; exclusive where no row says otherwise."""
    merged: dict[str, SketchPart] = {}
    ids = Names()
    exclusive: dict[str, bool] = {}
    for question in sorted(questions, key=lambda one: -len(one.options)):
        for option in question.options:
            form = normalise(option.label[lang])
            if form not in merged:
                merged[form] = replace(
                    option, id=ids.id_of(option.id, option.id), aliases=[], label=dict(option.label)
                )
            kept = merged[form]
            kept.aliases += [alias for alias in option.aliases if alias not in kept.aliases]
            kept.text = kept.text or option.text
            exclusive[form] = exclusive.get(form, True) and option.exclusive
    for form, option in merged.items():
        option.exclusive = exclusive[form]
    return list(merged.values())
