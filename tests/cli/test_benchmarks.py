"""The benchmarks run, and their table says what they measured."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "benchmarks", *words], cwd=project, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("part", "rows"),
    [
        ("redlines", ["redline of changed fields", "redline of pages"]),
        ("thresholds", ["threshold verdict with its sentence"]),
    ],
)
def test_a_part(project: Path, part: str, rows: list[str]) -> None:
    done = run(project, part)
    assert done.returncode in (0, 1), done.stderr  # 1: an aim was missed, which on a busy machine proves nothing
    _, heads, *lines = done.stdout.splitlines()
    assert heads.split()[:3] == ["what", "ours", "(processor)"]
    assert [line.split("  ")[0] for line in lines] == rows
    assert all(re.search(r" x [0-9.]+ ", line) for line in lines)


def test_unknown_part(project: Path) -> None:
    done = run(project, "redlinse")
    assert done.returncode == 2
    assert "there is no part 'redlinse'; there are commands, loading, redlines, thresholds" in done.stderr


def test_aims() -> None:
    from benchmarks.core import Row, Timing

    slow, quick = Timing(2.0, 1.0), Timing(0.5, 0.4)
    assert Row("a", quick, at_most=1.0).met is True
    assert Row("a", slow, at_most=1.0).met is False
    assert Row("a", quick, slow, at_least=4.0).met is True
    assert Row("a", quick, slow, at_least=4.1).met is False
    assert Row("a", quick, slow).ratio == pytest.approx(4.0)
    assert Row("a", quick).met is None
