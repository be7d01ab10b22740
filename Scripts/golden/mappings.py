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
from sklearn.svm import SVC, LinearSVC

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


def exchange(source, labels, target, share, tolerance, kernel):
    """The rounds of the self-labelling machine, written out with scikit-learn's machines."""
    n, m, classes = len(source), len(target), labels.max() + 1
    gamma = 1 / (source.shape[1] * np.vstack([source, target]).var())

    def fitted(features, truth):
        if kernel == "linear":
            machine = LinearSVC(loss="squared_hinge", dual=False, tol=1e-9, max_iter=100000)
        else:
            machine = SVC(kernel="rbf", gamma=gamma, tol=1e-6)
        return machine.fit(features, truth).decision_function

    def machines(features, truth):
        if classes == 2:
            decide = fitted(features, truth == 1)
            return lambda x: np.c_[-decide(x), decide(x)]
        parts = [fitted(features, truth == c) for c in range(classes)]
        return lambda x: np.column_stack([part(x) for part in parts])

    most = int(np.ceil(share * m / classes))
    kept, given, rounds = np.ones(n, bool), -np.ones(m, int), 0
    while rounds < 1000:
        rounds += 1
        known = given >= 0
        decide = machines(
            np.vstack([source[kept], target[known]]), np.r_[labels[kept], given[known]]
        )
        at_source, at_target = decide(source), decide(target)
        named = at_target.argmax(1)
        joining = []
        for c in range(classes):
            inside = np.flatnonzero(
                (given < 0) & (named == c) & (at_target[:, c] >= 0) & (at_target[:, c] <= 1)
            )
            joining.append(inside[np.argsort(-at_target[inside, c], kind="stable")][:most])
        changed = (given >= 0) & (given != named)
        given[changed] = -1
        for c in range(classes):
            given[joining[c]] = c
        joined, removed = sum(map(len, joining)), 0
        for c in range(classes):
            wanted = int(np.ceil((len(joining[c]) if joined else most) * max(1, n / m)))
            own = np.flatnonzero(kept & (labels == c))
            room = len(own) if (given == c).any() else len(own) - 1
            farthest = own[np.argsort(-at_source[own, c], kind="stable")][: min(wanted, room)]
            kept[farthest] = False
            removed += len(farthest)
        if removed == 0 and joined <= tolerance * m and changed.sum() <= tolerance * m:
            break
    return {
        "classCount": int(classes),
        "share": share,
        "tolerance": tolerance,
        "kernel": kernel,
        "source": matrix(source),
        "labels": labels.tolist(),
        "target": matrix(target),
        "rounds": rounds,
        "given": given.tolist(),
        "named": decide(target).argmax(1).tolist(),
    }


def exchanged(classes, n, m, share, kernel):
    source, labels = draw(n, 3, classes, 0)
    means = np.array([source[labels == c].mean(0) for c in range(classes)])
    target = means[np.arange(m) % classes] + 0.8 * RANDOM.normal(size=(m, 3)) + 0.6
    return exchange(source, labels, target, share, 0.03, kernel)


def complex_step(function, point):
    """The gradient of an analytic function to rounding: Im f(x + ih) / h."""
    gradient = np.zeros(point.size)
    for index in range(point.size):
        moved = point.astype(complex)
        moved.flat[index] += 1e-30j
        gradient[index] = function(moved).imag / 1e-30
    return gradient


def location_scale(source, labels, target, penalty):
    """The objective sample by sample, its gradient by complex steps, its minimum by SciPy."""
    (m, d), n, classes = source.shape, len(target), labels.max() + 1

    def objective(point):
        stretch, shift = point.reshape(2, classes, d)
        moved = stretch[labels] * source + shift[labels]

        def similar(left, right):
            return np.exp(-((left[:, None] - right[None]) ** 2).sum(2))

        value = similar(moved, moved).sum() / m**2 - 2 * similar(moved, target).sum() / (m * n)
        size = ((stretch[labels] - 1) ** 2).sum() + (shift[labels] ** 2).sum()
        return value + penalty * size / m

    start = np.r_[np.ones(classes * d), np.zeros(classes * d)]
    point = start + 0.3 * RANDOM.normal(size=start.size)
    found = scipy.optimize.minimize(
        lambda x: objective(x).real,
        start,
        jac=lambda x: complex_step(objective, x),
        method="L-BFGS-B",
        options={"maxiter": 10000, "ftol": 1e-15, "gtol": 1e-10},
    )
    return {
        "penalty": penalty,
        "source": matrix(source),
        "target": matrix(target),
        "point": point.tolist(),
        "value": objective(point),
        "gradient": complex_step(objective, point).tolist(),
        "minimum": found.fun,
    }


