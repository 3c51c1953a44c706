"""The documents as nbconvert and JupyterLab offer them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import get_export_names, get_exporter

from analysis.reporting.exporters import RegimesDOCX, RegimesHTML, RegimesPDF


@pytest.mark.parametrize(
    ("exporter", "start", "ending"),
    [(RegimesHTML, b"<!DOCTYPE html>", ".html"), (RegimesDOCX, b"PK", ".docx"), (RegimesPDF, b"%PDF-", ".pdf")],
)
def test_exporters_give_documents(exporter: Any, start: bytes, ending: str, executed: dict[str, Any]) -> None:
    made, resources = exporter().from_notebook_node(nbformat.from_dict(executed), {"metadata": {"name": "mine"}})
    raw = made.encode() if isinstance(made, str) else made
    assert raw.startswith(start)
    assert resources["output_extension"] == ending


@pytest.mark.parametrize(
    "name", ["regimes_html", "regimes_docx", "regimes_pdf", "Regimes_html", "Regimes_docx", "Regimes_pdf"]
)
def test_entry_points(name: str) -> None:
    assert name in get_export_names()
    assert get_exporter(name).form == name.rpartition("_")[2]


def test_the_command(executed: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "mine.ipynb").write_text(json.dumps(executed), "utf-8")
    command = [sys.executable, "-m", "nbconvert", "--to", "regimes_docx", "mine.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "mine.docx").read_bytes().startswith(b"PK")
