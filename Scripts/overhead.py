#!/usr/bin/env python3
"""What a cell costs beside its fit: 10,000 cells of `source-only` on a small pair.

Measures a run on an otherwise empty folder, a second one that finds everything in the store, the
store, and the report, which headless Chromium opens where there is one.

    Scripts/overhead.py --bench .build/release/bench

Wall time is only worth something on an idle machine; processor time is of all processes.
"""

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path


def timed(words: list) -> tuple[float, float]:
    """Wall and processor time of a command and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bench", type=Path, default=Path(".build/release/bench"))
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--pair", default="moons:rotated-0->rotated-30")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plan, out = Path(folder) / "plan.yml", Path(folder) / "out"
        plan.write_text(
            f"pairs: ['{arguments.pair}']\nmethods: [source-only]\nprotocol: transductive\n"
            f"repetitions: {arguments.cells}\nresamples: 1\n")
        words = [arguments.bench, "run", plan, "--out", out, "--jobs", "2", "--quiet"]
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {arguments.cells} cells")
        rows = [("run of an empty folder", *timed(words))]
        rows.append(("the same again: store, scores, exports", *timed(words)))
        rows.append(("report", *timed([arguments.bench, "report", out])))
        browser = shutil.which("chromium")
        if browser:
            page = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
            rows.append(("Chromium with an empty page", *timed(page + ["about:blank"])))
            rows.append(("Chromium with the report", *timed(page + [f"file://{out}/report.html"])))
        print("| | wall, s | processor, s |\n|---|---|---|")
        for name, wall, processor in rows:
            print(f"| {name} | {wall:.1f} | {processor:.1f} |")
        cells = arguments.cells
        run, again = rows[0], rows[1]
        print(f"a cell: {1e3 * run[1] / cells:.2f} ms wall, {1e3 * run[2] / cells:.2f} ms processor;"
              f" less scores and exports {1e3 * (run[1] - again[1]) / cells:.2f} ms wall,"
              f" {1e3 * (run[2] - again[2]) / cells:.2f} ms processor")
        for name in ["results.sqlite", "results.csv", "report.html"]:
            print(f"{name}: {(out / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
