"""Golden values of divergences and transferability scores.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn POT
    venv/bin/python Scripts/golden/diagnose.py

Writes Tests/MetricsTests/Golden/diagnose.json. Distances and plans are SciPy's and POT's, kernels,
covariance shrinkage and the domain classifier scikit-learn's. Transferability scores have no
library among these: they are written here from the papers, by dense linear algebra and loops over
samples, and take the conventions of tllib.ranking and of the authors' programs for GBC and PARC.
"""

import datetime
import json
import pathlib
import platform
import warnings

import numpy as np
import ot
import scipy
import sklearn
from scipy import stats
from scipy.spatial.distance import cdist, pdist
from sklearn.covariance import LedoitWolf
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import rbf_kernel

warnings.filterwarnings("ignore")
generator = np.random.default_rng(20240917)


# Divergences


def mmd(x, y):
    if min(len(x), len(y)) < 2:
        return None
    median = np.median(pdist(np.vstack([x, y]), "sqeuclidean"))
    gamma = 1 / median if median > 0 else 1.0
    kxx, kyy, kxy = rbf_kernel(x, x, gamma), rbf_kernel(y, y, gamma), rbf_kernel(x, y, gamma)
    n, m = len(x), len(y)
    np.fill_diagonal(kxx, 0)
    np.fill_diagonal(kyy, 0)
    return kxx.sum() / (n * (n - 1)) + kyy.sum() / (m * (m - 1)) - 2 * kxy.mean()


def coral(x, y):
    if min(len(x), len(y)) < 2:
        return None
    d = x.shape[1]
    gap = np.atleast_2d(np.cov(x, rowvar=False)) - np.atleast_2d(np.cov(y, rowvar=False))
    return (gap**2).sum() / (4 * d * d)


def energy(x, y):
    squared = 2 * cdist(x, y).mean() - cdist(x, x).mean() - cdist(y, y).mean()
    return np.sqrt(max(0, squared))


def exact(x, y, order):
    cost = cdist(x, y) ** order
    n, m = len(x), len(y)
    total = ot.emd2(np.full(n, 1 / n), np.full(m, 1 / m), cost, numItermax=10**6)
    return total ** (1 / order)


def marginal(x, y, order):
    if order == 1:
        return np.mean([stats.wasserstein_distance(a, b) for a, b in zip(x.T, y.T)])
    return np.sqrt(np.mean(ot.wasserstein_1d(x, y, p=2)))


def proxy_a(x, y, fitted_x, fitted_y):
    train = np.vstack([x[fitted_x], y[fitted_y]])
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    factor = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
    labels = np.r_[np.zeros(len(fitted_x)), np.ones(len(fitted_y))]
    half = len(labels) / 2
    weights = np.where(labels == 0, half / len(fitted_x), half / len(fitted_y))
    model = LogisticRegression(C=1.0, tol=1e-10, max_iter=10000)
    model.fit((train - mean) * factor, labels, sample_weight=weights)
    rest_x = np.setdiff1d(np.arange(len(x)), fitted_x)
    rest_y = np.setdiff1d(np.arange(len(y)), fitted_y)
    called = [(model.predict((z - mean) * factor) == 0).sum() for z in (x[rest_x], y[rest_y])]
    n, m = len(rest_x), len(rest_y)
    table = [[called[0], n - called[0]], [called[1], m - called[1]]]
    one, two = (
        stats.binomtest(int(c), int(k)).proportion_ci(0.95, method="wilson")
        for c, k in zip(called, (n, m)))
    p, q = called[0] / n, called[1] / m
    low = p - q - np.sqrt((p - one.low) ** 2 + (two.high - q) ** 2)
    high = p - q + np.sqrt((one.high - p) ** 2 + (q - two.low) ** 2)
    error = ((1 - p) + q) / 2
    return {
        "value": 2 * (1 - 2 * error), "low": 2 * low, "high": 2 * high,
        "pValue": stats.fisher_exact(table, alternative="greater").pvalue}


