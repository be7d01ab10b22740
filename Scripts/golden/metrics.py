"""Golden values of the metrics, from scikit-learn, fairlearn and SciPy.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn fairlearn
    venv/bin/python Scripts/golden/metrics.py

Writes Tests/MetricsTests/Golden/metrics.json. A sample of weight 0 isn't there, so such rows are
dropped before a library sees them; where a library takes no weights, rows are repeated.
Where no library has the measure, it is computed here by another formula than in the sources.
"""

import datetime
import json
import pathlib
import platform
import warnings

import fairlearn
import numpy as np
import scipy
import sklearn
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    equal_opportunity_difference,
    equalized_odds_difference,
)
from scipy import stats
from scipy.optimize import linear_sum_assignment
from sklearn import metrics

warnings.filterwarnings("ignore")
generator = np.random.default_rng(20240611)


def ece(correct, confidence, weights):
    """Bin by bin: the bin's share times the gap between its accuracy and its mean confidence."""
    edges = np.arange(16) / 15
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if low == 0:
            inside |= confidence == 0
        if weights[inside].sum() > 0:
            accuracy = np.average(correct[inside], weights=weights[inside])
            mean = np.average(confidence[inside], weights=weights[inside])
            error += weights[inside].sum() / weights.sum() * abs(accuracy - mean)
    return error


def classifier_scores(labels, class_count, probabilities, weights):
    kept = weights > 0
    y, p, w = labels[kept], probabilities[kept], weights[kept]
    predicted = p.argmax(axis=1)
    classes = list(range(class_count))
    recalls = metrics.recall_score(
        y, predicted, labels=sorted(set(y)), average=None, sample_weight=w)
    truth = np.bincount(y, weights=w, minlength=class_count) / w.sum()
    guess = np.bincount(predicted, weights=w, minlength=class_count) / w.sum()
    binary = class_count == 2 and len(set(y)) == 2
    return {
        "accuracy": metrics.accuracy_score(y, predicted, sample_weight=w),
        "balanced-accuracy": metrics.balanced_accuracy_score(y, predicted, sample_weight=w),
        "macro-f1": metrics.f1_score(
            y, predicted, average="macro", sample_weight=w, zero_division=0),
        "log-loss": metrics.log_loss(y, p, sample_weight=w, labels=classes),
        "brier": metrics.brier_score_loss(
            y, p, sample_weight=w, labels=classes, scale_by_half=False),
        # The same by expanding the square: Σ p² − 2 p(y) + 1.
        "brier-expanded": float(
            np.average((p**2).sum(axis=1) - 2 * p[np.arange(len(y)), y] + 1, weights=w)),
        "ece": ece(predicted == y, p.max(axis=1), w),
        "auroc": metrics.roc_auc_score(y, p[:, 1], sample_weight=w) if binary else None,
        "adjusted-rand-index": None,
        "normalized-mutual-information": None,
        "clustering-accuracy": None,
        "recall-gap": recalls.max() - recalls.min(),
        "marginal-shift": np.maximum(truth - guess, 0).sum(),
    }


def cluster_scores(labels, class_count, clusters, weights):
    """Weights here are whole numbers: rows are repeated."""
    y, z = np.repeat(labels, weights.astype(int)), np.repeat(clusters, weights.astype(int))
    table = metrics.cluster.contingency_matrix(labels, clusters)
    rows, columns = linear_sum_assignment(-table)
    seen_classes, seen_clusters = np.unique(labels), np.unique(clusters)
    match = {seen_clusters[c]: seen_classes[r] for r, c in zip(rows, columns)}
    right = np.array([match.get(cluster) == label for cluster, label in zip(z, y)])
    return {
        "log-loss": None,
        "brier": None,
        "ece": None,
        "auroc": None,
        "adjusted-rand-index": metrics.adjusted_rand_score(y, z),
        "normalized-mutual-information": metrics.normalized_mutual_info_score(y, z),
        "clustering-accuracy": right.mean(),
    }


