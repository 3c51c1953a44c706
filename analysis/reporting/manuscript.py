"""An executed notebook as a manuscript: what it shows, in order, with its sources and what it read.

Works on the notebook's JSON as it is, so that a notebook from papermill, from JupyterLab or from a file is the same.
Code is left out; the executed notebook itself shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.encoding.problems import nearest
from analysis.protocol import DOCUMENT_MIME, FIGURE_MIME, INPUTS_MIME, REFERENCES_MIME, TABLE_MIME
from analysis.reporting.blocks import (
    Block,
    Figure,
    Sources,
    Table,
    Text,
    TitleBlock,
    Verbatim,
    decode_png,
    figure,
    table,
    title_block,
)
from analysis.reporting.errors import ReportError

#: Tag of a cell that speaks to those who work in the notebook, not to those who read the document.
NOTEBOOK_ONLY = "notebook-only"
#: Tag of the cell in which papermill sets the parameters.
INJECTED = "injected-parameters"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Manuscript:
    """A document before it has a format."""

    title: TitleBlock
    blocks: list[Block]
    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=lambda: {"sides": [], "files": [], "data_version": ""})

    @property
    def figures(self) -> list[Figure]:
        return [block for block in self.blocks if isinstance(block, Figure) and block.id]

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]


def joined(source: Any) -> str:
    """Text of a notebook, which may be kept as a list of lines."""
    return "".join(source) if isinstance(source, list) else str(source or "")


def manuscript(notebook: Mapping[str, Any]) -> Manuscript:
    """What the notebook shows. Raises ReportError, with the cell, for a bundle that is not in form."""
    result = Manuscript(TitleBlock(), [])
    number = 0
    for cell in notebook.get("cells", []):
        kind, tags = cell.get("cell_type"), cell.get("metadata", {}).get("tags", [])
        # The cell that papermill puts in is not one that the author can count.
        number += INJECTED not in tags
        if NOTEBOOK_ONLY in tags:
            continue
        if kind == "markdown":
            _add_text(result, joined(cell.get("source")), number)
        elif kind == "code":
            for output in cell.get("outputs", []):
                _add_output(result, output, number)
    _check_unique(result)
    return result


def _add_text(result: Manuscript, markdown: str, cell: int) -> None:
    if markdown.strip():
        result.blocks.append(Text(markdown, cell))


def _add_output(result: Manuscript, output: Mapping[str, Any], cell: int) -> None:
    kind = output.get("output_type")
    if kind == "stream":
        if output.get("name") == "stdout":
            _add_verbatim(result, joined(output.get("text")), cell)
    elif kind == "error":
        _add_verbatim(result, f"{output.get('ename')}: {output.get('evalue')}", cell)
    elif kind in ("display_data", "execute_result"):
        _add_bundle(result, output.get("data", {}), output.get("metadata", {}), cell)


def _add_verbatim(result: Manuscript, text: str, cell: int) -> None:
    text = _ANSI.sub("", text).strip("\n")
    if text.strip():
        result.blocks.append(Verbatim(text, cell))


def _add_bundle(result: Manuscript, data: Mapping[str, Any], metadata: Mapping[str, Any], cell: int) -> None:
    svg, png = joined(data.get("image/svg+xml")), joined(data.get("image/png"))
    known = False
    if DOCUMENT_MIME in data:
        if result.title.title:
            raise ReportError(f"cell {cell}: the document has two title blocks; keep one")
        result.title, known = title_block(data[DOCUMENT_MIME], cell), True
    if REFERENCES_MIME in data:
        _add_references(result, data[REFERENCES_MIME], cell)
        known = True
    if INPUTS_MIME in data:
        _add_inputs(result, data[INPUTS_MIME], cell)
        known = True
    if TABLE_MIME in data:
        result.blocks.append(table(data[TABLE_MIME], cell))
    elif FIGURE_MIME in data:
        result.blocks.append(figure(data[FIGURE_MIME], svg, png, cell))
    elif known:
        return
    elif "text/markdown" in data:
        _add_text(result, joined(data["text/markdown"]), cell)
    elif svg or png:
        alt = str(metadata.get("alt") or "Picture without a description")
        picture = decode_png(png, cell, "a picture")
        result.blocks.append(Figure("", None, alt, [], 1.0, svg.encode("utf-8"), picture, cell))
    elif "text/plain" in data:
        _add_verbatim(result, joined(data["text/plain"]), cell)


def _add_references(result: Manuscript, data: Any, cell: int) -> None:
    items = data.get("items") if isinstance(data, Mapping) else None
    which = data.get("list", "cited") if isinstance(data, Mapping) else ""
    if not isinstance(items, list):
        raise ReportError(f"cell {cell}: the sources have no 'items' (a list of CSL JSON items)")
    if which not in ("cited", "all", "none"):
        raise ReportError(f"cell {cell}: the list of sources is '{which}'; use cited, all or none")
    for item in items:
        if not isinstance(item, Mapping) or not isinstance(item.get("id"), str) or not item["id"]:
            raise ReportError(f"cell {cell}: a source has no 'id'")
        result.references.setdefault(item["id"], dict(item))
    if which != "none":
        result.blocks.append(Sources(which, cell))


def _add_inputs(result: Manuscript, data: Any, cell: int) -> None:
    if not isinstance(data, Mapping):
        raise ReportError(f"cell {cell}: what was read is not an object with 'sides' and 'files'")
    for key in ("sides", "files"):
        for entry in data.get(key) or []:
            if entry not in result.inputs[key]:
                result.inputs[key].append(entry)
    result.inputs["data_version"] = data.get("data_version") or result.inputs["data_version"]


def _check_unique(result: Manuscript) -> None:
    for what, named in (("figures", result.figures), ("tables", result.tables)):
        seen: dict[str, int] = {}
        for block in named:
            if block.id in seen:
                raise ReportError(
                    f"cell {block.cell}: two {what} have the id '{block.id}' (first in cell {seen[block.id]})"
                )
            seen[block.id] = block.cell


def unknown_source(identifier: str, references: Mapping[str, Any]) -> ReportError:
    """The error for a citation that leads nowhere."""
    near = nearest(identifier, references)
    hint = f"; nearest valid id: {near}" if near else ""
    return ReportError(f"the text cites '{identifier}', which no source of the notebook has as its id{hint}")
