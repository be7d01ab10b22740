"""Golden values of the optimal-transport methods, from POT and SKADA.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn pot skada
    venv/bin/python Scripts/golden/transport.py

Writes Tests/MethodsTests/Golden/transport.json.
"""

import datetime
import importlib.metadata
import json
import pathlib
import platform

import numpy as np
import ot
import ot.da
import ot.gaussian
import scipy
import scipy.spatial
import skada
import sklearn
from sklearn.linear_model import LogisticRegression

from skada._ot import solve_jdot_classification

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANDOM = np.random.default_rng(30000)


def draw(n, d, classes, shift):
    labels = np.arange(n) % classes
    mixing = RANDOM.normal(size=(d, d)) * 0.3 + np.eye(d)
    means = RANDOM.normal(size=(classes, d)) * 0.7
    return means[labels] + RANDOM.normal(size=(n, d)) @ mixing + shift, labels


def matrix(values):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return {"rows": values.shape[0], "columns": values.shape[1], "elements": values.ravel().tolist()}


def uniform(n):
    return np.full(n, 1 / n)


def exact(source, target):
    cost = ot.dist(source, target, metric="sqeuclidean")
    a, b = uniform(len(source)), uniform(len(target))
    plan = ot.emd(a, b, cost)
    masses = RANDOM.random(len(source)) + 0.1, RANDOM.random(len(target)) + 0.1
    weighted = ot.emd2(masses[0] / masses[0].sum(), masses[1] / masses[1].sum(), cost)
    return {
        "cost": ot.emd2(a, b, cost),
        "moved": matrix(len(source) * plan @ target),
        "sourceMasses": (masses[0] / masses[0].sum()).tolist(),
        "targetMasses": (masses[1] / masses[1].sum()).tolist(),
        "weightedCost": weighted,
    }


def assignment(n):
    """As many samples on both sides, and costs with many ties."""
    cost = RANDOM.integers(0, 5, size=(n, n)).astype(float)
    return {"cost": matrix(cost), "value": ot.emd2(uniform(n), uniform(n), cost)}


def normalised(source, target):
    cost = ot.dist(source, target, metric="sqeuclidean")
    return cost / np.median(cost)


def concave(source, labels, target, entropy, strength, rounds):
    plan = ot.da.sinkhorn_lpl1_mm(
        uniform(len(source)), labels, uniform(len(target)), normalised(source, target), entropy,
        eta=strength, numItermax=rounds, numInnerItermax=100_000, stopInnerThr=1e-14,
    )  # fmt: skip
    # With a strong penalty the classes part, and Sinkhorn's iterations hardly converge.
    assert np.abs(plan.sum(0) * len(target) - 1).max() < 1e-11
    return {"entropy": entropy, "strength": strength, "rounds": rounds, "plan": matrix(plan)}


def convex(source, labels, target, entropy, strength):
    """The minimum: POT's where it is one, which the fixed point says.

    POT 0.9.7 leaves the entropy out of the objective of its line search, so that it may stop
    elsewhere. Then damped steps between POT's entropic plans are taken from there.
    """
    a, b, cost = uniform(len(source)), uniform(len(target)), normalised(source, target)
    members = np.eye(labels.max() + 1)[labels]

    def direction(plan):
        norms = np.sqrt(members.T @ plan**2)
        return ot.sinkhorn(
            a, b, cost + strength * plan / (members @ norms), entropy, stopThr=1e-14,
            numItermax=10_000,
        )  # fmt: skip

    found = ot.da.sinkhorn_l1l2_gl(
        a, labels, b, cost, entropy, eta=strength, numItermax=500, numInnerItermax=10_000,
        stopInnerThr=1e-13,
    )  # fmt: skip
    plan = found
    residual = np.abs(direction(found) - found).max() / found.max()
    for _ in range(1000):
        step = direction(plan) - plan
        if np.abs(step).max() < 1e-13 * plan.max():
            break
        plan = plan + 0.5 * step
    return {
        "entropy": entropy,
        "strength": strength,
        "plan": matrix(plan),
        "residual": np.abs(direction(plan) - plan).max() / plan.max(),
        "potResidual": residual,
        "potDifference": np.abs(found - plan).max() / plan.max(),
    }


