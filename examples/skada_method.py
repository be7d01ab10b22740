"""A method of SKADA for `bench compare --method-command 'python3 examples/skada_method.py'`.

Maps the source onto the target and classifies there. Parameters: `method`: coral (default), ot or
sinkhorn; `reg`: the ridge of CORAL or the entropy of Sinkhorn.
"""

import json
import sys
from pathlib import Path

import numpy as np
from skada import CORALAdapter, OTMappingAdapter, EntropicOTMappingAdapter, make_da_pipeline
from sklearn.linear_model import LogisticRegression

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
parameters = task["parameters"]
source, target, test = (np.load(folder / f"{name}.npz") for name in ("source", "target", "test"))

adapter = {
    "coral": lambda: CORALAdapter(reg=parameters.get("reg", "auto")),
    "ot": lambda: OTMappingAdapter(),
    "sinkhorn": lambda: EntropicOTMappingAdapter(reg_e=parameters.get("reg", 1.0)),
}[parameters.get("method", "coral")]()
model = make_da_pipeline(adapter, LogisticRegression(max_iter=1000, random_state=task["seed"]))

# SKADA marks target samples by a negative domain; their labels are masked, for none are known.
features = np.concatenate([source["features"], target["features"]])
labels = np.concatenate([source["labels"], np.full(len(target["features"]), -1)])
sample_domain = np.concatenate(
    [np.full(len(source["features"]), 1), np.full(len(target["features"]), -2)])
model.fit(features, labels, sample_domain=sample_domain)

predicted = model.predict(test["features"], sample_domain=np.full(task["test_count"], -2))
np.save(folder / "predictions.npy", predicted.astype(np.int64))
