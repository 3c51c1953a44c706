"""Which texts encodings say they were compared with, and which of them are at hand here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.encoding.forms import Aspect, Evidence


@dataclass(frozen=True)
class AtHand:
    """An edition that the tests can read: whose list, how evidence names it, on which day it stood."""

    regime: str
    words: str
    texts: str  # property of conftest.Texts
    day: str

    def named_in(self, evidence: list[Evidence], aspect: Aspect) -> bool:
        return any(
            e.grade == "official" and (not e.covers or aspect in e.covers) and re.search(self.words, e.against or "")
            for e in evidence
        )


LISTS = (
    AtHand("us-ear", r"eCFR issue of 2026-07-23", "us_2026", "2026-07-23"),
    AtHand("us-ear", r"first half of 2025", "us_2025", "2025-07-11"),
    AtHand("eu-dual-use", r"[Ee]dition of 15 November 2025", "eu_2025", "2025-11-15"),
    AtHand("eu-dual-use", r"Norw", "norway_2021", "2021-09-09"),
    AtHand("de-national", r"state of 14 September 2021", "german_2021", "2021-09-14"),
)
LISTS_IN_ENGLISH = tuple(e for e in LISTS if e.regime != "de-national")
#: Texts at hand other than lists, as evidence names them.
OTHERS = (
    r"Regulation \(EU\) 2021/821, Article 3\(1\), and Annex II",
    r"Delegated Regulation \(EU\) 2025/2003, Arts 1 and 2 \(transcription\)",
    r"order BZ2404162 \(transcribed excerpt",
    r"Stcrt\. 2023, 18212, Art",
)
