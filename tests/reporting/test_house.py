"""Promises about the code: what it may import and when; that generated files are fresh; how it tells of progress."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
from pathlib import Path

import pytest

import analysis.reporting
from analysis.reporting import reference
from analysis.reporting.documents import RESOURCES
from analysis.reporting.progress import Progress

MODULES = sorted(Path(analysis.reporting.__file__).parent.glob("*.py"))
#: From the layer that knows the law: how errors read and how YAML is read, nothing else.
ALLOWED = {"analysis.encoding.problems", "analysis.encoding.yamlsource", "analysis.protocol"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_reporting_knows_notebooks_not_law(path: Path) -> None:
    for item in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in item.names] if isinstance(item, ast.Import) else []
        names += [item.module or ""] if isinstance(item, ast.ImportFrom) else []
        for name in names:
            assert not name.startswith("analysis.") or name.startswith("analysis.reporting") or name in ALLOWED, name


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, analysis.reporting.build; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"papermill", "nbconvert", "nbformat", "nbclient", "jupyter_client", "jsonschema", "pandas", "numpy", "matplotlib",
             "typst", "xlsxwriter", "pypandoc", "IPython", "zmq"}  # fmt: skip
    assert not heavy & set(loaded)


def test_the_reference_document_is_fresh() -> None:
    assert (RESOURCES / "styles" / "reference.docx").read_bytes() == reference.build(), (
        "run: python -m analysis.reporting.reference"
    )


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    progress = Progress(2, stream)
    for name in ("a", "b"):
        progress.start(name)
        progress.end(name, f"{name}: done")
    progress.close()
    assert stream.getvalue() == "a: done\nb: done\n"


def test_a_bar_on_a_terminal() -> None:
    stream = _Terminal()
    progress = Progress(2, stream)
    progress.start("a")
    assert "0/2  a" in stream.getvalue()
    progress.end("a", "a: done")
    assert "a: done\n" in stream.getvalue()
    assert f"[{'#' * 12}{'.' * 12}] 1/2" in stream.getvalue()
    progress.start("b")
    progress.end("b", "b: done")
    progress.close()
    assert stream.getvalue().endswith("\r\x1b[K")