def pair(name, x, y):
    directions = generator.normal(size=(7, x.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    values = {
        "mmd": mmd(x, y), "coral-distance": coral(x, y), "energy": energy(x, y),
        "marginal-w1": marginal(x, y, 1), "marginal-w2": marginal(x, y, 2),
        "sliced-w2": float(ot.sliced_wasserstein_distance(x, y, projections=directions.T, p=2)),
        "w1": exact(x, y, 1), "w2": exact(x, y, 2)}
    if x.shape[1] == 1:
        assert abs(values["energy"] - stats.energy_distance(x[:, 0], y[:, 0])) < 1e-12
        assert abs(values["w1"] - stats.wasserstein_distance(x[:, 0], y[:, 0])) < 1e-12
    proxy, fitted = None, None
    if min(len(x), len(y)) > 3:
        fitted = [
            sorted(generator.choice(len(z), len(z) // 2, replace=False).tolist()) for z in (x, y)]
        proxy = proxy_a(x, y, *fitted)
    return {
        "name": name, "source": x.tolist(), "target": y.tolist(),
        "directions": directions.tolist(), "values": values, "fitted": fitted, "proxy": proxy}


def pairs():
    mixing = generator.normal(size=(4, 4))
    x = generator.normal(size=(31, 4)) @ mixing
    y = 0.7 * generator.normal(size=(24, 4)) @ mixing + np.array([1, 0, 0, -0.5])
    constant_x, constant_y = x.copy(), y.copy()
    constant_x[:, 1] = constant_y[:, 1] = 3.0
    constant_x[:, 2], constant_y[:, 2] = 1.0, 2.0
    return [
        pair("shifted", x, y),
        pair("identical", x, x.copy()),
        pair("constant columns", constant_x, constant_y),
        pair("all alike", np.ones((5, 2)), np.ones((4, 2))),
        pair("one feature", generator.normal(size=(17, 1)), generator.normal(0.5, 2, size=(40, 1))),
        pair("one source sample", x[:1], y),
        pair("one sample each", x[:1], y[:1]),
        pair("two samples each", x[:2], y[:2]),
        pair("far from the origin", x + 4096, y + 4096),
        pair("more features than samples", generator.normal(size=(6, 20)),
             generator.exponential(size=(9, 20))),
        pair("ties", generator.integers(0, 3, size=(30, 2)).astype(float),
             generator.integers(0, 4, size=(21, 2)).astype(float)),
    ]


def label_shift(name, labels, source_answers, target_answers, class_count):
    confusion = np.zeros((class_count, class_count))
    for a, b in zip(source_answers, labels):
        confusion[a, b] += 1 / len(labels)
    answered = np.bincount(target_answers, minlength=class_count) / len(target_answers)
    shares = confusion.sum(axis=0)
    # The solution nearest to 1 is 1 and the pseudo-inverse of what 1 leaves over.
    weights = 1 + np.linalg.pinv(confusion, rcond=1e-14) @ (answered - confusion.sum(axis=1))
    masses = np.maximum(0, weights) * shares
    estimated = masses / masses.sum()
    return {
        "name": name, "labels": list(map(int, labels)), "sourceAnswers": list(map(int, source_answers)),
        "targetAnswers": list(map(int, target_answers)), "classCount": class_count,
        "shares": estimated.tolist(), "distance": 0.5 * np.abs(estimated - shares).sum()}


def label_shifts():
    def answers(labels, classes, error):
        wrong = generator.random(len(labels)) < error
        return np.where(wrong, generator.integers(0, classes, len(labels)), labels)

    labels = generator.integers(0, 3, 80)
    target = generator.choice(3, 60, p=[0.7, 0.2, 0.1])
    missing = np.where(labels == 2, 1, labels)
    return [
        label_shift("shifted", labels, answers(labels, 3, 0.2), answers(target, 3, 0.2), 3),
        label_shift("none", labels, labels, labels, 3),
        label_shift("a class missing", missing, answers(missing, 2, 0.2), answers(target % 2, 2, 0.2), 3),
        label_shift("one class", np.zeros(10, int), np.zeros(10, int), np.zeros(5, int), 2),
    ]


# Transferability


def leep(theta, y):
    n, k = theta.shape
    joint = np.zeros((y.max() + 1, k))
    for row, label in zip(theta, y):
        joint[label] += row / n
    mass = joint.sum(axis=0)
    given = np.divide(joint, mass, out=np.zeros_like(joint), where=mass > 0)
    return np.mean([np.log(given[label] @ row) for row, label in zip(theta, y)])


def nce(theta, y):
    """The entropy of y less the mutual information of answers and labels, negated."""
    z = theta.argmax(axis=1)
    joint = np.histogram2d(y, z, bins=[np.arange(y.max() + 2), np.arange(theta.shape[1] + 1)])[0]
    joint /= len(y)
    inside = stats.entropy(joint.ravel())
    return stats.entropy(joint.sum(axis=0)) - inside


def logme(f, y):
    n, k = f.shape
    if not np.any(f):
        return None
    scores = []
    for label in np.unique(y):
        t = (y == label).astype(float)
        least = 1e-12 * t.sum()
        alpha, beta = 1.0, 1.0
        for _ in range(11):
            ratio = alpha / beta
            hessian = alpha * np.eye(k) + beta * f.T @ f
            m = beta * np.linalg.solve(hessian, f.T @ t)
            gamma = k - alpha * np.trace(np.linalg.inv(hessian))
            length, error = max(least, m @ m), max(least, ((t - f @ m) ** 2).sum())
            alpha, beta = gamma / length, (n - gamma) / error
            if abs(alpha / beta - ratio) / ratio < 0.01:
                break
        determinant = np.linalg.slogdet(alpha * np.eye(k) + beta * f.T @ f)[1]
        scores.append(
            (k * np.log(alpha) + n * np.log(beta) - determinant - beta * error - alpha * length
             - n * np.log(2 * np.pi)) / (2 * n))
    return np.mean(scores)


def class_means(f, y):
    return np.array([f[y == label].mean(axis=0) for label in y])


def h_score(f, y):
    if len(f) < 2:
        return None
    covariance = np.atleast_2d(np.cov(f, rowvar=False))
    if not np.any(f - f[0]):
        return None
    cut = max(f.shape) * np.finfo(float).eps
    between = np.atleast_2d(np.cov(class_means(f, y), rowvar=False))
    return np.trace(np.linalg.pinv(covariance, rcond=cut, hermitian=True) @ between)


def h_alpha(f, y):
    if len(f) < 2 or not np.any(f - f[0]):
        return None
    centred = f - f.mean(axis=0)
    fit = LedoitWolf().fit(centred)
    between = np.atleast_2d(np.cov(class_means(f, y), rowvar=False))
    cut = max(f.shape) * np.finfo(float).eps
    inverse = np.linalg.pinv(fit.covariance_, rcond=cut, hermitian=True)
    return (1 - fit.shrinkage_) * np.trace(inverse @ between)


def gbc(f, y, spherical):
    labels = np.unique(y)
    if len(labels) < 2:
        return None
    total = 0.0
    for a in labels:
        for b in labels:
            if a == b:
                continue
            variances = [np.maximum(f[y == c].var(axis=0), 1e-4) for c in (a, b)]
            if spherical:
                variances = [np.full(f.shape[1], v.mean()) for v in variances]
            one, two = map(np.diag, variances)
            middle = (one + two) / 2
            gap = f[y == a].mean(axis=0) - f[y == b].mean(axis=0)
            distance = gap @ np.linalg.solve(middle, gap) / 8 + 0.5 * (
                np.linalg.slogdet(middle)[1]
                - 0.5 * (np.linalg.slogdet(one)[1] + np.linalg.slogdet(two)[1]))
            total += np.exp(-distance)
    return -total


def parc(f, y):
    if len(np.unique(y)) < 2:
        return None
    deviation = f.std(axis=0)
    standard = (f - f.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    rows = standard - standard.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(rows, axis=1)
    safe = norms > 1e-12 * np.abs(standard).max(axis=1)
    rows = np.where(safe[:, None], rows / np.where(safe, norms, 1)[:, None], 0)
    above = np.triu_indices(len(y), 1)
    if safe.all() and f.shape[1] > 1:
        assert np.allclose((rows @ rows.T)[above], np.corrcoef(standard)[above], atol=1e-9)
    one_hot = np.eye(y.max() + 1)[y]
    alike = np.round((rows @ rows.T)[above], 12)
    if np.ptp(alike) == 0:
        return None
    return 100 * stats.spearmanr(1 - alike, 1 - np.round(np.corrcoef(one_hot)[above], 12))[0]


def target(name, f, y, probabilities=True):
    y = np.asarray(y)
    values = {
        "logme": logme(f, y), "h-score": h_score(f, y), "h-alpha": h_alpha(f, y),
        "gbc": gbc(f, y, False), "gbc-spherical": gbc(f, y, True), "parc": parc(f, y)}
    if probabilities:
        values |= {"leep": leep(f, y), "nce": nce(f, y)}
    return {"name": name, "outputs": f.tolist(), "labels": y.tolist(), "values": values}


def targets():
    y = generator.integers(0, 4, 60)
    theta = generator.dirichlet(np.full(4, 0.5), 60)
    skilled = 0.5 * theta + 0.5 * np.eye(4)[y]
    unused = np.c_[generator.dirichlet(np.ones(3), 60), np.zeros(60)]
    features = generator.normal(size=(50, 6)) @ generator.normal(size=(6, 6))
    labels = (features[:, 0] + generator.normal(size=50) > 0).astype(int)
    constant = features.copy()
    constant[:, 2] = 5.0
    return [
        target("random probabilities", theta, y),
        target("skilled probabilities", skilled, y),
        target("an unused source class", unused, y),
        target("a class missing in the target", skilled, np.where(y == 1, 2, y)),
        target("one class", theta, np.zeros(60, int)),
        target("one sample", theta[:1], y[:1]),
        target("two samples", theta[:2], [0, 1]),
        target("two classes", generator.dirichlet(np.ones(2), 40), generator.integers(0, 2, 40)),
        target("all alike", np.full((10, 3), 1 / 3), generator.integers(0, 2, 10)),
        target("features", features, labels, probabilities=False),
        target("a constant feature", constant, labels, probabilities=False),
        target("more features than samples", features[:5], labels[:5], probabilities=False),
    ]


def rankings():
    cases = []
    for count in (2, 3, 10, 50):
        for levels in (None, 4):
            x, y = generator.normal(size=(2, count))
            y = 0.5 * x + y
            if levels:
                x, y = np.round(x), np.round(y)
            tau = stats.weightedtau(x, y).statistic
            cases.append(
                {"left": x.tolist(), "right": y.tolist(), "tau": None if np.isnan(tau) else tau})
    cases.append({"left": [1.0, 1.0, 1.0], "right": [1.0, 2.0, 3.0], "tau": None})
    return cases


def plain(value):
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, (np.floating, np.integer)):
        value = value.item()
    if isinstance(value, float):
        assert np.isfinite(value), "a golden value is a number"
    return value


golden = {
    "provenance": {
        "script": "Scripts/golden/diagnose.py", "date": datetime.date.today().isoformat(),
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__, "POT": ot.__version__},
    "pairs": pairs(), "labelShifts": label_shifts(), "targets": targets(), "rankings": rankings()}
path = pathlib.Path(__file__).parents[2] / "Tests/MetricsTests/Golden/diagnose.json"
path.write_text(json.dumps(plain(golden), indent=1) + "\n")
print(path, path.stat().st_size)
