"""A method in Python for `bench compare --method-command 'python3 examples/sklearn_method.py'`.

Fits a classifier of scikit-learn to the source, optionally after aligning the source's first two
moments with the target's, column by column. Parameters: `align` (false), `C` (1).
"""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
parameters = task["parameters"]
source, target, test = (np.load(folder / f"{name}.npz") for name in ("source", "target", "test"))

features, labels = source["features"], source["labels"]
if parameters.get("align", False):
    spread = target["features"].std(axis=0) / np.maximum(features.std(axis=0), 1e-12)
    features = (features - features.mean(axis=0)) * spread + target["features"].mean(axis=0)

strength = parameters.get("C", 1.0)
model = LogisticRegression(C=strength, tol=1e-10, max_iter=10_000, random_state=task["seed"])
model.fit(features, labels)

# A class that the source lacks has probability 0.
probabilities = np.zeros((task["test_count"], task["class_count"]))
probabilities[:, model.classes_] = model.predict_proba(test["features"])
np.save(folder / "predictions.npy", probabilities)
