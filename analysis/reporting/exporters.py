"""The documents as exporters of nbconvert, so that ``jupyter nbconvert --to regimes_docx`` and JupyterLab offer them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter

from analysis.reporting.documents import Layout, write_documents


class _Documents(Exporter):
    """A document made from what the notebook shows; run the notebook first, for nothing is executed here."""

    form = ""

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        nb, resources = super().from_notebook_node(nb, resources, **options)
        name = str((resources.get("metadata") or {}).get("name") or "notebook")
        with tempfile.TemporaryDirectory(prefix="regimes-") as folder:
            write_documents(nb, Path(folder), "document", [self.form], Layout(title=name))
            made = (Path(folder) / f"document.{self.form}").read_bytes()
        resources["output_extension"] = f".{self.form}"
        return (made.decode("utf-8") if self.form == "html" else made), resources

    def _file_extension_default(self) -> str:
        return f".{self.form}"


class RegimesHTML(_Documents):
    """A web page in one file."""

    form = "html"
    output_mimetype = "text/html"


class RegimesDOCX(_Documents):
    """A Word file."""

    form = "docx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class RegimesPDF(_Documents):
    """A PDF, tagged for accessibility."""

    form = "pdf"
    output_mimetype = "application/pdf"
