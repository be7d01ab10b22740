"""SKADA-Bench's simulated table beside ours: the same shifts, protocol and learner.

Run:   python3 Scripts/skada_simulated.py command            prints the `bench compare` to run
Then:  python3 Scripts/skada_simulated.py compare DIR PUBLISHED.csv > table.md

PUBLISHED.csv is the long table of SKADA-Bench's stored results (columns target, method,
accuracy_percent, protocol); DIR is the --out of the comparison. Needs the standard library alone.
"""

import collections
import csv
import itertools
import shlex
import sys

METHODS = {
    "Train Src": "source-only", "Dens. RW": "density-weights", "Disc. RW": "discriminator-weights",
    "Gauss. RW": "gaussian-weights", "KLIEP": "kliep", "KMM": "kmm", "NN RW": "nn-weights",
    "MMDTarS": "target-shift", "CORAL": "coral", "MapOT": "ot-emd", "EntOT": "ot-sinkhorn",
    "ClassRegOT": "ot-group-lasso", "LinOT": "ot-linear", "MMD-LS": "mmd-location-scale",
    "JPCA": "joint-pca", "SA": "subspace-alignment", "TCA": "tca", "TSL": "tsl", "JDOT": "jdot",
    "OTLabelProp": "ot-label-propagation", "DASVM": "dasvm",
}
SHIFTS = {
    "covariate_shift": "covariate", "target_shift": "target", "concept_drift": "concept",
    "subspace": "subspace",
}


# Of the draws: the median squared distance among samples of both domains, and the mean variance
# of a column. The benchmark's kernel widths and ridges are in the features' units, ours are
# multiples of these two.
MEDIANS = {"covariate": 6.04, "target": 7.55, "concept": 7.26, "subspace": 4.38}
VARIANCES = {"covariate": 1.78, "target": 2.51, "concept": 2.39, "subspace": 1.35}

# The benchmark's config/datasets/Simulated.yml, in our names.
GAMMAS = [1e-4, 1e-3, 1e-2, 0.1, 0.5, 1, 10, 100, 1000]  # 0.5 is its "no value": 1 / columns
METRICS = ["squared-euclidean", "cosine", "city-block"]
DASVM_STEP = 6 / 640  # 3 samples of each of two classes, of the target's


def settings(shift):
    """What is fixed and what is tried, of every method that has a choice."""
    median, variance = MEDIANS[shift], VARIANCES[shift]
    samples = 1200 if shift == "subspace" else 800
    scott = (0.64 * samples) ** (-1 / 6) * variance**0.5
    gammas = [round(gamma * median, 6) for gamma in GAMMAS]
    fixed = {
        "kliep": {"centres": 100}, "kmm": {"bound": 1000, "landmarks": 0},
        "target-shift": {
            "estimate": "kernel-means", "folds": 5, "regularization": 0, "bound": 10},
        "mmd-location-scale": {"iterations": 100, "samples": 2000},
        "coral": {"ridge": 0}, "ot-sinkhorn": {"iterations": 1000},
        "ot-group-lasso": {"regularizer": "lpl1", "unit": "one", "rounds": 10, "iterations": 200},
        "ot-label-propagation": {"unit": "one", "iterations": 1000},
        "tsl": {"ambient": 100, "shrinkage": 1e-4, "iterations": 100, "samples": 300},
        "tca": {"form": "rbf-kernel", "landmarks": 0}, "jdot": {"rounds": 100},
        "dasvm": {
            "kernel": "rbf", "share": round(DASVM_STEP, 5), "rounds": 200, "tolerance": 0,
            "cost": 1},
        "discriminator-weights": {"cost": 1},
    }
    tried = {
        "kliep": {"scale": gammas + [round(median / (2 * variance), 3)]},
        "kmm": {"scale": gammas},
        "target-shift": {"scale": gammas},
        "density-weights": {
            "bandwidth": [
                round(width / scott, 6) for width in [0.01, 0.1, 1, 10, 100]
            ] + [round(1 / variance**0.5, 4)]},
        "gaussian-weights": {"covariance": ["shrunk", "empirical"]},
        "nn-weights": {"smoothing": ["true", "false"]},
        "coral": {"centred": ["true", "false"]},
        "ot-emd": {"metric": METRICS},
        "ot-sinkhorn": {"metric": METRICS, "entropy": [0.1, 0.5, 1]},
        "ot-group-lasso": {
            "metric": METRICS, "entropy": [0.1, 0.5, 1], "strength": [0.1, 0.5, 1]},
        "ot-linear": {
            "centred": ["true", "false"],
            "ridge": [max(1e-9, float(f"{ridge / variance:.3g}"))
                      for ridge in [1e-8, 1e-6, 0.1, 1, 10]]},
        "ot-label-propagation": {"metric": METRICS, "entropy": [0, 0.1, 1]},
        "mmd-location-scale": {
            "scale": [round(gamma * median, 4) for gamma in [0.1, 1, 10]],
            "regularization": [1e-10, 1e-8]},
        "joint-pca": {"components": [1, 2]},
        "subspace-alignment": {"components": [1, 2]},
        "tca": {"components": [1, 2, 5, 10, 20, 50, 100], "regularization": [10, 100]},
        "tsl": {"components": [1, 2], "strength": [0.1, 1, 10]},
        "jdot": {"labelShare": [0.1, 0.3, 0.5, 0.7, 0.9]},
    }
    return fixed, tried


