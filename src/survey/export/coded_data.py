"""Coded responses for other programs: SPSS, pandas and R, with labels and kinds of missing."""

import datetime
import json
import textwrap
from collections.abc import Callable
from importlib import import_module
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, path_of
from survey.errors import usage
from survey.export.data_dictionary import (
    cells_of,
    codes_of,
    columns_of,
    label_of,
    table_schema,
    unrated_codes,
)
from survey.export.form_wording import own_language
from survey.export.r_script import weight_name, write_r
from survey.files.guarded_text import guarded
from survey.files.parquet_files import schema_metadata
from survey.files.saving import Target, save_together, short_of_space, text_writer
from survey.ingest.cell_values import MISSING_WORDS
from survey.ingest.provenance_pairs import provenance_pairs
from survey.ingest.reading import responses_of
from survey.ingest.response_workbook import written_provenance
from survey.ingest.responses import Responses, ResponsesLike
from survey.instrument import Question
from survey.messages import message

if TYPE_CHECKING:
    import pandas as pd

# Codes of missing answers in SPSS; an empty cell is system-missing. Numbers get codes no answer can have.
SAV_MISSING = {"skipped": -7, "not_asked": -8, "refused": -9}
_FAR = -999_999_990
_LONGEST_NAME = 64  # bytes, in SPSS
_LONGEST_TEXT = 32_767


def export_responses(responses: ResponsesLike, path: str | Path, *, lang: str = "en") -> list[Path]:
    """Write coded responses; what the path ends in says how. Gives the files written.

    `.sav`: SPSS. Options of a single question are numbered in their order, with value labels; missing codes
    are declared (-7 skipped, -8 not asked, -9 refused; empty is system-missing), and so are points that rate
    nothing. Beside it a syntax file
    (`.sps`) defines the select-all sets.
    `.parquet`: nullable columns as in `Responses.data`, and `COLUMN__missing` where an answer is missing
    for a reason, and in the metadata of the schema (key "survey") instrument and origin; needs pyarrow.
    `read_responses` and `tally` read it.
    `.csv`: UTF-8 with a byte order mark (Excel wants it); ids as codes, 1/0, a word such as "(skipped)" where
    an answer is missing for a reason.
    `.R`: a script in base R, and beside it the data as `.csv` and their labels (`.labels.csv`).
    Beside `.parquet` and `.csv` stands a Table Schema (`.schema.json`) with labels and missing words.

    Parameters
    ----------
    responses
        Responses, or the path of a file of responses.
    path
        Where it goes; what the name ends in says how.
    lang
        Language of the labels.

    Raises
    ------
    UsageError
        Another ending, pyarrow is needed and absent, or the path cannot be written.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"]}), "executive-survey")
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in survey.export_responses(responses, Path(folder) / "coded.csv")]
    ['coded.csv', 'coded.schema.json']
    """
    path = path_of(path)
    writers = {".sav": _sav, ".parquet": _parquet, ".csv": _csv, ".r": _r}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise usage("export_ending", path=path, known=list(writers))
    responses = responses_of(responses)
    check_lang(lang, *responses.instrument.languages)
    return [*save_together(write(responses, path, lang))]


def _r(responses: Responses, path: Path, lang: str) -> list[Target]:
    return write_r(responses, path, lang, _csv)


def _csv(responses: Responses, path: Path, lang: str) -> list[Target]:
    import pandas as pd

    frame = _keyed(responses)
    frame["respondent"] = frame["respondent"].map(guarded)
    columns = [column for question in responses.instrument.stubs for column in question.columns]
    answers = {
        column: pd.Series(_written(responses, column), dtype=object) for column in columns
    }  # 2 stays 2
    frame = pd.concat([frame, pd.DataFrame(answers)], axis=1)
    text = frame.to_csv(index=False, lineterminator="\r\n")
    schema = text_writer(_schema(responses, lang, frame))
    return [(path, text_writer("\ufeff" + text)), (_schema_path(path), schema)]


def _parquet(responses: Responses, path: Path, lang: str) -> list[Target]:
    import pandas as pd

    try:
        import_module("pyarrow")
    except ImportError:
        raise usage("export_needs_pyarrow") from None
    frame = pd.concat([_keyed(responses), responses.data.reset_index(drop=True)], axis=1)
    kinds = responses.missing.reset_index(drop=True)
    kinds = kinds.loc[:, (kinds != "").any()].add_suffix("__missing")
    frame = pd.concat([frame, kinds], axis=1)
    for column in frame.columns:
        if str(frame[column].dtype) == "string":
            frame[column] = frame[column].map(_utf8, na_action="ignore")
        elif frame[column].dtype.kind == "M":
            frame[column] = frame[column].dt.date
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    metadata = {**(table.schema.metadata or {}), **schema_metadata(_says(responses))}
    table = table.replace_schema_metadata(metadata)
    schema = text_writer(_schema(responses, lang, frame))
    return [(path, lambda target: pq.write_table(table, target)), (_schema_path(path), schema)]


