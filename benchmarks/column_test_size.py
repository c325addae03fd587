"""How often column against column rejects when nothing differs, by form of the variance.

Run: python benchmarks/column_test_size.py. 20,000 samples per design, level 5 %, seed 1.

`homogeneous`: p(1 - p)(1/n1 + 1/n2 - 2 n12/(n1 n2)). `own`: each respondent's own contribution around the
common share. `larger`: the larger of the two, which is used. `robust`: each respondent's own contribution
around the share of the own group, which the audit used beside `homogeneous` until November 2026.
`covariance`: the larger of both variances without overlap, less the covariance around the own shares.
"""

import numpy as np

DESIGNS = (
    (42, 90, 30),
    (29, 41, 5),
    (10, 12, 4),
    (6, 8, 3),
    (8, 60, 6),
    (8, 60, 8),
    (5, 60, 0),
    (42, 90, 42),
)
DRAWS, CRITICAL = 20_000, 1.959964


def rejections(base: int, other_base: int, overlap: int, share: float) -> dict[str, float]:
    """Give the share of samples in which |z| is above the critical value, by form of the variance."""
    random = np.random.default_rng(1)
    size = base + other_base - overlap
    one, other = np.arange(size) < base, np.arange(size) >= size - other_base
    yes = (random.random((DRAWS, size)) < share).astype(float)
    weights = one / base - other / other_base
    shares = yes[:, one].mean(1)[:, None], yes[:, other].mean(1)[:, None]
    pooled = (yes[:, one].sum(1) + yes[:, other].sum(1))[:, None] / (base + other_base)
    homogeneous = (pooled * (1 - pooled))[:, 0] * (weights**2).sum()
    own = (yes - pooled) ** 2 @ weights**2
    parts = one / base * (yes - shares[0]), other / other_base * (yes - shares[1])
    robust = ((parts[0] - parts[1]) ** 2).sum(1)
    shared = (parts[0] * parts[1]).sum(1)
    apart = np.maximum(
        (pooled * (1 - pooled))[:, 0] * (1 / base + 1 / other_base),
        (parts[0] ** 2).sum(1) + (parts[1] ** 2).sum(1),
    )
    rejected = {}
    forms = {"homogeneous": homogeneous, "own": own, "larger": np.maximum(homogeneous, own)}
    for name, variance in {**forms, "robust": robust, "covariance": apart - 2 * shared}.items():
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.abs(yes @ weights) / np.sqrt(np.maximum(variance, 0.0))
        rejected[name] = float((np.nan_to_num(z, nan=0.0, posinf=np.inf) > CRITICAL).mean())
    return rejected


if __name__ == "__main__":
    for design in DESIGNS:
        for share in (0.1, 0.5):
            print(*design, share, {name: round(one, 3) for name, one in rejections(*design, share).items()})
