"""Golden values of the mappings and their kin, from SciPy, scikit-learn, SKADA and sketches.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn skada
    venv/bin/python Scripts/golden/mappings.py

Writes Tests/MethodsTests/Golden/mappings.json. What no library computes is written out here from
the papers' equations, in a way other than ours where there is one.
"""

import datetime
import itertools
import json
import pathlib
import platform

import numpy as np
import scipy
import scipy.optimize
import skada
import sklearn
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import kneighbors_graph
from sklearn.semi_supervised import LabelSpreading

from skada._reweight import MMDTarSReweightAdapter

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANDOM = np.random.default_rng(30000)


def draw(n, d, classes, shift):
    labels = np.arange(n) % classes
    mixing = RANDOM.normal(size=(d, d)) * 0.3 + np.eye(d)
    means = RANDOM.normal(size=(classes, d)) * 1.5
    return means[labels] + RANDOM.normal(size=(n, d)) @ mixing + shift, labels


def matrix(values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return {"rows": values.shape[0], "columns": values.shape[1], "elements": values.ravel().tolist()}


def denoiser(features, noise, ridge):
    """The expectation over corruptions as a sum over all 2^d of them."""
    n, d = features.shape
    square, crossed = np.zeros((d + 1, d + 1)), np.zeros((d, d + 1))
    for kept in itertools.product([0, 1], repeat=d):
        share = np.prod([1 - noise if keep else noise for keep in kept])
        corrupted = np.hstack([features * kept, np.ones((n, 1))])
        square += share * corrupted.T @ corrupted
        crossed += share * features.T @ corrupted
    return np.linalg.solve(square + ridge * np.diag([1] * d + [0]), crossed.T)


def msda(features, noise, ridge, layers):
    hidden, parts, first = features, [features], None
    for _ in range(layers):
        found = denoiser(hidden, noise, ridge)
        first = found if first is None else first
        hidden = np.tanh(np.hstack([hidden, np.ones((len(hidden), 1))]) @ found)
        parts.append(hidden)
    return {
        "noise": noise,
        "ridge": ridge,
        "layers": layers,
        "map": matrix(first),
        "last": matrix(hidden),
    }


def spreading(source, labels, target, alpha, neighbours, directed):
    """scikit-learn iterates to the solution; its knn kernel counts a sample among its own k."""
    features = np.vstack([source, target])
    known = np.r_[labels, -np.ones(len(target), dtype=int)]
    if directed:
        model = LabelSpreading(kernel="knn", n_neighbors=neighbours + 1, alpha=alpha)
    else:

        def kernel(left, right):
            graph = kneighbors_graph(left, neighbours, include_self=False).toarray()
            return np.maximum(graph, graph.T)

        model = LabelSpreading(kernel=kernel, alpha=alpha)
    model.set_params(tol=1e-13, max_iter=100000).fit(features, known)
    return {
        "alpha": alpha,
        "neighbours": neighbours,
        "graph": "directed" if directed else "symmetric",
        "answers": matrix(model.label_distributions_[len(source) :]),
    }


def confusions(classes):
    """w = C⁻¹ μ, clipped, of a confusion matrix and a target drawn with other shares."""
    confusion = RANDOM.dirichlet([0.5] * classes, classes).T * 0.4 + 0.6 * np.eye(classes)
    confusion = confusion * RANDOM.dirichlet([5] * classes)
    marginal = RANDOM.dirichlet([2] * classes)
    return {
        "confusion": matrix(confusion),
        "marginal": marginal.tolist(),
        "ratios": np.maximum(np.linalg.inv(confusion) @ marginal, 0).tolist(),
    }


def kernel_ratios(source, labels, target, gamma, bound):
    """The programme by SLSQP from many starts; SKADA's, whose bound is always 10."""
    n, classes = len(source), labels.max() + 1
    shares = np.bincount(labels) / n
    members = (labels[:, None] == np.arange(classes)) / n
    inner = members.T @ rbf_kernel(source, gamma=gamma) @ members
    pull = (members.T @ rbf_kernel(source, target, gamma=gamma)).mean(1)
    slack = bound / (4 * np.sqrt(n))
    best = None
    for _ in range(20):
        found = scipy.optimize.minimize(
            lambda w: 1e3 * (0.5 * w @ inner @ w - pull @ w),
            RANDOM.uniform(0, 2, classes),
            jac=lambda w: 1e3 * (inner @ w - pull),
            method="SLSQP",
            bounds=[(0, bound)] * classes,
            constraints=[
                {"type": "ineq", "fun": lambda w: shares @ w - 1 + slack, "jac": lambda w: shares},
                {"type": "ineq", "fun": lambda w: 1 + slack - shares @ w, "jac": lambda w: -shares},
            ],
            options={"ftol": 1e-16, "maxiter": 10000},
        )
        if best is None or found.fun < best.fun:
            best = found
    result = {
        "gamma": gamma,
        "bound": bound,
        "target": matrix(target),
        "ratios": best.x.tolist(),
        "objective": 0.5 * best.x @ inner @ best.x - pull @ best.x,
    }
    if bound == 10:
        adapter = MMDTarSReweightAdapter(gamma=gamma, reg=1e-7, tol=1e-12, max_iter=100000)
        adapter.fit(
            np.vstack([source, target]),
            np.r_[labels, -np.ones(len(target), dtype=int)],
            sample_domain=np.r_[np.ones(n), -2 * np.ones(len(target))].astype(int),
        )
        result["skada"] = adapter.alpha_.tolist()
    return result


def main():
    source, labels = draw(60, 4, 3, 0)
    target, _ = draw(45, 4, 3, 0.4)
    shifted = source[np.r_[0:60:3, 1:60:6]] + 0.01 * RANDOM.normal(size=(30, 4))
    golden = {
        "provenance": {
            "script": "Scripts/golden/mappings.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "skada": skada.__version__,
        },
        "source": matrix(source),
        "labels": labels.tolist(),
        "target": matrix(target),
        "msda": [
            msda(np.vstack([source, target]), *arguments)
            for arguments in [(0.5, 1e-5, 3), (0.8, 0.5, 2)]
        ],
        "spreading": [
            spreading(source, labels, target, *arguments)
            for arguments in [
                (0.99, 10, False),
                (0.5, 3, False),
                (0.99, 10, True),
                (0.8, 4, True),
            ]
        ],
        "confusions": [confusions(3), confusions(6)],
        "kernelRatios": [
            kernel_ratios(source, labels, shifted, 0.1, 10),
            kernel_ratios(source, labels, shifted, 0.5, 10),
            kernel_ratios(source, labels, target, 0.1, 1.2),
        ],
    }
    path = ROOT / "Tests/MethodsTests/Golden/mappings.json"
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
