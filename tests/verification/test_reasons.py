"""Reasons for control and chart columns agree with the licence table of the entry."""

from __future__ import annotations

import pytest

from analysis.encoding.library import Library
from analysis.encoding.sides import Listing, resolve

from .conftest import Texts
from .excused import Excused, none_of
from .licences import destinations, row_says
from .official import Entry

pytestmark = pytest.mark.sources


def listed(library: Library) -> list[Listing]:
    return resolve(library, "us-ear@2026-07-23", "2026-11-22").listed


def disagreements(listing: Listing, entry: Entry) -> list[str]:
    """What our reasons say that the table does not, and the other way round."""
    state, code = listing.standing.state, listing.code
    assert state is not None
    named = set(entry.reasons) | {control[:2] for control, _ in entry.rows}
    if state.reasons is None:
        said_so = [control for control, _ in entry.rows if row_says(control, code) == "yes"]
        return [f"no reasons, but the table has '{control}'" for control in said_so[:1]]
    found = [
        f"reason {r} stands neither in the line nor in the table of {code[:5]}" for r in state.reasons if r not in named
    ]
    for reason in sorted(named):
        rows = [(row_says(control, code), control, chart) for control, chart in entry.rows if control[:2] == reason]
        said = {says for says, _, _ in rows}
        ours = reason in state.reasons
        if "yes" in said and not ours:
            found.append(f"reason {reason} is left out, but the table has '{rows[0][1]}'")
        if said == {"no"} and ours:
            found.append(f"reason {reason} is given, but the table has only '{rows[0][1]}'")
        have = {d for row in state.licence or () if row.reason == reason for d in row.destinations}
        have |= {"all"} if "all-except-ca" in have else set()
        for says, control, chart in rows:
            lacking = destinations(chart) - have
            if says == "yes" and ours and lacking:
                found.append(f"the licence row of {reason} lacks {', '.join(sorted(lacking))} ('{control}': '{chart}')")
    return found


def test_reasons_agree_with_the_licence_table(library: Library, texts: Texts, excused: Excused) -> None:
    found = []
    for listing in listed(library):
        for what in disagreements(listing, texts.us_tables.entries[listing.code[:5]]):
            if not excused.find("reasons", code=listing.code, what=what):
                found.append(f"{listing.control.place}: us-ear {listing.code}: {what}")
    none_of(found)
    none_of(excused.unused("reasons"))


@pytest.mark.parametrize(
    ("control", "path", "says"),
    [
        ("NS applies to entire entry", "3B001.a.1", "yes"),
        ("NS applies to entire entry, except .a.1", "9A012.a.1", "no"),
        ("NS applies to entire entry, except .a.1", "9A012.b", "yes"),
        ("NS applies to 3B001.a.1 to a.3, b, e, f.2 to f.4, g to j", "3B001.f.3", "yes"),
        ("NS applies to 3B001.a.1 to a.3, b, e, f.2 to f.4, g to j", "3B001.f.1.b", "no"),
        ("NS applies to 3B001.a.1 to a.3, b, e, f.2 to f.4, g to j", "3B001.h", "yes"),
        ("RS applies to 3B001.a.4, c, d, f.1, f.5, f.6, k to n, p.2, p.4, r", "3B001.f.1.b", "yes"),
        ("RS applies to 3A001.z.1.a, z.2.a, z.3.a, z.4.a", "3A001.z.2.b", "no"),
        (
            "NP applies to 1A002.b.1 in the form of tubes with an inside diameter between 75 mm and 400 mm",
            "1A002.b.1",
            "some",
        ),
        ("RS applies to “software” for commodities controlled by 4A090.a", "4D090", "some"),
        ("AT applies to 9A004.g, .s, .u, .v, .w, .x, and .y", "9A004.h", "no"),
    ],
)
def test_rows_of_the_table_are_read(control: str, path: str, says: str) -> None:
    assert row_says(control, path) == says


@pytest.mark.parametrize(
    ("chart", "wanted"),
    [
        ("NS Column 2.", {"NS2"}),
        ("Worldwide control. See § 742.4(a)(5) and (b)(10) of the EAR.", {"all"}),
        ("To or within Macau or a destination specified in Country Group D:5 of supplement no. 1", {"MO", "D:5"}),
        (
            "the United Arab Emirates or D:1, D:4, and D:5, excluding any also in A:5 or A:6",
            {"AE", "D:1", "D:4", "D:5"},
        ),
    ],
)
def test_charts_are_read(chart: str, wanted: set[str]) -> None:
    assert destinations(chart) == wanted
