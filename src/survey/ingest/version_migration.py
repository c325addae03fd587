"""Old answers under a newer version of their instrument."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import path_of
from survey.errors import InstrumentError, Place, Problem, usage
from survey.ingest.deriving import with_derived
from survey.ingest.reading import responses_of
from survey.ingest.responses import MISSING_KINDS, Responses, ResponsesLike
from survey.instrument import Instrument, Question, load_instrument
from survey.instrument.crosswalks import VersionCrosswalk, find_crosswalks
from survey.instrument.loading import read_schema
from survey.instrument.versions import diff_instruments
from survey.resources import resource_folder

if TYPE_CHECKING:
    import pandas as pd


def carry_over(
    responses: ResponsesLike, to: "str | Path | Instrument", *, crosswalks: Sequence[str | Path] = ()
) -> Responses:
    """Carry responses to another version of their instrument: same respondents, one column per new column.

    What keeps its id keeps its answers; renames, merges and recodes come from the crosswalks. A part that the
    old version did not have is missing, of kind `not_asked`. Answers that cannot be carried (a split, a
    dropped part, a point without a counterpart) become missing, of kind `refused`, or go with their column;
    each is counted in `problems`.

    Parameters
    ----------
    responses
        Responses under any version of the instrument, or the path of their file.
    to
        `ID@VERSION`, a path, or an `Instrument`.
    crosswalks
        Files to use instead of those in the folder `crosswalk` beside the instrument's versions.

    Raises
    ------
    UsageError
        Another instrument, or no crosswalk leads there and what changed needs one.
    InstrumentError
        A crosswalk is wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech", "big_pharma"]})
    >>> old = survey.from_frame(frame, "executive-survey@1.0.0")
    >>> survey.carry_over(old, "executive-survey@1.1.0").instrument.reference
    'executive-survey@1.1.0'
    """
    responses = responses_of(responses)
    target = load_instrument(to)
    old = responses.instrument
    if target.id != old.id:
        raise usage("carry_strangers", old=old.reference, new=target.reference)
    if target.content_hash == old.content_hash:
        return responses
    known: list[VersionCrosswalk] = []
    for path in crosswalks:
        crosswalk = read_schema(path_of(path))
        if isinstance(crosswalk, VersionCrosswalk):
            known.append(crosswalk)
    folders = _folders(old, target)
    if not crosswalks:
        known = [crosswalk for folder in folders for crosswalk in find_crosswalks(folder, old.id)]
    steps = _way(old.version, target.version, known)
    if steps is None:
        if _asked_otherwise(old, target):
            raise usage("carry_no_way", old=old.reference, new=target.reference)
        steps = [None]
    for position, step in enumerate(steps):
        last = position == len(steps) - 1
        new = target if last or step is None else _version(step, folders)
        responses = _step(responses, new, step)
    return responses


def as_asked_before(old: Instrument, new: Instrument) -> tuple[Instrument, bool]:
    """An old version with the names that questions and parts have in a newer one, and whether one changed.

    Names change where crosswalks say so; options that became one stand there as the new one.
    """
    folders = _folders(old, new)
    known = [crosswalk for folder in folders for crosswalk in find_crosswalks(folder, old.id)]
    renamed = old
    for step in _way(old.version, new.version, known) or ():
        if step is not None and step.carries:
            target = new if step.version == new.version else _version(step, folders)
            renamed = step.renamed(renamed, target)
    return renamed, renamed is not old


def version_as_asked(responses: Responses) -> Instrument:
    """The version that respondents answered, whatever their answers were carried to.

    Raises
    ------
    UsageError
        It is neither among the packaged versions nor beside the file of the one they were carried to.
    """
    instrument = responses.instrument
    if not (asked := responses.provenance.carried_from):
        return instrument
    file = instrument.folder and instrument.folder / f"{asked.partition('@')[2]}.yaml"
    return load_instrument(file if file and file.is_file() else asked)


def _folders(*versions: Instrument) -> list[Path]:
    """Where versions of an instrument and crosswalks between them are looked for when nobody says where."""
    own = (version.folder for version in versions)
    return list(dict.fromkeys([resource_folder("instruments") / versions[0].id, *filter(None, own)]))


def _way(start: str, end: str, known: list[VersionCrosswalk]) -> "list[VersionCrosswalk | None] | None":
    """The shortest chain of crosswalks from one version to another."""
    ways: dict[str, list[VersionCrosswalk | None]] = {start: []}
    queue = [start]
    while queue:
        version = queue.pop(0)
        for crosswalk in known:
            if crosswalk.from_version == version and crosswalk.version not in ways:
                ways[crosswalk.version] = [*ways[version], crosswalk]
                queue.append(crosswalk.version)
    return ways.get(end)


def _asked_otherwise(old: Instrument, new: Instrument) -> bool:
    """Whether what was asked changed so that answers need a crosswalk; what is derived is derived anew."""
    diff = diff_instruments(old, new)
    asked = [one for one in diff.alterations if one.where.partition(".")[0] != "derived"]
    return replace(diff, alterations=tuple(asked)).bump in ("major", "refused")


def _version(step: VersionCrosswalk, folders: list[Path]) -> Instrument:
    """The version a crosswalk leads to, from the folders in which crosswalks were looked for."""
    for folder in folders:
        if (folder / f"{step.version}.yaml").is_file():
            return load_instrument(folder / f"{step.version}.yaml")
    return load_instrument(step.reference)


def _step(responses: Responses, new: Instrument, crosswalk: VersionCrosswalk | None) -> Responses:
    import pandas as pd

    from survey.ingest.coded_responses import column_dtype

    old = responses.instrument
    if crosswalk:
        faults = [
            Problem(key, Place(file=f"{crosswalk.reference} (crosswalk)"), values)
            for _, key, values in crosswalk.faults_between(old, new)
        ]
        if faults:
            raise InstrumentError(*faults)
    size = len(responses)
    values: dict[str, list[Any]] = {}
    missing: dict[str, list[str]] = {}
    carried: set[str] = set()
    lost: dict[str, int] = {}
    for question in old.questions:
        carry = crosswalk.question(question.id) if crosswalk else None
        name = carry.target if carry else question.id
        goal = next((other for other in new.questions if other.id == name), None)
        if goal is None or goal.kind != question.kind:
            continue
        new_values, new_missing, used, losses = _carry_question(responses, question, goal, new, crosswalk)
        values |= new_values
        missing |= new_missing
        carried |= used
        for column, count in losses.items():
            lost[column] = lost.get(column, 0) + count
    for column in old.asked_columns:
        if column not in carried and (count := int(responses.data[column].notna().sum())):
            lost[column] = lost.get(column, 0) + count
    kinds = pd.CategoricalDtype(["", *MISSING_KINDS])
    data_columns, missing_columns = {}, {}
    for question in new.questions:
        for column in question.columns:
            cells = values.get(column, [None] * size)
            data_columns[column] = pd.array(cells, dtype=column_dtype(new, question, column))
            marks = missing.get(column, ["not_asked"] * size)
            missing_columns[column] = pd.Categorical(marks, dtype=kinds)
    index = responses.data.index
    problems = [
        Problem("carry_lost", values={"column": column, "answers": count, "new": new.reference})
        for column, count in lost.items()
    ]
    first = responses.provenance.carried_from or old.reference
    carried_over = replace(
        responses,
        data=pd.DataFrame(data_columns, index=index),
        missing=pd.DataFrame(missing_columns, index=index),
        instrument=new,
        problems=(*responses.problems, *problems),
        provenance=replace(responses.provenance, carried_from=first),
    )
    return with_derived(carried_over)


_Carried = tuple[dict[str, list[Any]], dict[str, list[str]], set[str], dict[str, int]]


def _carry_question(
    responses: Responses,
    question: Question,
    goal: Question,
    new: Instrument,
    crosswalk: VersionCrosswalk | None,
) -> _Carried:
    """Carry one question: new columns with their answers and kinds of missing, old columns used, losses."""
    data, kinds = responses.data, responses.missing
    targets: dict[str, str | None] = {}
    for part in question.parts:
        carry = crosswalk.part(question.id, part.id) if crosswalk else None
        name = carry.target if carry else part.id
        targets[part.id] = name if name in {other.id for other in goal.parts} else None
    carried: _Carried = ({}, {}, set(), {})
    values, missing, used, lost = carried
    if question.kind == "rating":
        _carry_ratings(responses, (question, goal), targets, carried, new, crosswalk)
    elif question.kind == "multiple":
        _carry_ticks(responses, (question, goal), targets, carried)
    elif question.traits.split:
        _carry_together(responses, (question, goal), targets, carried)
    else:
        cells = _plain(data[question.id])
        values[goal.id] = [targets.get(cell) for cell in cells] if question.kind == "single" else cells
        missing[goal.id] = list(kinds[question.id])
        _refuse(question.id, cells, values[goal.id], missing[goal.id], lost)
        used.add(question.id)
    for part in question.parts:
        column, name = f"{question.id}__{part.id}__text", f"{goal.id}__{targets[part.id]}__text"
        if part.text and name in goal.text_columns:
            values[name], missing[name] = _plain(data[column]), list(kinds[column])
            used.add(column)
    return carried


def _carry_ratings(
    responses: Responses,
    questions: tuple[Question, Question],
    targets: dict[str, str | None],
    carried: _Carried,
    new: Instrument,
    crosswalk: VersionCrosswalk | None,
) -> None:
    """Carry each item of a battery; a point that the new scale does not have is lost."""
    values, missing, used, lost = carried
    question, goal = questions
    points = {point.value for point in new.scale_of(goal).points}
    for part_id, target in targets.items():
        column = f"{question.id}__{part_id}"
        if target is None:
            continue
        recode = _recoding(question.id, part_id, crosswalk)
        cells = _plain(responses.data[column])
        after = [recode.get(cell, cell) if cell is not None else None for cell in cells]
        name = f"{goal.id}__{target}"
        values[name] = [cell if cell in points else None for cell in after]
        missing[name] = list(responses.missing[column])
        _refuse(column, cells, values[name], missing[name], lost)
        used.add(column)


def _carry_ticks(
    responses: Responses,
    questions: tuple[Question, Question],
    targets: dict[str, str | None],
    carried: _Carried,
) -> None:
    """Carry the options of a select-all question; those that become one are ticked where any of them was."""
    values, missing, used, _ = carried
    question, goal = questions
    for target in dict.fromkeys(name for name in targets.values() if name):
        sources = [f"{question.id}__{part}" for part, name in targets.items() if name == target]
        rows = [_plain(responses.data[source]) for source in sources]
        marks = [list(responses.missing[source]) for source in sources]
        name = f"{goal.id}__{target}"
        values[name] = [_either(row) for row in zip(*rows, strict=True)]
        missing[name] = [
            "" if value is not None else next((mark for mark in row if mark), "not_asked")
            for value, row in zip(values[name], zip(*marks, strict=True), strict=True)
        ]
        used |= set(sources)


def _carry_together(
    responses: Responses,
    questions: tuple[Question, Question],
    targets: dict[str, str | None],
    carried: _Carried,
) -> None:
    """Carry answers that hold only together: ranks, and numbers that add up.

    Where an option that is there no longer, or became one with another, had a rank or more than 0, or a rank
    is beyond the new places, or the total is another, all answers of the respondent are lost.
    """
    values, missing, used, lost = carried
    question, goal = questions
    alone = {part: name for part, name in targets.items() if list(targets.values()).count(name) == 1}
    columns = {part: _plain(responses.data[f"{question.id}__{part}"]) for part in targets}
    most = goal.places if question.kind == "ranking" else question.total
    kept = [
        question.total == goal.total
        and all(
            not cell or (alone.get(part) and cell <= most) for part, cell in zip(columns, row, strict=True)
        )
        for row in zip(*columns.values(), strict=True)
    ]
    for part, cells in columns.items():
        column, target = f"{question.id}__{part}", alone.get(part)
        if target is None:
            continue
        name = f"{goal.id}__{target}"
        values[name] = [cell if here else None for cell, here in zip(cells, kept, strict=True)]
        missing[name] = list(responses.missing[column])
        _refuse(column, cells, values[name], missing[name], lost)
        used.add(column)


def _plain(column: "pd.Series[Any]") -> list[Any]:
    cells = zip(column.tolist(), column.isna(), strict=True)
    return [None if gone else value for value, gone in cells]


def _either(row: tuple[bool | None, ...]) -> bool | None:
    """Ticked if any of the merged options was; unticked only if all of them were answered."""
    if any(row):
        return True
    return None if None in row else False


def _refuse(column: str, before: list[Any], after: list[Any], kinds: list[str], lost: dict[str, int]) -> None:
    """Mark and count the answers that have no counterpart."""
    for row, (was, now) in enumerate(zip(before, after, strict=True)):
        if was is not None and now is None:
            kinds[row] = "refused"
            lost[column] = lost.get(column, 0) + 1


def _recoding(question_id: str, part_id: str, crosswalk: VersionCrosswalk | None) -> dict[float, float | int]:
    """The recoding of points that holds for an item: its own, or that of the whole battery."""
    if crosswalk is None:
        return {}
    for carry in (crosswalk.part(question_id, part_id), crosswalk.question(question_id)):
        if carry and carry.values:
            return {float(old): new for old, new in carry.values.items()}
    return {}
