"""Published findings: a CSV of figures and statements, every value a string as it was printed."""

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from survey.arguments import file_of, unfit
from survey.errors import FindingsError, Place, Problem, usage
from survey.instrument import Instrument, list_instruments, load_instrument
from survey.instrument.shares import Statistic
from survey.published.findings.assumptions import (
    Assumptions,
    MissingQuestion,
    Sidecar,
    Thresholds,
    assumption_problems,
    read_sidecar,
)
from survey.published.findings.figures import EVERYONE, Figure, counted_codes
from survey.published.findings.row_problems import (
    Row,
    asked_elsewhere,
    doubled_claims,
    knows_names,
    near_or_all,
    question_named,
    question_of_group,
    row_problems,
)
from survey.published.findings.statement_kinds import Statement
from survey.resources import resource_folder

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("claim", "locator", "kind", "question", "item", "group", "statistic", "comparator"),
    *("published", "decimals", "stated_count", "stated_base", "note"),
)
_NEEDED = frozenset(COLUMNS[:9]) - {"locator"}


@dataclass(frozen=True, eq=False)
class Findings:
    """What was published of one survey.

    Attributes
    ----------
    figures, statements
        One row per claim: the columns of the file, every value a string as printed, and `line`.
    instrument
        The instrument the question and item ids belong to.
    file, hash
        The name of the CSV file and the SHA-256 of its bytes.
    title, wave, source, licence
        What the sidecar says; empty without one.
    assumptions
        What a reconstruction assumes about the rest: the project's own, or uniform.
    thresholds
        Where an audit draws the lines that a statement leaves open.
    not_asked
        By statement the question that would test it, where it was not asked.
    """

    figures: "pd.DataFrame"
    statements: "pd.DataFrame"
    instrument: Instrument
    file: str = ""
    hash: str = ""
    title: dict[str, str] = field(default_factory=dict)
    wave: str = ""
    source: str = ""
    licence: str = ""
    assumptions: Assumptions = field(default_factory=Assumptions)
    thresholds: Thresholds = field(default_factory=Thresholds)
    not_asked: dict[str, MissingQuestion] = field(default_factory=dict)

    def said(self, lang: str = "en") -> str:
        """The title in `lang`, else in the first language there is, else the name of the file."""
        return self.title.get(lang) or next(iter(self.title.values()), Path(self.file).stem)

    def parsed(self) -> tuple[Figure, ...]:
        """Give the figures in the order of the file, with what each counts."""
        return tuple(_figure(row, self.instrument) for row in self.figures.to_dict("records"))

    def parsed_statements(self) -> tuple[Statement, ...]:
        """Give the statements in the order of the file, with the items they name."""
        return tuple(Statement.of(row) for row in self.statements.to_dict("records"))

    def missing_question(self, statement: Statement) -> MissingQuestion | None:
        """The question a statement needs and this version did not ask: by another version, or the sidecar."""
        for question_id in (statement.question, question_of_group(statement.group, self.instrument)):
            if question_id and question_named(self.instrument, question_id) is None:
                return asked_elsewhere(self.instrument, question_id)
        return self.not_asked.get(statement.claim)

    @property
    def respondents(self) -> int | None:
        """The published number of respondents; None where the file does not say it."""
        sizes = (figure for figure in self.parsed() if figure.is_size and figure.group == EVERYONE)
        return next((int(figure.published) for figure in sizes if not figure.is_bound), None)


# What functions take as `findings`: `findings_of` reads the path.
FindingsLike = Findings | str | Path


def _figure(row: dict[str, object], instrument: Instrument) -> Figure:
    cells = {name: str(row[name]) for name in COLUMNS}
    question = question_named(instrument, cells["question"])
    statistic = Statistic.parse(cells["statistic"])
    assert statistic is not None, "read_findings refuses a statistic that is not known"
    codes = counted_codes(instrument, question, cells["item"], statistic) if question else ()
    return Figure(
        **{name: cells[name] for name in ("claim", "locator", "question", "item", "group")},
        **{name: cells[name] for name in ("comparator", "published")},
        statistic=statistic,
        stated_count=int(cells["stated_count"]) if cells["stated_count"] else None,
        stated_base=int(cells["stated_base"]) if cells["stated_base"] else None,
        codes=codes,
        line=int(str(row["line"])),
    )


