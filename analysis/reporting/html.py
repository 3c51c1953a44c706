"""The web page: one file with everything in it, that asks nothing of any network and runs nothing."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from analysis.reporting import pandoc
from analysis.reporting.article import Article, Entry
from analysis.reporting.tree import (
    Node,
    div,
    link,
    meta_blocks,
    meta_text,
    meta_true,
    node,
    plain,
    raw_inline,
    rewrite,
    words,
)
from analysis.reporting.words import word


def html(article: Article, pictures: dict[str, Path], resources: Path, epoch: int) -> str:
    """The page as text; ``pictures`` maps names in the tree to files, ``resources`` holds templates/ and styles/."""
    blocks = rewrite(article.blocks, lambda item: _change(item, pictures))
    template = (resources / "templates" / "report.html").read_text("utf-8")
    style = (resources / "styles" / "report.css").read_text("utf-8")
    arguments = ["-t", "html5-smart", "--wrap=none", "--shift-heading-level-by=1", "--section-divs=false"]
    if article.contents:
        arguments += ["--toc", "--toc-depth=3"]
    return pandoc.write_with_template(
        blocks, _meta(article), arguments, template.replace("/* report.css */", style), ".html", epoch
    )


def _meta(article: Article) -> dict[str, Node]:
    title = article.title
    language = title.language
    meta = {"title": meta_text(title.title), "pagetitle": meta_text(title.title), "lang": meta_text(language)}
    for key in ("subtitle", "kind"):
        if getattr(title, key):
            meta[key] = meta_text(getattr(title, key))
    if title.authors:
        meta["authors"] = meta_text(", ".join(title.authors))
    if article.dateline:
        meta["dateline"] = meta_text(article.dateline)
    for name in ("summary", "contents", "figures", "tables", "top"):
        meta[f"word-{name}"] = meta_text(word(name, language))
    if article.summary:
        meta["summary"] = meta_blocks(article.summary)
    if article.colophon:
        meta["colophon"] = meta_blocks(article.colophon)
    if article.contents:
        meta["contents"] = meta_true()
        for name, entries in (("figures", article.figures), ("tables", article.tables)):
            if entries:
                meta[name] = meta_blocks([_list(entries)])
    return meta


def _list(entries: list[Entry]) -> Node:
    return node("BulletList", [[plain([link(words(entry.text), f"#{entry.identifier}")])] for entry in entries])


def data_address(path: Path) -> str:
    """A picture as an address that holds it."""
    kind = "image/svg+xml" if path.suffix == ".svg" else "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _change(item: Node, pictures: dict[str, Path]) -> list[Node] | None:
    kind: str = item["t"]
    content: Any = item.get("c")
    if kind == "Image":
        return _image(content, pictures)
    if kind == "Span" and content[0][1] in (["ins"], ["del"]):
        name = content[0][1][0]
        return [raw_inline("html", f"<{name}>"), *content[1][0]["c"], raw_inline("html", f"</{name}>")]
    if kind == "Table":
        return [_table(content)]
    return None


def _image(content: Any, pictures: dict[str, Path]) -> list[Node]:
    attributes, alt, (name, _) = content
    path = pictures.get(name)
    if path is None:
        return list(alt)
    return [node("Image", attributes, alt, [data_address(path), ""])]


def _table(content: Any) -> Node:
    """The table in a frame that scrolls by itself on a narrow screen, with the scope of its header cells."""
    identifier = content[0][0]
    for _, cells in content[3][1]:
        for cell in cells:
            cell[0] = ["", [], [["scope", "col"]]]
    for _, headers, groups, rows in content[4]:
        for _, cells in groups:
            cells[0][0] = ["", [], [["scope", "rowgroup"]]]
        for _, cells in rows:
            for cell in cells[:headers]:
                cell[0] = ["", [], [["scope", "row"]]]
    frame = {"role": "region", "tabindex": "0"}
    if identifier:
        frame["aria-label"] = identifier.removeprefix("tbl-").replace("-", " ")
    return div([node("Table", *content)], classes=["frame"], **frame)