def group_scores(labels, class_count, probabilities, weights, members):
    kept = weights > 0
    y, p, w, g = labels[kept], probabilities[kept], weights[kept], members[kept]
    predicted = p.argmax(axis=1)
    arguments = {"sensitive_features": g, "sample_weight": w}
    accuracy = MetricFrame(
        metrics=metrics.accuracy_score, y_true=y, y_pred=predicted, sensitive_features=g,
        sample_params={"sample_weight": w})
    errors = [
        ece((predicted == y)[g == level], p.max(axis=1)[g == level], w[g == level])
        for level in np.unique(g)
    ]
    several = len(np.unique(g)) > 1
    scores = {
        "accuracy-gap": accuracy.difference() if several else None,
        "worst-group-accuracy": accuracy.group_min(),
        "calibration-gap": max(errors) - min(errors) if several else None,
        "demographic-parity-difference": None,
        "equal-opportunity-difference": None,
        "equalised-odds-difference": None,
    }
    if class_count == 2 and several:
        scores["demographic-parity-difference"] = demographic_parity_difference(
            y, predicted, **arguments)
        scores["equal-opportunity-difference"] = equal_opportunity_difference(
            y, predicted, **arguments)
        scores["equalised-odds-difference"] = equalized_odds_difference(
            y, predicted, **arguments)
    return scores


def draw_probabilities(labels, class_count, sharpness, decimals=None):
    logits = generator.normal(size=(len(labels), class_count))
    logits[np.arange(len(labels)), labels] += sharpness
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    if decimals is not None:
        # Ties between samples and within them; the last class takes the rest.
        p = np.floor(p * 10**decimals) / 10**decimals
        p[:, -1] = np.maximum(0, np.round(1 - p[:, :-1].sum(axis=1), decimals))
    return p


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return None if value is None else float(value)


cases = []


def weightings(count):
    return {
        "one each": np.ones(count),
        "multiplicities": np.maximum(0, generator.poisson(1, count)).astype(float),
        "fractions": generator.uniform(0.1, 3, count),
    }


def add(name, labels, class_count, probabilities, members=None, levels=0):
    for weighting, weights in weightings(len(labels)).items():
        if weights.sum() == 0:
            continue
        case = {
            "name": f"{name}, {weighting}",
            "labels": labels.tolist(),
            "classCount": class_count,
            "probabilities": probabilities.ravel().tolist(),
            "weights": weights.tolist(),
            "scores": plain(classifier_scores(labels, class_count, probabilities, weights)),
        }
        if members is not None:
            case["members"] = members.tolist()
            case["levels"] = levels
            case["groupScores"] = plain(
                group_scores(labels, class_count, probabilities, weights, members))
        cases.append(case)


def add_clustering(name, labels, class_count, clusters):
    for weighting, weights in list(weightings(len(labels)).items())[:2]:
        if weights.sum() == 0:
            continue
        cases.append({
            "name": f"{name}, {weighting}",
            "labels": labels.tolist(),
            "classCount": class_count,
            "clusters": clusters.tolist(),
            "weights": weights.tolist(),
            "scores": plain(cluster_scores(labels, class_count, clusters, weights)),
        })


y = generator.integers(0, 2, 120)
add("two classes", y, 2, draw_probabilities(y, 2, 1.0), generator.integers(0, 2, 120), 2)
y = generator.integers(0, 2, 150)
add("two classes with ties", y, 2, draw_probabilities(y, 2, 0.7, 1),
    generator.integers(0, 3, 150), 3)
y = generator.integers(0, 2, 90)
add("two classes, a level without samples", y, 2, draw_probabilities(y, 2, 1.5),
    2 * generator.integers(0, 2, 90), 3)
