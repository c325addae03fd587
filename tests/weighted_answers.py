"""Made-up answers to every kind of question, and weights that go together with them."""

import survey
from tests.paths import EXAMPLES

LIBRARY = EXAMPLES / "weighted.yaml"


def library_frame(size=60, *, seed=20261129, missing=0.06):
    """Answers to `weighted.yaml` as codes, one column of text each; branch and uses go with the rest."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    branch = rng.choice(["centre", "east", "west"], size, p=[0.5, 0.3, 0.2])
    shift = (branch == "east") * 1.0 + (branch == "west") * 0.5
    data = {"branch": branch, "member": rng.choice(["yes", "no"], size, p=[0.6, 0.4])}
    for option, chance in (("books", 0.6), ("study", 0.45), ("events", 0.25)):
        data[f"uses__{option}"] = (rng.random(size) < chance + 0.1 * shift).astype(int)
    for option, chance in (("hours", 0.5), ("cafe", 0.35)):
        data[f"wishes__{option}"] = (rng.random(size) < chance + 0.2 * data["uses__study"]).astype(int)
    for item, middle in (("staff", 3.8), ("rooms", 3.2), ("shelves", 2.9)):
        drawn = np.round(rng.normal(middle + 0.4 * shift, 1.1, size))
        data[f"service__{item}"] = np.clip(drawn, 1, 5).astype(int)
    data["visits"] = rng.poisson(8 + 6 * shift)
    data["distance"] = np.round(rng.lognormal(1 - 0.3 * shift, 0.8, size), 1)
    data["recommend"] = np.clip(np.round(rng.normal(7.5, 2, size) + shift), 0, 10).astype(int)
    orders = [rng.permutation(3)[: rng.integers(1, 3)].tolist() for _ in range(size)]
    for place, option in enumerate(("quiet", "choice", "help")):
        data[f"matters__{option}"] = [order.index(place) + 1 if place in order else None for order in orders]
    stock = rng.integers(0, 11, size) * 10
    data |= {"budget__stock": stock, "budget__people": 100 - stock}
    days = np.datetime64("2021-01-01") + rng.integers(0, 5 * 365, size)
    data["joined"] = days.astype(str)
    data["remark"] = [f"remark {row}" if row % 3 else None for row in range(size)]
    frame = pd.DataFrame({name: pd.Series(list(values), dtype=object) for name, values in data.items()})
    for question in survey.load_instrument(LIBRARY).questions:
        gone = rng.random(size) < missing
        if question.id not in ("branch", "remark"):
            frame.loc[gone, [column for column in question.answer_columns if column in frame]] = None
    frame["weight"] = np.round(np.exp(rng.normal(0, 0.6, size) + 0.4 * shift), 3)
    return frame


def library(size=60, *, weights=True, seed=20261129, missing=0.06):
    """The same as responses, with weights: those of the frame (True), others, or none (False)."""
    frame = library_frame(size, seed=seed, missing=missing)
    responses = survey.from_frame(frame.drop(columns="weight"), survey.load_instrument(LIBRARY))
    if weights is False:
        return responses
    return responses.with_weights(frame["weight"].astype(float) if weights is True else weights, "weight")
