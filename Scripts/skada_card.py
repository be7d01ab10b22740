"""The benchmark's own draws of SKADA-Bench's simulated shifts as a data set with a card.

    python -m venv venv
    venv/bin/pip install skada
    venv/bin/python Scripts/skada_card.py FOLDER

Writes FOLDER/skada-draws.md and its files, for `bench --card FOLDER/skada-draws.md --data FOLDER`.
"""

import hashlib
import pathlib
import sys

from skada.datasets import make_shifted_datasets

# Our name, SKADA's, samples in hundredths of an eighth, noise.
SHIFTS = [
    ("covariate", "covariate_shift", 1, 0.6), ("target", "target_shift", 1, 0.8),
    ("concept", "conditional_shift", 1, 0.8), ("subspace", "subspace", 3, 0.4),
]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    files, domains = [], []
    for name, shift, size, noise in SHIFTS:
        for draw in range(5):
            X, y, sample_domain = make_shifted_datasets(
                n_samples_source=100 * size, n_samples_target=100 * size, shift=shift,
                noise=noise, label="binary", center_cov_shift=(-0.4, 3), random_state=draw)
            for side, members in (("source", sample_domain >= 0), ("target", sample_domain < 0)):
                domain = f"{name}-{draw}-{side}"
                rows = "".join(
                    f"{float(a)!r},{float(b)!r},{int(label)}\n"
                    for (a, b), label in zip(X[members], y[members]))
                text = ("x,y,label\n" + rows).encode()
                (folder / f"{domain}.csv").write_bytes(text)
                digest = hashlib.sha256(text).hexdigest()
                files.append(
                    f"  - {{path: {domain}.csv, bytes: {len(text)}, sha256: {digest}}}\n")
                domains.append(f"  {domain}: {{file: {domain}.csv}}\n")
    (folder / "skada-draws.md").write_text(
        "---\ntitle: SKADA-Bench's draws\nlicence: BSD 3-Clause\n"
        "citation: Y. Lalou et al. SKADA-Bench. 2024.\n"
        "origin: https://github.com/scikit-adaptation/skada\n"
        "access: Scripts/skada_card.py draws them.\nfiles:\n" + "".join(files)
        + "classes: [0, 1]\nread:\n  format: csv\n  labels: label\ndomains:\n" + "".join(domains)
        + "pairs: none\n---\n\n# SKADA-Bench's draws\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
