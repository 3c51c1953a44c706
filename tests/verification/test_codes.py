"""Every code that we hold to be in force stands in the official list, paragraph by paragraph."""

from __future__ import annotations

import pytest

from analysis.encoding.library import Library
from analysis.encoding.sides import resolve

from .conftest import Texts
from .excused import Excused, none_of
from .official import Edition

pytestmark = pytest.mark.sources


def missing(library: Library, side: str, edition: Edition, excused: Excused, only: str = "") -> list[str]:
    """Sentences about codes in force that the edition lacks; ``only``: categories that the extraction holds."""
    found = []
    for listing in resolve(library, side, "2026-11-22").listed:
        code = listing.code
        if only and code[0] not in only:
            continue
        if not edition.has(code) and not excused.find("codes", edition=edition.name, code=code):
            found.append(f"{listing.control.place}: {listing.layer} {code} does not stand in {edition.name}")
    return found


def test_us_codes_stand_in_the_full_text(library: Library, texts: Texts, excused: Excused) -> None:
    none_of(missing(library, "us-ear@2026-07-23", texts.us_fulltext, excused))


def test_us_codes_stand_in_the_structured_text(library: Library, texts: Texts, excused: Excused) -> None:
    # That extraction has paragraphs for four categories only.
    none_of(missing(library, "us-ear@2026-07-23", texts.us_structured, excused, only="1345"))


def test_us_entries_of_the_other_categories_stand_in_the_structured_text(library: Library, texts: Texts) -> None:
    lost = {"2B352", "0D614"}  # README: merged into the entry before
    listed = {x.code[:5] for x in resolve(library, "us-ear@2026-07-23", "2026-11-22").listed if x.code[0] not in "1345"}
    assert listed - set(texts.us_structured.entries) <= lost


def test_eu_codes_stand_in_annex_i(library: Library, texts: Texts, excused: Excused) -> None:
    none_of(missing(library, "eu-dual-use@2025-11-15", texts.eu_2025, excused))


def test_no_exception_is_idle(library: Library, texts: Texts, excused: Excused) -> None:
    missing(library, "us-ear@2026-07-23", texts.us_fulltext, excused)
    missing(library, "us-ear@2026-07-23", texts.us_structured, excused, only="1345")
    none_of(excused.unused("codes"))


def test_a_code_that_does_not_exist_is_noticed(texts: Texts) -> None:
    assert (
        not texts.us_2026.has("3A090.q") and not texts.eu_2025.has("3B001.f.1.c") and not texts.eu_2025.has("3A504.c")
    )
