"""Golden values of the clustering methods, from scikit-learn, POT, SciPy and plain NumPy.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn POT
    venv/bin/python Scripts/golden/clustering.py

Writes Tests/MethodsTests/Golden/clustering.json and, for the learners behind the methods, the files
co-clustering, discriminant, gaussian-mixture and sparse-dictionary in Tests/LearnersTests/Golden. What
no library computes is written out here from the equations, one loop or formula a line, with no code
in common with the Swift sources.
"""

import datetime
import json
import pathlib
import platform
import warnings

import numpy as np
import ot
import scipy
import scipy.linalg
import scipy.stats
import sklearn
from sklearn.decomposition import dict_learning, sparse_encode
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import kneighbors_graph

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANDOM = np.random.default_rng(20260)


def draw(n, d, clusters, spread, shift):
    means = np.random.default_rng(3).normal(size=(clusters, d)) * spread
    labels = RANDOM.integers(clusters, size=n)
    return means[labels] + RANDOM.normal(size=(n, d)) * np.linspace(0.6, 1.2, d) + shift


def matrix(values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return {"rows": values.shape[0], "columns": values.shape[1], "elements": values.ravel().tolist()}


def mixture(weights, means, variances):
    return {"weights": weights.tolist(), "means": matrix(means), "variances": matrix(variances)}


def em_by_scikit_learn(features, start, ridge, iterations):
    """Weights, means and variances after that many steps of EM."""
    floor = ridge * features.var(axis=0).mean()
    model = GaussianMixture(
        len(start[0]), covariance_type="diag", tol=0, reg_covar=floor, max_iter=iterations,
        weights_init=start[0], means_init=start[1], precisions_init=1 / start[2], random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features)
    return mixture(model.weights_, model.means_, model.covariances_) | {
        "iterations": iterations, "meanLogLikelihood": float(model.score(features))}


def map_by_numpy(features, prior, relevance, ridge, iterations):
    """Gauvain and Lee's estimates with nu = 1 + rho K w and tau = 2 alpha - 1 = rho."""
    weights, means, variances = (value.copy() for value in prior)
    n, count = len(features), len(weights)
    floor = ridge * features.var(axis=0).mean()
    for _ in range(iterations):
        density = np.zeros((n, count))
        for k in range(count):
            density[:, k] = weights[k] * np.exp(
                scipy.stats.norm.logpdf(features, means[k], np.sqrt(variances[k])).sum(axis=1))
        members = density / density.sum(axis=1, keepdims=True)
        for k in range(count):
            c = members[:, k]
            weights[k] = (relevance * count * prior[0][k] + c.sum()) / (relevance * count + n)
            mean = (relevance * prior[1][k] + c @ features) / (relevance + c.sum())
            scatter = (c[:, None] * (features - mean) ** 2).sum(axis=0)
            pulled = relevance * (prior[2][k] + (prior[1][k] - mean) ** 2)
            means[k] = mean
            variances[k] = (pulled + scatter) / (relevance + c.sum()) + floor
    return mixture(weights, means, variances) | {"relevance": relevance, "iterations": iterations}


def barycentre(features, start, shares, entropy, rounds):
    """POT's free-support barycentre of one measure."""
    epsilon = entropy * np.median(ot.dist(start, features))
    uniform = np.full(len(features), 1 / len(features))
    moved = start
    for _ in range(rounds):
        plan = ot.sinkhorn(
            shares, uniform, ot.dist(moved, features), epsilon, method="sinkhorn_log",
            numItermax=100000, stopThr=1e-14)
        moved = plan @ features / shares[:, None]
    by_pot = ot.bregman.free_support_sinkhorn_barycenter(
        [features], [uniform], start, epsilon, b=shares, numItermax=rounds, stopThr=0,
        numInnerItermax=100000)
    if entropy >= 0.05:  # where POT's plain kernel does not underflow
        assert np.abs(by_pot - moved).max() < 1e-6, np.abs(by_pot - moved).max()
    return {"entropy": entropy, "rounds": rounds, "centroids": matrix(moved)}


def scatters(rows, labels):
    mean = rows.mean(axis=0)
    within, between = np.zeros((2, rows.shape[1], rows.shape[1]))
    for label in np.unique(labels):
        part = rows[labels == label]
        gap = (part.mean(axis=0) - mean)[:, None]
        within += (part - part.mean(axis=0)).T @ (part - part.mean(axis=0))
        between += len(part) * gap @ gap.T
    return within, between


def discriminant(source, target, source_labels, target_labels, weight, ridge, count):
    """The projector on the directions, which has neither signs nor an order."""
    within, between = scatters(target, target_labels)
    if weight > 0:
        other = scatters(source, source_labels)
        within, between = within + weight * other[0], between + weight * other[1]
    delta = ridge * np.trace(within + between) / len(within)
    vectors = scipy.linalg.eigh(between, within + delta * np.eye(len(within)))[1][:, -count:]
    basis = np.linalg.qr(vectors)[0]
    if weight == 0:  # where there is no source and hardly a ridge, scikit-learn's directions
        fitted = LinearDiscriminantAnalysis(solver="eigen").fit(target, target_labels)
        theirs = np.linalg.qr(fitted.scalings_[:, :count])[0]
        assert np.abs(theirs @ theirs.T - basis @ basis.T).max() < 1e-5
    return {"weight": weight, "ridge": ridge, "projector": matrix(basis @ basis.T)}


def dictionary(features, sparsity, rounds):
    """scikit-learn's exact codes and its dictionary after some rounds from given atoms."""
    atoms = features[:6] / np.linalg.norm(features[:6], axis=1, keepdims=True)
    first = sparse_encode(features, atoms, algorithm="lasso_lars", alpha=sparsity)
    learnt = dict_learning(
        features, 6, alpha=sparsity, max_iter=rounds, tol=0, method="lars", dict_init=atoms,
        code_init=first, random_state=0)[1]
    return {
        "sparsity": sparsity, "rounds": rounds, "features": matrix(features),
        "atoms": matrix(atoms), "codes": matrix(first), "learnt": matrix(learnt)}


def information(table):
    outer = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    positive = table > 0
    return float((table[positive] * np.log(table[positive] / outer[positive])).sum())


def blocks(table, rows, columns, k, l):
    sums = np.zeros((k, l))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            sums[row, column] += table[i, j]
    return sums


def divergence(left, right):
    if ((left > 0) & (right == 0)).any():
        return np.inf
    positive = left > 0
    return float((left[positive] * np.log(left[positive] / right[positive])).sum())


def share(values):
    """Zeros of zeros: the profile of no cluster, infinitely far from all that is there."""
    return values / values.sum() if values.sum() > 0 else values


def approximation(table, rows, columns, k, l):
    """Dai et al.'s p~(x, z) = p(x~, z~) p(x) / p(x~) p(z) / p(z~)."""
    cells = blocks(table, rows, columns, k, l)
    by_row = table.sum(axis=1) / cells.sum(axis=1)[rows]
    by_column = table.sum(axis=0) / cells.sum(axis=0)[columns]
    assert np.isfinite(by_row).all() and np.isfinite(by_column).all()
    return cells[np.ix_(rows, columns)] * np.outer(by_row, by_column)


def self_taught(p, q, rows_p, rows_q, columns, k, l, weight, iterations):
    """Dai et al.'s steps by the divergences themselves, from given clusters."""
    def loss():
        return information(p) - information(blocks(p, rows_p, columns, k, l)) + weight * (
            information(q) - information(blocks(q, rows_q, columns, k, l)))

    def row_step(table, rows):
        near = approximation(table, rows, columns, k, l)
        profiles = [share(near[rows == c].sum(axis=0)) for c in range(k)]
        return np.array([
            np.argmin([divergence(row / row.sum(), profile) for profile in profiles])
            for row in table])

    def column_costs(table, rows):
        near = approximation(table, rows, columns, k, l)
        profiles = [share(near[:, columns == c].sum(axis=1)) for c in range(l)]
        return np.array([
            [column.sum() * divergence(column / column.sum(), profile) for profile in profiles]
            for column in table.T])

    losses = [loss()]
    for _ in range(iterations):
        rows_p, rows_q = row_step(p, rows_p), row_step(q, rows_q)
        columns = np.argmin(column_costs(p, rows_p) + weight * column_costs(q, rows_q), axis=1)
        losses.append(loss())
    assert all(b <= a + 1e-12 for a, b in zip(losses, losses[1:]))
    return rows_p, rows_q, columns, losses


def co_clustering():
    rates = np.array([[9, 9, 1, 1, 1, 4], [1, 1, 9, 9, 2, 4], [3, 3, 3, 3, 9, 1.0]])
    groups = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    target = RANDOM.poisson(rates[RANDOM.integers(3, size=40)][:, groups])
    source = RANDOM.poisson(rates[RANDOM.integers(3, size=60)][:, groups])
    starts = RANDOM.integers(3, size=40), RANDOM.integers(3, size=60), np.arange(12) % 5
    results = []
    for weight in (0.5, 2.0):
        found = self_taught(
            target / target.sum(), source / source.sum(), *starts, 3, 5, weight, 6)
        results.append({
            "weight": weight, "iterations": 6, "rows": found[0].tolist(),
            "companion": found[1].tolist(), "columns": found[2].tolist(), "losses": found[3]})
    return {
        "target": matrix(target), "source": matrix(source), "rowStart": starts[0].tolist(),
        "companionStart": starts[1].tolist(), "columnStart": starts[2].tolist(),
        "results": results}


def graph(features, count):
    near = kneighbors_graph(features, count, include_self=False).toarray()
    near = np.maximum(near, near.T)
    scale = 1 / np.sqrt(near.sum(axis=1))
    return near * scale[:, None] * scale[None, :]


def degrees(table):
    rows, columns = np.sqrt(table.sum(axis=1)), np.sqrt(table.sum(axis=0))
    return table / rows[:, None] / columns[None, :]


def polar(values):
    left, _, right = np.linalg.svd(values, full_matrices=False)
    return left @ right


def transfer_spectral(target, source, count, neighbours, weight, authors_step):
    """The authors' steps (a gradient of length 1, then polar), or those of the lower bound."""
    low = np.minimum(np.vstack([target, source]).min(axis=0), 0)
    graphs = graph(target, neighbours), graph(source, neighbours)
    tables = degrees(target - low), degrees(source - low)
    shared = np.linalg.svd(degrees(np.vstack(tables)))[2][:count].T
    factors = []
    for w, a in zip(graphs, tables):
        factor = np.linalg.eigh(w)[1][:, ::-1][:, :count]
        factors.append(factor * np.where((factor * (a @ shared)).sum(axis=0) < 0, -1, 1))

    def objective():
        return sum(
            np.trace(f.T @ w @ f) + weight * np.trace(f.T @ a @ shared)
            for f, w, a in zip(factors, graphs, tables))

    last = -np.inf
    for _ in range(100000):
        for i, (w, a) in enumerate(zip(graphs, tables)):
            gradient = 2 * w @ factors[i] + weight * a @ shared
            if authors_step:
                factors[i] = polar(factors[i] + gradient / np.linalg.norm(gradient))
            else:
                factors[i] = polar(2 * factors[i] + gradient)
        shared = polar(tables[0].T @ factors[0] + tables[1].T @ factors[1])
        if abs(objective() - last) < 1e-13:
            break
        last = objective()
    return factors[0], objective()


def spectral(target, source):
    results = []
    for weight in (0.5, 3.0):
        embedding, objective = transfer_spectral(target, source, 3, 7, weight, False)
        theirs, their_objective = transfer_spectral(target, source, 3, 7, weight, True)
        assert abs(objective - their_objective) < 1e-6, (objective, their_objective)
        results.append({
            "weight": weight, "objective": float(objective),
            "gram": matrix(embedding @ embedding.T)})
    alone = np.linalg.eigh(graph(target, 7))[1][:, -3:]
    return {"neighbours": 7, "alone": matrix(alone @ alone.T), "results": results}


def write(path, values):
    (ROOT / path).write_text(json.dumps(values) + "\n")


def main():
    source, target = draw(80, 4, 3, 1.5, 0), draw(60, 4, 3, 1.5, 0.4)
    start = (np.array([0.5, 0.3, 0.2]), source[:3].copy(), np.full((3, 4), 0.8))
    shares = np.array([0.5, 0.3, 0.2])
    provenance = {
        "script": "Scripts/golden/clustering.py", "date": datetime.date.today().isoformat(),
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__, "POT": ot.__version__,
    }
    values = {
        "provenance": provenance,
        "source": matrix(source),
        "target": matrix(target),
        "start": mixture(*start),
        "maximumAPosteriori": [
            map_by_numpy(target, start, relevance, 0.01, iterations)
            for relevance in (1.0, 16.0) for iterations in (1, 5, 60)],
        "transport": {
            "shares": shares.tolist(),
            "barycentres": [
                barycentre(target, source[:3].copy(), shares, entropy, rounds)
                for entropy in (0.01, 0.1) for rounds in (1, 3, 20)],
        },
    }
    groups = RANDOM.integers(3, size=80), RANDOM.integers(3, size=60)
    directions = {
        "source": matrix(source), "target": matrix(target),
        "sourceClusters": groups[0].tolist(), "targetClusters": groups[1].tolist(),
        "directions": [
            discriminant(source, target, *groups, weight, ridge, 2)
            for weight, ridge in ((0.0, 1e-9), (1.0, 0.1), (0.3, 0.01))],
    }
    write(
        "Tests/LearnersTests/Golden/discriminant.json",
        {"provenance": provenance, "cases": [directions]})
    coded = draw(50, 8, 4, 1.0, 0)
    coded = coded - coded.mean(axis=0)
    coded = coded / np.sqrt((coded ** 2).sum(axis=1).mean())
    dictionaries = [
        dictionary(coded, sparsity, rounds) for sparsity in (0.02, 0.1, 0.3) for rounds in (1, 5)]
    write(
        "Tests/LearnersTests/Golden/sparse-dictionary.json",
        {"provenance": provenance, "cases": dictionaries})
    write(
        "Tests/LearnersTests/Golden/co-clustering.json",
        {"provenance": provenance, "cases": [co_clustering()]})
    values["spectral"] = spectral(target, source)
    write("Tests/MethodsTests/Golden/clustering.json", values)
    mixtures = [
        em_by_scikit_learn(target, start, ridge, iterations)
        | {"ridge": ridge, "features": matrix(target), "start": mixture(*start)}
        for ridge in (1e-6, 0.01) for iterations in (1, 2, 5, 40)]
    write(
        "Tests/LearnersTests/Golden/gaussian-mixture.json",
        {"provenance": provenance, "cases": mixtures})


main()
