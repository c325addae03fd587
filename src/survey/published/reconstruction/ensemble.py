"""Many data sets rebuilt from published margins, each meeting every figure: what the figures leave open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, prod
from typing import TYPE_CHECKING, Any

import numpy as np

from survey.arguments import check_seed
from survey.errors import usage
from survey.instrument import Instrument
from survey.published.bounds.bases import MOST_COMBINATIONS, joint_combinations, surviving_bases
from survey.published.bounds.integer_program import Undecided
from survey.published.bounds.joint_table import JointTable
from survey.published.bounds.margins import Margins, Unit, group_bases, margins_of, undecided
from survey.published.findings.reading import Findings, FindingsLike, findings_of
from survey.published.reconstruction.answer_assignment import ManyAssignments, all_units
from survey.published.reconstruction.dataset import described, reconstruction_of
from survey.published.reconstruction.diagnostics import mixing_of
from survey.published.reconstruction.exploration import Exploration
from survey.published.reconstruction.polytope import Polytope
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survey.ingest import Responses

STRONGEST = 0.8  # latent correlation of the last draws; the first have 0
MOST_DRAWS = 100_000
_CHAINS = 48  # so many where there are draws enough, and at least two per combination of bases
_PER_CHAIN = 10  # draws
_SWEEPS = 100  # between two draws of a chain
_BURN_IN = 5  # draws left out at the start of a chain
_TRIED = 60  # combinations tried where there are too many to list
_PEOPLE_AT_ONCE = 200_000


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Data sets that all meet the published figures, and how they were found. None of them is data.

    Attributes
    ----------
    findings
        What was published.
    seed, sweeps
        What the draws started from, and the steps of every kind between two draws of a chain.
    units
        The columns made of counts, in the order of the instrument. `codes` of each are its answers: 0 and 1
        for an option of a select-all question, scale values for an item, option ids for a single question.
    codes
        All answers at once, draw x respondent x unit: the position of the answer in `codes` of the unit.
        `column` and `answers` give parts of it. No table is built for them.
    draws
        One row per draw, under the `draw` contract: `bases` of the groups, `correlation` (the share of the
        latent liking behind an answer that is the respondent's own level), `leaning` (standard deviation of
        the shifts of that liking by group), and which `step` of which `chain` it is.
    mixing
        One row per monitored count, under the `mixing` contract: autocorrelation at lags of 1 to 5 draws of
        a chain, effective number of draws, split R-hat within combinations of bases; `reason` is
        too_few_draws where they cannot be judged.
    trace
        One row per draw and monitored count, under the `trace` contract.
    group_bases
        The bases of the groups in each draw; `draws` has them as text.
    """

    findings: Findings
    seed: int
    sweeps: int
    units: tuple[Unit, ...]
    codes: "NDArray[Any]"
    draws: "pd.DataFrame"
    mixing: "pd.DataFrame"
    trace: "pd.DataFrame"
    group_bases: tuple[Mapping[str, int], ...]

    def __len__(self) -> int:
        """Count the draws."""
        return len(self.codes)

    def __repr__(self) -> str:
        """Say what this is in one line."""
        size = self.codes.shape[1]
        return f"<Ensemble: {len(self)} draws of {size} respondents, {self.instrument.reference}>"

    @property
    def instrument(self) -> Instrument:
        """The instrument of the findings."""
        return self.findings.instrument

    @cached_property
    def _margins(self) -> Margins:
        return margins_of(self.findings)

    @cached_property
    def _at(self) -> dict[str, int]:
        return {unit.column: at for at, unit in enumerate(self.units)}

    def column(self, name: str) -> "NDArray[Any]":
        """Give a column of all draws, draw x respondent.

        True and False for an option of a select-all question, the scale value for an item of a battery, the
        position of the option for a single question.

        Raises
        ------
        UsageError
            There is no such column, or it is not made of counts.
        """
        if name not in self._at:
            raise usage("ensemble_column_unknown", column=name, known=list(self._at))
        unit = self.units[self._at[name]]
        positions = self.codes[:, :, self._at[name]]
        if unit.codes == (0, 1) and self.instrument.question(unit.question).kind == "multiple":
            return np.asarray(positions == 1)
        if isinstance(unit.codes[0], str):
            return np.asarray(positions, dtype=np.int64)
        return np.asarray(np.array(unit.codes, dtype=np.int64)[positions])

    def answers(self, question: str) -> "NDArray[Any]":
        """Give a question of all draws, draw x respondent x option or item; as in `column`."""
        names = [unit.column for unit in self.units if unit.question == question]
        if not names:
            raise usage("ensemble_column_unknown", column=question, known=list(self._at))
        return np.asarray(np.stack([self.column(name) for name in names], axis=2))

    @cached_property
    def data(self) -> "pd.DataFrame":
        """One row per draw and respondent: `draw` (from 1), `respondent`, the columns of `Responses.data`."""
        return self._frame(self.codes, range(1, len(self) + 1))

    def _frame(self, codes: "NDArray[Any]", numbers: Sequence[int]) -> "pd.DataFrame":
        import pandas as pd

        draws, size, _ = codes.shape
        names = respondent_names(size)
        frame: dict[str, object] = {
            "draw": np.repeat(np.asarray(numbers), size),
            "respondent": np.tile(np.array(names, dtype=object), draws),
        }
        kinds = {column: question for question in self.instrument.questions for column in question.columns}
        for column in self.instrument.asked_columns:
            if column in self._at:
                unit = self.units[self._at[column]]
                flat = codes[:, :, self._at[column]].ravel()
                if kinds[column].kind == "single":
                    frame[column] = pd.Categorical.from_codes(flat, categories=list(unit.codes))
                elif kinds[column].kind == "multiple":
                    frame[column] = pd.array(flat == 1, dtype="boolean")
                else:
                    frame[column] = pd.array(np.array(unit.codes, dtype=np.int64)[flat], dtype="Int64")
            else:
                number = kinds[column].kind == "number"
                empty = pd.array([pd.NA], dtype="Float64" if number else "string")
                frame[column] = empty.take(np.zeros(draws * size, dtype=np.int64))
        return pd.DataFrame(frame)

    def responses(self, draw: int) -> "Responses":
        """Give one draw as responses, from 1; `provenance` also has its number, and how many there are.

        Raises
        ------
        UsageError
            There is no such draw.
        """
        if isinstance(draw, bool) or not isinstance(draw, int | np.integer) or not 1 <= draw <= len(self):
            raise usage("ensemble_draw_unknown", draw=draw, draws=len(self))
        frame = self._frame(self.codes[draw - 1 : draw], [int(draw)]).drop(columns="draw")
        for column in frame:
            if str(frame[column].dtype) == "boolean":
                frame[column] = frame[column].astype(int)
        bases = self.bases(int(draw))
        counts = self._margins.counts(bases)
        reconstruction = reconstruction_of(self.findings, self._margins, bases, counts, self.seed)
        reconstruction = replace(reconstruction, draw=int(draw), draws=len(self))
        return described(frame.astype(object), self.findings, reconstruction)

    @cached_property
    def not_met(self) -> tuple[str, ...]:
        """The claims that no count meets at the bases of some draw; the nearest count was taken there."""
        missed: set[str] = set()
        for bases in {tuple(bases.items()): bases for bases in self.group_bases}.values():
            counts = self._margins.counts(bases)
            missed.update(reconstruction_of(self.findings, self._margins, bases, counts, self.seed).not_met)
        return tuple(figure.claim for figure in self._margins.figures if figure.claim in missed)

    def bases(self, draw: int) -> dict[str, int]:
        """Give the group bases of a draw."""
        return dict(self.group_bases[draw - 1])


