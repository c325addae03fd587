"""Grids of a sketch: neighbouring choices under one stem that share their options become one question."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from survey.drafting.naming import Names, slug
from survey.drafting.sketch import Guess, Sketch, SketchPart, SketchQuestion
from survey.drafting.stems import Stem, shared_stems
from survey.wording import normalise

_MOST_OPTIONS = 15  # more answers that several columns share are names or places
_SHARED = 0.6  # of the answers to one row, so many are answers to another one, too
_SIGNS = ("__", " - ", ": ", "：", "—", "_")  # between row and option
_SURE = {True: 0.75, False: 0.6}  # by whether a sign parts stem and row


@dataclass(frozen=True)
class _Run:
    """Questions that make one grid, and what their texts share."""

    questions: list[SketchQuestion]
    stems: list[Stem]


def gather_grids(sketch: Sketch, names: Names) -> None:
    """Put single and select-all questions of a sketch together where they are rows of one grid."""
    lang = sketch.languages[0]
    asked = sketch.questions = [_crossed(question, lang) or question for question in sketch.questions]
    stems = shared_stems(
        {
            place: ([question.text[lang]], _header(question))
            for place, question in enumerate(asked)
            if question.kind in ("single", "multiple") and question.options
        }
    )
    taken: dict[int, SketchQuestion] = {}
    for run in _runs(asked, stems, lang):
        grid = _grid_of(run, names, lang)
        taken |= {id(question): grid for question in run.questions}
    grids = [taken.get(id(question), question) for question in asked]
    sketch.questions = list({id(question): question for question in grids}.values())


def take_apart(sketch: Sketch, grid: SketchQuestion) -> None:
    """Put the questions that a grid was made of back into its place."""
    place = next(place for place, question in enumerate(sketch.questions) if question is grid)
    sketch.questions[place : place + 1] = grid.made_of


def _crossed(question: SketchQuestion, lang: str) -> SketchQuestion | None:
    """A grid of columns of ticks that are every row by every option: "phone_orders", "Phone - Orders"."""
    labels = [option.label[lang] for option in question.options]
    if question.kind != "multiple" or len(question.columns) != len(labels):
        return None
    for sign in _SIGNS:
        pairs = [tuple(part.strip() for part in label.split(sign)) for label in labels]
        if any(len(pair) != 2 or not all(pair) for pair in pairs):
            continue
        heads, tails = (list(dict.fromkeys(parts)) for parts in zip(*pairs, strict=True))
        if min(len(heads), len(tails)) < 2 or len(set(pairs)) < len(heads) * len(tails):
            continue
        rows = [_row_of(question, head, pairs, lang) for head in heads]
        stems = [Stem(question.text[lang], head, True) for head in heads]
        grid = replace(question, kind="grid", answer="multiple", rows=[], columns={}, guesses=[])
        grid.made_of = [question]
        return _filled(grid, _Run(rows, stems), lang)
    return None


def _row_of(
    question: SketchQuestion, head: str, pairs: Sequence[tuple[str, ...]], lang: str
) -> SketchQuestion:
    """The columns of a select-all question that are of one row, as a question."""
    row = replace(question, options=[], columns={}, guesses=[])
    headers = {name: header for header, name in question.columns.items()}
    for option, (own, tail) in zip(question.options, pairs, strict=True):
        if own == head:
            part = replace(option, id=slug(tail) or option.id, label={lang: tail})
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
        parted = stem.head[-1:] in ("_", ".") and not stem.generic
        return parted and len({frozenset(labels) for labels in sets}) == 1
    common = [sum(occurring[label] > 1 for label in labels) for labels in sets]
    return all(
        shared >= max(min(2, len(labels)), _SHARED * len(labels))
        for shared, labels in zip(common, sets, strict=True)
    )


def _grid_of(run: _Run, names: Names, lang: str) -> SketchQuestion:
    first, stem = run.questions[0], run.stems[0]
    text = stem.head.strip(" _-") or first.text[lang]
    grid = SketchQuestion(
        names.id_of(text, f"{first.id}_grid", (text,)),
        "grid",
        {lang: names.short_of(text)},
        {lang: text},
        answer=first.kind,
        made_of=run.questions,
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
        grid.rows.append(row)
        column = f"{grid.id}__{row.id}"
        parts = {
            option.id: ids[normalise(option.label[lang])] for option in question.options
        }  # of this row, by those of the grid
        for header, name in question.columns.items():
            part = parts.get(name.removeprefix(f"{question.id}__"), "") if name != question.id else ""
            grid.columns[header] = f"{column}__{part}" if part else column
        count = len(run.questions)
        grid.guesses += [
            _guess(guess, grid, row, parts, count, strong=own.strong) for guess in question.guesses
        ]
    return grid


def _guess(
    guess: Guess, grid: SketchQuestion, row: SketchPart, parts: dict[str, str], count: int, *, strong: bool
) -> Guess:
    """The guess of one column as one of the grid: of columns of ticks as sure as it was."""
    part = parts.get(guess.item, "")
    ticked = grid.answer == "multiple"
    return replace(
        guess,
        kind="grid",
        question=grid.id,
        item=f"{row.id}__{part}" if part else row.id,
        reason="grid_ticks" if ticked else "grid_answers",
        confidence=guess.confidence if ticked else _SURE[strong],
        values={**guess.values, "count": count},
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
