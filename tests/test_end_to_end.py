"""The whole path on a copy of the project: one changed threshold reaches the tables, the text and the receipt."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE = "regimes/us-ear/controls/quantum.yaml"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("project")
    for name in ("regimes", "notebooks", "reports"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("build", ".ipynb_checkpoints"))
    return place


def regimes(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "--root", str(project), *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300)


def build(project: Path) -> Path:
    done = regimes(
        project, "report", "scope-lithography", "-p", "technology", "quantum/quantum-computing", "--format", "html"
    )
    assert done.returncode == 0, done.stderr
    return project / "reports" / "build" / "scope-lithography"


def test_changed_threshold_shows_everywhere(project: Path) -> None:
    first = build(project)
    page = (first / "scope-lithography.html").read_text("utf-8")
    table = (first / "tables" / "scope.csv").read_text("utf-8")
    receipt = json.loads((first / "receipt.json").read_text("utf-8"))
    assert "from 34 and below 100" in page and "from 34 and below 100" in table
    assert FILE in json.dumps(receipt)

    path = project / FILE
    text = path.read_text("utf-8")
    assert text.count('"qubits >= 34"') == 1
    path.write_text(text.replace('"qubits >= 34"', '"qubits >= 36"'), "utf-8")
    second = build(project)
    assert "from 36 and below 100" in (second / "scope-lithography.html").read_text("utf-8")
    assert "from 36 and below 100" in (second / "tables" / "scope.csv").read_text("utf-8")
    after = json.loads((second / "receipt.json").read_text("utf-8"))
    digests = [
        re.findall(rf'"path": "{re.escape(FILE)}", "sha256": "([0-9a-f]+)"', json.dumps(r)) for r in (receipt, after)
    ]
    assert digests[0] and digests[1] and digests[0] != digests[1]


def test_receipt_names_sides_and_why(project: Path) -> None:
    receipt = json.loads((build(project) / "receipt.json").read_text("utf-8"))
    sides = {s["side"]: s for s in receipt["sides"]}
    assert {"us-ear", "eu-dual-use", "law-in:nl"} <= set(sides)
    chosen = sides["us-ear"]["instruments"]
    assert chosen and all(i["id"] and i["why"] for i in chosen)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-p", "technology", "quantums"), "nearest valid name: quantum"),
        (("-p", "sides", "us-er"), "nearest valid name: us-ear"),
        (("-p", "as_of", "2026-02-30"), "is not a day of the calendar"),
        (("-p", "tecnology", "quantum"), "nearest valid name: technology"),
    ],
)
def test_wrong_parameters_stop_before_anything_runs(project: Path, words: tuple[str, ...], sentence: str) -> None:
    shutil.rmtree(project / "reports" / "build", ignore_errors=True)
    done = regimes(project, "report", "scope-lithography", *words)
    assert done.returncode == 2 and sentence in done.stderr
    assert not (project / "reports" / "build").exists()


def test_since_after_as_of_is_refused(project: Path) -> None:
    done = regimes(project, "report", "changes-us", "-p", "since", "2027-01-01")
    assert done.returncode == 2 and "lies after as_of" in done.stderr
