"""The documents as files: whole, inert, accessible, the same each time."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import Written
from docx import Document
from lxml import etree
from pypdf import PdfReader
from samples import HOSTILE

from analysis.protocol import clean
from analysis.reporting.documents import Layout, write_documents
from analysis.reporting.reference import W

NS = {"w": W, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}


def _words(text: str) -> str:
    """Letters, digits and punctuation only: formats break lines where they like."""
    return re.sub(r"\s+", "", text).replace("\u00ad", "")


@pytest.fixture(scope="module")
def page(written: Written) -> BeautifulSoup:
    return BeautifulSoup(written.html, "html.parser")


@pytest.fixture(scope="module")
def body(written: Written) -> Any:
    with zipfile.ZipFile(written.docx) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


@pytest.fixture(scope="module")
def pdf_text(written: Written) -> str:
    return "".join(page.extract_text() for page in PdfReader(written.pdf).pages)


# --- the web page


def test_the_page_asks_for_nothing_and_runs_nothing(page: BeautifulSoup, written: Written) -> None:
    assert not page.find_all(["script", "iframe", "object", "embed", "form", "link", "base", "svg"])
    assert {image["src"].split(",")[0] for image in page.find_all("img")} == {"data:image/svg+xml;base64"}
    for item in page.find_all(True):
        assert not [name for name in item.attrs if name.startswith("on")]
        assert str(item.get("href", "https:")).startswith(("https:", "mailto:", "#"))
    assert "default-src 'none'" in page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    style = page.find("style").text
    assert not re.search(r"url\(|@import|@font-face", style)


def test_the_page_reads_well(page: BeautifulSoup) -> None:
    assert page.html["lang"] == "en-GB"
    assert page.title.text == page.h1.text == "Advanced chips: <b>who</b> controls what & since when"
    assert page.find("p", "dateline").text == "As of 23 July 2026, data version 0.1.0, 12ab34cd"
    assert [h.text for h in page.main.find_all("h2")] == ["Summary", "Contents", "The question", "Sources"]
    levels = [int(h.name[1]) for h in page.find_all(re.compile("^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "Change the parameters" not in page.text
    assert "samples." not in page.text
    assert page.footer.text.strip().startswith("How to cite.")


def test_tables_of_the_page_can_be_read_by_ear(page: BeautifulSoup) -> None:
    table = page.find(id="tbl-scope")
    assert table.caption.text == "Table 1. Entries side by side"
    assert {cell["scope"] for cell in table.thead.find_all("th")} == {"col"}
    assert [cell["colspan"] for cell in table.find_all("th", scope="rowgroup")] == ["4", "4"]
    assert [cell.text for cell in table.find_all("th", scope="row")] == ["3A090.a", "4A090.a", "3A001.a.7"]
    assert table.ins.text == "new words"
    assert table.find("del").text == "old words"
    assert table.find(lang="nl").text == "Programmeerbare logica"
    frame = table.parent
    assert (frame["role"], frame["tabindex"]) == ("region", "0")
    image = page.find(id="fig-bars").img
    assert image["alt"] == "Bars: United States 7, European Union 3, Netherlands 2."


def test_pointers_lead_somewhere(page: BeautifulSoup) -> None:
    for link in page.find_all("a", href=re.compile("^#")):
        assert page.find(id=link["href"][1:]), link["href"]
    assert page.find("section", "summary").find("a", href="#tbl-scope").text == "Table 1"
    ids = [item["id"] for item in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_shown_as_they_are(label: str, page: BeautifulSoup, body: Any, pdf_text: str) -> None:
    expected = _words(clean(label))
    rows = [_words(row.td.text) for row in page.find(id="tbl-hostile").tbody.find_all("tr")]
    assert expected in rows
    assert expected in _words(
        page.find(id="tbl-hostile").find_parent("div", "exhibit").find("div", "exhibit-notes").text
    )
    assert expected in _words("".join(body.itertext(f"{{{W}}}t")))
    assert expected in _words(pdf_text)


# --- Word


def test_word_has_real_styles_and_a_title(written: Written) -> None:
    document = Document(str(written.docx))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    for name in ("Kind", "Title", "Subtitle", "Author", "Date", "Abstract", "TOC Heading", "Heading 1", "Heading 2",
                 "Table Caption", "Image Caption", "Table Note", "Bibliography", "Colophon"):  # fmt: skip
        assert name in styles, name
    assert document.core_properties.title == "Advanced chips: <b>who</b> controls what & since when"
    assert document.core_properties.created.isoformat().startswith("2026-07-23T12:00:00")
    footer = document.sections[0].footer.paragraphs[0].text
    assert footer.startswith("Advanced chips")


def test_word_repeats_header_rows_and_keeps_rows_whole(body: Any) -> None:
    for table in body.iterfind(".//w:tbl", NS):
        rows = table.findall("w:tr", NS)
        assert rows[0].find("w:trPr/w:tblHeader", NS) is not None
        assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in rows)
        assert table.find("w:tblPr/w:tblLayout", NS) is not None


def test_word_counts_captions_and_describes_pictures(body: Any) -> None:
    fields = [field.get(f"{{{W}}}instr") for field in body.iterfind(".//w:fldSimple", NS)]
    assert fields.count(" SEQ Table \\* ARABIC ") == 4
    assert fields.count(" SEQ Figure \\* ARABIC ") == 1
    [drawing] = body.iterfind(".//wp:docPr", NS)
    assert drawing.get("descr") == "Bars: United States 7, European Union 3, Netherlands 2."


def test_word_turns_wide_tables_and_goes_on_counting_notes(body: Any) -> None:
    sections = body.findall(".//w:sectPr", NS)
    assert [s.find("w:pgSz", NS).get(f"{{{W}}}orient") for s in sections] == [None, "landscape", None]
    assert all(s.find("w:footerReference", NS) is not None for s in sections)
    assert {n.get(f"{{{W}}}val") for n in body.iterfind(".//w:numRestart", NS)} == {"continuous"}


_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr shd tabs spacing ind jc outlineLvl rPr sectPr",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "sectPr": "footerReference footnotePr endnotePr type pgSz pgMar",
    "style": "name aliases basedOn next link uiPriority semiHidden unhideWhenUsed qFormat rsid pPr rPr tblPr tblStylePr",
}


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/footnotes.xml", "word/footer1.xml"])
def test_word_finds_properties_in_the_order_that_it_asks_for(part: str, written: Written) -> None:
    with zipfile.ZipFile(written.docx) as archive:
        root = etree.fromstring(archive.read(part))
    for name, order in _ORDER.items():
        ranks = {word: rank for rank, word in enumerate(order.split())}
        for item in root.iter(f"{{{W}}}{name}"):
            found = [etree.QName(child).localname for child in item]
            assert [ranks[child] for child in found] == sorted(ranks[child] for child in found), (name, found)
            if name != "style" and name != "sectPr":
                assert len(found) == len(set(found)), (name, found)


def test_word_has_contents_already(written: Written, body: Any) -> None:
    instructions = [text.text.strip() for text in body.iterfind(".//w:instrText", NS)]
    assert instructions == ['TOC \\o "1-2" \\h \\z \\u', 'TOC \\h \\z \\c "Figure"', 'TOC \\h \\z \\c "Table"']
    kinds = [char.get(f"{{{W}}}fldCharType") for char in body.iterfind(".//w:fldChar", NS)]
    assert kinds == ["begin", "separate", "end"] * 3
    shown = [p.text for p in Document(str(written.docx)).paragraphs if p.style.name == "toc 1"]
    assert shown == ["The question", "Sources"]
    names = {b.get(f"{{{W}}}name") for b in body.iterfind(".//w:bookmarkStart", NS)}
    assert {link.get(f"{{{W}}}anchor") for link in body.iterfind(".//w:hyperlink[@w:anchor]", NS)} <= names


def test_word_holds_no_path_and_no_foreign_relation(written: Written) -> None:
    with zipfile.ZipFile(written.docx) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert str(written.folder).encode() not in content
            if name.endswith(".rels"):
                for relation in etree.fromstring(content):
                    if relation.get("TargetMode") == "External":
                        assert relation.get("Target").startswith(("https://", "mailto:"))
            if name.endswith(".xml"):
                etree.fromstring(content)


# --- PDF


def test_the_pdf_is_tagged_and_titled(written: Written) -> None:
    reader = PdfReader(written.pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Advanced chips: <b>who</b> controls what & since when"
    assert "Libertinus" in str({font for page in reader.pages for font in _fonts(page)})


def _fonts(page: Any) -> set[str]:
    return {str(font.get_object()["/BaseFont"]) for font in page["/Resources"].get("/Font", {}).values()}


def test_the_pdf_turns_wide_tables_and_repeats_their_head(written: Written) -> None:
    pages = PdfReader(written.pdf).pages
    turned = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) >= 2
    assert all("Wassenaar" in page.extract_text() for page in turned)


def test_the_pdf_describes_its_picture(written: Written) -> None:
    raw = "".join(str(item) for item in _structure(PdfReader(written.pdf)))
    assert "Bars: United States 7" in raw


def _structure(reader: PdfReader) -> list[Any]:
    found, todo = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        item = todo.pop().get_object()
        if isinstance(item, list):
            todo += item
        elif isinstance(item, dict):
            found.append({key: value for key, value in item.items() if key in ("/S", "/Alt")})
            if "/K" in item:
                todo.append(item["/K"])
    return found


# --- all


def test_the_same_notebook_gives_the_same_bytes(executed: dict[str, Any], written: Written, tmp_path: Path) -> None:
    write_documents(executed, tmp_path, "ordinary", ["html", "docx", "pdf"], Layout(contents=True))
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        assert path.read_bytes() == (written.folder / path.relative_to(tmp_path)).read_bytes(), path


def test_a_notebook_without_bundles_is_a_document_too(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# My notes\n\n#### Deep\n\nText with `code`.", "metadata": {}},
        {"cell_type": "markdown", "source": "## Next\n\n> # A heading in a quotation\n\n$x$", "metadata": {}},
    ]
    write_documents({"cells": cells}, tmp_path, "notes", ["html", "docx", "pdf"])
    page = BeautifulSoup((tmp_path / "notes.html").read_text("utf-8"), "html.parser")
    assert page.h1.text == "My notes"
    assert [h.text for h in page.main.find_all("h2")] == ["Deep", "Next"]
    write_documents({"cells": []}, tmp_path, "empty", ["html", "docx", "pdf"])
    assert BeautifulSoup((tmp_path / "empty.html").read_text("utf-8"), "html.parser").h1.text == "empty"


def test_dutch_documents_say_dutch_words(tmp_path: Path) -> None:
    import samples

    shown = [
        samples.title("2026-07-23", language="nl-NL", summary=""),
        samples.scope(),
        samples.bars(),
        samples.sources(),
    ]
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [{"output_type": "display_data", "data": s.bundle}]}
        for s in shown
    ]
    write_documents({"cells": cells}, tmp_path, "nl", ["html", "docx", "pdf"])
    page = BeautifulSoup((tmp_path / "nl.html").read_text("utf-8"), "html.parser")
    assert page.find("p", "dateline").text.startswith("Stand op 23 juli 2026")
    assert page.find(id="tbl-scope").caption.text.startswith("Tabel 1.")
    assert page.footer.text.strip().startswith("Zo citeert u dit.")
