"""A draft is tried on its own file: what does not come out as meant is mended, until nothing is refused."""

from survey.drafting.grids import take_apart
from survey.drafting.sketch import Guess, Sketch, SketchPart, SketchQuestion
from survey.drafting.yaml_text import yaml_of
from survey.errors import DataError, Place, Problem
from survey.ingest.cell_values import as_text
from survey.ingest.coding import convert
from survey.ingest.conversion import Conversion
from survey.ingest.headers import Headers
from survey.ingest.matching import match_columns
from survey.ingest.raw_table import RawColumn, RawTable
from survey.instrument import Instrument
from survey.instrument.loading import parse_schema
from survey.wording import normalise

_ROUNDS = 8


def instrument_of(sketch: Sketch) -> Instrument:
    """The instrument a sketch makes, through the same door as every file."""
    schema = parse_schema(yaml_of(sketch, "", "en"), "draft")
    assert isinstance(schema, Instrument)
    return schema


def made_to_fit(sketch: Sketch, table: RawTable) -> Instrument:
    """Change a sketch until every column of the table is read as meant and no cell is refused."""
    for _ in range(_ROUNDS):
        _check_asked(sketch, table)
        instrument = instrument_of(sketch)
        if _mend_headers(sketch, table, instrument):
            continue
        done = convert(table, instrument)
        if not _mend_cells(sketch, done):
            return instrument
    for column in {refused.column.header for refused in convert(table, instrument_of(sketch)).refused}:
        _set_aside(sketch, column)
    _check_asked(sketch, table)
    return instrument_of(sketch)


def _check_asked(sketch: Sketch, table: RawTable) -> None:
    """Refuse a file of which nothing is left that was asked."""
    if not sketch.questions:
        values = {"asides": [f"{guess.column} ({guess.kind})" for guess in sketch.asides[:5]]}
        raise DataError(Problem("draft_nothing_asked", Place(file=table.file), values))


def _meant(sketch: Sketch) -> dict[str, str]:
    """The column of the data that each header was drafted for."""
    return {header: name for question in sketch.questions for header, name in question.columns.items()}


def _mend_headers(sketch: Sketch, table: RawTable, instrument: Instrument) -> bool:
    """Give a column that is not found as meant its header as an alias; what stays ambiguous is set aside."""
    match = match_columns(Headers(instrument), table)
    found = {column.header: target.column for column, target in match.answers}
    changed = False
    by_header = {column.header: column for column in table.columns}
    for header, name in _meant(sketch).items():
        if _is_read(found.get(header, ""), name) or header not in by_header:
            continue
        question = next(one for one in sketch.questions if header in one.columns)
        if not _add_alias(question, name, header):
            if question.made_of:
                take_apart(sketch, question)
                return True
            _set_aside(sketch, header)
        changed = True
    return changed


def _is_read(column: str, meant: str) -> bool:
    """Tell whether a header is known; numbered columns of a ranking hold what their cells say."""
    question, sign, _ = meant.partition("#")
    return column == meant or (bool(sign) and column.startswith(f"{question}__"))


def _add_alias(question: SketchQuestion, name: str, header: str) -> bool:
    """Add a header as an alias of the part it heads; False where it stands there already."""
    if "#" in name:  # the option of a rank: its header has no alias
        return False
    part_id, _, ending = name.removeprefix(f"{question.id}__").partition("__")
    if question.rows:  # an option of one row has no header of its own
        part = next((one for one in question.rows if one.id == part_id and not ending), None)
        if part is None:
            return False
    else:
        part = next((one for one in (*question.options, *question.items) if one.id == part_id), None)
    if name == question.id or part is None:
        aliases = question.aliases
    else:
        aliases = part.text_aliases if ending == "text" else part.aliases
    if normalise(header) in map(normalise, aliases):
        return False
    aliases.append(header)
    return True


