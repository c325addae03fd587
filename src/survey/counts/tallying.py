"""`tally`: count responses once, from whatever holds them; every table can be made from the counts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.arguments import check_lang
from survey.counts.arrow_batches import check_columns, needed_columns, refusal_values
from survey.counts.batch_counts import count_batch
from survey.counts.batches import batch_of_responses
from survey.counts.definition import WEIGHT_UNIT, Definition
from survey.counts.engines import count_partitions
from survey.counts.model import Tally
from survey.counts.sources import ROWS_AT_ONCE, ArrowSource, PartitionedSource, is_parquet, open_sources
from survey.counts.stream_counts import count_streams
from survey.counts.tally_files import SUFFIX
from survey.errors import DataError, Place, Problem, usage
from survey.ingest.column_targets import WEIGHT
from survey.ingest.conditions import parse_condition
from survey.ingest.deriving import crossed
from survey.ingest.provenance import Provenance
from survey.ingest.reading import read_responses
from survey.ingest.responses import Responses
from survey.instrument import Instrument, list_instruments, load_instrument
from survey.instrument.derived import CROSSED


def tally(
    source: Any,
    instrument: "str | Path | Instrument | None" = None,
    *,
    banners: Sequence[str] | str | None = None,
    where: Sequence[str] | str | None = None,
    weight: str | None = None,
    set_aside: bool = False,
    lang: str = "en",
) -> Tally:
    """Count responses into a `Tally`: small, additive (`a + b`), without any respondent in it.

    A source is read once, a batch at a time; frames of Dask and Spark are counted partition by partition by
    their own engine, and only tallies travel. Filters, banners and weights are fixed here.

    Parameters
    ----------
    source
        `Responses`; the path of a Parquet file, of a folder of them, or of any file that `read_responses`
        reads, or a list of such paths; a frame of pandas, Polars, PyArrow, DuckDB, Dask, Spark or another
        library that narwhals knows; an Arrow stream; Arrow batches. Columns are as `survey export --to
        parquet` writes them: ids of options, points as numbers, ticks as true and false, and beside a column
        `COLUMN__missing` with the kinds of its missing answers. Open text may be left out.
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`; where None, what the data say.
    banners
        Single and select-all questions whose groups may overlap, be exclusive or mixed in tables; `"a*b"`
        crosses two. The instrument's default banner where None. Against the complement any question can be
        crossed without being named here.
    where
        Conditions on respondents, as in `Responses.where`.
    weight
        A column of weights with a mean of about 1; of `Responses` their own weights where None.
    set_aside
        Count on without cells that do not fit: they are missing (`refused`) and listed in `problems`.
    lang
        As everywhere; a tally holds codes, so that nothing depends on it.

    Raises
    ------
    UsageError
        No such file, instrument, question, language or column of weights; a source that cannot be counted.
    DataError
        Cells that do not fit, by column and value; columns that are absent; a damaged file.

    Examples
    --------
    >>> import survey
    >>> counted = survey.tally("data/responses/executive-survey-2026-reconstructed.xlsx")
    >>> counted
    <Tally: 137 respondents, executive-survey@1.0.0>
    >>> counted.counts("firm_type").sum() == counted.base("firm_type")
    np.True_
    """
    check_lang(lang)
    request: dict[str, Any] = {"banners": banners, "where": where, "weight": weight, "set_aside": set_aside}
    if isinstance(source, Responses):
        if instrument is not None:
            _refuse_other(source, load_instrument(instrument))
        return tally_responses(source, **request)
    if isinstance(source, str | Path) and Path(source).suffix.lower() == SUFFIX:
        raise usage("tally_already", path=source)
    if isinstance(source, str | Path) and Path(source).exists() and not is_parquet(Path(source)):
        return tally_responses(read_responses(source, instrument, set_aside=set_aside), **request)
    if isinstance(source, list | tuple) and source and all(isinstance(one, str | Path) for one in source):
        return _tally_paths([Path(path) for path in source], instrument, **request)
    return tally_source(open_sources(source), instrument, **request)


def _tally_paths(
    paths: list[Path], instrument: "str | Path | Instrument | None", *, set_aside: bool, **request: Any
) -> Tally:
    """Count Parquet files together, and what is read together; give the sum."""
    for path in paths:
        if path.suffix.lower() == SUFFIX:
            raise usage("tally_already", path=path)
    counted = [path for path in paths if is_parquet(path)]
    others = [path for path in paths if path not in counted]
    parts = []
    if counted:
        parts.append(tally_source(open_sources(counted), instrument, set_aside=set_aside, **request))
    if others:
        parts.append(tally_responses(read_responses(others, instrument, set_aside=set_aside), **request))
    whole: Tally = sum(parts[1:], parts[0])
    return whole


def _refuse_other(responses: Responses, schema: Instrument) -> None:
    """Refuse an instrument that the responses were not read under (`UsageError`)."""
    if schema.content_hash != responses.instrument.content_hash:
        raise usage("tally_instrument_other", own=responses.instrument.reference, given=schema.reference)


def tally_responses(
    responses: Responses,
    *,
    banners: Sequence[str] | str | None = None,
    where: Sequence[str] | str | None = None,
    weight: str | None = None,
    set_aside: bool = False,
) -> Tally:
    """Count responses; what could not be read of them was set aside when they were read."""
    if conditions := _listed(where):
        responses = responses.where(*conditions)
    known = [
        *responses.meta.columns,
        *(one.id for one in responses.instrument.questions if one.kind == "number"),
    ]
    if weight is None and "weight" in responses.meta:
        weight = "weight"
    if weight and weight not in known:
        raise usage("tally_weights_absent", weight=weight, known=known)
    named = _banners(responses.instrument, banners)
    responses = crossed(responses, [name for name in named if CROSSED in name])
    definition = Definition(responses.instrument, named, responses.subset, weight or "")
    parts = []
    for start in range(0, max(len(responses), 1), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        own = replace(
            responses,
            data=responses.data.iloc[part],
            missing=responses.missing.iloc[part],
            meta=responses.meta.iloc[part],
        )
        parts.append(count_batch(batch_of_responses(own, definition), definition))
    counted: Tally = sum(parts[1:], parts[0])
    total = responses.total if responses.total is not None else len(responses)
    return _finished(replace(counted, total=total, provenances=_told(responses.provenance)))


def _told(*provenances: Provenance) -> tuple[Provenance, ...]:
    """The provenances that say something, each once, without what holds of a whole data set only."""
    own = (provenance.without_marks() for provenance in provenances)
    return tuple(dict.fromkeys(provenance for provenance in own if provenance != Provenance()))


def _has_weights(parts: "Sequence[ArrowSource | PartitionedSource]", schema: Instrument) -> bool:
    """Whether a source has the weights that an export of responses writes, and no question is called so."""
    return WEIGHT not in schema.columns and any(WEIGHT in part.columns for part in parts)


def tally_source(
    source: "list[ArrowSource] | PartitionedSource",
    instrument: "str | Path | Instrument | None" = None,
    *,
    banners: Sequence[str] | str | None = None,
    where: Sequence[str] | str | None = None,
    weight: str | None = None,
    set_aside: bool = False,
) -> Tally:
    """Count files, streams, or a partitioned frame."""
    parts = source if isinstance(source, list) else [source]
    schema = _instrument_of(parts, instrument)
    conditions = tuple(parse_condition(text, schema) for text in _listed(where))
    named = _banners(schema, banners)
    schema = schema.crossed(*(name for name in named if CROSSED in name))
    by_name = weight is None and _has_weights(parts, schema)
    weight = WEIGHT if by_name else weight
    definition = Definition(schema, named, conditions, weight or "")
    for part in parts:
        if weight and weight not in part.columns:
            raise usage("tally_weights_absent", weight=weight, known=part.columns)
        check_columns(definition, part.columns, part.name)
    if isinstance(source, PartitionedSource):
        counted = count_partitions(source, definition)
    else:
        counted = count_streams(source, definition)
    if counted.refusals:
        problems = [
            Problem(
                one.key, Place(file=one.source, subject=one.column), dict(refusal_values(definition, one))
            )
            for one in counted.refusals
        ]
        if not set_aside:
            raise DataError(*problems)
        counted = replace(counted, notices=(*problems, *counted.notices))
    notices = _notices(parts, definition)
    if by_name:
        notices = [Problem("tally_weighted", Place(file=parts[0].name), {"weight": WEIGHT}), *notices]
    provenances = _told(*(part.provenance for part in parts if isinstance(part, ArrowSource)))
    return _finished(replace(counted, notices=(*counted.notices, *notices), provenances=provenances))


def _finished(counted: Tally) -> Tally:
    """Refuse weights whose scale would lose digits."""
    definition = counted.definition
    if definition.weight and counted.respondents:
        mean = float(counted.everybody[1]) * WEIGHT_UNIT / counted.respondents
        if not 2.0**-7 <= mean <= 2.0**7:
            told = {"weight": definition.weight, "mean": f"{mean:g}", "unit": WEIGHT_UNIT}
            raise DataError(Problem("tally_weights_scale", values=told))
    return counted


def _listed(given: Sequence[str] | str | None) -> list[str]:
    return [given] if isinstance(given, str) else list(given or ())


def _banners(schema: Instrument, given: Sequence[str] | str | None) -> tuple[str, ...]:
    """The banners asked for, each once; the default one where nothing is said."""
    if given is None:
        given = [schema.defaults.banner] if schema.defaults.banner else []
    return tuple(dict.fromkeys(schema.banner(name).id for name in _listed(given)))


def _instrument_of(
    parts: "Sequence[ArrowSource | PartitionedSource]", given: "str | Path | Instrument | None"
) -> Instrument:
    """The instrument named, else what the files say, else the installed one whose columns are all there."""
    if given is not None:
        return load_instrument(given)
    said = {part.says.get("instrument", "") for part in parts if isinstance(part, ArrowSource)} - {""}
    if len(said) > 1:
        raise usage("tally_sources_differ", known=sorted(said))
    if said and not set("/\\") & set(reference := said.pop()):
        return load_instrument(reference)
    columns = set(parts[0].columns)
    fitting = []
    for known in list_instruments("survey"):
        schema = load_instrument(known.path)
        wanted = {name for question in schema.questions for name in question.answer_columns}
        if wanted <= columns:
            fitting.append((len(wanted), schema))
    if not fitting:
        raise usage("tally_needs_instrument")
    return max(fitting, key=lambda one: one[0])[1]


def _notices(parts: "Sequence[ArrowSource | PartitionedSource]", definition: Definition) -> list[Problem]:
    """Tell of columns not counted, of open text that is not there, of rules that left nobody out."""
    notices = []
    dropping = [name for name, rule in definition.instrument.quality.items() if rule.action == "drop"]
    if dropping:
        notices.append(Problem("tally_rules_not_applied", values={"rules": dropping}))
    for part in parts:
        needed = {*needed_columns(definition, part.columns), *definition.instrument.columns, "respondent"}
        if others := [name for name in part.columns if name not in needed and not name.endswith("__missing")]:
            told = {"columns": others[:12], "count": len(others)}
            notices.append(Problem("tally_columns_unknown", Place(file=part.name), told))
        texts = [one.name for one in definition.columns.given if one.cells == "text"]
        if absent := [name for name in texts if name not in part.columns]:
            notices.append(Problem("tally_texts_absent", Place(file=part.name), {"columns": absent[:12]}))
    return notices
