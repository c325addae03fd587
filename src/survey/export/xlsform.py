"""An instrument as an XLSForm, which ODK, KoBo and SurveyCTO turn into a form."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.export.form_wording import language_name, own_language
from survey.files.saving import check_target, clean_text, describe_workbook, save_workbook
from survey.instrument import Instrument, Question, load_instrument
from survey.instrument.question import AskedIf, Grid
from survey.instrument.scale import NPS_HIGHEST
from survey.instrument.schema import Wording, text_in
from survey.messages import message

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_Row = dict[str, Any]


def export_xlsform(instrument: "Instrument | str | Path", path: str | Path) -> Path:
    """Write an XLSForm (.xlsx): sheets survey, choices and settings, every language, version set.

    Names are the ids of the instrument, so that what the form tools export reads without a mapping. A rating
    battery is a group of one question per item; the text beside an option is asked when it is chosen.

    Parameters
    ----------
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    path
        Where it goes; the name ends in ".xlsx".

    Raises
    ------
    UsageError
        There is no such instrument, or the path is a folder, does not end in .xlsx, or cannot be written.

    References
    ----------
    XLSForm specification, xlsform.org.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_xlsform("executive-survey", Path(folder) / "form.xlsx").name
    'form.xlsx'
    """
    from openpyxl import Workbook

    check_target(path)
    schema = load_instrument(instrument)
    survey: list[_Row] = [
        {"type": "start", "name": "start"},
        {"type": "end", "name": "end"},
    ]
    choice_rows: list[_Row] = []
    for grid, questions in schema.sections:
        question = questions[0]
        survey += _grid_rows(schema, grid, questions) if grid else _question_rows(schema, question)
        if question.options and question.kind != "constant_sum":
            choice_rows += [
                {"list_name": _list_name(question), "name": option.id} | _labels(schema, option.label)
                for option in question.options
            ]
    used = {question.scale for question in schema.questions}
    for scale_id, scale in schema.scales.items():
        if scale_id in used:
            choice_rows += [
                {"list_name": f"scale_{scale_id}", "name": point.value} | _labels(schema, point.label)
                for point in scale.points
            ]
    first = schema.languages[0]
    settings = {
        "form_title": schema.titled(first),
        "form_id": schema.id.replace("-", "_"),
        "version": schema.version,
        "default_language": _language(first),
    }
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "survey", survey, _survey_columns(schema))
    _sheet(book, "choices", choice_rows, ["list_name", "name", *_labels(schema, schema.title)])
    _sheet(book, "settings", [settings], list(settings))
    describe_workbook(book, schema.titled(first), schema.reference)
    return save_workbook(book, path)


def _language(lang: str) -> str:
    return f"{language_name(lang)} ({lang})"


def _labels(schema: Instrument, wording: Wording, column: str = "label") -> _Row:
    return {f"{column}::{_language(lang)}": text_in(wording, lang) for lang in schema.languages}


def _survey_columns(schema: Instrument) -> list[str]:
    columns = ["type", "name", *_labels(schema, schema.title)]
    if any(question.help for question in schema.questions):
        columns += _labels(schema, schema.title, "hint")
    columns += ["parameters", "required", "relevant", "constraint"]
    columns += _labels(schema, schema.title, "constraint_message")
    return [*columns, "appearance"]


def _list_name(question: Question) -> str:
    """The list of the options; all rows of a grid share one."""
    return (question.whole or question).id


def _grid_rows(schema: Instrument, grid: Grid, questions: tuple[Question, ...]) -> list[_Row]:
    """A group shown as a table, a question per row; the words beside options are asked behind it."""
    whole: _Row = {"type": "begin_group", "name": grid.id, "appearance": "table-list"}
    whole |= _labels(schema, grid.text) | (_labels(schema, grid.help, "hint") if grid.help else {})
    rows, texts = [], []
    for question, row in zip(questions, grid.rows, strict=True):
        first, *beside = _question_rows(schema, question)
        whole["relevant"] = first.pop("relevant")
        rows.append({name: cell for name, cell in first.items() if not name.startswith("hint::")})
        rows[-1] |= _labels(schema, row.label)
        texts += [one | _labels(schema, question.text) for one in beside]
    return [whole, *rows, {"type": "end_group", "name": grid.id}, *texts]


def _question_rows(schema: Instrument, question: Question) -> list[_Row]:
    relevant = _relevant(schema, question.asked_if) if question.asked_if else ""
    common: _Row = {"relevant": relevant} | _labels(schema, question.text)
    if question.help:
        common |= _labels(schema, question.help, "hint")
    required = {"required": "yes"} if question.required else {}
    rows = [row | required for row in _FIELDS[question.kind](schema, question)]
    if len(rows) > 1:
        begin = {"type": "begin_group", "name": question.id, "appearance": "field-list"} | common
        rows = [begin, *rows, {"type": "end_group", "name": question.id}]
    else:
        rows = [rows[0] | common]  # of one item, too, what is asked is the question
    for option in question.options:
        if option.text:
            chosen = f"selected(${{{question.id}}}, '{option.id}')"
            rows.append(
                {"type": "text", "name": f"{question.id}__{option.id}__text", "relevant": chosen}
                | _labels(schema, option.label)
            )
    return rows


def _constrained(schema: Instrument, constraint: str) -> _Row:
    """A constraint with the message that says it was not met; nothing without one."""
    if not constraint:
        return {}
    wording = {lang: message("form_constraint", lang) for lang in schema.languages}
    return {"constraint": constraint} | _labels(schema, wording, "constraint_message")


def _one_field(schema: Instrument, question: Question) -> list[_Row]:
    """One field."""
    whole = question.limits is not None and question.limits.whole
    kinds = {
        "single": f"select_one {_list_name(question)}",
        "multiple": f"select_multiple {_list_name(question)}",
        "number": "integer" if whole else "decimal",
        "text": "text",
        "date": "date",
    }
    row = {"type": kinds[question.kind], "name": question.id}
    return [row | _constrained(schema, _constraint(question))]


def _score_field(schema: Instrument, question: Question) -> list[_Row]:
    """A range from 0 to 10."""
    return [{"type": "range", "name": question.id, "parameters": f"start=0 end={NPS_HIGHEST} step=1"}]


def _battery_fields(schema: Instrument, question: Question) -> list[_Row]:
    """A choice of a point for each item."""
    return [
        {"type": f"select_one scale_{question.scale}", "name": f"{question.id}__{item.id}"}
        | _labels(schema, item.label)
        for item in question.items
    ]


def _rank_fields(schema: Instrument, question: Question) -> list[_Row]:
    """An order of all options; or, where not all are ranked, a choice for each place, no option twice."""
    if question.places == len(question.options):
        return [{"type": f"rank {question.id}", "name": question.id}]
    rows: list[_Row] = []
    for place in range(1, question.places + 1):
        earlier = [f". != ${{{question.id}_rank_{other}}}" for other in range(1, place)]
        wording = {lang: message("form_rank", own_language(lang), place=place) for lang in schema.languages}
        row = {"type": f"select_one {question.id}", "name": f"{question.id}_rank_{place}"}
        row |= _labels(schema, wording)
        rows.append(row | _constrained(schema, " and ".join(earlier)))
    return rows


def _sum_fields(schema: Instrument, question: Question) -> list[_Row]:
    """A number for each option; the last one must bring the sum to the total."""
    names = [f"${{{name}}}" for name in question.answer_columns]
    rows: list[_Row] = []
    for option, name in zip(question.options, question.answer_columns, strict=True):
        row = {"type": "decimal", "name": name} | _labels(schema, option.label)
        constraint = f". >= 0 and . <= {question.total:g}"
        if option is question.options[-1]:
            given = " + ".join([*(f"coalesce({other}, 0)" for other in names[:-1]), "."])
            error = question.allowed_error
            low, high = ((question.total or 0) + end for end in (-error, error))
            constraint += f" and {given} >= {low:g} and {given} <= {high:g}"
        rows.append(row | _constrained(schema, constraint))
    return rows


# The rows of the survey sheet that ask a question, by its kind.
_FIELDS: dict[str, Callable[[Instrument, Question], list[_Row]]] = {
    **dict.fromkeys(("single", "multiple", "number", "text", "date"), _one_field),
    "rating": _battery_fields,
    "ranking": _rank_fields,
    "nps": _score_field,
    "constant_sum": _sum_fields,
}


def _constraint(question: Question) -> str:
    parts = []
    if question.kind == "multiple":
        exclusive = [option.id for option in question.options if option.exclusive]
        parts += [f"not(selected(., '{name}') and count-selected(.) > 1)" for name in exclusive]
        alone = "".join(f" or selected(., '{name}')" for name in exclusive)
        if question.least:
            parts.append(f"(count-selected(.) >= {question.least}{alone})")
        if question.most:
            parts.append(f"count-selected(.) <= {question.most}")
    if question.limits:
        low, high = question.limits.minimum, question.limits.maximum
        parts += [f". >= {low}"] if low is not None else []
        parts += [f". <= {high}"] if high is not None else []
        first, last = question.limits.earliest, question.limits.latest
        parts += [f". >= date('{first}')"] if first is not None else []
        parts += [f". <= date('{last}')"] if last is not None else []
    return " and ".join(parts)


def _relevant(schema: Instrument, rule: AskedIf) -> str:
    question = schema.question(rule.question)
    if question.kind == "ranking":
        return _relevant_rank(question, rule)
    name = f"${{{rule.question}__{rule.item}}}" if rule.item else f"${{{rule.question}}}"

    def has(code: str | float) -> str:
        return f"selected({name}, '{code}')" if question.kind == "multiple" else f"{name} = '{code}'"

    parts = []
    if rule.any:
        parts.append("(" + " or ".join(has(code) for code in rule.any) + ")")
    parts += [f"not({has(code)})" for code in rule.none]
    if rule.at_least is not None or rule.at_most is not None:
        unrated = schema.scale_of(question).unrated if question.kind == "rating" else ()
        parts += [f"{name} != '{point.value}'" for point in unrated]
    if rule.at_least is not None:
        parts.append(f"number({name}) >= {rule.at_least}")
    if rule.at_most is not None:
        parts.append(f"number({name}) <= {rule.at_most}")
    return " and ".join(parts)


def _relevant_rank(question: Question, rule: AskedIf) -> str:
    """A condition on the place of an option: the fields are the places, and hold the options."""

    def has(place: int) -> str:
        if question.places == len(question.options):
            return f"selected-at(${{{question.id}}}, {place - 1}) = '{rule.item}'"
        return f"${{{question.id}_rank_{place}}} = '{rule.item}'"

    places = range(1, question.places + 1)
    low, high = rule.at_least, rule.at_most
    parts = []
    if rule.any or low is not None or high is not None:
        wanted = [
            has(place)
            for place in places
            if (not rule.any or place in rule.any)
            and (low is None or place >= low)
            and (high is None or place <= high)
        ]
        parts.append("(" + (" or ".join(wanted) or "false()") + ")")
    parts += [f"not({has(place)})" for place in places if place in rule.none]
    return " and ".join(parts)


def _sheet(book: "Workbook", name: str, rows: list[_Row], columns: list[str]) -> None:
    sheet = book.create_sheet(name)
    filled = [column for column in columns if any(row.get(column) not in (None, "") for row in rows)]
    kept = [column for column in columns if column in filled or column in ("type", "name", "list_name")]
    for number, column in enumerate(kept, start=1):
        for line, value in enumerate([column, *(row.get(column) for row in rows)], start=1):
            if value in (None, ""):
                continue
            cell = sheet.cell(line, number)
            cell.value = clean_text(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
