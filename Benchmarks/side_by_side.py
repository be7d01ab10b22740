#!/usr/bin/env python3
"""transfer-bench and the Python peers on the same files, one thread each, fit and prediction.

Needs `bench` built in release, and Python with numpy, scipy, scikit-learn, POT and skada. Prints a
table and writes a CSV with a row for each method and task: seconds of both (median of the repeats),
most memory of both processes, and their ratio. Peers run at the settings that ours have where they have
such a setting, each in a process of its own after a warm-up on a small problem; a peer that fails or
takes longer than --limit says so in its row, and larger Gaussians of it are not run.

SKADA's KLIEP chooses among five widths by cross-validation, as ours does: its single default of 1 leaves
nothing of the kernels in 64 columns. scikit-learn's logistic regression stops at gradients of 1e-6, as ours does: at its default of 1e-4 it is two
to three times faster, and on amazon->caltech answers 41 of 1,123 samples otherwise than its own minimum.
Its k-means runs until no sample changes its cluster, as ours does; its default stops where the centroids
move little.

  Benchmarks/side_by_side.py                              everything
  Benchmarks/side_by_side.py --methods coral,tca --tasks gaussian-1000
"""
import argparse
import csv
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

SIZES = [500, 1000, 2000, 4000, 8000]
PAIRS = {
    "amazon->caltech": "office-caltech:amazon->caltech",
    "usps->mnist": "usps-mnist-jda:usps->mnist",
}
# Ours (method and settings), then the peer's library and what it runs: see `peer`.
METHODS = {
    "source-only": ("source-only", {"learner": "logistic-regression"}, "scikit-learn"),
    "source-only (1-nn)": ("source-only", {"learner": "1-nn"}, "scikit-learn"),
    "source-only (rbf-svm)": ("source-only", {"learner": "rbf-svm"}, "scikit-learn"),
    "source-only (linear-svm)": ("source-only", {"learner": "linear-svm"}, "scikit-learn"),
    "kmm": ("kmm", {}, "skada"),
    "kliep": ("kliep", {}, "skada"),
    "discriminator-weights": ("discriminator-weights", {}, "skada"),
    "density-weights": ("density-weights", {}, "skada"),
    "gaussian-weights": ("gaussian-weights", {}, "skada"),
    "nn-weights": ("nn-weights", {}, "skada"),
    "target-shift": ("target-shift", {}, "skada"),
    "coral": ("coral", {}, "skada"),
    "subspace-alignment": ("subspace-alignment", {}, "skada"),
    "tca": ("tca", {"components": "100", "form": "kernel"}, "skada"),
    "tjm": ("tjm", {}, "skada"),
    "tsl": ("tsl", {}, "skada"),
    "mmd-location-scale": ("mmd-location-scale", {}, "skada"),
    "dasvm": ("dasvm", {}, "skada"),
    "label-propagation": ("label-propagation", {}, "scikit-learn"),
    "ot-emd": ("ot-emd", {}, "skada"),
    "ot-sinkhorn": ("ot-sinkhorn", {}, "skada"),
    "ot-group-lasso": ("ot-group-lasso", {}, "skada"),
    "ot-linear": ("ot-linear", {}, "skada"),
    "ot-label-propagation": ("ot-label-propagation", {}, "skada"),
    "jdot": ("jdot", {}, "skada"),
    "target-clustering": ("target-clustering", {}, "scikit-learn"),
}


def gaussians(n, d=64):
    """Source N(0, I), target N(1/2, A Aᵀ/d + I/10), two classes split on the first coordinate."""
    import numpy as np
    rng = np.random.default_rng(0)
    source = rng.standard_normal((n, d))
    mixing = rng.standard_normal((d, d))
    factor = np.linalg.cholesky(mixing @ mixing.T / d + 0.1 * np.eye(d))
    target = rng.standard_normal((n, d)) @ factor.T + 0.5
    return source, (source[:, 0] > 0).astype(int), target, (target[:, 0] > 0.5).astype(int)