def _says(responses: Responses) -> dict[str, str]:
    """What a coded file says of itself, as the hidden sheet of a workbook of responses does."""
    instrument = responses.instrument
    reference = {"instrument": instrument.reference, "instrument_hash": instrument.content_hash}
    return {**provenance_pairs(written_provenance(responses)), **reference}


def _schema_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.schema.json")


def _schema(responses: Responses, lang: str, frame: "pd.DataFrame") -> str:
    described = table_schema(responses.instrument, lang=lang)
    known = {field["name"] for field in described["fields"]}
    extra = [{"name": name, "type": "string"} for name in frame.columns if name not in known]
    described["fields"] = (
        [field for field in extra if not field["name"].endswith("__missing")]
        + described["fields"]
        + [field for field in extra if field["name"].endswith("__missing")]
    )
    notes = [message("reconstructed_warning", lang)] if responses.provenance.reconstructed else []
    notes += [responses.subset_text(lang)] if responses.subset else []
    notes += [text] if (text := targets_text(responses, lang)) else []
    if notes:
        described["description"] = " ".join(notes)
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def targets_text(responses: Responses, lang: str) -> str:
    """Which shares the weights set, and that only some files keep it; "" where they set none."""
    weighting = responses.provenance.weighting
    if weighting is None or not weighting.targets:
        return ""
    names = [responses.instrument.question(name).named(lang) for name in weighting.targets]
    return message("export_targets", lang, questions=names)


def _keyed(responses: Responses) -> "pd.DataFrame":
    """The key of every respondent: the file's own, else the running number."""
    import pandas as pd

    if "key" in responses.meta:
        keys = responses.meta["key"].astype("string[python]").fillna("")
    else:
        keys = pd.Series([str(number) for number in range(1, len(responses) + 1)], dtype="string[python]")
    frame = pd.DataFrame({"respondent": keys.to_numpy(dtype=object)}, dtype=object)
    if (weights := responses.weights) is not None:
        frame[weight_name(responses)] = weights.to_numpy()
    return frame


def _written(responses: Responses, column: str) -> list[Any]:
    """The cells of a column for a text file. Text that a spreadsheet would run is led by an apostrophe."""
    written: list[Any] = []
    for value, kind in zip(responses.data[column].tolist(), responses.missing[column].tolist(), strict=True):
        if kind:
            written.append("" if kind == "empty" else MISSING_WORDS[kind])
        elif isinstance(value, bool) or (isinstance(value, float) and value == int(value)):
            written.append(int(value))
        elif isinstance(value, datetime.date):
            written.append(f"{value:%Y-%m-%d}")
        elif isinstance(value, str):
            written.append(guarded(_utf8(value)))
        else:
            written.append(value)
    return written


