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
    demographic_parity_ratio,
    equal_opportunity_difference,
    equal_opportunity_ratio,
    equalized_odds_difference,
    equalized_odds_ratio,
    false_positive_rate,
    true_positive_rate,
)
from scipy import stats
from scipy.integrate import trapezoid
from scipy.interpolate import interp1d
from scipy.optimize import brentq, linear_sum_assignment
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")
generator = np.random.default_rng(20240611)


BINS = 15


def equal_mass_edges(confidence, weights):
    """The quantiles k/15 of the values in which each stands as often as its weight says."""
    order = np.argsort(confidence, kind="stable")
    values, reached = confidence[order], np.cumsum(weights[order])
    edges = []
    for k in range(BINS + 1):
        h = max(0.0, k * (reached[-1] - 1) / BINS)
        pair = [
            values[min(np.searchsorted(reached, i, side="right"), len(values) - 1)]
            for i in (np.floor(h), np.floor(h) + 1)
        ]
        edges.append(pair[0] + (h - np.floor(h)) * (pair[1] - pair[0]))
    return np.array(edges)


def reliability(correct, confidence, weights, edges):
    """Weight, mean confidence and accuracy of each bin (low, high], the first with its low end."""
    places = np.searchsorted(edges[1:-1], confidence, side="left")
    bins = []
    for b in range(len(edges) - 1):
        inside = (places == b) & (weights > 0)
        weight = weights[inside].sum()
        bins.append((
            float(weight),
            float(np.average(confidence[inside], weights=weights[inside])) if weight > 0 else None,
            float(np.average(correct[inside], weights=weights[inside])) if weight > 0 else None))
    return bins


def ece(correct, confidence, weights, edges=np.arange(BINS + 1) / BINS):
    """Bin by bin: the bin's share times the gap between its accuracy and its mean confidence."""
    bins = reliability(correct, confidence, weights, edges)
    return sum(w / weights.sum() * abs(a - c) for w, c, a in bins if w > 0)


def check_against_calibration_curve(correct, confidence):
    """Both binnings against scikit-learn's `calibration_curve`, which gives no counts."""
    ones = np.ones(len(correct))
    # Where 15 divides k (n - 1), rounding decides on which side of the edge a sample falls.
    if len(np.unique(correct)) < 2 or np.gcd(len(correct) - 1, BINS) > 1:
        return
    for strategy, edges in [
        ("uniform", np.linspace(0, 1, BINS + 1)),
        ("quantile", equal_mass_edges(confidence, ones)),
    ]:
        accuracy, mean = calibration_curve(
            correct, confidence, n_bins=BINS, strategy=strategy, pos_label=True)
        bins = [b for b in reliability(correct, confidence, ones, edges) if b[0] > 0]
        np.testing.assert_allclose([b[1] for b in bins], mean, atol=1e-12)
        np.testing.assert_allclose([b[2] for b in bins], accuracy, atol=1e-12)


def one_vs_rest(score, y, p, w, needs_negatives):
    """The mean over the classes present, and beside others where the score needs them."""
    values = [
        score(y == c, p[:, c], sample_weight=w)
        for c in np.unique(y) if not (needs_negatives and len(np.unique(y)) < 2)
    ]
    return np.mean(values) if values else None


def per_class(y, predicted, classes, w):
    """Precision, recall and F1 of each class; not a number where they are 0/0."""
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        y, predicted, labels=classes, sample_weight=w, zero_division=np.nan)
    return {
        name: [None if np.isnan(v) else float(v) for v in values]
        for name, values in [("precision", precision), ("recall", recall), ("f1", f1)]
    }


