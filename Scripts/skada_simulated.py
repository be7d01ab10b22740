"""SKADA-Bench's simulated table beside ours: the same shifts, protocol, grids and learner.

Run:   python3 Scripts/skada_simulated.py command REPETITIONS RULE [METHODS [SUFFIX [CARD]]]
       prints the four `bench compare` to run: RULE is what --select takes (oracle, all), METHODS
       some of them, SUFFIX what the folders' names then end in, CARD that of skada_card.py where
       the benchmark's own draws are to be taken
Then:  python3 Scripts/skada_simulated.py compare DIR PUBLISHED.csv [RERUN.csv [DRAWN]]

PUBLISHED.csv is the long table of SKADA-Bench's stored results (columns target, method,
accuracy_percent, protocol); DIR holds the four --out folders; RERUN.csv is what skada_rerun.py
wrote, DRAWN is as DIR on the benchmark's own draws. Needs the standard library alone.
"""

import collections
import csv
import itertools
import math
import pathlib
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
# What SKADA runs under these names are other methods than the papers': see papers/validators.md.
OTHERS = ["Disc. RW", "MMD-LS", "TCA", "TSL", "JDOT", "DASVM"]
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


def command(repetitions, select, names=None, suffix="", card=None):
    """One comparison a shift, since the grids are in the units of its features."""
    methods = [name for name in METHODS.values() if name != "source-only"]
    methods = names.split(",") if names else methods
    data = "skada-draws" if card else "planar-shifts"
    for shift in SHIFTS.values():
        fixed, tried = settings(shift)
        pairs = [
            f"{data}:{shift}-{draw}-source->{shift}-{draw}-target" for draw in range(5)]
        words = ["bench", "compare", "--methods", ",".join(methods), "--pairs", ",".join(pairs),
                 "--learner", "rbf-svm"]
        for flag, choices in (("--set", fixed), ("--grid", tried)):
            for method, parameters in choices.items():
                if method not in methods:
                    continue
                for name, values in parameters.items():
                    values = values if isinstance(values, list) else [values]
                    words += [flag, f"{method}.{name}=" + ",".join(map(str, values))]
        words += ["--holdout", "0.2", "--repetitions", str(repetitions), "--select", select,
                  "--search", "grid", "--resamples", "200", "--out",
                  f"results/skada-simulated/{shift}{suffix}"]
        if card:
            words += ["--card", card, "--data", str(pathlib.Path(card).parent)]
        print(shlex.join(words))


