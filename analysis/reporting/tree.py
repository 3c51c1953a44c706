"""Small makers for Pandoc's document tree (its JSON form, API 1.23), so that data becomes text without any markup.

A node is ``{"t": kind, "c": content}``. Text that goes through ``words`` cannot start markup of any kind: it never
passes through a reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from analysis.protocol import clean

Node = dict[str, Any]
Attr = list[Any]
NO_ATTR: Attr = ["", [], []]

_GAP = re.compile(r"( +|\n)")


def attr(identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> Attr:
    """Identifier, classes and key-value pairs; ``_`` in a key stands for ``-``."""
    return [identifier, list(classes), [[key.replace("_", "-"), value] for key, value in pairs.items()]]


def node(kind: str, *content: Any) -> Node:
    """A node with one content value, or a list of several."""
    if not content:
        return {"t": kind}
    return {"t": kind, "c": content[0] if len(content) == 1 else list(content)}


def words(value: object) -> list[Node]:
    """Plain text as inline nodes: words, spaces, line breaks."""
    inlines: list[Node] = []
    for piece in _GAP.split(clean(value)):
        if piece == "\n":
            inlines.append(node("LineBreak"))
        elif piece.startswith(" "):
            inlines.append(node("Space"))
        elif piece:
            inlines.append(node("Str", piece))
    return inlines


def para(inlines: list[Node]) -> Node:
    return node("Para", inlines)


def plain(inlines: list[Node]) -> Node:
    return node("Plain", inlines)


def span(inlines: list[Node], identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> Node:
    return node("Span", attr(identifier, classes, **pairs), inlines)


def div(blocks: list[Node], identifier: str = "", classes: Iterable[str] = (), **pairs: str) -> Node:
    return node("Div", attr(identifier, classes, **pairs), blocks)


def link(inlines: list[Node], target: str, classes: Iterable[str] = ()) -> Node:
    return node("Link", attr("", classes), inlines, [target, ""])


def citation(sources: list[tuple[str, str]]) -> Node:
    """A citation of one or several sources, each with a pinpoint that is printed as it stands."""
    parts = []
    for identifier, pinpoint in sources:
        # The empty braces tell citeproc that what follows is text, not a page number.
        suffix = [node("Str", "{},"), node("Space"), *words(pinpoint)] if pinpoint else []
        parts.append(
            {
                "citationId": identifier,
                "citationPrefix": [],
                "citationSuffix": suffix,
                "citationMode": {"t": "NormalCitation"},
                "citationNoteNum": 0,
                "citationHash": 0,
            }
        )
    return node("Cite", parts, words("; ".join(identifier for identifier, _ in sources)))


def header(level: int, inlines: list[Node], identifier: str = "", classes: Iterable[str] = ()) -> Node:
    return node("Header", level, attr(identifier, classes), inlines)


def raw(form: str, text: str) -> Node:
    """Markup of our own for one output format; never made from data that was not escaped for that format."""
    return node("RawBlock", form, text)


def raw_inline(form: str, text: str) -> Node:
    return node("RawInline", form, text)


def document(blocks: list[Node], meta: dict[str, Node] | None = None) -> Node:
    return {"pandoc-api-version": [1, 23, 1], "meta": meta or {}, "blocks": blocks}


def meta_text(value: object) -> Node:
    return {"t": "MetaInlines", "c": words(value)}


def meta_blocks(blocks: list[Node]) -> Node:
    return {"t": "MetaBlocks", "c": blocks}


def meta_true() -> Node:
    return {"t": "MetaBool", "c": True}


def cell(blocks: list[Node], align: str = "AlignDefault", across: int = 1, attributes: Attr | None = None) -> list[Any]:
    return [attributes or NO_ATTR, {"t": align}, 1, across, blocks]


def row(cells: list[Any], attributes: Attr | None = None) -> list[Any]:
    return [attributes or NO_ATTR, cells]


def table(
    caption: list[Node],
    columns: list[tuple[str, float]],
    head: list[Any],
    bodies: list[tuple[list[Any], list[Any]]],
    identifier: str = "",
    row_headers: int = 0,
    classes: Iterable[str] = (),
) -> Node:
    """A table; ``columns`` are alignments with shares of the width, ``head`` a list of rows, ``bodies`` pairs of
    heading rows and rows.
    """
    specs = [[{"t": align}, {"t": "ColWidth", "c": share}] for align, share in columns]
    return node(
        "Table",
        attr(identifier, classes),
        [None, [plain(caption)] if caption else []],
        specs,
        [NO_ATTR, head],
        [[NO_ATTR, row_headers, heading, rows] for heading, rows in bodies],
        [NO_ATTR, []],
    )


def walk(value: Any) -> Iterator[Node]:
    """Every node under ``value``, outer before inner."""
    if isinstance(value, list):
        for part in value:
            yield from walk(part)
    elif isinstance(value, dict):
        if "t" in value:
            yield value
        for part in value.values():
            if isinstance(part, list | dict):
                yield from walk(part)


def rewrite(value: Any, change: Callable[[Node], list[Node] | None]) -> Any:
    """A copy of ``value`` in which ``change`` may replace each node by others (``None``: leave it), inner before outer."""
    if isinstance(value, list):
        result: list[Any] = []
        for part in value:
            if isinstance(part, dict) and "t" in part:
                content = part.get("c")
                # Most nodes are words and spaces, in which there is nothing to copy.
                inner = {**part, "c": rewrite(content, change)} if isinstance(content, list | dict) else part
                replaced = change(inner)
                if replaced is None:
                    result.append(inner)
                else:
                    result.extend(replaced)
            elif isinstance(part, list | dict):
                result.append(rewrite(part, change))
            else:
                result.append(part)
        return result
    if isinstance(value, dict):
        return {key: rewrite(part, change) if isinstance(part, list | dict) else part for key, part in value.items()}
    return value


_SILENT = {"Note", "RawInline", "RawBlock"}


def text_of(value: Any) -> str:
    """The plain text of a piece of tree, notes left out."""
    if isinstance(value, list):
        return "".join(text_of(part) for part in value)
    if not isinstance(value, dict):
        return ""
    kind = value.get("t", "")
    if kind == "Str":
        return str(value["c"])
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "Math", "CodeBlock"):
        return str(value["c"][1])
    if kind == "Quoted":
        single = value["c"][0]["t"] == "SingleQuote"
        inner = text_of(value["c"][1])
        return f"‘{inner}’" if single else f"“{inner}”"
    if kind in _SILENT:
        return ""
    if kind == "Cite":
        return text_of(value["c"][1])
    return text_of(value.get("c", []))
