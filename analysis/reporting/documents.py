"""An executed notebook as documents: the one function that the plan, the exporters and the tests call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.reporting.article import STYLES, Article, article
from analysis.reporting.blocks import Figure
from analysis.reporting.docx import docx
from analysis.reporting.errors import ReportError
from analysis.reporting.html import html
from analysis.reporting.manuscript import Manuscript, manuscript
from analysis.reporting.pdf import pdf
from analysis.reporting.words import epoch

FORMATS = ("html", "docx", "pdf")
#: The project's ``reports`` folder: templates and styles.
RESOURCES = Path(__file__).resolve().parents[2] / "reports"

Writer = Callable[[Article, dict[str, Path], Path, int], bytes | str]
_WRITERS: dict[str, Writer] = {"html": html, "docx": docx, "pdf": pdf}


@dataclass(frozen=True)
class Layout:
    """What the plan may say about a document; ``None`` and empty leave it to the notebook."""

    title: str = ""
    citations: str = ""
    contents: bool | None = None


def write_documents(
    notebook: Mapping[str, Any],
    folder: Path,
    name: str,
    formats: Iterable[str],
    layout: Layout = Layout(),
    resources: Path = RESOURCES,
) -> Manuscript:
    """Write ``folder/name.<format>`` for each format, with ``figures/`` and ``references.json``.

    ``notebook`` is the notebook's JSON, executed. Returns the manuscript, whose tables and inputs the caller may want.
    Raises ReportError where the notebook does not keep to the protocol or a format cannot be made.
    """
    source = manuscript(notebook)
    source.title.citations = layout.citations or source.title.citations
    if source.title.citations and source.title.citations not in STYLES:
        raise ReportError(f"citations are '{source.title.citations}'; use {' or '.join(STYLES)}")
    if layout.contents is not None:
        source.title.contents = layout.contents
    vector, raster = write_figures(source, folder)
    tree = article(source, resources / "styles", folder, layout.title or name)
    moment = epoch(source.title.as_of)
    for form in formats:
        if form == "docx":
            _need_png(source)
        made = _WRITERS[form](tree, raster if form == "docx" else vector, resources, moment)
        path = folder / f"{name}.{form}"
        path.write_bytes(made.encode("utf-8") if isinstance(made, str) else made)
    return source


def write_figures(source: Manuscript, folder: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """Save the pictures; returns, by their names in the tree, the best file for screens and print and the PNG for Word."""
    vector: dict[str, Path] = {}
    raster: dict[str, Path] = {}
    for block in source.blocks:
        if not isinstance(block, Figure):
            continue
        name = f"figures/{block.id or f'picture-{block.cell}'}"
        for ending, picture, into in ((".png", block.png, raster), (".svg", block.svg, vector)):
            if picture:
                path = folder / f"{name}{ending}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(picture)
                into[name] = path
    return raster | vector, raster


def _need_png(source: Manuscript) -> None:
    for block in source.blocks:
        if isinstance(block, Figure) and not block.png:
            raise ReportError(f"cell {block.cell}: figure '{block.id}' has no image/png, which Word needs")
