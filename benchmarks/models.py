"""Size of the tests and coverage of the intervals of models of needs, where nothing (or one thing) is true.

Run: python benchmarks/models.py [samples] [seed]. Writes benchmarks/models-size.csv: one row per quantity.
"""

import csv
import sys
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2

import survey
from survey.counts.row_counts import RowCounts
from survey.models.common_effects import Stacked, fit_gee, permutation, wild_bootstrap
from survey.models.design import design_of
from survey.models.firth import fit_firth
from survey.models.proportional_odds import assumption_statistic, fit_proportional_odds, merged_points

INSTRUMENT = survey.load_instrument("executive-survey@1.0.0")
NEEDS = [option.id for option in INSTRUMENT.question("support_needs").options]
MODELS = ("independent", "co_development", "licensing", "newco")
SHARES = np.array([42, 29, 90, 41]) / 137
FIRMS = 137
DRAWS = 199
Z = 1.959964


def firms(rng: np.random.Generator, effect: float, lean: float) -> survey.Responses:
    """Firms whose models add the same to every need, and whose needs hang together by `lean`."""
    kinds = rng.integers(0, 3, FIRMS)
    models = rng.random((FIRMS, 4)) < np.clip(SHARES + 0.15 * (kinds == 2)[:, None], 0, 1)
    levels = np.linspace(-1.2, 1.2, 11)
    logits = (
        levels + effect * models[:, [2]] + lean * rng.normal(size=(FIRMS, 1)) + 0.4 * (kinds == 1)[:, None]
    )
    needs = rng.random((FIRMS, 11)) < 1 / (1 + np.exp(-logits))
    columns = {f"expansion_models__{name}": models[:, at].astype(float) for at, name in enumerate(MODELS)}
    columns |= {f"support_needs__{name}": needs[:, at].astype(float) for at, name in enumerate(NEEDS)}
    columns["firm_type"] = np.array(["biotech", "biopharma", "big_pharma"])[kinds]
    return survey.from_frame(pd.DataFrame(columns), INSTRUMENT)


def one_sample(rng: np.random.Generator, effect: float, seed: int) -> dict[str, list[bool]]:
    """What a sample rejects or covers."""
    counts = RowCounts(firms(rng, effect, 1.0))
    question = INSTRUMENT.question("support_needs")
    outcome: dict[str, list[bool]] = {}
    for adjust in ((), ("firm_type",)):
        stacked = Stacked.of(counts, design_of(counts, question, None, adjust), "en")
        judge = wild_bootstrap if adjust else permutation
        outcome[f"by_need, {judge.__name__}: rejects"] = [judge(stacked, DRAWS, seed) <= 0.05]
    plain = Stacked.of(counts, design_of(counts, question, None, ()), "en")
    fit = fit_gee(plain.terms, plain.yes, plain.known)
    if fit is not None:
        others = [0, 1, 3]  # models that add nothing
        outcome["all_needs, term: rejects"] = [abs(fit[0][at] / fit[1][at]) > Z for at in others]
    design = design_of(counts, question, None, ())
    for place in (0, 5, 10):
        yes, no = design.yes_and_no(place)
        own = fit_firth(design.patterns, yes, no, confidence=0.95)
        outcome.setdefault("model_needs, Firth p: rejects", []).extend(own.p_values[[0, 1, 3]] < 0.05)
        inside = (own.low[[0, 1, 3]] <= 0) & (own.high[[0, 1, 3]] >= 0)
        outcome.setdefault("model_needs, profile limits: cover", []).extend(inside)
    logits = effect * design.patterns[:, 2]
    cuts = np.array([-2.0, -1.0, 0.3, 1.5])
    sizes = design.answers @ design.layout.answered
    below = 1 / (1 + np.exp(-(cuts[None, :] - logits[:, None])))
    shares = np.diff(np.column_stack([np.zeros(len(below)), below, np.ones(len(below))]), axis=1)
    given = np.array([rng.multinomial(size, share) for size, share in zip(sizes, shares, strict=True)])
    rated = fit_proportional_odds(design.patterns, given)
    z = rated.coefficients / np.sqrt(np.diag(rated.covariance)[:4])
    outcome["model_needs, proportional odds p: rejects"] = [abs(z[at]) > Z for at in (0, 1, 3)]
    statistic, df = assumption_statistic(design.patterns, merged_points(given, 5))
    outcome["proportional odds, test of the assumption: rejects"] = [bool(chi2.sf(statistic, df) < 0.05)]
    return outcome


def main(samples: int = 400, seed: int = 1) -> None:
    """Simulate and write."""
    rows = []
    for effect in (0.0, 0.8):
        rng = np.random.default_rng([seed, round(10 * effect)])
        counted: dict[str, list[bool]] = {}
        for sample in range(samples):
            for name, values in one_sample(rng, effect, sample + 1).items():
                counted.setdefault(name, []).extend(map(bool, values))
        for name, values in counted.items():
            share = float(np.mean(values))
            error = sqrt(share * (1 - share) / samples)
            rows.append((name, effect, samples, len(values), f"{share:.4f}", f"{error:.4f}", seed))
            print(*rows[-1], sep="\t")
    with (Path(__file__).parent / "models-size.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("quantity", "common_effect", "samples", "values", "share", "error", "seed"))
        writer.writerows(rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
