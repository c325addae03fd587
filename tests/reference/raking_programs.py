"""Raking and weighted shares by Python packages that do them too: ipfn, weightipy, svy.

Run from this folder: python raking_programs.py   (versions and date: raking.md)
It reads raking-data.csv and writes raking_programs.csv (weights, in multiples of their mean, by school)
and raking_shares.csv (shares of school types by the weights `start`, and p-values of Rao and Scott's F).
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import svy
import weightipy
from ipfn.ipfn import ipfn

TYPES = {"e": 4421 / 6194, "h": 755 / 6194, "m": 1018 / 6194}
WIDE = {"no": 1072 / 6194, "yes": 5122 / 6194}

data = pd.read_csv("raking-data.csv")
data["stype"], data["sch_wide"] = data["stype"].str.lower(), data["sch_wide"].str.lower()
n = len(data)

weights = {}
for name, start in (("ipfn_raked", np.ones(n)), ("ipfn_from_start", data["start"] / data["start"].mean())):
    margins = [pd.Series(TYPES).rename_axis("stype") * n, pd.Series(WIDE).rename_axis("sch_wide") * n]
    table = data[["stype", "sch_wide"]].assign(total=start)
    fitted = ipfn(
        table,
        margins,
        [["stype"], ["sch_wide"]],
        convergence_rate=1e-13,
        rate_tolerance=0,
        max_iteration=1000,
    ).iteration()
    weights[name] = fitted["total"]
percent = {
    name: {code: 100 * share for code, share in shares.items()}
    for name, shares in (("stype", TYPES), ("sch_wide", WIDE))
}
scheme = weightipy.scheme_from_dict(percent)
weights["weightipy_raked"] = weightipy.weight_dataframe(data.copy(), scheme, weight_column="w")["w"]
pd.DataFrame(weights).to_csv("raking_programs.csv", index=False, float_format="%.12g", lineterminator="\n")

rows = []
sample = svy.Sample(pl.from_pandas(data), svy.Design(wgt="start"))
for method in ("logit", "korn-graubard"):
    for one in sample.estimation.prop("stype", ci_method=method).estimates:
        rows.append((method, one.y_level, one.est, one.se, one.lci, one.uci))
tests = {"all": sample.categorical.tabulate("stype", "sch_wide").stats.f.p_value}
for code in TYPES:
    own = data.assign(inside=np.where(data["stype"] == code, "yes", "no"))
    halves = svy.Sample(pl.from_pandas(own), svy.Design(wgt="start"))
    tests[code] = halves.categorical.tabulate("inside", "sch_wide").stats.f.p_value
rows += [("rao_scott_f", code, p, "", "", "") for code, p in tests.items()]
with Path("raking_shares.csv").open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("what", "code", "value", "error", "low", "high"))
    writer.writerows(
        [what, code, *(f"{x:.12g}" if x != "" else "" for x in numbers)] for what, code, *numbers in rows
    )
