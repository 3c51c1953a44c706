"""What a notebook hands to the document pipeline: MIME bundles, and the one way to put data into Markdown.

``present`` makes these, ``reporting`` reads them; neither knows the other. Everything a document needs is in the
executed notebook itself, so a notebook saved from JupyterLab exports as well as one run from the plan. The forms are
explained with examples in ``reports/README.md``. Only the standard library is imported here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, TypedDict

DOCUMENT_MIME = "application/vnd.regimes.document+json"
FIGURE_MIME = "application/vnd.regimes.figure+json"
TABLE_MIME = "application/vnd.regimes.table+json"
REFERENCES_MIME = "application/vnd.regimes.references+json"
INPUTS_MIME = "application/vnd.regimes.inputs+json"

#: What a run of text in a cell, caption or note can be marked as.
MARKS = ("strong", "em", "ins", "del", "sup", "code", "muted")


class Citation(TypedDict, total=False):
    """A reference by its id, with a free-text pinpoint ("recital 5", "742.6(a)(6)")."""

    id: str
    pinpoint: str


class Run(TypedDict, total=False):
    """A stretch of text. All text is plain: the pipeline escapes it."""

    text: str
    mark: str | list[str]
    cite: list[str | Citation]
    link: str
    ref: str
    lang: str


#: What a cell, a caption or a note holds.
Cell = str | int | float | None | Run | list[str | Run]


class Column(TypedDict, total=False):
    """A column: ``key`` heads the CSV, ``label`` the document; ``width`` is a weight; ``align`` left, centre or right."""

    key: str
    label: str
    width: float
    align: str


class Data(TypedDict):
    """A tidy table for CSV and spreadsheet where it differs from the table shown."""

    columns: list[str]
    rows: list[list[Any]]


class Heading(TypedDict):
    """A row that heads the rows below it."""

    heading: Cell


class Table(TypedDict, total=False):
    id: str
    caption: Cell
    columns: list[Column]
    rows: list[list[Cell] | Heading]
    notes: list[Cell]
    wide: bool
    row_headers: int
    csv: str
    data: Data


class Figure(TypedDict, total=False):
    """Goes with ``image/svg+xml`` and ``image/png`` in the same bundle."""

    id: str
    caption: Cell
    alt: str
    notes: list[Cell]
    width: float


class Document(TypedDict, total=False):
    title: str
    subtitle: str
    kind: str
    authors: list[str]
    as_of: str
    data_version: str
    language: str
    summary: str
    cite_as: str
    notice: str
    citations: str
    contents: bool


class Inputs(TypedDict, total=False):
    """What a run read: the sides with the instruments chosen and why, and the files with their SHA-256."""

    sides: list[dict[str, Any]]
    files: list[dict[str, str]]
    data_version: str


# Punctuation that means something in Markdown anywhere; runs of dashes and dots would become other characters.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~^$@&=!\"]|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.")
# These mean something only at the start of a value, where they would begin a list, a definition or a rule.
_OPENING = re.compile(r"^([-+:%]|\(?[0-9A-Za-z]{1,9}[.)](?=\s|$))")
# Invisible characters that change the order in which text is read.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(value: object) -> str:
    """The value as plain text on as many lines as it had: control and direction characters taken out.

    ``None`` is the empty text.
    """
    if value is None:
        return ""
    text = _DIRECTION.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co"))
    return "".join(kept)


def escape(value: object) -> str:
    """One data value made safe inside a Markdown sentence: it reads as it is and can start nothing.

    Line breaks become spaces. Every value that comes from data goes through here before it is put into Markdown.
    """
    text = " ".join(clean(value).split())
    text = _SPECIAL.sub(lambda m: "\\" + m.group(), text)
    return _OPENING.sub(_escape_opening, text)


def _escape_opening(match: re.Match[str]) -> str:
    start = match.group()
    return start[:-1] + "\\" + start[-1]
