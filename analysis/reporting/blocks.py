"""What a notebook shows, as typed blocks: checked once here, so that everything after can rely on it.

The forms are those of ``analysis.protocol``. A bundle that does not keep to them stops the report with the number of the
cell and what is wrong.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.encoding.problems import nearest
from analysis.protocol import MARKS, Cell, Run, clean
from analysis.reporting.errors import ReportError

_SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,79}$")
_ALIGN = {"left": "AlignLeft", "right": "AlignRight", "centre": "AlignCenter", "center": "AlignCenter"}
_RUN_KEYS = frozenset(Run.__annotations__)


@dataclass(frozen=True)
class Text:
    """Markdown, not yet read."""

    markdown: str
    cell: int


@dataclass(frozen=True)
class Verbatim:
    """Printed text, shown as it stands."""

    text: str
    cell: int


@dataclass(frozen=True)
class Figure:
    """A picture with caption and alternative text; ``id`` is empty for one that came without a bundle."""

    id: str
    caption: Cell
    alt: str
    notes: list[Cell]
    width: float
    svg: bytes
    png: bytes
    cell: int


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    width: float
    align: str


@dataclass(frozen=True)
class Heading:
    """A row across the table that heads those below it."""

    cell: Cell


@dataclass(frozen=True)
class Table:
    """A table with its rows of cells and headings between them."""

    id: str
    caption: Cell
    columns: list[Column]
    rows: list[list[Cell] | Heading]
    notes: list[Cell]
    wide: bool
    row_headers: int
    csv: str
    data: tuple[list[str], list[list[Any]]] | None
    cell: int


@dataclass(frozen=True)
class Sources:
    """The place for the list of sources: ``cited``, ``all`` or ``none``."""

    which: str
    cell: int


Block = Text | Verbatim | Figure | Table | Sources


@dataclass
class TitleBlock:
    """What stands above the text and, for ``cite_as`` and ``notice``, below it."""

    title: str = ""
    subtitle: str = ""
    kind: str = ""
    authors: list[str] = field(default_factory=list)
    as_of: str = ""
    data_version: str = ""
    language: str = "en-GB"
    summary: str = ""
    cite_as: str = ""
    notice: str = ""
    citations: str = ""
    contents: bool | None = None


def _stop(cell: int, what: str) -> ReportError:
    return ReportError(f"cell {cell}: {what}")


def _object(data: Any, cell: int, what: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise _stop(cell, f"{what} is not an object")
    for key in data:
        if key not in known:
            near = nearest(str(key), known)
            raise _stop(cell, f"{what} has the unknown key '{key}'" + (f"; nearest valid name: {near}" if near else ""))
    return dict(data)


def _slug(value: Any, cell: int, what: str) -> str:
    if not isinstance(value, str) or not _SLUG.match(value):
        raise _stop(cell, f"{what} is {value!r}; use lower-case letters, digits and hyphens")
    return value


def _text(data: Mapping[str, Any], key: str, cell: int, what: str, needed: bool = False) -> str:
    value = data.get(key)
    if value is None:
        if needed:
            raise _stop(cell, f"{what} has no '{key}'")
        return ""
    if not isinstance(value, str):
        raise _stop(cell, f"'{key}' of {what} is {type(value).__name__}, not text")
    if needed and not value.strip():
        raise _stop(cell, f"'{key}' of {what} is empty")
    return clean(value)


def check_cell(value: Any, cell: int, what: str) -> Cell:
    """``value`` if it is a cell: text, number, null, run, or a list of texts and runs."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, Mapping):
            run = _object(part, cell, f"a run of {what}", set(_RUN_KEYS))
            marks = run.get("mark", [])
            for mark in [marks] if isinstance(marks, str) else marks:
                if mark not in MARKS:
                    raise _stop(cell, f"a run of {what} is marked '{mark}'; marks are {', '.join(MARKS)}")
        elif not isinstance(part, str | int | float | None):
            raise _stop(cell, f"{what} holds {type(part).__name__}, not text or runs")
    checked: Cell = value
    return checked


def _cells(data: Mapping[str, Any], key: str, cell: int, what: str) -> list[Cell]:
    values = data.get(key) or []
    if not isinstance(values, list):
        values = [values]
    return [check_cell(value, cell, f"the {key} of {what}") for value in values]


def title_block(data: Any, cell: int) -> TitleBlock:
    """The bundle of the document."""
    given = _object(data, cell, "the document", set(TitleBlock.__dataclass_fields__))
    block = TitleBlock(title=_text(given, "title", cell, "the document", needed=True))
    for key in ("subtitle", "kind", "as_of", "data_version", "language", "summary", "cite_as", "notice", "citations"):
        value = _text(given, key, cell, "the document")
        if value:
            setattr(block, key, value)
    block.authors = [clean(author) for author in given.get("authors") or []]
    contents = given.get("contents")
    block.contents = contents if isinstance(contents, bool) else None
    return block


