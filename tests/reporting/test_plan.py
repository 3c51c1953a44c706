"""The plan: read with file and line, every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PLAN

from analysis.encoding.problems import WorkbenchError
from analysis.reporting.errors import ReportError
from analysis.reporting.plan import check_formats, check_name, choose, read_plan


def _plan(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(text, "utf-8")
    return path


def test_an_ordinary_plan(tmp_path: Path) -> None:
    plan = read_plan(_plan(tmp_path, PLAN))
    assert plan.as_of == "2026-07-23"
    ordinary, small = plan.reports.values()
    assert ordinary.layout.contents is True
    assert small.notebook == "notebooks/small.ipynb"
    assert small.layout.contents is None
    assert small.formats == ("html", "docx", "pdf")
    assert [report.name for report in choose(plan, ["small", "small"])] == ["small"]


def test_every_problem_has_its_line(tmp_path: Path) -> None:
    text = """\
defaults:
  as_of: "2026-02-30"
  format: [html]
reports:
  ../x:
    notebook: a
  b:
    notebok: a
    formats: [html, word]
    citations: footnotes
  c:
    notebook: ../../c
    contents: maybe
"""
    with pytest.raises(ReportError) as told:
        read_plan(_plan(tmp_path, text), "plan.yaml")
    lines = str(told.value).splitlines()
    for expected in (
        "plan.yaml:2: '2026-02-30' is not a date",
        "plan.yaml:3: unknown key 'format'; nearest valid name: formats",
        "plan.yaml:5: '../x' cannot name a report",
        "plan.yaml:7: report 'b' names no notebook",
        "plan.yaml:8: unknown key 'notebok'; nearest valid name: notebook",
        "plan.yaml:9: unknown format 'word'",
        "plan.yaml:10: unknown citations 'footnotes'; nearest valid name: notes",
        "plan.yaml:12: '../../c' leads out of the project",
        "plan.yaml:13: 'maybe' is neither yes nor no",
    ):
        assert any(line.startswith(expected) for line in lines), expected


@pytest.mark.parametrize(
    "text", ["", "reports: []", "a: [", "reports:\n  a: {notebook: x}\n  a: {notebook: y}\n", "- x"]
)
def test_broken_plans_are_sentences(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkbenchError) as told:
        read_plan(_plan(tmp_path, text), "plan.yaml")
    assert str(told.value).startswith("plan.yaml")


def test_no_plan(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="there is no such file"):
        read_plan(tmp_path / "plan.yaml")


def test_unknown_names_and_formats(tmp_path: Path) -> None:
    plan = read_plan(_plan(tmp_path, PLAN))
    with pytest.raises(ReportError, match="the plan has no report 'ordinry'; nearest valid name: ordinary"):
        choose(plan, ["ordinry"])
    with pytest.raises(ReportError, match="unknown format 'htlm'; nearest: html"):
        check_formats(["htlm"])
    assert check_formats(["pdf,html"]) == ("html", "pdf")


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "", ".", "..", "A", "-x", "x" * 61, "con fig", "é"])
def test_names_that_could_lead_elsewhere(name: str) -> None:
    with pytest.raises(ReportError, match="cannot name a report"):
        check_name(name)
