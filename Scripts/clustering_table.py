"""Puts what clustering gained from the source into Benchmarks/clustering.md.

    make clustering
    python3 Scripts/clustering_table.py results/clustering/summary.csv Benchmarks/clustering.md

Reads the summary that `bench compare --methods family:clustering` wrote and replaces what stands
between the two marks of the document. Needs no package.
"""

import collections
import csv
import pathlib
import sys

METRICS = {
    "adjusted-rand-index": "ARI",
    "normalized-mutual-information": "NMI",
    "clustering-accuracy": "accuracy",
}
EMBEDDED = ("clinics", "digits", "moons", "shifts")
START, END = "<!-- tables -->", "<!-- end of tables -->"


def read(path):
    """The rows of the clustering methods: pair -> method -> metric -> row."""
    found = collections.defaultdict(lambda: collections.defaultdict(dict))
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["metric"] in METRICS and row["family"] == "clustering" and not row["group"]:
                pair = f"{row['dataset']}:{row['source']}→{row['target']}"
                found[pair][row["method"]][row["metric"]] = row
    return found


def verdict(row):
    if not row["gain_ci_low"]:
        return "nothing"
    if float(row["gain_ci_low"]) > 0:
        return "helps"
    return "hurts" if float(row["gain_ci_high"]) < 0 else "nothing"


def points(text):
    return f"{100 * float(text):.1f}".replace("-", "−")


def signed(text):
    return f"{100 * float(text):+.1f}".replace("-", "−")


def counts(found, pairs, methods):
    lines = ["| method | " + " | ".join(f"{name}: helps, nothing, hurts | mean gain" for name in
             METRICS.values()) + " |", "|---|" + "---|---|" * len(METRICS)]
    for method in methods:
        cells = [f"`{method}`"]
        for metric in METRICS:
            rows = [found[pair][method][metric] for pair in pairs if metric in found[pair][method]]
            tally = collections.Counter(verdict(row) for row in rows)
            gain = sum(float(row["gain"]) for row in rows) / max(len(rows), 1)
            cells += [f"{tally['helps']}, {tally['nothing']}, {tally['hurts']}", signed(gain)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def table(methods, results):
    lines = ["| method | " + " | ".join(
        f"{name} alone | with | gain" for name in METRICS.values()) + " |",
        "|---|" + "---|---|---|" * len(METRICS)]
    for method in methods:
        cells = [f"`{method}`"]
        for metric in METRICS:
            row = results[method].get(metric)
            if row is None:
                cells += ["–", "–", "–"]
                continue
            alone = float(row["mean"]) - float(row["gain"])
            ends = f"{signed(row['gain_ci_low'])}, {signed(row['gain_ci_high'])}"
            gain = f"{signed(row['gain'])} [{ends}]"
            mark = {"helps": " ▲", "hurts": " ▼", "nothing": ""}[verdict(row)]
            cells += [points(alone), points(row["mean"]), gain + mark]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main():
    summary, document = map(pathlib.Path, sys.argv[1:3])
    found = read(summary)
    methods = list(dict.fromkeys(method for results in found.values() for method in results))
    embedded = [pair for pair in found if pair.split(":")[0] in EMBEDDED]
    real = [pair for pair in found if pair not in embedded]
    lines = []
    for title, pairs in (("Real pairs", real), ("Embedded pairs", embedded)):
        if pairs:
            lines += [f"## {title}, counted", "", *counts(found, pairs, methods), ""]
    for pair in real + embedded:
        lines += [f"### {pair}", "", *table(methods, found[pair]), ""]
    text = document.read_text(encoding="utf-8")
    head, tail = text.split(START)[0], text.split(END)[1]
    document.write_text(head + START + "\n\n" + "\n".join(lines) + END + tail, encoding="utf-8")


main()
