"""Shared by the tests of the document pipeline: notebooks run once, documents written once, a small project to build."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analysis.reporting import run
from analysis.reporting.documents import RESOURCES, Layout, write_documents
from analysis.reporting.manuscript import Manuscript
from analysis.reporting.sheets import write_tables

NOTEBOOKS = Path(__file__).parent / "notebooks"
sys.path.insert(0, str(NOTEBOOKS))

PLAN = """\
defaults:
  as_of: "2026-07-23"
  formats: [html, docx, pdf]
reports:
  ordinary:
    title: Everything in it
    notebook: notebooks/ordinary.ipynb
    parameters: {hostile: "true"}
    contents: yes
  small:
    title: A small one
    notebook: small
    parameters: {threshold: "1600"}
"""


@pytest.fixture(scope="session")
def executed() -> dict[str, Any]:
    """The ordinary notebook, run with its hostile labels."""
    return run.execute(NOTEBOOKS / "ordinary.ipynb", "ordinary.ipynb", {"hostile": True})


@dataclass(frozen=True)
class Written:
    """The documents of one notebook in a folder."""

    folder: Path
    source: Manuscript

    @property
    def html(self) -> str:
        return (self.folder / "ordinary.html").read_text("utf-8")

    @property
    def docx(self) -> Path:
        return self.folder / "ordinary.docx"

    @property
    def pdf(self) -> Path:
        return self.folder / "ordinary.pdf"


@pytest.fixture(scope="session")
def written(executed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The ordinary notebook in all formats, with contents."""
    folder = tmp_path_factory.mktemp("written")
    source = write_documents(executed, folder, "ordinary", ["html", "docx", "pdf"], Layout(contents=True))
    write_tables(source.tables, folder)
    return Written(folder, source)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project with the fixture notebooks and a plan of two reports."""
    root = tmp_path / "project"
    shutil.copytree(NOTEBOOKS, root / "notebooks", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "reports").mkdir()
    for name in ("styles", "templates"):
        shutil.copytree(RESOURCES / name, root / "reports" / name)
    (root / "reports" / "plan.yaml").write_text(PLAN, "utf-8")
    yield root