def _mend_cells(sketch: Sketch, done: Conversion) -> bool:
    """Make room for cells that are refused: a further option, or else the question is text."""
    changed = False
    for fault in done.match.faults:
        header = next((column.header for column in done.table.columns if _heads(fault.values, column)), "")
        if header:
            _set_aside(sketch, header)
            changed = True
    for columns in (one.columns for one in done.contradicted):
        question = next((one for one in sketch.questions if columns[0].header in one.columns), None)
        if question is None:
            _set_aside(sketch, columns[0].header)
        else:
            _as_text(sketch, question)
        changed = True
    for refused in done.refused:
        header = refused.column.header
        question = next((one for one in sketch.questions if header in one.columns), None)
        if question is None:
            _set_aside(sketch, header)
        elif (
            "single" in (question.kind, question.answer)
            and refused.read.key.startswith("cell_not_option")
            and len(question.options) < 60
        ):
            text = as_text(refused.column.cells[refused.rows[0]]).strip()
            _further_option(sketch, question, text)
        else:
            _as_text(sketch, question)
        changed = True
    return changed


def _heads(values: dict[str, object], column: RawColumn) -> bool:
    return bool(column.header) and column.header[:80] == values.get("header")


def _further_option(sketch: Sketch, question: SketchQuestion, text: str) -> None:
    known = {option.id for option in question.options}
    number = len(known) + 1
    while f"option_{number}" in known:
        number += 1
    lang = sketch.languages[0]
    question.options.append(SketchPart(f"option_{number}", {lang: text}))


def _as_text(sketch: Sketch, question: SketchQuestion) -> None:
    """Take a question apart: of a grid into its rows, else every column becomes a text of its own."""
    if question.made_of:
        take_apart(sketch, question)
        return
    place = sketch.questions.index(question)
    if question.kind == "text" or not question.columns:
        for header in list(question.columns):
            _set_aside(sketch, header)
        return
    lang = sketch.languages[0]
    shorts = {normalise(one.short[lang]) for one in sketch.questions if one is not question}
    ids = {one.id for one in sketch.questions if one is not question}
    texts = []
    for number, (header, _) in enumerate(question.columns.items(), 1):
        several = len(question.columns) > 1
        text_id = f"{question.id}_{number}" if several else question.id
        short = f"{question.short[lang][:16].rstrip()} {number}" if several else question.short[lang]
        while text_id in ids or normalise(short) in shorts:
            number += 1000
            text_id, short = f"{question.id}_{number}", f"{question.short[lang][:14].rstrip()} {number}"
        ids.add(text_id)
        shorts.add(normalise(short))
        letter = next((guess.letter for guess in question.guesses if guess.column == header), "")
        guess = Guess(header, letter, "text", "unplaced", 0.2, {}, text_id)
        said = header if several else question.text[lang]
        aliases = [] if normalise(said) == normalise(header) else [header]
        texts.append(
            SketchQuestion(
                text_id,
                "text",
                {lang: short},
                {lang: said},
                aliases,
                guesses=[guess],
                columns={header: text_id},
            )
        )
    sketch.questions[place : place + 1] = texts


def _set_aside(sketch: Sketch, header: str) -> None:
    """Take a column out of the questions and list it as left out."""
    for grid in [one for one in sketch.questions if one.made_of and header in one.columns]:
        take_apart(sketch, grid)
    for question in list(sketch.questions):
        if header not in question.columns:
            continue
        name = question.columns.pop(header)
        guess = next((one for one in question.guesses if one.column == header), None)
        question.guesses = [one for one in question.guesses if one.column != header]
        sketch.asides.append(Guess(header, guess.letter if guess else "", "left_out", "not_told_apart", 0.2))
        part_id = name.removeprefix(f"{question.id}__").partition("__")[0]
        if not name.endswith("__text"):
            question.options = [
                one for one in question.options if one.id != part_id or question.kind == "single"
            ]
            question.items = [one for one in question.items if one.id != part_id]
        empty = question.kind in ("multiple", "rating") and not (question.options or question.items)
        if not question.columns or empty:
            sketch.questions.remove(question)
    headers = sketch.meta.setdefault("left_out", [])
    if normalise(header) not in map(normalise, headers):
        headers.append(header)
