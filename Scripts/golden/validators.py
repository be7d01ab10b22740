"""Golden values of the validators: SKADA's scorers where they compute the same, else NumPy.

Run: python3 Scripts/golden/validators.py   (needs numpy, scipy, scikit-learn, skada)
Writes Tests/MetricsTests/Golden/validators.json.
"""

import datetime
import json
import pathlib
import platform

import numpy as np
import scipy
import scipy.stats
import sklearn
import skada
from skada.metrics import (
    MixValScorer, PredictionEntropyScorer, SoftNeighborhoodDensity,
)

rng = np.random.default_rng(20)
n_source, n_target, width, classes = 40, 50, 3, 3
target = rng.normal(size=(n_target, width))
weights = rng.normal(size=(width, classes))
source = rng.normal(size=(n_source, width)) + 0.5
labels = rng.integers(0, classes, n_source)


def model(features):
    logits = features @ weights
    exps = np.exp(logits - logits.max(1, keepdims=True))
    return exps / exps.sum(1, keepdims=True)


class Fixed:
    """A fitted estimator with fixed answers."""

    classes_ = np.arange(classes)

    def predict_proba(self, X, sample_domain=None, allow_source=True, **_):
        return model(X)

    def predict_log_proba(self, X, sample_domain=None, allow_source=True, **_):
        return np.log(model(X))

    def predict(self, X, sample_domain=None, **_):
        return model(X).argmax(1)

    def fit(self, X, y=None, **_):
        return self

    def score(self, X, y, sample_domain=None, **_):
        return float(np.mean(self.predict(X) == y))


X = np.vstack([source, target])
y = np.concatenate([labels, np.full(n_target, -1)])
domain = np.concatenate([np.ones(n_source), -2 * np.ones(n_target)]).astype(int)
estimator = Fixed()
answers, source_answers = model(target), model(source)

ratio = rng.gamma(2.0, 0.5, n_source)
loss = -np.log(source_answers[np.arange(n_source), labels])
# DEV with given weights: (1) and (2) of the paper, the formula of SKADA's DeepEmbeddedValidation.
weighted = ratio * loss
eta = -np.cov(np.stack([weighted, ratio]))[0, 1] / np.var(ratio, ddof=1)
dev = -(weighted.mean() + eta * ratio.mean() - eta)


def mixval(partners):
    mixed = 0.55 * target + 0.45 * target[partners]
    own, found = answers.argmax(1), model(mixed).argmax(1)
    same = own == own[partners]
    return float(np.mean([np.mean(found[same] == own[same]), np.mean(found[~same] == own[~same])]))


class FixedOrder(np.random.RandomState):
    def permutation(self, n):
        return partners


partners = rng.permutation(n_target)
skada_mixval = MixValScorer(random_state=FixedOrder(0))._score(
    None, estimator, X, y, sample_domain=domain)
assert abs(skada_mixval - mixval(partners)) < 1e-12

gap = np.cov(source_answers.T) - np.cov(answers.T)


def kernel(a, b):
    return np.exp(-((a[:, None] - b[None]) ** 2).sum(-1))


def within(a):
    k = kernel(a, a)
    return (k.sum() - len(a)) / (len(a) * (len(a) - 1))


mmd = within(source_answers) + within(answers) - 2 * kernel(source_answers, answers).mean()
mean = answers.mean(0)
scores = {
    "source-accuracy": float(np.mean(source_answers.argmax(1) == labels)),
    "iwv": float(np.average(source_answers.argmax(1) == labels, weights=ratio)),
    "dev": float(dev),
    # SKADA divides by samples and classes alike.
    "entropy": classes * float(
        PredictionEntropyScorer()._score(None, estimator, X, y, sample_domain=domain)),
    "diversity": float(-(mean * np.log(mean)).sum()),
    "infomax": float((answers * np.log(answers)).sum(1).mean() - (mean * np.log(mean)).sum()),
    "snd": float(SoftNeighborhoodDensity()._score(None, estimator, X, y, sample_domain=domain)),
    "bnm": float(np.linalg.norm(answers, "nuc") / n_target),
    "mmd": float(-mmd),
    "coral-distance": float(-(gap ** 2).sum() / (4 * classes ** 2)),
}
left = rng.integers(0, 6, 30).astype(float)
right = left + rng.integers(0, 6, 30)
out = {
    "provenance": {
        "script": "Scripts/golden/validators.py", "date": datetime.date.today().isoformat(),
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__, "skada": skada.__version__,
    },
    "source": source.tolist(), "labels": labels.tolist(), "target": target.tolist(),
    "weights": weights.tolist(), "ratio": ratio.tolist(), "scores": scores,
    "spearman": {
        "left": left.tolist(), "right": right.tolist(),
        "value": float(scipy.stats.spearmanr(left, right).statistic),
    },
}
path = pathlib.Path(__file__).parents[2] / "Tests/MetricsTests/Golden/validators.json"
path.write_text(json.dumps(out, indent=1) + "\n")
print(scores)