def load(task, data):
    """Source, its labels, target: as ours gets them, prepared alike."""
    import numpy as np
    if task.startswith("gaussian-"):
        return gaussians(int(task.split("-")[1]))[:3]
    if task == "amazon->caltech":
        from scipy.io import loadmat
        parts = []
        for domain in ("amazon", "caltech"):
            path = os.path.join(data, "office_caltech10_surf", f"{domain}_SURF_L10.mat")
            content = loadmat(path, mat_dtype=True)
            features = content["fts"] / content["fts"].sum(axis=1, keepdims=True)
            features = (features - features.mean(axis=0)) / features.std(axis=0)
            parts += [features, content["labels"].ravel().astype(int) - 1]
        return parts[0], parts[1], parts[2]
    import h5py
    with h5py.File(os.path.join(data, "jda_usps_mnist", "MNIST_vs_USPS.mat"), "r") as content:
        target, source, labels = (content[key][()] for key in ("Xs", "Xt", "Yt"))
    unit = lambda x: x.astype(float) / np.linalg.norm(x, axis=1, keepdims=True)
    return unit(source), labels.ravel().astype(int) - 1, unit(target)


def peer(name, source, target):
    """A function of source, labels and target that fits the peer and predicts the target."""
    import numpy as np
    from scipy.spatial.distance import cdist
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    base = lambda: LogisticRegression(max_iter=5000, tol=1e-6)
    thin = (source[:: max(1, len(source) // 300)], target[:: max(1, len(target) // 300)])
    median = float(np.median(cdist(*thin, "sqeuclidean")))
    plain = {
        "source-only": base,
        "source-only (1-nn)": lambda: KNeighborsClassifier(1),
    }
    if name in plain:
        return lambda x, y, t: plain[name]().fit(x, y).predict(t)
    if name.startswith("source-only"):
        from sklearn.svm import SVC, LinearSVC
        machine = {"source-only (rbf-svm)": SVC, "source-only (linear-svm)": LinearSVC}[name]
        return lambda x, y, t: machine().fit(x, y).predict(t)
    if name == "label-propagation":
        from sklearn.semi_supervised import LabelSpreading

        def spread(x, y, t):
            model = LabelSpreading(kernel="knn", n_neighbors=10, alpha=0.99, max_iter=1000)
            model.fit(np.vstack([x, t]), np.r_[y, np.full(len(t), -1)])
            return model.transduction_[len(x):]
        return spread
    if name == "target-clustering":
        from sklearn.cluster import KMeans
        return lambda x, y, t: KMeans(
            len(set(y)), n_init=10, tol=0, max_iter=1000, random_state=0).fit_predict(t)
    import skada
    weighted = lambda: base().set_fit_request(sample_weight=True)
    components = min(100, len(source) + len(target))
    build = {
        "kmm": lambda: skada.KMMReweight(base_estimator=weighted()),
        "kliep": lambda: skada.KLIEPReweight(
            base_estimator=weighted(), gamma=[scale / median for scale in (0.1, 0.3, 1, 3, 10)]),
        "discriminator-weights": lambda: skada.DiscriminatorReweight(base_estimator=weighted()),
        "density-weights": lambda: skada.DensityReweight(base_estimator=weighted()),
        "gaussian-weights": lambda: skada.GaussianReweight(base_estimator=weighted()),
        "nn-weights": lambda: skada.NearestNeighborReweight(base_estimator=weighted()),
        "target-shift": lambda: skada.MMDTarSReweight(base_estimator=weighted()),
        "coral": lambda: skada.CORAL(base_estimator=base()),
        "subspace-alignment": lambda: skada.SubspaceAlignment(base_estimator=base(), n_components=20),
        "tca": lambda: skada.TransferComponentAnalysis(
            base_estimator=base(), kernel="linear", n_components=components),
        "tjm": lambda: skada.TransferJointMatching(base_estimator=base()),
        "tsl": lambda: skada.TransferSubspaceLearning(base_estimator=base()),
        "mmd-location-scale": lambda: skada.MMDLSConSMapping(base_estimator=base()),
        "dasvm": lambda: skada.DASVMClassifier(),
        "ot-emd": lambda: skada.OTMapping(base_estimator=base()),
        "ot-sinkhorn": lambda: skada.EntropicOTMapping(base_estimator=base(), norm="median", reg_e=0.1),
        "ot-group-lasso": lambda: skada.ClassRegularizerOTMapping(
            base_estimator=base(), norm="l1l2", reg_e=0.1 * median, reg_cl=0.1 * median),
        "ot-linear": lambda: skada.LinearOTMapping(base_estimator=base()),
        "ot-label-propagation": lambda: skada.OTLabelProp(base_estimator=base()),
        "jdot": lambda: skada.JDOTClassifier(base_estimator=base()),
    }[name]

    def run(x, y, t):
        stacked = np.vstack([x, t])
        labels = np.r_[y, np.full(len(t), -1)].astype(int)
        domains = np.r_[np.ones(len(x), int), np.full(len(t), -2)]
        model = build().fit(stacked, labels, sample_domain=domains)
        return model.predict(t, sample_domain=np.full(len(t), -2))
    return run


def run_peer(arguments):
    """In a process of its own: one line of JSON for each repeat."""
    import resource
    warnings.simplefilter("ignore")
    source, labels, target = load(arguments.tasks, arguments.data)
    function = peer(arguments.methods, source, target)
    try:
        function(*gaussians(64)[:3])
    except Exception:
        pass  # the small problem only warms up imports and kernels
    for _ in range(arguments.repeats):
        started = time.perf_counter()
        function(source, labels, target)
        seconds = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "memory": memory}), flush=True)
        if seconds > 20:
            break


