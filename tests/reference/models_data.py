"""Draw models-data.csv once: made-up firms whose models, types and needs hang together, with gaps.

Run from this folder: python models_data.py. NumPy's generator with seed 23; see models.md.
"""

import numpy as np
import pandas as pd

MODELS = ("independent", "co_development", "licensing", "newco")
NEEDS = (
    *("regulatory_consultancy", "strategy_transaction_advisory", "contract_legal_diligence", "cro_matching"),
    *("cmo_cdmo_matching", "market_access_pricing", "ip_diligence_patents", "recruitment_training"),
    *("supply_chain_compliance", "virtual_data_room", "financing_capital"),
)
CHALLENGES = ("geopolitics", "regulatory_barriers", "ip_protection")


def main() -> None:
    """Write the data."""
    rng = np.random.default_rng(23)
    n = 137
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    lean = rng.normal(0, 1, n)
    share = np.array([[0.2, 0.2, 0.7, 0.4], [0.3, 0.25, 0.65, 0.25], [0.6, 0.2, 0.55, 0.2]])
    models = (rng.random((n, 4)) < share[kind]).astype(float)
    effects = rng.normal(0, 0.7, (11, 4))
    logits = rng.normal(0, 0.8, 11) + models @ effects.T + 0.6 * lean[:, None] - 0.4 * (kind == 2)[:, None]
    needs = (rng.random((n, 11)) < 1 / (1 + np.exp(-logits))).astype(float)
    needs[models[:, 3] == 1, 9] = 1.0  # every NewCo needs a data room: separated
    rated = np.column_stack(
        [
            np.digitize(models @ rng.normal(0, 0.8, 4) + rng.logistic(0, 1, n), cuts) + 1.0
            for cuts in ((-2, -1, 0.3, 1.5), (-3, -1.5, -0.5, 0.5), (-1, 0, 0.7, 2.2))
        ]
    )
    for table, holes in ((needs, 12), (rated, 6), (models, 0)):
        for _ in range(holes):
            table[rng.integers(n), rng.integers(table.shape[1])] = np.nan
    models[rng.choice(n, 4, replace=False)] = np.nan
    frame = pd.DataFrame({"firm_type": np.array(["biotech", "biopharma", "big_pharma"])[kind]})
    frame[[f"expansion_models__{name}" for name in MODELS]] = models
    frame[[f"support_needs__{name}" for name in NEEDS]] = needs
    frame[[f"challenges__{name}" for name in CHALLENGES]] = rated
    frame.to_csv("models-data.csv", index=False, float_format="%.0f", lineterminator="\n")


if __name__ == "__main__":
    main()
