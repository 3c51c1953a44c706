"""Reasons against what they are given for: by mechanism and technology, along the EU procedure, and by coding pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.compare import narratives
from analysis.encoding.library import Library
from analysis.encoding.sides import resolve


def spread_out(statements: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per statement and value of a list column (mechanisms, technologies); statements without a value drop out."""
    made = statements.explode(column)
    return made[made[column].notna()].reset_index(drop=True)


def frame_map(statements: pd.DataFrame, column: str) -> pd.DataFrame:
    """How often each frame stands in statements about each value of ``column`` (mechanisms or technologies).

    Columns: ``column``, frame, statements.
    """
    rows = [(value, frame) for r in statements.itertuples() for value in getattr(r, column) for frame in r.frames]
    made = pd.DataFrame(rows, columns=[column, "frame"])
    counted = made.groupby([column, "frame"]).size().rename("statements").reset_index()
    return counted.sort_values([column, "statements"], ascending=[True, False], kind="stable").reset_index(drop=True)


def passes(library: Library, as_of: str, sides: Sequence[str] | None = None) -> pd.DataFrame:
    """Complete sets under each coding: what the figures would be by the first, the second and the agreed codes.

    No sampling interval stands on a complete set; how far the codings spread shows how sure the figures are. Columns of
    :func:`analysis.compare.narratives.sets` and ``coding`` (first, second, agreed).
    """
    made = []
    for name, order in (("first", ("first",)), ("second", ("second", "first")), ("agreed", ("agreed", "first"))):
        part = narratives.sets(narratives.table(library, as_of, sides=sides, passes=order))
        made.append(part.assign(coding=name))
    return pd.concat(made, ignore_index=True)


def trail(library: Library, stages: Sequence[str], as_of: str) -> pd.DataFrame:
    """What each stage of a procedure said and carried.

    ``stages`` are sides (``eu-dual-use:com-2016-616`` ...). Columns: side, side_label, date, instrument, statements (own and
    reported justifications on the document), security, mixed, human-rights, other, mechanisms (full or partial), missing
    (mechanisms not encoded), grade (share of provisions that are more than unverified, 0 to 1).
    """
    table = narratives.table(library, as_of)
    rows = []
    for text in stages:
        side = resolve(library, text, as_of)
        name = side.instrument or text
        mine = table[(table["document"] == name) & (table["kind"] == "justification")]
        tally = mine["narrow"].value_counts()
        provisions = list(side.provisions())
        known = {p.mechanism for p in provisions}
        reached = {p.mechanism for p in provisions if p.extent in ("full", "partial")}
        instrument = library.instrument(name) if side.instrument else None
        rows.append(
            {
                "side": text,
                "side_label": side.label,
                "date": instrument.dates.first if instrument else side.as_of,
                "instrument": name,
                "statements": len(mine),
                **{g: int(tally.get(g, 0)) for g in narratives.GROUPS if g != "none"},
                "mechanisms": len(reached),
                "missing": len(library.vocabulary.mechanisms) - len(known),
                "grade": sum(any(e.grade != "unverified" for e in p.evidence) for p in provisions) / len(provisions)
                if provisions
                else 0.0,
            }
        )
    columns = (
        "side side_label date instrument statements security mixed human-rights other mechanisms missing grade".split()
    )
    return pd.DataFrame(rows, columns=columns)


def stated(library: Library, statements: pd.DataFrame) -> pd.DataFrame:
    """For which mechanisms the own justifications of each side give a reason, and for which they give none.

    Columns: mechanism, label, side, statements, frames (in order of frequency).
    """
    sides = list(dict.fromkeys(statements["side"]))
    rows = []
    for name, mechanism in library.vocabulary.mechanisms.items():
        about = statements[[name in m for m in statements["mechanisms"]]]
        for side in sides:
            mine = about[about["side"] == side]
            rows.append(
                {
                    "mechanism": name,
                    "label": mechanism.label.en,
                    "side": side,
                    "statements": int((mine["narrow"] != "none").sum()),
                    "frames": [frame for frame, _ in _by_frequency(mine["frames"])],
                }
            )
    return pd.DataFrame(rows, columns="mechanism label side statements frames".split())


def _by_frequency(found: Iterable[Sequence[str]]) -> list[tuple[str, int]]:
    """The frames of some statements with how many name each, most frequent first, then by id."""
    tally = Counter(frame for frames in found for frame in frames)
    return sorted(tally.items(), key=lambda f: (-f[1], f[0]))


def periods(statements: pd.DataFrame, cut: str) -> pd.DataFrame:
    """What changed: groups and leading frames per side before and from ``cut`` on (a year or a date).

    Columns: side, period ("before" or "from"), statements (with a reason), security, mixed, human-rights, other, frames
    (list of (frame, statements), most frequent first).
    """
    rows = []
    for side in dict.fromkeys(statements["side"]):
        for period in ("before", "from"):
            later = statements["date"] >= cut
            mine = statements[(statements["side"] == side) & (later if period == "from" else ~later)]
            tally = mine["narrow"].value_counts()
            rows.append(
                {
                    "side": side,
                    "period": period,
                    "statements": int(len(mine) - tally.get("none", 0)),
                    **{g: int(tally.get(g, 0)) for g in narratives.GROUPS if g != "none"},
                    "frames": _by_frequency(mine["frames"]),
                }
            )
    return pd.DataFrame(rows, columns="side period statements security mixed human-rights other frames".split())
