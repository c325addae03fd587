"""How often column against column rejects when nothing differs: both variances, and the larger one.

Run: python benchmarks/column_test_size.py. 20,000 samples per design, level 5 %, seed 1.
"""

import numpy as np

DESIGNS = ((42, 90, 30), (29, 41, 5), (10, 12, 4), (6, 8, 3), (8, 60, 6), (42, 90, 42))
DRAWS, CRITICAL = 20_000, 1.959964


def rejections(base: int, other_base: int, overlap: int, share: float) -> dict[str, float]:
    """Give the share of samples in which |z| is above the critical value, by form of the variance."""
    random = np.random.default_rng(1)
    size = base + other_base - overlap
    one, other = np.arange(size) < base, np.arange(size) >= size - other_base
    yes = (random.random((DRAWS, size)) < share).astype(float)
    weights = one / base - other / other_base
    pooled = (yes[:, one].sum(1) + yes[:, other].sum(1)) / (base + other_base)
    plain = pooled * (1 - pooled) * (weights**2).sum()
    own = (yes - pooled[:, None]) ** 2 @ weights**2
    found = {}
    for name, variance in (("plain", plain), ("own", own), ("larger", np.maximum(plain, own))):
        z = np.abs(yes @ weights) / np.sqrt(np.where(variance > 1e-12, variance, np.inf))
        found[name] = float((z > CRITICAL).mean())
    return found


if __name__ == "__main__":
    for design in DESIGNS:
        for share in (0.1, 0.5):
            print(
                *design, share, {name: round(value, 4) for name, value in rejections(*design, share).items()}
            )
