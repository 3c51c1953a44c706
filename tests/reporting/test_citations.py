"""Citations by citeproc: notes that count right, pinpoints as they stand, sources that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import samples
from bs4 import BeautifulSoup
from conftest import Written
from lxml import etree

from analysis.protocol import REFERENCES_MIME
from analysis.reporting.article import STYLES
from analysis.reporting.documents import RESOURCES, Layout, write_documents
from analysis.reporting.errors import ReportError


def _write(tmp_path: Path, *markdown: str, citations: str = "notes", items: list[Any] | None = None) -> BeautifulSoup:
    bundle = samples.sources().bundle
    if items is not None:
        bundle = {REFERENCES_MIME: {"items": items}}
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "source": text, "metadata": {}} for text in markdown]
    cells.append({"cell_type": "code", "metadata": {}, "outputs": [{"output_type": "display_data", "data": bundle}]})
    write_documents({"cells": cells}, tmp_path, "x", ["html"], Layout(citations=citations))
    return BeautifulSoup((tmp_path / "x.html").read_text("utf-8"), "html.parser")


def _notes(page: BeautifulSoup) -> list[str]:
    return [
        item.text.replace("↩︎", "").replace("\u00a0", " ").strip()
        for item in page.find("section", "footnotes").find_all("li")
    ]


def test_notes_name_law_by_title_and_official_citation(tmp_path: Path) -> None:
    page = _write(tmp_path, "A [@reg-2021-821, recital 5].", "B.[^n] C [@88-fr-73458, 742.6(a)(6)].\n\n[^n]: A note.",
                  "D [@reg-2021-821, Art. 4(1)]. E [@a-hrc-41-35, para. 2; @reg-2021-821].")  # fmt: skip
    assert _notes(page) == [
        "Regulation (EU) 2021/821: Export controls on dual-use items (recast), OJ L 206, 11.6.2021, p. 1, CELEX 32021R0821 "
        "(20 May 2021), recital 5.",
        "A note.",
        "Advanced computing items <script>alert(3)</script>, 88 FR 73458 (25 October 2023), 742.6(a)(6).",
        "Regulation (EU) 2021/821 (n 1), Art. 4(1).",
        "D Kaye, Surveillance and human rights (UN Doc. A/HRC/41/35, 28 May 2019), para. 2; Regulation (EU) 2021/821 (n 1).",
    ]


def test_author_date_names_law_by_its_short_name(tmp_path: Path) -> None:
    page = _write(tmp_path, "A [@reg-2021-821, recital 5; @a-hrc-41-35].", "B [@88-fr-73458].", citations="author-date")
    text = [p.text for p in page.main.find_all("p")]
    assert text[:2] == ["A (Regulation (EU) 2021/821, recital 5; Kaye 2019).", "B (88 FR 73458)."]
    assert not page.find("section", "footnotes")


def test_what_follows_the_comma_is_printed_as_it_stands(tmp_path: Path) -> None:
    pinpoints = [
        "742.6(a)(6)",
        "recital 5",
        "p. 12",
        "12",
        "Art. 4",
        "§ 734.9",
        "vol. 3",
        "Supp. 1, ECCN 3A090.a",
        "3-5",
    ]
    page = _write(tmp_path, *(f"X [@a-hrc-41-35, {pinpoint}]." for pinpoint in pinpoints))
    endings = [note.rpartition("(n 1), ")[2] or note for note in _notes(page)[1:]]
    assert endings == [f"{pinpoint}." for pinpoint in pinpoints[1:]]
    assert _notes(page)[0].endswith(f", {pinpoints[0]}.")


def test_only_what_is_cited_is_listed_and_cells_count(written: Written) -> None:
    page = BeautifulSoup(written.html, "html.parser")
    assert {entry["id"] for entry in page.find(id="refs").find_all("div", "csl-entry")} == {
        "ref-88-fr-73458", "ref-reg-2021-821", "ref-a-hrc-41-35",
    }  # fmt: skip
    row = page.find("th", string=re.compile("3A090.a")).find_parent("tr")
    assert row.find_all("td")[-1].text == "listed (88 FR 73458, 73479)"
    assert row.find("a", "source")["href"] == "#ref-88-fr-73458"


def test_addresses_that_are_none_are_not_links(written: Written) -> None:
    page = BeautifulSoup(written.html, "html.parser")
    assert "javascript" not in page.find(id="refs").text
    assert [a["href"] for a in page.find(id="refs").find_all("a")] == ["https://www.federalregister.gov/d/2023-23055"]


def test_sources_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(ReportError) as told:
        _write(tmp_path, "A [@reg-2021-812].")
    assert str(told.value) == (
        "the text cites 'reg-2021-812', which no source of the notebook has as its id; nearest valid id: reg-2021-821"
    )
    with pytest.raises(ReportError, match="the text points to 'fig:bras', which is not shown"):
        _write(tmp_path, "See @fig:bras.")


def test_a_source_with_markup_or_without_fields_is_harmless(tmp_path: Path) -> None:
    items = [
        {
            "id": "odd",
            "type": "book",
            "title": "<b>x</b> $\\input{x}$ `raw`{=html} *y* <script>z</script>",
            "URL": "javascript:x",
        },
        {"id": "bare", "type": "regulation"},
    ]
    page = _write(tmp_path, "A [@odd] B [@bare]", items=items)
    assert not page.find_all("script")
    assert "<script>z</script>" in page.find(id="ref-odd").text


def test_short_names_are_not_said_twice(tmp_path: Path) -> None:
    base = {"type": "regulation", "author": [{"literal": "BIS"}]}
    items = [
        {**base, "id": "a", "title": "Rule", "title-short": "88 FR 1", "container-title": "88 FR 1; corrected 89 FR 2"},
        {**base, "id": "b", "title": "Order on chip tools and more", "title-short": "Order on chip ..."},
        {**base, "id": "c", "title": "", "title-short": "Act"},
    ]
    assert _notes(_write(tmp_path, "A [@a] B [@b] C [@c]", items=items)) == [
        "Rule, 88 FR 1; corrected 89 FR 2.", "Order on chip tools and more.", "Act.",
    ]  # fmt: skip


def test_both_styles_share_their_macros_and_are_well_formed() -> None:
    namespace = "{http://purl.org/net/xbiblio/csl}"
    shared = []
    for name in STYLES.values():
        root = etree.parse(str(RESOURCES / "styles" / name)).getroot()
        shared.append(
            [etree.tostring(item) for item in root if item.tag in (f"{namespace}macro", f"{namespace}bibliography")]
        )
    assert shared[0] == shared[1]