def measure_peer(name, task, arguments):
    command = [
        sys.executable, os.path.abspath(__file__), "--peer", "--methods", name, "--tasks", task,
        "--data", arguments.data, "--repeats", str(arguments.repeats)]
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    reason = ""
    try:
        output, errors = process.communicate(timeout=arguments.limit)
        if process.returncode:
            lines = [line for line in errors.splitlines() if line.strip()]
            reason = lines[-1][:120] if lines else f"exit {process.returncode}"
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        reason = f"over {arguments.limit:g} s"
    rows = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return summary(rows), reason


def summary(rows):
    if not rows:
        return None
    return {"seconds": statistics.median(row["seconds"] for row in rows),
            "memory": max(row["memory"] for row in rows)}


def write_card(task, folder):
    """The Gaussians of a task as .npz files with a card; its path and the pair's name."""
    import numpy as np
    source, labels, target, truth = gaussians(int(task.split("-")[1]))
    files = []
    for domain, x, y in (("source", source, labels), ("target", target, truth)):
        path = os.path.join(folder, f"{task}-{domain}.npz")
        np.savez(path, features=x, labels=y)
        with open(path, "rb") as file:
            content = file.read()
        files.append(f"  - {{path: {os.path.basename(path)}, bytes: {len(content)}, "
                     f"sha256: {hashlib.sha256(content).hexdigest()}}}")
    card = os.path.join(folder, f"{task}.md")
    with open(card, "w") as file:
        file.write("\n".join(
            ["---", f"title: {task}", "licence: CC0-1.0", "citation: none", "files:", *files,
             "classes: [0, 1]", "read: {format: npz, features: features, labels: labels}", "domains:",
             f"  source: {{file: {task}-source.npz}}", f"  target: {{file: {task}-target.npz}}",
             "pairs: [source->target]", "---", "", "Gaussians of the benchmark.", ""]))
    return card, f"{task}:source->target"


