"""Golden values of the methods, from SKADA, POT, scikit-learn and plain NumPy.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn POT skada
    venv/bin/python Scripts/golden/methods.py

Writes Tests/MethodsTests/Golden/methods.json. What a library has is taken from it; the rest is
written out here with full matrices and another solver than in the sources.
"""

import datetime
import json
import pathlib
import platform

import numpy as np
import ot
import scipy
import scipy.linalg
import scipy.optimize
import skada
import sklearn
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid

from skada._mapping import CORALAdapter
from skada._reweight import NearestNeighborReweightAdapter
from skada._subspace import SubspaceAlignmentAdapter

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANDOM = np.random.default_rng(20130)


def draw(n, d, classes, shift):
    labels = np.arange(n) % classes
    mixing = RANDOM.normal(size=(d, d)) * 0.3 + np.eye(d)
    means = RANDOM.normal(size=(classes, d)) * 1.5
    return means[labels] + RANDOM.normal(size=(n, d)) @ mixing + shift, labels


def matrix(values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return {"rows": values.shape[0], "columns": values.shape[1], "elements": values.ravel().tolist()}


def pooled(source, target):
    features = np.vstack([source, target])
    domains = np.r_[np.ones(len(source)), -2 * np.ones(len(target))].astype(int)
    return features, domains


def coral(source, target):
    features, domains = pooled(source, target)
    adapter = CORALAdapter(reg=None)
    adapted = adapter.fit_transform(features, sample_domain=domains)
    return {
        # SKADA's covariances divide by n and its means are removed.
        "skada": matrix(adapted[domains > 0]),
        "ridge": matrix(recoloured(source, target, 1.0)),
    }


def recoloured(source, target, ridge):
    eye = np.eye(source.shape[1])
    whiten = np.linalg.inv(scipy.linalg.sqrtm(np.cov(source.T) + ridge * eye))
    colour = scipy.linalg.sqrtm(np.cov(target.T) + ridge * eye)
    return np.real((source - source.mean(0)) @ whiten @ colour + target.mean(0))


def subspace_alignment(source, target, k):
    features, domains = pooled(source, target)
    adapted = SubspaceAlignmentAdapter(n_components=k).fit_transform(
        features, sample_domain=domains
    )
    return {
        "components": k,
        "source": matrix(adapted[domains > 0]),
        "target": matrix(adapted[domains < 0]),
    }


def nn_weights(source, target):
    """By SKADA's inner function.

    Its `compute_weights` (0.6.0) picks the target by `X[~source_idx]` with whole numbers instead
    of truth values, which takes as many rows from the end as there are source samples: with more
    source than target samples some of the source are counted as target.
    """
    found = {}
    for smoothing in (False, True):
        adapter = NearestNeighborReweightAdapter(laplace_smoothing=smoothing)
        weights = adapter._get_weights(source, target)
        found["smoothed" if smoothing else "plain"] = weights.astype(int).tolist()
    return found


def sinkhorn(source, target):
    cost = ot.dist(source, target, metric="sqeuclidean")
    a, b = np.full(len(source), 1 / len(source)), np.full(len(target), 1 / len(target))
    epsilon = 0.1 * np.median(cost)
    plan = ot.sinkhorn(
        a, b, cost, epsilon, method="sinkhorn_log", stopThr=1e-15, numItermax=100000
    )
    return {"epsilon": epsilon, "plan": matrix(plan), "moved": matrix(len(source) * plan @ target)}


def components(features, differences, regularization, k):
    """The k leading unit solutions of (FᵀHF) a = ρ (FᵀMF + λI) a, with every matrix in full."""
    n = len(features)
    centring = np.eye(n) - np.ones((n, n)) / n
    discrepancy = sum(np.outer(e, e) for e in differences)
    discrepancy /= np.linalg.norm(discrepancy)
    left = features.T @ centring @ features
    right = features.T @ discrepancy @ features + regularization * np.eye(features.shape[1])
    _, vectors = scipy.linalg.eigh((left + left.T) / 2, (right + right.T) / 2)
    vectors = vectors[:, ::-1][:, :k]
    return vectors / np.linalg.norm(vectors, axis=0)


def discrepancy_forms(features, form):
    if form == "primal":
        return features
    if form == "kernel":
        return features @ features.T
    squares = ((features[:, None] - features[None]) ** 2).sum(-1)
    median = np.median(squares[np.triu_indices(len(features), 1)])
    return np.exp(-squares / median)


def tca(source, target, form, regularization, k):
    features = discrepancy_forms(np.vstack([source, target]), form)
    e = np.r_[np.full(len(source), 1 / len(source)), np.full(len(target), -1 / len(target))]
    return {
        "form": form,
        "regularization": regularization,
        "components": k,
        "embedding": matrix(features @ components(features, [e], regularization, k)),
    }


def jda(source, labels, target, form, regularization, k, rounds):
    samples = np.vstack([source, target])
    samples /= np.linalg.norm(samples, axis=1, keepdims=True)
    features = discrepancy_forms(samples, form)
    ns, nt, classes = len(source), len(target), labels.max() + 1
    guesses = None
    for _ in range(rounds):
        e = np.r_[np.full(ns, 1 / ns), np.full(nt, -1 / nt)]
        differences = [np.sqrt(classes) * e]
        if guesses is not None:
            for label in range(classes):
                e = np.zeros(ns + nt)
                e[:ns][labels == label] = 1 / (labels == label).sum()
                if (guesses == label).any():
                    e[ns:][guesses == label] = -1 / (guesses == label).sum()
                differences.append(e)
        embedding = features @ components(features, differences, regularization, k)
        embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
        distances = ((embedding[ns:, None] - embedding[None, :ns]) ** 2).sum(-1)
        guesses = labels[distances.argmin(1)]
    return {
        "form": form,
        "regularization": regularization,
        "components": k,
        "rounds": rounds,
        "labels": guesses.tolist(),
    }


def softmax(scores):
    scores = scores - scores.max(1, keepdims=True)
    return np.exp(scores) / np.exp(scores).sum(1, keepdims=True)


def mean_probabilities(features, labels, queries):
    model = NearestCentroid().fit(features, labels)
    squares = ((queries[:, None] - model.centroids_[None]) ** 2).sum(-1)
    return softmax(-squares)


def feature_augmentation(source, labels, shots, shot_labels, target):
    def augment(features, is_source):
        zeros = np.zeros_like(features)
        return np.hstack([features, features, zeros] if is_source else [features, zeros, features])

    features = np.vstack([augment(source, True), augment(shots, False)])
    both = np.r_[labels, shot_labels]
    queries = augment(target, False)
    model = LogisticRegression(C=1, tol=1e-12, max_iter=100000).fit(features, both)
    return {
        "logistic": matrix(model.predict_proba(queries)),
        "nearestMean": matrix(mean_probabilities(features, both, queries)),
    }


def biased_logistic(source, labels, shots, shot_labels, target, strength):
    classes = labels.max() + 1
    model = LogisticRegression(C=1, tol=1e-12, max_iter=100000).fit(source, labels)
    prior = np.c_[model.coef_, model.intercept_]
    inputs = np.c_[shots, np.ones(len(shots))]
    truth = np.eye(classes)[shot_labels]

    def objective(flat):
        weights = flat.reshape(prior.shape)
        scores = inputs @ weights.T
        loss = scipy.special.logsumexp(scores, axis=1).sum() - (scores * truth).sum()
        pull = weights - prior
        gradient = (softmax(scores) - truth).T @ inputs + strength * pull
        return loss + strength / 2 * (pull**2).sum(), gradient.ravel()

    solution = scipy.optimize.minimize(
        objective, prior.ravel(), jac=True, method="BFGS", options={"gtol": 1e-11, "maxiter": 10000}
    )
    weights = solution.x.reshape(prior.shape)
    queries = np.c_[target, np.ones(len(target))]
    return {"strength": strength, "probabilities": matrix(softmax(queries @ weights.T))}


def simpleshot(source, shots, shot_labels, target):
    def treat(features, centre, scale):
        features = features - centre
        return features / np.linalg.norm(features, axis=1, keepdims=True) if scale else features

    found = {}
    for name, centre, scale in [
        ("none", 0, False),
        ("length", 0, True),
        ("centred-length", source.mean(0), True),
    ]:
        found[name] = matrix(
            mean_probabilities(
                treat(shots, centre, scale), shot_labels, treat(target, centre, scale)
            )
        )
    return found


def lloyd(features, start, pull):
    centroids = start.copy()
    for _ in range(1000):
        nearest = ((features[:, None] - centroids[None]) ** 2).sum(-1).argmin(1)
        moved = np.array(
            [
                (features[nearest == k].sum(0) + pull * start[k]) / ((nearest == k).sum() + pull)
                for k in range(len(start))
            ]
        )
        if np.allclose(moved, centroids, rtol=0, atol=1e-14):
            break
        centroids = moved
    return centroids


def fuzzy(features, start, fuzzifier, strength, anchors):
    centroids = start.copy()
    for _ in range(100000):
        squares = ((features[:, None] - centroids[None]) ** 2).sum(-1)
        squares = squares + strength * ((features[:, None] - anchors[None]) ** 2).sum(-1)
        ratios = (squares[:, :, None] / squares[:, None, :]) ** (1 / (fuzzifier - 1))
        weights = (1 / ratios.sum(2)) ** fuzzifier
        moved = (weights.T @ features) / weights.sum(0)[:, None]
        shift = np.linalg.norm(moved - centroids)
        centroids = moved
        if shift < 1e-14:
            break
    return centroids


def clustering(source, target):
    start = source[:3]
    model = KMeans(n_clusters=3, init=start, n_init=1, algorithm="lloyd", tol=0).fit(target)
    return {
        "start": matrix(start),
        "kMeans": matrix(model.cluster_centers_),
        "pulled": [
            {"pull": pull, "centroids": matrix(lloyd(target, start, pull))}
            for pull in (0.0, 2.5, 40.0)
        ],
        "fuzzy": [
            {
                "fuzzifier": m,
                "strength": strength,
                "centroids": matrix(fuzzy(target, start, m, strength, start)),
            }
            for m, strength in [(2.0, 0.0), (1.5, 0.0), (2.0, 0.5), (1.3, 3.0)]
        ],
    }


def main():
    source, labels = draw(60, 5, 3, 0)
    target, _ = draw(50, 5, 3, 0.7)
    shots, shot_labels = draw(9, 5, 3, 0.7)
    wide_source, wide_labels = draw(12, 30, 2, 0)
    wide_target, _ = draw(10, 30, 2, 0.4)
    golden = {
        "provenance": {
            "script": "Scripts/golden/methods.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "POT": ot.__version__,
            "skada": skada.__version__,
        },
        "source": matrix(source),
        "labels": labels.tolist(),
        "target": matrix(target),
        "shots": matrix(shots),
        "shotLabels": shot_labels.tolist(),
        "wideSource": matrix(wide_source),
        "wideLabels": wide_labels.tolist(),
        "wideTarget": matrix(wide_target),
        "coral": coral(source, target),
        "wideCoral": matrix(recoloured(wide_source, wide_target, 1.0)),
        "subspaceAlignment": subspace_alignment(source, target, 3),
        "nnWeights": nn_weights(source, target),
        "sinkhorn": sinkhorn(source, target),
        "tca": [
            tca(source, target, form, regularization, 3)
            for form, regularization in [("kernel", 1.0), ("primal", 0.1), ("rbf-kernel", 0.5)]
        ],
        "wideTca": [
            tca(wide_source, wide_target, form, regularization, 4)
            for form, regularization in [("kernel", 1.0), ("primal", 0.1), ("rbf-kernel", 0.5)]
        ],
        "jda": [
            jda(source, labels, target, form, regularization, 3, 5)
            for form, regularization in [("kernel", 1.0), ("primal", 0.1), ("rbf-kernel", 0.5)]
        ],
        "wideJda": [
            jda(wide_source, wide_labels, wide_target, form, regularization, 4, 5)
            for form, regularization in [("kernel", 1.0), ("primal", 0.1), ("rbf-kernel", 0.5)]
        ],
        "featureAugmentation": feature_augmentation(source, labels, shots, shot_labels, target),
        "biasedLogistic": [
            biased_logistic(source, labels, shots, shot_labels, target, strength)
            for strength in (0.1, 1.0, 10.0)
        ],
        "simpleShot": simpleshot(source, shots, shot_labels, target),
        "clustering": clustering(source, target),
    }
    path = ROOT / "Tests/MethodsTests/Golden/methods.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
