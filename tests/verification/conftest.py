"""The official texts and the encodings, each read once per session."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from analysis.encoding.library import Library, load

from . import official, reprints
from .excused import Excused
from .official import Edition

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Texts:
    """The editions at hand; each is read when it is first asked for."""

    folder: Path

    @cached_property
    def us_2025(self) -> Edition:
        return official.us_markdown(self.folder / "us/2025-07-11/ccl-774-supp1-markdown.json")

    @cached_property
    def us_structured(self) -> Edition:
        return official.us_structured(self.folder / "us/2026-07-23/ccl-774-supp1-structured.json")

    @cached_property
    def us_fulltext(self) -> Edition:
        return official.us_fulltext(self.folder / "us/2026-07-23/ccl-774-supp1-fulltext.json", self.us_2025)

    @cached_property
    def us_2026(self) -> Edition:
        """The issue of 2026: the full text, completed by the other extraction for entries that it has cut short."""
        cut = {code: e for code, e in self.us_structured.entries.items() if code in official.CUT_SHORT}
        rest = Edition(self.us_structured.name, self.us_structured.date, ".", cut)
        return official.together("CCL, eCFR issue of 2026-07-23", self.us_fulltext, rest)

    @cached_property
    def us_tables(self) -> Edition:
        """Licence tables of 2026; where that extraction merged two entries, those of 2025."""
        entries = dict(self.us_structured.entries)
        entries |= {code: self.us_2025.entries[code] for code in official.MERGED}
        return Edition("licence tables", "2026-07-23", ".", entries)

    @cached_property
    def eu_2025(self) -> Edition:
        return official.eu_provisions(self.folder / "eu/02021R0821-20251115_annexI_en_provisions.csv")

    @cached_property
    def norway_2021(self) -> Edition:
        path = self.folder / "other/norway_listeII_2021_EU-annexI-text_categories0-9.txt"
        return reprints.norway_layout(path, self.eu_2025)

    @cached_property
    def german_2021(self) -> Edition:
        return reprints.german_list(self.folder / "other/de_AWV-2013_2021-09-14_with-Ausfuhrliste.md")


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The official texts, or the reason why they are not there."""
    named = os.environ.get("REGIMES_SOURCES")
    folder = Path(named) if named else ROOT.parent / "shared" / "sources"
    if not (folder / "us").is_dir() or not (folder / "eu").is_dir():
        reason = f"no official texts at {folder}; put them there or name their folder in REGIMES_SOURCES"
        if named or os.environ.get("REGIMES_REQUIRE_SOURCES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return Texts(folder)


@pytest.fixture(scope="session")
def library() -> Library:
    return load(ROOT)


@pytest.fixture(scope="session")
def excused() -> Excused:
    return Excused(Path(__file__).with_name("exceptions.yaml"))
