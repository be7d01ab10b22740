#!/usr/bin/env python3
"""Trials of a run: whatever happens to it, no finished cell is lost and the results are the same.

A plan of 200 cells is run undisturbed. Then, each time in a folder of its own, it is disturbed and
run again, and `results.csv` must be the same bytes:

- kill:      `kill -9` of the command or of one of its workers at a random moment; a worker costs
             one cell at most, and a command leaves no worker behind
- full disk: a small tmpfs that fills up, and is made larger before the plan is run again
- read-only: a folder that can't be written, and then can
- two:       a second command told to use the same folder, which must be refused at once

    Scripts/trials.py --bench .build/release/bench --moments 50

The tmpfs needs root; without it those trials are skipped and said so. Exits with 1 where one fails.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAN = """\
pairs: [moons:rotated-0->rotated-30, shifts:null-source->null-target]
methods: [coral, subspace-alignment, joint-pca, nn-weights, label-shift-em, gaussian-weights, tca,
  jda]
repetitions: {repetitions}
resamples: 100
"""


class Trials:
    def __init__(self, bench: Path, folder: Path, seed: int, jobs: int, repetitions: int):
        self.bench, self.folder, self.jobs = bench, folder, jobs
        self.random = random.Random(seed)
        self.plan = folder / "plan.yml"
        self.plan.write_text(PLAN.replace("{repetitions}", str(repetitions)))
        self.rows: list[tuple[str, int, int, str]] = []
        started = time.monotonic()
        code, errors = self.run("undisturbed")
        self.seconds = time.monotonic() - started
        assert code == 0, errors
        self.expected = (folder / "undisturbed/results.csv").read_bytes()
        lines = self.expected.split(b"\r\n")[1:]
        self.cells = len({line.split(b",", 1)[0] for line in lines if line})
        print(f"{self.cells} cells, {self.seconds:.1f} s undisturbed", flush=True)

    def start(self, name: str) -> subprocess.Popen:
        words = [self.bench, "run", self.plan, "--out", self.folder / name, "--quiet"]
        return subprocess.Popen(
            words + ["--jobs", str(self.jobs)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def run(self, name: str) -> tuple[int, str]:
        process = self.start(name)
        errors = process.communicate(timeout=600)[1]
        return process.returncode, errors

    def same(self, name: str) -> bool:
        """Runs what is missing and compares the bytes."""
        code, errors = self.run(name)
        path = self.folder / name / "results.csv"
        fine = code == 0 and path.exists() and path.read_bytes() == self.expected
        if not fine:
            print(f"{name}: exit code {code}: {errors.strip()[-400:]}", flush=True)
        return fine

    def add(self, trial: str, outcomes: list[bool], note: str) -> None:
        self.rows.append((trial, len(outcomes), sum(outcomes), note))
        print(f"{trial}: {sum(outcomes)} of {len(outcomes)}", flush=True)

    def kills(self, moments: int) -> None:
        outcomes: dict[str, list[bool]] = {"the command": [], "a worker": []}
        orphans = 0
        finished: list[int] = []
        for moment in range(moments):
            name = f"kill-{moment}"
            process = self.start(name)
            # What comes after the last cell, the exports, is a moment too.
            time.sleep(self.random.uniform(0, 1.05 * self.seconds))
            workers = children(process.pid)
            victim = "a worker" if workers and self.random.random() < 0.5 else "the command"
            try:
                os.kill(
                    self.random.choice(workers) if victim == "a worker" else process.pid,
                    signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.communicate(timeout=600)
            if victim == "the command":
                time.sleep(1)
                orphans += sum(is_running(worker, "worker") for worker in workers)
            finished.append(settled(self.folder / name))
            # A worker costs the cell that it ran, and no other.
            fine = victim == "the command" or (
                process.returncode in (0, 1) and finished[-1] >= self.cells - 1)
            if not fine:
                print(f"{name}: {finished[-1]} cells, exit code {process.returncode}", flush=True)
            outcomes[victim].append(self.same(name) and fine)
            shutil.rmtree(self.folder / name)
        between = sum(0 < count < self.cells for count in finished)
        for victim, results in outcomes.items():
            note = f"{orphans} workers left behind" if victim == "the command" else ""
            self.add(f"kill -9 of {victim}", results, note)
        print(f"at {between} of {moments} moments some cells were finished and some not", flush=True)

    def full_disk(self, sizes: list[int]) -> None:
        outcomes, said = [], set()
        for size in sizes:
            name = f"full-{size}"
            folder = self.folder / name
            folder.mkdir()
            if not mount(folder, f"size={size}k"):
                self.add("full disk", [], "skipped: no tmpfs can be mounted here")
                folder.rmdir()
                return
            try:
                code, errors = self.run(name)
                clear = code == 2 and errors.startswith("bench: ") and errors.count("\n") == 1
                if not clear:
                    print(f"{size} KiB: exit code {code}: {errors.strip()[-400:]}", flush=True)
                said.add(errors.strip().replace(str(self.folder), "..."))
                remount(folder, "size=64m")
                outcomes.append(clear and self.same(name))
            finally:
                unmount(folder)
        self.add("full disk", outcomes, f"tmpfs of {sizes[0]} to {sizes[-1]} KiB")
        for text in sorted(said):
            print(f"  {text}", flush=True)

    def read_only(self) -> None:
        name = "read-only"
        folder = self.folder / name
        folder.mkdir()
        if os.getuid() == 0:
            if not mount(folder, "size=64m,ro"):
                self.add("read-only folder", [], "skipped: no tmpfs can be mounted here")
                return
        else:
            folder.chmod(0o555)
        try:
            code, errors = self.run(name)
            print(f"  {errors.strip().replace(str(self.folder), '...')}", flush=True)
            clear = code == 2 and errors.startswith("bench: ") and errors.count("\n") == 1
            if os.getuid() == 0:
                remount(folder, "rw")
            else:
                folder.chmod(0o755)
            outcomes = [clear and self.same(name)]
            if os.getuid() == 0:
                # Results that are all there are read only, too: an export says so, and breaks none.
                remount(folder, "ro")
                code, errors = self.run(name)
                clear = code == 2 and errors.startswith("bench: ")
                outcomes.append(clear and (folder / "results.csv").read_bytes() == self.expected)
                remount(folder, "rw")
            self.add("read-only folder", outcomes, "")
        finally:
            if os.getuid() == 0:
                unmount(folder)

    def two(self) -> None:
        process = self.start("two")
        while not (self.folder / "two/.lock").exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        started = time.monotonic()
        code, errors = self.run("two")
        clear = code == 2 and "another bench is writing there" in errors
        print(f"  {errors.strip().replace(str(self.folder), '...')}", flush=True)
        took = time.monotonic() - started
        first = process.communicate(timeout=600)[1]
        fine = process.returncode == 0
        same = (self.folder / "two/results.csv").read_bytes() == self.expected
        if not (clear and fine and same):
            print(f"two: {code} {errors.strip()} {process.returncode} {first.strip()}", flush=True)
        self.add("a second command", [clear and fine and same], f"refused after {took:.2f} s")


def children(process: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(word) for word in path.read_text().split()]
        except OSError:
            pass
    return found


def is_running(process: int, word: str) -> bool:
    try:
        return word in Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return False


def settled(folder: Path) -> int:
    """The number of cells in a store, read by SQLite from a copy."""
    import sqlite3

    if not (folder / "results.sqlite").exists():
        return 0
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.glob("results.sqlite*"):
            shutil.copy(path, copy)
        store = sqlite3.connect(f"{copy}/results.sqlite")
        try:
            return store.execute(
                "SELECT count(*) FROM cell WHERE outcome IN ('completed', 'skipped')").fetchone()[0]
        except sqlite3.OperationalError:
            return 0
        finally:
            store.close()


def mount(folder: Path, options: str) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
    return os.getuid() == 0 and subprocess.run(words, stderr=subprocess.DEVNULL).returncode == 0


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", folder], check=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bench", type=Path, default=Path(".build/release/bench"))
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--sizes", type=int, default=12, help="sizes of the full disk")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=10, help="10 make 200 cells")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(
            arguments.bench.resolve(), Path(folder), arguments.seed, arguments.jobs,
            arguments.repetitions)
        trials.two()
        trials.read_only()
        # From a disk that can't hold an empty store to one that can't hold the exports.
        count = max(arguments.sizes, 1)
        last = size_of(Path(folder) / "undisturbed") // 1024
        trials.full_disk([16 + place * (last - 16) // count // 4 * 4 for place in range(count)])
        trials.kills(arguments.moments)
    print("\n| trial | times | same bytes after | |\n| --- | ---: | ---: | --- |")
    for trial, count, fine, note in trials.rows:
        print(f"| {trial} | {count} | {fine} | {note} |")
    sys.exit(any(count != fine for _, count, fine, _ in trials.rows))


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