def command(repetitions, select):
    """One comparison a shift, since the grids are in the units of its features."""
    methods = [name for name in METHODS.values() if name != "source-only"]
    for shift in SHIFTS.values():
        fixed, tried = settings(shift)
        pairs = [
            f"planar-shifts:{shift}-{draw}-source->{shift}-{draw}-target" for draw in range(5)]
        words = ["bench", "compare", "--methods", ",".join(methods), "--pairs", ",".join(pairs),
                 "--learner", "rbf-svm"]
        for flag, choices in (("--set", fixed), ("--grid", tried)):
            for method, parameters in choices.items():
                for name, values in parameters.items():
                    values = values if isinstance(values, list) else [values]
                    words += [flag, f"{method}.{name}=" + ",".join(map(str, values))]
        words += ["--holdout", "0.2", "--repetitions", str(repetitions), "--select", select,
                  "--search", "grid", "--resamples", "200", "--out",
                  f"results/skada-simulated/{shift}"]
        print(shlex.join(words))


def ours(folder):
    """Mean accuracy by rule, shift and method: over draws and repetitions."""
    values = collections.defaultdict(list)
    with open(f"{folder}/results.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            # DASVM brings a reference of its own learner, a linear machine.
            if row["method"] == "source-only" and "rbf-svm" not in row["parameters"]:
                continue
            if row["metric"] == "accuracy" and row["group"] == "":
                shift = row["source"].split("-")[0]
                values[row["selection"], shift, row["method"]].append(100 * float(row["value"]))
    return {key: sum(found) / len(found) for key, found in values.items()}


def published(path):
    """The same of the published table, by scorer; the supervised one is the oracle."""
    values = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rule = row["protocol"].split("hyper-parameters by ")[1].split(";")[0]
            rule = "oracle" if rule.startswith("supervised") else rule.split()[-1]
            if row["target"] in SHIFTS:
                values[rule, SHIFTS[row["target"]], row["method"]] = float(row["accuracy_percent"])
    return values


def kendall(left, right):
    """Kendall's tau-b."""
    concordant = discordant = ties_left = ties_right = 0
    for (a, b), (c, d) in itertools.combinations(list(zip(left, right)), 2):
        x, y = (a > c) - (a < c), (b > d) - (b < d)
        concordant += x * y > 0
        discordant += x * y < 0
        ties_left += x == 0
        ties_right += y == 0
    pairs = len(left) * (len(left) - 1) / 2
    return (concordant - discordant) / ((pairs - ties_left) * (pairs - ties_right)) ** 0.5


def compare(folder, path):
    mine, theirs = ours(folder), published(path)
    # What has nothing to choose has one result under every rule.
    def own(rule, shift, name):
        method = METHODS[name]
        return mine.get((rule, shift, method), mine.get(("none", shift, method)))

    print("| method | " + " | ".join(f"{shift}, published | measured" for shift in SHIFTS.values())
          + " |\n|---|" + "---:|---:|" * 4)
    taus, far = [], []
    for name in METHODS:
        cells = []
        for shift in SHIFTS.values():
            a, b = theirs["oracle", shift, name], own("oracle", shift, name)
            cells.append(f"{a:.1f} | " + ("" if b is None else f"{b:.1f}"))
            if b is None or abs(a - b) > 3:
                far.append(f"{name} under {shift}")
        print(f"| {name} | " + " | ".join(cells) + " |")
    for shift in SHIFTS.values():
        both = [(theirs["oracle", shift, name], own("oracle", shift, name)) for name in METHODS]
        both = [pair for pair in both if None not in pair]
        taus.append(kendall(*zip(*both)))
    means = [
        [sum(table(shift, name) for shift in SHIFTS.values()) / 4 for name in METHODS]
        for table in (lambda s, n: theirs["oracle", s, n], lambda s, n: own("oracle", s, n) or 0)
    ]
    print(f"\nKendall's τ of the methods' order under the supervised scorer: of the means over shifts "
          f"{kendall(*means):.2f}; " + ", ".join(
              f"{shift} {tau:.2f}" for shift, tau in zip(SHIFTS.values(), taus)) + ".")
    print(f"Cells further than 3 points apart: {len(far)} of {4 * len(METHODS)}: "
          + ", ".join(far) + ".")
    for title, table, names in [("SKADA-Bench", theirs, {n: n for n in METHODS}),
                                ("measured", mine, METHODS)]:
        rules = sorted({key[0] for key in table} - {"none"})
        source = names["Train Src"]
        for label, chosen in [("unsupervised selection", [r for r in rules if r != "oracle"]),
                              ("the oracle", ["oracle"])]:
            cells = []
            for rule in chosen:
                for shift in SHIFTS.values():
                    base = table.get((rule, shift, source)) or table.get(
                        ("oracle", shift, source)) or table[("none", shift, source)]
                    cells += [
                        table[rule, shift, method] < base - 1e-9
                        for method in names.values()
                        if method != source and (rule, shift, method) in table
                    ]
            print(f"Below source-only under {label}, {title}: "
                  f"{100 * sum(cells) / len(cells):.0f} % of {len(cells)}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["command"]:
        command()
    elif sys.argv[1:2] == ["compare"] and len(sys.argv) == 4:
        compare(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
