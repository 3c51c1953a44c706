"""Nothing in a text can act: what a reader of Markdown lets through is rebuilt from a short list of allowed nodes.

Links lead to https, mailto or a place in the same document; everything else keeps its words and loses its target.
Images in text become their description (figures come as bundles). Attributes go, except a language. Raw markup of any
format becomes fixed-width text.
"""

from __future__ import annotations

import re
from typing import Any

from analysis.protocol import clean
from analysis.reporting.tree import NO_ATTR, Node, attr, node, rewrite, words

_SAFE_LINK = re.compile(r"^(https://[^\s/]|mailto:[^\s]+@)", re.IGNORECASE)
_INNER_LINK = re.compile(r"^#[A-Za-z][A-Za-z0-9._:-]*$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")

_KEPT = {
    "Str", "Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Quoted", "Cite",
    "Space", "SoftBreak", "LineBreak", "Note", "Plain", "Para", "LineBlock", "BlockQuote", "OrderedList", "BulletList",
    "DefinitionList", "HorizontalRule",
}  # fmt: skip


def allowed_link(target: str) -> bool:
    """Whether a link may lead there: https, mailto, or a place in the same document."""
    return bool(_SAFE_LINK.match(target) or _INNER_LINK.match(target))


def inert(blocks: list[Node]) -> list[Node]:
    """A copy of the blocks in which nothing can act."""
    rewritten: list[Node] = rewrite(blocks, _change)
    return rewritten


def _content(item: Node) -> Any:
    return item.get("c")


def _change(item: Node) -> list[Node] | None:
    kind, content = item["t"], _content(item)
    if kind == "Str":
        return [node("Str", clean(content).replace("\n", " "))]
    if kind in _KEPT:
        return None
    if kind in _CHANGES:
        changed: list[Node] = _CHANGES[kind](content)
        return changed
    if kind in _PARTS:
        return None
    return []


def after_citeproc(blocks: list[Node]) -> list[Node]:
    """The blocks as citeproc leaves them, with its links checked and whatever a source's title held as plain text."""

    def change(item: Node) -> list[Node] | None:
        kind, content = item["t"], _content(item)
        if kind in ("RawInline", "RawBlock"):
            text = words(content[1])
            return text if kind == "RawInline" else [node("Para", text)]
        if kind == "Link":
            _, inlines, (target, _title) = content
            return [node("Link", content[0], inlines, [target, ""])] if allowed_link(target) else list(inlines)
        if kind == "Cite":
            return list(content[1])
        return None

    checked: list[Node] = rewrite(blocks, change)
    return checked


#: Nodes that only say how their parent is meant: alignments, list styles, quotation marks, citation modes.
_PARTS = {
    "AlignLeft", "AlignRight", "AlignCenter", "AlignDefault", "ColWidth", "ColWidthDefault", "SingleQuote", "DoubleQuote",
    "AuthorInText", "SuppressAuthor", "NormalCitation", "DefaultStyle", "Example", "Decimal", "LowerRoman", "UpperRoman",
    "LowerAlpha", "UpperAlpha", "DefaultDelim", "Period", "OneParen", "TwoParens",
}  # fmt: skip


def _attributes(given: Any) -> list[Any]:
    return attr(**{key: value for key, value in given[2] if key == "lang" and _LANGUAGE.match(value)})


def _link(content: Any) -> list[Node]:
    _, inlines, (target, _title) = content
    if allowed_link(target):
        return [node("Link", NO_ATTR, inlines, [target, ""])]
    return list(inlines)


def _table(content: Any) -> list[Node]:
    _, caption, columns, head, bodies, foot = content

    def rows(given: Any) -> list[Any]:
        return [[NO_ATTR, [[NO_ATTR, *cell[1:]] for cell in cells]] for _, cells in given]

    clean_bodies = [[NO_ATTR, headers, rows(between), rows(body)] for _, headers, between, body in bodies]
    return [node("Table", NO_ATTR, caption, columns, [NO_ATTR, rows(head[1])], clean_bodies, [NO_ATTR, rows(foot[1])])]


_CHANGES: dict[str, Any] = {
    "Link": _link,
    "Image": lambda c: list(c[1]),
    "Span": lambda c: [node("Span", _attributes(c[0]), c[1])],
    "Div": lambda c: [node("Div", _attributes(c[0]), c[1])],
    "Code": lambda c: [node("Code", NO_ATTR, clean(c[1]))],
    "CodeBlock": lambda c: [node("CodeBlock", NO_ATTR, clean(c[1]))],
    "Math": lambda c: [node("Code", NO_ATTR, clean(c[1]))],
    "RawInline": lambda c: [node("Code", NO_ATTR, clean(c[1]))],
    "RawBlock": lambda c: [node("CodeBlock", NO_ATTR, clean(c[1]))],
    "Header": lambda c: [node("Header", c[0], NO_ATTR, c[2])],
    "Figure": lambda c: list(c[2]),
    "Table": _table,
}
