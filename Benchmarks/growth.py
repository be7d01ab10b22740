#!/usr/bin/env python3
"""Time and memory of every method against the number of samples: a table, a CSV and a figure.

Gaussians of `side_by_side.py`, n samples a domain, 64 columns, one thread; a method stops growing where a
fit takes longer than --limit. The exponents are least-squares slopes of log seconds and log memory (above
the smallest run's) over the last three sizes. Needs numpy, and matplotlib for the figure.

  Benchmarks/growth.py --out Benchmarks/growth.csv --figure Benchmarks/growth.svg
  Benchmarks/growth.py ... --methods tca,jda --keep      these anew, the others as the CSV has them
"""
import argparse
import csv
import os
import subprocess
import tempfile

import numpy as np

import side_by_side

SIZES = [500, 1000, 2000, 4000, 8000]


def methods(bench):
    """Every method, with the settings that make one method several curves."""
    table = subprocess.run(
        [bench, "list", "methods", "--format", "csv"], check=True, capture_output=True, text=True)
    return {row["method"]: (row["method"], {}, "") for row in csv.DictReader(table.stdout.splitlines())
            if row["setting"] != "oracle"}


def slope(sizes, values):
    """The exponent over the last three sizes; nan of fewer than two positive values."""
    points = [(n, v) for n, v in zip(sizes, values) if v is not None and v > 0][-3:]
    if len(points) < 2:
        return float("nan")
    x, y = np.log([p[0] for p in points]), np.log([p[1] for p in points])
    return float(np.polyfit(x, y, 1)[0])


def measured_before(path):
    """The rows of a CSV by method."""
    kept = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            kept.setdefault(row["method"], []).append(row)
    return kept


def draw(rows, path):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    import matplotlib.pyplot as plt
    names = sorted(rows)
    columns = 6
    height = -(-len(names) // columns)
    figure, axes = plt.subplots(
        height, columns, figsize=(12, 1.5 * height), sharex=True, sharey=True)
    for axis in axes.flat:
        axis.set_visible(False)
    for name, axis in zip(names, axes.flat):
        axis.set_visible(True)
        axis.loglog(SIZES, [r or np.nan for r in rows[name]["seconds"]], "o-", ms=2.5, lw=1)
        for power, style in ((1, ":"), (2, "--"), (3, "-.")):
            axis.loglog(SIZES, [1e-3 * (n / SIZES[0]) ** power for n in SIZES], style, c="0.8", lw=0.7)
        axis.set_title(name, fontsize=7, pad=2)
        axis.set_xticks(SIZES[::2], [f"{n:,}" for n in SIZES[::2]])
        axis.set_yticks([1e-3, 1e-1, 1e1], ["1 ms", "0.1 s", "10 s"])
        axis.minorticks_off()
        axis.tick_params(labelsize=6)
    figure.supxlabel("samples a domain", fontsize=8)
    figure.supylabel("seconds of one fit and prediction (grey: powers 1, 2, 3)", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=os.path.join(here, ".build/release/bench"))
    parser.add_argument("--out", default="growth.csv")
    parser.add_argument("--figure")
    parser.add_argument("--methods", help="ids, separated by commas; all where not given")
    parser.add_argument("--limit", type=float, default=60, help="seconds of a fit that end a curve")
    parser.add_argument("--keep", action="store_true", help="keep the CSV's rows of other methods")
    arguments = parser.parse_args()
    arguments.data, arguments.repeats = "", 1
    chosen = methods(arguments.bench)
    if arguments.methods:
        chosen = {name: chosen[name] for name in arguments.methods.split(",")}
    side_by_side.METHODS.update(chosen)
    rows = {}
    kept = measured_before(arguments.out) if arguments.keep else {}
    with tempfile.TemporaryDirectory() as folder, open(arguments.out, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["method", "samples", "seconds", "memory_mb", "note"])
        for name, old in kept.items():
            if name in chosen:
                continue
            seconds = {int(row["samples"]): float(row["seconds"]) for row in old if row["seconds"]}
            rows[name] = {"seconds": [seconds.get(size) for size in SIZES]}
            table.writerows(row.values() for row in old)
        for name in chosen:
            seconds, memory, notes = [None] * len(SIZES), [None] * len(SIZES), []
            for place, size in enumerate(SIZES):
                found, note = side_by_side.measure_ours(name, f"gaussian-{size}", arguments, folder)
                if found:
                    seconds[place], memory[place] = found["seconds"], found["memory"]
                table.writerow([
                    name, size, f"{found['seconds']:.4f}" if found else "",
                    f"{found['memory']:.0f}" if found else "", note])
                file.flush()
                notes.append(note)
                if not found or 4 * found["seconds"] > arguments.limit:
                    break
            extra = [m - memory[0] if m and memory[0] else None for m in memory]
            rows[name] = {"seconds": seconds}
            cells = " | ".join("" if s is None else f"{s:.3f}" for s in seconds)
            last = [m for m in memory if m]
            print(f"| `{name}` | {cells} | {slope(SIZES, seconds):.1f} | "
                  f"{last[-1] if last else 0:.0f} | {slope(SIZES, extra):.1f} | {''.join(notes)}", flush=True)
    if arguments.figure:
        draw(rows, arguments.figure)


if __name__ == "__main__":
    main()
