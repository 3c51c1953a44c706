"""Figures and tables as pieces of document tree: captions, cells, widths, notes.

Data go into the tree as text nodes, never through a reader of markup, so a label cannot become anything but a label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.protocol import Cell, Run, clean
from analysis.reporting.blocks import Column, Figure, Heading, Table
from analysis.reporting.errors import ReportError
from analysis.reporting.inert import allowed_link
from analysis.reporting.manuscript import unknown_source
from analysis.reporting.tree import (
    NO_ATTR,
    Node,
    cell,
    div,
    link,
    node,
    para,
    plain,
    row,
    span,
    table,
    words,
)

LAW = {"regulation", "legislation", "bill", "treaty", "legal_case"}
# Letters of small type across a page upright and turned.
_UPRIGHT, _TURNED = 100, 162


@dataclass
class Surroundings:
    """What figures and tables of one document point to.

    ``numbers`` maps ``fig:id`` and ``tbl:id`` to labels ("Figure 2"); ``cited`` collects the sources that cells cite.
    """

    numbers: dict[str, str]
    references: Mapping[str, Mapping[str, Any]]
    cited: set[str]


def target(reference: str) -> str:
    """Where ``fig:coverage`` leads in the document: ``#fig-coverage``."""
    return "#" + reference.replace(":", "-", 1)


def source_label(item: Mapping[str, Any]) -> str:
    """The short name of a source in a table: short title, official citation, or author and year."""
    if item.get("title-short"):
        return clean(item["title-short"])
    if item.get("type") in LAW and item.get("container-title"):
        return clean(item["container-title"])
    names = [clean(name.get("family") or name.get("literal")) for name in item.get("author") or []]
    if not names:
        return clean(item.get("title") or item["id"])
    people = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."
    parts = (item.get("issued") or {}).get("date-parts") or [[""]]
    year = str(parts[0][0]) if parts and parts[0] else ""
    return f"{people} {year}".strip()


def _citations(run: Run, around: Surroundings) -> list[Node]:
    inlines: list[Node] = []
    for source in run.get("cite") or []:
        identifier, pinpoint = (
            (source, "") if isinstance(source, str) else (source.get("id", ""), source.get("pinpoint", ""))
        )
        if identifier not in around.references:
            raise unknown_source(identifier, around.references)
        around.cited.add(identifier)
        if inlines:
            inlines += words("; ")
        label = source_label(around.references[identifier])
        inlines.append(link(words(label), f"#ref-{identifier}", ["source"]))
        if pinpoint:
            inlines += words(f", {pinpoint}")
    return inlines


_MARKS: dict[str, Callable[[list[Node]], Node]] = {
    "strong": lambda inlines: node("Strong", inlines),
    "em": lambda inlines: node("Emph", inlines),
    "sup": lambda inlines: node("Superscript", inlines),
    "ins": lambda inlines: span([node("Underline", inlines)], classes=["ins"]),
    "del": lambda inlines: span([node("Strikeout", inlines)], classes=["del"]),
    "muted": lambda inlines: span(inlines, classes=["muted"]),
}


def _run(run: Run, around: Surroundings) -> list[Node]:
    text = clean(run.get("text"))
    marks = run.get("mark") or []
    marks = [marks] if isinstance(marks, str) else list(marks)
    inlines = words(text)
    reference = run.get("ref")
    if reference:
        if reference not in around.numbers:
            raise unknown_exhibit(reference, around.numbers)
        inlines = [link(inlines or words(around.numbers[reference]), target(reference))]
    if "code" in marks and text:
        inlines = [node("Code", NO_ATTR, " ".join(text.split()))]
    address = clean(run.get("link"))
    if address and allowed_link(address):
        inlines = [link(inlines or words(address), address)]
    cited = _citations(run, around)
    if cited and text:
        inlines += [*words(" ("), *cited, *words(")")]
    elif cited:
        inlines = cited
    for mark in marks:
        if mark in _MARKS and inlines:
            inlines = [_MARKS[mark](inlines)]
    language = run.get("lang")
    return [span(inlines, lang=clean(language))] if language else inlines


def unknown_exhibit(reference: str, numbers: Mapping[str, str]) -> ReportError:
    """The error for a pointer to a figure or table that is not there."""
    from analysis.encoding.problems import nearest

    near = nearest(reference, numbers)
    return ReportError(
        f"the text points to '{reference}', which is not shown" + (f"; nearest valid name: {near}" if near else "")
    )


def inlines_of(value: Cell, around: Surroundings) -> list[Node]:
    """A cell, caption or note as inline nodes."""
    inlines: list[Node] = []
    for part in value if isinstance(value, list) else [value]:
        inlines += _run(part, around) if isinstance(part, dict) else words(part)
    return inlines


def plain_text(value: Cell) -> str:
    """A cell as the plain text that a CSV file holds."""
    parts = value if isinstance(value, list) else [value]
    texts = []
    for part in parts:
        if isinstance(part, dict):
            text = clean(part.get("text"))
            sources = [
                s if isinstance(s, str) else " ".join(filter(None, [s.get("id"), s.get("pinpoint")]))
                for s in part.get("cite") or []
            ]
            texts.append(text + (f" [{'; '.join(sources)}]" if sources else ""))
        else:
            texts.append(clean(part))
    return "".join(texts).strip()


