"""The Word file: real styles, captions that Word counts, header rows that repeat, sections that turn wide tables."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from analysis.reporting import pandoc
from analysis.reporting.article import Article, Entry
from analysis.reporting.tree import (
    Node,
    div,
    link,
    meta_text,
    node,
    para,
    raw,
    raw_inline,
    rewrite,
    span,
    text_of,
    words,
)
from analysis.reporting.word_parts import finish
from analysis.reporting.words import word


def docx(article: Article, pictures: dict[str, Path], resources: Path, epoch: int) -> bytes:
    """The document as a Word file; ``pictures`` maps names in the tree to PNG files."""
    blocks = rewrite([*_opening(article), *article.blocks, *_closing(article)], lambda item: _change(item, pictures))
    with tempfile.TemporaryDirectory(prefix="regimes-") as name:
        target = Path(name) / "report.docx"
        arguments = [
            "-t", "docx+styles", "-o", str(target),
            "--reference-doc", str(resources / "styles" / "reference.docx"),
            "--template", str(resources / "templates" / "report.openxml"),
        ]  # fmt: skip
        pandoc.write(blocks, _meta(article), arguments, Path(name), epoch)
        raw_file = target.read_bytes()
    moment = time.gmtime(epoch)
    return finish(raw_file, article.title.title, moment[:6])


def _meta(article: Article) -> dict[str, Node]:
    title = article.title
    meta = {"title": meta_text(title.title), "lang": meta_text(title.language)}
    for key in ("subtitle", "kind"):
        if getattr(title, key):
            meta[key] = meta_text(getattr(title, key))
    if title.authors:
        meta["authors"] = meta_text(", ".join(title.authors))
        meta["author"] = {"t": "MetaList", "c": [meta_text(author) for author in title.authors]}
    if article.dateline:
        meta["dateline"] = meta_text(article.dateline)
    return meta


def _styled(style: str, blocks: list[Node]) -> Node:
    return div(blocks, custom_style=style)


def _opening(article: Article) -> list[Node]:
    language = article.title.language
    blocks: list[Node] = []
    if article.summary:
        # A box around paragraphs; lists stand in from the margin and would tear it.
        boxed = all(block["t"] == "Para" for block in article.summary)
        blocks.append(
            _styled("Abstract Title" if boxed else "Abstract Heading", [para(words(word("summary", language)))])
        )
        blocks.append(_styled("Abstract" if boxed else "Abstract Text", article.summary))
    if article.contents:
        headings = [entry for entry in article.headings if entry.level <= 2]
        blocks += _list(word("contents", language), headings, ' TOC \\o "1-2" \\h \\z \\u ', "toc")
        for name, label, entries in (("figures", "figure", article.figures), ("tables", "table", article.tables)):
            if entries:
                field = f' TOC \\h \\z \\c "{word(label, language)}" '
                blocks += _list(word(name, language), entries, field, "table of figures")
        if blocks:
            # The text begins on a new page; the break stands behind the field, where updating it does no harm.
            last = blocks[-1]["c"][1][-1]
            last["c"].append(raw_inline("openxml", '<w:r><w:br w:type="page"/></w:r>'))
    return blocks


def _closing(article: Article) -> list[Node]:
    return [_styled("Colophon", article.colophon)] if article.colophon else []


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _list(title: str, entries: list[Entry], instruction: str, style: str) -> list[Node]:
    """A table of contents as a field whose result is already there: links now, page numbers when Word updates it."""
    if not entries:
        return []
    blocks = [_styled("TOC Heading", [para(words(title))])]
    begin = _field("begin") + f'<w:r><w:instrText xml:space="preserve">{_escaped(instruction)}</w:instrText></w:r>'
    begin += _field("separate")
    for position, entry in enumerate(entries):
        inlines = [link(words(entry.text), f"#{entry.identifier}")]
        if position == 0:
            inlines.insert(0, raw_inline("openxml", begin))
        if position == len(entries) - 1:
            inlines.append(raw_inline("openxml", _field("end")))
        name = f"toc {entry.level}" if style == "toc" else style
        blocks.append(_styled(name, [para(inlines)]))
    return blocks


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _change(item: Node, pictures: dict[str, Path]) -> list[Node] | None:
    kind: str = item["t"]
    content: Any = item.get("c")
    if kind == "Image":
        return _image(content, pictures)
    if kind == "Span":
        return _span(content)
    if kind == "Div":
        return _div(content)
    if kind == "Table":
        for _, _, groups, _ in content[4]:
            for _, cells in groups:
                cells[0][4] = [_styled("Table Group", [para(block["c"]) for block in cells[0][4]])]
    return None


def _image(content: Any, pictures: dict[str, Path]) -> list[Node]:
    attributes, alt, (name, _) = content
    path = pictures.get(name)
    if path is None:
        return list(alt)
    return [node("Image", attributes, alt, [str(path), text_of(alt)])]


_SPANS = {"ins": "Insertion", "del": "Deletion", "muted": "Quiet"}


def _span(content: Any) -> list[Node] | None:
    (_, classes, _), inlines = content
    if "label" in classes:
        return [span(_counted(inlines), custom_style="Caption Label")]
    for name, style in _SPANS.items():
        if name in classes:
            return [span(inlines, custom_style=style)]
    return None


def _counted(inlines: list[Node]) -> list[Node]:
    """ "Table 3." with the number as a field, so that Word counts on when captions are added."""
    name, _, number = text_of(inlines).rstrip(".").rpartition(" ")
    field = (
        f'<w:fldSimple w:instr=" SEQ {name} \\* ARABIC "><w:r><w:rPr><w:rStyle w:val="CaptionLabel"/></w:rPr>'
        f"<w:t>{int(number)}</w:t></w:r></w:fldSimple>"
    )
    return [*words(name), node("Space"), raw_inline("openxml", field), *words(".")]


def _div(content: Any) -> list[Node] | None:
    (identifier, classes, _), blocks = content
    if "exhibit-notes" in classes:
        return [_styled("Table Note", blocks)]
    if "wide" in classes:
        # The paragraphs mark where sections end; their page comes from the last section when the file is finished.
        return [raw("openxml", _SECTION.format("upright")), *blocks, raw("openxml", _SECTION.format("turned"))]
    if identifier == "refs":
        return [div([_styled("Bibliography", [block]) for block in blocks], "refs")]
    return None


_SECTION = '<w:p><w:pPr><w:sectPr><w:type w:val="{}"/></w:sectPr></w:pPr></w:p>'
