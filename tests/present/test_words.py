"""Words for readers, citations and bundles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.encoding.forms import Instrument
from analysis.encoding.library import Library, load
from analysis.present import citations, words
from analysis.present.bundles import Figure, Table, Text, plain
from analysis.present.style import drawing
from analysis.protocol import FIGURE_MIME, TABLE_MIME

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def library() -> Library:
    return load(ROOT)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2024-12-02", "2 December 2024"), ("2026-04", "April 2026"), ("2018", "2018"), ("", "")],
)
def test_day(text: str, shown: str) -> None:
    assert words.day(text) == shown


def test_day_in_dutch() -> None:
    assert words.day("2024-03-01", "nl") == "1 maart 2024"


def test_lists_and_counts() -> None:
    assert words.listed([]) == "" and words.listed(["a"]) == "a" and words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.count(0, "entry", "entries") == "no entries"
    assert words.count(1, "entry", "entries") == "one entry"
    assert words.count(1234, "entry", "entries") == "1,234 entries"


def test_weakest_mark_wins() -> None:
    assert words.grade_mark("official") == ""
    assert words.grade_mark("official", "secondary") == "‡"
    assert words.grade_mark("secondary", "unverified") == "†"
    assert words.grade_notes(["‡", "", "†", "‡"]) == list(words.GRADE_NOTES.values())


def instrument(**fields: object) -> Instrument:
    base = {
        "id": "x",
        "title": "A very long title of an act that nobody can remember",
        "kind": "regulation",
        "issuer": "Council",
    }
    return Instrument.model_validate({**base, "evidence": [{"grade": "unverified"}], **fields})


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"identifiers": {"fr": "88 FR 73458-73517"}}, "88 FR 73458"),
        ({"identifiers": {"celex": "32021R0821"}}, "Regulation (EU) 2021/821"),
        ({"identifiers": {"celex": "32009R0428"}}, "Regulation 428/2009"),
        ({"identifiers": {"celex": "32025R2003"}, "kind": "delegated-act"}, "Delegated Regulation (EU) 2025/2003"),
        ({"identifiers": {"stcrt": "2023, 18212"}, "kind": "order"}, "Stcrt. 2023, 18212"),
        ({}, "A very long title of an act ..."),
    ],
)
def test_short_names(fields: dict[str, object], name: str) -> None:
    assert citations.short_name(instrument(**fields)) == name


def test_proposals_say_that_they_are_not_law() -> None:
    assert citations.item(instrument(kind="proposal"))["genre"] == "proposal"
    assert "genre" not in citations.item(instrument())


def test_everything_can_be_cited(library: Library) -> None:
    items = citations.references(library)
    ids = [i["id"] for i in items]
    assert len(set(ids)) == len(ids) > 200
    assert all(i["type"] and i["title"] for i in items)
    json.dumps(items)


def test_listing_what_can_be_cited_is_not_reading(library: Library) -> None:
    with library.reading() as reads:
        citations.references(library)
    assert reads.asked == set()


def test_figures_are_the_same_bytes_twice() -> None:
    def draw() -> Figure:
        with drawing(3, 2) as (fig, ax):
            ax.bar([1, 2], [3, 4], hatch="//")
            ax.set_title("μ ≥ 2 nm")
        return Figure("f", "c", "alt text", fig)

    a, b = draw(), draw()
    assert a.svg() == b.svg() and a.png() == b.png()
    bundle = a._repr_mimebundle_()
    assert bundle[FIGURE_MIME]["alt"] == "alt text" and bundle["image/svg+xml"].lstrip().startswith("<?xml")


def test_table_bundle_keeps_hostile_text_as_text() -> None:
    table = Table("t", "<script>", [{"key": "a", "label": "A"}], [["<script>alert(1)</script>"], {"heading": "**b**"}])
    bundle = table._repr_mimebundle_()
    assert bundle[TABLE_MIME]["rows"][0] == ["<script>alert(1)</script>"]
    assert "<script>" not in bundle["text/html"]


def test_plain_text_of_cells() -> None:
    cell = ["a ", {"text": "b", "mark": "strong"}, {"cite": [{"id": "x", "pinpoint": "Art. 2"}]}]
    assert plain(cell) == "a b [x Art. 2]"
    assert (Text("a") + Text("") + Text("b")).markdown == "a\n\nb"
