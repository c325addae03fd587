"""A data set rebuilt from published margins: synthetic rows that meet every figure a count can meet."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from survey.arguments import check_seed
from survey.ingest.provenance import Provenance, PublishedShare, Reconstruction, UpperBound
from survey.instrument import Question
from survey.published.bounds.integer_program import Program, Undecided, total
from survey.published.bounds.margins import Margins, group_bases, margins_of, undecided
from survey.published.findings.figures import Counts, Figure
from survey.published.findings.reading import Findings, FindingsLike, findings_of
from survey.published.reconstruction.answer_assignment import OneAssignment, UnitCounts, all_units
from survey.published.reconstruction.targets import Targets

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest import Responses


def reconstruct(findings: FindingsLike, *, seed: int = 1) -> "Responses":
    """One row per published respondent, made up so that every figure an integer count can meet is met.

    Group bases that were not printed are the smallest at which all figures fit one joint table. A figure
    that no count meets takes the nearest count. Whatever the figures leave open is drawn, with the seed, from
    the assumptions of the findings; questions nobody published are drawn from them alone. Numbers and texts
    stay empty. The result is one of very many data sets with these margins: it is no data.

    Parameters
    ----------
    findings
        With the number of respondents among the figures; or the path of their CSV file.
    seed
        Zero or more. The same seed and versions give the same rows.

    Returns
    -------
    Responses
        `provenance.reconstruction` has the findings file and its hash, the seed, the group bases, in
        `not_met` the claims that no count meets, in `fixed` the shares that the published figures fix, in
        `below` the published upper bounds; a report marks every other result.

    Raises
    ------
    UsageError
        The seed is no whole number of zero or more.
    FindingsError
        There is no number of respondents, or figures contradict each other: the error names lines that
        cannot hold together.

    Examples
    --------
    >>> from survey.published.findings import read_findings
    >>> from survey.resources import resource_folder
    >>> responses = reconstruct(read_findings(resource_folder("findings") / "executive-survey-2026.csv"))
    >>> len(responses), responses.provenance.reconstruction.group_bases
    (137, {'independent': 42, 'co_development': 29, 'licensing': 90, 'newco': 41})
    >>> responses.provenance.reconstruction.not_met
    ('M01', 'M02')
    """
    import pandas as pd

    check_seed(seed)
    findings = findings_of(findings)
    margins = margins_of(findings)
    bases = group_bases(margins, findings.file)
    counts = margins.counts(bases)
    rng = np.random.default_rng(seed)
    targets = Targets(margins, bases, counts, findings.assumptions, rng)
    try:
        people = _people(margins, bases, counts, targets)
        assignment = OneAssignment(targets, people)
        assignment.answer_banner()
        for question in margins.questions:
            assignment.answer(question, _answer_counts(margins, question, people, counts, targets))
    except Undecided:
        raise undecided(margins, findings.file) from None
    width = max(3, len(str(margins.size)))
    frame = pd.DataFrame({"respondent": [f"R{number:0{width}}" for number in range(1, margins.size + 1)]})
    order = rng.permutation(margins.size)
    codes = {unit.column: np.array(unit.codes, dtype=object) for unit in all_units(margins)}
    for column in findings.instrument.asked_columns:
        answers = assignment.columns.get(column)
        frame[column] = None if answers is None else codes[column][answers[0, order]]
    return described(frame, findings, reconstruction_of(findings, margins, bases, counts, seed))


def described(frame: "pd.DataFrame", findings: Findings, reconstruction: Reconstruction) -> "Responses":
    """Responses that say where they come from, and by a digest which answers were made."""
    from survey.ingest import from_frame
    from survey.ingest.responses import digest_of

    responses = from_frame(frame, findings.instrument)
    provenance = Provenance(
        title=findings.said(),
        wave=findings.wave,
        source=findings.source,
        licence=findings.licence,
        reconstruction=replace(reconstruction, answers_digest=digest_of(responses.data)),
    )
    return replace(responses, provenance=provenance)


def reconstruction_of(
    findings: Findings, margins: Margins, bases: Mapping[str, int], counts: Mapping[str, Counts], seed: int
) -> Reconstruction:
    """Say how the data are made, and which claims they do not meet."""
    not_met = tuple(
        figure.claim
        for figure in margins.figures
        if not counts[figure.claim].met
        or figure.stated_base not in (None, bases.get(figure.group, margins.size))
    )
    return Reconstruction(
        findings=findings.file,
        findings_hash=findings.hash,
        seed=seed,
        group_bases=dict(bases),
        not_met=not_met,
        fixed=tuple(
            _share(figure)
            for figure in margins.figures
            if figure.claim not in not_met and not figure.is_bound and not figure.is_size
        ),
        below=tuple(
            UpperBound(_share(figure), figure.published)
            for figure in margins.figures
            if figure.comparator in ("<", "<=")
        ),
    )


def _share(figure: Figure) -> PublishedShare:
    return PublishedShare(figure.question, figure.item, figure.group, figure.statistic)


def _people(
    margins: Margins, bases: Mapping[str, int], counts: Mapping[str, Counts], targets: Targets
) -> list[int]:
    """Count the people of each pattern: as near to the target as the figures allow."""
    program = Program()
    people = program.variables(len(margins.patterns), margins.size)
    program.keep(total(people), margins.size, margins.size)
    for group, base in bases.items():
        program.keep(total([people[at] for at in margins.inside(group)]), base, base)
    for figure, terms in margins.held(program, people):
        program.keep(terms, counts[figure.claim].low, counts[figure.claim].high)
    for variable, target in zip(people, targets.patterns(), strict=True):
        program.pull(variable, float(target))
    solved = program.solve(gap=0.05)
    if solved is None:  # the bases were found with a solution, so this is one the solver lost
        raise Undecided
    return [int(solved[variable]) for variable in people]


def _answer_counts(
    margins: Margins,
    question: Question,
    people: list[int],
    counts: Mapping[str, Counts],
    targets: Targets,
) -> list[UnitCounts]:
    """Count each answer to a question in each slot, given the people."""
    slots = margins.slots(question)
    sizes = [sum(people[at] for at in slot) for slot in slots]
    units = margins.units(question)
    together = question.kind == "multiple" and any(option.exclusive for option in question.options)
    unit_counts = []
    for block in [units] if together else [(unit,) for unit in units]:
        program = Program()
        cells = margins.cells(program, question, sizes, block)
        for figure in margins.about(question):
            if any(margins.counted(figure, unit) for unit in block):
                low, high, _ = counts[figure.claim]
                program.keep(margins.summed(figure, question, cells), low, high)
        for unit in block:
            wanted = targets.unit(unit, people, slots)
            for slot, row in zip(cells[unit], wanted, strict=True):
                for code, target in zip(unit.codes, row, strict=True):
                    program.pull(slot[code], float(target))
        solved = program.solve(gap=0.02)
        if solved is None:
            raise Undecided
        for unit in block:
            slot_counts = [[solved[slot[code]] for code in unit.codes] for slot in cells[unit]]
            unit_counts.append(UnitCounts(unit, np.array([slot_counts]), len(slots) > 1))
    return unit_counts