def measure_ours(name, task, arguments, folder):
    method, settings, _ = METHODS[name]
    command = [
        arguments.bench, "compare", "--quiet", "--methods", method, "--protocol", "transductive",
        "--repetitions", str(arguments.repeats), "--resamples", "10", "--jobs", "1", "--memory", "20",
        "--timeout", str(arguments.limit), "--out", os.path.join(folder, "out")]
    if task in PAIRS:
        command += ["--pairs", PAIRS[task], "--data", arguments.data]
    else:
        card, pair = write_card(task, folder)
        command += ["--pairs", pair, "--card", card]
    for key, value in settings.items():
        command += ["--set", f"{method}.{key}={value}"]
    subprocess.run(["rm", "-rf", os.path.join(folder, "out")], check=True)
    done = subprocess.run(command, capture_output=True, text=True)
    path = os.path.join(folder, "out", "runs.csv")
    if not os.path.exists(path):
        return None, (done.stderr.strip().splitlines() or ["no results"])[-1][:120]
    cells, reason = {}, ""
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["method"] != method:
                continue
            if row["status"] != "completed":
                reason = row["reason"][:120]
                continue
            cells[row["repetition"]] = {
                "seconds": float(row["fit_seconds"]) + float(row["predict_seconds"]),
                "memory": float(row["peak_rss_mb"])}
    return summary(list(cells.values())), reason


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--bench", default=os.path.join(here, ".build/release/bench"))
    parser.add_argument("--data", default=os.environ.get(
        "TRANSFERBENCH_DATA", os.path.join(here, "../shared/data")))
    parser.add_argument("--out", default="side-by-side.csv")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--tasks", default=",".join([*PAIRS, *(f"gaussian-{n}" for n in SIZES)]))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300, help="seconds for all repeats of a row")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return run_peer(arguments)
    fields = ["method", "task", "peer", "ours_seconds", "peer_seconds", "ratio", "ours_mb", "peer_mb",
              "ours_note", "peer_note"]
    ratios = []
    with open(arguments.out, "w", newline="") as file, tempfile.TemporaryDirectory() as folder:
        table = csv.DictWriter(file, fields)
        table.writeheader()
        print(f"{'method':25}{'task':18}{'ours s':>9}{'peer s':>9}{'ratio':>8}{'MB':>7}{'peer MB':>9}")
        for name in arguments.methods.split(","):
            slow = {"ours": False, "peer": False}
            for task in arguments.tasks.split(","):
                ours, note = None, "not run"
                if not slow["ours"]:
                    ours, note = measure_ours(name, task, arguments, folder)
                other, why = None, "not run"
                if not slow["peer"]:
                    other, why = measure_peer(name, task, arguments)
                if task.startswith("gaussian-"):
                    slow = {"ours": ours is None, "peer": other is None}
                ratio = other["seconds"] / ours["seconds"] if ours and other else None
                if ratio:
                    ratios.append(ratio)
                show = lambda value, digits: f"{value:.{digits}f}" if value is not None else "-"
                row = {
                    "method": name, "task": task, "peer": METHODS[name][2],
                    "ours_seconds": show(ours and ours["seconds"], 4),
                    "peer_seconds": show(other and other["seconds"], 4), "ratio": show(ratio, 2),
                    "ours_mb": show(ours and ours["memory"], 0),
                    "peer_mb": show(other and other["memory"], 0), "ours_note": note, "peer_note": why}
                table.writerow(row)
                file.flush()
                print(f"{name:25}{task:18}{row['ours_seconds']:>9}{row['peer_seconds']:>9}"
                      f"{row['ratio']:>8}{row['ours_mb']:>7}{row['peer_mb']:>9}  "
                      f"{note or ''}{' | ' if note and why else ''}{why}", flush=True)
        if ratios:
            print(f"geometric mean of {len(ratios)} ratios: {statistics.geometric_mean(ratios):.2f}; "
                  f"lowest {min(ratios):.2f}")


if __name__ == "__main__":
    main()