def classifier_scores(labels, class_count, probabilities, weights):
    kept = weights > 0
    y, p, w = labels[kept], probabilities[kept], weights[kept]
    predicted = p.argmax(axis=1)
    classes = list(range(class_count))
    recalls = metrics.recall_score(
        y, predicted, labels=sorted(set(y)), average=None, sample_weight=w)
    truth = np.bincount(y, weights=w, minlength=class_count) / w.sum()
    guess = np.bincount(predicted, weights=w, minlength=class_count) / w.sum()
    several = len(set(y)) > 1
    binary = class_count == 2 and several
    correct, confidence = predicted == y, p.max(axis=1)
    if (w == 1).all():
        check_against_calibration_curve(correct, confidence)
    auroc_rest = precision_rest = None
    if class_count > 2:
        auroc_rest = one_vs_rest(metrics.roc_auc_score, y, p, w, True)
        precision_rest = one_vs_rest(metrics.average_precision_score, y, p, w, False)
        sums_to_one = np.allclose(p.sum(axis=1), 1)
        if len(set(y)) == class_count and sums_to_one:
            whole = metrics.roc_auc_score(y, p, multi_class="ovr", sample_weight=w)
            np.testing.assert_allclose(auroc_rest, whole, atol=1e-12)
            whole = metrics.average_precision_score(y, p, sample_weight=w)
            np.testing.assert_allclose(precision_rest, whole, atol=1e-12)
    return {
        "accuracy": metrics.accuracy_score(y, predicted, sample_weight=w),
        "balanced-accuracy": metrics.balanced_accuracy_score(y, predicted, sample_weight=w),
        "macro-precision": metrics.precision_score(
            y, predicted, average="macro", sample_weight=w, zero_division=0),
        "macro-recall": metrics.recall_score(
            y, predicted, average="macro", sample_weight=w, zero_division=0),
        "macro-f1": metrics.f1_score(
            y, predicted, average="macro", sample_weight=w, zero_division=0),
        "log-loss": metrics.log_loss(y, p, sample_weight=w, labels=classes),
        "brier": metrics.brier_score_loss(
            y, p, sample_weight=w, labels=classes, scale_by_half=False),
        # The same by expanding the square: Σ p² − 2 p(y) + 1.
        "brier-expanded": float(
            np.average((p**2).sum(axis=1) - 2 * p[np.arange(len(y)), y] + 1, weights=w)),
        "ece-width-15": ece(correct, confidence, w),
        "ece-mass-15": ece(correct, confidence, w, equal_mass_edges(confidence, w)),
        "auroc": metrics.roc_auc_score(y, p[:, 1], sample_weight=w) if binary else None,
        "auroc-one-vs-rest": auroc_rest,
        "average-precision":
            metrics.average_precision_score(y, p[:, 1], sample_weight=w)
            if class_count == 2 and (y == 1).any() else None,
        "average-precision-one-vs-rest": precision_rest,
        "adjusted-rand-index": None,
        "normalized-mutual-information": None,
        "adjusted-mutual-information": None,
        "homogeneity": None,
        "completeness": None,
        "v-measure": None,
        "clustering-accuracy": None,
        "recall-gap": recalls.max() - recalls.min(),
        "worst-class-recall": recalls.min(),
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
        "ece-width-15": None,
        "ece-mass-15": None,
        "auroc": None,
        "auroc-one-vs-rest": None,
        "average-precision": None,
        "average-precision-one-vs-rest": None,
        "adjusted-rand-index": metrics.adjusted_rand_score(y, z),
        "normalized-mutual-information": metrics.normalized_mutual_info_score(y, z),
        "adjusted-mutual-information": metrics.adjusted_mutual_info_score(y, z),
        "homogeneity": metrics.homogeneity_score(y, z),
        "completeness": metrics.completeness_score(y, z),
        "v-measure": metrics.v_measure_score(y, z),
        "clustering-accuracy": right.mean(),
    }


def rate_metrics(y, predicted, w, g):
    """fairlearn's measures; not applicable where a ratio's greatest rate is 0."""
    arguments = {"sensitive_features": g, "sample_weight": w}
    scores = {
        "demographic-parity-difference": demographic_parity_difference(y, predicted, **arguments),
        "demographic-parity-ratio": demographic_parity_ratio(y, predicted, **arguments),
    }
    # Where a level has no samples of a class fairlearn takes its rate of that class to be 0: such
    # levels are dropped before it sees them.
    def levels_with(kept):
        return np.isin(g, [v for v in np.unique(g) if kept[g == v].any()])

    positive, negative = levels_with(y == 1), levels_with(y == 0)

    def of(kept, function):
        if len(np.unique(g[kept])) < 2:
            return None
        return function(
            y[kept], predicted[kept], sensitive_features=g[kept], sample_weight=w[kept])

    scores["equal-opportunity-difference"] = of(positive, equal_opportunity_difference)
    scores["equal-opportunity-ratio"] = of(positive, equal_opportunity_ratio)
    # Equalised odds by its two rates, each over the levels that have it.
    def frame_of(kept, rate):
        return MetricFrame(
            metrics=rate, y_true=y[kept], y_pred=predicted[kept], sensitive_features=g[kept],
            sample_params={"sample_weight": w[kept]})

    if len(np.unique(g[positive])) > 1 and len(np.unique(g[negative])) > 1:
        frames = [frame_of(positive, true_positive_rate), frame_of(negative, false_positive_rate)]
        scores["equalised-odds-difference"] = max(f.difference() for f in frames)
        ratios = [f.ratio() for f in frames]
        scores["equalised-odds-ratio"] = None if np.isnan(ratios).any() else min(ratios)
        if (positive & negative).all():
            np.testing.assert_allclose(
                scores["equalised-odds-difference"],
                equalized_odds_difference(y, predicted, **arguments), atol=1e-12)
            if scores["equalised-odds-ratio"] is not None:
                np.testing.assert_allclose(
                    scores["equalised-odds-ratio"],
                    equalized_odds_ratio(y, predicted, **arguments), atol=1e-12)
    else:
        scores["equalised-odds-difference"] = scores["equalised-odds-ratio"] = None
    # Predictive parity: fairlearn's frame of scikit-learn's precision, over the levels of which
    # somebody is predicted positive.
    selected = levels_with(predicted == 1)
    scores["predictive-parity-difference"] = (
        frame_of(selected, metrics.precision_score).difference()
        if len(np.unique(g[selected])) > 1 else None)
    return {
        key: None if value is None or np.isnan(value) else value for key, value in scores.items()
    }


