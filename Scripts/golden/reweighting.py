"""Golden values of the reweighting methods, from SKADA, ADAPT, scikit-learn and CVXOPT.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn skada cvxopt adapt tensorflow-cpu
    venv/bin/python Scripts/golden/reweighting.py

Writes Tests/MethodsTests/Golden/reweighting.json. Weights have mean 1.
"""

import datetime
import importlib.metadata
import json
import pathlib
import platform

import cvxopt
import cvxopt.solvers
import numpy as np
import scipy
import scipy.optimize
import skada
import sklearn
from adapt.instance_based import KLIEP, RULSIF, ULSIF
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import KernelDensity

from skada._reweight import (
    DensityReweightAdapter,
    DiscriminatorReweightAdapter,
    GaussianReweightAdapter,
)

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANDOM = np.random.default_rng(20000)


def draw(n, d, classes, shift):
    labels = np.arange(n) % classes
    mixing = RANDOM.normal(size=(d, d)) * 0.3 + np.eye(d)
    means = RANDOM.normal(size=(classes, d)) * 0.7
    return means[labels] + RANDOM.normal(size=(n, d)) @ mixing + shift, labels


def matrix(values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return {"rows": values.shape[0], "columns": values.shape[1], "elements": values.ravel().tolist()}


def scaled(weights):
    return (weights / weights.mean()).tolist()


def weights(adapter, source, target):
    features = np.vstack([source, target])
    domains = np.r_[np.ones(len(source)), -2 * np.ones(len(target))].astype(int)
    adapter.fit(features, sample_domain=domains)
    return adapter.compute_weights(features, sample_domain=domains)[: len(source)]


def discriminator(source, target, cost):
    """By SKADA, inverted.

    SKADA 0.6.0 gives the target the class 1 and weighs by (1 - p) / p with p the probability of
    class 1: that is p_S / p_T. Its inverse is what the method is.
    """
    model = LogisticRegression(C=cost, tol=1e-12, max_iter=100000)
    inverse = weights(DiscriminatorReweightAdapter(model), source, target)
    return {"cost": cost, "weights": scaled(1 / inverse)}


def density(source, target, bandwidth):
    deviations = np.vstack([source, target]).std(0)
    if bandwidth == 1:
        # Scott's rule by name gives each domain its own width.
        adapter = DensityReweightAdapter(KernelDensity(bandwidth="scott", rtol=0, atol=0))
        found = weights(adapter, source / deviations, target / deviations)
        return {"bandwidth": 1, "weights": scaled(found)}
    logs = []
    for sample in (target, source):
        n, d = sample.shape
        model = KernelDensity(bandwidth=bandwidth * n ** (-1 / (d + 4)))
        logs.append(model.fit(sample / deviations).score_samples(source / deviations))
    return {"bandwidth": bandwidth, "weights": scaled(np.exp(logs[0] - logs[1]))}


def kernel_mean_matching(source, target, gamma, bound):
    """The quadratic program by CVXOPT; its objective, without the weights' scaling."""
    n = len(source)
    kernel = rbf_kernel(source, gamma=gamma)
    attraction = n / len(target) * rbf_kernel(source, target, gamma=gamma).sum(1)
    slack = n * (np.sqrt(n) - 1) / np.sqrt(n)
    rows = np.vstack([-np.eye(n), np.eye(n), np.ones((1, n)), -np.ones((1, n))])
    limits = np.r_[np.zeros(n), np.full(n, bound), n + slack, slack - n]
    cvxopt.solvers.options.update(show_progress=False, abstol=1e-12, reltol=1e-12, feastol=1e-12)
    arrays = (kernel, -attraction, rows, limits)
    solution = cvxopt.solvers.qp(*(cvxopt.matrix(array) for array in arrays))
    found = np.array(solution["x"]).ravel()
    return {
        "gamma": gamma,
        "bound": bound,
        "target": matrix(target),
        "objective": found @ kernel @ found / 2 - attraction @ found,
        "sum": found.sum(),
        "largest": found.max(),
    }


def kliep(source, target, gamma):
    """The maximum by SciPy in shares of mass, and ADAPT's Frank-Wolfe iterations."""
    at_target = rbf_kernel(target, target, gamma=gamma)
    at_source = rbf_kernel(source, target, gamma=gamma)
    ratios = at_target / at_source.mean(0)
    solution = scipy.optimize.minimize(
        lambda shares: -np.log(ratios @ shares).mean(),
        np.full(len(target), 1 / len(target)),
        jac=lambda shares: -(ratios / (ratios @ shares)[:, None]).mean(0),
        method="SLSQP",
        bounds=[(0, 1)] * len(target),
        constraints={"type": "eq", "fun": lambda shares: shares.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 10000},
    )
    model = KLIEP(kernel="rbf", gamma=gamma, max_centers=len(target), verbose=0, random_state=0)
    model.fit_weights(source, target)
    found = rbf_kernel(target, model.centers_, gamma=gamma) @ model.alphas_
    return {
        "gamma": gamma,
        "likelihood": -solution.fun,
        "weights": scaled(at_source / at_source.mean(0) @ solution.x),
        "adaptLikelihood": np.log(found).mean(),
    }


def least_squares(source, target, mixture, gamma, ridge):
    """Weights by ADAPT; the leave-one-out score by fitting anew without each pair."""
    arguments = {"kernel": "rbf", "gamma": gamma, "lambdas": ridge, "verbose": 0}
    arguments["max_centers"] = len(target)
    model = RULSIF(alpha=mixture, **arguments) if mixture > 0 else ULSIF(**arguments)
    at_source = rbf_kernel(source, target, gamma=gamma)
    at_target = rbf_kernel(target, target, gamma=gamma)
    scores = []
    for pair in range(len(target)):
        left, right = np.delete(at_source, pair, 0), np.delete(at_target, pair, 0)
        square = mixture * right.T @ right / len(right) + (1 - mixture) * left.T @ left / len(left)
        solution = np.linalg.solve(square + ridge * np.eye(len(target)), right.mean(0))
        solution = np.maximum(solution, 0)
        r_source, r_target = at_source[pair] @ solution, at_target[pair] @ solution
        scores.append(mixture / 2 * r_target**2 + (1 - mixture) / 2 * r_source**2 - r_target)
    return {
        "mixture": mixture,
        "gamma": gamma,
        "ridge": ridge,
        "weights": scaled(model.fit_weights(source, target)),
        "score": np.mean(scores),
    }


def label_shift(posteriors, priors):
    """The priors of the largest likelihood, by SciPy."""
    ratios = posteriors / priors
    solution = scipy.optimize.minimize(
        lambda found: -np.log(ratios @ found).mean(),
        priors,
        jac=lambda found: -(ratios / (ratios @ found)[:, None]).mean(0),
        method="SLSQP",
        bounds=[(0, 1)] * len(priors),
        constraints={"type": "eq", "fun": lambda found: found.sum() - 1},
        options={"ftol": 1e-16, "maxiter": 10000},
    )
    return {
        "posteriors": matrix(posteriors),
        "sourcePriors": priors.tolist(),
        "targetPriors": solution.x.tolist(),
    }


def tradaboost(source, labels, shots, shot_labels, target, rounds):
    """Written out; ADAPT's TrAdaBoost (0.4.5) takes soft errors and error / (2 - error)."""
    features, truth = np.vstack([source, shots]), np.r_[labels, shot_labels]
    n, classes = len(source), truth.max() + 1
    factor = 1 / (1 + np.sqrt(2 * np.log(n) / rounds))
    weights = np.ones(len(features))
    votes = np.zeros((len(target), classes))
    errors = []
    for step in range(1, rounds + 1):
        model = LogisticRegression(C=1, tol=1e-12, max_iter=100000)
        model.fit(features, truth, sample_weight=weights / weights.mean())
        wrong = model.predict(features) != truth
        error = (weights[n:] * wrong[n:]).sum() / weights[n:].sum()
        errors.append(error)
        error = max(error, 0.5 / len(shots))
        beta = min(error / ((1 - error) * (classes - 1)), 1)
        weights[:n][wrong[:n]] *= factor
        weights[n:][wrong[n:]] /= beta
        if step >= np.ceil(rounds / 2):
            votes[np.arange(len(target)), model.predict(target)] -= np.log(beta)
    return {
        "rounds": rounds,
        "classCount": int(classes),
        "source": matrix(source),
        "labels": labels.tolist(),
        "shots": matrix(shots),
        "shotLabels": shot_labels.tolist(),
        "target": matrix(target),
        "errors": errors,
        "probabilities": matrix(votes / votes.sum(1, keepdims=True)),
    }


def boosting(classes, rounds):
    """Shots of a shifted domain, some of them with the wrong label."""
    features, labels = draw(80 + 8 * classes, 3, classes, 0)
    features[50:] += 0.7
    shot_labels = labels[50:-30].copy()
    shot_labels[::5] = (shot_labels[::5] + 1) % classes
    parts = (features[:50], labels[:50], features[50:-30], shot_labels, features[-30:])
    return tradaboost(*parts, rounds)


def main():
    source, labels = draw(60, 4, 3, 0)
    target, _ = draw(45, 4, 3, 0.4)
    golden = {
        "provenance": {
            "script": "Scripts/golden/reweighting.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "skada": skada.__version__,
            "cvxopt": cvxopt.__version__,
            "adapt": importlib.metadata.version("adapt"),
        },
        "source": matrix(source),
        "labels": labels.tolist(),
        "target": matrix(target),
        "discriminator": [discriminator(source, target, cost) for cost in (0.01, 1.0)],
        "gaussianShrunk": scaled(weights(GaussianReweightAdapter(), source, target)),
        "gaussianEmpirical": scaled(weights(GaussianReweightAdapter(reg=None), source, target)),
        "density": [density(source, target, bandwidth) for bandwidth in (1.0, 2.0)],
        "kernelMeanMatching": [
            kernel_mean_matching(source, target, 0.1, 1000.0),
            kernel_mean_matching(source[:, :1], target[:, :1], 0.3, 1000.0),
            # The bound on each weight is active, and that on their sum.
            kernel_mean_matching(source, target, 0.1, 1.5),
            kernel_mean_matching(source, target + 5, 0.1, 1000.0),
        ],
        "kliep": [kliep(source, target, gamma) for gamma in (0.03, 0.3)],
        "leastSquares": [
            # As many source as target samples: each pair is left out once.
            least_squares(source[: len(target)], target, *arguments)
            for arguments in [(0.0, 0.1, 0.1), (0.0, 1.0, 0.01), (0.1, 0.1, 0.1), (0.6, 0.3, 1.0)]
        ],
        "labelShift": [
            label_shift(RANDOM.dirichlet([0.3] * 4, 80), np.array([0.4, 0.3, 0.2, 0.1])),
            label_shift(RANDOM.dirichlet([0.2, 1.0, 0.5], 60), np.array([0.1, 0.1, 0.8])),
        ],
        "tradaboost": [boosting(2, 10), boosting(3, 7)],
    }
    path = ROOT / "Tests/MethodsTests/Golden/reweighting.json"
    path.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