def respondent_names(size: int) -> list[str]:
    """Name the respondents R001, R002, ..."""
    width = max(3, len(str(size)))
    return [f"R{number:0{width}}" for number in range(1, size + 1)]


def _bases_text(bases: Mapping[str, int]) -> str:
    return ", ".join(f"{group} {base}" for group, base in bases.items())


def reconstructions(
    findings: FindingsLike, *, draws: int = 1000, sweeps: int = _SWEEPS, seed: int = 1
) -> Ensemble:
    """Rebuild data sets that all meet every figure a count can meet, spread over all that do.

    The group bases take turns over the combinations that fit one joint table. For each combination walks
    start from far-off tables of counts and move by steps that keep every figure (see `lattice`). Within a
    combination the target is flat: every split of the respondents over the patterns of groups has the same
    chance before the figures are known, and so has every split of a pattern's answers; weights of the
    assumptions tilt it where they are given. Each draw then hands the answers of its table to respondents,
    under a latent one-factor correlation that runs evenly from 0 to 0.8 over the draws, in random order.

    Parameters
    ----------
    findings
        With the number of respondents among the figures; or the path of their CSV file.
    draws
        How many data sets, from 1 to 100,000.
    sweeps
        Steps of every kind between two draws of a chain. More make the draws less alike.
    seed
        Zero or more. The same seed, draws and versions give the same data sets.

    Returns
    -------
    Ensemble
        What every draw has is fixed by the figures; what differs is not known. How often something occurs
        among the draws is no probability: it depends on the target and on the assumptions.

    Raises
    ------
    UsageError
        `draws`, `seed` or `sweeps` is out of range.
    FindingsError
        As for `reconstruct`: no number of respondents, or figures that contradict each other.

    References
    ----------
    Diaconis, Sturmfels (1998), Ann. Stat. 26, 363-397; Hara, Aoki, Takemura (2012), Running Markov chain
    without Markov basis. Mixing: Vehtari and others (2021), Bayesian Analysis 16, 667-718.

    Examples
    --------
    >>> from survey.published.findings import read_findings
    >>> from survey.resources import resource_folder
    >>> findings = read_findings(resource_folder("findings") / "executive-survey-2026.csv")
    >>> ensemble = reconstructions(findings, draws=30, sweeps=2)
    >>> ensemble
    <Ensemble: 30 draws of 137 respondents, executive-survey@1.0.0>
    >>> set(ensemble.column("support_needs__contract_legal_diligence").sum(axis=1).tolist())
    {75}
    """
    for name, value, most in (("draws", draws, MOST_DRAWS), ("sweeps", sweeps, MOST_DRAWS)):
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise usage("ensemble_number", name=name, value=value, most=most)
    check_seed(seed)
    findings = findings_of(findings)
    margins = margins_of(findings)
    smallest = group_bases(margins, findings.file)
    rng = np.random.default_rng(seed)
    try:
        combinations = _combinations(margins, smallest, rng)
        polytope = Polytope(margins, findings.assumptions, combinations)
        chosen = _chains(len(combinations), draws, rng)
        states, chain, step = _explored(polytope, chosen, draws, sweeps, rng)
    except Undecided:
        raise undecided(margins, findings.file) from None
    correlation = rng.permutation(
        np.linspace(0, STRONGEST, draws) if draws > 1 else np.array([STRONGEST / 2])
    )
    leaning = rng.permutation(np.linspace(0, 1, draws) if draws > 1 else np.array([0.5]))
    units = all_units(margins)
    codes = _assigned(polytope, states, correlation, leaning, rng, units)
    strata = np.array(chosen)[chain]
    bases = tuple(combinations[at] for at in strata)
    facts = [
        dict(zip(("draw", "bases", "correlation", "leaning", "chain", "step"), row, strict=True))
        for row in zip(
            range(1, draws + 1),
            map(_bases_text, bases),
            correlation.tolist(),
            leaning.tolist(),
            (chain + 1).tolist(),
            (step + 1).tolist(),
            strict=True,
        )
    ]
    mixing, trace = mixing_of(polytope, states, chain, chosen)
    drawn = contract_frame("draw", facts)
    return Ensemble(findings, seed, sweeps, units, codes, drawn, mixing, trace, bases)


