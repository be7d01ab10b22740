"""Reference values for Learners, made with scikit-learn and written to Tests/LearnersTests/Golden.

Run: python Scripts/golden/learners.py
Needs numpy and scikit-learn. Every input is in the files, so that the tests need nothing else.
"""

import datetime
import json
import pathlib

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, LinearSVC

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "LearnersTests" / "Golden"


def rows(array):
    return np.asarray(array, dtype=float).tolist()


def integers(array):
    return [int(entry) for entry in array]


def write(name, cases):
    FOLDER.mkdir(parents=True, exist_ok=True)
    document = {
        "provenance": {
            "script": "Scripts/golden/learners.py",
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
            "date": datetime.date.today().isoformat(),
        },
        "cases": cases,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n")


def sets():
    """Small real sets, cut to every third or tenth sample, and one drawn set."""
    random = np.random.default_rng(20240101)
    iris, wine, cancer = load_iris(), load_wine(), load_breast_cancer()
    yield "iris", iris.data[::2], iris.target[::2], iris.data[1::2]
    yield "wine-raw", wine.data[::2], wine.target[::2], wine.data[1::2]
    scaled = (cancer.data - cancer.data.mean(0)) / cancer.data.std(0)
    yield "cancer-two-classes", scaled[::5, :8].round(6), cancer.target[::5], scaled[1::5, :8].round(6)
    centres = random.normal(size=(4, 6)) * 1.5
    labels = random.integers(0, 4, size=120)
    features = (centres[labels] + random.normal(size=(120, 6))).round(6)
    yield "four-clouds", features[:80], labels[:80], features[80:]


def logistic():
    random = np.random.default_rng(7)
    cases = []
    for name, train, labels, test in sets():
        for cost in (1.0, 0.1, 10.0):
            for weighted in (False, True):
                weights = random.integers(0, 4, size=len(labels)).astype(float) / 2 if weighted else None
                # scikit-learn's own solver leaves raw features at its mercy: newton-cholesky
                # minimises the same objective to the last digits.
                model = LogisticRegression(
                    C=cost, solver="newton-cholesky", tol=1e-12, max_iter=1000
                ).fit(train, labels, sample_weight=weights)
                cases.append({
                    "name": f"{name}, C = {cost}" + (", weighted" if weighted else ""),
                    "cost": cost,
                    "train": rows(train), "labels": integers(labels),
                    "weights": None if weights is None else weights.tolist(), "test": rows(test),
                    "coefficients": rows(model.coef_), "intercepts": rows(model.intercept_),
                    "probabilities": rows(model.predict_proba(test)),
                })
    lbfgs = []
    for case in cases:
        if case["name"].startswith("wine"):
            continue
        model = LogisticRegression(C=case["cost"], tol=1e-12, max_iter=100000).fit(
            case["train"], case["labels"], sample_weight=case["weights"])
        lbfgs.append(np.abs(model.coef_ - case["coefficients"]).max())
    print("lbfgs and newton-cholesky differ by at most", max(lbfgs))
    write("logistic-regression", cases)


def support_vectors():
    linear, kernel, weighted = [], [], []
    random = np.random.default_rng(11)
    for name, train, labels, test in sets():
        if name == "wine-raw":
            mean, deviation = train.mean(0), train.std(0)
            name, train, test = "wine", ((train - mean) / deviation).round(6), ((test - mean) / deviation).round(6)
        inputs = {"train": rows(train), "labels": integers(labels), "test": rows(test)}
        for cost in (1.0, 0.05):
            model = LinearSVC(C=cost, dual=False, tol=1e-10, max_iter=100000).fit(train, labels)
            linear.append({
                "name": f"{name}, C = {cost}", "cost": cost, **inputs,
                "coefficients": rows(model.coef_), "intercepts": rows(model.intercept_),
                "predictions": integers(model.predict(test)),
            })
            model = SVC(C=cost, gamma="scale", tol=1e-8, decision_function_shape="ovo").fit(train, labels)
            decisions = model.decision_function(test)
            kernel.append({
                "name": f"{name}, C = {cost}", "cost": cost, **inputs, "gamma": float(model._gamma),
                "decisions": rows(decisions.reshape(len(test), -1)),
                "predictions": integers(model.predict(test)),
            })
            weights = random.integers(1, 9, size=len(labels)) / 4
            model = SVC(C=cost, gamma="scale", tol=1e-8, decision_function_shape="ovo").fit(
                train, labels, sample_weight=weights)
            weighted.append({
                "name": f"{name}, C = {cost}", "cost": cost, **inputs, "gamma": float(model._gamma),
                "weights": weights.tolist(),
                "decisions": rows(model.decision_function(test).reshape(len(test), -1)),
                "predictions": integers(model.predict(test)),
            })
    write("weighted-kernel-svm", weighted)
    write("linear-svm", linear)
    write("kernel-svm", kernel)


def neighbours():
    cases = []
    for name, train, labels, test in sets():
        model = KNeighborsClassifier(n_neighbors=5, algorithm="brute").fit(train, labels)
        cases.append({
            "name": name, "train": rows(train), "labels": integers(labels), "test": rows(test),
            "probabilities": rows(model.predict_proba(test)),
        })
    write("nearest-neighbours", cases)


def components():
    cases = []
    for name, train, _, test in sets():
        for data, others, form in ((train, test, "tall"), (train[:4], test, "wide")):
            model = PCA(n_components=min(3, len(data) - 1), svd_solver="full").fit(data)
            cases.append({
                "name": f"{name}, {form}", "train": rows(data), "test": rows(others),
                "components": rows(model.components_), "mean": rows(model.mean_),
                "variances": rows(model.explained_variance_),
            })
    write("principal-components", cases)


def means():
    cases = []
    for name, train, _, _ in sets():
        initial = train[:3]
        model = KMeans(n_clusters=3, init=initial, n_init=1, tol=0, algorithm="lloyd", max_iter=1000).fit(train)
        cases.append({
            "name": name, "train": rows(train), "initial": rows(initial),
            "centroids": rows(model.cluster_centers_), "labels": integers(model.labels_),
            "inertia": float(model.inertia_),
        })
    write("k-means", cases)


def exact_decisions(train, labels, bounds, test):
    """The decisions of each pair of classes, from the system that its free support vectors solve.

    libsvm keeps the kernel in single precision: with weights of many values its own are right to
    some 1e-4 only.
    """
    columns = []
    for first in np.unique(labels):
        for second in np.unique(labels[labels > first]):
            part = (labels == first) | (labels == second)
            samples, bound = train[part], bounds[part]
            signs = np.where(labels[part] == first, 1.0, -1.0)
            kernel = samples @ samples.T
            model = SVC(kernel="precomputed", tol=1e-8).fit(kernel, signs, sample_weight=bound)
            alpha = np.zeros(len(samples))
            alpha[model.support_] = np.abs(model.dual_coef_[0])
            free = (alpha > 1e-3 * bound) & (alpha < (1 - 1e-3) * bound)
            fixed = np.where(free, 0.0, np.round(alpha / bound) * bound * signs)
            system = np.block([
                [kernel[np.ix_(free, free)], np.ones((free.sum(), 1))], [np.ones((1, free.sum())), 0]])
            right = np.append(signs[free] - kernel[free] @ fixed, -fixed.sum())
            solution = np.linalg.lstsq(system, right, rcond=None)[0]
            fixed[free] = solution[:-1]
            margins = signs * (kernel @ fixed + solution[-1]) - 1
            inside = (fixed * signs >= 0) & (fixed * signs <= bound)
            least = fixed * signs == 0
            assert inside.all() and np.abs(margins[free]).max() < 1e-9, "the free set is not the solution's"
            assert (margins[least] > -1e-9).all() and (margins[~free & ~least] < 1e-9).all()
            columns.append(test @ samples.T @ fixed + solution[-1])
    decisions = np.array(columns).T
    # As scikit-learn, that turns the sign round where there are two classes.
    return -decisions if decisions.shape[1] == 1 else decisions


def validated_support_vectors():
    random = np.random.default_rng(13)
    wide = random.normal(size=(30, 70)).round(6)
    wide[:20, :5] += 2 * (np.arange(20) % 2)[:, None]
    cases = []
    for name, train, labels, test in [
        *sets(), ("more-columns-than-samples", wide[:20], np.arange(20) % 2, wide[20:])
    ]:
        mean, deviation = train.mean(0), train.std(0)
        train, test = ((part - mean) / deviation + 3 for part in (train, test))
        train, test = train.round(6), test.round(6)
        train += random.normal(size=train.shape).round(6)
        unit = 1 / ((train - train.mean(0)) ** 2).sum(1).mean()
        parts = np.zeros(len(labels), dtype=int)
        for label in np.unique(labels):
            parts[labels == label] = np.arange((labels == label).sum()) % 5
        for weights in (None, random.integers(1, 9, size=len(labels)) / 4):
            count = np.ones(len(labels)) if weights is None else weights

            def machine(factor, rows):
                return SVC(C=factor * unit, kernel="linear", tol=1e-8, decision_function_shape="ovo").fit(
                    train[rows], labels[rows], sample_weight=count[rows])

            right = [
                sum(
                    (count * (labels == machine(factor, parts != part).predict(train)))[parts == part].sum()
                    for part in range(5))
                for factor in (0.1, 0.3, 1, 3, 10, 30)
            ]
            factor = (0.1, 0.3, 1, 3, 10, 30)[int(np.argmax(right))]
            decisions = machine(factor, parts >= 0).decision_function(test)
            if weights is not None:
                exact = exact_decisions(train, labels, factor * unit * count, test)
                assert np.abs(decisions.reshape(exact.shape) - exact).max() < 1e-3
                decisions = exact
            cases.append({
                "name": f"{name}, c = {factor}" + ("" if weights is None else ", weighted"),
                "train": rows(train), "labels": integers(labels), "test": rows(test),
                "weights": None if weights is None else weights.tolist(),
                "decisions": rows(decisions.reshape(len(test), -1)),
            })
            print(cases[-1]["name"], right)
    write("validated-svm", cases)


if __name__ == "__main__":
    logistic()
    support_vectors()
    validated_support_vectors()
    neighbours()
    components()
    means()
