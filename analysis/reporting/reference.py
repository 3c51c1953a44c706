"""Builds ``reports/styles/reference.docx``: the styles, page and footer that every Word document takes over.

``python -m analysis.reporting.reference`` writes it again. Starts from Pandoc's own reference document, so that every
style that Pandoc uses is there, and replaces what makes a document look like ours.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from analysis.reporting.pandoc import program

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MOMENT = (2000, 1, 1, 0, 0, 0)

BODY, HEAD, MONO = "Cambria", "Calibri", "Consolas"
INK, QUIET, ACCENT, RULE, TINT = "1C1D20", "55595F", "1F4E79", "C9C5BA", "F3F0E7"


#: A4, upright; widths in twentieths of a point.
PAGE = (11906, 16838)
#: Width of the text on an upright and on a turned page.
WIDTH, TURNED = 9072, 14004
FOOTERS = {"rIdFooter": WIDTH, "rIdFooterTurned": TURNED}


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}" w:eastAsia="{name}"/>'


def _run(
    font: str = "", size: float = 0, bold: bool = False, italic: bool = False, colour: str = "", more: str = ""
) -> str:
    """Run properties in the order that the schema asks for."""
    half = round(size * 2)
    return "".join(
        [
            _fonts(font) if font else "",
            "<w:b/><w:bCs/>" if bold else "",
            "<w:i/><w:iCs/>" if italic else "",
            more if more.startswith("<w:caps") else "",
            f'<w:color w:val="{colour}"/>' if colour else "",
            more if more.startswith("<w:spacing") else "",
            f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if half else "",
            more if more.startswith("<w:vertAlign") else "",
        ]
    )


def _tab(leader: str = "none") -> str:
    return f'<w:tabs><w:tab w:val="right" w:leader="{leader}" w:pos="{WIDTH}"/></w:tabs>'


def _gap(before: float = 0, after: float = 0, line: int = 259) -> str:
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" w:line="{line}" w:lineRule="auto"/>'
    )


_TOGETHER = "<w:keepNext/><w:keepLines/>"
_LEFT_RULE = f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="10" w:color="{ACCENT}"/></w:pBdr>'
_TINTED = f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>'
_TOP_RULE = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="{RULE}"/></w:pBdr>'
_BOX_INDENT = '<w:ind w:left="240" w:right="120"/>'

# Style id: (name, based on, next, paragraph properties, run properties)
_PARAGRAPHS: dict[str, tuple[str, str, str, str, str]] = {
    "Normal": ("Normal", "", "", "", ""),
    "BodyText": ("Body Text", "Normal", "", _gap(0, 7), ""),
    "FirstParagraph": ("First Paragraph", "BodyText", "BodyText", "", ""),
    "Compact": ("Compact", "BodyText", "", _gap(0, 3), ""),
    "Kind": ("Kind", "Normal", "Title", _TOGETHER + _gap(0, 4), _run(HEAD, 9, True, colour=ACCENT, more="<w:caps/>")),
    "Title": ("Title", "Normal", "BodyText", _TOGETHER + _gap(0, 5, 240), _run(HEAD, 24, True, colour=INK)),
    "Subtitle": ("Subtitle", "Normal", "BodyText", _TOGETHER + _gap(0, 8, 240), _run(HEAD, 14, colour=QUIET)),
    "Author": ("Author", "Normal", "BodyText", _TOGETHER + _gap(0, 6), ""),
    "Date": ("Date", "Normal", "BodyText", _TOP_RULE + _gap(2, 12), _run(HEAD, 9.5, colour=QUIET)),
    "AbstractTitle": (
        "Abstract Title", "Normal", "Abstract", _TOGETHER + _LEFT_RULE + _TINTED + _gap(6, 0) + _BOX_INDENT,
        _run(HEAD, 9, True, colour=ACCENT, more="<w:caps/>"),
    ),
    "AbstractHeading": (
        "Abstract Heading", "Normal", "AbstractText", _TOGETHER + _gap(6, 4),
        _run(HEAD, 9, True, colour=ACCENT, more="<w:caps/>"),
    ),
    "AbstractText": ("Abstract Text", "Normal", "", _gap(0, 5), ""),
    "Abstract": ("Abstract", "Normal", "", _LEFT_RULE + _TINTED + _gap(0, 5) + _BOX_INDENT, ""),
    "Bibliography": ("Bibliography", "Normal", "", _gap(0, 4) + '<w:ind w:left="360" w:hanging="360"/>', _run(size=9.5)),
    "BlockText": ("Block Text", "BodyText", "BodyText", _gap(4, 8) + '<w:ind w:left="480" w:right="480"/>', _run(colour=QUIET)),
    "SourceCode": ("Source Code", "Normal", "", _TINTED + _gap(0, 6, 240), _run(MONO, 8.5)),
    "FootnoteText": ("footnote text", "Normal", "", _gap(0, 2, 240), _run(size=8.5)),
    "FootnoteBlockText": ("Footnote Block Text", "FootnoteText", "", "", ""),
    "Caption": ("caption", "Normal", "", _gap(10, 5, 247), _run(HEAD, 9.5)),
    "TableCaption": ("Table Caption", "Caption", "", "<w:keepNext/>" + _gap(12, 5, 247), ""),
    "ImageCaption": ("Image Caption", "Caption", "", _gap(4, 4, 247), ""),
    "Figure": ("Figure", "Normal", "", _gap(10, 2), ""),
    "CaptionedFigure": ("Captioned Figure", "Figure", "ImageCaption", "<w:keepNext/>" + _gap(12, 2), ""),
    "TableText": ("Table Text", "Normal", "", _gap(1.5, 1.5, 240), _run(HEAD, 8.5)),
    "TableHead": ("Table Head", "TableText", "", "<w:keepNext/>", _run(bold=True)),
    "TableGroup": ("Table Group", "TableText", "", "<w:keepNext/>", _run(bold=True)),
    "TableNote": ("Table Note", "Normal", "", _gap(3, 2, 240), _run(HEAD, 8, colour=QUIET)),
    "Colophon": ("Colophon", "Normal", "", _TOP_RULE + _gap(8, 0, 247), _run(HEAD, 8.5, colour=QUIET)),
    "Footer": ("footer", "Normal", "", _tab() + _gap(0, 0, 240), _run(HEAD, 8.5, colour=QUIET)),
    "TOCHeading": ("TOC Heading", "Normal", "BodyText", _TOGETHER + _gap(14, 5, 240), _run(HEAD, 12, True, colour=INK)),
    "TOC1": ("toc 1", "Normal", "", _tab("dot") + _gap(0, 2.5, 240), _run(HEAD, 10)),
    "TOC2": ("toc 2", "TOC1", "", '<w:ind w:left="280"/>', ""),
    "TOC3": ("toc 3", "TOC1", "", '<w:ind w:left="560"/>', ""),
    "TableofFigures": ("table of figures", "TOC1", "", "", ""),
}  # fmt: skip

_HEADINGS = {1: (15, 20, 7, False), 2: (12, 14, 5, False), 3: (10.5, 10, 4, True), 4: (10.5, 8, 3, True)}

# Style id: (name, run properties)
_CHARACTERS: dict[str, tuple[str, str]] = {
    "VerbatimChar": ("Verbatim Char", _run(MONO, more="")),
    "Hyperlink": ("Hyperlink", _run(colour=ACCENT)),
    "FootnoteReference": ("footnote reference", _run(more='<w:vertAlign w:val="superscript"/>')),
    "Quiet": ("Quiet", _run(colour=QUIET)),
    "Insertion": ("Insertion", _run(colour="0B5D2C")),
    "Deletion": ("Deletion", _run(colour="8C1C13")),
    "SourceName": ("Source Name", ""),
    "CaptionLabel": ("Caption Label", _run(bold=True)),
}

_TABLE = f"""<w:style xmlns:w="{W}" w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/><w:qFormat/>
<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{INK}"/>
<w:bottom w:val="single" w:sz="6" w:space="0" w:color="{INK}"/>
<w:insideH w:val="single" w:sz="2" w:space="0" w:color="{RULE}"/></w:tblBorders>
<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>
<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>
<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{INK}"/></w:tcBorders>
<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>"""

_DEFAULTS = f"""<w:docDefaults xmlns:w="{W}"><w:rPrDefault><w:rPr>{_fonts(BODY)}
<w:color w:val="{INK}"/><w:sz w:val="21"/><w:szCs w:val="21"/>
<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr>{_gap(0, 0)}</w:pPr></w:pPrDefault></w:docDefaults>"""


def _field(instruction: str) -> str:
    parts = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    told = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"{parts[0]}{told}{parts[1]}<w:r><w:t>1</w:t></w:r>{parts[2]}"


def _footer(width: int) -> str:
    """Title on the left, page number on the right of a text ``width`` wide; the title is filled in for each document."""
    tabs = (
        f'<w:tabs><w:tab w:val="clear" w:pos="{WIDTH}"/><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
        if width != WIDTH
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{W}"><w:p>'
        f'<w:pPr><w:pStyle w:val="Footer"/>{tabs}</w:pPr><w:r><w:t xml:space="preserve">Report</w:t></w:r>'
        f'<w:r><w:tab/></w:r>{_field("PAGE")}<w:r><w:t xml:space="preserve"> / </w:t></w:r>{_field("NUMPAGES")}</w:p></w:ftr>'
    )


MARGINS = (
    '<w:pgMar w:top="1361" w:right="1417" w:bottom="1304" w:left="1417" w:header="709" w:footer="624" w:gutter="0"/>'
)
_SECTION = f"""<w:sectPr xmlns:w="{W}" xmlns:r="{R}">
<w:footerReference w:type="default" r:id="rIdFooter"/><w:footerReference w:type="first" r:id="rIdFooterTurned"/>
<w:footnotePr><w:numRestart w:val="continuous"/></w:footnotePr><w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/>{MARGINS}</w:sectPr>"""


def _paragraph_styles() -> list[str]:
    styles = []
    for identifier, (name, base, following, paragraph, run) in _PARAGRAPHS.items():
        styles.append(_style(identifier, name, base, following, paragraph, run))
    for level in range(1, 10):
        size, before, after, italic = _HEADINGS[min(level, 4)]
        run = _run(HEAD, size, not italic, italic, INK)
        paragraph = _TOGETHER + _gap(before, after, 240) + f'<w:outlineLvl w:val="{level - 1}"/>'
        styles.append(_style(f"Heading{level}", f"heading {level}", "Normal", "BodyText", paragraph, run))
    return styles


def _style(identifier: str, name: str, base: str, following: str, paragraph: str, run: str) -> str:
    default = ' w:default="1"' if identifier == "Normal" else ""
    return (
        f'<w:style xmlns:w="{W}" w:type="paragraph"{default} w:styleId="{identifier}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{base}"/>' if base else "")
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _character_styles() -> list[str]:
    return [
        f'<w:style xmlns:w="{W}" w:type="character" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
        for identifier, (name, run) in _CHARACTERS.items()
    ]


def _styles(original: bytes) -> bytes:
    root: Any = etree.fromstring(original)
    new = [etree.fromstring(text) for text in [*_paragraph_styles(), *_character_styles(), _TABLE]]
    replaced = {style.get(f"{{{W}}}styleId") for style in new}
    for style in root.findall(f"{{{W}}}style"):
        identifier = style.get(f"{{{W}}}styleId")
        linked = style.find(f"{{{W}}}link")
        # Linked character styles ("Heading1Char") would bring the old looks back.
        if identifier in replaced or (
            linked is not None and identifier.endswith("Char") and identifier != "VerbatimChar"
        ):
            root.remove(style)
    root.replace(root.find(f"{{{W}}}docDefaults"), etree.fromstring(_DEFAULTS))
    root.extend(new)
    return _xml(root)


def _xml(root: Any) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _document(original: bytes) -> bytes:
    root: Any = etree.fromstring(original)
    body = root.find(f"{{{W}}}body")
    for child in list(body):
        body.remove(child)
    body.append(etree.fromstring(f'<w:p xmlns:w="{W}"/>'))
    body.append(etree.fromstring(_SECTION))
    return _xml(root)


def _add_footer(parts: dict[str, bytes], name: str, identifier: str, width: int) -> None:
    parts[f"word/{name}"] = _footer(width).encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    types, relations = "[Content_Types].xml", "word/_rels/document.xml.rels"
    override = f'<Override PartName="/word/{name}" ContentType="{kind}"/></Types>'
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    relation = f'<Relationship Type="{R}/footer" Id="{identifier}" Target="{name}"/></Relationships>'
    parts[relations] = parts[relations].replace(b"</Relationships>", relation.encode())


def build() -> bytes:
    """The reference document as bytes; always the same for one version of Pandoc."""
    raw = subprocess.run(
        [program(), "--print-default-data-file", "reference.docx"], capture_output=True, check=True
    ).stdout
    with zipfile.ZipFile(io.BytesIO(raw)) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/document.xml"] = _document(parts["word/document.xml"])
    for number, (identifier, width) in enumerate(FOOTERS.items(), start=1):
        _add_footer(parts, f"footer{number}.xml", identifier, width)
    return pack(parts, MOMENT)


def pack(parts: dict[str, bytes], moment: tuple[int, int, int, int, int, int]) -> bytes:
    """The parts as a ZIP file in which every entry carries the same moment."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, parts[name])
    return result.getvalue()


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[2] / "reports" / "styles" / "reference.docx"
    target.write_bytes(build())
    print(target)
