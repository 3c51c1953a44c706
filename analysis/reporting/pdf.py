"""The PDF: Pandoc's Typst, our own template, Typst's compiler; tagged for PDF/UA-1, with the fonts that Typst brings."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from analysis.reporting import pandoc
from analysis.reporting.article import Article
from analysis.reporting.errors import ReportError
from analysis.reporting.tree import (
    NO_ATTR,
    Node,
    cell,
    meta_blocks,
    meta_text,
    meta_true,
    raw,
    raw_inline,
    rewrite,
    row,
    text_of,
)
from analysis.reporting.words import word

#: Words that mean nothing in Typst wherever they stand. All others are given as strings, which Typst shows as they are.
_PLAIN = re.compile(r"^(?!\d+\.$)(?!.*(--|-\?|\.\.|://))[\w(‘“’][\w,;:.()%…’‘“”–—§°†‡·!?-]*$")


def pdf(article: Article, pictures: dict[str, Path], resources: Path, epoch: int) -> bytes:
    """The document as PDF/UA-1. Raises ReportError with what Typst says when it refuses."""
    import typst

    with tempfile.TemporaryDirectory(prefix="regimes-") as name:
        folder = Path(name)
        source = folder / "report.typ"
        source.write_text(typst_text(article, pictures, resources, folder, epoch), "utf-8")
        try:
            done = typst.compile(
                str(source),
                root=str(folder),
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                timestamp=epoch,
            )
        except typst.TypstError as error:
            raise ReportError(f"the PDF cannot be set: {str(error).strip().splitlines()[0]}") from None
    return bytes(done)


def typst_text(article: Article, pictures: dict[str, Path], resources: Path, folder: Path, epoch: int) -> str:
    """The document in Typst's language; the pictures that it shows are copied to ``folder``."""
    shown: dict[str, str] = {}
    for name, path in pictures.items():
        shown[name] = f"{Path(name).name}{path.suffix}"
        (folder / shown[name]).write_bytes(path.read_bytes())

    def change(item: Node) -> list[Node] | None:
        return _change(item, shown)

    blocks = rewrite(article.blocks, change)
    if article.colophon:
        blocks += _within("#colophon[", rewrite(article.colophon, change))
    template = (resources / "templates" / "report.typ").read_text("utf-8")
    meta = rewrite(_meta(article), change)
    arguments = ["-t", "typst-citations-smart", "--wrap=none"]
    text = pandoc.write_with_template(blocks, meta, arguments, template, ".typ", epoch)
    # Captions stand on the left, so do tables narrower than the page. No text contains this: # begins a string in text.
    return text.replace("align(center)[#table(", "block(width: 100%)[#set align(left)\n#table(")


def quoted(text: str) -> str:
    """A text as a string of Typst's language."""
    return json.dumps(text, ensure_ascii=False)


def _meta(article: Article) -> dict[str, Node]:
    title = article.title
    language, _, region = title.language.partition("-")
    meta = {"title": meta_text(title.title)}
    for key in ("subtitle", "kind"):
        if getattr(title, key):
            meta[key] = meta_text(getattr(title, key))
    if title.authors:
        meta["authors"] = meta_text(", ".join(title.authors))
    if article.dateline:
        meta["dateline"] = meta_text(article.dateline)
    for key, value in (
        ("title-string", title.title),
        ("authors-string", ", ".join(title.authors)),
        ("language", language),
        ("region", region or language),
    ):
        meta[key] = {"t": "MetaInlines", "c": [raw_inline("typst", quoted(value))]}
    for name in ("summary", "contents", "figures", "tables", "page", "of"):
        meta[f"word-{name}"] = meta_text(word(name, title.language))
    if article.summary:
        meta["summary"] = meta_blocks(article.summary)
    if article.contents:
        meta["contents"] = meta_true()
        for name, entries in (("figures", article.figures), ("tables", article.tables)):
            if entries:
                meta[name] = meta_true()
    return meta


def _change(item: Node, shown: dict[str, str]) -> list[Node] | None:
    kind: str = item["t"]
    content: Any = item.get("c")
    if kind == "Str":
        return None if _PLAIN.match(content) else [raw_inline("typst", f"#{quoted(content)};")]
    if kind == "Image":
        return _image(content, shown)
    if kind == "Span":
        return _span(content)
    if kind == "Table":
        _mark_groups(content)
        return None
    if kind == "Div":
        return _div(content)
    return None


def _image(content: Any, shown: dict[str, str]) -> list[Node]:
    (_, _, pairs), alt, (name, _) = content
    if name not in shown:
        return list(alt)
    width = dict(pairs).get("width", "100%")
    return [raw_inline("typst", f"#image({quoted(shown[name])}, width: {width}, alt: {quoted(text_of(alt))})")]


def _span(content: Any) -> list[Node] | None:
    (_, classes, pairs), inlines = content
    language = dict(pairs).get("lang", "")
    if language:
        primary, _, region = language.partition("-")
        start = f"#text(lang: {quoted(primary)}" + (f", region: {quoted(region)}" if len(region) == 2 else "") + ")["
        return [raw_inline("typst", start), *inlines, raw_inline("typst", "]")]
    for name in ("muted", "label"):
        if name in classes:
            return [raw_inline("typst", f"#{name}["), *inlines, raw_inline("typst", "]")]
    return None


def _mark_groups(content: Any) -> None:
    for _, _, groups, _ in content[4]:
        for _, cells in groups:
            cells[0][0] = ["", [], [["typst:fill", "tint"]]]


def _div(content: Any) -> list[Node] | None:
    (identifier, classes, _), blocks = content
    made: list[Node] = blocks
    if "figure" in classes and len(made) > 1:
        return _within("#block(breakable: false)[", [made[0], raw("typst", "#v(-1em)"), *made[1:]])
    if "table" in classes:
        made = _notes_in_table(made)
        if "whole-rows" in classes:
            made = _within("#[#set table.cell(breakable: false)", made)
        return _within("#page(flipped: true)[", made) if "wide" in classes else made
    if "exhibit-notes" in classes:
        return _within("#exhibit-notes[", made)
    if identifier == "refs":
        return _within("#sources[", made)
    return None


def _within(opening: str, blocks: list[Node]) -> list[Node]:
    return [raw("typst", opening), *blocks, raw("typst", "]")]


def _notes_in_table(blocks: list[Node]) -> list[Node]:
    """Notes as the foot of their table, which Typst does not part from the last row.

    ``blocks`` are a table and, where there are notes, what ``_div`` made of them.
    """
    if len(blocks) < 2:
        return blocks
    table, notes = blocks[0], blocks[1:]
    foot = cell(
        notes, "AlignLeft", len(table["c"][2]), ["", [], [["typst:stroke", "note-line"], ["typst:inset", "note-inset"]]]
    )
    return [{**table, "c": [*table["c"][:5], [NO_ATTR, [row([foot])]]]}]
