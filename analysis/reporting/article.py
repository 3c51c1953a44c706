"""A manuscript as one document tree, still without a format: read, made inert, numbered, cited, cross-referenced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.reporting import pandoc
from analysis.reporting.blocks import Figure, Sources, Table, Text, TitleBlock, Verbatim
from analysis.reporting.exhibits import LAW, Surroundings, figure_node, plain_text, table_node, target, unknown_exhibit
from analysis.reporting.inert import after_citeproc, inert
from analysis.reporting.manuscript import Manuscript, unknown_source
from analysis.reporting.tree import NO_ATTR, Node, div, header, link, node, para, rewrite, text_of, walk, words
from analysis.reporting.words import long_date, word

_EXHIBIT = re.compile(r"^(fig|tbl):")
STYLES = {"notes": "law-notes.csl", "author-date": "law-author-date.csl"}


@dataclass
class Entry:
    """A line of a table of contents or of a list of figures or tables."""

    level: int
    identifier: str
    text: str


@dataclass
class Article:
    """A document without a format."""

    title: TitleBlock
    blocks: list[Node]
    summary: list[Node] = field(default_factory=list)
    colophon: list[Node] = field(default_factory=list)
    contents: bool = False
    headings: list[Entry] = field(default_factory=list)
    figures: list[Entry] = field(default_factory=list)
    tables: list[Entry] = field(default_factory=list)

    @property
    def dateline(self) -> str:
        """ "As of 23 July 2026, data version 0.1.0": empty where neither is known."""
        language, parts = self.title.language, []
        if self.title.as_of:
            parts.append(f"{word('as of', language)} {long_date(self.title.as_of, language)}")
        if self.title.data_version:
            parts.append(f"{word('data', language)} {self.title.data_version}")
        line = ", ".join(parts)
        return line[:1].upper() + line[1:]


def article(source: Manuscript, styles: Path, folder: Path, fallback_title: str = "") -> Article:
    """The document tree of a manuscript.

    ``styles`` holds the CSL styles; ``references.json`` is written to ``folder``. Raises ReportError for a citation or a
    cross reference that leads nowhere.
    """
    around = Surroundings(_numbers(source), source.references, set())
    texts = [block.markdown for block in source.blocks if isinstance(block, Text)]
    trees = [inert(tree) for tree in pandoc.read_markdown([*texts, source.title.summary])]
    summary = trees.pop()
    blocks = _assemble(source, trees, around)
    title = source.title
    blocks = _own_title(blocks, title, fallback_title)
    blocks = _level_headings(blocks)
    blocks = [*([div(summary, classes=["summary"])] if summary else []), *blocks]
    blocks = _point(blocks, around)
    number_notes(blocks)
    blocks = _cite(blocks, source, around, styles, folder)
    blocks = _drop_dangling(blocks)
    if summary:
        summary, blocks = blocks[0]["c"][1], blocks[1:]
    result = Article(title, blocks, summary, _colophon(title))
    result.headings = [
        Entry(item["c"][0], item["c"][1][0], text_of(item["c"][2])) for item in blocks if item["t"] == "Header"
    ]
    result.figures = [Entry(1, f"fig-{f.id}", _listed(around, f"fig:{f.id}", f)) for f in source.figures]
    result.tables = [Entry(1, f"tbl-{t.id}", _listed(around, f"tbl:{t.id}", t)) for t in source.tables]
    result.contents = bool(title.contents)
    return result


def _listed(around: Surroundings, reference: str, block: Figure | Table) -> str:
    return f"{around.numbers[reference]}. {plain_text(block.caption)}"


def _numbers(source: Manuscript) -> dict[str, str]:
    language = source.title.language
    figures = {f"fig:{f.id}": f"{word('figure', language)} {n}" for n, f in enumerate(source.figures, 1)}
    tables = {f"tbl:{t.id}": f"{word('table', language)} {n}" for n, t in enumerate(source.tables, 1)}
    return figures | tables


def _assemble(source: Manuscript, trees: list[list[Node]], around: Surroundings) -> list[Node]:
    blocks: list[Node] = []
    read = iter(trees)
    last_sources = max((i for i, block in enumerate(source.blocks) if isinstance(block, Sources)), default=-1)
    for position, block in enumerate(source.blocks):
        if isinstance(block, Text):
            blocks += next(read)
        elif isinstance(block, Verbatim):
            blocks.append(node("CodeBlock", NO_ATTR, block.text))
        elif isinstance(block, Figure):
            blocks.append(figure_node(block, around))
        elif isinstance(block, Table):
            blocks.append(table_node(block, around))
        elif position == last_sources:
            blocks.append(div([], "refs"))
    return blocks


def _own_title(blocks: list[Node], title: TitleBlock, fallback: str) -> list[Node]:
    """A first heading of level 1 is the title where the notebook gives none; where it does, it is not said twice."""
    first = next((item for item in blocks if item["t"] == "Header"), None)
    ones = [item for item in blocks if item["t"] == "Header" and item["c"][0] == 1]
    if first is not None and ones == [first] and blocks[0] is first:
        title.title = title.title or text_of(first["c"][2]).strip()
        blocks = blocks[1:]
    title.title = title.title or fallback or "Untitled"
    return blocks


def _level_headings(blocks: list[Node]) -> list[Node]:
    """Headings begin at level 1 and go down one level at a time; each gets an identifier of its own."""
    levels = [item["c"][0] for item in blocks if item["t"] == "Header"]
    top, previous, number, result = min(levels, default=1), 0, 0, []
    for item in blocks:
        if item["t"] == "Header":
            number += 1
            level = min(item["c"][0] - top + 1, previous + 1)
            previous = level
            item = header(level, item["c"][2], f"section-{number}")
        elif item["t"] in ("BlockQuote", "Div", "BulletList", "OrderedList"):
            # A heading inside a list or quotation would break the outline: it stays as bold text.
            item = rewrite([item], lambda n: [para([node("Strong", n["c"][2])])] if n["t"] == "Header" else None)[0]
        result.append(item)
    return result


def _colophon(title: TitleBlock) -> list[Node]:
    lines = []
    if title.cite_as:
        lines.append(
            para([node("Strong", words(f"{word('cite', title.language)}.")), node("Space"), *words(title.cite_as)])
        )
    if title.notice:
        lines.append(para(words(title.notice)))
    return lines


def _point(blocks: list[Node], around: Surroundings) -> list[Node]:
    """Cross references become links, pinpoints free text."""

    def change(item: Node) -> list[Node] | None:
        if item["t"] != "Cite":
            return None
        parts, shown = item["c"]
        exhibits = [part["citationId"] for part in parts if _EXHIBIT.match(part["citationId"])]
        if exhibits:
            inlines: list[Node] = []
            for reference in exhibits:
                if reference not in around.numbers:
                    raise unknown_exhibit(reference, around.numbers)
                inlines += [
                    *(words(", ") if inlines else []),
                    link(words(around.numbers[reference]), target(reference)),
                ]
            return inlines
        for part in parts:
            if part["citationId"] not in around.references:
                raise unknown_source(part["citationId"], around.references)
            part["citationSuffix"] = _free_text(part["citationSuffix"])
        return [node("Cite", parts, shown)]

    pointed: list[Node] = rewrite(blocks, change)
    return pointed


def _free_text(suffix: list[Node]) -> list[Node]:
    """A pinpoint as it stands: empty braces tell citeproc that what follows is no page number."""
    if not suffix:
        return []
    first = suffix[0]
    if first["t"] == "Str" and first["c"].startswith(("{}", ",")):
        return [node("Str", "{}" + first["c"].removeprefix("{}")), *suffix[1:]]
    rest = suffix[1:] if first["t"] == "Space" else suffix
    return [node("Str", "{},"), node("Space"), *rest]


def number_notes(blocks: list[Node]) -> None:
    """Tell citeproc in which note each citation will stand, so that "(n 3)" points to the third note of the document.

    Each note, and each citation outside notes, is a note of its own; pieces of Markdown that were read apart began to count
    apart.
    """
    count = 0

    def visit(value: Any, inside: bool) -> None:
        nonlocal count
        if isinstance(value, list):
            for part in value:
                visit(part, inside)
        elif isinstance(value, dict):
            kind = value.get("t")
            count += (kind == "Note") or (kind == "Cite" and not inside)
            if kind == "Cite":
                for part in value["c"][0]:
                    part["citationNoteNum"] = count
            elif "c" in value:
                visit(value["c"], inside or kind == "Note")

    visit(blocks, False)


def _cite(blocks: list[Node], source: Manuscript, around: Surroundings, styles: Path, folder: Path) -> list[Node]:
    lists = [block.which for block in source.blocks if isinstance(block, Sources)]
    cites = any(item["t"] == "Cite" for item in walk(blocks))
    if not cites and not lists:
        return blocks
    style = styles / STYLES.get(source.title.citations or "notes", STYLES["notes"])
    extra = sorted(source.references) if "all" in lists else sorted(around.cited)
    references = [_citable(source.references[key]) for key in sorted(source.references)]
    # Notes give their source in full; only short labels lead to the list.
    linked = bool(lists) and style.name == STYLES["author-date"]
    cited = pandoc.cite(blocks, references, style, folder, source.title.language, extra, bool(lists), linked)
    return after_citeproc(cited)


def _citable(item: Mapping[str, Any]) -> dict[str, Any]:
    """A source as the styles want it: no fields that are no CSL, no address that is none, law named by its short title.

    "Regulation (EU) 2021/821: Export controls ..."; where the title or the official citation says it already, it is not
    said twice.
    """
    kept = {key: value for key, value in item.items() if key not in ("evidence", "note")}
    if not str(kept.get("URL", "https://")).startswith(("https://", "http://")):
        del kept["URL"]
    short, title = str(kept.get("title-short") or ""), str(kept.get("title") or "")
    known = short.removesuffix("...").strip().lower()
    if kept.get("type") in LAW and short:
        if known in str(kept.get("container-title") or "").lower():
            del kept["title-short"]
        elif not title.lower().startswith(known):
            kept["title"] = f"{short}: {title}" if title else short
    return kept


def _drop_dangling(blocks: list[Node]) -> list[Node]:
    """Links to places that the document does not have lose their target."""
    places = {"#" + found for item in walk(blocks) for found in [_identifier(item)] if found}

    def change(item: Node) -> list[Node] | None:
        if item["t"] == "Link" and item["c"][2][0].startswith("#") and item["c"][2][0] not in places:
            return list(item["c"][1])
        return None

    kept: list[Node] = rewrite(blocks, change)
    return kept


def _identifier(item: Node) -> str:
    content = item.get("c")
    if item["t"] == "Header":
        return str(content[1][0]) if content else ""
    if item["t"] in ("Div", "Span", "Figure", "Table", "CodeBlock", "Code") and content:
        return str(content[0][0])
    return ""