def _utf8(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates, which no file can, are replaced."""
    return text.encode("utf-8", "replace").decode()


def _wrapped(*texts: str) -> list[str]:
    """Texts as lines of a note in SPSS."""
    return [line for text in texts for line in textwrap.wrap(text, 80)]


def _check_rows(path: Path, rows: int) -> None:
    """Read a .sav back: readstat does not tell of a full disk."""
    import pyreadstat

    try:
        written = len(pyreadstat.read_sav(str(path))[0])
    except pyreadstat.ReadstatError:
        raise short_of_space() from None
    if written != rows:
        raise short_of_space()


def _sav(responses: Responses, path: Path, lang: str) -> list[Target]:
    import pandas as pd
    import pyreadstat

    instrument = responses.instrument
    frame: dict[str, Any] = {}
    labels: dict[str, str | None] = {}
    values: dict[str, dict[int | float, str]] = {}
    ranges: dict[str, list[Any]] = {}
    measures: dict[str, str] = {}
    sets: list[tuple[Question, list[str]]] = []
    taken: set[str] = set()
    frame[_sav_name("respondent", taken)] = _keyed(responses)["respondent"].map(_utf8)
    weights = responses.weights
    weight = "" if weights is None else _sav_name(weight_name(responses), taken)
    if weights is not None:
        frame[weight], measures[weight], labels[weight] = _sav_weights(weights, lang)
    labels["respondent"] = message("dictionary_respondent", own_language(lang))
    for question in instrument.stubs:
        names = []
        for column, part in columns_of(question):
            name = _sav_name(column, taken)
            labels[name] = label_of(question, part, column, lang)[:250]
            cells = cells_of(question, column)
            if cells in _WITHOUT_CODES:
                frame[name] = _WITHOUT_CODES[cells](responses.data[column])
                measures[name] = "scale" if cells == "date" else "nominal"
                continue
            names.append(name)
            codes = _sav_codes(question)
            aside = tuple(unrated_codes(instrument, question, column).values())
            frame[name], missing = _sav_column(responses, question, column, codes, aside)
            own = codes_of(instrument, question, column, lang)
            values[name] = {
                codes[code] if codes else float(code): label for code, label in own.items() if label != code
            }
            values[name] |= {
                code: message(f"missing_{kind}", own_language(lang)) for kind, code in missing.items()
            }
            ranges[name] = _sav_missing(list(missing.values()), aside)
            measures[name] = {"point": "ordinal", "number": "scale"}.get(cells, "nominal")
        if question.kind == "multiple":
            sets.append((question, names))
    made_up = [message("reconstructed_warning")] if responses.provenance.reconstructed else []
    hashed = f"{instrument.reference} SHA-256 {instrument.content_hash}"

    def write(target: Path) -> None:
        pyreadstat.write_sav(
            pd.DataFrame(frame),
            str(target),
            file_label=instrument.titled(lang).encode()[:60].decode(errors="ignore"),
            column_labels=labels,
            variable_value_labels=values,
            missing_ranges=ranges,
            variable_measure=measures,
            note=_wrapped(hashed, *made_up, targets_text(responses, lang)),
        )
        _check_rows(target, len(responses.data))

    return [(path, write), (path.with_suffix(".sps"), text_writer(_syntax(path, sets, lang, weight)))]


def _sav_weights(weights: "pd.Series[float]", lang: str) -> tuple[list[float], str, str]:
    """Values, level of measurement and label of the column of weights."""
    return weights.tolist(), "scale", message("dictionary_weight", own_language(lang))


def _sav_texts(answers: "pd.Series[Any]") -> list[str]:
    return [_utf8(str(text))[:8000] for text in answers.fillna("")]


def _sav_days(answers: "pd.Series[Any]") -> list[datetime.date | None]:
    return [None if gone else day.date() for day, gone in zip(answers, answers.isna(), strict=True)]


# Cells that SPSS keeps as they are: a text, or a number of seconds shown as a date, beside which no code of a
# missing answer fits.
_WITHOUT_CODES: dict[str, Callable[["pd.Series[Any]"], list[Any]]] = {"text": _sav_texts, "date": _sav_days}


def _sav_name(column: str, taken: set[str]) -> str:
    """A name of at most 64 bytes, told apart without regard to case."""
    name = column
    number = 1
    while len(name) > _LONGEST_NAME or name.lower() in taken:
        number += 1
        name = f"{column[: _LONGEST_NAME - 6]}_{number}"
    taken.add(name.lower())
    return name


def _sav_codes(question: Question) -> dict[str, int]:
    if question.traits.cells != "option":
        return {}
    return {option.id: number for number, option in enumerate(question.options, start=1)}


def _sav_missing(codes: list[int], aside: tuple[int | float, ...]) -> list[Any]:
    """What SPSS is told to take for missing: a range, and at most one value beside it."""
    if len(aside) == 1:
        return [{"lo": min(codes), "hi": max(codes)}, aside[0]]
    return [{"lo": min((*codes, *aside)), "hi": max((*codes, *aside))}]


def _sav_column(
    responses: Responses,
    question: Question,
    column: str,
    codes: dict[str, int],
    aside: tuple[int | float, ...] = (),
) -> tuple[list[float | None], dict[str, int]]:
    """The numbers of a column, and the codes of its missing answers, clear of every answer.

    Several points that rate nothing are missing in SPSS by one range, in which the codes stand, too.
    """
    answers = responses.data[column]
    kinds = responses.missing[column].tolist()
    lowest = (
        float(answers.min()) if question.traits.cells in ("point", "number") and answers.notna().any() else 0
    )
    missing = (
        SAV_MISSING
        if lowest > max(SAV_MISSING.values())
        else {kind: _FAR + code for kind, code in SAV_MISSING.items()}
    )
    if len(aside) > 1:
        scale = responses.instrument.scale_of(question)
        above = ceil(max(aside)) if min(aside) > scale.values[-1] else None
        below = floor(min(aside)) if max(aside) < scale.values[0] else None
        if above is not None:
            missing = {kind: above + 1 + place for place, kind in enumerate(SAV_MISSING)}
        elif below is not None:
            missing = {kind: below - 1 - place for place, kind in enumerate(SAV_MISSING)}
    numbers: list[float | None] = []
    for value, kind in zip(answers.tolist(), kinds, strict=True):
        if kind:
            numbers.append(missing.get(kind))
        else:
            numbers.append(float(codes[value] if codes else value))
    return numbers, missing


def _syntax(path: Path, sets: list[tuple[Question, list[str]]], lang: str, weight: str) -> str:
    """SPSS syntax (PSPP reads it too) that opens the file, weights it and defines the select-all sets."""
    lines = ["* Encoding: UTF-8.", f"GET FILE='{path.name}'."]
    lines += [f"WEIGHT BY {weight}."] if weight else []
    for question, names in sets:
        label = question.said(lang).replace("'", "''")[:120]
        lines += [
            "MRSETS",
            f"  /MDGROUP NAME=${question.id[:60]} CATEGORYLABELS=VARLABELS LABEL='{label}'",
            "   VARIABLES=" + "\n   ".join(names),
            "   VALUE=1",
            "  /DISPLAY NAME=ALL.",
        ]
    return "\n".join(lines) + "\n"
