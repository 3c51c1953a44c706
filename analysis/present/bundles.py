"""What a notebook cell shows: objects that the document pipeline and JupyterLab both understand.

Each class gives a MIME bundle in the forms of ``analysis.protocol`` next to what JupyterLab shows by itself.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.present.style import settings
from analysis.protocol import (
    DOCUMENT_MIME,
    FIGURE_MIME,
    INPUTS_MIME,
    REFERENCES_MIME,
    TABLE_MIME,
    Cell,
    Column,
)

#: Figures are drawn for a text width of 16 cm.
TEXT_WIDTH = 16 / 2.54
DPI = 200


@dataclass
class Text:
    """Markdown whose data values went through ``escape``; empty text shows nothing."""

    markdown: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}

    def __add__(self, other: Text) -> Text:
        return Text("\n\n".join(t for t in (self.markdown, other.markdown) if t))


@dataclass
class Figure:
    """A matplotlib figure with its caption and the text for those who do not see it."""

    id: str
    caption: Cell
    alt: str
    drawing: Any
    notes: Sequence[Cell] = ()
    width: float = 1.0

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        meta = {"id": self.id, "caption": self.caption, "alt": self.alt, "notes": list(self.notes), "width": self.width}
        svg, png = self.svg(), self.png()
        return {
            FIGURE_MIME: meta,
            "image/svg+xml": svg,
            "image/png": base64.b64encode(png).decode("ascii"),
            "text/plain": f"Figure: {plain(self.caption)}. {self.alt}",
        }

    def svg(self) -> str:
        buffer = io.StringIO()
        with settings():
            self.drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return buffer.getvalue()

    def png(self) -> bytes:
        buffer = io.BytesIO()
        with settings():
            self.drawing.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        return buffer.getvalue()


@dataclass
class Table:
    """A readable table. ``rows`` are lists of cells, or ``{"heading": cell}`` for a row across."""

    id: str
    caption: Cell
    columns: list[Column]
    rows: list[Any]
    notes: Sequence[Cell] = ()
    wide: bool = False
    row_headers: int = 1
    csv: str = ""
    data: tuple[list[str], list[list[Any]]] | None = None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": self.id,
            "caption": self.caption,
            "columns": self.columns,
            "rows": self.rows,
            "notes": list(self.notes),
            "wide": self.wide,
            "row_headers": self.row_headers,
            "csv": self.csv or self.id,
        }
        if self.data:
            made["data"] = {"columns": self.data[0], "rows": self.data[1]}
        return {TABLE_MIME: made, "text/html": self._html(), "text/plain": f"Table: {plain(self.caption)}"}

    def _html(self) -> str:
        head = "".join(f"<th scope='col'>{html.escape(c['label'])}</th>" for c in self.columns)
        body = []
        for row in self.rows:
            if isinstance(row, dict):
                body.append(
                    f"<tr><th colspan='{len(self.columns)}' scope='rowgroup'>{html.escape(plain(row['heading']))}</th></tr>"
                )
                continue
            cells = [
                f"<th scope='row'>{html.escape(plain(c))}</th>"
                if n < self.row_headers
                else f"<td>{html.escape(plain(c))}</td>"
                for n, c in enumerate(row)
            ]
            body.append(f"<tr>{''.join(cells)}</tr>")
        caption = f"<caption>{html.escape(plain(self.caption))}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


@dataclass
class Document:
    """The title block; keys as in ``analysis.protocol.Document``."""

    fields: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        summary = str(self.fields.get("summary", ""))
        shown = f"# {self.fields['title']}\n\n{summary}"
        return {DOCUMENT_MIME: self.fields, "text/markdown": shown, "text/plain": shown}


@dataclass
class References:
    """Everything that the notebook may cite, as CSL JSON."""

    items: list[dict[str, Any]]
    list_: str = "cited"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        note = f"{len(self.items)} sources at hand; the documents list those that are cited."
        return {REFERENCES_MIME: {"items": self.items, "list": self.list_}, "text/plain": note}


@dataclass
class Inputs:
    """What the run read: sides, instruments and why, files with their SHA-256."""

    fields: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        note = f"{len(self.fields.get('files', []))} files read for {len(self.fields.get('sides', []))} sides"
        return {INPUTS_MIME: self.fields, "text/plain": note}


def plain(cell: Cell) -> str:
    """A cell as text without marks; citations as their ids."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "".join(plain(c) for c in cell)
    if isinstance(cell, dict):
        cites = "; ".join(
            c if isinstance(c, str) else " ".join(str(v) for v in (c.get("id"), c.get("pinpoint")) if v)
            for c in cell.get("cite", [])
        )
        return str(cell.get("text", "")) + (f" [{cites}]" if cites else "")
    return str(cell)