def caption(label: str, value: Cell, around: Surroundings) -> list[Node]:
    """ "Table 3." and the caption itself."""
    return [span(words(f"{label}."), classes=["label"]), node("Space"), *inlines_of(value, around)]


def _notes(values: list[Cell], around: Surroundings) -> list[Node]:
    if not values:
        return []
    return [div([para(inlines_of(value, around)) for value in values], classes=["exhibit-notes"])]


def figure_node(block: Figure, around: Surroundings) -> Node:
    """A figure with its caption and notes; the image is named ``figures/<id>`` without an ending (each format has its own)."""
    name = block.id or f"picture-{block.cell}"
    image = node("Image", ["", [], [["width", f"{block.width:.0%}"]]], words(block.alt), [f"figures/{name}", ""])
    if not block.id:
        return div([para([image])], classes=["exhibit", "picture"])
    text = caption(around.numbers[f"fig:{block.id}"], block.caption, around)
    shown = node("Figure", [f"fig-{block.id}", [], []], [None, [plain(text)]], [plain([image])])
    return div([shown, *_notes(block.notes, around)], classes=["exhibit", "figure"])


def table_node(block: Table, around: Surroundings) -> Node:
    """A table with its caption and notes; header cells name their scope."""
    head = [row([cell([plain(words(column.label))], column.align) for column in block.columns])]
    bodies: list[tuple[list[Any], list[Any]]] = []
    for content in block.rows:
        if isinstance(content, Heading):
            shown = [plain([node("Strong", inlines_of(content.cell, around))])]
            across = row([cell(shown, "AlignLeft", len(block.columns))], ["", ["group"], []])
            bodies.append(([across], []))
        else:
            cells = zip(content, block.columns, strict=True)
            if not bodies:
                bodies.append(([], []))
            bodies[-1][1].append(
                row([cell([plain(inlines_of(value, around))], column.align) for value, column in cells])
            )
    columns = list(zip((column.align for column in block.columns), shares(block), strict=True))
    text = caption(around.numbers[f"tbl:{block.id}"], block.caption, around)
    shown_table = table(text, columns, head, bodies, f"tbl-{block.id}", block.row_headers)
    classes = ["exhibit", "table", *(["wide"] if block.wide else []), *(["whole-rows"] if _low_rows(block) else [])]
    return div([shown_table, *_notes(block.notes, around)], classes=classes)


def _low_rows(block: Table) -> bool:
    """Whether every row surely fits on a page, so that none need be broken over two."""
    room = _TURNED if block.wide else _UPRIGHT
    widths = [max(share * room, 1) for share in shares(block)]
    lines = (
        sum(len(line) / (width * 0.8) + 1 for line in plain_text(value).split("\n"))
        for content in block.rows
        if not isinstance(content, Heading)
        for value, width in zip(content, widths, strict=True)
    )
    return max(lines, default=0) < 25


def _size(value: Cell) -> float:
    """How wide the letters of a cell are: codes are set in a wider type."""
    marks = value.get("mark", []) if isinstance(value, dict) else []
    return 1.22 if "code" in marks else 1.0


def _lengths(block: Table, index: int, column: Column) -> tuple[float, float, float]:
    """Longest word, mean length and longest line of a column, in letters."""
    cells = [
        (plain_text(content[index]), _size(content[index]))
        for content in block.rows
        if not isinstance(content, Heading)
    ]
    cells.append((column.label, 1.05))
    # Lines break after hyphens and slashes.
    word = max(len(w) * size for text, size in cells for w in re.sub(r"([-/])", r"\1 ", text or "-").split())
    longest = max(len(line) * size for text, size in cells for line in text.split("\n"))
    return word, sum(len(text) * size for text, size in cells) / len(cells), longest


def shares(block: Table) -> list[float]:
    """The share of the page width that each column gets; together 1 for a full table, less for a small one.

    A column never gets less than its longest word needs, as long as that is possible at all; what is left over goes to the
    columns that are given more weight, or else have more to say.
    """
    room = _TURNED if block.wide else _UPRIGHT
    measured = [_lengths(block, index, column) for index, column in enumerate(block.columns)]
    least = [min(word, 26) + 2.5 for word, _, _ in measured]
    wished = [min(longest, 70) + 2.5 for _, _, longest in measured]
    if any(column.width for column in block.columns):
        given = [column.width or 1.0 for column in block.columns]
        demand = [max(weight / sum(given) * room - need, 0.0) for weight, need in zip(given, least, strict=True)]
    elif sum(wished) <= room:
        full = max(0.45, min(1.0, sum(wished) * 1.25 / room))
        return [round(wish / sum(wished) * full, 4) for wish in wished]
    else:
        demand = [
            max(mean, 1.0) ** 0.9 if longest > need else 0.0
            for (_, mean, longest), need in zip(measured, least, strict=True)
        ]
    spare, total = max(room - sum(least), 0.0), sum(demand) or 1.0
    widths = [need + spare * part / total for need, part in zip(least, demand, strict=True)]
    return [round(width / sum(widths), 4) for width in widths]
