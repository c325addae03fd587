"""Several files of one survey: merged onto one code set, or two exports of the same answers compared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from survey.errors import DataError, Place, Problem
from survey.files.distinct_values import Coded
from survey.ingest.concatenation import add_screenings
from survey.ingest.conversion import Conversion
from survey.ingest.provenance import Provenance, Reconstruction, Screening
from survey.ingest.provenance_pairs import TEXTS
from survey.ingest.raw_table import RawColumn
from survey.ingest.respondents import is_running_number
from survey.ingest.responses import Responses
from survey.ingest.wave_column import same_wave
from survey.wording import quoted

if TYPE_CHECKING:
    import pandas as pd


def pair_up(conversions: list[Conversion]) -> list[Conversion]:
    """Join exports by text and by number of the same responses, and compare them.

    Two files are a pair where they share most running numbers and the times of submission agree. The text
    is taken; what only the numbers hold is added; every disagreement is a refused cell with both addresses.
    """
    left = list(conversions)
    for number in conversions:
        in_words = number.table.habits.worded_as
        for text in conversions if in_words else ():
            if text.table.dialect == in_words and text in left and _same_responses(text, number):
                left = [one for one in left if one is not number]
                _join(text, number)
                break
    return left


def _same_responses(text: Conversion, number: Conversion) -> bool:
    keys, others = _rows_by_key(text), _rows_by_key(number)
    shared = keys.keys() & others.keys()
    if not shared or 2 * len(shared) < max(len(keys), len(others)):
        return False
    submitted, other_submitted = text.about.get("submitted"), number.about.get("submitted")
    if submitted is None or other_submitted is None:
        return True
    times, other_times = list(submitted), list(other_submitted)
    return all(times[keys[key]] == other_times[others[key]] for key in shared)


def _rows_by_key(conversion: Conversion) -> dict[str, int]:
    return {key: row for row, key in enumerate(conversion.about.get("key", ())) if key}


def _join(text: Conversion, number: Conversion) -> None:
    keys, others = _rows_by_key(text), _rows_by_key(number)
    alone = sorted(keys.keys() ^ others.keys())
    if alone:
        values = {"other": number.table.file, "count": len(alone), "keys": alone[:5]}
        place = Place(file=text.table.file, sheet=text.table.sheet)
        text.doubts.append(Problem("pair_rows_differ", place, values))
    shared = [(row, others[key]) for key, row in keys.items() if key in others]
    _refuse_disagreements(text, _join_answers(text, number, shared))
    table = number.table
    place = Place(file=text.table.file, sheet=text.table.sheet)
    values = {"other": table.file, "count": len(shared)}
    text.doubts.append(Problem("pair_joined", place, values))
    text.doubts += number.doubts
    here = {column.question.id for _, column in text.match.answers}
    number.contradicted = [one for one in number.contradicted if one.question not in here]  # words say it
    text.disagreed += number.bad
    for line, count in number.counts.items():
        text.counts[line] += count
    text.strays += number.strays + len(table.columns) * len(table.numbers)


# What disagrees: by row and raw column, each cell once.
_Disagreements = dict[tuple[int, int], tuple[RawColumn, Problem]]


def _join_answers(text: Conversion, number: Conversion, shared: list[tuple[int, int]]) -> _Disagreements:
    """Take the columns that only the other export has; of those in both give what disagrees."""
    sources, other_sources = _raw_columns(text), _raw_columns(number)
    size = len(text.table.numbers)
    refused: _Disagreements = {}
    for column, cells in number.values.items():
        values_there = list(cells)
        if column not in text.values:
            joined: list[Any] = [None] * size
            kinds, kinds_there = ["empty"] * size, list(number.missing[column])
            for row, other_row in shared:
                joined[row], kinds[row] = values_there[other_row], kinds_there[other_row]
            text.values[column], text.missing[column] = Coded.of(joined), Coded.of(kinds)
            text.match.absent = [name for name in text.match.absent if name != column]
        elif column in sources and column in other_sources:
            values_here = list(text.values[column])
            for row, other_row in shared:
                answers = values_here[row], values_there[other_row]
                if not any(answer is None for answer in answers) and answers[0] != answers[1]:
                    raw, subject = sources[column]
                    there = number.table.place(other_sources[column][0], other_row)
                    problem = _disagreement(text.table.place(raw, row, subject), there, answers)
                    refused.setdefault((row, id(raw)), (raw, problem))
    return refused


def _disagreement(here: Place, there: Place, answers: tuple[Any, Any]) -> Problem:
    one, two = map(_answer_text, answers)
    return Problem(
        "cell_pair_disagrees", here, {"other": f"{there.file} {there.cell}", "one": one, "two": two}
    )


def _refuse_disagreements(text: Conversion, refused: _Disagreements) -> None:
    for _, (_, problem) in sorted(refused.items(), key=lambda entry: entry[0][0]):
        text.disagreed.append(problem)
        text.counts["mapped", "answer"] -= 1
        text.counts["refused", "unreadable_cell"] += 1
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, source in refused:
        rows_of[source].append(row)
    for column, (raw, _) in _raw_columns(text).items():
        if rows := rows_of.get(id(raw)):
            text.values[column] = text.values[column].put(rows, None)
            text.missing[column] = text.missing[column].put(rows, "refused")


def _raw_columns(conversion: Conversion) -> dict[str, tuple[RawColumn, str]]:
    """The raw column behind each column of the data; a joined cell stands behind several."""
    columns: dict[str, tuple[RawColumn, str]] = {}
    for raw, target in conversion.match.answers:
        if target.question.kind == "multiple" and target.part is None:
            for option in target.question.options:
                columns[f"{target.question.id}__{option.id}"] = raw, target.subject
        elif not target.text and target.question.traits.cells in ("option", "tick", "point"):
            columns[target.column] = raw, target.subject
    return columns


def _answer_text(value: Any) -> str:
    return {True: "1", False: "0"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def merge(parts: list[Responses]) -> Responses:
    """Put responses of one instrument under each other; who may stand twice is flagged, nobody is left out.

    Raises
    ------
    DataError
        The files are of different instruments or versions.
    """
    import pandas as pd

    first = parts[0]
    odd = [part for part in parts if part.instrument.content_hash != first.instrument.content_hash]
    if odd:
        raise DataError(
            *(
                Problem(
                    "files_differ",
                    Place(file=part.provenance.file_names),
                    {
                        "one": part.instrument.reference,
                        "file": first.provenance.file_names,
                        "other": first.instrument.reference,
                    },
                )
                for part in odd
            )
        )
    refuse_other_waves(parts)
    problems = [
        replace(problem, place=Place(file=part.provenance.file_names))
        if not (problem.place.file or problem.place.line)
        else problem
        for part in parts
        for problem in part.problems
    ]
    meta = pd.concat([part.meta for part in parts], ignore_index=True)
    data = pd.concat([part.data for part in parts], ignore_index=True)
    return Responses(
        data=data,
        missing=pd.concat([part.missing for part in parts], ignore_index=True),
        meta=meta,
        instrument=first.instrument,
        problems=(*problems, *_said_otherwise(parts), *_running_numbers(meta), *_twice(data, meta)),
        accounting=_accounting(parts),
        provenance=merged_provenance([part.provenance for part in parts], add_screenings(parts)),
    )


def refuse_other_waves(parts: list[Responses]) -> None:
    """Refuse to pool responses that say they are of different waves (`DataError`)."""
    waved = [part.provenance for part in parts if part.provenance.wave]
    first = waved[0] if waved else Provenance()
    others = [provenance for provenance in waved if not same_wave(provenance.wave, first.wave)]
    if others:
        raise DataError(
            *(
                Problem(
                    "files_of_waves",
                    Place(file=other.file_names),
                    {"one": other.wave, "file": first.file_names, "other": first.wave},
                )
                for other in others
            )
        )


def _accounting(parts: list[Responses]) -> "pd.DataFrame":
    import pandas as pd

    tables = [part.accounting for part in parts if part.accounting is not None]
    return pd.concat(tables).groupby(["category", "kind"], sort=False, as_index=False)["cells"].sum()


def merged_provenance(several: Sequence[Provenance], screening: Screening | None) -> Provenance:
    """Keep what all files say alike; one that is reconstructed makes the whole so."""
    return Provenance(
        files=tuple(file for provenance in several for file in provenance.files),
        **{name: _alike([getattr(provenance, name) for provenance in several], "") for name in TEXTS},
        subset=tuple(dict.fromkeys(text for provenance in several for text in provenance.subset)),
        screening=screening,
        reconstruction=_reconstruction([provenance.reconstruction for provenance in several]),
        weighting=_alike([provenance.weighting for provenance in several], None),
    )


def _reconstruction(several: list[Reconstruction | None]) -> Reconstruction | None:
    """What all have alike, without what holds of one whole data set only; None where none is made up."""
    if not any(several):
        return None
    nothing = Reconstruction()
    every = [reconstruction or nothing for reconstruction in several]
    alike = {
        name: _alike([getattr(reconstruction, name) for reconstruction in every], getattr(nothing, name))
        for name in (part.name for part in fields(Reconstruction))
    }
    return Reconstruction(**alike).without_marks()


def _alike(values: list[Any], otherwise: Any) -> Any:
    """The value that all have, or what stands for several."""
    return values[0] if all(value == values[0] for value in values) else otherwise


def _said_otherwise(parts: list[Responses]) -> list[Problem]:
    """Tell what files say of themselves that is lost in the whole, for another says otherwise, or nothing."""
    problems = []
    for field in TEXTS:
        said = list(dict.fromkeys(getattr(part.provenance, field) for part in parts))
        if len(said) > 1:
            values = {"field": field, "values": [quoted(text) or "-" for text in said]}
            problems.append(Problem("files_say_otherwise", values=values))
    return problems


def _running_numbers(meta: "pd.DataFrame") -> list[Problem]:
    """Tell that ids are running numbers, which say nothing across files."""
    keys = [key for key in meta.get("key", ()) if isinstance(key, str)]
    return [Problem("ids_running")] if keys and all(map(is_running_number, keys)) else []


def _twice(data: "pd.DataFrame", meta: "pd.DataFrame") -> list[Problem]:
    """Flag who seems to stand in several files: by an id that is no running number, or answers and time."""
    places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    if "key" in meta:
        for row, key in enumerate(meta["key"]):
            if isinstance(key, str) and not is_running_number(key):
                places["key", key].append(row)
    if "submitted" in meta:
        answers = data.astype(object).where(data.notna(), None)
        for row, (moment, values) in enumerate(
            zip(meta["submitted"], answers.itertuples(index=False, name=None), strict=True)
        ):
            if moment == moment and any(value is not None for value in values):
                places["answers", moment, values].append(row)
    sources = meta["source"].tolist()
    doubles: dict[tuple[int, ...], None] = {}
    for rows in places.values():
        if len({sources[row] for row in rows}) > 1:
            doubles[tuple(rows)] = None
    if not doubles:
        return []
    numbers = meta["row"].tolist()
    examples = [" = ".join(f"{sources[row]} {numbers[row]}" for row in rows) for rows in list(doubles)[:5]]
    return [Problem("files_twice", values={"count": len(doubles), "rows": examples})]