y = generator.integers(0, 2, 40)
add("one level alone", y, 2, draw_probabilities(y, 2, 1.0), np.zeros(40, int), 2)
y = generator.integers(0, 4, 200)
add("four classes", y, 4, draw_probabilities(y, 4, 1.0), generator.integers(0, 2, 200), 2)
y = generator.choice([0, 2, 3], 80)
p = draw_probabilities(y, 5, 1.0)
add("classes absent from the truth", y, 5, p)
p = p.copy()
p[:, 3] = 0
add("classes absent from the predictions", y, 5, p / p.sum(axis=1, keepdims=True))
y = generator.integers(0, 10, 300)
add("ten classes, confident", y, 10, draw_probabilities(y, 10, 6.0))
y = generator.integers(0, 3, 60)
add("certain", y, 3, np.eye(3)[generator.integers(0, 3, 60)])
add("all predictions equal", y, 3, np.tile([0.2, 0.5, 0.3], (60, 1)),
    generator.integers(0, 2, 60), 2)
y = generator.integers(0, 2, 60)
add("all scores equal", y, 2, np.full((60, 2), 0.5))
add("one class present", np.ones(30, int), 2, draw_probabilities(np.ones(30, int), 2, 0.5))
add("one sample", np.array([1]), 3, np.array([[0.25, 0.5, 0.25]]))

y = generator.integers(0, 4, 150)
noisy = np.where(generator.random(150) < 0.7, (y + 1) % 4, generator.integers(0, 4, 150))
add_clustering("four clusters", y, 4, noisy)
add_clustering("clusters by chance", y, 4, generator.integers(0, 4, 150))
add_clustering("more clusters than classes", y, 4, generator.integers(0, 3, 150) * 4 + noisy)
add_clustering("fewer clusters than classes", y, 4, noisy // 2)
add_clustering("one cluster", y, 4, np.zeros(150, int))
add_clustering("one class and one cluster", np.zeros(20, int), 2, np.zeros(20, int))
add_clustering("one class, several clusters", np.zeros(20, int), 2, np.arange(20) % 3)
add_clustering("each sample a cluster", np.arange(6) % 3, 3, np.arange(6))
add_clustering("the classes renamed", y, 4, 3 - y)
add_clustering("one sample", np.array([0]), 2, np.array([0]))

assignments = []
for shape in [(1, 1), (2, 2), (3, 5), (5, 3), (8, 8), (12, 9), (20, 30), (65, 65)]:
    for kind in ["real", "few values"]:
        gains = (generator.normal(size=shape) if kind == "real"
                 else generator.integers(0, 4, shape).astype(float))
        rows, columns = linear_sum_assignment(gains, maximize=True)
        assignments.append({
            "rows": shape[0], "columns": shape[1], "gains": gains.ravel().tolist(),
            "best": float(gains[rows, columns].sum())})

flips = [
    {"negative": b, "positive": c,
     "pValue": float(stats.binomtest(b, b + c, 0.5).pvalue) if b + c > 0 else 1.0}
    for b, c in [(0, 0), (0, 1), (1, 0), (3, 3), (2, 9), (9, 2), (0, 12), (40, 61), (700, 812)]
]
intervals = []
for count in [2, 3, 5, 10, 30]:
    for level in [0.9, 0.95, 0.99]:
        values = generator.normal(0.7, 0.05, count)
        low, high = stats.t.interval(
            level, count - 1, loc=values.mean(), scale=stats.sem(values))
        intervals.append({
            "values": values.tolist(), "level": level, "low": float(low), "high": float(high)})

target = pathlib.Path(__file__).parents[2] / "Tests/MetricsTests/Golden/metrics.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps({
    "provenance": {
        "script": "Scripts/golden/metrics.py",
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "fairlearn": fairlearn.__version__,
    },
    "cases": cases,
    "assignments": assignments,
    "flips": flips,
    "intervals": intervals,
}, separators=(",", ":")).replace('},{"', '},\n{"') + "\n")
print(len(cases), "cases")
