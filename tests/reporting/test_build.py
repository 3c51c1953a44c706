"""Reports built from a plan: whole or not at all, each by itself, the same each time."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from analysis.reporting import build as building
from analysis.reporting import documents, run
from analysis.reporting.build import build_reports


def _build(project: Path, *names: str, **options: Any) -> tuple[int, str]:
    stream = io.StringIO()
    code = build_reports(names, root=project, stream=stream, **options)
    return code, stream.getvalue()


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _add(project: Path, name: str, notebook: str) -> None:
    plan = project / "reports" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8") + f"  {name}:\n    notebook: {notebook}\n", "utf-8")


def _leftovers(project: Path) -> list[str]:
    return [path.name for path in (project / "reports" / "build").glob(".*")]


def test_the_whole_plan(project: Path) -> None:
    code, said = _build(project)
    assert code == 0, said
    assert sorted(line.split(":")[0] for line in said.splitlines()) == ["ordinary", "small"]
    made = project / "reports" / "build"
    assert set(_hashes(made / "ordinary")) == {
        "ordinary.html", "ordinary.docx", "ordinary.pdf", "ordinary.ipynb", "receipt.json", "references.json", "tables.xlsx",
        "figures/bars.png", "figures/bars.svg", "tables/scope.csv", "tables/wide.csv", "tables/long.csv", "tables/hostile.csv",
    }  # fmt: skip
    assert not _leftovers(project)
    index = BeautifulSoup((made / "index.html").read_text("utf-8"), "html.parser")
    assert [item.h2.text for item in index.find_all("li")] == [
        "Advanced chips: <b>who</b> controls what & since when"
    ] * 2
    for link in index.find_all("a"):
        assert (made / link["href"]).is_file()
    first = _hashes(made)
    assert _build(project)[0] == 0
    assert _hashes(made) == first


def test_the_receipt_says_what_went_in_and_came_out(project: Path) -> None:
    assert _build(project, "small", parameters={"threshold": "1700"}, formats=["html"])[0] == 0
    folder = project / "reports" / "build" / "small"
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    assert receipt["parameters"] == {"as_of": "2026-07-23", "threshold": 1700}
    assert receipt["formats"] == ["html"]
    assert (receipt["title"], receipt["as_of"]) == (
        "Advanced chips: <b>who</b> controls what & since when",
        "2026-07-23",
    )
    hashes = _hashes(folder)
    assert {output["path"]: output["sha256"] for output in receipt["outputs"]} == {
        name: value for name, value in hashes.items() if name != "receipt.json"
    }
    inputs = {item["path"]: item["sha256"] for item in receipt["inputs"]}
    for path in (
        "notebooks/small.ipynb",
        "reports/plan.yaml",
        "reports/styles/report.css",
        "reports/templates/report.typ",
    ):
        assert inputs[path] == hashlib.sha256((project / path).read_bytes()).hexdigest()
    assert {"python", "pandoc", "typst", "papermill", "pandas", "matplotlib"} <= set(receipt["versions"])
    assert str(project) not in (folder / "receipt.json").read_text("utf-8")
    assert ">1700<" in (folder / "small.html").read_text("utf-8")


def test_sides_and_files_of_the_run_are_in_the_receipt(project: Path) -> None:
    assert _build(project, "ordinary", formats=["html"])[0] == 0
    receipt = json.loads((project / "reports" / "build" / "ordinary" / "receipt.json").read_text("utf-8"))
    assert receipt["sides"][0]["instruments"] == [{"id": "88-fr-73458", "why": "in force"}]
    digest = hashlib.sha256((project / "notebooks" / "samples.py").read_bytes()).hexdigest()
    assert {"path": "notebooks/samples.py", "sha256": digest} in receipt["inputs"]


def test_one_that_fails_keeps_its_earlier_state_and_the_others_build(project: Path) -> None:
    assert _build(project, "small", formats=["html"])[0] == 0
    earlier = _hashes(project / "reports" / "build" / "small")
    shutil.copy(project / "notebooks" / "failing.ipynb", project / "notebooks" / "small.ipynb")
    _add(project, "broken-bundle", "bad-bundle")
    _add(project, "no-source", "unknown-source")
    code, said = _build(project, formats=["html"])
    assert code == 1
    assert (
        "small: not built\nnotebooks/small.ipynb: cell 3 failed\n  # the table is computed here\nKeyError: 'missing'\n"
        in said
    )
    assert "notebooks/bad-bundle.ipynb: cell 2: the id of a table is '../../x'" in said
    assert "notebooks/unknown-source.ipynb: the text cites 'reg-2021-812'" in said
    assert _hashes(project / "reports" / "build" / "small") == earlier
    assert (project / "reports" / "build" / "ordinary" / "ordinary.html").is_file()
    assert not (project / "reports" / "build" / "broken-bundle").exists()
    assert not _leftovers(project)


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (["smal"], {}, "the plan has no report 'smal'; nearest valid name: small"),
        (["../small"], {}, "'../small' cannot name a report"),
        (["small"], {"parameters": {"treshold": "1"}}, "has no parameter 'treshold'; nearest valid name: threshold"),
        (["small"], {"parameters": {"threshold": "x"}}, "is a whole number, such as 4800; 'x' is not"),
        (["small"], {"formats": ["htm"]}, "unknown format 'htm'; nearest: html"),
        (["small"], {"out": Path("../../elsewhere")}, "leads out of reports/build"),
        (["small"], {"out": Path("/elsewhere")}, "leads out of reports/build"),
        (
            ["small"],
            {"validate": lambda parameters: ["unknown side 'x'; nearest: us-ear"]},
            "report 'small': unknown side 'x'",
        ),
    ],
)
def test_a_wrong_request_runs_nothing(
    names: list[str], options: Any, message: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "execute", lambda *given: pytest.fail("ran"))
    code, said = _build(project, *names, **options)
    assert code == 2
    assert message in said
    assert len(said.splitlines()) == 1
    assert not (project / "reports" / "build").exists()


def test_what_the_domain_checks_is_the_whole_set(project: Path) -> None:
    seen: list[Any] = []
    _build(project, "small", dry_run=True, validate=lambda parameters: seen.append(dict(parameters)) or [])
    assert seen == [{"as_of": "2026-07-23", "threshold": 1600, "sides": ["us-ear", "eu-dual-use"], "hostile": False}]


@pytest.mark.parametrize("name", ["without-parameters", "two-parameter-cells", "no-such-notebook"])
def test_notebooks_that_cannot_run_are_told_before_anything_runs(name: str, project: Path) -> None:
    _add(project, "bad", name)
    code, said = _build(project)
    assert code == 2
    assert f"notebooks/{name}.ipynb" in said
    assert not (project / "reports" / "build").exists()


def test_parameters_of_the_plan_are_told_with_their_line(project: Path) -> None:
    plan = project / "reports" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("threshold:", "treshold:"), "utf-8")
    code, said = _build(project, "small")
    assert code == 2
    assert said.startswith("reports/plan.yaml:10: notebooks/small.ipynb has no parameter 'treshold'")


def test_a_dry_run_writes_nothing(project: Path) -> None:
    code, said = _build(project, dry_run=True)
    assert code == 0
    assert (
        "small: notebooks/small.ipynb (as_of='2026-07-23', threshold=1600) -> reports/build/small (html, docx, pdf)"
        in said
    )
    assert not (project / "reports" / "build").exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "cannot be written"), (errno.EACCES, "cannot be written")],
)
def test_a_full_or_read_only_disk(number: int, words: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _build(project, "small", formats=["html"])[0] == 0
    earlier = _hashes(project / "reports" / "build")

    def fails(*given: Any, **options: Any) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as patched:
        patched.setattr(documents, "write_figures", fails)
        code, said = _build(project, "small", formats=["html"])
    assert code == 1
    assert said.startswith("small: not built\nreports/build/small: ")
    assert words in said
    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", fails)
        code, said = _build(project, "small", formats=["html"])
    assert code == 1
    assert words in said
    assert len(said.splitlines()) == 1
    assert _hashes(project / "reports" / "build") == earlier
    assert not _leftovers(project)


def test_if_the_last_step_fails_the_earlier_report_comes_back(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _build(project, "small", formats=["html"])[0] == 0
    earlier = _hashes(project / "reports" / "build" / "small")
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if Path(target).name == "small" and path.parent.name.startswith(".small-") and path.name == "small":
            raise OSError(errno.ENOSPC, "no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    assert _build(project, "small", formats=["html"])[0] == 1
    assert _hashes(project / "reports" / "build" / "small") == earlier


def test_a_fault_of_ours_in_one_report_does_not_stop_the_others(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = building.make_report

    def fails(job: Any, *rest: Any) -> None:
        if job.report.name == "ordinary":
            raise ValueError("oops")
        make(job, *rest)

    monkeypatch.setattr(building, "make_report", fails)
    code, said = _build(project, formats=["html"])
    assert code == 1
    assert "ordinary: not built\nValueError: oops (a fault in the pipeline)" in said
    assert (project / "reports" / "build" / "small" / "small.html").is_file()


def test_files_outside_the_project_are_refused(project: Path) -> None:
    notebook = json.loads((project / "notebooks" / "small.ipynb").read_text("utf-8"))
    source = (
        "from analysis.protocol import INPUTS_MIME\nimport samples\nsamples.shown(INPUTS_MIME, {'files': ['../../x']})"
    )
    notebook["cells"].append(
        {"cell_type": "code", "id": "x", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    )
    (project / "notebooks" / "small.ipynb").write_text(json.dumps(notebook), "utf-8")
    code, said = _build(project, "small", formats=["html"])
    assert code == 1
    assert "which lies outside the project" in said


def test_interrupting_leaves_everything_as_it_was(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _build(project, "small", formats=["html"])[0] == 0
    earlier = _hashes(project / "reports" / "build")

    def interrupted(*given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "make_report", interrupted)
    code, said = _build(project, "small", formats=["html"])
    assert code == 130
    assert said.endswith("interrupted; what was not finished is as it was before\n")
    assert _hashes(project / "reports" / "build") == earlier
    assert not _leftovers(project)
