"""Golden values of the tests and intervals, from SciPy.

    python -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python Scripts/golden/statistics.py

Writes Tests/MetricsTests/Golden/statistics.json. What SciPy doesn't have (Iman-Davenport, Nemenyi's
critical difference, Holm, Cliff's delta, rliable's aggregates) is computed here from the published
formulas on SciPy's distributions.
"""

import datetime
import itertools
import json
import pathlib
import platform
import warnings

import numpy as np
import scipy
from scipy import stats

warnings.filterwarnings("ignore")
generator = np.random.default_rng(20240613)


def signed_rank_cases():
    samples = []
    for count in (1, 2, 5, 9, 13, 20, 50, 51, 80):
        samples.append(generator.normal(0.2, 1, count))
        samples.append(np.round(generator.normal(0.3, 1, count) * 2) / 2)  # Ties and zeros.
    samples += [np.ones(6), -np.ones(7), np.array([0, 0, 0.5]), np.array([1.0, -1.0, 1.0, -1.0])]
    cases = []
    for differences in samples:
        kept = differences[differences != 0]
        if len(kept) == 0:
            continue
        ranks = stats.rankdata(np.abs(kept))
        positive = ranks[kept > 0].sum()
        if len(kept) > 50:
            p = stats.wilcoxon(kept, method="asymptotic", correction=False).pvalue
        elif len(set(np.abs(kept))) == len(kept):
            p = stats.wilcoxon(kept, method="exact").pvalue
        elif len(kept) <= 13:
            p = stats.wilcoxon(
                kept, method=stats.PermutationMethod(n_resamples=np.inf)).pvalue
        else:
            # The distribution of the sum over all signs, by the product of its polynomials.
            polynomial = np.ones(1)
            for rank in ranks:
                factor = np.zeros(int(2 * rank) + 1)
                factor[0] = factor[-1] = 0.5
                polynomial = np.convolve(polynomial, factor)
            least = min(positive, ranks.sum() - positive)
            p = min(1, 2 * polynomial[: int(2 * least) + 1].sum())
        cases.append({
            "differences": differences.tolist(), "count": len(kept), "positiveRanks": positive,
            "pValue": float(p),
            "signPValue": stats.binomtest(int((kept > 0).sum()), len(kept), 0.5).pvalue,
        })
    return cases


def friedman_cases():
    cases = []
    for blocks, methods, decimals in [
            (5, 3, 9), (17, 8, 9), (17, 65, 9), (10, 4, 0), (6, 5, 1), (2, 3, 9), (30, 10, 1)]:
        scores = np.round(
            generator.normal(0, 1, (blocks, methods)) + np.linspace(0, 1, methods), decimals)
        result = stats.friedmanchisquare(*scores.T)
        chi = result.statistic
        ratio = (blocks - 1) * chi / (blocks * (methods - 1) - chi)
        cases.append({
            "blocks": scores.tolist(), "chiSquared": chi, "pValue": result.pvalue, "fisher": ratio,
            "fisherPValue": stats.f.sf(ratio, methods - 1, (methods - 1) * (blocks - 1)),
            "meanRanks": stats.rankdata(-scores, axis=1).mean(axis=0).tolist(),
        })
    return cases


def range_cases():
    cases = []
    for variables in (2, 3, 5, 10, 20, 65):
        for value in (0.3, 1.0, 2.5, 3.6, 5.0, 6.5):
            cases.append({
                "variables": variables, "range": value,
                "tail": float(stats.studentized_range.sf(value, variables, np.inf))})
    return cases


def critical_cases():
    cases = []
    for methods, blocks, alpha in itertools.product((2, 5, 10, 30), (4, 17), (0.05, 0.1)):
        q = stats.studentized_range.isf(alpha, methods, np.inf)
        cases.append({
            "methods": methods, "blocks": blocks, "level": alpha,
            "difference": float(
                q / np.sqrt(2) * np.sqrt(methods * (methods + 1) / (6 * blocks)))})
    return cases


def holm(p):
    order = np.argsort(p, kind="stable")
    adjusted = np.minimum(1, np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order]))
    result = np.empty(len(p))
    result[order] = adjusted
    return result


def holm_cases():
    samples = [generator.uniform(0, 0.1, 8), np.array([0.01, 0.01, 0.04]), np.array([0.3]),
               np.array([0.9, 0.8, 0.001, 1.0])]
    return [{"pValues": p.tolist(), "adjusted": holm(p).tolist()} for p in samples]


def dominance_cases():
    cases = []
    for first, second in [(1, 1), (5, 5), (7, 3), (20, 30)]:
        x = np.round(generator.normal(0.3, 1, first), 1)
        y = np.round(generator.normal(0, 1, second), 1)
        u = stats.mannwhitneyu(x, y).statistic
        cases.append({
            "values": x.tolist(), "others": y.tolist(), "probability": u / (first * second),
            "delta": float(np.sign(x[:, None] - y[None, :]).mean())})
    return cases


def trimmed_cases():
    cases = []
    for count in (1, 2, 3, 4, 5, 8, 17, 85):
        values = generator.normal(0, 1, count)
        cases.append({"values": values.tolist(), "mean": float(stats.trim_mean(values, 0.25))})
    return cases


def bootstrap_cases():
    cases = []
    for count, draws, name in [(10, 499, "mean"), (25, 999, "mean"), (25, 999, "std"),
                               (12, 2000, "median")]:
        statistic = {"mean": np.mean, "std": np.std, "median": np.median}[name]
        data = generator.exponential(1, count)
        result = stats.bootstrap(
            (data,), statistic, n_resamples=draws, rng=generator, method="percentile",
            vectorized=True)
        ends = {}
        for level in (0.9, 0.95):
            for method in ("percentile", "BCa"):
                interval = stats.bootstrap(
                    (data,), statistic, n_resamples=0, bootstrap_result=result, method=method,
                    confidence_level=level).confidence_interval
                ends[f"{method}-{level}"] = [float(interval.low), float(interval.high)]
        cases.append({
            "draws": result.bootstrap_distribution.tolist(), "estimate": float(statistic(data)),
            "leaveOneOut": [float(statistic(np.delete(data, i))) for i in range(count)],
            "intervals": ends})
    return cases


# Demšar, JMLR 7, 2006, table 5: critical values q_0.05 and q_0.10 of the two-tailed Nemenyi test
# (the studentised range divided by the root of 2) for 2 to 10 methods.
PUBLISHED = {
    "0.05": [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164],
    "0.1": [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920],
}

output = {
    "provenance": {
        "script": "Scripts/golden/statistics.py", "date": datetime.date.today().isoformat(),
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
    "signedRanks": signed_rank_cases(), "friedman": friedman_cases(), "ranges": range_cases(),
    "critical": critical_cases(), "holm": holm_cases(), "dominance": dominance_cases(),
    "trimmed": trimmed_cases(), "bootstrap": bootstrap_cases(), "published": PUBLISHED,
}
path = pathlib.Path(__file__).parents[2] / "Tests/MetricsTests/Golden/statistics.json"
path.write_text(
    json.dumps(output, separators=(",", ":")).replace("},{", "},\n{") + "\n")