def _combinations(
    margins: Margins, smallest: Mapping[str, int], rng: "np.random.Generator"
) -> list[dict[str, int]]:
    """The combinations of bases that fit one joint table; some at random where there are too many to try."""
    if not margins.groups:
        return [{}]
    surviving = surviving_bases(margins)
    if prod(len(bases) for bases in surviving.values()) <= MOST_COMBINATIONS:
        return list(joint_combinations(margins, surviving)) or [dict(smallest)]
    found = {tuple(smallest[group] for group in margins.groups): None}
    for _ in range(_TRIED):
        bases = tuple(int(rng.choice(surviving[group])) for group in margins.groups)
        try:
            one = {group: (base,) for group, base in zip(margins.groups, bases, strict=True)}
            if bases not in found and JointTable(margins, one).feasible:
                found[bases] = None
        except Undecided:
            continue
    return [dict(zip(margins.groups, bases, strict=True)) for bases in found]


def _chains(combinations: int, draws: int, rng: "np.random.Generator") -> list[int]:
    """The combination of each chain: all in turn, twice or more, where there are draws enough."""
    each = max(2, min(ceil(_CHAINS / combinations), draws // (_PER_CHAIN * combinations)))
    turns = np.concatenate([rng.permutation(combinations) for _ in range(each)])
    return [int(at) for at in turns[:draws]]


def _explored(
    polytope: Polytope, chosen: list[int], draws: int, sweeps: int, rng: "np.random.Generator"
) -> tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]:
    """Walk and keep every so manieth state: the states of the draws, and chain and step of each."""
    exploration = Exploration(polytope, polytope.walks(chosen, rng))
    per_chain = ceil(draws / len(chosen))
    for _ in range(sweeps * _BURN_IN):
        exploration.sweep()
    kept = []
    for _ in range(per_chain):
        for _ in range(sweeps):
            exploration.sweep()
        kept.append(exploration.walks.state.copy())
    states = np.concatenate(kept)[:draws]
    chain = np.tile(np.arange(len(chosen)), per_chain)[:draws]
    step = np.repeat(np.arange(per_chain), len(chosen))[:draws]
    return states, chain, step


def _assigned(
    polytope: Polytope,
    states: "NDArray[np.int64]",
    correlation: "NDArray[np.float64]",
    leaning: "NDArray[np.float64]",
    rng: "np.random.Generator",
    units: Sequence[Unit],
) -> "NDArray[Any]":
    """Assign the answers of every state, so many draws at once as memory likes."""
    size = polytope.margins.size
    kind = np.int8 if all(len(unit.codes) < 128 for unit in units) else np.int16
    codes = np.empty((len(states), size, len(units)), dtype=kind)
    many = max(1, _PEOPLE_AT_ONCE // size)
    for first in range(0, len(states), many):
        part = slice(first, first + many)
        assignment = ManyAssignments(polytope, states[part], correlation[part], leaning[part], rng)
        assignment.answer_all()
        for at, unit in enumerate(units):
            codes[part, :, at] = assignment.columns[unit.column]
    return codes