def linear(source, target, ridge, centred=True):
    scale = (source.var(0).mean() + target.var(0).mean()) / 2
    A, b = ot.gaussian.empirical_bures_wasserstein_mapping(source, target, reg=ridge * scale, bias=centred)
    return {"ridge": ridge, "moved": matrix(source @ A + b)}


def costs(source, target, name, metric):
    """SciPy's distances, and the samples that POT's exact plan moves by them."""
    cost = scipy.spatial.distance.cdist(source, target, metric)
    plan = ot.emd(uniform(len(source)), uniform(len(target)), cost)
    return {
        "metric": name,
        "matrix": matrix(cost),
        "moved": matrix(len(source) * plan @ target),
    }


def propagation(source, labels, target, entropy):
    cost = ot.dist(source, target, metric="sqeuclidean")
    transport = (
        ot.da.SinkhornTransport(
            reg_e=entropy * np.median(cost), method="sinkhorn_log", max_iter=10_000, tol=1e-14
        )
        if entropy > 0
        else ot.da.EMDTransport()
    )
    transport.fit(Xs=source, ys=labels, Xt=target)
    return {"entropy": entropy, "shares": matrix(transport.transform_labels(labels))}


def joint(source, labels, target, share):
    base = LogisticRegression(C=1, tol=1e-12, max_iter=100_000)
    estimator, objectives, losses, _ = solve_jdot_classification(
        base, source, labels, target, alpha=share, n_iter_max=10
    )
    return {
        "labelShare": share,
        "objectives": objectives[1:],
        "losses": losses,
        "probabilities": matrix(estimator.predict_proba(target)),
    }


def main():
    source, labels = draw(48, 5, 3, 0.0)
    target, _ = draw(42, 5, 3, 0.6)
    wide_source, _ = draw(9, 30, 3, 0.0)
    wide_target, _ = draw(8, 30, 3, 0.4)
    values = {
        "provenance": {
            "script": "Scripts/golden/transport.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "sklearn": sklearn.__version__,
            "pot": ot.__version__,
            "skada": importlib.metadata.version("skada"),
        },
        "source": matrix(source),
        "labels": labels.tolist(),
        "target": matrix(target),
        "wideSource": matrix(wide_source),
        "wideTarget": matrix(wide_target),
        "exact": exact(source, target),
        "assignment": assignment(40),
        "concave": [concave(source, labels, target, *s) for s in [(0.1, 0.01, 10), (0.5, 0.1, 5)]],
        "convex": [convex(source, labels, target, *s) for s in [(0.1, 0.1), (0.2, 0.02)]],
        "linear": [linear(source, target, ridge) for ridge in (1e-3, 1.0)],
        "uncentredLinear": [linear(source, target, ridge, False) for ridge in (1e-3, 1.0)],
        "uncentredWideLinear": linear(wide_source, wide_target, 0.1, False),
        "costs": [
            costs(source, target, name, metric)
            for name, metric in [
                ("squared-euclidean", "sqeuclidean"), ("cosine", "cosine"),
                ("city-block", "cityblock"),
            ]
        ],
        "wideLinear": linear(wide_source, wide_target, 0.1),
        "propagation": [propagation(source, labels, target, entropy) for entropy in (0.0, 0.1)],
        "joint": [joint(source, labels, target, share) for share in (0.3, 0.5, 0.8)],
    }
    for case in values["convex"]:
        print({key: case[key] for key in ("residual", "potResidual", "potDifference")})
    path = ROOT / "Tests/MethodsTests/Golden/transport.json"
    path.write_text(json.dumps(values) + "\n")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
