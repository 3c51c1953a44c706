"""``regimes product``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from small_library import SmallLibrary

from analysis.cli import main

NOTICE = "An illustration for comparison, not a classification or advice."


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run the command as the shell does: (exit code, standard output, standard error)."""

    def call(root: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["regimes", "--root", str(root), "product", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
        shown = capsys.readouterr()
        return int(exit_.value.code or 0), shown.out, shown.err

    return call


def test_json(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run(project, "nvidia-h100-sxm", "--as-of", "2024-01-01", "--json")
    rows = json.loads(out)
    assert code == 0
    assert [set(r) for r in rows] == [{"regime", "verdict", "code", "since", "because"}] * len(rows)
    by = {r["regime"]: r for r in rows}
    assert (by["us-ear"]["verdict"], by["us-ear"]["code"], by["us-ear"]["since"]) == ("yes", "3A090.a", "2022-10-21")
    assert by["eu-dual-use"]["verdict"] == "no"
    assert by["eu-dual-use"]["since"] is None
    assert {r["verdict"] for r in rows} <= {"yes", "no", "cannot-say"}
    assert NOTICE in err


def test_json_with_a_destination(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run(project, "asml-nxt-2000i", "--as-of", "2026-09-01", "--to", "CN", "--regime", "us-ear", "--json")
    (row,) = json.loads(out)
    assert row["licence"]["answer"] == "required"
    assert "742.6(a)(6)" in row["licence"]["pinpoints"]
    assert row["licence"]["end_uses"]


def test_text(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(project, "asml-nxt-1980di", "--as-of", "2026-09-01")
    assert code == 0
    assert out.rstrip().endswith(NOTICE)
    assert "3B993.f.1" in out
    assert "2023-11-17 to 2024-12-01  yes         3B001.f.1.b" in out


def test_text_with_a_destination(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run(project, "nvidia-h20", "--as-of", "2026-09-01", "--to", "CN", "--regime", "us-ear")
    assert "a licence for China?" in out
    assert "not required" in out
    assert "apart from the list, by end use" in out
    assert NOTICE in out


def test_the_list(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run(project)
    assert code == 0
    assert len(out.splitlines()) >= 100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nvidia-h1000-sxm"], "there is no product 'nvidia-h1000-sxm'; nearest valid name: nvidia-h100-sxm"),
        (["nvidia-h20", "--to", "Chima"], "there is no destination 'Chima'; nearest valid name: China"),
        (["nvidia-h20", "--regime", "us-er"], "there is no side 'us-er'; nearest valid name: us-ear"),
    ],
)
def test_unknown_names(run, project: Path, arguments: list[str], sentence: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run(project, *arguments, "--as-of", "2026-09-01")
    assert (code, out) == (1, "")
    assert err.strip() == sentence


def test_the_day_of_the_plan(run, small: SmallLibrary) -> None:  # type: ignore[no-untyped-def]
    code, _, err = run(small.root, "stepper", "--json")
    assert code == 2
    assert "--as-of" in err
    small.write("reports/plan.yaml", 'defaults:\n  as_of: "2020-01-14"\n')
    code, out, _ = run(small.root, "stepper", "--json")
    assert code == 0
    us = next(r for r in json.loads(out) if r["regime"] == "us-ear")
    assert us["because"] == "not listed before 2020-01-15"


def test_a_day_that_is_none(run, project: Path) -> None:  # type: ignore[no-untyped-def]
    code, _, err = run(project, "nvidia-h20", "--as-of", "2026-13-01")
    assert code == 2
    assert "2026-13-01" in err
