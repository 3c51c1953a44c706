"""The whole plan in all formats, against a shell loop over the commands that do the same one by one.

    python -m benchmarks.reports [NAME ...]

The loop runs, for each report, ``papermill`` with the report's parameters and then ``jupyter nbconvert`` once per format. Both
sides make the same documents from the same notebooks; the loop makes no tables, receipts or index. Aim: five times faster.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from analysis.reporting.build import ROOT, Job, prepare

AIM = 5.0


def loop(jobs: Sequence[Job], folder: Path) -> float:
    """Seconds that the commands take, one after the other."""
    programs = Path(sys.executable).parent
    start = time.perf_counter()
    for job in jobs:
        made = folder / f"{job.report.name}.ipynb"
        given = folder / f"{job.report.name}.yaml"
        given.write_text(json.dumps(job.parameters), "utf-8")
        commands = [[programs / "papermill", job.notebook, made, "-f", given, "--cwd", job.notebook.parent]]
        commands += [[programs / "jupyter-nbconvert", "--to", f"regimes_{form}", made] for form in job.formats]
        for command in commands:
            subprocess.run([str(part) for part in command], check=True, capture_output=True)
    return time.perf_counter() - start


def plan(names: Sequence[str], out: str) -> float:
    """Seconds that the plan takes, as a command of its own."""
    code = f"import sys; from analysis.reporting.build import build_reports as b; sys.exit(b({list(names)!r}, out={out!r}))"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - start


def _work() -> float:
    """Processor seconds of all programs that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(names: Sequence[str] = ()) -> int:
    """Print both times and their ratio; 1 when the aim is missed."""
    _, jobs, build = prepare(names, {}, (), None, None, ROOT)
    build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".benchmark-", dir=build) as folder:
        begun = _work()
        ours = plan(names, Path(folder).name)
        between = _work()
        theirs = loop(jobs, Path(folder))
    ratio, work = theirs / ours, (_work() - between) / (between - begun)
    print(
        f"{len(jobs)} reports on {os.cpu_count()} processors: plan {ours:.1f} s, commands {theirs:.1f} s, "
        f"ratio {ratio:.1f} (processor time: {work:.1f})"
    )
    return int(ratio < AIM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
