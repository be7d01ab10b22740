"""Moments by class of SKADA's simulated shifts, to hold PlanarShifts to.

Run: python3 Scripts/golden/planar_shifts.py   (needs numpy, skada)
Writes Tests/DomainsTests/Fixtures/planar-shifts.json.
"""

import datetime
import json
import pathlib

import numpy as np
import skada
from skada.datasets import make_shifted_datasets

KINDS = {
    "covariate": ("covariate_shift", 0.6, 2500),
    "target": ("target_shift", 0.8, 2500),
    "concept": ("conditional_shift", 0.8, 2500),
    "subspace": ("subspace", 0.4, 7500),
}
parts = []
for kind, (shift, noise, scale) in KINDS.items():
    # 100 candidates a point are drawn for covariate shift: keep the memory small.
    X, y, domain = make_shifted_datasets(
        n_samples_source=scale, n_samples_target=scale, shift=shift, noise=noise, label="binary",
        center_cov_shift=(-0.4, 3), random_state=0, return_X_y=True)
    for name, rows in (("source", domain > 0), ("target", domain < 0)):
        for label in (0, 1):
            own = X[rows][y[rows] == label]
            parts.append({
                "kind": kind, "domain": name, "label": label,
                "share": float(np.mean(y[rows] == label)), "mean": own.mean(0).tolist(),
                "covariance": np.cov(own.T).tolist(),
            })
out = {
    "provenance": {
        "script": "Scripts/golden/planar_shifts.py", "date": datetime.date.today().isoformat(),
        "numpy": np.__version__, "skada": skada.__version__,
    },
    "parts": parts,
}
path = pathlib.Path(__file__).parents[2] / "Tests/DomainsTests/Fixtures/planar-shifts.json"
path.write_text(json.dumps(out, indent=1) + "\n")
