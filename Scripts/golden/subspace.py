"""Golden values of the subspace methods, from NumPy sketches of the papers' equations.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn
    venv/bin/python Scripts/golden/subspace.py

Writes Tests/MethodsTests/Golden/subspace.json. Everything here is done with full matrices, as the
equations stand: integrals by quadrature, n x n kernels, 2d x 2d eigenproblems, dense graphs.
"""

import datetime
import json
import pathlib
import platform

import numpy as np
import scipy
import scipy.linalg
import sklearn
from sklearn.svm import LinearSVC

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANDOM = np.random.default_rng(20012)


def draw(n, d, classes, shift):
    labels = np.arange(n) % classes
    mixing = RANDOM.normal(size=(d, d)) * 0.3 + np.eye(d)
    means = RANDOM.normal(size=(classes, d))
    return means[labels] + RANDOM.normal(size=(n, d)) @ mixing + shift, labels


def matrix(values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return {"rows": values.shape[0], "columns": values.shape[1], "elements": values.ravel().tolist()}


def unit(features):
    return features / np.linalg.norm(features, axis=1, keepdims=True)


def nearest(points, labels, samples):
    squares = ((samples[:, None] - points[None]) ** 2).sum(-1)
    return labels[squares.argmin(1)]


def axes(features, k):
    return np.linalg.svd(features - features.mean(0), full_matrices=False)[2][:k].T


def flow(start, end, t):
    """The geodesic as Edelman, Arias and Smith (1998) give it, by its tangent."""
    overlap = start.T @ end
    tangent = (end - start @ overlap) @ np.linalg.inv(overlap)
    left, tangents, right = np.linalg.svd(tangent, full_matrices=False)
    angles = np.arctan(tangents)
    return start @ right.T * np.cos(t * angles) + left * np.sin(t * angles)


def flow_kernel(source, target, k):
    start, end = axes(source, k), axes(target, k)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    total = 0
    for node, weight in zip(nodes, weights):
        phi = flow(start, end, (node + 1) / 2)
        total = total + weight / 2 * phi @ phi.T
    return total


def gfk(source, target, k):
    kernel = flow_kernel(source, target, k)
    return {"components": k, "products": matrix(source @ kernel @ target.T)}


def disagreement(source, target):
    """Gong's measure, from angles between subspaces by SciPy."""
    most = min(200, max(source.shape[1] // 2, 1))
    pooled = axes(np.vstack([source, target]), most)
    for k in range(1, most):
        mean = np.mean(
            [
                np.sin(scipy.linalg.subspace_angles(axes(x, most)[:, :k], pooled[:, :k]).max())
                for x in (source, target)
            ]
        )
        if mean >= 0.995:
            return k
    return most


def tjm(source, target, gaussian, regularization, k, rounds):
    samples = unit(np.vstack([source, target]))
    n, ns = len(samples), len(source)
    kernel = samples @ samples.T
    if gaussian:
        squares = ((samples[:, None] - samples[None]) ** 2).sum(-1)
        kernel = np.exp(-squares / np.median(squares[np.triu_indices(n, 1)]))
    e = np.r_[np.full(ns, 1 / ns), np.full(n - ns, -1 / (n - ns))]
    discrepancy = np.outer(e, e) / np.linalg.norm(np.outer(e, e))
    centring = np.eye(n) - 1 / n
    penalties = np.ones(n)
    for _ in range(rounds):
        metric = kernel @ discrepancy @ kernel + regularization * np.diag(penalties)
        _, vectors = scipy.linalg.eigh(kernel @ centring @ kernel, metric)
        found = vectors[:, ::-1][:, :k]
        found = found / np.linalg.norm(found, axis=0)
        penalties[:ns] = 1 / (2 * np.linalg.norm(found[:ns], axis=1))
    return {
        "gaussian": gaussian,
        "regularization": regularization,
        "components": k,
        "rounds": rounds,
        "embedding": matrix(unit(kernel @ found)),
        "sizes": np.linalg.norm(found[:ns], axis=1).tolist(),
    }


def discrepancy(labels, guesses, marginal, conditional, follows_shares=False):
    ns, nt, classes = len(labels), len(guesses), len(set(labels))
    e = np.r_[np.full(ns, 1 / ns), np.full(nt, -1 / nt)]
    total = marginal * classes * np.outer(e, e)
    for label in sorted(set(labels)):
        e = np.zeros(ns + nt)
        e[:ns][labels == label] = 1 / (labels == label).sum()
        if (guesses == label).any():
            share = (guesses == label).mean() / (labels == label).mean() if follows_shares else 1
            e[ns:][guesses == label] = -share / (guesses == label).sum()
        total += conditional * np.outer(e, e)
    return total


def bda(source, labels, target, balance, weighted, regularization, k, rounds):
    samples = unit(np.vstack([source, target]))
    n, ns = len(samples), len(source)
    kernel = samples @ samples.T
    centring = np.eye(n) - 1 / n
    e = np.r_[np.full(ns, 1 / ns), np.full(n - ns, -1 / (n - ns))]
    total = np.outer(e, e)
    for _ in range(rounds):
        metric = kernel @ (total / np.linalg.norm(total)) @ kernel + regularization * np.eye(n)
        _, vectors = scipy.linalg.eigh(kernel @ centring @ kernel, metric)
        found = vectors[:, ::-1][:, :k]
        embedding = unit(kernel @ (found / np.linalg.norm(found, axis=0)))
        guesses = nearest(embedding[:ns], labels, embedding[ns:])
        total = discrepancy(labels, guesses, 1 - balance, balance, weighted)
    return {
        "balance": balance,
        "weighted": weighted,
        "regularization": regularization,
        "components": k,
        "rounds": rounds,
        "labels": guesses.tolist(),
    }


def proxy_distance(source, target):
    features = np.vstack([source, target])
    truth = np.r_[np.zeros(len(source)), np.ones(len(target))]
    model = LinearSVC(C=1, dual=False, tol=1e-8, max_iter=100000).fit(features, truth)
    return max(2 * (1 - 2 * (model.predict(features) != truth).mean()), 0)


def balance(source, labels, target, guesses):
    within = np.mean(
        [proxy_distance(source[labels == c], target[guesses == c]) for c in sorted(set(labels))]
    )
    return float(within / (within + proxy_distance(source, target)))


def jgsa(source, labels, target, k, mu, beta, closeness, rounds):
    source, target = unit(source), unit(target)
    guesses = nearest(source, labels, target)
    ns, d = source.shape
    mean = source.mean(0)
    within, between = np.zeros((d, d)), np.zeros((d, d))
    for label in sorted(set(labels)):
        part = source[labels == label]
        within += (part - part.mean(0)).T @ (part - part.mean(0))
        between += len(part) * np.outer(part.mean(0) - mean, part.mean(0) - mean)
    scatter = (target - target.mean(0)).T @ (target - target.mean(0))
    largest = scipy.linalg.block_diag(beta * between, mu * scatter)
    both = scipy.linalg.block_diag(source, target)
    first = None
    for _ in range(rounds):
        total = discrepancy(labels, guesses, 1, 1)
        norm = np.linalg.norm(discrepancy(labels, guesses, 1, 0))
        eye = np.eye(d)
        smallest = np.block(
            [
                [closeness * eye + beta * within, -closeness * eye],
                [-closeness * eye, (closeness + mu) * eye],
            ]
        )
        smallest += both.T @ (total / norm) @ both
        _, vectors = scipy.linalg.eigh(largest, smallest)
        found = vectors[:, ::-1][:, :k]
        first = found if first is None else first
        guesses = nearest(source @ found[:d], labels, target @ found[d:])
    return {
        "components": k,
        "variance": mu,
        "discrimination": beta,
        "closeness": closeness,
        "rounds": rounds,
        "projections": matrix(first),
        "labels": guesses.tolist(),
    }


def meda(source, labels, target, k, p, balance, alignment, shrinkage, smoothness, rounds):
    root = scipy.linalg.sqrtm(flow_kernel(source, target, k)).real
    samples = unit(np.vstack([source, target]) @ root)
    ns, n, classes = len(source), len(source) + len(target), labels.max() + 1
    cosines = samples @ samples.T
    weights = np.zeros((n, n))
    for row in range(n):
        order = np.argsort(-cosines[row])[: p + 1]
        weights[row, order] = np.maximum(cosines[row, order], 0)
    weights = np.maximum(weights, weights.T)
    scales = 1 / np.sqrt(weights.sum(1))
    laplacian = np.eye(n) - scales[:, None] * weights * scales
    kernel = np.exp(-((samples[:, None] - samples[None]) ** 2).sum(-1) / 2)
    keeps = np.diag(np.r_[np.ones(ns), np.zeros(n - ns)])
    truth = np.zeros((n, classes))
    truth[np.arange(ns), labels] = 1
    guesses = nearest(samples[:ns], labels, samples[ns:])
    for _ in range(rounds):
        total = discrepancy(labels, guesses, 1 - balance, balance)
        total /= np.linalg.norm(total)
        system = (keeps + alignment * total + smoothness * laplacian) @ kernel
        scores = kernel @ np.linalg.solve(system + shrinkage * np.eye(n), keeps @ truth)
        guesses = scores[ns:].argmax(1)
    raised = scores[ns:] - np.minimum(scores[ns:].min(1, keepdims=True), 0)
    return {
        "components": k,
        "neighbours": p,
        "balance": balance,
        "alignment": alignment,
        "shrinkage": shrinkage,
        "smoothness": smoothness,
        "rounds": rounds,
        "probabilities": matrix(raised / raised.sum(1, keepdims=True)),
    }


def main():
    source, labels = draw(60, 6, 3, 0)
    target, _ = draw(50, 6, 3, 0.6)
    wide_source, wide_labels = draw(14, 30, 2, 0)
    wide_target, _ = draw(12, 30, 2, 0.4)
    tall = source, labels, target
    wide = wide_source, wide_labels, wide_target
    guesses = nearest(source, labels, target)
    golden = {
        "provenance": {
            "script": "Scripts/golden/subspace.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "source": matrix(source),
        "labels": labels.tolist(),
        "target": matrix(target),
        "wideSource": matrix(wide_source),
        "wideLabels": wide_labels.tolist(),
        "wideTarget": matrix(wide_target),
        "gfk": [gfk(source, target, k) for k in (1, 2, 3)],
        "wideGfk": [gfk(wide_source, wide_target, k) for k in (1, 4, 9)],
        "disagreement": [disagreement(source, target), disagreement(wide_source, wide_target)],
        "tjm": [
            tjm(source, target, gaussian, regularization, 3, rounds)
            for gaussian, regularization, rounds in [(False, 1.0, 1), (False, 0.3, 5), (True, 0.5, 4)]
        ],
        "wideTjm": [
            tjm(wide_source, wide_target, gaussian, regularization, 4, rounds)
            for gaussian, regularization, rounds in [(False, 1.0, 3), (True, 0.5, 3)]
        ],
        "bda": [
            bda(*tall, balance, weighted, 1.0, 3, 5)
            for balance, weighted in [(0.1, False), (0.9, False), (0.6, True), (1.0, True)]
        ],
        "wideBda": [
            bda(*wide, balance, weighted, 0.5, 4, 5)
            for balance, weighted in [(0.2, False), (0.7, True)]
        ],
        "balance": balance(source, labels, target, guesses),
        "jgsa": [
            jgsa(*tall, k, mu, beta, closeness, rounds)
            for k, mu, beta, closeness, rounds in [(3, 1, 0.1, 1, 1), (4, 0.5, 0.3, 2, 5)]
        ],
        "wideJgsa": [
            jgsa(*wide, k, mu, beta, closeness, rounds)
            for k, mu, beta, closeness, rounds in [(3, 1, 0.1, 1, 1), (4, 0.5, 0.3, 2, 5)]
        ],
        "meda": [
            meda(*tall, 2, p, balance, alignment, 0.1, smoothness, rounds)
            for p, balance, alignment, smoothness, rounds in [
                (5, 0.5, 10, 1, 1),
                (10, 0.2, 3, 0.5, 6),
                (4, 0.8, 10, 0, 3),
            ]
        ],
        "wideMeda": [meda(*wide, 4, 5, 0.5, 10, 0.1, 1, 4)],
    }
    path = ROOT / "Tests/MethodsTests/Golden/subspace.json"
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