NEED_TWO_CLASSES = [
    "demographic-parity-difference", "equal-opportunity-difference", "equalised-odds-difference",
    "predictive-parity-difference", "demographic-parity-ratio", "equal-opportunity-ratio",
    "equalised-odds-ratio",
]


def group_scores(labels, class_count, probabilities, weights, members, least=1):
    # A level with fewer samples than `least` is suppressed, whatever their weights.
    sizes = np.bincount(members)
    kept = (weights > 0) & (sizes[members] >= least)
    y, p, w, g = labels[kept], probabilities[kept], weights[kept], members[kept]
    predicted = p.argmax(axis=1)
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
    }
    scores |= {name: None for name in NEED_TWO_CLASSES}
    if class_count == 2 and several:
        scores = scores | rate_metrics(y, predicted, w, g)
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


def add(name, labels, class_count, probabilities, members=None, levels=0, least=1):
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
        kept = weights > 0
        case["classScores"] = per_class(
            labels[kept], probabilities[kept].argmax(axis=1), list(range(class_count)),
            weights[kept])
        confidence = probabilities.max(axis=1)
        correct = probabilities.argmax(axis=1) == labels
        case["reliability"] = {
            "equal-width": reliability(correct, confidence, weights, np.arange(BINS + 1) / BINS),
            "equal-mass": reliability(
                correct, confidence, weights, equal_mass_edges(confidence[kept], weights[kept])),
        }
        if members is not None:
            case["members"] = members.tolist()
            case["levels"] = levels
            case["least"] = least
            case["groupScores"] = plain(
                group_scores(labels, class_count, probabilities, weights, members, least))
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

y = generator.integers(0, 2, 131)
add("two classes, levels of which some are small", y, 2, draw_probabilities(y, 2, 1.0),
    generator.choice(6, 131, p=[0.4, 0.3, 0.2, 0.05, 0.03, 0.02]), 6, 10)
# The samples of level 1 are all of one class, those of level 2 never predicted positive.
y = generator.integers(0, 2, 90)
g = generator.integers(0, 4, 90)
y[g == 1] = 0
p = draw_probabilities(y, 2, 1.0)
p[g == 2] = [0.75, 0.25]
add("levels without a rate", y, 2, p, g, 4)
y = generator.integers(0, 2, 60)
add("nobody predicted positive", y, 2, np.tile([0.75, 0.25], (60, 1)),
    generator.integers(0, 2, 60), 2)
y = generator.integers(0, 5, 203)
add("five classes with ties", y, 5, draw_probabilities(y, 5, 1.0, 1))
add("three classes, all scores equal", y % 3, 3, np.full((203, 3), 1 / 3))
add("one class of three present", np.ones(30, int), 3, draw_probabilities(np.ones(30, int), 3, 0.5))
add("one sample of two classes", np.array([1]), 2, np.array([[0.25, 0.75]]))

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
add_clustering("each sample a class and a cluster", np.arange(6), 6, np.arange(6))
y = generator.integers(0, 10, 900)
add_clustering("many samples", y, 10, np.where(generator.random(900) < 0.5, y, (3 * y + 1) % 13))

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
curves = []
for count in [2, 3, 4, 8]:
    shots = np.sort(generator.choice(np.arange(1, 60), count, replace=False))
    scores = generator.uniform(0.2, 0.9, count)
    curve = interp1d(shots, scores)
    # The first crossing on a fine grid, then a root of the curve in that step.
    fine = np.unique(np.concatenate([shots, np.linspace(shots[0], shots[-1], 20011)]))
    thresholds = generator.uniform(0.1, 1.0, 8)
    reached = []
    for threshold in thresholds:
        above = np.flatnonzero(curve(fine) >= threshold)
        if len(above) == 0:
            reached.append(None)
        elif above[0] == 0:
            reached.append(float(shots[0]))
        else:
            reached.append(float(brentq(
                lambda n: curve(n) - threshold, fine[above[0] - 1], fine[above[0]], xtol=1e-13)))
    curves.append({
        "shots": shots.tolist(), "scores": scores.tolist(),
        "area": float(trapezoid(scores, shots) / (shots[-1] - shots[0])),
        "thresholds": thresholds.tolist(), "reached": reached})

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
    "curves": curves,
}, separators=(",", ":")).replace('},{"', '},\n{"') + "\n")
print(len(cases), "cases")
