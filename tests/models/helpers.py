"""Reference numbers of models, and small responses for one test."""

import numpy as np
import pandas as pd

import survey
from tests.paths import ROOT

REFERENCE = ROOT / "tests" / "reference"
MODELS = ("independent", "co_development", "licensing", "newco")


def reference(topic):
    """The numbers of a topic by key and statistic."""
    table = pd.read_csv(REFERENCE / "models.csv")
    return table[table["topic"] == topic].pivot(index="key", columns="statistic", values="value")


def made_up():
    """The made-up firms of models-data.csv."""
    frame = pd.read_csv(REFERENCE / "models-data.csv")
    return survey.from_frame(frame, "executive-survey@1.0.0")


def firms(models, **columns):
    """Responses from rows of 0/1 for the four models and further columns."""
    frame = pd.DataFrame(np.asarray(models), columns=[f"expansion_models__{name}" for name in MODELS])
    return survey.from_frame(frame.assign(**columns), "executive-survey@1.0.0")


def random_firms(n, seed=1, *, share=0.4, needs=11):
    """Firms whose models and needs have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    instrument = survey.load_instrument("executive-survey@1.0.0")
    options = [option.id for option in instrument.question("support_needs").options][:needs]
    columns = {f"support_needs__{name}": (rng.random(n) < 0.5).astype(float) for name in options}
    columns["firm_type"] = rng.choice(["biotech", "biopharma", "big_pharma"], n)
    return firms((rng.random((n, 4)) < share).astype(float), **columns)