def ours(folder):
    """Accuracies in percent by rule, shift and method, and there by draw."""
    values = collections.defaultdict(lambda: collections.defaultdict(dict))
    for path in sorted(pathlib.Path(folder).glob("*/results.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                # DASVM brings a reference of its own learner, a linear machine.
                if row["method"] == "source-only" and "rbf-svm" not in row["parameters"]:
                    continue
                if row["metric"] == "accuracy" and row["group"] == "":
                    shift, draw = row["source"].split("-")[:2]
                    key = (row["selection"], shift, row["method"])
                    # Several runs may hold the same cell, such as the reference.
                    values[key][draw][row["repetition"]] = 100 * float(row["value"])
    return {
        key: {draw: list(found.values()) for draw, found in by_draw.items()}
        for key, by_draw in values.items()}


def rerun(path):
    """The same of SKADA itself, from skada_rerun.py."""
    values = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = ("oracle", SHIFTS[row["shift"]], row["method"])
            values[key][row["draw"]].append(float(row["accuracy_percent"]))
    return values


def mean(by_draw, draws=None):
    """The mean over the draws named, or all."""
    found = [value for draw, values in by_draw.items() if draws is None or draw in draws
             for value in values]
    return sum(found) / len(found) if found else None


def error(by_draw):
    """The standard error of the mean, draws being what varies."""
    means = [sum(values) / len(values) for values in by_draw.values()]
    if len(means) < 2:
        return math.nan
    centre = sum(means) / len(means)
    return (sum((m - centre) ** 2 for m in means) / (len(means) - 1) / len(means)) ** 0.5


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


def order(left, right, names):
    """Kendall's tau of two tables by shift, and of their means over shifts."""
    found = {}
    for shift in SHIFTS.values():
        both = [(left(shift, name), right(shift, name)) for name in names]
        found[shift] = kendall(*zip(*[pair for pair in both if None not in pair]))
    whole = [[[table(shift, name) for shift in SHIFTS.values()] for name in names]
             for table in (left, right)]
    kept = [place for place in range(len(names)) if None not in whole[0][place] + whole[1][place]]
    found["means"] = kendall(*[[sum(table[place]) for place in kept] for table in whole])
    return found


def show(title, taus):
    print(f"{title}: " + ", ".join(f"{name} {tau:.2f}" for name, tau in taus.items()) + ".")


def halves(table, names):
    """The mean tau between two of the draws and the rest."""
    draws = sorted({draw for by_draw in table.values() for draw in by_draw})
    found = collections.defaultdict(list)
    for some in itertools.combinations(draws, len(draws) // 2):
        rest = set(draws) - set(some)
        taus = order(
            lambda shift, name: mean(table[shift, name], some),
            lambda shift, name: mean(table[shift, name], rest), names)
        for key, tau in taus.items():
            found[key].append(tau)
    return {key: sum(taus) / len(taus) for key, taus in found.items()}


def compare(folder, path, again=None, same=None):
    mine, theirs = ours(folder), published(path)
    fresh = rerun(again) if again else {}
    drawn = ours(same) if same else {}

    # What has nothing to choose has one result under every rule.
    def own(rule, shift, name, table=mine):
        method = METHODS[name]
        return table.get((rule, shift, method)) or table.get(("none", shift, method)) or {}

    def reference(shift, name):
        return theirs["oracle", shift, name]

    def measured(shift, name):
        return mean(own("oracle", shift, name))

    def repeated(shift, name):
        return mean(fresh.get(("oracle", shift, name), {}))

    def redrawn(shift, name):
        return mean(own("oracle", shift, name, drawn))

    print("| method | " + " | ".join(
        f"{shift}: published | ours" + (" | its draws" if drawn else "")
        for shift in SHIFTS.values()) + " |\n|---|" + "---:|---:|" * 4 + "---:|" * 4 * bool(drawn))
    far, noise, there = [], [], []
    for name in METHODS:
        cells = []
        for shift in SHIFTS.values():
            a, b = reference(shift, name), measured(shift, name)
            spread = error(own("oracle", shift, name))
            noise.append(spread)
            values = [b] + ([redrawn(shift, name)] if drawn else [])
            cells.append(" | ".join([f"{a:.1f}"] + ["" if v is None else f"{v:.1f}" for v in values]))
            if b is None or abs(a - b) > 3:
                far.append(f"{name} under {shift} ({a - (b or 0):+.1f}, error {spread:.1f})")
            if values[-1] is not None and abs(a - values[-1]) > 3:
                there.append(f"{name} under {shift} ({a - values[-1]:+.1f})")
        print(f"| {name} | " + " | ".join(cells) + " |")
    print()
    show("Kendall's τ of the published order and ours", order(reference, measured, list(METHODS)))
    sound = [name for name in METHODS if name not in OTHERS]
    show("  without " + ", ".join(OTHERS), order(reference, measured, sound))
    show("  without TCA", order(reference, measured, [n for n in METHODS if n != "TCA"]))
    cells = {(shift, name): own("oracle", shift, name)
             for shift in SHIFTS.values() for name in METHODS}
    for names, title in [(list(METHODS), ""), (sound, " without those")]:
        show("Ceiling: between two of our draws and the other three" + title, halves(cells, names))
        if drawn:
            show("The published order and ours on its draws" + title,
                 order(reference, redrawn, names))
        if fresh:
            show("Ceiling: the published order and SKADA's on fresh draws" + title,
                 order(reference, repeated, names))
            show("Our order and SKADA's on fresh draws" + title,
                 order(measured, repeated, names))
    print(f"Cells further than 3 points apart: {len(far)} of {4 * len(METHODS)}: "
          + ", ".join(far) + ".")
    if drawn:
        print(f"On the benchmark's draws: {len(there)}: " + ", ".join(there) + ".")
    known = [value for value in noise if value == value]
    if known:
        print(f"Standard error of a measured cell: {sum(known) / len(known):.1f} on average.")
    for title, table, names in [("SKADA-Bench", theirs, {n: n for n in METHODS}),
                                ("measured", {k: mean(v) for k, v in mine.items()}, METHODS)]:
        rules = sorted({key[0] for key in table} - {"none"})
        source = names["Train Src"]
        for label, chosen in [("unsupervised selection", [r for r in rules if r != "oracle"]),
                              ("the oracle", ["oracle"])]:
            cells = []
            for rule in chosen:
                for shift in SHIFTS.values():
                    base = next(
                        table[key] for key in [
                            (rule, shift, source), ("oracle", shift, source),
                            ("none", shift, source)] if key in table)
                    cells += [
                        table[rule, shift, method] < base - 1e-9
                        for method in names.values()
                        if method != source and (rule, shift, method) in table
                    ]
            if cells:
                print(f"Below source-only under {label}, {title}: "
                      f"{100 * sum(cells) / len(cells):.0f} % of {len(cells)}.")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["command"] and 3 <= len(arguments) <= 6:
        command(int(arguments[1]), *arguments[2:])
    elif arguments[:1] == ["compare"] and 3 <= len(arguments) <= 5:
        compare(*arguments[1:])
    else:
        sys.exit(__doc__)
