"""Size of the tests and coverage of the intervals of models of needs, where nothing (or one thing) is true.

Run: python benchmarks/models.py [samples] [seed]. Writes benchmarks/models-size.csv: one row per quantity.
"""

import csv
import sys
from datetime import date
from importlib.metadata import version
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2

import survey
from survey.counts.row_counts import RowCounts
from survey.models.design import design_of
from survey.models.firth import fit_firth
from survey.models.need_permutations import permutation, wild_bootstrap
from survey.models.proportional_odds import assumption_statistic, fit_quickly, merged_points
from survey.models.stacked_needs import Stacked, fit_gee

INSTRUMENT = survey.load_instrument("executive-survey@1.0.0")
NEEDS = [option.id for option in INSTRUMENT.question("support_needs").options]
MODELS = ("independent", "co_development", "licensing", "newco")
SHARES = np.array([42, 29, 90, 41]) / 137
FIRMS = 137
DRAWS = 199
Z = 1.959964
EFFECTS = (0.0, 0.8)  # of licensing on every need, in log odds
NOTHING = [0, 1, 3]  # models that add nothing


# Two firms that fill every option: of them the designs alone are taken, which samples share.
PAIR = {f"expansion_models__{name}": [1.0, 0.0] for name in MODELS} | {"firm_type": ["biotech", "biopharma"]}
PAIR |= {f"support_needs__{name}": [1.0, 0.0] for name in NEEDS}
COUNTS = RowCounts(survey.from_frame(pd.DataFrame(PAIR), INSTRUMENT))
PLAIN, HELD = (
    design_of(COUNTS, INSTRUMENT.question("support_needs"), None, adjust) for adjust in ((), ("firm_type",))
)


def firms(rng: np.random.Generator, effect: float, lean: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Firms whose models add the same to every need, and whose needs hang together by `lean`.

    Their models, two indicators of their type, and their needs: 1.0 or 0.0.
    """
    kinds = rng.integers(0, 3, FIRMS)
    models = rng.random((FIRMS, 4)) < np.clip(SHARES + 0.15 * (kinds == 2)[:, None], 0, 1)
    levels = np.linspace(-1.2, 1.2, 11)
    logits = (
        levels + effect * models[:, [2]] + lean * rng.normal(size=(FIRMS, 1)) + 0.4 * (kinds == 1)[:, None]
    )
    needs = rng.random((FIRMS, 11)) < 1 / (1 + np.exp(-logits))
    types = kinds[:, None] == np.array([1, 2])
    return models.astype(float), types.astype(float), needs.astype(float)


def needs_sample(effect: float, rng: np.random.Generator, seed: int) -> dict[str, list[bool]]:
    """What the tests of all needs at once reject in a sample."""
    models, types, needs = firms(rng, effect, 1.0)
    known = np.ones(needs.shape, bool)
    outcome: dict[str, list[bool]] = {}
    for design, judge in ((PLAIN, permutation), (HELD, wild_bootstrap)):
        terms = models if design is PLAIN else np.hstack([models, types])
        stacked = Stacked(design, terms, needs, known, list(range(terms.shape[1])), {}, None, [], FIRMS)
        outcome[f"by_need, {judge.__name__}: rejects"] = [judge(stacked, DRAWS, seed) <= 0.05]
    fit = fit_gee(models, needs, known)
    if fit is not None:
        outcome["all_needs, term: rejects"] = [abs(fit[0][at] / fit[1][at]) > Z for at in NOTHING]
    return outcome


def option_sample(effect: float, rng: np.random.Generator, seed: int) -> dict[str, list[bool]]:
    """What the models of three needs reject or cover in a sample."""
    models, _, needs = firms(rng, effect, 1.0)
    patterns, of_rows = np.unique(models, axis=0, return_inverse=True)
    outcome: dict[str, list[bool]] = {
        "model_needs, Firth p: rejects": [],
        "model_needs, profile limits: cover": [],
    }
    for place in (0, 5, 10):
        yes, no = (
            np.bincount(of_rows.reshape(-1), answers, len(patterns))
            for answers in (needs[:, place], 1 - needs[:, place])
        )
        own = fit_firth(patterns, yes, no, confidence=0.95)
        inside = (own.low[NOTHING] <= 0) & (own.high[NOTHING] >= 0)
        outcome.setdefault("model_needs, Firth p: rejects", []).extend(own.p_values[NOTHING] < 0.05)
        outcome.setdefault("model_needs, profile limits: cover", []).extend(inside)
    return outcome


def rating_sample(effect: float, rng: np.random.Generator, seed: int) -> dict[str, list[bool]]:
    """What the model of a rating rejects in a sample."""
    models = rng.random((FIRMS, 4)) < SHARES
    patterns, of_rows = np.unique(models.astype(float), axis=0, return_inverse=True)
    cuts = np.array([-2.0, -1.0, 0.3, 1.5])
    latent = effect * models[:, 2] + rng.logistic(size=FIRMS)
    given = np.zeros((len(patterns), len(cuts) + 1), int)
    np.add.at(given, (of_rows.reshape(-1), np.searchsorted(cuts, latent)), 1)
    rated = fit_quickly(patterns, given)
    z = rated.coefficients / np.sqrt(np.diag(rated.covariance)[:4])
    statistic, df = assumption_statistic(patterns, merged_points(given, 5))
    return {
        "model_needs, proportional odds p: rejects": [abs(z[at]) > Z for at in NOTHING],
        "proportional odds, test of the assumption: rejects": [bool(chi2.sf(statistic, df) < 0.05)],
    }


def main(samples: int = 1000, seed: int = 1) -> None:
    """Simulate; every 50 samples what there is so far is written."""
    counted: dict[tuple[str, float], list[list[bool]]] = {}
    for part, draw in enumerate((needs_sample, rating_sample, option_sample)):
        for sample in range(1, samples + 1):
            for effect in EFFECTS:
                rng = np.random.default_rng([seed, part, round(10 * effect), sample])
                for name, values in draw(effect, rng, sample).items():
                    counted.setdefault((name, effect), []).append([bool(value) for value in values])
            if sample % 50 == 0 or sample == samples:
                write(counted, seed)


def write(counted: dict[tuple[str, float], list[list[bool]]], seed: int) -> None:
    """Write a row per quantity; the error of a share knows that values of a sample hang together."""
    versions = {name: version(name) for name in ("numpy", "scipy", "statsmodels", "firthmodels")}
    with (Path(__file__).parent / "models-size.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        head = ("quantity", "common_effect", "samples", "values", "share", "error", "seed", "date")
        writer.writerow((*head, *versions))
        for (name, effect), outcomes in counted.items():
            shares = [np.mean(values) for values in outcomes]
            error = np.std(shares, ddof=1) / sqrt(len(shares)) if len(shares) > 1 else float("nan")
            row = (
                name,
                effect,
                len(shares),
                sum(map(len, outcomes)),
                f"{np.mean(shares):.4f}",
                f"{error:.4f}",
            )
            writer.writerow((*row, seed, date.today().isoformat(), *versions.values()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
