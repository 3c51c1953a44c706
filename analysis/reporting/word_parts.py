"""What Pandoc leaves to be done in a Word file: sections, table text, alternative texts, the footer's title."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import Any

from lxml import etree

from analysis.reporting.reference import PAGE, TINT, R, W, pack

_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def finish(raw: bytes, title: str, moment: tuple[int, ...]) -> bytes:
    """The file with everything in its place, and every part carrying the same moment."""
    with zipfile.ZipFile(io.BytesIO(raw)) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    root: Any = etree.fromstring(parts["word/document.xml"])
    body = root.find(_w("body"))
    _sections(body)
    for table in body.iter(_w("tbl")):
        _table(table)
    _around_exhibits(body)
    _alternatives(body)
    _quiet_pointers(root)
    parts["word/document.xml"] = _xml(root)
    for name in [part for part in parts if part.startswith("word/footer")]:
        footer: Any = etree.fromstring(parts[name])
        footer.find(f".//{_w('t')}").text = title if len(title) <= 90 else f"{title[:88].rstrip()} …"
        parts[name] = _xml(footer)
    year, month, day, hour, minute, second = moment
    return pack(parts, (max(year, 1980), month, day, hour, minute, second))


def _xml(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _sections(body: Any) -> None:
    """Each section gets the page of the last one; those marked ``turned`` get it on its side, with the wider footer.

    The reference document keeps the wider footer as the one for first pages, which no section has.
    """
    last = body.find(_w("sectPr"))
    for restart in last.iter(_w("numRestart")):
        restart.set(_w("val"), "continuous")
    references = {reference.get(_w("type")): reference for reference in last.findall(_w("footerReference"))}
    wider = references.pop("first", None)
    if wider is not None:
        last.remove(wider)
    for section in list(body.iter(_w("sectPr"))):
        if section is last:
            continue
        turned = section.find(_w("type")).get(_w("val")) == "turned"
        page = copy.deepcopy(last)
        if turned:
            size = page.find(_w("pgSz"))
            size.set(_w("w"), str(PAGE[1]))
            size.set(_w("h"), str(PAGE[0]))
            size.set(_w("orient"), "landscape")
            if wider is not None:
                page.find(_w("footerReference")).set(f"{{{R}}}id", wider.get(f"{{{R}}}id"))
        section.getparent().replace(section, page)
        _join(page)


def _join(section: Any) -> None:
    """A section ends with its last paragraph where it can, not with an empty one after it."""
    holder = section.getparent().getparent()
    before = _before(holder)
    if before is None or before.tag != _w("p") or before.find(f"{_w('pPr')}/{_w('sectPr')}") is not None:
        _properties(holder, "pPr").insert(
            0, etree.fromstring(f'<w:spacing xmlns:w="{W}" w:after="0" w:line="20" w:lineRule="exact"/>')
        )
        return
    _put(before, section)
    holder.getparent().remove(holder)


#: The order that Word asks for among the properties of a paragraph.
_ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
    "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
    "rPr sectPr pPrChange"
).split()


def _put(paragraph: Any, item: Any) -> None:
    """Give a paragraph a property, in its place among the others; one that is there is replaced."""
    properties = _properties(paragraph, "pPr")
    for given in properties.findall(item.tag):
        properties.remove(given)
    rank = _ORDER.index(etree.QName(item).localname)
    after = (child for child in properties if _ORDER.index(etree.QName(child).localname) > rank)
    place = next(after, None)
    if place is None:
        properties.append(item)
    else:
        place.addprevious(item)


def _properties(item: Any, name: str) -> Any:
    """The properties of a paragraph or row, made where there are none."""
    found = item.find(_w(name))
    if found is None:
        found = etree.Element(_w(name))
        item.insert(0, found)
    return found


def _table(table: Any) -> None:
    properties = table.find(_w("tblPr"))
    layout = etree.Element(_w("tblLayout"))
    layout.set(_w("type"), "fixed")
    place = properties.find(_w("tblLook"))
    if properties.find(_w("tblLayout")) is None and place is not None:
        place.addprevious(layout)
    rows = table.findall(_w("tr"))
    for row in rows:
        head = row.find(f"{_w('trPr')}/{_w('tblHeader')}") is not None
        # A row does not break over pages.
        _properties(row, "trPr").insert(0, etree.Element(_w("cantSplit")))
        for paragraph in row.iter(_w("p")):
            _restyle(paragraph, "TableHead" if head else "TableText")
        if row.find(f".//{_w('pStyle')}[@{_w('val')}='TableGroup']") is not None:
            for cell in row.findall(_w("tc")):
                _shade(cell)


def _around_exhibits(body: Any) -> None:
    """Notes stay with their table or figure, and what follows keeps its distance."""
    paragraphs = [p for p in body.iter(_w("p")) if p.getparent().tag != _w("tc")]
    for paragraph in paragraphs:
        before, style = _before(paragraph), _style(paragraph)
        if before is None:
            continue
        follows = before.tag == _w("tbl") or _style(before) in ("TableNote", "ImageCaption")
        if style == "TableNote" and follows:
            _keep_with_next(before)
        elif follows and not style.startswith(("Heading", "TableCaption")):
            _put(paragraph, etree.fromstring(f'<w:spacing xmlns:w="{W}" w:before="200"/>'))


def _before(paragraph: Any) -> Any:
    found = paragraph.getprevious()
    while found is not None and found.tag in (_w("bookmarkStart"), _w("bookmarkEnd")):
        found = found.getprevious()
    return found


def _keep_with_next(item: Any) -> None:
    kept = item.findall(_w("tr"))[-1].iter(_w("p")) if item.tag == _w("tbl") else [item]
    for paragraph in kept:
        _put(paragraph, etree.Element(_w("keepNext")))


def _style(paragraph: Any) -> str:
    given = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
    return "" if given is None else str(given.get(_w("val")))


def _shade(cell: Any) -> None:
    properties = _properties(cell, "tcPr")
    shade = etree.fromstring(f'<w:shd xmlns:w="{W}" w:val="clear" w:color="auto" w:fill="{TINT}"/>')
    place = next((c for c in properties if c.tag in (_w("noWrap"), _w("tcMar"), _w("vAlign"), _w("hideMark"))), None)
    if place is None:
        properties.append(shade)
    else:
        place.addprevious(shade)


def _restyle(paragraph: Any, style: str) -> None:
    properties = _properties(paragraph, "pPr")
    given = properties.find(_w("pStyle"))
    if given is None:
        given = etree.Element(_w("pStyle"))
        properties.insert(0, given)
    elif given.get(_w("val")) not in ("Compact", "BodyText", "FirstParagraph"):
        return
    given.set(_w("val"), style)


def _quiet_pointers(root: Any) -> None:
    """Links within the document look like the text around them; only those that lead out are coloured."""
    for link in root.iter(_w("hyperlink")):
        if link.get(_w("anchor")):
            for style in list(link.iter(_w("rStyle"))):
                if style.get(_w("val")) == "Hyperlink":
                    style.getparent().remove(style)


def _alternatives(body: Any) -> None:
    """The alternative text stands on the drawing; the file name of the picture on the author's disk goes."""
    for number, drawing in enumerate(body.iter(f"{{{_WP}}}docPr"), start=1):
        inline = drawing.getparent()
        text = drawing.get("title") or drawing.get("descr") or ""
        drawing.set("descr", text)
        drawing.set("title", "")
        drawing.set("name", f"Figure {number}")
        for picture in inline.iter(f"{{{_PIC}}}cNvPr"):
            picture.set("descr", text)
            picture.set("name", f"figure-{number}.png")