def transfer_subspace(source, labels, target, base, strength, shrinkage, dimensions):
    """The objective from its integrals' closed forms, the gradient by complex steps."""
    classes = labels.max() + 1
    total = np.cov(source.T, bias=True)
    within = sum((labels == c).mean() * np.cov(source[labels == c].T, bias=True) for c in range(classes))

    def orthonormal(basis):
        # Gram-Schmidt without conjugation, so that complex steps pass through.
        columns = []
        for column in basis.T:
            for other in columns:
                column = column - other * (other @ column)
            columns.append(column / np.sqrt(column @ column))
        return np.array(columns).T

    def spread(samples):
        centred = samples - samples.mean(0)
        covariance = centred.T @ centred / len(samples)
        return covariance + shrinkage * np.trace(covariance) / dimensions * np.eye(dimensions)

    def overlap(left, right, covariance):
        difference = left[:, None] - right[None]
        exponent = np.einsum("ijk,kl,ijl->ij", difference, np.linalg.inv(covariance), difference)
        return (np.exp(-0.5 * exponent) / np.sqrt(np.linalg.det(covariance))).mean()

    def objective(point):
        basis = orthonormal(point.reshape(-1, dimensions))
        left, right = source @ basis, target @ basis
        a, b = spread(left), spread(right)
        divergence = 1 - 2 * overlap(left, right, a + b) / (
            overlap(left, left, 2 * a) + overlap(right, right, 2 * b)
        )
        if base == "discriminant":
            value = np.trace(basis.T @ within @ basis) / np.trace(basis.T @ (total - within) @ basis)
        else:
            value = -np.trace(basis.T @ total @ basis) / np.trace(total)
        return value + strength * divergence

    point = RANDOM.normal(size=(source.shape[1], dimensions)).ravel()
    return {
        "base": base,
        "strength": strength,
        "shrinkage": shrinkage,
        "dimensions": dimensions,
        "point": point.tolist(),
        "value": objective(point),
        "gradient": complex_step(objective, point).tolist(),
    }


def assignment(n, classes, pull):
    """The linear programme of EasyTL by SciPy's HiGHS."""
    costs = RANDOM.uniform(0, 1, size=(n, classes)) + pull * np.arange(classes)
    rows = np.kron(np.eye(n), np.ones(classes))
    columns = np.kron(np.ones(n), np.eye(classes))
    found = scipy.optimize.linprog(
        costs.ravel(),
        A_ub=-columns,
        b_ub=-np.ones(classes),
        A_eq=rows,
        b_eq=np.ones(n),
        bounds=(0, 1),
        method="highs",
    )
    shares = found.x.reshape(n, classes)
    return {
        "costs": matrix(costs),
        "total": found.fun,
        "classes": shares.argmax(1).tolist(),
        "empty": int(classes - len(set(costs.argmin(1)))),
    }


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
        "exchange": [
            exchanged(2, 60, 50, 0.1, "linear"),
            exchanged(2, 80, 40, 0.2, "rbf"),
            exchanged(3, 60, 60, 0.1, "linear"),
            exchanged(3, 60, 60, 0.1, "rbf"),
        ],
        "locationScale": [
            location_scale(0.5 * source, labels, 0.4 * target + 0.3, 1e-3),
            location_scale(0.3 * source[:, :2], labels, 0.5 * target[:, :2] - 0.2, 0.1),
        ],
        "assignments": [
            assignment(40, 4, 0.0),
            assignment(30, 6, 0.3),
            assignment(25, 10, 1.0),
            assignment(12, 12, 0.4),
        ],
        "subspaces": [
            transfer_subspace(source, labels, target, *arguments)
            for arguments in [
                ("discriminant", 1.0, 0.01, 2),
                ("discriminant", 0.0, 0.01, 1),
                ("principal", 3.0, 0.1, 3),
            ]
        ],
    }
    path = ROOT / "Tests/MethodsTests/Golden/mappings.json"
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
