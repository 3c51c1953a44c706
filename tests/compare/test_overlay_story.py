"""The overlay story: what the Dutch entry and the US entries for immersion scanners took on a day, in words.

Sources: Stcrt. 2023, 18212 (figures not read in the order, graded so); 88 FR 73424; 89 FR 96790.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.compare.thresholds import Comparison, Measures, ThresholdSet, compare
from analysis.encoding.library import Library, load
from analysis.encoding.sides import lives
from analysis.encoding.timeline import State

SCANNERS = ("3B001.f.1.b", "3B993.f.1")


@pytest.fixture(scope="module")
def library(project: Path) -> Library:
    return load(project)


@pytest.fixture(scope="module")
def measures(library: Library) -> Measures:
    return Measures(library.vocabulary.quantities)


def state(library: Library, regime: str, code: str, day: str) -> State | None:
    life = next(t for t in lives(library, regime) if t.control.code == code)
    standing = life.at(day)
    return standing.state if standing.listed else None


def us_entries(library: Library, measures: Measures, day: str) -> ThresholdSet:
    """The US entries for immersion scanners that are in force on ``day``, each of their bands an entry of its own."""
    found = [s for code in SCANNERS if (s := state(library, "us-ear", code, day))]
    bands = [
        ThresholdSet(s.control.code, (cell,), things="tools") for s in found for cell in measures.state(s).cells or ()
    ]
    return measures.together("the US entries together", bands)


def told(library: Library, measures: Measures, day: str) -> Comparison:
    dutch = state(library, "nl-national", "3B001.f.4", day)
    assert dutch is not None
    return compare(measures.state(dutch, "the Dutch entry"), us_entries(library, measures, day), measures)


def test_december_2023(library: Library, measures: Measures) -> None:
    found = told(library, measures, "2023-12-01")
    assert found.verdict == "narrower"
    assert found.sentence == (
        "the Dutch entry stops at 1.50 nm dedicated chuck overlay; the US entries together also take tools up to 2.40 nm."
    )


def test_the_wider_band_moved_and_the_sentence_stayed(library: Library, measures: Measures) -> None:
    assert state(library, "us-ear", "3B993.f.1", "2024-12-01") is None
    assert state(library, "us-ear", "3B993.f.1", "2024-12-02") is not None
    before, after = (told(library, measures, day) for day in ("2024-12-01", "2024-12-02"))
    assert before == after


def test_since_september_2024_both_dutch_entries_reach_as_far(library: Library, measures: Measures) -> None:
    codes = ("3B001.f.4", "unnumbered/immersion-scanners-overlay-band")
    dutch = [state(library, "nl-national", code, "2024-09-07") for code in codes]
    both = measures.together("the Dutch entries together", [measures.state(s) for s in dutch if s])
    assert compare(both, us_entries(library, measures, "2024-09-07"), measures).verdict == "equal"


def test_the_dutch_figures_say_that_nobody_read_them(library: Library) -> None:
    dutch = state(library, "nl-national", "3B001.f.4", "2023-12-01")
    assert dutch is not None
    assert {e.grade for e in dutch.evidence if "thresholds" in e.covers} == {"unverified"}