def figure(data: Any, svg: str | None, png: str | None, cell: int) -> Figure:
    """The bundle of a figure with the pictures beside it (SVG as text, PNG as base64)."""
    given = _object(data, cell, "a figure", {"id", "caption", "alt", "notes", "width"})
    identifier = _slug(given.get("id"), cell, "the id of a figure")
    what = f"figure '{identifier}'"
    if "caption" not in given:
        raise _stop(cell, f"{what} has no 'caption'")
    width = given.get("width", 1.0)
    if not isinstance(width, int | float) or not 0.1 <= width <= 1:
        raise _stop(cell, f"'width' of {what} is {width!r}; it is a share of the text width between 0.1 and 1")
    if not svg and not png:
        raise _stop(cell, f"{what} has no picture beside it (image/svg+xml or image/png)")
    return Figure(
        id=identifier,
        caption=check_cell(given["caption"], cell, f"the caption of {what}"),
        alt=_text(given, "alt", cell, what, needed=True),
        notes=_cells(given, "notes", cell, what),
        width=float(width),
        svg=(svg or "").encode("utf-8"),
        png=decode_png(png, cell, what),
        cell=cell,
    )


def decode_png(png: str | None, cell: int, what: str) -> bytes:
    """The bytes of a PNG given as base64; empty when there is none."""
    if not png:
        return b""
    try:
        raw = base64.b64decode(png)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw.startswith(b"\x89PNG"):
        raise _stop(cell, f"{what} has an image/png that is not a PNG in base64")
    return raw


def _columns(given: Any, cell: int, what: str) -> list[Column]:
    if not isinstance(given, list) or not given:
        raise _stop(cell, f"{what} has no columns")
    columns = []
    for entry in given:
        column = _object(entry, cell, f"a column of {what}", {"key", "label", "width", "align"})
        key = _text(column, "key", cell, f"a column of {what}", needed=True)
        align = column.get("align", "left")
        if align not in _ALIGN:
            raise _stop(cell, f"column '{key}' of {what} is aligned '{align}'; use left, centre or right")
        width = column.get("width", 0)
        if not isinstance(width, int | float) or width < 0:
            raise _stop(cell, f"column '{key}' of {what} has the width {width!r}; widths are weights above zero")
        columns.append(Column(key, _text(column, "label", cell, what), float(width), _ALIGN[align]))
    keys = [column.key for column in columns]
    for key in keys:
        if keys.count(key) > 1:
            raise _stop(cell, f"{what} has the column '{key}' twice")
    return columns


def table(data: Any, cell: int) -> Table:
    """The bundle of a table."""
    known = {"id", "caption", "columns", "rows", "notes", "wide", "row_headers", "csv", "data"}
    given = _object(data, cell, "a table", known)
    identifier = _slug(given.get("id"), cell, "the id of a table")
    what = f"table '{identifier}'"
    for key in ("caption", "rows"):
        if key not in given:
            raise _stop(cell, f"{what} has no '{key}'")
    columns = _columns(given.get("columns"), cell, what)
    rows: list[list[Cell] | Heading] = []
    for number, row in enumerate(given["rows"], start=1):
        if isinstance(row, Mapping):
            across = _object(row, cell, f"row {number} of {what}", {"heading"}).get("heading")
            rows.append(Heading(check_cell(across, cell, f"row {number} of {what}")))
        elif isinstance(row, list) and len(row) == len(columns):
            rows.append([check_cell(value, cell, f"row {number} of {what}") for value in row])
        else:
            count = len(row) if isinstance(row, list) else 0
            raise _stop(cell, f"row {number} of {what} has {count} cells; the table has {len(columns)} columns")
    return Table(
        id=identifier,
        caption=check_cell(given["caption"], cell, f"the caption of {what}"),
        columns=columns,
        rows=rows,
        notes=_cells(given, "notes", cell, what),
        wide=bool(given.get("wide", False)),
        row_headers=max(0, min(int(given.get("row_headers", 1)), len(columns) - 1)),
        csv=_slug(given.get("csv") or identifier, cell, f"the file name of {what}"),
        data=_data(given.get("data"), cell, what),
        cell=cell,
    )


def _data(data: Any, cell: int, what: str) -> tuple[list[str], list[list[Any]]] | None:
    if data is None:
        return None
    given = _object(data, cell, f"the data of {what}", {"columns", "rows"})
    columns = [clean(name) for name in given.get("columns") or []]
    rows = [list(row) for row in given.get("rows") or []]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise _stop(cell, f"row {number} of the data of {what} has {len(row)} values for {len(columns)} columns")
    return columns, rows