def read_findings(path: str | Path, instrument: str | Path | Instrument | None = None) -> Findings:
    """Read published findings: one row per claim, every value as printed ("7.0" stays "7.0").

    Parameters
    ----------
    path
        A CSV file with the columns `claim, locator, kind, question, item, group, statistic, comparator,
        published, decimals, stated_count, stated_base, note`; others are ignored. A YAML file of the same
        name beside it, if there is one, says title, instrument, wave, source, licence and assumptions.
    instrument
        A reference, a path or an `Instrument`; None takes it from the sidecar, else finds it by the ids of
        questions and items among the instruments that travel with the package.

    Raises
    ------
    UsageError
        There is no such file, or which instrument it belongs to cannot be told.
    FindingsError
        The file is wrong; every problem carries its line.

    Examples
    --------
    >>> from survey.resources import resource_folder
    >>> findings = read_findings(resource_folder("findings") / "executive-survey-2026.csv")
    >>> len(findings.figures), len(findings.statements), findings.respondents
    (55, 59, 137)
    """
    import pandas as pd

    path = file_of(path)
    content = path.read_bytes()
    rows, problems = _read_rows(content, str(path))
    side_path = path.with_suffix(".yaml")
    sidecar = read_sidecar(side_path)
    schema = _instrument_of(rows, sidecar, side_path, instrument)
    for line, row in rows:
        place = Place(file=str(path), line=line, subject=row["claim"])
        problems += (Problem(key, place, values) for key, values in row_problems(row, schema))
    problems += doubled_claims(rows, str(path))
    problems.sort(key=lambda problem: problem.place.line or 0)
    problems += assumption_problems(sidecar.reconstruction, schema, str(side_path))
    claims = [row["claim"] for _, row in rows if row["kind"] == "statement"]
    for claim in sidecar.not_asked:
        if claim not in claims:
            values = {"claim": claim, "known": near_or_all(claim, claims)}
            problems.append(Problem("findings_not_asked_claim", Place(file=str(side_path)), values))
    if problems:
        raise FindingsError(*problems)
    frame = pd.DataFrame([{**row, "line": line} for line, row in rows], columns=[*COLUMNS, "line"])
    return Findings(
        figures=frame[frame["kind"] == "figure"].reset_index(drop=True),
        statements=frame[frame["kind"] == "statement"].reset_index(drop=True),
        instrument=schema,
        file=path.name,
        hash=hashlib.sha256(content).hexdigest(),
        title=sidecar.title,
        wave=sidecar.wave,
        source=sidecar.source,
        licence=sidecar.licence,
        assumptions=sidecar.reconstruction,
        thresholds=sidecar.audit,
        not_asked=sidecar.not_asked,
    )


def findings_of(findings: FindingsLike, instrument: Instrument | None = None) -> Findings:
    """Give findings as they are, or those of the file at a path; refuse anything else (`UsageError`)."""
    if isinstance(findings, Findings):
        return findings
    if isinstance(findings, str | Path):
        return read_findings(findings, instrument)
    raise unfit("findings_needed", findings)


def findings_for(instrument: Instrument, wave: str) -> Path | None:
    """Find the packaged findings whose sidecar names this instrument (any version) and this wave."""
    if not wave:
        return None
    for side_path in sorted(resource_folder("findings").glob("*.yaml")):
        sidecar = read_sidecar(side_path)
        path = side_path.with_suffix(".csv")
        if sidecar.instrument.partition("@")[0] == instrument.id and sidecar.wave == wave and path.is_file():
            return path
    return None


def _read_rows(content: bytes, file: str) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """Read the cells, each row with the line it starts on; what stops the reading is raised at once."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FindingsError(Problem("findings_not_utf8", Place(file=file, line=line))) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, start = [], 1
    try:
        for cells in reader:
            records.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        place = Place(file=file, line=reader.line_num)
        raise FindingsError(Problem("findings_unreadable", place, {"told": error})) from None
    records = [(line, cells) for line, cells in records if any(cells)]
    if len(records) < 2:
        raise FindingsError(Problem("findings_empty", Place(file=file), {"columns": list(COLUMNS)}))
    head_line, header = records[0]
    head = Place(file=file, line=head_line)
    problems = [
        Problem("findings_column_missing", head, {"column": name}) for name in COLUMNS if name not in header
    ]
    problems += [
        Problem("findings_column_twice", head, {"column": name}) for name in COLUMNS if header.count(name) > 1
    ]
    if {str(problem.values["column"]) for problem in problems} & _NEEDED:
        raise FindingsError(*problems)
    rows = []
    for line, cells in records[1:]:
        if any(cells[len(header) :]):
            values = {"cells": len(cells), "columns": len(header)}
            problems.append(Problem("findings_too_many_cells", Place(file=file, line=line), values))
        row = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        rows.append((line, {name: row.get(name, "") for name in COLUMNS}))
    return rows, problems


def _instrument_of(
    rows: list[tuple[int, Row]], sidecar: Sidecar, side_path: Path, given: str | Path | Instrument | None
) -> Instrument:
    """Take the instrument that was told, or that of the sidecar, or the one that knows most of the ids."""
    if given is not None:
        return load_instrument(given)
    if sidecar.instrument.endswith((".yaml", ".yml")):
        return load_instrument(side_path.parent / sidecar.instrument)
    if sidecar.instrument:
        return load_instrument(sidecar.instrument)
    asked = {(row["question"], row["item"], row["group"]) for _, row in rows if row["question"]}
    known: dict[str, tuple[int, Instrument]] = {}
    for entry in list_instruments("survey"):
        candidate = load_instrument(entry.path)
        score = sum(knows_names(candidate, *ids) for ids in asked)
        if score > known.get(candidate.id, (0, candidate))[0]:  # in a tie the oldest version stays
            known[candidate.id] = score, candidate
    if not known:
        every = [entry.id for entry in list_instruments("survey")]
        raise usage("findings_no_instrument", known=every)
    most = max(score for score, _ in known.values())
    best = [candidate for score, candidate in known.values() if score == most]
    if len(best) > 1:
        raise usage("findings_instrument_ambiguous", known=[one.reference for one in best])
    return best[0]
