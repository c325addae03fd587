"""Agreement in three other programs, from agreement-data.csv; writes agreement_programs.csv beside itself.

Run in an environment of its own (irrCAC asks for an older scipy than the package):
    pip install irrCAC==0.4.4 krippendorff==0.9.0 scikit-learn==1.9.1 setuptools
    python tests/reference/agreement_programs.py
"""

import csv
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score

HERE = Path(__file__).parent
CODERS = ["ann", "bo", "chi"]


def rows_of(topic, data):
    """Alpha, AC1 and agreement of all coders, kappa of every two and their mean."""
    ratings = CAC(data[CODERS])
    gwet = ratings.gwet()["est"]
    yield topic, "alpha irrCAC", ratings.krippendorff()["est"]["coefficient_value"]
    yield topic, "ac1", gwet["coefficient_value"]
    yield topic, "agreement", gwet["pa"]
    values = data[CODERS].to_numpy(float).T
    yield topic, "alpha", krippendorff.alpha(reliability_data=values, level_of_measurement="nominal")
    kappas = []
    for one, other in combinations(CODERS, 2):
        both = data[[one, other]].dropna().astype(int)
        kappas.append(cohen_kappa_score(both[one], both[other]))
        yield topic, f"kappa {one} {other}", kappas[-1]
    yield topic, "kappa mean", float(np.mean(kappas))


data = pd.read_csv(HERE / "agreement-data.csv", na_values="NA")
lines = [*rows_of("all", data), *(row for code, part in data.groupby("code") for row in rows_of(code, part))]
with (HERE / "agreement_programs.csv").open("w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["code", "statistic", "value"])
    writer.writerows((topic, name, repr(float(value))) for topic, name, value in lines)
