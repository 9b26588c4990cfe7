"""`make bench`: measure set-up, report and pages; `ARGS="--national 150"` measures inside a national-size database,
`ARGS="--search 100000"` searches among so many records, `ARGS="--chronology 100000"` makes a chronology of so many entries."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "", "actions/", "chain/", "priorities/", "meetings/", "decisions/", "hub/", "clocks/", "report/", "figures/", "figures/discrepancies",
    "partnership/", "agencies/",
)  # fmt: skip


def main() -> None:
    """Measure and print; `--json FILE` keeps the numbers."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--national", type=int, default=0, metavar="N", help="clone the sample N times before measuring"
    )
    parser.add_argument("--years", type=int, default=1, metavar="Y", help="each clone holds so many years")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is opened")
    parser.add_argument(
        "--search", type=int, default=0, metavar="N", help="measure only searches, among N records"
    )
    parser.add_argument(
        "--chronology",
        type=int,
        default=0,
        metavar="N",
        help="measure only a combined chronology of N entries",
    )
    parser.add_argument("--json", metavar="FILE", help="write the numbers here")
    arguments = parser.parse_args()
    for module, number in (("searching", arguments.search), ("chronologies", arguments.chronology)):
        if number:
            subprocess.run([sys.executable, "-m", f"benchmarks.{module}", str(number)], cwd=ROOT, check=True)
            return
    with tempfile.TemporaryDirectory(prefix="shield-bench-") as folder:
        numbers = measure(Path(folder), arguments)
    for name, value in numbers.items():
        print(f"{name:<58} {value}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(numbers, indent=1))


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """All measurements, in order."""
    data = folder / "data"
    environment = {**os.environ, "SHIELD_DATA": str(data)}
    numbers: dict[str, Any] = {}
    numbers |= _command("demo set-up", ["demo", "--no-serve"], environment)
    if arguments.national:
        started = time.perf_counter()
        _inside(environment, "clone", str(arguments.national), str(arguments.years))
        numbers[f"cloning {arguments.national} partnerships, s"] = round(time.perf_counter() - started, 1)
    out = str(folder / "out")
    for run in (1, 2, 3):
        numbers |= _command(
            f"report build, command, run {run}",
            ["report", "build", "--partnership", "bexley", "--year", "2018-19", "--out", out],
            environment,
        )
    numbers |= _command(
        "report check", ["report", "check", "--partnership", "bexley", "--year", "2018-19"], environment
    )
    numbers |= _command("history verify", ["history", "verify"], environment)
    numbers |= _command(
        "export", ["export", "--partnership", "bexley", "--out", str(folder / "export")], environment
    )
    numbers |= json.loads(_inside(environment, "pages", str(arguments.rounds)))
    return numbers


def _command(name: str, words: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Run one command of `shield`; its time in seconds and its peak memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    started = time.perf_counter()
    subprocess.run(
        ["/usr/bin/env", sys.executable, "-m", "benchmarks.peak", *words],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    spent = time.perf_counter() - started
    peak = Path(environment["SHIELD_DATA"] + ".peak")
    memory = int(peak.read_text()) / 1024 if peak.exists() else before / 1024
    return {f"{name}, s": round(spent, 2), f"{name}, peak MB": round(memory)}


def _inside(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside", *words],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def summary(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered) * 1000, 1),
        "p95": round(ordered[int(len(ordered) * 0.95) - 1] * 1000, 1),
    }


if __name__ == "__main__":
    main()
